//! Decides whether what concurrent calls returned is explained by calls made one at a time.
//!
//! A [`Judge`] knows the calls of one scenario and their sequential counterpart, and is shown one
//! execution after the other: which calls returned what, and in which orders their steps may have
//! happened. One execution of the exploring engine stands for every schedule that keeps the partial
//! order of its trace, and the judge decides for all of them at once; `docs/linearizability.md` has
//! the argument.
//!
//! | file | holds |
//! |---|---|
//! | `automaton` | the sequential counterpart, each transition computed once |
//! | `history` | what the calls of an execution returned |
//! | `precedence` | in which orders calls can have begun and returned |
//! | `monitor` | the search for an order of those that no linearization explains |
//! | `ordering` | the search for an explanation where real time does not count |
//! | `violation`, `arrangement` | what is reported, and the schedule that shows it |
//!
//! Invariant: an execution is refuted only if some schedule that it stands for, with calls that
//! begin and return at moments that are possible in it, breaks the condition; and whenever one
//! does.

mod arrangement;
mod automaton;
mod history;
mod monitor;
mod ordering;
mod precedence;
mod violation;

use std::collections::HashMap;

use arrangement::arrange;
use history::History;
use lockproof::calls::Calls;
use lockproof::engine::{Condition, Happened};
use monitor::Monitor;
use ordering::Ordering;
use precedence::Precedence;

use crate::specification::Specification;

pub use automaton::Misuse;
pub(crate) use automaton::{Automaton, CallStep, StateNumber};
pub use violation::{CallMark, Reason, Violation};

/// The most calls that a scenario may have: a set of them is one machine word.
pub const MOST_CALLS: usize = 64;
/// The most threads that may make them.
pub const MOST_THREADS: usize = 8;

/// Judges the executions of one scenario by one [`Condition`].
///
/// | condition | which orders of the calls may explain their results |
/// |---|---|
/// | [`Linearizability`](Condition::Linearizability) | those in which a call that returned before another one began comes first (Herlihy, Wing, "Linearizability: A Correctness Condition for Concurrent Objects", TOPLAS 1990) |
/// | [`SequentialConsistency`](Condition::SequentialConsistency) | those that keep the order of each thread's calls (Lamport, "How to Make a Multiprocessor Computer That Correctly Executes Multiprocess Programs", 1979) |
/// | [`QuiescentConsistency`](Condition::QuiescentConsistency) | those in which a call comes first that returned before a moment at which no call was in progress, if the other one began after it (Aspnes, Herlihy, Shavit, "Counting Networks", JACM 1994) |
/// | [`Serializability`](Condition::Serializability) | all: each call is a transaction (Papadimitriou, "The Serializability of Concurrent Database Updates", JACM 1979; in the sense of lincheck's verifier of that name) |
/// | [`ThreadSerializability`](Condition::ThreadSerializability) | those in which the calls of one thread follow each other, with none of another thread in between: all calls that a thread makes in a part are one transaction |
///
/// Whatever the condition, calls that were [divided](lockproof::calls::CallLog::divide) stay in
/// that order. A call that never returned may have taken effect or not, unless the execution came
/// to a standstill in it: then it has not, and every such call must have to wait in the state to
/// which the others lead, or a wake-up was lost.
///
/// ```
/// use lockproof::calls::CallLog;
/// use lockproof::engine::{Condition, Happened};
/// use lockproof_check::Specification;
/// use lockproof_check::judge::Judge;
///
/// #[derive(Clone, PartialEq, Eq, Hash)]
/// struct Counter(u32);
///
/// impl Specification for Counter {
///     type Operation = ();
///     type Return = u32;
///
///     fn apply(&mut self, (): &()) -> u32 {
///         self.0 += 1;
///         self.0
///     }
/// }
///
/// let mut judge = Judge::new(Condition::Linearizability, &Counter(0), vec![(), ()]);
/// let log = CallLog::default();
/// log.perform(0, 0, || 1);
/// log.perform(1, 1, || 1);
/// let violation = judge.judge(&log.take(), &Happened::InOrder, false).unwrap();
/// assert!(violation.is_some(), "the second addition returns 2");
/// ```
#[derive(Debug)]
pub struct Judge<S: Specification> {
    condition: Condition,
    automaton: Automaton<S>,
    /// The verdicts on executions so far, by everything that counts of them.
    judged: HashMap<Box<[u8]>, Option<Box<Violation>>>,
    key: Vec<u8>,
}

