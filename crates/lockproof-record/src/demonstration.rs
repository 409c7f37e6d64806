//! Output of a demonstration: something shown on real threads, beside the proofs.

use serde::{Deserialize, Serialize};

/// Output of a demonstration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demonstration {
    /// The title.
    pub title: String,
    /// The lines that it printed.
    pub lines: Vec<String>,
}
