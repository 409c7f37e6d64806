//! A step allocates nothing: executions of a longer model allocate no more than those of a shorter
//! one, once the engine's tables have grown to the size that the model needs.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::Ordering::SeqCst;

use lockproof_explore::{
    Atomic, Cell, Condvar, Exhaustive, FinishedExecution, Mutex, Observer, Options, Pct, Pos,
    Random, RwLock, SearchStrategy, Surw, choose, explore, here, join, park, spawn, spin, unpark,
};

thread_local! {
    static ALLOCATIONS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Counts the allocations of each OS thread. A model and its engine share one.
struct Counting;

// SAFETY: every call is passed on unchanged to the system's allocator, which keeps the promises.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promises, handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises, handed on.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promises, handed on.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// The most allocations in one execution, of those after the warm-up, and the most steps.
#[derive(Debug, Default)]
struct Count {
    warm_up: u64,
    executions: u64,
    before: u64,
    most: u64,
    steps: usize,
}

impl Observer for Count {
    fn execution_begins(&mut self) {
        self.executions += 1;
        let now = ALLOCATIONS.get();
        if self.executions > self.warm_up + 1 {
            self.most = self.most.max(now - self.before);
        }
        self.before = now;
    }

    fn execution_ended(&mut self, execution: &FinishedExecution<'_>) -> std::ops::ControlFlow<()> {
        self.steps = self.steps.max(execution.events.len());
        std::ops::ControlFlow::Continue(())
    }
}

/// Explores the model, and counts in the last quarter of the executions, when the tables have grown.
fn allocations(
    strategy: &mut dyn FnMut() -> Box<dyn SearchStrategy>,
    model: fn(u32),
    times: u32,
) -> Count {
    let all = explore(&Options::default(), strategy().as_mut(), &mut (), move || model(times));
    assert!(all.failure.is_none(), "the models are correct: {:?}", all.failure);
    let mut count = Count { warm_up: all.executions / 4 * 3, ..Count::default() };
    explore(&Options::default(), strategy().as_mut(), &mut count, move || model(times));
    assert!(count.executions > 10, "there are executions to compare: {count:?}");
    count
}

/// Two threads that run `body` this number of times, each next to an operation on a shared object.
fn two_threads(
    times: u32,
    shared: impl Fn() + Copy + 'static,
    own: impl Fn(usize) + Copy + 'static,
) {
    let children = [0, 1].map(|index| {
        let body = move || {
            shared();
            (0..times).for_each(|_| own(index));
            shared();
            shared();
        };
        spawn(body, here())
    });
    for child in children {
        join(child, here()).unwrap();
    }
}

fn locks(times: u32) {
    let (mutex, own) = (Mutex::new(), [Mutex::new(), Mutex::new()]);
    let lock = |mutex: Mutex| {
        mutex.lock(here());
        mutex.unlock(here());
    };
    two_threads(times, move || lock(mutex), move |index| lock(own[index]));
}

fn attempts(times: u32) {
    let (mutex, own) = (Mutex::new(), [Mutex::new(), Mutex::new()]);
    let attempt = |mutex: Mutex| {
        if mutex.try_lock(here()) {
            mutex.unlock(here());
        }
    };
    two_threads(times, move || attempt(mutex), move |index| attempt(own[index]));
}

fn read_write_locks(times: u32) {
    let (lock, own) = (RwLock::new(), [RwLock::new(), RwLock::new()]);
    let shared = move || {
        lock.read(here());
        lock.unlock_read(here());
        lock.write(here());
        lock.downgrade(here());
        lock.unlock_read(here());
    };
    let own = move |index: usize| {
        own[index].write(here());
        own[index].unlock_write(here());
        if own[index].try_read(here()) {
            own[index].unlock_read(here());
        }
    };
    two_threads(times, shared, own);
}

fn atomics(times: u32) {
    let (atomic, own) = (Atomic::new(0), [Atomic::new(0), Atomic::new(0)]);
    let shared = move || {
        let seen = atomic.load(SeqCst, here());
        let _ = atomic.compare_exchange((seen, seen + 1), (SeqCst, SeqCst), true, here());
    };
    let own = move |index: usize| {
        own[index].update(SeqCst, here(), |value| value + 1);
        own[index].store(0, SeqCst, here());
    };
    two_threads(times, shared, own);
}

fn conditions(times: u32) {
    let (mutex, condvar, turn) = (Mutex::new(), Condvar::new(), Atomic::new(0));
    let take_turns = move |index: u64| {
        mutex.lock(here());
        while turn.load(SeqCst, here()) % 2 != index {
            condvar.wait(mutex, false, here());
        }
        turn.update(SeqCst, here(), |value| value + 1);
        condvar.notify_all(here());
        mutex.unlock(here());
    };
    let own = [Condvar::new(), Condvar::new()];
    let children = [0, 1].map(|index| {
        let body = move || {
            take_turns(index);
            take_turns(index);
            for _ in 0..times {
                own[usize::from(index == 1)].notify_one(here());
            }
        };
        spawn(body, here())
    });
    for child in children {
        join(child, here()).unwrap();
    }
}

fn cells(times: u32) {
    let (mutex, shared, own) = (Mutex::new(), Cell::new(), [Cell::new(), Cell::new()]);
    let write = move || {
        mutex.lock(here());
        shared.read(here());
        shared.write(here());
        mutex.unlock(here());
    };
    let touch = move |index: usize| {
        own[index].read(here());
        own[index].write(here());
        spin(here());
    };
    two_threads(times, write, touch);
}

fn tokens_and_choices(times: u32) {
    let child = spawn(
        move || {
            park(false, here());
            choose(2, here());
            (0..times).for_each(|_| spin(here()));
        },
        here(),
    );
    choose(5, here());
    unpark(child, here());
    (0..times).for_each(|_| spin(here()));
    choose(3, here());
    join(child, here()).unwrap();
}

type Model = (&'static str, fn(u32));

const MODELS: [Model; 7] = [
    ("locks", locks),
    ("attempts", attempts),
    ("read-write locks", read_write_locks),
    ("atomics", atomics),
    ("conditions", conditions),
    ("cells", cells),
    ("tokens and choices", tokens_and_choices),
];

fn allocates_nothing_per_step(strategy: &mut dyn FnMut() -> Box<dyn SearchStrategy>, name: &str) {
    for (model, run) in MODELS {
        let (short, long) = (allocations(strategy, run, 1), allocations(strategy, run, 40));
        assert!(long.steps > short.steps + 40, "{model} has more steps: {long:?}");
        println!("{name} on {model}: {short:?}, {long:?}");
        assert_eq!(long.most, short.most, "{name} on {model}: {short:?}, {long:?}");
    }
}

#[test]
fn the_exhaustive_strategy_allocates_nothing_per_step() {
    allocates_nothing_per_step(&mut || Box::new(Exhaustive::new()), "exhaustive");
}

#[test]
fn samples_allocate_nothing_per_step() {
    allocates_nothing_per_step(&mut || Box::new(Random::new(0, 400)), "random");
    allocates_nothing_per_step(&mut || Box::new(Pct::new(0, 400, 3)), "PCT");
    allocates_nothing_per_step(&mut || Box::new(Pos::new(0, 400)), "POS");
    allocates_nothing_per_step(&mut || Box::new(Surw::new(0, 400)), "SURW");
}

/// The control: allocations of a model in its steps are counted.
#[test]
fn an_allocation_in_a_step_is_noticed() {
    fn wasteful(times: u32) {
        two_threads(
            times,
            || spin(here()),
            |_| {
                spin(here());
                std::hint::black_box(Box::new(1));
            },
        );
    }
    let strategy: &mut dyn FnMut() -> Box<dyn SearchStrategy> =
        &mut || Box::new(Random::new(0, 100));
    let (short, long) = (allocations(strategy, wasteful, 1), allocations(strategy, wasteful, 40));
    assert_eq!(long.most, short.most + 2 * 39, "{short:?}, {long:?}");
}
