//! How much of an execution a record keeps: all of a short one, the ends of a long one, and of long
//! texts their ends, too.

/// The events kept from the beginning of a trace that is too long: how it was set up.
pub(super) const FIRST_EVENTS: usize = 500;
/// The events kept from the end of a trace that is too long: how it failed.
pub(super) const LAST_EVENTS: usize = 1_500;
/// The most bytes of the text of an event, or of a thread's name.
pub(super) const LONGEST_TEXT: usize = 2_048;
/// The most bytes of the message of a defect. Expectations look for their text in it.
pub(super) const LONGEST_MESSAGE: usize = 65_536;

/// A text of about `most` bytes at most: the middle of a longer one is left out, with a note that
/// says so.
pub(super) fn cut(text: String, most: usize) -> String {
    if text.len() <= most {
        return text;
    }
    let head = text.floor_char_boundary(most / 2);
    let tail = text.ceil_char_boundary(text.len() - most / 2);
    let left_out = tail - head;
    format!("{} [{left_out} bytes are left out here] {}", &text[..head], &text[tail..])
}

/// The indices of the events that are left out of a trace of `count` events.
pub(super) fn left_out(count: usize) -> std::ops::Range<usize> {
    match count.saturating_sub(LAST_EVENTS) {
        end if end > FIRST_EVENTS => FIRST_EVENTS..end,
        _ => 0..0,
    }
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

    #[test]
    fn what_is_left_out_is_the_middle_of_a_long_trace() {
        assert_eq!(left_out(2_000), 0..0);
        assert_eq!(left_out(2_001), 500..501);
        assert_eq!(left_out(10_000), 500..8_500);
    }
}
