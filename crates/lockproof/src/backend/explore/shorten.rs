//! Makes a failing execution as short as it can be: fewest preemptions, then fewest context
//! switches, then fewest steps.
//!
//! First the failing execution is made simpler by leaving out switches, which is quick and good
//! enough where nothing else can be done in time. Then bounded searches, from below, find what is
//! less, so that what is left is known to be the least.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use lockproof_explore::{Bounded, Cost, Guided, Replay, SearchStrategy, Turns};

use crate::backend::controlled::search_on_this_thread;
use crate::backend::explore::carry_over::Guide;
use crate::backend::explore::plan::{Plan, switches};
use crate::backend::explore::shortest::{Catch, Found, Searched};
use crate::engine::{Ending, Engine, Failure, Minimality, Obstacle, Task, announce};
use crate::execution::run::Run;
use crate::trace::Operation;

/// How long to wait beyond the time that was allowed: an execution that has begun is finished.
const GRACE: Duration = Duration::from_secs(2);

/// See [`Task::shorten`].
pub(super) fn shorten(task: Task, failure: &Failure) -> Result<Failure, String> {
    if is_stale(failure) {
        let reason = "it depends on weak memory: a load missed a later store, which the exploring \
                      engine never lets happen";
        return Err(reason.to_owned());
    }
    let limit = task.settings.shortening;
    let (run, _) = Run::catching(task);
    let (sender, results) = mpsc::channel();
    let of_thread = (Arc::clone(&run), failure.clone());
    thread::spawn(move || {
        let (run, failure) = of_thread;
        search_on_this_thread(&run, |run| {
            let result = Shortening::new(run, &failure, limit).run();
            // The receiver is gone if it took too long.
            let _ = sender.send(result);
            Ending::Complete
        });
    });
    results
        .recv_timeout(limit + GRACE)
        .unwrap_or_else(|_| Err("the exploring engine could not be got out of an execution".into()))
}

/// Whether the failure is one of weak memory.
fn is_stale(failure: &Failure) -> bool {
    let is_stale = |operation: &Operation| matches!(operation, Operation::Load { stale: true, .. });
    failure.trace.events.iter().any(|event| is_stale(&event.operation))
}

/// The search for the shortest execution, under way.
struct Shortening<'a> {
    run: &'a Arc<Run>,
    original: &'a Failure,
    limit: Duration,
    began: Instant,
    best: Option<Found>,
    /// No execution with fewer preemptions has the defect.
    clear: u32,
    /// What kept a search from its end.
    obstacle: Option<Obstacle>,
    others_fail_with_fewer: bool,
}

impl<'a> Shortening<'a> {
    fn new(run: &'a Arc<Run>, original: &'a Failure, limit: Duration) -> Self {
        announce(run.task.watcher.as_ref());
        Self {
            run,
            original,
            limit,
            began: Instant::now(),
            best: None,
            clear: 0,
            obstacle: None,
            others_fail_with_fewer: false,
        }
    }

    fn run(mut self) -> Result<Failure, String> {
        self.start();
        self.simplify();
        // What kept some executions from failing keeps no search from its end.
        self.obstacle = None;
        let is_shortest =
            self.minimize_preemptions() && self.minimize_switches() && self.minimize_events();
        let Some(Found { cost, failure }) = self.best else {
            return Err(self.obstacle.map_or_else(
                || "the exploring engine has no execution that fails in this way".to_owned(),
                |obstacle| format!("the exploring engine did not come to it: {obstacle}"),
            ));
        };
        let uncovered = uncovered(self.run);
        let is_covered = uncovered.is_none();
        let minimality = Minimality {
            preemptions: cost.preemptions,
            context_switches: cost.switches,
            events: failure.trace.events.len(),
            established: cost.preemptions <= self.clear && is_covered,
            others_fail_with_fewer: self.others_fail_with_fewer,
            is_shortest: is_shortest && is_covered,
            obstacle: uncovered.or(self.obstacle),
        };
        let execution = self.original.execution;
        Ok(Failure { execution, minimality: Some(minimality), ..failure })
    }

    /// Reaches the failure once, if it can be done directly.
    fn start(&mut self) {
        let mut guide = Guide::new(&self.original.trace);
        let mut follow: Box<dyn SearchStrategy> = match turns_of(self.original) {
            Some(turns) => Box::new(Replay::new(turns)),
            None => Box::new(Guided::new(|view| guide.wish(view))),
        };
        self.search(follow.as_mut(), self.limit);
    }

