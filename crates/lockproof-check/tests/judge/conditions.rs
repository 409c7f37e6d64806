//! Each condition on the history that tells it from the next weaker one, and what becomes of calls
//! that never return.

use lockproof::calls::{Calls, LoggedCall, Mark};
use lockproof::engine::{Condition, Happened};
use lockproof_check::Specification;
use lockproof_check::judge::{
    CallMark, Judge, MOST_CALLS, MOST_THREADS, Misuse, Reason, Violation,
};

/// A queue of numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Queue(Vec<u8>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Operation {
    /// Returns 0.
    Push(u8),
    /// Waits for an item and returns it.
    Pop,
    /// Returns the first item or 0.
    Look,
}

use Operation::{Look, Pop, Push};

impl Specification for Queue {
    type Operation = Operation;
    type Return = u8;

    fn apply(&mut self, operation: &Operation) -> u8 {
        match *operation {
            Push(item) => {
                self.0.push(item);
                0
            }
            Pop => self.0.remove(0),
            Look => self.0.first().copied().unwrap_or(0),
        }
    }

    fn waits(&self, operation: &Operation) -> bool {
        *operation == Pop && self.0.is_empty()
    }
}

/// A call of a history, and when it began and returned.
#[derive(Clone, Copy, Debug)]
struct Interval {
    thread: usize,
    operation: Operation,
    begin: u32,
    /// With what it returned; `None`: it never did.
    end: Option<(u32, u8)>,
    part: usize,
}

fn call(thread: usize, operation: Operation, begin: u32, end: u32, result: u8) -> Interval {
    Interval { thread, operation, begin, end: Some((end, result)), part: 0 }
}

fn pending(thread: usize, operation: Operation, begin: u32) -> Interval {
    Interval { thread, operation, begin, end: None, part: 0 }
}

fn calls(intervals: &[Interval]) -> Calls<u8> {
    let mut calls = Calls::default();
    let mut marks = Vec::new();
    for (call, interval) in intervals.iter().enumerate() {
        let Interval { thread, part, .. } = *interval;
        let result = interval.end.map(|(_, result)| result);
        calls.calls.push(LoggedCall { thread, call, part, result });
        marks.push((interval.begin, Mark { call, returns: false, moment: None }));
        marks.extend(interval.end.map(|(at, _)| (at, Mark { call, returns: true, moment: None })));
    }
    marks.sort_by_key(|(at, _)| *at);
    calls.marks = marks.into_iter().map(|(_, mark)| mark).collect();
    calls
}

fn judge(condition: Condition, intervals: &[Interval], at_standstill: bool) -> Option<Violation> {
    let operations = intervals.iter().map(|interval| interval.operation).collect();
    let mut judge = Judge::new(condition, &Queue::default(), operations);
    judge.judge(&calls(intervals), &Happened::InOrder, at_standstill).unwrap()
}

/// The conditions that the history meets.
fn met(intervals: &[Interval]) -> Vec<Condition> {
    let all = [
        Condition::Linearizability,
        Condition::SequentialConsistency,
        Condition::QuiescentConsistency,
        Condition::Serializability,
        Condition::ThreadSerializability,
    ];
    all.into_iter().filter(|condition| judge(*condition, intervals, false).is_none()).collect()
}

#[test]
fn calls_that_overlap_may_take_effect_in_either_order() {
    let history = [call(0, Push(1), 0, 3, 0), call(1, Push(2), 1, 2, 0), call(1, Pop, 4, 5, 2)];
    assert_eq!(
        met(&history),
        [
            Condition::Linearizability,
            Condition::SequentialConsistency,
            Condition::QuiescentConsistency,
            Condition::Serializability,
            Condition::ThreadSerializability,
        ]
    );
}

/// Both conditions keep something that the other one does not.
#[test]
fn sequential_consistency_forgets_time_between_threads() {
    let history = [call(0, Push(1), 0, 1, 0), call(1, Look, 2, 3, 0)];
    assert_eq!(
        met(&history),
        [
            Condition::SequentialConsistency,
            Condition::Serializability,
            Condition::ThreadSerializability,
        ]
    );
}

