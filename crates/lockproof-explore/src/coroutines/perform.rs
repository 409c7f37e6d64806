//! Operations of model threads: announced, granted by the strategy, applied.
//!
//! A thread announces its operation and asks the scheduler who continues. If that is the thread
//! itself, it goes on without a switch. Otherwise it suspends itself until the executor resumes it.

use std::panic::resume_unwind;
use std::ptr;
use std::thread;

use super::overflow;
use super::suspension::{Resume, Suspension, set_yielder, suspend, suspend_for_ever, yielder};
use super::teardown::{self, TearDown};
use crate::context::{Context, with, with_context};
use crate::identity::ObjectId;
use crate::operation::{OperationKind, Place, VisibleOperation};
use crate::runtime::{OperationResult, Runtime, StartingThread, ThreadBody};
use crate::scheduler::Next;

/// The state of an operation after [`announce`].
#[derive(Clone, Copy)]
enum Announcement {
    /// An operation is pending: this one, or one that a panic had deferred.
    Announced {
        /// Whether the thread itself continues.
        is_next: bool,
        was_deferred: bool,
    },
    /// No operation is pending: the execution is being torn down, or this one was deferred.
    Inert,
    /// The thread has used up its stack.
    Overflow,
}

/// Performs an operation: waits until the strategy picks this thread, then applies it.
#[inline(never)]
pub(crate) fn perform(operation: &VisibleOperation) -> OperationResult {
    let announcement = with_context(|context| match announce(context, operation) {
        // The fast path: one borrow of the context, and no switch.
        Announcement::Announced { is_next: true, was_deferred: false } => {
            Err(context.runtime.apply())
        }
        announcement => Ok(announcement),
    });
    match announcement {
        Err(result) => result,
        Ok(announcement) if await_turn(announcement, operation) => with(Runtime::apply),
        Ok(_) => teardown::perform(*operation),
    }
}

/// Performs a read-modify-write with `update`, as one event. Returns the value before.
pub(crate) fn perform_update(operation: &VisibleOperation, update: impl FnOnce(u64) -> u64) -> u64 {
    let is_turn = wait_for_turn(operation);
    if !is_turn {
        teardown::checkpoint();
    }
    let before = with(|runtime| runtime.object(operation.object).value);
    let after = update(before);
    if !is_turn {
        with(|runtime| runtime.object_mut(operation.object).value = after);
        return before;
    }
    with(|runtime| {
        let current = runtime.current;
        runtime.thread_mut(current).pending.replacement = after;
        runtime.apply().value
    })
}

/// Spawns `child`, which runs at once, up to its first operation.
pub(crate) fn perform_spawn(operation: &VisibleOperation, body: ThreadBody) {
    if !wait_for_turn(operation) {
        drop(body);
        return teardown::checkpoint();
    }
    with(|runtime| {
        runtime.starting = Some(StartingThread { thread: operation.peer, body });
        runtime.apply();
    });
}

/// Ends the thread. The releases that its panic has deferred take effect first.
pub(super) fn exit(location: Place) {
    let exit = VisibleOperation::new(OperationKind::Exit, ObjectId::NONE, location);
    if wait_for_turn(&exit) {
        with(Runtime::apply);
    }
}

/// Whether the current thread unwinds.
///
/// `std::thread::panicking` answers for the OS thread, which all model threads share: while one of
/// them is suspended in the middle of an unwind (its destructor waits for a lock, say), it is true
/// in all of them. This is the answer for the model thread itself, with one exception: if a thread
/// begins a panic while another one is suspended so, the answer is `false` for that panic.
fn is_unwinding(runtime: &mut Runtime) -> bool {
    let current = runtime.current;
    if !thread::panicking() {
        runtime.thread_mut(current).unwinding = false;
        return false;
    }
    runtime.thread(current).unwinding || !runtime.is_another_unwinding(current)
}

/// Announces `operation` and waits for the thread's turn. False if the operation does not take
/// effect now: the execution is being torn down, or the operation was deferred.
fn wait_for_turn(operation: &VisibleOperation) -> bool {
    await_turn(with_context(|context| announce(context, operation)), operation)
}

/// Waits for the turn of the announced `operation`. False as for [`wait_for_turn`].
#[inline]
fn await_turn(mut announcement: Announcement, operation: &VisibleOperation) -> bool {
    loop {
        match announcement {
            Announcement::Announced { is_next, was_deferred } => {
                if !is_next && !suspend_until_picked() {
                    return false;
                }
                if !was_deferred {
                    return true;
                }
                with(Runtime::apply);
            }
            Announcement::Inert => return false,
            Announcement::Overflow => suspend_for_ever(Suspension::Overflowed),
        }
        announcement = with_context(|context| announce(context, operation));
    }
}

#[inline]
fn announce(context: &mut Context, operation: &VisibleOperation) -> Announcement {
    let runtime = &mut context.runtime;
    let yielder = yielder();
    // corosensei puts the yielder at the base of the coroutine's stack.
    if overflow::is_used_up(yielder.addr(), runtime.stack_size) {
        return Announcement::Overflow;
    }
    if runtime.tearing_down {
        return Announcement::Inert;
    }
    let current = runtime.current;
    let unwinding = is_unwinding(runtime);
    let thread = runtime.thread_mut(current);
    if unwinding && operation.kind.is_release() {
        // A panic drops a guard. A switch here would make `std::thread::panicking` true in every
        // other model thread. So the release takes effect right before the thread's next operation.
        // To the other threads that is a schedule in which this thread was slow.
        thread.deferred.push(*operation);
        return Announcement::Inert;
    }
    thread.unwinding = unwinding;
    let was_deferred = !thread.deferred.is_empty();
    if was_deferred {
        let deferred = thread.deferred.remove(0);
        runtime.announce(&deferred);
    } else {
        runtime.announce(operation);
    }
    // The strategy runs on this stack, but it is no code of the model.
    set_yielder(ptr::null());
    let is_next = context.scheduler.decide(runtime) == Next::Run(current);
    set_yielder(yielder);
    Announcement::Announced { is_next, was_deferred }
}

/// Suspends the thread until it is picked. False if the execution is torn down meanwhile.
#[inline]
fn suspend_until_picked() -> bool {
    match suspend(Suspension::Pending) {
        Resume::TearDown => {
            // A thread that unwinds already must not panic again: that would abort the process.
            if !with(|runtime| runtime.thread(runtime.current).unwinding) {
                resume_unwind(Box::new(TearDown));
            }
            false
        }
        _ => true,
    }
}
