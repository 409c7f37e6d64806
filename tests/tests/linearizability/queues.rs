//! Queues: Michael and Scott's ("Simple, Fast, and Practical Non-Blocking and Blocking Concurrent
//! Queue Algorithms", PODC 1996), and one that reads its head and its tail apart.

use std::collections::VecDeque;

use lockproof::sync::Mutex;
use lockproof::sync::atomic::{AtomicUsize, Ordering};
use lockproof_check::{Contract, Specification, Specifies};
use proptest::prelude::*;

use crate::judged::{SCENARIOS, Threads, accepts, refutes};
use crate::nodes::{NONE, Nodes};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Operation {
    Enqueue(u8),
    Dequeue,
    Len,
}

use Operation::{Dequeue, Enqueue, Len};

/// The items, the first to go first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Items(VecDeque<u8>);

impl Specification for Items {
    type Operation = Operation;
    type Return = Option<u8>;

    fn apply(&mut self, operation: &Operation) -> Option<u8> {
        match *operation {
            Enqueue(item) => {
                self.0.push_back(item);
                None
            }
            Dequeue => self.0.pop_front(),
            Len => u8::try_from(self.0.len()).ok(),
        }
    }
}

trait Queue: Default + Send + Sync + 'static {
    fn enqueue(&self, item: u8);
    fn dequeue(&self) -> Option<u8>;
    fn len(&self) -> Option<u8>;
}

impl<Q: Queue> Specifies<Q> for Items {
    fn call(queue: &Q, operation: &Operation) -> Option<u8> {
        match *operation {
            Enqueue(item) => {
                queue.enqueue(item);
                None
            }
            Dequeue => queue.dequeue(),
            Len => queue.len(),
        }
    }
}

/// A list from a node without an item to the last one, which `tail` may be late to name.
#[derive(Default)]
struct MichaelScott {
    nodes: Nodes,
    /// The node before the first item: [`NONE`] until something was taken.
    head: AtomicUsize,
    tail: AtomicUsize,
}

impl MichaelScott {
    // ORDERING: SeqCst, here and below: the proof of the algorithm is for sequential consistency.
    fn exchange(link: &AtomicUsize, old: usize, new: usize) -> bool {
        link.compare_exchange(old, new, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }
}

impl Queue for MichaelScott {
    fn enqueue(&self, item: u8) {
        let node = self.nodes.take(item);
        loop {
            // ORDERING: SeqCst: see `exchange`.
            let tail = self.tail.load(Ordering::SeqCst);
            let next = self.nodes.next(tail).load(Ordering::SeqCst);
            if next != NONE {
                Self::exchange(&self.tail, tail, next);
            } else if Self::exchange(self.nodes.next(tail), NONE, node) {
                Self::exchange(&self.tail, tail, node);
                return;
            }
        }
    }

    fn dequeue(&self) -> Option<u8> {
        loop {
            // ORDERING: SeqCst: see `exchange`.
            let head = self.head.load(Ordering::SeqCst);
            let tail = self.tail.load(Ordering::SeqCst);
            let next = self.nodes.next(head).load(Ordering::SeqCst);
            if head != self.head.load(Ordering::SeqCst) {
                continue;
            }
            if next == NONE {
                return None;
            }
            if head == tail {
                Self::exchange(&self.tail, tail, next);
            } else if Self::exchange(&self.head, head, next) {
                return Some(Nodes::item(next));
            }
        }
    }

    /// Not part of the algorithm, nor of its scenarios.
    fn len(&self) -> Option<u8> {
        None
    }
}

/// Changes under a lock; the length is the difference of two counts that are read one by one.
#[derive(Default)]
struct ReadsApart {
    items: Mutex<VecDeque<u8>>,
    head: AtomicUsize,
    tail: AtomicUsize,
}

impl Queue for ReadsApart {
    fn enqueue(&self, item: u8) {
        let mut items = self.items.lock().unwrap();
        items.push_back(item);
        // ORDERING: SeqCst: pairs with the loads of `len`.
        self.tail.fetch_add(1, Ordering::SeqCst);
    }

    fn dequeue(&self) -> Option<u8> {
        let mut items = self.items.lock().unwrap();
        let item = items.pop_front()?;
        // ORDERING: SeqCst: pairs with the loads of `len`.
        self.head.fetch_add(1, Ordering::SeqCst);
        Some(item)
    }

    fn len(&self) -> Option<u8> {
        // ORDERING: SeqCst: pairs with the changes; the gap between the loads is the fault.
        let head = self.head.load(Ordering::SeqCst);
        let tail = self.tail.load(Ordering::SeqCst);
        u8::try_from(tail - head).ok()
    }
}

#[derive(Default)]
struct LockedQueue(Mutex<VecDeque<u8>>);

impl Queue for LockedQueue {
    fn enqueue(&self, item: u8) {
        self.0.lock().unwrap().push_back(item);
    }

    fn dequeue(&self) -> Option<u8> {
        self.0.lock().unwrap().pop_front()
    }

    fn len(&self) -> Option<u8> {
        u8::try_from(self.0.lock().unwrap().len()).ok()
    }
}

fn scenarios() -> Vec<Threads<Operation>> {
    vec![
        vec![vec![Enqueue(1), Dequeue], vec![Enqueue(2), Dequeue]],
        vec![vec![Enqueue(1), Enqueue(2)], vec![Dequeue, Dequeue]],
        vec![vec![Enqueue(1)], vec![Enqueue(2)], vec![Dequeue]],
    ]
}

fn scenarios_with_lengths() -> Vec<Threads<Operation>> {
    vec![
        vec![vec![Enqueue(1), Dequeue], vec![Len]],
        vec![vec![Enqueue(1), Dequeue, Enqueue(2)], vec![Len]],
    ]
}

#[test]
fn the_queue_of_michael_and_scott_is_accepted() {
    accepts::<_, MichaelScott>(&Items::default(), &scenarios());
}

#[test]
fn a_queue_that_reads_its_head_and_its_tail_apart_is_refuted() {
    refutes::<_, ReadsApart>(&Items::default(), &scenarios_with_lengths());
}

#[test]
fn a_locked_queue_is_accepted() {
    accepts::<_, LockedQueue>(&Items::default(), &scenarios());
    accepts::<_, LockedQueue>(&Items::default(), &scenarios_with_lengths());
}

/// In scenarios that are generated.
fn generated<Q: Queue>(name: &str, calls: BoxedStrategy<Operation>) -> Contract<Items, Q> {
    Contract::new(name, Q::default, Items::default()).scenarios_of(SCENARIOS, calls)
}

#[test]
fn generated_scenarios_tell_queues_apart() {
    let changes = prop_oneof![(1_u8..4).prop_map(Enqueue), Just(Dequeue)];
    let all = prop_oneof![2 => changes.clone(), 1 => Just(Len)].boxed();
    generated::<ReadsApart>("ReadsApart", all.clone()).is_refuted();
    generated::<LockedQueue>("LockedQueue", all).passes();
    generated::<MichaelScott>("MichaelScott", changes.boxed()).calls(1..=1).passes();
}
