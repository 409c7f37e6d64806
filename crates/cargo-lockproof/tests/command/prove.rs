//! `cargo lockproof prove` in a stranger's crate, outside this workspace.

use crate::stranger::{LOCKED, MODELS, Stranger, UNLOCKED};
use crate::{AS_EXPECTED, BUILD_FAILED, NO_MODELS, NOT_AS_EXPECTED, TESTS_FAILED, USAGE};

#[test]
fn a_right_subject_and_a_wrong_twin_are_as_expected() {
    let stranger = Stranger::new("right", LOCKED, MODELS);
    let run = stranger.prove(&["--engines", "std"]);
    assert_eq!(run.exit, AS_EXPECTED, "everything is as expected:\n{run}");
    for row in [
        ["Counter", "counts every increment", "std", "stress", "passed"],
        ["ForgetfulCounter (twin)", "counts every increment", "std", "stress", "refuted: panic"],
    ] {
        let is_row = |line: &str| row.iter().all(|cell| line.contains(cell));
        assert!(run.report.lines().any(is_row), "the table has the row {row:?}:\n{run}");
    }
    for part in [
        "ForgetfulCounter counts every increment: refuted, as expected (tests/models.rs:",
        "panic in main: assertion `left == right` failed: every increment is counted; left: 1; right: 2",
        "a thousand increments\n  counted 1000\n",
    ] {
        assert!(run.report.contains(part), "the report says `{part}`:\n{run}");
    }
    assert!(
        run.report
            .ends_with("0 proved, 1 passed, 0 refuted as expected, 1 left to luck, 0 unexpected\n"),
        "the tally concludes the report:\n{run}"
    );
}

#[test]
fn a_broken_subject_is_explained() {
    let stranger = Stranger::new("broken", UNLOCKED, MODELS);
    let run = stranger.prove(&["--engines", "std"]);
    assert_eq!(run.exit, NOT_AS_EXPECTED, "the subject is refuted:\n{run}");
    let account = run.report.split("NOT AS EXPECTED").nth(1).expect("the alarm is raised");
    for part in [
        "Counter counts every increment (tests/models.rs:",
        "expected: proved",
        "but std refutes it: panic in main: ",
        "1 unexpected",
    ] {
        assert!(account.contains(part), "the account says `{part}`:\n{run}");
    }
}

#[test]
fn a_filter_chooses_models() {
    let stranger = Stranger::new("filtered", LOCKED, MODELS);
    let run = stranger.prove(&["--engines", "std", "--filter", "forgetful"]);
    assert_eq!(run.exit, AS_EXPECTED, "the twin is as expected:\n{run}");
    assert!(!run.report.contains("\nCounter "), "the subject was not asked for:\n{run}");
    let run = stranger.prove(&["--engines", "std", "--filter", "no_such_test"]);
    assert_eq!(run.exit, NO_MODELS, "no test has this name:\n{run}");
    assert!(run.progress.contains("no_such_test"), "the filter is named:\n{run}");
}

#[test]
fn a_failing_test_that_is_no_model_is_not_lost() {
    let models = format!(
        "{MODELS}\n#[test]\nfn arithmetic_is_wrong() {{ assert_eq!(2 + 2, 5, \"a plain test\"); }}"
    );
    let run = Stranger::new("plain_failure", LOCKED, &models).prove(&["--engines", "std"]);
    assert_eq!(run.exit, TESTS_FAILED, "a test failed that left no verdict:\n{run}");
    assert!(run.report.contains("left no verdict: arithmetic_is_wrong"), "it is named:\n{run}");
    assert!(run.report.contains("a plain test"), "its output is shown:\n{run}");
    assert!(run.report.contains("1 passed"), "the models are reported all the same:\n{run}");
}

#[test]
fn a_crash_is_not_lost() {
    let models = format!(
        "{MODELS}\n#[test]\nfn process_dies() {{ eprintln!(\"last words\"); std::process::abort(); }}"
    );
    let run = Stranger::new("crash", LOCKED, &models).prove(&["--engines", "std"]);
    assert_eq!(run.exit, TESTS_FAILED, "the test executable died:\n{run}");
    assert!(run.report.contains("crashed: signal: 6"), "the signal is named:\n{run}");
}

