//! The conditions under which the calls of an execution are explained by calls one at a time.

use std::fmt;

/// What counts as an explanation of the results of concurrent calls: which orders of the calls,
/// made one at a time, may explain them.
///
/// What checks a condition is in `lockproof-check`, and so is the exact meaning of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Condition {
    /// The order keeps real time: a call that returned before another began comes before it.
    Linearizability,
    /// The order keeps that of each thread's calls.
    SequentialConsistency,
    /// The order keeps real time across moments at which no call is in progress.
    QuiescentConsistency,
    /// Any order of the calls will do.
    Serializability,
    /// The calls of each thread come one after the other, with no call of another in between.
    ThreadSerializability,
}

impl Condition {
    /// What executions are that meet the condition, such as `linearizable`.
    pub fn adjective(self) -> &'static str {
        match self {
            Self::Linearizability => "linearizable",
            Self::SequentialConsistency => "sequentially consistent",
            Self::QuiescentConsistency => "quiescently consistent",
            Self::Serializability => "serializable",
            Self::ThreadSerializability => "serializable by threads",
        }
    }
}

/// The name, such as `linearizability`.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Linearizability => "linearizability",
            Self::SequentialConsistency => "sequential consistency",
            Self::QuiescentConsistency => "quiescent consistency",
            Self::Serializability => "serializability",
            Self::ThreadSerializability => "serializability of threads",
        })
    }
}
