//! Records survive the way through a file, and a file that is no record is told apart.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use lockproof_check::{Demonstration, FileError, Model, Record};

/// An empty directory of this test's own.
fn directory(test: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("cargo's directory for tests can be written");
    path
}

fn demonstration() -> Record {
    let lines = vec!["makes 4".to_owned()];
    Record::Demonstration(Demonstration { title: "two plus two".to_owned(), lines })
}

#[test]
fn what_is_written_is_what_is_read() {
    let directory = directory("what_is_written_is_what_is_read");
    let refuted =
        Record::Model(Box::new(Model::new("sum", "is 5", || assert_eq!(2 + 2, 5)).check()));
    let held = Record::Model(Box::new(Model::new("sum", "is 4", || assert_eq!(2 + 2, 4)).check()));
    let records = [refuted, held, demonstration()];
    for record in &records {
        record.write_to(&directory).unwrap();
    }
    assert_eq!(Record::read_all(&directory).unwrap(), records);
}

/// What a model leaves behind whose execution was too long to keep whole.
const LONG: &str = r#"{"version": 3, "record": "model", "subject": "Counter", "property": "counts",
    "location": "a.rs:1:1", "test": null, "expectation": null, "runs": [{
        "engine": "explore", "search": null, "ending": "failed", "failure": {
            "execution": 1, "defect": {"kind": "panic", "sentence": "panic in main: lost"},
            "trace": {
                "threads": ["main"],
                "objects": [{"name": "total", "kind": "atomic", "created": "a.rs:1:1"}],
                "events": [{"thread": 0, "operation": "exit", "location": "a.rs:2:1"}],
                "gap": {"before": 0, "events": 9000,
                        "state": {"holds": [], "waits": [], "values": [[0, "8999"]]}}
            }
        }
    }]}"#;

#[test]
fn a_long_execution_survives_the_way_through_a_file() {
    let directory = directory("a_long_execution_survives_the_way_through_a_file");
    let path = directory.join("long.json");
    fs::write(&path, LONG).unwrap();
    let read = Record::read_from(&path).unwrap();
    let written = read.write_to(&directory).unwrap();
    assert_eq!(Record::read_from(&written).unwrap(), read, "what is written is what is read");
    let Record::Model(model) = read else { panic!("it is a model") };
    let failure = model.runs[0].verdict().failure().expect("it is refuted");
    let gap = failure.trace.gap.as_ref().expect("events were left out");
    assert_eq!(gap.state.values[&0], "8999", "the values at the end of the gap are kept");
}

#[test]
fn other_files_are_not_looked_at() {
    let directory = directory("other_files_are_not_looked_at");
    fs::write(directory.join("notes.txt"), "no record").unwrap();
    fs::write(directory.join("half.draft"), "{").unwrap();
    assert_eq!(Record::read_all(&directory).unwrap(), []);
}

#[test]
fn a_record_of_another_version_is_refused_by_name() {
    let directory = directory("a_record_of_another_version_is_refused_by_name");
    let path = directory.join("1.json");
    fs::write(&path, r#"{"version": 1, "record": "prophecy"}"#).unwrap();
    let error = Record::read_all(&directory).unwrap_err();
    assert!(error.to_string().contains("has version 1"), "the version is what is wrong: {error}");
    assert!(error.to_string().contains(path.to_str().unwrap()), "the file is named: {error}");
    assert!(error.to_string().contains("use the same version"), "the way out: {error}");
}

#[test]
fn a_truncated_record_is_refused_by_name() {
    let directory = directory("a_truncated_record_is_refused_by_name");
    let path = demonstration().write_to(&directory).unwrap();
    let text = fs::read(&path).unwrap();
    for length in 0..text.len() {
        fs::write(&path, &text[..length]).unwrap();
        let error = Record::read_from(&path).unwrap_err();
        assert!(is_malformed(&error), "{length} bytes are no record: {error}");
        assert!(error.to_string().contains("delete it"), "the way out: {error}");
    }
}

#[test]
fn a_bad_record_leaves_the_others_readable() {
    let directory = directory("a_bad_record_leaves_the_others_readable");
    fs::write(directory.join("0.json"), "{").unwrap();
    demonstration().write_to(&directory).unwrap();
    let (records, unread) = Record::read_each(&directory).unwrap();
    assert_eq!(records, [demonstration()], "the good one is read");
    assert!(matches!(&unread[..], [error] if is_malformed(error)), "the bad one: {unread:?}");
}

#[test]
fn nonsense_is_refused_by_name() {
    let directory = directory("nonsense_is_refused_by_name");
    let path = directory.join("nonsense.json");
    for nonsense in ["[]", "null", r#"{"version": 3}"#, r#"{"version": -1}"#, "\u{0}"] {
        fs::write(&path, nonsense).unwrap();
        let error = Record::read_from(&path).unwrap_err();
        assert!(is_malformed(&error), "`{nonsense}` is no record: {error}");
        assert!(error.to_string().contains("nonsense.json"), "the file is named: {error}");
    }
}

#[test]
fn a_directory_that_does_not_exist_is_an_error_with_its_name() {
    let missing = directory("missing").join("not_there");
    let error = demonstration().write_to(&missing).unwrap_err();
    assert!(is_io(&error), "the file system refuses: {error}");
    assert!(error.to_string().contains("not_there"), "the path is named: {error}");
    assert!(error.to_string().contains("LOCKPROOF_RECORDS"), "the way out: {error}");
    assert!(is_io(&Record::read_all(&missing).unwrap_err()), "reading fails, too");
}

fn is_malformed(error: &FileError) -> bool {
    error.to_string().contains("is damaged or no record")
}

fn is_io(error: &FileError) -> bool {
    error.source().is_some_and(<dyn Error>::is::<std::io::Error>)
}
