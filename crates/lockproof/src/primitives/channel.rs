//! Channels: messages in the order in which they were sent, and the threads that wait for them.
//!
//! A rendezvous channel keeps no message: a sender that finds no listener leaves an offer and waits
//! until it is taken.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, SendError, TryRecvError, TrySendError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::channel_visit::ChannelVisit;
use crate::execution::Execution;
use crate::execution::backend::CallSite;
use crate::execution::slot::Slot;
use crate::trace::Operation;

/// A channel that was made inside a model.
pub(crate) struct Channel<T> {
    slot: Slot,
    /// How many messages it keeps; `None` for any number.
    capacity: Option<usize>,
    state: Mutex<ChannelState<T>>,
}

struct ChannelState<T> {
    messages: VecDeque<T>,
    /// The senders that wait for a rendezvous: their threads, with what they want to send.
    offers: VecDeque<(usize, T)>,
    senders: usize,
    has_receiver: bool,
    /// The thread that waits for a message.
    listener: Option<usize>,
    /// What was handed to the listener of a rendezvous channel.
    handed: Option<T>,
}

impl<T> Channel<T> {
    /// A channel with one sender and the receiver.
    pub(crate) fn new(capacity: Option<usize>, slot: Slot) -> Self {
        let state = ChannelState {
            messages: VecDeque::new(),
            offers: VecDeque::new(),
            senders: 1,
            has_receiver: true,
            listener: None,
            handed: None,
        };
        Self { slot, capacity, state: Mutex::new(state) }
    }

    #[track_caller]
    pub(crate) fn send(&self, message: T, at: CallSite) -> Result<(), SendError<T>> {
        let channel = self.enter(at);
        let mut message = message;
        let sent = loop {
            channel.visit(self.sending());
            match self.put(message) {
                Ok(()) => {
                    self.sent(SEND, &channel);
                    return Ok(());
                }
                Err(TrySendError::Disconnected(message)) => break Err(SendError(message)),
                Err(TrySendError::Full(back)) if self.capacity == Some(0) => {
                    // The receiver that took the offer has been told; one that listens by now waits
                    // for another.
                    let sent = self.offer(back, &channel);
                    channel.conclude(SEND, sent.is_ok());
                    return sent;
                }
                Err(TrySendError::Full(back)) => {
                    message = back;
                    channel.wait(SEND);
                }
            }
        };
        channel.conclude(SEND, sent.is_ok());
        if sent.is_err() {
            self.refused(&channel);
        }
        sent
    }

    #[track_caller]
    pub(crate) fn try_send(&self, message: T, at: CallSite) -> Result<(), TrySendError<T>> {
        let channel = self.enter(at);
        channel.visit_and_ask(self.sending());
        let put = self.put(message);
        match &put {
            Ok(()) => self.sent(TRY_SEND, &channel),
            Err(TrySendError::Full(_)) => channel.conclude_not_yet(TRY_SEND),
            Err(TrySendError::Disconnected(_)) => channel.conclude(TRY_SEND, false),
        }
        put
    }

    /// What a sender's visit passes on.
    fn sending(&self) -> Ordering {
        match self.capacity {
            // ORDERING: Release: a sender that never waits learns nothing of the others.
            None => Ordering::Release,
            // ORDERING: AcqRel: it learns that the receiver has made room.
            Some(_) => Ordering::AcqRel,
        }
    }

    /// A message was put in: a thread that listens can go on.
    fn sent(&self, operation: fn(bool) -> Operation, channel: &ChannelVisit) {
        channel.conclude(operation, true);
        let listener = self.state().listener;
        channel.wake(listener);
    }

    /// The receiver is gone.
    fn refused(&self, channel: &ChannelVisit) {
        if self.capacity.is_none() {
            // ORDERING: Acquire: what the receiver did before it went away happened before this.
            channel.visit(Ordering::Acquire);
        }
    }

    /// Puts a message in if there is a place for it.
    fn put(&self, message: T) -> Result<(), TrySendError<T>> {
        let state = &mut *self.state();
        match self.capacity {
            _ if !state.has_receiver => return Err(TrySendError::Disconnected(message)),
            Some(0) if state.listener.is_some() && state.handed.is_none() => {
                state.handed = Some(message);
            }
            Some(capacity) if state.messages.len() >= capacity => {
                return Err(TrySendError::Full(message));
            }
            _ => state.messages.push_back(message),
        }
        Ok(())
    }

    /// Waits until the receiver takes the message, or is gone.
    fn offer(&self, message: T, channel: &ChannelVisit) -> Result<(), SendError<T>> {
        let thread = channel.thread();
        self.state().offers.push_back((thread, message));
        channel.wait(SEND);
        let offers = &mut self.state().offers;
        let left = offers.iter().position(|(sender, _)| *sender == thread);
        match left.and_then(|index| offers.remove(index)) {
            None => Ok(()),
            Some((_, message)) => Err(SendError(message)),
        }
    }

