//! Width and colours of texts. Nothing here looks at a terminal: the caller says where the text
//! goes.

use std::ffi::OsString;

use anstyle::{AnsiColor, Style};

/// Width and colours of a text.
///
/// ```
/// use lockproof_report::Appearance;
///
/// let plain = Appearance::default();
/// assert_eq!((plain.width, plain.colour), (120, false));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appearance {
    /// The columns of the screen. Below 20, it is taken for 20.
    pub width: usize,
    /// Whether colours are wanted, in the form of ANSI escape sequences.
    pub colour: bool,
}

impl Default for Appearance {
    /// Plain text, for files and continuous integration.
    fn default() -> Self {
        Self { width: 120, colour: false }
    }
}

impl Appearance {
    /// For a text that goes to standard output or standard error: plain unless that is a terminal,
    /// which is `width` columns wide if that is known.
    ///
    /// Of the environment, `NO_COLOR`, `CI` and the terminal `dumb` ask for plain text; under `CI`
    /// the width is the same everywhere, too.
    pub fn of_terminal(
        is_terminal: bool,
        width: Option<usize>,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Self {
        let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
        if !is_terminal || is_set("CI") {
            return Self::default();
        }
        let is_dumb = variable("TERM").is_some_and(|terminal| terminal == "dumb");
        Self {
            width: width.unwrap_or(Self::default().width),
            colour: !is_set("NO_COLOR") && !is_dumb,
        }
    }

    /// The width to keep to.
    pub(crate) fn columns(self) -> usize {
        self.width.max(20)
    }
}

/// Role of a piece of text, which decides its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Text as any other.
    Plain,
    /// About the thread with this index.
    Thread(usize),
    /// Beside the point, such as places and headings.
    Faint,
    /// A thread that waits.
    Wait,
    /// A defect.
    Alarm,
}

impl Role {
    /// Readable on dark and on light ground, and told apart by those who see few colours.
    fn style(self) -> Style {
        const THREADS: [AnsiColor; 4] =
            [AnsiColor::Cyan, AnsiColor::Magenta, AnsiColor::Green, AnsiColor::Blue];
        let coloured = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
        match self {
            Self::Plain => Style::new(),
            Self::Thread(index) => coloured(THREADS[index % THREADS.len()]),
            Self::Faint => Style::new().dimmed(),
            Self::Wait => coloured(AnsiColor::Yellow),
            Self::Alarm => coloured(AnsiColor::Red).bold(),
        }
    }

    /// `text` in this role's colour, if there are colours.
    pub(crate) fn paint(self, text: &str, colour: bool) -> String {
        let style = self.style();
        if colour && !text.is_empty() && style != Style::new() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}

/// `text` in lines of at most `width` columns; those after the first are indented.
pub(crate) fn wrapped(text: &str, width: usize, indent: usize) -> Vec<String> {
    let indent = " ".repeat(indent.min(width / 2));
    let options = textwrap::Options::new(width)
        .subsequent_indent(&indent)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit);
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// Lines for a screen, each in the colour of its role; what is wrapped is indented.
pub(crate) fn lines(texts: &[(Role, String)], indent: usize, appearance: Appearance) -> String {
    let wrap = |(role, text): &(Role, String)| {
        let lines = wrapped(text, appearance.columns(), indent);
        lines.iter().map(|line| role.paint(line, appearance.colour) + "\n").collect::<String>()
    };
    texts.iter().map(wrap).collect()
}
