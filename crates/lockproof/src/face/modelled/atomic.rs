//! The atomics: std's outside a model; inside one the value is the engine's, which starts each
//! execution from std's value, so that a static starts afresh.

use std::fmt;
use std::panic::Location;

pub use std::sync::atomic::{Ordering, compiler_fence};

use crate::execution::Execution;
use crate::execution::backend::Fetch;
use crate::execution::slot::Slot;
use crate::primitives::atomic::{AtomicAccess, latest, register};
use crate::primitives::bits::Bits;

/// An atomic fence: see [`std::sync::atomic::fence`].
#[track_caller]
pub fn fence(order: Ordering) {
    match Execution::current() {
        None => std::sync::atomic::fence(order),
        Some(execution) => {
            crate::primitives::atomic::fence(&execution, order, Location::caller());
        }
    }
}

/// The operations that every atomic has.
macro_rules! atomic {
    ($name:ident$(<$generic:ident>)?, $value:ty, $std:ty) => {
        #[doc = concat!("See [`std::sync::atomic::", stringify!($name), "`]: the same, controlled ")]
        #[doc = "by the engine inside a model."]
        pub struct $name$(<$generic>)? {
            pub(super) slot: Slot,
            data: $std,
        }

        impl$(<$generic>)? $name$(<$generic>)? {
            /// Wraps a value.
            #[track_caller]
            pub const fn new(value: $value) -> Self {
                Self { slot: Slot::new(), data: <$std>::new(value) }
            }

            /// Takes the value out.
            pub fn into_inner(mut self) -> $value {
                *self.get_mut()
            }

            /// The value, by the proof of an exclusive borrow.
            pub fn get_mut(&mut self) -> &mut $value {
                if let Some(latest) = self.latest() {
                    *self.data.get_mut() = latest;
                    self.slot.reset();
                }
                self.data.get_mut()
            }

            /// The address of the value.
            ///
            /// # Panics
            ///
            /// Inside a model: an access through a pointer cannot be seen by an engine.
            pub fn as_ptr(&self) -> *mut $value {
                assert!(
                    Execution::current().is_none(),
                    "the address of an atomic cannot be used inside a model: use its operations"
                );
                self.data.as_ptr()
            }

            /// Loads the value.
            #[track_caller]
            pub fn load(&self, order: Ordering) -> $value {
                match self.access() {
                    None => self.data.load(order),
                    Some(access) => access.load(order),
                }
            }

            /// Stores a value.
            #[track_caller]
            pub fn store(&self, value: $value, order: Ordering) {
                match self.access() {
                    None => self.data.store(value, order),
                    Some(access) => access.store(value, order),
                }
            }

            /// Stores a value and returns the previous one.
            #[track_caller]
            pub fn swap(&self, value: $value, order: Ordering) -> $value {
                match self.access() {
                    None => self.data.swap(value, order),
                    Some(access) => access.swap(value, order),
                }
            }

            /// Stores `new` if the value is `current`; returns the previous value either way.
            ///
            /// # Errors
            ///
            /// The value found, if it is not `current`.
            #[track_caller]
            pub fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                match self.access() {
                    None => self.data.compare_exchange(current, new, success, failure),
                    Some(access) => {
                        access.compare_exchange((current, new), (success, failure), false)
                    }
                }
            }

            /// The same, but it may fail although the value is `current`.
            ///
            /// # Errors
            ///
            /// The value found, if it is not `current` or the exchange failed spuriously.
            #[track_caller]
            pub fn compare_exchange_weak(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                match self.access() {
                    None => self.data.compare_exchange_weak(current, new, success, failure),
                    Some(access) => {
                        access.compare_exchange((current, new), (success, failure), true)
                    }
                }
            }

            /// Stores what `update` makes of the value, if it makes something of it.
            ///
            /// # Errors
            ///
            /// The value found, if `update` makes nothing of it.
            #[track_caller]
            pub fn fetch_update(
                &self,
                set_order: Ordering,
                fetch_order: Ordering,
                mut update: impl FnMut($value) -> Option<$value>,
            ) -> Result<$value, $value> {
                let mut seen = self.load(fetch_order);
                while let Some(next) = update(seen) {
                    match self.compare_exchange_weak(seen, next, set_order, fetch_order) {
                        Ok(before) => return Ok(before),
                        Err(found) => seen = found,
                    }
                }
                Err(seen)
            }

            /// The same under its newer name.
            ///
            /// # Errors
            ///
            /// The value found, if `update` makes nothing of it.
            #[track_caller]
            pub fn try_update(
                &self,
                set_order: Ordering,
                fetch_order: Ordering,
                update: impl FnMut($value) -> Option<$value>,
            ) -> Result<$value, $value> {
                self.fetch_update(set_order, fetch_order, update)
            }

            /// Stores what `update` makes of the value; returns the previous one.
            #[track_caller]
            pub fn update(
                &self,
                set_order: Ordering,
                fetch_order: Ordering,
                mut update: impl FnMut($value) -> $value,
            ) -> $value {
                let updated = self.fetch_update(set_order, fetch_order, |seen| Some(update(seen)));
                updated.unwrap_or_else(|seen| seen)
            }

            /// Makes the engine's side now, if a model runs.
            pub(super) fn register(&self) {
                register(&self.slot, || self.outside());
            }

            #[inline]
            #[track_caller]
            fn access(&self) -> Option<AtomicAccess> {
                AtomicAccess::new(&self.slot, || self.outside(), Location::caller())
            }

            /// The value inside a model, without an event.
            fn latest(&self) -> Option<$value> {
                latest(&self.slot, || self.outside())
            }

            /// The value outside of models.
            fn outside(&self) -> $value {
                // ORDERING: Relaxed: nothing but the value is wanted of std's atomic, which no
                // thread of the model writes.
                self.data.load(Ordering::Relaxed)
            }
        }

        impl$(<$generic>)? fmt::Debug for $name$(<$generic>)? {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                // ORDERING: Relaxed: as std's own `Debug`.
                let value = self.latest().unwrap_or_else(|| self.data.load(Ordering::Relaxed));
                fmt::Debug::fmt(&value, f)
            }
        }

        impl$(<$generic>)? From<$value> for $name$(<$generic>)? {
            #[track_caller]
            fn from(value: $value) -> Self {
                Self::new(value)
            }
        }
    };
}

