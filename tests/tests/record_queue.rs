//! Models of the queue: whether everything that was accepted comes out, and everyone who waits
//! goes on.

use std::time::Duration;

use lockproof::sync::Arc;
use lockproof::thread;
use lockproof_check::{Engine, Expected, Model};
use lockproof_structures::{
    BlockingQueue, Closed, PopError, PushError, RecordQueue, SharedCondvarRecordQueue,
    SilentCloseRecordQueue, WaitOnceRecordQueue,
};
use lockproof_tests::assert_failure_reads;

const OPEN: &str = "gives an item to a consumer that waits for one";
const PASSES: &str = "passes every item to one of two waiting consumers";
const ENDS: &str = "ends the wait of a consumer when it is closed";
const HANDS_BACK: &str = "hands its item back to a producer when it is closed";

/// Long enough for real threads to get through, if they ever do.
const HANG: Duration = Duration::from_secs(2);

/// On real threads, how long to wait; inside a model time does not pass.
const TIMEOUT: Duration = Duration::from_millis(1);

/// What the models need of a queue.
trait Subject: BlockingQueue<u8> + Send + Sync + 'static {}
impl<Q: BlockingQueue<u8> + Send + Sync + 'static> Subject for Q {}

/// A consumer waits; an item comes, is taken by another thread, and a second one comes.
fn a_waiting_consumer_gets_an_item<Q: Subject>() {
    let queue = Arc::new(Q::new(2));
    let other = Arc::clone(&queue);
    let consumer = thread::spawn(move || other.pop());
    let mut accepted = queue.push(1).is_ok();
    // Either thread may get the first item; the consumer then gets the second.
    let _ = queue.try_pop();
    accepted &= queue.push(2).is_ok();
    assert!(accepted, "an open queue with room takes every item");
    let popped = consumer.join().expect("taking an item out does not panic");
    assert!(popped.is_some(), "a consumer of an open queue gets an item");
}

#[test]
fn record_queue_gives_a_waiting_consumer_an_item() {
    Model::new("RecordQueue", OPEN, a_waiting_consumer_gets_an_item::<RecordQueue<u8>>)
        .is_proved_by(Engine::Explore);
}

#[test]
fn wait_once_record_queue_ends_too_soon() {
    Model::new(
        "WaitOnceRecordQueue",
        OPEN,
        a_waiting_consumer_gets_an_item::<WaitOnceRecordQueue<u8>>,
    )
    .is_refuted_by(Expected::panic("a consumer of an open queue gets an item"));
}

/// Two consumers wait for an item each, and a producer has room for one item at a time: three
/// threads, because two are never both in the same wait.
fn every_item_reaches_a_consumer<Q: Subject>() {
    let queue = Arc::new(Q::new(1));
    let consumers = [0, 1].map(|_| {
        let queue = Arc::clone(&queue);
        thread::spawn(move || queue.pop())
    });
    let accepted = queue.push(1).is_ok() && queue.push(2).is_ok();
    assert!(accepted, "an open queue takes every item");
    let mut popped = consumers.map(|consumer| consumer.join().expect("a pop does not panic"));
    popped.sort_unstable();
    assert_eq!(popped, [Some(1), Some(2)], "every item comes out once");
}

#[test]
fn record_queue_passes_every_item() {
    Model::new("RecordQueue", PASSES, every_item_reaches_a_consumer::<RecordQueue<u8>>)
        .is_proved_by(Engine::Explore);
}

#[test]
fn shared_condvar_record_queue_loses_a_wake_up() {
    Model::new(
        "SharedCondvarRecordQueue",
        PASSES,
        every_item_reaches_a_consumer::<SharedCondvarRecordQueue<u8>>,
    )
    .hang(HANG)
    .is_refuted_by(Expected::lost_wake_up());
}

/// A consumer waits at an empty queue that another thread closes.
fn closing_ends_the_wait_of_a_consumer<Q: Subject>() {
    let queue = Arc::new(Q::new(1));
    let other = Arc::clone(&queue);
    let consumer = thread::spawn(move || other.pop());
    queue.close();
    let popped = consumer.join().expect("taking an item out does not panic");
    assert_eq!(popped, None, "a closed, empty queue gives nothing");
}

#[test]
fn record_queue_ends_the_wait_of_a_consumer() {
    Model::new("RecordQueue", ENDS, closing_ends_the_wait_of_a_consumer::<RecordQueue<u8>>)
        .is_proved_by(Engine::Explore);
}

#[test]
fn silent_close_record_queue_leaves_a_consumer_waiting() {
    Model::new(
        "SilentCloseRecordQueue",
        ENDS,
        closing_ends_the_wait_of_a_consumer::<SilentCloseRecordQueue<u8>>,
    )
    .hang(HANG)
    .is_refuted_by(Expected::lost_wake_up());
}

/// A producer waits at a full queue that another thread closes.
fn closing_hands_back_the_item_of_a_producer<Q: Subject>() {
    let queue = Arc::new(Q::new(1));
    assert!(queue.push(1).is_ok(), "an open queue with room takes every item");
    let other = Arc::clone(&queue);
    let producer = thread::spawn(move || other.push(2));
    queue.close();
    let refused = producer.join().expect("putting an item in does not panic");
    assert_eq!(refused, Err(Closed(2)), "a closed queue hands the item back");
    assert_eq!(queue.pop(), Some(1), "what was accepted is not lost");
}

