//! Shows the calls of every execution to the judge, and keeps what the judge finds.

use lockproof::calls::Calls;
use lockproof::engine::{Condition, Defect, EndedExecution, Engine};

use crate::judge::{Judge, Reason, Violation};
use crate::scenario::Scenario;
use crate::scenario::account::Account;
use crate::scenario::body::Examiner;
use crate::specification::Specification;

/// Examines executions by a specification.
pub(super) struct Judgement<S: Specification> {
    condition: Condition,
    specification: S,
    scenario: Scenario<S::Operation>,
    judge: Judge<S>,
    /// Whether an execution is judged as if there had been none before.
    forgets: bool,
    /// The account of the execution that failed.
    pub(super) account: Option<Account>,
    /// A mistake in the specification, and the way out.
    pub(super) misuse: Option<String>,
}

impl<S: Specification> Judgement<S> {
    pub(super) fn new(
        condition: Condition,
        specification: &S,
        scenario: &Scenario<S::Operation>,
    ) -> Self {
        let operations = scenario.calls().map(|(_, operation)| operation.clone()).collect();
        let judge = Judge::new(condition, specification, operations);
        let (specification, scenario) = (specification.clone(), scenario.clone());
        let (account, misuse) = (None, None);
        Self { condition, specification, scenario, judge, forgets: false, account, misuse }
    }

    /// The same for a search that continues after a failure: of two executions that
    /// the judge cannot tell apart both fail then.
    pub(super) fn forgetting(self) -> Self {
        Self { forgets: true, ..self }
    }

    /// The number of histories that were told apart.
    pub(super) fn histories(&self) -> u64 {
        self.judge.distinct_histories() as u64
    }
}

impl<S: Specification> Examiner<S::Return> for Judgement<S> {
    fn search_begins(&mut self) {
        self.account = None;
        self.judge.forget();
    }

    fn examine(
        &mut self,
        calls: Calls<S::Return>,
        execution: &EndedExecution<'_>,
    ) -> Option<Defect> {
        if self.forgets {
            self.judge.forget();
        }
        let standstill = execution.standstill;
        let violation = match self.judge.judge(&calls, &execution.happened(), standstill.is_some())
        {
            Ok(violation) => violation?,
            Err(misuse) => {
                self.misuse = Some(misuse.to_string());
                return standstill.cloned();
            }
        };
        let account = Account::new(&self.specification, &self.scenario, &calls, &violation);
        let defect = defect(self.condition, &violation, &account, standstill);
        self.account = Some(account);
        Some(defect)
    }
}

/// Calls that wait for no reason are the engine's to explain: it knows what for, and who holds it.
fn defect(
    condition: Condition,
    violation: &Violation,
    account: &Account,
    standstill: Option<&Defect>,
) -> Defect {
    match (&violation.reason, standstill) {
        (Reason::Waits { .. }, Some(standstill)) => standstill.clone(),
        _ => Defect::Violation { condition, message: account.reason.clone() },
    }
}

/// Whether the engine continues after a standstill, so that calls may be left waiting.
pub(super) fn judges_standstills(engine: Engine) -> bool {
    engine == Engine::Explore
}