#[test]
fn quiescent_consistency_forgets_the_order_of_a_thread_while_another_call_is_in_progress() {
    let history = [
        call(0, Push(3), 0, 9, 0),
        call(1, Push(1), 1, 2, 0),
        call(1, Push(2), 3, 4, 0),
        call(1, Pop, 10, 11, 2),
    ];
    assert_eq!(met(&history), [Condition::QuiescentConsistency, Condition::Serializability]);
}

#[test]
fn serializability_forgets_all_order() {
    let history = [call(0, Look, 0, 1, 1), call(0, Push(1), 2, 3, 0)];
    assert_eq!(met(&history), [Condition::Serializability]);
}

#[test]
fn serializability_of_threads_keeps_the_calls_of_a_thread_together() {
    let history = [call(0, Look, 0, 1, 0), call(1, Push(1), 2, 3, 0), call(0, Look, 4, 5, 1)];
    assert_eq!(
        met(&history),
        [
            Condition::Linearizability,
            Condition::SequentialConsistency,
            Condition::QuiescentConsistency,
            Condition::Serializability,
        ]
    );
}

#[test]
fn parts_stay_in_order_under_every_condition() {
    let before = call(0, Look, 0, 1, 1);
    let after = Interval { part: 1, ..call(1, Push(1), 2, 3, 0) };
    assert_eq!(met(&[before, after]), []);
}

#[test]
fn the_call_that_nothing_explains_is_named() {
    let history = [call(0, Push(1), 0, 1, 0), call(1, Pop, 2, 3, 2), call(0, Pop, 4, 5, 1)];
    let violation = judge(Condition::Linearizability, &history, false).unwrap();
    assert_eq!(violation.reason, Reason::Returned { call: 1 });
    assert_eq!(
        violation.sentence(&[Push(1), Pop, Pop]),
        "when Pop returns, no order of the calls so far that keeps real time has these results"
    );
    let moment = |call, returns| CallMark { call, returns };
    let whole = [(0, false), (0, true), (1, false), (1, true), (2, false), (2, true)];
    assert_eq!(violation.history, whole.map(|(call, returns)| moment(call, returns)));
}

#[test]
fn a_call_that_never_returned_may_have_taken_effect_or_not() {
    for seen in [0, 1] {
        let history = [pending(0, Push(1), 0), call(1, Look, 1, 2, seen)];
        assert_eq!(judge(Condition::Linearizability, &history, false), None, "it looks at {seen}");
    }
    let late = [call(1, Look, 0, 1, 1), pending(0, Push(1), 2)];
    assert!(judge(Condition::Linearizability, &late, false).is_some(), "it had not begun");
}

#[test]
fn a_standstill_is_explained_only_by_a_state_in_which_the_call_has_to_wait() {
    let conditions = [
        Condition::Linearizability,
        Condition::SequentialConsistency,
        Condition::QuiescentConsistency,
        Condition::Serializability,
        Condition::ThreadSerializability,
    ];
    for condition in conditions {
        let waits = [pending(0, Pop, 0), call(1, Look, 1, 2, 0)];
        assert_eq!(judge(condition, &waits, true), None, "nothing was pushed: {condition}");

        let lost = [pending(0, Pop, 0), call(1, Push(1), 1, 2, 0)];
        let violation = judge(condition, &lost, true).expect("the wake-up is lost");
        assert_eq!(violation.reason, Reason::Waits { calls: vec![0] });
        let sentence = violation.sentence(&[Pop, Push(1)]);
        assert!(sentence.starts_with("Pop never returns, but no order"), "{sentence}");

        let two = [pending(0, Pop, 0), pending(2, Pop, 1), call(1, Push(1), 2, 3, 0)];
        let violation = judge(condition, &two, true).expect("one of them has what it needs");
        assert_eq!(violation.reason, Reason::Waits { calls: vec![0, 1] });

        let never = [pending(0, Push(1), 0)];
        assert!(judge(condition, &never, true).is_some(), "a push does not wait: {condition}");
    }
}

