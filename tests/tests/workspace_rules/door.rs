//! One door: an operation of a primitive reaches a backend through the execution alone.
//!
//! The traits of backends are named by the backends, which implement them, and by the files behind
//! the door, which call them. So a primitive or a face can hold no backend object, and call none.

use std::collections::BTreeSet;

use crate::mentions::Mention;
use crate::modules::{Files, ModulePath, Modules};
use crate::nothing_to_object;
use crate::sources::files;
use crate::tokens;

/// The sources of the facade.
const FACADE: &str = "crates/lockproof/src";
/// The module of the facade that has the backends.
const BACKENDS: &str = "backend";
/// The module of the facade that declares what a backend is.
const TRAITS: &str = "execution::backend";
/// The crates that backends stand for.
const ENGINES: [&str; 3] = ["lockproof_explore", "loom", "shuttle"];

/// The module that names an engine without being a backend: a schedule of explore holds its turns.
const SCHEDULE: &str = "engine::schedule::steps";

/// The modules that name the traits of backends, and why.
const BEHIND: [(&str, &str); 8] = [
    (BACKENDS, "implements the traits"),
    (TRAITS, "declares the traits"),
    ("execution", "starts and ends an execution of the backend"),
    ("execution::dispatch", "calls the backend for the door"),
    ("execution::objects", "keeps the backend objects of an execution"),
    ("execution::two_mode_lock", "makes a lock of three modes from two locks of a backend"),
    ("execution::threads", "keeps the backend objects of the threads of an execution"),
    ("execution::model_clock", "has an object of its own, so that clocks are ordered"),
];

/// Objects to what could reach a backend by another way than the door, and to idle entries.
fn objections(files: &Files, behind: &[(&str, &str)]) -> Vec<String> {
    let modules = Modules::of(files, FACADE);
    let traits = traits_of(files);
    let mut needed = BTreeSet::from([BACKENDS.to_owned(), TRAITS.to_owned()]);
    let mut objections = Vec::new();
    for (module, mentions) in modules.by_path.iter().map(|(path, module)| (path, &module.mentions))
    {
        if module.first().is_some_and(|room| room == BACKENDS) {
            continue;
        }
        let name = module.join("::");
        let is_behind = behind.iter().any(|(known, _)| *known == name);
        for Mention { path, file, line } in mentions {
            let what = path.join("::");
            if ENGINES.contains(&path[0].as_str()) && name != SCHEDULE {
                objections.push(format!(
                    "{file}:{line}: {what} is an engine's: leave it to the backends"
                ));
            }
            let names_trait = path.last().is_some_and(|last| traits.contains(last))
                && modules.targets(module, path).iter().any(|target| target.join("::") == TRAITS);
            if names_trait && is_behind {
                needed.insert(name.clone());
            } else if names_trait {
                objections.push(format!("{file}:{line}: {what} is behind the door"));
            }
        }
    }
    let idle = behind.iter().filter(|(known, _)| !needed.contains(*known));
    objections.extend(idle.map(|(module, _)| format!("{module} names no backend by now")));
    objections
}

/// The modules that face users, and the primitives: none of these may name a backend.
fn backends_in_front(files: &Files) -> Vec<String> {
    let modules = Modules::of(files, FACADE);
    let is_in_front = |path: &ModulePath| {
        ["primitives", "face"].iter().any(|room| path.first().is_some_and(|first| first == room))
    };
    let mut objections = Vec::new();
    for (path, module) in modules.by_path.iter().filter(|(path, _)| is_in_front(path)) {
        for Mention { path: named, file, line } in &module.mentions {
            let reaches = |target: &ModulePath| target.first().is_some_and(|room| room == BACKENDS);
            if modules.targets(path, named).iter().any(reaches) {
                objections.push(format!("{file}:{line}: {} is a backend's", named.join("::")));
            }
        }
    }
    objections
}

/// The traits that the backends implement.
fn traits_of(files: &Files) -> BTreeSet<String> {
    let file = format!("{FACADE}/{}.rs", TRAITS.replace("::", "/"));
    let text = files.get(&file).unwrap_or_else(|| panic!("{file} declares what a backend is"));
    let tokens = tokens::of(text).expect("the sources are read by other rules, too");
    let found = tokens.windows(2).filter(|two| two[0].text == "trait");
    found.map(|two| two[1].text.clone()).collect()
}

#[test]
fn the_door_is_the_only_way_to_a_backend() {
    let files = files();
    assert!(traits_of(&files).len() > 4, "the traits are found: {:?}", traits_of(&files));
    nothing_to_object(&objections(&files, &BEHIND));
    nothing_to_object(&backends_in_front(&files));
}

/// A facade with this primitive.
fn facade_with(primitive: &str) -> Files {
    let sources = [
        ("lib.rs", "mod backend; mod execution; mod primitives; use execution::backend as alias;"),
        ("backend.rs", "use lockproof_explore::Mutex; use crate::execution::backend::Lock;"),
        ("execution.rs", "pub(crate) mod backend; mod dispatch;"),
        ("execution/backend.rs", "pub(crate) trait Lock {} pub(crate) enum Width {}"),
        ("execution/dispatch.rs", "use super::backend::Lock;"),
        ("primitives.rs", "mod mutex;"),
        ("primitives/mutex.rs", primitive),
    ];
    let file = |(path, text): (&str, &str)| (format!("{FACADE}/{path}"), text.to_owned());
    sources.into_iter().map(file).collect()
}

const BEHIND_CONTROLS: [(&str, &str); 3] =
    [(BACKENDS, "a"), (TRAITS, "b"), ("execution::dispatch", "c")];

#[test]
fn a_way_around_the_door_is_seen() {
    for primitive in [
        "use crate::execution::backend::Lock;",
        "fn lock(lock: &dyn crate::execution::backend::Lock) {}",
        "use crate::execution::{backend::{Lock as Other, Width}};",
        "use crate::alias::Lock;",
        "use loom::sync::Mutex;",
        "fn lock() { shuttle::thread::yield_now() }",
    ] {
        let found = objections(&facade_with(primitive), &BEHIND_CONTROLS);
        assert_eq!(found.len(), 1, "{primitive}: {found:?}");
    }
    let direct = backends_in_front(&facade_with("use crate::backend::Mutex;"));
    assert_eq!(direct.len(), 1, "a backend that is named is seen: {direct:?}");
}

#[test]
fn what_keeps_to_the_door_is_left_alone() {
    let files = facade_with("use crate::execution::{Execution, backend::Width}; use std::sync;");
    nothing_to_object(&objections(&files, &BEHIND_CONTROLS));
    nothing_to_object(&backends_in_front(&files));
}

#[test]
fn an_idle_entry_is_seen() {
    let behind = [&BEHIND_CONTROLS[..], &[("primitives::mutex", "d")]].concat();
    let found = objections(&facade_with(""), &behind);
    assert_eq!(found, ["primitives::mutex names no backend by now"]);
}
