//! A thread waits for a notification, or to be unparked, and no thread is left to do it.

use lockproof_record::{ActionKind, RecordedBlock, RecordedEvent};

use super::{Evidence, Finding};

/// A thread that waits at a condition variable.
struct NotificationWaiter<'a> {
    evidence: &'a Evidence<'a>,
    blocked: &'a RecordedBlock,
    thread: usize,
    condvar: usize,
    /// The event that began the wait, spurious wake-ups apart.
    since: usize,
}

/// The sentence of a lost wake-up: the notification that went astray, if there was one.
pub(super) fn find(evidence: &Evidence<'_>) -> Option<Finding> {
    let blocked = evidence.failure.defect.blocked.iter();
    let waiters: Vec<_> =
        blocked.filter_map(|blocked| NotificationWaiter::of(evidence, blocked)).collect();
    let went_to_another = waiters.iter().find_map(NotificationWaiter::went_to_another);
    went_to_another
        .or_else(|| waiters.iter().find_map(NotificationWaiter::came_too_early))
        .or_else(|| waiters.iter().find_map(NotificationWaiter::never_came))
}

/// The sentence of threads that are parked for ever.
pub(super) fn find_parked(evidence: &Evidence<'_>) -> Option<Finding> {
    let blocked = evidence.failure.defect.blocked.iter();
    let (blocked, at) = blocked
        .filter_map(|b| Some((b, evidence.last_event(b)?)))
        .find(|(_, at)| evidence.trace.events[*at].action.kind == ActionKind::Park)?;
    let thread = evidence.trace.events[at].thread;
    let (name, place) = (evidence.name_of(blocked), evidence.labels.place(&blocked.location));
    let unparks = |event: &RecordedEvent| {
        event.action.kind == ActionKind::Unpark && event.action.threads.contains(&thread)
    };
    let events = &evidence.trace.events;
    let sentence = match events.iter().rposition(unparks) {
        None => format!("nobody unparks {name}, which parks at {place}"),
        Some(unpark) => format!(
            "{} unparked {name} at {}, which an earlier park used up; {name} parks again at {place}",
            evidence.labels.thread(events[unpark].thread),
            evidence.labels.place(&events[unpark].location)
        ),
    };
    Some(Finding::new(format!("parked for ever: {sentence}"), [at]))
}

impl<'a> NotificationWaiter<'a> {
    fn of(evidence: &'a Evidence<'a>, blocked: &'a RecordedBlock) -> Option<Self> {
        let thread = blocked.index?;
        let own = evidence.trace.events.iter().enumerate().rev();
        let mut own = own.filter(|(_, event)| event.thread == thread && !event.blocked);
        let (mut since, wait) =
            own.next().filter(|(_, event)| event.action.kind == ActionKind::Wait)?;
        let condvar = wait.action.object?;
        // Back over spurious wake-ups after which it waited again.
        while let (Some((_, wake_up)), Some((earlier, wait))) = (own.next(), own.next()) {
            let is_spurious = wake_up.action.kind == ActionKind::WakeUp
                && wake_up.action.succeeded == Some(false)
                && wait.action.kind == ActionKind::Wait
                && wait.action.object == Some(condvar);
            if !is_spurious {
                break;
            }
            since = earlier;
        }
        Some(Self { evidence, blocked, thread, condvar, since })
    }

    /// The notifications of the condition variable, with their indices.
    fn notifications(&self) -> impl DoubleEndedIterator<Item = (usize, &'a RecordedEvent)> {
        self.evidence.trace.events.iter().enumerate().filter(|(_, event)| {
            event.action.kind == ActionKind::Notify && event.action.object == Some(self.condvar)
        })
    }

    /// A notification came in time and woke another thread.
    fn went_to_another(&self) -> Option<Finding> {
        let woke_others = |event: &RecordedEvent| {
            event.action.woken == Some(1) && !event.action.threads.contains(&self.thread)
        };
        let mut notifications = self.notifications().rev();
        let (at, event) =
            notifications.find(|(at, event)| *at > self.since && woke_others(event))?;
        let woken = match event.action.threads.first() {
            Some(other) => self.evidence.labels.thread(*other),
            None => "another thread",
        };
        let ((name, place), notified) = (self.named(), self.notified(event));
        let text = format!("{notified}, which woke {woken} and not {name}, waiting at {place}");
        Some(self.finding(&text, at))
    }

    /// The last notification came before the wait.
    fn came_too_early(&self) -> Option<Finding> {
        let (at, event) = self.notifications().next_back()?;
        (at < self.since && event.action.woken == Some(0)).then_some(())?;
        let ((name, place), notified) = (self.named(), self.notified(event));
        let text = format!(
            "{notified} before {name} began to wait at {place}, and nobody notifies it after that"
        );
        Some(self.finding(&text, at))
    }

    /// No thread notifies the condition variable after the wait began.
    fn never_came(&self) -> Option<Finding> {
        let last = self.notifications().next_back();
        last.is_none_or(|(at, _)| at < self.since).then_some(())?;
        let (name, place) = self.named();
        let condvar = self.evidence.labels.object(self.condvar);
        let text = format!("nobody notifies {condvar} after {name} began to wait at {place}");
        Some(self.finding(&text, self.since))
    }

    fn finding(&self, text: &str, at: usize) -> Finding {
        Finding::new(format!("lost wake-up: {text}"), [at, self.since])
    }

    /// The waiting thread, and where it waits.
    fn named(&self) -> (&str, String) {
        (self.evidence.name_of(self.blocked), self.evidence.labels.place(&self.blocked.location))
    }

    /// Who notified the condition variable, and where.
    fn notified(&self, event: &RecordedEvent) -> String {
        let labels = self.evidence.labels;
        let (thread, place) = (labels.thread(event.thread), labels.place(&event.location));
        format!("{thread} notified {} at {place}", labels.object(self.condvar))
    }
}
