//! Small twins and their subjects, from one source for both checkers: whoever loads this module
//! says in `super::sync` whose primitives it is made of.

use super::sync::atomic::{AtomicU64, Ordering};
use super::sync::{Mutex, MutexGuard};
use crate::calls::{Cell, Counter, Login, Pair, Setting};

/// A counter behind a lock.
#[derive(Debug)]
pub(crate) struct LockedCounter(Mutex<u64>);

impl Default for LockedCounter {
    fn default() -> Self {
        Self(Mutex::new(0))
    }
}

impl Counter for LockedCounter {
    fn increment(&self) {
        *held(&self.0) += 1;
    }

    fn get(&self) -> u64 {
        *held(&self.0)
    }
}

/// It loads and stores in two steps.
#[derive(Debug)]
pub(crate) struct UnlockedCounter(AtomicU64);

impl Default for UnlockedCounter {
    fn default() -> Self {
        Self(AtomicU64::new(0))
    }
}

impl Counter for UnlockedCounter {
    fn increment(&self) {
        // ORDERING: SeqCst pairs with itself: the gap between the two is the mistake.
        let seen = self.0.load(Ordering::SeqCst);
        self.0.store(seen + 1, Ordering::SeqCst);
    }

    fn get(&self) -> u64 {
        // ORDERING: SeqCst, as above.
        self.0.load(Ordering::SeqCst)
    }
}

/// It changes name and login in two acquisitions.
#[derive(Debug)]
pub(crate) struct TornProfile(Mutex<(u8, u8)>);

impl Default for TornProfile {
    fn default() -> Self {
        Self(Mutex::new((0, 0)))
    }
}

impl Login for TornProfile {
    fn record(&self, login: u8) {
        held(&self.0).0 = login;
        held(&self.0).1 = login;
    }

    fn snapshot(&self) -> (u8, u8) {
        *held(&self.0)
    }
}

/// It compares in one acquisition and writes in another.
#[derive(Debug)]
pub(crate) struct ReadThenWrite(Mutex<u8>);

impl Default for ReadThenWrite {
    fn default() -> Self {
        Self(Mutex::new(0))
    }
}

impl Setting for ReadThenWrite {
    fn raise(&self, to: u8) -> bool {
        let is_news = *held(&self.0) < to;
        if is_news {
            *held(&self.0) = to;
        }
        is_news
    }

    fn get(&self) -> u8 {
        *held(&self.0)
    }
}

/// It looks for a value in one acquisition and inserts it in another.
#[derive(Debug)]
pub(crate) struct CheckThenInsert(Mutex<Option<u8>>);

impl Default for CheckThenInsert {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl Cell for CheckThenInsert {
    fn get_or_insert(&self, value: u8) -> u8 {
        if let Some(found) = *held(&self.0) {
            return found;
        }
        *held(&self.0) = Some(value);
        value
    }

    fn remove(&self) -> Option<u8> {
        held(&self.0).take()
    }
}

/// Its snapshot holds one lock at a time.
#[derive(Debug)]
pub(crate) struct TornSnapshot([Mutex<u8>; 2]);

impl Default for TornSnapshot {
    fn default() -> Self {
        Self([Mutex::new(0), Mutex::new(0)])
    }
}

impl Pair for TornSnapshot {
    fn write_left(&self, value: u8) {
        *held(&self.0[0]) = value;
    }

    fn write_right(&self, value: u8) {
        *held(&self.0[1]) = value;
    }

    fn snapshot(&self) -> (u8, u8) {
        let left = *held(&self.0[0]);
        let right = *held(&self.0[1]);
        (left, right)
    }
}

/// Nothing here panics under a lock.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().expect("no lock is poisoned")
}
