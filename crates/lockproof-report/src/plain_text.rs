//! Text that is safe to show: one line for one thing, no control characters, columns that line up.
//!
//! Names and messages come from the code under test, which may put anything into them.

use std::fmt;
use std::time::Duration;

pub use lockproof_record::one_line;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// At most `columns` columns of a screen: a longer text ends in `…`.
///
/// ```
/// use lockproof_report::plain_text::shorten;
///
/// assert_eq!(shorten("a long name", 6), "a lon…");
/// assert_eq!(shorten("a name", 6), "a name");
/// assert_eq!(shorten("漢字漢字", 6), "漢字…", "a character may take two columns");
/// ```
pub fn shorten(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut left = columns.saturating_sub(1);
    let fits = |character: &char| {
        let needed = character.width().unwrap_or(0);
        let fits = needed <= left;
        left = left.saturating_sub(needed);
        fits
    };
    let kept = text.chars().take_while(fits);
    kept.chain((columns > 0).then_some('…')).collect()
}

/// The columns that a text on one line takes on a screen.
///
/// ```
/// assert_eq!(lockproof_report::plain_text::width("漢字 ab"), 7);
/// ```
pub fn width(text: &str) -> usize {
    text.width()
}

/// A count with its thousands set apart.
///
/// ```
/// assert_eq!(lockproof_report::plain_text::count(1_358_999), "1,358,999");
/// ```
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count of things, such as `1 lock` and `2 locks`.
///
/// ```
/// use lockproof_report::plain_text::counted;
///
/// assert_eq!(counted(1, "execution"), "1 execution");
/// assert_eq!(counted(1_200, "execution"), "1,200 executions");
/// ```
pub fn counted(number: u64, thing: &str) -> String {
    format!("{} {thing}{}", count(number), if number == 1 { "" } else { "s" })
}

/// A time in milliseconds, or from one second on in seconds.
///
/// ```
/// use std::time::Duration;
/// use lockproof_report::plain_text::time;
///
/// assert_eq!(time(Duration::from_micros(250)), "0.2 ms");
/// assert_eq!(time(Duration::from_millis(12)), "12 ms");
/// assert_eq!(time(Duration::from_millis(1_250)), "1.2 s");
/// ```
pub fn time(duration: Duration) -> String {
    let milliseconds = duration.as_secs_f64() * 1_000.0;
    if milliseconds < 10.0 {
        format!("{milliseconds:.1} ms")
    } else if milliseconds < 1_000.0 {
        format!("{milliseconds:.0} ms")
    } else {
        format!("{:.1} s", duration.as_secs_f64())
    }
}

/// Rows of cells under a header. `Display` lines the columns up.
///
/// ```
/// use lockproof_report::plain_text::Table;
///
/// let mut table = Table::new(["engine", "executions"]).right_aligned(1);
/// table.push(["loom".to_owned(), "9".to_owned()]);
/// assert_eq!(table.to_string(), "\
/// engine  executions
/// ------  ----------
/// loom             9
/// ");
/// ```
#[derive(Clone, Debug)]
pub struct Table {
    header: Vec<String>,
    right_aligned: Vec<usize>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table with one column for each name.
    pub fn new(header: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let header = header.into_iter().map(Into::into).collect();
        Self { header, right_aligned: Vec::new(), rows: Vec::new() }
    }

    /// Aligns the column with this index at the right, as numbers are.
    #[must_use]
    pub fn right_aligned(mut self, column: usize) -> Self {
        self.right_aligned.push(column);
        self
    }

    /// Adds a row; cells beyond the header's are not shown.
    pub fn push(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    fn widths(&self) -> Vec<usize> {
        let cells = |column: usize| self.rows.iter().filter_map(move |row| row.get(column));
        self.header
            .iter()
            .enumerate()
            .map(|(column, name)| {
                cells(column).chain([name]).map(|cell| width(cell)).max().unwrap_or(0)
            })
            .collect()
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let padded = cells.iter().zip(widths).enumerate().map(|(column, (cell, &columns))| {
            let space = " ".repeat(columns - width(cell));
            if self.right_aligned.contains(&column) { space + cell } else { cell.clone() + &space }
        });
        let mut line = padded.collect::<Vec<_>>().join("  ");
        line.truncate(line.trim_end().len());
        line
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        let underline: Vec<_> = self.header.iter().map(|name| "-".repeat(width(name))).collect();
        for cells in [&self.header, &underline].into_iter().chain(&self.rows) {
            writeln!(f, "{}", self.line(cells, &widths))?;
        }
        Ok(())
    }
}
