//! The word *proved* is earned by a complete search without a bound, and by nothing less.

use lockproof::engine::{BlindSpot, Ending, Engine, Exploration, Settings, Strategy, explore};

use super::Verdict;

/// A complete exhaustive search that found nothing: real threads lend the other facts.
fn clean_exploration() -> Exploration {
    let mut exploration = explore(Engine::Std, &Settings::default(), || {});
    exploration.engine = Engine::Loom;
    exploration.strategy = Strategy::Exhaustive;
    exploration
}

#[test]
fn a_complete_exhaustive_search_proves() {
    assert_eq!(Verdict::from(&clean_exploration()), Verdict::Proved);
}

#[test]
fn a_bounded_search_does_not_prove() {
    let mut exploration = clean_exploration();
    exploration.preemptions = Some(2);
    let missing = vec!["executions with more than 2 preemptions".to_owned()];
    assert_eq!(Verdict::from(&exploration), Verdict::Held { missing });
}

#[test]
fn a_search_with_a_blind_spot_does_not_prove() {
    let mut exploration = clean_exploration();
    exploration.blind_spots = vec![BlindSpot::PlainAtomics];
    let missing = vec!["interleavings of plain atomic loads and stores".to_owned()];
    assert_eq!(Verdict::from(&exploration), Verdict::Held { missing });
}

#[test]
fn a_sampled_search_does_not_prove() {
    let mut exploration = clean_exploration();
    exploration.strategy = Strategy::Random;
    let missing = vec!["schedules that were not sampled".to_owned()];
    assert_eq!(Verdict::from(&exploration), Verdict::Held { missing });
}

#[test]
fn a_truncated_search_is_inconclusive() {
    let mut exploration = clean_exploration();
    exploration.ending = Ending::OutOfBudget { budget: "10 executions".to_owned() };
    let reason = "out of budget: 10 executions".to_owned();
    assert_eq!(Verdict::from(&exploration), Verdict::Inconclusive { reason });
}
