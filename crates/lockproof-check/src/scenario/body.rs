//! A scenario as the body of a model: the subject is made, the calls are made, and noted.
//!
//! The first thread is the model's own, so that a scenario has no more threads than it says.

use lockproof::calls::{CallLog, Calls};
use lockproof::engine::{
    Defect, EndedExecution, Engine, Exploration, Failure, Settings, Task, Untracked, Watcher,
};
use lockproof::sync::Arc;
use lockproof::thread;

use super::Scenario;
use crate::Specifies;

/// Constructor of the concurrent type of a scenario.
pub(crate) type Make<C> = Arc<dyn Fn() -> C + Send + Sync>;

/// Something that is true of the concurrent type: an assertion.
pub(crate) type Assertion<C> = Arc<dyn Fn(&C) + Send + Sync>;

/// The concurrent type under test, and what is asserted of it besides the specification.
pub(crate) struct Subject<C> {
    pub(crate) make: Make<C>,
    /// Asserted after each call, by the thread that made it.
    pub(crate) invariants: Vec<Assertion<C>>,
    /// Asserted once, after all calls.
    pub(crate) validations: Vec<Assertion<C>>,
}

impl<C> Clone for Subject<C> {
    fn clone(&self) -> Self {
        Self {
            make: Arc::clone(&self.make),
            invariants: self.invariants.clone(),
            validations: self.validations.clone(),
        }
    }
}

/// Looks at the calls of every execution.
pub(crate) trait Examiner<R>: Send + 'static {
    /// A search begins: earlier executions do not count.
    fn search_begins(&mut self);

    /// An execution has ended; the defect that is returned fails it.
    fn examine(&mut self, calls: Calls<R>, execution: &EndedExecution<'_>) -> Option<Defect>;
}

/// Exploration of a scenario.
pub(crate) struct Explored<E> {
    pub(crate) exploration: Exploration,
    pub(crate) examiner: E,
    /// A reason that the subject is unfit for scenarios, and the way out.
    pub(crate) misuse: Option<String>,
}

/// A scenario of a subject, and the engine that is to run it.
pub(crate) struct Trial<'a, O, C> {
    pub(crate) engine: Engine,
    pub(crate) settings: &'a Settings,
    pub(crate) subject: &'a Subject<C>,
    pub(crate) scenario: &'a Arc<Scenario<O>>,
}

impl<O: Send + Sync + 'static, C: Send + Sync + 'static> Trial<'_, O, C> {
    /// Runs the scenario as `act` says: a search, or a replay.
    pub(crate) fn run<S: Specifies<C, Operation = O>, E: Examiner<S::Return>>(
        &self,
        examiner: E,
        act: impl FnOnce(Task) -> Exploration,
    ) -> Explored<E> {
        let (task, watch) = self.task::<S, E>(examiner);
        let exploration = act(task);
        let (examiner, misuse) = watch.with(|watch| (watch.examiner.take(), watch.misuse.take()));
        let examiner = examiner.expect("the examiner is taken back once");
        Explored { exploration, examiner, misuse }
    }

    /// The shortest execution that fails as this one, if it is found.
    pub(crate) fn shorten<S: Specifies<C, Operation = O>, E: Examiner<S::Return>>(
        &self,
        failure: &Failure,
        examiner: E,
    ) -> Option<Failure> {
        self.task::<S, E>(examiner).0.shorten(failure).ok()
    }

    fn task<S: Specifies<C, Operation = O>, E: Examiner<S::Return>>(
        &self,
        examiner: E,
    ) -> (Task, Untracked<CallWatcher<S::Return, E>>) {
        let log = CallLog::default();
        let threads = self.scenario.threads.len();
        let watch =
            CallWatcher { log: log.clone(), threads, examiner: Some(examiner), misuse: None };
        let watch = Untracked::new(watch);
        let (subject, scenario) = (self.subject.clone(), Arc::clone(self.scenario));
        let task = Task::new(self.engine, self.settings, move || {
            make_calls::<S, C>(&subject, &scenario, &log);
        });
        (task.watched_by(watch.as_watcher()), watch)
    }
}

fn make_calls<S: Specifies<C>, C: Send + Sync + 'static>(
    subject: &Subject<C>,
    scenario: &Arc<Scenario<S::Operation>>,
    log: &CallLog<S::Return>,
) {
    log.clear();
    let concurrent = Arc::new((subject.make)());
    let caller = |thread: usize| Caller::<S, C> {
        thread,
        concurrent: Arc::clone(&concurrent),
        invariants: subject.invariants.clone(),
        log: log.clone(),
    };
    let main = caller(0);
    main.make(0, &scenario.before);
    log.divide();
    let firsts = scenario.first_calls();
    let children: Vec<_> = (1..scenario.threads.len())
        .map(|index| {
            let (caller, scenario) = (caller(index), Arc::clone(scenario));
            let first = firsts[index];
            thread::spawn(move || caller.make(first, &scenario.threads[index]))
        })
        .collect();
    main.make(firsts[0], &scenario.threads[0]);
    for child in children {
        if let Err(payload) = child.join() {
            std::panic::resume_unwind(payload);
        }
    }
    log.divide();
    main.make(scenario.first_after(), &scenario.after);
    for validation in &subject.validations {
        validation(&concurrent);
    }
}

/// Makes the calls of one thread.
struct Caller<S: Specifies<C>, C> {
    thread: usize,
    concurrent: Arc<C>,
    invariants: Vec<Assertion<C>>,
    log: CallLog<S::Return>,
}

impl<S: Specifies<C>, C> Caller<S, C> {
    fn make(&self, first: usize, calls: &[S::Operation]) {
        for (index, call) in calls.iter().enumerate() {
            self.log.perform(self.thread, first + index, || S::call(&self.concurrent, call));
            for invariant in &self.invariants {
                invariant(&self.concurrent);
            }
        }
    }
}

struct CallWatcher<R, E> {
    log: CallLog<R>,
    threads: usize,
    /// Taken back when the engine is done.
    examiner: Option<E>,
    misuse: Option<String>,
}

impl<R: Clone + Send + 'static, E: Examiner<R>> Watcher for CallWatcher<R, E> {
    fn search_begins(&mut self) {
        self.examiner.iter_mut().for_each(Examiner::search_begins);
    }

    fn execution_ended(&mut self, execution: &EndedExecution<'_>) -> Option<Defect> {
        let calls = self.log.take();
        if let Some(extra_thread) = execution.trace.threads.get(self.threads) {
            self.misuse = Some(format!(
                "the subject spawns a thread of its own, {extra_thread}: what it does belongs to no \
                 call. Make its work a call of the specification, or test it in a `Model`"
            ));
        }
        self.examiner.as_mut()?.examine(calls, execution)
    }

    fn judges_standstills(&self) -> bool {
        true
    }
}
