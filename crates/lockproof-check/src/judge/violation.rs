//! Violations: calls whose results nothing explains.

use std::fmt::Debug;

use lockproof::engine::Condition;

/// That a call began or returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CallMark {
    /// The call's index among those of the scenario.
    pub call: usize,
    /// Whether it returned, or else began.
    pub returns: bool,
}

/// An execution that breaks its condition.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The condition.
    pub condition: Condition,
    /// An order of beginnings and returns that the execution could have had and in which nothing
    /// explains the results. A call that never returned only begins.
    pub history: Vec<CallMark>,
    /// In which order the execution must take its steps for that history to happen, by their
    /// indices in the order in which it took them: see
    /// [`Schedule::rearranged`](lockproof::engine::Schedule::rearranged). Empty unless the engine
    /// is explore, which alone knows other orders.
    pub steps: Vec<usize>,
    /// The reason.
    pub reason: Reason,
}

/// Reason that nothing explains the results.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// When this call returned, no order of the calls so far had the results that they had.
    Returned {
        /// Its index among the calls of the scenario.
        call: usize,
    },
    /// No order of all the calls has the results that they had.
    Results,
    /// Some order explains the results, but none leaves a state in which all of these calls have to
    /// wait, and they wait for ever.
    Waits {
        /// Their indices among the calls of the scenario.
        calls: Vec<usize>,
    },
}

impl Violation {
    /// The reason in one sentence. `operations` are the scenario's calls.
    ///
    /// ```
    /// use lockproof::calls::CallLog;
    /// use lockproof::engine::{Condition, Happened};
    /// use lockproof_check::Specification;
    /// use lockproof_check::judge::Judge;
    ///
    /// #[derive(Clone, PartialEq, Eq, Hash)]
    /// struct Zero;
    ///
    /// impl Specification for Zero {
    ///     type Operation = &'static str;
    ///     type Return = u32;
    ///
    ///     fn apply(&mut self, _: &&'static str) -> u32 {
    ///         0
    ///     }
    /// }
    ///
    /// let mut judge = Judge::new(Condition::SequentialConsistency, &Zero, vec!["get"]);
    /// let log = CallLog::default();
    /// log.perform(0, 0, || 1);
    /// let violation = judge.judge(&log.take(), &Happened::InOrder, false).unwrap().unwrap();
    /// assert_eq!(
    ///     violation.sentence(&["get"]),
    ///     "no order of the calls that keeps the order of each thread has these results"
    /// );
    /// ```
    pub fn sentence(&self, operations: &[impl Debug]) -> String {
        let keeping = self.kept().map_or_else(String::new, |kept| format!(" that keeps {kept}"));
        match &self.reason {
            Reason::Returned { call } => format!(
                "when {:?} returns, no order of the calls so far{keeping} has these results",
                operations[*call]
            ),
            Reason::Results => format!("no order of the calls{keeping} has these results"),
            Reason::Waits { calls } => {
                let waiting: Vec<_> =
                    calls.iter().map(|call| format!("{:?}", operations[*call])).collect();
                format!(
                    "{} never {}, but no order of the other calls{keeping} leaves a state in \
                     which there is reason to wait",
                    waiting.join(" and "),
                    if waiting.len() == 1 { "returns" } else { "return" }
                )
            }
        }
    }

    /// What an order of the calls has to keep under the condition, beside their results.
    pub(crate) fn kept(&self) -> Option<&'static str> {
        Some(match self.condition {
            Condition::Linearizability => "real time",
            Condition::SequentialConsistency => "the order of each thread",
            Condition::QuiescentConsistency => "the order across quiet moments",
            Condition::ThreadSerializability => "the calls of each thread together",
            _ => return None,
        })
    }
}
