//! The life of a witness in a stranger's crate: proved, broken, refuted, replayed, mended, gone.

use crate::stranger::{Run, Stranger};
use crate::{AS_EXPECTED, BROKEN, NO_MODELS, NOT_AS_EXPECTED, STALE};

const WITNESS: &str = "lockproof-witnesses/Stock-gives_the_last_item_away_once.json";

const MODELS: &str = r#"
use lockproof::sync::Arc;
use lockproof::thread;
use lockproof_check::Model;
use stranger::Stock;

#[test]
fn stock_gives_the_last_item_once() {
    Model::new("Stock", "gives the last item away once", || {
        let stock = Arc::new(Stock::with(1));
        let other = Arc::clone(&stock);
        let child = thread::spawn(move || other.take());
        let mine = stock.take();
        let theirs = child.join().unwrap();
        assert!(mine != theirs, "the last item is given away once");
    })
    .is_proved();
}
"#;

/// A stock whose `take` has this body.
fn library(take: &str) -> String {
    format!(
        r#"
use lockproof::extension::Named;
use lockproof::sync::Mutex;

pub struct Stock {{
    items: Mutex<u32>,
}}

impl Stock {{
    pub fn with(items: u32) -> Self {{
        Self {{ items: Mutex::new(items).named("stock.items") }}
    }}

    pub fn take(&self) -> bool {{
        {take}
    }}
}}
"#
    )
}

const LOCKED: &str = "\
let mut items = self.items.lock().unwrap();
        let is_left = *items > 0;
        *items -= u32::from(is_left);
        is_left";

const TWO_STEPS: &str = "\
let seen = *self.items.lock().unwrap();
        if seen > 0 {
            *self.items.lock().unwrap() = seen - 1;
        }
        seen > 0";

const LOCKED_WITHOUT_ANY_USE_OF_IT: &str = "*self.items.lock().unwrap() == 1";

fn prove(stranger: &Stranger) -> Run {
    stranger.prove(&["--engines", "std,explore"])
}

fn replay(stranger: &Stranger) -> Run {
    stranger.lockproof(&["replay", "--debug", WITNESS])
}

#[test]
fn a_witness_lives_from_the_mistake_to_its_mending() {
    let stranger = Stranger::new("life", &library(LOCKED), MODELS);
    let run = prove(&stranger);
    assert_eq!(run.exit, AS_EXPECTED, "the stock is proved:\n{run}");
    assert!(!stranger.path(WITNESS).exists(), "there is nothing to bear witness to");

    stranger.write("src/lib.rs", &library(TWO_STEPS));
    let run = prove(&stranger);
    assert_eq!(run.exit, NOT_AS_EXPECTED, "the stock is refuted:\n{run}");
    for part in [
        format!("the witness was written to {WITNESS}; commit it"),
        format!("cargo lockproof replay {WITNESS}"),
        "shortest form: needs 1 preemption; none fails with fewer".to_owned(),
    ] {
        assert!(run.report.contains(&part), "the report says `{part}`:\n{run}");
    }
    assert!(stranger.read(WITNESS).contains("\"schedule\": \"explore/1 "), "the file can be read");

    explained_from_the_file_alone(&stranger);
    listed_with_its_model(&stranger);

    let run = replay(&stranger);
    assert_eq!(run.exit, NOT_AS_EXPECTED, "the defect comes again:\n{run}");
    for part in [&format!("the witness {WITNESS} fails again"), "lock stock.items", "src/lib.rs:"] {
        assert!(run.report.contains(part), "the replay shows `{part}`:\n{run}");
    }
    let run = prove(&stranger);
    assert_eq!(run.exit, NOT_AS_EXPECTED, "it runs first in the next test:\n{run}");
    assert!(run.report.contains("a witness fails already"), "and nothing after it:\n{run}");

    mended(&stranger);
}

