//! How an execution fails: the defect, who was stuck where, and the trace that led there.

use std::fmt;

use super::{Condition, Minimality, Schedule};
use crate::trace::{SourceLocation, Trace};

/// An execution that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// What went wrong.
    pub defect: Defect,
    /// What happened before; empty on real threads, which leave no trace.
    pub trace: Trace,
    /// Which execution it was, from 1.
    pub execution: u64,
    /// What leads to it again; `None` on real threads, which are not controlled.
    pub schedule: Option<Schedule>,
    /// How short it is, where that was looked into: by [`Task::shorten`](crate::engine::Task::shorten).
    pub minimality: Option<Minimality>,
}

impl Failure {
    pub(crate) fn new(defect: Defect, trace: Trace, execution: u64) -> Self {
        Self { defect, trace, execution, schedule: None, minimality: None }
    }
}

/// What went wrong in an execution. `Display` gives one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Defect {
    /// A thread panicked unexpectedly.
    Panic {
        /// The thread's name.
        thread: String,
        /// The panic message.
        message: String,
        /// Where it panicked.
        location: Option<SourceLocation>,
    },
    /// Threads wait for each other in a cycle, or a thread for itself.
    Deadlock {
        /// Every thread that can go no further, those of the cycle first and in its order.
        blocked: Vec<BlockedThread>,
    },
    /// A thread waits for a notification that cannot come any more.
    LostWakeUp {
        /// Every thread that can go no further.
        blocked: Vec<BlockedThread>,
    },
    /// A thread is parked and no thread is left to unpark it.
    Parked {
        /// Every thread that can go no further.
        blocked: Vec<BlockedThread>,
    },
    /// Two threads touched an `UnsafeCell` at once, one of them to write.
    DataRace {
        /// The engine's words.
        message: String,
    },
    /// An execution does not end: it passed the limit of scheduling points, or a thread spins for
    /// something that no other thread will do.
    Livelock {
        /// Which of the two, and where.
        message: String,
    },
    /// A thread takes a lock while it holds one that the model's stated order puts after it.
    LockOrderInversion {
        /// Which thread, which locks, where, and the order.
        message: String,
        /// Where it takes the lock.
        location: SourceLocation,
    },
    /// A thread used up its stack.
    StackOverflow {
        /// The thread's name.
        thread: String,
        /// What it may use of its stack, in bytes: [`Settings::stack_size`](crate::engine::Settings).
        stack_size: usize,
        /// Where it performed its last operation, if it performed any.
        last: Option<SourceLocation>,
    },
    /// The same schedule led to another operation than before.
    Nondeterminism {
        /// Where, and the usual causes.
        message: String,
    },
    /// An execution on real threads did not end: a deadlock, a lost wake-up or a livelock.
    Hang {
        /// How long it was waited for, in milliseconds.
        milliseconds: u64,
    },
    /// The calls of the execution returned what they must not return together.
    UnwantedOutcome {
        /// What they returned, and why that is unwanted.
        message: String,
    },
    /// No calls made one at a time explain what the calls of the execution returned.
    Violation {
        /// What would count as an explanation.
        condition: Condition,
        /// The calls, and why nothing explains them.
        message: String,
    },
}

impl Defect {
    /// The defect without its particulars.
    pub fn kind(&self) -> DefectKind {
        match self {
            Self::Panic { .. } => DefectKind::Panic,
            Self::Deadlock { .. } => DefectKind::Deadlock,
            Self::LostWakeUp { .. } => DefectKind::LostWakeUp,
            Self::Parked { .. } => DefectKind::Parked,
            Self::DataRace { .. } => DefectKind::DataRace,
            Self::Livelock { .. } => DefectKind::Livelock,
            Self::LockOrderInversion { .. } => DefectKind::LockOrderInversion,
            Self::StackOverflow { .. } => DefectKind::StackOverflow,
            Self::Nondeterminism { .. } => DefectKind::Nondeterminism,
            Self::Hang { .. } => DefectKind::Hang,
            Self::UnwantedOutcome { .. } => DefectKind::UnwantedOutcome,
            Self::Violation { condition, .. } => DefectKind::Violation(*condition),
        }
    }

    /// What stays the same from one execution to another: the kind, and for panics the message with
    /// `#` for each number.
    pub fn signature(&self) -> String {
        match self {
            Self::Panic { message, .. } => format!("{}: {}", self.kind(), without_numbers(message)),
            _ => self.kind().to_string(),
        }
    }

    /// Whether `other` is the same defect in another execution: one with the same
    /// [`signature`](Self::signature), and for panics at the same place.
    pub fn is_like(&self, other: &Self) -> bool {
        let place = |defect: &Self| match defect {
            Self::Panic { location, .. } => location.clone(),
            _ => None,
        };
        self.signature() == other.signature() && place(self) == place(other)
    }

