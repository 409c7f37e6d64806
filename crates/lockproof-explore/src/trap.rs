//! Faults in the zone at the end of a coroutine's stack: the coroutine returns
//! [`Suspension::Overflowed`], and the process lives.
//!
//! A handler of SIGSEGV, installed once for the process, looks whether the running coroutine of
//! this OS thread overflowed, and leaves every other fault to the handler before it, which is
//! std's. What it interrupts never goes on. That must not be code of the C library: it may hold
//! the lock of the allocator. So a fault there opens the zone, and the processor is told to trap
//! after every instruction (SIGTRAP) until code of this executable is reached again.
//!
//! If there is no way on, the handler says in plain words what has happened before the process
//! dies: the interrupted code was the engine's own, or the zone did not suffice.
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

use crate::coroutine::Suspension;
use crate::stage;

use handlers::process;

/// Bytes that only an overflow touches, and that C code may go on in: more than any allocator
/// needs.
pub(crate) const ZONE: usize = 64 * 1024;

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
    /// Where the guard page begins; the zone comes after it.
    limit: usize,
}

/// An OS thread on which overflows are caught until this is dropped.
pub(crate) struct Armed {
    /// Where handlers run, if nobody had provided for it.
    alternate: Option<Box<[MaybeUninit<u8>]>>,
}

/// Sees to it that the overflows of coroutines on this OS thread are caught.
pub(crate) fn arm() -> Armed {
    handlers::install();
    let mut found = alternate_stack(ptr::null_mut(), libc::SS_DISABLE, 0);
    // SAFETY: the second argument is valid for a write; the first says to change nothing.
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
    // SAFETY: the stack is none, or memory that is owned until `Armed` has replaced it by none.
    // Without one a fault kills the process, as it did before, so failure is no error.
    unsafe { libc::sigaltstack(stack, ptr::null_mut()) };
}

/// Makes every access to the zone of a stack a fault.
pub(crate) fn close_zone(limit: usize) -> io::Result<()> {
    protect_zone(limit, libc::PROT_NONE)
}

fn protect_zone(limit: usize, protection: c_int) -> io::Result<()> {
    let start = ptr::without_provenance_mut(limit + process().page);
    // SAFETY: the stack is mapped from `limit` on: a guard page, the zone, and the rest. What lies
    // in the zone is either unused as yet or being given back to the stack.
    if unsafe { libc::mprotect(start, ZONE, protection) } == 0 {
        return Ok(());
    }
    Err(io::Error::last_os_error())
}

/// The coroutine is about to run on this OS thread.
#[inline]
pub(crate) fn watch(coroutine: CoroutineTrapHandler<Suspension>, limit: usize) {
    WATCHED.set(Some(Watched { coroutine, limit }));
}

/// The coroutine's stack is about to be used for something else.
pub(crate) fn forget() {
    WATCHED.set(None);
}

impl Watched {
    /// The coroutine, if one runs and has its stack pointer where the interrupted code has it.
    fn interrupted(context: &libc::ucontext_t) -> Option<Self> {
        let stack_pointer = register(context, REG_RSP);
        WATCHED.get().filter(|watched| watched.coroutine.stack_ptr_in_bounds(stack_pointer))
    }

    fn is_in_zone(self, address: usize) -> bool {
        let zone = self.limit + process().page;
        (zone..zone + ZONE).contains(&address)
    }
}

/// What to do about a signal.
enum SignalAction {
    /// It was no overflow.
    NotOurs,
    /// The interrupted code goes on, or the coroutine returns.
    Done,
    /// An overflow that the process cannot survive.
    Hopeless,
}

/// A fault at `address`.
fn on_fault(address: usize, context: &mut libc::ucontext_t) -> SignalAction {
    let Some(watched) = Watched::interrupted(context).filter(|w| w.is_in_zone(address)) else {
        // Code of the C library that overflowed the zone, too.
        return if STEPPING.get() { SignalAction::Hopeless } else { SignalAction::NotOurs };
    };
    if stage::is_in_use() {
        return SignalAction::Hopeless;
    }
    if is_own_code(context) {
        leave(watched, context);
        return SignalAction::Done;
    }
    if protect_zone(watched.limit, libc::PROT_READ | libc::PROT_WRITE).is_err() {
        return SignalAction::Hopeless;
    }
    STEPPING.set(true);
    context.uc_mcontext.gregs[index(REG_EFL)] |= TRAP_FLAG;
    SignalAction::Done
}

/// An instruction was executed.
fn on_step(context: &mut libc::ucontext_t) -> SignalAction {
    let Some(watched) = Watched::interrupted(context).filter(|_| STEPPING.get()) else {
        return SignalAction::NotOurs;
    };
    if is_own_code(context) {
        leave(watched, context);
    }
    SignalAction::Done
}

/// Makes the coroutine return when the handler does.
fn leave(watched: Watched, context: &mut libc::ucontext_t) {
    STEPPING.set(false);
    // SAFETY: the coroutine runs, for the executor holds it until it gives control back, and the
    // stack pointer is inside its stack. What the interrupted code was doing to memory outside of
    // the stack stays half done; so nothing of this execution is used any more: the executor leaks
    // all its stacks, and runs no destructor on them.
    let registers = unsafe { watched.coroutine.setup_trap_handler(|| Suspension::Overflowed) };
    let TrapHandlerRegs { rip, rsp, rbp, rdi, rsi } = registers;
    let targets = [(REG_RIP, rip), (REG_RSP, rsp), (REG_RBP, rbp), (REG_RDI, rdi), (REG_RSI, rsi)];
    let saved = &mut context.uc_mcontext.gregs;
    for (register, value) in targets {
        saved[index(register)] = value.cast_signed();
    }
    saved[index(REG_EFL)] &= !(TRAP_FLAG | DIRECTION_FLAG);
}

/// Whether code of this executable was interrupted, or is next.
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
