//! A scenario as Rust code: a test to paste.

use std::any::type_name;
use std::fmt::Debug;

use super::Scenario;

/// A test of this scenario alone. `subject` is what reports call the concurrent type; the test
/// takes its contract from a function of that name.
pub(crate) fn test<O: Debug>(subject: &str, adjective: &str, scenario: &Scenario<O>) -> String {
    let (function, claim) = (snake_case(subject), snake_case(adjective));
    written(&function, &format!("is_{claim}"), "is_proved()", scenario)
}

/// A test that in this scenario `subject` has no outcome that `other` has not.
pub(crate) fn refinement<O: Debug>(subject: &str, other: &str, scenario: &Scenario<O>) -> String {
    let (function, other) = (snake_case(subject), snake_case(other));
    written(&function, &format!("refines_{other}"), &format!("refines(&{other}())"), scenario)
}

fn written<O: Debug>(function: &str, claim: &str, ending: &str, scenario: &Scenario<O>) -> String {
    format!(
        "#[test]\nfn {function}_{claim}_in_this_scenario() {{\n    let scenario = {};\n    \
         {function}().scenario(scenario).{ending};\n}}\n",
        expression(scenario)
    )
}

/// The expression that makes the scenario, inside a function.
fn expression<O: Debug>(scenario: &Scenario<O>) -> String {
    let threads: Vec<_> =
        scenario.threads.iter().map(|calls| format!("        vec![{}],\n", list(calls))).collect();
    let part = |name: &str, calls: &[O]| match calls {
        [] => String::new(),
        calls => format!("\n    .{name}([{}])", list(calls)),
    };
    let (before, after) = (part("before", &scenario.before), part("after", &scenario.after));
    format!("Scenario::new([\n{}    ]){before}{after}", threads.concat())
}

fn list<O: Debug>(calls: &[O]) -> String {
    let calls: Vec<_> = calls.iter().map(call).collect();
    calls.join(", ")
}

/// The call with the name of its enum in front. `Debug` does not write it for a variant, and does
/// for a struct.
fn call<O: Debug>(call: &O) -> String {
    let path = type_name::<O>();
    let end = path.find('<').unwrap_or(path.len());
    let name = path[..end].rsplit("::").next().unwrap_or(path);
    let text = format!("{call:?}");
    let is_named = text.strip_prefix(name).is_some_and(|rest| !rest.starts_with(is_of_name));
    let is_variant = path.contains("::") && text.starts_with(char::is_alphabetic) && !is_named;
    if is_variant { format!("{name}::{text}") } else { text }
}

fn is_of_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// `TwoStepStock` as `two_step_stock`: letters and digits alone.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for character in name.chars() {
        let ends_word = snake.ends_with('_') || snake.is_empty();
        if character.is_alphanumeric() {
            if character.is_uppercase() && !ends_word {
                snake.push('_');
            }
            snake.extend(character.to_lowercase());
        } else if !ends_word {
            snake.push('_');
        }
    }
    let end = snake.trim_end_matches('_').len();
    snake.truncate(end);
    snake
}

#[cfg(test)]
mod tests;
