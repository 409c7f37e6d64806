//! The workspace switches few lints off, each for a reason.

use std::fs;

use crate::{nothing_to_object, root};

/// The lints that are switched off in the whole workspace, and why.
const OFF: [(&str, &str); 2] = [
    ("module_name_repetitions", "types are re-exported flat, so their names repeat their module's"),
    ("must_use_candidate", "`#[must_use]` stands where a dropped result is a mistake"),
];

/// Objects to a lint that a manifest switches off without a reason, and to a reason without a lint.
fn objections(manifest: &str) -> Vec<String> {
    let levels = manifest.lines().filter_map(|line| line.split_once('='));
    let off = levels.filter(|(_, level)| level.contains("\"allow\""));
    let off: Vec<_> = off.map(|(lint, _)| lint.trim()).collect();
    let wrong = off.iter().filter(|lint| !OFF.iter().any(|(known, _)| known == *lint));
    let wrong = wrong.map(|lint| format!("{lint} is off in the whole workspace"));
    let idle = OFF.iter().filter(|(lint, _)| !off.contains(lint));
    let idle = idle.map(|(lint, reason)| format!("{lint} is on, so not: {reason}"));
    wrong.chain(idle).collect()
}

#[test]
fn few_lints_are_off() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest can be read");
    nothing_to_object(&objections(&manifest));
}

#[test]
fn a_lint_that_is_off_is_seen() {
    let off = OFF.map(|(lint, _)| format!("{lint} = \"allow\"\n")).concat();
    nothing_to_object(&objections(&off));
    for level in ["\"allow\"", "{ level = \"allow\", priority = -1 }"] {
        let found = objections(&format!("{off}missing_errors_doc = {level}\n"));
        assert_eq!(found, ["missing_errors_doc is off in the whole workspace"]);
    }
    assert_eq!(objections("").len(), OFF.len(), "no reason stands without its lint");
}
