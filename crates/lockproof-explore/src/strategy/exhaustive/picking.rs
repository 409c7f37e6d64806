//! The next step of an exhaustive search: along the path, along the wake-up tree, or beyond both.

use super::Exhaustive;
use super::tree::Branch;
use crate::dependency::depend;
use crate::event::{Alternative, VisibleEvent};
use crate::identity::ThreadId;
use crate::operation::{OperationKind, VisibleOperation};
use crate::strategy::{Pick, View, mismatch};

impl Exhaustive {
    /// Picks the step that the path prescribes.
    #[inline]
    pub(super) fn follow(&mut self, view: &View<'_>) -> Pick {
        let event = &self.path.frames[self.depth].event;
        if event.late {
            return Pick::Nothing;
        }
        let thread = event.thread;
        if !view.0.can_perform(thread, &event.operation) {
            return mismatch(self.depth + 1, event.to_string(), view, thread);
        }
        self.depth += 1;
        Pick::Run(thread, event.alternative)
    }

    /// Picks the last step of the path, which comes from a tree.
    pub(super) fn branch_off(&mut self, view: &View<'_>) -> Pick {
        let event = &mut self.path.frames[self.depth].event;
        *event = renamed(*event, view);
        if let Some(mismatch) = self.stale_sleeper(view) {
            return mismatch;
        }
        let pick = self.follow(view);
        if let Pick::Run(thread, _) = pick {
            self.path.forget_options();
            self.note_options(view, thread);
        }
        pick
    }

    /// Picks a step beyond the path: the first branch of the tree, or any event that does not sleep.
    pub(super) fn extend(&mut self, view: &View<'_>) -> Pick {
        if let Some((event, subtree, rest)) = self.forest.pop(self.guide) {
            self.guide = subtree;
            let event = *event;
            self.push(event, rest);
            return self.branch_off(view);
        }
        let current = view.current();
        self.push(VisibleEvent::new(current, 0, VisibleOperation::default()), Branch::NONE);
        if let Some(mismatch) = self.stale_sleeper(view) {
            return mismatch;
        }
        let mut is_any_enabled = false;
        // Where the tree says nothing, the paper lets any process continue. The current thread
        // needs no switch.
        let first = view.is_enabled(current).then_some(current);
        for thread in first.into_iter().chain(view.enabled()) {
            is_any_enabled = true;
            if let Some(alternative) = self.awake_alternative(view, thread) {
                self.note_options(view, thread);
                self.depth += 1;
                return Pick::Run(thread, alternative);
            }
        }
        self.path.pop();
        // Every enabled event sleeps, so whatever follows has been explored. A wake-up sequence
        // never leads here, so this takes an object whose name has changed: see `tree`.
        if is_any_enabled { Pick::Abandon } else { Pick::Nothing }
    }

    /// Adds a step to the path.
    pub(super) fn push(&mut self, event: VisibleEvent, branches: Branch) {
        self.path.push(event, branches, depend);
        self.first_new = self.first_new.min(self.path.len() - 1);
    }

    /// The mismatch if a sleeping event has changed.
    ///
    /// All steps since the event fell asleep are independent of it, and none is of its thread: such
    /// a step wakes it. So its thread must still have the same operation pending.
    #[inline]
    fn stale_sleeper(&self, view: &View<'_>) -> Option<Pick> {
        let sleepers = self.path.asleep_at_last();
        if sleepers.is_empty() { None } else { self.stale_among(sleepers, view) }
    }

    fn stale_among(&self, sleepers: &[VisibleEvent], view: &View<'_>) -> Option<Pick> {
        let stale = sleepers.iter().find(|sleeper| {
            !view.pending(sleeper.thread).is_some_and(|o| o.is_same(&sleeper.operation))
        })?;
        Some(mismatch(self.path.len(), stale.to_string(), view, stale.thread))
    }

    /// The first outcome of the operation of `thread` that does not sleep at the last step.
    fn awake_alternative(&mut self, view: &View<'_>, thread: ThreadId) -> Option<Alternative> {
        let asleep = self.path.asleep_at_last();
        if !has_alternatives(view.pending(thread)?) {
            let sleeps = asleep.iter().any(|event| event.thread == thread);
            return (!sleeps).then_some(Alternative::ORDINARY);
        }
        view.alternatives(thread, &mut self.alternatives);
        let sleeps = |alternative: &&Alternative| {
            asleep.iter().any(|e| e.thread == thread && e.alternative == **alternative)
        };
        self.alternatives.iter().find(|alternative| !sleeps(alternative)).copied()
    }

    /// Stores the outcomes that the last step could have, if there are several.
    #[inline]
    fn note_options(&mut self, view: &View<'_>, thread: ThreadId) {
        if view.pending(thread).is_some_and(has_alternatives) {
            view.alternatives(thread, &mut self.alternatives);
            self.path.set_options(&self.alternatives);
        }
    }
}

/// An event of the tree with its objects named as in this execution.
fn renamed(event: VisibleEvent, view: &View<'_>) -> VisibleEvent {
    let pending = view.pending(event.thread).filter(|operation| {
        operation.kind == event.operation.kind && operation.location == event.operation.location
    });
    VisibleEvent { operation: pending.copied().unwrap_or(event.operation), ..event }
}

/// Whether the environment may choose between several outcomes.
#[inline]
fn has_alternatives(operation: &VisibleOperation) -> bool {
    use OperationKind::{Choose, CompareExchangeWeak, NotifyAll, NotifyOne, Park, WakeUp};
    matches!(operation.kind, Choose | CompareExchangeWeak | NotifyAll | NotifyOne | Park | WakeUp)
}
