//! Every form of the report, on the same small records.

#[cfg(unix)]
mod browser;
#[cfg(unix)]
mod chromium;
mod forms;
mod hostile;
mod records;
mod text;
