//! The engine under test: runs a program, and translates its traces into those of the reference.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::atomic::Ordering::SeqCst;

use lockproof_explore::{
    Atomic, Bounds, Condvar, Findings, FinishedExecution, Mutex, ObjectId, Observer,
    OperationKind as Kind, Options, RwLock, SearchStrategy, ThreadId, VisibleEvent as EngineEvent,
    choose, current_thread, explore, here, join, park, spawn, unpark,
};

use super::program::{ATOMICS, CONDVARS, MUTEXES, Program, Step};
use super::trace::{Event, What, normal_form};

/// The program's numbers of the engine's objects and threads, in the current execution.
#[derive(Default)]
struct Names {
    objects: HashMap<ObjectId, usize>,
    threads: HashMap<ThreadId, usize>,
}

/// The objects of an execution, created beforehand or at their first use.
struct Objects {
    names: Rc<RefCell<Names>>,
    atomics: [Cell<Option<Atomic>>; ATOMICS],
    mutexes: [Cell<Option<Mutex>>; MUTEXES],
    condvars: [Cell<Option<Condvar>>; CONDVARS],
    lock: Cell<Option<RwLock>>,
}

impl Objects {
    fn new(names: &Rc<RefCell<Names>>, lazy: bool) -> Self {
        *names.borrow_mut() = Names::default();
        let objects = Self {
            names: Rc::clone(names),
            atomics: Default::default(),
            mutexes: Default::default(),
            condvars: Default::default(),
            lock: Cell::default(),
        };
        if !lazy {
            objects.atomics.iter().for_each(|slot| slot.set(Some(Atomic::new(0))));
            objects.mutexes.iter().for_each(|slot| slot.set(Some(Mutex::new())));
            objects.condvars.iter().for_each(|slot| slot.set(Some(Condvar::new())));
            objects.lock.set(Some(RwLock::new()));
        }
        objects
    }

    fn name(&self, id: ObjectId, name: usize) {
        self.names.borrow_mut().objects.insert(id, name);
    }

    fn atomic(&self, index: usize) -> Atomic {
        let atomic = self.atomics[index].get().unwrap_or_else(|| Atomic::at_first_use(0));
        self.atomics[index].set(Some(atomic));
        self.name(atomic.id(), index);
        atomic
    }

    fn mutex(&self, index: usize) -> Mutex {
        let mutex = self.mutexes[index].get().unwrap_or_else(Mutex::at_first_use);
        self.mutexes[index].set(Some(mutex));
        self.name(mutex.id(), index);
        mutex
    }

    fn condvar(&self, index: usize) -> Condvar {
        let condvar = self.condvars[index].get().unwrap_or_else(Condvar::at_first_use);
        self.condvars[index].set(Some(condvar));
        self.name(condvar.id(), index);
        condvar
    }

    fn lock(&self) -> RwLock {
        let lock = self.lock.get().unwrap_or_else(RwLock::at_first_use);
        self.lock.set(Some(lock));
        self.name(lock.id(), MUTEXES);
        lock
    }
}

/// Runs the program under a strategy. Returns the normal form of each execution.
pub(crate) fn run(
    program: &Program,
    strategy: &mut dyn SearchStrategy,
) -> (Findings, Vec<Vec<Event>>) {
    let names = Rc::new(RefCell::new(Names::default()));
    let mut collector = Collector { names: Rc::clone(&names), forms: Vec::new() };
    let bounds = Bounds {
        spurious_wake_ups: program.spurious,
        weak_failures: program.spurious,
        time_outs: u32::MAX,
        ..Bounds::default()
    };
    let options = Options { stop_at_failure: false, bounds, ..Options::default() };
    let program = Rc::new(program.clone());
    let outcome = explore(&options, strategy, &mut collector, move || {
        let objects = Rc::new(Objects::new(&names, program.lazy));
        run_thread(&program, 0, &objects, &Rc::default());
    });
    (outcome, collector.forms)
}

