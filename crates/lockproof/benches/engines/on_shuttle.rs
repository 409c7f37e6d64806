//! The models on shuttle.

use shuttle as api;

#[expect(clippy::duplicate_mod, reason = "one source against three libraries")]
#[path = "models.rs"]
pub(crate) mod models;
