//! The switch from a model thread back to the executor.
//!
//! Invariant: `YIELDER` is null exactly when no code of the model runs on this OS thread.

use std::cell::Cell;
use std::ptr;

use corosensei::Yielder;

thread_local! {
    static YIELDER: Cell<*const ThreadYielder> = const { Cell::new(ptr::null()) };
}

/// The value that a coroutine is resumed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resume {
    /// Run the starting thread to its first operation.
    Run,
    /// Perform the pending operation.
    Continue,
    /// Unwind: the execution is over.
    TearDown,
    /// Return: the pool is dropped.
    Quit,
}

/// The reason why a coroutine switched back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suspension {
    /// Its thread has an operation pending.
    Pending,
    /// Its thread has ended.
    Finished,
    /// Its thread cannot be unwound.
    Stuck,
    /// Its thread has used up its stack, and never continues.
    Overflowed,
}

pub(super) type ThreadYielder = Yielder<Resume, Suspension>;

/// Whether code of the model runs on this OS thread.
#[inline]
pub(crate) fn runs_model() -> bool {
    !YIELDER.get().is_null()
}

/// Sets the current thread's way back to the executor; null for none.
#[inline]
pub(super) fn set_yielder(yielder: *const ThreadYielder) {
    YIELDER.set(yielder);
}

/// The current thread's way back to the executor; null for none.
#[inline]
pub(super) fn yielder() -> *const ThreadYielder {
    YIELDER.get()
}

/// Switches to the executor until it resumes this thread.
pub(super) fn suspend(suspension: Suspension) -> Resume {
    let yielder = YIELDER.get();
    assert!(!yielder.is_null(), "operations are performed by model threads only");
    // SAFETY: `run_threads` set the pointer from the reference that corosensei passed to the
    // coroutine that runs now, and that reference is valid until the coroutine returns. It is this
    // coroutine's own: `ThreadCoroutine::resume` sets the pointer to null after every switch back,
    // and the next line restores it after every switch here.
    let resume = unsafe { (*yielder).suspend(suspension) };
    YIELDER.set(yielder);
    resume
}

/// Suspends a thread that will never be resumed.
pub(super) fn suspend_for_ever(suspension: Suspension) -> ! {
    suspend(suspension);
    // The executor leaks such a coroutine, so this is never reached. There is no frame to return to.
    std::process::abort()
}
