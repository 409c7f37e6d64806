//! History of one execution: its calls and their results.

use lockproof::calls::{Calls, Mark};

use super::automaton::{Automaton, ResultNumber};
use super::violation::CallMark;
use crate::specification::Specification;

/// A set of calls, one bit each.
pub(super) type CallSet = u64;

/// The calls of one execution. A call goes by its index among those of the scenario.
#[derive(Debug)]
pub(super) struct History {
    /// By call: what it returned.
    pub(super) results: Vec<Option<ResultNumber>>,
    /// The calls that were made.
    pub(super) made: CallSet,
    /// The calls that returned.
    pub(super) complete: CallSet,
    /// Whether no thread could run in the end.
    pub(super) at_standstill: bool,
    /// By thread, and by part: the calls in the order in which it made them.
    pub(super) threads: Vec<Vec<usize>>,
    /// By part: the calls of that part.
    pub(super) parts: Vec<CallSet>,
    /// Beginnings and returns in the order in which they were noted.
    pub(super) marks: Vec<CallMark>,
}

impl History {
    pub(super) fn new<S: Specification>(
        calls: &Calls<S::Return>,
        automaton: &mut Automaton<S>,
        at_standstill: bool,
    ) -> Self {
        let mut history = Self {
            results: vec![None; automaton.calls()],
            made: 0,
            complete: 0,
            at_standstill,
            threads: Vec::new(),
            parts: Vec::new(),
            marks: calls.marks.iter().map(|mark| moment(calls, mark)).collect(),
        };
        for logged in &calls.calls {
            let (call, count) = (logged.call, automaton.calls());
            assert!(call < count, "call {call} was made, but the judge knows of {count} calls");
            let bit = 1 << call;
            assert!(
                history.made & bit == 0,
                "call {call} was made twice in one execution: give each call a number of its own, \
                 and clear the log where the model begins"
            );
            history.made |= bit;
            if let Some(result) = &logged.result {
                history.complete |= bit;
                history.results[logged.call] = Some(automaton.number(result));
            }
            grown(&mut history.threads, logged.thread).push(logged.call);
            *grown(&mut history.parts, logged.part) |= bit;
        }
        history
    }

    /// The calls that may have taken effect.
    pub(super) fn effective(&self) -> CallSet {
        // A pending call may have taken effect before its thread was cut short (Herlihy and Wing
        // complete such calls or leave them out). At a standstill it waits, which is no effect.
        if self.at_standstill { self.complete } else { self.made }
    }

    /// The calls that wait for ever.
    pub(super) fn stuck(&self) -> CallSet {
        if self.at_standstill { self.made & !self.complete } else { 0 }
    }

    /// Whether the call, by what is known of it, may return that.
    pub(super) fn admits(&self, call: usize, returned: ResultNumber) -> bool {
        self.results[call].is_none_or(|result| result == returned)
    }

    /// Writes what distinguishes the history from others of the scenario, but for the order of
    /// calls.
    pub(super) fn write_key(&self, key: &mut Vec<u8>) {
        key.push(u8::from(self.at_standstill));
        key.extend_from_slice(&self.made.to_le_bytes());
        for result in &self.results {
            // No result has this number: they are counted from 0.
            let number = result.unwrap_or(ResultNumber::MAX);
            key.extend_from_slice(&number.to_le_bytes());
        }
    }
}

fn moment<R>(calls: &Calls<R>, mark: &Mark) -> CallMark {
    CallMark { call: calls.calls[mark.call].call, returns: mark.returns }
}

fn grown<T: Default>(table: &mut Vec<T>, index: usize) -> &mut T {
    if table.len() <= index {
        table.resize_with(index + 1, T::default);
    }
    &mut table[index]
}

/// The calls of a set, in order.
pub(super) fn members(mut set: CallSet) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let next = (set != 0).then(|| set.trailing_zeros() as usize)?;
        set &= set - 1;
        Some(next)
    })
}
