//! What was measured, as tables in Markdown.

use std::time::Duration;

use crate::growth::Growth;
use crate::measure::{Contender, Effort};
use crate::process::{Figures, Measured};
use crate::rows::Row;

/// Rows with so many events are long enough to say something about the cost of a step.
const MANY_EVENTS: usize = 20;

/// All figures, and then what they are in proportion to each other.
pub(crate) fn print(measured: &[Measured], floor: u64) {
    println!("## Measured\n");
    println!("Each engine in a process of its own; one that explores nothing takes {floor} KiB.\n");
    println!("| model | engine | executions | per second | to the end | peak memory, KiB |");
    println!("|---|---|--:|--:|--:|--:|");
    for row in measured {
        for contender in Contender::ALL {
            let Figures { effort, peak } = row.of(contender);
            let (name, rate) = (contender.name(), grouped(rate(effort)));
            let (executions, time) = (executions(effort, contender), time(effort, contender));
            println!("| {} | {name} | {executions} | {rate} | {time} | {peak} |", row.row);
        }
    }
    print_ratios(measured);
}

fn print_ratios(measured: &[Measured]) {
    println!("\n## In proportion\n");
    println!("explore by its own handles is 1; *more than* where the other was cut off.\n");
    print!("| model | events | executions: explore | loom | shuttle DFS ");
    print!("| rate: ÷ loom | ÷ DFS | ÷ random | ÷ facade ");
    print!("| time to the end: loom | DFS | facade ");
    println!("| memory: loom | DFS | random | facade |");
    println!("|---|{}", "--:|".repeat(15));
    for row in measured {
        let effort = |contender| &row.of(contender).effort;
        let own = effort(Contender::Explore);
        print!("| {} | {} | {} ", row.row, own.events, grouped(count(own.executions)));
        for contender in [Contender::Loom, Contender::Dfs] {
            print!("| {} ", executions(effort(contender), contender));
        }
        for contender in [Contender::Loom, Contender::Dfs, Contender::Random, Contender::Facade] {
            print!("| {} ", ratio(rate(own) / rate(effort(contender))));
        }
        for contender in [Contender::Loom, Contender::Dfs, Contender::Facade] {
            let more = if effort(contender).is_complete { "" } else { "more than " };
            print!("| {more}{} ", ratio(seconds(effort(contender)) / seconds(own)));
        }
        for contender in [Contender::Loom, Contender::Dfs, Contender::Random, Contender::Facade] {
            let peak = |contender| count(row.of(contender).peak);
            print!("| {} ", ratio(peak(contender) / peak(Contender::Explore)));
        }
        println!("|");
    }
}

/// What the engine is to reach, and whether it does.
pub(crate) fn print_goals(measured: &[Measured]) {
    println!("\n## Goals\n");
    let effort = |row: Row, contender| {
        let found = measured.iter().find(|measured| measured.row == row);
        found.expect("all rows are measured").of(contender).effort
    };
    for row in measured {
        let (own, loom) = (row.of(Contender::Explore).effort, row.of(Contender::Loom).effort);
        if own.events >= MANY_EVENTS {
            let times = rate(&own) / rate(&loom);
            goal(times >= 20.0, &format!("{}: {} times loom's rate", row.row, ratio(times)));
        }
    }
    let four_by_one = Row::Locked(4, 1);
    let loom = effort(four_by_one, Contender::Loom);
    let times = seconds(&loom) / seconds(&effort(four_by_one, Contender::Explore));
    goal(times >= 1_000.0, &format!("{four_by_one}: proved {} times sooner", ratio(times)));
    let (more, less) = (Row::Locked(4, 2), Row::Locked(3, 1));
    let loom = effort(less, Contender::Loom);
    let part = seconds(&effort(more, Contender::Explore)) / seconds(&loom);
    let text = format!("{more}: proved in {} of the time that loom needs for {less}", ratio(part));
    goal(part < 1.0 && effort(more, Contender::Explore).is_complete, &text);
}

fn goal(is_reached: bool, text: &str) {
    println!("- {}: {text}", if is_reached { "reached" } else { "MISSED" });
}

/// Whether executions cost more, the more came before.
pub(crate) fn print_growth(growths: &[(Contender, Growth)]) {
    let (row, executions) = crate::rows::LONG;
    println!("\n## Growth\n");
    println!("{row}, {} executions: the last tenth over the first.\n", grouped(count(executions)));
    println!("| engine | time | memory in use |");
    println!("|---|--:|--:|");
    for (contender, growth) in growths {
        let time = growth.last_tenth.as_secs_f64() / growth.first_tenth.as_secs_f64();
        let memory = count(growth.after_last) / count(growth.after_first);
        println!("| {} | {time:.3} | {memory:.3} |", contender.name());
    }
}

/// Executions per second.
fn rate(effort: &Effort) -> f64 {
    count(effort.executions) * f64::from(effort.searches) / effort.elapsed.as_secs_f64()
}

/// The time of one search.
fn seconds(effort: &Effort) -> f64 {
    effort.of_one_search().as_secs_f64()
}

fn executions(effort: &Effort, contender: Contender) -> String {
    let executions = grouped(count(effort.executions));
    match (contender, effort.is_complete) {
        (Contender::Random, _) => "no end".to_owned(),
        (_, true) => executions,
        (_, false) => format!("over {executions}, cut off"),
    }
}

fn time(effort: &Effort, contender: Contender) -> String {
    let time = Duration::from_secs_f64(seconds(effort));
    match (contender, effort.is_complete) {
        (Contender::Random, _) => "no end".to_owned(),
        (_, true) => format!("{time:.1?}"),
        (_, false) => format!("over {time:.1?}, cut off"),
    }
}

#[expect(clippy::cast_precision_loss, reason = "ratios for people")]
fn count(number: u64) -> f64 {
    number as f64
}

/// Two digits, or all of those before the point.
fn ratio(ratio: f64) -> String {
    match ratio {
        _ if ratio >= 10.0 => grouped(ratio),
        _ if ratio >= 1.0 => format!("{ratio:.1}"),
        _ => format!("{ratio:.2}"),
    }
}

/// A whole number, with a comma before every three digits.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
