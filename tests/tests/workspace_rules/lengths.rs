//! Functions fit on a screen, and nine files of ten can be read in one go.

use crate::modules::Files;
use crate::nothing_to_object;
use crate::sources::{crates, files};
use crate::tokens::{self, Token, inside};

/// The most lines of a function, from its `fn` to its closing brace.
const MOST_LINES_OF_FUNCTION: usize = 40;
/// The most lines that nine of ten files have.
const MOST_LINES_OF_NINE_IN_TEN: usize = 250;

/// Tables over all operations: a line for each, and the compiler finds one that is missing.
const TABLES: [(&str, &str); 2] = [
    ("crates/lockproof/src/trace/operation.rs", "fmt"),
    ("crates/lockproof/src/trace/lock_effect.rs", "lock_effect"),
];

/// A function with a body.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Function {
    lines: usize,
    name: String,
    line: usize,
}

/// The functions of a source.
fn functions(source: &str) -> Vec<Function> {
    let tokens = tokens::of(source).expect("the sources are read by other rules, too");
    let starts = (1..tokens.len()).filter(|&at| tokens[at - 1].text == "fn");
    starts.filter_map(|at| function(&tokens[at - 1..])).collect()
}

/// The function that `tokens` begin with, unless it is a type or has no body.
fn function(tokens: &[Token]) -> Option<Function> {
    let [start, name, ..] = tokens else { return None };
    if !name.text.starts_with(|first: char| first.is_alphabetic() || first == '_') {
        return None;
    }
    let mut at = 2;
    loop {
        match tokens.get(at)?.text.as_str() {
            "{" => break,
            ";" => return None,
            "(" | "[" => at += inside(&tokens[at..]).len() + 2,
            _ => at += 1,
        }
    }
    let end = tokens.get(at + inside(&tokens[at..]).len() + 1)?;
    Some(Function { lines: end.line - start.line + 1, name: name.text.clone(), line: start.line })
}

/// The number of lines that nine of ten files have at most.
fn nine_in_ten(mut lines: Vec<usize>) -> usize {
    lines.sort_unstable();
    let rank = (lines.len() * 9).div_ceil(10);
    lines.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// What a crate's sources come to, and what stands against it.
fn measure(files: &Files, krate: &str) -> (String, Vec<String>) {
    let folder = format!("crates/{krate}/src/");
    let sources: Vec<_> = files.iter().filter(|(path, _)| path.starts_with(&folder)).collect();
    let usual = nine_in_ten(sources.iter().map(|(_, text)| text.lines().count()).collect());
    let mut objections = Vec::new();
    if usual > MOST_LINES_OF_NINE_IN_TEN {
        objections.push(format!("{krate}: nine of ten files have up to {usual} lines: split some"));
    }
    let mut longest = Function { lines: 0, name: String::new(), line: 0 };
    for (path, text) in sources {
        for function in functions(text) {
            if TABLES.contains(&(path.as_str(), function.name.as_str())) {
                continue;
            }
            if function.lines > MOST_LINES_OF_FUNCTION {
                let Function { lines, name, line } = &function;
                objections.push(format!("{path}:{line}: {name} has {lines} lines: split it"));
            }
            if function.lines > longest.lines {
                longest = function;
            }
        }
    }
    let Function { lines, name, .. } = longest;
    (
        format!("nine of ten files up to {usual} lines, longest function {name} of {lines}"),
        objections,
    )
}

#[test]
fn files_and_functions_are_short() {
    let files = files();
    let mut objections = Vec::new();
    for krate in crates(&files) {
        let (figures, found) = measure(&files, &krate);
        println!("{krate}: {figures}");
        objections.extend(found);
    }
    nothing_to_object(&objections);
}

#[test]
fn no_table_is_short() {
    let files = files();
    for (path, name) in TABLES {
        let mut found = files.get(path).map(|text| functions(text)).unwrap_or_default().into_iter();
        let is_long = found.any(|table| table.name == name && table.lines > MOST_LINES_OF_FUNCTION);
        assert!(is_long, "{name} of {path} needs no exception");
    }
}

/// A function of so many lines.
fn function_of(lines: usize) -> String {
    format!("fn short() {{}}\n\nfn long() {{{}}}\n", "\n".repeat(lines - 1))
}

#[test]
fn a_long_function_is_seen() {
    for (lines, expected) in [(40, 0), (41, 1)] {
        let files = Files::from([("crates/a/src/lib.rs".to_owned(), function_of(lines))]);
        let (figures, objections) = measure(&files, "a");
        assert_eq!(objections.len(), expected, "{lines} lines: {objections:?}");
        assert!(figures.ends_with(&format!("longest function long of {lines}")), "{figures}");
    }
}

#[test]
fn long_files_are_seen() {
    let file = |index: usize, lines| (format!("crates/a/src/{index}.rs"), "\n".repeat(lines));
    let with_long = |count| -> Files {
        (0..20).map(|index| file(index, if index < count { 251 } else { 100 })).collect()
    };
    nothing_to_object(&measure(&with_long(2), "a").1);
    assert_eq!(measure(&with_long(3), "a").1.len(), 1, "more than one in ten is long");
}

#[test]
fn only_functions_with_a_body_are_measured() {
    let source = "type A = fn(u8);\ntrait B {\n fn c(&self) -> [u8; 2];\n fn d(&self) {\n }\n}";
    let found = functions(source);
    assert_eq!(found, [Function { lines: 2, name: "d".to_owned(), line: 4 }], "{found:?}");
}
