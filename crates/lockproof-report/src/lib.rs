//! Verdicts and timelines of many models, for people and for programs: as text, as JSON, as JUnit
//! XML, as GitHub annotations, and as a page for a browser.
//!
//! Runs nothing, prints nothing, reads no file: records in, text out. The same records always
//! give the same text. What records say comes from the code under test, so every form shows it in
//! a way in which it can do no harm.
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

pub mod github;
pub mod html;
pub mod json;
pub mod junit;
mod results;
mod table;
mod tally;
mod text;
mod trouble;

pub use results::Results;
pub use tally::Tally;
pub use trouble::Trouble;