    /// Receives a message; `None` when all senders are gone.
    #[track_caller]
    pub(crate) fn receive(&self, at: CallSite) -> Option<T> {
        let channel = self.enter(at);
        let received = loop {
            // ORDERING: AcqRel: comes after the send of what it takes, and tells of the room.
            channel.visit(Ordering::AcqRel);
            let next = self.next();
            if !matches!(next, Err(TryRecvError::Empty)) {
                break next;
            }
            self.state().listener = Some(channel.thread());
            channel.wait(RECEIVE);
            self.state().listener = None;
            // On unbounded and rendezvous channels the dequeue is unobservable, so it needs no
            // scheduling point.
            if self.capacity.unwrap_or(0) == 0 {
                let next = self.next();
                debug_assert!(!matches!(next, Err(TryRecvError::Empty)), "woken for a reason");
                break next;
            }
        };
        self.after_receiving(received, RECEIVE, &channel).ok()
    }

    #[track_caller]
    pub(crate) fn try_receive(&self, at: CallSite) -> Result<T, TryRecvError> {
        let channel = self.enter(at);
        // ORDERING: AcqRel: as for `receive`.
        channel.visit_and_ask(Ordering::AcqRel);
        let received = self.next();
        if matches!(received, Err(TryRecvError::Empty)) {
            channel.conclude_not_yet(TRY_RECEIVE);
            return Err(TryRecvError::Empty);
        }
        self.after_receiving(received, TRY_RECEIVE, &channel)
    }

    /// The time-out fires at the moment at which the thread is scheduled for the second time.
    #[track_caller]
    pub(crate) fn receive_timeout(
        &self,
        timeout: Duration,
        at: CallSite,
    ) -> Result<T, RecvTimeoutError> {
        let channel = self.enter(at);
        let deadline = channel.execution().map(|execution| execution.deadline(timeout));
        // ORDERING: AcqRel: as for `receive`.
        channel.visit(Ordering::AcqRel);
        let mut received = self.next();
        if matches!(received, Err(TryRecvError::Empty)) {
            self.state().listener = Some(channel.thread());
            // ORDERING: AcqRel: as for `receive`.
            channel.visit(Ordering::AcqRel);
            self.state().listener = None;
            received = self.next();
        }
        if let (Err(TryRecvError::Empty), Some((execution, deadline))) =
            (&received, channel.execution().zip(deadline))
        {
            execution.pass_time_until(deadline);
        }
        let received = self.after_receiving(received, TRY_RECEIVE, &channel);
        received.map_err(|error| match error {
            TryRecvError::Disconnected => RecvTimeoutError::Disconnected,
            TryRecvError::Empty => RecvTimeoutError::Timeout,
        })
    }

    /// Takes the next message, with the thread that offers it.
    fn next(&self) -> Result<(T, Option<usize>), TryRecvError> {
        let state = &mut *self.state();
        let message = state.handed.take().or_else(|| state.messages.pop_front());
        if let Some(message) = message {
            return Ok((message, None));
        }
        match state.offers.pop_front() {
            Some((sender, message)) => Ok((message, Some(sender))),
            None if state.senders == 0 => Err(TryRecvError::Disconnected),
            None => Err(TryRecvError::Empty),
        }
    }

    /// Lets those go on who waited for this message to be taken.
    fn after_receiving(
        &self,
        received: Result<(T, Option<usize>), TryRecvError>,
        operation: fn(bool) -> Operation,
        channel: &ChannelVisit,
    ) -> Result<T, TryRecvError> {
        channel.conclude(operation, received.is_ok());
        let (message, sender) = received?;
        if self.capacity == Some(0) {
            channel.wake(sender);
        } else {
            // All of them, so that any may be the one that finds room.
            channel.wake_all();
        }
        Ok(message)
    }

    pub(crate) fn add_sender(&self) {
        self.state().senders += 1;
    }

    pub(crate) fn remove_sender(&self) {
        let channel = self.enter_to_drop();
        // ORDERING: AcqRel: what any sender did before happens before the channel is closed.
        channel.visit(Ordering::AcqRel);
        let mut state = self.state();
        state.senders -= 1;
        let listener = state.listener.filter(|_| state.senders == 0);
        drop(state);
        channel.conclude(|_| Operation::DropSender, true);
        channel.wake(listener);
    }

    pub(crate) fn remove_receiver(&self) {
        let channel = self.enter_to_drop();
        // ORDERING: AcqRel: what the receiver did before happens before a send that fails.
        channel.visit(Ordering::AcqRel);
        let mut state = self.state();
        state.has_receiver = false;
        let messages = std::mem::take(&mut state.messages);
        drop(state);
        channel.conclude(|_| Operation::DropReceiver, true);
        channel.wake_all();
        drop(messages);
    }

    fn state(&self) -> MutexGuard<'_, ChannelState<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins an operation.
    #[track_caller]
    fn enter(&self, at: CallSite) -> ChannelVisit {
        ChannelVisit::new(&self.slot, self.slot.execution(), Some(at))
    }

    /// For the drop of an end, which must not panic.
    fn enter_to_drop(&self) -> ChannelVisit {
        ChannelVisit::new(&self.slot, Execution::current(), None)
    }
}

const SEND: fn(bool) -> Operation = |sent| Operation::Send { sent };
const TRY_SEND: fn(bool) -> Operation = |sent| Operation::TrySend { sent };
const RECEIVE: fn(bool) -> Operation = |received| Operation::Receive { received };
const TRY_RECEIVE: fn(bool) -> Operation = |received| Operation::TryReceive { received };
