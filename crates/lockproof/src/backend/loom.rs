//! loom: an exhaustive search under the C11 memory model.
//!
//! Limits that shape this file: five threads; a lock whose guard is dropped by a panic is broken
//! for good (so the facade never lets that happen); attempts on locks are explored wrongly (see
//! [`Attempts`]); objects must be made before they can be shared (see [`ObjectPool`]); no choice of
//! any kind.

mod atomic;
mod locks;
mod pool;

use std::cell::RefCell;
use std::panic::resume_unwind;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use self::atomic::TokenAtomic;
use self::locks::{Attempts, LoomWaits, Mutex, RwLock};
use self::pool::ObjectPool;
use super::Driver;
use crate::backend::built::{BuiltCondvar, BuiltThread, WaitSource};
use crate::backend::controlled::{Search, driver};
use crate::engine::{BlindSpot, Divergence, Ending, Engine, Schedule, Settings, Strategy};
use crate::execution::backend::{
    Backend, BackendAtomic, BackendCell, BackendCondvar, BackendMutex, BackendRwLock,
    BackendThread, Birth, CallSite, Complaint, NewThread, OneShot, Width,
};
use crate::execution::execute;
use crate::execution::run::{Left, Run};

pub(super) const DRIVER: Driver = driver::<Loom>();

struct Loom;

impl Search for Loom {
    const ENGINE: Engine = Engine::Loom;

    fn strategy(_: &Settings) -> Strategy {
        Strategy::Exhaustive
    }

    /// loom's coroutines come with a handler of SIGSEGV, installed when they first run, which
    /// uninstalls itself and the one before at the first fault that is not its own.
    fn install_hooks() {
        builder().check(|| ());
    }

    fn search(run: &Arc<Run>) -> Ending {
        search(run, run.task.settings.preemptions, None)
    }

    /// The search takes the same order each time.
    fn replay(run: &Arc<Run>, schedule: &Schedule) -> Ending {
        let Some((number, preemptions)) = parse(schedule.words()) else {
            let reason = format!("`{schedule}` is no schedule such as `loom/1 12 preemptions 2`");
            return Ending::Unsupported { reason };
        };
        let ending = search(run, preemptions, Some(number));
        let executions = run.counts().executions;
        match ending {
            Ending::Complete if executions < number => {
                let found = format!("{executions} in all");
                let expected = format!("execution {number} of the search");
                let step = usize::try_from(number).unwrap_or(usize::MAX);
                Ending::Diverged(Divergence::new(step, expected, found))
            }
            ending => ending,
        }
    }
}

/// Searches to the end, or through execution `last`.
fn search(run: &Arc<Run>, preemptions: Option<usize>, last: Option<u64>) -> Ending {
    let mut builder = builder();
    builder.max_branches = run.task.settings.steps;
    builder.preemption_bound = preemptions;
    let run = Arc::clone(run);
    builder.check(move || {
        if last.is_some_and(|last| run.counts().executions >= last) {
            resume_unwind(Box::new(Left(Ending::Complete)));
        }
        if let Some(budget) = run.budget_used_up() {
            resume_unwind(Box::new(Left(Ending::OutOfBudget { budget })));
        }
        run.report(None);
        execute(&run, Box::new(LoomBackend::new(&run, preemptions)));
    });
    Ending::Complete
}

/// The number of the execution, and the bound on preemptions of the search.
fn parse(words: &str) -> Option<(u64, Option<usize>)> {
    let mut words = words.split_whitespace();
    let number = words.next()?.parse().ok().filter(|number| *number > 0)?;
    let preemptions = match (words.next(), words.next(), words.next()) {
        (None, None, None) => None,
        (Some("preemptions"), Some(bound), None) => Some(bound.parse().ok()?),
        _ => return None,
    };
    Some((number, preemptions))
}

/// loom reads its environment in `new`: every field that matters is set. Its own limits on
/// executions and time are only looked at between them and do not tell a finished search from a
/// cut one, so the run's budget is checked instead.
fn builder() -> loom::model::Builder {
    let mut builder = loom::model::Builder::new();
    builder.max_permutations = None;
    builder.max_duration = None;
    builder.checkpoint_file = None;
    builder.checkpoint_interval = usize::MAX;
    builder.location = false;
    builder.log = false;
    builder
}

struct LoomBackend {
    run: Arc<Run>,
    preemptions: Option<usize>,
    atomics: ObjectPool<loom::sync::atomic::AtomicU64>,
    cells: ObjectPool<loom::cell::UnsafeCell<()>>,
}

impl LoomBackend {
    /// Called by `main` before the model begins.
    fn new(run: &Arc<Run>, preemptions: Option<usize>) -> Self {
        Self {
            run: Arc::clone(run),
            preemptions,
            atomics: ObjectPool::new(run, || loom::sync::atomic::AtomicU64::new(0)),
            cells: ObjectPool::new(run, || loom::cell::UnsafeCell::new(())),
        }
    }

