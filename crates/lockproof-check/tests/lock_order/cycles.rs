//! Cycles that are deadlocks: found in executions that pass, and confirmed by a directed schedule.

use lockproof::sync::{Arc, Condvar, Mutex, Once};
use lockproof::thread;
use lockproof_check::lock_order::{CycleStatus, LockOrder};

use crate::seen::{in_all, in_passing, is_there, status, the_cycle};

const CONFIRMED: &str = "confirmed by a directed schedule of explore: deadlock";

/// Runs `one` beside `other`.
fn side_by_side<S: Default + Send + Sync + 'static>(one: fn(&S), other: fn(&S)) {
    let shared = Arc::new(S::default());
    let theirs = Arc::clone(&shared);
    let child = thread::spawn(move || other(&theirs));
    one(&shared);
    child.join().unwrap();
}

#[derive(Default)]
struct Pair {
    first: Mutex<u32>,
    second: Mutex<u32>,
}

impl Pair {
    fn forwards(&self) {
        let first = self.first.lock().unwrap();
        *self.second.lock().unwrap() += *first;
    }

    fn backwards(&self) {
        let second = self.second.lock().unwrap();
        *self.first.lock().unwrap() += *second;
    }
}

#[test]
fn opposite_orders_are_confirmed_from_passing_executions_alone() {
    let model = || side_by_side(Pair::forwards, Pair::backwards);
    let Some(order) = in_passing(model) else { return assert!(!is_there()) };
    assert_eq!(status(&order), CONFIRMED);
    let CycleStatus::Confirmed { failure, .. } = &the_cycle(&order).status else { unreachable!() };
    assert_eq!(failure.defect.blocked.len(), 2, "both threads are stuck");
    assert!(!failure.trace.events.is_empty(), "the execution can be shown");
    assert_eq!(threads(&order), ["main", "thread 1"]);
}

#[test]
fn a_deadlock_that_the_search_found_confirms_its_cycle() {
    let model = || side_by_side(Pair::forwards, Pair::backwards);
    let Some(order) = in_all(model) else { return assert!(!is_there()) };
    assert_eq!(status(&order), "confirmed by explore: deadlock");
}

/// All forks are made at one place, and no execution uses them first in the same order.
fn philosophers(left_handed: Option<usize>) {
    const COUNT: usize = 3;
    let forks: Arc<Vec<_>> = Arc::new((0..COUNT).map(|_| Mutex::new(())).collect());
    let dine = move |forks: &[Mutex<()>], seat: usize| {
        let (mut left, mut right) = (seat, (seat + 1) % COUNT);
        if left_handed == Some(seat) {
            std::mem::swap(&mut left, &mut right);
        }
        let _left = forks[left].lock().unwrap();
        let _right = forks[right].lock().unwrap();
    };
    let diners: Vec<_> = (1..COUNT)
        .map(|seat| {
            let forks = Arc::clone(&forks);
            thread::spawn(move || dine(&forks, seat))
        })
        .collect();
    dine(&forks, 0);
    for diner in diners {
        diner.join().unwrap();
    }
}

#[test]
fn three_philosophers_make_a_cycle_of_three() {
    let Some(order) = in_passing(|| philosophers(None)) else { return assert!(!is_there()) };
    assert_eq!(status(&order), CONFIRMED);
    assert_eq!(the_cycle(&order).edges.len(), 3);
    assert_eq!(
        order.edges.len(),
        3,
        "each philosopher takes the same two forks in every execution"
    );
    assert!(order.edges.iter().all(|edge| edge.executions == order.executions));
}

#[test]
fn a_left_handed_philosopher_breaks_the_cycle() {
    let Some(order) = in_all(|| philosophers(Some(2))) else { return assert!(!is_there()) };
    assert_eq!((order.edges.len(), order.cycles.len()), (3, 0));
}

