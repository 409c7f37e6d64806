//! Paths in sources: those of `use` trees and those in code.

use crate::tokens::{Token, begins, inside};

/// A path that a module names.
#[derive(Clone, Debug)]
pub(crate) struct Mention {
    pub(crate) path: Vec<String>,
    pub(crate) file: String,
    pub(crate) line: usize,
}

/// One path of a `use` item.
#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) path: Vec<String>,
    /// The name that it gets: none for `_` and `*`.
    pub(crate) name: Option<String>,
    pub(crate) line: usize,
}

/// Whether a path of at least two segments begins at `tokens[at]`. What a macro names by `$crate`
/// is a path of the code that calls it.
pub(crate) fn is_start_of_path(tokens: &[Token], at: usize) -> bool {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let is_inside_path = at > 1 && text(at - 1) == ":" && text(at - 2) == ":";
    let is_elsewhere = at > 0 && [".", "$"].contains(&text(at - 1));
    let is_visibility = at > 1 && text(at - 1) == "in" && text(at - 2) == "(";
    let goes_on = text(at + 1) == ":" && text(at + 2) == ":" && is_word(text(at + 3));
    is_word(text(at)) && goes_on && !is_inside_path && !is_elsewhere && !is_visibility
}

/// The segments of the path that `tokens` begin with.
pub(crate) fn path_at(tokens: &[Token]) -> Vec<String> {
    let mut path = vec![tokens[0].text.clone()];
    let mut rest = &tokens[1..];
    while let [first, second, word, ..] = rest {
        if first.text != ":" || second.text != ":" || !is_word(&word.text) {
            break;
        }
        path.push(word.text.clone());
        rest = &rest[3..];
    }
    path
}

fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// The paths of the tree of a `use` item.
pub(crate) fn use_tree(tokens: &[Token]) -> Vec<Import> {
    let mut imports = Vec::new();
    branches(tokens, &[], &mut imports);
    imports
}

/// The branches of a tree, `prefix` put before each.
fn branches(tokens: &[Token], prefix: &[String], imports: &mut Vec<Import>) {
    let mut rest = tokens;
    while !rest.is_empty() {
        let end = end_of_branch(rest);
        branch(&rest[..end], prefix, imports);
        rest = rest.get(end + 1..).unwrap_or_default();
    }
}

fn branch(tokens: &[Token], prefix: &[String], imports: &mut Vec<Import>) {
    let mut path = prefix.to_vec();
    let mut name = None;
    let mut rest = tokens;
    while let Some(token) = rest.first() {
        match token.text.as_str() {
            "{" => return branches(inside(rest), &path, imports),
            // A path from the root of all crates leads out of this one.
            ":" if path.is_empty() => return,
            "*" => {
                imports.push(Import { path, name: None, line: token.line });
                return;
            }
            "as" => {
                name = rest.get(1).map(|alias| alias.text.clone());
                break;
            }
            "self" if !path.is_empty() => {}
            word if is_word(word) => path.push(word.to_owned()),
            _ => {}
        }
        rest = &rest[1..];
    }
    let Some(first) = tokens.first() else { return };
    let name = name.or_else(|| path.last().cloned()).filter(|name| name != "_");
    imports.push(Import { path, name, line: first.line });
}

/// Where the comma stands that ends the first branch, or the end.
fn end_of_branch(tokens: &[Token]) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.text.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            "," if depth == 0 => return at,
            _ => {}
        }
    }
    tokens.len()
}

#[test]
fn the_branches_of_a_tree_are_found() {
    let source = "crate::a::{self, b::C as D, e::{F, g as _}, h::*}";
    let tokens = crate::tokens::of(source).expect("the source is sound");
    let imports = use_tree(&tokens);
    let paths: Vec<_> = imports.iter().map(|import| import.path.join("::")).collect();
    let expected =
        ["crate::a", "crate::a::b::C", "crate::a::e::F", "crate::a::e::g", "crate::a::h"];
    assert_eq!(paths, expected, "each branch is a path");
    let names: Vec<_> = imports.iter().map(|import| import.name.as_deref()).collect();
    assert_eq!(names, [Some("a"), Some("D"), Some("F"), None, None], "each with its name");
}

#[test]
fn paths_in_code_are_found() {
    let source =
        "fn a() { crate::b::c(); x.collect::<D>(); ::std::e(); pub(in crate::f) g; $crate::h::i }";
    let tokens = crate::tokens::of(source).expect("the source is sound");
    let starts = (0..tokens.len()).filter(|&at| is_start_of_path(&tokens, at));
    let paths: Vec<_> = starts.map(|at| path_at(&tokens[at..]).join("::")).collect();
    assert_eq!(paths, ["crate::b::c"], "neither methods nor visibilities nor macros' paths");
    assert!(begins(&tokens, &["fn"]), "the tokens are those of the source");
}
