//! Pools of objects that are made before the model begins.

use std::cell::RefCell;
use std::sync::Arc;

use crate::execution::run::Run;

/// Objects that were made before the model began.
///
/// To loom the making of an atomic or a cell is an access, which every other access must come
/// after. The engine's side of a primitive is made when the facade first hears of it, and that may be
/// in any thread. So it is not made then, but taken from here.
pub(super) struct ObjectPool<T> {
    run: Arc<Run>,
    left: RefCell<Vec<T>>,
}

impl<T> ObjectPool<T> {
    pub(super) fn new(run: &Arc<Run>, make: impl Fn() -> T) -> Self {
        let left = (0..run.restart.pool()).map(|_| make()).collect();
        Self { run: Arc::clone(run), left: RefCell::new(left) }
    }

    pub(super) fn take(&self) -> T {
        let taken = self.left.borrow_mut().pop();
        taken.unwrap_or_else(|| self.run.restart_with_larger_pool())
    }
}
