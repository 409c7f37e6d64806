//! Runs one execution: asks the strategy, resumes the thread, until nobody can go on.

use std::any::Any;

use crate::coroutine::{Pool, Resume, Suspension, ThreadCoroutine};
use crate::current;
use crate::event::Alternative;
use crate::failure::{Defect, Divergence};
use crate::identity::ThreadId;
use crate::operation::OperationKind;
use crate::options::Options;
use crate::runtime::{Job, Life, Newborn, Runtime};
use crate::strategy::{Pick, Strategy, View};

/// A spinning thread that has gone round so often while nobody else could run is a livelock.
const VAIN_ROUNDS: u32 = 50;

/// How an execution ended.
pub(crate) enum Ended {
    /// All threads have ended, none of them in a way that fails the model.
    Well,
    /// It failed.
    Badly(Defect),
    /// The strategy gave it up.
    Abandoned,
}

/// What happens next. Small, as it is handed on at every step.
#[derive(Clone, Copy)]
enum Next {
    /// The newborn thread begins.
    Start,
    Run(ThreadId),
    /// The execution is over, as [`Executor::ended`] says.
    End,
}

/// Runs executions, one after the other, on one pool of stacks.
pub(crate) struct Executor {
    pool: Pool,
    /// By [`ThreadId::index`]: the coroutines in the middle of a thread.
    running: Vec<Option<ThreadCoroutine>>,
    steps: usize,
    stops_at_failure: bool,
    standstills_fail: bool,
    ended: Ended,
    /// The thread that ended the execution by having no stack left.
    overflowed: Option<ThreadId>,
}

impl Executor {
    pub(crate) fn new(options: &Options) -> Self {
        let stops_at_failure = options.stop_at_failure || options.cut_failures;
        Self {
            pool: Pool::new(options.stack_size),
            running: Vec::new(),
            steps: options.steps,
            stops_at_failure,
            standstills_fail: stops_at_failure && options.standstills_fail,
            ended: Ended::Well,
            overflowed: None,
        }
    }

    /// Runs one execution of `main` to its end. Threads that are stuck are left suspended, so that
    /// the state can be looked at; [`Executor::tear_down`] ends them.
    pub(crate) fn run(&mut self, execution: u64, main: Job, strategy: &mut dyn Strategy) -> Ended {
        current::with(|runtime| runtime.begin(execution, main));
        let mut stepped = None;
        loop {
            match current::with(|runtime| self.turn(runtime, strategy, &mut stepped)) {
                Next::Start => self.start(),
                Next::Run(thread) => {
                    self.resume(thread, Resume::Continue);
                    stepped = Some(thread);
                }
                Next::End => {
                    current::with(|runtime| strategy.end(&View(runtime)));
                    return std::mem::replace(&mut self.ended, Ended::Well);
                }
            }
        }
    }

    fn start(&mut self) {
        let Some(Newborn { thread, job }) = current::with(|runtime| runtime.newborn.take()) else {
            return;
        };
        if self.running.len() <= thread.index() {
            self.running.resize_with(thread.index() + 1, || None);
        }
        self.running[thread.index()] = Some(self.pool.take());
        current::with(|runtime| runtime.current = thread);
        self.resume(thread, Resume::Run(job));
    }

    /// Tells the strategy what the last step was, and asks for the next.
    #[inline(never)]
    fn turn(
        &mut self,
        runtime: &mut Runtime,
        strategy: &mut dyn Strategy,
        stepped: &mut Option<ThreadId>,
    ) -> Next {
        if runtime.newborn.is_some() {
            return Next::Start;
        }
        if let Some(thread) = stepped.take() {
            report_step(runtime, strategy, thread);
        }
        if let Some(defect) = self.early_end(runtime) {
            return self.end(Ended::Badly(defect));
        }
        match strategy.pick(&View(runtime)) {
            Pick::Run(thread, alternative) => grant(runtime, thread, alternative, false),
            Pick::Abandon => self.end(Ended::Abandoned),
            Pick::Diverged(divergence) => {
                self.end(Ended::Badly(Defect::Nondeterministic(divergence)))
            }
            Pick::Nothing => self.nobody_enabled(runtime),
        }
    }

    fn end(&mut self, ended: Ended) -> Next {
        self.ended = ended;
        Next::End
    }

