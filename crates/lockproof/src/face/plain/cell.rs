//! `UnsafeCell` with access by closure, at the cost of std's.

/// A cell whose content is reached through [`with`](Self::with) and
/// [`with_mut`](Self::with_mut), so that an engine can see each access.
///
/// Mirrors [`std::cell::UnsafeCell`], but hands out the raw pointer only for the length of a
/// closure: a pointer that escapes could not be checked for data races.
///
/// ```
/// let cell = lockproof::cell::UnsafeCell::new(1);
/// // SAFETY: no other thread can reach `cell`.
/// cell.with_mut(|value| unsafe { *value += 1 });
/// assert_eq!(cell.into_inner(), 2);
/// ```
#[derive(Debug, Default)]
#[repr(transparent)]
pub struct UnsafeCell<T: ?Sized>(std::cell::UnsafeCell<T>);

impl<T> UnsafeCell<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(std::cell::UnsafeCell::new(value))
    }

    /// Takes the value out.
    pub fn into_inner(self) -> T {
        self.0.into_inner()
    }
}

impl<T: ?Sized> UnsafeCell<T> {
    /// Reads through a shared pointer, valid while `read` runs.
    #[inline]
    pub fn with<R>(&self, read: impl FnOnce(*const T) -> R) -> R {
        read(self.0.get())
    }

    /// Writes through an exclusive pointer, valid while `write` runs.
    #[inline]
    pub fn with_mut<R>(&self, write: impl FnOnce(*mut T) -> R) -> R {
        write(self.0.get())
    }

    /// The content, by the proof of an exclusive borrow.
    pub fn get_mut(&mut self) -> &mut T {
        self.0.get_mut()
    }
}

impl<T> From<T> for UnsafeCell<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}
