//! The signal handlers, and the facts about the process that they need.

use std::ops::Range;
use std::sync::{Once, OnceLock};
use std::{mem, ptr};

use libc::{c_int, c_void, siginfo_t, ucontext_t};

use super::{SignalAction, on_fault, on_step, own_code};

/// Written to standard error before the process dies.
const FATAL_MESSAGE: &[u8] =
    b"\nlockproof: a model thread has overflowed its stack where the process \
cannot go on; give it more with `stack_size`\n";

/// Facts about the process, collected before the handlers are installed.
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
    // SAFETY: all zeros are a valid `sigaction`: no handler, no flags.
    let mut found: libc::sigaction = unsafe { mem::zeroed() };
    // SAFETY: a null second argument changes nothing, and `found` is valid for a write.
    unsafe { libc::sigaction(signal, ptr::null(), &raw mut found) };
    found
}

fn set_handler(signal: c_int, handler: Handler) {
    // SAFETY: all zeros are a valid `sigaction`: no handler, no flags.
    let mut action: libc::sigaction = unsafe { mem::zeroed() };
    action.sa_sigaction = handler as usize;
    action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
    // SAFETY: the handler has the signature that `SA_SIGINFO` promises, and is async-signal-safe:
    // see the invariant of `trap`.
    unsafe { libc::sigaction(signal, &raw const action, ptr::null_mut()) };
}

extern "C" fn handle_fault(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel passes a valid description of a SIGSEGV, which has an address.
    let address = unsafe { (*info).si_addr() }.addr();
    // SAFETY: the kernel passes the saved state of the interrupted code, a `ucontext_t` on this
    // handler's stack. No other reference to it exists.
    let action = on_fault(address, unsafe { &mut *context.cast::<ucontext_t>() });
    conclude(&action, &process().fault_before, (signal, info, context));
}

extern "C" fn handle_step(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: as in `handle_fault`: a `ucontext_t` that only this handler refers to.
    let action = on_step(unsafe { &mut *context.cast::<ucontext_t>() });
    conclude(&action, &process().step_before, (signal, info, context));
}

type SignalArguments = (c_int, *mut siginfo_t, *mut c_void);

fn conclude(action: &SignalAction, before: &libc::sigaction, arguments: SignalArguments) {
    match action {
        SignalAction::Handled => return,
        SignalAction::PassOn => {}
        SignalAction::Fatal => write_message(),
    }
    pass_on(before, arguments);
}

fn write_message() {
    // SAFETY: the pointer and the length are those of a static slice. A failure is ignored, because
    // the process is about to die.
    unsafe { libc::write(libc::STDERR_FILENO, FATAL_MESSAGE.as_ptr().cast(), FATAL_MESSAGE.len()) };
}

/// Passes the signal on to the handler before this one.
fn pass_on(before: &libc::sigaction, (signal, info, context): SignalArguments) {
    let handler = before.sa_sigaction;
    if handler == libc::SIG_DFL || handler == libc::SIG_IGN {
        // The signal is blocked until this handler returns, and then has its previous effect.
        // SAFETY: `before` is the action that `sigaction` returned, and `raise` signals this thread.
        unsafe {
            libc::sigaction(signal, before, ptr::null_mut());
            libc::raise(signal);
        }
    } else if before.sa_flags & libc::SA_SIGINFO != 0 {
        // SAFETY: its owner installed it with `SA_SIGINFO`, which promises this signature.
        let handler = unsafe { mem::transmute::<usize, Handler>(handler) };
        handler(signal, info, context);
    } else {
        // SAFETY: its owner installed it without `SA_SIGINFO`, so it takes the signal alone.
        let handler = unsafe { mem::transmute::<usize, extern "C" fn(c_int)>(handler) };
        handler(signal);
    }
}
