//! Runs executions: resumes the threads that the scheduler names, until nobody can go on.

use std::any::Any;

use crate::coroutine::{Pool, Resume, Suspension, ThreadCoroutine};
use crate::identity::ThreadId;
use crate::runtime::ThreadBody;
use crate::scheduler::{ExecutionEnd, Next};
use crate::stage;
use crate::strategy::SearchStrategy;

/// Runs executions, one after the other, on one pool of stacks.
pub(crate) struct Executor {
    pool: Pool,
    /// By [`ThreadId::index`]: the coroutines in the middle of a thread.
    running: Vec<Option<ThreadCoroutine>>,
}

impl Executor {
    pub(crate) fn new(stack_size: usize) -> Self {
        Self { pool: Pool::new(stack_size), running: Vec::new() }
    }

    /// Whether every coroutine is at rest.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.running.iter().all(Option::is_none)
    }

    /// How many bytes the model may use of each stack.
    pub(crate) fn stack_size(&self) -> usize {
        self.pool.stack_size()
    }

    /// Runs one execution of `main` to its end. Threads that are stuck are left suspended, so that
    /// the state can be looked at; [`Executor::tear_down`] ends them.
    pub(crate) fn run(
        &mut self,
        execution: u64,
        main: ThreadBody,
        strategy: &mut dyn SearchStrategy,
    ) -> ExecutionEnd {
        stage::with_stage(|stage| {
            stage.runtime.begin(execution, main);
            // SAFETY: this function holds the only way to the strategy, does not use it, and
            // returns after the end.
            unsafe { stage.scheduler.begin(strategy) };
        });
        let mut next = Next::Start;
        loop {
            next = match next {
                Next::Start => self.start(),
                Next::Run(thread) => self.go_on(thread, Resume::Continue),
                Next::End => break,
            }
        }
        stage::with_stage(|stage| stage.scheduler.end(&stage.runtime))
    }

    fn start(&mut self) -> Next {
        let thread = stage::with(|runtime| {
            let newborn = runtime.newborn.as_ref().expect("somebody starts because it was born");
            runtime.current = newborn.thread;
            runtime.current
        });
        if self.running.len() <= thread.index() {
            self.running.resize_with(thread.index() + 1, || None);
        }
        self.running[thread.index()] = Some(self.pool.take());
        self.go_on(thread, Resume::Run)
    }

    /// Lets a thread run until another one is to go on, and says which.
    #[inline]
    fn go_on(&mut self, thread: ThreadId, resume: Resume) -> Next {
        match self.resume(thread, resume) {
            Suspension::Pending => stage::with_stage(|stage| stage.scheduler.next),
            Suspension::Finished | Suspension::Stuck | Suspension::Overflowed => {
                stage::with_stage(stage::Context::decide)
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
            Suspension::Finished => self.pool.give_back(slot.take().expect("it has just run")),
            Suspension::Stuck => leak(slot),
            Suspension::Overflowed => {
                leak(slot);
                stage::with_stage(|stage| stage.scheduler.overflowed = Some(thread));
            }
        }
        suspension
    }

    /// Unwinds the threads that the execution has left suspended, youngest first.
    pub(crate) fn tear_down(&mut self) {
        let unfinished: Vec<_> = stage::with(|runtime| {
            runtime.tearing_down = true;
            let threads = runtime.alive.iter().rev().copied();
            threads.filter(|thread| runtime.thread(*thread).is_unfinished()).collect()
        });
        let has_overflowed = || stage::with_stage(|stage| stage.scheduler.overflowed.is_some());
        for thread in unfinished {
            if has_overflowed() {
                break;
            }
            stage::with(|runtime| runtime.current = thread);
            self.resume(thread, Resume::TearDown);
        }
        let payloads = take_payloads();
        if stage::with_stage(|stage| stage.scheduler.overflowed.take()).is_some() {
            // What the threads share may be half changed: no destructor may see it.
            self.running.iter_mut().filter(|slot| slot.is_some()).for_each(leak);
            std::mem::forget(payloads);
        }
    }
}

/// The destructors on a stack will never run; what it owns is leaked, the stack included.
fn leak(slot: &mut Option<ThreadCoroutine>) {
    std::mem::forget(slot.take());
    stage::with(|runtime| runtime.facts.leaked_stacks += 1);
}

/// The panics that nobody has joined: dropped outside the runtime, as they may own anything.
fn take_payloads() -> Vec<Box<dyn Any + Send>> {
    stage::with(|runtime| {
        runtime.threads.iter_mut().filter_map(|thread| thread.panic.take()).collect()
    })
}
