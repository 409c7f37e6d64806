//! The address range of this executable's code, as opposed to that of the C library.

use std::ops::Range;

use libc::{c_int, c_void, dl_phdr_info, size_t};

/// The code segment that contains this function. Empty if it cannot be found.
pub(super) fn segment() -> Range<usize> {
    let mut search = SegmentSearch { address: segment as fn() -> _ as usize, found: 0..0 };
    // SAFETY: the callback is called before this returns only, with the pointer to `search`, which
    // is as `look` expects it.
    unsafe { libc::dl_iterate_phdr(Some(look), (&raw mut search).cast()) };
    search.found
}

struct SegmentSearch {
    address: usize,
    found: Range<usize>,
}

unsafe extern "C" fn look(info: *mut dl_phdr_info, _: size_t, search: *mut c_void) -> c_int {
    // SAFETY: this is the pointer that `segment` passed, to a value that it does not use meanwhile.
    let search = unsafe { &mut *search.cast::<SegmentSearch>() };
    // SAFETY: the dynamic linker passes a valid description of a loaded object, which stays loaded
    // during the call.
    let info = unsafe { &*info };
    for index in 0..info.dlpi_phnum {
        // SAFETY: `index` is below the number of program headers that start at this address.
        let header = unsafe { &*info.dlpi_phdr.add(usize::from(index)) };
        let start = size(info.dlpi_addr.wrapping_add(header.p_vaddr));
        let segment = start..start.saturating_add(size(header.p_memsz));
        if header.p_type == libc::PT_LOAD && segment.contains(&search.address) {
            search.found = segment;
            return 1;
        }
    }
    0
}

fn size(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}
