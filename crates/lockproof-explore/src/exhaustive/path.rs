//! The path: the events of the execution at hand, each with what was done and is to be done there.
//!
//! The path outlives the execution. The next one follows it up to the point where it branches off,
//! so everything that was worked out about the common part (clocks, links) is kept.
//!
//! Invariants: a frame's slice of `asleep` and `options` begins where its predecessor's ends, and
//! the last frame's ends with the array; links lead to earlier frames only.

use super::clocks::Lane;
use super::tree::Branch;
use crate::event::{Access, Alternative, EventKey, VisibleEvent};
use crate::identity::{ObjectId, ThreadId};
use crate::operation::{OperationKind, VisibleOperation};

/// A position in the path, or none.
pub(crate) type StepIndex = u32;
pub(crate) const NOWHERE: StepIndex = u32::MAX;

/// One step of the path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// What happened, or is to happen, here.
    pub(crate) event: VisibleEvent,
    /// What else is to be explored here.
    pub(crate) branches: Branch,
    /// How many events have been explored here, the present one not included.
    pub(crate) explored: u32,
    /// Where this frame's part of the arrays begins.
    asleep_from: u32,
    options_from: u32,
    /// The step of the same thread before, or the spawn of the thread.
    pub(crate) previous_of_thread: StepIndex,
    /// The steps before that touched the same objects.
    previous_on_object: StepIndex,
    previous_on_second: StepIndex,
}

impl Frame {
    /// The step before that touched `object`, which this step touched.
    #[inline]
    pub(crate) fn previous_on(&self, object: ObjectId) -> StepIndex {
        if self.event.operation.object == object {
            self.previous_on_object
        } else {
            self.previous_on_second
        }
    }
}

/// The path and its indexes.
#[derive(Debug, Default)]
pub(crate) struct Path {
    pub(crate) frames: Vec<Frame>,
    /// The events that need not be explored from here on, as they have been.
    asleep: Vec<VisibleEvent>,
    /// The outcomes that a step could have had.
    options: Vec<Alternative>,
    /// The steps that have several.
    choices: Vec<StepIndex>,
    /// What the threads were about to do when the execution ended.
    left_pending: Vec<(EventKey, VisibleOperation)>,
    last_of_thread: Vec<StepIndex>,
    last_on_object: Vec<StepIndex>,
    /// By thread and sequence.
    positions: Vec<Vec<StepIndex>>,
    /// The steps that come after everything before them.
    pub(crate) late: Vec<StepIndex>,
    /// `clocks[position * width + lane]`, where a lane counts the events of some threads.
    pub(super) clocks: Vec<Lane>,
    pub(super) width: usize,
}

#[expect(clippy::cast_possible_truncation, reason = "a path has fewer steps than u32 has numbers")]
fn position(index: usize) -> StepIndex {
    index as StepIndex
}

fn slot(table: &mut Vec<StepIndex>, index: usize) -> &mut StepIndex {
    if table.len() <= index {
        table.resize(index + 1, NOWHERE);
    }
    &mut table[index]
}

/// Room for the steps of a short execution, as in the runtime.
const EXPECTED_STEPS: usize = 64;

impl Path {
    /// Another exploration: no step has been taken yet.
    pub(crate) fn clear(&mut self) {
        self.frames.clear();
        self.asleep.clear();
        self.options.clear();
        self.choices.clear();
        self.left_pending.clear();
        self.last_of_thread.clear();
        self.last_on_object.clear();
        self.positions.iter_mut().for_each(Vec::clear);
        self.late.clear();
        self.clocks.clear();
        self.width = 0;
    }

    /// The most steps, and things that sleep at them, that there is room for.
    pub(crate) fn room(&self) -> usize {
        self.frames.capacity().max(self.asleep.capacity())
    }

    pub(crate) fn len(&self) -> usize {
        self.frames.len()
    }

    #[inline]
    pub(crate) fn frame(&self, at: StepIndex) -> &Frame {
        &self.frames[at as usize]
    }

    #[inline]
    pub(crate) fn event(&self, at: StepIndex) -> &VisibleEvent {
        &self.frames[at as usize].event
    }

