//! One execution under loom.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::atomic::TokenAtomic;
use super::locks::{Attempts, LoomWaits, Mutex, RwLock};
use super::pool::ObjectPool;
use crate::backend::built::{BuiltCondvar, BuiltThread, WaitSource};
use crate::engine::{BlindSpot, Engine, Schedule};
use crate::execution::backend::{
    Backend, BackendAtomic, BackendCell, BackendCondvar, BackendMutex, BackendRwLock,
    BackendThread, Birth, CallSite, Complaint, NewThread, OneShot, Width,
};
use crate::execution::run::Run;

/// The engine's side of one execution.
pub(super) struct LoomBackend {
    run: Arc<Run>,
    preemptions: Option<usize>,
    atomics: ObjectPool<loom::sync::atomic::AtomicU64>,
    cells: ObjectPool<loom::cell::UnsafeCell<()>>,
}

impl LoomBackend {
    /// Called by `main` before the model begins.
    pub(super) fn new(run: &Arc<Run>, preemptions: Option<usize>) -> Self {
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
        Schedule::new(Engine::Loom, &format!("{number}{}", bound.unwrap_or_default()))
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
        let guard = if writes {
            CellGuard::Write(self.cell.get_mut())
        } else {
            CellGuard::Read(self.cell.get())
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
