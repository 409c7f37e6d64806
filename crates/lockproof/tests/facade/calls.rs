//! Notes of calls: which steps each call took, in what order those happened, and that nobody else
//! can tell that notes were taken.

use std::collections::BTreeSet;

use lockproof::calls::{CallLog, Calls, Mark};
use lockproof::engine::{
    Condition, Defect, DefectKind, EndedExecution, Engine, Exploration, Happened, Task, Untracked,
    Watcher, explore,
};
use lockproof::sync::atomic::{AtomicU32, Ordering};
use lockproof::sync::{Arc, Mutex};
use lockproof::thread;

use crate::engines::{controlled, settings};

/// Keeps the notes of every execution.
struct Keeper {
    log: CallLog<u32>,
    kept: Vec<(Calls<u32>, Happened)>,
}

impl Watcher for Keeper {
    fn search_begins(&mut self) {
        self.kept.clear();
    }

    fn execution_ended(&mut self, execution: &EndedExecution<'_>) -> Option<Defect> {
        self.kept.push((self.log.take(), execution.happened()));
        None
    }
}

fn watch(
    engine: Engine,
    model: impl Fn(&CallLog<u32>) + Send + Sync + 'static,
) -> (Exploration, Vec<(Calls<u32>, Happened)>) {
    let log = CallLog::default();
    let keeper = Untracked::new(Keeper { log: log.clone(), kept: Vec::new() });
    let model = move || {
        log.clear();
        model(&log);
    };
    let task = Task::new(engine, &settings(), model).watched_by(keeper.as_watcher());
    let exploration = task.explore();
    assert!(exploration.failure().is_none(), "{engine}: {exploration:?}");
    (exploration, keeper.with(|keeper| std::mem::take(&mut keeper.kept)))
}

fn add(total: &Mutex<u32>) -> u32 {
    let mut total = total.lock().unwrap();
    *total += 1;
    *total
}

/// Two threads add; one of them adds twice.
fn three_additions(log: &CallLog<u32>) {
    let total = Arc::new(Mutex::new(0));
    let (other, of_child) = (Arc::clone(&total), log.clone());
    let child = thread::spawn(move || {
        of_child.perform(1, 2, || add(&other));
    });
    log.perform(0, 0, || add(&total));
    log.perform(0, 1, || add(&total));
    child.join().unwrap();
    log.divide();
    log.perform(0, 3, || add(&total));
}

#[test]
fn every_call_is_noted_with_its_thread_its_part_and_its_result() {
    for &engine in Engine::available() {
        let (exploration, kept) = watch(engine, three_additions);
        assert_eq!(kept.len() as u64, exploration.executions, "{engine}");
        for (calls, _) in kept {
            let by_number = |number| calls.calls.iter().find(|call| call.call == number).unwrap();
            assert_eq!([0, 1, 2, 3].map(|number| by_number(number).thread), [0, 0, 1, 0]);
            assert_eq!([0, 1, 2, 3].map(|number| by_number(number).part), [0, 0, 0, 1]);
            let results: BTreeSet<_> = calls.calls.iter().map(|call| call.result).collect();
            assert_eq!(results, [1, 2, 3, 4].map(Some).into(), "{engine}");
            assert_eq!(calls.marks.len(), 8, "{engine}: each call began and returned");
        }
    }
}

#[test]
fn notes_cost_an_exhaustive_search_no_execution() {
    let bare = || {
        let total = Arc::new(Mutex::new(0));
        let other = Arc::clone(&total);
        let child = thread::spawn(move || {
            add(&other);
        });
        add(&total);
        add(&total);
        child.join().unwrap();
        add(&total);
    };
    for engine in controlled().filter(|engine| *engine != Engine::Shuttle) {
        let (noted, _) = watch(engine, three_additions);
        let unnoted = explore(engine, &settings(), bare);
        assert_eq!(noted.executions, unnoted.executions, "{engine}");
    }
}

/// The numbers of the steps between which a call stands, and its thread.
fn steps(marks: &[Mark], call: usize) -> Option<(usize, u32, u32)> {
    let moment = |returns| {
        let mark = marks.iter().find(|mark| mark.call == call && mark.returns == returns);
        mark.expect("the call began and returned").moment
    };
    let (begin, end) = (moment(false)?, moment(true)?);
    assert_eq!(begin.thread, end.thread, "a call is made by one thread");
    Some((begin.thread, begin.steps, end.steps))
}

#[test]
fn the_exploring_engine_orders_the_steps_of_calls_that_meet_at_a_lock_and_no_others() {
    for engine in controlled() {
        let (_, kept) = watch(engine, |log| {
            let (mine, shared) = (Mutex::new(0), Arc::new(Mutex::new(0)));
            let (other, of_child) = (Arc::clone(&shared), log.clone());
            let child = thread::spawn(move || {
                of_child.perform(1, 0, || add(&other));
            });
            log.perform(0, 1, || add(&mine));
            log.perform(0, 2, || add(&shared));
            child.join().unwrap();
        });
        for (calls, happened) in kept {
            let index = |call| calls.calls.iter().position(|c| c.call == call).unwrap();
            let [of_child, apart, meeting] = [0, 1, 2].map(|call| steps(&calls.marks, index(call)));
            let Happened::Partially(order) = happened else {
                assert_eq!(of_child, None, "{engine} counts no steps");
                continue;
            };
            let [of_child, apart, meeting] = [of_child, apart, meeting].map(Option::unwrap);
            for (_, begin, end) in [of_child, apart, meeting] {
                assert_eq!(end - begin, 2, "a call is a lock and an unlock");
            }
            let is_before = |(thread, _, last): (usize, u32, u32), (other, first, _)| {
                order.clock(other, first + 1)[thread] >= last
            };
            assert!(is_before(apart, meeting), "a thread's own steps are ordered");
            assert!(!is_before(of_child, apart), "nothing orders them, whatever came first");
            let child_was_first = calls.calls[index(0)].result == Some(1);
            assert_eq!(is_before(of_child, meeting), child_was_first);
            assert_eq!(is_before(meeting, of_child), !child_was_first);
        }
    }
}

#[test]
fn an_execution_with_stale_values_happened_in_no_clear_order() {
    for engine in controlled() {
        let (_, kept) = watch(engine, |log| {
            let flag = Arc::new(AtomicU32::new(0));
            let other = Arc::clone(&flag);
            // ORDERING: Relaxed: the load may miss the store, which is what this is about.
            let child = thread::spawn(move || other.store(1, Ordering::Relaxed));
            // ORDERING: Relaxed: see the store.
            log.perform(0, 0, || flag.load(Ordering::Relaxed));
            child.join().unwrap();
        });
        let unclear = kept.iter().any(|(_, happened)| matches!(happened, Happened::Unclear));
        assert_eq!(unclear, engine == Engine::Loom, "{engine}: only loom knows weak memory");
    }
}

#[test]
fn a_violation_says_which_condition_does_not_hold() {
    let condition = Condition::SequentialConsistency;
    let defect = Defect::Violation { condition, message: "0 is read after 1".to_owned() };
    assert_eq!(defect.to_string(), "not sequentially consistent: 0 is read after 1");
    assert_eq!(defect.kind(), DefectKind::Violation(condition));
    assert_eq!(defect.kind().to_string(), "not sequentially consistent");
}
