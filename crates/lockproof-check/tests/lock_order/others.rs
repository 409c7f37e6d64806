//! Locks that are held across blocking calls, and how long they are held.

use std::time::Duration;

use lockproof::sync::{Arc, Mutex, mpsc};
use lockproof::thread;
use lockproof_check::{Engine, Model};

use crate::seen::{in_all, is_there};

#[test]
fn a_lock_that_is_held_across_blocking_calls_is_shown_with_both_places() {
    let Some(order) = in_all(|| {
        let lock = Arc::new(Mutex::new(()));
        let (sender, receiver) = mpsc::channel();
        let child = thread::Builder::new().name("worker".to_owned()).spawn(move || {
            sender.send(()).unwrap();
        });
        let guard = lock.lock().unwrap();
        receiver.recv().unwrap();
        thread::sleep(Duration::from_millis(1));
        child.unwrap().join().unwrap();
        drop(guard);
    }) else {
        return assert!(!is_there());
    };
    let calls: Vec<_> = order.held_across.iter().map(|held| held.call.as_str()).collect();
    assert_eq!(calls, ["receive from channel 1", "sleep 1ms", "join worker"]);
    for held in &order.held_across {
        assert_eq!((held.thread.as_str(), held.executions), ("main", order.executions));
        assert!(held.held_since.line < held.at.line, "first the lock, then the call: {held:?}");
    }
}

#[test]
fn a_send_counts_as_blocking_only_if_it_waited() {
    let sends = |capacity: usize| {
        move || {
            let lock = Mutex::new(());
            let (sender, receiver) = mpsc::sync_channel(capacity);
            let child = thread::spawn(move || receiver.recv().unwrap());
            let guard = lock.lock().unwrap();
            sender.send(()).unwrap();
            drop(guard);
            child.join().unwrap();
        }
    };
    let (Some(roomy), Some(rendezvous)) = (in_all(sends(1)), in_all(sends(0))) else {
        return assert!(!is_there());
    };
    assert!(roomy.held_across.is_empty(), "there is room: {:?}", roomy.held_across);
    let held: Vec<_> = rendezvous.held_across.iter().map(|held| held.call.as_str()).collect();
    assert_eq!(held, ["send to channel 1"]);
}

#[test]
fn the_longest_critical_section_is_measured_in_events_of_its_thread() {
    let Some(order) = in_all(|| {
        let locks = Arc::new((Mutex::new(0), Mutex::new(0)));
        let theirs = Arc::clone(&locks);
        let child = thread::spawn(move || *theirs.0.lock().unwrap() += 1);
        let outer = locks.0.lock().unwrap();
        for _ in 0..3 {
            *locks.1.lock().unwrap() += 1;
        }
        drop(outer);
        child.join().unwrap();
    }) else {
        return assert!(!is_there());
    };
    let [longest] = order.longest_sections.as_slice() else {
        panic!("the others have nothing in them: {:#?}", order.longest_sections);
    };
    assert_eq!((longest.thread.as_str(), longest.events), ("main", 6), "three pairs of events");
    assert_eq!(longest.executions, order.executions);
}

#[test]
fn every_engine_that_controls_the_schedule_is_looked_at() {
    let report = Model::new("two locks", "nest", || {
        let locks = Arc::new((Mutex::new(0), Mutex::new(0)));
        let theirs = Arc::clone(&locks);
        let nest = |locks: &(Mutex<u32>, Mutex<u32>)| {
            let outer = locks.0.lock().unwrap();
            *locks.1.lock().unwrap() += *outer;
        };
        let child = thread::spawn(move || nest(&theirs));
        nest(&locks);
        child.join().unwrap();
    })
    .samples(50)
    .stress_runs(5)
    .check();
    let controlled = report.runs.iter().filter(|run| run.engine().is_controlled());
    let executions: u64 = controlled.filter_map(|run| run.search()).map(|s| s.executions).sum();
    assert_eq!(report.lock_order.is_some(), Engine::available().len() > 1);
    if let Some(order) = &report.lock_order {
        assert_eq!(order.executions, executions);
        assert_eq!(order.edges.len(), 2, "the same edges on every engine: {order:#?}");
        assert!(order.edges.iter().all(|edge| edge.executions == executions));
    }
}
