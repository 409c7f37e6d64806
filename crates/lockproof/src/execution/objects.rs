//! The objects that an execution has used: the backend's side of each, and what the facade itself
//! must know to answer for it.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::Execution;
use super::backend::{
    BackendAtomic, BackendCell, BackendCondvar, BackendMutex, Birth, OneShot, Width,
};
use super::restart::Need;
use super::two_mode_lock::TwoModeLock;

/// An object of an execution.
pub(crate) struct ModelObject {
    /// Its index among the objects of the trace.
    pub(crate) index: usize,
    pub(crate) side: Side,
}

/// The backend's side of an object, with the facade's notes.
pub(crate) enum Side {
    Mutex(Box<dyn BackendMutex>),
    RwLock(TwoModeLock),
    Condvar {
        condvar: Box<dyn BackendCondvar>,
        /// The threads that wait and were not notified.
        waiting: Cell<usize>,
    },
    Atomic(AtomicObject),
    Cell(Box<dyn BackendCell>),
    Built(BuiltObject),
}

/// An atomic of a backend.
pub(crate) struct AtomicObject {
    pub(super) atomic: Box<dyn BackendAtomic>,
    pub(crate) width: Width,
    /// The value stored last, whatever an engine of weak memory lets a load return.
    pub(crate) latest: Cell<u64>,
    pub(super) usage: AtomicUse,
}

/// How the threads of an execution used an atomic beside each other.
#[derive(Default)]
pub(crate) struct AtomicUse {
    /// By something that need not synchronize with the access before it.
    pub(super) is_plain: Cell<bool>,
    /// By an ordering weaker than `SeqCst`.
    pub(super) is_weak: Cell<bool>,
}

/// An object that no engine knows, such as a once, a barrier or a channel.
///
/// The object's state is the facade's own. A thread visits the object before it looks at the state
/// or changes it: that is the operation which the engine schedules. Up to the next call into the
/// engine no other thread runs, so what follows a visit is atomic.
pub(crate) struct BuiltObject {
    /// Makes visits depend on each other in the engine's eyes.
    pub(super) point: Box<dyn BackendAtomic>,
    /// The threads that wait, with what each waits for.
    pub(super) waiters: RefCell<Vec<(usize, Rc<dyn OneShot>)>>,
    state: Box<dyn Any>,
}

impl ModelObject {
    /// The state of a built object.
    pub(crate) fn state<T: 'static>(&self) -> &T {
        let Side::Built(BuiltObject { state, .. }) = &self.side else {
            unreachable!("only built objects have a state of their own")
        };
        state.downcast_ref().expect("a slot leads to one kind of object")
    }

    pub(super) fn mutex(&self) -> &dyn BackendMutex {
        match &self.side {
            Side::Mutex(mutex) => mutex.as_ref(),
            _ => unreachable!("the object is a mutex"),
        }
    }

    /// A condition variable, and how many threads wait there.
    pub(super) fn condvar(&self) -> (&dyn BackendCondvar, &Cell<usize>) {
        match &self.side {
            Side::Condvar { condvar, waiting } => (condvar.as_ref(), waiting),
            _ => unreachable!("the object is a condition variable"),
        }
    }

    pub(crate) fn atomic(&self) -> &AtomicObject {
        match &self.side {
            Side::Atomic(atomic) => atomic,
            _ => unreachable!("the object is an atomic"),
        }
    }
}

impl BuiltObject {
    /// Whether the thread waits and was not woken yet.
    pub(super) fn has_waiter(&self, thread: usize) -> bool {
        self.waiters.borrow().iter().any(|(waiter, _)| *waiter == thread)
    }

    /// Takes out the threads that wait, or one of them, for the engine to be told.
    pub(super) fn take(&self, thread: Option<usize>) -> Vec<(usize, Rc<dyn OneShot>)> {
        let mut waiters = self.waiters.borrow_mut();
        match thread {
            None => std::mem::take(&mut *waiters),
            Some(thread) => waiters.extract_if(.., |(waiter, _)| *waiter == thread).collect(),
        }
    }
}

/// What makes the engine's side of the objects.
impl Execution {
    pub(crate) fn new_mutex(&self, birth: Birth) -> Side {
        Side::Mutex(self.backend.mutex(birth))
    }

    pub(crate) fn new_rwlock(&self, birth: Birth) -> Side {
        let turnstile = self.run.restart.needs(Need::Turnstiles).then(|| self.backend.mutex(birth));
        Side::RwLock(TwoModeLock { lock: self.backend.rwlock(birth), turnstile })
    }

    pub(crate) fn new_condvar(&self, birth: Birth) -> Side {
        Side::Condvar { condvar: self.backend.condvar(birth), waiting: Cell::new(0) }
    }

    pub(crate) fn new_atomic(&self, width: Width, bits: u64, birth: Birth) -> Side {
        Side::Atomic(AtomicObject {
            atomic: self.backend.atomic(width, bits, birth),
            width,
            latest: Cell::new(bits),
            usage: AtomicUse::default(),
        })
    }

    pub(crate) fn new_cell(&self) -> Side {
        Side::Cell(self.backend.cell())
    }

    pub(crate) fn new_built(&self, state: impl Any) -> Side {
        Side::Built(BuiltObject {
            point: self.backend.atomic(Width::U8, 0, Birth::FirstUse),
            waiters: RefCell::default(),
            state: Box::new(state),
        })
    }

    pub(crate) fn object(&self, index: usize) -> Rc<ModelObject> {
        Rc::clone(&self.objects.borrow()[index])
    }

    /// Puts an object into its place.
    pub(super) fn add(&self, index: usize, side: Side) -> Rc<ModelObject> {
        let object = Rc::new(ModelObject { index, side });
        self.objects.borrow_mut().push(Rc::clone(&object));
        object
    }
}
