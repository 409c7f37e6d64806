//! An order of the steps of an execution in which a certain history happens.
//!
//! The execution that was run need not show the history that breaks its condition: another schedule
//! of the same trace does, and this finds it. Each beginning is put off until its step is due, and
//! each step is taken when something that depends on it is due.

use lockproof::calls::{Calls, Mark};
use lockproof::engine::StepOrder;

use super::violation::CallMark;

/// The indices of the steps, in the order in which `history` happens.
pub(super) fn arrange<R>(calls: &Calls<R>, order: &StepOrder, history: &[CallMark]) -> Vec<usize> {
    let mut arrangement = Arrangement::new(order);
    // Each moment drags along exactly what has to come before it. So nothing is taken earlier than
    // the history needs, and a beginning that must come after a return still can.
    for moment in history {
        if let Some((thread, steps)) = due(calls, order, moment) {
            arrangement.take(order.clock(thread, steps));
        }
    }
    arrangement.take_rest();
    arrangement.taken
}

/// The step at which a call begins or returns: its thread, and how many that has taken then.
fn due<R>(calls: &Calls<R>, order: &StepOrder, moment: &CallMark) -> Option<(usize, u32)> {
    let is_it = |mark: &&Mark, returns| {
        calls.calls[mark.call].call == moment.call && mark.returns == returns
    };
    let at = |returns| calls.marks.iter().find(|mark| is_it(mark, returns))?.moment;
    let (begun, returned) = (at(false)?, at(true));
    if moment.returns {
        return returned.map(|returned| (returned.thread, returned.steps));
    }
    // A call begins at its first step at the latest. One without a step begins where the thread is.
    let has_steps = match returned {
        Some(returned) => returned.steps > begun.steps,
        None => order.steps(begun.thread) > begun.steps,
    };
    Some((begun.thread, begun.steps + u32::from(has_steps)))
}

struct Arrangement {
    /// The steps that were not taken yet, each with its thread and its number there.
    left: Vec<(usize, usize, u32)>,
    taken: Vec<usize>,
}

impl Arrangement {
    fn new(order: &StepOrder) -> Self {
        let mut counts: Vec<u32> = Vec::new();
        let mut left = Vec::new();
        for (index, thread) in order.turns().into_iter().enumerate() {
            if counts.len() <= thread {
                counts.resize(thread + 1, 0);
            }
            counts[thread] += 1;
            left.push((index, thread, counts[thread]));
        }
        Self { left, taken: Vec::new() }
    }

    /// Takes all steps that a clock knows, in the order in which the execution took them.
    fn take(&mut self, clock: &[u32]) {
        // Steps in the order of the execution that was run: that is one of the orders which keep
        // the partial order, so what is taken of it keeps the partial order, too.
        let is_known = |(_, thread, number): &(usize, usize, u32)| clock[*thread] >= *number;
        let (known, left) = self.left.iter().partition(|step| is_known(step));
        self.left = left;
        let known: Vec<(usize, usize, u32)> = known;
        self.taken.extend(known.iter().map(|(index, ..)| index));
    }

    fn take_rest(&mut self) {
        self.taken.extend(self.left.drain(..).map(|(index, ..)| index));
    }
}
