//! The stage: the state that is explored, and who decides how it goes on.
//!
//! All model threads of an exploration are coroutines on one OS thread, so the stage is a
//! thread-local value and needs no lock.
//!
//! Invariant: the stage is never borrowed while a coroutine is switched or model code runs.

use std::cell::{Cell, RefCell};
use std::ptr;

use crate::runtime::Runtime;
use crate::scheduler::{Next, Scheduler};

thread_local! {
    /// Null if no exploration runs on this OS thread.
    static STAGE: Cell<*const RefCell<Context>> = const { Cell::new(ptr::null()) };
}

/// What an exploration has, its coroutines aside.
pub(crate) struct Context {
    pub(crate) runtime: Runtime,
    pub(crate) scheduler: Scheduler,
}

impl Context {
    /// Decides who goes on.
    pub(crate) fn decide(&mut self) -> Next {
        self.scheduler.decide(&mut self.runtime)
    }
}

#[inline]
pub(crate) fn with<T>(f: impl FnOnce(&mut Runtime) -> T) -> T {
    with_stage(|stage| f(&mut stage.runtime))
}

#[inline]
pub(crate) fn with_stage<T>(f: impl FnOnce(&mut Context) -> T) -> T {
    let stage = STAGE.get();
    assert!(!stage.is_null(), "handles are used inside a running model only");
    // SAFETY: the pointer is that of the stage which `Installed` owns, and removes before it is
    // dropped; nothing but this function borrows it, and no borrow outlives the call.
    f(&mut unsafe { &*stage }.borrow_mut())
}

/// Whether the engine's own code was interrupted while it changed the runtime.
pub(crate) fn is_in_use() -> bool {
    let stage = STAGE.get();
    // SAFETY: as in `with_stage`.
    !stage.is_null() && unsafe { &*stage }.try_borrow_mut().is_err()
}

/// Makes `stage` the one of this OS thread, until the returned guard is dropped.
///
/// # Panics
///
/// If there is one already: explorations do not nest.
pub(crate) fn install(stage: Box<RefCell<Context>>) -> Installed {
    assert!(STAGE.get().is_null(), "an exploration cannot run inside another one");
    STAGE.set(&raw const *stage);
    Installed { stage: Some(stage) }
}

/// Owns the stage, and takes it away from the OS thread when dropped.
pub(crate) struct Installed {
    stage: Option<Box<RefCell<Context>>>,
}

impl Installed {
    /// Takes the stage away.
    pub(crate) fn remove(mut self) -> Box<RefCell<Context>> {
        self.stage.take().expect("it is taken when the guard goes")
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        STAGE.set(ptr::null());
    }
}