type Children = Rc<RefCell<HashMap<usize, ThreadId>>>;

fn run_thread(program: &Rc<Program>, index: usize, objects: &Rc<Objects>, children: &Children) {
    objects.names.borrow_mut().threads.insert(current_thread(), index);
    children.borrow_mut().insert(index, current_thread());
    let mut thread =
        Interpreter { objects: Rc::clone(objects), loaded: 0, holds: [false; 3], reads: false };
    let mut steps = program.threads[index].iter();
    while let Some(step) = steps.next() {
        match *step {
            Step::OnlyIf(value) if thread.loaded != value => drop(steps.next()),
            Step::OnlyIf(_) => {}
            Step::Spawn(child) => {
                let (program, objects, all) = (program.clone(), objects.clone(), children.clone());
                let body = move || run_thread(&program, child, &objects, &all);
                let thread = spawn(body, here());
                children.borrow_mut().insert(child, thread);
            }
            Step::Join(child) => {
                let child = children.borrow()[&child];
                join(child, here()).expect("no thread panics");
            }
            Step::Unpark(other) => {
                let other = children.borrow()[&other];
                unpark(other, here());
            }
            step => thread.perform(step),
        }
    }
}

/// One thread of a program, on the engine's handles.
struct Interpreter {
    objects: Rc<Objects>,
    loaded: u64,
    /// Whether it holds each lock exclusively. 2 is the read-write lock.
    holds: [bool; 3],
    reads: bool,
}

impl Interpreter {
    fn perform(&mut self, step: Step) {
        let objects = Rc::clone(&self.objects);
        match step {
            Step::Load(a) => self.loaded = objects.atomic(a).load(SeqCst, here()),
            Step::Store(a, value) => objects.atomic(a).store(value, SeqCst, here()),
            Step::StoreLast(a) => objects.atomic(a).store(self.loaded + 1, SeqCst, here()),
            Step::Add(a) => self.loaded = objects.atomic(a).update(SeqCst, here(), |v| v + 1),
            Step::Exchange { atomic, expected, new, weak } => {
                let (values, orderings) = ((expected, new), (SeqCst, SeqCst));
                let atomic = objects.atomic(atomic);
                let result = atomic.compare_exchange(values, orderings, weak, here());
                self.loaded = result.unwrap_or_else(|found| found);
            }
            Step::NotifyOne(c) => _ = objects.condvar(c).notify_one(here()),
            Step::NotifyAll(c) => _ = objects.condvar(c).notify_all(here()),
            Step::Park { timed } => _ = park(timed, here()),
            Step::Choose(count) => _ = choose(count, here()),
            Step::Wait { condvar, mutex, timed } if self.holds[mutex] => {
                let (condvar, mutex) = (objects.condvar(condvar), objects.mutex(mutex));
                condvar.wait(mutex, timed, here());
            }
            Step::Lock(m) => {
                objects.mutex(m).lock(here());
                self.holds[m] = true;
            }
            Step::TryLock(m) => self.holds[m] |= objects.mutex(m).try_lock(here()),
            Step::Unlock(m) if std::mem::take(&mut self.holds[m]) => {
                objects.mutex(m).unlock(here());
            }
            step => self.perform_on_lock(step),
        }
    }

    fn perform_on_lock(&mut self, step: Step) {
        match step {
            Step::Read => {
                self.objects.lock().read(here());
                self.reads = true;
            }
            Step::TryRead => self.reads |= self.objects.lock().try_read(here()),
            Step::UnlockRead if std::mem::take(&mut self.reads) => {
                self.objects.lock().unlock_read(here());
            }
            Step::Write => {
                self.objects.lock().write(here());
                self.holds[MUTEXES] = true;
            }
            Step::TryWrite => self.holds[MUTEXES] |= self.objects.lock().try_write(here()),
            Step::UnlockWrite if std::mem::take(&mut self.holds[MUTEXES]) => {
                self.objects.lock().unlock_write(here());
            }
            Step::Downgrade => {
                self.objects.lock().downgrade(here());
                self.holds[MUTEXES] = false;
                self.reads = true;
            }
            _ => {}
        }
    }
}

