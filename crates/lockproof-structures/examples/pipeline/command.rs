//! The command line: what to read, which map to use, what to print, how to exit.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lockproof_structures::{ShardedRecordMap, UnlockedRecordMap};

use crate::outcome::Outcome;
use crate::source::SourceError;
use crate::{concurrent, sequential};

const USAGE: &str = "\
usage: pipeline [--unlocked] [FILE]

Reads trades from FILE, or from the sample, aggregates them per instrument in several threads, and
checks the result against a run in one thread.

  --unlocked   use the broken map, and show the damage
  --help       print this

exit code: 0 the results agree, 1 they differ, 2 the arguments or the file cannot be used";

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/records.csv");

/// The results differ.
const MISMATCH: u8 = 1;
/// The arguments or the file cannot be used.
const UNUSABLE: u8 = 2;

/// Runs the command with the given arguments and streams.
pub(crate) fn run(
    arguments: impl Iterator<Item = OsString>,
    out: &mut impl Write,
    err: &mut impl Write,
) -> ExitCode {
    let code = match Arguments::parse(arguments) {
        Ok(Some(arguments)) => execute(&arguments, out, err),
        Ok(None) => writeln!(out, "{USAGE}").map(|()| ExitCode::SUCCESS),
        Err(unknown) => {
            writeln!(err, "cannot use the argument `{}`: see `--help`", unknown.display())
                .map(|()| ExitCode::from(UNUSABLE))
        }
    };
    // A reader that closed the pipe wants no more output, and no complaint about it.
    code.unwrap_or(ExitCode::from(UNUSABLE))
}

struct Arguments {
    path: PathBuf,
    is_unlocked: bool,
}

impl Arguments {
    /// `None` if help was asked for, the argument as error if it has no meaning.
    fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Option<Self>, OsString> {
        let (mut path, mut is_unlocked) = (None, false);
        for argument in arguments {
            match argument.to_str() {
                Some("--help" | "-h") => return Ok(None),
                Some("--unlocked") => is_unlocked = true,
                Some(flag) if flag.starts_with('-') => return Err(argument),
                _ if path.is_some() => return Err(argument),
                _ => path = Some(argument.into()),
            }
        }
        Ok(Some(Self { path: path.unwrap_or_else(|| SAMPLE.into()), is_unlocked }))
    }
}

fn execute(
    arguments: &Arguments,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<ExitCode> {
    let path = &arguments.path;
    match run_both(path, arguments.is_unlocked) {
        Ok((expected, found)) => {
            report_malformed(path, &expected, err)?;
            report_summaries(path, &expected, out)?;
            compare(arguments.is_unlocked, &expected, &found, out)
        }
        Err(error) => {
            writeln!(err, "{error}")?;
            Ok(ExitCode::from(UNUSABLE))
        }
    }
}

/// The run in one thread, then the one in several.
fn run_both(path: &Path, is_unlocked: bool) -> Result<(Outcome, Outcome), SourceError> {
    let expected = sequential::run(path)?;
    let found = if is_unlocked {
        concurrent::run(path, &UnlockedRecordMap::new())?
    } else {
        concurrent::run(path, &ShardedRecordMap::new())?
    };
    Ok((expected, found))
}

fn report_malformed(path: &Path, outcome: &Outcome, err: &mut impl Write) -> io::Result<()> {
    for (line, reason) in &outcome.malformed {
        writeln!(err, "{}:{line}: {reason}", path.display())?;
    }
    Ok(())
}

fn report_summaries(path: &Path, outcome: &Outcome, out: &mut impl Write) -> io::Result<()> {
    let (rows, trades, malformed) = (outcome.rows, outcome.trades(), outcome.malformed.len());
    writeln!(out, "{}: {rows} rows, {trades} trades, {malformed} malformed", path.display())?;
    let headers = ["instrument", "trades", "quantity", "turnover", "lowest", "highest"];
    let [instrument, columns @ ..] = headers;
    write!(out, "{instrument:<12}")?;
    for column in columns {
        write!(out, "{column:>14}")?;
    }
    writeln!(out)?;
    for (instrument, summary) in &outcome.summaries {
        let (lowest, highest) = summary.range.unwrap_or_default();
        writeln!(
            out,
            "{instrument:<12}{:>14}{:>14}{:>14}{:>14}{:>14}",
            summary.trades,
            summary.quantity,
            in_units(summary.turnover),
            in_units(lowest.into()),
            in_units(highest.into())
        )?;
    }
    Ok(())
}

fn in_units(cents: u128) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// Says whether the run in several threads came to the same.
fn compare(
    is_unlocked: bool,
    expected: &Outcome,
    found: &Outcome,
    out: &mut impl Write,
) -> io::Result<ExitCode> {
    let workers = concurrent::WORKERS;
    let map = if is_unlocked { "the unlocked map" } else { "the sharded map" };
    if found == expected && found.is_complete() {
        let luck = if is_unlocked { ", by luck: run it again" } else { "" };
        writeln!(out, "{workers} workers and {map}: as in one thread, nothing lost{luck}")?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(out, "{workers} workers and {map}: NOT as in one thread")?;
    report_damage("rows", expected.rows, found.rows, out)?;
    report_damage("trades", expected.trades(), found.trades(), out)?;
    report_damage("quantity", expected.quantity(), found.quantity(), out)?;
    let malformed = |outcome: &Outcome| outcome.malformed.len() as u64;
    report_damage("malformed", malformed(expected), malformed(found), out)?;
    let damaged = expected
        .summaries
        .iter()
        .filter(|(instrument, summary)| found.summaries.get(*instrument) != Some(summary))
        .count();
    writeln!(out, "  {damaged} of {} instruments are wrong", expected.summaries.len())?;
    Ok(ExitCode::from(MISMATCH))
}

fn report_damage(what: &str, expected: u64, found: u64, out: &mut impl Write) -> io::Result<()> {
    let lost = i128::from(expected) - i128::from(found);
    writeln!(out, "  {what:<9} {expected:>10} expected {found:>10} found {lost:>10} lost")
}
