//! The sources keep the rules, except where a reason is given; each rule objects to a snippet that
//! breaks it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::modules::Files;
use crate::rules::{self, MANY_LINES, Rule, Source};
use crate::{nothing_to_object, root, tokens};

/// Where the facade lives.
const FACADE: &str = "crates/lockproof/";

/// Where the exploring engine lives, below the facade.
const EXPLORER: &str = "crates/lockproof-explore/";

/// What is excused: the rule, the file or folder, and why.
const EXCUSED: [(&str, &str, &str); 9] = [
    (
        "nothing_hidden",
        "crates/lockproof/src/face/modelled/local_key.rs",
        "`thread_local!` needs it",
    ),
    ("nothing_hidden", "crates/lockproof-check/src/lib.rs", "`specification!` needs it"),
    ("no_engines", FACADE, "it models and drives the engines"),
    ("no_engines", EXPLORER, "its tests and examples name the crate that they belong to"),
    ("no_plain_primitives", FACADE, "it is made of std's primitives, and tested against them"),
    (
        "no_plain_primitives",
        EXPLORER,
        "it takes memory orderings from its callers, asks whether a thread unwinds, numbers \
         executions by an atomic, installs its signal handlers once, and keeps idle stacks under a \
         lock; none of these is part of a model",
    ),
    ("no_features", FACADE, "its features are what chooses the engines"),
    (
        "no_should_panic",
        "crates/lockproof-structures/tests/subjects/record_map.rs",
        "a bad argument panics; no twin is concerned",
    ),
    (
        "no_should_panic",
        "crates/lockproof-structures/tests/subjects/record_queue.rs",
        "a bad argument panics; no twin is concerned",
    ),
];

/// What a rule is called, and the rule.
const RULES: [(&str, Rule); 10] = [
    ("no_engines", rules::no_engines),
    ("no_plain_primitives", rules::no_plain_primitives),
    ("no_features", rules::no_features),
    ("no_bare_allow", rules::no_bare_allow),
    ("no_blanket_allow", rules::no_blanket_allow),
    ("nothing_hidden", rules::nothing_hidden),
    ("no_should_panic", rules::no_should_panic),
    ("nothing_unfinished", rules::nothing_unfinished),
    ("begins_with_its_purpose", rules::begins_with_its_purpose),
    ("not_too_long", rules::not_too_long),
];

/// What stands against a source by these rules, each with the rule's name.
fn objections(rules: &[(&str, Rule)], text: &str) -> Vec<String> {
    let tokens = match tokens::of(text) {
        Ok(tokens) => tokens,
        Err(error) => return vec![format!("1: cannot be read: {error}")],
    };
    let source = Source { text, tokens: &tokens };
    let found = rules.iter().flat_map(|(name, check)| {
        let found = check(&source).into_iter();
        found.map(move |found| format!("{}: {} ({name})", found.line, found.text))
    });
    found.collect()
}

/// All sources of the workspace: the path from its root with `/`, and the text.
fn sources() -> Vec<(String, String)> {
    let root = root();
    let mut files = Vec::new();
    for folder in ["crates", "tests"] {
        collect(&root.join(folder), &mut files);
    }
    files.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a source can be read");
        let path = path.strip_prefix(&root).expect("sources are inside the workspace");
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        (parts.join("/"), text)
    };
    files.into_iter().map(read).collect()
}

/// All sources of the workspace, by path.
pub(crate) fn files() -> Files {
    sources().into_iter().collect()
}

