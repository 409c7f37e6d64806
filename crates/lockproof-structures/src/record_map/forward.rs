//! A macro that forwards operations to the correct map inside a broken one, so that a twin shows
//! only its mistake.

/// Implements the named operations of [`RecordMap<K, V>`](super::RecordMap) by those of `self.0`.
macro_rules! forward {
    ($($operation:ident)*) => {
        $($crate::record_map::forward::forward!(@ $operation);)*
    };
    (@ insert) => {
        fn insert(&self, key: K, value: V) -> Option<V> {
            self.0.insert(key, value)
        }
    };
    (@ get) => {
        fn get(&self, key: &K) -> Option<V>
        where
            V: Clone,
        {
            self.0.get(key)
        }
    };
    (@ contains) => {
        fn contains(&self, key: &K) -> bool {
            self.0.contains(key)
        }
    };
    (@ update) => {
        fn update<R>(&self, key: &K, change: impl FnOnce(&mut V) -> R) -> Option<R> {
            self.0.update(key, change)
        }
    };
    (@ get_or_insert_with) => {
        fn get_or_insert_with(&self, key: K, make: impl FnOnce() -> V) -> V
        where
            V: Clone,
        {
            self.0.get_or_insert_with(key, make)
        }
    };
    (@ compare_and_update) => {
        fn compare_and_update(
            &self,
            key: &K,
            expected: &V,
            new: V,
        ) -> Result<(), $crate::CompareError<V>>
        where
            V: PartialEq + Clone,
        {
            self.0.compare_and_update(key, expected, new)
        }
    };
    (@ remove) => {
        fn remove(&self, key: &K) -> Option<V> {
            self.0.remove(key)
        }
    };
    (@ len) => {
        fn len(&self) -> usize {
            self.0.len()
        }
    };
    (@ snapshot) => {
        fn snapshot(&self) -> lockproof::collections::HashMap<K, V>
        where
            K: Clone,
            V: Clone,
        {
            self.0.snapshot()
        }
    };
    (@ transfer) => {
        fn transfer(&self, from: &K, to: &K, amount: V) -> Result<(), $crate::TransferError>
        where
            V: $crate::Quantity,
        {
            self.0.transfer(from, to, amount)
        }
    };
}

pub(super) use forward;
