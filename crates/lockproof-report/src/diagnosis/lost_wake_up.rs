//! A thread waits for a notification, or to be unparked, and no thread is left to do it.

use lockproof_record::{ActionKind, RecordedBlock, RecordedEvent};

use super::{Evidence, Finding};

/// A thread that waits at a condition variable.
struct NotificationWaiter<'a> {
    blocked: &'a RecordedBlock,
    thread: usize,
    condvar: usize,
    /// The event that began the wait, spurious wake-ups apart.
    since: usize,
}

/// The sentence of a lost wake-up: the notification that went astray, if there was one.
pub(super) fn find(evidence: &Evidence<'_>) -> Option<Finding> {
    let waiters: Vec<_> = evidence
        .failure
        .defect
        .blocked
        .iter()
        .filter_map(|blocked| waiter(evidence, blocked))
        .collect();
    let story = |tell: fn(&Evidence<'_>, &NotificationWaiter<'_>) -> Option<(String, usize)>| {
        waiters
            .iter()
            .find_map(|waiter| tell(evidence, waiter).map(|(text, at)| (text, at, waiter)))
    };
    let (text, at, waiter) =
        story(went_to_another).or_else(|| story(came_too_early)).or_else(|| story(never_came))?;
    Some(Finding::new(format!("lost wake-up: {text}"), [at, waiter.since]))
}

/// The sentence of threads that are parked for ever.
pub(super) fn find_parked(evidence: &Evidence<'_>) -> Option<Finding> {
    let blocked = evidence.failure.defect.blocked.iter();
    let (blocked, at) = blocked
        .filter_map(|b| Some((b, last_event(evidence, b)?)))
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

fn last_event(evidence: &Evidence<'_>, blocked: &RecordedBlock) -> Option<usize> {
    let thread = blocked.index?;
    evidence.trace.events.iter().rposition(|event| event.thread == thread)
}

fn waiter<'a>(
    evidence: &Evidence<'_>,
    blocked: &'a RecordedBlock,
) -> Option<NotificationWaiter<'a>> {
    let thread = blocked.index?;
    let mut own = evidence.trace.events.iter().enumerate().rev();
    let mut own = own.by_ref().filter(|(_, event)| event.thread == thread && !event.blocked);
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
    Some(NotificationWaiter { blocked, thread, condvar, since })
}

/// The notifications of the condition variable, with their indices.
fn notifications<'a>(
    evidence: &'a Evidence<'_>,
    condvar: usize,
) -> impl DoubleEndedIterator<Item = (usize, &'a RecordedEvent)> {
    evidence.trace.events.iter().enumerate().filter(move |(_, event)| {
        event.action.kind == ActionKind::Notify && event.action.object == Some(condvar)
    })
}

/// A notification came in time and woke another thread.
fn went_to_another(
    evidence: &Evidence<'_>,
    waiter: &NotificationWaiter<'_>,
) -> Option<(String, usize)> {
    let woke_others = |event: &RecordedEvent| {
        event.action.woken == Some(1) && !event.action.threads.contains(&waiter.thread)
    };
    let (at, event) = notifications(evidence, waiter.condvar)
        .rev()
        .find(|(at, event)| *at > waiter.since && woke_others(event))?;
    let woken = match event.action.threads.first() {
        Some(other) => evidence.labels.thread(*other),
        None => "another thread",
    };
    let (name, place) = named(evidence, waiter);
    let notified = notified(evidence, waiter, event);
    Some((format!("{notified}, which woke {woken} and not {name}, waiting at {place}"), at))
}

/// The last notification came before the wait.
fn came_too_early(
    evidence: &Evidence<'_>,
    waiter: &NotificationWaiter<'_>,
) -> Option<(String, usize)> {
    let (at, event) = notifications(evidence, waiter.condvar).next_back()?;
    (at < waiter.since && event.action.woken == Some(0)).then_some(())?;
    let (name, place) = named(evidence, waiter);
    let notified = notified(evidence, waiter, event);
    let text = format!(
        "{notified} before {name} began to wait at {place}, and nobody notifies it after that"
    );
    Some((text, at))
}

/// No thread notifies the condition variable after the wait began.
fn never_came(evidence: &Evidence<'_>, waiter: &NotificationWaiter<'_>) -> Option<(String, usize)> {
    let last = notifications(evidence, waiter.condvar).next_back();
    last.is_none_or(|(at, _)| at < waiter.since).then_some(())?;
    let (name, place) = named(evidence, waiter);
    let condvar = evidence.labels.object(waiter.condvar);
    let text = format!("nobody notifies {condvar} after {name} began to wait at {place}");
    Some((text, waiter.since))
}

/// The waiting thread, and where it waits.
fn named<'a>(evidence: &'a Evidence<'_>, waiter: &NotificationWaiter<'a>) -> (&'a str, String) {
    (evidence.name_of(waiter.blocked), evidence.labels.place(&waiter.blocked.location))
}

/// Who notified the condition variable, and where.
fn notified(
    evidence: &Evidence<'_>,
    waiter: &NotificationWaiter<'_>,
    event: &RecordedEvent,
) -> String {
    let (thread, place) =
        (evidence.labels.thread(event.thread), evidence.labels.place(&event.location));
    format!("{thread} notified {} at {place}", evidence.labels.object(waiter.condvar))
}
