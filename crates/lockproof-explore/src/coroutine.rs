//! Model threads as coroutines, and the pool that keeps their stacks.
//!
//! A coroutine runs one model thread after another, so a stack is mapped once and used for all
//! executions, and through `stacks` for all explorations. `overflow` says what happens where a stack
//! ends.
//!
//! Invariant: no panic leaves a coroutine; it ends up in its thread's state.

use std::io;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::ptr;

use corosensei::stack::Stack;
use corosensei::{Coroutine, CoroutineResult, Yielder};

use crate::runtime::ThreadBody;
use crate::{current, stacks, stage, trap};

/// What a coroutine is resumed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resume {
    /// Run the newborn thread to its first operation.
    Run,
    /// The pending operation takes effect.
    Continue,
    /// Unwind: the execution is over.
    TearDown,
    /// Return: the pool is dropped.
    Quit,
}

/// Why a coroutine gave control back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suspension {
    /// Its thread has an operation pending.
    Pending,
    /// Its thread has ended.
    Finished,
    /// Its thread cannot be unwound.
    Stuck,
    /// Its thread has no stack left, and never goes on.
    Overflowed,
}

pub(crate) type ThreadYielder = Yielder<Resume, Suspension>;

/// A coroutine that runs model threads.
pub(crate) struct ThreadCoroutine {
    coroutine: Coroutine<Resume, Suspension, Suspension>,
    /// The lowest address of its stack.
    limit: usize,
}

impl ThreadCoroutine {
    fn new(stack_size: usize) -> io::Result<Self> {
        let stack = stacks::take(stack_size)?;
        let limit = stack.limit().get();
        Ok(Self { coroutine: Coroutine::with_stack(stack, run_threads), limit })
    }

    /// Runs until the thread suspends itself.
    #[inline]
    pub(crate) fn resume(&mut self, resume: Resume) -> Suspension {
        trap::watch(self.coroutine.trap_handler(), self.limit);
        let result = self.coroutine.resume(resume);
        current::set_yielder(ptr::null());
        match result {
            CoroutineResult::Yield(suspension) | CoroutineResult::Return(suspension) => suspension,
        }
    }
}

fn run_threads(yielder: &ThreadYielder, first: Resume) -> Suspension {
    let mut resume = first;
    while resume == Resume::Run {
        current::set_yielder(yielder);
        if let Some(newborn) = stage::with(|runtime| runtime.newborn.take()) {
            run_thread(newborn.job);
        }
        resume = yielder.suspend(Suspension::Finished);
    }
    Suspension::Finished
}

fn run_thread(job: ThreadBody) {
    let result = catch_unwind(AssertUnwindSafe(|| job.run()));
    if current::is_tearing_down() {
        // Whatever was thrown, nobody is left to catch it; its destructor may use handles.
        drop(catch_unwind(AssertUnwindSafe(|| drop(result))));
        return;
    }
    if let Err(payload) = result {
        stage::with(|runtime| {
            let current = runtime.current;
            let thread = runtime.thread_mut(current);
            thread.panicked = true;
            thread.panic = Some(payload);
        });
    }
    // An exit can itself be torn down, by an unwind that nobody above would catch.
    drop(catch_unwind(|| current::exit(Location::caller())));
}

/// Coroutines at rest, ready for the next thread.
pub(crate) struct Pool {
    idle: Vec<ThreadCoroutine>,
    stack_size: usize,
}

impl Pool {
    pub(crate) fn new(stack_size: usize) -> Self {
        Self { idle: Vec::new(), stack_size }
    }

    pub(crate) fn stack_size(&self) -> usize {
        self.stack_size
    }

    /// A coroutine at rest.
    ///
    /// # Panics
    ///
    /// If the system has no memory for another stack.
    #[inline]
    pub(crate) fn take(&mut self) -> ThreadCoroutine {
        self.idle.pop().unwrap_or_else(|| {
            ThreadCoroutine::new(self.stack_size).unwrap_or_else(|error| {
                panic!(
                    "cannot map a stack of {} bytes for a model thread: {error}",
                    self.stack_size
                )
            })
        })
    }

    #[inline]
    pub(crate) fn give_back(&mut self, coroutine: ThreadCoroutine) {
        self.idle.push(coroutine);
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        for mut coroutine in self.idle.drain(..) {
            coroutine.resume(Resume::Quit);
            trap::forget();
            stacks::give_back(self.stack_size, coroutine.coroutine.into_stack());
        }
    }
}
