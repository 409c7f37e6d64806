//! What threads and objects are called: plain numbers, given out by `naming`.

/// A model thread. `main`, the model's own, is [`ThreadId::MAIN`].
///
/// The number is the same in every execution of one exploration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThreadId(pub(crate) u16);

impl ThreadId {
    /// The thread that runs the model's closure.
    pub const MAIN: Self = Self(0);

    /// A small number, from 0, dense over the threads of an exploration.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// An object that operations are about: a lock, a condition variable, an atomic, a cell, or a
/// thread's park token.
///
/// The number is the same in every execution of one exploration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub(crate) u32);

impl Default for ObjectId {
    fn default() -> Self {
        Self::NONE
    }
}

impl ObjectId {
    /// Stands for "no object".
    pub(crate) const NONE: Self = Self(u32::MAX);

    /// The last two bits tell objects made on purpose (0), those that came to light at their first
    /// use (1), and park tokens (2).
    pub(crate) fn named(name: u32, by_chance: bool) -> Self {
        Self(4 * name + u32::from(by_chance))
    }

    pub(crate) fn token_of(thread: ThreadId) -> Self {
        Self(4 * u32::from(thread.0) + 2)
    }

    /// Whether it came to light at its first use.
    pub(crate) fn is_named_by_chance(self) -> bool {
        self.is_some() && self.0 % 4 == 1
    }

    /// The index of a name in the tables of names.
    pub(crate) fn slot(self) -> usize {
        (self.0 / 4) as usize
    }

    /// A small number, dense enough to index tables with.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    pub(crate) fn is_some(self) -> bool {
        self != Self::NONE
    }
}