#[test]
fn record_queue_hands_back_the_item_of_a_producer() {
    let model = closing_hands_back_the_item_of_a_producer::<RecordQueue<u8>>;
    Model::new("RecordQueue", HANDS_BACK, model).is_proved_by(Engine::Explore);
}

#[test]
fn silent_close_record_queue_leaves_a_producer_waiting() {
    Model::new(
        "SilentCloseRecordQueue",
        HANDS_BACK,
        closing_hands_back_the_item_of_a_producer::<SilentCloseRecordQueue<u8>>,
    )
    .hang(HANG)
    .is_refuted_by(Expected::lost_wake_up());
}

/// A producer and a consumer pass two items through a queue with room for one.
fn items_keep_their_order() {
    let queue = Arc::new(RecordQueue::new(1));
    let other = Arc::clone(&queue);
    let producer = thread::spawn(move || other.push(1).is_ok() && other.push(2).is_ok());
    let popped = (queue.pop(), queue.pop());
    assert_eq!(popped, (Some(1), Some(2)), "items come out in the order in which they went in");
    let accepted = producer.join().expect("putting an item in does not panic");
    assert!(accepted, "an open queue takes every item");
}

#[test]
fn record_queue_keeps_the_order_of_items() {
    Model::new("RecordQueue", "keeps the order of items", items_keep_their_order)
        .is_proved_by(Engine::Explore);
}

/// One thread closes the queue while another puts an item in.
fn what_is_accepted_is_not_lost() {
    let queue = Arc::new(RecordQueue::new(1));
    let other = Arc::clone(&queue);
    let producer = thread::spawn(move || other.push(1).is_ok());
    queue.close();
    let accepted = producer.join().expect("putting an item in does not panic");
    let popped = queue.pop();
    assert_eq!(popped.is_some(), accepted, "what was accepted comes out, and nothing else");
}

#[test]
fn record_queue_loses_nothing_when_closed() {
    Model::new("RecordQueue", "loses nothing when it is closed", what_is_accepted_is_not_lost)
        .is_proved();
}

/// A consumer that may give up waits for the item of a producer.
fn a_consumer_that_gives_up_takes_nothing() {
    let queue = Arc::new(RecordQueue::new(1));
    let other = Arc::clone(&queue);
    let producer = thread::spawn(move || other.push(1).is_ok());
    let popped = queue.pop_timeout(TIMEOUT);
    let accepted = producer.join().expect("putting an item in does not panic");
    assert!(accepted, "an open queue with room takes every item");
    let left = queue.try_pop();
    let once = [(Ok(1), Err(PopError::Empty)), (Err(PopError::Empty), Ok(1))];
    assert!(once.contains(&(popped, left)), "the item comes out once");
}

#[test]
fn record_queue_loses_nothing_by_a_time_out() {
    let property = "loses nothing by a time-out";
    Model::new("RecordQueue", property, a_consumer_that_gives_up_takes_nothing)
        .is_proved_by(Engine::Explore);
}

/// A producer that may give up waits for room that a consumer makes.
fn a_producer_that_gives_up_keeps_its_item() {
    let queue = Arc::new(RecordQueue::new(1));
    assert_eq!(queue.push(1), Ok(()), "an open queue with room takes every item");
    let other = Arc::clone(&queue);
    let consumer = thread::spawn(move || other.pop());
    let pushed = queue.push_timeout(2, TIMEOUT);
    let popped = consumer.join().expect("taking an item out does not panic");
    assert_eq!(popped, Some(1), "a consumer gets the item that is there");
    let once = [(Ok(()), Ok(2)), (Err(PushError::Full(2)), Err(PopError::Empty))];
    assert!(once.contains(&(pushed, queue.try_pop())), "the item is accepted or handed back");
}

#[test]
fn record_queue_hands_back_an_item_by_a_time_out() {
    let property = "accepts an item or hands it back by a time-out";
    Model::new("RecordQueue", property, a_producer_that_gives_up_keeps_its_item)
        .is_proved_by(Engine::Explore);
}

#[test]
fn the_failures_of_the_twins_read_well() {
    assert_failure_reads!(
        "wait_once_record_queue",
        Model::new("a twin", OPEN, a_waiting_consumer_gets_an_item::<WaitOnceRecordQueue<u8>>)
    );
    assert_failure_reads!(
        "shared_condvar_record_queue",
        Model::new("a twin", PASSES, every_item_reaches_a_consumer::<SharedCondvarRecordQueue<u8>>)
    );
    assert_failure_reads!("silent_close_record_queue_consumer", {
        let model = closing_ends_the_wait_of_a_consumer::<SilentCloseRecordQueue<u8>>;
        Model::new("a twin", ENDS, model)
    });
    assert_failure_reads!("silent_close_record_queue_producer", {
        let model = closing_hands_back_the_item_of_a_producer::<SilentCloseRecordQueue<u8>>;
        Model::new("a twin", HANDS_BACK, model)
    });
}