    /// Adds a step whose event is not known yet. What slept at the last step sleeps on, unless that
    /// step's event wakes it.
    #[inline]
    pub(crate) fn push(
        &mut self,
        event: VisibleEvent,
        branches: Branch,
        wakes: impl Fn(&VisibleEvent, &VisibleEvent) -> bool,
    ) {
        let to = self.asleep.len();
        let options_from = position(self.options.len());
        if let Some(last) = self.frames.last() {
            for index in last.asleep_from as usize..to {
                let sleeper = self.asleep[index];
                if !wakes(&last.event, &sleeper) {
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
            asleep_from: position(to),
            options_from,
            previous_of_thread: NOWHERE,
            previous_on_object: NOWHERE,
            previous_on_second: NOWHERE,
        });
    }

    /// The events that sleep at the last step.
    #[inline]
    pub(crate) fn asleep_at_last(&self) -> &[VisibleEvent] {
        let from = self.frames.last().map_or(0, |last| last.asleep_from as usize);
        &self.asleep[from..]
    }

    /// The events that sleep at a step.
    pub(crate) fn asleep(&self, at: usize) -> &[VisibleEvent] {
        let from = self.frames[at].asleep_from as usize;
        let to =
            self.frames.get(at + 1).map_or(self.asleep.len(), |next| next.asleep_from as usize);
        &self.asleep[from..to]
    }

    /// The outcomes that the step could have had; empty if there was only one.
    pub(crate) fn options(&self, at: usize) -> &[Alternative] {
        let from = self.frames[at].options_from as usize;
        let to =
            self.frames.get(at + 1).map_or(self.options.len(), |next| next.options_from as usize);
        &self.options[from..to]
    }

    /// Remembers the outcomes that the last step can have.
    pub(crate) fn set_options(&mut self, options: &[Alternative]) {
        if options.len() > 1 {
            self.options.extend_from_slice(options);
            self.choices.push(position(self.frames.len() - 1));
        }
    }

    /// Forgets the outcomes of the last step.
    #[inline]
    pub(crate) fn forget_options(&mut self) {
        let Some(last) = self.frames.last() else { return };
        if self.options.len() == last.options_from as usize {
            return;
        }
        self.options.truncate(last.options_from as usize);
        if self.choices.last() == Some(&position(self.frames.len() - 1)) {
            self.choices.pop();
        }
    }

    /// The steps at which the environment had a choice.
    pub(crate) fn choices(&self) -> &[StepIndex] {
        &self.choices
    }

    /// Sends the last step's event to sleep there: it has been explored.
    pub(crate) fn send_to_sleep(&mut self) {
        if let Some(last) = self.frames.last_mut() {
            last.explored += 1;
            self.asleep.push(last.event);
        }
    }

    /// Removes the last step.
    pub(crate) fn pop(&mut self) {
        self.forget_options();
        if let Some(last) = self.frames.pop() {
            self.asleep.truncate(last.asleep_from as usize);
        }
    }

    /// The last step took effect: enters its event into the indexes.
    pub(crate) fn enter(&mut self, event: &VisibleEvent) {
        let at = position(self.frames.len() - 1);
        let of_thread = slot(&mut self.last_of_thread, event.thread.index());
        let previous_of_thread = if event.sequence == 1 && event.thread == ThreadId::MAIN {
            NOWHERE
        } else {
            *of_thread
        };
        *of_thread = at;
        let object = event.operation.object;
        let second = event.operation.second;
        let previous_on_object = self.enter_object(object, event.access, at);
        let previous_on_second = self.enter_object(second, event.second_access, at);
        if event.operation.kind == OperationKind::Spawn {
            *slot(&mut self.last_of_thread, event.operation.peer.index()) = at;
        }
        if event.late {
            self.late.push(at);
        }
        if self.positions.len() <= event.thread.index() {
            let expected = || Vec::with_capacity(EXPECTED_STEPS / 4);
            self.positions.resize_with(event.thread.index() + 1, expected);
        }
        *slot(&mut self.positions[event.thread.index()], event.sequence as usize) = at;
        let frame = &mut self.frames[at as usize];
        frame.event = *event;
        frame.previous_of_thread = previous_of_thread;
        frame.previous_on_object = previous_on_object;
        frame.previous_on_second = previous_on_second;
    }

    fn enter_object(&mut self, object: ObjectId, access: Access, at: StepIndex) -> StepIndex {
        if access == Access::None || !object.is_some() {
            return NOWHERE;
        }
        std::mem::replace(slot(&mut self.last_on_object, object.index()), at)
    }

    /// Takes the last step's event out of the indexes again.
    pub(crate) fn leave(&mut self) {
        let Some(frame) = self.frames.last() else { return };
        let event = &frame.event;
        // An event that was prescribed and did not come to pass stands in no table.
        if let Some(last) = self.last_of_thread.get_mut(event.thread.index()) {
            *last = frame.previous_of_thread;
        }
        let accessed = [
            (event.second_access, event.operation.second, frame.previous_on_second),
            (event.access, event.operation.object, frame.previous_on_object),
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

    /// The last step that touched `object`.
    pub(crate) fn last_on(&self, object: ObjectId) -> StepIndex {
        self.last_on_object.get(object.index()).copied().unwrap_or(NOWHERE)
    }

    /// The last step of `thread`, or its spawn.
    pub(crate) fn last_of(&self, thread: ThreadId) -> StepIndex {
        self.last_of_thread.get(thread.index()).copied().unwrap_or(NOWHERE)
    }

    pub(crate) fn position_of(&self, key: EventKey) -> StepIndex {
        self.positions[key.thread.index()][key.sequence as usize]
    }

    /// The execution has ended, and this operation is left pending.
    pub(crate) fn leave_pending(&mut self, key: EventKey, operation: VisibleOperation) {
        self.left_pending.push((key, operation));
    }

    /// Forgets what the execution before left pending.
    pub(crate) fn forget_pending(&mut self) {
        self.left_pending.clear();
    }

    /// `event`, which another execution had after a common beginning, with its objects named as in
    /// this execution. The thread's past being the same, its operation is, too.
    pub(crate) fn rename(&self, event: VisibleEvent) -> VisibleEvent {
        let key = event.key();
        let of_thread = self.positions.get(key.thread.index());
        let at = of_thread.and_then(|positions| positions.get(key.sequence as usize));
        let step = at.and_then(|at| self.frames.get(*at as usize)).map(|frame| &frame.event);
        let step = step.filter(|step| step.key() == key).map(|step| step.operation);
        let operation = step.or_else(|| {
            let left = self.left_pending.iter().find(|(pending, _)| *pending == key);
            left.map(|(_, operation)| *operation)
        });
        let own = operation.filter(|operation| operation.kind == event.operation.kind);
        VisibleEvent { operation: own.unwrap_or(event.operation), ..event }
    }
}
