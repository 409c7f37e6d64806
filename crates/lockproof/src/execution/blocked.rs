//! Explains an execution that can go no further: who waits for what, who holds it, and whether
//! that is a circle, a notification that cannot come any more, or a thread left parked.

use std::panic::Location;

use crate::engine::{BlockedThread, Defect, Ending};
use crate::execution::Execution;
use crate::execution::backend::Complaint;
use crate::execution::lock::Holder;
use crate::execution::threads::{ModelThread, Waiting};
use crate::trace::Operation;

/// A thread that waits: its index, for what, and where.
type Stuck = (usize, Waiting, &'static Location<'static>);

impl Execution {
    /// What the engine means by a panic of its own.
    pub(crate) fn complaint(&self, message: &str) -> Complaint {
        self.body.complaint(message)
    }

    /// The ending that the engine's complaint makes.
    pub(crate) fn ending_of(&self, complaint: Complaint, message: &str) -> Ending {
        self.count();
        match complaint {
            Complaint::Stuck => self.failure_of_stuck(),
            Complaint::TooManySteps => {
                let steps = self.run.settings.steps;
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

    /// Ends the exploration if the current thread is `own`er of what it waits for.
    pub(crate) fn fail_if_own(
        &self,
        own: bool,
        waiting: Waiting,
        location: &'static Location<'static>,
    ) {
        // An engine that finds stuck threads lets the others go on first.
        if !own || self.body.finds_stuck_threads() {
            return;
        }
        let thread = self.thread();
        self.threads.borrow_mut()[thread].waiting = Some((waiting, location));
        self.abandon(self.failure(Defect::Deadlock {
            blocked: vec![self.describe((thread, waiting, location))],
        }))
    }

    /// Ends the exploration if no thread can go on any more.
    ///
    /// Asked whenever a thread begins to wait or ends, so that no engine has to find out. A thread
    /// that does not wait counts as able to go on, wherever in the engine it is.
    #[inline]
    pub(crate) fn fail_if_stuck(&self) {
        if !self.body.finds_stuck_threads() && !self.unwinds() {
            self.find_stuck_threads();
        }
    }

    fn find_stuck_threads(&self) {
        let able = |(index, thread): (usize, &ModelThread)| {
            !thread.finished
                && thread.waiting.is_none_or(|(waiting, _)| !self.must_wait(index, waiting))
        };
        let threads = self.threads.borrow();
        let stuck =
            threads.iter().any(|thread| !thread.finished) && !threads.iter().enumerate().any(able);
        drop(threads);
        if stuck {
            self.abandon(self.failure_of_stuck());
        }
    }

    /// Whether what `thread` waits for has not come yet.
    fn must_wait(&self, thread: usize, waiting: Waiting) -> bool {
        match waiting {
            Waiting::Notification { condvar, .. } => self.condvars.get(condvar).is_waiting(thread),
            Waiting::Park => !self.thread_peer(thread).has_token(),
            Waiting::Initialization(index)
            | Waiting::Barrier(index)
            | Waiting::Message(index)
            | Waiting::Room(index) => self.queues.get(index).is_waiting(thread),
            Waiting::Join(child) => !self.threads.borrow()[child].finished,
            Waiting::Lock(_)
            | Waiting::ReadLock(_)
            | Waiting::WriteLock(_)
            | Waiting::UpgradableLock(_) => !self.actors(waiting).is_empty(),
        }
    }

    fn failure_of_stuck(&self) -> Ending {
        let stuck = self.stuck_threads();
        self.record_waits(&stuck);
        let circle = self.circle(&stuck);
        let mut order: Vec<Stuck> = circle.clone();
        order.extend(stuck.iter().filter(|thread| !circle.iter().any(|c| c.0 == thread.0)));
        let blocked = order.iter().map(|&thread| self.describe(thread)).collect();
        let waits =
            |wanted: fn(&Waiting) -> bool| stuck.iter().any(|(_, waiting, _)| wanted(waiting));
        let defect = if !circle.is_empty() {
            Defect::Deadlock { blocked }
        } else if waits(|waiting| matches!(waiting, Waiting::Notification { .. })) {
            Defect::LostWakeUp { blocked }
        } else if waits(|waiting| matches!(waiting, Waiting::Park)) {
            Defect::Parked { blocked }
        } else {
            Defect::Deadlock { blocked }
        };
        self.failure(defect)
    }

    fn record_waits(&self, waiting: &[Stuck]) {
        for &(thread, waiting, location) in waiting {
            let (operation, object) = self.wish(waiting);
            self.record_stuck(thread, operation, object, location);
        }
    }

    /// Records what keeps threads waiting while another one goes on without an end.
    ///
    /// A wait that a signal ends is an event of its own already, and an engine may have ended it.
    pub(crate) fn record_waits_beside(&self) {
        let keeps_waiting = |(thread, waiting, _): &Stuck| match waiting {
            Waiting::Notification { .. } | Waiting::Park => false,
            _ => self.must_wait(*thread, *waiting),
        };
        let mut waits = self.stuck_threads();
        waits.retain(keeps_waiting);
        self.record_waits(&waits);
    }

    fn stuck_threads(&self) -> Vec<Stuck> {
        let threads = self.threads.borrow();
        let waiting = threads.iter().enumerate().filter_map(|(index, thread)| {
            thread.waiting.map(|(waiting, location)| (index, waiting, location))
        });
        waiting.collect()
    }

    /// The threads that wait for each other in a circle, in its order; empty if none do.
    fn circle(&self, stuck: &[Stuck]) -> Vec<Stuck> {
        for start in stuck {
            let mut path = vec![*start];
            if self.follow(stuck, &mut path) {
                return path;
            }
        }
        Vec::new()
    }

    /// Extends `path` until it closes on its first thread; leaves it as it was if it never does.
    fn follow(&self, stuck: &[Stuck], path: &mut Vec<Stuck>) -> bool {
        let Some(&(_, waiting, _)) = path.last() else { return false };
        for actor in self.actors(waiting) {
            if actor == path[0].0 {
                return true;
            }
            let next = stuck.iter().find(|(thread, ..)| *thread == actor);
            if let Some(&next) = next.filter(|next| path.iter().all(|seen| seen.0 != next.0)) {
                path.push(next);
                if self.follow(stuck, path) {
                    return true;
                }
                path.pop();
            }
        }
        false
    }

    /// The threads that would have to act for the wait to end.
    fn actors(&self, waiting: Waiting) -> Vec<usize> {
        let threads = |holders: &[Holder]| holders.iter().map(|(thread, _)| *thread).collect();
        match waiting {
            Waiting::Lock(index) => threads(self.mutexes.get(index).owner.get().as_slice()),
            Waiting::ReadLock(index) => threads(self.rwlocks.get(index).writer.get().as_slice()),
            Waiting::UpgradableLock(index) => {
                let lock = self.rwlocks.get(index);
                lock.writer
                    .get()
                    .or(lock.upgrader.get())
                    .map(|(thread, _)| thread)
                    .into_iter()
                    .collect()
            }
            Waiting::WriteLock(index) => {
                let lock = self.rwlocks.get(index);
                let mut holders = lock.readers.borrow().clone();
                holders.extend(lock.writer.get());
                threads(&holders)
            }
            Waiting::Join(child) => vec![child],
            Waiting::Initialization(index) => {
                self.queues.get(index).actor.get().into_iter().collect()
            }
            Waiting::Notification { .. }
            | Waiting::Park
            | Waiting::Barrier(_)
            | Waiting::Message(_)
            | Waiting::Room(_) => Vec::new(),
        }
    }

    /// The operation that a waiting thread would like to do, and on what.
    pub(crate) fn wish(&self, waiting: Waiting) -> (Operation, Option<usize>) {
        match waiting {
            Waiting::Lock(index) => (Operation::Lock, Some(self.mutexes.get(index).object)),
            Waiting::ReadLock(index) => (Operation::ReadLock, Some(self.rwlocks.get(index).object)),
            Waiting::WriteLock(index) => {
                (Operation::WriteLock, Some(self.rwlocks.get(index).object))
            }
            Waiting::UpgradableLock(index) => {
                (Operation::UpgradableReadLock, Some(self.rwlocks.get(index).object))
            }
            Waiting::Notification { condvar, mutex } => {
                (Operation::Wait { mutex }, Some(self.condvars.get(condvar).object))
            }
            Waiting::Initialization(index) => {
                (Operation::BeginInitialization, Some(self.queues.get(index).object))
            }
            Waiting::Barrier(index) => {
                (Operation::Arrive { leads: false }, Some(self.queues.get(index).object))
            }
            Waiting::Message(index) => {
                (Operation::Receive { received: true }, Some(self.queues.get(index).object))
            }
            Waiting::Room(index) => {
                (Operation::Send { sent: true }, Some(self.queues.get(index).object))
            }
            Waiting::Join(child) => (Operation::Join { child, panicked: false }, None),
            Waiting::Park => (Operation::Park, None),
        }
    }

    fn describe(&self, (thread, waiting, location): Stuck) -> BlockedThread {
        let (operation, object) = self.wish(waiting);
        let trace = self.trace();
        let object = || object.map_or_else(String::new, |object| trace.objects[object].to_string());
        let waits_for = match waiting {
            Waiting::Notification { .. } => format!("a notification of {}", object()),
            Waiting::Initialization(_) => format!("the initialization of {}", object()),
            Waiting::Barrier(_) => format!("the other threads at {}", object()),
            Waiting::Message(_) => format!("a message of {}", object()),
            Waiting::Room(_) => format!("room in {}", object()),
            Waiting::Join(child) => format!("the end of {}", trace.threads[child]),
            Waiting::Park => "an unpark".to_owned(),
            _ => format!("{operation} {}", object()),
        };
        let held_by = match waiting {
            Waiting::Join(_) => Vec::new(),
            _ => self.actors(waiting).iter().map(|&actor| trace.threads[actor].clone()).collect(),
        };
        BlockedThread {
            thread: trace.threads[thread].clone(),
            waits_for,
            location: location.into(),
            held_by,
            holds: self
                .held_by(thread)
                .into_iter()
                .map(|(object, since)| (trace.objects[object].to_string(), since.into()))
                .collect(),
            index: thread,
            actors: self.actors(waiting),
        }
    }

    /// The locks that a thread holds: objects of the trace, each with where it was taken.
    fn held_by(&self, thread: usize) -> Vec<Holder> {
        let mut held = Vec::new();
        for lock in self.mutexes.all() {
            held.extend(
                lock.owner
                    .get()
                    .filter(|(owner, _)| *owner == thread)
                    .map(|(_, at)| (lock.object, at)),
            );
        }
        for lock in self.rwlocks.all() {
            let readers = lock.readers.borrow().clone();
            let holders = readers.into_iter().chain(lock.writer.get());
            held.extend(
                holders.filter(|(holder, _)| *holder == thread).map(|(_, at)| (lock.object, at)),
            );
        }
        held
    }
}
