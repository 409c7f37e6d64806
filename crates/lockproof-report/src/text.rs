//! The whole report as plain text.

use std::fmt;

use lockproof_check::plain_text::one_line;
use lockproof_check::{Demonstration, Report, explanation, lock_order};

use crate::results::Results;
use crate::table;
use crate::trouble::Trouble;

/// What stands above each account that somebody has to look at.
const ALARM: &str = "!!! NOT AS EXPECTED !!!";

/// The table, what refutes the twins, the cycles of locks, the demonstrations, what is not as expected, the tally, and
/// what went wrong beside the models.
impl fmt::Display for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.models().is_empty() {
            writeln!(f, "{}", table::of(self.models()))?;
        }
        for twin in self.models().iter().filter(|model| model.is_of_a_twin()) {
            write_refutation(f, twin)?;
        }
        for model in self.models() {
            write_cycles(f, model)?;
        }
        for demonstration in self.demonstrations() {
            write_demonstration(f, demonstration)?;
        }
        for model in self.unexpected() {
            writeln!(f, "{ALARM}\n\n{}", explanation::of(model))?;
        }
        if !self.models().is_empty() || !self.demonstrations().is_empty() {
            writeln!(f, "{}", self.tally())?;
        }
        for Trouble { place, message, output } in self.troubles() {
            writeln!(f, "\n!!! {}: {}\n\n{output}", one_line(place), one_line(message))?;
        }
        Ok(())
    }
}

/// The one witness of a twin that is refuted as expected; the others are explained elsewhere.
fn write_refutation(f: &mut fmt::Formatter<'_>, twin: &Report) -> fmt::Result {
    match twin.witness() {
        Some(run) if twin.is_as_expected() => {
            let claim = one_line(&twin.to_string());
            writeln!(f, "{claim}: refuted, as expected ({})\n", twin.location)?;
            writeln!(f, "{}", explanation::failure(run))
        }
        _ => Ok(()),
    }
}

/// The cycles of a model's lock order; those of a model that is explained elsewhere are there.
fn write_cycles(f: &mut fmt::Formatter<'_>, model: &Report) -> fmt::Result {
    let order = model.lock_order.as_ref().filter(|_| model.is_as_expected());
    let cycles = order.map_or_else(String::new, lock_order::cycles);
    if cycles.is_empty() {
        return Ok(());
    }
    let claim = one_line(&model.to_string());
    writeln!(f, "{claim}: the order of its locks ({})\n\n{cycles}", model.location)
}

fn write_demonstration(f: &mut fmt::Formatter<'_>, shown: &Demonstration) -> fmt::Result {
    writeln!(f, "{}", one_line(&shown.title))?;
    for line in &shown.lines {
        writeln!(f, "  {}", one_line(line))?;
    }
    writeln!(f)
}
