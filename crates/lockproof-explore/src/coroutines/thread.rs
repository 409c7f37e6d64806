//! The coroutine that runs model threads, and the pool of idle ones.
//!
//! A coroutine runs one model thread after another, so a stack is mapped once and used for all
//! executions, and through `stacks` for all explorations.
//!
//! Invariant: no panic leaves a coroutine. It is stored in the state of its thread.

use std::io;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::ptr;

use corosensei::stack::Stack;
use corosensei::{Coroutine, CoroutineResult};

use super::suspension::{Resume, Suspension, ThreadYielder, set_yielder};
use super::{perform, stacks, trap};
use crate::context;
use crate::runtime::ThreadBody;

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

    /// Runs until its thread suspends itself.
    #[inline]
    pub(crate) fn resume(&mut self, resume: Resume) -> Suspension {
        trap::watch(self.coroutine.trap_handler(), self.limit);
        let result = self.coroutine.resume(resume);
        set_yielder(ptr::null());
        match result {
            CoroutineResult::Yield(suspension) | CoroutineResult::Return(suspension) => suspension,
        }
    }
}

fn run_threads(yielder: &ThreadYielder, first: Resume) -> Suspension {
    let mut resume = first;
    while resume == Resume::Run {
        set_yielder(yielder);
        if let Some(starting) = context::with(|runtime| runtime.starting.take()) {
            run_thread(starting.body);
        }
        resume = yielder.suspend(Suspension::Finished);
    }
    Suspension::Finished
}

fn run_thread(body: ThreadBody) {
    let result = catch_unwind(AssertUnwindSafe(|| body.run()));
    if context::with(|runtime| runtime.tearing_down) {
        // Either `TearDown` or a panic of a destructor. No thread will join this one. The
        // payload's own destructor may use handles, which throw `TearDown` again.
        drop(catch_unwind(AssertUnwindSafe(|| drop(result))));
        return;
    }
    if let Err(payload) = result {
        context::with(|runtime| {
            let current = runtime.current;
            runtime.thread_mut(current).panic = Some(payload);
        });
    }
    // The exit can itself be torn down, by an unwind that must not leave the coroutine.
    drop(catch_unwind(|| perform::exit(Location::caller())));
}

/// Idle coroutines, ready for the next thread.
pub(crate) struct Pool {
    idle: Vec<ThreadCoroutine>,
    stack_size: usize,
}

impl Pool {
    pub(crate) fn new(stack_size: usize) -> Self {
        Self { idle: Vec::new(), stack_size }
    }

    /// An idle coroutine.
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
    pub(crate) fn put_back(&mut self, coroutine: ThreadCoroutine) {
        self.idle.push(coroutine);
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        for mut coroutine in self.idle.drain(..) {
            coroutine.resume(Resume::Quit);
            trap::forget();
            stacks::put_back(self.stack_size, coroutine.coroutine.into_stack());
        }
    }
}
