//! Sources as the compiler reads them: words and signs, without comments and the insides of
//! literals.

use proc_macro2::{Delimiter, LexError, TokenStream, TokenTree};

/// A word, a sign, a bracket or a literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// As in the source; a literal is `""` whatever it says.
    pub(crate) text: String,
    /// What a literal says, as in the source; of anything else nothing.
    pub(crate) literal: String,
    /// The line, from 1.
    pub(crate) line: usize,
}

/// All tokens of a source, brackets included. A comment that documents is an attribute with a
/// literal, so what it says is not seen.
pub(crate) fn of(source: &str) -> Result<Vec<Token>, LexError> {
    let mut tokens = Vec::new();
    flatten(source.parse()?, &mut tokens);
    Ok(tokens)
}

fn flatten(stream: TokenStream, tokens: &mut Vec<Token>) {
    for tree in stream {
        let line = tree.span().start().line;
        let mut push = |text: String, line: usize| {
            tokens.push(Token { text, literal: String::new(), line });
        };
        match tree {
            TokenTree::Ident(word) => push(word.to_string(), line),
            TokenTree::Punct(sign) => push(sign.to_string(), line),
            TokenTree::Literal(literal) => {
                let literal = literal.to_string();
                tokens.push(Token { text: "\"\"".to_owned(), literal, line });
            }
            TokenTree::Group(group) => {
                let (open, close) = brackets(group.delimiter());
                push(open.to_owned(), group.span_open().start().line);
                flatten(group.stream(), tokens);
                let line = group.span_close().start().line;
                tokens.push(Token { text: close.to_owned(), literal: String::new(), line });
            }
        }
    }
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

/// Whether `tokens` begin with these texts.
pub(crate) fn begins(tokens: &[Token], texts: &[&str]) -> bool {
    tokens.len() >= texts.len() && tokens.iter().zip(texts).all(|(token, text)| token.text == *text)
}

/// What stands between the bracket that `tokens` begin with and the one that closes it.
pub(crate) fn inside(tokens: &[Token]) -> &[Token] {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return tokens.get(1..index).unwrap_or_default();
        }
    }
    tokens
}

#[test]
fn comments_and_literals_are_not_seen() {
    let source = "//! loom::model\n/// std::sync\nfn a() { /* loom */ b(\"std::sync\", 'x') }";
    let tokens = of(source).expect("the source is sound");
    let words: Vec<_> = tokens.iter().map(|token| token.text.as_str()).collect();
    assert!(!words.contains(&"loom") && !words.contains(&"std"), "only code is seen: {words:?}");
    let name = tokens.iter().find(|token| token.text == "b").expect("code is seen");
    assert_eq!(name.line, 3, "with its line");
}

#[test]
fn the_inside_ends_at_its_own_bracket() {
    let tokens = of("(a (b) c) d").expect("the source is sound");
    assert_eq!(inside(&tokens).len(), 5, "the inner bracket does not end it");
}
