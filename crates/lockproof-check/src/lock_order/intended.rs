//! The order in which a project means its locks to be taken, and what breaks it.

use lockproof::engine::Defect;
use lockproof::trace::Trace;

use super::course::{Course, Hold, Take};

/// Names of locks, the first to be taken first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IntendedOrder {
    names: Vec<String>,
}

impl IntendedOrder {
    /// # Panics
    ///
    /// If a name is there twice, or there are fewer than two.
    #[track_caller]
    pub(crate) fn new(names: Vec<String>) -> Self {
        assert!(
            names.len() > 1,
            "a lock order of {names:?} orders nothing: name two locks or more"
        );
        for (index, name) in names.iter().enumerate() {
            assert!(
                !names[..index].contains(name),
                "the lock order names `{name}` twice: give each name the one place it has"
            );
        }
        Self { names }
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The first lock of the execution that a thread waits for while it holds a later one.
    pub(super) fn inversion(&self, trace: &Trace, course: &Course<'_>) -> Option<Defect> {
        let takes = course.takes.iter();
        let mut pairs = takes.flat_map(|take| take.held.iter().map(move |hold| (take, hold)));
        let (take, hold) = pairs.find(|(take, hold)| {
            let own = self.place(trace, hold.object);
            own.zip(self.place(trace, take.object)).is_some_and(|(held, taken)| taken < held)
        })?;
        let message = self.message(trace, take, hold);
        Some(Defect::LockOrderInversion { message, location: take.at.clone() })
    }

    fn place(&self, trace: &Trace, object: usize) -> Option<usize> {
        let name = trace.objects[object].name?;
        self.names.iter().position(|known| known == name)
    }

    fn message(&self, trace: &Trace, take: &Take<'_>, hold: &Hold<'_>) -> String {
        let name = |object: usize| &trace.objects[object];
        format!(
            "{} takes {} at {} while it holds {} since {}; the order is {}",
            trace.threads[take.thread],
            name(take.object),
            take.at,
            name(hold.object),
            hold.since,
            self.names.join(", ")
        )
    }
}
