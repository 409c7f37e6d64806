//! One step of the path of a bounded search.

use crate::event::Alternative;
use crate::identity::ThreadId;

/// One step of the path, with the choices that are left.
#[derive(Clone, Debug)]
pub(super) struct Fork {
    /// The threads and outcomes to explore. The last is the current one.
    pub(super) choices: Vec<(ThreadId, Alternative)>,
    /// The number of choices that have been explored.
    pub(super) explored: u32,
    /// The thread that could continue. Any other one is a preemption.
    pub(super) running: Option<ThreadId>,
    /// The preemptions before this step.
    pub(super) preemptions: u32,
}

impl Fork {
    /// The preemptions of the prefix that ends with the current choice.
    pub(super) fn preemptions_after(&self) -> u32 {
        let taken = self.choices.last().map(|(thread, _)| *thread);
        self.preemptions + u32::from(self.running.is_some() && taken != self.running)
    }

    /// Moves to the next choice. False if there is none.
    pub(super) fn advance(&mut self) -> bool {
        self.choices.pop();
        self.explored += 1;
        !self.choices.is_empty()
    }

    /// The number of choices after the current one.
    pub(super) fn left(&self) -> u32 {
        u32::try_from(self.choices.len()).unwrap_or(u32::MAX).max(1) - 1
    }
}
