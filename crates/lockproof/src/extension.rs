//! What lockproof adds to std's surface: names for reports, acquisition with a time-out, and
//! choices.
//!
//! What concerns a type is a trait, so that it reads the same on std's types (with no feature) and
//! on the modelled ones, and so that nothing here is mistaken for std's API.

pub use crate::face::extension::{Named, TryLockFor, TryRwLockFor};

/// Chooses one of `0..options`: what a model leaves open, such as the input of an operation or
/// whether a call to the outside fails.
///
/// Inside a model an engine that can choose explores every option; loom cannot, takes the first,
/// and its verdict says so ([`BlindSpot::Choice`](crate::engine::BlindSpot::Choice)). Outside of
/// models, and on real threads, the options come up in a pseudo-random order that is the same in
/// every process.
///
/// ```
/// use lockproof::extension::choose;
/// assert!(choose(3) < 3);
/// ```
///
/// # Panics
///
/// If there is no option.
#[track_caller]
pub fn choose(options: usize) -> usize {
    assert!(options > 0, "a choice needs an option");
    crate::face::current::choose(options)
}
