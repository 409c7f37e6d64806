//! One name, one thing: a type's name stands for one type in the whole workspace, but for names that
//! several types must have.

use std::collections::BTreeMap;

use crate::modules::Files;
use crate::nothing_to_object;
use crate::sources::files;

/// Why std's names are shared.
const OF_STD: &str = "the facade, its face of parking_lot and the engine's handles stand for std's";

/// The names that several types have, and why.
const SHARED: [(&str, &str); 10] = [
    ("Mutex", OF_STD),
    ("MutexGuard", OF_STD),
    ("RwLock", OF_STD),
    ("RwLockReadGuard", OF_STD),
    ("RwLockWriteGuard", OF_STD),
    ("Condvar", OF_STD),
    ("WaitTimeoutResult", OF_STD),
    ("Once", OF_STD),
    ("UnsafeCell", OF_STD),
    ("ThreadId", "the facade and the engine number the threads of a model, as std does its own"),
];

/// Where each type of the crates is declared, by its name.
fn declarations(files: &Files) -> BTreeMap<&str, Vec<String>> {
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (path, text) in files {
        if path.starts_with("crates/") && path.contains("/src/") {
            for (index, line) in text.lines().enumerate() {
                if let Some(name) = declared(line) {
                    found.entry(name).or_default().push(format!("{path}:{}", index + 1));
                }
            }
        }
    }
    found
}

/// The type that a line declares, if it stands in no block.
fn declared(line: &str) -> Option<&str> {
    let visible = line.strip_prefix("pub").unwrap_or(line);
    let visible = match visible.strip_prefix('(') {
        Some(rest) => rest.split_once(')')?.1,
        None => visible,
    };
    let item = if visible.len() == line.len() { visible } else { visible.strip_prefix(' ')? };
    let item = item.strip_prefix("unsafe ").unwrap_or(item);
    let (keyword, rest) = item.split_once(' ')?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    ["struct", "enum", "union", "trait", "type"].contains(&keyword).then_some(&rest[..end])
}

/// Objects to a name of several types, and to a name that is shared no more.
fn objections(files: &Files, shared: &[(&str, &str)]) -> Vec<String> {
    let declarations = declarations(files);
    let doubled: BTreeMap<_, _> =
        declarations.iter().filter(|(_, places)| places.len() > 1).collect();
    let is_shared = |name: &str| shared.iter().any(|(known, _)| *known == name);
    let wrong = doubled.iter().filter(|(name, _)| !is_shared(name));
    let wrong =
        wrong.map(|(name, places)| format!("{name} is several types: {}", places.join(", ")));
    let idle = shared.iter().filter(|(name, _)| !doubled.contains_key(name));
    let idle = idle.map(|(name, reason)| format!("{name} is one type by now, so not: {reason}"));
    wrong.chain(idle).collect()
}

#[test]
fn a_name_stands_for_one_type() {
    let files = files();
    let declarations = declarations(&files);
    let doubled = declarations.values().filter(|places| places.len() > 1).count();
    println!("{} names of types, {doubled} of them of several", declarations.len());
    assert!(declarations.len() > 300, "the types are found: {}", declarations.len());
    nothing_to_object(&objections(&files, &SHARED));
}

fn files_of(sources: &[(&str, &str)]) -> Files {
    sources.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn a_name_of_two_types_is_seen() {
    for (a, b) in [
        ("pub struct Entry<T> {", "enum Entry {"),
        ("pub(crate) trait Entry: Sized {", "pub unsafe trait Entry {"),
        ("struct Entry;", "pub(super) type Entry = u8;"),
    ] {
        let files = files_of(&[("crates/a/src/b.rs", a), ("crates/c/src/d.rs", b)]);
        let found = objections(&files, &[]);
        assert_eq!(found, ["Entry is several types: crates/a/src/b.rs:1, crates/c/src/d.rs:1"]);
        nothing_to_object(&objections(&files, &[("Entry", "it is a control")]));
    }
}

#[test]
fn a_name_that_is_shared_no_more_is_seen() {
    let files = files_of(&[("crates/a/src/b.rs", "struct Entry;\nstruct EntryOfBook;")]);
    assert_eq!(objections(&files, &[("Entry", "b")]), ["Entry is one type by now, so not: b"]);
}

#[test]
fn names_in_blocks_and_tests_are_left_alone() {
    let own = "    type Item = u8;\nlet structure = 1;\n// struct Entry\n";
    let files = files_of(&[
        ("crates/a/src/b.rs", own),
        ("crates/a/src/c.rs", own),
        ("crates/a/src/d.rs", "pub struct Entry;"),
        ("crates/a/tests/b.rs", "struct Entry;"),
    ]);
    nothing_to_object(&objections(&files, &[]));
}
