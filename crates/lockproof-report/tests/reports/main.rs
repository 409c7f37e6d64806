//! Every form of the report, on the same small records.

mod forms;
mod hostile;
mod records;
mod text;
