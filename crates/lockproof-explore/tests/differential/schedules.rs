//! The reference for the bounded strategy: every schedule by brute force, without any reduction.

use super::program::Program;
use super::reference::{Search, initial};
use super::trace::{Event, What};

/// Calls `maximal` with every schedule within the bound on preemptions, equivalent ones included.
/// Returns whether the bound cut off a schedule, or `None` if there are too many steps in all.
pub(crate) fn schedules(
    program: &Program,
    preemptions: u32,
    mut most_steps: usize,
    maximal: &mut dyn FnMut(&[Event]),
) -> Option<bool> {
    let search = Search::new(program, 0);
    let mut is_cut = false;
    let mut stack = vec![(initial(program), Vec::new(), preemptions)];
    while let Some((state, trace, left)) = stack.pop() {
        most_steps = most_steps.checked_sub(1)?;
        let possible: Vec<Vec<What>> =
            (0..state.threads.len()).map(|thread| search.possible(&state, thread)).collect();
        if possible.iter().all(Vec::is_empty) {
            maximal(&trace);
        }
        // A switch away from a wait that only a time-out or a spurious wake-up ends is no preemption.
        let goes_on = |what: &What| !matches!(what, What::Left(..) | What::NoToken(_));
        let running = trace.last().map(|(thread, _)| *thread);
        let running = running.filter(|thread| possible[*thread].iter().any(goes_on));
        for (thread, possible) in possible.iter().enumerate() {
            let cost = u32::from(running.is_some_and(|running| running != thread));
            is_cut |= cost > left && !possible.is_empty();
            for what in possible.iter().filter(|_| cost <= left) {
                let (mut after, mut trace) = (state.clone(), trace.clone());
                search.take(&mut after, thread, *what);
                trace.push((thread, *what));
                stack.push((after, trace, left - cost));
            }
        }
    }
    Some(is_cut)
}