    fn point(&self) -> Box<dyn BackendAtomic> {
        self.atomic(Width::U8, 0, Birth::Made)
    }

    fn attempts(&self) -> Attempts {
        Attempts::new(&self.run, &self.atomics)
    }
}

impl Backend for LoomBackend {
    fn mutex(&self, _: Birth) -> Box<dyn BackendMutex> {
        Box::new(Mutex::new(self.attempts()))
    }

    fn rwlock(&self, _: Birth) -> Box<dyn BackendRwLock> {
        Box::new(RwLock::new(self.attempts()))
    }

    fn condvar(&self, _: Birth) -> Box<dyn BackendCondvar> {
        Box::new(BuiltCondvar::new(LoomWaits, self.point()))
    }

    fn one_shot(&self) -> Box<dyn OneShot> {
        LoomWaits.one_shot()
    }

    fn atomic(&self, width: Width, bits: u64, _: Birth) -> Box<dyn BackendAtomic> {
        Box::new(TokenAtomic::new(self.atomics.take(), width, bits))
    }

    fn cell(&self) -> Box<dyn BackendCell> {
        Box::new(UnsafeCell { cell: self.cells.take(), accesses: RefCell::default() })
    }

    fn fence(&self, order: Ordering) {
        loom::sync::atomic::fence(order);
    }

    fn main(&self) -> Rc<dyn BackendThread> {
        Rc::new(BuiltThread::main(LoomWaits, self.point()))
    }

    /// The settings do not reach the stack of `main`: loom makes that.
    fn spawn(&self, thread: NewThread, _: CallSite) -> Rc<dyn BackendThread> {
        let stack_size = self.run.task.settings.stack_size;
        let mut builder = loom::thread::Builder::new()
            .stack_size(thread.stack_size.map_or(stack_size, |size| size.max(stack_size)));
        if let Some(name) = thread.name {
            builder = builder.name(name);
        }
        let handle = builder.spawn(thread.body).expect("loom makes a thread or panics");
        Rc::new(BuiltThread::spawned(LoomWaits, self.point(), || {
            // The closure catches the panics of the model: there is no other result.
            let _ = handle.join();
        }))
    }

    fn yield_now(&self, _: CallSite) {
        loom::thread::yield_now();
    }

    fn thread_limit(&self) -> Option<usize> {
        Some(loom::MAX_THREADS)
    }

    fn choose(&self, _: usize, _: CallSite) -> Option<usize> {
        None
    }

    fn schedule(&self) -> Schedule {
        let bound = self.preemptions.map(|bound| format!(" preemptions {bound}"));
        let number = self.run.counts().executions;
        Schedule::new(Engine::Loom, format!("{number}{}", bound.unwrap_or_default()))
    }

    fn blind_spots(&self) -> &'static [BlindSpot] {
        &[
            BlindSpot::PlainAtomics,
            BlindSpot::SpuriousWakeUp,
            BlindSpot::WeakCompareExchange,
            BlindSpot::TryLock,
            BlindSpot::Yield,
            BlindSpot::Unwinding,
            BlindSpot::Choice,
        ]
    }

    fn complaint(&self, message: &str) -> Complaint {
        if message.starts_with("deadlock;") {
            Complaint::Stuck
        } else if message.starts_with("Model exceeded maximum number of branches") {
            Complaint::TooManySteps
        } else if message.contains("Causality violation") {
            Complaint::DataRace
        } else {
            Complaint::Other
        }
    }
}

/// A cell, with the accesses that have begun and not ended, each under its thread.
struct UnsafeCell {
    cell: loom::cell::UnsafeCell<()>,
    accesses: RefCell<Vec<(usize, CellGuard)>>,
}

/// Held for its drop.
#[expect(dead_code, reason = "a guard is never looked at, only dropped")]
enum CellGuard {
    Read(loom::cell::ConstPtr<()>),
    Write(loom::cell::MutPtr<()>),
}

impl BackendCell for UnsafeCell {
    fn begin(&self, writes: bool, thread: usize, _: CallSite) {
        let guard = match writes {
            true => CellGuard::Write(self.cell.get_mut()),
            false => CellGuard::Read(self.cell.get()),
        };
        self.accesses.borrow_mut().push((thread, guard));
    }

    fn end(&self, _: bool, thread: usize, _: CallSite) {
        let mut accesses = self.accesses.borrow_mut();
        let own = accesses.iter().rposition(|(by, _)| *by == thread);
        let ended = own.map(|index| accesses.remove(index));
        drop(accesses);
        drop(ended);
    }
}
