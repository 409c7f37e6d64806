//! Verdicts and timelines of many models as text.
//!
//! Runs nothing, prints nothing, reads no file: records in, text out. The same records always
//! give the same text.
//!
//! ```
//! use lockproof_check::{Demonstration, Record};
//! use lockproof_report::Results;
//!
//! let lines = vec!["makes 4".to_owned()];
//! let title = "two plus two".to_owned();
//! let results = Results::from_iter([Record::Demonstration(Demonstration { title, lines })]);
//! assert_eq!(results.to_string(), "\
//! two plus two
//!   makes 4
//!
//! 0 proved, 0 held, 0 refuted as expected, 0 unexpected
//! ");
//! ```

mod results;
mod table;
mod tally;
mod text;

pub use results::Results;
pub use tally::Tally;
