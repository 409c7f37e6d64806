//! The whole report as plain text.

use std::fmt;

use lockproof_record::{Demonstration, Report, one_line};

use crate::results::Results;
use crate::run_error::RunError;
use crate::{Appearance, explanation, lock_order, outcomes, table};

/// Heading of each account of a model that is not as expected.
const ALARM: &str = "!!! NOT AS EXPECTED !!!";

impl Results {
    /// The report for a screen.
    pub fn shown(&self, appearance: Appearance) -> impl fmt::Display + '_ {
        fmt::from_fn(move |f| write_report(f, self, appearance))
    }
}

/// The report as plain text.
impl fmt::Display for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shown(Appearance::default()).fmt(f)
    }
}

/// The table, what refutes the twins, the cycles of locks, the outcomes, the demonstrations, what
/// is not as expected, the tally, and what went wrong beside the models.
fn write_report(
    f: &mut fmt::Formatter<'_>,
    results: &Results,
    appearance: Appearance,
) -> fmt::Result {
    if !results.models().is_empty() {
        writeln!(f, "{}", table::of(results.models()))?;
    }
    for twin in results.models().iter().filter(|model| model.is_of_a_twin()) {
        write_refutation(f, twin, appearance)?;
    }
    for model in results.models() {
        write_cycles(f, model)?;
    }
    results.models().iter().try_for_each(|model| write_outcomes(f, model))?;
    results.models().iter().try_for_each(|model| write_witness_files(f, model))?;
    for demonstration in results.demonstrations() {
        write_demonstration(f, demonstration)?;
    }
    for model in results.unexpected() {
        writeln!(f, "{ALARM}\n\n{}", explanation::shown(model, appearance))?;
    }
    if !results.models().is_empty() || !results.demonstrations().is_empty() {
        writeln!(f, "{}", results.tally())?;
    }
    for RunError { place, message, output } in results.troubles() {
        writeln!(f, "\n!!! {}: {}\n\n{output}", one_line(place), one_line(message))?;
    }
    Ok(())
}

/// The one witness of a twin that is refuted as expected; the others are explained elsewhere.
fn write_refutation(
    f: &mut fmt::Formatter<'_>,
    twin: &Report,
    appearance: Appearance,
) -> fmt::Result {
    match twin.witness() {
        Some(run) if twin.is_as_expected() => {
            let claim = one_line(&twin.to_string());
            writeln!(f, "{claim}: refuted, as expected ({})\n", twin.location)?;
            writeln!(f, "{}", explanation::failure_shown(run, appearance))
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

/// The outcomes of a scenario; those of one that is explained elsewhere are there.
fn write_outcomes(f: &mut fmt::Formatter<'_>, model: &Report) -> fmt::Result {
    let table = model.outcomes.as_ref().filter(|_| model.is_as_expected());
    table.map_or(Ok(()), |table| writeln!(f, "the outcomes of {}", outcomes::text(table)))
}

/// What became of a model's witness files; those of a model that is explained elsewhere are there.
fn write_witness_files(f: &mut fmt::Formatter<'_>, model: &Report) -> fmt::Result {
    for file in model.witness_files.iter().filter(|_| model.is_as_expected()) {
        let (claim, file) = (one_line(&model.to_string()), one_line(&file.to_string()));
        writeln!(f, "{claim} ({}): {file}\n", model.location)?;
    }
    Ok(())
}

fn write_demonstration(f: &mut fmt::Formatter<'_>, shown: &Demonstration) -> fmt::Result {
    writeln!(f, "{}", one_line(&shown.title))?;
    for line in &shown.lines {
        writeln!(f, "  {}", one_line(line))?;
    }
    writeln!(f)
}
