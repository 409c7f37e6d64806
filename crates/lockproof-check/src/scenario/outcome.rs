//! Outcomes: the results of all calls of one execution, and the number of executions that have
//! them.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;

use lockproof::calls::Calls;
use lockproof::engine::{Defect, EndedExecution};

use super::account::{returns, table};
use super::body::Examiner;
use super::{Part, Scenario};
use crate::judge::CallMark;

/// The results of the calls of an execution; `None` for one that waits for ever.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Outcome<R> {
    /// By the number of the call.
    returns: Vec<Option<R>>,
    /// Whether no thread could run in the end.
    at_standstill: bool,
}

impl<R: Debug> Outcome<R> {
    /// The returns of each thread, `|` between threads, and those after them. A call that did not
    /// return is `..`.
    pub(crate) fn text<O>(&self, scenario: &Scenario<O>) -> String {
        let returned = |part: Part| {
            let calls = scenario.calls().zip(&self.returns);
            let of_part = calls.filter(|((other, _), _)| *other == part);
            let texts = of_part.map(|(_, returned)| {
                returned.as_ref().map_or_else(|| "..".to_owned(), |value| format!("{value:?}"))
            });
            texts.collect::<Vec<_>>().join(", ")
        };
        let threads: Vec<_> =
            (0..scenario.threads.len()).map(|index| returned(Part::Thread(index))).collect();
        let after = returned(Part::After);
        let after = if after.is_empty() { after } else { format!("; after: {after}") };
        threads.join(" | ") + &after
    }
}

/// Says why an outcome is unwanted, if it is.
pub(crate) type Objection<R> = Box<dyn Fn(&Outcome<R>) -> Option<String> + Send>;

/// Counts the executions of each outcome, up to the first that is unwanted.
pub(crate) struct OutcomeCounts<O, R> {
    scenario: Scenario<O>,
    /// The number of executions that had each outcome.
    pub(crate) counts: HashMap<Outcome<R>, u64>,
    objection: Option<Objection<R>>,
    /// The calls of the execution that was objected to.
    pub(crate) table: Option<String>,
}

impl<O: Clone, R> OutcomeCounts<O, R> {
    pub(crate) fn of(scenario: &Scenario<O>) -> Self {
        Self { scenario: scenario.clone(), counts: HashMap::new(), objection: None, table: None }
    }

    pub(crate) fn unless(self, objection: Objection<R>) -> Self {
        Self { objection: Some(objection), ..self }
    }
}

impl<O, R> Examiner<R> for OutcomeCounts<O, R>
where
    O: Debug + Send + 'static,
    R: Clone + Debug + Eq + Hash + Send + 'static,
{
    fn search_begins(&mut self) {
        self.counts.clear();
    }

    fn examine(&mut self, calls: Calls<R>, execution: &EndedExecution<'_>) -> Option<Defect> {
        let outcome = Outcome {
            returns: returns(&calls, self.scenario.size()),
            at_standstill: execution.standstill.is_some(),
        };
        let message = self.objection.as_ref().and_then(|objection| objection(&outcome));
        let defect = message.map(|message| {
            let history = calls
                .marks
                .iter()
                .map(|mark| CallMark { call: calls.calls[mark.call].call, returns: mark.returns });
            let history: Vec<_> = history.collect();
            self.table = Some(table(&self.scenario, &outcome.returns, &history));
            Defect::UnwantedOutcome { message }
        });
        *self.counts.entry(outcome).or_default() += 1;
        defect
    }
}
