//! Summary of one execution: which locks a thread held while it acquired or waited for which.
//!
//! Built from a stream of events, each of which is looked at once.

use lockproof::trace::{Event, LockEffect, LockMode, Operation, Phase, SourceLocation};
use lockproof_record::{Holdings, LockChange, RecordedMode};

use super::calls::waits;
use super::segments::Segments;
use crate::conversion::mode;
use crate::numbering::Numbering;

/// Summary of one execution. Threads and objects are indices of its trace.
#[derive(Default)]
pub(super) struct ExecutionSummary {
    /// Every lock that was waited for, or would have been had it not been free; each way once.
    pub(super) acquisitions: Vec<Acquisition>,
    /// Every blocking call that was made under a lock.
    pub(super) calls: Vec<BlockingCall>,
    /// Every critical section that came to its end.
    pub(super) sections: Vec<EndedSection>,
    pub(super) segments: Segments,
}

/// A thread acquires a lock, and waits for it if it must.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Acquisition {
    pub(super) thread: usize,
    pub(super) object: usize,
    pub(super) mode: RecordedMode,
    pub(super) at: SourceLocation,
    pub(super) held: Vec<HeldSince>,
    /// The thread's segment.
    pub(super) segment: usize,
}

/// A lock that a thread holds.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct HeldSince {
    pub(super) object: usize,
    pub(super) mode: RecordedMode,
    pub(super) since: SourceLocation,
}

/// A blocking call under a lock.
pub(super) struct BlockingCall {
    pub(super) held: HeldSince,
    pub(super) event: Event,
}

/// A critical section that has ended.
pub(super) struct EndedSection {
    pub(super) thread: usize,
    pub(super) object: usize,
    pub(super) since: SourceLocation,
    pub(super) events: usize,
}

/// Builds the summary of an execution.
#[derive(Default)]
pub(super) struct SummaryBuilder {
    threads: Vec<ThreadProgress>,
    /// Since when: the place, and the thread's count of events, the acquisition included.
    holdings: Holdings<(SourceLocation, usize)>,
    acquisitions: Numbering<Acquisition>,
    summary: ExecutionSummary,
}

#[derive(Clone, Default)]
struct ThreadProgress {
    events: usize,
    /// The wait that its last event announced.
    waits: Option<Event>,
}

impl SummaryBuilder {
    /// The next event of the execution.
    pub(super) fn event(&mut self, event: &Event) {
        if self.threads.len() <= event.thread {
            self.threads.resize(event.thread + 1, ThreadProgress::default());
        }
        let thread = &mut self.threads[event.thread];
        // What the thread waits for is not done yet: it counts when it is, or at the end.
        if event.phase == Phase::Blocked {
            thread.waits = Some(event.clone());
            return;
        }
        let waited = thread.waits.take().is_some();
        thread.events += 1;
        // The lock first: a wait on a condition variable releases its mutex, so that one is not
        // held across the call.
        if let Some(effect) = event.operation.lock_effect() {
            self.apply(event, effect);
        }
        match event.operation {
            Operation::Spawn { child } => self.summary.segments.spawn(event.thread, child),
            Operation::Join { child, .. } => {
                self.call(event);
                self.summary.segments.join(event.thread, child);
            }
            Operation::Wait { .. } => self.call(event),
            Operation::SeeInitialized { complete: true } if waited => self.find_initialized(event),
            ref operation if waits(operation).is_some_and(|surely| surely || waited) => {
                self.call(event);
            }
            _ => {}
        }
    }

    /// The execution has ended.
    pub(super) fn end(mut self) -> ExecutionSummary {
        // A deadlock ends here: each of its threads waits for a lock that it never acquired. What
        // it holds while it waits is an edge all the same.
        for thread in std::mem::take(&mut self.threads) {
            thread.waits.iter().for_each(|event| self.end_waiting(event));
        }
        let acquisitions = self.acquisitions.into_things();
        ExecutionSummary { acquisitions, ..self.summary }
    }

    /// A thread still waits at the end of the execution.
    fn end_waiting(&mut self, event: &Event) {
        match (event.operation.lock_effect(), &event.operation) {
            (Some(LockEffect::ReleasedToWait { .. }), _) | (None, Operation::Join { .. }) => {
                self.call(event);
            }
            (Some(effect @ (LockEffect::Acquired { .. } | LockEffect::Converted { .. })), _) => {
                self.acquire(event, effect);
            }
            (None, Operation::SeeInitialized { complete: true }) => self.find_initialized(event),
            (None, operation) if waits(operation).is_some() => self.call(event),
            _ => {}
        }
    }

    fn apply(&mut self, event: &Event, effect: LockEffect) {
        let Some(lock) = effect.lock(event.object) else { return };
        // An attempt does not wait, so it cannot be part of a deadlock by what it acquires, only by
        // what it then holds.
        if effect.waits() {
            self.acquire(event, effect);
        }
        let (before, after) = (effect.before().map(mode), effect.after().map(mode));
        let events = self.threads[event.thread].events;
        let now = || (event.location.clone(), events);
        // A conversion stays in its critical section.
        let change = LockChange { lock, before, after };
        let ended = self.holdings.apply(event.thread, change, |old| old.unwrap_or_else(now));
        self.summary.sections.extend(ended.map(|ended| {
            let (since, acquired) = ended.since;
            let events = events - 1 - acquired;
            EndedSection { thread: event.thread, object: lock, since, events }
        }));
    }

    /// Notes what the thread holds while it acquires the lock.
    fn acquire(&mut self, event: &Event, effect: LockEffect) {
        let lock = effect.lock(event.object).zip(effect.after());
        let Some((object, wanted)) = lock else { return };
        // A thread that converts its own hold of a lock does not wait for itself.
        let own = effect.before().map(|_| object);
        self.note(event, object, mode(wanted), own);
    }

    /// The thread has waited for another one that initializes the object, as for a lock.
    fn find_initialized(&mut self, event: &Event) {
        let Some(object) = event.object else { return };
        self.note(event, object, mode(LockMode::Exclusive), None);
    }

    fn note(&mut self, event: &Event, object: usize, mode: RecordedMode, own: Option<usize>) {
        // All locks that the thread holds, not the last one only: any of them may be the other end
        // of a cycle, and any of them may be a gate.
        let held = self.held(event.thread).filter(|held| Some(held.object) != own).collect();
        let segment = self.summary.segments.now(event.thread);
        let (thread, at) = (event.thread, event.location.clone());
        // Numbered: a loop that acquires the same lock a thousand times makes one acquisition.
        self.acquisitions.number(&Acquisition { thread, object, mode, at, held, segment });
    }

    fn call(&mut self, event: &Event) {
        let calls: Vec<_> = self
            .held(event.thread)
            .map(|held| BlockingCall { held, event: event.clone() })
            .collect();
        self.summary.calls.extend(calls);
    }

    fn held(&self, thread: usize) -> impl Iterator<Item = HeldSince> {
        self.holdings.of(thread).map(|holding| HeldSince {
            object: holding.lock,
            mode: holding.mode,
            since: holding.since.0.clone(),
        })
    }
}