fn explained_from_the_file_alone(stranger: &Stranger) {
    let run = stranger.lockproof(&["explain", WITNESS]);
    assert_eq!(run.exit, AS_EXPECTED, "the file is enough:\n{run}");
    for part in ["found by ", "shortest form: ", "lock stock.items", "the schedule: explore/1 "] {
        assert!(run.report.contains(part), "the account has `{part}`:\n{run}");
    }
    assert_eq!(run.progress, "", "nothing is built for it");
}

fn listed_with_its_model(stranger: &Stranger) {
    let run = stranger.lockproof(&["list", "--debug"]);
    assert_eq!(run.exit, AS_EXPECTED, "the models are listed:\n{run}");
    let parts = [
        "Stock",
        "gives the last item away once",
        "proved",
        "1",
        "stock_gives",
        "tests/models.rs:",
    ];
    let is_row = |line: &str| parts.iter().all(|part| line.contains(part));
    assert!(run.report.lines().any(is_row), "a row has {parts:?}:\n{run}");
}

fn mended(stranger: &Stranger) {
    stranger.write("src/lib.rs", &library(LOCKED));
    let run = replay(stranger);
    assert!([AS_EXPECTED, STALE].contains(&run.exit), "it does not fail any more:\n{run}");
    let told = ["its defect is gone", "no longer fits"];
    assert!(told.iter().any(|part| run.report.contains(part)), "it is told:\n{run}");
    let run = prove(stranger);
    assert_eq!(run.exit, AS_EXPECTED, "the mended stock is proved:\n{run}");
    assert!(run.report.contains(WITNESS), "and its witness is told of:\n{run}");
    assert!(stranger.path(WITNESS).exists(), "it is the author's to delete");
}

#[test]
fn a_witness_that_no_longer_fits_is_stale() {
    let stranger = Stranger::new("stale", &library(TWO_STEPS), MODELS);
    assert_eq!(prove(&stranger).exit, NOT_AS_EXPECTED, "the stock is refuted");
    stranger.write("src/lib.rs", &library("true"));
    let run = replay(&stranger);
    assert!([STALE, NOT_AS_EXPECTED].contains(&run.exit), "another program runs:\n{run}");
    stranger.write("src/lib.rs", &library(LOCKED_WITHOUT_ANY_USE_OF_IT));
    stranger.write("tests/models.rs", &MODELS.replace("assert!(mine", "let _ = (mine"));
    let run = replay(&stranger);
    assert_eq!(run.exit, STALE, "the model ends before the schedule does:\n{run}");
    assert!(run.report.contains("at step "), "it says where:\n{run}");
}

#[test]
fn what_cannot_be_replayed_is_told_apart() {
    let stranger = Stranger::new("told_apart", &library(LOCKED), MODELS);
    let run = stranger.lockproof(&["replay", "--debug", "no-such-file.json"]);
    assert_eq!(run.exit, BROKEN, "there is no such file:\n{run}");
    assert!(run.progress.contains("no-such-file.json"), "it is named:\n{run}");
    stranger.write("nonsense.json", "{");
    for command in ["replay", "explain"] {
        let run = stranger.lockproof(&[command, "--debug", "nonsense.json"]);
        assert_eq!(run.exit, BROKEN, "the file is no witness:\n{run}");
        assert!(run.progress.contains("is damaged or no witness"), "it is told:\n{run}");
    }
}

#[test]
fn a_model_is_explained_by_running_it() {
    let stranger = Stranger::new("explained", &library(LOCKED), MODELS);
    let explain = |name| stranger.lockproof(&["explain", "--debug", "--engines", "std", name]);
    let run = explain("last item");
    assert_eq!(run.exit, AS_EXPECTED, "a part of the property is enough:\n{run}");
    for part in
        ["Stock gives the last item away once (tests/models.rs:", "expected: proved", "passed"]
    {
        assert!(run.report.contains(part), "the account has `{part}`:\n{run}");
    }
    let run = explain("no such model");
    assert_eq!(run.exit, NO_MODELS, "no model is called so:\n{run}");
    assert!(run.progress.contains("cargo lockproof list"), "the way out:\n{run}");
}
