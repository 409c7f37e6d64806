//! The bounded strategy against brute force: for each bound on preemptions, the traces that the
//! schedules within it have, no more and no fewer.

use std::collections::HashSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use lockproof_explore::{Access, Bounded, Exact, Reduction, conflict};

use crate::program::{self, Program};
use crate::reference;
use crate::schedules::schedules;
use crate::subject;
use crate::trace::{Event, normal_form};

/// Programs with more steps in all their schedules are left out for that bound.
const MOST_STEPS: usize = 10_000;
const BOUNDS: [u32; 4] = [0, 1, 2, 3];

/// What it took to explore some programs.
#[derive(Debug, Default)]
struct Effort {
    programs: u64,
    /// Equivalence classes within the bound.
    traces: u64,
    /// Of brute force: the schedules within the bound.
    schedules: u64,
    /// Of the engine: executions that came to their end, and those that were abandoned.
    executions: u64,
    abandoned: u64,
}

/// What the strategy did wrong, if it did.
fn difference<R: Reduction>(
    program: &Program,
    bound: u32,
    effort: &mut Effort,
) -> Result<(), String> {
    let mut expected: HashSet<Vec<Event>> = HashSet::new();
    let mut count = 0;
    let is_cut = schedules(program, bound, MOST_STEPS, &mut |trace| {
        count += 1;
        expected.insert(normal_form(trace));
    });
    let Some(is_cut) = is_cut else { return Ok(()) };
    let (outcome, forms) = subject::run(program, &mut Bounded::<R>::with_reduction(bound));
    let explored: HashSet<Vec<Event>> = forms.iter().cloned().collect();
    effort.programs += 1;
    effort.traces += expected.len() as u64;
    effort.schedules += count;
    effort.executions += outcome.executions;
    effort.abandoned += outcome.abandoned;
    if let Some(missed) = expected.difference(&explored).next() {
        return Err(format!("missed: {missed:?}"));
    }
    if let Some(invented) = explored.difference(&expected).next() {
        return Err(format!("not within the bound: {invented:?}"));
    }
    if !is_cut && !outcome.is_complete() {
        return Err("the bound forbade nothing, and the search does not say so".to_owned());
    }
    if outcome.is_complete() == outcome.facts.met.preemptions {
        return Err(format!("{:?}, and {:?}", outcome.stop_reason, outcome.facts.met));
    }
    if outcome.is_complete() {
        let all = reference::traces(program, usize::MAX).expect("there is no limit");
        if let Some(missed) = all.difference(&explored).next() {
            return Err(format!("said to be complete, and missed: {missed:?}"));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_trace_within_the_bound_is_explored_and_no_other(program in program::programs()) {
        for bound in BOUNDS {
            let difference = difference::<Exact>(&program, bound, &mut Effort::default());
            prop_assert_eq!(difference, Ok(()), "at most {} preemptions", bound);
        }
    }
}

/// The first difference that a twin makes on many random programs, and the effort until then.
fn first_difference<R: Reduction>(bound: u32) -> (Option<String>, Effort) {
    let mut runner = TestRunner::deterministic();
    let mut effort = Effort::default();
    let found = (0..300).find_map(|_| {
        let program = program::programs().new_tree(&mut runner).ok()?.current();
        difference::<R>(&program, bound, &mut effort).err()
    });
    (found, effort)
}

#[test]
fn few_executions_are_redundant() {
    for bound in BOUNDS {
        let (difference, effort) = first_difference::<Exact>(bound);
        assert_eq!(difference, None);
        println!("at most {bound} preemptions: {effort:?}");
        assert!(effort.programs > 100, "programs small enough: {effort:?}");
        assert!(effort.executions < effort.schedules / 2, "the reduction reduces: {effort:?}");
        let redundant = effort.executions - effort.traces;
        assert!(redundant * 4 < effort.traces, "few classes are met again: {effort:?}");
    }
}

/// A twin that takes a beginning for expanded whoever could go on then.
struct NobodyRuns;

impl Reduction for NobodyRuns {
    fn tells_who_runs() -> bool {
        false
    }
}

/// A twin that takes a beginning for expanded with however few preemptions left that was.
struct NothingCounts;

impl Reduction for NothingCounts {
    fn covers(_: u32, _: u32) -> bool {
        true
    }
}

/// A twin that takes loads to be independent of stores.
struct LoadsAreFree;

impl Reduction for LoadsAreFree {
    fn conflict(a: Access, b: Access) -> bool {
        a != Access::Read && b != Access::Read && conflict(a, b)
    }
}

fn is_noticed<R: Reduction>() {
    let found = BOUNDS.into_iter().find_map(|bound| first_difference::<R>(bound).0);
    assert!(found.as_ref().is_some_and(|found| found.contains("missed")), "{found:?}");
}

#[test]
fn a_key_without_the_thread_that_could_go_on_is_noticed() {
    is_noticed::<NobodyRuns>();
}

#[test]
fn a_key_without_the_preemptions_is_noticed() {
    is_noticed::<NothingCounts>();
}

#[test]
fn a_hash_that_forgets_a_dependency_is_noticed() {
    is_noticed::<LoadsAreFree>();
}
