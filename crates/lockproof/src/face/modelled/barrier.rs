//! `Barrier`: std's outside a model; inside one built once, for every engine, on a wait queue.

use std::cell::Cell;
use std::fmt;
use std::panic::Location;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use crate::execution::Execution;
use crate::execution::queue::WaitQueue;
use crate::execution::slot::Slot;
use crate::execution::threads::Waiting;
use crate::trace::{ObjectKind, Operation};

/// Lets several threads go on at the same time: [`std::sync::Barrier`], controlled by the engine
/// inside a model, where it starts empty in each execution.
///
/// ```
/// use lockproof::sync::Barrier;
/// use lockproof::thread;
///
/// let barrier = Barrier::new(2);
/// let leaders = thread::scope(|scope| {
///     let other = scope.spawn(|| barrier.wait().is_leader());
///     usize::from(barrier.wait().is_leader()) + usize::from(other.join().unwrap())
/// });
/// assert_eq!(leaders, 1);
/// ```
pub struct Barrier {
    pub(crate) slot: Slot,
    plain: std::sync::Barrier,
    size: usize,
}

impl Barrier {
    /// See [`std::sync::Barrier::new`].
    #[must_use]
    #[track_caller]
    pub const fn new(n: usize) -> Self {
        Self { slot: Slot::new(), plain: std::sync::Barrier::new(n), size: n }
    }

    /// See [`std::sync::Barrier::wait`].
    #[track_caller]
    pub fn wait(&self) -> BarrierWaitResult {
        let location = Location::caller();
        BarrierWaitResult(match self.slot.execution() {
            None => self.plain.wait().is_leader(),
            Some(execution) => self.peer(&execution).wait(&execution, location),
        })
    }

    #[track_caller]
    fn peer(&self, execution: &Execution) -> Rc<Gathering> {
        self.slot.peer(execution, &execution.barriers, || Gathering {
            queue: WaitQueue::add(execution, ObjectKind::Barrier, &self.slot),
            size: self.size,
            arrived: Cell::new(0),
        })
    }
}

impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.plain.fmt(f)
    }
}

/// Which thread was the last to arrive: see [`std::sync::BarrierWaitResult`].
pub struct BarrierWaitResult(bool);

impl BarrierWaitResult {
    /// See [`std::sync::BarrierWaitResult::is_leader`].
    #[must_use]
    pub fn is_leader(&self) -> bool {
        self.0
    }
}

impl fmt::Debug for BarrierWaitResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BarrierWaitResult").field("is_leader", &self.is_leader()).finish()
    }
}

/// A barrier of an execution.
pub(crate) struct Gathering {
    queue: Rc<WaitQueue>,
    size: usize,
    /// The threads that wait for the last one.
    arrived: Cell<usize>,
}

impl Gathering {
    /// Says whether this thread was the last to arrive.
    fn wait(&self, execution: &Execution, location: &'static Location<'static>) -> bool {
        // ORDERING: AcqRel: the last visit comes after all others, and the threads it wakes after
        // it: what a thread did before the barrier happens before what any does after it.
        self.queue.visit(execution, Ordering::AcqRel);
        let leads = self.arrived.get() + 1 >= self.size;
        if leads {
            self.arrived.set(0);
            self.queue.record(execution, Operation::Arrive { leads }, location);
            self.queue.wake_all(execution);
        } else {
            self.arrived.set(self.arrived.get() + 1);
            self.queue.wait(execution, Waiting::Barrier(self.queue.index), location);
            self.queue.record(execution, Operation::Arrive { leads }, location);
        }
        leads
    }
}
