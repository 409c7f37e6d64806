//! The whole report as one page for a browser: a single file that needs nothing beside it.
//!
//! Every text of a record is escaped, and so are control characters and characters that change the
//! direction of writing; a policy lets nothing run but the page's own script. Without scripts the
//! page shows the same timelines as they are, and with them lets a reader step through.

mod failure;
mod layout;
mod lock_order;
mod models;
mod outcomes;
mod overview;
mod policy;
mod safe;
mod steps;
mod timeline;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use safe::{lines, phrase};

use crate::results::Results;
use crate::run_error::RunError;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// The page.
///
/// ```
/// use lockproof_report::{Results, html};
///
/// let page = html::of(&Results::default());
/// assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"));
/// ```
pub fn of(results: &Results) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy::of(STYLE, SCRIPT));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (conclusion(results)) " – lockproof" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (body(results))
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// What is between the head and the script: the part that depends on the results.
fn body(results: &Results) -> Markup {
    html! {
        a.skip href="#models" { "Skip to the models" }
        header.page-header {
            div.bar {
                p.brand { "lockproof" }
                button #theme type="button" hidden { "Dark theme" }
            }
            h1 { (conclusion(results)) }
            (overview::tally(results))
            (overview::alarms(results))
        }
        main {
            (troubles(results))
            (overview::table(results))
            (models::all(results))
            (demonstrations(results))
        }
    }
}

/// The report in one sentence.
fn conclusion(results: &Results) -> String {
    let plural = |count: usize, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {many}"),
    };
    let unexpected = results.unexpected().count();
    let troubles = results.troubles().len();
    match (results.models().len(), unexpected, troubles) {
        (0, _, 0) => "No model ran".to_owned(),
        (models, 0, 0) => plural(models, "model is as expected", "models are as expected"),
        (_, 0, _) => plural(
            troubles,
            "thing went wrong beside the models",
            "things went wrong beside the models",
        ),
        _ => plural(unexpected, "model is not as expected", "models are not as expected"),
    }
}

fn troubles(results: &Results) -> Markup {
    html! {
        @if !results.troubles().is_empty() {
            section aria-labelledby="troubles" {
                h2 #troubles { "What went wrong beside the models" }
                @for RunError { place, message, output } in results.troubles() {
                    article.card.alarm {
                        h3 { (phrase(place)) }
                        p { (phrase(message)) }
                        @if !output.is_empty() {
                            details {
                                summary { "What was printed" }
                                pre tabindex="0" { (lines(output)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn demonstrations(results: &Results) -> Markup {
    html! {
        @if !results.demonstrations().is_empty() {
            section aria-labelledby="demonstrations" {
                h2 #demonstrations { "Shown on real threads" }
                @for shown in results.demonstrations() {
                    article.card {
                        h3 { (phrase(&shown.title)) }
                        pre tabindex="0" { (lines(&shown.lines.join("\n"))) }
                    }
                }
            }
        }
    }
}
