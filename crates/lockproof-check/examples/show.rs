//! scratch
use lockproof_check::{Appearance, Record, Verdict, explanation};
fn main() {
    let mut args = std::env::args().skip(1);
    let dir = args.next().unwrap();
    let width: usize = args.next().unwrap().parse().unwrap();
    let colour = args.next().is_some();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let Ok(Record::Model(report)) = Record::read_from(&path) else { continue };
        for run in report.runs.iter().filter(|r| r.controlled) {
            if let Verdict::Refuted { .. } = run.verdict {
                println!(
                    "=== {report}\n{}",
                    explanation::failure_shown(run, Appearance { width, colour })
                );
            }
        }
    }
}
