//! Scoped threads: built once, over std's threads outside a model and the engine's inside one.

use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::execution::Execution;
use crate::face::modelled::identity::Thread;
use crate::face::modelled::spawn::{Builder, Launched, Packet, Running, take};

/// See [`std::thread::scope`].
///
/// # Panics
///
/// If a thread of the scope panicked and was not joined, or `body` panics.
#[track_caller]
pub fn scope<'env, F, T>(body: F) -> T
where
    F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T,
{
    let scope =
        Scope { children: Mutex::default(), lifetime: PhantomData, environment: PhantomData };
    let outcome = catch_unwind(AssertUnwindSafe(|| body(&scope)));
    let panicked = scope.wait_for_all(Location::caller());
    match outcome {
        Err(payload) => resume_unwind(payload),
        Ok(_) if panicked => panic!("a scoped thread panicked"),
        Ok(value) => value,
    }
}

/// See [`std::thread::Scope`].
pub struct Scope<'scope, 'env: 'scope> {
    children: Mutex<Vec<Arc<Child>>>,
    lifetime: PhantomData<&'scope mut &'scope ()>,
    environment: PhantomData<&'env mut &'env ()>,
}

impl<'scope> Scope<'scope, '_> {
    /// See [`std::thread::Scope::spawn`].
    ///
    /// # Panics
    ///
    /// If the system cannot make a thread.
    #[track_caller]
    pub fn spawn<F, T>(&'scope self, body: F) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        Builder::new().spawn_scoped(self, body).expect("failed to spawn thread")
    }

    /// Waits for every child; says whether one panicked that was not joined.
    fn wait_for_all(&self, location: &'static Location<'static>) -> bool {
        let execution = Execution::current();
        let mut panicked = false;
        let mut culprit = None;
        loop {
            let next = self.children.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(child) = next else { break };
            if child.wait(location) {
                panicked = true;
                culprit = execution.as_ref().and_then(|execution| execution.blamed()).or(culprit);
            }
        }
        if let Some(execution) = execution {
            execution.blame(culprit);
        }
        panicked
    }
}

impl Builder {
    /// See [`std::thread::Builder::spawn_scoped`].
    ///
    /// # Errors
    ///
    /// If the system cannot make a thread, outside of models.
    #[track_caller]
    pub fn spawn_scoped<'scope, 'env, F, T>(
        self,
        scope: &'scope Scope<'scope, 'env>,
        body: F,
    ) -> io::Result<ScopedJoinHandle<'scope, T>>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        let child = Arc::new(Child::default());
        let of_thread = Arc::clone(&child);
        let body = move || {
            let panics = Panics(&of_thread.panicked);
            let value = body();
            std::mem::forget(panics);
            value
        };
        // SAFETY: `wait_for_all` waits for the thread before `scope` returns, and what the closure
        // borrows outlives that.
        let launched = unsafe { self.launch(body, Location::caller()) }?;
        let Launched { thread, running, result } = launched;
        *child.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
        scope.children.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&child));
        Ok(ScopedJoinHandle { thread, child, result, scope: PhantomData })
    }
}

/// A thread that a scope must wait for, unless its handle was joined.
#[derive(Default)]
struct Child {
    /// Taken by the one that waits: the handle, or the end of the scope.
    running: Mutex<Option<Running>>,
    panicked: AtomicBool,
}

impl Child {
    /// Waits, unless the handle was joined; says whether it had to, and the thread panicked.
    fn wait(&self, location: &'static Location<'static>) -> bool {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        running.is_some_and(|running| {
            running.wait(location);
            // ORDERING: Relaxed: the wait has ordered the thread's store before this load.
            self.panicked.load(Ordering::Relaxed)
        })
    }
}

/// Notes a panic by being dropped.
struct Panics<'a>(&'a AtomicBool);

impl Drop for Panics<'_> {
    fn drop(&mut self) {
        // ORDERING: Relaxed: the reader has waited for the thread.
        self.0.store(true, Ordering::Relaxed);
    }
}

/// See [`std::thread::ScopedJoinHandle`].
pub struct ScopedJoinHandle<'scope, T> {
    thread: Thread,
    child: Arc<Child>,
    result: Packet<T>,
    scope: PhantomData<std::thread::ScopedJoinHandle<'scope, T>>,
}

impl<T> ScopedJoinHandle<'_, T> {
    /// See [`std::thread::ScopedJoinHandle::join`].
    ///
    /// # Errors
    ///
    /// What the thread panicked with.
    #[track_caller]
    pub fn join(self) -> std::thread::Result<T> {
        self.child.wait(Location::caller());
        take(&self.result)
    }

    /// See [`std::thread::ScopedJoinHandle::thread`].
    pub fn thread(&self) -> &Thread {
        &self.thread
    }

    /// See [`std::thread::ScopedJoinHandle::is_finished`].
    pub fn is_finished(&self) -> bool {
        let running = self.child.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.as_ref().is_none_or(Running::is_finished)
    }
}

impl fmt::Debug for Scope<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for ScopedJoinHandle<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScopedJoinHandle").finish_non_exhaustive()
    }
}
