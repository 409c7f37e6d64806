//! Tables that are indexed by small numbers, and grow to the index that is asked for.

/// The entry at `index`, after the table has grown to it.
#[inline]
pub(crate) fn entry<T: Default>(table: &mut Vec<T>, index: usize) -> &mut T {
    if table.len() <= index {
        table.resize_with(index + 1, T::default);
    }
    &mut table[index]
}
