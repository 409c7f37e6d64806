//! Watchers see every execution, may fail one, and may let a standstill pass.

use std::sync::{Arc, Mutex};

use lockproof::engine::{
    Defect, DefectKind, EndedExecution, Ending, Engine, Exploration, Task, Watcher,
};
use lockproof::sync::{Arc as ModelArc, Condvar, Mutex as ModelMutex};
use lockproof::thread;

use crate::engines::{controlled, settings};

/// Counts executions, and finds fault as it is told.
#[derive(Default)]
struct Notes {
    executions: u64,
    standstills: u64,
    fails_execution: Option<u64>,
    judges_standstills: bool,
}

impl Watcher for Notes {
    fn search_begins(&mut self) {
        self.executions = 0;
        self.standstills = 0;
    }

    fn execution_ended(&mut self, execution: &EndedExecution<'_>) -> Option<Defect> {
        self.executions += 1;
        self.standstills += u64::from(execution.standstill.is_some());
        let fails = self.fails_execution == Some(self.executions);
        fails.then(|| Defect::Livelock { message: "found by the watcher".to_owned() })
    }

    fn judges_standstills(&self) -> bool {
        self.judges_standstills
    }
}

fn watch(
    engine: Engine,
    notes: Notes,
    model: impl Fn() + Send + Sync + 'static,
) -> (Exploration, Arc<Mutex<Notes>>) {
    let notes = Arc::new(Mutex::new(notes));
    let watcher = Arc::clone(&notes);
    (Task::new(engine, &settings(), model).watched_by(watcher).explore(), notes)
}

/// The attempt, which not every execution gets to, makes loom begin its search again.
fn two_increments() {
    let total = ModelArc::new(ModelMutex::new(0));
    let other = ModelArc::clone(&total);
    let child = thread::spawn(move || *other.lock().unwrap() += 1);
    let is_late = *total.lock().unwrap() == 1;
    if is_late && let Ok(mut total) = total.try_lock() {
        *total += 1;
    }
    child.join().unwrap();
}

#[test]
fn every_execution_is_shown() {
    for &engine in Engine::available() {
        let (exploration, notes) = watch(engine, Notes::default(), two_increments);
        assert!(exploration.failure().is_none(), "{engine}: {exploration:?}");
        assert_eq!(notes.lock().unwrap().executions, exploration.executions, "{engine}");
    }
}

#[test]
fn the_watchers_defect_fails_its_execution() {
    for &engine in Engine::available() {
        let notes = Notes { fails_execution: Some(2), ..Notes::default() };
        let (exploration, _) = watch(engine, notes, two_increments);
        let failure = exploration.failure().expect("the watcher fails the second execution");
        assert_eq!(failure.defect.kind(), DefectKind::Livelock, "{engine}");
        assert_eq!(failure.execution, 2, "{engine}");
        assert_eq!(failure.trace.events.is_empty(), engine == Engine::Std, "{engine}");
    }
}

/// Lets a thread in that has come first; one that comes later waits for ever.
fn may_wait_for_ever() {
    #[derive(PartialEq)]
    enum Door {
        Shut,
        KnockedAt,
        Open,
    }
    let pair = ModelArc::new((ModelMutex::new(Door::Shut), Condvar::new()));
    let other = ModelArc::clone(&pair);
    let child = thread::spawn(move || {
        let (door, opened) = &*other;
        let mut guard = door.lock().unwrap();
        *guard = Door::KnockedAt;
        while *guard != Door::Open {
            guard = opened.wait(guard).unwrap();
        }
    });
    let mut door = pair.0.lock().unwrap();
    if *door == Door::KnockedAt {
        *door = Door::Open;
        pair.1.notify_one();
    }
    drop(door);
    child.join().unwrap();
}

#[test]
fn a_standstill_is_a_defect_unless_the_watcher_lets_it_pass() {
    for engine in controlled() {
        let (exploration, _) = watch(engine, Notes::default(), may_wait_for_ever);
        let failure = exploration.failure().expect("the child may come too late");
        assert_eq!(failure.defect.kind(), DefectKind::LostWakeUp, "{engine}");

        if engine == Engine::Explore {
            let notes = Notes { judges_standstills: true, ..Notes::default() };
            let (exploration, notes) = watch(engine, notes, may_wait_for_ever);
            assert!(matches!(exploration.ending, Ending::Complete), "{exploration:?}");
            let notes = notes.lock().unwrap();
            assert_eq!(notes.executions, exploration.executions);
            assert!(0 < notes.standstills && notes.standstills < notes.executions);
        }
    }
}