#[test]
fn executions_that_cannot_be_told_apart_are_judged_once() {
    let history = [call(0, Push(1), 0, 1, 0), call(1, Look, 2, 3, 0)];
    let operations = vec![Push(1), Look];
    let mut judge = Judge::new(Condition::Linearizability, &Queue::default(), operations);
    let first = judge.judge(&calls(&history), &Happened::InOrder, false).unwrap();
    assert!(first.is_some());
    let again = judge.judge(&calls(&history), &Happened::InOrder, false).unwrap();
    assert_eq!(again, first, "a search that goes on finds the same fault again");
    assert_eq!(judge.distinct_histories(), 1);
    let overlapping = [call(0, Push(1), 0, 3, 0), call(1, Look, 1, 2, 0)];
    assert_eq!(judge.judge(&calls(&overlapping), &Happened::InOrder, false).unwrap(), None);
    assert_eq!(judge.distinct_histories(), 2, "the same results in another order");
}

#[test]
fn without_a_clear_order_only_that_of_threads_and_parts_counts() {
    let missed = [call(0, Push(1), 0, 1, 0), call(1, Look, 2, 3, 0)];
    let backwards = [call(0, Push(1), 0, 1, 0), call(0, Look, 2, 3, 0)];
    for (history, explained) in [(missed, true), (backwards, false)] {
        let operations = vec![Push(1), Look];
        let mut judge = Judge::new(Condition::Linearizability, &Queue::default(), operations);
        let judged = judge.judge(&calls(&history), &Happened::Unclear, false).unwrap();
        assert_eq!(judged.is_none(), explained);
    }
}

#[test]
fn as_many_calls_as_there_may_be_are_judged() {
    // In each round all threads make a call at the same time.
    let mut overlapping = Vec::new();
    for round in 0..MOST_CALLS / MOST_THREADS {
        let begin = u32::try_from(round).unwrap() * 2;
        overlapping
            .extend((0..MOST_THREADS).map(|thread| call(thread, Push(1), begin, begin + 1, 0)));
    }
    assert_eq!(overlapping.len(), MOST_CALLS);
    assert_eq!(judge(Condition::SequentialConsistency, &overlapping, false), None);
    assert_eq!(judge(Condition::Linearizability, &overlapping, false), None);
    let result = std::panic::catch_unwind(|| {
        let operations = vec![Push(1); MOST_CALLS + 1];
        Judge::new(Condition::Linearizability, &Queue::default(), operations)
    });
    let message = result.expect_err("there are too many").downcast::<String>().unwrap();
    assert_eq!(*message, "a scenario of 65 calls cannot be judged: make it 64 calls at most");
}

/// A specification that is of no use.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Useless;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Nonsense {
    Panic,
    Guess,
}

impl Specification for Useless {
    type Operation = Nonsense;
    type Return = u32;

    fn apply(&mut self, operation: &Nonsense) -> u32 {
        thread_local! {
            static GUESSES: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
        }
        match operation {
            Nonsense::Panic => panic!("there is no such thing"),
            Nonsense::Guess => {
                GUESSES.set(GUESSES.get() + 1);
                GUESSES.get()
            }
        }
    }
}

#[test]
fn a_specification_that_is_no_use_is_an_error_that_says_how_to_mend_it() {
    for (operation, mend) in [
        (Nonsense::Panic, "Let `apply` return a value"),
        (Nonsense::Guess, "Let `apply` depend on the"),
    ] {
        let mut judge = Judge::new(Condition::Linearizability, &Useless, vec![operation]);
        let log = lockproof::calls::CallLog::default();
        log.perform(0, 0, || 1);
        let error = judge.judge(&log.take(), &Happened::InOrder, false).unwrap_err();
        assert!(error.to_string().contains(mend), "{error}");
        let is_panic = matches!(error, Misuse::Panics { .. });
        assert_eq!(is_panic, operation == Nonsense::Panic);
    }
}
