//! The sequential counterpart as an automaton: states and results are numbered, and what a call
//! does in a state is computed once.
//!
//! Invariant: two states have one number exactly if they are equal; the initial one has 0.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::numbering::Numbering;
use crate::specification::Specification;

/// The number of a state.
pub(crate) type StateNumber = usize;
/// The number of a result.
pub(crate) type ResultNumber = usize;
/// Effect of a call in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallStep {
    /// It has to wait.
    Waits,
    /// It returns that, and leaves that state.
    Returns(ResultNumber, StateNumber),
}

/// The sequential counterpart, and what is known of it.
#[derive(Debug)]
pub(crate) struct Automaton<S: Specification> {
    operations: Vec<S::Operation>,
    /// For each call, the first call of the same operation.
    representatives: Vec<usize>,
    states: Numbering<S>,
    results: Numbering<S::Return>,
    /// By state and call.
    steps: Vec<Option<CallStep>>,
}

/// A specification that is of no use to judge by. `Display` says how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misuse {
    /// It panicked.
    Panics {
        /// The operation.
        operation: String,
        /// The panic message.
        message: String,
    },
    /// The same operation in equal states had two effects.
    NotDeterministic {
        /// The operation.
        operation: String,
    },
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panics { operation, message } => write!(
                f,
                "the sequential counterpart panics at `{operation}`: {message}. Let `apply` return \
                 a value for it, or keep the call out of such states: by the values of its \
                 arguments, or by `waits` if the concurrent type waits there"
            ),
            Self::NotDeterministic { operation } => write!(
                f,
                "the specification is not deterministic: from one state `{operation}` has two \
                 results, or leads to two states that are not equal. Let `apply` depend on the \
                 state and the operation alone, and `waits`, too: no clock, no random number, no \
                 `HashMap` whose order shows, nothing outside; and `Eq` compare nothing that \
                 cannot be told by a call"
            ),
        }
    }
}

impl Error for Misuse {}

impl<S: Specification> Automaton<S> {
    pub(crate) fn new(initial: &S, operations: Vec<S::Operation>) -> Self {
        let first = |operation| operations.iter().position(|other| other == operation);
        let representatives = operations.iter().filter_map(first).collect();
        let mut states = Numbering::default();
        states.number(initial);
        Self { operations, representatives, states, results: Numbering::default(), steps: vec![] }
    }

    /// The number of calls.
    pub(crate) fn calls(&self) -> usize {
        self.operations.len()
    }

    /// The number of a result.
    pub(crate) fn number(&mut self, result: &S::Return) -> ResultNumber {
        self.results.number(result)
    }

    /// The effect of `call` in `state`.
    pub(crate) fn step(&mut self, state: StateNumber, call: usize) -> Result<CallStep, Misuse> {
        // Equal operations do the same, so they share what was computed for the first of them.
        let call = self.representatives[call];
        let index = state * self.operations.len() + call;
        if let Some(Some(step)) = self.steps.get(index) {
            return Ok(*step);
        }
        let step = self.compute(state, call)?;
        if self.steps.len() <= index {
            self.steps.resize(index + 1, None);
        }
        self.steps[index] = Some(step);
        Ok(step)
    }

    fn compute(&mut self, state: StateNumber, call: usize) -> Result<CallStep, Misuse> {
        let (state, operation) = (&self.states[state], &self.operations[call]);
        let perform = || {
            let mut state = state.clone();
            let result = (!state.waits(operation)).then(|| state.apply(operation));
            (result, state)
        };
        let perform = || {
            catch_unwind(AssertUnwindSafe(perform)).map_err(|payload| Misuse::Panics {
                operation: format!("{operation:?}"),
                message: text(payload.as_ref()),
            })
        };
        // Twice from the same state: a specification with a clock or a random number in it would
        // make the verdict depend on the order in which executions are judged.
        let (first, second) = (perform()?, perform()?);
        if first != second {
            return Err(Misuse::NotDeterministic { operation: format!("{operation:?}") });
        }
        let (Some(result), after) = first else { return Ok(CallStep::Waits) };
        Ok(CallStep::Returns(self.results.number(&result), self.states.number(&after)))
    }
}

/// The text of a panic's payload.
fn text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a payload that is not text".to_owned())
}
