//! Channels: std's outside a model, the facade's own inside one.
//!
//! Which of the two a channel is, is settled where it is made.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

pub use std::sync::mpsc::{RecvError, RecvTimeoutError, SendError, TryRecvError, TrySendError};

use crate::execution::Execution;
use crate::execution::slot::Slot;
use crate::primitives::channel::Channel;

/// An unbounded channel: see [`std::sync::mpsc::channel`].
///
/// ```
/// use lockproof::sync::mpsc::channel;
///
/// let (sender, receiver) = channel();
/// lockproof::thread::spawn(move || sender.send(1).unwrap());
/// assert_eq!(receiver.iter().collect::<Vec<_>>(), [1]);
/// ```
#[must_use]
#[track_caller]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    if Execution::current().is_none() {
        let (sender, receiver) = mpsc::channel();
        return (Sender(Outlet::Plain(sender)), Receiver(Inlet::Plain(receiver)));
    }
    let (share, receiver) = modelled(None);
    (Sender(Outlet::Modelled(share)), receiver)
}

/// A channel that keeps at most `bound` messages: see [`std::sync::mpsc::sync_channel`]. With a
/// bound of 0 a send waits until its message is taken.
///
/// ```
/// use lockproof::sync::mpsc::{TrySendError, sync_channel};
///
/// let (sender, receiver) = sync_channel(1);
/// sender.send(1).unwrap();
/// assert_eq!(sender.try_send(2), Err(TrySendError::Full(2)));
/// assert_eq!(receiver.recv(), Ok(1));
/// ```
#[must_use]
#[track_caller]
pub fn sync_channel<T>(bound: usize) -> (SyncSender<T>, Receiver<T>) {
    if Execution::current().is_none() {
        let (sender, receiver) = mpsc::sync_channel(bound);
        return (SyncSender(Outlet::Plain(sender)), Receiver(Inlet::Plain(receiver)));
    }
    let (share, receiver) = modelled(Some(bound));
    (SyncSender(Outlet::Modelled(share)), receiver)
}

#[track_caller]
fn modelled<T>(capacity: Option<usize>) -> (Share<T>, Receiver<T>) {
    let channel = Arc::new(Channel::new(capacity, Slot::new()));
    let receiver = Receiver(Inlet::Modelled(Arc::clone(&channel)));
    (Share(channel), receiver)
}

/// The sending half of a [`channel`]: see [`std::sync::mpsc::Sender`].
pub struct Sender<T>(Outlet<T, mpsc::Sender<T>>);

/// The sending half of a [`sync_channel`]: see [`std::sync::mpsc::SyncSender`].
pub struct SyncSender<T>(Outlet<T, mpsc::SyncSender<T>>);

enum Outlet<T, P> {
    Plain(P),
    Modelled(Share<T>),
}

/// A sender's share in a channel of a model.
struct Share<T>(Arc<Channel<T>>);

impl<T> Clone for Share<T> {
    fn clone(&self) -> Self {
        self.0.add_sender();
        Self(Arc::clone(&self.0))
    }
}

impl<T> Drop for Share<T> {
    fn drop(&mut self) {
        self.0.remove_sender();
    }
}

