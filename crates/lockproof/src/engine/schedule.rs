//! Schedules: what leads an engine to one execution again, and their text.

#[cfg_attr(feature = "explore", path = "schedule/turns.rs")]
#[cfg_attr(not(feature = "explore"), path = "schedule/words.rs")]
mod steps;

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use self::steps::ScheduleSteps;
use crate::engine::Engine;

/// The version of each engine's schedules that this build writes and reads.
const VERSION: &str = "1";

/// What leads an engine to one execution again, in this process or another one.
///
/// `Display` and [`FromStr`] are its text: the engine, the version of its schedules, and words that
/// the engine understands. explore names the thread of each step and the outcome where there was a
/// choice; shuttle the thread of each step and the random numbers that it drew; loom, whose search
/// always takes the same order, the number of the execution and the bound on preemptions. Real
/// threads leave no schedule.
///
/// ```
/// use lockproof::engine::{Engine, Schedule};
///
/// let schedule: Schedule = "explore/1 0 0 0.0 0.0 0".parse()?;
/// assert_eq!(schedule.engine(), Engine::Explore);
/// assert_eq!(schedule.to_string(), "explore/1 0 0 0.0 0.0 0");
/// assert!("explore/2 0 0".parse::<Schedule>().is_err(), "there is no such version");
/// # Ok::<(), lockproof::engine::MalformedSchedule>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Schedule {
    engine: Engine,
    steps: ScheduleSteps,
}

impl Schedule {
    pub(crate) fn new(engine: Engine, words: &str) -> Self {
        Self { engine, steps: ScheduleSteps::of(engine, words) }
    }

    /// The engine that understands it.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// A schedule of explore with its steps in another order: first the step with the index
    /// `order[0]`, and so on. `None` if the schedule is of another engine, or if `order` does not
    /// name each step once.
    ///
    /// It leads to an execution with the same outcomes if the order keeps what depends on each
    /// other: see [`StepOrder`](crate::engine::StepOrder).
    ///
    /// ```
    /// use lockproof::engine::Schedule;
    ///
    /// let schedule: Schedule = "explore/1 0 0.0 0.1:2".parse()?;
    /// let other = schedule.rearranged(&[0, 2, 1]).expect("three steps");
    /// assert_eq!(other.to_string(), "explore/1 0 0.1:2 0.0");
    /// assert_eq!(schedule.rearranged(&[0, 2, 2]), None);
    /// # Ok::<(), lockproof::engine::MalformedSchedule>(())
    /// ```
    pub fn rearranged(&self, order: &[usize]) -> Option<Self> {
        let steps = (self.engine == Engine::Explore).then(|| self.steps.rearranged(order));
        Some(Self { engine: self.engine, steps: steps.flatten()? })
    }

    /// The words of a schedule of loom or shuttle.
    #[cfg_attr(
        not(any(feature = "loom", feature = "shuttle")),
        expect(dead_code, reason = "the exploring engine has turns")
    )]
    pub(crate) fn words(&self) -> &str {
        self.steps.words()
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{VERSION} {}", self.engine, self.steps)
    }
}

impl FromStr for Schedule {
    type Err = MalformedSchedule;

    fn from_str(text: &str) -> Result<Self, MalformedSchedule> {
        let malformed = |why: String| MalformedSchedule { why };
        let (header, words) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        let Some((name, version)) = header.split_once('/') else {
            return Err(malformed("it does not begin with an engine and a version".to_owned()));
        };
        let engines = [Engine::Explore, Engine::Loom, Engine::Shuttle];
        let Some(engine) = engines.into_iter().find(|engine| engine.to_string() == name) else {
            return Err(malformed(format!("no engine `{name}` has schedules")));
        };
        if version != VERSION {
            let why = format!("version {version} of {name}'s schedules is unknown");
            return Err(malformed(why));
        }
        Ok(Self::new(engine, words.trim()))
    }
}

/// A text that is no schedule, or one of another version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MalformedSchedule {
    why: String,
}

impl fmt::Display for MalformedSchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a schedule such as `explore/{VERSION} 0 0.0 0`: {}", self.why)
    }
}

impl Error for MalformedSchedule {}

/// Where an execution left the schedule that it was to follow.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Divergence {
    /// The number of the step, from 1; under loom, of the execution.
    pub step: usize,
    /// What the schedule asks for.
    pub expected: String,
    /// What the model offers instead.
    pub found: String,
}

impl Divergence {
    #[cfg_attr(
        not(feature = "_modelled"),
        expect(dead_code, reason = "real threads follow no schedule")
    )]
    pub(crate) fn new(step: usize, expected: String, found: String) -> Self {
        Self { step, expected, found }
    }
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { step, expected, found } = self;
        write!(f, "at step {step} the schedule asks for {expected}, and the model offers {found}")
    }
}
