//! The facade has std's names, and the types behind them std's auto traits; without an engine they
//! are std's types.
//!
//! `std_names.txt` lists what std exports. It is made by `.config/std-names.py` from the
//! documentation that rustup installs; where that is missing it is mended by hand.

use std::any::TypeId;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::marker::{PhantomData, PhantomPinned};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::rc::Rc;

use lockproof::engine::Engine;
use lockproof::{sync, thread, time};

/// The modules of which the facade has every stable name, each with its source.
const COVERED: [(&str, &str); 5] = [
    ("sync", include_str!("../../src/sync.rs")),
    ("sync::atomic", include_str!("../../src/sync.rs")),
    ("sync::mpsc", include_str!("../../src/sync.rs")),
    ("thread", include_str!("../../src/thread.rs")),
    ("time", include_str!("../../src/time.rs")),
];

/// What std exports from a module, with the given status.
fn std_names(module: &str, status: &str) -> BTreeSet<String> {
    let lines = include_str!("std_names.txt").lines().map(|line| line.split(' '));
    let entries = lines.map(|mut words| [(); 3].map(|()| words.next().expect("three words")));
    let of_module = entries.filter(|entry| entry[0] == module && entry[2] == status);
    of_module.map(|entry| entry[1].to_owned()).collect()
}

/// The part of a source that belongs to a module: the body of `pub mod name`, or all but those.
fn source_of(module: &str, source: &str) -> String {
    let (before, inline) = source.split_once("pub mod ").unwrap_or((source, ""));
    match module.split_once("::") {
        None => before.to_owned(),
        Some((_, name)) => {
            let bodies = inline.split("pub mod ");
            let body = bodies.into_iter().find(|body| body.starts_with(&format!("{name} {{")));
            body.unwrap_or_default().to_owned()
        }
    }
}

/// The names that the `pub use` lists of a module bring in, and its own modules.
fn facade_names(module: &str, source: &str) -> BTreeSet<String> {
    let own = source_of(module, source);
    let lists = own.split("pub use ").skip(1).filter_map(|rest| rest.split_once(';'));
    let names = lists.flat_map(|(list, _)| {
        let (_, names) = list.rsplit_once("::").unwrap_or(("", list));
        let names = list.split_once('{').map_or(names, |(_, names)| names);
        names.split([',', '}', '\n']).map(str::trim).map(str::to_owned).collect::<Vec<_>>()
    });
    let modules = source.split("pub mod ").skip(1).filter(|_| !module.contains("::"));
    let modules = modules.filter_map(|rest| rest.split_once(' ')).map(|(name, _)| name.to_owned());
    names.chain(modules).filter(|name| !name.is_empty()).collect()
}

#[test]
fn the_facade_has_every_stable_name_of_std_and_no_other() {
    for (module, source) in COVERED {
        let (std, facade) = (std_names(module, "stable"), facade_names(module, source));
        assert!(!std.is_empty(), "{module} is in the list");
        let missing: Vec<_> = std.difference(&facade).collect();
        assert!(missing.is_empty(), "std::{module} has more: {missing:?}");
        let more: Vec<_> = facade.difference(&std).collect();
        assert!(more.is_empty(), "std::{module} has less: {more:?}");
    }
}

#[test]
fn what_std_has_deprecated_is_known() {
    let deprecated: Vec<_> =
        COVERED.iter().flat_map(|(module, _)| std_names(module, "deprecated")).collect();
    let page = include_str!("../../../../docs/engine-limits.md");
    for name in deprecated.iter().filter(|name| !name.starts_with("ATOMIC_")) {
        assert!(page.contains(&format!("`{name}`")), "the page on limits names {name}");
    }
}

/// A question to types: `Asked<T>::ANSWER` is true for a type that has the trait.
macro_rules! question {
    ($($question:ident $bound:ident),*) => {$(
        mod $question {
            use super::*;

            pub(super) struct Asked<T: ?Sized>(PhantomData<T>);

            pub(super) trait Otherwise {
                const ANSWER: bool = false;
            }

            impl<T: ?Sized> Otherwise for Asked<T> {}

            impl<T: ?Sized + $bound> Asked<T> {
                pub(super) const ANSWER: bool = true;
            }
        }
        use $question::Otherwise as _;
    )*};
}

question!(
    is_send Send, is_sync Sync, is_unpin Unpin, is_unwind_safe UnwindSafe,
    is_ref_unwind_safe RefUnwindSafe
);