/// The names of the crates whose sources are among the files, in order.
pub(crate) fn crates(files: &Files) -> BTreeSet<String> {
    let names = files.keys().filter_map(|path| path.strip_prefix("crates/"));
    names.filter_map(|path| path.split_once("/src/")).map(|(name, _)| name.to_owned()).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources can be read") {
        let path = entry.expect("a folder of sources can be read").path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

#[test]
fn sources_keep_the_rules() {
    let sources = sources();
    assert!(sources.len() > 100, "the sources are found: {}", sources.len());
    let mut found = Vec::new();
    for (path, text) in &sources {
        let is_excused =
            |name| EXCUSED.iter().any(|(rule, place, _)| *rule == name && path.starts_with(place));
        let rules: Vec<_> = RULES.into_iter().filter(|(name, _)| !is_excused(*name)).collect();
        let objections = objections(&rules, text);
        found.extend(objections.iter().map(|objection| format!("{path}:{objection}")));
    }
    nothing_to_object(&found);
}

#[test]
fn no_excuse_is_idle() {
    let sources = sources();
    for (name, place, reason) in EXCUSED {
        let rule = RULES.into_iter().find(|(known, _)| *known == name);
        let rule = rule.expect("what is excused is a rule");
        let mut excused = sources.iter().filter(|(path, _)| path.starts_with(place));
        let is_needed = excused.any(|(_, text)| !objections(&[rule], text).is_empty());
        assert!(is_needed, "{place} keeps the rule {name}: its excuse can go ({reason})");
    }
}

/// No failure: what is too long to read with pleasure, for whoever looks at the output.
#[test]
fn long_sources_are_listed() {
    for (path, text) in sources() {
        let lines = text.lines().count();
        if lines > MANY_LINES {
            println!("{path} has {lines} lines: above {MANY_LINES} is worth splitting");
        }
    }
}

/// For each rule snippets that break it, and snippets that look alike but do not.
const CONTROLS: [(&str, &[&str], &[&str]); 9] = [
    (
        "no_engines",
        &[
            "use loom::sync::Mutex;",
            "fn a() { loom::model(|| ()) }",
            "fn a() { ::shuttle::check(|| ()) }",
            "use shuttle as engine;",
            "use lockproof_explore::Exhaustive;",
            "macro_rules! a { () => { shuttle::thread::spawn(|| ()) } }",
        ],
        &["//! loom::model", "const A: &str = \"loom::model\";", "fn loom() { shuttle(); }"],
    ),
    (
        "no_plain_primitives",
        &[
            "use std::sync::Arc;",
            "use std::{fmt, thread};",
            "use std::{fmt::{self}, sync::{Arc, Mutex}};",
            "use core::sync::atomic::AtomicBool;",
            "fn a() { std::thread::sleep(b) }",
            "macro_rules! a { () => { ::std::sync::Mutex::new(1) } }",
        ],
        &[
            "/// std::sync::Mutex\nstruct A;",
            "use std::{fmt, io::sync};",
            "use lockproof::{sync, thread};",
            "const A: &str = \"std::thread::park\";",
        ],
    ),
    (
        "no_features",
        &[
            "#[cfg(feature = \"loom\")] fn a() {}",
            "#![cfg(not(feature = \"loom\"))]",
            "#[cfg_attr(all(feature = \"loom\"), ignore)] fn a() {}",
            "fn a() { if cfg!(feature = \"loom\") {} }",
        ],
        &["#[cfg(test)] mod a {}", "fn feature() {}", "#[cfg(doctest)] struct A;"],
    ),
    (
        "no_bare_allow",
        &[
            "#[allow(dead_code)] fn a() {}",
            "#![allow(dead_code)]",
            "#[cfg_attr(b, allow(c))] fn a() {}",
        ],
        &["#[allow(dead_code, reason = \"b\")] fn a() {}", "fn a() { allow(b) }"],
    ),
    (
        "no_blanket_allow",
        &[
            "#![allow(dead_code, reason = \"a\")]",
            "#[allow(dead_code, reason = \"a\")] mod b;",
            "#[allow(dead_code, reason = \"a\")] #[cfg(c)] pub(crate) mod b {}",
            "#[cfg_attr(a, allow(dead_code, reason = \"a\"))] pub mod b;",
        ],
        &[
            "#[allow(dead_code, reason = \"a\")] fn b() {} mod c;",
            "#[cfg_attr(a, expect(dead_code, reason = \"a\"))] mod b;",
            "#[cfg(a)] mod allow;",
        ],
    ),
    (
        "nothing_hidden",
        &["#[doc(hidden)] pub fn a() {}", "#[cfg_attr(b, doc(hidden))] pub mod a {}"],
        &["/// doc(hidden)\npub fn a() {}", "fn hidden() { doc(hidden) }"],
    ),
    (
        "no_should_panic",
        &["#[test]\n#[should_panic]\nfn a() {}", "#[should_panic(expected = \"b\")] fn a() {}"],
        &["fn should_panic() {}", "/// `#[should_panic]`\nfn a() {}"],
    ),
    (
        "nothing_unfinished",
        &[
            "fn a() { dbg!(b) }",
            "fn a() { todo!() }",
            concat!("// TO", "DO: b"),
            concat!("// FIX", "ME: b"),
        ],
        &["fn todo() {}", "// what is to do"],
    ),
    ("begins_with_its_purpose", &["", "// a\n", "fn a() {}\n//! a"], &["//! a"]),
];

#[test]
fn every_rule_objects_to_what_breaks_it() {
    for (name, broken, sound) in CONTROLS {
        let rule = RULES.into_iter().find(|(known, _)| *known == name);
        let rule = rule.expect("a control is of a rule");
        for snippet in broken {
            assert!(!objections(&[rule], snippet).is_empty(), "{name} objects to {snippet}");
        }
        for snippet in sound {
            nothing_to_object(&objections(&[rule], snippet));
        }
    }
}

#[test]
fn a_file_that_is_too_long_is_seen() {
    let rule = ("not_too_long", rules::not_too_long as Rule);
    assert_eq!(objections(&[rule], &"\n".repeat(rules::MOST_LINES + 1)).len(), 1, "one line more");
    nothing_to_object(&objections(&[rule], &"\n".repeat(rules::MOST_LINES)));
}

#[test]
fn a_source_that_cannot_be_read_is_seen() {
    assert_eq!(objections(&RULES[..1], "fn a() {").len(), 1, "a bracket is missing");
}
