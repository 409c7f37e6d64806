//! The trap for stack overflows: on a fault in the zone at the end of a coroutine's stack, the
//! coroutine returns [`Suspension::Overflowed`], and the process survives.
//!
//! A handler of SIGSEGV, installed once for the process, checks whether the running coroutine of
//! this OS thread overflowed, and passes every other fault on to the previous handler, which is
//! std's. The interrupted code never continues. That must not be code of the C library, which may
//! hold the lock of the allocator. So a fault there opens the zone, and the processor traps after
//! every instruction (SIGTRAP) until it reaches code of this executable again.
//!
//! If the process cannot survive, the handler says so before it dies: the interrupted code was the
//! engine's own, or the zone did not suffice.
//!
//! Invariant: a handler allocates nothing, takes no lock, and reads only thread-local values that
//! need no initialization.

mod handlers;
mod own_code;

use std::cell::Cell;
use std::io;
use std::mem::MaybeUninit;
use std::ptr;

use corosensei::trap::{CoroutineTrapHandler, TrapHandlerRegs};
use libc::{REG_EFL, REG_RBP, REG_RDI, REG_RIP, REG_RSI, REG_RSP, c_int, c_void};

use super::suspension::Suspension;
use crate::context;

use handlers::process;

/// Bytes that only an overflow touches. C code may continue in them, so they are more than any
/// allocator needs.
pub(super) const ZONE: usize = 64 * 1024;

/// The processor's flag that makes it trap after each instruction, and the one for the direction
/// of string instructions, which is clear wherever a function begins.
const TRAP_FLAG: i64 = 1 << 8;
const DIRECTION_FLAG: i64 = 1 << 10;

const ALTERNATE_STACK: usize = 64 * 1024;

thread_local! {
    static WATCHED: Cell<Option<Watched>> = const { Cell::new(None) };
    static STEPPING: Cell<bool> = const { Cell::new(false) };
}

/// The coroutine that runs, or ran last, on this OS thread.
#[derive(Clone, Copy)]
struct Watched {
    coroutine: CoroutineTrapHandler<Suspension>,
    /// The lowest address of its stack: that of the guard page, which the zone follows.
    limit: usize,
}

/// Catches overflows on its OS thread until it is dropped.
pub(crate) struct Armed {
    /// The stack on which handlers run, if the OS thread had none.
    alternate: Option<Box<[MaybeUninit<u8>]>>,
}

/// Catches stack overflows of coroutines on this OS thread.
pub(crate) fn arm() -> Armed {
    handlers::install();
    let mut found = alternate_stack(ptr::null_mut(), libc::SS_DISABLE, 0);
    // SAFETY: a null first argument changes nothing, and the second is valid for a write.
    let failed = unsafe { libc::sigaltstack(ptr::null(), &raw mut found) } != 0;
    if failed || found.ss_flags & libc::SS_DISABLE == 0 {
        return Armed { alternate: None };
    }
    let mut alternate = Box::new_uninit_slice(ALTERNATE_STACK);
    set_alternate_stack(&alternate_stack(alternate.as_mut_ptr().cast(), 0, ALTERNATE_STACK));
    Armed { alternate: Some(alternate) }
}

impl Drop for Armed {
    fn drop(&mut self) {
        WATCHED.set(None);
        if self.alternate.is_some() {
            set_alternate_stack(&alternate_stack(ptr::null_mut(), libc::SS_DISABLE, 0));
        }
    }
}

fn alternate_stack(start: *mut c_void, flags: c_int, size: usize) -> libc::stack_t {
    libc::stack_t { ss_sp: start, ss_flags: flags, ss_size: size }
}

fn set_alternate_stack(stack: &libc::stack_t) {
    // SAFETY: `stack` is either none, or the memory that `Armed` owns and that its `drop` replaces by
    // none before it is freed. If the call fails, an overflow kills the process as it would without
    // this module.
    unsafe { libc::sigaltstack(stack, ptr::null_mut()) };
}

/// Makes every access to the zone of a stack a fault.
pub(super) fn close_zone(limit: usize) -> io::Result<()> {
    protect_zone(limit, libc::PROT_NONE)
}

