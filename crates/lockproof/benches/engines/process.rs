//! Measurements in processes of their own: this executable, started again with the row and the
//! contender, answers with one line of numbers.

use std::process::Command;
use std::time::Duration;

use crate::growth::{self, Growth};
use crate::measure::{Contender, Effort};
use crate::rows::ROWS;
use crate::rows::Row;

const MEASURE: &str = "--measure";
const GROW: &str = "--grow";
const REST: &str = "--rest";

/// What one contender took on one row, in a process of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    pub(crate) effort: Effort,
    /// The most memory that the process had in use, in KiB; 0 where the system does not tell.
    pub(crate) peak: u64,
}

/// What all contenders took on one row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    pub(crate) row: Row,
    /// In the order of [`Contender::ALL`].
    pub(crate) figures: [Figures; 5],
}

impl Measured {
    pub(crate) fn of(&self, contender: Contender) -> &Figures {
        let at = Contender::ALL.iter().position(|known| *known == contender);
        &self.figures[at.expect("all contenders are measured")]
    }
}

/// Answers if this process was started to measure; says whether.
pub(crate) fn answer(arguments: &[String]) -> bool {
    let words: Vec<_> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [MEASURE, row, contender] => {
            let effort = contender_at(contender).measure(ROWS[number(row)]);
            let Effort { executions, searches, elapsed, is_complete, events } = effort;
            let (nanoseconds, is_complete) = (elapsed.as_nanos(), u8::from(is_complete));
            let peak = resident("VmHWM:");
            println!("{executions} {searches} {nanoseconds} {is_complete} {events} {peak}");
        }
        [GROW, contender] => {
            let growth = growth::measure(contender_at(contender));
            let (first, last) = (growth.first_tenth.as_nanos(), growth.last_tenth.as_nanos());
            println!("{first} {last} {} {}", growth.after_first, growth.after_last);
        }
        [REST] => println!("{}", resident("VmHWM:")),
        _ => return false,
    }
    true
}

/// What a contender takes on a row.
pub(crate) fn figures(row: Row, contender: Contender) -> Figures {
    let row = ROWS.iter().position(|known| *known == row).expect("it is one of the rows");
    let answer = ask(&[MEASURE, &row.to_string(), index_of(contender).as_str()]);
    let [executions, searches, nanoseconds, is_complete, events, peak] = answer[..] else {
        panic!("six numbers were asked for: {answer:?}")
    };
    let effort = Effort {
        executions,
        searches: u32::try_from(searches).unwrap_or(u32::MAX),
        elapsed: Duration::from_nanos(nanoseconds),
        is_complete: is_complete == 1,
        events: usize::try_from(events).unwrap_or(usize::MAX),
    };
    Figures { effort, peak }
}

/// How the cost of an execution grows with the number of those before it.
pub(crate) fn growth(contender: Contender) -> (Contender, Growth) {
    let answer = ask(&[GROW, index_of(contender).as_str()]);
    let [first, last, after_first, after_last] = answer[..] else {
        panic!("four numbers were asked for: {answer:?}")
    };
    let (first_tenth, last_tenth) = (Duration::from_nanos(first), Duration::from_nanos(last));
    (contender, Growth { first_tenth, last_tenth, after_first, after_last })
}

/// The peak memory of a process that explores nothing, in KiB.
pub(crate) fn floor() -> u64 {
    ask(&[REST])[0]
}

/// A line of the status of this process, in KiB; 0 where the system does not tell.
pub(crate) fn resident(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

fn ask(arguments: &[&str]) -> Vec<u64> {
    let executable = std::env::current_exe().expect("this executable has a path");
    let output = Command::new(executable).args(arguments).output();
    let output = output.expect("this executable can be started again");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{arguments:?} fails: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    text.split_whitespace().map(|word| word.parse().expect("answers are numbers")).collect()
}

fn contender_at(index: &str) -> Contender {
    Contender::ALL[number(index)]
}

fn index_of(contender: Contender) -> String {
    let at = Contender::ALL.iter().position(|known| *known == contender);
    at.expect("it is one of them").to_string()
}

fn number(text: &str) -> usize {
    text.parse().expect("rows and contenders are numbered")
}
