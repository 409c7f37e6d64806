//! What the fields of recorded events say, against what the engines know: a page that steps through
//! an execution by the fields alone must show what was so.

use lockproof::extension::Named;
use lockproof::sync::atomic::{AtomicU32, Ordering};
use lockproof::sync::{Arc, Condvar, Mutex, Once, RwLock};
use lockproof::thread;
use lockproof_check::record::{
    ActionKind, RecordedEvent, RecordedFailure, RecordedLocation, RecordedMode, RecordedState,
    RecordedTrace,
};
use lockproof_check::{Engine, Model, Report};

fn report_of(model: impl Fn() + Send + Sync + 'static) -> Report {
    let model = Model::new("a model", "ends in a failure", model);
    model.not_on(Engine::Std, "real threads leave no trace").check()
}

/// The failures with a trace: one for each engine of the build that controls the schedule.
fn failures(report: &Report) -> Vec<&RecordedFailure> {
    let controlled = report.runs.iter().filter(|run| run.engine().is_controlled());
    let failures = controlled.map(|run| run.verdict().failure().expect("the model always fails"));
    failures.collect()
}

/// The states of an execution, each before the event that it comes with.
fn states(trace: &RecordedTrace) -> Vec<(RecordedState, &RecordedEvent)> {
    let state = |(index, event)| (trace.state_before(index), event);
    trace.events.iter().enumerate().map(state).collect()
}

fn object(trace: &RecordedTrace, name: &str) -> usize {
    let found = trace.objects.iter().position(|object| object.name == name);
    found.unwrap_or_else(|| panic!("{name} is an object of the trace"))
}

fn events_of(trace: &RecordedTrace, kind: ActionKind) -> impl Iterator<Item = &RecordedEvent> {
    trace.events.iter().filter(move |event| event.action.kind == kind && !event.blocked)
}

#[test]
fn a_wait_gives_the_mutex_back_and_a_wake_up_takes_it() {
    let report = report_of(|| {
        let shared = Arc::new((Mutex::new(false).named("ready"), Condvar::new().named("changed")));
        let other = Arc::clone(&shared);
        let child = thread::spawn(move || {
            *other.0.lock().unwrap() = true;
            other.1.notify_all();
        });
        let mut ready = shared.0.lock().unwrap();
        while !*ready {
            ready = shared.1.wait(ready).unwrap();
        }
        drop(ready);
        child.join().unwrap();
        panic!("the end");
    });
    for failure in failures(&report) {
        let trace = &failure.trace;
        let ready = object(trace, "ready");
        for (before, event) in states(trace) {
            let mut after = before.clone();
            after.apply(event);
            let holds =
                |state: &RecordedState| state.holds.of(event.thread).any(|hold| hold.lock == ready);
            match event.action.kind {
                ActionKind::Wait if !event.blocked => {
                    assert!(holds(&before) && !holds(&after), "a wait releases: {event:?}");
                }
                ActionKind::WakeUp => {
                    assert!(!holds(&before) && holds(&after), "a wake-up acquires: {event:?}");
                }
                _ => {}
            }
        }
        let last = trace.state_before(trace.events.len());
        assert_eq!(*last.holds, [], "everything was released before the end");
    }
}

#[test]
fn a_notification_tells_whom_it_woke() {
    let report = report_of(|| {
        let shared = Arc::new((Mutex::new(false), Condvar::new()));
        shared.1.notify_one();
        let other = Arc::clone(&shared);
        let child = thread::spawn(move || {
            let ready = other.0.lock().unwrap();
            drop(other.1.wait_while(ready, |ready| !*ready).unwrap());
        });
        *shared.0.lock().unwrap() = true;
        shared.1.notify_one();
        child.join().unwrap();
        panic!("the end");
    });
    for failure in failures(&report) {
        let trace = &failure.trace;
        let first = events_of(trace, ActionKind::Notify).next().expect("there are two");
        assert_eq!(first.action.woken, Some(0), "nobody waits yet");
        for wake_up in events_of(trace, ActionKind::WakeUp) {
            let by_notification = wake_up.action.succeeded == Some(true);
            let notified = events_of(trace, ActionKind::Notify)
                .any(|notify| notify.action.threads.contains(&wake_up.thread));
            assert!(notified || !by_notification, "the notification names whom it woke");
        }
    }
}

