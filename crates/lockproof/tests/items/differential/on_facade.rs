//! The programs on the facade.

use lockproof as api;

#[expect(clippy::duplicate_mod, reason = "one source against two libraries")]
#[path = "programs.rs"]
pub(super) mod programs;

#[expect(clippy::duplicate_mod, reason = "one source against two libraries")]
#[path = "shared.rs"]
pub(super) mod shared;
