//! Numbers for things, in the order in which they are met.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Deref;

/// Each thing once, by its number.
#[derive(Debug)]
pub(crate) struct Numbering<T> {
    things: Vec<T>,
    numbers: HashMap<T, usize>,
}

impl<T> Default for Numbering<T> {
    fn default() -> Self {
        Self { things: Vec::new(), numbers: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Numbering<T> {
    /// The number of a thing, from 0.
    pub(crate) fn number(&mut self, thing: &T) -> usize {
        if let Some(number) = self.numbers.get(thing) {
            return *number;
        }
        self.things.push(thing.clone());
        self.numbers.insert(thing.clone(), self.things.len() - 1);
        self.things.len() - 1
    }

    /// Whether the thing has a number.
    pub(crate) fn has(&self, thing: &T) -> bool {
        self.numbers.contains_key(thing)
    }

    pub(crate) fn into_things(self) -> Vec<T> {
        self.things
    }
}

/// The things, in the order of their numbers.
impl<T> Deref for Numbering<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.things
    }
}
