//! JSON in which an event is a line: what is deep inside stands on one line.

use std::io;

use serde::Serialize;

/// Lists and objects deeper than this are not broken into lines: the document, the trace, its
/// events.
const DEEPEST: usize = 3;

/// The document as text, with a newline at its end.
pub(super) fn text(document: &impl Serialize) -> io::Result<Vec<u8>> {
    let pretty = serde_json::to_string_pretty(document)?;
    let mut text = String::with_capacity(pretty.len());
    let mut was_deep = false;
    // Line by line: a line break inside of a text is escaped, so each one is of the layout.
    for line in pretty.lines() {
        let content = line.trim_start();
        let depth = (line.len() - content.len()) / 2;
        let closes = content.starts_with(['}', ']']);
        let is_deep = depth > DEEPEST;
        if is_deep || (was_deep && closes) {
            text.push_str(if text.ends_with(',') { " " } else { "" });
            text.push_str(content);
        } else {
            text.push_str(if text.is_empty() { "" } else { "\n" });
            text.push_str(line);
        }
        was_deep = is_deep;
    }
    text.push('\n');
    Ok(text.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_a_line() {
        let events = [[("a", 1)], [("b", 2)]];
        let document = serde_json::json!({ "trace": { "events": events, "none": [] } });
        let text = text(&document).expect("memory can be written");
        assert_eq!(
            String::from_utf8_lossy(&text),
            "{\n  \"trace\": {\n    \"events\": [\n      [[\"a\", 1]],\n      [[\"b\", 2]]\n    ],\n    \
             \"none\": []\n  }\n}\n"
        );
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&text).ok(), Some(document));
    }
}
