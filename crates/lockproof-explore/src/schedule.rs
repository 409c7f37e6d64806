//! Schedules: which thread took each step, and how it turned out.
//!
//! A schedule names threads by their path of spawns, so it means the same in another process and
//! after another exploration. As text it carries a version.

use std::fmt;
use std::str::FromStr;

use crate::event::{Alternative, Event};
use crate::identity::ThreadId;
use crate::operation::OperationKind;
use crate::runtime::Runtime;

const HEADER: &str = "explore/1";

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
    /// In the only way, or the ordinary one.
    Ordinary,
    /// In this one of several ways: a number chosen, a time-out (1), no reason (2).
    Numbered(u16),
    /// It woke the thread with this path.
    Woke(String),
}

impl TurnOutcome {
    /// A wait ended by its time-out.
    pub const TIMED_OUT: Self = Self::Numbered(Alternative::TIMED_OUT.0);
    /// A wait ended, or a weak compare-exchange failed, for no reason.
    pub const SPURIOUS: Self = Self::Numbered(Alternative::SPURIOUS.0);
}

/// Which thread took each step of an execution.
///
/// ```
/// use lockproof_explore::Schedule;
/// let schedule: Schedule = "explore/1 0 0.0 0.1:2 0>0.1".parse()?;
/// assert_eq!(schedule.to_string(), "explore/1 0 0.0 0.1:2 0>0.1");
/// assert!("0 0.0".parse::<Schedule>().is_err(), "the version is missing");
/// # Ok::<(), lockproof_explore::MalformedSchedule>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Schedule {
    /// The steps, first to last.
    pub turns: Vec<Turn>,
}

impl Schedule {
    /// The schedule that leads to `events`.
    pub(crate) fn of(events: &[Event], runtime: &Runtime) -> Self {
        let turn = |event: &Event| Turn {
            thread: runtime.path(event.thread),
            outcome: match event.alternative {
                Alternative::ORDINARY if event.operation.kind != OperationKind::NotifyOne => {
                    TurnOutcome::Ordinary
                }
                Alternative::NOBODY => TurnOutcome::Ordinary,
                Alternative(thread) if event.operation.kind == OperationKind::NotifyOne => {
                    TurnOutcome::Woke(runtime.path(ThreadId(thread)))
                }
                Alternative(number) => TurnOutcome::Numbered(number),
            },
        };
        Self { turns: events.iter().map(turn).collect() }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HEADER)?;
        for turn in &self.turns {
            write!(f, " {}", turn.thread)?;
            match &turn.outcome {
                TurnOutcome::Ordinary => {}
                TurnOutcome::Numbered(number) => write!(f, ":{number}")?,
                TurnOutcome::Woke(thread) => write!(f, ">{thread}")?,
            }
        }
        Ok(())
    }
}

impl FromStr for Schedule {
    type Err = MalformedSchedule;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut words = text.split_whitespace();
        if words.next() != Some(HEADER) {
            return Err(MalformedSchedule { word: "the version is missing".to_owned() });
        }
        let turns = words.map(|word| {
            turn(word).ok_or_else(|| MalformedSchedule { word: format!("`{word}` is no step") })
        });
        Ok(Self { turns: turns.collect::<Result<_, _>>()? })
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

/// A text that is not a schedule of this version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MalformedSchedule {
    word: String,
}

impl fmt::Display for MalformedSchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a schedule of the form `{HEADER} 0 0.1 0:2 ..`: {}", self.word)
    }
}

impl std::error::Error for MalformedSchedule {}