#[test]
fn the_holders_at_the_end_are_those_that_the_engine_names() {
    let report = report_of(|| {
        let locks = Arc::new((Mutex::new(()).named("left"), RwLock::new(()).named("right")));
        let other = Arc::clone(&locks);
        let child = thread::spawn(move || {
            let _right = other.1.write().unwrap();
            let _again = other.1.write();
        });
        let _left = locks.0.lock().unwrap();
        child.join().unwrap();
    });
    for failure in failures(&report) {
        let trace = &failure.trace;
        let state = trace.state_before(trace.events.len());
        for blocked in &failure.defect.blocked {
            let is_it = |hold: &&_| trace.threads[holding(hold).0] == blocked.thread;
            let held = state.holds.iter().filter(is_it);
            let held: Vec<_> =
                held.map(|hold| (&*trace.objects[hold.lock].name, &hold.since)).collect();
            let known: Vec<_> =
                blocked.holds.iter().map(|hold| (&*hold.lock, &hold.since)).collect();
            assert_eq!(held, known, "{} holds what the engine says", blocked.thread);
            let waits = state.waits.iter().any(|wait| trace.threads[wait.thread] == blocked.thread);
            assert!(waits, "{} waits at the end", blocked.thread);
        }
        assert!(!state.holds.is_empty(), "the locks are held at the end");
    }
}

fn holding(hold: &lockproof_check::record::Holding<RecordedLocation>) -> (usize, usize) {
    (hold.thread, hold.lock)
}

#[test]
fn nobody_holds_a_lock_beside_a_writer() {
    let report = report_of(|| {
        let table = Arc::new(RwLock::new(0_u32).named("table"));
        let start = Arc::new(Once::new());
        let (other, begin) = (Arc::clone(&table), Arc::clone(&start));
        let child = thread::spawn(move || {
            begin.call_once(|| *other.write().unwrap() += 1);
            drop(other.read().unwrap());
        });
        start.call_once(|| *table.write().unwrap() += 1);
        drop(table.read().unwrap());
        child.join().unwrap();
        panic!("the end");
    });
    for failure in failures(&report) {
        for (state, _) in states(&failure.trace) {
            for hold in &*state.holds {
                let beside =
                    |other: &&_| holding(other).1 == hold.lock && holding(other).0 != hold.thread;
                let alone = hold.mode != RecordedMode::Exclusive
                    || state.holds.iter().filter(beside).count() == 0;
                assert!(alone, "a writer is alone: {state:?}");
            }
        }
        let initializations = events_of(&failure.trace, ActionKind::BeginInitialization).count();
        assert_eq!(initializations, 1, "an initialization is held like a lock, by one thread");
    }
}

#[test]
fn values_are_followed() {
    let report = report_of(|| {
        let total = AtomicU32::new(1).named("total");
        total.store(4, Ordering::SeqCst);
        total.fetch_add(3, Ordering::SeqCst);
        panic!("the end");
    });
    for failure in failures(&report) {
        let trace = &failure.trace;
        let total = object(trace, "total");
        let values: Vec<_> =
            states(trace).iter().map(|(state, _)| state.values.get(&total).cloned()).collect();
        assert_eq!(values, [None, Some("4".to_owned()), Some("7".to_owned())]);
        let update = events_of(trace, ActionKind::Update).next().expect("there is one");
        assert_eq!(update.action.name, "fetch_add");
        assert_eq!(
            (update.action.read.as_deref(), update.action.written.as_deref()),
            (Some("4"), Some("7"))
        );
    }
}

#[test]
fn a_long_execution_keeps_its_ends_and_who_holds_what_in_between() {
    let report = report_of(|| {
        let (outer, inner) = (Mutex::new(()).named("outer"), Mutex::new(()).named("inner"));
        let _held = outer.lock();
        for _ in 0..2_000 {
            drop(inner.lock());
        }
        panic!("the end");
    });
    for failure in failures(&report) {
        let trace = &failure.trace;
        assert_eq!(trace.events.len(), 2_000, "it is bounded");
        let gap = trace.gap.as_ref().expect("something is left out");
        assert_eq!(gap.events + 2_000, 1 + 2 * 2_000 + 1 + 1, "everything is counted");
        let state = trace.state_before(gap.before);
        let held: Vec<_> = state.holds.iter().map(|hold| hold.lock).collect();
        assert!(held.contains(&object(trace, "outer")), "what is held is held across the gap");
    }
}

#[test]
fn a_message_of_megabytes_is_cut_with_a_note() {
    let report = Model::new("a model", "says much", || panic!("{}", "x".repeat(3_000_000))).check();
    for run in &report.runs {
        let failure = run.verdict().failure().expect("the model always fails");
        let texts = failure.trace.events.iter().map(|event| &event.operation);
        for text in texts.chain([&failure.defect.sentence, &failure.defect.message]) {
            assert!(text.len() < 70_000, "it is cut: {} bytes", text.len());
            assert!(text.contains("bytes are left out here"), "the note says so");
        }
    }
}

#[test]
fn what_is_written_is_what_is_read() {
    let report = report_of(|| {
        let total = Arc::new(Mutex::new(0));
        let other = Arc::clone(&total);
        thread::spawn(move || *other.lock().unwrap() += 1).join().unwrap();
        panic!("the end");
    });
    let text = serde_json::to_string(&report).expect("a report is JSON");
    let read: Report = serde_json::from_str(&text).expect("it is read back");
    assert_eq!(read, report);
}
