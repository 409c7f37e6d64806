//! The clock of an execution, which never runs by itself.
//!
//! It reads zero when the execution begins. A `sleep` puts it forward to the moment at which the
//! sleep ends, a wait with a time-out that fires to the moment of the time-out. Nothing else takes
//! time. A clock never goes back: of two sleeps that overlap the one scheduled last ends last,
//! whatever their lengths, as on a computer under load.

use std::cell::{Cell, OnceCell};
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Execution;
use super::backend::{BackendAtomic, Birth, CallSite, Fetch, Width};
use super::intent::Intent;
use super::restart::Need;
use crate::engine::Defect;

/// The clock of an execution.
#[derive(Default)]
pub(crate) struct ModelClock {
    now: Cell<Duration>,
    /// How often a thread looked: no engine counts the looks of a thread that is alone.
    looks: Cell<usize>,
    /// Makes looks at the clock and what moves it depend on each other in the engine's eyes; only
    /// in a run in which a thread looks while another one runs.
    point: OnceCell<Box<dyn BackendAtomic>>,
}

impl ModelClock {
    pub(super) fn now(&self) -> Duration {
        self.now.get()
    }
}

impl Execution {
    /// The time since the execution began, as an event.
    pub(crate) fn read_clock(&self, at: CallSite) -> Duration {
        self.perform(Intent::ReadClock, None, at).time()
    }

    /// When something that lasts for `duration` and begins now will end.
    pub(crate) fn deadline(&self, duration: Duration) -> Duration {
        self.order_with_looks();
        self.clock.now().saturating_add(duration)
    }

    /// The time is `deadline`, or later.
    pub(crate) fn pass_time_until(&self, deadline: Duration) {
        self.order_with_looks();
        self.clock.now.set(self.clock.now().max(deadline));
    }

    /// What follows is ordered with the looks at the clock, if there are any.
    fn order_with_looks(&self) {
        if self.run.restart.needs(Need::Clock) {
            self.perform(Intent::VisitClock, None, self.place());
        }
    }

    /// Notes a look at the clock, of which an execution has only so many.
    pub(super) fn note_look_at_clock(&self) {
        if self.others_run() {
            self.require(Need::Clock);
        }
        let looks = self.clock.looks.get() + 1;
        self.clock.looks.set(looks);
        let steps = self.run.task.settings.steps;
        if looks > steps {
            let message = format!("no end after {steps} looks at the clock");
            self.abandon(self.failure(Defect::Livelock { message }));
        }
    }

    pub(super) fn look_at_clock(&self, at: CallSite) -> Duration {
        self.visit_clock(at);
        self.clock.now()
    }

    pub(super) fn visit_clock(&self, at: CallSite) {
        if self.run.restart.needs(Need::Clock) {
            let make = || self.backend.atomic(Width::U8, 0, Birth::FirstUse);
            // ORDERING: Relaxed: the point orders events in the engine's eyes, but no memory.
            self.clock.point.get_or_init(make).fetch(Fetch::Add, 0, Ordering::Relaxed, at);
        }
    }
}
