//! One exploration as its executions see it: the model, the budget, and what was counted.

use std::collections::BTreeSet;
use std::panic::Location;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Instant;

use crate::engine::{
    Approach, Assumption, BlindSpot, Ending, Engine, Reporter, Settings, SharedWatcher, Task,
};
use crate::execution::Execution;
use crate::trace::{Object, Trace};

/// How many objects of a kind are made in advance at first.
const FIRST_SUPPLY: usize = 8;

/// Shared by the driver and all executions of one exploration.
pub(crate) struct Run {
    pub(crate) engine: Engine,
    pub(crate) model: Arc<dyn Fn() + Send + Sync>,
    pub(crate) settings: Settings,
    pub(crate) watcher: Option<SharedWatcher>,
    reporter: Option<Reporter>,
    pub(crate) approaches: Vec<Approach>,
    /// Where the model was given to the engine.
    pub(crate) location: &'static Location<'static>,
    pub(crate) start: Instant,
    counts: Mutex<Counts>,
    /// The trace of an execution that is over: the next one uses its memory.
    used: Mutex<Trace>,
    /// Has room for one word: of what ends a search only the first counts.
    words: mpsc::SyncSender<Word>,
    /// Whether one execution is run again, by its schedule.
    is_replay: bool,
    /// Where a search goes on after a failure: how the execution at hand ended.
    caught: Option<Mutex<Option<Ending>>>,
    supply: AtomicUsize,
    needs: [AtomicBool; Need::COUNT],
}

/// Something that costs scheduling points, so that executions are prepared for it only in a search
/// of a model that was seen to need it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Need {
    /// Some thread tries a lock.
    Attempts,
    /// Some thread looks at the clock while others run.
    Clock,
    /// Some thread changes the mode in which it holds an `RwLock`.
    Turnstiles,
    /// Some thread asks whether another one has ended.
    Ends,
}

impl Need {
    const COUNT: usize = 4;
}

/// What a search has to say at its end.
pub(crate) enum Word {
    /// It is over.
    Ended(Ending),
    /// It must start again: the engine was prepared for too small a model.
    Again,
}

/// What the executions so far had in them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) executions: u64,
    pub(crate) threads: usize,
    pub(crate) events: usize,
    pub(crate) blind_spots: BTreeSet<BlindSpot>,
    pub(crate) assumptions: BTreeSet<Assumption>,
    pub(crate) kept_data: Vec<Object>,
}

/// Thrown to leave an execution whose ending has been reported.
pub(crate) struct Stopped;

/// Thrown to leave an engine's search; says how it ended.
pub(crate) struct Left(pub(crate) Ending);

impl Run {
    /// A run, and where its ending will arrive.
    pub(crate) fn new(task: Task) -> (Arc<Self>, mpsc::Receiver<Word>) {
        let (run, receiver) = Self::of(task);
        (Arc::new(run), receiver)
    }

    /// A run that follows a schedule.
    pub(crate) fn replay(task: Task) -> (Arc<Self>, mpsc::Receiver<Word>) {
        let (run, receiver) = Self::of(task);
        (Arc::new(Self { is_replay: true, ..run }), receiver)
    }

    /// A run that goes on after failures: whoever drives it takes what it has
    /// [`caught`](Self::caught).
    #[cfg(feature = "explore")]
    pub(crate) fn catching(task: Task) -> (Arc<Self>, mpsc::Receiver<Word>) {
        let (run, receiver) = Self::of(task);
        (Arc::new(Self { caught: Some(Mutex::default()), ..run }), receiver)
    }

    fn of(task: Task) -> (Self, mpsc::Receiver<Word>) {
        let (words, receiver) = mpsc::sync_channel(1);
        let Task { engine, settings, model, watcher, reporter, approaches, location } = task;
        let run = Self {
            engine,
            model,
            settings,
            watcher,
            reporter,
            approaches,
            location,
            start: Instant::now(),
            counts: Mutex::default(),
            used: Mutex::default(),
            words,
            is_replay: false,
            caught: None,
            supply: AtomicUsize::new(FIRST_SUPPLY),
            needs: Default::default(),
        };
        (run, receiver)
    }

