//! Directed searches: they end in the deadlock that they are told of, and what they find replays.

use std::panic::{Location, catch_unwind};

use lockproof::engine::{
    Approach, BlockedThread, DefectKind, Ending, Engine, Settings, Strategy, Task,
};
use lockproof::sync::{Arc, Mutex};
use lockproof::thread;
use lockproof::trace::SourceLocation;

fn opposite_orders() {
    let locks = Arc::new((Mutex::new(()), Mutex::new(())));
    let theirs = Arc::clone(&locks);
    let child = thread::spawn(move || {
        let _second = theirs.1.lock().unwrap();
        drop(theirs.0.lock().unwrap());
    });
    let first = locks.0.lock().unwrap();
    drop(locks.1.lock().unwrap());
    drop(first);
    child.join().unwrap();
}

/// Where the two threads are stuck, as an undirected search finds them.
fn approaches() -> Vec<Approach> {
    let exploration = task(1).explore();
    let failure = exploration.failure().expect("the orders are opposite");
    let approach = |blocked: &BlockedThread| Approach {
        thread: if blocked.thread == "main" { "0" } else { "0.0" }.to_owned(),
        holding: blocked.holds[0].1.clone(),
        taking: blocked.location.clone(),
    };
    failure.defect.blocked().iter().map(approach).collect()
}

fn task(samples: u64) -> Task {
    let mut settings = Settings::default();
    settings.samples = samples;
    Task::new(Engine::Explore, &settings, opposite_orders)
}

#[test]
fn a_directed_search_ends_in_its_deadlock_and_the_schedule_leads_there_again() {
    if !Engine::available().contains(&Engine::Explore) {
        return;
    }
    let exploration = task(1).directed_by(approaches()).explore();
    assert_eq!((exploration.strategy, exploration.executions), (Strategy::Directed, 1));
    let failure = exploration.failure().expect("one execution is enough");
    assert_eq!(failure.defect.kind(), DefectKind::Deadlock);
    let schedule = failure.schedule.as_ref().expect("explore gives schedules");
    let Ending::Failed(again) = task(1).replay(schedule).ending else {
        panic!("the schedule leads to the deadlock again");
    };
    assert_eq!(again.defect, failure.defect);
}

#[test]
fn only_explore_is_directed_and_only_by_approaches() {
    let message = |task: fn() -> Task| {
        let payload = catch_unwind(move || drop(task())).expect_err("it panics");
        let text = payload.downcast_ref::<String>().cloned();
        text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()))
    };
    let other = message(|| {
        let here: SourceLocation = Location::caller().into();
        let approach = Approach { thread: "0".to_owned(), holding: here.clone(), taking: here };
        Task::new(Engine::Std, &Settings::default(), || {}).directed_by(vec![approach])
    });
    assert_eq!(other.as_deref(), Some("only the exploring engine can be directed, not std"));
    if Engine::available().contains(&Engine::Explore) {
        let none = message(|| task(1).directed_by(Vec::new()));
        assert_eq!(none.as_deref(), Some("a search is directed by one approach at least"));
    }
}
