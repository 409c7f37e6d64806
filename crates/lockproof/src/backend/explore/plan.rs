//! An execution as a plan: where one thread gives way to another. Without some of these switches it
//! is another execution, which may fail in the same way.

use std::collections::HashMap;

use lockproof_explore::{Turn, View};

/// A thread gives way to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Switch {
    from: String,
    /// After so many steps of its own.
    after: usize,
    to: String,
}

/// The switches of an execution, in order.
pub(super) fn switches(turns: &[Turn]) -> Vec<Switch> {
    let mut steps: HashMap<&str, usize> = HashMap::new();
    let mut switches = Vec::new();
    for (turn, next) in turns.iter().zip(turns.iter().skip(1)) {
        let after = steps.entry(&turn.thread).or_default();
        *after += 1;
        if turn.thread != next.thread {
            let (from, to) = (turn.thread.clone(), next.thread.clone());
            switches.push(Switch { from, after: *after, to });
        }
    }
    switches
}

/// Follows an execution, but keeps only some of its switches: where one is left out, the thread
/// goes on as long as it can.
pub(super) struct Plan<'a> {
    turns: &'a [Turn],
    /// The same, by thread.
    by_thread: HashMap<&'a str, Vec<&'a Turn>>,
    /// The switches that are kept and did not happen yet.
    switches: &'a [Switch],
    /// The events of the current execution that were looked at, and how many each thread has.
    seen: usize,
    steps: HashMap<String, usize>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(turns: &'a [Turn], switches: &'a [Switch]) -> Self {
        let mut by_thread: HashMap<_, Vec<_>> = HashMap::new();
        for turn in turns {
            by_thread.entry(turn.thread.as_str()).or_default().push(turn);
        }
        Self { turns, by_thread, switches, seen: 0, steps: HashMap::new() }
    }

    /// Who is to go on.
    pub(super) fn wish(&mut self, view: &View<'_>) -> Option<Turn> {
        for event in &view.events()[self.seen..] {
            *self.steps.entry(view.path(event.thread)).or_default() += 1;
        }
        self.seen = view.events().len();
        let current = view.path(view.current());
        while let Some((switch, others)) = self.switches.split_first() {
            let steps = self.steps_of(&switch.from);
            let is_due = switch.from == current && steps == switch.after;
            if steps < switch.after || (steps == switch.after && !is_due) {
                break;
            }
            self.switches = others;
            if is_due && can_go_on(view, &switch.to) {
                return Some(self.next_of(&switch.to));
            }
        }
        if can_go_on(view, &current) {
            return Some(self.next_of(&current));
        }
        self.next_possible(view)
    }

    fn steps_of(&self, thread: &str) -> usize {
        self.steps.get(thread).copied().unwrap_or(0)
    }

    /// The thread's next step, with the outcome that it had.
    fn next_of(&self, thread: &str) -> Turn {
        let own = self.by_thread.get(thread).and_then(|own| own.get(self.steps_of(thread)));
        own.map_or_else(|| Turn::of(thread), |turn| Turn::clone(turn))
    }

    /// The first step of the execution that did not happen yet and can.
    fn next_possible(&self, view: &View<'_>) -> Option<Turn> {
        let mut passed: HashMap<&str, usize> = HashMap::new();
        let mut left = self.turns.iter().filter(|turn| {
            let count = passed.entry(&turn.thread).or_default();
            *count += 1;
            *count > self.steps_of(&turn.thread)
        });
        left.find(|turn| can_go_on(view, &turn.thread)).cloned()
    }
}

fn can_go_on(view: &View<'_>, thread: &str) -> bool {
    view.thread(thread).is_some_and(|thread| view.is_enabled(thread))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_is_where_another_thread_goes_on() {
        let turns = ["0", "0", "0.0", "0", "0.0", "0.0"].map(Turn::of);
        let switch =
            |from: &str, after, to: &str| Switch { from: from.into(), after, to: to.into() };
        assert_eq!(
            switches(&turns),
            [switch("0", 2, "0.0"), switch("0.0", 1, "0"), switch("0", 3, "0.0")]
        );
        assert_eq!(switches(&turns[..2]), []);
    }
}
