//! `thread_local!`: std's outside a model; inside one a value for each thread of the model.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::sync::atomic::AtomicU8;

use crate::execution::{Execution, Local};

/// Declares thread-local statics: see [`std::thread_local`].
///
/// Inside a model each of its threads has a value of its own, dropped when the thread ends.
///
/// ```
/// use std::cell::Cell;
///
/// lockproof::thread_local! {
///     static CALLS: Cell<u32> = const { Cell::new(0) };
/// }
///
/// CALLS.set(CALLS.get() + 1);
/// assert_eq!(CALLS.get(), 1);
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __thread_local {
    () => {};
    (
        $(#[$attribute:meta])* $visibility:vis static $name:ident: $type:ty =
            const $init:block $(; $($rest:tt)*)?
    ) => {
        $(#[$attribute])* $visibility const $name: $crate::thread::LocalKey<$type> = {
            const __LOCKPROOF_INIT: $type = $init;
            ::std::thread_local! {
                static __LOCKPROOF_PLAIN: $type = const { __LOCKPROOF_INIT };
            }
            $crate::__local_key!($type, __LOCKPROOF_PLAIN, __LOCKPROOF_INIT)
        };
        $($crate::__thread_local! { $($rest)* })?
    };
    (
        $(#[$attribute:meta])* $visibility:vis static $name:ident: $type:ty =
            $init:expr $(; $($rest:tt)*)?
    ) => {
        $(#[$attribute])* $visibility const $name: $crate::thread::LocalKey<$type> = {
            fn __lockproof_init() -> $type {
                $init
            }
            ::std::thread_local! {
                static __LOCKPROOF_PLAIN: $type = __lockproof_init();
            }
            $crate::__local_key!($type, __LOCKPROOF_PLAIN, __lockproof_init())
        };
        $($crate::__thread_local! { $($rest)* })?
    };
}

/// Not for users: the key of a thread-local static, which a static of its own tells apart.
#[doc(hidden)]
#[macro_export]
macro_rules! __local_key {
    ($type:ty, $plain:expr, $init:expr) => {{
        static __LOCKPROOF_IDENTITY: ::std::sync::atomic::AtomicU8 =
            ::std::sync::atomic::AtomicU8::new(0);
        fn __lockproof_modelled() -> $type {
            $init
        }
        $crate::thread::LocalKey::<$type>::__new(
            &$plain,
            &__LOCKPROOF_IDENTITY,
            __lockproof_modelled,
        )
    }};
}

#[doc(inline)]
pub use crate::__thread_local as thread_local;

/// The key of a thread-local static: see [`std::thread::LocalKey`].
///
/// Inside a model every thread of the model has a value of its own, which is dropped when the
/// thread ends: the value that was initialized last first.
pub struct LocalKey<T: 'static> {
    plain: &'static std::thread::LocalKey<T>,
    identity: &'static AtomicU8,
    init: fn() -> T,
}

impl<T: 'static> LocalKey<T> {
    /// Not for users: see [`thread_local!`](crate::thread_local).
    #[doc(hidden)]
    pub const fn __new(
        plain: &'static std::thread::LocalKey<T>,
        identity: &'static AtomicU8,
        init: fn() -> T,
    ) -> Self {
        Self { plain, identity, init }
    }

    /// See [`std::thread::LocalKey::with`].
    #[track_caller]
    pub fn with<F, R>(&'static self, f: F) -> R
    where
        F: FnOnce(&T) -> R,
    {
        self.try_with(f).unwrap_or_else(|error| destroyed(error))
    }

    /// See [`std::thread::LocalKey::try_with`].
    ///
    /// # Errors
    ///
    /// If the value was destroyed already.
    pub fn try_with<F, R>(&'static self, f: F) -> Result<R, AccessError>
    where
        F: FnOnce(&T) -> R,
    {
        match Execution::current() {
            None => self.plain.try_with(f).map_err(|_| AccessError),
            Some(execution) => {
                let value = self.value(&execution, self.init).ok_or(AccessError)?;
                Ok(f(&value))
            }
        }
    }

    /// The current thread's value, made by `init` on first use; `None` when it is destroyed.
    fn value(&self, execution: &Execution, init: impl FnOnce() -> T) -> Option<Rc<T>> {
        let key = std::ptr::from_ref(self.identity).addr();
        let value = match execution.local(key) {
            Local::Absent => {
                let value: Rc<dyn Any> = Rc::new(init());
                execution.set_local(key, Rc::clone(&value), std::mem::needs_drop::<T>());
                value
            }
            Local::Present(value) => value,
            Local::Destroyed => return None,
        };
        Some(value.downcast().expect("a key has one type"))
    }

    /// Calls `f` with the value, and with `initial` unless that has become the value.
    #[track_caller]
    fn initialize_with(&'static self, initial: T, f: impl FnOnce(Option<T>, &T)) {
        let execution = Execution::current().expect("std's own key has a way of its own");
        let mut initial = Some(initial);
        let init = || initial.take().expect("a value is made once");
        let value = self.value(&execution, init).unwrap_or_else(|| destroyed(AccessError));
        f(initial, &value);
    }
}

#[track_caller]
fn destroyed(error: AccessError) -> ! {
    panic!("cannot access a Thread Local Storage value during or after destruction: {error:?}")
}

impl<T: 'static> LocalKey<Cell<T>> {
    /// See [`std::thread::LocalKey::set`].
    #[track_caller]
    pub fn set(&'static self, value: T) {
        if Execution::current().is_none() {
            return self.plain.set(value);
        }
        self.initialize_with(Cell::new(value), |value, cell| {
            if let Some(value) = value {
                cell.set(value.into_inner());
            }
        });
    }

    /// See [`std::thread::LocalKey::get`].
    #[track_caller]
    pub fn get(&'static self) -> T
    where
        T: Copy,
    {
        self.with(Cell::get)
    }

    /// See [`std::thread::LocalKey::take`].
    #[track_caller]
    pub fn take(&'static self) -> T
    where
        T: Default,
    {
        self.with(Cell::take)
    }

    /// See [`std::thread::LocalKey::replace`].
    #[track_caller]
    pub fn replace(&'static self, value: T) -> T {
        self.with(|cell| cell.replace(value))
    }
}

impl<T: 'static> LocalKey<RefCell<T>> {
    /// See [`std::thread::LocalKey::with_borrow`].
    #[track_caller]
    pub fn with_borrow<F, R>(&'static self, f: F) -> R
    where
        F: FnOnce(&T) -> R,
    {
        self.with(|cell| f(&cell.borrow()))
    }

    /// See [`std::thread::LocalKey::with_borrow_mut`].
    #[track_caller]
    pub fn with_borrow_mut<F, R>(&'static self, f: F) -> R
    where
        F: FnOnce(&mut T) -> R,
    {
        self.with(|cell| f(&mut cell.borrow_mut()))
    }

    /// See [`std::thread::LocalKey::set`].
    #[track_caller]
    pub fn set(&'static self, value: T) {
        if Execution::current().is_none() {
            return self.plain.set(value);
        }
        self.initialize_with(RefCell::new(value), |value, cell| {
            if let Some(value) = value {
                *cell.borrow_mut() = value.into_inner();
            }
        });
    }

    /// See [`std::thread::LocalKey::take`].
    #[track_caller]
    pub fn take(&'static self) -> T
    where
        T: Default,
    {
        self.with(RefCell::take)
    }

    /// See [`std::thread::LocalKey::replace`].
    #[track_caller]
    pub fn replace(&'static self, value: T) -> T {
        self.with(|cell| cell.replace(value))
    }
}

impl<T: 'static> fmt::Debug for LocalKey<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalKey").finish_non_exhaustive()
    }
}

/// A thread-local value was destroyed already: see [`std::thread::AccessError`].
#[non_exhaustive]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AccessError;

impl fmt::Debug for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessError").finish()
    }
}

impl fmt::Display for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt("already destroyed", f)
    }
}

impl std::error::Error for AccessError {}
