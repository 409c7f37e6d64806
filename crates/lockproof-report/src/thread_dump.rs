//! The threads of an execution that came to nothing: what each holds and waits for, and who would
//! have to act.

use std::collections::BTreeSet;

use lockproof_record::{
    ActionKind, RecordedBlock, RecordedDefectKind, RecordedEvent, RecordedFailure, RecordedHold,
    RecordedState, one_line,
};

use crate::appearance::Role;
use crate::diagnosis::deadlock::cycle;
use crate::labels::Labels;
use crate::timeline;

/// The dump, a paragraph for each thread; empty for defects that do not leave threads standing.
///
/// Details are indented below the thread's name.
///
/// ```
/// use lockproof_record::RecordedFailure;
/// use lockproof_report::{Labels, Role, thread_dump};
///
/// let failure: RecordedFailure = serde_json::from_value(serde_json::json!({
///     "defect": {"kind": "deadlock", "sentence": "deadlock", "blocked": [
///         {"thread": "main", "waits_for": "lock a", "location": "a.rs:1:1", "held_by": ["main"],
///          "holds": [], "index": 0, "actors": [0]},
///     ]},
///     "execution": 1,
///     "trace": {"threads": ["main"], "events": []},
/// }))?;
/// let lines = thread_dump::lines(&failure, &Labels::of(&failure));
/// assert_eq!(lines[0], (Role::Thread(0), "main".to_owned()));
/// let wait = "  waits for lock a at a.rs:1; only itself could release it";
/// assert_eq!(lines[1], (Role::Wait, wait.to_owned()));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn lines(failure: &RecordedFailure, labels: &Labels) -> Vec<(Role, String)> {
    let dump = Dump::of(failure, labels);
    match failure.defect.kind {
        _ if !failure.defect.blocked.is_empty() => dump.threads(),
        RecordedDefectKind::Livelock if !failure.trace.events.is_empty() => dump.threads(),
        RecordedDefectKind::Hang => vec![(
            Role::Plain,
            "no thread dump: nobody watches real threads; an engine that controls the schedule \
             shows who waits for what (`--features lockproof/explore`)"
                .to_owned(),
        )],
        RecordedDefectKind::Livelock
        | RecordedDefectKind::Panic
        | RecordedDefectKind::Deadlock
        | RecordedDefectKind::LostWakeUp
        | RecordedDefectKind::Parked
        | RecordedDefectKind::DataRace
        | RecordedDefectKind::LockOrderInversion
        | RecordedDefectKind::StackOverflow
        | RecordedDefectKind::Nondeterminism
        | RecordedDefectKind::UnwantedOutcome
        | RecordedDefectKind::NotLinearizable
        | RecordedDefectKind::NotSequentiallyConsistent
        | RecordedDefectKind::NotQuiescentlyConsistent
        | RecordedDefectKind::NotSerializable
        | RecordedDefectKind::NotSerializableByThreads => Vec::new(),
    }
}

/// The same as text.
struct Dump<'a> {
    failure: &'a RecordedFailure,
    labels: &'a Labels,
    /// Where the execution stood at its end.
    state: RecordedState,
    ended: BTreeSet<usize>,
}

impl<'a> Dump<'a> {
    fn of(failure: &'a RecordedFailure, labels: &'a Labels) -> Self {
        let trace = &failure.trace;
        let exits = trace.events.iter().filter(|event| event.action.kind == ActionKind::Exit);
        Self {
            failure,
            labels,
            state: trace.state_before(trace.events.len()),
            ended: exits.map(|event| event.thread).collect(),
        }
    }

    fn threads(&self) -> Vec<(Role, String)> {
        let mut lines = Vec::new();
        for blocked in &self.failure.defect.blocked {
            lines.extend(self.blocked(blocked));
        }
        for thread in 0..self.failure.trace.threads.len() {
            let is_it = |blocked: &RecordedBlock| blocked.index == Some(thread);
            if !self.failure.defect.blocked.iter().any(is_it) {
                lines.extend(self.other(thread));
            }
        }
        lines.extend(self.cycle().map(|cycle| (Role::Alarm, cycle)));
        lines
    }

