//! The queue against a plain `VecDeque`, and its waiting in real time.

use std::collections::VecDeque;
use std::time::Duration;

use lockproof::thread;
use lockproof_structures::{
    BlockingQueue, Closed, PopError, PushError, RecordQueue, SequentialRecordQueue,
    SharedCondvarRecordQueue, SilentCloseRecordQueue, WaitOnceRecordQueue,
};
use proptest::prelude::*;

/// Long enough to be awaited by mistake, short enough to be awaited on purpose.
const BRIEFLY: Duration = Duration::from_millis(2);

#[derive(Clone, Copy, Debug)]
enum Operation {
    TryPush(u8),
    PushTimeout(u8),
    TryPop,
    PopTimeout,
    Close,
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        8 => any::<u8>().prop_map(Operation::TryPush),
        2 => any::<u8>().prop_map(Operation::PushTimeout),
        8 => Just(Operation::TryPop),
        2 => Just(Operation::PopTimeout),
        1 => Just(Operation::Close),
    ]
}

const CAPACITY: usize = 3;

/// The queue in terms of std: what the sequential one is itself compared with.
#[derive(Default)]
struct Expected {
    items: VecDeque<u8>,
    is_closed: bool,
}

impl Expected {
    fn push(&mut self, item: u8) -> Result<(), PushError<u8>> {
        match (self.is_closed, self.items.len()) {
            (true, _) => Err(PushError::Closed(item)),
            (false, CAPACITY) => Err(PushError::Full(item)),
            (false, _) => {
                self.items.push_back(item);
                Ok(())
            }
        }
    }

    fn pop(&mut self) -> Result<u8, PopError> {
        match (self.items.pop_front(), self.is_closed) {
            (Some(item), _) => Ok(item),
            (None, true) => Err(PopError::Closed),
            (None, false) => Err(PopError::Empty),
        }
    }
}

proptest! {
    // Fewer cases than usual, because the calls with a time limit use it up.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_queue_does_what_the_sequential_one_does(
        operations in prop::collection::vec(operation(), 0..30),
    ) {
        let queue = RecordQueue::new(CAPACITY);
        let mut sequential = SequentialRecordQueue::new(CAPACITY);
        let mut expected = Expected::default();
        for operation in operations {
            match operation {
                Operation::TryPush(item) => {
                    let result = expected.push(item);
                    prop_assert_eq!(queue.try_push(item), result);
                    prop_assert_eq!(sequential.try_push(item), result);
                }
                Operation::PushTimeout(item) => {
                    let result = expected.push(item);
                    prop_assert_eq!(queue.push_timeout(item, BRIEFLY), result);
                    prop_assert_eq!(sequential.try_push(item), result);
                }
                Operation::TryPop => {
                    let result = expected.pop();
                    prop_assert_eq!(queue.try_pop(), result);
                    prop_assert_eq!(sequential.try_pop(), result);
                }
                Operation::PopTimeout => {
                    let result = expected.pop();
                    prop_assert_eq!(queue.pop_timeout(BRIEFLY), result);
                    prop_assert_eq!(sequential.try_pop(), result);
                }
                Operation::Close => {
                    queue.close();
                    sequential.close();
                    expected.is_closed = true;
                }
            }
            prop_assert_eq!(queue.len(), expected.items.len());
            prop_assert_eq!(queue.is_empty(), sequential.is_empty());
            prop_assert_eq!(queue.is_closed(), expected.is_closed);
            prop_assert_eq!(queue.capacity(), sequential.capacity());
        }
    }
}

fn passes_items_in_order<Q: BlockingQueue<u8>>() {
    let queue = Q::new(2);
    assert!(queue.push(1).is_ok());
    assert!(queue.push(2).is_ok());
    queue.close();
    assert!(queue.push(3) == Err(Closed(3)), "a closed queue hands the item back");
    assert_eq!((queue.pop(), queue.try_pop()), (Some(1), Ok(2)));
    assert_eq!((queue.pop(), queue.try_pop()), (None, Err(PopError::Closed)));
}

#[test]
fn every_queue_passes_items_in_order_in_one_thread() {
    passes_items_in_order::<RecordQueue<u8>>();
    passes_items_in_order::<WaitOnceRecordQueue<u8>>();
    passes_items_in_order::<SharedCondvarRecordQueue<u8>>();
    passes_items_in_order::<SilentCloseRecordQueue<u8>>();
}

#[test]
#[should_panic(expected = "ask for at least one")]
fn a_queue_of_no_capacity_is_refused() {
    let _ = RecordQueue::<u8>::new(0);
}

#[test]
fn a_waiting_consumer_gets_the_item() {
    let queue = RecordQueue::new(1);
    thread::scope(|scope| {
        let consumer = scope.spawn(|| (queue.pop(), queue.pop_timeout(Duration::from_secs(10))));
        assert_eq!(queue.push(1), Ok(()));
        assert_eq!(queue.push_timeout(2, Duration::from_secs(10)), Ok(()));
        assert_eq!(consumer.join().ok(), Some((Some(1), Ok(2))));
    });
}

#[test]
fn closing_wakes_all_who_wait() {
    let (full, empty) = (RecordQueue::new(1), RecordQueue::<u8>::new(1));
    assert_eq!(full.push(1), Ok(()));
    thread::scope(|scope| {
        let producers = [scope.spawn(|| full.push(2)), scope.spawn(|| full.push(3))];
        let consumers = [scope.spawn(|| empty.pop()), scope.spawn(|| empty.pop())];
        full.close();
        empty.close();
        for producer in producers {
            assert!(matches!(producer.join(), Ok(Err(Closed(2 | 3)))), "the item comes back");
        }
        for consumer in consumers {
            assert_eq!(consumer.join().ok(), Some(None));
        }
    });
    assert_eq!(full.pop(), Some(1), "what was accepted is not lost");
}

#[test]
fn every_item_of_many_producers_reaches_one_of_many_consumers() {
    let queue = RecordQueue::new(4);
    let mut received: Vec<u32> = thread::scope(|scope| {
        let consumers: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| std::iter::from_fn(|| queue.pop()).collect::<Vec<_>>()))
            .collect();
        let producers: Vec<_> = (0..3)
            .map(|producer| {
                let queue = &queue;
                scope.spawn(move || {
                    (0..200).for_each(|item| assert_eq!(queue.push(producer * 200 + item), Ok(())));
                })
            })
            .collect();
        for producer in producers {
            assert!(producer.join().is_ok(), "an open queue takes every item");
        }
        queue.close();
        consumers.into_iter().flat_map(|consumer| consumer.join().unwrap_or_default()).collect()
    });
    received.sort_unstable();
    assert_eq!(received, (0..600).collect::<Vec<_>>());
}
