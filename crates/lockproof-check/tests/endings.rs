//! What the endings of a model demand, on the engines of this build.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::time::Duration;

use lockproof::sync::{Arc, Mutex};
use lockproof::thread;
use lockproof_check::{Engine, Expected, Model, RecordedEngine, Verdict};

const RACE_IS_WON: &str = "the other thread is first";

/// A subject that is right under every schedule.
fn two_locked_increments() {
    let total = Arc::new(Mutex::new(0));
    let other = Arc::clone(&total);
    let child = thread::spawn(move || *other.lock().unwrap() += 1);
    *total.lock().unwrap() += 1;
    child.join().unwrap();
    assert_eq!(*total.lock().unwrap(), 2, "every increment is counted");
}

/// A twin that fails under every schedule, so that its verdict is no luck on any engine.
fn a_false_claim() {
    let flag = Arc::new(Mutex::new(false));
    let other = Arc::clone(&flag);
    thread::spawn(move || *other.lock().unwrap() = true).join().unwrap();
    assert!(!*flag.lock().unwrap(), "{RACE_IS_WON}");
}

fn message_of(test: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(test)).expect_err("the test fails");
    payload.downcast_ref::<String>().expect("the explanation is a text").clone()
}

#[test]
fn a_locked_counter_is_proved() {
    Model::new("Mutex<i32>", "counts every increment", two_locked_increments).is_proved();
}

#[test]
fn a_locked_counter_holds() {
    Model::new("Mutex<i32>", "counts every increment", two_locked_increments).passes();
}

#[test]
fn a_false_claim_is_refuted_by_its_panic() {
    Model::new("flag", "stays false", a_false_claim).is_refuted_by(Expected::panic(RACE_IS_WON));
}

#[test]
fn a_refuted_subject_fails_its_test_with_the_whole_account() {
    let message = message_of(|| {
        Model::new("flag", "stays false", a_false_claim).keep_witness(false).is_proved();
    });
    for part in [
        "flag stays false (crates/lockproof-check/tests/endings.rs:",
        "expected: proved",
        "but std refutes it: panic in main: the other thread is first at ",
        "refuted: panic",
        ", execution 1 of the ",
        "to repeat: ",
        "what to do: mend the subject",
    ] {
        assert!(message.contains(part), "the account lacks `{part}`:\n{message}");
    }
}

#[test]
fn a_model_that_runs_out_of_time_does_not_hold() {
    let message = message_of(|| {
        Model::new("sleep", "ends", || thread::sleep(Duration::from_millis(5)))
            .time(Duration::from_millis(1))
            .not_on(Engine::Loom, "this is about time")
            .not_on(Engine::Shuttle, "this is about time")
            .passes();
    });
    assert!(message.contains("std gave up: out of budget"), "the budget is named:\n{message}");
    assert!(message.contains("not_on"), "the way out is named:\n{message}");
}

#[test]
fn a_clean_run_on_real_threads_is_held_and_says_why() {
    let report = Model::new("Mutex<i32>", "counts every increment", two_locked_increments)
        .stress_runs(3)
        .check();
    let run = report.run_of(RecordedEngine::Std).expect("real threads are always there");
    let missing = vec!["real threads show a defect by luck only".to_owned()];
    assert_eq!(*run.verdict(), Verdict::Passed { missing });
    assert_eq!(run.search().map(|search| search.executions), Some(3));
}

#[test]
fn a_twin_that_real_threads_do_not_refute_is_no_failure() {
    let mut model = Model::new("a twin", "is right by luck", || {});
    for &engine in Engine::available().iter().filter(|engine| engine.is_controlled()) {
        model = model.not_on(engine, "this is about real threads");
    }
    model.is_refuted_by(Expected::deadlock());
}

#[test]
fn the_test_and_the_place_of_a_model_are_known() {
    let report = Model::new("nothing", "does nothing", || {}).check();
    assert!(report.location.file.ends_with("endings.rs"), "the model stands in this file");
    if let Some(test) = report.test {
        assert_eq!(test, "the_test_and_the_place_of_a_model_are_known");
    }
}

#[test]
fn a_record_that_cannot_be_written_fails_the_test() {
    let itself = std::env::current_exe().expect("the test runs from a file");
    let output = Command::new(itself)
        .args(["--exact", "a_locked_counter_holds"])
        .env("LOCKPROOF_RECORDS", "/there/is/no/such/folder")
        .output()
        .expect("the test can be run");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success(), "the test fails:\n{text}");
    assert!(text.contains("cannot write the record /there/is/no/such/folder/"), "why:\n{text}");
}
