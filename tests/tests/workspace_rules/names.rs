//! One name, one thing: a type's name stands for one type in the whole workspace, but for names that
//! several types must have. What a module declares in one build or another is one type.

use std::collections::BTreeMap;

use crate::modules::{Files, Modules};
use crate::nothing_to_object;
use crate::sources::{crates, files};

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
    let others = other_files(files);
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (path, text) in files {
        if path.starts_with("crates/") && path.contains("/src/") {
            for (index, line) in text.lines().enumerate() {
                let Some(name) = declared(line) else { continue };
                let places = found.entry(name).or_default();
                let first = others.get(path).map(|first| format!("{first}:"));
                if !first.is_some_and(|first| places.iter().any(|place| place.starts_with(&first)))
                {
                    places.push(format!("{path}:{}", index + 1));
                }
            }
        }
    }
    found
}

/// The files from which a module is read in some builds, each with the first file of that module.
fn other_files(files: &Files) -> BTreeMap<String, String> {
    let modules = crates(files).into_iter().map(|krate| format!("crates/{krate}/src"));
    let modules = modules.flat_map(|src| Modules::of(files, &src).by_path.into_values());
    let pairs = modules.flat_map(|module| {
        let first = module.files.first().cloned();
        let others = module.files.into_iter().skip(1);
        others.filter_map(move |other| Some((other, first.clone()?)))
    });
    pairs.collect()
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
        ("pub struct Entry<T> {}", "enum Entry {}"),
        ("pub(crate) trait Entry: Sized {}", "pub unsafe trait Entry {}"),
        ("struct Entry;", "pub(super) type Entry = u8;"),
    ] {
        let files = files_of(&[("crates/a/src/lib.rs", a), ("crates/c/src/lib.rs", b)]);
        let found = objections(&files, &[]);
        let expected = "Entry is several types: crates/a/src/lib.rs:1, crates/c/src/lib.rs:1";
        assert_eq!(found, [expected]);
        nothing_to_object(&objections(&files, &[("Entry", "it is a control")]));
    }
}

#[test]
fn a_name_that_is_shared_no_more_is_seen() {
    let files = files_of(&[("crates/a/src/lib.rs", "struct Entry;\nstruct EntryOfBook;")]);
    assert_eq!(objections(&files, &[("Entry", "b")]), ["Entry is one type by now, so not: b"]);
}

#[test]
fn names_in_blocks_and_tests_are_left_alone() {
    let own = "    type Item = u8;\nlet structure = 1;\n// struct Entry\n";
    let files = files_of(&[
        ("crates/a/src/lib.rs", own),
        ("crates/a/src/c.rs", own),
        ("crates/a/src/d.rs", "pub struct Entry;"),
        ("crates/a/tests/b.rs", "struct Entry;"),
    ]);
    nothing_to_object(&objections(&files, &[]));
}

#[test]
fn a_type_of_one_build_or_another_is_one_type() {
    let root =
        "#[cfg_attr(a, path = \"b.rs\")] #[cfg_attr(not(a), path = \"c.rs\")] mod d;\nmod e;";
    let files = files_of(&[
        ("crates/a/src/lib.rs", root),
        ("crates/a/src/b.rs", "struct Entry;"),
        ("crates/a/src/c.rs", "\nstruct Entry;"),
        ("crates/a/src/e.rs", "struct Edge;"),
    ]);
    nothing_to_object(&objections(&files, &[]));
    let twice = files_of(&[
        ("crates/a/src/lib.rs", "mod b;\nstruct Entry;"),
        ("crates/a/src/b.rs", "enum Entry {}"),
    ]);
    assert_eq!(objections(&twice, &[]).len(), 1, "two modules are no builds of one");
}
