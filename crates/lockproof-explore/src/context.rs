//! The thread-local context of the running exploration: its runtime and its scheduler.
//!
//! All model threads of an exploration are coroutines on one OS thread, so the context is a
//! thread-local value and needs no lock.
//!
//! Invariant: the context is never borrowed while a coroutine is switched or model code runs.

use std::cell::{Cell, RefCell};
use std::ptr;

use crate::runtime::Runtime;
use crate::scheduler::Scheduler;

thread_local! {
    /// Null if no exploration runs on this OS thread. Set by [`install`] only.
    static CONTEXT: Cell<*const RefCell<Context>> = const { Cell::new(ptr::null()) };
}

/// The state of an exploration, except its coroutines.
pub(crate) struct Context {
    pub(crate) runtime: Runtime,
    pub(crate) scheduler: Scheduler,
}

/// Calls `f` with the runtime of the exploration on this OS thread.
#[inline]
pub(crate) fn with<T>(f: impl FnOnce(&mut Runtime) -> T) -> T {
    with_context(|context| f(&mut context.runtime))
}

/// Calls `f` with the context of the exploration on this OS thread.
#[inline]
pub(crate) fn with_context<T>(f: impl FnOnce(&mut Context) -> T) -> T {
    let context = CONTEXT.get();
    assert!(!context.is_null(), "handles are used inside a running model only");
    // SAFETY: the pointer is not null, so it is that of the box which `Installed` owns. Its `drop`
    // sets the pointer to null, and runs before the box can be freed: the box is in its field, or
    // on its way out of `remove`. Only this function and `is_borrowed` dereference the
    // pointer, both borrow through the `RefCell`, and neither borrow outlives its function.
    f(&mut unsafe { &*context }.borrow_mut())
}

/// Whether code of the engine that this OS thread interrupted was changing the context.
///
/// A signal handler calls it, so it may run in the middle of [`with_context`].
pub(crate) fn is_borrowed() -> bool {
    let context = CONTEXT.get();
    // SAFETY: the pointer is valid as in `with_context`. Only the borrow flag of the `RefCell` is
    // touched, never the value that the interrupted code may have borrowed, and a borrow that
    // succeeds ends at once.
    !context.is_null() && unsafe { &*context }.try_borrow_mut().is_err()
}

/// Makes `context` that of this OS thread, until the returned guard is dropped.
///
/// # Panics
///
/// If there is one already: explorations do not nest.
pub(crate) fn install(context: Box<RefCell<Context>>) -> Installed {
    assert!(CONTEXT.get().is_null(), "an exploration cannot run inside another one");
    CONTEXT.set(&raw const *context);
    Installed { context: Some(context) }
}

/// Owns the context, and removes it from the OS thread when dropped.
pub(crate) struct Installed {
    context: Option<Box<RefCell<Context>>>,
}

impl Installed {
    /// Removes the context from the OS thread.
    pub(crate) fn remove(mut self) -> Box<RefCell<Context>> {
        self.context.take().expect("it is taken once, as this consumes the guard")
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        CONTEXT.set(ptr::null());
    }
}
