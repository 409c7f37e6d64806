//! The programs of one thread, against whatever `api` is: std, or the facade.

use std::cell::RefCell;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::time::Duration;

use super::super::operations::{Operation, Story};
use super::api::sync::mpsc::{channel, sync_channel};
use super::api::sync::{
    Barrier, LazyLock, Mutex, Once, OnceLock, PoisonError, RwLock, RwLockWriteGuard,
};
use super::api::{thread, thread_local};

/// A call, its result or its panic, as a line of the story.
pub(super) fn tell<R: Debug>(story: &mut Story, name: &str, call: impl FnOnce() -> R) {
    let line = match catch_unwind(AssertUnwindSafe(call)) {
        Ok(result) => format!("{name} {result:?}"),
        Err(payload) => {
            let text = payload.downcast_ref::<&str>().map(ToString::to_string);
            let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
            format!("{name} panics: {}", text.unwrap_or_default())
        }
    };
    story.push(line);
}

/// Panics if the operation says so, without a report.
pub(super) fn maybe_panic(operation: Operation) {
    if operation.panics {
        resume_unwind(Box::new("as asked".to_owned()));
    }
}

/// A value that tells when it is dropped.
#[derive(Clone)]
struct Told(u8, Rc<RefCell<Story>>);

impl Debug for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        self.1.borrow_mut().push(format!("drop {}", self.0));
    }
}

pub(crate) fn mutex(operations: &[Operation]) -> Story {
    let mut story = Story::new();
    let mut lock = Mutex::new(0);
    for &operation in operations {
        let value = operation.value;
        match operation.kind % 7 {
            0 => tell(&mut story, "lock", || {
                let guard = lock.lock().map(|mut guard| *guard += value);
                guard.map_err(|error| **error.get_ref())
            }),
            1 => tell(&mut story, "lock and go on", || {
                let mut guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
                *guard = value;
                maybe_panic(operation);
                format!("{guard:?} {:?}", lock.try_lock().map(|guard| *guard))
            }),
            2 => tell(&mut story, "try_lock", || format!("{:?}", lock.try_lock())),
            3 => tell(&mut story, "is_poisoned", || lock.is_poisoned()),
            4 => tell(&mut story, "clear_poison", || lock.clear_poison()),
            5 => tell(&mut story, "get_mut", || lock.get_mut().map(|content| *content = value)),
            _ => tell(&mut story, "show", || format!("{lock:?}")),
        }
    }
    tell(&mut story, "into_inner", || lock.into_inner());
    story
}

pub(crate) fn rwlock(operations: &[Operation]) -> Story {
    let mut story = Story::new();
    let mut lock = RwLock::new(0);
    for &operation in operations {
        let value = operation.value;
        match operation.kind % 8 {
            0 => tell(&mut story, "read", || {
                let guard = lock.read().unwrap_or_else(PoisonError::into_inner);
                maybe_panic(operation);
                (*guard, lock.try_write().is_ok(), lock.try_read().is_ok())
            }),
            1 => tell(&mut story, "write", || {
                let mut guard = lock.write().unwrap_or_else(PoisonError::into_inner);
                *guard += value;
                maybe_panic(operation);
                (lock.try_write().is_ok(), lock.try_read().is_ok())
            }),
            2 => tell(&mut story, "downgrade", || {
                let mut guard = lock.write().unwrap_or_else(PoisonError::into_inner);
                *guard += value;
                let guard = RwLockWriteGuard::downgrade(guard);
                maybe_panic(operation);
                (*guard, lock.try_write().is_ok(), lock.try_read().is_ok())
            }),
            3 => tell(&mut story, "try", || {
                format!("{:?} {:?}", lock.try_read(), lock.is_poisoned())
            }),
            4 => tell(&mut story, "try_write", || format!("{:?}", lock.try_write())),
            5 => tell(&mut story, "clear_poison", || lock.clear_poison()),
            6 => tell(&mut story, "get_mut", || lock.get_mut().map(|content| *content = value)),
            _ => tell(&mut story, "show", || format!("{lock:?}")),
        }
    }
    tell(&mut story, "into_inner", || lock.into_inner());
    story
}

pub(crate) fn once(operations: &[Operation]) -> Story {
    let mut story = Story::new();
    let once = Once::new();
    for &operation in operations {
        match operation.kind % 4 {
            0 => tell(&mut story, "call_once", || once.call_once(|| maybe_panic(operation))),
            1 => tell(&mut story, "call_once_force", || {
                let mut seen = None;
                once.call_once_force(|state| {
                    seen = Some(state.is_poisoned());
                    maybe_panic(operation);
                });
                seen
            }),
            2 => tell(&mut story, "is_completed", || once.is_completed()),
            _ if once.is_completed() => tell(&mut story, "wait", || once.wait()),
            _ => {}
        }
    }
    story
}

pub(crate) fn once_lock(operations: &[Operation]) -> Story {
    let drops = Rc::new(RefCell::new(Story::new()));
    let mut story = Story::new();
    let mut cell = OnceLock::new();
    for &operation in operations {
        let told = Told(operation.value, Rc::clone(&drops));
        match operation.kind % 7 {
            0 => tell(&mut story, "get", || format!("{:?}", cell.get())),
            1 => tell(&mut story, "set", || cell.set(told)),
            2 => tell(&mut story, "get_or_init", || {
                format!(
                    "{:?}",
                    cell.get_or_init(|| {
                        maybe_panic(operation);
                        told
                    })
                )
            }),
            3 => tell(&mut story, "take", || cell.take()),
            4 => tell(&mut story, "get_mut", || cell.get_mut().map(|content| content.0 += 1)),
            5 => tell(&mut story, "clone", || cell.clone()),
            _ => tell(&mut story, "from", || OnceLock::from(told).into_inner()),
        }
        story.push(format!("{cell:?}"));
    }
    drop(cell);
    story.append(&mut drops.borrow_mut());
    story
}