impl<T, P: Clone> Clone for Outlet<T, P> {
    fn clone(&self) -> Self {
        match self {
            Self::Plain(sender) => Self::Plain(sender.clone()),
            Self::Modelled(share) => Self::Modelled(share.clone()),
        }
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Clone for SyncSender<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Sender<T> {
    /// See [`std::sync::mpsc::Sender::send`].
    ///
    /// # Errors
    ///
    /// As std's: the other end is gone, or an attempt found nothing or no room.
    #[track_caller]
    pub fn send(&self, t: T) -> Result<(), SendError<T>> {
        match &self.0 {
            Outlet::Plain(sender) => sender.send(t),
            Outlet::Modelled(share) => share.0.send(t, Location::caller()),
        }
    }
}

impl<T> SyncSender<T> {
    /// See [`std::sync::mpsc::SyncSender::send`].
    ///
    /// # Errors
    ///
    /// As std's: the other end is gone, or an attempt found nothing or no room.
    #[track_caller]
    pub fn send(&self, t: T) -> Result<(), SendError<T>> {
        match &self.0 {
            Outlet::Modelled(share) => share.0.send(t, Location::caller()),
            Outlet::Plain(sender) if Execution::current().is_none() => sender.send(t),
            Outlet::Plain(sender) => match sender.try_send(t) {
                Ok(()) => Ok(()),
                Err(TrySendError::Disconnected(message)) => Err(SendError(message)),
                Err(TrySendError::Full(_)) => waits_outside(),
            },
        }
    }

    /// See [`std::sync::mpsc::SyncSender::try_send`].
    ///
    /// # Errors
    ///
    /// As std's: the other end is gone, or an attempt found nothing or no room.
    #[track_caller]
    pub fn try_send(&self, t: T) -> Result<(), TrySendError<T>> {
        match &self.0 {
            Outlet::Plain(sender) => sender.try_send(t),
            Outlet::Modelled(share) => share.0.try_send(t, Location::caller()),
        }
    }
}

/// A thread of a model would have to wait for something that no engine controls.
#[track_caller]
fn waits_outside() -> ! {
    panic!(
        "a thread of a model waits at a channel that was made outside of it: make the channel \
         inside the model, or use it in ways that never wait"
    )
}

/// The receiving half of a channel: see [`std::sync::mpsc::Receiver`].
pub struct Receiver<T>(Inlet<T>);

enum Inlet<T> {
    Plain(mpsc::Receiver<T>),
    Modelled(Arc<Channel<T>>),
}

impl<T> Drop for Inlet<T> {
    fn drop(&mut self) {
        if let Self::Modelled(channel) = self {
            channel.remove_receiver();
        }
    }
}

impl<T> Receiver<T> {
    /// See [`std::sync::mpsc::Receiver::try_recv`].
    ///
    /// # Errors
    ///
    /// As std's: the other end is gone, or an attempt found nothing or no room.
    #[track_caller]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        match &self.0 {
            Inlet::Plain(receiver) => receiver.try_recv(),
            Inlet::Modelled(channel) => channel.try_receive(Location::caller()),
        }
    }

    /// See [`std::sync::mpsc::Receiver::recv`].
    ///
    /// # Errors
    ///
    /// As std's: the other end is gone, or an attempt found nothing or no room.
    #[track_caller]
    pub fn recv(&self) -> Result<T, RecvError> {
        match &self.0 {
            Inlet::Modelled(channel) => channel.receive(Location::caller()).ok_or(RecvError),
            Inlet::Plain(receiver) if Execution::current().is_none() => receiver.recv(),
            Inlet::Plain(receiver) => match receiver.try_recv() {
                Ok(message) => Ok(message),
                Err(TryRecvError::Disconnected) => Err(RecvError),
                Err(TryRecvError::Empty) => waits_outside(),
            },
        }
    }

    /// See [`std::sync::mpsc::Receiver::recv_timeout`]. Inside a model the time-out may fire at
    /// any moment.
    ///
    /// # Errors
    ///
    /// As std's: the other end is gone, or an attempt found nothing or no room.
    #[track_caller]
    pub fn recv_timeout(&self, timeout: Duration) -> Result<T, RecvTimeoutError> {
        match &self.0 {
            Inlet::Plain(receiver) => receiver.recv_timeout(timeout),
            Inlet::Modelled(channel) => channel.receive_timeout(timeout, Location::caller()),
        }
    }

    /// See [`std::sync::mpsc::Receiver::iter`].
    pub fn iter(&self) -> Iter<'_, T> {
        Iter { rx: self }
    }

    /// See [`std::sync::mpsc::Receiver::try_iter`].
    pub fn try_iter(&self) -> TryIter<'_, T> {
        TryIter { rx: self }
    }
}

/// Waits for message after message: see [`std::sync::mpsc::Iter`].
#[derive(Debug)]
pub struct Iter<'a, T> {
    rx: &'a Receiver<T>,
}

/// The messages that are there: see [`std::sync::mpsc::TryIter`].
#[derive(Debug)]
pub struct TryIter<'a, T> {
    rx: &'a Receiver<T>,
}

/// Waits for message after message: see [`std::sync::mpsc::IntoIter`].
#[derive(Debug)]
pub struct IntoIter<T> {
    rx: Receiver<T>,
}

impl<T> Iterator for Iter<'_, T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.rx.recv().ok()
    }
}

impl<T> Iterator for TryIter<'_, T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.rx.try_recv().ok()
    }
}

impl<T> Iterator for IntoIter<T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.rx.recv().ok()
    }
}

impl<'a, T> IntoIterator for &'a Receiver<T> {
    type Item = T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<T> IntoIterator for Receiver<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    fn into_iter(self) -> IntoIter<T> {
        IntoIter { rx: self }
    }
}

macro_rules! show_name {
    ($($half:ident),*) => {$(
        impl<T> fmt::Debug for $half<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($half)).finish_non_exhaustive()
            }
        }
    )*};
}

show_name!(Sender, SyncSender, Receiver);
