//! Sequential run of a scenario, before any engine runs it.
//!
//! Here a specification that cannot be used is found, and a scenario that could never end, so that
//! neither is taken for a defect of the subject.

use std::collections::HashSet;
use std::ops::Range;

use super::Scenario;
use crate::judge::{Automaton, CallStep, Misuse, StateNumber};
use crate::specification::Specification;

/// Result of the sequential run of a scenario.
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
/// The mistake in the specification, with the way out.
pub(crate) fn look_ahead<S: Specification>(
    specification: &S,
    scenario: &Scenario<S::Operation>,
) -> Result<Outlook, Misuse> {
    let operations = scenario.calls().map(|(_, operation)| operation.clone()).collect();
    let automaton = Automaton::new(specification, operations);
    let (seen, finals) = (HashSet::new(), HashSet::new());
    let mut search = SequentialSearch { scenario, automaton, seen, is_stuck: false, finals };
    let state = match search.in_a_row(0, 0..scenario.before.len())? {
        Ok(state) => state,
        Err(call) => return Ok(Outlook::Waits { call }),
    };
    search.visit(&mut vec![0; scenario.threads.len()], state)?;
    let (mut may_wait, mut always) = (search.is_stuck, None::<usize>);
    let mut ends = false;
    for state in std::mem::take(&mut search.finals) {
        match search.in_a_row(state, scenario.first_after()..scenario.size())? {
            Ok(_) => ends = true,
            Err(call) => always = Some(always.map_or(call, |known| known.min(call))),
        }
    }
    may_wait |= always.is_some();
    Ok(match always.filter(|_| !ends) {
        Some(call) => Outlook::Waits { call },
        None if may_wait => Outlook::MayWait,
        None => Outlook::Ends,
    })
}

struct SequentialSearch<'a, S: Specification> {
    scenario: &'a Scenario<S::Operation>,
    automaton: Automaton<S>,
    /// The calls that each thread has made, and the state.
    seen: HashSet<(Vec<usize>, StateNumber)>,
    /// Whether some order leaves calls of the threads that wait.
    is_stuck: bool,
    /// The states in which the threads may end.
    finals: HashSet<StateNumber>,
}

impl<S: Specification> SequentialSearch<'_, S> {
    fn visit(&mut self, done: &mut Vec<usize>, state: StateNumber) -> Result<(), Misuse> {
        if !self.seen.insert((done.clone(), state)) {
            return Ok(());
        }
        let (mut waits, mut goes_on) = (false, false);
        for (thread, first) in self.scenario.first_calls().into_iter().enumerate() {
            if done[thread] == self.scenario.threads[thread].len() {
                continue;
            }
            match self.automaton.step(state, first + done[thread])? {
                CallStep::Waits => waits = true,
                CallStep::Returns(_, next) => {
                    goes_on = true;
                    done[thread] += 1;
                    self.visit(done, next)?;
                    done[thread] -= 1;
                }
            }
        }
        if !goes_on && waits {
            self.is_stuck = true;
        } else if !goes_on {
            self.finals.insert(state);
        }
        Ok(())
    }

    /// The state after these calls, one after the other; or the number of the first that waits.
    fn in_a_row(
        &mut self,
        mut state: StateNumber,
        calls: Range<usize>,
    ) -> Result<Result<StateNumber, usize>, Misuse> {
        for call in calls {
            match self.automaton.step(state, call)? {
                CallStep::Waits => return Ok(Err(call)),
                CallStep::Returns(_, next) => state = next,
            }
        }
        Ok(Ok(state))
    }
}
