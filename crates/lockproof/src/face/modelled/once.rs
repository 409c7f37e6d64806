//! `Once`: std's outside a model, built from the engine's objects inside one.

use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;

use crate::execution::slot::Slot;
use crate::primitives::once::Initialization;
use crate::trace::ObjectKind;

/// Runs an initialization at most once: [`std::sync::Once`], controlled by the engine inside a
/// model.
///
/// Each execution starts from the state outside of models: a static that was not completed there
/// starts afresh.
///
/// ```
/// use lockproof::sync::Once;
///
/// static START: Once = Once::new();
/// let mut runs = 0;
/// START.call_once(|| runs += 1);
/// START.call_once(|| runs += 1);
/// assert_eq!((runs, START.is_completed()), (1, true));
/// ```
pub struct Once {
    pub(super) slot: Slot,
    plain: std::sync::Once,
}

impl Once {
    /// See [`std::sync::Once::new`].
    #[expect(clippy::new_without_default, reason = "std's own has none")]
    #[must_use]
    #[track_caller]
    pub const fn new() -> Self {
        Self { slot: Slot::new(), plain: std::sync::Once::new() }
    }

    /// See [`std::sync::Once::call_once`].
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

    /// See [`std::sync::Once::call_once_force`].
    #[track_caller]
    pub fn call_once_force<F>(&self, f: F)
    where
        F: FnOnce(&OnceState),
    {
        match self.modelled() {
            None => {
                self.plain.call_once_force(|state| f(&OnceState::new(state.is_poisoned())));
            }
            Some(once) => once.call(true, Location::caller(), |poisoned| {
                f(&OnceState::new(poisoned));
            }),
        }
    }

    /// See [`std::sync::Once::is_completed`].
    #[track_caller]
    pub fn is_completed(&self) -> bool {
        match self.modelled() {
            None => self.plain.is_completed(),
            Some(once) => once.is_completed(Location::caller()),
        }
    }

    /// See [`std::sync::Once::wait`].
    #[track_caller]
    pub fn wait(&self) {
        match self.modelled() {
            None => self.plain.wait(),
            Some(once) => once.wait(false, Location::caller()),
        }
    }

    /// See [`std::sync::Once::wait_force`].
    #[track_caller]
    pub fn wait_force(&self) {
        match self.modelled() {
            None => self.plain.wait_force(),
            Some(once) => once.wait(true, Location::caller()),
        }
    }

    /// The once inside a model, unless it was completed outside of models.
    #[track_caller]
    fn modelled(&self) -> Option<Initialization> {
        let is_completed = self.plain.is_completed();
        self.slot.execution().filter(|_| !is_completed)?;
        Initialization::of(&self.slot, ObjectKind::Once)
    }
}

impl fmt::Debug for Once {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.plain.fmt(f)
    }
}

/// The outcome of the initialization before: see [`std::sync::OnceState`].
pub struct OnceState {
    poisoned: bool,
    /// Gives the type std's auto traits.
    like_std: PhantomData<std::sync::OnceState>,
}

impl OnceState {
    fn new(poisoned: bool) -> Self {
        Self { poisoned, like_std: PhantomData }
    }

    /// See [`std::sync::OnceState::is_poisoned`].
    pub fn is_poisoned(&self) -> bool {
        self.poisoned
    }
}

impl fmt::Debug for OnceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnceState").field("poisoned", &self.is_poisoned()).finish()
    }
}
