//! Clocks: std's outside a model, the execution's inside one.

use std::fmt;
use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::panic::Location;
use std::sync::OnceLock;
use std::time::{Duration, SystemTimeError};

use crate::execution::Execution;

/// The system time at which every execution begins, after the epoch: the first second of 2000.
const BEGINNING: Duration = Duration::from_hours(262_968);

/// A moment of a clock that never goes back: [`std::time::Instant`].
///
/// Inside a model all executions begin at the same instant, and time passes only while a thread
/// sleeps or waits until a time-out fires. A loop that waits for time to pass by spinning is a
/// livelock.
///
/// ```
/// use lockproof::time::{Duration, Instant};
///
/// let start = Instant::now();
/// lockproof::thread::sleep(Duration::from_millis(1));
/// assert!(start.elapsed() >= Duration::from_millis(1));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(std::time::Instant);

impl Instant {
    /// See [`std::time::Instant::now`].
    #[must_use]
    #[track_caller]
    pub fn now() -> Self {
        Self(match Execution::current() {
            None => std::time::Instant::now(),
            Some(execution) => {
                let now = execution.read_clock(Location::caller());
                beginning() + now
            }
        })
    }

    /// See [`std::time::Instant::duration_since`].
    #[must_use]
    pub fn duration_since(&self, earlier: Self) -> Duration {
        self.0.duration_since(earlier.0)
    }

    /// See [`std::time::Instant::checked_duration_since`].
    #[must_use]
    pub fn checked_duration_since(&self, earlier: Self) -> Option<Duration> {
        self.0.checked_duration_since(earlier.0)
    }

    /// See [`std::time::Instant::saturating_duration_since`].
    #[must_use]
    pub fn saturating_duration_since(&self, earlier: Self) -> Duration {
        self.0.saturating_duration_since(earlier.0)
    }

    /// See [`std::time::Instant::elapsed`].
    #[must_use]
    #[track_caller]
    pub fn elapsed(&self) -> Duration {
        Self::now() - *self
    }
}

/// The instant at which every execution begins.
fn beginning() -> std::time::Instant {
    static BEGINNING: OnceLock<std::time::Instant> = OnceLock::new();
    *BEGINNING.get_or_init(std::time::Instant::now)
}

#[cfg(feature = "parking_lot")]
impl Instant {
    /// The moment on the clock of an execution.
    pub(crate) fn in_execution(self) -> Duration {
        self.0.saturating_duration_since(beginning())
    }
}

#[cfg(feature = "parking_lot")]
impl From<Instant> for std::time::Instant {
    fn from(instant: Instant) -> Self {
        instant.0
    }
}

impl Sub<Instant> for Instant {
    type Output = Duration;

    fn sub(self, other: Instant) -> Duration {
        self.0 - other.0
    }
}

/// A moment of the system's clock: [`std::time::SystemTime`].
///
/// Inside a model every execution begins with the first second of the year 2000, and time passes
/// as it does for an [`Instant`].
///
/// ```
/// use lockproof::time::{SystemTime, UNIX_EPOCH};
///
/// assert!(SystemTime::now().duration_since(UNIX_EPOCH).is_ok());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SystemTime(std::time::SystemTime);

/// See [`std::time::UNIX_EPOCH`].
pub const UNIX_EPOCH: SystemTime = SystemTime(std::time::UNIX_EPOCH);

impl SystemTime {
    /// See [`std::time::SystemTime::UNIX_EPOCH`].
    pub const UNIX_EPOCH: Self = UNIX_EPOCH;

    /// See [`std::time::SystemTime::now`].
    #[must_use]
    #[track_caller]
    pub fn now() -> Self {
        match Execution::current() {
            None => Self(std::time::SystemTime::now()),
            Some(execution) => {
                let now = execution.read_clock(Location::caller());
                UNIX_EPOCH + BEGINNING + now
            }
        }
    }

    /// See [`std::time::SystemTime::duration_since`].
    ///
    /// # Errors
    ///
    /// If the moment is later, as std's.
    pub fn duration_since(&self, earlier: Self) -> Result<Duration, SystemTimeError> {
        self.0.duration_since(earlier.0)
    }

    /// See [`std::time::SystemTime::elapsed`].
    ///
    /// # Errors
    ///
    /// If the moment is later, as std's.
    #[track_caller]
    pub fn elapsed(&self) -> Result<Duration, SystemTimeError> {
        Self::now().duration_since(*self)
    }
}

/// A file's time, say: with no feature the types are the same.
impl From<std::time::SystemTime> for SystemTime {
    fn from(time: std::time::SystemTime) -> Self {
        Self(time)
    }
}

impl From<SystemTime> for std::time::SystemTime {
    fn from(time: SystemTime) -> Self {
        time.0
    }
}

/// The arithmetic that both clocks have.
macro_rules! arithmetic {
    ($($moment:ident),*) => {$(
        impl $moment {
            /// The moment after `duration`, if the clock can express it.
            pub fn checked_add(&self, duration: Duration) -> Option<Self> {
                self.0.checked_add(duration).map(Self)
            }

            /// The moment before `duration`, if the clock can express it.
            pub fn checked_sub(&self, duration: Duration) -> Option<Self> {
                self.0.checked_sub(duration).map(Self)
            }
        }

        impl Add<Duration> for $moment {
            type Output = Self;

            #[track_caller]
            fn add(self, duration: Duration) -> Self {
                Self(self.0 + duration)
            }
        }

        impl AddAssign<Duration> for $moment {
            #[track_caller]
            fn add_assign(&mut self, duration: Duration) {
                self.0 += duration;
            }
        }

        impl Sub<Duration> for $moment {
            type Output = Self;

            #[track_caller]
            fn sub(self, duration: Duration) -> Self {
                Self(self.0 - duration)
            }
        }

        impl SubAssign<Duration> for $moment {
            #[track_caller]
            fn sub_assign(&mut self, duration: Duration) {
                self.0 -= duration;
            }
        }

        impl fmt::Debug for $moment {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

arithmetic!(Instant, SystemTime);
