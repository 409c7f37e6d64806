//! Channels: order, disconnection, room, rendezvous, time-outs.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use lockproof::engine::{DefectKind, Strategy};
use lockproof::sync::Arc;
use lockproof::sync::mpsc::{
    RecvError, RecvTimeoutError, SendError, TryRecvError, TrySendError, channel, sync_channel,
};
use lockproof::thread;
use lockproof::time::{Duration, Instant};

use crate::engines::{controlled, has_outcomes, holds_on_every_engine, is_exhausted};

const SHORT: Duration = Duration::from_millis(1);

#[test]
fn messages_of_one_sender_stay_in_order_and_those_of_two_mix() {
    has_outcomes([[1, 2, 3], [1, 3, 2], [3, 1, 2]], || {
        let (sender, receiver) = channel();
        let other = sender.clone();
        let child = thread::spawn(move || other.send(3).unwrap());
        sender.send(1).unwrap();
        sender.send(2).unwrap();
        drop(sender);
        let messages: Vec<_> = receiver.iter().collect();
        child.join().unwrap();
        messages.try_into().unwrap()
    });
}

#[test]
fn a_search_of_a_channel_is_complete() {
    for exploration in controlled(|| {
        let (sender, receiver) = channel();
        let child = thread::spawn(move || sender.send(1).unwrap());
        assert_eq!(receiver.recv(), Ok(1));
        assert_eq!(receiver.recv(), Err(RecvError));
        child.join().unwrap();
    }) {
        assert!(exploration.failure().is_none(), "{:?}", exploration.ending);
        let exhaustive = exploration.strategy == Strategy::Exhaustive;
        assert!(!exhaustive || is_exhausted(&exploration), "{:?}", exploration.blind_spots);
    }
}

#[test]
fn the_last_sender_that_goes_ends_a_wait() {
    holds_on_every_engine(|| {
        let (sender, receiver) = channel::<u32>();
        let other = sender.clone();
        let child = thread::spawn(move || drop(other));
        drop(sender);
        assert_eq!(receiver.recv(), Err(RecvError));
        assert_eq!(receiver.try_recv(), Err(TryRecvError::Disconnected));
        assert_eq!(receiver.recv_timeout(SHORT), Err(RecvTimeoutError::Disconnected));
        child.join().unwrap();
    });
}

#[test]
fn a_sender_that_is_dropped_by_a_panic_ends_a_wait() {
    holds_on_every_engine(|| {
        let (sender, receiver) = channel::<u32>();
        let child = thread::spawn(move || {
            let _sender = sender;
            resume_unwind(Box::new(()));
        });
        assert_eq!(receiver.recv(), Err(RecvError));
        assert!(child.join().is_err());
    });
}

#[test]
fn a_message_for_a_receiver_that_is_gone_comes_back() {
    holds_on_every_engine(|| {
        let (sender, receiver) = channel();
        drop(receiver);
        assert_eq!(sender.send(1), Err(SendError(1)));
        for bound in 0..2 {
            let (sender, receiver) = sync_channel(bound);
            drop(receiver);
            assert_eq!(sender.send(1), Err(SendError(1)));
            assert_eq!(sender.try_send(1), Err(TrySendError::Disconnected(1)));
        }
    });
}

#[test]
fn a_receiver_that_goes_drops_its_messages() {
    holds_on_every_engine(|| {
        let message = Arc::new(());
        let (sender, receiver) = channel();
        sender.send(Arc::clone(&message)).unwrap();
        drop(receiver);
        assert_eq!(Arc::strong_count(&message), 1);
        drop(sender);
    });
}

#[test]
fn a_try_recv_sees_the_channel_empty_or_not() {
    has_outcomes([Ok(1), Err(TryRecvError::Empty)].map(|r| format!("{r:?}")), || {
        let (sender, receiver) = channel();
        let kept = sender.clone();
        let child = thread::spawn(move || sender.send(1).unwrap());
        let seen = receiver.try_recv();
        child.join().unwrap();
        drop(kept);
        format!("{seen:?}")
    });
}

#[test]
fn a_send_waits_for_room() {
    holds_on_every_engine(|| {
        let (sender, receiver) = sync_channel(1);
        let child = thread::spawn(move || {
            for message in 0..3 {
                sender.send(message).unwrap();
            }
        });
        assert_eq!(receiver.into_iter().collect::<Vec<_>>(), [0, 1, 2]);
        child.join().unwrap();
    });
}

#[test]
fn a_try_send_finds_room_or_not() {
    has_outcomes([true, false], || {
        let (sender, receiver) = sync_channel(1);
        sender.send(0).unwrap();
        let child = thread::spawn(move || receiver.recv().map(|_| receiver));
        let found = sender.try_send(1).is_ok();
        drop(child.join().unwrap());
        found
    });
}

