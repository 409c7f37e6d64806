//! The names of threads and objects: plain numbers, which `runtime::naming` gives out.

/// A model thread. `main`, the model's own, is [`ThreadId::MAIN`].
///
/// The number is the same in every execution of one exploration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// No object.
    pub(crate) const NONE: Self = Self(u32::MAX);

    /// The last two bits tell explicitly created objects (0), those created at their first use (1),
    /// and park tokens (2).
    pub(crate) fn named(name: u32, at_first_use: bool) -> Self {
        Self(4 * name + u32::from(at_first_use))
    }

    pub(crate) fn token_of(thread: ThreadId) -> Self {
        Self(4 * u32::from(thread.0) + 2)
    }

    /// Whether it was created at its first use: then its name depends on the schedule.
    pub(crate) fn is_named_at_first_use(self) -> bool {
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