    /// Finds the least number of preemptions; says whether it is known to be the least.
    fn minimize_preemptions(&mut self) -> bool {
        for bound in 0.. {
            if self.best.as_ref().is_some_and(|best| bound >= best.cost.preemptions) {
                return true;
            }
            let mut bounded = Bounded::new(bound);
            match self.search(&mut bounded, self.limit) {
                Searched::Found => return true,
                Searched::Nothing { .. } if is_everything(&bounded) => return true,
                Searched::Nothing { others_fail } => {
                    self.clear = bound + 1;
                    self.others_fail_with_fewer |= others_fail;
                }
                Searched::Cut => return false,
            }
        }
        false
    }

    fn minimize_switches(&mut self) -> bool {
        while let Some(Cost { preemptions, switches, .. }) = self.cost() {
            let Some(fewer) = switches.checked_sub(1) else { return true };
            let mut bounded = Bounded::new(preemptions).switches(fewer);
            match self.search(&mut bounded, self.limit) {
                Searched::Found => {}
                Searched::Nothing { .. } => return true,
                Searched::Cut => return false,
            }
        }
        true
    }

    fn minimize_events(&mut self) -> bool {
        while let Some(Cost { preemptions, switches, events, .. }) = self.cost() {
            let Some(fewer) = events.checked_sub(1) else { return true };
            let mut bounded = Bounded::new(preemptions).switches(switches).events(fewer);
            match self.search(&mut bounded, self.limit) {
                Searched::Found => {}
                Searched::Nothing { .. } => return true,
                Searched::Cut => return false,
            }
        }
        true
    }

    /// Leaves out switches from one thread to another, many at first, then fewer at a time, as long
    /// as what is left fails in the same way (Zeller, Hildebrandt, "Simplifying and Isolating
    /// Failure-Inducing Input", IEEE TSE 2002).
    fn simplify(&mut self) {
        let Some(Turns(turns)) = self.best.as_ref().and_then(|best| turns_of(&best.failure)) else {
            return;
        };
        let mut kept = switches(&turns);
        let mut size = kept.len();
        while size > 0 {
            let mut start = 0;
            while start < kept.len() {
                let end = kept.len().min(start + size);
                let fewer = [&kept[..start], &kept[end..]].concat();
                let mut plan = Plan::new(&turns, &fewer);
                let searched = self.search(&mut Guided::new(|view| plan.wish(view)), self.limit);
                match searched {
                    Searched::Found => kept = fewer,
                    Searched::Nothing { .. } => start = end,
                    Searched::Cut => return,
                }
            }
            size /= 2;
        }
    }

    fn cost(&self) -> Option<Cost> {
        self.best.as_ref().map(|best| best.cost)
    }

    /// Runs what `strategy` picks until an execution fails in the way that is looked for and is
    /// shorter than the best so far, which it replaces.
    fn search(&mut self, strategy: &mut dyn SearchStrategy, limit: Duration) -> Searched {
        let mut catch = Catch::new(self.run, &self.original.defect, self.cost());
        let searched = catch.search(strategy, self.began + limit);
        if catch.found.is_some() {
            self.best = catch.found;
        }
        match catch.obstacle {
            Some(Obstacle::Time(_)) => self.obstacle = Some(Obstacle::Time(self.limit)),
            Some(obstacle) => self.obstacle = Some(obstacle),
            None => {}
        }
        searched
    }
}

/// Whether the search left nothing out: more preemptions would not find more.
fn is_everything(bounded: &Bounded) -> bool {
    bounded.is_exhaustive()
}

/// What the searches do not cover of what the model uses.
fn uncovered(run: &Run) -> Option<Obstacle> {
    let counts = run.counts();
    let spot = counts.blind_spots.first().map(ToString::to_string);
    let kept = || counts.kept_data.first().map(|object| format!("what {object} keeps"));
    spot.or_else(kept).map(Obstacle::Uncovered)
}

/// The turns that lead to a failure, if its schedule is one of the exploring engine.
fn turns_of(failure: &Failure) -> Option<Turns> {
    let schedule = failure.schedule.as_ref();
    schedule.filter(|schedule| schedule.engine() == Engine::Explore)?.turns().ok()
}
