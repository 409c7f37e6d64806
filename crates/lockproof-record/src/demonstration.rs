//! What a demonstration printed: something shown on real threads, beside the proofs.

use serde::{Deserialize, Serialize};

/// What a demonstration printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demonstration {
    /// What is shown.
    pub title: String,
    /// What it printed.
    pub lines: Vec<String>,
}
