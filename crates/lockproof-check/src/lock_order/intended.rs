//! The order in which a project means its locks to be acquired, and what breaks it.

use lockproof::engine::Defect;
use lockproof::trace::Object;

use super::execution::{Acquisition, ExecutionSummary, HeldSince};

/// Names of locks, the first to be acquired first.
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
    pub(super) fn inversion(
        &self,
        threads: &[String],
        objects: &[Object],
        summary: &ExecutionSummary,
    ) -> Option<Defect> {
        // By name alone: several locks of one name have one place, and may be acquired in any order.
        let place = |object: usize| {
            let name = objects[object].name?;
            self.names.iter().position(|known| known == name)
        };
        let acquisitions = summary.acquisitions.iter();
        let mut pairs = acquisitions.flat_map(|one| one.held.iter().map(move |held| (one, held)));
        let (Acquisition { thread, object, at, .. }, HeldSince { object: held, since, .. }) = pairs
            .find(|(one, held)| {
                let places = place(held.object).zip(place(one.object));
                places.is_some_and(|(held, wanted)| wanted < held)
            })?;
        let message = format!(
            "{} takes {} at {at} while it holds {} since {since}; the order is {}",
            threads[*thread],
            objects[*object],
            objects[*held],
            self.names.join(", ")
        );
        Some(Defect::LockOrderInversion { message, location: at.clone() })
    }
}
