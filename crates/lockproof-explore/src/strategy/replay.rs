//! A strategy that replays recorded turns.

use super::{Pick, SearchStrategy, View, mismatch};
use crate::event::{Alternative, VisibleEvent};
use crate::failure::Mismatch;
use crate::identity::ThreadId;
use crate::operation::OperationKind;
use crate::turns::{Turn, TurnOutcome, Turns};

/// One execution that follows recorded turns.
///
/// If the model does not offer a turn, the exploration ends with
/// [`Bug::Nondeterministic`](crate::Bug::Nondeterministic), which names the step. After the last
/// turn, the oldest enabled thread continues.
#[derive(Clone, Debug)]
pub struct Replay {
    turns: Vec<Turn>,
    step: usize,
    begun: bool,
    alternatives: Vec<Alternative>,
}

impl Replay {
    /// Follows `turns`.
    pub fn new(turns: Turns) -> Self {
        Self { turns: turns.0, step: 0, begun: false, alternatives: Vec::new() }
    }

    /// The pick if no thread is enabled. The recorded turn may be a late one, which the engine lets
    /// happen, unless all threads have ended.
    fn none_enabled(&self, view: &View<'_>) -> Pick {
        match self.turns.get(self.step) {
            Some(turn) if view.unfinished().next().is_none() => {
                Pick::Diverged(Box::new(Mismatch {
                    step: self.step + 1,
                    expected: format!("thread {}", turn.thread),
                    found: "the end of all threads".to_owned(),
                }))
            }
            _ => Pick::Nothing,
        }
    }

    fn follow(&mut self, view: &View<'_>, turn: &Turn) -> Pick {
        let expected = format!("thread {}", turn.thread);
        let Some(thread) = view.thread(&turn.thread) else {
            return mismatch(self.step + 1, expected, view, view.current());
        };
        if !view.is_enabled(thread) {
            return mismatch(self.step + 1, expected, view, thread);
        }
        view.alternatives(thread, &mut self.alternatives);
        match self.alternatives.iter().find(|a| fits(**a, &turn.outcome, view, thread)) {
            Some(alternative) => Pick::Run(thread, *alternative),
            None => mismatch(self.step + 1, format!("{expected}, with that outcome"), view, thread),
        }
    }
}

/// Whether `alternative` of the pending operation of `thread` is the recorded `outcome`.
pub(super) fn fits(
    alternative: Alternative,
    outcome: &TurnOutcome,
    view: &View<'_>,
    thread: ThreadId,
) -> bool {
    let notifies = view.pending(thread).is_some_and(|o| o.kind == OperationKind::NotifyOne);
    match outcome {
        TurnOutcome::Woke(woken) => {
            notifies
                && alternative != Alternative::NO_WAITER
                && view.path(ThreadId(alternative.0)) == *woken
        }
        TurnOutcome::Numbered(number) => !notifies && alternative.0 == *number,
        TurnOutcome::Ordinary => {
            alternative == Alternative::NO_WAITER
                || (!notifies && alternative == Alternative::ORDINARY)
        }
    }
}

impl SearchStrategy for Replay {
    fn begin(&mut self) -> bool {
        self.step = 0;
        !std::mem::replace(&mut self.begun, true)
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        let Some(first) = view.enabled().next() else { return self.none_enabled(view) };
        if let Some(turn) = self.turns.get(self.step).cloned() {
            return self.follow(view, &turn);
        }
        view.alternatives(first, &mut self.alternatives);
        Pick::Run(first, self.alternatives[0])
    }

    fn executed(&mut self, _event: &VisibleEvent, _view: &View<'_>) {
        self.step += 1;
    }
}
