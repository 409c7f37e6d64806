//! How short a failing execution is, and how much of that is known.

use std::fmt;
use std::time::Duration;

/// How hard a failing execution is to follow, and whether an easier one exists.
///
/// `Display` is the sentence that goes with the execution: *needs 2 preemptions; none fails with
/// fewer*. It says so only where that was established.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Minimality {
    /// Its preemptions: [`Settings::preemptions`](super::Settings::preemptions) says what counts.
    pub preemptions: u32,
    /// The steps that are of another thread than the step before.
    pub context_switches: u32,
    /// Its events.
    pub events: usize,
    /// Whether all executions with fewer preemptions were searched, and none has this defect.
    pub established: bool,
    /// Whether an execution with fewer preemptions has another defect.
    pub others_fail_with_fewer: bool,
    /// Whether, beyond that, no execution with so few preemptions has this defect after fewer
    /// context switches, and none with so few of both after fewer steps.
    pub is_shortest: bool,
    /// What kept one of these from being established.
    pub obstacle: Option<Obstacle>,
}

/// What kept the shortest witness from being established.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Obstacle {
    /// The time of [`Settings::shortening`](super::Settings::shortening) was used up.
    Time(Duration),
    /// The search did not cover something that the model uses.
    Uncovered(String),
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(limit) => write!(f, "the search was ended after {limit:?}"),
            Self::Uncovered(what) => write!(f, "the search does not cover {what}"),
        }
    }
}

impl fmt::Display for Minimality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let obstacle = self.obstacle.iter();
        match (self.preemptions, self.established) {
            (0, _) => f.write_str("needs no preemption")?,
            (1, true) => f.write_str("needs 1 preemption")?,
            (count, true) => write!(f, "needs {count} preemptions")?,
            (1, false) => f.write_str("fails with 1 preemption; fewer may do")?,
            (count, false) => write!(f, "fails with {count} preemptions; fewer may do")?,
        }
        if self.established && self.preemptions > 0 {
            let how = if self.others_fail_with_fewer { " in this way" } else { "" };
            write!(f, "; none fails{how} with fewer")?;
        }
        if !self.established && self.preemptions > 0 {
            obstacle.into_iter().try_for_each(|obstacle| write!(f, ": {obstacle}"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minimality(preemptions: u32, established: bool) -> Minimality {
        Minimality {
            preemptions,
            context_switches: 4,
            events: 9,
            established,
            others_fail_with_fewer: false,
            is_shortest: established,
            obstacle: (!established).then_some(Obstacle::Time(Duration::from_secs(2))),
        }
    }

    #[test]
    fn only_what_was_established_is_said() {
        let said = |preemptions, established| minimality(preemptions, established).to_string();
        assert_eq!(said(0, true), "needs no preemption");
        assert_eq!(said(0, false), "needs no preemption", "there are no fewer than none");
        assert_eq!(said(2, true), "needs 2 preemptions; none fails with fewer");
        assert_eq!(
            said(2, false),
            "fails with 2 preemptions; fewer may do: the search was ended after 2s"
        );
    }

    #[test]
    fn another_defect_with_fewer_preemptions_is_not_passed_over() {
        let minimality = Minimality { others_fail_with_fewer: true, ..minimality(1, true) };
        assert_eq!(minimality.to_string(), "needs 1 preemption; none fails in this way with fewer");
    }
}
