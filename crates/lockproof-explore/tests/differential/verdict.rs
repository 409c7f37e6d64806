//! The comparison of the engine's executions with the reference.

use std::collections::HashSet;

use lockproof_explore::Exhaustive;

use super::program::Program;
use super::reference;
use super::subject;
use super::trace::Event;

/// Programs with more prefixes, up to equivalence, are left out: brute force takes too long.
pub(crate) const MOST_PREFIXES: usize = 3_000;

/// The result of a comparison.
#[derive(Debug)]
#[expect(dead_code, reason = "the fields are read when a verdict is printed")]
pub(crate) enum Verdict {
    /// Each trace was explored once.
    Agreed { traces: usize, stuck: u64, abandoned: u64 },
    /// Brute force would take too long.
    TooLarge,
    /// The engine explored other traces, or some twice, or abandoned executions.
    Differed {
        missed: Vec<Vec<Event>>,
        invented: Vec<Vec<Event>>,
        executions: usize,
        different: usize,
        abandoned: u64,
        stop_reason: String,
    },
}

/// Runs `program` on the engine and by brute force.
pub(crate) fn compare(program: &Program, most_prefixes: usize) -> Verdict {
    let Some(expected) = reference::traces(program, most_prefixes) else {
        return Verdict::TooLarge;
    };
    let (outcome, forms) = subject::run(program, &mut Exhaustive::new());
    let explored: HashSet<Vec<Event>> = forms.iter().cloned().collect();
    let none_repeated = forms.len() == explored.len();
    // Objects that are created at their first use cannot always be told apart: see `naming`.
    let none_abandoned = outcome.abandoned == 0 || program.lazy;
    if none_repeated && none_abandoned && explored == expected && outcome.is_complete() {
        return Verdict::Agreed {
            traces: forms.len(),
            stuck: outcome.failures,
            abandoned: outcome.abandoned,
        };
    }
    Verdict::Differed {
        missed: expected.difference(&explored).take(1).cloned().collect(),
        invented: explored.difference(&expected).take(1).cloned().collect(),
        executions: forms.len(),
        different: explored.len(),
        abandoned: outcome.abandoned,
        stop_reason: match &outcome.failure {
            Some(failure) => {
                format!("{:?}, the first failure: {}", outcome.stop_reason, failure.bug)
            }
            None => format!("{:?}", outcome.stop_reason),
        },
    }
}
