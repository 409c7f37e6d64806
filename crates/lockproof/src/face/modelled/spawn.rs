//! Threads: std's outside a model, the engine's inside one.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use crate::execution::Execution;
use crate::execution::backend::NewThread;
use crate::face::modelled::identity::{Identity, Thread};

/// See [`std::thread::spawn`].
///
/// # Panics
///
/// If the system cannot make a thread.
#[track_caller]
pub fn spawn<F, T>(body: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    Builder::new().spawn(body).expect("failed to spawn thread")
}

/// See [`std::thread::Builder`].
#[derive(Default)]
pub struct Builder {
    name: Option<String>,
    stack_size: Option<usize>,
}

impl Builder {
    /// See [`std::thread::Builder::new`].
    pub fn new() -> Self {
        Self::default()
    }

    /// See [`std::thread::Builder::name`].
    #[must_use]
    pub fn name(self, name: String) -> Self {
        Self { name: Some(name), ..self }
    }

    /// See [`std::thread::Builder::stack_size`].
    #[must_use]
    pub fn stack_size(self, size: usize) -> Self {
        Self { stack_size: Some(size), ..self }
    }

    /// See [`std::thread::Builder::spawn`].
    ///
    /// # Errors
    ///
    /// If the system cannot make a thread, outside of models.
    #[track_caller]
    pub fn spawn<F, T>(self, body: F) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        // SAFETY: the closure and its result borrow nothing that could go away.
        unsafe { self.launch(body, Location::caller()) }.map(JoinHandle::new)
    }

    /// See [`std::thread::Builder::spawn_unchecked`].
    ///
    /// # Safety
    ///
    /// As for std's: what the closure borrows must outlive the thread.
    ///
    /// # Errors
    ///
    /// If the system cannot make a thread, outside of models.
    #[track_caller]
    pub unsafe fn spawn_unchecked<F, T>(self, f: F) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + Send,
        T: Send,
    {
        // SAFETY: the caller's promise.
        unsafe { self.launch(f, Location::caller()) }.map(JoinHandle::new)
    }

    /// Starts a thread whose closure may borrow.
    ///
    /// # Safety
    ///
    /// What the closure borrows must outlive the thread: the caller waits for it. An execution that
    /// is given up is an exception, because it never runs or unwinds any of its threads again.
    pub(crate) unsafe fn launch<'a, F, T>(
        self,
        body: F,
        location: &'static Location<'static>,
    ) -> io::Result<Launched<T>>
    where
        F: FnOnce() -> T + Send + 'a,
        T: Send + 'a,
    {
        let result = Packet::<T>::default();
        let packet = Arc::clone(&result);
        let Some(execution) = Execution::current() else {
            let body = move || keep(&packet, catch_unwind(AssertUnwindSafe(body)));
            // SAFETY: the caller's promise.
            let handle = unsafe { self.plain().spawn_unchecked(body) }?;
            let thread = Thread(Identity::Plain(handle.thread().clone()));
            return Ok(Launched { thread, running: Running::Plain(handle), result });
        };
        execution.expect_room_for_thread(location);
        let index = execution.add_thread(self.name.clone().map(Cow::Owned), location);
        let name = self.name.as_deref().map(Arc::from);
        let body: Box<dyn FnOnce() + Send + 'a> = Box::new(move || run(index, body, &packet));
        // SAFETY: the caller's promise.
        let body = unsafe {
            std::mem::transmute::<Box<dyn FnOnce() + Send + 'a>, Box<dyn FnOnce() + Send + 'static>>(
                body,
            )
        };
        let thread = NewThread { name: self.name, stack_size: self.stack_size, body };
        execution.spawn(index, thread, location);
        let thread = Thread(Identity::Modelled { index, name });
        Ok(Launched { thread, running: Running::Modelled(index), result })
    }

    fn plain(self) -> std::thread::Builder {
        let mut builder = std::thread::Builder::new();
        if let Some(name) = self.name {
            builder = builder.name(name);
        }
        if let Some(size) = self.stack_size {
            builder = builder.stack_size(size);
        }
        builder
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Self { name: self.name.clone(), stack_size: self.stack_size }.plain().fmt(f)
    }
}

/// Where a thread leaves its result.
pub(crate) type Packet<T> = Arc<Mutex<Option<std::thread::Result<T>>>>;

fn keep<T>(packet: &Packet<T>, outcome: std::thread::Result<T>) {
    *packet.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
}

/// The whole life of a model thread, in its own coroutine.
fn run<T>(index: usize, body: impl FnOnce() -> T, packet: &Packet<T>) {
    let execution = Execution::current().expect("a model thread runs inside an execution");
    execution.enter_thread(index);
    keep(packet, execution.run_thread(body));
}

/// A thread that was started.
pub(crate) struct Launched<T> {
    pub(crate) thread: Thread,
    pub(crate) running: Running,
    pub(crate) result: Packet<T>,
}

/// A thread to wait for, whatever its result.
pub(crate) enum Running {
    Plain(std::thread::JoinHandle<()>),
    Modelled(usize),
}

impl Running {
    /// Waits for the thread's end.
    pub(crate) fn wait(self, location: &'static Location<'static>) {
        match self {
            // The closure catches its panics: there is no other result.
            Self::Plain(handle) => drop(handle.join()),
            Self::Modelled(index) => {
                let execution = Execution::current().expect(
                    "a model thread is joined outside its execution: keep its handle inside the \
                     model",
                );
                execution.join(index, location);
            }
        }
    }

    /// Whether the thread's closure has returned.
    pub(crate) fn is_finished(&self) -> bool {
        match self {
            Self::Plain(handle) => handle.is_finished(),
            Self::Modelled(index) => {
                Execution::current().is_none_or(|execution| execution.is_finished(*index))
            }
        }
    }
}

/// The result that a thread which was waited for has left.
pub(crate) fn take<T>(result: &Packet<T>) -> std::thread::Result<T> {
    let outcome = result.lock().unwrap_or_else(PoisonError::into_inner).take();
    outcome.expect("a thread that was waited for has left its result")
}

/// See [`std::thread::JoinHandle`].
pub struct JoinHandle<T>(Launched<T>, PhantomData<std::thread::JoinHandle<T>>);

// SAFETY: of the fields, `thread` (a handle of std or a number and a name) and `running` (a handle of
// std or a number) are `Send` and `Sync` by themselves. `result` is left by the thread, whose spawn
// demanded `T: Send`; the owner of the handle takes it out once, after the thread has ended.
unsafe impl<T> Send for JoinHandle<T> {}
// SAFETY: as above; a shared handle gives no access to `result`, which only `join` takes, by value.
unsafe impl<T> Sync for JoinHandle<T> {}

impl<T> JoinHandle<T> {
    fn new(launched: Launched<T>) -> Self {
        Self(launched, PhantomData)
    }

    /// See [`std::thread::JoinHandle::join`].
    ///
    /// # Errors
    ///
    /// What the thread panicked with.
    #[track_caller]
    pub fn join(self) -> std::thread::Result<T> {
        self.0.running.wait(Location::caller());
        take(&self.0.result)
    }

    /// See [`std::thread::JoinHandle::thread`].
    pub fn thread(&self) -> &Thread {
        &self.0.thread
    }

    /// See [`std::thread::JoinHandle::is_finished`].
    pub fn is_finished(&self) -> bool {
        self.0.running.is_finished()
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").finish_non_exhaustive()
    }
}
