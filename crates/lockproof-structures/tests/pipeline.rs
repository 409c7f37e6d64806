//! The pipeline example as its user sees it: arguments in, streams and exit code out.

#[path = "../examples/pipeline/command.rs"]
mod command;
#[path = "../examples/pipeline/concurrent.rs"]
mod concurrent;
#[path = "../examples/pipeline/outcome.rs"]
mod outcome;
#[path = "../examples/pipeline/sequential.rs"]
mod sequential;
#[path = "../examples/pipeline/source.rs"]
mod source;
#[path = "../examples/pipeline/trade.rs"]
mod trade;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lockproof_structures::{LockedRecordMap, ShardedRecordMap, UnlockedRecordMap};

use trade::{Malformed, Trade};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/records.csv");

/// Runs the command, and returns its exit code, output and error output.
fn run(arguments: &[&str]) -> (ExitCode, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = command::run(arguments.iter().map(Into::into), &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("the command writes UTF-8");
    (code, text(out), text(err))
}

/// A file of the given content, named after its test.
fn file(name: &str, content: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, content).expect("cargo's directory for tests can be written");
    path
}

#[test]
fn the_sample_is_aggregated_as_in_one_thread() {
    let (code, out, err) = run(&[]);
    assert_eq!(code, ExitCode::SUCCESS, "{out}");
    assert!(out.contains("5000 rows, 4992 trades, 8 malformed"), "{out}");
    assert!(out.contains("as in one thread, nothing lost"), "{out}");
    assert_eq!(err.lines().count(), 8, "each malformed row is reported once");
    assert!(err.contains("records.csv:618: the row has 5 fields: it takes 6"), "{err}");
}

#[test]
fn both_maps_come_to_the_sequential_result() {
    let path = Path::new(SAMPLE);
    let expected = sequential::run(path).expect("the sample can be read");
    assert!(expected.is_complete(), "every row is a trade or malformed");
    let locked = concurrent::run(path, &LockedRecordMap::new());
    assert_eq!(locked.expect("the sample can be read"), expected);
    let sharded = concurrent::run(path, &ShardedRecordMap::new());
    assert_eq!(sharded.expect("the sample can be read"), expected);
}

#[test]
fn the_unlocked_map_loses_trades_and_the_report_says_so() {
    let expected = sequential::run(Path::new(SAMPLE)).expect("the sample can be read");
    let found = concurrent::run(Path::new(SAMPLE), &UnlockedRecordMap::new())
        .expect("the sample can be read");
    assert_eq!((found.rows, &found.malformed), (expected.rows, &expected.malformed));
    assert!(found.trades() <= expected.trades(), "trades are lost, never invented");

    // Whether a run on real threads loses any is luck: the exit code says what happened.
    let (code, out, _) = run(&["--unlocked"]);
    if code == ExitCode::SUCCESS {
        assert!(out.contains("nothing lost, by luck"), "{out}");
    } else {
        assert_eq!(code, ExitCode::from(1));
        assert!(out.contains("NOT as in one thread"), "{out}");
        assert!(out.contains("instruments are wrong"), "{out}");
    }
}

#[test]
fn malformed_rows_have_a_line_and_a_reason_and_spoil_no_other() {
    let content = b"id,time,instrument,side,quantity,price\r\n\
        1,2026-03-02T09:00:00Z,ACME,buy,5,10.00\r\n\
        \r\n\
        2,2026-03-02T09:00:01Z,\"ACME,buy,5,10.00\r\n\
        3,2026-03-02T09:00:02Z,\xff,buy,5,10.00\r\n\
        4,2026-03-02T09:00:03Z,\"ACME\",sell,5,12.00";
    let path = file("malformed.csv", content);
    let (code, out, err) = run(&[path.to_str().expect("cargo's directory is UTF-8")]);
    assert_eq!(code, ExitCode::SUCCESS, "{out}");
    assert!(out.contains("4 rows, 2 trades, 2 malformed"), "{out}");
    assert!(out.contains("110.00         10.00         12.00"), "{out}");
    assert!(err.contains("malformed.csv:4: the row has 3 fields: it takes 6"), "{err}");
    assert!(err.contains("malformed.csv:5: the row is not UTF-8: convert the file"), "{err}");
}

#[test]
fn a_missing_file_is_named_with_the_way_out() {
    let (code, out, err) = run(&["no/such/file.csv"]);
    assert_eq!(code, ExitCode::from(2));
    assert!(out.is_empty(), "{out}");
    assert!(err.contains("cannot read no/such/file.csv"), "{err}");
    assert!(err.contains("name a file that can be read"), "{err}");
}

#[test]
fn a_file_of_something_else_is_refused_at_its_header() {
    let path = file("other.csv", b"name,age\nAda,36\n");
    let (code, _, err) = run(&[path.to_str().expect("cargo's directory is UTF-8")]);
    assert_eq!(code, ExitCode::from(2));
    assert!(err.contains("other.csv:1: no file of trades"), "{err}");
}

#[test]
fn unknown_arguments_are_refused_and_help_is_given() {
    let (code, _, err) = run(&["--locked"]);
    assert_eq!(code, ExitCode::from(2));
    assert!(err.contains("`--locked`: see `--help`"), "{err}");
    let (code, _, err) = run(&["one.csv", "two.csv"]);
    assert_eq!(code, ExitCode::from(2));
    assert!(err.contains("`two.csv`"), "{err}");
    let (code, out, _) = run(&["--help"]);
    assert_eq!(code, ExitCode::SUCCESS);
    assert!(out.starts_with("usage: pipeline"), "{out}");
}

#[test]
fn fields_are_checked_one_by_one() {
    let parse = |row: &str| Trade::parse(row.as_bytes());
    let trade = Trade { instrument: "ACME".to_owned(), quantity: 5, cents: 1_050 };
    assert_eq!(parse("1,2026-03-02T09:00:00Z,ACME,buy,5,10.50"), Ok(trade));
    let column_of = |row: &str| match parse(row) {
        Err(Malformed::Field { column, .. }) => column,
        other => panic!("one field is wrong: {other:?}"),
    };
    assert_eq!(column_of("x,2026-03-02T09:00:00Z,ACME,buy,5,10.50"), "id");
    assert_eq!(column_of("1,2026-03-02 09:00:00Z,ACME,buy,5,10.50"), "time");
    assert_eq!(column_of("1,2026-03-02T09:00:00Z, ,buy,5,10.50"), "instrument");
    assert_eq!(column_of("1,2026-03-02T09:00:00Z,ACME,BUY,5,10.50"), "side");
    assert_eq!(column_of("1,2026-03-02T09:00:00Z,ACME,buy,5.5,10.50"), "quantity");
    for price in ["10.5", "10.505", "-1.00", "+1.00", ".50", "1e3", "", "42949673.00"] {
        let row = format!("1,2026-03-02T09:00:00Z,ACME,buy,5,{price}");
        assert_eq!(column_of(&row), "price", "{price}");
    }
}
