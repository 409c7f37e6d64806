//! The running model, as seen from inside a model thread.
//!
//! A model thread performs an operation by announcing it, suspending itself unless it is to go on at
//! once, and applying it when it is its turn.
//!
//! Invariant: `YIELDER` is null exactly when no code of the model runs on this OS thread.

use std::borrow::Cow;
use std::cell::Cell;
use std::panic::resume_unwind;
use std::ptr;
use std::thread;

use crate::coroutine::{Resume, Suspension, ThreadYielder};
use crate::identity::ThreadId;
use crate::operation::{OperationKind, Place, VisibleOperation};
use crate::overflow;
use crate::runtime::{Newborn, OperationResult, Runtime, ThreadBody};
use crate::scheduler::Next;
use crate::stage::{Context, with, with_stage};
use crate::teardown::{self, TearDown};
use crate::turns::Turns;

thread_local! {
    static YIELDER: Cell<*const ThreadYielder> = const { Cell::new(ptr::null()) };
}

/// Whether the caller runs inside a model, so that operations on handles mean something.
#[inline]
pub fn is_running() -> bool {
    !YIELDER.get().is_null()
}

/// A number that no other execution of this OS thread has: handles of another one are stale.
#[inline]
pub fn execution() -> u64 {
    with(|runtime| runtime.execution)
}

/// The model thread that calls.
#[inline]
pub fn current_thread() -> ThreadId {
    with(|runtime| runtime.current)
}

/// The model thread that calls, and how many steps it has taken. Not a step by itself.
#[inline]
pub fn steps_taken() -> (ThreadId, u32) {
    with(|runtime| (runtime.current, runtime.thread(runtime.current).sequence))
}

/// The turns that led the running execution to where it is.
///
/// Also inside [`Observer::execution_failed`](crate::Observer::execution_failed).
pub fn turns() -> Turns {
    with(|runtime| Turns::of(&runtime.trace, runtime))
}

/// Whether the calling model thread is unwinding from a panic.
///
/// `std::thread::panicking` answers for the OS thread, which all model threads share: while one of
/// them is suspended in the middle of an unwind (its destructor waits for a lock, say), it is true
/// in all of them. This is the answer for the model thread itself. Only if it begins a panic of
/// its own while another is suspended so, the answer is `false` for that panic.
pub fn panicking() -> bool {
    if !is_running() {
        return thread::panicking();
    }
    with(is_unwinding)
}

/// Whether the execution is over and its threads are only being unwound: operations do nothing.
pub fn is_tearing_down() -> bool {
    is_running() && with(|runtime| runtime.tearing_down)
}

fn is_unwinding(runtime: &mut Runtime) -> bool {
    let current = runtime.current;
    if !thread::panicking() {
        runtime.thread_mut(current).unwinding = false;
        return false;
    }
    runtime.thread(current).unwinding || !runtime.is_another_unwinding(current)
}

/// The current thread's way back to the executor; null for none.
pub(crate) fn set_yielder(yielder: *const ThreadYielder) {
    YIELDER.set(yielder);
}

/// Gives control back to the executor until it resumes this thread.
fn suspend(suspension: Suspension) -> Resume {
    let yielder = YIELDER.get();
    assert!(!yielder.is_null(), "operations are performed by model threads only");
    // SAFETY: the pointer was set by the coroutine that runs now, from the reference that
    // corosensei gave its body, which lives as long as the coroutine; the executor sets the
    // pointer to null whenever no coroutine runs.
    let resume = unsafe { (*yielder).suspend(suspension) };
    YIELDER.set(yielder);
    resume
}

/// What to do with an operation.
#[derive(Clone, Copy)]
enum Announcement {
    /// One was announced; this one, or one that a panic had put off.
    Announced {
        /// Whether the thread itself is the next to go on.
        is_next: bool,
        was_put_off: bool,
    },
    Inert,
    Overflow,
}

