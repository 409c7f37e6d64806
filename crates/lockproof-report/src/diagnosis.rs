//! What went wrong, in one sentence: patterns of mistakes, found in the events of the execution.
//!
//! Each pattern is a file, and claims only what the events show. Where none fits, the sentence is
//! the defect's own. A thread that "took a lock to write" borrowed its guard mutably, and one that
//! "took it to read" did not.

mod accesses;
mod acquisitions;
pub(crate) mod deadlock;
mod lost_update;
mod lost_wake_up;
mod stale;
mod torn;
mod wake_up;
mod weak_memory;

use std::collections::BTreeSet;

use lockproof_record::{
    RecordedBlock, RecordedDefectKind as Kind, RecordedEvent, RecordedFailure, RecordedTrace,
    one_line,
};

use self::accesses::SharedAccess;
use self::acquisitions::Pattern;
use crate::labels::Labels;

/// A defect in an execution.
///
/// ```
/// use lockproof_report::diagnosis;
/// use lockproof_record::RecordedFailure;
///
/// let access = |thread, kind, value, line| serde_json::json!({
///     "thread": thread, "operation": kind, "object": "total",
///     "location": format!("counter.rs:{line}:1"),
///     "action": {"kind": kind, "object": 0, "name": kind,
///         (if kind == "load" { "read" } else { "written" }): value},
/// });
/// let failure: RecordedFailure = serde_json::from_value(serde_json::json!({
///     "defect": {"kind": "panic", "sentence": "panic in A: an increment is lost"},
///     "execution": 1,
///     "trace": {
///         "threads": ["A", "B"],
///         "objects": [{"name": "total", "kind": "atomic", "created": "counter.rs:1:1"}],
///         "events": [
///             access(0, "load", "0", 31), access(1, "load", "0", 31),
///             access(0, "store", "1", 32), access(1, "store", "1", 32),
///         ],
///     },
/// }))?;
/// let diagnosis = diagnosis::of(&failure);
/// assert_eq!(
///     diagnosis.sentence,
///     "B overwrote the increment of A in total: both read 0 at counter.rs:31"
/// );
/// assert_eq!(diagnosis.events.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// One sentence, safe to show.
    pub sentence: String,
    /// The events that it speaks of: indices into [`RecordedTrace::events`].
    pub events: BTreeSet<usize>,
}

/// Says what went wrong in `failure`.
pub fn of(failure: &RecordedFailure) -> Diagnosis {
    with(failure, &Labels::of(failure))
}

/// The same, with names that have been made already.
pub(crate) fn with(failure: &RecordedFailure, labels: &Labels) -> Diagnosis {
    match Evidence::of(failure, labels).finding() {
        Some(Finding { sentence, events }) => Diagnosis { sentence: one_line(&sentence), events },
        None => Diagnosis { sentence: failure.defect.summary(), events: BTreeSet::new() },
    }
}

/// What a detector found.
struct Finding {
    sentence: String,
    events: BTreeSet<usize>,
}

impl Finding {
    fn new(sentence: String, events: impl IntoIterator<Item = usize>) -> Self {
        Self { sentence, events: events.into_iter().collect() }
    }
}

/// What the detectors look at.
struct Evidence<'a> {
    failure: &'a RecordedFailure,
    trace: &'a RecordedTrace,
    labels: &'a Labels,
    accesses: Vec<SharedAccess>,
}

impl<'a> Evidence<'a> {
    fn of(failure: &'a RecordedFailure, labels: &'a Labels) -> Self {
        let trace = &failure.trace;
        let accesses = accesses::of(trace);
        Self { failure, trace, labels, accesses }
    }

    /// The most telling pattern, those that leave least to explain first.
    fn finding(&self) -> Option<Finding> {
        match self.failure.defect.kind {
            Kind::Deadlock => deadlock::find(self),
            Kind::LostWakeUp => lost_wake_up::find(self),
            Kind::Parked => lost_wake_up::find_parked(self),
            // Of a long execution the middle is missing, and with it what happened in between.
            Kind::Panic | Kind::NotLinearizable if self.trace.gap.is_none() => {
                let half = || acquisitions::find(self, Pattern::HalfWritten);
                lost_update::find(self)
                    .or_else(|| acquisitions::find(self, Pattern::ReadThenWrite))
                    .or_else(|| torn::find(self))
                    .or_else(half)
                    .or_else(|| wake_up::find(self))
                    .or_else(|| weak_memory::find(self))
                    .or_else(|| acquisitions::find(self, Pattern::ReadTwice))
                    .or_else(|| stale::find(self))
                    .or_else(|| acquisitions::find(self, Pattern::Mixed))
            }
            Kind::Panic
            | Kind::NotLinearizable
            | Kind::DataRace
            | Kind::Livelock
            | Kind::LockOrderInversion
            | Kind::StackOverflow
            | Kind::Nondeterminism
            | Kind::Hang
            | Kind::UnwantedOutcome
            | Kind::NotSequentiallyConsistent
            | Kind::NotQuiescentlyConsistent
            | Kind::NotSerializable
            | Kind::NotSerializableByThreads => None,
        }
    }

    fn event(&self, access: &SharedAccess) -> &'a RecordedEvent {
        &self.trace.events[access.begin]
    }

    fn thread(&self, access: &SharedAccess) -> &'a str {
        self.labels.thread(access.thread)
    }

    fn object(&self, access: &SharedAccess) -> &'a str {
        self.labels.object(access.object)
    }

    fn place(&self, access: &SharedAccess) -> String {
        self.labels.place(&self.event(access).location)
    }

    /// Where both are made.
    fn places(&self, accesses: [&SharedAccess; 2]) -> String {
        let [one, other] = accesses.map(|access| self.place(access));
        if one == other { one } else { format!("{one} and {other}") }
    }

    fn name_of(&self, blocked: &'a RecordedBlock) -> &'a str {
        blocked.index.map_or(blocked.thread.as_str(), |index| self.labels.thread(index))
    }

    /// The access before this one of the same thread to the same object.
    fn previous(&self, access: &SharedAccess) -> Option<&SharedAccess> {
        let alike =
            |other: &&SharedAccess| (other.thread, other.object) == (access.thread, access.object);
        self.accesses.iter().take_while(|other| *other != access).filter(alike).last()
    }

    /// The last event of this thread.
    fn last_event(&self, blocked: &RecordedBlock) -> Option<usize> {
        let thread = blocked.index?;
        self.trace.events.iter().rposition(|event| event.thread == thread)
    }
}

#[cfg(test)]
mod tests;
