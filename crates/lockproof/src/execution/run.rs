//! One exploration as its executions see it: the task, the budget, and what was counted.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Instant;

use super::Execution;
use super::backend::park_for_ever;
use super::restart::{Need, Restart};
use crate::engine::{Assumption, BlindSpot, Ending, Task};
use crate::trace::{Object, Trace};

/// Shared by the driver and all executions of one exploration.
pub(crate) struct Run {
    pub(crate) task: Task,
    pub(crate) start: Instant,
    pub(crate) restart: Restart,
    mode: Mode,
    counts: Mutex<Counts>,
    /// The trace of an execution that is over: the next one uses its memory.
    used: Mutex<Trace>,
    /// Has room for one message: of what ends a search only the first counts.
    sender: mpsc::SyncSender<Message>,
}

/// What a failure means to the run.
enum Mode {
    /// The end of the search.
    Search,
    /// The same, of one execution that is run again by its schedule.
    Replay,
    /// How the current execution ended: the search goes on.
    Catching(Mutex<Option<Ending>>),
}

/// What a search tells its driver at its end.
pub(crate) enum Message {
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
#[cfg_attr(not(feature = "explore"), expect(dead_code, reason = "explore's own"))]
pub(crate) struct Stopped;

/// Thrown to leave an engine's search; says how it ended.
pub(crate) struct Left(pub(crate) Ending);

impl Run {
    /// A run, and where its ending will arrive.
    pub(crate) fn new(task: Task) -> (Arc<Self>, mpsc::Receiver<Message>) {
        Self::of(task, Mode::Search)
    }

    /// A run that follows a schedule.
    pub(crate) fn replay(task: Task) -> (Arc<Self>, mpsc::Receiver<Message>) {
        Self::of(task, Mode::Replay)
    }

    /// A run that goes on after failures: its driver takes what it has [`caught`](Self::caught).
    #[cfg_attr(not(feature = "explore"), expect(dead_code, reason = "explore's own"))]
    pub(crate) fn catching(task: Task) -> (Arc<Self>, mpsc::Receiver<Message>) {
        Self::of(task, Mode::Catching(Mutex::default()))
    }

    fn of(task: Task, mode: Mode) -> (Arc<Self>, mpsc::Receiver<Message>) {
        let (sender, receiver) = mpsc::sync_channel(1);
        let run = Self {
            task,
            start: Instant::now(),
            restart: Restart::default(),
            mode,
            counts: Mutex::default(),
            used: Mutex::default(),
            sender,
        };
        (Arc::new(run), receiver)
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

    /// Keeps the memory of a trace that will not be looked at any more.
    pub(crate) fn keep_memory_of(&self, trace: Trace) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = trace;
    }

    /// Says why the exploration ended, or the execution where the search goes on after failures.
    /// Only the first ending counts.
    pub(crate) fn end(&self, ending: Ending) {
        if let Mode::Catching(caught) = &self.mode {
            caught.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(ending);
        } else {
            self.tell(Message::Ended(ending));
        }
    }

    /// How the current execution ended, if it has failed and the search goes on.
    #[cfg_attr(not(feature = "explore"), expect(dead_code, reason = "explore's own"))]
    pub(crate) fn caught(&self) -> Option<MutexGuard<'_, Option<Ending>>> {
        let Mode::Catching(caught) = &self.mode else { return None };
        Some(caught.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether one execution is run again, by its schedule.
    #[cfg_attr(not(feature = "explore"), expect(dead_code, reason = "explore's own"))]
    pub(crate) fn is_replay(&self) -> bool {
        matches!(self.mode, Mode::Replay)
    }

    /// Leaves the current search for one that is prepared for `need`.
    pub(crate) fn restart_with(&self, need: Need) -> ! {
        self.restart.add(need);
        self.start_again()
    }

    /// Leaves the current search for one with twice as many objects made in advance.
    #[cfg_attr(not(feature = "loom"), expect(dead_code, reason = "for loom"))]
    pub(crate) fn restart_with_larger_pool(&self) -> ! {
        self.restart.double_pool();
        self.start_again()
    }

    fn start_again(&self) -> ! {
        *self.counts() = Counts::default();
        // The search that follows may use the same statics.
        if let Some(execution) = Execution::current() {
            execution.epoch().end();
        }
        self.tell(Message::Again);
        park_for_ever()
    }

    /// Says that the exploration is over, for a thread that must not keep the model alive.
    pub(crate) fn sender(&self) -> impl FnOnce(Ending) + Send + use<> {
        let sender = self.sender.clone();
        // The driver may have gone on after an earlier message.
        move |ending| drop(sender.try_send(Message::Ended(ending)))
    }

    fn tell(&self, message: Message) {
        // The driver may have gone on after an earlier message.
        let _ = self.sender.try_send(message);
    }

    /// Reports how far the search has come, if the task asks for that.
    pub(crate) fn report(&self, estimate: Option<f64>) {
        if let Some(reporter) = &self.task.reporter {
            let executions = self.counts().executions;
            reporter.tell(executions, self.start, estimate);
        }
    }

    /// The budget that forbids another execution, in words.
    #[cfg_attr(
        not(any(feature = "loom", feature = "shuttle")),
        expect(dead_code, reason = "for loom and shuttle")
    )]
    pub(crate) fn budget_used_up(&self) -> Option<String> {
        let settings = &self.task.settings;
        if self.start.elapsed() >= settings.time {
            return Some(format!("time: {:?}", settings.time));
        }
        let limit = settings.executions?;
        (self.counts().executions >= limit).then(|| format!("executions: {limit}"))
    }
}
