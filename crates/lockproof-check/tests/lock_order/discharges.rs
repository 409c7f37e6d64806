//! Cycles that are no deadlocks, each with the reason, and beside it the deadlock that appears once
//! the reason is taken away.

use lockproof::extension::{Named, choose};
use lockproof::sync::{Arc, Mutex};
use lockproof::thread;
use lockproof_check::lock_order::{CycleStatus, Discharge};

use crate::seen::{in_all, in_passing, is_there, status, the_cycle};

struct Gated {
    gate: Mutex<()>,
    first: Mutex<u32>,
    second: Mutex<u32>,
}

impl Gated {
    fn new() -> Self {
        Self {
            gate: Mutex::new(()).named("gate"),
            first: Mutex::new(0).named("first"),
            second: Mutex::new(0).named("second"),
        }
    }

    fn forwards(&self) {
        let first = self.first.lock().unwrap();
        *self.second.lock().unwrap() += *first;
    }

    fn backwards(&self) {
        let second = self.second.lock().unwrap();
        *self.first.lock().unwrap() += *second;
    }
}

/// One thread takes the locks forwards, another backwards; each may pass the gate first.
fn opposite_orders(gates: [bool; 2]) {
    let shared = Arc::new(Gated::new());
    let theirs = Arc::clone(&shared);
    let child = thread::spawn(move || {
        let _gate = gates[1].then(|| theirs.gate.lock().unwrap());
        theirs.backwards();
    });
    let gate = gates[0].then(|| shared.gate.lock().unwrap());
    shared.forwards();
    drop(gate);
    child.join().unwrap();
}

#[test]
fn a_gate_around_both_discharges() {
    let Some(order) = in_passing(|| opposite_orders([true, true])) else {
        return assert!(!is_there());
    };
    let CycleStatus::Discharged { reason: Discharge::GateLock { lock, name, executions } } =
        &the_cycle(&order).status
    else {
        panic!("the gate is the reason: {}", status(&order));
    };
    assert_eq!((name.as_str(), order.locks[*lock].name.as_str()), ("gate", "gate"));
    assert_eq!(*executions, order.executions, "in every execution");
}

#[test]
fn a_gate_around_one_of_them_does_not() {
    let Some(order) = in_passing(|| opposite_orders([true, false])) else {
        return assert!(!is_there());
    };
    assert_eq!(status(&order), "confirmed by a directed schedule of explore: deadlock");
}

#[test]
fn a_join_between_them_discharges() {
    let Some(order) = in_passing(|| {
        let shared = Arc::new(Gated::new());
        let theirs = Arc::clone(&shared);
        thread::spawn(move || theirs.backwards()).join().unwrap();
        shared.forwards();
    }) else {
        return assert!(!is_there());
    };
    let CycleStatus::Discharged { reason: Discharge::Ordered { first, second, .. } } =
        &the_cycle(&order).status
    else {
        panic!("the join is the reason: {}", status(&order));
    };
    assert_eq!((first.as_str(), second.as_str()), ("thread 1", "main"));
}

#[test]
fn a_spawn_between_them_discharges() {
    let Some(order) = in_passing(|| {
        let shared = Arc::new(Gated::new());
        shared.forwards();
        let theirs = Arc::clone(&shared);
        thread::spawn(move || theirs.backwards()).join().unwrap();
    }) else {
        return assert!(!is_there());
    };
    let CycleStatus::Discharged { reason: Discharge::Ordered { first, second, .. } } =
        &the_cycle(&order).status
    else {
        panic!("the spawn is the reason: {}", status(&order));
    };
    assert_eq!((first.as_str(), second.as_str()), ("main", "thread 1"));
}

#[test]
fn one_thread_alone_discharges() {
    let Some(order) = in_passing(|| {
        let shared = Gated::new();
        shared.forwards();
        shared.backwards();
    }) else {
        return assert!(!is_there());
    };
    assert_eq!(status(&order), "discharged: main makes all of it by itself");
}

/// The second thread goes backwards only when it sees that the first one is through.
fn ordered_by_data() {
    let shared = Arc::new((Gated::new(), Mutex::new(false).named("through")));
    let theirs = Arc::clone(&shared);
    let child = thread::spawn(move || {
        let is_through = *theirs.1.lock().unwrap();
        if is_through {
            theirs.0.backwards();
        }
    });
    shared.0.forwards();
    *shared.1.lock().unwrap() = true;
    child.join().unwrap();
}

#[test]
fn an_order_that_only_data_makes_takes_a_complete_search() {
    let Some(order) = in_all(ordered_by_data) else { return assert!(!is_there()) };
    assert_eq!(
        status(&order),
        "discharged: explore explored every interleaving, and none deadlocks"
    );
}

#[test]
fn without_a_complete_search_it_stays_potential_and_says_what_was_tried() {
    let Some(order) = in_passing(ordered_by_data) else { return assert!(!is_there()) };
    assert_eq!(status(&order), "potential: 100 directed schedules, none of which ends in it");
}

/// Either of the two orders is taken in an execution, never both.
fn one_or_the_other() {
    let shared = Arc::new(Gated::new());
    let theirs = Arc::clone(&shared);
    let forwards = choose(2) == 0;
    let child = thread::spawn(move || {
        if !forwards {
            theirs.backwards();
        }
    });
    if forwards {
        shared.forwards();
    }
    child.join().unwrap();
}

#[test]
fn edges_of_different_executions_make_a_cycle_that_nothing_confirms() {
    let Some(order) = in_passing(one_or_the_other) else { return assert!(!is_there()) };
    assert_eq!(
        status(&order),
        "potential: 100 directed schedules, none of which ends in it; its edges never come \
         together in one execution"
    );
    let Some(order) = in_all(one_or_the_other) else { unreachable!("it is there") };
    assert_eq!(
        status(&order),
        "discharged: explore explored every interleaving, and none deadlocks"
    );
}

#[test]
fn locks_of_one_line_that_are_first_used_in_either_order_are_not_confused() {
    let Some(order) = in_all(|| {
        let locks: Arc<Vec<_>> = Arc::new((0..2).map(|_| Mutex::new(())).collect());
        let theirs = Arc::clone(&locks);
        // Whoever comes first decides which lock is `mutex 1`.
        let child = thread::spawn(move || drop(theirs[1].lock().unwrap()));
        let outer = locks[0].lock().unwrap();
        drop(locks[1].lock().unwrap());
        drop(outer);
        child.join().unwrap();
    }) else {
        return assert!(!is_there());
    };
    assert!(order.executions > 1, "both orders were explored");
    assert_eq!((order.edges.len(), order.cycles.len()), (1, 0), "one edge in all: {order:#?}");
}
