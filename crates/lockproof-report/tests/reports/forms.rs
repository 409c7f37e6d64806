//! Each form for programs: its shape by its own rules, and a snapshot of it.

use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use lockproof_report::{Results, github, html, json, junit};
use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};
use serde_json::{Value, json};

use crate::records::{complete, lost_update, model, of_every_end, outcomes, results, run};

fn document(results: &Results) -> Value {
    serde_json::from_str(&json::of(results)).expect("the document is JSON")
}

/// What the documented schema says against the document.
pub(crate) fn objections_of_the_schema(document: &Value) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/report.schema.json");
    let text = std::fs::read_to_string(path).expect("the schema is a file of the workspace");
    let schema = serde_json::from_str(&text).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    validator
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn json_is_as_its_schema_says() {
    let mut cut = lost_update();
    cut["failure"]["trace"]["gap"] = json!({"before": 1, "events": 8_000, "state": {
        "holds": [{"thread": 0, "lock": 0, "mode": "shared", "since": "counter.rs:31:5"}],
        "waits": [{"thread": 1, "operation": "lock", "object": null, "location": "a.rs:1:1"}],
        "values": [[0, "7"]],
    }});
    cut["failure"]["scenario"] = json!({"calls": "take()", "table": "", "test": "", "origin": {
        "calls": "take() | take()",
        "generated": {"seed": 7, "number": 2},
        "shrinking": "+-",
    }});
    let expected = json!({"expectation": "passes"});
    let mut cut = model("Counter", 1, &expected, &json!([run("explore", "exhaustive", 1, cut)]));
    cut["outcomes"] = outcomes(2);
    for results in [Results::default(), of_every_end(), results(&[cut])] {
        assert_eq!(objections_of_the_schema(&document(&results)), [""; 0]);
    }
}

#[test]
fn the_schema_objects_to_what_it_does_not_describe() {
    let mut spoilt = document(&of_every_end());
    spoilt["models"][0]["runs"][0]["verdict"] = "believed".into();
    assert_eq!(objections_of_the_schema(&spoilt).len(), 1, "there is no such verdict");
    let mut spoilt = document(&of_every_end());
    spoilt["models"][2]["runs"][1]["failure"]["trace"]["events"][0]["location"] = "nowhere".into();
    assert_eq!(objections_of_the_schema(&spoilt).len(), 1, "a place has a line and a column");
    let mut spoilt = document(&of_every_end());
    spoilt["models"][2]["runs"][1]["failure"]["scenario"] =
        json!({"calls": "", "table": "", "test": "", "origin": {"calls": "", "shrinking": "?"}});
    assert_eq!(objections_of_the_schema(&spoilt).len(), 1, "a smaller scenario fails or does not");
    let mut spoilt = document(&of_every_end());
    let runs = json!([run("explore", "exhaustive", 1, complete())]);
    let mut counter = model("Counter", 1, &json!({"expectation": "passes"}), &runs);
    counter["outcomes"] = outcomes(2);
    spoilt["models"][0] = document(&results(&[counter]))["models"][0].clone();
    spoilt["models"][0]["outcomes"]["rows"][0]["grade"] = "good".into();
    assert_eq!(objections_of_the_schema(&spoilt).len(), 1, "there is no such grade");
}

#[test]
fn json_reads_as_recorded() {
    assert_snapshot!(json::of(&of_every_end()));
}

#[test]
fn junit_reads_as_a_suite_for_each_subject() {
    assert_snapshot!(junit::of(&of_every_end()));
}

#[test]
fn junit_counts_what_is_against_the_expectation() {
    let text = junit::of(&of_every_end());
    let attributes = |element: &str, name: &str| attributes(&text, element, name);
    assert_eq!(attributes("testsuites", "tests"), ["10"], "a case for each model and engine");
    assert_eq!(attributes("testsuites", "failures"), ["3"], "twins that are refuted pass");
    assert_eq!(attributes("testsuites", "errors"), ["1"], "a crash is no failure of a model");
    assert_eq!(attributes("failure", "type"), ["deadlock", "proved", "inconclusive"]);
    assert_eq!(attributes("skipped", "message"), ["slow"]);
}

/// The attributes of this name of all elements of a name, in the document's order.
pub(crate) fn attributes(text: &str, element: &str, name: &str) -> Vec<String> {
    let mut reader = Reader::from_str(text);
    let mut found = Vec::new();
    loop {
        match reader.read_event().expect("the document is XML") {
            Event::Start(tag) | Event::Empty(tag) if tag.name().as_ref() == element.as_bytes() => {
                let attribute = tag.try_get_attribute(name).expect("attributes are well formed");
                let value = attribute
                    .expect("the element has the attribute")
                    .normalized_value(XmlVersion::default());
                found.push(value.expect("the value is well formed").into_owned());
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn annotations_stand_at_the_offending_line() {
    let repository = PathBuf::from("/home/ci/repository");
    assert_snapshot!(github::of(&of_every_end(), &repository.join("rust"), &repository));
}

#[test]
fn what_fails_outside_of_the_repository_is_shown_at_its_model() {
    let (workspace, repository) = (Path::new("/somewhere/else"), Path::new("/repository"));
    let text = github::of(&of_every_end(), workspace, repository);
    assert!(!text.contains("file="), "no path is of any use: {text}");
    assert!(text.contains("the model stands at tests/counter.rs:30"), "the text names it: {text}");
}

#[test]
fn the_page_without_its_style_and_script_is_as_it_was() {
    let page = html::of(&of_every_end());
    let (_, rest) = page.split_once("</style>").expect("the style is in the head");
    let (body, _) = rest.rsplit_once("<script>").expect("the script is at the end");
    // A line for each element, so that a change can be read.
    assert_snapshot!(body.replace("><", ">\n<"));
}

#[test]
fn the_page_shows_the_calls_of_a_scenario_its_test_and_the_outcomes() {
    let mut refuted = lost_update();
    refuted["failure"]["scenario"] = json!({"calls": "add() | add()",
        "table": "main      thread 1\n----      --------\n.- add()\n", "test": "fn in_this_scenario()"});
    let runs = json!([run("explore", "exhaustive", 1, refuted)]);
    let mut counter = model("Counter", 1, &json!({"expectation": "passes"}), &runs);
    counter["outcomes"] = outcomes(2);
    let page = html::of(&results(&[counter]));
    for part in [
        "main      thread 1\n----      --------\n.- add()",
        "fn in_this_scenario()",
        "<td data-label=\"Outcome\">1 | 0</td><td class=\"number\" data-label=\"Interleavings\">1,200",
        "forbidden <strong>wrong</strong>",
        "Every interleaving was explored.",
    ] {
        assert!(page.contains(part), "the page has {part:?}: {page}");
    }
}

#[test]
fn the_page_needs_nothing_beside_it() {
    let page = html::of(&of_every_end());
    for reference in ["src=", "http:", "https:", "url(h", "@import", "<link", "<base"] {
        assert!(!page.contains(reference), "the page refers to something by `{reference}`");
    }
}
