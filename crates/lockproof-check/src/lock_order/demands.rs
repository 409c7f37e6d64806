//! Demands of a test on the lock order, and those that are not met.

use lockproof_record::{CycleStatus, EngineRun, LockOrder, Verdict};
use lockproof_report::lock_order::section;

use super::collector::Collector;
use super::intended::IntendedOrder;

/// Demands of a test on the lock order; by default none.
#[derive(Clone, Debug, Default)]
pub(crate) struct OrderDemands {
    /// Locks of these names are acquired in this order.
    pub(crate) intended: Option<IntendedOrder>,
    /// There is no cycle but those that are discharged.
    pub(crate) forbids_cycles: bool,
    /// No thread has more events than this under a lock.
    pub(crate) most_events: Option<usize>,
}

impl OrderDemands {
    pub(crate) fn collector(&self) -> Collector {
        Collector::new(self.intended.clone())
    }

    /// The demands that are not met, a sentence each. What breaks the stated order has failed an
    /// execution and is not repeated.
    pub(crate) fn unmet(
        &self,
        collector: &Collector,
        order: &LockOrder,
        runs: &[EngineRun],
    ) -> Vec<String> {
        let mut unmet = Vec::new();
        if let (Some(intended), Some(run)) = (&self.intended, runs.iter().find(|run| is_over(run)))
        {
            let names = intended.names().iter();
            let unknown = names.filter(|name| !collector.names.contains(name.as_str()));
            unmet.extend(unknown.map(|name| {
                format!(
                    "the stated order names `{name}`, and {} met no lock of that name",
                    run.engine()
                )
            }));
        }
        // A discharged cycle is allowed: its reason held in every execution that was seen.
        if self.forbids_cycles {
            let cycles = order.cycles.iter().map(|cycle| &cycle.status);
            let standing =
                cycles.filter(|status| !matches!(status, CycleStatus::Discharged { .. }));
            let statuses =
                standing.map(|status| format!("the lock order has a {} cycle", status.word()));
            unmet.extend(statuses);
        }
        // Sections are sorted, longest first: what is cut off the list is shorter than what is on it.
        if let Some(most) = self.most_events {
            let sections = order.longest_sections.iter();
            let longer = sections.filter(|section| section.events > most);
            unmet.extend(
                longer
                    .map(|long| format!("{}: more than the {most} allowed", section(order, long))),
            );
        }
        unmet
    }
}

/// Whether a search has ended. One that was cut short may not have come to a lock.
fn is_over(run: &EngineRun) -> bool {
    run.engine().is_controlled()
        && matches!(run.verdict(), Verdict::Proved(_) | Verdict::Passed { .. })
}
