//! Limits on the events of a record: all of a short execution, the ends of a long one.

/// The events kept from the beginning of a trace that is too long: how it was set up.
pub(super) const FIRST_EVENTS: usize = 500;
/// The events kept from the end of a trace that is too long: how it failed.
pub(super) const LAST_EVENTS: usize = 1_500;

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
    fn what_is_left_out_is_the_middle_of_a_long_trace() {
        assert_eq!(left_out(2_000), 0..0);
        assert_eq!(left_out(2_001), 500..501);
        assert_eq!(left_out(10_000), 500..8_500);
    }
}
