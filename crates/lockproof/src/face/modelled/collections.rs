//! std's hash maps with a hasher that is fixed inside a model.

use std::borrow::Borrow;
use std::collections::hash_map;
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

        impl<$($parameter,)+ S> PartialEq for $name<$($parameter,)+ S>
        where
            std::collections::$name<$($parameter,)+ S>: PartialEq,
        {
            fn eq(&self, other: &Self) -> bool {
                self.0 == other.0
            }
        }

        impl<$($parameter,)+ S> Eq for $name<$($parameter,)+ S> where
            std::collections::$name<$($parameter,)+ S>: Eq
        {
        }

        impl<$($parameter,)+ S, I> FromIterator<I> for $name<$($parameter,)+ S>
        where
            std::collections::$name<$($parameter,)+ S>: FromIterator<I>,
        {
            fn from_iter<All: IntoIterator<Item = I>>(items: All) -> Self {
                Self(items.into_iter().collect())
            }
        }

        impl<$($parameter,)+ I, const N: usize> From<[I; N]> for $name<$($parameter),+>
        where
            Self: FromIterator<I>,
        {
            fn from(items: [I; N]) -> Self {
                items.into_iter().collect()
            }
        }

        impl<$($parameter,)+ S, I> Extend<I> for $name<$($parameter,)+ S>
        where
            std::collections::$name<$($parameter,)+ S>: Extend<I>,
        {
            fn extend<All: IntoIterator<Item = I>>(&mut self, items: All) {
                self.0.extend(items);
            }
        }

        impl<$($parameter,)+ S> IntoIterator for $name<$($parameter,)+ S> {
            type Item = <std::collections::$name<$($parameter,)+ S> as IntoIterator>::Item;
            type IntoIter = <std::collections::$name<$($parameter,)+ S> as IntoIterator>::IntoIter;

            fn into_iter(self) -> Self::IntoIter {
                self.0.into_iter()
            }
        }

        impl<'a, $($parameter,)+ S> IntoIterator for &'a $name<$($parameter,)+ S> {
            type Item = <&'a std::collections::$name<$($parameter,)+ S> as IntoIterator>::Item;
            type IntoIter =
                <&'a std::collections::$name<$($parameter,)+ S> as IntoIterator>::IntoIter;

            fn into_iter(self) -> Self::IntoIter {
                self.0.iter()
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

impl<K: Eq + Hash + Borrow<Q>, Q: Eq + Hash + ?Sized, V, S: BuildHasher> Index<&Q>
    for HashMap<K, V, S>
{
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        &self.0[key]
    }
}

impl<'a, K, V, S> IntoIterator for &'a mut HashMap<K, V, S> {
    type Item = (&'a K, &'a mut V);
    type IntoIter = hash_map::IterMut<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter_mut()
    }
}
