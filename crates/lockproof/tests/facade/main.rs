//! The facade from outside: what a model may rely on, on every engine of the build.
//!
//! The same tests run under every set of engine features. Engines are asked what they can do and
//! not listed; real threads are always among them, so no build of this binary is empty.

mod atomics;
mod budgets;
mod calls;
mod condvar;
mod cross_validation;
mod defects;
mod differential;
mod directed;
mod engines;
mod limits;
mod mutex;
mod os_threads;
mod overflow;
mod panics;
mod parking;
mod rwlock;
mod schedules;
mod scope;
mod shortening;
mod side_by_side;
mod std_identity;
mod threads;
mod traces;
mod watchers;
mod weak_memory;
