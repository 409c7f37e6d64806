//! The macro that writes a specification from a list of calls.

use std::fmt::{self, Debug};
use std::ops::{Range, RangeInclusive};

use proptest::sample::select;
use proptest::strategy::{BoxedStrategy, Strategy, Union};

/// Writes a specification from a list of calls: an enum of the calls, an enum of what they return,
/// how they are made on the concurrent type and on its sequential counterpart, and how proptest
/// generates them.
///
/// ```
/// use lockproof::sync::Mutex;
/// use lockproof_check::{Contract, specification};
///
/// /// The concurrent type, or what all of that contract have in common.
/// pub trait Stock: Send + Sync + 'static {
///     fn put(&self, items: u32);
///     fn take(&self) -> bool;
/// }
///
/// # #[derive(Default)]
/// pub struct LockedStock(Mutex<u32>);
///
/// impl Stock for LockedStock {
///     // ..
/// #    fn put(&self, items: u32) {
/// #        *self.0.lock().unwrap() += items;
/// #    }
/// #    fn take(&self) -> bool {
/// #        let mut items = self.0.lock().unwrap();
/// #        let is_left = *items > 0;
/// #        *items -= u32::from(is_left);
/// #        is_left
/// #    }
/// }
///
/// /// The sequential counterpart.
/// #[derive(Clone, Default, PartialEq, Eq, Hash)]
/// pub struct SequentialStock {
///     items: u32,
/// }
///
/// impl SequentialStock {
///     fn put(&mut self, items: u32) {
///         self.items += items;
///     }
///
///     fn take(&mut self) -> bool {
///         let is_left = self.items > 0;
///         self.items -= u32::from(is_left);
///         is_left
///     }
/// }
///
/// specification! {
///     /// What every stock promises: to do as the sequential one.
///     pub struct StockSpecification(SequentialStock) for impl Stock;
///     /// A call to a stock.
///     pub enum StockCall -> StockReturn;
///
///     fn put(items: u32 = 1..=2);
///     fn take() -> bool;
/// }
///
/// let empty = StockSpecification(SequentialStock::default());
/// Contract::new("LockedStock", LockedStock::default, empty).scenarios(20).passes();
/// assert_eq!(format!("{:?}", StockCall::put(2)), "put(2)");
/// ```
///
/// # The first two lines
///
/// The struct wraps the sequential state, which is `Clone + Eq + Hash`. Behind `for` stands a
/// concurrent type, or `impl` and the trait that all of them have. The enums get a variant for each
/// call, of the call's name, so that a scenario written by hand reads as the calls do.
///
/// # A call
///
/// `fn name(argument: Type = values, ..) -> Return` is the method of that name on both sides. The
/// values are a range, an array of which one is chosen, or a boxed strategy; without `= values`
/// they are what proptest's `Arbitrary` gives. Arguments are passed by value. Where the method is
/// called in another way, the call is followed by `=` and a closure that takes the concurrent type,
/// and the counterpart as well:
///
/// ```text
/// fn get(key: u8 = 0..2) -> Option<u64> = |map| map.get(&key);
/// ```
///
/// Where the two differ, `, sequentially` and a closure is how the counterpart does it. A call that
/// waits until others have changed the state says in which states of the counterpart it does:
///
/// ```text
/// fn pop() -> Option<u8> = |queue| queue.pop(),
///     sequentially |queue| queue.try_pop().ok(),
///     waits while |queue| queue.is_empty() && !queue.is_closed();
/// ```
#[macro_export]
macro_rules! specification {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident($state:ty) for impl $contract:path;
        $($rest:tt)*
    ) => {
        $crate::specification! {
            @written [$(#[$attribute])*] [$visibility] [$name] [$state] [C: $contract] [C] $($rest)*
        }
    };
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident($state:ty) for $concurrent:ty;
        $($rest:tt)*
    ) => {
        $crate::specification! {
            @written [$(#[$attribute])*] [$visibility] [$name] [$state] [] [$concurrent] $($rest)*
        }
    };
    (
        @written [$($attributes:tt)*] [$visibility:vis] [$name:ident] [$state:ty]
        [$($parameter:tt)*] [$($concurrent:tt)*]
        $(#[$call_attribute:meta])*
        $call_visibility:vis enum $call:ident -> $returned:ident;
        $(
            $(#[$method_attribute:meta])*
            fn $method:ident($($argument:ident: $type:ty $(= $values:expr)?),* $(,)?)
                $(-> $return:ty)? $(= $body:expr)? $(, sequentially $alone:expr)?
                $(, waits while $waits:expr)?;
        )*
    ) => {
        $($attributes)*
        #[derive(Clone, PartialEq, Eq, Hash)]
        $visibility struct $name(
            /// The state of the sequential counterpart.
            pub $state,
        );

        $(#[$call_attribute])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[expect(non_camel_case_types, reason = "a variant is called as the method it stands for")]
        $call_visibility enum $call {
            $(
                #[doc = concat!("A call of `", stringify!($method), "`.")]
                $(#[$method_attribute])*
                $method($($type),*),
            )*
        }

        /// The result of a call.
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[expect(non_camel_case_types, reason = "a variant is called as the method it stands for")]
        $call_visibility enum $returned {
            $(
                #[doc = concat!("What `", stringify!($method), "` returned.")]
                $method($crate::specification!(@return $($return)?)),
            )*
        }

        impl ::core::fmt::Debug for $call {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self {
                    $(Self::$method($($argument),*) => {
                        $crate::declared::write_call(f, stringify!($method), &[$($argument),*])
                    })*
                }
            }
        }

        impl ::core::fmt::Debug for $returned {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self {
                    $(Self::$method(value) => ::core::fmt::Debug::fmt(value, f),)*
                }
            }
        }

        impl $crate::Specification for $name {
            type Operation = $call;
            type Return = $returned;

            fn apply(&mut self, operation: &$call) -> $returned {
                match ::core::clone::Clone::clone(operation) {
                    $($call::$method($($argument),*) => $returned::$method(
                        $crate::declared::alone(&mut self.0, $crate::specification!(
                            @alone [$($alone)?] [$($body)?] $method($($argument),*)
                        ))
                    ),)*
                }
            }

            fn waits(&self, operation: &$call) -> bool {
                match ::core::clone::Clone::clone(operation) {
                    $($call::$method($($argument),*) => {
                        let _ = ($(&$argument,)*);
                        $crate::specification!(@waits self [$($waits)?])
                    })*
                }
            }
        }

        impl<$($parameter)*> $crate::Specifies<$($concurrent)*> for $name {
            fn call(concurrent: &$($concurrent)*, operation: &$call) -> $returned {
                match ::core::clone::Clone::clone(operation) {
                    $($call::$method($($argument),*) => $returned::$method(
                        $crate::declared::call(concurrent, $crate::specification!(
                            @body [$($body)?] $method($($argument),*)
                        ))
                    ),)*
                }
            }
        }

        impl $crate::proptest::arbitrary::Arbitrary for $call {
            type Parameters = ();
            type Strategy = $crate::proptest::strategy::BoxedStrategy<Self>;

            fn arbitrary_with((): ()) -> Self::Strategy {
                use $crate::proptest::strategy::{Just, Strategy};
                $crate::declared::one_of([
                    $((Just(()), $($crate::specification!(@values $type $(= $values)?),)*)
                        .prop_map(|((), $($argument,)*)| Self::$method($($argument),*))
                        .boxed(),)*
                ])
            }
        }
    };
    (@return) => { () };
    (@return $return:ty) => { $return };
    (@body [$body:expr] $method:ident($($argument:ident),*)) => { $body };
    (@body [] $method:ident($($argument:ident),*)) => { |called| called.$method($($argument),*) };
    (@alone [$alone:expr] [$($body:expr)?] $method:ident($($argument:ident),*)) => { $alone };
    (@alone [] [$($body:expr)?] $method:ident($($argument:ident),*)) => {
        $crate::specification!(@body [$($body)?] $method($($argument),*))
    };
    (@waits $specification:ident []) => { false };
    (@waits $specification:ident [$waits:expr]) => {
        $crate::declared::call(&$specification.0, $waits)
    };
    (@values $type:ty) => { $crate::proptest::arbitrary::any::<$type>() };
    (@values $type:ty = $values:expr) => { $crate::declared::Values::<$type>::values($values) };
}

/// Values that an argument of a call can have.
pub trait Values<T> {
    /// As a strategy of proptest.
    fn values(self) -> BoxedStrategy<T>;
}

impl<T: Debug> Values<T> for Range<T>
where
    Range<T>: Strategy<Value = T> + 'static,
{
    fn values(self) -> BoxedStrategy<T> {
        self.boxed()
    }
}

impl<T: Debug> Values<T> for RangeInclusive<T>
where
    RangeInclusive<T>: Strategy<Value = T> + 'static,
{
    fn values(self) -> BoxedStrategy<T> {
        self.boxed()
    }
}

impl<T: Clone + Debug + 'static, const N: usize> Values<T> for [T; N] {
    fn values(self) -> BoxedStrategy<T> {
        select(Vec::from(self)).boxed()
    }
}

impl<T> Values<T> for BoxedStrategy<T> {
    fn values(self) -> BoxedStrategy<T> {
        self
    }
}

/// Makes a call on the concurrent type, or asks a state; gives the closure's argument its type.
pub fn call<C, R>(concurrent: &C, call: impl FnOnce(&C) -> R) -> R {
    call(concurrent)
}

/// Makes a call on the sequential counterpart.
pub fn alone<S, R>(state: &mut S, call: impl FnOnce(&mut S) -> R) -> R {
    call(state)
}

/// One of the calls, each as likely as the others; the first is the simplest.
pub fn one_of<T: Debug + 'static, const N: usize>(
    calls: [BoxedStrategy<T>; N],
) -> BoxedStrategy<T> {
    Union::new(calls).boxed()
}

/// The call as it is written: its name and its arguments.
///
/// # Errors
///
/// If the formatter fails.
pub fn write_call(f: &mut fmt::Formatter<'_>, name: &str, arguments: &[&dyn Debug]) -> fmt::Result {
    write!(f, "{name}(")?;
    for (index, argument) in arguments.iter().enumerate() {
        write!(f, "{}{argument:?}", if index == 0 { "" } else { ", " })?;
    }
    f.write_str(")")
}
