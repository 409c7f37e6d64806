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
pub(super) type State = usize;
/// The number of a result.
pub(super) type Returned = usize;
/// What a call does in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It has to wait.
    Waits,
    /// It returns that, and leaves that state.
    Returns(Returned, State),
}

/// The sequential counterpart, and what is known of it.
#[derive(Debug)]
pub(super) struct Automaton<S: Specification> {
    operations: Vec<S::Operation>,
    /// For each call, the first call of the same operation.
    representatives: Vec<usize>,
    states: Numbering<S>,
    results: Numbering<S::Return>,
    /// By state and call.
    steps: Vec<Option<Step>>,
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
                "the specification panics at {operation}: {message}; let it return what the \
                 concurrent type returns, or let `waits` say that the operation waits"
            ),
            Self::NotDeterministic { operation } => write!(
                f,
                "the specification does two different things for {operation} in one state: let \
                 `apply` and `waits` depend on nothing but the state and the operation"
            ),
        }
    }
}

impl Error for Misuse {}

impl<S: Specification> Automaton<S> {
    pub(super) fn new(initial: &S, operations: Vec<S::Operation>) -> Self {
        let first = |operation| operations.iter().position(|other| other == operation);
        let representatives = operations.iter().filter_map(first).collect();
        let mut states = Numbering::default();
        states.number(initial);
        Self { operations, representatives, states, results: Numbering::default(), steps: vec![] }
    }

    /// How many calls there are.
    pub(super) fn calls(&self) -> usize {
        self.operations.len()
    }

    /// The number of a result.
    pub(super) fn number(&mut self, result: &S::Return) -> Returned {
        self.results.number(result)
    }

    /// What `call` does in `state`.
    pub(super) fn step(&mut self, state: State, call: usize) -> Result<Step, Misuse> {
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

    fn compute(&mut self, state: State, call: usize) -> Result<Step, Misuse> {
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
        let (first, second) = (perform()?, perform()?);
        if first != second {
            return Err(Misuse::NotDeterministic { operation: format!("{operation:?}") });
        }
        let (Some(result), after) = first else { return Ok(Step::Waits) };
        Ok(Step::Returns(self.results.number(&result), self.states.number(&after)))
    }
}

/// The text of a panic's payload.
fn text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a payload that is not text".to_owned())
}
