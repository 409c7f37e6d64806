//! Names and messages come from the code under test; whatever they are, every form stays what it
//! is.

use std::path::Path;

use lockproof_report::{Results, RunError, github, html, json, junit};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::forms::{attributes, objections_of_the_schema};
use crate::records::{model, results, run};

/// Texts that end what they stand in, in one form or the other.
pub(crate) const HOSTILE: [&str; 8] = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a\n::error file=b::c",
    "]]>",
    "\u{1b}[31mred\u{0}\u{7f}",
    "\u{202e}desrever",
    "\"'&<>%,:",
    "",
];

/// A model that fails against its expectation and has these texts in every place for one.
pub(crate) fn hostile(texts: &[String; 4]) -> Results {
    let [subject, thread, operation, message] = texts;
    let failure = json!({"ending": "failed", "failure": {
        "defect": {"kind": "panic", "sentence": message, "message": message, "blocked": [
            {"thread": thread, "waits_for": operation, "location": "a.rs:1:1",
             "held_by": [thread], "holds": [{"lock": subject, "since": "a.rs:1:1"}]},
        ]},
        "execution": 1,
        "trace": {"threads": [thread, subject], "events": [
            {"thread": 0, "operation": operation, "object": subject, "location": "a.rs:2:1"},
            {"thread": 1, "operation": message, "location": "a.rs:3:1", "blocked": true},
        ]},
        "scenario": {"calls": message, "table": operation, "test": message},
    }});
    let proved = json!({"expectation": "proved"});
    let skipped = json!({"engine": "loom", "ending": "skipped",
                         "reason": message, "search": null});
    let runs = json!([run("explore", "exhaustive", 1, failure), skipped]);
    let mut hostile = model(subject, 1, &proved, &runs);
    hostile["property"] = message.as_str().into();
    hostile["outcomes"] = json!({
        "title": message, "engine": "loom", "search": search(message),
        "rows": [{"outcome": operation, "executions": 1, "grade": "allowed"}],
    });
    let demonstration = json!({"record": "demonstration", "title": subject, "lines": [message]});
    results(&[hostile, demonstration]).with_troubles([RunError::new(subject, message, operation)])
}

/// A search that has a text in every place for one.
fn search(text: &str) -> Value {
    json!({
        "strategy": "exhaustive", "executions": 1, "elapsed": {"secs": 0, "nanos": 0},
        "threads": 2, "events": 8, "preemptions": null, "seed": null,
        "blind_spots": [text], "assumptions": [text], "kept_data": [text],
    })
}

fn text() -> impl Strategy<Value = String> {
    let known = proptest::sample::select(&HOSTILE[..]).prop_map(str::to_owned);
    prop_oneof![any::<String>(), known]
}

proptest! {
    #[test]
    fn whatever_a_model_says_every_form_stays_well_formed(
        texts in [text(), text(), text(), text()]
    ) {
        let results = hostile(&texts);
        let document: Value = serde_json::from_str(&json::of(&results)).expect("it is JSON");
        prop_assert_eq!(objections_of_the_schema(&document), [""; 0]);
        prop_assert_eq!(&document["models"][0]["subject"], &texts[0]);

        let xml = junit::of(&results);
        prop_assert_eq!(attributes(&xml, "testcase", "name").len(), 3, "{}", xml);
        prop_assert_eq!(attributes(&xml, "failure", "type").len(), 1, "{}", xml);

        let page = html::of(&results);
        let harmless = texts.each_ref().map(|text| if text.is_empty() { "" } else { "text" });
        let harmless = html::of(&hostile(&harmless.map(str::to_owned)));
        prop_assert_eq!(tags(&page), tags(&harmless), "the markup is the page's own");
        prop_assert!(!page.contains(cannot_be_seen), "nothing hides: {:?}", page);
        for data in data(&page) {
            prop_assert!(serde_json::from_str::<Value>(data).is_ok(), "a script reads it: {}", data);
        }

        let annotations = github::of(&results, Path::new("/r"), Path::new("/r"));
        prop_assert_eq!(annotations.lines().count(), 2, "one command a line: {}", annotations);
        for line in annotations.lines() {
            prop_assert!(line.starts_with("::error "), "nothing else: {}", line);
            prop_assert!(!line.contains(['\r', '\u{1b}', '\u{202e}']), "harmless: {}", line);
        }
    }
}

/// The tags of a page, without the values of their attributes: what texts must not change. Where a
/// browser may break a word depends on the word.
fn tags(page: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        let (mut tag, mut is_quoted) = (String::new(), false);
        for character in rest[start..].chars() {
            is_quoted ^= character == '"';
            if !is_quoted {
                tag.push(character);
            }
            if character == '>' && !is_quoted {
                break;
            }
        }
        rest = &rest[start + 1..];
        if tag != "<wbr>" {
            tags.push(tag);
        }
    }
    tags
}

fn cannot_be_seen(character: char) -> bool {
    let turns = matches!(character, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || (character.is_control() && character != '\n')
}

/// What the page holds for its script.
fn data(page: &str) -> impl Iterator<Item = &str> {
    let data = page.split("data-steps>").skip(1);
    data.map(|rest| rest.split("</script>").next().unwrap_or_default())
}
