//! Decides which thread runs next: tells the strategy about the last step, asks it for the next one,
//! and detects the end of the execution.
//!
//! A decision is made whenever a thread reaches its next operation, on that thread's stack, so a
//! thread that is picked again continues without a switch.
//!
//! Invariant: no panic of a strategy leaves a decision. The executor passes it on outside of the
//! model.

mod state;

use std::any::Any;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;

use crate::event::Alternative;
use crate::failure::Bug;
use crate::identity::ThreadId;
use crate::operation::OperationKind;
use crate::options::Options;
use crate::runtime::Runtime;
use crate::strategy::{Pick, SearchStrategy, View};

use state::{has_failed, late_thread, needs_spurious_wake_up, own_failure};

/// A spin loop that runs this many rounds while no other thread can run is a livelock.
const MAX_IDLE_SPINS: u32 = 50;

/// The end of an execution.
pub(crate) enum ExecutionEnd {
    /// All threads have ended, and the model has not failed.
    Completed,
    /// The model failed.
    Failed(Bug),
    /// The strategy abandoned it.
    Abandoned,
    /// The strategy panicked, with this payload.
    StrategyPanicked(Box<dyn Any + Send>),
}

/// A decision. Small, because one is passed on at every step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The starting thread begins to run.
    Start,
    /// The thread performs its pending operation.
    Run(ThreadId),
    /// The execution is over: see [`Scheduler::end`].
    End,
}

/// Makes the decisions of one execution after the other.
pub(crate) struct Scheduler {
    /// The strategy of the current execution, borrowed from its [`Scheduler::begin`] to its end.
    strategy: Option<NonNull<dyn SearchStrategy>>,
    /// The thread whose last step the strategy has not been told about.
    stepped: Option<ThreadId>,
    /// The last decision.
    pub(crate) next: Next,
    steps: usize,
    stops_at_failure: bool,
    standstills_fail: bool,
    ended: ExecutionEnd,
    /// The thread that ended the execution by a stack overflow.
    pub(crate) overflowed: Option<ThreadId>,
}

impl Scheduler {
    pub(crate) fn new(options: &Options) -> Self {
        let stops_at_failure = options.stop_at_failure || options.cut_failures;
        Self {
            strategy: None,
            stepped: None,
            next: Next::End,
            steps: options.steps,
            stops_at_failure,
            standstills_fail: stops_at_failure && options.standstills_fail,
            ended: ExecutionEnd::Completed,
            overflowed: None,
        }
    }

    /// Begins an execution, whose decisions are this strategy's.
    ///
    /// # Safety
    ///
    /// Until [`Self::end`] has returned, the strategy must stay borrowed by the caller, who must not
    /// use it.
    pub(crate) unsafe fn begin(&mut self, strategy: &mut dyn SearchStrategy) {
        let borrowed: NonNull<dyn SearchStrategy + '_> = NonNull::from(strategy);
        // SAFETY: the types differ in the lifetime only. The caller keeps the strategy borrowed until
        // `end`, which forgets the pointer.
        let borrowed = unsafe {
            mem::transmute::<NonNull<dyn SearchStrategy + '_>, NonNull<dyn SearchStrategy + 'static>>(
                borrowed,
            )
        };
        self.strategy = Some(borrowed);
        self.stepped = None;
    }

    /// Ends the execution, and returns how it ended.
    pub(crate) fn end(&mut self, runtime: &Runtime) -> ExecutionEnd {
        if !matches!(self.ended, ExecutionEnd::StrategyPanicked(_)) {
            self.consult(|_, strategy| strategy.end(&View(runtime)));
        }
        self.strategy = None;
        mem::replace(&mut self.ended, ExecutionEnd::Completed)
    }

    /// Tells the strategy about the last step, and asks it for the next one.
    pub(crate) fn decide(&mut self, runtime: &mut Runtime) -> Next {
        if runtime.starting.is_some() {
            self.next = Next::Start;
        } else {
            self.next = Next::End;
            self.consult(|scheduler, strategy| scheduler.next = scheduler.ask(strategy, runtime));
        }
        self.next
    }

