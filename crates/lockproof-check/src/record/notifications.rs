//! Which threads a notification woke, worked out from the order of waits, notifications and ends of
//! waits.

use std::collections::BTreeMap;

use super::{ActionKind, RecordedEvent};

/// The waits at all condition variables of a trace, up to some event.
#[derive(Default)]
pub(super) struct Notifications {
    by_condvar: BTreeMap<usize, Waiters>,
}

/// The threads that wait at a condition variable.
#[derive(Default)]
struct Waiters {
    /// Those that nobody is known to have notified.
    waiting: Vec<usize>,
    /// How many of them were notified all the same: nobody knows which.
    chosen: usize,
}

impl Notifications {
    /// Follows `event`, and notes in a notification whom it woke.
    pub(super) fn follow(&mut self, event: &mut RecordedEvent) {
        let (kind, thread) = (event.action.kind, event.thread);
        let Some(condvar) = event.action.object.filter(|_| !event.blocked) else { return };
        match kind {
            ActionKind::Wait => {
                self.by_condvar.entry(condvar).or_default().waiting.push(thread);
            }
            ActionKind::WakeUp => {
                let waiters = self.by_condvar.entry(condvar).or_default();
                waiters.wake_up(thread, event.action.succeeded == Some(true));
            }
            ActionKind::Notify => {
                let waiters = self.by_condvar.entry(condvar).or_default();
                let all = event.action.name == "notify_all";
                let (woken, threads) = waiters.notify(all);
                event.action.woken = Some(woken);
                event.action.threads = threads;
            }
            _ => {}
        }
    }
}

impl Waiters {
    fn wake_up(&mut self, thread: usize, notified: bool) {
        if let Some(index) = self.waiting.iter().position(|waiting| *waiting == thread) {
            self.waiting.remove(index);
            if notified {
                self.chosen = self.chosen.saturating_sub(1);
            }
        }
    }

    /// How many threads the notification wakes, and which, if that is known.
    fn notify(&mut self, all: bool) -> (usize, Vec<usize>) {
        let left = self.waiting.len().saturating_sub(self.chosen);
        let woken = if all { left } else { left.min(1) };
        if woken == 0 {
            (0, Vec::new())
        } else if woken == left {
            let known = self.chosen == 0;
            self.chosen = 0;
            let threads = std::mem::take(&mut self.waiting);
            (woken, if known { threads } else { Vec::new() })
        } else {
            self.chosen += woken;
            (woken, Vec::new())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Waiters;

    fn waiters(threads: &[usize]) -> Waiters {
        Waiters { waiting: threads.to_vec(), chosen: 0 }
    }

    #[test]
    fn a_notification_with_nobody_there_wakes_nobody() {
        assert_eq!(waiters(&[]).notify(false), (0, vec![]));
        assert_eq!(waiters(&[]).notify(true), (0, vec![]));
    }

    #[test]
    fn one_waiter_is_the_one_that_is_woken_and_only_once() {
        let mut waiters = waiters(&[3]);
        assert_eq!(waiters.notify(false), (1, vec![3]));
        assert_eq!(waiters.notify(false), (0, vec![]));
    }

    #[test]
    fn which_of_two_is_woken_is_not_guessed() {
        let mut waiters = waiters(&[1, 2]);
        assert_eq!(waiters.notify(false), (1, vec![]));
        assert_eq!(waiters.notify(true), (1, vec![]), "one is left, and may be either");
    }

    #[test]
    fn the_first_to_wake_up_was_the_one_notified() {
        let mut waiters = waiters(&[1, 2]);
        waiters.notify(false);
        waiters.wake_up(2, true);
        assert_eq!(waiters.notify(false), (1, vec![1]), "the other one is left");
    }

    #[test]
    fn a_time_out_leaves_the_notification_to_the_others() {
        let mut waiters = waiters(&[1, 2]);
        waiters.wake_up(1, false);
        assert_eq!(waiters.notify(true), (1, vec![2]));
    }
}
