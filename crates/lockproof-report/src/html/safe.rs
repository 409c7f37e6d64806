//! Texts of records in a form in which they can do no harm to a reader. What is markup to a
//! browser is escaped by maud, wherever a text is put in.

use lockproof_record::{RecordedLocation, one_line};
use maud::{Markup, html};
use serde::Serialize;

use crate::Labels;
use crate::plain_text::shorten;

/// Longer names are cut.
const LONGEST_NAME: usize = 160;
/// Longer sentences are cut.
const LONGEST_PHRASE: usize = 2_000;

/// A name on one line; one that says nothing is said to be missing.
pub(super) fn name(text: &str) -> String {
    let text = one_line(text);
    if text.is_empty() { "(no name)".to_owned() } else { shorten(&text, LONGEST_NAME) }
}

/// A sentence on one line.
pub(super) fn phrase(text: &str) -> String {
    shorten(&one_line(text), LONGEST_PHRASE)
}

/// Lines as they are, each of them safe.
pub(super) fn lines(text: &str) -> String {
    let line = |line: &str| {
        let indent = line.len() - line.trim_start_matches(' ').len();
        format!("{}{}", " ".repeat(indent), phrase(line))
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A safe text that a browser may break between the words of an identifier.
pub(super) fn breakable(text: &str) -> Markup {
    let mut parts = vec![String::new()];
    let mut before = ' ';
    for character in text.chars() {
        let begins_word = before.is_lowercase() && character.is_uppercase();
        if begins_word || (matches!(before, '.' | '_' | ':') && character.is_alphanumeric()) {
            parts.push(String::new());
        }
        parts.last_mut().expect("it begins with one part").push(character);
        before = character;
    }
    html! { @for (index, part) in parts.iter().enumerate() { @if index > 0 { wbr; } (part) } }
}

/// A place in the code: the whole path.
pub(super) fn place(location: &RecordedLocation) -> Markup {
    html! { span.place { (path(&phrase(&location.to_string()))) } }
}

/// A place in the code where there is little room, the whole path where a pointer rests.
pub(super) fn short_place(location: &RecordedLocation) -> Markup {
    ShownPlace::from(location).shown()
}

/// A place in the code in two lengths.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ShownPlace {
    /// The file with its folder, and the line.
    pub(super) short: String,
    /// The path as the compiler was given it, and the line.
    pub(super) whole: String,
}

impl ShownPlace {
    /// With as much of the path as tells its file from the others of an execution.
    pub(super) fn of(location: &RecordedLocation, labels: &Labels) -> Self {
        Self { short: phrase(&labels.place(location)), whole: phrase(&location.to_string()) }
    }

    /// The short form, the whole one where a pointer rests.
    pub(super) fn shown(&self) -> Markup {
        html! { span.place title=(self.whole) { (path(&self.short)) } }
    }
}

impl From<&RecordedLocation> for ShownPlace {
    fn from(location: &RecordedLocation) -> Self {
        let whole = phrase(&location.to_string());
        let start = whole.rmatch_indices(['/', '\\']).nth(1).map_or(0, |(index, _)| index + 1);
        Self { short: whole[start..].to_owned(), whole }
    }
}

/// A path that a browser may break between folders.
fn path(path: &str) -> Markup {
    html! {
        @for (index, part) in path.split_inclusive('/').enumerate() {
            @if index > 0 { wbr; }
            (part)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_shape_and_lose_their_teeth() {
        assert_eq!(lines("a\n\n    b\u{1b}[31m\n"), "a\n\n    b\\u{1b}[31m");
    }

    #[test]
    fn words_may_be_broken_and_nothing_gets_lost() {
        let breakable = breakable("RecordMap<K>.take_all").into_string();
        assert_eq!(breakable, "Record<wbr>Map&lt;K&gt;.<wbr>take_<wbr>all");
    }

    #[test]
    fn a_short_place_has_the_folder_and_the_whole_path() {
        let location =
            RecordedLocation { file: "crates/a/src/b.rs".to_owned(), line: 3, column: 1 };
        let shown = short_place(&location).into_string();
        assert!(
            shown.starts_with("<span class=\"place\" title=\"crates/a/src/b.rs:3\">src/"),
            "{shown}"
        );
    }

    #[test]
    fn a_name_that_cannot_be_seen_is_said_to_be_missing() {
        assert_eq!(
            [name(""), name(" \n "), name("a\u{202e}b")],
            ["(no name)", "(no name)", "a\\u{202e}b"]
        );
    }
}
