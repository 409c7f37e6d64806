//! The turns of an execution: which thread took each step, and how it turned out.
//!
//! Turns name threads by their path of spawns, so they mean the same in another process and after
//! another exploration.

use std::fmt;
use std::str::FromStr;

use crate::event::{Alternative, VisibleEvent};
use crate::identity::ThreadId;
use crate::operation::OperationKind;

/// One step of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Turn {
    /// The thread's path: `0` for `main`, `0.1` for its second child.
    pub thread: String,
    /// The outcome, where the environment had a choice.
    pub outcome: TurnOutcome,
}

impl Turn {
    /// A step of the thread with this path, with the ordinary outcome.
    pub fn of(thread: impl Into<String>) -> Self {
        Self { thread: thread.into(), outcome: TurnOutcome::Ordinary }
    }

    /// The step with another outcome.
    #[must_use]
    pub fn with(self, outcome: TurnOutcome) -> Self {
        Self { outcome, ..self }
    }
}

/// How a step turned out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TurnOutcome {
    /// The only way, or the ordinary one.
    Ordinary,
    /// One of several ways: a number chosen, a time-out (1), spuriously (2).
    Numbered(u16),
    /// It woke the thread with this path.
    Woke(String),
}

impl TurnOutcome {
    /// A wait ended by its time-out.
    pub const TIMED_OUT: Self = Self::Numbered(Alternative::TIMED_OUT.0);
    /// A wait ended, or a weak compare-exchange failed, spuriously.
    pub const SPURIOUS: Self = Self::Numbered(Alternative::SPURIOUS.0);
}

/// A schedule: which thread took each step of an execution.
///
/// As text, the turns are words: the thread's path, then `:` and the number of the outcome or `>`
/// and the path of the thread that was woken, where there was a choice.
///
/// ```
/// use lockproof_explore::Turns;
///
/// let turns: Turns = "0 0.0 0.1:2 0>0.1".parse()?;
/// assert_eq!(turns.to_string(), "0 0.0 0.1:2 0>0.1");
/// assert!("0 main".parse::<Turns>().is_err(), "a thread is named by its path");
/// # Ok::<(), lockproof_explore::MalformedTurns>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Turns(pub Vec<Turn>);

impl Turns {
    /// The turns that lead to `events`, in which `path` names the threads.
    pub(crate) fn of(events: &[VisibleEvent], path: impl Fn(ThreadId) -> String) -> Self {
        let turn = |event: &VisibleEvent| Turn {
            thread: path(event.thread),
            outcome: match event.alternative {
                Alternative::ORDINARY if event.operation.kind != OperationKind::NotifyOne => {
                    TurnOutcome::Ordinary
                }
                Alternative::NO_WAITER => TurnOutcome::Ordinary,
                Alternative(thread) if event.operation.kind == OperationKind::NotifyOne => {
                    TurnOutcome::Woke(path(ThreadId(thread)))
                }
                Alternative(number) => TurnOutcome::Numbered(number),
            },
        };
        Self(events.iter().map(turn).collect())
    }

    /// The turns in another order: first the one with the index `order[0]`, and so on. `None`
    /// unless `order` names each turn once.
    ///
    /// They lead to an equivalent execution if the order keeps what depends on each other: see
    /// [`HappensBefore`](crate::HappensBefore).
    ///
    /// ```
    /// use lockproof_explore::Turns;
    ///
    /// let turns: Turns = "0 0.0 0.1:2".parse()?;
    /// let other = turns.rearranged(&[0, 2, 1]).expect("three turns");
    /// assert_eq!(other.to_string(), "0 0.1:2 0.0");
    /// assert_eq!(turns.rearranged(&[0, 2, 2]), None);
    /// # Ok::<(), lockproof_explore::MalformedTurns>(())
    /// ```
    pub fn rearranged(&self, order: &[usize]) -> Option<Self> {
        let mut is_named = vec![false; self.0.len()];
        let mut turns = Vec::with_capacity(self.0.len());
        for index in order {
            if std::mem::replace(is_named.get_mut(*index)?, true) {
                return None;
            }
            turns.push(self.0[*index].clone());
        }
        (turns.len() == self.0.len()).then_some(Self(turns))
    }
}

impl fmt::Display for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            TurnOutcome::Ordinary => f.write_str(&self.thread),
            TurnOutcome::Numbered(number) => write!(f, "{}:{number}", self.thread),
            TurnOutcome::Woke(woken) => write!(f, "{}>{woken}", self.thread),
        }
    }
}

impl fmt::Display for Turns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, turn) in self.0.iter().enumerate() {
            write!(f, "{}{turn}", if index == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

impl FromStr for Turns {
    type Err = MalformedTurns;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let turns = text
            .split_whitespace()
            .map(|word| turn(word).ok_or_else(|| MalformedTurns { word: word.to_owned() }));
        Ok(Self(turns.collect::<Result<_, _>>()?))
    }
}

fn turn(word: &str) -> Option<Turn> {
    let (thread, outcome) = if let Some((thread, number)) = word.split_once(':') {
        (thread, TurnOutcome::Numbered(number.parse().ok()?))
    } else if let Some((thread, woken)) = word.split_once('>') {
        (thread, TurnOutcome::Woke(is_path(woken).then(|| woken.to_owned())?))
    } else {
        (word, TurnOutcome::Ordinary)
    };
    is_path(thread).then(|| Turn { thread: thread.to_owned(), outcome })
}

fn is_path(text: &str) -> bool {
    text.split('.').all(|count| count.parse::<u32>().is_ok())
}

/// A text that is no list of turns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MalformedTurns {
    word: String,
}

impl fmt::Display for MalformedTurns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a schedule of the form `explore/1 0 0.1 0:2 ..`: `{}` is no step", self.word)
    }
}

impl std::error::Error for MalformedTurns {}