#[test]
fn two_senders_that_wait_both_get_their_turn() {
    has_outcomes([[1, 2], [2, 1]], || {
        let (sender, receiver) = sync_channel(0);
        let sender = &sender;
        thread::scope(|scope| {
            for message in 1..3 {
                scope.spawn(move || sender.send(message).unwrap());
            }
            [(); 2].map(|()| receiver.recv().unwrap())
        })
    });
}

#[test]
fn a_rendezvous_ends_for_both_at_once() {
    holds_on_every_engine(|| {
        let (sender, receiver) = sync_channel(0);
        let done = Arc::new(lockproof::sync::Mutex::new(false));
        let of_child = Arc::clone(&done);
        let child = thread::spawn(move || {
            *of_child.lock().unwrap() = true;
            receiver.recv().unwrap()
        });
        sender.send(7).unwrap();
        assert!(*done.lock().unwrap(), "the receiver came first");
        assert_eq!(child.join().unwrap(), 7);
    });
}

#[test]
fn a_try_send_meets_a_receiver_that_waits() {
    has_outcomes([true, false], || {
        let (sender, receiver) = sync_channel(0);
        let child = thread::spawn(move || receiver.recv().is_ok());
        let sent = sender.try_send(1).is_ok();
        drop(sender);
        assert_eq!(child.join().unwrap(), sent, "what was sent is received");
        sent
    });
}

#[test]
fn a_sender_that_waits_for_a_rendezvous_gets_its_message_back() {
    holds_on_every_engine(|| {
        let (sender, receiver) = sync_channel(0);
        let child = thread::spawn(move || sender.send(1));
        drop(receiver);
        assert_eq!(child.join().unwrap(), Err(SendError(1)));
    });
}

#[test]
fn a_time_out_fires_or_the_message_comes() {
    for exploration in controlled(|| {
        let start = Instant::now();
        let (sender, receiver) = channel::<u32>();
        assert_eq!(receiver.recv_timeout(SHORT), Err(RecvTimeoutError::Timeout));
        assert_eq!(start.elapsed(), SHORT);
        sender.send(1).unwrap();
        assert_eq!(receiver.recv_timeout(SHORT), Ok(1));
        assert_eq!(start.elapsed(), SHORT, "a message that is there takes no time");
    }) {
        assert!(exploration.failure().is_none(), "{:?}", exploration.ending);
    }
    has_outcomes([true, false], || {
        let (sender, receiver) = sync_channel(0);
        // It hands the message over while the receiver waits, or gives up.
        let child = thread::spawn(move || sender.try_send(1).is_ok());
        let came = receiver.recv_timeout(SHORT).is_ok();
        assert_eq!(child.join().unwrap(), came);
        came
    });
}

#[test]
fn a_wait_for_a_message_that_nobody_sends_is_a_deadlock() {
    for exploration in controlled(|| {
        let (_sender, receiver) = channel::<u32>();
        let _ = receiver.recv();
    }) {
        let failure = exploration.failure().expect("nobody sends");
        assert_eq!(failure.defect.kind(), DefectKind::Deadlock);
        assert_eq!(failure.defect.blocked()[0].waits_for, "a message of channel 1");
    }
}

#[test]
fn a_channel_from_outside_carries_results_out_but_nobody_waits_at_it() {
    for exploration in controlled({
        let (sender, receiver) = channel();
        let receiver = std::sync::Mutex::new(receiver);
        move || {
            sender.send(1).unwrap();
            let receiver = receiver.lock().unwrap();
            assert_eq!(receiver.recv(), Ok(1));
            let waiting = catch_unwind(AssertUnwindSafe(|| receiver.recv()));
            assert!(waiting.is_err(), "the channel is empty, and no engine could wait");
        }
    }) {
        assert!(exploration.failure().is_none(), "{:?}", exploration.ending);
    }
}

#[test]
fn texts_are_those_of_std() {
    holds_on_every_engine(|| {
        let ((sender, receiver), (std_sender, std_receiver)) =
            (channel::<u32>(), std::sync::mpsc::channel::<u32>());
        assert_eq!(format!("{sender:?}"), format!("{std_sender:?}"));
        assert_eq!(format!("{receiver:?}"), format!("{std_receiver:?}"));
        assert_eq!(format!("{:?}", receiver.iter()), format!("{:?}", std_receiver.iter()));
        assert_eq!(format!("{:?}", receiver.try_iter()), format!("{:?}", std_receiver.try_iter()));
        let (sync, std_sync) =
            (sync_channel::<u32>(1).0, std::sync::mpsc::sync_channel::<u32>(1).0);
        assert_eq!(format!("{sync:?}"), format!("{std_sync:?}"));
    });
}
