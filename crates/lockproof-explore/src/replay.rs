//! Replays a recorded schedule.

use crate::event::{Alternative, Event};
use crate::executor::divergence;
use crate::identity::ThreadId;
use crate::operation::OperationKind;
use crate::schedule::{Schedule, Turn, TurnOutcome};
use crate::strategy::{Pick, Strategy, View};

/// One execution that follows a schedule.
///
/// If the model no longer offers what the schedule asks for, the exploration ends with
/// [`Defect::Nondeterministic`](crate::Defect::Nondeterministic), which says where. Beyond the end
/// of the schedule, the first thread that can go on does.
#[derive(Clone, Debug)]
pub struct Replay {
    schedule: Schedule,
    step: usize,
    begun: bool,
    alternatives: Vec<Alternative>,
}

impl Replay {
    /// Follows `schedule`.
    pub fn new(schedule: Schedule) -> Self {
        Self { schedule, step: 0, begun: false, alternatives: Vec::new() }
    }

    fn follow(&mut self, view: &View<'_>, turn: &Turn) -> Pick {
        let expected = format!("thread {}", turn.thread);
        let Some(thread) = view.unfinished().find(|thread| view.path(*thread) == turn.thread)
        else {
            return divergence(self.step + 1, expected, view, view.current());
        };
        if !view.is_enabled(thread) {
            return divergence(self.step + 1, expected, view, thread);
        }
        view.alternatives(thread, &mut self.alternatives);
        match self.alternatives.iter().find(|a| fits(**a, &turn.outcome, view, thread)) {
            Some(alternative) => Pick::Run(thread, *alternative),
            None => {
                divergence(self.step + 1, format!("{expected}, with that outcome"), view, thread)
            }
        }
    }
}

fn fits(
    alternative: Alternative,
    outcome: &TurnOutcome,
    view: &View<'_>,
    thread: ThreadId,
) -> bool {
    let notifies = view.pending(thread).is_some_and(|o| o.kind == OperationKind::NotifyOne);
    match outcome {
        TurnOutcome::Woke(woken) => {
            notifies
                && alternative != Alternative::NOBODY
                && view.path(ThreadId(alternative.0)) == *woken
        }
        TurnOutcome::Numbered(number) => !notifies && alternative.0 == *number,
        TurnOutcome::Ordinary => {
            alternative == Alternative::NOBODY
                || (!notifies && alternative == Alternative::ORDINARY)
        }
    }
}

impl Strategy for Replay {
    fn begin(&mut self) -> bool {
        self.step = 0;
        !std::mem::replace(&mut self.begun, true)
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        let Some(first) = view.enabled().next() else { return Pick::Nothing };
        if let Some(turn) = self.schedule.turns.get(self.step).cloned() {
            return self.follow(view, &turn);
        }
        view.alternatives(first, &mut self.alternatives);
        Pick::Run(first, self.alternatives[0])
    }

    fn executed(&mut self, _event: &Event, _view: &View<'_>) {
        self.step += 1;
    }
}