    /// Calls the strategy. If it panics, the execution ends.
    #[inline]
    fn consult(&mut self, question: impl FnOnce(&mut Self, &mut dyn SearchStrategy)) {
        let mut strategy = self.strategy.expect("the strategy is set for the whole execution");
        let answer = catch_unwind(AssertUnwindSafe(|| {
            // SAFETY: `begin` set the pointer and `end` has not cleared it, so the strategy is alive
            // and its owner does not use it. No second reference is made meanwhile: no question
            // calls `consult`, and the strategy cannot, because the context is borrowed.
            question(self, unsafe { strategy.as_mut() });
        }));
        if let Err(payload) = answer {
            self.ended = ExecutionEnd::StrategyPanicked(payload);
        }
    }

    #[inline]
    fn ask(&mut self, strategy: &mut dyn SearchStrategy, runtime: &mut Runtime) -> Next {
        if let Some(thread) = self.stepped.take() {
            // A child may have begun to run since, which made it the current thread.
            runtime.current = thread;
            let event = runtime.trace.last().expect("a step leaves an event");
            strategy.executed(event, &View(runtime));
        }
        if self.may_end(runtime)
            && let Some(bug) = self.early_end(runtime)
        {
            return self.over(ExecutionEnd::Failed(bug));
        }
        match strategy.pick(&View(runtime)) {
            Pick::Run(thread, alternative) => self.grant(runtime, thread, alternative, false),
            Pick::Nothing => self.none_enabled(runtime),
            Pick::Abandon => self.over(ExecutionEnd::Abandoned),
            Pick::Diverged(divergence) => {
                self.over(ExecutionEnd::Failed(Bug::Nondeterministic(*divergence)))
            }
        }
    }

    #[cold]
    fn over(&mut self, ended: ExecutionEnd) -> Next {
        self.ended = ended;
        Next::End
    }

    /// A cheap test that is true whenever [`Self::early_end`] may find something.
    #[inline]
    fn may_end(&self, runtime: &Runtime) -> bool {
        self.overflowed.is_some()
            || runtime.trace.len() >= self.steps
            || (self.stops_at_failure && has_failed(runtime))
            || (self.standstills_fail && runtime.waits > 0)
    }

    /// The bug that ends the execution although a thread may be able to continue.
    #[inline(never)]
    fn early_end(&self, runtime: &mut Runtime) -> Option<Bug> {
        if let Some(thread) = self.overflowed {
            return Some(runtime.overflow_of(thread));
        }
        if runtime.trace.len() >= self.steps {
            return Some(Bug::TooLong { steps: self.steps });
        }
        if self.stops_at_failure && has_failed(runtime) {
            return own_failure(runtime);
        }
        let may_be_stuck = self.standstills_fail && runtime.waits > 0;
        may_be_stuck.then(|| needs_spurious_wake_up(runtime)).flatten()
    }

    fn none_enabled(&mut self, runtime: &mut Runtime) -> Next {
        if let Some(thread) = late_thread(runtime) {
            let state = runtime.thread(thread);
            let operation =
                *runtime.pending(thread).expect("a late thread has a pending operation");
            if state.spinning.late_yields >= MAX_IDLE_SPINS {
                let bug = Bug::Livelock { thread, location: operation.location };
                return self.over(ExecutionEnd::Failed(bug));
            }
            let alternative = if operation.kind == OperationKind::Yield {
                Alternative::ORDINARY
            } else {
                Alternative::TIMED_OUT
            };
            return self.grant(runtime, thread, alternative, true);
        }
        if let Some(bug) = own_failure(runtime) {
            return self.over(ExecutionEnd::Failed(bug));
        }
        let is_stuck =
            runtime.thread_order.iter().any(|thread| runtime.thread(*thread).is_unfinished());
        self.over(if is_stuck {
            ExecutionEnd::Failed(runtime.diagnose())
        } else {
            ExecutionEnd::Completed
        })
    }

    #[inline]
    fn grant(
        &mut self,
        runtime: &mut Runtime,
        thread: ThreadId,
        alternative: Alternative,
        late: bool,
    ) -> Next {
        runtime.current = thread;
        runtime.granted = alternative;
        runtime.granted_late = late;
        self.stepped = Some(thread);
        Next::Run(thread)
    }
}
