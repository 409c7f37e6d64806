//! Directed sampling: it leads threads to the given deadlock, however late they reach it, and ends
//! every execution that has none.

use lockproof_explore::{
    Bug, CycleEdge, Directed, Findings, Mutex, NamedPlace, Options, Place, Random, SearchStrategy,
    explore, here, join, spawn,
};

/// The number of times that each thread uses another lock before the two.
const HARMLESS: usize = 10;

fn named(place: Place) -> NamedPlace {
    NamedPlace { file: place.file().to_owned(), line: place.line(), column: place.column() }
}

/// The places where the two threads acquire the locks: `main` the first and the second, the child the
/// second and the first.
struct Places {
    main: [Place; 2],
    child: [Place; 2],
}

impl Places {
    fn new() -> Self {
        Self { main: [here(), here()], child: [here(), here()] }
    }

    fn approaches(&self) -> Vec<CycleEdge> {
        let approach = |thread: &str, [holding, taking]: [Place; 2]| CycleEdge {
            thread: thread.to_owned(),
            holding: named(holding),
            taking: named(taking),
        };
        vec![approach("0", self.main), approach("0.0", self.child)]
    }
}

fn nest(locks: [Mutex; 2], [outer, inner]: [Place; 2]) {
    locks[0].lock(outer);
    locks[1].lock(inner);
    locks[1].unlock(here());
    locks[0].unlock(here());
}

/// Opposite orders at the end of long threads, under a gate lock or not.
fn opposite_orders(places: &Places, gated: bool) {
    let [first, second, other, gate] = [(); 4].map(|()| Mutex::new());
    let course = move |locks: [Mutex; 2], at: [Place; 2]| {
        for _ in 0..HARMLESS {
            other.lock(here());
            other.unlock(here());
        }
        if gated {
            gate.lock(here());
        }
        nest(locks, at);
        if gated {
            gate.unlock(here());
        }
    };
    let at_child = places.child;
    let child = spawn(move || course([second, first], at_child), here());
    course([first, second], places.main);
    join(child, here()).unwrap();
}

fn run(strategy: &mut dyn SearchStrategy, model: impl Fn() + 'static) -> Findings {
    explore(&Options::default(), strategy, &mut (), model)
}

fn is_deadlock(outcome: &Findings) -> bool {
    let bug = outcome.failure.as_ref().map(|failure| &failure.bug);
    matches!(bug, Some(Bug::Deadlock { .. }))
}

#[test]
fn one_directed_execution_reaches_a_deadlock_that_random_ones_miss() {
    let (mut directed, mut random) = (0, 0);
    for seed in 0..50 {
        let places = Places::new();
        let mut strategy = Directed::new(seed, 1, places.approaches());
        directed += i32::from(is_deadlock(&run(&mut strategy, move || {
            opposite_orders(&places, false);
        })));
        let places = Places::new();
        let mut strategy = Random::new(seed, 1);
        random += i32::from(is_deadlock(&run(&mut strategy, move || {
            opposite_orders(&places, false);
        })));
    }
    assert_eq!(directed, 50, "every execution reaches it");
    assert!(random < 25, "chance alone seldom does: {random} of 50");
}

#[test]
fn a_gate_lets_every_directed_execution_end() {
    let places = Places::new();
    let mut strategy = Directed::new(0, 100, places.approaches());
    let outcome = run(&mut strategy, move || opposite_orders(&places, true));
    assert_eq!((outcome.executions, outcome.failures), (100, 0), "nobody is paused for ever");
}

#[test]
fn approaches_that_no_thread_takes_leave_random_sampling() {
    let [there, elsewhere] = [here(), here()];
    let approach = |thread: &str| CycleEdge {
        thread: thread.to_owned(),
        holding: named(there),
        taking: named(elsewhere),
    };
    let mut strategy = Directed::new(0, 20, vec![approach("0"), approach("0.7")]);
    let outcome = run(&mut strategy, || {
        let lock = Mutex::new();
        let child = spawn(move || nest([lock, Mutex::new()], [here(), here()]), here());
        nest([lock, Mutex::new()], [here(), here()]);
        join(child, here()).unwrap();
    });
    assert_eq!((outcome.executions, outcome.failures), (20, 0));
}

#[test]
fn a_place_that_is_passed_again_and_again_is_no_trap() {
    let places = Places::new();
    let mut strategy = Directed::new(3, 20, places.approaches());
    let outcome = run(&mut strategy, move || {
        let (first, second) = (Mutex::new(), Mutex::new());
        let at_child = places.child;
        // Both go through the places in the same order of locks: paused, but never in a cycle.
        let rounds = move |at: [Place; 2]| (0..3).for_each(|_| nest([first, second], at));
        let child = spawn(move || rounds(at_child), here());
        rounds(places.main);
        join(child, here()).unwrap();
    });
    assert_eq!((outcome.executions, outcome.failures), (20, 0));
}
