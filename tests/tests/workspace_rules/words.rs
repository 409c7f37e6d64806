//! Comments are plain English: a few words that make them hard to read are rare.

use crate::modules::Files;
use crate::nothing_to_object;
use crate::sources::{crates, files};

/// Words that leave it to the reader who or what is meant.
const VAGUE: [&str; 5] = ["at hand", "nobody", "somebody", "anybody", "whoever"];
/// How many comment lines of a crate may have one.
const MOST: usize = 3;

/// The comment lines of a crate's sources with a vague word, each with its place.
fn vague_lines(files: &Files, krate: &str) -> Vec<String> {
    let folder = format!("crates/{krate}/src/");
    let mut found = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with(&folder)) {
        for (index, line) in text.lines().enumerate() {
            let comment = line.trim_start().strip_prefix("//").unwrap_or_default();
            if let Some(word) = VAGUE.iter().find(|word| has(comment, word)) {
                found.push(format!("{path}:{}: {word}", index + 1));
            }
        }
    }
    found
}

/// Whether a text has a word, whole, whatever its first letter's case.
fn has(text: &str, word: &str) -> bool {
    let text = text.to_lowercase();
    let is_end = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        is_end(before.chars().next_back()) && is_end(after.chars().next())
    })
}

#[test]
fn comments_say_who_is_meant() {
    let files = files();
    let mut objections = Vec::new();
    for krate in crates(&files) {
        let found = vague_lines(&files, &krate);
        println!("{krate}: {} comment lines leave it open who or what is meant", found.len());
        if found.len() > MOST {
            objections.extend(found);
        }
    }
    nothing_to_object(&objections);
}

#[test]
fn vague_words_are_seen_in_comments_alone() {
    let text = "//! Nobody asks.\n/// The one at hand, says anybody's\n// guess.\nlet nobody = 1;\n\
                // The somebodyness of it.\n    // Whoever.\n";
    let files = Files::from([("crates/a/src/lib.rs".to_owned(), text.to_owned())]);
    let found = vague_lines(&files, "a");
    assert_eq!(found.len(), 3, "words are whole, and names are no words: {found:?}");
    assert_eq!(found[2], "crates/a/src/lib.rs:6: whoever", "each has its place");
}
