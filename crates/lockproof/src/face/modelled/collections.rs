//! std's hash maps with a hasher that is fixed inside a model.

use std::borrow::Borrow;
use std::collections::{hash_map, hash_set};
use std::fmt;
use std::hash::{BuildHasher, DefaultHasher, Hash};
use std::ops::{Deref, DerefMut, Index};

use crate::execution::Execution;

/// See [`std::hash::RandomState`]; inside a model the keys are fixed, so that every execution
/// hashes alike.
#[derive(Clone)]
pub struct RandomState(Keys);

#[derive(Clone)]
enum Keys {
    Random(std::hash::RandomState),
    Fixed,
}

impl RandomState {
    /// See [`std::hash::RandomState::new`].
    #[must_use]
    pub fn new() -> Self {
        Self(match Execution::current() {
            None => Keys::Random(std::hash::RandomState::new()),
            Some(_) => Keys::Fixed,
        })
    }
}

impl Default for RandomState {
    fn default() -> Self {
        Self::new()
    }
}

impl BuildHasher for RandomState {
    type Hasher = DefaultHasher;

    fn build_hasher(&self) -> DefaultHasher {
        match &self.0 {
            Keys::Random(state) => state.build_hasher(),
            Keys::Fixed => DefaultHasher::new(),
        }
    }
}

impl fmt::Debug for RandomState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RandomState").finish_non_exhaustive()
    }
}

/// See [`std::collections::HashMap`], which it dereferences to.
#[derive(Clone)]
pub struct HashMap<K, V, S = RandomState>(std::collections::HashMap<K, V, S>);

/// See [`std::collections::HashSet`], which it dereferences to.
#[derive(Clone)]
pub struct HashSet<T, S = RandomState>(std::collections::HashSet<T, S>);

/// What both collections have in common: construction, and the way to the std type they wrap.
macro_rules! collection {
    ($name:ident<$($parameter:ident),+>) => {
        impl<$($parameter),+> $name<$($parameter),+> {
            /// An empty collection.
            #[must_use]
            pub fn new() -> Self {
                Self::default()
            }

            /// An empty collection with room for `capacity` elements.
            #[must_use]
            pub fn with_capacity(capacity: usize) -> Self {
                Self::with_capacity_and_hasher(capacity, RandomState::new())
            }
        }

        impl<$($parameter,)+ S> $name<$($parameter,)+ S> {
            /// An empty collection that hashes with `hasher`.
            pub const fn with_hasher(hasher: S) -> Self {
                Self(std::collections::$name::with_hasher(hasher))
            }

            /// An empty collection with room for `capacity` elements that hashes with `hasher`.
            pub fn with_capacity_and_hasher(capacity: usize, hasher: S) -> Self {
                Self(std::collections::$name::with_capacity_and_hasher(capacity, hasher))
            }
        }

        impl<$($parameter,)+ S> Deref for $name<$($parameter,)+ S> {
            type Target = std::collections::$name<$($parameter,)+ S>;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl<$($parameter,)+ S> DerefMut for $name<$($parameter,)+ S> {
            fn deref_mut(&mut self) -> &mut Self::Target {
                &mut self.0
            }
        }

        impl<$($parameter,)+ S: Default> Default for $name<$($parameter,)+ S> {
            fn default() -> Self {
                Self(std::collections::$name::default())
            }
        }

        impl<$($parameter: fmt::Debug,)+ S> fmt::Debug for $name<$($parameter,)+ S> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

collection!(HashMap<K, V>);
collection!(HashSet<T>);

impl<K, V, S> HashMap<K, V, S> {
    /// See [`std::collections::HashMap::into_keys`].
    pub fn into_keys(self) -> hash_map::IntoKeys<K, V> {
        self.0.into_keys()
    }

    /// See [`std::collections::HashMap::into_values`].
    pub fn into_values(self) -> hash_map::IntoValues<K, V> {
        self.0.into_values()
    }
}

impl<K: Eq + Hash, V: PartialEq, S: BuildHasher> PartialEq for HashMap<K, V, S> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K: Eq + Hash, V: Eq, S: BuildHasher> Eq for HashMap<K, V, S> {}

impl<T: Eq + Hash, S: BuildHasher> PartialEq for HashSet<T, S> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T: Eq + Hash, S: BuildHasher> Eq for HashSet<T, S> {}

impl<K: Eq + Hash + Borrow<Q>, Q: Eq + Hash + ?Sized, V, S: BuildHasher> Index<&Q>
    for HashMap<K, V, S>
{
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        &self.0[key]
    }
}

impl<K: Eq + Hash, V, S: BuildHasher + Default> FromIterator<(K, V)> for HashMap<K, V, S> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

impl<T: Eq + Hash, S: BuildHasher + Default> FromIterator<T> for HashSet<T, S> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Self(elements.into_iter().collect())
    }
}

impl<K: Eq + Hash, V, const N: usize> From<[(K, V); N]> for HashMap<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<T: Eq + Hash, const N: usize> From<[T; N]> for HashSet<T> {
    fn from(elements: [T; N]) -> Self {
        elements.into_iter().collect()
    }
}

impl<K: Eq + Hash, V, S: BuildHasher> Extend<(K, V)> for HashMap<K, V, S> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        self.0.extend(entries);
    }
}

impl<'a, K: Eq + Hash + Copy, V: Copy, S: BuildHasher> Extend<(&'a K, &'a V)> for HashMap<K, V, S> {
    fn extend<I: IntoIterator<Item = (&'a K, &'a V)>>(&mut self, entries: I) {
        self.0.extend(entries);
    }
}

impl<T: Eq + Hash, S: BuildHasher> Extend<T> for HashSet<T, S> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, elements: I) {
        self.0.extend(elements);
    }
}

impl<'a, T: Eq + Hash + Copy, S: BuildHasher> Extend<&'a T> for HashSet<T, S> {
    fn extend<I: IntoIterator<Item = &'a T>>(&mut self, elements: I) {
        self.0.extend(elements);
    }
}

impl<K, V, S> IntoIterator for HashMap<K, V, S> {
    type Item = (K, V);
    type IntoIter = hash_map::IntoIter<K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, K, V, S> IntoIterator for &'a HashMap<K, V, S> {
    type Item = (&'a K, &'a V);
    type IntoIter = hash_map::Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'a, K, V, S> IntoIterator for &'a mut HashMap<K, V, S> {
    type Item = (&'a K, &'a mut V);
    type IntoIter = hash_map::IterMut<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter_mut()
    }
}

impl<T, S> IntoIterator for HashSet<T, S> {
    type Item = T;
    type IntoIter = hash_set::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T, S> IntoIterator for &'a HashSet<T, S> {
    type Item = &'a T;
    type IntoIter = hash_set::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
