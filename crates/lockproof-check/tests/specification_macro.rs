//! What the macro `specification!` writes.

use std::collections::BTreeSet;

use lockproof_check::proptest::arbitrary::any;
use lockproof_check::proptest::strategy::{Strategy, ValueTree};
use lockproof_check::proptest::test_runner::TestRunner;
use lockproof_check::{Specification, Specifies, specification};

/// A queue of one thread, which serves as both sides here.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Queue(Vec<u8>);

impl Queue {
    fn push(&mut self, item: u8) {
        self.0.push(item);
    }

    fn front(&self) -> Option<u8> {
        self.0.first().copied()
    }

    fn pop(&mut self) -> u8 {
        self.0.remove(0)
    }
}

/// The concurrent side: `pop` waits, and `len` goes by another name.
trait Shared {
    fn push(&self, item: u8);
    fn front(&self) -> Option<u8>;
    fn pop_waiting(&self) -> u8;
}

specification! {
    struct QueueSpecification(Queue) for impl Shared;
    enum QueueCall -> QueueReturn;

    fn push(item: u8 = 1..=2);
    fn front() -> Option<u8>;
    /// With the number of the caller.
    fn pop(by: u8) -> (u8, u8) = |queue| (queue.pop_waiting(), by),
        sequentially |queue| (queue.pop(), by),
        waits while |queue| queue.0.len() <= usize::from(by == 9);
}

/// Answers to every call in a way of its own.
struct Echo;

impl Shared for Echo {
    fn push(&self, item: u8) {
        assert_eq!(item, 7, "the argument arrives");
    }

    fn front(&self) -> Option<u8> {
        Some(1)
    }

    fn pop_waiting(&self) -> u8 {
        2
    }
}

fn queue(items: &[u8]) -> QueueSpecification {
    QueueSpecification(Queue(items.to_vec()))
}

#[test]
fn a_call_is_made_on_the_counterpart() {
    let mut queue = queue(&[]);
    assert_eq!(queue.apply(&QueueCall::push(3)), QueueReturn::push(()));
    assert_eq!(queue.apply(&QueueCall::front()), QueueReturn::front(Some(3)));
    assert_eq!(queue.apply(&QueueCall::pop(5)), QueueReturn::pop((3, 5)), "its own way to do it");
    assert_eq!(queue.apply(&QueueCall::front()), QueueReturn::front(None));
}

#[test]
fn a_call_is_made_on_the_concurrent_type() {
    let call = |call| <QueueSpecification as Specifies<Echo>>::call(&Echo, &call);
    assert_eq!(call(QueueCall::push(7)), QueueReturn::push(()));
    assert_eq!(call(QueueCall::front()), QueueReturn::front(Some(1)));
    assert_eq!(call(QueueCall::pop(5)), QueueReturn::pop((2, 5)));
}

#[test]
fn a_call_waits_where_it_says_so_and_others_never_do() {
    assert!(queue(&[]).waits(&QueueCall::pop(1)), "nothing to pop");
    assert!(!queue(&[4]).waits(&QueueCall::pop(1)), "something to pop");
    assert!(queue(&[4]).waits(&QueueCall::pop(9)), "the arguments count");
    assert!(!queue(&[]).waits(&QueueCall::front()), "it never waits");
}

#[test]
fn calls_and_returns_read_as_they_are_written() {
    assert_eq!(format!("{:?}", QueueCall::push(3)), "push(3)");
    assert_eq!(format!("{:?}", QueueCall::front()), "front()");
    assert_eq!(format!("{:?}", QueueReturn::front(Some(3))), "Some(3)");
    assert_eq!(format!("{:?}", QueueReturn::push(())), "()");
}

#[test]
fn every_call_is_generated_with_values_that_were_asked_for() {
    let mut runner = TestRunner::deterministic();
    let strategy = any::<QueueCall>();
    let mut seen = BTreeSet::new();
    for _ in 0..500 {
        match strategy.new_tree(&mut runner).expect("a call is generated").current() {
            QueueCall::push(item) => {
                assert!((1..=2).contains(&item), "one of the values: {item}");
                seen.insert(format!("push({item})"));
            }
            QueueCall::pop(_) => drop(seen.insert("pop".to_owned())),
            call @ QueueCall::front() => drop(seen.insert(format!("{call:?}"))),
        }
    }
    assert_eq!(seen.iter().collect::<Vec<_>>(), ["front()", "pop", "push(1)", "push(2)"]);
}
