//! `LazyLock`: a value that its first use makes, once in each execution.

use std::any::TypeId;
use std::fmt;
use std::marker::PhantomData;
use std::mem;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{Mutex, PoisonError};

use super::generations::Generations;
use super::once_lock::show;
use crate::execution::Execution;
use crate::execution::slot::Slot;
use crate::primitives::once::Initialization;
use crate::trace::ObjectKind;

/// A value that is made on first use: [`std::sync::LazyLock`], controlled by the engine inside a
/// model.
///
/// A static starts afresh in every execution: its initializer is a function, which can run again.
/// A lazy value with a closure can be made once, as in std; in a second execution its use panics
/// with a message that says so. The values that executions gave to a static are never dropped.
///
/// ```
/// use lockproof::sync::LazyLock;
///
/// static SQUARES: LazyLock<Vec<u32>> = LazyLock::new(|| (0..4).map(|n| n * n).collect());
/// assert_eq!(SQUARES[3], 9);
/// ```
pub struct LazyLock<T, F = fn() -> T> {
    pub(super) slot: Slot,
    initializer: Mutex<Option<F>>,
    once: std::sync::Once,
    plain: std::sync::OnceLock<T>,
    modelled: Generations<T>,
    /// Gives the type std's auto traits.
    like_std: PhantomData<std::sync::LazyLock<T, F>>,
}

impl<T, F: FnOnce() -> T> LazyLock<T, F> {
    /// See [`std::sync::LazyLock::new`].
    #[track_caller]
    pub const fn new(f: F) -> Self {
        Self {
            slot: Slot::new(),
            initializer: Mutex::new(Some(f)),
            once: std::sync::Once::new(),
            plain: std::sync::OnceLock::new(),
            modelled: Generations::new(),
            like_std: PhantomData,
        }
    }

    /// See [`std::sync::LazyLock::force`].
    ///
    /// # Panics
    ///
    /// If the initializer panics, or did so before, or is a closure that an earlier execution used up.
    #[track_caller]
    pub fn force(this: &Self) -> &T {
        let place = if let Some(once) = this.modelled() {
            let place = this.modelled.of(once.execution());
            once.call(true, Location::caller(), |poisoned| this.initialize(poisoned, place));
            place
        } else {
            this.once.call_once_force(|state| this.initialize(state.is_poisoned(), &this.plain));
            &this.plain
        };
        place.get().expect("an initialization that is complete left a value")
    }

    /// See [`std::sync::LazyLock::force_mut`].
    ///
    /// # Panics
    ///
    /// If the initializer panics, or did so before, or is a closure that an earlier execution used up.
    #[track_caller]
    pub fn force_mut(this: &mut Self) -> &mut T {
        Self::force(this);
        Self::get_mut(this).expect("a value that was forced is there")
    }

    fn initialize(&self, poisoned: bool, place: &std::sync::OnceLock<T>) {
        assert!(!poisoned, "LazyLock instance has previously been poisoned");
        let mut initializer = self.initializer.lock().unwrap_or_else(PoisonError::into_inner);
        let f = if is_function::<T, F>() {
            // SAFETY: `F` is a function pointer, which can be copied.
            initializer.as_ref().map(|f| unsafe { std::ptr::read(f) })
        } else {
            initializer.take()
        };
        drop(initializer);
        let f = f.expect(
            "a LazyLock with a closure was initialized by an earlier execution: make it inside \
             the model",
        );
        // Never set before: the initialization runs once for each place.
        let _ = place.set(f());
    }
}

impl<T, F> LazyLock<T, F> {
    /// See [`std::sync::LazyLock::get`].
    #[track_caller]
    pub fn get(this: &Self) -> Option<&T> {
        match this.modelled() {
            None => this.plain.get(),
            Some(once) => {
                let is_completed = once.is_completed(Location::caller());
                is_completed.then(|| this.modelled.of(once.execution()).get()).flatten()
            }
        }
    }

    /// See [`std::sync::LazyLock::get_mut`].
    pub fn get_mut(this: &mut Self) -> Option<&mut T> {
        let execution = Execution::current().filter(|_| this.starts_afresh());
        let modelled = execution.and_then(|execution| this.modelled.of_mut(&execution));
        modelled.unwrap_or(&mut this.plain).get_mut()
    }

    /// The value inside a model, unless it stays as it was made outside.
    #[track_caller]
    fn modelled(&self) -> Option<Initialization> {
        self.slot.execution().filter(|_| self.starts_afresh())?;
        Initialization::of(&self.slot, ObjectKind::LazyLock)
    }

    /// Whether an execution makes its own value.
    fn starts_afresh(&self) -> bool {
        is_function::<T, F>() || !self.once.is_completed()
    }

    /// The value, without an event.
    fn peek(&self) -> Option<&T> {
        match Execution::current() {
            Some(execution) if self.starts_afresh() => self.modelled.of(&execution).get(),
            _ => self.plain.get(),
        }
    }
}

/// Whether an initializer is a function pointer.
fn is_function<T, F>() -> bool {
    type_id::<F>() == type_id::<fn() -> T>()
}

/// Tells types apart that may borrow, but not by what they borrow.
fn type_id<T>() -> TypeId {
    trait Identified {
        fn type_id(&self) -> TypeId
        where
            Self: 'static;
    }

    impl<T> Identified for PhantomData<T> {
        fn type_id(&self) -> TypeId
        where
            Self: 'static,
        {
            TypeId::of::<T>()
        }
    }

    let phantom = PhantomData::<T>;
    let phantom: &dyn Identified = &phantom;
    // SAFETY: the method reads nothing through the reference: it only names the type, for which
    // lifetimes do not count.
    let phantom =
        unsafe { mem::transmute::<&dyn Identified, &(dyn Identified + 'static)>(phantom) };
    Identified::type_id(phantom)
}

impl<T, F: FnOnce() -> T> Deref for LazyLock<T, F> {
    type Target = T;

    #[track_caller]
    fn deref(&self) -> &T {
        Self::force(self)
    }
}

impl<T, F: FnOnce() -> T> DerefMut for LazyLock<T, F> {
    #[track_caller]
    fn deref_mut(&mut self) -> &mut T {
        Self::force_mut(self)
    }
}

impl<T: Default> Default for LazyLock<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(T::default)
    }
}

impl<T: fmt::Debug, F> fmt::Debug for LazyLock<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, "LazyLock", self.peek())
    }
}
