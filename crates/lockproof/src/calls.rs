//! Notes of the calls that a model makes, for a watcher that compares them with what they promise.
//!
//! A call is not an operation on a primitive: where it begins and where it returns is no event of
//! the trace, and no engine explores other moments for it. A [`CallLog`] notes instead between
//! which *steps* of its thread each call stands, and [`EndedExecution::happened`] tells in which
//! orders those steps could have come. Together they say everything about when a call may have
//! begun and returned.
//!
//! Invariant: to take a note is neither an event nor a scheduling point, with one exception: under
//! shuttle, which tries one order of steps at a time, a call begins with a scheduling point.
//!
//! [`EndedExecution::happened`]: crate::engine::EndedExecution::happened

use std::fmt;

use crate::engine::Untracked;

pub use crate::engine::Moment;

/// A call that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedCall<R> {
    /// The thread that made it, as the caller of [`CallLog::perform`] numbers threads.
    pub thread: usize,
    /// What was called, as the caller numbers calls.
    pub call: usize,
    /// How many [divisions](CallLog::divide) came before it.
    pub part: usize,
    /// What it returned; `None` if it did not, or if it panicked.
    pub result: Option<R>,
}

/// That a call began or returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// An index into [`Calls::calls`].
    pub call: usize,
    /// Whether the call returned, or else began.
    pub returns: bool,
    /// Where its thread stood, on an engine that knows.
    pub moment: Option<Moment>,
}

/// The calls of one execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calls<R> {
    /// The calls, in the order in which they began.
    pub calls: Vec<LoggedCall<R>>,
    /// Their beginnings and returns, in the order in which they were noted.
    pub marks: Vec<Mark>,
}

impl<R> Default for Calls<R> {
    fn default() -> Self {
        Self { calls: Vec::new(), marks: Vec::new() }
    }
}

/// Takes note of the calls of an execution. Clones share the notes.
///
/// ```
/// use lockproof::calls::CallLog;
/// use lockproof::engine::{Defect, EndedExecution, Engine, Settings, Task, Untracked, Watcher};
/// use lockproof::sync::{Arc, Mutex};
/// use lockproof::thread;
///
/// struct Sums(CallLog<u32>);
///
/// impl Watcher for Sums {
///     fn execution_ended(&mut self, _: &EndedExecution<'_>) -> Option<Defect> {
///         let mut results: Vec<_> = self.0.take().calls.iter().map(|call| call.result).collect();
///         results.sort();
///         assert_eq!(results, [Some(1), Some(2)]);
///         None
///     }
/// }
///
/// let log = CallLog::default();
/// let watcher = Untracked::new(Sums(log.clone()));
/// let model = move || {
///         log.clear();
///         let total = Arc::new(Mutex::new(0));
///         let add = |total: &Mutex<u32>| {
///             let mut total = total.lock().unwrap();
///             *total += 1;
///             *total
///         };
///         let (other, of_child) = (Arc::clone(&total), log.clone());
///         let child = thread::spawn(move || { of_child.perform(1, 1, || add(&other)); });
///         log.perform(0, 0, || add(&total));
///         child.join().unwrap();
/// };
/// let task = Task::new(Engine::Std, &Settings::default(), model);
/// let exploration = task.watched_by(watcher.as_watcher()).explore();
/// assert!(exploration.failure().is_none());
/// ```
pub struct CallLog<R>(Untracked<Notes<R>>);

#[derive(Debug)]
struct Notes<R> {
    calls: Calls<R>,
    divisions: usize,
}

impl<R: Clone> CallLog<R> {
    /// Forgets all notes. A model does this first: an execution that was given up may have left
    /// some.
    pub fn clear(&self) {
        self.0.with(|notes| *notes = Notes::default());
    }

    /// Makes a call and notes where it begins, where it returns, and what.
    ///
    /// Each number for a `thread` stands for one thread of the model. Calls do not nest.
    pub fn perform(&self, thread: usize, call: usize, body: impl FnOnce() -> R) -> R {
        crate::face::current::call_begins();
        let index = self.0.with(|notes| notes.begin(thread, call));
        let result = body();
        self.0.with(|notes| notes.end(index, result.clone()));
        result
    }

    /// Says that the calls so far have returned before those to come begin, because the model
    /// waits for them: `main` divides before it spawns threads that make calls, and after it has
    /// joined them.
    pub fn divide(&self) {
        self.0.with(|notes| notes.divisions += 1);
    }

    /// The notes of the execution, which are then forgotten.
    pub fn take(&self) -> Calls<R> {
        self.0.with(std::mem::take).calls
    }
}

impl<R> Notes<R> {
    fn begin(&mut self, thread: usize, call: usize) -> usize {
        let Calls { calls, marks } = &mut self.calls;
        let index = calls.len();
        calls.push(LoggedCall { thread, call, part: self.divisions, result: None });
        marks.push(Mark { call: index, returns: false, moment: crate::face::current::moment() });
        index
    }

    fn end(&mut self, index: usize, result: R) {
        // The execution may be over: on real threads one that hangs is left to itself.
        let Calls { calls, marks } = &mut self.calls;
        if let Some(call) = calls.get_mut(index) {
            call.result = Some(result);
            marks.push(Mark { call: index, returns: true, moment: crate::face::current::moment() });
        }
    }
}

impl<R> Default for Notes<R> {
    fn default() -> Self {
        Self { calls: Calls::default(), divisions: 0 }
    }
}

impl<R> Clone for CallLog<R> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<R> Default for CallLog<R> {
    fn default() -> Self {
        Self(Untracked::new(Notes::default()))
    }
}

impl<R: fmt::Debug> fmt::Debug for CallLog<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CallLog").field(&self.0).finish()
    }
}
