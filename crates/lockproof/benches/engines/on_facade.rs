//! The models on the facade.

use lockproof as api;

#[path = "models.rs"]
pub(crate) mod models;
