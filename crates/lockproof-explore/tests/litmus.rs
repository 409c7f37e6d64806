//! Litmus tests: the outcomes that sequential consistency allows, all of them and no others.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::atomic::Ordering::SeqCst;

use lockproof_explore::{Atomic, Exhaustive, Options, explore, here, join, spawn};

/// What a thread of a litmus test does.
#[derive(Clone, Copy)]
enum Step {
    Read(usize),
    Write(usize, u64),
}

use Step::{Read, Write};

/// The values read in each execution, thread by thread; with `finals`, the last values, too.
fn outcomes(threads: &'static [&'static [Step]], finals: bool) -> BTreeSet<Vec<u64>> {
    let seen = Rc::new(RefCell::new(BTreeSet::new()));
    let collected = Rc::clone(&seen);
    let outcome = explore(&Options::default(), &mut Exhaustive::new(), &mut (), move || {
        let variables = [Atomic::new(0), Atomic::new(0)];
        let reads: Vec<Rc<RefCell<Vec<u64>>>> = threads.iter().map(|_| Rc::default()).collect();
        let children: Vec<_> = threads
            .iter()
            .zip(&reads)
            .map(|(steps, reads)| {
                let reads = Rc::clone(reads);
                spawn(move || run(steps, variables, &reads), here())
            })
            .collect();
        for child in children {
            join(child, here()).unwrap();
        }
        let mut values: Vec<u64> = reads.iter().flat_map(|reads| reads.borrow().clone()).collect();
        if finals {
            values.extend(variables.map(Atomic::peek));
        }
        seen.borrow_mut().insert(values);
    });
    assert!(outcome.is_complete() && outcome.failure.is_none());
    collected.borrow().clone()
}

fn run(steps: &[Step], variables: [Atomic; 2], reads: &RefCell<Vec<u64>>) {
    for step in steps {
        match *step {
            Read(variable) => {
                let value = variables[variable].load(SeqCst, here());
                reads.borrow_mut().push(value);
            }
            Write(variable, value) => variables[variable].store(value, SeqCst, here()),
        }
    }
}

#[test]
fn store_buffering_has_three_outcomes() {
    let outcomes = outcomes(&[&[Write(0, 1), Read(1)], &[Write(1, 1), Read(0)]], false);
    assert_eq!(outcomes.len(), 3);
    assert!(!outcomes.contains(&vec![0, 0]), "one of the writes comes first");
}

#[test]
fn message_passing_has_three_outcomes() {
    let outcomes = outcomes(&[&[Write(0, 1), Write(1, 1)], &[Read(1), Read(0)]], false);
    assert_eq!(outcomes.len(), 3);
    assert!(!outcomes.contains(&vec![1, 0]), "the flag comes after the message");
}

#[test]
fn load_buffering_has_three_outcomes() {
    let outcomes = outcomes(&[&[Read(0), Write(1, 1)], &[Read(1), Write(0, 1)]], false);
    assert_eq!(outcomes.len(), 3);
    assert!(!outcomes.contains(&vec![1, 1]), "one of the reads comes first");
}

#[test]
fn two_plus_two_writes_have_three_outcomes() {
    let outcomes = outcomes(&[&[Write(0, 1), Write(1, 2)], &[Write(1, 1), Write(0, 2)]], true);
    assert_eq!(outcomes.len(), 3);
    assert!(!outcomes.contains(&vec![1, 1]), "one thread's second write is the last of all");
}

#[test]
fn independent_reads_of_independent_writes_have_fifteen_outcomes() {
    let threads: &[&[Step]] =
        &[&[Write(0, 1)], &[Write(1, 1)], &[Read(0), Read(1)], &[Read(1), Read(0)]];
    let outcomes = outcomes(threads, false);
    assert_eq!(outcomes.len(), 15);
    assert!(!outcomes.contains(&vec![1, 0, 1, 0]), "all threads see the writes in one order");
}
