//! The programs on std.

use std as api;

#[path = "programs.rs"]
pub(super) mod programs;

#[path = "shared.rs"]
pub(super) mod shared;