#[test]
fn a_test_executable_that_does_not_end_is_stopped() {
    let models = "#[test] fn never_ends() { loop { std::thread::park() } }";
    let stranger = Stranger::new("endless", LOCKED, models);
    let run = stranger.prove(&["--engines", "std", "--timeout", "1"]);
    assert_eq!(run.exit, TESTS_FAILED, "the time is up:\n{run}");
    assert!(run.report.contains("stopped after 1 s"), "the limit is named:\n{run}");
}

#[test]
fn a_crate_without_models_says_what_to_do() {
    let plain = Stranger::new("no_models", LOCKED, "#[test] fn nothing() {}");
    let run = plain.prove(&["--engines", "std"]);
    assert_eq!(run.exit, NO_MODELS, "no test is a model:\n{run}");
    assert!(run.progress.contains("no test uses `lockproof_check::Model`"), "the way out:\n{run}");

    let without_check = Stranger::new("no_dependency", LOCKED, "#[test] fn nothing() {}");
    without_check.drop_dependency_on_check();
    let run = without_check.prove(&["--engines", "std"]);
    assert_eq!(run.exit, NO_MODELS, "no package can have models:\n{run}");
    assert!(run.progress.contains("lockproof-check as a dev-dependency"), "the way out:\n{run}");
}

#[test]
fn tests_that_do_not_compile_show_the_compiler_s_words() {
    let stranger = Stranger::new("does_not_compile", LOCKED, "#[test] fn wrong() { nonsense }");
    let run = stranger.prove(&["--engines", "std"]);
    assert_eq!(run.exit, BUILD_FAILED, "the build fails:\n{run}");
    assert!(run.progress.contains("cannot find value `nonsense`"), "cargo says why:\n{run}");
    assert_eq!(run.report, "", "there is nothing to report");
}

#[test]
fn an_unknown_package_is_bad_usage() {
    let stranger = Stranger::new("unknown_package", LOCKED, MODELS);
    let run = stranger.prove(&["--package", "strangest"]);
    assert_eq!(run.exit, USAGE, "the package does not exist:\n{run}");
    assert!(run.progress.contains("it has stranger"), "the known ones are named:\n{run}");
}

/// A model that takes a few seconds, and one that does not.
const SLOW_MODEL: &str = r#"
use lockproof_check::Model;

#[test]
fn sleeper_sleeps() {
    let nap = || std::thread::sleep(std::time::Duration::from_millis(150));
    Model::new("Sleeper", "takes a nap", nap).stress_runs(20).passes();
}

#[test]
fn nobody_waits() {
    Model::new("Nobody", "waits", || ()).passes();
}
"#;

#[cfg(target_os = "linux")]
#[test]
fn what_takes_long_is_shown_in_a_terminal_and_nowhere_else() {
    let stranger = Stranger::new("slow", LOCKED, SLOW_MODEL);
    let plain = stranger.prove(&["--engines", "std"]);
    assert_eq!(plain.exit, AS_EXPECTED, "the models hold:\n{plain}");
    for printed in [&plain.report, &plain.progress] {
        assert!(!printed.contains("of about"), "nobody looks, nothing is shown:\n{plain}");
    }
    let shown = stranger.prove_in_terminal(&["--engines", "std"]);
    assert_eq!(shown.exit, AS_EXPECTED, "it is the same run:\n{shown}");
    for part in [" of about 20 executions, ", ": Sleeper takes a nap on std"] {
        assert!(shown.report.contains(part), "the slow model has a line with `{part}`:\n{shown}");
    }
    assert!(!shown.report.contains("Nobody waits on"), "a quick model has none:\n{shown}");
    // The report is the same but for the measured times.
    let table = |text: &str| text.matches("2 passed, 0 refuted as expected").count();
    assert_eq!((table(&plain.report), table(&shown.report)), (1, 1), "{shown}");
}
