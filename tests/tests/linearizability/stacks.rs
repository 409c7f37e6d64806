//! Stacks: Treiber's ("Systems Programming: Coping with Parallelism", IBM RJ 5118, 1986), and one
//! that forgets to try again.

use lockproof::sync::Mutex;
use lockproof::sync::atomic::{AtomicUsize, Ordering};
use lockproof_check::{Contract, Specification, Specifies};
use proptest::prelude::*;

use crate::judged::{SCENARIOS, Threads, accepts, refutes};
use crate::nodes::{NONE, Nodes};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Operation {
    Push(u8),
    Pop,
}

use Operation::{Pop, Push};

/// The items, the last one on top.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Items(Vec<u8>);

impl Specification for Items {
    type Operation = Operation;
    type Return = Option<u8>;

    fn apply(&mut self, operation: &Operation) -> Option<u8> {
        match *operation {
            Push(item) => {
                self.0.push(item);
                None
            }
            Pop => self.0.pop(),
        }
    }
}

trait Stack: Default + Send + Sync + 'static {
    fn push(&self, item: u8);
    fn pop(&self) -> Option<u8>;
}

impl<S: Stack> Specifies<S> for Items {
    fn call(stack: &S, operation: &Operation) -> Option<u8> {
        match *operation {
            Push(item) => {
                stack.push(item);
                None
            }
            Pop => stack.pop(),
        }
    }
}

/// A list of nodes whose head is exchanged. No node is used twice, so there is no ABA.
#[derive(Default)]
struct Treiber {
    nodes: Nodes,
    head: AtomicUsize,
}

impl Treiber {
    // ORDERING: SeqCst, here and below: what a node holds is published by the exchange of the head.
    fn exchange(&self, head: usize, new: usize) -> bool {
        self.head.compare_exchange(head, new, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }
}

impl Stack for Treiber {
    fn push(&self, item: u8) {
        let node = self.nodes.take(item);
        loop {
            // ORDERING: SeqCst: see `exchange`.
            let head = self.head.load(Ordering::SeqCst);
            self.nodes.next(node).store(head, Ordering::SeqCst);
            if self.exchange(head, node) {
                return;
            }
        }
    }

    fn pop(&self) -> Option<u8> {
        loop {
            // ORDERING: SeqCst: see `exchange`.
            let head = self.head.load(Ordering::SeqCst);
            if head == NONE {
                return None;
            }
            let next = self.nodes.next(head).load(Ordering::SeqCst);
            if self.exchange(head, next) {
                return Some(Nodes::item(head));
            }
        }
    }
}

/// Stores the head in place of exchanging it.
#[derive(Default)]
struct StoredHead(Treiber);

impl Stack for StoredHead {
    fn push(&self, item: u8) {
        let node = self.0.nodes.take(item);
        // ORDERING: SeqCst: as in `Treiber`; the gap between load and store is the fault.
        let head = self.0.head.load(Ordering::SeqCst);
        self.0.nodes.next(node).store(head, Ordering::SeqCst);
        self.0.head.store(node, Ordering::SeqCst);
    }

    fn pop(&self) -> Option<u8> {
        // ORDERING: SeqCst: as in `Treiber`; here, too, the gap is the fault.
        let head = self.0.head.load(Ordering::SeqCst);
        if head == NONE {
            return None;
        }
        let next = self.0.nodes.next(head).load(Ordering::SeqCst);
        self.0.head.store(next, Ordering::SeqCst);
        Some(Nodes::item(head))
    }
}

#[derive(Default)]
struct LockedStack(Mutex<Vec<u8>>);

impl Stack for LockedStack {
    fn push(&self, item: u8) {
        self.0.lock().unwrap().push(item);
    }

    fn pop(&self) -> Option<u8> {
        self.0.lock().unwrap().pop()
    }
}

fn scenarios() -> Vec<Threads<Operation>> {
    vec![
        vec![vec![Push(1), Pop], vec![Push(2), Pop]],
        vec![vec![Push(1), Push(2)], vec![Pop, Pop]],
        vec![vec![Push(1)], vec![Push(2)], vec![Pop]],
    ]
}

#[test]
fn treibers_stack_is_accepted() {
    accepts::<_, Treiber>(&Items::default(), &scenarios());
}

#[test]
fn a_locked_stack_is_accepted() {
    accepts::<_, LockedStack>(&Items::default(), &scenarios());
}

#[test]
fn a_stack_that_stores_its_head_is_refuted() {
    refutes::<_, StoredHead>(&Items::default(), &scenarios());
}

/// In scenarios that are generated.
fn generated<S: Stack>(name: &str) -> Contract<Items, S> {
    let calls = prop_oneof![(1_u8..4).prop_map(Push), Just(Pop)].boxed();
    Contract::new(name, S::default, Items::default()).scenarios_of(SCENARIOS, calls).calls(1..=1)
}

#[test]
fn generated_scenarios_tell_stacks_apart() {
    generated::<StoredHead>("StoredHead").is_refuted();
    generated::<Treiber>("Treiber").passes();
    generated::<LockedStack>("LockedStack").passes();
}
