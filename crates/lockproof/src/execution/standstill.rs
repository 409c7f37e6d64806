//! Diagnosis of a standstill: which threads wait for what, who holds it, and whether that is a cycle,
//! a notification that cannot come any more, or a thread left parked.

use super::Execution;
use super::backend::{CallSite, Complaint};
use super::event::event;
use super::intent::{Intent, Reply};
use super::objects::{ModelObject, Side};
use super::threads::ModelThread;
use crate::engine::{Defect, DefectKind, Ending};
use crate::trace::{LockMode, Operation};

/// A thread that waits: for what, with which object, and where.
#[derive(Clone, Copy)]
pub(super) struct Waiter {
    pub(super) thread: usize,
    pub(super) intent: Intent,
    pub(super) object: Option<usize>,
    pub(super) at: CallSite,
}

impl Waiter {
    fn of(thread: usize, model: &ModelThread) -> Option<Self> {
        let (intent, object, at) = model.waiting?;
        Some(Self { thread, intent, object, at })
    }
}

/// What an engine says of a standstill: the kind of defect, and the threads that wait, those of a
/// cycle first and in its order.
pub(crate) struct Standstill {
    pub(crate) kind: DefectKind,
    pub(crate) threads: Vec<usize>,
}

impl Execution {
    /// The meaning of a panic of the engine's own.
    pub(crate) fn complaint(&self, message: &str) -> Complaint {
        self.backend.complaint(message)
    }

    /// The ending that the engine's complaint makes.
    pub(crate) fn ending_of(&self, complaint: Complaint, message: &str) -> Ending {
        self.count();
        match complaint {
            Complaint::Stuck => self.failure_of_stuck(None),
            Complaint::TooManySteps => {
                let steps = self.run.task.settings.steps;
                let message = format!("no end after {steps} scheduling points");
                self.record_waits_beside();
                self.failure(Defect::Livelock { message })
            }
            Complaint::DataRace => self.failure(Defect::DataRace { message: message.to_owned() }),
            Complaint::Nondeterminism => {
                self.failure(Defect::Nondeterminism { message: message.to_owned() })
            }
            Complaint::Other => Ending::Unsupported {
                reason: format!("the engine gave the execution up: {message}"),
            },
        }
    }

    /// The ending that a standstill makes of which the engine knows why.
    #[cfg_attr(not(feature = "explore"), expect(dead_code, reason = "explore's own"))]
    pub(crate) fn ending_of_standstill(&self, said: Standstill) -> Ending {
        self.count();
        self.failure_of_stuck(Some(said))
    }

    /// Ends the exploration if the current thread is `own`er of what it waits for.
    #[cold]
    #[inline(never)]
    pub(super) fn fail_if_own(
        &self,
        own: bool,
        intent: Intent,
        object: &ModelObject,
        at: CallSite,
    ) {
        // An engine that finds stuck threads lets the others go on first.
        if !own || self.backend.finds_stuck_threads() {
            return;
        }
        let thread = self.thread();
        self.threads.borrow_mut()[thread].waits_at(&intent, Some(object), at);
        let object = Some(object.index);
        let blocked = vec![self.describe(Waiter { thread, intent, object, at })];
        self.abandon(self.failure(Defect::Deadlock { blocked }))
    }

    /// Ends the exploration if no thread can go on any more.
    ///
    /// Asked whenever a thread begins to wait or ends, so that no engine has to find out. A thread
    /// that does not wait counts as able to go on, wherever in the engine it is.
    #[inline]
    pub(super) fn fail_if_stuck(&self) {
        if !self.backend.finds_stuck_threads() && !self.unwinds() {
            self.find_stuck_threads();
        }
    }

    #[inline(never)]
    fn find_stuck_threads(&self) {
        let threads = self.threads.borrow();
        let mut unfinished = threads.iter().enumerate().filter(|(_, model)| !model.finished);
        let is_stuck = |(thread, model): (usize, &ModelThread)| {
            Waiter::of(thread, model).is_some_and(|waiter| self.must_wait(&waiter))
        };
        let are_stuck = unfinished.clone().next().is_some() && unfinished.all(is_stuck);
        drop(threads);
        if are_stuck {
            self.abandon(self.failure_of_stuck(None));
        }
    }

    /// Whether what the thread waits for has not come yet.
    fn must_wait(&self, waiter: &Waiter) -> bool {
        match waiter.intent {
            Intent::Park { .. } => !self.backend_thread(waiter.thread).has_token(),
            Intent::Join { child, .. } => !self.threads.borrow()[child].finished,
            Intent::EndWait { .. } | Intent::Await(_) => {
                match &self.object(waiter.object.unwrap_or(usize::MAX)).side {
                    Side::Condvar { condvar, .. } => condvar.is_waiting(waiter.thread),
                    Side::Built(built) => built.has_waiter(waiter.thread),
                    _ => false,
                }
            }
            _ => !self.actors(waiter).is_empty(),
        }
    }

