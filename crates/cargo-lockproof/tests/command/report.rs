//! `cargo lockproof report`, `completions` and `man` in a stranger's crate, outside this workspace.

use std::fs;

use crate::stranger::{LOCKED, MODELS, Stranger, UNLOCKED};
use crate::{AS_EXPECTED, BROKEN, NO_MODELS, NOT_AS_EXPECTED, USAGE};

/// A record of a demonstration.
const RECORD: &str =
    r#"{"version": 3, "record": "demonstration", "title": "kept", "lines": ["as it was"]}"#;
/// A record of a model with a hostile name, which is refuted though it should be proved.
const HOSTILE: &str = r#"{"version": 3, "record": "model",
    "subject": "</script>\u001b[31m\n::error::", "property": "is shown safely",
    "location": "tests/models.rs:1:1", "test": null, "expectation": {"expectation": "proved"},
    "runs": [{"engine": "explore", "ending": "failed", "search": null,
        "failure": {"execution": 1, "trace": {"threads": [], "events": []},
            "defect": {"kind": "panic", "sentence": "lost", "location": "src/lib.rs:7:5"}}}]}"#;

const RUN: [&str; 4] = ["report", "--debug", "--engines", "std"];

#[test]
fn one_run_gives_every_form() {
    let stranger = Stranger::new("every_form", UNLOCKED, MODELS);
    let forms = ["--html", "out/", "--json", "out/r.json", "--junit", "r.xml", "--text", "r.txt"];
    let run = stranger.lockproof(&[&RUN[..], &forms, &["--github"]].concat());
    assert_eq!(run.exit, NOT_AS_EXPECTED, "the subject is refuted:\n{run}");
    assert!(
        stranger.read("out/index.html").contains("<h1>1 model is not as expected</h1>"),
        "{run}"
    );
    assert!(stranger.read("out/r.json").contains(r#""format": "lockproof-report""#), "{run}");
    assert!(stranger.read("r.xml").contains(r#"failures="1""#), "{run}");
    assert!(stranger.read("r.txt").contains("NOT AS EXPECTED"), "{run}");
    assert!(
        run.report.starts_with("::error file=src/lib.rs,line=7,")
            && run.report.lines().count() == 1,
        "the annotation is at the failing assertion, and nothing else is printed:\n{run}"
    );
    for path in ["out/index.html", "out/r.json", "r.xml", "r.txt"] {
        assert!(run.progress.contains(&format!("wrote {path}\n")), "{path} is announced:\n{run}");
    }
}

#[test]
fn a_form_goes_to_standard_output_if_asked() {
    let stranger = Stranger::new("standard_output", LOCKED, MODELS);
    let run = stranger.lockproof(&[&RUN[..], &["--text", "-"]].concat());
    assert_eq!(run.exit, AS_EXPECTED, "everything is as expected:\n{run}");
    assert!(run.report.starts_with("subject or twin"), "it is the text and nothing else:\n{run}");
    let run = stranger.lockproof(&["report", "--text", "-", "--json", "-"]);
    assert_eq!(run.exit, USAGE, "two forms would be mixed:\n{run}");
    assert!(run.progress.contains("name files for the others"), "the way out:\n{run}");
}

#[test]
fn a_report_that_cannot_be_written_is_refused_before_anything_runs() {
    let stranger = Stranger::new("unwritable", LOCKED, MODELS);
    stranger.write("file", "no directory");
    let run = stranger.lockproof(&[&RUN[..], &["--html", "file/report.html"]].concat());
    assert_eq!(run.exit, BROKEN, "a file is no directory:\n{run}");
    assert!(run.progress.contains("cannot write file/report.html"), "it is named:\n{run}");
    assert!(!run.progress.contains("building"), "no time is lost:\n{run}");
}

#[test]
fn a_bad_record_never_loses_the_report_of_the_others() {
    let stranger = Stranger::new("saved", LOCKED, MODELS);
    stranger.write("records/1.json", RECORD);
    stranger.write("records/2.json", "{");
    stranger.write("more/3.json", HOSTILE);
    let source = ["report", "--from", "records", "--from", "more"];
    let run = stranger
        .lockproof(&[&source[..], &["--html", "r.html", "--junit", "r.xml", "--github"]].concat());
    assert_eq!(run.exit, BROKEN, "a record is damaged:\n{run}");
    let page = stranger.read("r.html");
    for part in ["kept", "as it was", "&lt;/script&gt;\\u{1b}[31m; ", "records/2.json is damaged"] {
        assert!(page.contains(part), "the page says `{part}`:\n{run}");
    }
    assert!(stranger.read("r.xml").contains("records/2.json is damaged"), "so does JUnit:\n{run}");
    let commands: Vec<_> = run.report.lines().collect();
    assert_eq!(commands.len(), 2, "one for the model and one for the record:\n{run}");
    assert!(commands.iter().all(|command| command.starts_with("::error ")), "no other:\n{run}");
}

#[test]
fn records_that_are_not_there_are_named() {
    let stranger = Stranger::new("no_records", LOCKED, MODELS);
    let run = stranger.lockproof(&["report", "--json", "-", "--from", "nowhere"]);
    assert_eq!(run.exit, BROKEN, "the directory does not exist:\n{run}");
    assert!(run.progress.contains("nowhere"), "it is named:\n{run}");
    fs::create_dir(stranger.path("empty")).expect("the crate can be written");
    let run = stranger.lockproof(&["report", "--json", "-", "--from", "empty"]);
    assert_eq!(run.exit, NO_MODELS, "there is nothing to report:\n{run}");
    assert!(run.progress.contains("LOCKPROOF_RECORDS"), "the way out:\n{run}");
}

#[test]
fn a_model_that_prints_megabytes_does_not_drown_the_report() {
    let models = r#"
use lockproof_check::Model;

#[test]
fn chatterbox() {
    Model::new("Chatterbox", "ends", || ()).passes();
    for _ in 0..40_000 { println!("{}", "blah ".repeat(20)); }
    std::panic::panic_any(7_u8);
}
"#;
    let stranger = Stranger::new("megabytes", LOCKED, models);
    let run = stranger.lockproof(&[&RUN[..], &["--json", "r.json"]].concat());
    assert_eq!(run.exit, crate::TESTS_FAILED, "the test fails for another reason:\n{run}");
    let json = stranger.read("r.json");
    assert!(json.len() < 100_000, "four megabytes were printed, {} bytes are kept", json.len());
    assert!(json.contains("left no verdict: chatterbox"), "the test is named:\n{run}");
}

/// A panic without a text, and a thread whose name means something to terminals and browsers.
const HOSTILE_MODELS: &str = r#"
use lockproof::thread;
use lockproof_check::Model;

#[test]
fn thrower() {
    Model::new("Thrower", "ends", || std::panic::panic_any(7_u8)).passes();
}

#[test]
fn joker() {
    Model::new("Joker", "ends", || {
        let name = "<b>\u{1b}[31m\u{202e}".to_owned();
        let child = thread::Builder::new().name(name).spawn(|| thread::park()).unwrap();
        child.join().unwrap();
    })
    .not_on(lockproof_check::Engine::Std, "it never ends")
    .passes();
}
"#;

#[test]
fn what_models_throw_and_call_their_threads_is_shown_safely() {
    let stranger = Stranger::new("hostile", LOCKED, HOSTILE_MODELS);
    let words =
        ["report", "--debug", "--engines", "explore", "--html", "r.html", "--text", "r.txt"];
    let run = stranger.lockproof(&words);
    assert_eq!(run.exit, NOT_AS_EXPECTED, "both fail, and neither loses the other:\n{run}");
    let (page, text) = (stranger.read("r.html"), stranger.read("r.txt"));
    assert!(text.contains("Thrower ends") && page.contains("Thrower"), "the payload is no text");
    assert!(page.contains("&lt;b&gt;\\u{1b}[31m\\u{202e}"), "the name is escaped");
    for form in [page, text] {
        assert!(!form.contains(['\u{1b}', '\u{202e}']), "nothing reaches a terminal: {form}");
        assert!(form.contains("2 models are not") || form.contains("2 unexpected"), "{form}");
    }
}

#[test]
fn completions_and_manual_pages_know_the_commands() {
    let stranger = Stranger::new("manual", LOCKED, MODELS);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = stranger.lockproof(&["completions", shell]);
        assert_eq!(run.exit, AS_EXPECTED, "{shell} is known:\n{run}");
        assert!(run.report.contains("junit"), "{shell} completes the flags:\n{run}");
    }
    let run = stranger.lockproof(&["man", "man/man1"]);
    assert_eq!(run.exit, AS_EXPECTED, "the directory is made:\n{run}");
    assert!(stranger.read("man/man1/cargo-lockproof.1").contains("report"), "{run}");
    let report = stranger.read("man/man1/cargo-lockproof-report.1");
    for part in ["junit", "Examples", "Exit codes"] {
        assert!(report.contains(part), "the page of `report` has `{part}`:\n{run}");
    }
}
