//! The current exploration path: one frame for each step, with its explored and pending branches.
//!
//! The path outlives the execution. The next one follows it up to the step where it branches off, so
//! everything that was computed for the common prefix (clocks, indexes) is kept.
//!
//! Invariants: a frame's slice of `asleep` and `options` begins where its predecessor's ends, and
//! the last frame's ends with the array. Indexes lead to earlier frames only.

use super::clocks::StepClocks;
use super::indexes::{Indexes, Previous};
use super::tree::Branch;
use super::{NOWHERE, StepIndex, step_index};
use crate::event::{Alternative, EventKey, VisibleEvent};
use crate::identity::ObjectId;
use crate::operation::VisibleOperation;

/// Room for the steps of a short execution, as in the runtime.
const EXPECTED_STEPS: usize = 64;

/// One step of the path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// The event that took effect here, or is to take effect.
    pub(super) event: VisibleEvent,
    /// The other branches to explore here.
    pub(super) branches: Branch,
    /// The number of events that have been explored here, without the current one.
    pub(super) explored: u32,
    /// The beginnings of this frame's slices.
    asleep_from: u32,
    options_from: u32,
    /// The steps that come before it in the indexes.
    pub(super) previous: Previous,
}

impl Frame {
    /// The step before that accessed `object`, which this step accessed, too.
    #[inline]
    pub(super) fn previous_on(&self, object: ObjectId) -> StepIndex {
        if self.event.operation.object == object {
            self.previous.on_object
        } else {
            self.previous.on_second
        }
    }
}

/// The path, with its indexes and clocks.
#[derive(Debug, Default)]
pub(super) struct Path {
    pub(super) frames: Vec<Frame>,
    /// By frame: the events that have been explored and need not be explored from there on.
    asleep: Vec<VisibleEvent>,
    /// By frame: the outcomes that the step could have had, if there are several.
    options: Vec<Alternative>,
    /// The steps at which the environment had a choice.
    pub(super) choices: Vec<StepIndex>,
    /// The operations that were pending when the execution ended.
    pub(super) left_pending: Vec<(EventKey, VisibleOperation)>,
    pub(super) indexes: Indexes,
    pub(super) clocks: StepClocks,
}

impl Path {
    /// Prepares for another exploration.
    pub(super) fn clear(&mut self) {
        self.frames.clear();
        self.asleep.clear();
        self.options.clear();
        self.choices.clear();
        self.left_pending.clear();
        self.indexes.clear();
        self.clocks.clear();
    }

    /// The capacity of the largest table.
    pub(super) fn capacity(&self) -> usize {
        self.frames.capacity().max(self.asleep.capacity())
    }

    pub(super) fn len(&self) -> usize {
        self.frames.len()
    }

    #[inline]
    pub(super) fn frame(&self, at: StepIndex) -> &Frame {
        &self.frames[at as usize]
    }

    #[inline]
    pub(super) fn event(&self, at: StepIndex) -> &VisibleEvent {
        &self.frames[at as usize].event
    }

    /// Adds a step. An event that sleeps at the last step sleeps at the new one, too, unless it
    /// depends on the last step's event.
    #[inline]
    pub(super) fn push(
        &mut self,
        event: VisibleEvent,
        branches: Branch,
        depend: impl Fn(&VisibleEvent, &VisibleEvent) -> bool,
    ) {
        let to = self.asleep.len();
        let options_from = step_index(self.options.len());
        if let Some(last) = self.frames.last() {
            // The paper's *Sleep'*: the sleepers that are independent of the step. For one that
            // depends on it, the order of the two has not been explored.
            for index in last.asleep_from as usize..to {
                let sleeper = self.asleep[index];
                if !depend(&last.event, &sleeper) {
                    self.asleep.push(sleeper);
                }
            }
        }
        if self.frames.capacity() == 0 {
            self.frames.reserve(EXPECTED_STEPS);
        }
        self.frames.push(Frame {
            event,
            branches,
            explored: 0,
            asleep_from: step_index(to),
            options_from,
            previous: Previous::NOWHERE,
        });
    }