    /// The failure that a standstill makes. An engine that knows why says so, and is asked no more,
    /// unless a thread waits at a built object: of those only the facade knows.
    fn failure_of_stuck(&self, said: Option<Standstill>) -> Ending {
        let stuck = self.waiters();
        self.record_waits(&stuck);
        let is_built = |waiter: &Waiter| matches!(waiter.intent, Intent::Await(_));
        let said = said.filter(|_| !stuck.iter().any(is_built));
        let Standstill { kind, threads } = said.unwrap_or_else(|| self.diagnose(&stuck));
        let waiter = |thread: &usize| stuck.iter().find(|waiter| waiter.thread == *thread);
        let ordered = threads.iter().filter_map(waiter);
        let blocked = ordered.map(|waiter| self.describe(*waiter)).collect();
        self.failure(match kind {
            DefectKind::LostWakeUp => Defect::LostWakeUp { blocked },
            DefectKind::Parked => Defect::Parked { blocked },
            _ => Defect::Deadlock { blocked },
        })
    }

    /// A cycle is a deadlock, whatever else waits beside it. Without one, a thread that waits for a
    /// notification has lost it, and a parked one was left parked.
    fn diagnose(&self, stuck: &[Waiter]) -> Standstill {
        let cycle = self.find_cycle(stuck);
        let waits = |wanted: fn(Intent) -> bool| stuck.iter().any(|waiter| wanted(waiter.intent));
        let kind = if !cycle.is_empty() {
            DefectKind::Deadlock
        } else if waits(|intent| matches!(intent, Intent::EndWait { .. })) {
            DefectKind::LostWakeUp
        } else if waits(|intent| matches!(intent, Intent::Park { .. })) {
            DefectKind::Parked
        } else {
            DefectKind::Deadlock
        };
        let others = stuck.iter().map(|waiter| waiter.thread);
        let others: Vec<_> = others.filter(|thread| !cycle.contains(thread)).collect();
        Standstill { kind, threads: [cycle, others].concat() }
    }

    fn record_waits(&self, waiters: &[Waiter]) {
        for waiter in waiters {
            let operation = self.wish_of(waiter);
            self.record_stuck(waiter.thread, operation, waiter.object, waiter.at);
        }
    }

    /// Records what keeps threads waiting while another one goes on without an end.
    ///
    /// A wait that a signal ends is an event of its own already, and an engine may have ended it.
    pub(super) fn record_waits_beside(&self) {
        let keeps_waiting = |waiter: &Waiter| match waiter.intent {
            Intent::EndWait { .. } | Intent::Park { .. } => false,
            _ => self.must_wait(waiter),
        };
        let mut waits = self.waiters();
        waits.retain(keeps_waiting);
        self.record_waits(&waits);
    }

    /// The threads that wait, whether or not they must.
    fn waiters(&self) -> Vec<Waiter> {
        let threads = self.threads.borrow();
        threads.iter().enumerate().filter_map(|(thread, model)| Waiter::of(thread, model)).collect()
    }

    /// The threads that wait for each other in a cycle, in its order; empty if none do.
    fn find_cycle(&self, stuck: &[Waiter]) -> Vec<usize> {
        for start in stuck {
            let mut path = vec![start.thread];
            if self.closes_cycle(stuck, &mut path) {
                return path;
            }
        }
        Vec::new()
    }

    /// Extends `path` until it closes on its first thread; leaves it as it was if it never does.
    fn closes_cycle(&self, stuck: &[Waiter], path: &mut Vec<usize>) -> bool {
        let last = stuck.iter().find(|waiter| path.last() == Some(&waiter.thread));
        for actor in last.map_or_else(Vec::new, |last| self.actors(last)) {
            if actor == path[0] {
                return true;
            }
            if path.contains(&actor) || !stuck.iter().any(|waiter| waiter.thread == actor) {
                continue;
            }
            path.push(actor);
            if self.closes_cycle(stuck, path) {
                return true;
            }
            path.pop();
        }
        false
    }

    /// The threads that would have to act for the wait to end.
    pub(super) fn actors(&self, waiter: &Waiter) -> Vec<usize> {
        let (mode, is_upgrade) = match waiter.intent {
            Intent::Join { child, .. } => return vec![child],
            Intent::Acquire(mode) => (mode, false),
            Intent::Upgrade => (LockMode::Exclusive, true),
            // An initialization that runs is held by the thread that runs it.
            Intent::Reacquire { .. } | Intent::Await(_) => (LockMode::Exclusive, false),
            _ => return Vec::new(),
        };
        let owners = self.owners.in_the_way(waiter.object.unwrap_or(usize::MAX), mode);
        // One that upgrades does not wait for its own upgradable read.
        let is_passed =
            |thread, mode| is_upgrade && thread == waiter.thread && mode == LockMode::Upgradable;
        let others = owners.iter().filter(|owner| !is_passed(owner.thread, owner.mode));
        others.map(|owner| owner.thread).collect()
    }

    /// The operation that the thread waits to do.
    pub(super) fn wish_of(&self, waiter: &Waiter) -> Operation {
        let object = waiter.object.map(|object| self.object(object));
        Self::wish(waiter.intent, object.as_deref())
    }

    /// The operation that a thread with this intent waits to do.
    pub(super) fn wish(intent: Intent, object: Option<&ModelObject>) -> Operation {
        match intent {
            Intent::EndWait { mutex, .. } => Operation::Wait { mutex },
            Intent::Enlist(operation) | Intent::Await(operation) => operation.event(),
            Intent::Upgrade => Operation::WriteLock,
            Intent::Join { child, .. } => Operation::Join { child, panicked: false },
            Intent::Reacquire { .. } => Operation::Lock,
            _ => event(&intent, object, &Reply::Done),
        }
    }
}
