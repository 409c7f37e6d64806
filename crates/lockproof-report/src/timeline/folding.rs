//! Which events of a timeline are shown: of rounds that repeat each other the first one, and of
//! what is still too long its beginning and its end.

use std::ops::Range;

use crate::plain_text::count;

/// The longest round that is looked for.
const LONGEST_ROUND: usize = 24;
/// Fewer rounds than this are all shown: a note would save no more than a row or two.
const FEWEST_ROUNDS: usize = 3;
/// The rows at the beginning of a timeline that is too long to show: how it was set up.
const ROWS_OF_THE_BEGINNING: usize = 40;
/// The rows at the end of a timeline that is too long to show: how it failed.
const ROWS_OF_THE_END: usize = 80;

/// What stands in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// The event with this index.
    Event(usize),
    /// What is not shown.
    Note(String),
}

/// The rows of `keys.len()` events, of which those with equal keys look alike.
///
/// No round reaches over the index in `gap`.
pub(super) fn folded<K: PartialEq>(keys: &[K], gap: Option<usize>) -> Vec<Row> {
    let gap = gap.unwrap_or(keys.len()).min(keys.len());
    let mut rows = Vec::new();
    for part in [0..gap, gap..keys.len()] {
        fold(keys, part, &mut rows);
    }
    rows
}

fn fold<K: PartialEq>(keys: &[K], part: Range<usize>, rows: &mut Vec<Row>) {
    let mut index = part.start;
    while index < part.end {
        let (round, rounds) = repetition(&keys[index..part.end]);
        rows.extend((index..index + round).map(Row::Event));
        if rounds > 1 {
            rows.push(Row::Note(note(round, rounds - 1)));
        }
        index += round * rounds;
    }
}

fn note(round: usize, more: usize) -> String {
    let more = count(more as u64);
    match round {
        1 => format!("… {more} more times the same"),
        _ => format!("… {more} more rounds of these {round} rows"),
    }
}

/// How long the round is that `keys` begin with, and how often it is repeated: the one that saves
/// most rows, or one event once.
fn repetition<K: PartialEq>(keys: &[K]) -> (usize, usize) {
    let longest = LONGEST_ROUND.min(keys.len() / FEWEST_ROUNDS);
    let repeated = (1..=longest).map(|round| {
        let repeats = keys.chunks_exact(round).take_while(|next| *next == &keys[..round]);
        (round, repeats.count())
    });
    let long_enough = repeated.filter(|(_, rounds)| *rounds >= FEWEST_ROUNDS);
    // The first of those that save most: a round of one is also one of two.
    let saved = |(round, rounds): &(usize, usize)| round * (rounds - 1);
    long_enough.rev().max_by_key(saved).unwrap_or((1, 1))
}

/// The row of a record's own gap.
pub(super) fn left_out(events: u64) -> Row {
    Row::Note(format!("… {} events are left out here", count(events)))
}

/// The rows, without the middle if there are too many.
pub(super) fn cut(mut rows: Vec<Row>) -> Vec<Row> {
    let end = rows.len().saturating_sub(ROWS_OF_THE_END);
    if end > ROWS_OF_THE_BEGINNING {
        let left_out = rows.drain(ROWS_OF_THE_BEGINNING..end).count();
        let note = format!("… {} rows are left out here", count(left_out as u64));
        rows.insert(ROWS_OF_THE_BEGINNING, Row::Note(note));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The events that are shown by their letters, and notes in brackets.
    fn shown(events: &str, gap: Option<usize>) -> String {
        let keys: Vec<_> = events.chars().collect();
        let show = |row: &Row| match row {
            Row::Event(index) => keys[*index].to_string(),
            Row::Note(note) => format!("[{note}]"),
        };
        folded(&keys, gap).iter().map(show).collect()
    }

    #[test]
    fn a_spin_loop_is_folded() {
        assert_eq!(shown("saaaaae", None), "sa[… 4 more times the same]e");
        assert_eq!(shown("sabababe", None), "sab[… 2 more rounds of these 2 rows]e");
    }

    #[test]
    fn what_differs_is_shown() {
        assert_eq!(shown("abcdef", None), "abcdef");
        assert_eq!(shown("aab", None), "aab");
        assert_eq!(shown("ababc", None), "ababc", "two rounds are shown");
    }

    #[test]
    fn no_round_reaches_over_a_gap() {
        assert_eq!(shown("aaaa", Some(2)), "aaaa");
    }

    #[test]
    fn rounds_are_the_shortest_that_repeat() {
        assert_eq!(shown("ababababababab", None), "ab[… 6 more rounds of these 2 rows]");
        assert_eq!(shown("aaaaaa", None), "a[… 5 more times the same]");
    }

    #[test]
    fn a_long_timeline_keeps_its_ends() {
        let rows = cut((0..1_000).map(Row::Event).collect());
        assert_eq!(rows.len(), 40 + 1 + 80);
        assert_eq!(rows[39], Row::Event(39));
        assert_eq!(rows[40], Row::Note("… 880 rows are left out here".to_owned()));
        assert_eq!(rows[41], Row::Event(920));
    }
}
