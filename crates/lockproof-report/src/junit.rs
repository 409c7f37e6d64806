//! The report as JUnit XML, for continuous integration: a suite for each subject, a test case for
//! each of its models and engines.
//!
//! A case fails if its run stands against the expectation, so a twin that is refuted as expected
//! passes. What XML cannot hold is shown escaped, as in the text.

use lockproof_record::{EngineRun, LockOrder, Report, Verdict, one_line};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use crate::{Appearance, Results, RunError, explanation};

/// The document.
///
/// ```
/// use lockproof_report::{Results, junit};
///
/// let text = junit::of(&Results::default());
/// assert!(text.contains(r#"<testsuites name="lockproof" tests="0" "#), "{text}");
/// ```
#[expect(clippy::missing_panics_doc, reason = "a document in memory can be written")]
pub fn of(results: &Results) -> String {
    let mut document = quick_junit::Report::new("lockproof");
    for models in results.models().chunk_by(|one, next| one.subject == next.subject) {
        let mut suite = TestSuite::new(one_line(&models[0].subject));
        for model in models {
            suite.add_test_cases(model.runs.iter().map(|run| case(model, run)));
            suite.add_test_cases(as_a_whole(model));
        }
        document.add_test_suite(suite);
    }
    if !results.troubles().is_empty() {
        let mut suite = TestSuite::new("test executables");
        suite.add_test_cases(results.troubles().iter().map(error));
        document.add_test_suite(suite);
    }
    document.to_string().expect("a document in memory can be written")
}

/// A case for what stands against the expectation and is in no engine's run: what all executions
/// show about the order of locks, and witnesses that say nothing about the model any more.
fn as_a_whole(model: &Report) -> Option<TestCase> {
    let of_runs: Vec<_> = model.runs.iter().filter_map(|run| model.objection_to(run)).collect();
    let mut objections = model.objections();
    objections.retain(|objection| !of_runs.contains(objection));
    if objections.is_empty() {
        return None;
    }
    let order = model.lock_order.as_ref();
    let confirmed = order.into_iter().flat_map(LockOrder::confirmations);
    let timelines: Vec<_> =
        confirmed.map(|failure| explanation::of_failure(failure, Appearance::default())).collect();
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type("objection").set_message(one_line(&objections.join("; ")));
    status.set_description(timelines.join("\n"));
    Some(new_case(model, "as a whole", status))
}

fn new_case(model: &Report, source: &str, status: TestCaseStatus) -> TestCase {
    let name = one_line(&format!("{} [{source}]", model.property));
    let mut case = TestCase::new(name, status);
    case.set_classname(one_line(&model.subject));
    case.extra.insert("file".into(), one_line(&model.location.file).into());
    case.extra.insert("line".into(), model.location.line.to_string().into());
    case
}

fn case(model: &Report, run: &EngineRun) -> TestCase {
    let mut case = new_case(model, &run.engine().to_string(), status(model, run));
    if let Some(search) = run.search() {
        case.set_time(search.elapsed);
    }
    if model.objection_to(run).is_none() && run.search().is_some() {
        case.set_system_out(account(run));
    }
    case
}

fn status(model: &Report, run: &EngineRun) -> TestCaseStatus {
    if let Some(objection) = model.objection_to(run) {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        let kind = match run.verdict() {
            Verdict::Refuted { failure } => failure.defect.kind.to_string(),
            verdict => verdict.word().to_owned(),
        };
        status.set_type(kind).set_message(one_line(&objection));
        let files = model.witness_files.iter().map(|file| one_line(&file.to_string()) + "\n");
        status.set_description(account(run) + &files.collect::<String>());
        return status;
    }
    match run.verdict() {
        Verdict::Skipped { reason } => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(one_line(reason));
            status
        }
        _ => TestCaseStatus::success(),
    }
}

/// The verdict, and for a failure its timeline.
fn account(run: &EngineRun) -> String {
    let verdict = match run.verdict() {
        Verdict::Passed { missing } => format!("passed; not covered: {}", missing.join("; ")),
        verdict => verdict.to_string(),
    };
    format!("{}\n{}", one_line(&verdict), explanation::failure_shown(run, Appearance::default()))
}

fn error(RunError { place, message, output }: &RunError) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(one_line(message)).set_description(output.as_str());
    TestCase::new(one_line(place), status)
}