impl<S: Specification> Judge<S> {
    /// A judge of executions that make these calls, each once, on what is in this state at first.
    /// [`CallLog::perform`](lockproof::calls::CallLog::perform) is given the calls' indices.
    ///
    /// # Panics
    ///
    /// If there are more than [`MOST_CALLS`].
    pub fn new(condition: Condition, initial: &S, operations: Vec<S::Operation>) -> Self {
        let count = operations.len();
        assert!(
            count <= MOST_CALLS,
            "a scenario of {count} calls cannot be judged: make it {MOST_CALLS} calls at most"
        );
        let automaton = Automaton::new(initial, operations);
        Self { condition, automaton, judged: HashMap::new(), key: Vec::new() }
    }

    /// The violation of the condition by an execution, if there is one. Of one that cannot be told
    /// from an earlier one the judge says what it said then.
    ///
    /// `at_standstill` says whether no thread could run in the end.
    ///
    /// # Errors
    ///
    /// If the specification panics, or gives two answers to one question.
    ///
    /// # Panics
    ///
    /// If the calls are not those that the judge was made for, or if more than [`MOST_THREADS`]
    /// made them.
    pub fn judge(
        &mut self,
        calls: &Calls<S::Return>,
        happened: &Happened,
        at_standstill: bool,
    ) -> Result<Option<Violation>, Misuse> {
        let mut violation = self.find(calls, happened, at_standstill)?;
        // The violation may be that of an equal execution: the steps that show it are this one's.
        if let (Some(violation), Happened::Partially(order)) = (&mut violation, happened) {
            violation.steps = arrange(calls, order, &violation.history);
        }
        Ok(violation)
    }

    /// Judges from now on as if there had been no execution before.
    pub(crate) fn forget(&mut self) {
        self.judged.clear();
    }

    /// The number of executions that differed in a way that counts for the condition.
    pub fn distinct_histories(&self) -> usize {
        self.judged.len()
    }

    fn find(
        &mut self,
        calls: &Calls<S::Return>,
        happened: &Happened,
        at_standstill: bool,
    ) -> Result<Option<Violation>, Misuse> {
        let history = History::new(calls, &mut self.automaton, at_standstill);
        // The other conditions ask for one order of the whole execution, whatever came first in
        // real time, so the partial order of the steps does not count for them.
        let keeps_time =
            matches!(self.condition, Condition::Linearizability | Condition::QuiescentConsistency);
        let precedence = Precedence::new(calls, happened, &history).filter(|_| keeps_time);
        self.write_key(&history, precedence.as_ref());
        // Executions with equal results and equal orders of their calls have the same verdict.
        if let Some(violation) = self.judged.get(self.key.as_slice()) {
            return Ok(violation.as_deref().cloned());
        }
        let violation = match precedence {
            Some(precedence) => {
                Monitor::new(self.condition, &mut self.automaton, &history, &precedence).search()
            }
            None => Ordering::new(self.condition, &mut self.automaton, &history).search(),
        }?;
        self.judged.insert(self.key.as_slice().into(), violation.clone().map(Box::new));
        Ok(violation)
    }

    /// Puts together what counts of an execution: its results, and the orders of its calls.
    fn write_key(&mut self, history: &History, precedence: Option<&Precedence>) {
        self.key.clear();
        history.write_key(&mut self.key);
        if let Some(precedence) = precedence {
            precedence.write_key(&mut self.key);
        }
    }
}
