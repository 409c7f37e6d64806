//! A channel of a model: built once, for every engine, on a wait queue.
//!
//! Messages live here, in the order in which they were sent. A rendezvous channel keeps none: a
//! sender that finds nobody listening leaves an offer and waits until it is taken.

use std::collections::VecDeque;
use std::panic::Location;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, SendError, TryRecvError, TrySendError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::execution::Execution;
use crate::execution::slot::Slot;
use crate::execution::threads::Waiting;
use crate::face::modelled::scene::{Place, Scene};
use crate::trace::Operation;

/// A channel that was made inside a model.
pub(crate) struct Channel<T> {
    slot: Slot,
    /// How many messages it keeps; `None` for any number.
    capacity: Option<usize>,
    state: Mutex<State<T>>,
}

struct State<T> {
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
        let state = State {
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
    pub(crate) fn send(&self, message: T, location: Place) -> Result<(), SendError<T>> {
        let scene = self.scene(location);
        let mut message = message;
        let sent = loop {
            scene.visit(self.sending());
            match self.put(message) {
                Ok(()) => {
                    self.sent(Operation::Send { sent: true }, &scene);
                    return Ok(());
                }
                Err(TrySendError::Disconnected(message)) => break Err(SendError(message)),
                Err(TrySendError::Full(back)) if self.capacity == Some(0) => {
                    // Whoever took the offer has been told; who listens by now waits for another.
                    let sent = self.offer(back, &scene);
                    scene.record(Operation::Send { sent: sent.is_ok() });
                    return sent;
                }
                Err(TrySendError::Full(back)) => {
                    message = back;
                    scene.wait(Waiting::Room);
                }
            }
        };
        scene.record(Operation::Send { sent: sent.is_ok() });
        if sent.is_err() {
            self.refused(&scene);
        }
        sent
    }

    #[track_caller]
    pub(crate) fn try_send(&self, message: T, location: Place) -> Result<(), TrySendError<T>> {
        let scene = self.scene(location);
        scene.ask();
        scene.visit(self.sending());
        let put = self.put(message);
        if matches!(put, Err(TrySendError::Full(_))) {
            scene.answer_not_yet();
        }
        let operation = Operation::TrySend { sent: put.is_ok() };
        match &put {
            Ok(()) => self.sent(operation, &scene),
            Err(_) => scene.record(operation),
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

    /// A message was put in: whoever listens can go on.
    fn sent(&self, operation: Operation, scene: &Scene) {
        scene.record(operation);
        let listener = self.state().listener;
        scene.wake(listener);
    }

    /// The receiver is gone.
    fn refused(&self, scene: &Scene) {
        if self.capacity.is_none() {
            // ORDERING: Acquire: what the receiver did before it went away happened before this.
            scene.visit(Ordering::Acquire);
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
    fn offer(&self, message: T, scene: &Scene) -> Result<(), SendError<T>> {
        let thread = scene.thread();
        self.state().offers.push_back((thread, message));
        scene.wait(Waiting::Room);
        let offers = &mut self.state().offers;
        let left = offers.iter().position(|(sender, _)| *sender == thread);
        match left.and_then(|index| offers.remove(index)) {
            None => Ok(()),
            Some((_, message)) => Err(SendError(message)),
        }
    }

    /// Receives a message; `None` when all senders are gone.
    #[track_caller]
    pub(crate) fn receive(&self, location: Place) -> Option<T> {
        let scene = self.scene(location);
        let received = loop {
            // ORDERING: AcqRel: comes after the send of what it takes, and tells of the room.
            scene.visit(Ordering::AcqRel);
            let next = self.next();
            if !matches!(next, Err(TryRecvError::Empty)) {
                break next;
            }
            self.state().listener = Some(scene.thread());
            scene.wait(Waiting::Message);
            self.state().listener = None;
            // Where nobody can see that the message is taken, that is no operation of its own.
            if self.capacity.unwrap_or(0) == 0 {
                let next = self.next();
                debug_assert!(!matches!(next, Err(TryRecvError::Empty)), "woken for a reason");
                break next;
            }
        };
        let operation = Operation::Receive { received: received.is_ok() };
        self.after_receiving(received, operation, &scene).ok()
    }

    #[track_caller]
    pub(crate) fn try_receive(&self, location: Place) -> Result<T, TryRecvError> {
        let scene = self.scene(location);
        scene.ask();
        // ORDERING: AcqRel: as for `receive`.
        scene.visit(Ordering::AcqRel);
        let received = self.next();
        if matches!(received, Err(TryRecvError::Empty)) {
            scene.answer_not_yet();
        }
        let operation = Operation::TryReceive { received: received.is_ok() };
        self.after_receiving(received, operation, &scene)
    }

    /// The time-out fires at the moment at which the thread is scheduled for the second time.
    #[track_caller]
    pub(crate) fn receive_timeout(
        &self,
        timeout: Duration,
        location: Place,
    ) -> Result<T, RecvTimeoutError> {
        let scene = self.scene(location);
        let deadline = scene.execution().map(|execution| execution.deadline(timeout));
        // ORDERING: AcqRel: as for `receive`.
        scene.visit(Ordering::AcqRel);
        let mut received = self.next();
        if matches!(received, Err(TryRecvError::Empty)) {
            self.state().listener = Some(scene.thread());
            // ORDERING: AcqRel: as for `receive`.
            scene.visit(Ordering::AcqRel);
            self.state().listener = None;
            received = self.next();
        }
        if let (Err(TryRecvError::Empty), Some((execution, deadline))) =
            (&received, scene.execution().zip(deadline))
        {
            execution.pass_time_until(deadline);
        }
        let operation = Operation::TryReceive { received: received.is_ok() };
        let received = self.after_receiving(received, operation, &scene);
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
        operation: Operation,
        scene: &Scene,
    ) -> Result<T, TryRecvError> {
        scene.record(operation);
        let (message, sender) = received?;
        if self.capacity == Some(0) {
            scene.wake(sender);
        } else {
            // All of them, so that any may be the one that finds room.
            scene.wake_all();
        }
        Ok(message)
    }

    pub(crate) fn add_sender(&self) {
        self.state().senders += 1;
    }

    #[track_caller]
    pub(crate) fn remove_sender(&self) {
        let scene = self.last_scene();
        // ORDERING: AcqRel: what any sender did before happens before the channel is closed.
        scene.visit(Ordering::AcqRel);
        let mut state = self.state();
        state.senders -= 1;
        let listener = state.listener.filter(|_| state.senders == 0);
        drop(state);
        scene.record(Operation::DropSender);
        scene.wake(listener);
    }

    #[track_caller]
    pub(crate) fn remove_receiver(&self) {
        let scene = self.last_scene();
        // ORDERING: AcqRel: what the receiver did before happens before a send that fails.
        scene.visit(Ordering::AcqRel);
        let mut state = self.state();
        state.has_receiver = false;
        let messages = std::mem::take(&mut state.messages);
        drop(state);
        scene.record(Operation::DropReceiver);
        scene.wake_all();
        drop(messages);
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[track_caller]
    fn scene(&self, location: Place) -> Scene {
        Scene::new(self.slot.execution(), &self.slot, location)
    }

    /// The scene of a drop, which must not panic.
    #[track_caller]
    fn last_scene(&self) -> Scene {
        Scene::new(Execution::current(), &self.slot, Location::caller())
    }
}
