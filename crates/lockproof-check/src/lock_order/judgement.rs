//! What becomes of each potential deadlock: confirmed, discharged, or neither.

use lockproof::engine::Approach;
use lockproof::trace::ObjectKind;

use super::book::Book;
use super::cycle::{CycleStatus, DIRECTED, Discharge};
use super::suspects::{Group, Rank, Suspect};
use crate::Verdict;
use crate::record::{RecordedBlock, RecordedFailure};
use crate::report::EngineRun;

/// The threads that may run the same code, of which so many combinations are tried.
const MOST_SUSPECTS_TRIED: usize = 8;

/// Runs directed searches.
pub(crate) trait Confirm {
    /// Tries to end an execution in the deadlock of these approaches; `fits` says whether a failure
    /// is that one. `Err` says what was tried.
    fn confirm(
        &mut self,
        approaches: &[Approach],
        fits: &dyn Fn(&RecordedFailure) -> bool,
    ) -> Result<RecordedFailure, String>;
}

/// What the runs of the model say, and the way to run it again.
pub(super) struct Judge<'a> {
    pub(super) book: &'a Book,
    pub(super) runs: &'a [EngineRun],
    pub(super) confirm: &'a mut dyn Confirm,
}

impl Judge<'_> {
    /// What became of the group, and the suspect that shows it.
    pub(super) fn judge<'g>(&mut self, group: &'g Group) -> (&'g Suspect, CycleStatus) {
        let first = &group[0];
        if let Some(confirmed) = self.confirmed_by_a_search(group) {
            return confirmed;
        }
        if let Some(reason) = self.structure(group) {
            return (first, CycleStatus::Discharged { reason });
        }
        if first.ring.needs_writer {
            let tried = "no engine lets a waiting writer keep readers out, as an RwLock of std may";
            return (first, CycleStatus::Potential { tried: vec![tried.to_owned()] });
        }
        if let Some(run) = self.runs.iter().find(|run| run.verdict == Verdict::Proved) {
            let reason = Discharge::Explored { engine: run.engine.clone() };
            return (first, CycleStatus::Discharged { reason });
        }
        self.direct(group)
    }

    fn confirmed_by_a_search<'g>(&self, group: &'g Group) -> Option<(&'g Suspect, CycleStatus)> {
        let failures = self.runs.iter().filter_map(|run| Some((run, run.verdict.failure()?)));
        failures.into_iter().find_map(|(run, failure)| {
            let suspect = group.iter().find(|suspect| fits(self.book, suspect, failure))?;
            let (by, failure) = (run.engine.clone(), Box::new(failure.clone()));
            Some((suspect, CycleStatus::Confirmed { by, failure }))
        })
    }

    /// The reason that holds in every execution by itself, if there is one for every suspect.
    fn structure(&self, group: &Group) -> Option<Discharge> {
        let reasons = group.iter().map(|suspect| self.reason(suspect));
        let reasons: Option<Vec<Discharge>> = reasons.collect();
        reasons?.into_iter().next()
    }

    fn reason(&self, suspect: &Suspect) -> Option<Discharge> {
        let name = |thread: usize| self.book.thread_names[thread].clone();
        if let Some(thread) = suspect.alone {
            return Some(Discharge::SameThread { thread: name(thread) });
        }
        let (rank, executions) = suspect.discharge()?;
        Some(match rank {
            Rank::Open => return None,
            Rank::Gated { lock } => {
                Discharge::GateLock { lock, name: self.book.lock_names[lock].clone(), executions }
            }
            Rank::Ordered { first, second } => {
                Discharge::Ordered { first: name(first), second: name(second), executions }
            }
        })
    }

    fn direct<'g>(&mut self, group: &'g Group) -> (&'g Suspect, CycleStatus) {
        let open: Vec<&Suspect> =
            group.iter().filter(|suspect| self.reason(suspect).is_none()).collect();
        let mut tried = Vec::new();
        for suspect in open.iter().take(MOST_SUSPECTS_TRIED) {
            let book = self.book;
            let fits = |failure: &RecordedFailure| fits(book, suspect, failure);
            match self.confirm.confirm(&approaches(book, suspect), &fits) {
                Ok(failure) => {
                    let (by, failure) = (DIRECTED.to_owned(), Box::new(failure));
                    return (suspect, CycleStatus::Confirmed { by, failure });
                }
                Err(attempt) if tried.contains(&attempt) => {}
                Err(attempt) => tried.push(attempt),
            }
        }
        if open.iter().all(|suspect| suspect.standings.is_empty()) {
            tried.push("its edges never come together in one execution".to_owned());
        }
        if open.len() > MOST_SUSPECTS_TRIED {
            let all = open.len();
            tried
                .push(format!("{MOST_SUSPECTS_TRIED} of the {all} ways to share it among threads"));
        }
        (open[0], CycleStatus::Potential { tried })
    }
}

/// Whether the threads of the suspect wait for each other in the failure.
fn fits(book: &Book, suspect: &Suspect, failure: &RecordedFailure) -> bool {
    suspect.ring.edges.iter().all(|edge| {
        let edge = &book.edges[*edge];
        let step = &edge.step;
        let is_held = |blocked: &RecordedBlock| {
            let mut since = blocked.holds.iter().map(|hold| &hold.since);
            is_initialization(book, step.from) || since.any(|since| *since == (&step.since).into())
        };
        let thread = &book.thread_names[edge.thread];
        failure.defect.blocked.iter().any(|blocked| {
            blocked.thread == *thread && blocked.location == (&step.at).into() && is_held(blocked)
        })
    })
}

/// What is initialized once is not among what a blocked thread is said to hold.
fn is_initialization(book: &Book, lock: usize) -> bool {
    !matches!(book.locks[lock].kind, ObjectKind::Mutex | ObjectKind::RwLock)
}

fn approaches(book: &Book, suspect: &Suspect) -> Vec<Approach> {
    let edges = suspect.ring.edges.iter().map(|edge| &book.edges[*edge]);
    let approach = edges.map(|edge| Approach {
        thread: book.threads[edge.thread].clone(),
        holding: edge.step.since.clone(),
        taking: edge.step.at.clone(),
    });
    approach.collect()
}
