//! The clock of an execution, which never runs by itself.
//!
//! It stands at zero when the execution begins. A `sleep` puts it forward to the moment at which
//! the sleep ends, a wait with a time-out that fires to the moment of the time-out. Nothing else
//! takes time. A clock never goes back: of two sleeps that overlap the one scheduled last ends
//! last, whatever their lengths, as on a computer under load.

use std::cell::{Cell, OnceCell};
use std::panic::Location;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::engine::Defect;
use crate::execution::Execution;
use crate::execution::backend::{BackendAtomic, Birth, Fetch, Width};
use crate::execution::run::Need;
use crate::execution::weak_memory::Asked;
use crate::trace::Operation;

/// The clock of an execution.
#[derive(Default)]
pub(crate) struct Clock {
    now: Cell<Duration>,
    /// How often a thread looked: no engine counts the looks of a thread that is alone.
    looks: Cell<usize>,
    /// Makes looks at the clock and what moves it depend on each other in the engine's eyes; only
    /// in a run in which a thread looks while another one runs.
    point: OnceCell<Box<dyn BackendAtomic>>,
}

impl Execution {
    /// The time since the execution began, as an event.
    pub(crate) fn read_clock(&self, location: &'static Location<'static>) -> Duration {
        if self.others_run() && !self.run.needs(Need::Clock) {
            self.run.start_again_with(Need::Clock);
        }
        self.clock.looks.set(self.clock.looks.get() + 1);
        let steps = self.run.settings.steps;
        if self.clock.looks.get() > steps {
            let message = format!("no end after {steps} looks at the clock");
            self.abandon(self.failure(Defect::Livelock { message }));
        }
        self.visit_clock();
        self.note_look(Asked::Clock);
        let now = self.clock.now.get();
        self.record(Operation::ReadClock { now }, None, location);
        now
    }

    /// When something that lasts for `duration` and begins now will end.
    pub(crate) fn deadline(&self, duration: Duration) -> Duration {
        self.visit_clock();
        self.clock.now.get().saturating_add(duration)
    }

    /// The time is `deadline`, or later.
    pub(crate) fn pass_time_until(&self, deadline: Duration) {
        self.visit_clock();
        self.clock.now.set(self.clock.now.get().max(deadline));
    }

    fn visit_clock(&self) {
        if self.run.needs(Need::Clock) {
            let point =
                self.clock.point.get_or_init(|| self.body.atomic(Width::U8, 0, Birth::FirstUse));
            // ORDERING: Relaxed: the point orders events in the engine's eyes, but no memory.
            self.engine(|| point.fetch(Fetch::Add, 0, Ordering::Relaxed));
        }
    }
}
