//! The rules for sources: each takes one source and returns what stands against it.

use crate::tokens::{Token, begins, inside};

/// Where a rule is broken, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Objection {
    /// The line, from 1.
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// A source in both forms in which rules read it.
pub(crate) struct Source<'a> {
    pub(crate) text: &'a str,
    pub(crate) tokens: &'a [Token],
}

/// A rule for sources.
pub(crate) type Rule = fn(&Source<'_>) -> Vec<Objection>;

/// The longest that a file may be.
pub(crate) const MOST_LINES: usize = 450;
/// Files above this are worth splitting; the rules list them, and leave it at that.
pub(crate) const MANY_LINES: usize = 300;

/// No engine is named.
pub(crate) fn no_engines(source: &Source<'_>) -> Vec<Objection> {
    let names = |engine: &str, rest: &[Token]| {
        begins(rest, &[engine, ":", ":"])
            || begins(rest, &["use", engine])
            || begins(rest, &["extern", "crate", engine])
    };
    let engines = ["loom", "shuttle", "lockproof_explore"];
    matches(source, "names an engine: leave that to the facade", |rest| {
        engines.iter().any(|engine| names(engine, rest))
    })
}

/// Neither std's threads nor its locks and atomics are named.
pub(crate) fn no_plain_primitives(source: &Source<'_>) -> Vec<Objection> {
    let text = "names primitives that no engine sees: use those of the facade";
    matches(source, text, |rest| {
        let from_library = ["std", "core", "alloc"].iter().any(|name| begins(rest, &[name, ":"]));
        from_library
            && match rest.get(3) {
                Some(token) if token.text == "{" => items(inside(&rest[3..])).any(is_plain),
                Some(token) => is_plain(token),
                None => false,
            }
    })
}

fn is_plain(token: &Token) -> bool {
    ["sync", "thread"].contains(&token.text.as_str())
}

/// The first words of the items between the braces of a `use`.
fn items(tokens: &[Token]) -> impl Iterator<Item = &Token> {
    let mut depth = 0_usize;
    let mut is_first = true;
    tokens.iter().filter(move |token| {
        let begins_item = is_first && depth == 0;
        is_first = token.text == ",";
        match token.text.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        begins_item
    })
}

/// Nothing is chosen by a feature.
pub(crate) fn no_features(source: &Source<'_>) -> Vec<Objection> {
    matches(source, "depends on a feature: leave that to the facade", |rest| {
        let skipped = match rest.first().map(|token| token.text.as_str()) {
            Some("cfg") if begins(rest, &["cfg", "!"]) => 2,
            Some("cfg" | "cfg_attr") => 1,
            _ => return false,
        };
        let condition = rest.get(skipped..).unwrap_or_default();
        begins(condition, &["("])
            && inside(condition).windows(2).any(|two| begins(two, &["feature", "="]))
    })
}

/// Every `allow` has a reason.
pub(crate) fn no_bare_allow(source: &Source<'_>) -> Vec<Objection> {
    attributes(source, "allows without a reason: write `expect` with one", |attribute| {
        let allows = attribute.iter().enumerate().filter(|(_, token)| token.text == "allow");
        let mut allowed = allows.map(|(index, _)| inside(&attribute[index + 1..]));
        allowed.any(|lints| !lints.windows(2).any(|two| begins(two, &["reason", "="])))
    })
}

/// No `allow` lies over a whole module.
pub(crate) fn no_blanket_allow(source: &Source<'_>) -> Vec<Objection> {
    let text = "allows in a whole module: say it at the item, with `expect`";
    matches(source, text, |rest| {
        let (bracket, is_inner) =
            if begins(rest, &["#", "!", "["]) { (2, true) } else { (1, false) };
        let attribute = match rest.get(bracket) {
            Some(token) if rest[0].text == "#" && token.text == "[" => inside(&rest[bracket..]),
            _ => return false,
        };
        let item = &rest[bracket + attribute.len() + 2..];
        attribute.iter().any(|token| token.text == "allow") && (is_inner || is_module(item))
    })
}

/// Whether the item that `tokens` begin with, after other attributes, is a module.
fn is_module(tokens: &[Token]) -> bool {
    let mut rest = tokens;
    while begins(rest, &["#", "["]) {
        rest = &rest[inside(&rest[1..]).len() + 3..];
    }
    if begins(rest, &["pub", "("]) {
        rest = &rest[inside(&rest[1..]).len() + 3..];
    }
    begins(rest, &["mod"]) || begins(rest, &["pub", "mod"])
}

/// Nothing is public and hidden: what macros need has a reason.
pub(crate) fn nothing_hidden(source: &Source<'_>) -> Vec<Objection> {
    attributes(source, "is public but hidden: show it, or keep it private", |attribute| {
        attribute.windows(4).any(|four| begins(four, &["doc", "(", "hidden", ")"]))
    })
}

/// No test asks for a panic: a verdict or a result says more.
pub(crate) fn no_should_panic(source: &Source<'_>) -> Vec<Objection> {
    attributes(source, "asks for a panic: test the verdict or the result", |attribute| {
        attribute.iter().any(|token| token.text == "should_panic")
    })
}

/// Nothing was left for later.
pub(crate) fn nothing_unfinished(source: &Source<'_>) -> Vec<Objection> {
    let macros = ["dbg", "todo", "unimplemented"];
    let text = "is unfinished";
    let mut objections =
        matches(source, text, |rest| macros.iter().any(|name| begins(rest, &[name, "!"])));
    // Written in two parts, so that this file keeps its own rule.
    let notes = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    let lines = source.text.lines().enumerate();
    let open = lines.filter(|(_, line)| notes.iter().any(|note| line.contains(note)));
    objections.extend(open.map(|(index, _)| objection(index + 1, text)));
    objections
}

/// The file says first what it is for.
pub(crate) fn begins_with_its_purpose(source: &Source<'_>) -> Vec<Objection> {
    if source.text.starts_with("//! ") {
        return Vec::new();
    }
    vec![objection(1, "must begin with `//!` and what it is for")]
}

/// The file can be read in one go.
pub(crate) fn not_too_long(source: &Source<'_>) -> Vec<Objection> {
    let lines = source.text.lines().count();
    if lines <= MOST_LINES {
        return Vec::new();
    }
    vec![objection(lines, "is too long: split it")]
}

/// An objection wherever what begins there `is_wrong`.
fn matches(source: &Source<'_>, text: &str, is_wrong: impl Fn(&[Token]) -> bool) -> Vec<Objection> {
    let tokens = source.tokens;
    let starts = (0..tokens.len()).filter(|&start| is_wrong(&tokens[start..]));
    starts.map(|start| objection(tokens[start].line, text)).collect()
}

/// An objection for each attribute whose inside `is_wrong`.
fn attributes(
    source: &Source<'_>,
    text: &str,
    is_wrong: impl Fn(&[Token]) -> bool,
) -> Vec<Objection> {
    matches(source, text, |rest| {
        let bracket = if begins(rest, &["#", "["]) {
            1
        } else if begins(rest, &["#", "!", "["]) {
            2
        } else {
            return false;
        };
        is_wrong(inside(&rest[bracket..]))
    })
}

fn objection(line: usize, text: &str) -> Objection {
    Objection { line, text: text.to_owned() }
}