/// Performs an operation: waits until the strategy picks this thread, then lets it take effect.
#[inline(never)]
pub(crate) fn perform(operation: &VisibleOperation) -> OperationResult {
    let course = with_stage(|stage| match course_of(stage, operation) {
        // The most common course needs no more than this.
        Announcement::Announced { is_next: true, was_put_off: false } => Err(stage.runtime.apply()),
        course => Ok(course),
    });
    match course {
        Err(effect) => effect,
        Ok(course) if comes_to_turn(course, operation) => with(Runtime::apply),
        Ok(_) => teardown::perform(*operation),
    }
}

/// Performs a read-modify-write with `update`, as one event; returns the value before.
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

/// Spawns `child`, which begins to run at once, up to its first operation.
pub(crate) fn perform_spawn(operation: &VisibleOperation, name: Option<String>, job: ThreadBody) {
    if !wait_for_turn(operation) {
        drop(job);
        return teardown::checkpoint();
    }
    with(|runtime| {
        let current = runtime.current;
        runtime.thread_mut(current).name_for_child = name.map(Cow::Owned);
        runtime.newborn = Some(Newborn { thread: operation.peer, job });
        runtime.apply();
    });
}

/// Announces `operation` and waits for the thread's turn. False: the execution is being torn down,
/// or the operation has been put off, and it does not take effect now.
fn wait_for_turn(operation: &VisibleOperation) -> bool {
    comes_to_turn(with_stage(|stage| course_of(stage, operation)), operation)
}

/// Waits as `course` says, which is that of `operation`; false as for [`wait_for_turn`].
#[inline]
fn comes_to_turn(mut course: Announcement, operation: &VisibleOperation) -> bool {
    loop {
        match course {
            Announcement::Announced { is_next, was_put_off } => {
                if !is_next && !suspended() {
                    return false;
                }
                if !was_put_off {
                    return true;
                }
                with(Runtime::apply);
            }
            Announcement::Inert => return false,
            Announcement::Overflow => never_again(Suspension::Overflowed),
        }
        course = with_stage(|stage| course_of(stage, operation));
    }
}

#[inline]
fn course_of(stage: &mut Context, operation: &VisibleOperation) -> Announcement {
    let runtime = &mut stage.runtime;
    let yielder = YIELDER.get();
    // A yielder stands where its coroutine's stack begins.
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
        // A guard dropped by a panic. Suspending here would make `std::thread::panicking` true in
        // every other model thread; nobody can tell a release now from one after the unwinding.
        thread.deferred.push(*operation);
        return Announcement::Inert;
    }
    thread.unwinding = unwinding;
    let was_put_off = !thread.deferred.is_empty();
    if was_put_off {
        let put_off = thread.deferred.remove(0);
        runtime.announce(&put_off);
    } else {
        runtime.announce(operation);
    }
    // What a strategy does is not done by the model.
    YIELDER.set(ptr::null());
    let is_next = stage.decide() == Next::Run(current);
    YIELDER.set(yielder);
    Announcement::Announced { is_next, was_put_off }
}

/// Suspends; false if the execution is torn down meanwhile.
#[inline]
fn suspended() -> bool {
    match suspend(Suspension::Pending) {
        Resume::TearDown => {
            if !with(|runtime| runtime.thread(runtime.current).unwinding) {
                resume_unwind(Box::new(TearDown));
            }
            false
        }
        _ => true,
    }
}

/// The thread will never run again.
pub(crate) fn give_up() -> ! {
    never_again(Suspension::Stuck)
}

fn never_again(suspension: Suspension) -> ! {
    suspend(suspension);
    // The executor forgets such a coroutine; there is nothing to return to.
    std::process::abort()
}

/// Ends the thread: the locks that its panic gave up are released, then it exits.
pub(crate) fn exit(location: Place) {
    let exit =
        VisibleOperation::new(OperationKind::Exit, crate::identity::ObjectId::NONE, location);
    if wait_for_turn(&exit) {
        with(Runtime::apply);
    }
}
