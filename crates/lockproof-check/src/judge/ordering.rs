//! The search for an order of the calls that explains their results, where it need not keep real
//! time.
//!
//! Such a condition asks for one order of the whole execution, so it is the same for all schedules
//! that the execution stands for: their calls return the same, in the same order in each thread.
//!
//! Linearizability and quiescent consistency come to this, too, where nothing is known of an
//! execution but the order of each thread and of the parts: an order that keeps time keeps those.

use std::collections::HashSet;

use lockproof::engine::Condition;

use super::automaton::{Automaton, CallStep, Misuse, StateNumber};
use super::history::{CallSet, History, members};
use super::monitor::waits;
use super::violation::{Reason, Violation};
use crate::specification::Specification;

/// Searches the orders of the calls of one execution.
pub(super) struct Ordering<'a, S: Specification> {
    condition: Condition,
    automaton: &'a mut Automaton<S>,
    history: &'a History,
    /// The positions that were searched without success.
    seen: HashSet<(CallSet, StateNumber)>,
    /// Whether some order had all the results, so that only the last state was wrong.
    has_results: bool,
}

impl<'a, S: Specification> Ordering<'a, S> {
    pub(super) fn new(
        condition: Condition,
        automaton: &'a mut Automaton<S>,
        history: &'a History,
    ) -> Self {
        Self { condition, automaton, history, seen: HashSet::new(), has_results: false }
    }

    /// The violation, if no order explains the results.
    pub(super) fn search(mut self) -> Result<Option<Violation>, Misuse> {
        if self.explains(0, 0)? {
            return Ok(None);
        }
        let reason = if self.has_results {
            Reason::Waits { calls: members(self.history.stuck()).collect() }
        } else {
            Reason::Results
        };
        let history = self.history.marks.clone();
        let condition = self.condition;
        Ok(Some(Violation { condition, history, steps: Vec::new(), reason }))
    }

    /// Whether the calls that are not `done` have an order from `state` on.
    fn explains(&mut self, done: CallSet, state: StateNumber) -> Result<bool, Misuse> {
        // How the calls that are done were ordered does not count any more: only which they are,
        // and the state (Lowe). A pair that was seen before was followed in vain.
        if !self.seen.insert((done, state)) {
            return Ok(false);
        }
        // Every call that returned is explained. At a standstill the state must also give the calls
        // that wait reason to; if it does not, another order may lead to another state.
        if self.history.complete & !done == 0 {
            self.has_results = true;
            if waits(self.automaton, state, self.history.stuck())? {
                return Ok(true);
            }
        }
        for call in members(self.candidates(done)) {
            let CallStep::Returns(result, after) = self.automaton.step(state, call)? else {
                continue;
            };
            if self.history.admits(call, result) && self.explains(done | 1 << call, after)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The calls that can be the next.
    fn candidates(&self, done: CallSet) -> CallSet {
        self.history.effective() & !done & self.begun(done) & self.in_turn(done)
    }

    /// The calls of the parts up to the first in which not all that return are done.
    fn begun(&self, done: CallSet) -> CallSet {
        let mut begun = 0;
        // Parts follow each other in time under every condition: a call of the next part comes
        // after all that returned in this one. A call that never returned holds nothing back.
        for part in &self.history.parts {
            begun |= part;
            if part & self.history.complete & !done != 0 {
                break;
            }
        }
        begun
    }

    /// The calls that the order of their threads, as far as it counts, lets come next.
    fn in_turn(&self, done: CallSet) -> CallSet {
        if matches!(self.condition, Condition::Serializability | Condition::QuiescentConsistency) {
            return CallSet::MAX;
        }
        // Each thread's calls come in its order: only its next call is a candidate.
        let threads = self.history.threads.iter();
        let next = threads.map(|calls| self.next_of(calls, done));
        if self.condition != Condition::ThreadSerializability {
            return next.fold(0, |all, next| all | next);
        }
        let mut all = 0;
        for (calls, next) in self.history.threads.iter().zip(next) {
            // All calls of a thread in one part are one transaction: no other comes in between.
            if self.is_halfway(calls, done) {
                return next;
            }
            all |= next;
        }
        all
    }

    /// The next call of a thread, and the one after it if that one may have had no effect.
    fn next_of(&self, calls: &[usize], done: CallSet) -> CallSet {
        let mut next = 0;
        for call in calls {
            if done & 1 << call == 0 {
                next |= 1 << call;
                if self.history.complete & 1 << call != 0 {
                    break;
                }
            } else {
                // What comes before a call that took effect can no longer do so.
                next = 0;
            }
        }
        next
    }

    /// Whether a thread has made some calls of a part and has others to make there.
    fn is_halfway(&self, calls: &[usize], done: CallSet) -> bool {
        let of_thread = calls.iter().fold(0, |all, call| all | 1 << call);
        self.history.parts.iter().any(|part| {
            let calls = part & of_thread;
            calls & done != 0 && calls & self.history.complete & !done != 0
        })
    }
}