pub(crate) fn lazy_lock(operations: &[Operation]) -> Story {
    let drops = Rc::new(RefCell::new(Story::new()));
    let mut story = Story::new();
    let first = operations[0];
    let told = Told(first.value, Rc::clone(&drops));
    let mut lazy = LazyLock::new(move || {
        maybe_panic(first);
        told
    });
    for &operation in operations {
        match operation.kind % 5 {
            0 => tell(&mut story, "force", || format!("{:?}", LazyLock::force(&lazy))),
            1 => tell(&mut story, "get", || format!("{:?}", LazyLock::get(&lazy))),
            2 => tell(&mut story, "get_mut", || {
                LazyLock::get_mut(&mut lazy).map(|content| content.0 += operation.value)
            }),
            3 => tell(&mut story, "force_mut", || {
                LazyLock::force_mut(&mut lazy).0 += operation.value;
            }),
            _ => tell(&mut story, "show", || format!("{lazy:?}")),
        }
    }
    drop(lazy);
    story.append(&mut drops.borrow_mut());
    story
}

pub(crate) fn barrier(operations: &[Operation]) -> Story {
    let mut story = Story::new();
    for &operation in operations {
        // A barrier of none lets everybody through, as one of one.
        let barrier = Barrier::new(usize::from(operation.value % 2));
        tell(&mut story, "wait", || (barrier.wait(), barrier.wait().is_leader()));
    }
    story
}

fn channel_of(operations: &[Operation], bound: Option<usize>) -> Story {
    let drops = Rc::new(RefCell::new(Story::new()));
    let mut story = Story::new();
    let (unbounded, bounded, receiver) = match bound {
        None => {
            let (sender, receiver) = channel();
            (vec![sender], Vec::new(), receiver)
        }
        Some(bound) => {
            let (sender, receiver) = sync_channel(bound);
            (Vec::new(), vec![sender], receiver)
        }
    };
    let (mut unbounded, mut bounded, mut receiver) = (unbounded, bounded, Some(receiver));
    for &operation in operations {
        let told = || Told(operation.value, Rc::clone(&drops));
        match operation.kind % 8 {
            0 | 1 => {
                if let Some(sender) = unbounded.first() {
                    tell(&mut story, "send", || sender.send(told()).map_err(|error| error.0));
                }
                if let Some(sender) = bounded.first() {
                    tell(&mut story, "try_send", || sender.try_send(told()));
                }
            }
            2 => {
                unbounded.extend(unbounded.first().cloned());
                bounded.extend(bounded.first().cloned());
            }
            3 => drop((unbounded.pop(), bounded.pop())),
            4 => drop(receiver.take()),
            _ => {}
        }
        if let Some(receiver) = &receiver {
            match operation.kind % 8 {
                4 | 5 => tell(&mut story, "try_recv", || receiver.try_recv()),
                6 => tell(&mut story, "recv_timeout", || receiver.recv_timeout(Duration::ZERO)),
                7 => tell(&mut story, "try_iter", || receiver.try_iter().collect::<Vec<_>>()),
                _ => {}
            }
            if unbounded.is_empty() && bounded.is_empty() {
                tell(&mut story, "recv", || receiver.recv());
            }
        }
    }
    drop((receiver, unbounded, bounded));
    story.append(&mut drops.borrow_mut());
    story
}

pub(crate) fn channels(operations: &[Operation]) -> Story {
    let bounds = [None, Some(0), Some(1), Some(2)];
    bounds.into_iter().flat_map(|bound| channel_of(operations, bound)).collect()
}

thread_local! {
    static FIRST: RefCell<Vec<Sent>> = const { RefCell::new(Vec::new()) };
    static SECOND: RefCell<Vec<Sent>> = RefCell::new(Vec::with_capacity(1));
    static NUMBER: std::cell::Cell<u8> = const { std::cell::Cell::new(1) };
}

/// A value that tells another thread when it is dropped.
#[derive(Debug)]
struct Sent(u8, super::api::sync::mpsc::Sender<String>);

impl Drop for Sent {
    fn drop(&mut self) {
        let number = NUMBER.try_with(std::cell::Cell::get);
        let others = (FIRST.try_with(|_| ()).is_ok(), SECOND.try_with(|_| ()).is_ok());
        let _ = self.1.send(format!("drop {} {number:?} {others:?}", self.0));
    }
}

pub(crate) fn thread_locals(operations: &[Operation]) -> Story {
    let (sender, receiver) = channel();
    let operations = operations.to_vec();
    let child = thread::spawn(move || {
        let mut story = Story::new();
        for &operation in &operations {
            let sent = Sent(operation.value, sender.clone());
            match operation.kind % 7 {
                0 => tell(&mut story, "push", || FIRST.with_borrow_mut(|all| all.push(sent))),
                1 => tell(&mut story, "push", || SECOND.with_borrow_mut(|all| all.push(sent))),
                2 => tell(&mut story, "set", || FIRST.set(vec![sent])),
                3 => tell(&mut story, "replace", || SECOND.replace(vec![sent]).len()),
                4 => tell(&mut story, "take", || FIRST.take().len()),
                5 => tell(&mut story, "number", || NUMBER.replace(operation.value)),
                _ => tell(&mut story, "number", || (NUMBER.take(), NUMBER.set(2), NUMBER.get())),
            }
        }
        story
    });
    let mut story = child.join().unwrap();
    story.extend(receiver);
    story
}
