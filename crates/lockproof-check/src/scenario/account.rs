//! Table of a failing execution of a scenario: a column for each thread, calls as intervals
//! with what they returned, and why nothing explains it.

use std::fmt::Debug;

use lockproof::calls::Calls;
use lockproof_report::plain_text::{Table, one_line};

use super::reason::reason;
use super::{Part, Scenario};
use crate::judge::{CallMark, Violation};
use crate::specification::Specification;

/// The calls of an execution that nothing explains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    /// A column for each thread.
    pub(crate) table: String,
    /// The reason that nothing explains the results, in a sentence.
    pub(crate) reason: String,
}

impl Account {
    pub(crate) fn new<S: Specification>(
        specification: &S,
        scenario: &Scenario<S::Operation>,
        calls: &Calls<S::Return>,
        violation: &Violation,
    ) -> Self {
        let returns = returns(calls, scenario.size());
        let table = table(scenario, &returns, &violation.history);
        let reason = reason(specification, scenario, &returns, violation);
        Self { table, reason }
    }
}

/// The result of each of `count` calls, by its number; `None` for those that did not return.
pub(crate) fn returns<R: Clone>(calls: &Calls<R>, count: usize) -> Vec<Option<R>> {
    let mut returns = vec![None; count];
    for logged in &calls.calls {
        returns[logged.call].clone_from(&logged.result);
    }
    returns
}

/// A row for each moment, and one for a call during which nothing else happens.
pub(crate) fn table<O: Debug>(
    scenario: &Scenario<O>,
    returns: &[Option<impl Debug>],
    history: &[CallMark],
) -> String {
    let calls: Vec<_> = scenario.calls().collect();
    let call = |index: usize| one_line(&format!("{:?}", calls[index].1));
    let returned = |index: usize| {
        let text = returns[index].as_ref().map(|returned| format!("{returned:?}"));
        format!("-> {}", one_line(&text.unwrap_or_default()))
    };
    let names = (0..scenario.threads.len()).map(thread_name);
    let mut table = Table::new(names);
    // By column, whether a call is in progress.
    let mut bars = vec![String::new(); scenario.threads.len()];
    let mut moments = history.iter().peekable();
    while let Some(moment) = moments.next() {
        let column = column(calls[moment.call].0);
        let its_return = CallMark { call: moment.call, returns: true };
        let mut row = bars.clone();
        if moment.returns {
            row[column] = format!("'- {}", returned(moment.call));
            bars[column].clear();
        } else if moments.next_if(|next| **next == its_return).is_some() {
            row[column] = format!("{} {}", call(moment.call), returned(moment.call));
        } else {
            row[column] = format!(".- {}", call(moment.call));
            bars[column].push('|');
        }
        table.push(row);
    }
    if bars.iter().any(|bar| !bar.is_empty()) {
        let waits = |bar: String| if bar.is_empty() { bar } else { "| never returns".to_owned() };
        table.push(bars.into_iter().map(waits));
    }
    table.to_string()
}

/// As the facade calls the threads of a model.
fn thread_name(index: usize) -> String {
    if index == 0 { "main".to_owned() } else { format!("thread {index}") }
}

fn column(part: Part) -> usize {
    match part {
        Part::Before | Part::After => 0,
        Part::Thread(index) => index,
    }
}
