//! After an execution: its races, and the wake-up sequences that reverse them.

use super::Exhaustive;
use super::path::{NOWHERE, Path, StepIndex};
use super::tree::is_weak_initial;
use crate::dependency::Reduction;
use crate::event::{Access, VisibleEvent};
use crate::identity::ThreadId;
use crate::operation::OperationKind;
use crate::strategy::View;

impl<R: Reduction> Exhaustive<R> {
    /// The event that a thread was about to make; with an access if it waits for a lock.
    fn pending_event(&self, view: &View<'_>, thread: ThreadId) -> Option<VisibleEvent> {
        let operation = view.pending(thread)?;
        let sequence = match self.path.last_of(thread) {
            NOWHERE => 1,
            last if self.path.event(last).thread == thread => self.path.event(last).sequence + 1,
            _ => 1,
        };
        let mut event = VisibleEvent::new(thread, sequence, *operation);
        event.access = match operation.kind {
            OperationKind::Lock | OperationKind::WriteLock => Access::Acquire,
            OperationKind::ReadLock => Access::AcquireShared,
            _ => Access::None,
        };
        Some(event)
    }

    /// Finds the races of the execution that has ended, and enters what reverses them.
    pub(super) fn reverse_races(&mut self, view: &View<'_>) {
        self.path.reserve_clocks(view.thread_count());
        self.races.keep_before(position(self.first_new));
        for at in self.first_new..self.path.len() {
            self.races.analyse::<R>(&mut self.path, position(at));
        }
        self.races.happened_so_far();
        // An outcome that was not chosen is disabled by the one that was, so it can be reversed in
        // every execution, like an operation that is blocked for ever.
        for index in 0..self.path.choices().len() {
            self.races.add_other_outcomes(&self.path, self.path.choices()[index]);
        }
        self.path.forget_pending();
        for thread in view.unfinished() {
            let Some(event) = self.pending_event(view, thread) else { continue };
            self.path.leave_pending(event.key(), event.operation);
            if event.access != Access::None {
                self.races.analyse_blocked::<R>(&mut self.path, &event);
            }
        }
        for index in 0..self.races.found.len() {
            self.reverse(index, view);
        }
    }

    /// Enters the wake-up sequence of a race where the two orders part.
    ///
    /// The sequence consists of all steps that stay, and the racing one. Those that come after the
    /// racing step in the path are independent of it. So a race that was found in an earlier
    /// execution is looked at again if new steps stay, and need not be otherwise.
    fn reverse(&mut self, index: usize, view: &View<'_>) {
        let race = self.races.found[index];
        let moved = &self.races.moved[race.moved.0..race.moved.1];
        let stays = |path: &Path, at: usize| {
            moved.iter().all(|moved| !path.is_before(*moved, position(at)))
        };
        let is_old = index < self.races.happened && (race.at as usize) < self.first_new;
        let path = &self.path;
        if race.settled || (is_old && !(self.first_new..path.len()).any(|at| stays(path, at))) {
            return;
        }
        let first = moved.iter().copied().min().unwrap_or(NOWHERE) as usize;
        self.sequence.clear();
        let mut before_race = 0;
        for at in first + 1..path.len() {
            if position(at) != race.at && stays(path, at) {
                self.sequence.push(*path.event(position(at)));
                before_race += usize::from(position(at) < race.at);
            }
        }
        self.sequence.push(race.event);
        for sleeper in path.asleep(first) {
            if is_weak_initial::<R>(sleeper, &self.sequence) {
                let thread = sleeper.thread;
                let place = self.sequence.iter().position(|event| event.thread == thread);
                let last = self.sequence.len() - 1;
                self.races.found[index].settled =
                    place.is_some_and(|place| place < before_race || place == last);
                return;
            }
        }
        self.enter_sequence(first, view);
    }

    fn enter_sequence(&mut self, at: usize, view: &View<'_>) {
        self.sequences += 1;
        if !R::keeps(self.sequences) {
            return;
        }
        let mut branches = self.path.frames[at].branches;
        let path = &self.path;
        self.forest.insert::<R>(
            (&mut branches, at),
            &mut self.sequence,
            |event| path.rename(event),
            |object, origin| view.0.is_unclear(object, origin),
        );
        self.path.frames[at].branches = branches;
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a path has fewer steps than u32 has numbers")]
fn position(index: usize) -> StepIndex {
    index as StepIndex
}
