//! The executor: resumes the threads that the scheduler names, until the execution is over.

use std::any::Any;

use crate::context;
use crate::coroutines::{Pool, Resume, Suspension, ThreadCoroutine};
use crate::identity::ThreadId;
use crate::runtime::ThreadBody;
use crate::scheduler::{ExecutionEnd, Next};
use crate::strategy::SearchStrategy;
use crate::tables::entry;

/// Runs executions, one after the other, on one pool of coroutines.
pub(crate) struct Executor {
    pool: Pool,
    /// By [`ThreadId::index`]: the coroutines of unfinished threads.
    running: Vec<Option<ThreadCoroutine>>,
}

impl Executor {
    pub(crate) fn new(stack_size: usize) -> Self {
        Self { pool: Pool::new(stack_size), running: Vec::new() }
    }

    /// Whether every coroutine is idle.
    pub(crate) fn is_idle(&self) -> bool {
        self.running.iter().all(Option::is_none)
    }

    /// Runs one execution of `main` to its end. Blocked threads are left suspended, so that the state
    /// can be inspected. [`Executor::tear_down`] ends them.
    pub(crate) fn run(
        &mut self,
        main: ThreadBody,
        strategy: &mut dyn SearchStrategy,
    ) -> ExecutionEnd {
        context::with_context(|context| {
            context.runtime.begin(main);
            // SAFETY: `strategy` is an exclusive borrow for the whole of this function, which does
            // not use it again, and calls `Scheduler::end` before it returns. If it unwinds instead,
            // because no stack can be mapped, `explore` removes the context, and nothing asks the
            // scheduler before that.
            unsafe { context.scheduler.begin(strategy) };
        });
        let mut next = Next::Start;
        loop {
            next = match next {
                Next::Start => self.start(),
                Next::Run(thread) => self.run_until_switch(thread, Resume::Continue),
                Next::End => break,
            }
        }
        context::with_context(|context| context.scheduler.end(&context.runtime))
    }

    fn start(&mut self) -> Next {
        let thread = context::with(|runtime| {
            let starting =
                runtime.starting.as_ref().expect("a thread starts because it was created_at");
            runtime.current = starting.thread;
            runtime.current
        });
        *entry(&mut self.running, thread.index()) = Some(self.pool.take());
        self.run_until_switch(thread, Resume::Run)
    }

    /// Runs a thread until it switches back, and returns what happens next.
    #[inline]
    fn run_until_switch(&mut self, thread: ThreadId, resume: Resume) -> Next {
        match self.resume(thread, resume) {
            Suspension::Pending => context::with_context(|context| context.scheduler.next),
            Suspension::Finished | Suspension::Stuck | Suspension::Overflowed => {
                context::with_context(|context| context.scheduler.decide(&mut context.runtime))
            }
        }
    }

    #[inline]
    fn resume(&mut self, thread: ThreadId, resume: Resume) -> Suspension {
        let slot = &mut self.running[thread.index()];
        let coroutine = slot.as_mut().expect("an unfinished thread has a coroutine");
        let suspension = coroutine.resume(resume);
        match suspension {
            Suspension::Pending => {}
            Suspension::Finished => self.pool.put_back(slot.take().expect("it has just run")),
            Suspension::Stuck => leak(slot),
            Suspension::Overflowed => {
                leak(slot);
                context::with_context(|context| context.scheduler.overflowed = Some(thread));
            }
        }
        suspension
    }

    /// Unwinds the threads that the execution has left suspended, the youngest first.
    pub(crate) fn tear_down(&mut self) {
        let unfinished: Vec<_> = context::with(|runtime| {
            runtime.tearing_down = true;
            let threads = runtime.thread_order.iter().rev().copied();
            threads.filter(|thread| runtime.thread(*thread).is_unfinished()).collect()
        });
        let has_overflowed =
            || context::with_context(|context| context.scheduler.overflowed.is_some());
        for thread in unfinished {
            if has_overflowed() {
                break;
            }
            context::with(|runtime| runtime.current = thread);
            self.resume(thread, Resume::TearDown);
        }
        let payloads = take_payloads();
        if context::with_context(|context| context.scheduler.overflowed.take()).is_some() {
            // The overflow may have left shared state half changed, so no destructor may run on it.
            self.running.iter_mut().filter(|slot| slot.is_some()).for_each(leak);
            std::mem::forget(payloads);
        }
    }
}

/// Leaks a coroutine: the destructors on its stack will never run.
fn leak(slot: &mut Option<ThreadCoroutine>) {
    std::mem::forget(slot.take());
    context::with(|runtime| runtime.facts.leaked_stacks += 1);
}

/// The payloads of panics that no join has taken. Their destructors may run any code, so they are
/// dropped outside of the runtime.
fn take_payloads() -> Vec<Box<dyn Any + Send>> {
    context::with(|runtime| {
        runtime.threads.iter_mut().filter_map(|thread| thread.panic.take()).collect()
    })
}
