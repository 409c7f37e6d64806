//! The rules of the workspace, read from its manifests and sources.
//!
//! A checker that objects to nothing is worth nothing unless it would object to something, so each
//! rule has a positive control: an offending manifest or snippet that it must object to.

mod dependencies;
mod door;
mod lengths;
mod lints;
mod manifests;
mod mentions;
mod modules;
mod names;
mod rooms;
mod rules;
mod sources;
mod tokens;
mod words;

use std::path::{Path, PathBuf};

/// The folder of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Fails with every objection, one in a line.
#[track_caller]
fn nothing_to_object(objections: &[String]) {
    assert!(objections.is_empty(), "the workspace breaks its rules:\n{}", objections.join("\n"));
}
