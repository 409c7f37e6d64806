//! Limits on the texts of a record: all of a short one, the ends of a long one.

/// The most bytes of the text of an event, or of a thread's name.
pub(crate) const LONGEST_TEXT: usize = 2_048;
/// The most bytes of the message of a defect. Expectations look for their text in it.
pub(crate) const LONGEST_MESSAGE: usize = 65_536;

/// A text of about `most` bytes at most: the middle of a longer one is left out, with a note that
/// says so.
pub(crate) fn cut(text: String, most: usize) -> String {
    if text.len() <= most {
        return text;
    }
    let head = text.floor_char_boundary(most / 2);
    let tail = text.ceil_char_boundary(text.len() - most / 2);
    let left_out = tail - head;
    format!("{} [{left_out} bytes are left out here] {}", &text[..head], &text[tail..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_keeps_its_ends_and_says_what_is_missing() {
        let text = format!("begin{}end", "ö".repeat(1_000_000));
        let cut = cut(text, 100);
        assert!(cut.len() < 200, "it is short: {}", cut.len());
        assert!(cut.starts_with("beginö") && cut.ends_with("öend"), "its ends are kept: {cut}");
        assert!(cut.contains("bytes are left out here"), "a note says so: {cut}");
    }

    #[test]
    fn a_text_that_fits_stays_as_it_is() {
        assert_eq!(cut("äöü".to_owned(), 6), "äöü");
    }
}