    pub(crate) fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an execution that begins, and gives it an empty trace and the number of threads to
    /// expect.
    pub(crate) fn begin_execution(&self) -> (Trace, usize) {
        let mut trace =
            std::mem::take(&mut *self.used.lock().unwrap_or_else(PoisonError::into_inner));
        trace.objects.clear();
        trace.events.clear();
        let mut counts = self.counts();
        counts.executions += 1;
        (trace, counts.threads)
    }

    /// Keeps the memory of a trace that nobody will look at any more.
    pub(crate) fn keep_memory_of(&self, trace: Trace) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = trace;
    }

    /// Says why the exploration ended, or the execution where the search goes on after failures.
    /// Only the first word counts.
    pub(crate) fn end(&self, ending: Ending) {
        match &self.caught {
            None => self.say(Word::Ended(ending)),
            Some(caught) => {
                let mut caught = caught.lock().unwrap_or_else(PoisonError::into_inner);
                caught.get_or_insert(ending);
            }
        }
    }

    /// How the execution at hand ended, if it has failed and the search goes on.
    #[cfg(feature = "explore")]
    pub(crate) fn caught(&self) -> Option<MutexGuard<'_, Option<Ending>>> {
        let caught = self.caught.as_ref()?;
        Some(caught.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether one execution is run again, by its schedule.
    #[cfg(feature = "explore")]
    pub(crate) fn is_replay(&self) -> bool {
        self.is_replay
    }

    /// How many objects of a kind an engine that must make them in advance makes.
    pub(crate) fn supply(&self) -> usize {
        // ORDERING: Relaxed: searches follow each other, ordered by the channel.
        self.supply.load(Ordering::Relaxed)
    }

    /// Leaves the current search for one that is prepared for twice the size.
    pub(crate) fn start_again_with_more(&self) -> ! {
        // ORDERING: Relaxed: as above.
        self.supply.fetch_add(self.supply(), Ordering::Relaxed);
        self.start_again()
    }

    /// Whether some thread of the model tries a lock, as far as is known.
    pub(crate) fn has_attempts(&self) -> bool {
        self.needs(Need::Attempts)
    }

    /// Leaves the current search for one that is prepared for threads that try locks.
    pub(crate) fn start_again_with_attempts(&self) -> ! {
        self.start_again_with(Need::Attempts)
    }

    /// Whether the model needs it, as far as is known.
    pub(crate) fn needs(&self, need: Need) -> bool {
        // ORDERING: Relaxed: as above.
        self.needs[need as usize].load(Ordering::Relaxed)
    }

    /// Leaves the current search for one that is prepared for it.
    pub(crate) fn start_again_with(&self, need: Need) -> ! {
        // ORDERING: Relaxed: as above.
        self.needs[need as usize].store(true, Ordering::Relaxed);
        self.start_again()
    }

    fn start_again(&self) -> ! {
        *self.counts() = Counts::default();
        // The search that follows may use the same statics.
        if let Some(execution) = Execution::current() {
            execution.epoch().end();
        }
        self.say(Word::Again);
        leave_standing()
    }

    /// Says that the exploration is over, for somebody who must not keep the model alive.
    pub(crate) fn teller(&self) -> impl FnOnce(Ending) + Send + use<> {
        let words = self.words.clone();
        // The driver may have gone on after an earlier word.
        move |ending| drop(words.try_send(Word::Ended(ending)))
    }

    fn say(&self, word: Word) {
        // The driver may have gone on after an earlier word.
        let _ = self.words.try_send(word);
    }

    /// Tells how far the search has come, if anybody wants to know.
    pub(crate) fn report(&self, estimate: Option<f64>) {
        if let Some(reporter) = &self.reporter {
            let executions = self.counts().executions;
            reporter.tell(executions, self.start, estimate);
        }
    }

    /// The budget that forbids another execution, in words.
    pub(crate) fn budget_used_up(&self) -> Option<String> {
        if self.start.elapsed() >= self.settings.time {
            return Some(format!("time: {:?}", self.settings.time));
        }
        let limit = self.settings.executions?;
        (self.counts().executions >= limit).then(|| format!("executions: {limit}"))
    }
}

/// Leaves the execution as it stands: the OS thread is parked until the process ends.
pub(crate) fn leave_standing() -> ! {
    loop {
        thread::park();
    }
}
