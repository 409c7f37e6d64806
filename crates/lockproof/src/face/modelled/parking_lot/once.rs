//! `parking_lot`'s `Once`: its own outside a model, the facade's inside one.

use std::fmt;
use std::panic::Location;

use ::parking_lot::OnceState;

use crate::execution::slot::Slot;
use crate::primitives::once::{InitStage, Initialization};
use crate::trace::ObjectKind;

/// See [`parking_lot::Once`](::parking_lot::Once). Each execution starts from the state outside of
/// models.
///
/// ```
/// use lockproof::parking_lot::{Once, OnceState};
///
/// let once = Once::new();
/// assert_eq!(once.state(), OnceState::New);
/// once.call_once(|| ());
/// assert!(once.state().done());
/// ```
pub struct Once {
    slot: Slot,
    plain: ::parking_lot::Once,
}

impl Once {
    /// See [`parking_lot::Once::new`](::parking_lot::Once::new).
    #[track_caller]
    pub const fn new() -> Self {
        Self { slot: Slot::new(), plain: ::parking_lot::Once::new() }
    }

    /// How far the initialization is.
    #[track_caller]
    pub fn state(&self) -> OnceState {
        let Some(once) = self.modelled() else { return self.plain.state() };
        match once.stage(Location::caller()) {
            InitStage::NotYet => OnceState::New,
            InitStage::Running => OnceState::InProgress,
            InitStage::Poisoned => OnceState::Poisoned,
            InitStage::Complete => OnceState::Done,
        }
    }

    /// See [`parking_lot::Once::call_once`](::parking_lot::Once::call_once).
    #[track_caller]
    pub fn call_once<F>(&self, f: F)
    where
        F: FnOnce(),
    {
        match self.modelled() {
            None => self.plain.call_once(f),
            Some(once) => once.call(false, Location::caller(), |_| f()),
        }
    }

    /// See [`parking_lot::Once::call_once_force`](::parking_lot::Once::call_once_force).
    #[track_caller]
    pub fn call_once_force<F>(&self, f: F)
    where
        F: FnOnce(OnceState),
    {
        match self.modelled() {
            None => self.plain.call_once_force(f),
            Some(once) => once.call(true, Location::caller(), |poisoned| {
                f(if poisoned { OnceState::Poisoned } else { OnceState::New });
            }),
        }
    }

    /// The once inside a model, unless it was completed outside of models.
    #[track_caller]
    fn modelled(&self) -> Option<Initialization> {
        self.slot.execution().filter(|_| !self.plain.state().done())?;
        Initialization::of(&self.slot, ObjectKind::Once)
    }
}

impl Default for Once {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Once {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Once").field("state", &self.state()).finish()
    }
}
