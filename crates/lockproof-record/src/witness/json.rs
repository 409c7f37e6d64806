//! JSON that people can read: what is deep inside stands in one line, so that an event is a line.

use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

/// Lists and objects deeper than this are not broken into lines: the document, the trace, its
/// events.
const DEEPEST: usize = 3;

/// The document as text, with a newline at its end.
pub(super) fn text(document: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    let lines = Lines { pretty: PrettyFormatter::new(), depth: 0 };
    document.serialize(&mut Serializer::with_formatter(&mut text, lines))?;
    text.push(b'\n');
    Ok(text)
}

struct Lines {
    pretty: PrettyFormatter<'static>,
    depth: usize,
}

/// Calls the formatter for the depth at hand.
macro_rules! format {
    ($lines:ident . $method:ident ( $($argument:expr),* )) => {
        if $lines.depth <= DEEPEST {
            $lines.pretty.$method($($argument),*)
        } else {
            CompactFormatter.$method($($argument),*)
        }
    };
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        format!(self.begin_array(writer))
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        format!(self.end_array(writer))?;
        self.depth -= 1;
        Ok(())
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        format!(self.begin_array_value(writer, first))
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        format!(self.end_array_value(writer))
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        format!(self.begin_object(writer))
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        format!(self.end_object(writer))?;
        self.depth -= 1;
        Ok(())
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        format!(self.begin_object_key(writer, first))
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        format!(self.begin_object_value(writer))
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        format!(self.end_object_value(writer))
    }
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
            "{\n  \"trace\": {\n    \"events\": [\n      [[\"a\",1]],\n      [[\"b\",2]]\n    ],\n    \
             \"none\": []\n  }\n}\n"
        );
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&text).ok(), Some(document));
    }
}
