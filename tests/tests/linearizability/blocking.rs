//! A mailbox whose receiver waits: that it waits for ever is right only if nothing was sent.

use lockproof::engine::{Condition, DefectKind, Engine};
use lockproof::sync::{Condvar, Mutex};
use lockproof_check::judge::Reason;
use lockproof_check::{Specification, Specifies};

use crate::judged::{Threads, judge};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Operation {
    /// Replaces what is in the box.
    Send(u8),
    /// Waits for something to be in the box, and takes it.
    Receive,
}

use Operation::{Receive, Send};

/// What is in the box.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Content(Option<u8>);

impl Specification for Content {
    type Operation = Operation;
    type Return = Option<u8>;

    fn apply(&mut self, operation: &Operation) -> Option<u8> {
        match *operation {
            Send(item) => {
                self.0 = Some(item);
                None
            }
            Receive => self.0.take(),
        }
    }

    fn waits(&self, operation: &Operation) -> bool {
        *operation == Receive && self.0.is_none()
    }
}

/// Notifies if `NOTIFIES`.
#[derive(Default)]
struct Mailbox<const NOTIFIES: bool> {
    content: Mutex<Option<u8>>,
    filled: Condvar,
}

impl<const NOTIFIES: bool> Specifies<Mailbox<NOTIFIES>> for Content {
    fn call(mailbox: &Mailbox<NOTIFIES>, operation: &Operation) -> Option<u8> {
        let mut content = mailbox.content.lock().unwrap();
        match *operation {
            Send(item) => {
                *content = Some(item);
                if NOTIFIES {
                    mailbox.filled.notify_one();
                }
                None
            }
            Receive => {
                while content.is_none() {
                    content = mailbox.filled.wait(content).unwrap();
                }
                content.take()
            }
        }
    }
}

/// Two receivers for one item: one of them waits for ever.
fn two_receivers() -> Threads<Operation> {
    vec![vec![Send(1)], vec![Receive], vec![Receive]]
}

fn explorers() -> impl Iterator<Item = Engine> {
    // The others cannot go on after a standstill: to them it is a defect.
    Engine::available().iter().copied().filter(|engine| *engine == Engine::Explore)
}

#[test]
fn a_receiver_may_wait_for_ever_for_what_nobody_sends() {
    for engine in explorers() {
        let condition = Condition::Linearizability;
        let make = Mailbox::<true>::default;
        let judged = judge(engine, condition, &Content::default(), &two_receivers(), make);
        assert_eq!(judged.exploration.failure(), None);
        assert!(judged.distinct > 1, "either of them receives it");
    }
}

#[test]
fn a_receiver_that_waits_for_ever_for_what_was_sent_has_lost_its_wake_up() {
    for engine in explorers() {
        let condition = Condition::Linearizability;
        let make = Mailbox::<false>::default;
        let threads = vec![vec![Send(1)], vec![Receive]];
        let judged = judge(engine, condition, &Content::default(), &threads, make);
        let failure = judged.exploration.failure().expect("nobody wakes the receiver");
        assert_eq!(failure.defect.kind(), DefectKind::Violation(condition));
        let violation = judged.violation.expect("the judge found it");
        assert_eq!(violation.reason, Reason::Waits { calls: vec![1] });
    }
}

#[test]
fn what_need_not_wait_is_received_on_every_engine() {
    let threads = vec![vec![Send(1)], vec![Receive]];
    for &engine in Engine::available() {
        let condition = Condition::Linearizability;
        let make = Mailbox::<true>::default;
        let judged = judge(engine, condition, &Content::default(), &threads, make);
        assert_eq!(judged.exploration.failure(), None, "{engine}");
    }
}
