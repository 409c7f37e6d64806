//! Verdicts and timelines of many models, for people and for programs: as text, as JSON, as JUnit
//! XML, as GitHub annotations, and as a page for a browser.
//!
//! Runs nothing, prints nothing, reads no file: records in, text out. The same records always
//! give the same text. What records say comes from the code under test, so every form shows it in
//! a way in which it can do no harm.
//!
//! ```
//! use lockproof_record::{Demonstration, Record};
//! use lockproof_report::Results;
//!
//! let lines = vec!["makes 4".to_owned()];
//! let title = "two plus two".to_owned();
//! let results = Results::from_iter([Record::Demonstration(Demonstration { title, lines })]);
//! assert_eq!(results.to_string(), "\
//! two plus two
//!   makes 4
//!
//! 0 proved, 0 passed, 0 refuted as expected, 0 unexpected
//! ");
//! ```

mod appearance;
pub mod diagnosis;
pub mod explanation;
mod failure_account;
pub mod github;
pub mod html;
pub mod json;
pub mod junit;
mod labels;
pub mod lock_order;
pub mod outcomes;
pub mod plain_text;
mod results;
mod run_error;
mod table;
mod tally;
mod text;
pub mod thread_dump;
pub mod timeline;

pub use appearance::{Appearance, Role};
pub use labels::Labels;
pub use results::Results;
pub use run_error::RunError;
pub use tally::Tally;
