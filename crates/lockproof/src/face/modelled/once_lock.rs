//! `OnceLock`: std's outside a model; inside one a value for each execution.

use std::fmt;
use std::panic::Location;

use super::generations::Generations;
use crate::execution::Execution;
use crate::execution::slot::Slot;
use crate::primitives::once::Initialization;
use crate::trace::ObjectKind;

/// A cell that is written once: [`std::sync::OnceLock`], controlled by the engine inside a model.
///
/// Each execution starts from the value that was set outside of models, if there is one: a static
/// starts afresh. The values that executions gave to a static are never dropped, as std drops no
/// static, and stay allocated until the process ends.
///
/// ```
/// use lockproof::sync::OnceLock;
///
/// static NAME: OnceLock<String> = OnceLock::new();
/// assert_eq!(NAME.get_or_init(|| "first".to_owned()), "first");
/// assert_eq!(NAME.set("second".to_owned()), Err("second".to_owned()));
/// ```
pub struct OnceLock<T> {
    pub(super) slot: Slot,
    plain: std::sync::OnceLock<T>,
    modelled: Generations<T>,
}

impl<T> OnceLock<T> {
    /// See [`std::sync::OnceLock::new`].
    #[must_use]
    #[track_caller]
    pub const fn new() -> Self {
        Self { slot: Slot::new(), plain: std::sync::OnceLock::new(), modelled: Generations::new() }
    }

    /// See [`std::sync::OnceLock::get`].
    #[track_caller]
    pub fn get(&self) -> Option<&T> {
        match self.modelled() {
            None => self.plain.get(),
            Some(once) => {
                let value = once.is_completed(Location::caller()).then(|| self.value(&once).get());
                value.flatten()
            }
        }
    }

    /// See [`std::sync::OnceLock::get_mut`].
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.place_mut().get_mut()
    }

    /// See [`std::sync::OnceLock::wait`].
    #[track_caller]
    pub fn wait(&self) -> &T {
        let Some(once) = self.modelled() else { return self.plain.wait() };
        once.wait(true, Location::caller());
        self.initialized(&once)
    }

    /// See [`std::sync::OnceLock::set`].
    ///
    /// # Errors
    ///
    /// The value back, if the cell had one.
    ///
    /// # Panics
    ///
    /// If the cell is being initialized by the same thread, outside of models.
    #[track_caller]
    pub fn set(&self, value: T) -> Result<(), T> {
        let mut value = Some(value);
        self.get_or_init(|| value.take().expect("an initialization runs once"));
        value.map_or(Ok(()), Err)
    }

    /// See [`std::sync::OnceLock::get_or_init`].
    #[track_caller]
    pub fn get_or_init<F>(&self, f: F) -> &T
    where
        F: FnOnce() -> T,
    {
        let Some(once) = self.modelled() else { return self.plain.get_or_init(f) };
        once.call(true, Location::caller(), |_| {
            let value = f();
            // Never set before: the initialization runs once in each execution.
            let _ = self.value(&once).set(value);
        });
        self.initialized(&once)
    }

    /// See [`std::sync::OnceLock::into_inner`].
    pub fn into_inner(mut self) -> Option<T> {
        self.take()
    }

    /// See [`std::sync::OnceLock::take`].
    pub fn take(&mut self) -> Option<T> {
        let value = self.place_mut().take();
        self.slot.reset();
        value
    }

    fn initialized(&self, once: &Initialization) -> &T {
        self.value(once).get().expect("an initialization that is complete left a value")
    }

    /// The value in the execution of `once`.
    fn value(&self, once: &Initialization) -> &std::sync::OnceLock<T> {
        self.modelled.of(once.execution())
    }

    /// The cell inside a model, unless the value was set outside of models.
    #[track_caller]
    fn modelled(&self) -> Option<Initialization> {
        self.slot.execution().filter(|_| self.plain.get().is_none())?;
        Initialization::of(&self.slot, ObjectKind::OnceLock)
    }

    /// The place where the value is, by the proof of an exclusive borrow.
    fn place_mut(&mut self) -> &mut std::sync::OnceLock<T> {
        let execution = Execution::current().filter(|_| self.plain.get().is_none());
        match execution.and_then(|execution| self.modelled.of_mut(&execution)) {
            None => &mut self.plain,
            Some(place) => place,
        }
    }

    /// The value, without an event.
    fn peek(&self) -> Option<&T> {
        match Execution::current() {
            Some(execution) if self.plain.get().is_none() => self.modelled.of(&execution).get(),
            _ => self.plain.get(),
        }
    }
}

impl<T> Default for OnceLock<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for OnceLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, "OnceLock", self.peek())
    }
}

/// Shows a cell as std does.
pub(crate) fn show<T: fmt::Debug>(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    value: Option<&T>,
) -> fmt::Result {
    let mut tuple = f.debug_tuple(name);
    match value {
        Some(value) => tuple.field(value),
        None => tuple.field(&format_args!("<uninit>")),
    };
    tuple.finish()
}

impl<T: Clone> Clone for OnceLock<T> {
    #[track_caller]
    fn clone(&self) -> Self {
        self.get().cloned().map_or_else(Self::new, Self::from)
    }
}

impl<T> From<T> for OnceLock<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        Self { plain: value.into(), ..Self::new() }
    }
}

impl<T: PartialEq> PartialEq for OnceLock<T> {
    #[track_caller]
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl<T: Eq> Eq for OnceLock<T> {}