#[test]
fn a_wait_takes_its_mutex_again_while_it_holds_another() {
    #[derive(Default)]
    struct Meeting {
        room: Mutex<bool>,
        minutes: Mutex<()>,
        opened: Condvar,
    }
    let waits = |meeting: &Meeting| {
        let mut room = meeting.room.lock().unwrap();
        let _minutes = meeting.minutes.lock().unwrap();
        while !*room {
            room = meeting.opened.wait(room).unwrap();
        }
    };
    let opens = |meeting: &Meeting| {
        let mut room = meeting.room.lock().unwrap();
        *room = true;
        meeting.opened.notify_one();
        drop(room);
        let _room = meeting.room.lock().unwrap();
        drop(meeting.minutes.lock().unwrap());
    };
    let Some(order) = in_all(move || side_by_side(waits, opens)) else {
        return assert!(!is_there());
    };
    assert_eq!(status(&order), "confirmed by explore: deadlock");
    let calls: Vec<_> = order.held_across.iter().map(|held| held.call.as_str()).collect();
    assert_eq!(calls, ["wait for a notification of condvar 1"], "the minutes are held meanwhile");
}

#[test]
fn an_initialization_is_held_and_waited_for_like_a_lock() {
    struct Logger {
        once: Once,
        sink: Mutex<()>,
    }
    impl Default for Logger {
        fn default() -> Self {
            Self { once: Once::new(), sink: Mutex::new(()) }
        }
    }
    let initializes = |logger: &Logger| {
        logger.once.call_once(|| drop(logger.sink.lock().unwrap()));
    };
    let logs = |logger: &Logger| {
        let _sink = logger.sink.lock().unwrap();
        logger.once.call_once(|| {});
    };
    let Some(order) = in_all(move || side_by_side(initializes, logs)) else {
        return assert!(!is_there());
    };
    assert_eq!(status(&order), "confirmed by explore: deadlock");
    // While the model's own thread waits for both, either may come first, and initializes.
    let both = move || {
        let logger = Arc::new(Logger::default());
        let children = [initializes, logs].map(|act: fn(&Logger)| {
            let theirs = Arc::clone(&logger);
            thread::spawn(move || act(&theirs))
        });
        for child in children {
            child.join().unwrap();
        }
    };
    let Some(order) = in_passing(both) else { unreachable!("explore is there") };
    assert_eq!(status(&order), CONFIRMED, "though no execution that was seen has all of it");
    let kinds: Vec<_> = order.locks.iter().map(|lock| lock.kind.as_str()).collect();
    assert!(kinds.contains(&"once") && kinds.contains(&"mutex"), "{kinds:?}");
}

#[test]
fn a_thread_that_locks_what_it_holds_is_a_cycle_by_itself() {
    let Some(order) = in_all(|| {
        let lock = Mutex::new(());
        let _first = lock.lock().unwrap();
        let _second = lock.lock().unwrap();
    }) else {
        return assert!(!is_there());
    };
    assert_eq!(status(&order), "confirmed by explore: deadlock");
    let edge = &order.edges[the_cycle(&order).edges[0]];
    assert_eq!(edge.from, edge.to, "it waits for itself");
}

#[test]
fn one_order_of_locks_in_many_threads_makes_no_cycle() {
    let Some(order) = in_passing(|| {
        let locks: Arc<Vec<_>> = Arc::new((0..3).map(|_| Mutex::new(())).collect());
        let nest = |locks: &[Mutex<()>]| {
            let _guards: Vec<_> = locks.iter().map(|lock| lock.lock().unwrap()).collect();
        };
        let spawn = |_| {
            let locks = Arc::clone(&locks);
            thread::spawn(move || nest(&locks))
        };
        let children: Vec<_> = (0..4).map(spawn).collect();
        nest(&locks);
        for child in children {
            child.join().unwrap();
        }
    }) else {
        return assert!(!is_there());
    };
    assert_eq!(order.edges.len(), 5 * 3, "three pairs in each thread");
    assert!(order.cycles.is_empty(), "{:#?}", order.cycles);
}

/// The threads of the cycle, sorted.
fn threads(order: &LockOrder) -> Vec<&str> {
    let edges = the_cycle(order).edges.iter();
    let mut threads: Vec<_> = edges.map(|edge| order.edges[*edge].thread.as_str()).collect();
    threads.sort_unstable();
    threads
}
