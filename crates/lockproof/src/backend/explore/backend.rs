//! One execution under the exploring engine.

use std::panic::resume_unwind;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use lockproof_explore as explore;
use lockproof_explore::here;

use super::objects::{
    Condvar, ExploreAtomic, ExploreThread, FlagUnderMutex, Mutex, RaceCell, RwLock,
};
use crate::engine::{BlindSpot, Moment, Schedule, Steps};
use crate::execution::backend::{
    Backend, BackendAtomic, BackendCell, BackendCondvar, BackendMutex, BackendRwLock,
    BackendThread, Birth, CallSite, Complaint, NewThread, OneShot, Width, park_for_ever,
};
use crate::execution::run::Stopped;

/// The engine's side of one execution.
pub(super) struct ExploreBackend;

impl Backend for ExploreBackend {
    fn mutex(&self, birth: Birth) -> Box<dyn BackendMutex> {
        Box::new(Mutex::new(birth))
    }

    fn rwlock(&self, birth: Birth) -> Box<dyn BackendRwLock> {
        Box::new(RwLock::new(birth))
    }

    fn condvar(&self, birth: Birth) -> Box<dyn BackendCondvar> {
        Box::new(Condvar::new(birth))
    }

    fn one_shot(&self) -> Box<dyn OneShot> {
        Box::new(FlagUnderMutex::new())
    }

    fn atomic(&self, width: Width, bits: u64, birth: Birth) -> Box<dyn BackendAtomic> {
        Box::new(ExploreAtomic::new(width, bits, birth))
    }

    fn cell(&self) -> Box<dyn BackendCell> {
        Box::new(RaceCell(explore::Cell::new()))
    }

    fn fence(&self, order: Ordering) {
        explore::fence(order);
    }

    fn main(&self) -> Rc<dyn BackendThread> {
        Rc::new(ExploreThread(explore::current_thread()))
    }

    fn spawn(&self, thread: NewThread, at: CallSite) -> Rc<dyn BackendThread> {
        Rc::new(ExploreThread(explore::spawn(thread.body, at)))
    }

    fn yield_now(&self, at: CallSite) {
        explore::spin(at);
    }

    fn thread_limit(&self) -> Option<usize> {
        None
    }

    fn choose(&self, options: usize, at: CallSite) -> Option<usize> {
        let options = u16::try_from(options).expect("a choice among fewer than 65,536");
        Some(usize::from(explore::choose(options, at)))
    }

    fn moment(&self) -> Option<Moment> {
        let (thread, steps) = explore::steps_taken();
        Some(Moment { thread: thread.index(), steps })
    }

    fn steps(&self) -> Option<Box<dyn Steps>> {
        Some(Box::new(explore::happens_before()))
    }

    fn finds_stuck_threads(&self) -> bool {
        true
    }

    fn is_tearing_down(&self) -> bool {
        explore::is_tearing_down()
    }

    /// The engine takes the threads down: `main` by its panic, another thread where it waits for
    /// what will not come.
    fn leave(&self) -> ! {
        if std::thread::panicking() {
            park_for_ever();
        }
        if explore::current_thread() == explore::ThreadId::MAIN {
            resume_unwind(Box::new(Stopped));
        }
        let never = explore::Mutex::new();
        loop {
            never.lock(here());
        }
    }

    fn schedule(&self) -> Schedule {
        Schedule::of_turns(explore::turns())
    }

    fn blind_spots(&self) -> &'static [BlindSpot] {
        &[BlindSpot::WeakMemory, BlindSpot::Unwinding]
    }

    /// The engine does not speak by panics.
    fn complaint(&self, _: &str) -> Complaint {
        Complaint::Other
    }
}
