//! Buffers reused by the next exploration on this OS thread: allocating them costs more than a
//! short search.
//!
//! Invariant: no state of one exploration is visible in the next. Tables are cleared or overwritten,
//! and only their memory stays.

use std::cell::{Cell, RefCell};

use crate::context::Context;
use crate::executor::Executor;
use crate::findings::Facts;
use crate::options::Options;
use crate::runtime::Runtime;
use crate::scheduler::Scheduler;

/// Buffers for longer executions than this are not kept.
const MAX_EVENTS: usize = 2_000;
/// Buffers for more threads than this are not kept.
const MAX_THREADS: usize = 64;

thread_local! {
    static IDLE: Cell<Option<Buffers>> = const { Cell::new(None) };
}

/// The context of an exploration, and its executor.
pub(crate) struct Buffers {
    pub(crate) context: Box<RefCell<Context>>,
    pub(crate) executor: Executor,
}

impl Buffers {
    /// Those of the last exploration on this OS thread, or new ones.
    pub(crate) fn take(options: &Options) -> Self {
        let scheduler = Scheduler::new(options);
        let (bounds, stack_size) = (options.bounds, options.stack_size);
        // Nothing is kept while the OS thread runs the destructors of its thread-local values.
        let kept = IDLE.try_with(Cell::take).ok().flatten();
        if let Some(mut kept) = kept
            && kept.context.get_mut().runtime.stack_size == stack_size
        {
            let context = kept.context.get_mut();
            context.runtime.renew(bounds);
            context.scheduler = scheduler;
            return kept;
        }
        let context = Context { runtime: Runtime::new(bounds, stack_size), scheduler };
        Self { context: Box::new(RefCell::new(context)), executor: Executor::new(stack_size) }
    }

    /// Keeps them for the next exploration, unless they take much memory.
    pub(crate) fn put_back(self, used: &Facts) {
        let is_small = used.events <= MAX_EVENTS && used.threads <= MAX_THREADS;
        if is_small && self.executor.is_idle() {
            _ = IDLE.try_with(|idle| idle.set(Some(self)));
        }
    }
}
