//! Whether an execution costs more, the more came before: one long search in tenths.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use lockproof::engine::{Engine, Settings, explore};
use lockproof_explore::{Exhaustive, Options};

use crate::measure::Contender;
use crate::process::resident;
use crate::rows::LONG;
use crate::{on_explore, on_facade};

/// What the first and the last tenth of a long search took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Growth {
    pub(crate) first_tenth: Duration,
    pub(crate) last_tenth: Duration,
    /// The memory in use after each of them, in KiB.
    pub(crate) after_first: u64,
    pub(crate) after_last: u64,
}

/// When each tenth began, and the memory in use then.
#[derive(Debug, Default)]
struct Marks {
    executions: u64,
    tenths: Vec<(Instant, u64)>,
}

static MARKS: Mutex<Marks> = Mutex::new(Marks { executions: 0, tenths: Vec::new() });

/// Explores the long model through to the end.
pub(crate) fn measure(contender: Contender) -> Growth {
    let executions =
        if contender == Contender::Explore { search_by_handles() } else { search_by_facade() };
    assert_eq!(executions, LONG.1, "the search came to its end");
    let mut marks = MARKS.lock().unwrap_or_else(PoisonError::into_inner);
    marks.tenths.push((Instant::now(), resident("VmRSS:")));
    let tenths = &marks.tenths;
    let time = |tenth: usize| tenths[tenth + 1].0 - tenths[tenth].0;
    Growth {
        first_tenth: time(0),
        last_tenth: time(9),
        after_first: tenths[1].1,
        after_last: tenths[10].1,
    }
}

fn search_by_handles() -> u64 {
    let (options, mut strategy) = (Options::default(), Exhaustive::new());
    let model = || {
        count();
        on_explore::run(LONG.0);
    };
    lockproof_explore::explore(&options, &mut strategy, &mut (), model).executions
}

fn search_by_facade() -> u64 {
    let model = || {
        count();
        on_facade::models::run(LONG.0);
    };
    explore(Engine::Explore, &Settings::default(), model).executions
}

/// An execution begins.
fn count() {
    let mut marks = MARKS.lock().unwrap_or_else(PoisonError::into_inner);
    if marks.executions.is_multiple_of(LONG.1 / 10) {
        marks.tenths.push((Instant::now(), resident("VmRSS:")));
    }
    marks.executions += 1;
}