    /// Why the execution ends although somebody may be able to go on.
    #[inline]
    fn early_end(&self, runtime: &mut Runtime) -> Option<Defect> {
        if let Some(thread) = self.overflowed {
            return Some(runtime.overflow_of(thread));
        }
        if runtime.trace.len() >= self.steps {
            runtime.facts.met.steps = true;
            return Some(Defect::TooLong { steps: self.steps });
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
                let defect = Defect::Livelock { thread, location: operation.location };
                return self.end(Ended::Badly(defect));
            }
            let alternative = if operation.kind == OperationKind::Yield {
                Alternative::ORDINARY
            } else {
                Alternative::TIMED_OUT
            };
            return grant(runtime, thread, alternative, true);
        }
        if let Some(defect) = own_failure(runtime) {
            return self.end(Ended::Badly(defect));
        }
        let is_stuck = runtime.alive.iter().any(|thread| runtime.thread(*thread).is_unfinished());
        self.end(if is_stuck { Ended::Badly(runtime.diagnose()) } else { Ended::Well })
    }

    #[inline]
    fn resume(&mut self, thread: ThreadId, resume: Resume) {
        let slot = &mut self.running[thread.index()];
        let coroutine = slot.as_mut().expect("an unfinished thread has a coroutine");
        match coroutine.resume(resume) {
            Suspension::Pending => {}
            Suspension::Finished => self.pool.give_back(slot.take().expect("it has just run")),
            Suspension::Stuck => leak(slot),
            Suspension::Overflowed => {
                leak(slot);
                self.overflowed = Some(thread);
            }
        }
    }

    /// Unwinds the threads that the execution has left suspended, youngest first.
    pub(crate) fn tear_down(&mut self) {
        let unfinished: Vec<_> = current::with(|runtime| {
            runtime.tearing_down = true;
            let threads = runtime.alive.iter().rev().copied();
            threads.filter(|thread| runtime.thread(*thread).is_unfinished()).collect()
        });
        for thread in unfinished {
            if self.overflowed.is_some() {
                break;
            }
            current::with(|runtime| runtime.current = thread);
            self.resume(thread, Resume::TearDown);
        }
        let payloads = take_payloads();
        if self.overflowed.take().is_some() {
            // What the threads share may be half changed: no destructor may see it.
            self.running.iter_mut().filter(|slot| slot.is_some()).for_each(leak);
            std::mem::forget(payloads);
        }
    }
}

/// The destructors on a stack will never run; what it owns is leaked, the stack included.
fn leak(slot: &mut Option<ThreadCoroutine>) {
    std::mem::forget(slot.take());
    current::with(|runtime| runtime.facts.leaked_stacks += 1);
}

/// The panics that nobody has joined: dropped outside the runtime, as they may own anything.
fn take_payloads() -> Vec<Box<dyn Any + Send>> {
    current::with(|runtime| {
        runtime.threads.iter_mut().filter_map(|thread| thread.panic.take()).collect()
    })
}

/// Tells the strategy what `thread` did. A child that has begun meanwhile is not the current
/// thread.
#[inline]
fn report_step(runtime: &mut Runtime, strategy: &mut dyn Strategy, thread: ThreadId) {
    runtime.current = thread;
    let view = View(runtime);
    let event = view.events().last().expect("a step leaves an event");
    strategy.executed(event, &view);
}

fn grant(runtime: &mut Runtime, thread: ThreadId, alternative: Alternative, late: bool) -> Next {
    runtime.current = thread;
    runtime.granted = alternative;
    runtime.granted_late = late;
    Next::Run(thread)
}

/// The defect that no thread can go on but by waking up for no reason: it may never do so.
fn depends_on_luck(runtime: &Runtime) -> Option<Defect> {
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
fn own_failure(runtime: &mut Runtime) -> Option<Defect> {
    if let Some(race) = runtime.race {
        return Some(Defect::DataRace(race));
    }
    let main = runtime.thread_mut(ThreadId::MAIN);
    if main.life != Life::Finished || !main.panicked {
        return None;
    }
    let payload = main.panic.take()?;
    Some(Defect::Panic { message: message(&*payload), payload })
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

/// What a strategy says when a thread does not offer what the schedule asks for.
pub(crate) fn divergence(step: usize, expected: String, view: &View<'_>, thread: ThreadId) -> Pick {
    let found = match view.pending(thread) {
        None => format!("no operation of thread {}", thread.index()),
        Some(operation) => format!(
            "thread {}: {}{} at {}",
            thread.index(),
            if view.is_enabled(thread) { "" } else { "blocked " },
            operation.kind,
            operation.location
        ),
    };
    Pick::Diverged(Divergence { step, expected, found })
}
