//! What the tests of this package share: the failures of twins, as reports show them.

use std::fmt::Write;

use lockproof_check::{Appearance, Engine, Model, RecordedEngine, explanation};

/// A wide terminal, files and continuous integration, the usual terminal, and a narrow one.
const WIDTHS: [usize; 4] = [160, 120, 80, 40];

/// How the failure of `model` on the exploring engine is shown, on screens of several widths;
/// `None` if this build has no such engine. Its executions are the same every time.
///
/// The numbers of lines are blanked out: they change with every line that is written above them.
///
/// # Panics
///
/// If the exploring engine is in the build and leaves no run.
pub fn failure_on_screens(model: Model) -> Option<String> {
    let engines = Engine::available();
    engines.contains(&Engine::Explore).then_some(())?;
    let others = engines.iter().filter(|engine| **engine != Engine::Explore);
    let model = others.fold(model, |model, &engine| model.not_on(engine, "it is not explored"));
    let report = model.keep_record(false).check();
    let run = report.run_of(RecordedEngine::Explore).expect("the engine is in this build");
    let screens = WIDTHS.map(|width| {
        let text = explanation::failure_shown(run, Appearance { width, colour: false });
        format!("--- {width} columns\n{text}\n")
    });
    Some(without_line_numbers(&screens.concat()))
}

/// Each digit of a line's number as `#`.
pub fn without_line_numbers(text: &str) -> String {
    let mut parts = text.split(".rs:");
    let mut blanked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|character: char| character.is_ascii_digit());
        let digits = part.len() - rest.len();
        let _ = write!(blanked, ".rs:{}{rest}", "#".repeat(digits));
    }
    blanked
}

/// Compares how the failure of a twin is shown with its snapshot, which has this name.
///
/// `just regenerate-timelines` writes the snapshots anew.
#[macro_export]
macro_rules! assert_failure_reads {
    ($name:literal, $model:expr) => {
        if let Some(text) = $crate::failure_on_screens($model) {
            insta::with_settings!({
                prepend_module_to_snapshot => false,
                omit_expression => true,
                snapshot_path => "timelines",
            }, { insta::assert_snapshot!($name, text) });
        }
    };
}

#[cfg(test)]
mod tests {
    use super::without_line_numbers;

    #[test]
    fn numbers_of_lines_are_blanked_and_others_stay() {
        assert_eq!(without_line_numbers("8 ● at a.rs:12, b.rs:345"), "8 ● at a.rs:##, b.rs:###");
    }
}
