//! The contract of the queues: calls that wait, until somebody ends their wait.

use lockproof_check::{Contract, Engine, Expected, specification};
use lockproof_structures::{
    BlockingQueue, Closed, PopError, RecordQueue, SequentialRecordQueue, SharedCondvarRecordQueue,
    SilentCloseRecordQueue, WaitOnceRecordQueue,
};

specification! {
    struct QueueSpecification(SequentialRecordQueue<u8>) for impl BlockingQueue<u8>;
    enum QueueCall -> QueueReturn;

    fn push(item: u8 = 1..=2) -> Result<(), Closed<u8>>,
        sequentially |queue| queue.try_push(item).map_err(|refused| Closed(refused.into_item())),
        waits while |queue| queue.is_full() && !queue.is_closed();
    fn pop() -> Option<u8>,
        sequentially |queue| queue.try_pop().ok(),
        waits while |queue| queue.is_empty() && !queue.is_closed();
    fn try_pop() -> Result<u8, PopError>;
    fn close();
}

/// One item fills the queue, so that producers wait, too.
const CAPACITY: usize = 1;

fn queue<Q: BlockingQueue<u8> + Send + Sync + 'static>(
    name: &str,
) -> Contract<QueueSpecification, Q> {
    let counterpart = QueueSpecification(SequentialRecordQueue::new(CAPACITY));
    Contract::new(name, || Q::new(CAPACITY), counterpart)
        .at_most(1, |call| matches!(call, QueueCall::close()))
        .scenarios(60)
}

#[test]
fn record_queue_is_linearizable() {
    queue::<RecordQueue<u8>>("RecordQueue").passes();
}

#[test]
fn wait_once_record_queue_is_refuted() {
    queue::<WaitOnceRecordQueue<u8>>("WaitOnceRecordQueue").is_refuted();
}

#[test]
fn shared_condvar_record_queue_is_refuted_by_a_lost_wake_up() {
    queue::<SharedCondvarRecordQueue<u8>>("SharedCondvarRecordQueue")
        .not_on(Engine::Shuttle, "it takes few of many schedules, which samples seldom are")
        .is_refuted_by(Expected::lost_wake_up());
}

#[test]
fn silent_close_record_queue_is_refuted_by_a_lost_wake_up() {
    queue::<SilentCloseRecordQueue<u8>>("SilentCloseRecordQueue")
        .is_refuted_by(Expected::lost_wake_up());
}
