//! A strategy that follows wishes as far as the model allows them: for executions that were recorded
//! by another engine, or edited.

use super::replay::fits;
use super::{Pick, SearchStrategy, View};
use crate::event::Alternative;
use crate::turns::Turn;

/// One execution in which a guide wishes for each turn.
///
/// If the guide has no wish, or the thread that it wishes for is not enabled, the thread of the last
/// step continues if it is enabled, else the oldest enabled one. So an execution never diverges.
///
/// ```
/// use lockproof_explore::{Guided, Options, Turn, explore, here, join, spawn};
///
/// let mut child_first = Guided::new(|view| view.thread("0.0").map(|_| Turn::of("0.0")));
/// let outcome = explore(&Options::default(), &mut child_first, &mut (), || {
///     join(spawn(|| {}, here()), here()).unwrap();
/// });
/// assert_eq!(outcome.executions, 1);
/// ```
pub struct Guided<G> {
    guide: G,
    begun: bool,
    alternatives: Vec<Alternative>,
}

impl<G: FnMut(&View<'_>) -> Option<Turn>> Guided<G> {
    /// Asks `guide` before each step.
    pub fn new(guide: G) -> Self {
        Self { guide, begun: false, alternatives: Vec::new() }
    }
}

impl<G: FnMut(&View<'_>) -> Option<Turn>> SearchStrategy for Guided<G> {
    fn begin(&mut self) -> bool {
        !std::mem::replace(&mut self.begun, true)
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        let Some(first) = view.enabled().next() else { return Pick::Nothing };
        let wish = (self.guide)(view);
        let wished = wish.as_ref().and_then(|turn| view.thread(&turn.thread));
        let wished = wished.filter(|thread| view.is_enabled(*thread));
        let current = Some(view.current()).filter(|thread| view.is_enabled(*thread));
        let thread = wished.or(current).unwrap_or(first);
        view.alternatives(thread, &mut self.alternatives);
        let outcome = wish.as_ref().filter(|_| wished.is_some()).map(|turn| &turn.outcome);
        let fitting = outcome.and_then(|outcome| {
            self.alternatives.iter().find(|one| fits(**one, outcome, view, thread))
        });
        Pick::Run(thread, *fitting.unwrap_or(&self.alternatives[0]))
    }
}
