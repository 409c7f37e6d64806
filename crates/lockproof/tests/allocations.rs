//! An event allocates nothing on the exploring engine: executions of a longer model allocate no
//! more than those of a shorter one, once the tables have grown to what the model needs.
//!
//! Exceptions, which are no events of a thread that goes on: a wait for a message, an
//! initialization or a barrier, whatever a panic puts off, and what the model itself allocates.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::Ordering::SeqCst;

use lockproof::cell::UnsafeCell;
use lockproof::engine::{Engine, Settings, Strategy, Untracked, explore};
use lockproof::extension::choose;
use lockproof::sync::atomic::{AtomicUsize, fence};
use lockproof::sync::{Arc, Condvar, Mutex, OnceLock, RwLock};
use lockproof::thread;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// Counts the allocations of each OS thread; a model and its engine share one.
struct Counting;

// SAFETY: every call is handed on as it is to the system's allocator, which keeps the promises.
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

/// What the executions after the warm-up allocated, each from its beginning to the next one's.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    executions: u64,
    before: u64,
    most: u64,
}

impl Count {
    fn execution_begins(&mut self) {
        let now = ALLOCATIONS.get();
        self.executions += 1;
        if self.executions > WARM_UP + 1 {
            self.most = self.most.max(now - self.before);
        }
        self.before = now;
    }
}

const SAMPLES: u64 = 400;
const WARM_UP: u64 = 300;

/// What a thread has for itself.
#[derive(Default)]
struct Objects {
    mutex: Mutex<u32>,
    rwlock: RwLock<u32>,
    atomic: AtomicUsize,
    condvar: Condvar,
    cell: UnsafeCell<u32>,
    once: OnceLock<u32>,
}

type Body = fn(&Objects);

/// The most allocations in one execution, and the most events, of two threads that do `body` to
/// objects of their own once more than so many times.
fn allocations_and_events(body: Body, times: usize) -> (u64, usize) {
    let count = Untracked::new(Count::default());
    let of_model = count.clone();
    let mut settings = Settings::default();
    (settings.exploring, settings.samples) = (Strategy::Random, SAMPLES);
    let exploration = explore(Engine::Explore, &settings, move || {
        of_model.with(Count::execution_begins);
        let shared = Arc::new(Mutex::new(0));
        let children = [(); 2].map(|()| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let own = Objects::default();
                *shared.lock().unwrap() += 1;
                body(&own);
                (0..times).for_each(|_| body(&own));
                *shared.lock().unwrap() += 1;
            })
        });
        for child in children {
            child.join().unwrap();
        }
    });
    assert!(exploration.failure().is_none(), "the models are correct: {exploration:?}");
    let count = count.with(|count| *count);
    assert_eq!(count.executions, SAMPLES, "all are counted: {exploration:?}");
    (count.most, exploration.events)
}

const BODIES: [(&str, Body); 11] = [
    ("a mutex", |own| *own.mutex.lock().unwrap() += 1),
    ("an attempt", |own| drop(own.mutex.try_lock())),
    ("a read lock", |own| drop(own.rwlock.read())),
    ("a write lock", |own| drop(own.rwlock.write())),
    ("an atomic", |own| {
        own.atomic.store(own.atomic.load(SeqCst) + 1, SeqCst);
        let _ =
            own.atomic.compare_exchange_weak(0, own.atomic.fetch_add(1, SeqCst), SeqCst, SeqCst);
        fence(SeqCst);
    }),
    ("a notification", |own| {
        own.condvar.notify_one();
        own.condvar.notify_all();
    }),
    ("a cell", |own| {
        own.cell.with(|_| ());
        own.cell.with_mut(|_| ());
    }),
    ("an initialized value", |own| assert_eq!(*own.once.get_or_init(|| 1), 1)),
    ("a token", |_| {
        thread::current().unpark();
        thread::park();
    }),
    ("a yield", |_| thread::yield_now()),
    ("a choice", |_| assert!(choose(2) < 2)),
];

#[test]
fn an_event_allocates_nothing() {
    for (name, body) in BODIES {
        let (short, long) = (allocations_and_events(body, 1), allocations_and_events(body, 40));
        assert!(long.1 > short.1 + 2 * 38, "{name} has more events: {long:?}");
        assert_eq!(short.0, long.0, "{name}: (allocations, events) {short:?} and {long:?}");
    }
}

/// The control: what a model allocates is counted.
#[test]
fn an_allocation_of_the_model_is_noticed() {
    let wasteful: Body = |_| drop(std::hint::black_box(Box::new(1)));
    let (short, long) = (allocations_and_events(wasteful, 1), allocations_and_events(wasteful, 40));
    assert_eq!(long.0, short.0 + 2 * 39, "(allocations, events) {short:?} and {long:?}");
}
