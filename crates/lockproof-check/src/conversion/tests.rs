//! The record has a name for everything that the facade names, and it is the same name.

use std::fmt::Display;

use lockproof::engine::{Condition, DefectKind, Engine, Strategy};
use lockproof::trace::WakeUp;
use lockproof_record::{
    RecordedCondition, RecordedDefectKind, RecordedEngine, RecordedStrategy, RecordedWakeUp,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{condition, named};

/// The record's names of these things.
fn names<R: DeserializeOwned + Serialize, T: Display>(things: &[T]) -> Vec<R> {
    let name = |thing: &T| {
        let name = named::<R>(thing);
        let text = serde_json::to_value(&name).expect("a name can be written");
        assert_eq!(text, thing.to_string(), "the record calls it the same");
        name
    };
    things.iter().map(name).collect()
}

const CONDITIONS: [Condition; 5] = [
    Condition::Linearizability,
    Condition::SequentialConsistency,
    Condition::QuiescentConsistency,
    Condition::Serializability,
    Condition::ThreadSerializability,
];

#[test]
fn engines_have_their_names() {
    let engines = [Engine::Std, Engine::Explore, Engine::Loom, Engine::Shuttle];
    for (engine, recorded) in engines.iter().zip(names::<RecordedEngine, _>(&engines)) {
        assert_eq!(engine.to_string(), recorded.to_string());
        assert_eq!(engine.is_controlled(), recorded.is_controlled(), "{engine}");
    }
}

#[test]
fn strategies_have_their_names() {
    names::<RecordedStrategy, _>(&[
        Strategy::Stress,
        Strategy::Exhaustive,
        Strategy::Replay,
        Strategy::Random,
        Strategy::Pct { depth: 3 },
        Strategy::Pos,
        Strategy::Directed,
        Strategy::Surw,
    ]);
}

#[test]
fn defects_have_their_names() {
    names::<RecordedDefectKind, _>(&[
        DefectKind::Panic,
        DefectKind::Deadlock,
        DefectKind::LostWakeUp,
        DefectKind::Parked,
        DefectKind::DataRace,
        DefectKind::Livelock,
        DefectKind::LockOrderInversion,
        DefectKind::StackOverflow,
        DefectKind::Nondeterminism,
        DefectKind::Hang,
        DefectKind::UnwantedOutcome,
    ]);
    names::<RecordedDefectKind, _>(&CONDITIONS.map(DefectKind::Violation));
}

#[test]
fn conditions_have_their_adjectives_and_their_defects() {
    names::<RecordedCondition, _>(&CONDITIONS.map(Condition::adjective));
    for one in CONDITIONS {
        let violation = named::<RecordedDefectKind>(DefectKind::Violation(one));
        assert_eq!(condition(one).violation(), violation, "{one}");
    }
}

#[test]
fn wake_ups_have_their_names() {
    names::<RecordedWakeUp, _>(&[WakeUp::Notification, WakeUp::TimeOut, WakeUp::Spurious]);
}