    /// Sends the last step's event to sleep, and replaces it by another one.
    pub(super) fn replace_last(&mut self, event: VisibleEvent, branches: Branch) {
        if let Some(last) = self.frames.last_mut() {
            self.asleep.push(last.event);
            last.explored += 1;
            (last.event, last.branches) = (event, branches);
        }
    }

    /// Removes the last step.
    pub(super) fn pop(&mut self) {
        self.forget_options();
        if let Some(last) = self.frames.pop() {
            self.asleep.truncate(last.asleep_from as usize);
        }
    }

    /// Enters the last step into the indexes: it has taken effect.
    pub(super) fn enter(&mut self, event: &VisibleEvent) {
        let at = step_index(self.frames.len() - 1);
        let previous = self.indexes.enter(at, event);
        let frame = &mut self.frames[at as usize];
        (frame.event, frame.previous) = (*event, previous);
    }

    /// Removes the last step from the indexes.
    pub(super) fn leave(&mut self) {
        if let Some(Frame { event, previous, .. }) = self.frames.last() {
            self.indexes.leave(event, *previous);
        }
    }

    /// The events that sleep at the last step.
    #[inline]
    pub(super) fn asleep_at_last(&self) -> &[VisibleEvent] {
        let from = self.frames.last().map_or(0, |last| last.asleep_from as usize);
        &self.asleep[from..]
    }

    /// The events that sleep at a step.
    pub(super) fn asleep(&self, at: usize) -> &[VisibleEvent] {
        let to =
            self.frames.get(at + 1).map_or(self.asleep.len(), |next| next.asleep_from as usize);
        &self.asleep[self.frames[at].asleep_from as usize..to]
    }

    /// The outcomes that the step could have had. Empty if there was only one.
    pub(super) fn options(&self, at: usize) -> &[Alternative] {
        let to =
            self.frames.get(at + 1).map_or(self.options.len(), |next| next.options_from as usize);
        &self.options[self.frames[at].options_from as usize..to]
    }

    /// Stores the outcomes that the last step can have.
    pub(super) fn set_options(&mut self, options: &[Alternative]) {
        if options.len() > 1 {
            self.options.extend_from_slice(options);
            self.choices.push(step_index(self.frames.len() - 1));
        }
    }

    /// Removes the outcomes of the last step.
    #[inline]
    pub(super) fn forget_options(&mut self) {
        let Some(last) = self.frames.last() else { return };
        if self.options.len() == last.options_from as usize {
            return;
        }
        self.options.truncate(last.options_from as usize);
        if self.choices.last() == Some(&step_index(self.frames.len() - 1)) {
            self.choices.pop();
        }
    }

    /// Whether the step `earlier` is the step `later` or happens before it. Nothing happens before
    /// [`NOWHERE`].
    #[inline]
    pub(super) fn is_before(&self, earlier: StepIndex, later: StepIndex) -> bool {
        let event = &self.frames[earlier as usize].event;
        later != NOWHERE && self.clocks.include(later, event.thread, event.sequence)
    }

    /// `event`, which another execution had after a common prefix, with its objects named as in this
    /// execution. The past of its thread is the same, so its operation is, too.
    pub(super) fn rename(&self, event: VisibleEvent) -> VisibleEvent {
        let key = event.key();
        let at = self.indexes.find(key).and_then(|at| self.frames.get(at as usize));
        let step = at.filter(|frame| frame.event.key() == key).map(|frame| frame.event.operation);
        let operation = step.or_else(|| {
            let left = self.left_pending.iter().find(|(pending, _)| *pending == key);
            left.map(|(_, operation)| *operation)
        });
        let own = operation.filter(|operation| operation.kind == event.operation.kind);
        VisibleEvent { operation: own.unwrap_or(event.operation), ..event }
    }
}
