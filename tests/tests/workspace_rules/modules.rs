//! The modules of a crate, as its files declare them, and the paths that each module names.
//!
//! Code for tests does not count: items under `#[cfg(test)]` and `#[test]` are left out with all that
//! they declare.

use std::collections::{BTreeMap, BTreeSet};

use crate::mentions::{Mention, is_start_of_path, path_at, use_tree};
use crate::tokens::{self, Token, begins, inside};

/// The names of the modules from the crate's root to a module: empty for the root.
pub(crate) type ModulePath = Vec<String>;

/// One module.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// The files that it is read from: more than one if the build chooses.
    pub(crate) files: BTreeSet<String>,
    pub(crate) children: BTreeSet<String>,
    /// The paths that its `use` items give a name in it, by that name.
    pub(crate) names: BTreeMap<String, Vec<Vec<String>>>,
    /// Every path that it names.
    pub(crate) mentions: Vec<Mention>,
}

/// The modules of one crate.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    pub(crate) by_path: BTreeMap<ModulePath, Module>,
}

/// Files, by their paths from the root of the workspace.
pub(crate) type Files = BTreeMap<String, String>;

/// The file that a module is read from.
struct Place<'a> {
    file: &'a str,
    /// The folder in which the files of its children are.
    folder: String,
}

/// A file that an attribute names for a module.
struct GivenPath {
    path: String,
    /// Whether it is one of several: all of them are read.
    is_conditional: bool,
}

impl Modules {
    /// The modules of the crate whose sources are in the folder `src`.
    pub(crate) fn of(files: &Files, src: &str) -> Self {
        let mut modules = Self::default();
        let roots = ["lib.rs", "main.rs"].map(|name| format!("{src}/{name}"));
        let root = roots.iter().find(|root| files.contains_key(*root));
        let root = root.unwrap_or_else(|| panic!("{src} has a root"));
        modules.read(files, &Vec::new(), &Place { file: root, folder: src.to_owned() });
        modules
    }

    /// Reads the file of a module, and those of its children.
    fn read(&mut self, files: &Files, module: &ModulePath, place: &Place<'_>) {
        let text = &files[place.file];
        let tokens = tokens::of(text).unwrap_or_else(|error| panic!("{}: {error}", place.file));
        let known = &mut self.by_path.entry(module.clone()).or_default().files;
        known.insert(place.file.to_owned());
        self.scan(files, module, place, &without_tests(&tokens));
    }

    /// Reads the tokens of a module.
    fn scan(&mut self, files: &Files, module: &ModulePath, place: &Place<'_>, tokens: &[Token]) {
        self.by_path.entry(module.clone()).or_default();
        let mut paths_of_next: Vec<GivenPath> = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let rest = &tokens[at..];
            if let Some(attribute) = attribute(rest) {
                paths_of_next.extend(path_attributes(attribute));
                at += length_of_attribute(rest);
            } else if begins(rest, &["mod"]) && rest.len() > 2 {
                at += self.declaration(files, module, place, rest, &paths_of_next);
                paths_of_next.clear();
            } else if begins(rest, &["use"]) && !begins(rest, &["use", "<"]) {
                let item = until_semicolon(rest);
                self.imports(module, place.file, &item[1..]);
                at += item.len();
                paths_of_next.clear();
            } else if is_start_of_path(tokens, at) {
                let path = path_at(rest);
                at += path.len() * 3 - 2;
                self.mention(module, place.file, rest[0].line, path);
            } else {
                if ends_item(&rest[0]) {
                    paths_of_next.clear();
                }
                at += 1;
            }
        }
    }

    /// Reads `mod name;` or `mod name { .. }` and returns how many tokens it has.
    fn declaration(
        &mut self,
        files: &Files,
        module: &ModulePath,
        place: &Place<'_>,
        tokens: &[Token],
        paths: &[GivenPath],
    ) -> usize {
        let name = &tokens[1].text;
        let mut child = module.clone();
        child.push(name.clone());
        let folder = format!("{}/{name}", place.folder);
        let length = match tokens[2].text.as_str() {
            "{" => {
                let body = inside(&tokens[2..]);
                self.scan(files, &child, &Place { file: place.file, folder }, body);
                body.len() + 4
            }
            ";" => {
                for (file, folder) in candidates(place, name, paths) {
                    if files.contains_key(&file) {
                        self.read(files, &child, &Place { file: &file, folder });
                    }
                }
                3
            }
            _ => return 1,
        };
        if self.by_path.contains_key(&child) {
            self.by_path.entry(module.clone()).or_default().children.insert(name.clone());
        }
        length
    }

    /// Notes the paths of a `use` item and the names that it gives them.
    fn imports(&mut self, module: &ModulePath, file: &str, tree: &[Token]) {
        for import in use_tree(tree) {
            let module = self.by_path.entry(module.clone()).or_default();
            if let Some(name) = import.name {
                module.names.entry(name).or_default().push(import.path.clone());
            }
            let file = file.to_owned();
            module.mentions.push(Mention { path: import.path, file, line: import.line });
        }
    }

    fn mention(&mut self, module: &ModulePath, file: &str, line: usize, path: Vec<String>) {
        let module = self.by_path.entry(module.clone()).or_default();
        module.mentions.push(Mention { path, file: file.to_owned(), line });
    }
}

