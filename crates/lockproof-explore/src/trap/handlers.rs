//! The signal handlers: what they know of the process, and who handled the signals before.

use std::ops::Range;
use std::sync::{Once, OnceLock};
use std::{mem, ptr};

use libc::{c_int, c_void, siginfo_t, ucontext_t};

use super::{SignalAction, on_fault, on_step, own_code};

/// Written where nothing can be reported in any other way.
const LAST_WORDS: &[u8] =
    b"\nlockproof: a model thread has overflowed its stack where the process \
cannot go on; give it more with `stack_size`\n";

/// What the handlers must know beforehand.
pub(super) struct Process {
    pub(super) page: usize,
    pub(super) own_code: Range<usize>,
    fault_before: libc::sigaction,
    step_before: libc::sigaction,
}

pub(super) fn process() -> &'static Process {
    static PROCESS: OnceLock<Process> = OnceLock::new();
    PROCESS.get_or_init(|| {
        // SAFETY: the call only asks for a number.
        let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
        Process {
            page: usize::try_from(page).expect("a page has a size"),
            own_code: own_code::segment(),
            fault_before: handler_of(libc::SIGSEGV),
            step_before: handler_of(libc::SIGTRAP),
        }
    })
}

/// Installs the handlers; once for the process.
pub(super) fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        process();
        set_handler(libc::SIGSEGV, handle_fault);
        set_handler(libc::SIGTRAP, handle_step);
    });
}

type Handler = extern "C" fn(c_int, *mut siginfo_t, *mut c_void);

fn handler_of(signal: c_int) -> libc::sigaction {
    // SAFETY: all zeros are a `sigaction`: no handler, no flags.
    let mut found: libc::sigaction = unsafe { mem::zeroed() };
    // SAFETY: asks for the handler and changes nothing; `found` is valid for a write.
    unsafe { libc::sigaction(signal, ptr::null(), &raw mut found) };
    found
}

fn set_handler(signal: c_int, handler: Handler) {
    // SAFETY: as above.
    let mut action: libc::sigaction = unsafe { mem::zeroed() };
    action.sa_sigaction = handler as usize;
    action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
    // SAFETY: the handler has the signature that the flags promise, and keeps to what a handler
    // may do.
    unsafe { libc::sigaction(signal, &raw const action, ptr::null_mut()) };
}

extern "C" fn handle_fault(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel passes the description of a fault, which has an address.
    let address = unsafe { (*info).si_addr() }.addr();
    // SAFETY: and the state of the interrupted code, which only this handler uses.
    let course = on_fault(address, unsafe { &mut *context.cast::<ucontext_t>() });
    conclude(&course, &process().fault_before, (signal, info, context));
}

extern "C" fn handle_step(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: as in `handle_fault`.
    let course = on_step(unsafe { &mut *context.cast::<ucontext_t>() });
    conclude(&course, &process().step_before, (signal, info, context));
}

type SignalArguments = (c_int, *mut siginfo_t, *mut c_void);

fn conclude(course: &SignalAction, before: &libc::sigaction, arguments: SignalArguments) {
    match course {
        SignalAction::Done => return,
        SignalAction::NotOurs => {}
        SignalAction::Hopeless => say_last_words(),
    }
    pass_on(before, arguments);
}

fn say_last_words() {
    // SAFETY: the bytes are static. Nobody is left to care whether they arrive.
    unsafe { libc::write(libc::STDERR_FILENO, LAST_WORDS.as_ptr().cast(), LAST_WORDS.len()) };
}

/// Leaves the signal to whoever handled it before.
fn pass_on(before: &libc::sigaction, (signal, info, context): SignalArguments) {
    let handler = before.sa_sigaction;
    if handler == libc::SIG_DFL || handler == libc::SIG_IGN {
        // Pending until this handler returns, and then as if it had never been installed.
        // SAFETY: this puts back what was there, and signals this thread.
        unsafe {
            libc::sigaction(signal, before, ptr::null_mut());
            libc::raise(signal);
        }
    } else if before.sa_flags & libc::SA_SIGINFO != 0 {
        // SAFETY: it was installed with a flag that says it has this signature.
        let handler = unsafe { mem::transmute::<usize, Handler>(handler) };
        handler(signal, info, context);
    } else {
        // SAFETY: it was installed without that flag, so it takes the signal alone.
        let handler = unsafe { mem::transmute::<usize, extern "C" fn(c_int)>(handler) };
        handler(signal);
    }
}