fn protect_zone(limit: usize, protection: c_int) -> io::Result<()> {
    let start = ptr::without_provenance_mut(limit + process().page);
    // SAFETY: `overflow::stack` has mapped a guard page at `limit`, and at least `ZONE` bytes after
    // it. When the zone is closed, the stack is new and holds no value. When it is opened, access is
    // only added.
    if unsafe { libc::mprotect(start, ZONE, protection) } == 0 {
        return Ok(());
    }
    Err(io::Error::last_os_error())
}

/// Sets the coroutine that is about to run on this OS thread.
#[inline]
pub(super) fn watch(coroutine: CoroutineTrapHandler<Suspension>, limit: usize) {
    WATCHED.set(Some(Watched { coroutine, limit }));
}

/// Forgets the coroutine: its stack is about to be used for something else.
pub(super) fn forget() {
    WATCHED.set(None);
}

impl Watched {
    /// The watched coroutine, if the interrupted code ran on its stack.
    fn interrupted(context: &libc::ucontext_t) -> Option<Self> {
        let stack_pointer = register(context, REG_RSP);
        WATCHED.get().filter(|watched| watched.coroutine.stack_ptr_in_bounds(stack_pointer))
    }

    fn is_in_zone(self, address: usize) -> bool {
        let zone = self.limit + process().page;
        (zone..zone + ZONE).contains(&address)
    }
}

/// The response to a signal.
enum SignalAction {
    /// It was no overflow: leave it to the previous handler.
    PassOn,
    /// It was handled: the interrupted code continues, or the coroutine returns.
    Handled,
    /// It was an overflow that the process cannot survive.
    Fatal,
}

/// Handles a fault at `address`.
fn on_fault(address: usize, context: &mut libc::ucontext_t) -> SignalAction {
    let Some(watched) = Watched::interrupted(context).filter(|w| w.is_in_zone(address)) else {
        // While stepping: code of the C library has overflowed the opened zone, too.
        return if STEPPING.get() { SignalAction::Fatal } else { SignalAction::PassOn };
    };
    if context::is_borrowed() {
        return SignalAction::Fatal;
    }
    if is_own_code(context) {
        leave(watched, context);
        return SignalAction::Handled;
    }
    if protect_zone(watched.limit, libc::PROT_READ | libc::PROT_WRITE).is_err() {
        return SignalAction::Fatal;
    }
    STEPPING.set(true);
    context.uc_mcontext.gregs[index(REG_EFL)] |= TRAP_FLAG;
    SignalAction::Handled
}

/// Handles the trap after an instruction.
fn on_step(context: &mut libc::ucontext_t) -> SignalAction {
    let Some(watched) = Watched::interrupted(context).filter(|_| STEPPING.get()) else {
        return SignalAction::PassOn;
    };
    if is_own_code(context) {
        leave(watched, context);
    }
    SignalAction::Handled
}

/// Makes the coroutine return when the handler does.
fn leave(watched: Watched, context: &mut libc::ucontext_t) {
    STEPPING.set(false);
    // SAFETY: the coroutine is the one that runs, because the stack pointer is inside its stack, and
    // it is alive, because the executor keeps it until it has switched back. The interrupted code
    // may have left memory outside of the stack half changed, so nothing of this execution may be
    // used again: the executor leaks all its stacks, and runs no destructor on them.
    let registers = unsafe { watched.coroutine.setup_trap_handler(|| Suspension::Overflowed) };
    let TrapHandlerRegs { rip, rsp, rbp, rdi, rsi } = registers;
    let targets = [(REG_RIP, rip), (REG_RSP, rsp), (REG_RBP, rbp), (REG_RDI, rdi), (REG_RSI, rsi)];
    let saved = &mut context.uc_mcontext.gregs;
    for (register, value) in targets {
        saved[index(register)] = value.cast_signed();
    }
    saved[index(REG_EFL)] &= !(TRAP_FLAG | DIRECTION_FLAG);
}

/// Whether the interrupted code is that of this executable, not of a shared library.
fn is_own_code(context: &libc::ucontext_t) -> bool {
    process().own_code.contains(&register(context, REG_RIP))
}

fn register(context: &libc::ucontext_t, register: c_int) -> usize {
    let value = context.uc_mcontext.gregs[index(register)].cast_unsigned();
    usize::try_from(value).unwrap_or(usize::MAX)
}

fn index(register: c_int) -> usize {
    usize::try_from(register).unwrap_or_default()
}