/// Translates each execution into a trace of the reference.
struct Collector {
    names: Rc<RefCell<Names>>,
    forms: Vec<Vec<Event>>,
}

impl Observer for Collector {
    fn execution_ended(&mut self, execution: &FinishedExecution<'_>) -> ControlFlow<()> {
        if execution.abandoned {
            return ControlFlow::Continue(());
        }
        let names = self.names.borrow();
        let mut waiters = [0u32; CONDVARS];
        let trace: Vec<Event> = execution
            .events
            .iter()
            .map(|event| {
                let thread = names.threads[&event.thread];
                (thread, translate(event, thread, &names, &mut waiters))
            })
            .collect();
        self.forms.push(normal_form(&trace));
        ControlFlow::Continue(())
    }
}

fn translate(
    event: &EngineEvent,
    thread: usize,
    names: &Names,
    waiters: &mut [u32; CONDVARS],
) -> What {
    let object = event.operation.object().and_then(|id| names.objects.get(&id)).copied();
    let object = object.unwrap_or(0);
    let peer = event.operation.peer().map_or(0, |peer| names.threads[&peer]);
    match event.operation.kind {
        Kind::Load => What::Load(object),
        Kind::Store | Kind::ReadModifyWrite => What::Put(object, event.after),
        Kind::CompareExchange | Kind::CompareExchangeWeak if event.succeeded() => {
            What::Put(object, event.after)
        }
        Kind::CompareExchange | Kind::CompareExchangeWeak => {
            What::NoExchange(object, event.was_spurious())
        }
        Kind::TryLock | Kind::TryWriteLock if !event.succeeded() => What::Refused(object),
        Kind::TryReadLock if !event.succeeded() => What::RefusedShared(object),
        Kind::Lock | Kind::TryLock | Kind::WriteLock | Kind::TryWriteLock => What::Acquire(object),
        Kind::Unlock | Kind::WriteUnlock => What::Release(object),
        Kind::ReadLock | Kind::TryReadLock => What::AcquireShared(object),
        Kind::ReadUnlock => What::ReleaseShared(object),
        Kind::Downgrade => What::Downgrade(object),
        Kind::Spawn => What::Spawn(peer),
        Kind::Join => What::Join(peer),
        Kind::Exit => What::Exit,
        Kind::Unpark => What::Give(peer),
        Kind::Park if event.timed_out() || event.was_spurious() => What::NoToken(event.timed_out()),
        Kind::Park => What::Take,
        Kind::Choose => What::Choose(u16::try_from(event.after).unwrap()),
        _ => translate_waiting(event, object, thread, names, waiters),
    }
}

fn translate_waiting(
    event: &EngineEvent,
    condvar: usize,
    thread: usize,
    names: &Names,
    waiters: &mut [u32; CONDVARS],
) -> What {
    let me = 1 << thread;
    match event.operation.kind {
        Kind::Wait => {
            waiters[condvar] |= me;
            What::Wait(condvar, names.objects[&event.operation.released_mutex().unwrap()])
        }
        Kind::WakeUp if event.timed_out() || event.was_spurious() => {
            waiters[condvar] &= !me;
            What::Left(condvar, event.timed_out())
        }
        Kind::WakeUp => What::Woken,
        Kind::NotifyOne => {
            let woken = event.woken().map_or(0, |waiter| 1 << names.threads[&waiter]);
            waiters[condvar] &= !woken;
            What::Notify(condvar, woken)
        }
        Kind::NotifyAll => What::Notify(condvar, std::mem::take(&mut waiters[condvar])),
        other => panic!("programs do not {other}"),
    }
}
