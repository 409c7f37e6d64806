//! What shuttle's schedulers decide, written down and followed again.
//!
//! As text: the number of the thread for each step, `*` and a count behind it for steps in a row,
//! and `r` with a number in hexadecimal digits for each random number that was drawn.

use std::fmt::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};

use crate::engine::{Divergence, Ending};
use crate::execution::Execution;
use crate::execution::backend::park_for_ever;
use crate::execution::run::Run;

/// More steps than any execution has: a text that says so is nonsense.
const MOST: usize = 1 << 24;

/// One decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// This thread goes on.
    Thread(usize),
    /// This number was drawn.
    Drawn(u64),
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Thread(thread) => write!(f, "thread {thread}"),
            Self::Drawn(_) => f.write_str("a random number"),
        }
    }
}

/// The decisions of the current execution, shared by scheduler and execution.
pub(super) type Decisions = Arc<Mutex<Vec<Decision>>>;

fn lock(turns: &Decisions) -> MutexGuard<'_, Vec<Decision>> {
    turns.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many decisions there are.
pub(super) fn count(turns: &Decisions) -> usize {
    lock(turns).len()
}

/// The decisions as text.
pub(super) fn text(turns: &Decisions) -> String {
    let mut text = String::new();
    for alike in lock(turns).chunk_by(|one, next| one == next) {
        let _ = match (alike[0], alike.len()) {
            (Decision::Thread(thread), 1) => write!(text, " {thread}"),
            (Decision::Thread(thread), count) => write!(text, " {thread}*{count}"),
            (Decision::Drawn(number), count) => {
                (0..count).try_for_each(|_| write!(text, " r{number:x}"))
            }
        };
    }
    text.trim_start().to_owned()
}

/// The decisions that a text tells; `None` if it tells none.
pub(super) fn parse(words: &str) -> Option<Vec<Decision>> {
    let mut turns = Vec::new();
    for word in words.split_whitespace() {
        if let Some(digits) = word.strip_prefix('r') {
            turns.push(Decision::Drawn(u64::from_str_radix(digits, 16).ok()?));
            continue;
        }
        let (thread, count) = word.split_once('*').unwrap_or((word, "1"));
        let count: usize = count.parse().ok()?;
        if count > MOST - turns.len().min(MOST) {
            return None;
        }
        turns.extend(std::iter::repeat_n(Decision::Thread(thread.parse().ok()?), count));
    }
    Some(turns)
}

/// Writes down what another scheduler decides.
pub(super) struct Recorder<S> {
    scheduler: S,
    turns: Decisions,
}

impl<S> Recorder<S> {
    pub(super) fn new(scheduler: S, turns: Decisions) -> Self {
        Self { scheduler, turns }
    }
}

impl<S: Scheduler> Scheduler for Recorder<S> {
    fn new_execution(&mut self) -> Option<Schedule> {
        let schedule = self.scheduler.new_execution()?;
        lock(&self.turns).clear();
        Some(schedule)
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        let task = self.scheduler.next_task(runnable, current, is_yielding);
        lock(&self.turns).extend(task.map(|task| Decision::Thread(task.into())));
        task
    }

    fn next_u64(&mut self) -> u64 {
        let number = self.scheduler.next_u64();
        lock(&self.turns).push(Decision::Drawn(number));
        number
    }
}

/// Decides as it was decided before, once. Beyond the last decision, the first thread that can go
/// on does, and what is drawn is 0.
pub(super) struct Follower {
    turns: Vec<Decision>,
    step: usize,
    begun: bool,
    run: Arc<Run>,
}

impl Follower {
    pub(super) fn new(turns: Vec<Decision>, run: &Arc<Run>) -> Self {
        Self { turns, step: 0, begun: false, run: Arc::clone(run) }
    }

    fn next(&mut self) -> Option<Decision> {
        self.step += 1;
        self.turns.get(self.step - 1).copied()
    }

    /// The execution is left where it stands.
    fn diverge(&self, asked: Decision, found: String) -> ! {
        let divergence = Divergence::new(self.step, asked.to_string(), found);
        self.run.end(Ending::Diverged(divergence));
        if let Some(execution) = Execution::current() {
            execution.end();
        }
        park_for_ever()
    }
}

impl Scheduler for Follower {
    fn new_execution(&mut self) -> Option<Schedule> {
        (!std::mem::replace(&mut self.begun, true)).then(|| Schedule::new(0))
    }

    fn next_task(&mut self, runnable: &[&Task], _: Option<TaskId>, _: bool) -> Option<TaskId> {
        let Some(turn) = self.next() else { return runnable.first().map(|task| task.id()) };
        let wanted = |task: &&Task| turn == Decision::Thread(task.id().into());
        let Some(task) = runnable.iter().copied().find(wanted) else {
            let numbers = runnable.iter().map(|task| usize::from(task.id()).to_string());
            let numbers = numbers.collect::<Vec<_>>().join(" or ");
            self.diverge(turn, format!("a step of thread {numbers}"))
        };
        Some(task.id())
    }

    fn next_u64(&mut self) -> u64 {
        match self.next() {
            None => 0,
            Some(Decision::Drawn(number)) => number,
            Some(turn) => self.diverge(turn, "a random number".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_come_back_from_their_text() {
        let turns = [Decision::Thread(0); 3].into_iter().chain([
            Decision::Thread(1),
            Decision::Drawn(u64::MAX),
            Decision::Drawn(u64::MAX),
            Decision::Thread(0),
        ]);
        let turns: Vec<_> = turns.collect();
        let text = text(&Arc::new(Mutex::new(turns.clone())));
        assert_eq!(text, "0*3 1 rffffffffffffffff rffffffffffffffff 0");
        assert_eq!(parse(&text), Some(turns));
    }

    #[test]
    fn nonsense_tells_no_decisions() {
        for words in ["x", "0*", "1*99999999999", "r", "rxyz", "-1", "0.1"] {
            assert_eq!(parse(words), None, "`{words}` is nonsense");
        }
    }
}
