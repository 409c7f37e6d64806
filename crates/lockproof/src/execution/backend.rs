//! The backend of an execution: the traits that an engine implements, one for each kind of object.
//!
//! Only the [dispatch](super::dispatch) behind the door calls the methods that may switch threads.
//! Nothing in here knows what a backend is made of.

use std::any::Any;
use std::panic::Location;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::thread;

use crate::engine::{BlindSpot, Moment, Schedule, Steps};
use crate::trace::WakeUp;

/// A place in the code under test.
pub(crate) type CallSite = &'static Location<'static>;

/// The engine's side of one execution.
pub(crate) trait Backend {
    fn mutex(&self, birth: Birth) -> Box<dyn BackendMutex>;
    fn rwlock(&self, birth: Birth) -> Box<dyn BackendRwLock>;
    fn condvar(&self, birth: Birth) -> Box<dyn BackendCondvar>;
    /// A one-shot event that the current thread is going to wait for. May switch.
    fn one_shot(&self) -> Box<dyn OneShot>;
    /// An atomic of the given width that holds `bits`.
    fn atomic(&self, width: Width, bits: u64, birth: Birth) -> Box<dyn BackendAtomic>;
    fn cell(&self) -> Box<dyn BackendCell>;
    fn fence(&self, order: Ordering);
    /// The thread that runs the model itself.
    fn main(&self) -> Rc<dyn BackendThread>;
    /// Makes a thread that runs `thread.body`. May switch.
    fn spawn(&self, thread: NewThread, at: CallSite) -> Rc<dyn BackendThread>;
    /// A scheduling point that lets others go first. Switches.
    fn yield_now(&self, at: CallSite);
    /// The most threads the engine can run, `main` included.
    fn thread_limit(&self) -> Option<usize>;
    /// One of `0..options`, each of which is explored; `None` if the engine has no such choice.
    /// May switch.
    fn choose(&self, options: usize, at: CallSite) -> Option<usize>;
    /// The current thread is about to make a call that is compared with others. May switch, and
    /// does so on an engine that tries one order of steps at a time: else a call that follows
    /// another one of its thread would begin at that one's return, always.
    fn call_begins(&self, _at: CallSite) {}
    /// The current thread's position, if the engine counts steps.
    fn moment(&self) -> Option<Moment> {
        None
    }
    /// The happens-before order, if the engine knows more than one order of its steps.
    fn steps(&self) -> Option<Box<dyn Steps>> {
        None
    }
    /// Whether the engine says by itself that no thread can go on.
    fn finds_stuck_threads(&self) -> bool {
        false
    }
    /// Whether the execution is over and its threads are only being unwound.
    fn is_tearing_down(&self) -> bool {
        false
    }
    /// Leaves an execution whose ending has been reported.
    ///
    /// The other threads are in the middle of something and may borrow from each other's stacks:
    /// an engine that cannot take them down in order parks the OS thread that carries them all.
    fn leave(&self) -> ! {
        park_for_ever()
    }
    /// The schedule of the execution so far.
    fn schedule(&self) -> Schedule;
    /// The things a model may use that this engine does not explore completely.
    fn blind_spots(&self) -> &'static [BlindSpot];
    /// The meaning of a panic of the engine's own.
    fn complaint(&self, message: &str) -> Complaint;
}

/// Leaves the execution as it is: the OS thread is parked until the process ends.
pub(crate) fn park_for_ever() -> ! {
    loop {
        thread::park();
    }
}

/// When the engine's side of a primitive is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Birth {
    /// Along with the primitive: the same thread makes it at the same point in every execution.
    Made,
    /// By its first use, in whichever thread that is; the use follows at once.
    FirstUse,
}

/// Why an engine gives up an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Complaint {
    /// No thread can go on.
    #[cfg_attr(
        not(any(feature = "loom", feature = "shuttle")),
        expect(dead_code, reason = "for loom and shuttle")
    )]
    Stuck,
    /// The limit of scheduling points was passed.
    TooManySteps,
    /// Two accesses to a cell are not ordered.
    #[cfg_attr(not(feature = "loom"), expect(dead_code, reason = "for loom"))]
    DataRace,
    /// The same schedule led to another operation than before.
    #[cfg_attr(not(feature = "explore"), expect(dead_code, reason = "explore's own"))]
    Nondeterminism,
    /// The engine cannot run the model.
    Other,
}

