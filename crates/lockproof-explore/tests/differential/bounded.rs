//! The bounded strategy against brute force: for each bound on preemptions, exactly the traces of the
//! schedules within it.

use std::collections::HashSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::program::{self, Program};
use super::reference;
use super::schedules::schedules;
use super::subject;
use super::trace::{Event, normal_form};
use crate::Bounded;
use crate::mutant::Mutant;

/// Programs with more steps in all their schedules are left out for that bound.
const MOST_STEPS: usize = 10_000;
const BOUNDS: [u32; 4] = [0, 1, 2, 3];

/// The effort for some programs.
#[derive(Debug, Default)]
struct Effort {
    programs: u64,
    /// Equivalence classes within the bound.
    traces: u64,
    /// The schedules within the bound, by brute force.
    schedules: u64,
    /// The engine's executions that ran to their end, and those that it abandoned.
    executions: u64,
    abandoned: u64,
}

/// The difference between the strategy and brute force, if there is one.
fn difference(program: &Program, bound: u32, effort: &mut Effort) -> Result<(), String> {
    let mut expected: HashSet<Vec<Event>> = HashSet::new();
    let mut count = 0;
    let is_cut = schedules(program, bound, MOST_STEPS, &mut |trace| {
        count += 1;
        expected.insert(normal_form(trace));
    });
    let Some(is_cut) = is_cut else { return Ok(()) };
    let (outcome, forms) = subject::run(program, &mut Bounded::new(bound));
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
            let difference = difference(&program, bound, &mut Effort::default());
            prop_assert_eq!(difference, Ok(()), "at most {} preemptions", bound);
        }
    }
}

/// The first difference on many random programs, and the effort until then.
fn first_difference(bound: u32, mutant: Option<Mutant>) -> (Option<String>, Effort) {
    let mut runner = TestRunner::deterministic();
    let mut effort = Effort::default();
    let found = (0..300).find_map(|_| {
        let program = program::programs().new_tree(&mut runner).ok()?.current();
        let mut compare = || difference(&program, bound, &mut effort).err();
        match mutant {
            Some(mutant) => mutant.during(compare),
            None => compare(),
        }
    });
    (found, effort)
}

#[test]
fn few_executions_are_redundant() {
    for bound in BOUNDS {
        let (difference, effort) = first_difference(bound, None);
        assert_eq!(difference, None);
        println!("at most {bound} preemptions: {effort:?}");
        assert!(effort.programs > 100, "programs small enough: {effort:?}");
        assert!(effort.executions < effort.schedules / 2, "the reduction reduces: {effort:?}");
        let redundant = effort.executions - effort.traces;
        assert!(redundant * 4 < effort.traces, "few classes are met again: {effort:?}");
    }
}

fn is_noticed(mutant: Mutant) {
    let found = BOUNDS.into_iter().find_map(|bound| first_difference(bound, Some(mutant)).0);
    assert!(found.as_ref().is_some_and(|found| found.contains("missed")), "{found:?}");
}

#[test]
fn a_key_without_the_thread_that_could_go_on_is_noticed() {
    is_noticed(Mutant::NoRunningThread);
}

#[test]
fn a_key_without_the_preemptions_is_noticed() {
    is_noticed(Mutant::NoPreemptions);
}

#[test]
fn a_hash_that_forgets_a_dependency_is_noticed() {
    is_noticed(Mutant::LoadsAreFree);
}
