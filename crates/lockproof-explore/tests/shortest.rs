//! Bounded searches find the shortest failing executions: as short as those of brute force.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering::SeqCst;

use lockproof_explore::{
    Alternative, Atomic, Bounded, Condvar, Cost, FinishedExecution, Guided, Measured, Mutex,
    Observer, Options, Pick, SearchStrategy, StopReason, ThreadId, Turn, View, choose, explore,
    here, join, spawn,
};

/// Every schedule, one after the other.
#[derive(Default)]
struct BruteForce {
    forks: Vec<Vec<(ThreadId, Alternative)>>,
    depth: usize,
    begun: bool,
}

impl SearchStrategy for BruteForce {
    fn begin(&mut self) -> bool {
        self.depth = 0;
        if !std::mem::replace(&mut self.begun, true) {
            return true;
        }
        while let Some(fork) = self.forks.last_mut() {
            fork.pop();
            if !fork.is_empty() {
                return true;
            }
            self.forks.pop();
        }
        false
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        if self.depth == self.forks.len() {
            let mut ways = Vec::new();
            for thread in view.enabled() {
                let mut alternatives = Vec::new();
                view.alternatives(thread, &mut alternatives);
                ways.extend(alternatives.into_iter().map(|alternative| (thread, alternative)));
            }
            if ways.is_empty() {
                return Pick::Nothing;
            }
            self.forks.push(ways);
        }
        self.depth += 1;
        let (thread, alternative) = *self.forks[self.depth - 1].last().expect("a way is left");
        Pick::Run(thread, alternative)
    }
}

/// Whether some execution failed.
#[derive(Default)]
struct Fails(bool);

impl Observer for Fails {
    fn execution_ended(&mut self, execution: &FinishedExecution<'_>) -> ControlFlow<()> {
        self.0 = execution.failure.is_some();
        if self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

fn options() -> Options {
    Options { stop_at_failure: false, cut_failures: true, ..Options::default() }
}

/// The cost of the first execution that fails under the strategy.
fn first(strategy: &mut dyn SearchStrategy, model: fn()) -> Option<Cost> {
    let mut measured = Measured::new(strategy);
    let outcome = explore(&options(), &mut measured, &mut Fails::default(), model);
    (outcome.stop_reason == StopReason::Stopped).then(|| measured.cost())
}

/// The least cost of all schedules that fail.
fn least_of_all(model: fn()) -> Option<Cost> {
    let (mut brute_force, mut least) = (BruteForce::default(), None::<Cost>);
    while let Some(cost) = first(&mut Again(&mut brute_force), model) {
        least = Some(least.map_or(cost, |least| least.min(cost)));
    }
    least
}

/// Continues in a new exploration, whose threads have the same numbers: one thread spawns all.
struct Again<'a>(&'a mut BruteForce);

impl SearchStrategy for Again<'_> {
    fn begin(&mut self) -> bool {
        self.0.begin()
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        self.0.pick(view)
    }
}

/// The same by bounded searches.
fn least_of_bounded(model: fn()) -> Option<Cost> {
    let mut least = (0..9).find_map(|bound| first(&mut Bounded::new(bound), model))?;
    while let Some(fewer) = least.switches.checked_sub(1)
        && let Some(cost) = first(&mut Bounded::new(least.preemptions).switches(fewer), model)
    {
        least = cost;
    }
    loop {
        let bounded = Bounded::new(least.preemptions).switches(least.switches);
        match first(&mut bounded.events(least.events - 1), model) {
            Some(cost) => least = cost,
            None => return Some(least),
        }
    }
}

fn fail_if(condition: bool) {
    if condition {
        std::panic::resume_unwind(Box::new("as it should"));
    }
}

fn lost_update() {
    let total = Atomic::new(0);
    let add = move || {
        let seen = total.load(SeqCst, here());
        total.store(seen + 1, SeqCst, here());
    };
    let children = [spawn(add, here()), spawn(add, here())];
    for child in children {
        join(child, here()).unwrap();
    }
    fail_if(total.peek() != 2);
}

fn seen_falling() {
    let (flag, seen) = (Atomic::new(0), Atomic::new(0));
    let look = move || {
        let rose = flag.load(SeqCst, here()) == 1;
        let fell = flag.load(SeqCst, here()) == 0;
        seen.store(u64::from(rose && fell), SeqCst, here());
    };
    let child = spawn(look, here());
    flag.store(1, SeqCst, here());
    flag.store(0, SeqCst, here());
    join(child, here()).unwrap();
    fail_if(seen.peek() == 1);
}

fn opposite_orders() {
    let (one, other) = (Mutex::new(), Mutex::new());
    let both = move |first: Mutex, second: Mutex| {
        first.lock(here());
        second.lock(here());
        second.unlock(here());
        first.unlock(here());
    };
    let child = spawn(move || both(other, one), here());
    both(one, other);
    join(child, here()).unwrap();
}

fn lost_wake_up() {
    let (mutex, condvar) = (Mutex::new(), Condvar::new());
    let child = spawn(move || _ = condvar.notify_one(here()), here());
    mutex.lock(here());
    condvar.wait(mutex, false, here());
    mutex.unlock(here());
    join(child, here()).unwrap();
}

fn unlucky_choice() {
    let atomic = Atomic::new(0);
    let child = spawn(move || atomic.store(u64::from(choose(3, here())), SeqCst, here()), here());
    let early = atomic.load(SeqCst, here());
    join(child, here()).unwrap();
    fail_if(early == 2);
}

#[test]
fn bounded_searches_come_to_the_least_of_all() {
    for model in [lost_update, seen_falling, opposite_orders, lost_wake_up, unlucky_choice] {
        let least = least_of_all(model);
        assert!(least.is_some(), "the model fails");
        assert_eq!(least_of_bounded(model), least);
    }
}

#[test]
fn what_never_fails_costs_nothing() {
    let model = || drop(join(spawn(|| {}, here()), here()));
    assert_eq!(least_of_all(model), None);
    assert_eq!((0..3).find_map(|bound| first(&mut Bounded::new(bound), model)), None);
}

#[test]
fn a_search_without_switches_sees_no_child() {
    let outcome = explore(&options(), &mut Bounded::new(9).switches(0), &mut (), lost_update);
    assert_eq!((outcome.executions, outcome.failures), (0, 0), "main waits for its children");
    assert!(!outcome.is_complete(), "and the search does not say that it was everything");
}

#[test]
fn wishes_that_cannot_be_met_are_passed_over() {
    let wish = |_: &View<'_>| Some(Turn::of("0.7"));
    let outcome = explore(&options(), &mut Guided::new(wish), &mut (), lost_update);
    assert_eq!((outcome.executions, outcome.failures), (1, 0), "it ran to its end");
}
