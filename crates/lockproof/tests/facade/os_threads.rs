//! Which OS threads searches run on.

use std::thread::ThreadId;

use lockproof::engine::{Ending, Engine, Untracked, explore};
use lockproof::sync::Mutex;

use crate::engines::{controlled, settings};

/// The controlled engines that give a search's thread back: loom leaves a search by unwinding.
fn tidy() -> impl Iterator<Item = Engine> {
    controlled().filter(|engine| *engine != Engine::Loom)
}

/// The OS threads of the executions of one search, each once.
fn os_threads_of(engine: Engine, model: fn()) -> Vec<ThreadId> {
    let seen = Untracked::new(Vec::new());
    let of_model = seen.clone();
    explore(engine, &settings(), move || {
        of_model.with(|seen| seen.push(std::thread::current().id()));
        model();
    });
    let mut seen = seen.with(std::mem::take);
    seen.dedup();
    seen
}

fn passes() {
    *Mutex::new(0).lock().unwrap() += 1;
}

fn fails() {
    panic!("as it should");
}

#[test]
fn searches_that_pass_run_on_one_thread_one_after_the_other() {
    for engine in tidy() {
        let first = os_threads_of(engine, passes);
        assert_eq!(first.len(), 1, "{engine}: all threads of a model share one: {first:?}");
        assert_ne!(first, [std::thread::current().id()], "a search runs apart from its caller");
        for _ in 0..20 {
            assert_eq!(os_threads_of(engine, passes), first, "{engine}: no thread was started");
        }
    }
}

#[test]
fn nothing_runs_any_more_where_a_search_has_failed() {
    for engine in controlled() {
        let mut failed = Vec::new();
        for _ in 0..3 {
            let of_failed = os_threads_of(engine, fails);
            assert!(!failed.contains(&of_failed), "{engine}: {of_failed:?} stands since it failed");
            failed.push(of_failed);
        }
        let after = os_threads_of(engine, passes);
        assert!(!failed.contains(&after), "{engine}: {after:?} stands since it failed");
    }
}

#[test]
fn callers_do_not_share_a_thread() {
    for engine in tidy() {
        let own = os_threads_of(engine, passes);
        let others = std::thread::spawn(move || os_threads_of(engine, passes)).join().unwrap();
        assert_ne!(own, others, "{engine}: no caller waits for the search of another");
    }
}

#[test]
fn a_search_inside_a_search_runs_apart_from_it() {
    for engine in tidy() {
        let mut few = settings();
        few.samples = 2;
        let exploration = explore(engine, &few, move || {
            let inner = os_threads_of(engine, passes);
            assert_ne!(inner, [std::thread::current().id()], "the outer search goes on afterwards");
        });
        assert!(matches!(exploration.ending, Ending::Complete), "{exploration:?}");
    }
}