macro_rules! auto_traits {
    ($type:ty) => {
        [
            is_send::Asked::<$type>::ANSWER,
            is_sync::Asked::<$type>::ANSWER,
            is_unpin::Asked::<$type>::ANSWER,
            is_unwind_safe::Asked::<$type>::ANSWER,
            is_ref_unwind_safe::Asked::<$type>::ANSWER,
        ]
    };
}

/// Compares types of the facade with those of the same paths in std.
macro_rules! same_auto_traits {
    ($([$($path:tt)*])*) => {$(
        assert_eq!(
            auto_traits!(lockproof::$($path)*),
            auto_traits!(std::$($path)*),
            "{}: Send, Sync, Unpin, UnwindSafe, RefUnwindSafe",
            std::any::type_name::<std::$($path)*>()
        );
    )*};
}

/// For contents that are `Send` and `Sync`, one of them, and none.
macro_rules! for_contents {
    ($($content:ty),*) => {$(
        same_auto_traits! {
            [sync::Mutex<$content>] [sync::MutexGuard<'static, $content>]
            [sync::RwLock<$content>] [sync::RwLockReadGuard<'static, $content>]
            [sync::RwLockWriteGuard<'static, $content>]
            [sync::OnceLock<$content>] [sync::LazyLock<$content>]
            [sync::mpsc::Sender<$content>] [sync::mpsc::SyncSender<$content>]
            [sync::mpsc::Receiver<$content>] [sync::mpsc::IntoIter<$content>]
            [sync::mpsc::Iter<'static, $content>] [sync::mpsc::TryIter<'static, $content>]
            [thread::LocalKey<$content>] [sync::atomic::AtomicPtr<$content>]
            [thread::JoinHandle<$content>] [thread::ScopedJoinHandle<'static, $content>]
        }
    )*};
}

#[test]
fn auto_traits_are_those_of_std() {
    for_contents!(u32, Cell<u32>, Rc<u32>, PhantomPinned, &'static mut u32);
    for_contents!(std::sync::MutexGuard<'static, u32>);
    same_auto_traits! {
        [sync::Once] [sync::OnceState] [sync::Condvar] [sync::Barrier] [sync::BarrierWaitResult]
        [sync::WaitTimeoutResult] [thread::Thread] [thread::ThreadId] [thread::Builder]
        [thread::Scope<'static, 'static>] [time::Instant] [time::SystemTime]
        [sync::atomic::AtomicBool] [sync::atomic::AtomicU64]
    }
}

fn is_same<A: 'static, B: 'static>() -> bool {
    TypeId::of::<A>() == TypeId::of::<B>()
}

#[test]
fn without_an_engine_the_types_are_stds_own() {
    let same = [
        is_same::<sync::Once, std::sync::Once>(),
        is_same::<sync::OnceState, std::sync::OnceState>(),
        is_same::<sync::OnceLock<u8>, std::sync::OnceLock<u8>>(),
        is_same::<sync::LazyLock<u8>, std::sync::LazyLock<u8>>(),
        is_same::<sync::Barrier, std::sync::Barrier>(),
        is_same::<sync::mpsc::Sender<u8>, std::sync::mpsc::Sender<u8>>(),
        is_same::<sync::mpsc::SyncSender<u8>, std::sync::mpsc::SyncSender<u8>>(),
        is_same::<sync::mpsc::Receiver<u8>, std::sync::mpsc::Receiver<u8>>(),
        is_same::<thread::LocalKey<u8>, std::thread::LocalKey<u8>>(),
        is_same::<thread::AccessError, std::thread::AccessError>(),
        is_same::<time::Instant, std::time::Instant>(),
        is_same::<time::SystemTime, std::time::SystemTime>(),
    ];
    let has_no_engine = Engine::available() == [Engine::Std];
    assert_eq!(same, [has_no_engine; 12], "std itself if and only if there is no engine");
}

/// `const` contexts take what they take of std.
#[test]
fn constructors_are_constant() {
    static BARRIER: sync::Barrier = sync::Barrier::new(1);
    static LAZY: sync::LazyLock<u32> = sync::LazyLock::new(|| 1);
    static ONCE: (sync::Once, sync::OnceLock<u32>) = (sync::Once::new(), sync::OnceLock::new());
    assert!(BARRIER.wait().is_leader());
    assert_eq!(*LAZY, *ONCE.1.get_or_init(|| 1));
    assert!(!ONCE.0.is_completed());
}
