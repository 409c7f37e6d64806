//! The lincheck crate on the same types and the same specifications.

use std::fmt::Debug;
use std::marker::PhantomData;
use std::panic::UnwindSafe;
use std::time::Instant;

use lincheck::scenario::{Scenario as PeersScenario, check_scenario_with_loom};
use lincheck::{ConcurrentSpec, SequentialSpec};
use lockproof_check::{Specification, Specifies};

use crate::{Calls, Found, PATIENCE};

/// A concurrent type as lincheck wants it.
struct Concurrent<S, C>(C, PhantomData<fn() -> S>);

/// A specification as lincheck wants it.
#[derive(Default)]
struct Sequential<S>(S);

impl<S, C: Default> Default for Concurrent<S, C> {
    fn default() -> Self {
        Self(C::default(), PhantomData)
    }
}

impl<S: Specification + Default> SequentialSpec for Sequential<S> {
    type Op = S::Operation;
    type Ret = S::Return;

    fn exec(&mut self, operation: S::Operation) -> S::Return {
        self.0.apply(&operation)
    }
}

impl<S: Specifies<C> + Default, C: Default> ConcurrentSpec for Concurrent<S, C> {
    type Seq = Sequential<S>;

    fn exec(&self, operation: S::Operation) -> S::Return {
        S::call(&self.0, &operation)
    }
}

/// Checks one scenario after the other until one fails, or patience is at an end.
pub(crate) fn check<S, C>(scenarios: &[Calls<S::Operation>]) -> Found
where
    S: Specifies<C> + Default,
    C: Default + Send + Sync + 'static,
    S::Operation: Debug + UnwindSafe,
{
    let start = Instant::now();
    let mut run = 0;
    for Calls { before, threads, after } in scenarios {
        if start.elapsed() > PATIENCE {
            break;
        }
        run += 1;
        let scenario = PeersScenario {
            init_part: before.clone(),
            parallel_part: threads.clone(),
            post_part: after.clone(),
        };
        if check_scenario_with_loom::<Concurrent<S, C>>(scenario).is_err() {
            return Found { run, fails: true, time: start.elapsed(), smallest: None };
        }
    }
    Found { run, fails: false, time: start.elapsed(), smallest: None }
}