/// A thread to be made.
pub(crate) struct NewThread {
    #[cfg_attr(
        not(any(feature = "loom", feature = "shuttle")),
        expect(dead_code, reason = "for loom and shuttle")
    )]
    pub(crate) name: Option<String>,
    #[cfg_attr(not(feature = "loom"), expect(dead_code, reason = "for loom"))]
    pub(crate) stack_size: Option<usize>,
    pub(crate) body: Box<dyn FnOnce() + Send>,
}

/// A lock that keeps its own guard. All methods but the last may switch.
pub(crate) trait BackendMutex {
    fn lock(&self, at: CallSite);
    fn try_lock(&self, at: CallSite) -> bool;
    fn unlock(&self, at: CallSite);
    /// For a condition variable of the same engine.
    #[cfg_attr(not(feature = "explore"), expect(dead_code, reason = "explore's own"))]
    fn as_any(&self) -> &dyn Any;
}

/// A lock that keeps its guards, one for each reading thread. All methods may switch.
pub(crate) trait BackendRwLock {
    fn read(&self, thread: usize, at: CallSite);
    fn try_read(&self, thread: usize, at: CallSite) -> bool;
    fn unlock_read(&self, thread: usize, at: CallSite);
    fn write(&self, at: CallSite);
    fn try_write(&self, at: CallSite) -> bool;
    fn unlock_write(&self, at: CallSite);
}

/// The ways in which a wait may end without a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Freedom {
    /// By its time-out.
    pub(crate) timed: bool,
    /// For no reason, on an engine that can choose.
    pub(crate) spurious: bool,
}

/// A signal that is given once and waited for once. Both methods may switch.
pub(crate) trait OneShot {
    fn wait(&self, at: CallSite);
    fn signal(&self, at: CallSite);
}

/// A condition variable. All methods but the last may switch.
pub(crate) trait BackendCondvar {
    /// Releases the mutex and makes the thread wait, in one step, the last that happens here.
    fn begin_wait(&self, mutex: &dyn BackendMutex, thread: usize, freedom: Freedom, at: CallSite);
    /// Waits for a notification, or ends the wait without one; the mutex is not acquired.
    fn end_wait(&self, thread: usize, freedom: Freedom, at: CallSite) -> WakeUp;
    /// Notifies one waiter, or all. No other thread runs after that takes effect.
    fn notify(&self, all: bool, at: CallSite);
    /// Lets the threads go on that this thread has notified, if [`notify`](Self::notify) did not.
    fn release_notified(&self, _at: CallSite) {}
    /// Whether the thread's notification has not come yet, and nothing else will end its wait.
    fn is_waiting(&self, thread: usize) -> bool;
}

/// Values travel as bits: the low ones of the width, the others zero. All methods may switch.
pub(crate) trait BackendAtomic {
    fn load(&self, order: Ordering, at: CallSite) -> u64;
    fn store(&self, bits: u64, order: Ordering, at: CallSite);
    fn swap(&self, bits: u64, order: Ordering, at: CallSite) -> u64;
    fn compare_exchange(&self, exchange: Exchange, at: CallSite) -> Result<u64, u64>;
    fn fetch(&self, fetch: Fetch, operand: u64, order: Ordering, at: CallSite) -> u64;
}

/// The arguments of a compare-exchange.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exchange {
    pub(crate) current: u64,
    pub(crate) new: u64,
    pub(crate) success: Ordering,
    pub(crate) failure: Ordering,
    /// Whether it may fail although the value is the expected one.
    pub(crate) weak: bool,
}

/// A cell that is checked for data races. Neither method switches.
pub(crate) trait BackendCell {
    fn begin(&self, writes: bool, thread: usize, at: CallSite);
    fn end(&self, writes: bool, thread: usize, at: CallSite);
}

/// A thread, with the token that it parks for. All methods but the last may switch.
pub(crate) trait BackendThread {
    /// Waits for the thread's end. Called at most once, and never for `main`.
    fn join(&self, at: CallSite);
    /// Waits for the token of the calling thread, whose own object this is, and takes it; says
    /// whether it was there when the wait ended.
    fn park(&self, timed: bool, at: CallSite) -> bool;
    /// Makes the token available, which lets a parked thread go on.
    fn unpark(&self, at: CallSite);
    /// Whether the token that the thread parks for is there.
    fn has_token(&self) -> bool;
}

/// The read-modify-writes that take an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fetch {
    Add,
    Sub,
    And,
    Nand,
    Or,
    Xor,
    Max,
    Min,
}

/// The types that an atomic can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    Bool,
    I8,
    I16,
    I32,
    I64,
    Isize,
    U8,
    U16,
    U32,
    U64,
    Usize,
    Pointer,
}
