//! What a scenario does to the sequential counterpart: looked at before any engine runs it.
//!
//! Here a specification that cannot be used is found, and a scenario that could never end, so that
//! neither is taken for a defect of the subject.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Scenario;
use crate::Specification;

/// What was found out about a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outlook {
    /// Every order lets every call return.
    Ends,
    /// Some orders leave calls that wait for ever.
    MayWait,
    /// The calls before the threads, or those after them whatever the order, wait for ever.
    Waits {
        /// The number of the first call that does.
        call: usize,
    },
}

/// Takes the calls in every order that the threads allow.
///
/// # Errors
///
/// What is wrong with the specification, and how to mend it.
pub(crate) fn look_ahead<S: Specification>(
    specification: &S,
    scenario: &Scenario<S::Operation>,
) -> Result<Outlook, String> {
    let mut state = specification.clone();
    for (call, operation) in scenario.before.iter().enumerate() {
        match perform(&state, operation)? {
            Some(next) => state = next,
            None => return Ok(Outlook::Waits { call }),
        }
    }
    let mut search =
        SequentialSearch { scenario, seen: HashSet::new(), stuck: false, finals: HashSet::new() };
    search.visit(&mut vec![0; scenario.threads.len()], &state)?;
    let ends = search.finals.iter().map(|state| search.after(state));
    let ends: Vec<Option<usize>> = ends.collect::<Result<_, _>>()?;
    Ok(match ends.iter().copied().min().flatten() {
        Some(call) => Outlook::Waits { call },
        None if search.stuck || ends.iter().any(Option::is_some) => Outlook::MayWait,
        None => Outlook::Ends,
    })
}

struct SequentialSearch<'a, S: Specification> {
    scenario: &'a Scenario<S::Operation>,
    seen: HashSet<(Vec<usize>, S)>,
    /// Whether some order leaves calls of the threads that wait.
    stuck: bool,
    /// The states in which the threads may end.
    finals: HashSet<S>,
}

impl<S: Specification> SequentialSearch<'_, S> {
    fn visit(&mut self, done: &mut Vec<usize>, state: &S) -> Result<(), String> {
        if !self.seen.insert((done.clone(), state.clone())) {
            return Ok(());
        }
        let mut is_stuck = false;
        let mut goes_on = false;
        for thread in 0..done.len() {
            let Some(operation) = self.scenario.threads[thread].get(done[thread]) else { continue };
            let Some(next) = perform(state, operation)? else {
                is_stuck = true;
                continue;
            };
            goes_on = true;
            done[thread] += 1;
            self.visit(done, &next)?;
            done[thread] -= 1;
        }
        if !goes_on && is_stuck {
            self.stuck = true;
        } else if !goes_on {
            self.finals.insert(state.clone());
        }
        Ok(())
    }

    /// The number of the first call after the threads that waits for ever.
    fn after(&self, state: &S) -> Result<Option<usize>, String> {
        let mut state = state.clone();
        for (index, operation) in self.scenario.after.iter().enumerate() {
            match perform(&state, operation)? {
                Some(next) => state = next,
                None => return Ok(Some(self.scenario.first_after() + index)),
            }
        }
        Ok(None)
    }
}

/// The state after the operation; `None` if it waits. It is performed twice, because it must do
/// the same both times.
fn perform<S: Specification>(state: &S, operation: &S::Operation) -> Result<Option<S>, String> {
    let mut states = [state.clone(), state.clone()];
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        if state.waits(operation) {
            return None;
        }
        let [first, second] = &mut states;
        Some([first.apply(operation), second.apply(operation)])
    }));
    let [first, second] = states;
    match outcome {
        Err(payload) => Err(panicked::<S>(operation, payload.as_ref())),
        Ok(None) => Ok(None),
        Ok(Some([one, other])) if one != other => Err(format!(
            "the specification is not deterministic: from one state `{operation:?}` returns \
             `{one:?}` and then `{other:?}`. Let `apply` depend on the state and the operation \
             alone: no clock, no random number, no `HashMap` whose order shows, nothing outside"
        )),
        Ok(Some(_)) if first != second => Err(format!(
            "the specification is not deterministic: from one state `{operation:?}` leads to two \
             states that are not equal. Let `apply` depend on the state and the operation alone, \
             and `Eq` compare nothing that cannot be told by a call"
        )),
        Ok(Some(_)) => Ok(Some(first)),
    }
}

fn panicked<S: Specification>(
    operation: &S::Operation,
    payload: &(dyn std::any::Any + Send),
) -> String {
    let text = payload.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
    format!(
        "the sequential counterpart panics at `{operation:?}`: {text}. Let `apply` return a value \
         for it, or keep the call out of such states: by the values of its arguments, or by \
         `waits` if the concurrent type waits there"
    )
}