/// Read-modify-writes with an operand.
macro_rules! fetch {
    ($name:ident, $value:ty, $($method:ident $fetch:ident $doc:literal),* $(,)?) => {
        impl $name {
            $(
                #[doc = $doc]
                #[track_caller]
                pub fn $method(&self, operand: $value, order: Ordering) -> $value {
                    match self.access() {
                        None => self.data.$method(operand, order),
                        Some(access) => access.fetch(Fetch::$fetch, operand.to_bits(), order),
                    }
                }
            )*
        }
    };
}

macro_rules! integers {
    ($($name:ident $value:ident),* $(,)?) => {$(
        atomic!($name, $value, std::sync::atomic::$name);

        impl Default for $name {
            #[track_caller]
            fn default() -> Self {
                Self::new($value::default())
            }
        }

        fetch!(
            $name, $value,
            fetch_add Add "Adds, wrapping around; returns the previous value.",
            fetch_sub Sub "Subtracts, wrapping around; returns the previous value.",
            fetch_and And "Bitwise and; returns the previous value.",
            fetch_nand Nand "Bitwise nand; returns the previous value.",
            fetch_or Or "Bitwise or; returns the previous value.",
            fetch_xor Xor "Bitwise exclusive or; returns the previous value.",
            fetch_max Max "Keeps the greater; returns the previous value.",
            fetch_min Min "Keeps the lesser; returns the previous value.",
        );
    )*};
}

integers! {
    AtomicI8 i8, AtomicI16 i16, AtomicI32 i32, AtomicI64 i64, AtomicIsize isize,
    AtomicU8 u8, AtomicU16 u16, AtomicU32 u32, AtomicU64 u64, AtomicUsize usize,
}

atomic!(AtomicBool, bool, std::sync::atomic::AtomicBool);

fetch!(
    AtomicBool, bool,
    fetch_and And "Logical and; returns the previous value.",
    fetch_or Or "Logical or; returns the previous value.",
    fetch_xor Xor "Logical exclusive or; returns the previous value.",
);

impl AtomicBool {
    /// Logical nand; returns the previous value.
    #[track_caller]
    pub fn fetch_nand(&self, operand: bool, order: Ordering) -> bool {
        // !(x & true) is !x, and !(x & false) is true.
        if operand { self.fetch_xor(true, order) } else { self.swap(true, order) }
    }

    /// Logical negation; returns the previous value.
    #[track_caller]
    pub fn fetch_not(&self, order: Ordering) -> bool {
        self.fetch_xor(true, order)
    }
}

impl Default for AtomicBool {
    #[track_caller]
    fn default() -> Self {
        Self::new(false)
    }
}

atomic!(AtomicPtr<T>, *mut T, std::sync::atomic::AtomicPtr<T>);

impl<T> AtomicPtr<T> {
    /// Moves the pointer forward by elements; returns the previous one.
    #[track_caller]
    pub fn fetch_ptr_add(&self, elements: usize, order: Ordering) -> *mut T {
        self.fetch_byte_add(elements.wrapping_mul(size_of::<T>()), order)
    }

    /// Moves the pointer back by elements; returns the previous one.
    #[track_caller]
    pub fn fetch_ptr_sub(&self, elements: usize, order: Ordering) -> *mut T {
        self.fetch_byte_sub(elements.wrapping_mul(size_of::<T>()), order)
    }
}

macro_rules! fetch_bytes {
    ($($method:ident $fetch:ident $doc:literal),* $(,)?) => {
        impl<T> AtomicPtr<T> {
            $(
                #[doc = $doc]
                #[track_caller]
                pub fn $method(&self, operand: usize, order: Ordering) -> *mut T {
                    match self.access() {
                        None => self.data.$method(operand, order),
                        Some(access) => access.fetch(Fetch::$fetch, operand as u64, order),
                    }
                }
            )*
        }
    };
}

fetch_bytes! {
    fetch_byte_add Add "Moves the pointer forward by bytes; returns the previous one.",
    fetch_byte_sub Sub "Moves the pointer back by bytes; returns the previous one.",
    fetch_and And "Bitwise and of the address; returns the previous pointer.",
    fetch_or Or "Bitwise or of the address; returns the previous pointer.",
    fetch_xor Xor "Bitwise exclusive or of the address; returns the previous pointer.",
}

impl<T> Default for AtomicPtr<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(std::ptr::null_mut())
    }
}

impl<T> fmt::Pointer for AtomicPtr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // ORDERING: Relaxed: as std's own `Pointer`.
        let pointer = self.latest().unwrap_or_else(|| self.data.load(Ordering::Relaxed));
        fmt::Pointer::fmt(&pointer, f)
    }
}
