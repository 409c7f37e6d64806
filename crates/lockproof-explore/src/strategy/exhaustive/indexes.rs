//! The indexes of a path: the last steps of each thread and at each object.

use super::{NOWHERE, StepIndex};
use crate::event::{Access, EventKey, VisibleEvent};
use crate::identity::{ObjectId, ThreadId};
use crate::operation::OperationKind;

/// Room for the events of a thread in a short execution.
const EXPECTED_EVENTS: usize = 16;

/// The steps that come before a step in the indexes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Previous {
    /// The last step of the same thread, or the spawn of the thread.
    pub(super) of_thread: StepIndex,
    /// The last steps that accessed the same objects.
    pub(super) on_object: StepIndex,
    pub(super) on_second: StepIndex,
}

impl Previous {
    pub(super) const NOWHERE: Self =
        Self { of_thread: NOWHERE, on_object: NOWHERE, on_second: NOWHERE };
}

/// The indexes of a path.
#[derive(Debug, Default)]
pub(super) struct Indexes {
    /// By [`ThreadId::index`]: its last step, or its spawn.
    last_of_thread: Vec<StepIndex>,
    /// By [`ObjectId::index`].
    last_on_object: Vec<StepIndex>,
    /// By thread and sequence. Entries of steps that have been removed are stale.
    steps: Vec<Vec<StepIndex>>,
    /// The late steps, which depend on all others.
    late: Vec<StepIndex>,
}

impl Indexes {
    /// Prepares for another exploration.
    pub(super) fn clear(&mut self) {
        self.last_of_thread.clear();
        self.last_on_object.clear();
        self.steps.iter_mut().for_each(Vec::clear);
        self.late.clear();
    }

    /// The last step that accessed `object`.
    pub(super) fn last_on(&self, object: ObjectId) -> StepIndex {
        self.last_on_object.get(object.index()).copied().unwrap_or(NOWHERE)
    }

    /// The last step of `thread`, or its spawn.
    pub(super) fn last_of(&self, thread: ThreadId) -> StepIndex {
        self.last_of_thread.get(thread.index()).copied().unwrap_or(NOWHERE)
    }

    /// The step of an event of the path.
    pub(super) fn step_of(&self, key: EventKey) -> StepIndex {
        self.steps[key.thread.index()][key.sequence as usize]
    }

    /// The step where an event of the path may be.
    pub(super) fn find(&self, key: EventKey) -> Option<StepIndex> {
        self.steps.get(key.thread.index())?.get(key.sequence as usize).copied()
    }

    /// The last late step before `at`.
    pub(super) fn last_late_before(&self, at: StepIndex) -> Option<StepIndex> {
        self.late.iter().rev().find(|late| **late < at).copied()
    }

    /// Enters the step `at`, the last of the path, and returns the steps before it.
    pub(super) fn enter(&mut self, at: StepIndex, event: &VisibleEvent) -> Previous {
        let last_of_thread = slot(&mut self.last_of_thread, event.thread.index());
        // The main thread has no spawn that sets its entry, so the entry may be a stale one of an
        // event that was removed without having taken effect.
        let is_first = event.sequence == 1 && event.thread == ThreadId::MAIN;
        let of_thread = if is_first { NOWHERE } else { *last_of_thread };
        *last_of_thread = at;
        let operation = &event.operation;
        let on_object = self.enter_object(operation.object, event.access, at);
        let on_second = self.enter_object(operation.second, event.second_access, at);
        if operation.kind == OperationKind::Spawn {
            *slot(&mut self.last_of_thread, operation.peer.index()) = at;
        }
        if event.late {
            self.late.push(at);
        }
        if self.steps.len() <= event.thread.index() {
            let expected = || Vec::with_capacity(EXPECTED_EVENTS);
            self.steps.resize_with(event.thread.index() + 1, expected);
        }
        *slot(&mut self.steps[event.thread.index()], event.sequence as usize) = at;
        Previous { of_thread, on_object, on_second }
    }

    fn enter_object(&mut self, object: ObjectId, access: Access, at: StepIndex) -> StepIndex {
        if access == Access::None || !object.is_some() {
            return NOWHERE;
        }
        std::mem::replace(slot(&mut self.last_on_object, object.index()), at)
    }

    /// Removes the last step of the path.
    pub(super) fn leave(&mut self, event: &VisibleEvent, previous: Previous) {
        // An event from a tree that did not take effect was not entered, so it may have no entry.
        if let Some(last) = self.last_of_thread.get_mut(event.thread.index()) {
            *last = previous.of_thread;
        }
        // In the reverse order of `enter`, should both objects be the same.
        let accessed = [
            (event.second_access, event.operation.second, previous.on_second),
            (event.access, event.operation.object, previous.on_object),
        ];
        for (access, object, previous) in accessed {
            if access == Access::None {
                continue;
            }
            if let Some(last) = self.last_on_object.get_mut(object.index()) {
                *last = previous;
            }
        }
        if event.late {
            self.late.pop();
        }
    }
}

fn slot(table: &mut Vec<StepIndex>, index: usize) -> &mut StepIndex {
    if table.len() <= index {
        table.resize(index + 1, NOWHERE);
    }
    &mut table[index]
}
