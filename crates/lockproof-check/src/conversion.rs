//! From the facade's facts to records: the one place that knows both.

mod failure;
mod run;
mod trace;

use std::fmt::Display;

use lockproof::engine::Condition;
use lockproof_record::RecordedCondition;
use serde::de::value::Error;
use serde::de::{DeserializeOwned, IntoDeserializer};

pub(crate) use failure::{failure, failure_in};
pub(crate) use run::{ending, run, search};
pub(crate) use trace::{location, mode};

/// The record's name for something that the facade calls the same.
///
/// # Panics
///
/// If the record has no such name: a test holds the two to each other.
pub(crate) fn named<R: DeserializeOwned>(thing: impl Display) -> R {
    let text = thing.to_string();
    let named = R::deserialize(text.as_str().into_deserializer());
    named.unwrap_or_else(|error: Error| panic!("the record has no name for `{text}`: {error}"))
}

/// The record's name for a condition, which goes by its adjective.
pub(crate) fn condition(condition: Condition) -> RecordedCondition {
    named(condition.adjective())
}

#[cfg(test)]
mod tests;
