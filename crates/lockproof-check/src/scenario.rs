//! A scenario: the calls of one concurrent test. Some come before the threads, some are made in
//! parallel, some come after.
//!
//! Invariant: calls are numbered from 0 in the order in which [`Scenario::calls`] gives them, and
//! the first thread is the one that makes the calls before and after.

pub(crate) mod account;
pub(crate) mod body;
pub(crate) mod constraints;
pub(crate) mod generation;
pub(crate) mod outcome;
pub(crate) mod pasted;
pub(crate) mod plan;
mod reason;
pub(crate) mod sequential;
pub(crate) mod shrinking;

use std::fmt::{self, Debug};

/// The calls of one concurrent test. `Display` shows them on one line, `|` between threads.
///
/// ```
/// use lockproof_check::Scenario;
///
/// let scenario = Scenario::new([vec!["take"], vec!["take",
/// "put"]]).before(["put"]).after(["len"]); assert_eq!(
///     scenario.to_string(),
///     r#"before: "put"; "take" | "take", "put"; after: "len""#
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scenario<O> {
    pub(crate) before: Vec<O>,
    pub(crate) threads: Vec<Vec<O>>,
    pub(crate) after: Vec<O>,
}

/// Maker of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// The first thread, before the others begin.
    Before,
    /// This thread, in parallel with the others.
    Thread(usize),
    /// The first thread, when the others have ended.
    After,
}

impl<O> Scenario<O> {
    /// The calls of each thread.
    ///
    /// # Panics
    ///
    /// If there is no thread.
    pub fn new(threads: impl IntoIterator<Item = impl IntoIterator<Item = O>>) -> Self {
        let threads: Vec<Vec<O>> =
            threads.into_iter().map(|calls| calls.into_iter().collect()).collect();
        assert!(!threads.is_empty(), "a scenario without threads makes no call: name at least one");
        Self { before: Vec::new(), threads, after: Vec::new() }
    }

    /// The calls that are made before the threads begin.
    #[must_use]
    pub fn before(mut self, calls: impl IntoIterator<Item = O>) -> Self {
        self.before = calls.into_iter().collect();
        self
    }

    /// The calls that are made when the threads have ended.
    #[must_use]
    pub fn after(mut self, calls: impl IntoIterator<Item = O>) -> Self {
        self.after = calls.into_iter().collect();
        self
    }

    /// Threads without a call.
    pub(crate) fn empty(threads: usize) -> Self {
        let threads = (0..threads).map(|_| Vec::new()).collect();
        Self { before: Vec::new(), threads, after: Vec::new() }
    }

    /// One more call, the last of its part.
    pub(crate) fn push(&mut self, part: Part, call: O) {
        self.part(part).push(call);
    }

    /// The calls of a part.
    pub(crate) fn part(&mut self, part: Part) -> &mut Vec<O> {
        match part {
            Part::Before => &mut self.before,
            Part::Thread(index) => &mut self.threads[index],
            Part::After => &mut self.after,
        }
    }

    /// The scenario in which each call is what `change` makes of it.
    pub(crate) fn map<P>(&self, change: impl Fn(&O) -> P) -> Scenario<P> {
        let all = |calls: &Vec<O>| calls.iter().map(&change).collect();
        Scenario {
            before: all(&self.before),
            threads: self.threads.iter().map(all).collect(),
            after: all(&self.after),
        }
    }

    /// All calls, with who makes them, in the order of their numbers.
    pub(crate) fn calls(&self) -> impl Iterator<Item = (Part, &O)> {
        let threads = self.threads.iter().enumerate();
        let parallel = threads
            .flat_map(|(index, calls)| calls.iter().map(move |call| (Part::Thread(index), call)));
        let before = self.before.iter().map(|call| (Part::Before, call));
        before.chain(parallel).chain(self.after.iter().map(|call| (Part::After, call)))
    }

    /// The number of calls.
    pub(crate) fn size(&self) -> usize {
        self.first_after() + self.after.len()
    }

    /// The number of the first call of each thread.
    pub(crate) fn first_calls(&self) -> Vec<usize> {
        let firsts = self.threads.iter().scan(self.before.len(), |next, calls| {
            let first = *next;
            *next += calls.len();
            Some(first)
        });
        firsts.collect()
    }

    /// The number of the first call that comes after the threads.
    pub(crate) fn first_after(&self) -> usize {
        self.before.len() + self.threads.iter().map(Vec::len).sum::<usize>()
    }
}

impl<O: Debug> fmt::Display for Scenario<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.before.is_empty() {
            write!(f, "before: {}; ", list(&self.before, ", "))?;
        }
        let threads: Vec<_> = self.threads.iter().map(|calls| list(calls, ", ")).collect();
        f.write_str(&threads.join(" | "))?;
        if !self.after.is_empty() {
            write!(f, "; after: {}", list(&self.after, ", "))?;
        }
        Ok(())
    }
}

/// Calls or values, as `Debug` writes them.
fn list(things: &[impl Debug], separator: &str) -> String {
    let things: Vec<_> = things.iter().map(|thing| format!("{thing:?}")).collect();
    things.join(separator)
}
