//! The strategy is called in the middle of the model, on the stack of the thread that has reached its
//! next operation, and is nevertheless no part of the model.

use std::cell::{Cell, RefCell};
use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::atomic::Ordering::SeqCst;

use lockproof_explore::{
    Atomic, Exhaustive, Options, Pick, SearchStrategy, View, VisibleEvent, explore, here,
    is_running, join, spawn,
};

/// The methods of a strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    Pick(usize),
    Executed(usize),
    End,
}

/// The exhaustive strategy, with a function that is called first.
struct Watching<F> {
    exhaustive: Exhaustive,
    first: F,
}

impl<F: FnMut(Call)> SearchStrategy for Watching<F> {
    fn begin(&mut self) -> bool {
        self.exhaustive.begin()
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        (self.first)(Call::Pick(view.events().len()));
        self.exhaustive.pick(view)
    }

    fn executed(&mut self, event: &VisibleEvent, view: &View<'_>) {
        (self.first)(Call::Executed(view.events().len()));
        self.exhaustive.executed(event, view);
    }

    fn end(&mut self, view: &View<'_>) {
        (self.first)(Call::End);
        self.exhaustive.end(view);
    }

    fn is_exhaustive(&self) -> bool {
        true
    }
}

fn watching<F: FnMut(Call)>(first: F) -> Watching<F> {
    Watching { exhaustive: Exhaustive::new(), first }
}

/// Reports when it is dropped.
struct Dropped(Rc<Cell<u32>>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

fn two_threads() {
    let total = Atomic::new(0);
    let child = spawn(move || _ = total.update(SeqCst, here(), |v| v + 1), here());
    total.update(SeqCst, here(), |value| value + 1);
    join(child, here()).unwrap();
}

#[test]
fn no_model_runs_while_the_strategy_is_asked() {
    let (inside, outside) = (Rc::new(Cell::new(0)), Cell::new(0));
    let seen = Rc::clone(&inside);
    let mut strategy = watching(|_| outside.set(outside.get() + u32::from(!is_running())));
    let outcome = explore(&Options::default(), &mut strategy, &mut (), move || {
        two_threads();
        seen.set(seen.get() + u32::from(is_running()));
    });
    assert!(outcome.is_complete());
    assert_eq!(inside.get(), 2, "the model of each execution is");
    let steps = outcome.facts.total_events;
    assert_eq!(u64::from(outside.get()), 2 * steps + 2 * 2, "at each step and at the two ends");
}

#[test]
fn every_step_is_told_once_and_before_the_next_is_asked_for() {
    let calls = RefCell::new(Vec::new());
    let mut strategy = watching(|call| calls.borrow_mut().push(call));
    let outcome = explore(&Options::default(), &mut strategy, &mut (), two_threads);
    let events = outcome.facts.events;
    let told = (1..=events).flat_map(|step| [Call::Executed(step), Call::Pick(step)]);
    let expected: Vec<_> = [Call::Pick(0)].into_iter().chain(told).chain([Call::End]).collect();
    let calls = calls.take();
    let (first, second) = calls.split_at(calls.len() / 2);
    assert_eq!((first, second), (&expected[..], &expected[..]));
}

#[test]
fn a_strategy_has_stack_of_its_own() {
    #[inline(never)]
    fn deep(depth: usize) -> usize {
        let frame = black_box([depth; 128]);
        if depth == 0 { frame[0] } else { deep(depth - 1) + black_box(frame)[1] }
    }
    let mut strategy = watching(|_| _ = black_box(deep(100)));
    let options = Options { stack_size: 16 * 1024, ..Options::default() };
    let outcome = explore(&options, &mut strategy, &mut (), two_threads);
    assert!(outcome.is_complete(), "{:?}", outcome.failure);
}

#[test]
fn a_panic_of_the_strategy_reaches_the_caller_wherever_it_comes_from() {
    let all = [Call::Pick(0), Call::Pick(1), Call::Executed(1), Call::Executed(3), Call::End];
    for at in all {
        let dropped = Rc::new(Cell::new(0));
        let held = Rc::clone(&dropped);
        let mut strategy = watching(|call| {
            if call == at {
                resume_unwind(Box::new("the strategy gives up"));
            }
        });
        let payload = catch_unwind(AssertUnwindSafe(|| {
            explore(&Options::default(), &mut strategy, &mut (), move || {
                let _held = Dropped(Rc::clone(&held));
                // A model that catches everything does not catch this.
                drop(catch_unwind(two_threads));
            });
        }));
        let payload = payload.expect_err("the panic is passed on");
        assert_eq!(payload.downcast_ref(), Some(&"the strategy gives up"), "{at:?}");
        assert_eq!(dropped.get(), 1, "{at:?}: the model's stacks are unwound");
        let after = explore(&Options::default(), &mut Exhaustive::new(), &mut (), two_threads);
        assert!(after.is_complete(), "{at:?}: the next exploration is none the worse for it");
    }
}
