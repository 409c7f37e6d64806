//! OS threads for searches: to start one costs more than a short search, so that an OS thread that
//! asks for one search after the other has one *worker*, which runs them for as long as they end
//! well.
//!
//! Invariants: while a search runs, or an execution of it stands for ever, nothing else runs on its
//! thread; what was searched is not alive there any more when the next search begins; a worker ends
//! with the thread that it works for.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvError, SyncSender};
use std::thread;

use crate::engine::Ending;

thread_local! {
    /// The worker of this OS thread, whatever it is doing.
    static WORKER: Cell<Option<Worker>> = const { Cell::new(None) };
}

/// How often to let others run before the system is asked to wait, for a thread that waits for a search or
/// for the next one: that lasts about as long as a short search, and sleep costs more.
const YIELDS: usize = 50;

/// How a search ended.
pub(super) struct Ended {
    pub(super) ending: Ending,
    /// Whether its OS thread is as it was before.
    pub(super) left_nothing: bool,
}

/// A thread that runs searches.
struct Worker {
    jobs: SyncSender<Job>,
    is_free: Arc<AtomicBool>,
}

/// Sets the flag if the thread can run another job, before the job's end is reported; says
/// whether it did.
type Job = Box<dyn FnOnce(&AtomicBool) -> bool + Send>;

/// Runs `search` on an OS thread where nothing else runs, and then tells how it ended, unless it
/// never returns.
pub(super) fn start(
    search: impl FnOnce() -> Ended + Send + 'static,
    tell: impl FnOnce(Ending) + Send + 'static,
) {
    let job = move |is_free: &AtomicBool| {
        let Ended { ending, left_nothing } = search();
        if left_nothing {
            // ORDERING: Release: pairs with the Acquire of the thread that asks whether the worker is free.
            is_free.store(true, Ordering::Release);
        }
        tell(ending);
        left_nothing
    };
    let own = WORKER.try_with(Cell::take).ok().flatten();
    let worker = own.filter(Worker::becomes_busy).unwrap_or_else(Worker::new);
    worker.jobs.send(Box::new(job)).expect("a worker that is free waits for its next job");
    // A thread that is about to end lets go of its worker.
    let _ = WORKER.try_with(|own| own.set(Some(worker)));
}

/// What comes next.
pub(super) fn receive<T>(receiver: &Receiver<T>) -> Result<T, RecvError> {
    for _ in 0..YIELDS {
        if let Ok(received) = receiver.try_recv() {
            return Ok(received);
        }
        thread::yield_now();
    }
    receiver.recv()
}

impl Worker {
    /// One that is about to be given its first job.
    fn new() -> Self {
        let (jobs, given) = mpsc::sync_channel::<Job>(1);
        let is_free = Arc::new(AtomicBool::new(false));
        let of_thread = Arc::clone(&is_free);
        thread::spawn(move || while receive(&given).is_ok_and(|job| job(&of_thread)) {});
        Self { jobs, is_free }
    }

    /// Takes the worker, if it is free.
    fn becomes_busy(&self) -> bool {
        // ORDERING: Acquire: pairs with the Release at the end of its last job.
        self.is_free.swap(false, Ordering::Acquire)
    }
}
