//! Constraints on scenarios, set by the contract of the subject.

use lockproof::sync::Arc;

use super::{Part, Scenario};

/// The calls that a constraint is about.
pub(crate) type Which<O> = Arc<dyn Fn(&O) -> bool + Send + Sync>;

/// Something that all scenarios of a subject keep to.
pub(crate) enum Constraint<O> {
    /// Of the threads that run in parallel one alone makes such calls.
    OneThread(Which<O>),
    /// A scenario has at most this number of such calls.
    AtMost(usize, Which<O>),
}

impl<O> Constraint<O> {
    /// Whether the scenario still keeps to it with one more call.
    pub(crate) fn allows(&self, scenario: &Scenario<O>, part: Part, call: &O) -> bool {
        match self {
            Self::OneThread(which) => {
                let takes_over = |(other, call): (Part, &O)| {
                    matches!(other, Part::Thread(_)) && other != part && which(call)
                };
                !matches!(part, Part::Thread(_))
                    || !which(call)
                    || !scenario.calls().any(takes_over)
            }
            Self::AtMost(most, which) => {
                !which(call) || scenario.calls().filter(|(_, call)| which(call)).count() < *most
            }
        }
    }
}

impl<O: Clone + std::fmt::Debug> Constraint<O> {
    /// The objection to a scenario that does not keep to it.
    pub(crate) fn objection(&self, scenario: &Scenario<O>) -> Option<String> {
        let mut so_far = Scenario::empty(scenario.threads.len());
        for (part, call) in scenario.calls() {
            if !self.allows(&so_far, part, call) {
                return Some(match self {
                    Self::OneThread(_) => format!(
                        "`{call:?}` is a call that one thread alone may make, and two do: leave it \
                         to one of them, or take the constraint `one_thread` back"
                    ),
                    Self::AtMost(most, _) => format!(
                        "`{call:?}` is one more than the {most} that are allowed: leave it out, or \
                         raise the constraint `at_most`"
                    ),
                });
            }
            so_far.push(part, call.clone());
        }
        None
    }
}