    /// A thread that can go no further.
    fn blocked(&self, blocked: &RecordedBlock) -> Vec<(Role, String)> {
        let name = one_line(blocked.index.map_or(&blocked.thread, |i| self.labels.thread(i)));
        let role = blocked.index.map_or(Role::Plain, Role::Thread);
        let mut lines = vec![(role, name)];
        lines.extend(blocked.holds.iter().map(|hold| (Role::Plain, self.hold(hold))));
        let wait = format!("waits for {}", blocked.waits_for);
        let place = self.labels.place(&blocked.location);
        let text = format!("  {} at {place}; {}", one_line(&wait), self.who_must_act(blocked));
        lines.push((Role::Wait, text));
        lines
    }

    /// A thread that has ended, or still runs.
    fn other(&self, thread: usize) -> Vec<(Role, String)> {
        let name = self.labels.thread(thread);
        let is_known = !self.failure.trace.events.is_empty();
        let mut lines = Vec::new();
        for hold in self.state.holds.of(thread) {
            let lock = self.labels.object(hold.lock);
            let place = self.labels.place(&hold.since);
            lines.push((Role::Plain, format!("  holds {lock}, since {place}")));
        }
        let last = self.failure.trace.events.iter().rfind(|event| event.thread == thread);
        let header = match last {
            _ if self.ended.contains(&thread) => format!("{name} has ended"),
            Some(last) if self.failure.defect.blocked.is_empty() => {
                lines.push((Role::Wait, format!("  {}", self.doing(last))));
                name.to_owned()
            }
            Some(_) => format!("{name} can go on"),
            None if is_known => format!("{name} has not begun"),
            None => return Vec::new(),
        };
        lines.insert(0, (Role::Thread(thread), header));
        lines
    }

    fn doing(&self, last: &RecordedEvent) -> String {
        let text = timeline::words(last, self.labels);
        let place = self.labels.place(&last.location);
        match text.strip_prefix("… ") {
            Some(waits) => format!("{waits} at {place}"),
            None => format!("did last: {text} at {place}"),
        }
    }

    fn hold(&self, hold: &RecordedHold) -> String {
        let place = self.labels.place(&hold.since);
        format!("  holds {}, since {place}", one_line(&hold.lock))
    }

    fn who_must_act(&self, blocked: &RecordedBlock) -> String {
        let is_gone = |actor: &usize| self.ended.contains(actor);
        if let Some(gone) = blocked.actors.iter().find(|actor| is_gone(actor)) {
            return format!("{} has ended and will not release it", self.labels.thread(*gone));
        }
        let actors: Vec<_> = match blocked.actors.as_slice() {
            [] => blocked.held_by.iter().map(|name| one_line(name)).collect(),
            actors => actors.iter().map(|actor| self.labels.thread(*actor).to_owned()).collect(),
        };
        let actors = actors.join(" and ");
        let waits_for = blocked.index.and_then(|thread| self.wish(thread));
        match waits_for {
            _ if blocked.actors.iter().any(|actor| Some(*actor) == blocked.index) => {
                "only itself could release it".to_owned()
            }
            Some(ActionKind::Wait) => "another thread would have to notify it".to_owned(),
            Some(ActionKind::Park) => "another thread would have to unpark it".to_owned(),
            Some(ActionKind::Receive) => "another thread would have to send to it".to_owned(),
            Some(ActionKind::Send) => "another thread would have to receive from it".to_owned(),
            Some(ActionKind::Arrive) => "other threads would have to arrive".to_owned(),
            _ if actors.is_empty() => "nobody is known who could let it go on".to_owned(),
            Some(ActionKind::Join) => format!("{actors} would have to end"),
            Some(ActionKind::BeginInitialization) => format!("{actors} would have to finish"),
            _ => format!("{actors} would have to release it"),
        }
    }

    /// What the thread's last event would like to do.
    fn wish(&self, thread: usize) -> Option<ActionKind> {
        let last = self.failure.trace.events.iter().rfind(|event| event.thread == thread)?;
        last.blocked.then_some(last.action.kind)
    }

    fn cycle(&self) -> Option<String> {
        let cycle = cycle(&self.failure.defect.blocked);
        let names = cycle.iter().chain(cycle.first()).filter_map(|blocked| blocked.index);
        let names: Vec<_> = names.map(|index| self.labels.thread(index)).collect();
        (names.len() > 2).then(|| format!("cycle: {}", names.join(" → ")))
    }
}

#[cfg(test)]
mod tests;
