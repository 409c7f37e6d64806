//! The models whose witnesses are looked at: one model before and after changes to its code.
//!
//! Each is a test that others run in a process of its own; run with the rest it does nothing.

use lockproof::sync::Arc;
use lockproof::sync::atomic::AtomicU64;
use lockproof::sync::atomic::Ordering::SeqCst;
use lockproof::thread;
use lockproof_check::{Expected, Model};

use crate::process::not_wanted;

/// Subject and property of all models but one.
pub(crate) const NAMES: (&str, &str) = ("Total", "counts every addition");

fn add(total: &AtomicU64) {
    total.store(total.load(SeqCst) + 1, SeqCst);
}

fn two_additions(add: fn(&AtomicU64)) -> u64 {
    let total = Arc::new(AtomicU64::new(0));
    let other = Arc::clone(&total);
    let child = thread::spawn(move || add(&other));
    add(&total);
    child.join().unwrap();
    total.load(SeqCst)
}

fn model(body: fn()) -> Model {
    leave_out(Model::new(NAMES.0, NAMES.1, body).samples(500).stress_runs(1))
}

fn leave_out(model: Model) -> Model {
    not_wanted().fold(model, |model, engine| model.not_on(engine, "this is about another engine"))
}

fn lost_update() {
    assert_eq!(two_additions(add), 2, "both additions count");
}

#[test]
#[ignore = "run by other tests"]
fn broken() {
    model(lost_update).is_proved();
}

#[test]
#[ignore = "run by other tests"]
fn twin() {
    model(lost_update).is_refuted_by(Expected::panic("both additions count"));
}

#[test]
#[ignore = "run by other tests"]
fn kept_twin() {
    model(lost_update).keep_witness(true).is_refuted_by(Expected::panic("both additions count"));
}

#[test]
#[ignore = "run by other tests"]
fn always_broken() {
    let body = || panic!("always");
    leave_out(Model::new("Panic", "never panics", body).stress_runs(1)).passes();
}

/// The same code at another place.
#[test]
#[ignore = "run by other tests"]
fn moved() {
    model(|| assert_eq!(two_additions(add), 2, "both additions count")).is_proved();
}

/// The same steps, and a property that they have.
#[test]
#[ignore = "run by other tests"]
fn tolerant() {
    model(|| assert!(two_additions(add) > 0, "an addition counts")).passes();
}

/// Another panic after the same steps.
#[test]
#[ignore = "run by other tests"]
fn broken_otherwise() {
    model(|| assert!(two_additions(add) > 1, "no addition is lost")).is_proved();
}

fn no_thread() {
    let total = AtomicU64::new(0);
    total.fetch_add(2, SeqCst);
    assert_eq!(total.load(SeqCst), 2, "both additions count");
}

/// Mended, in a way that leaves nothing of the schedule, and proved by the engines that can.
#[test]
#[ignore = "run by other tests"]
fn mended() {
    model(no_thread).is_proved();
}

/// The same, but no engine proves it.
#[test]
#[ignore = "run by other tests"]
fn mended_without_proof() {
    model(no_thread).preemptions(0).passes();
}
