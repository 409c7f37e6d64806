//! Decides who goes on: tells the strategy what happened, asks it, and sees when all is over.
//!
//! That is done wherever a thread has come to its next operation, on that thread's stack, so a
//! thread that is picked again goes on without a switch.
//!
//! Invariant: no panic of a strategy leaves a decision; the executor throws it on, outside of the
//! model.

use std::any::Any;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;

use crate::event::Alternative;
use crate::failure::Bug;
use crate::identity::ThreadId;
use crate::operation::OperationKind;
use crate::options::Options;
use crate::runtime::{Life, Runtime};
use crate::strategy::{Pick, SearchStrategy, View};

/// A spinning thread that has gone round so often while nobody else could run is a livelock.
const VAIN_ROUNDS: u32 = 50;

/// How an execution ended.
pub(crate) enum ExecutionEnd {
    /// All threads have ended, none of them in a way that fails the model.
    Well,
    /// It failed.
    Badly(Bug),
    /// The strategy gave it up.
    Abandoned,
    /// The strategy panicked, with this.
    Broken(Box<dyn Any + Send>),
}

/// What happens next. Small, as it is handed on at every step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The newborn thread begins.
    Start,
    Run(ThreadId),
    /// The execution is over, as [`Scheduler::end`] says.
    End,
}

