//! The panic hook: a panic inside an exploration is evidence to keep, not a message to print.
//!
//! The hook is installed once, in front of the one that was there, and takes over only on threads
//! that watch. Everything else reaches the hook that was there before.

use std::any::Any;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::panic::{self, PanicHookInfo};
use std::sync::Once;

use crate::engine::Defect;
use crate::trace::SourceLocation;

/// What the hook saw of a panic.
#[derive(Clone, Debug)]
pub(crate) struct PanicReport {
    /// The message, as the default hook would print it.
    pub(crate) message: String,
    /// Where it panicked; unknown for a payload that was thrown without a panic.
    pub(crate) location: Option<SourceLocation>,
}

impl PanicReport {
    /// For a panic that never reached the hook.
    pub(crate) fn unknown() -> Self {
        Self { message: "a panic that was thrown without the hook".to_owned(), location: None }
    }

    /// For a payload that was caught.
    pub(crate) fn of(payload: &(dyn Any + Send)) -> Self {
        Self { message: message_of(payload), location: None }
    }

    pub(crate) fn into_defect(self, thread: String) -> Defect {
        Defect::Panic { thread, message: self.message, location: self.location }
    }
}

type PanicObserver = Box<dyn Fn(PanicReport)>;

thread_local! {
    static WATCH: RefCell<Option<Watching>> = const { RefCell::new(None) };
}

struct Watching {
    last: Option<PanicReport>,
    observer: Option<PanicObserver>,
}

/// Keeps the panics of the current OS thread from being printed until it is dropped.
pub(crate) struct PanicWatch {
    /// The state is the thread's own.
    not_send: PhantomData<*const ()>,
}

/// Begins to watch the current OS thread.
pub(crate) fn watch() -> PanicWatch {
    start(None)
}

/// The same, with a look at each panic as it begins.
pub(crate) fn observe(observer: impl Fn(PanicReport) + 'static) -> PanicWatch {
    start(Some(Box::new(observer)))
}

/// What the hook saw last on the current thread, if it watches.
pub(crate) fn last_panic() -> Option<PanicReport> {
    WATCH.with_borrow_mut(|watch| watch.as_mut().and_then(|watch| watch.last.take()))
}

fn start(observer: Option<PanicObserver>) -> PanicWatch {
    WATCH.set(Some(Watching { last: None, observer }));
    PanicWatch { not_send: PhantomData }
}

impl PanicWatch {
    /// The report that belongs to a caught panic.
    pub(crate) fn report(&self, payload: &(dyn Any + Send)) -> PanicReport {
        let Self { not_send: PhantomData } = self;
        let last =
            WATCH.with_borrow_mut(|watch| watch.as_mut().and_then(|watch| watch.last.take()));
        last.unwrap_or_else(|| PanicReport { message: message_of(payload), location: None })
    }
}

impl Drop for PanicWatch {
    fn drop(&mut self) {
        WATCH.set(None);
    }
}

/// Installs the hook in front of those that are there and those of the engines, which print a
/// report of their own for every panic in the process.
pub(crate) fn install(hooks_of_engines: impl FnOnce()) {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        let previous = panic::take_hook();
        hooks_of_engines();
        panic::set_hook(Box::new(move |info| {
            if !record(info) {
                previous(info);
            }
        }));
    });
}

/// Keeps the report if the thread watches; says whether it did.
fn record(info: &PanicHookInfo<'_>) -> bool {
    let report = PanicReport {
        message: message_of(info.payload()),
        location: info.location().map(|location| SourceLocation {
            file: location.file().to_owned().into(),
            line: location.line(),
            column: location.column(),
        }),
    };
    WATCH.with_borrow_mut(|watch| match watch {
        None => false,
        Some(watching) => {
            if let Some(observer) = &watching.observer {
                observer(report.clone());
            }
            watching.last = Some(report);
            true
        }
    })
}

/// The text of a panic's payload.
fn message_of(payload: &(dyn Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a payload that is no string".to_owned())
}
