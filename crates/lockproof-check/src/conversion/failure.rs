//! A failing execution as a record.

use lockproof::engine::{BlockedThread, Defect, Failure, Minimality};
use lockproof_record::{
    RecordedBlock, RecordedDefect, RecordedFailure, RecordedHold, RecordedMinimality,
    RecordedScenario,
};

use super::named;
use super::trace::{location, trace};

/// The record of a failure.
pub(crate) fn failure(failure: &Failure) -> RecordedFailure {
    RecordedFailure {
        defect: defect(&failure.defect),
        execution: failure.execution,
        trace: trace(&failure.trace),
        schedule: failure.schedule.as_ref().map(ToString::to_string),
        minimality: failure.minimality.as_ref().map(minimality),
        not_shortened: None,
        scenario: None,
    }
}

/// The record of a failure in a scenario.
pub(crate) fn failure_in(failed: &Failure, scenario: RecordedScenario) -> RecordedFailure {
    RecordedFailure { scenario: Some(scenario), ..failure(failed) }
}

fn defect(defect: &Defect) -> RecordedDefect {
    let message = match defect {
        Defect::Panic { message, .. }
        | Defect::DataRace { message }
        | Defect::UnwantedOutcome { message }
        | Defect::Violation { message, .. } => message.clone(),
        _ => String::new(),
    };
    let place = match defect {
        Defect::Panic { location, .. } | Defect::StackOverflow { last: location, .. } => {
            location.as_ref()
        }
        Defect::LockOrderInversion { location, .. } => Some(location),
        _ => None,
    };
    let recorded = RecordedDefect {
        kind: named(defect.kind()),
        sentence: defect.to_string(),
        message,
        signature: defect.signature(),
        location: place.map(location),
        blocked: defect.blocked().iter().map(blocked).collect(),
    };
    recorded.cut()
}

fn blocked(blocked: &BlockedThread) -> RecordedBlock {
    let hold =
        |(lock, since): &(String, _)| RecordedHold { lock: lock.clone(), since: location(since) };
    RecordedBlock {
        thread: blocked.thread.clone(),
        waits_for: blocked.waits_for.clone(),
        location: location(&blocked.location),
        held_by: blocked.held_by.clone(),
        holds: blocked.holds.iter().map(hold).collect(),
        index: Some(blocked.index),
        actors: blocked.actors.clone(),
    }
}

fn minimality(minimality: &Minimality) -> RecordedMinimality {
    RecordedMinimality {
        preemptions: minimality.preemptions,
        context_switches: minimality.context_switches,
        events: minimality.events,
        established: minimality.established,
        is_shortest: minimality.is_shortest,
        sentence: minimality.to_string(),
    }
}