/// Who goes on, in one execution after the other.
pub(crate) struct Scheduler {
    /// Lent for the execution at hand.
    strategy: Option<NonNull<dyn SearchStrategy>>,
    /// The thread whose step the strategy has not been told of.
    stepped: Option<ThreadId>,
    /// The last decision.
    pub(crate) next: Next,
    steps: usize,
    stops_at_failure: bool,
    standstills_fail: bool,
    ended: ExecutionEnd,
    /// The thread that ended the execution by having no stack left.
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
            ended: ExecutionEnd::Well,
            overflowed: None,
        }
    }

    /// An execution begins, in which this strategy is asked.
    ///
    /// # Safety
    ///
    /// The strategy is used through nothing else, and not dropped, until [`Self::end`] has
    /// returned.
    pub(crate) unsafe fn begin(&mut self, strategy: &mut dyn SearchStrategy) {
        let lent: NonNull<dyn SearchStrategy + '_> = NonNull::from(strategy);
        // SAFETY: only the lifetime differs, and that the caller promises.
        let lent = unsafe {
            mem::transmute::<NonNull<dyn SearchStrategy + '_>, NonNull<dyn SearchStrategy + 'static>>(
                lent,
            )
        };
        self.strategy = Some(lent);
        self.stepped = None;
    }

    /// The execution is over; says how it ended.
    pub(crate) fn end(&mut self, runtime: &Runtime) -> ExecutionEnd {
        if !matches!(self.ended, ExecutionEnd::Broken(_)) {
            self.consult(|_, strategy| strategy.end(&View(runtime)));
        }
        self.strategy = None;
        mem::replace(&mut self.ended, ExecutionEnd::Well)
    }

    /// Tells the strategy what the last step was, and asks for the next.
    pub(crate) fn decide(&mut self, runtime: &mut Runtime) -> Next {
        if runtime.newborn.is_some() {
            self.next = Next::Start;
        } else {
            self.next = Next::End;
            self.consult(|scheduler, strategy| scheduler.next = scheduler.ask(strategy, runtime));
        }
        self.next
    }

    /// Calls the strategy. A panic of it ends the execution.
    #[inline]
    fn consult(&mut self, question: impl FnOnce(&mut Self, &mut dyn SearchStrategy)) {
        let mut strategy = self.strategy.expect("a strategy is lent for the whole execution");
        let answer = catch_unwind(AssertUnwindSafe(|| {
            // SAFETY: whoever lent the strategy promised that nobody else uses it meanwhile. This
            // call does not come back here while it lasts: it holds the scheduler exclusively.
            question(self, unsafe { strategy.as_mut() });
        }));
        if let Err(payload) = answer {
            self.ended = ExecutionEnd::Broken(payload);
        }
    }

    #[inline]
    fn ask(&mut self, strategy: &mut dyn SearchStrategy, runtime: &mut Runtime) -> Next {
        if let Some(thread) = self.stepped.take() {
            // A child that has begun meanwhile is not the current thread.
            runtime.current = thread;
            let event = runtime.trace.last().expect("a step leaves an event");
            strategy.executed(event, &View(runtime));
        }
        if self.may_end(runtime)
            && let Some(bug) = self.early_end(runtime)
        {
            return self.over(ExecutionEnd::Badly(bug));
        }
        match strategy.pick(&View(runtime)) {
            Pick::Run(thread, alternative) => self.grant(runtime, thread, alternative, false),
            Pick::Nothing => self.nobody_enabled(runtime),
            Pick::Abandon => self.over(ExecutionEnd::Abandoned),
            Pick::Diverged(divergence) => {
                self.over(ExecutionEnd::Badly(Bug::Nondeterministic(*divergence)))
            }
        }
    }

    #[cold]
    fn over(&mut self, ended: ExecutionEnd) -> Next {
        self.ended = ended;
        Next::End
    }

    /// Whether there may be a reason to end the execution although somebody can go on.
    #[inline]
    fn may_end(&self, runtime: &Runtime) -> bool {
        self.overflowed.is_some()
            || runtime.trace.len() >= self.steps
            || (self.stops_at_failure && has_failed(runtime))
            || (self.standstills_fail && runtime.waits > 0)
    }

    /// Why the execution ends although somebody may be able to go on.
    #[inline(never)]
    fn early_end(&self, runtime: &mut Runtime) -> Option<Bug> {
        if let Some(thread) = self.overflowed {
            return Some(runtime.overflow_of(thread));
        }
        if runtime.trace.len() >= self.steps {
            runtime.facts.met.steps = true;
            return Some(Bug::TooLong { steps: self.steps });
        }
        if self.stops_at_failure && has_failed(runtime) {
            return own_failure(runtime);
        }
        let may_depend = self.standstills_fail && runtime.waits > 0;
        may_depend.then(|| depends_on_luck(runtime)).flatten()
    }

    fn nobody_enabled(&mut self, runtime: &mut Runtime) -> Next {
        if let Some(thread) = latecomer(runtime) {
            let state = runtime.thread(thread);
            let operation = *runtime.pending(thread).expect("a latecomer has a pending operation");
            if state.spinning.late_yields >= VAIN_ROUNDS {
                let bug = Bug::Livelock { thread, location: operation.location };
                return self.over(ExecutionEnd::Badly(bug));
            }
            let alternative = if operation.kind == OperationKind::Yield {
                Alternative::ORDINARY
            } else {
                Alternative::TIMED_OUT
            };
            return self.grant(runtime, thread, alternative, true);
        }
        if let Some(bug) = own_failure(runtime) {
            return self.over(ExecutionEnd::Badly(bug));
        }
        let is_stuck = runtime.alive.iter().any(|thread| runtime.thread(*thread).is_unfinished());
        self.over(if is_stuck {
            ExecutionEnd::Badly(runtime.diagnose())
        } else {
            ExecutionEnd::Well
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

/// The bug that no thread can go on but by waking up for no reason: it may never do so.
fn depends_on_luck(runtime: &Runtime) -> Option<Bug> {
    let mut is_stuck = false;
    for thread in runtime.alive.iter().copied() {
        if runtime.is_enabled_by_luck(thread) {
            is_stuck = true;
        } else if runtime.is_enabled(thread) || runtime.is_enabled_late(thread) {
            return None;
        }
    }
    is_stuck.then(|| runtime.diagnose())
}

/// Whether there was a data race, or the main thread has panicked.
#[inline]
fn has_failed(runtime: &Runtime) -> bool {
    let main = runtime.thread(ThreadId::MAIN);
    runtime.race.is_some() || (main.life == Life::Finished && main.panicked)
}

/// The data race or the panic of the main thread, if there was one.
fn own_failure(runtime: &mut Runtime) -> Option<Bug> {
    if let Some(race) = runtime.race {
        return Some(Bug::DataRace(race));
    }
    let main = runtime.thread_mut(ThreadId::MAIN);
    if main.life != Life::Finished || !main.panicked {
        return None;
    }
    let payload = main.panic.take()?;
    Some(Bug::Panic { message: message(&*payload), payload })
}

/// Who goes on when nobody can: first a thread whose time-out is due, then the spinning thread
/// that has gone round least often.
fn latecomer(runtime: &Runtime) -> Option<ThreadId> {
    let late = runtime.alive.iter().copied().filter(|thread| runtime.is_enabled_late(*thread));
    late.min_by_key(|thread| {
        let spins = runtime.pending(*thread).is_some_and(|o| o.kind == OperationKind::Yield);
        (spins, runtime.thread(*thread).spinning.late_yields)
    })
}

/// The text of a panic's payload.
fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a payload that is not text".to_owned())
}
