//! One execution under shuttle.

use std::rc::Rc;
use std::sync::atomic::Ordering;

use super::objects::{Mutex, PointAtomic, RwLock, ShuttleWaits, UncheckedCell, choose};
use super::turns::{self, Decisions};
use crate::backend::built::{BuiltCondvar, BuiltThread, WaitSource};
use crate::engine::{BlindSpot, Engine, Schedule};
use crate::execution::backend::{
    Backend, BackendAtomic, BackendCell, BackendCondvar, BackendMutex, BackendRwLock,
    BackendThread, Birth, CallSite, Complaint, NewThread, OneShot, Width,
};

/// What two operations meet at, for shuttle to switch between them.
fn point() -> Box<dyn BackendAtomic> {
    Box::new(PointAtomic::new(Width::U8, 0))
}

/// The engine's side of one execution.
pub(super) struct ShuttleBackend {
    /// What the scheduler of the execution has decided so far.
    pub(super) turns: Decisions,
}

impl Backend for ShuttleBackend {
    fn mutex(&self, _: Birth) -> Box<dyn BackendMutex> {
        Box::new(Mutex::new())
    }

    fn rwlock(&self, _: Birth) -> Box<dyn BackendRwLock> {
        Box::new(RwLock::new())
    }

    fn condvar(&self, _: Birth) -> Box<dyn BackendCondvar> {
        Box::new(BuiltCondvar::new(ShuttleWaits, point()))
    }

    fn one_shot(&self) -> Box<dyn OneShot> {
        ShuttleWaits.one_shot()
    }

    fn atomic(&self, width: Width, bits: u64, _: Birth) -> Box<dyn BackendAtomic> {
        Box::new(PointAtomic::new(width, bits))
    }

    fn cell(&self) -> Box<dyn BackendCell> {
        Box::new(UncheckedCell)
    }

    fn fence(&self, order: Ordering) {
        shuttle::sync::atomic::fence(order);
    }

    fn main(&self) -> Rc<dyn BackendThread> {
        Rc::new(BuiltThread::main(ShuttleWaits, point()))
    }

    fn spawn(&self, thread: NewThread, _: CallSite) -> Rc<dyn BackendThread> {
        let mut builder = shuttle::thread::Builder::new();
        if let Some(name) = thread.name {
            builder = builder.name(name);
        }
        let handle = builder.spawn(thread.body).expect("shuttle makes a thread or panics");
        Rc::new(BuiltThread::spawned(ShuttleWaits, point(), || {
            // The closure catches the panics of the model: there is no other result.
            let _ = handle.join();
        }))
    }

    fn yield_now(&self, _: CallSite) {
        shuttle::thread::yield_now();
    }

    fn thread_limit(&self) -> Option<usize> {
        None
    }

    fn choose(&self, options: usize, _: CallSite) -> Option<usize> {
        Some(choose(options))
    }

    fn call_begins(&self, at: CallSite) {
        point().load(Ordering::SeqCst, at);
    }

    fn schedule(&self) -> Schedule {
        Schedule::new(Engine::Shuttle, &turns::text(&self.turns))
    }

    fn blind_spots(&self) -> &'static [BlindSpot] {
        &[BlindSpot::DataRace, BlindSpot::WeakMemory, BlindSpot::Unwinding]
    }

    fn complaint(&self, message: &str) -> Complaint {
        if message.starts_with("deadlock!") {
            Complaint::Stuck
        } else if message.starts_with("exceeded max_steps") {
            Complaint::TooManySteps
        } else {
            Complaint::Other
        }
    }
}