    /// The threads that can go no further, for the defects that have such.
    pub fn blocked(&self) -> &[BlockedThread] {
        match self {
            Self::Deadlock { blocked }
            | Self::LostWakeUp { blocked }
            | Self::Parked { blocked } => blocked,
            _ => &[],
        }
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panic { thread, message, location } => {
                write!(f, "panic in {thread}: {message}")?;
                location.as_ref().map_or(Ok(()), |location| write!(f, " at {location}"))
            }
            Self::DataRace { message } => write!(f, "data race: {message}"),
            Self::Livelock { message } => write!(f, "livelock: {message}"),
            Self::LockOrderInversion { message, .. } => {
                write!(f, "lock-order inversion: {message}")
            }
            Self::StackOverflow { thread, stack_size, last } => {
                let size = stack_size / 1024;
                write!(f, "stack overflow: {thread} overflowed its stack of {size} KiB")?;
                match last {
                    Some(location) => write!(f, "; its last operation is at {location}")?,
                    None => f.write_str(" before its first operation")?,
                }
                f.write_str("; give it more with the setting `stack_size`")
            }
            Self::Nondeterminism { message } => write!(f, "not deterministic: {message}"),
            Self::UnwantedOutcome { message } => write!(f, "unwanted outcome: {message}"),
            Self::Violation { condition, message } => {
                write!(f, "not {}: {message}", condition.adjective())
            }
            Self::Hang { milliseconds } => write!(f, "hang: no end after {milliseconds} ms"),
            Self::Deadlock { blocked }
            | Self::LostWakeUp { blocked }
            | Self::Parked { blocked } => {
                write!(f, "{}: ", self.kind())?;
                for (index, thread) in blocked.iter().enumerate() {
                    write!(f, "{}{thread}", if index == 0 { "" } else { "; " })?;
                }
                Ok(())
            }
        }
    }
}

/// The text with each run of digits made one.
fn without_numbers(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '0'..='9' if masked.ends_with('#') => {}
            '0'..='9' => masked.push('#'),
            _ => masked.push(character),
        }
    }
    masked
}

/// The kinds of defects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DefectKind {
    /// [`Defect::Panic`].
    Panic,
    /// [`Defect::Deadlock`].
    Deadlock,
    /// [`Defect::LostWakeUp`].
    LostWakeUp,
    /// [`Defect::Parked`].
    Parked,
    /// [`Defect::DataRace`].
    DataRace,
    /// [`Defect::Livelock`].
    Livelock,
    /// [`Defect::LockOrderInversion`].
    LockOrderInversion,
    /// [`Defect::StackOverflow`].
    StackOverflow,
    /// [`Defect::Nondeterminism`].
    Nondeterminism,
    /// [`Defect::Hang`].
    Hang,
    /// [`Defect::UnwantedOutcome`].
    UnwantedOutcome,
    /// [`Defect::Violation`].
    Violation(Condition),
}

impl fmt::Display for DefectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Panic => "panic",
            Self::Deadlock => "deadlock",
            Self::LostWakeUp => "lost wake-up",
            Self::Parked => "parked for ever",
            Self::DataRace => "data race",
            Self::Livelock => "livelock",
            Self::LockOrderInversion => "lock-order inversion",
            Self::StackOverflow => "stack overflow",
            Self::Nondeterminism => "nondeterminism",
            Self::Hang => "hang",
            Self::UnwantedOutcome => "unwanted outcome",
            Self::Violation(condition) => return write!(f, "not {}", condition.adjective()),
        })
    }
}

/// A thread that can go no further: what it waits for, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlockedThread {
    /// Its name.
    pub thread: String,
    /// What it waits for, such as `lock accounts[0]` or `join worker`.
    pub waits_for: String,
    /// Where it waits.
    pub location: SourceLocation,
    /// The threads that could let it go on, where they are known: the holders of the lock.
    pub held_by: Vec<String>,
    /// The locks it holds, each with the place where it took it.
    pub holds: Vec<(String, SourceLocation)>,
    /// Its index in [`Trace::threads`].
    pub index: usize,
    /// The threads that would have to act for its wait to end, where they are known, as indices
    /// into [`Trace::threads`]: the holders of the lock, or the thread whose end it waits for.
    pub actors: Vec<usize>,
}

impl fmt::Display for BlockedThread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} waits for {} at {}", self.thread, self.waits_for, self.location)?;
        if !self.held_by.is_empty() {
            write!(f, ", held by {}", self.held_by.join(" and "))?;
        }
        for (lock, location) in &self.holds {
            write!(f, ", holds {lock} since {location}")?;
        }
        Ok(())
    }
}
