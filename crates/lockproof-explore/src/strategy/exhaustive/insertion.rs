//! The wake-up sequences that reverse the races of an execution that has ended.

use super::tree::is_weak_initial;
use super::{Exhaustive, NOWHERE, step_index};
use crate::event::{Access, VisibleEvent};
use crate::identity::ThreadId;
use crate::mutant;
use crate::operation::OperationKind;
use crate::strategy::View;

impl Exhaustive {
    /// Finds the races of the execution that has ended, and inserts what reverses them.
    pub(super) fn reverse_races(&mut self, view: &View<'_>) {
        self.path.clocks.reserve(self.path.len(), view.thread_count());
        let first_new = step_index(self.first_new);
        self.races.found.keep_before(first_new);
        for at in first_new..step_index(self.path.len()) {
            self.races.analyse(&mut self.path, at);
        }
        self.races.found.happened_so_far();
        // An outcome that was not chosen is excluded by the one that was, in every execution. So it
        // races with it, like an operation that is blocked for ever with what blocks it.
        for index in 0..self.path.choices.len() {
            self.races.add_other_outcomes(&self.path, self.path.choices[index]);
        }
        self.path.left_pending.clear();
        for thread in view.unfinished() {
            let Some(event) = self.pending_event(view, thread) else { continue };
            self.path.left_pending.push((event.key(), event.operation));
            if event.access != Access::None {
                self.races.analyse_blocked(&mut self.path, &event);
            }
        }
        for index in 0..self.races.found.races.len() {
            self.reverse(index, view);
        }
    }

    /// The pending event of a thread. It has an access if it waits for a lock.
    fn pending_event(&self, view: &View<'_>, thread: ThreadId) -> Option<VisibleEvent> {
        let operation = view.pending(thread)?;
        let sequence = match self.path.indexes.last_of(thread) {
            NOWHERE => 1,
            last if self.path.event(last).thread == thread => self.path.event(last).sequence + 1,
            // The entry is the thread's spawn.
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

    /// Inserts the wake-up sequence of a race at the step where the two orders part.
    ///
    /// In the paper's terms, for a race of *e* with *e'*: the sequence *v* = *notdep(e, E).proc(e')*
    /// is inserted into *wut(pre(E, e))*, unless a sleeping event there is a weak initial of *v*.
    fn reverse(&mut self, index: usize, view: &View<'_>) {
        let race = self.races.found.races[index];
        let moved = self.races.found.moved(&race);
        let stays = |at| moved.iter().all(|moved| !self.path.is_before(*moved, at));
        let (first_new, end) = (step_index(self.first_new), step_index(self.path.len()));
        // A race of the common prefix has been reversed after an earlier execution. If no new step
        // stays, its sequence is the same, so it has been inserted or is covered by a sleeping event.
        let is_old = index < self.races.found.happened && race.at < first_new;
        if race.settled || (is_old && !(first_new..end).any(stays)) {
            return;
        }
        // If several readers make way, the two orders part at the first of them.
        let first = moved.iter().copied().min().unwrap_or(NOWHERE);
        let steps = (first + 1..end).filter(|at| *at != race.at && stays(*at));
        // *notdep(e, E)* is what does not happen after *e*. Its steps after the race are independent
        // of *e'*, since whatever depends on *e'* happens after *e*, too.
        self.sequence.clear();
        let mut before_race = 0;
        for at in steps {
            self.sequence.push(*self.path.event(at));
            before_race += usize::from(at < race.at);
        }
        self.sequence.push(race.event);
        let sleepers = self.path.asleep(first as usize);
        let Some(sleeper) = sleepers.iter().find(|one| is_weak_initial(one, &self.sequence)) else {
            return self.insert_sequence(first as usize, view);
        };
        // Some execution that begins with the sleeper contains *v*, and all of these have been
        // explored. If the sleeper is one of the steps before the race, or *e'* itself, that does
        // not depend on the steps after the race, so it holds from now on.
        let place = self.sequence.iter().position(|event| event.thread == sleeper.thread);
        let last = self.sequence.len() - 1;
        self.races.found.races[index].settled =
            place.is_some_and(|place| place < before_race || place == last);
    }

    fn insert_sequence(&mut self, at: usize, view: &View<'_>) {
        if mutant::drops_sequence() {
            return;
        }
        let mut branches = self.path.frames[at].branches;
        let path = &self.path;
        self.forest.insert(
            (&mut branches, at),
            &mut self.sequence,
            |event| path.rename(event),
            |object, origin| view.0.has_unstable_name(object, origin),
        );
        self.path.frames[at].branches = branches;
    }
}