/// The files that may hold a module, each with the folder of its children.
fn candidates(place: &Place<'_>, name: &str, paths: &[GivenPath]) -> Vec<(String, String)> {
    let folder_of = |file: &str| file.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let mut files: Vec<_> = paths
        .iter()
        .map(|GivenPath { path, .. }| format!("{}/{path}", folder_of(place.file)))
        .map(|file| (file.clone(), folder_of(&file)))
        .collect();
    if paths.iter().all(|given| given.is_conditional) {
        files.push((format!("{}/{name}.rs", place.folder), format!("{}/{name}", place.folder)));
    }
    files
}

/// What stands between the brackets of the attribute that `tokens` begin with.
fn attribute(tokens: &[Token]) -> Option<&[Token]> {
    match tokens {
        [hash, bracket, ..] if hash.text == "#" && bracket.text == "[" => {
            Some(inside(&tokens[1..]))
        }
        [hash, bang, bracket, ..]
            if hash.text == "#" && bang.text == "!" && bracket.text == "[" =>
        {
            Some(inside(&tokens[2..]))
        }
        _ => None,
    }
}

fn length_of_attribute(tokens: &[Token]) -> usize {
    let brackets = if begins(tokens, &["#", "!"]) { 4 } else { 3 };
    attribute(tokens).map_or(0, |inside| inside.len() + brackets)
}

/// The files that `#[path = ".."]` or `#[cfg_attr(.., path = "..")]` names, but for those of tests.
fn path_attributes(attribute: &[Token]) -> impl Iterator<Item = GivenPath> {
    let is_conditional = begins(attribute, &["cfg_attr"]);
    let is_for_tests = is_conditional && attribute.iter().any(|token| token.text == "test");
    let found = attribute.windows(3).filter(|three| begins(three, &["path", "=", "\"\""]));
    let found = found.filter(move |_| !is_for_tests);
    found.map(move |three| GivenPath {
        path: three[2].literal.trim_matches('"').to_owned(),
        is_conditional,
    })
}

/// The tokens without the items that only tests have.
fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let rest = &tokens[at..];
        let length = length_of_attribute(rest);
        if length == 0 {
            kept.push(rest[0].clone());
            at += 1;
        } else if !attribute(rest).is_some_and(is_for_tests) {
            kept.extend_from_slice(&rest[..length]);
            at += length;
        } else if begins(rest, &["#", "!"]) {
            return Vec::new();
        } else {
            at += length + length_of_item(&rest[length..]);
        }
    }
    kept
}

fn is_for_tests(attribute: &[Token]) -> bool {
    let names = |word: &str| attribute.iter().any(|token| token.text == word);
    match attribute {
        [only] => only.text == "test",
        _ => begins(attribute, &["cfg", "("]) && names("test") && !names("not") && !names("any"),
    }
}

/// How many tokens the item has that `tokens` begin with, its other attributes included.
fn length_of_item(tokens: &[Token]) -> usize {
    let mut at = 0;
    while let length @ 1.. = length_of_attribute(&tokens[at..]) {
        at += length;
    }
    let ends_with_semicolon = tokens[at..].iter().take_while(|token| token.text != "{");
    let ends_with_semicolon = ends_with_semicolon
        .take(4)
        .any(|token| ["use", "const", "static", "let"].contains(&token.text.as_str()));
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            ";" => return at + 1,
            "(" | "[" => at += inside(&tokens[at..]).len() + 2,
            "{" => {
                at += inside(&tokens[at..]).len() + 2;
                if !ends_with_semicolon {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    at
}

fn ends_item(token: &Token) -> bool {
    [";", "{", "}"].contains(&token.text.as_str())
}

fn until_semicolon(tokens: &[Token]) -> &[Token] {
    let end = tokens.iter().position(|token| token.text == ";");
    &tokens[..end.unwrap_or(tokens.len())]
}
