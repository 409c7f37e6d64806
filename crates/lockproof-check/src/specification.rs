//! What a concurrent type promises: its sequential counterpart, and how a call is made on either.
//!
//! [`Specification`] is all that deciding about a history takes; [`Specifies`] is what running a
//! scenario takes on top. The macro [`specification!`](crate::specification!) writes both.

pub mod declaration;

use std::fmt::Debug;
use std::hash::Hash;

/// A sequential counterpart: what each operation does when nothing else happens.
///
/// The value is the state. `Eq` and `Hash` must tell apart any two states that a later operation
/// could tell apart, because orders of calls that lead to equal states are judged once.
///
/// ```
/// use lockproof_check::Specification;
///
/// #[derive(Clone, PartialEq, Eq, Hash)]
/// struct Stock {
///     items: u32,
/// }
///
/// #[derive(Clone, Debug, PartialEq, Eq, Hash)]
/// enum Operation {
///     Put(u32),
///     Take,
/// }
///
/// impl Specification for Stock {
///     type Operation = Operation;
///     type Return = Option<u32>;
///
///     fn apply(&mut self, operation: &Operation) -> Option<u32> {
///         match operation {
///             Operation::Put(items) => self.items += items,
///             Operation::Take => self.items = self.items.checked_sub(1)?,
///         }
///         Some(self.items)
///     }
/// }
///
/// let mut stock = Stock { items: 0 };
/// assert_eq!(stock.apply(&Operation::Take), None);
/// assert_eq!(stock.apply(&Operation::Put(2)), Some(2));
/// ```
pub trait Specification: Clone + Eq + Hash + Send + Sync + 'static {
    /// A call with its arguments.
    type Operation: Clone + Debug + Eq + Hash + Send + Sync + 'static;
    /// What a call returns.
    type Return: Clone + Debug + Eq + Hash + Send + Sync + 'static;

    /// Performs the operation. It is called only in states in which the operation need not wait,
    /// and must depend on nothing but the state and the operation.
    fn apply(&mut self, operation: &Self::Operation) -> Self::Return;

    /// Whether the operation would have to wait in this state until another call changes it.
    ///
    /// Operations that never wait need not care: the default says so.
    fn waits(&self, operation: &Self::Operation) -> bool {
        let _ = operation;
        false
    }
}

/// How the operations of a specification are called on the concurrent type `C`.
///
/// The specification implements it, not the type, so that one implementation can serve every type
/// that keeps a contract: `impl<C: Stock> Specifies<C> for StockSpecification`.
///
/// ```
/// use lockproof::sync::Mutex;
/// use lockproof_check::{Specification, Specifies};
///
/// #[derive(Clone, PartialEq, Eq, Hash)]
/// struct Total(u64);
///
/// /// Adds that much, and returns the total.
/// #[derive(Clone, Debug, PartialEq, Eq, Hash)]
/// struct Add(u64);
///
/// impl Specification for Total {
///     type Operation = Add;
///     type Return = u64;
///
///     fn apply(&mut self, &Add(amount): &Add) -> u64 {
///         self.0 += amount;
///         self.0
///     }
/// }
///
/// impl Specifies<Mutex<u64>> for Total {
///     fn call(total: &Mutex<u64>, &Add(amount): &Add) -> u64 {
///         let mut total = total.lock().unwrap();
///         *total += amount;
///         *total
///     }
/// }
///
/// assert_eq!(Total::call(&Mutex::new(1), &Add(2)), Total(1).apply(&Add(2)));
/// ```
pub trait Specifies<C>: Specification {
    /// Makes the call on `concurrent`, and returns what it returned.
    fn call(concurrent: &C, operation: &Self::Operation) -> Self::Return;
}
