//! What an exploration works with, kept from one to the next: to make it costs more than a short
//! search.
//!
//! Invariant: nothing of one exploration can be seen in the next. Tables are cleared or written
//! anew, and only their memory stays.

use std::cell::{Cell, RefCell};

use crate::executor::Executor;
use crate::options::Options;
use crate::outcome::Facts;
use crate::runtime::Runtime;
use crate::scheduler::Scheduler;
use crate::stage::Context;

/// What was needed for executions longer than this is not kept.
const MOST_EVENTS: usize = 2_000;
/// The same for executions of more threads.
const MOST_THREADS: usize = 64;

thread_local! {
    static AT_REST: Cell<Option<Equipment>> = const { Cell::new(None) };
}

/// The state that is explored, and the coroutines that run in it.
pub(crate) struct Equipment {
    pub(crate) stage: Box<RefCell<Context>>,
    pub(crate) executor: Executor,
}

impl Equipment {
    /// What this OS thread has left from its last exploration, or new equipment.
    pub(crate) fn take(options: &Options) -> Self {
        let scheduler = Scheduler::new(options);
        let (bounds, stack_size) = (options.bounds, options.stack_size);
        // Nothing is kept any more where the OS thread itself is at its end.
        let kept = AT_REST.try_with(Cell::take).ok().flatten();
        if let Some(mut equipment) = kept.filter(|kept| kept.executor.stack_size() == stack_size) {
            let stage = equipment.stage.get_mut();
            stage.runtime.renew(bounds, stack_size);
            stage.scheduler = scheduler;
            return equipment;
        }
        let stage = Context { runtime: Runtime::new(bounds, stack_size), scheduler };
        Self { stage: Box::new(RefCell::new(stage)), executor: Executor::new(stack_size) }
    }

    /// Keeps it for the next exploration, unless that would keep much memory.
    pub(crate) fn give_back(self, used: &Facts) {
        let is_small = used.events <= MOST_EVENTS && used.threads <= MOST_THREADS;
        if is_small && self.executor.is_at_rest() {
            _ = AT_REST.try_with(|at_rest| at_rest.set(Some(self)));
        }
    }
}
