//! Threads that a notification woke, from the order of waits, notifications and ends of
//! waits.

use std::collections::BTreeMap;

use super::RecordedEvent;
use crate::action::ActionKind;

/// The waits at all condition variables of a trace, up to some event.
#[derive(Default)]
pub(super) struct Notifications {
    by_condvar: BTreeMap<usize, CondvarWaiters>,
}

/// The threads that wait at a condition variable.
#[derive(Default)]
struct CondvarWaiters {
    /// Those that are not known to have been notified.
    waiting: Vec<usize>,
    /// The notifications that woke one of them, it is unknown which: places of events.
    chosen: Vec<usize>,
}

/// A notification of which it has become clear whom it woke.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Woken {
    /// The place of the notification among the events.
    pub(super) notification: usize,
    pub(super) thread: usize,
}

impl Notifications {
    /// Follows the event at this place, and notes in a notification whom it woke. Where that was
    /// open, a wake-up may show it later.
    pub(super) fn follow(&mut self, place: usize, event: &mut RecordedEvent) -> Option<Woken> {
        let (kind, thread) = (event.action.kind, event.thread);
        let condvar = event.action.object.filter(|_| !event.blocked)?;
        match kind {
            ActionKind::Wait => {
                self.by_condvar.entry(condvar).or_default().waiting.push(thread);
                None
            }
            ActionKind::WakeUp => {
                let waiters = self.by_condvar.entry(condvar).or_default();
                waiters.wake_up(thread, event.action.succeeded == Some(true))
            }
            ActionKind::Notify => {
                let waiters = self.by_condvar.entry(condvar).or_default();
                let all = event.action.name == "notify_all";
                let (woken, threads) = waiters.notify(place, all);
                event.action.woken = Some(woken);
                event.action.threads = threads;
                None
            }
            _ => None,
        }
    }
}

impl CondvarWaiters {
    fn wake_up(&mut self, thread: usize, notified: bool) -> Option<Woken> {
        let index = self.waiting.iter().position(|waiting| *waiting == thread)?;
        self.waiting.remove(index);
        if !notified {
            return None;
        }
        // Of several notifications it may have been any.
        let notification = self.chosen.pop()?;
        self.chosen.is_empty().then_some(Woken { notification, thread })
    }

    /// The number of threads that the notification wakes, and the threads if they are known.
    fn notify(&mut self, place: usize, all: bool) -> (usize, Vec<usize>) {
        let left = self.waiting.len().saturating_sub(self.chosen.len());
        let woken = if all { left } else { left.min(1) };
        if woken == 0 {
            (0, Vec::new())
        } else if woken == left {
            let known = self.chosen.is_empty();
            self.chosen.clear();
            let threads = std::mem::take(&mut self.waiting);
            (woken, if known { threads } else { Vec::new() })
        } else {
            self.chosen.push(place);
            (woken, Vec::new())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CondvarWaiters, Woken};

    fn waiters(threads: &[usize]) -> CondvarWaiters {
        CondvarWaiters { waiting: threads.to_vec(), chosen: vec![] }
    }

    #[test]
    fn a_notification_with_nobody_there_wakes_nobody() {
        assert_eq!(waiters(&[]).notify(0, false), (0, vec![]));
        assert_eq!(waiters(&[]).notify(0, true), (0, vec![]));
    }

    #[test]
    fn one_waiter_is_the_one_that_is_woken_and_only_once() {
        let mut waiters = waiters(&[3]);
        assert_eq!(waiters.notify(0, false), (1, vec![3]));
        assert_eq!(waiters.notify(1, false), (0, vec![]));
    }

    #[test]
    fn which_of_two_is_woken_is_not_guessed() {
        let mut waiters = waiters(&[1, 2]);
        assert_eq!(waiters.notify(0, false), (1, vec![]));
        assert_eq!(waiters.notify(1, true), (1, vec![]), "one is left, and may be either");
    }

    #[test]
    fn the_first_to_wake_up_was_the_one_notified() {
        let mut waiters = waiters(&[1, 2]);
        waiters.notify(7, false);
        assert_eq!(waiters.wake_up(2, true), Some(Woken { notification: 7, thread: 2 }));
        assert_eq!(waiters.notify(8, false), (1, vec![1]), "the other one is left");
    }

    #[test]
    fn of_two_notifications_it_may_have_been_either() {
        let mut waiters = waiters(&[1, 2, 3]);
        waiters.notify(7, false);
        waiters.notify(8, false);
        assert_eq!(waiters.wake_up(2, true), None);
    }

    #[test]
    fn a_time_out_leaves_the_notification_to_the_others() {
        let mut waiters = waiters(&[1, 2]);
        assert_eq!(waiters.wake_up(1, false), None);
        assert_eq!(waiters.notify(0, true), (1, vec![2]));
    }
}
