//! One row of the file: a trade, or the reason why it is none.

use std::fmt;

/// The columns, as the header names them.
pub(crate) const COLUMNS: [&str; 6] = ["id", "time", "instrument", "side", "quantity", "price"];

/// The fields of a trade that the pipeline needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trade {
    pub(crate) instrument: String,
    pub(crate) quantity: u32,
    /// The price of one piece, in cents.
    pub(crate) cents: u32,
}

impl Trade {
    /// Reads one line of the file.
    pub(crate) fn parse(line: &[u8]) -> Result<Self, Malformed> {
        let fields = fields_of(line)?;
        let [id, time, instrument, side, quantity, price] = fields.as_slice() else {
            return Err(Malformed::FieldCount(fields.len()));
        };
        let invalid = |column, value: &str, expected| {
            Err(Malformed::Field { column, value: value.to_owned(), expected })
        };
        if id.parse::<u64>().is_err() {
            return invalid("id", id, "a whole number");
        }
        if !is_time(time) {
            return invalid("time", time, "a time such as 2026-03-02T09:30:00Z");
        }
        if instrument.trim().is_empty() {
            return invalid("instrument", instrument, "a name");
        }
        if side != "buy" && side != "sell" {
            return invalid("side", side, "`buy` or `sell`");
        }
        let Ok(quantity) = quantity.parse() else {
            return invalid("quantity", quantity, "a whole number");
        };
        let Some(cents) = parse_cents(price) else {
            return invalid("price", price, "an amount such as 123.45");
        };
        Ok(Self { instrument: instrument.trim().to_owned(), quantity, cents })
    }
}

/// The fields of one line, with the quotes of CSV resolved.
pub(crate) fn fields_of(line: &[u8]) -> Result<Vec<String>, Malformed> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(line.len().max(1))
        .from_reader(line);
    let mut record = csv::StringRecord::new();
    reader.read_record(&mut record).map_err(|_| Malformed::NotUtf8)?;
    Ok(record.iter().map(str::to_owned).collect())
}

/// Whether digits and separators are where they belong.
fn is_time(text: &str) -> bool {
    let pattern = b"0000-00-00T00:00:00Z";
    text.len() == pattern.len()
        && text.bytes().zip(pattern).all(|(byte, &expected)| match expected {
            b'0' => byte.is_ascii_digit(),
            separator => byte == separator,
        })
}

/// Whole and hundredths, exactly: no floating point, so that sums do not depend on their order.
fn parse_cents(text: &str) -> Option<u32> {
    let (whole, hundredths) = text.split_once('.').unwrap_or((text, "00"));
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if hundredths.len() != 2 || !is_number(whole) || !is_number(hundredths) {
        return None;
    }
    let whole: u32 = whole.parse().ok()?;
    whole.checked_mul(100)?.checked_add(hundredths.parse().ok()?)
}

/// Why a row is no trade.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Malformed {
    FieldCount(usize),
    Field { column: &'static str, value: String, expected: &'static str },
    NotUtf8,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FieldCount(count) => {
                write!(f, "the row has {count} fields: it takes {}", COLUMNS.len())
            }
            Self::Field { column, value, expected } => {
                write!(f, "the {column} `{value}` is not {expected}")
            }
            Self::NotUtf8 => f.write_str("the row is not UTF-8: convert the file"),
        }
    }
}
