//! Explanation of a violation: the results that the offending call has in every order
//! that explains the others.

use std::collections::HashSet;

use lockproof::engine::Condition;

use super::{Part, Scenario, list};
use crate::judge::{Reason, Violation};
use crate::specification::Specification;

/// The most steps of the search for what else a call could have returned.
const MOST_STEPS: usize = 100_000;

/// The reason in a sentence. `returns` has a place for each call of the scenario.
pub(super) fn reason<S: Specification>(
    specification: &S,
    scenario: &Scenario<S::Operation>,
    returns: &[Option<S::Return>],
    violation: &Violation,
) -> String {
    let operations: Vec<_> = scenario.calls().map(|(_, operation)| operation.clone()).collect();
    let suspects = match &violation.reason {
        Reason::Returned { call } => vec![*call],
        Reason::Results => (0..operations.len()).rev().collect(),
        _ => Vec::new(),
    };
    let orders = Orders::of(scenario, violation);
    let told = suspects.into_iter().filter(|call| returns[*call].is_some()).find_map(|call| {
        let mut search = AlternativeSearch {
            operations: &operations,
            returns,
            orders: orders.as_ref()?,
            free: call,
            seen: HashSet::new(),
            alternatives: Vec::new(),
            waits: false,
        };
        search.visit(0, specification, None);
        search.sentence(violation.kept())
    });
    told.unwrap_or_else(|| violation.sentence(&operations))
}

/// The order that the calls must keep.
struct Orders {
    /// The calls that were made so far, one bit each.
    made: u64,
    /// By call: those that come before it.
    before: Vec<u64>,
}

impl Orders {
    /// `None` for a condition that is no order of calls.
    fn of<O>(scenario: &Scenario<O>, violation: &Violation) -> Option<Self> {
        let calls: Vec<_> = scenario.calls().map(|(part, _)| part).collect();
        let mut orders = Self { made: 0, before: vec![0; calls.len()] };
        let mut returned = 0;
        // What returned before the last moment at which no call was in progress.
        let mut settled = 0;
        for moment in &violation.history {
            let bit = 1 << moment.call;
            if moment.returns {
                returned |= bit;
                if matches!(violation.reason, Reason::Returned { call } if call == moment.call) {
                    break;
                }
                continue;
            }
            if orders.made == returned {
                settled = returned;
            }
            orders.before[moment.call] = match violation.condition {
                Condition::Linearizability => returned,
                Condition::QuiescentConsistency => settled,
                Condition::SequentialConsistency => earlier(&calls, moment.call, true),
                Condition::Serializability => earlier(&calls, moment.call, false),
                _ => return None,
            };
            orders.made |= bit;
        }
        Some(orders)
    }
}

/// The calls that the scenario puts before this one: by its parts, and by its threads.
fn earlier(calls: &[Part], call: usize, by_thread: bool) -> u64 {
    let is_earlier = |other: usize| {
        other < call
            && match (calls[other], calls[call]) {
                (Part::Thread(one), Part::Thread(other)) => by_thread && one == other,
                (one, other) => one != other || by_thread,
            }
    };
    (0..calls.len()).filter(|other| is_earlier(*other)).fold(0, |set, other| set | 1 << other)
}

/// All orders that explain every call but one.
struct AlternativeSearch<'a, S: Specification> {
    operations: &'a [S::Operation],
    returns: &'a [Option<S::Return>],
    orders: &'a Orders,
    /// The call that may return anything.
    free: usize,
    seen: HashSet<(u64, S, Option<S::Return>)>,
    /// Its results in these orders.
    alternatives: Vec<S::Return>,
    /// Whether it waits in some order that explains all the others.
    waits: bool,
}

impl<S: Specification> AlternativeSearch<'_, S> {
    fn visit(&mut self, done: u64, state: &S, freely: Option<&S::Return>) {
        let is_new = self.seen.insert((done, state.clone(), freely.cloned()));
        if !is_new || self.seen.len() > MOST_STEPS {
            return;
        }
        let missing = self.orders.made & !done;
        let must = |call: usize| self.returns[call].is_some();
        let left: Vec<_> =
            (0..self.operations.len()).filter(|call| missing >> call & 1 == 1).collect();
        if !left.iter().any(|call| must(*call)) {
            let alternative = freely.filter(|one| !self.alternatives.contains(one));
            self.alternatives.extend(alternative.cloned());
        }
        for call in left.iter().copied().filter(|call| self.orders.before[*call] & !done == 0) {
            if state.waits(&self.operations[call]) {
                self.waits |=
                    call == self.free && left.iter().all(|one| *one == call || !must(*one));
                continue;
            }
            let mut next = state.clone();
            let returned = next.apply(&self.operations[call]);
            if call == self.free {
                self.visit(done | 1 << call, &next, Some(&returned));
            } else if self.returns[call].as_ref().is_none_or(|known| *known == returned) {
                self.visit(done | 1 << call, &next, freely);
            }
        }
    }

    fn sentence(&self, kept: Option<&str>) -> Option<String> {
        let call = &self.operations[self.free];
        let returned = self.returns[self.free].as_ref()?;
        let others = if self.orders.made.is_power_of_two() {
            "alone".to_owned()
        } else {
            let keeps = kept.map_or_else(String::new, |kept| format!("keeps {kept} and "));
            format!("in every order that {keeps}explains what the other calls returned")
        };
        if self.seen.len() > MOST_STEPS || self.alternatives.contains(returned) {
            return None;
        }
        match self.alternatives.as_slice() {
            [] if self.waits => {
                Some(format!("`{call:?}` returned {returned:?}, but has to wait {others}"))
            }
            [] => None,
            alternatives => Some(format!(
                "`{call:?}` returned {returned:?}, but {others} it returns {}",
                list(alternatives, " or ")
            )),
        }
    }
}
