//! Text that is safe to show on one line. Names and messages come from the code under test, which
//! may put anything into them.

/// The text on one line: line breaks become `; `, other control characters are escaped.
///
/// ```
/// use lockproof_record::one_line;
///
/// assert_eq!(one_line("not equal\n  left: 1\n right: 2"), "not equal; left: 1; right: 2");
/// assert_eq!(one_line("\u{1b}[31mred"), "\\u{1b}[31mred");
/// ```
pub fn one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let joined = lines.collect::<Vec<_>>().join("; ");
    let mut safe = String::with_capacity(joined.len());
    for character in joined.chars() {
        if character.is_control() || is_invisible(character) {
            safe.extend(character.escape_default());
        } else {
            safe.push(character);
        }
    }
    safe
}

/// Formatting characters that reorder or break the text around them (Unicode technical report 36),
/// or change how wide it is.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{61c}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}
