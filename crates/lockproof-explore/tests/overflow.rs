//! A model thread that uses up its stack fails its execution, and does no other harm.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::process::{Command, Output};
use std::sync::atomic::Ordering::SeqCst;

use lockproof_explore::{
    Atomic, Bounded, Bug, Exhaustive, Findings, FinishedExecution, Mutex, Observer, Options,
    Random, SearchStrategy, StopReason, ThreadId, explore, here, join, spawn,
};

const KIB: usize = 1024;

/// Recurses to this depth, with this number of words in each frame.
#[inline(never)]
fn recurse<const SIZE: usize>(depth: usize) -> usize {
    let frame = black_box([depth; SIZE]);
    if depth == 0 { frame[0] } else { recurse::<SIZE>(depth - 1) + black_box(frame)[SIZE / 2] }
}

/// Recurses deep enough to overflow any stack.
const ENDLESS: usize = 100_000_000;

fn run(
    strategy: &mut dyn SearchStrategy,
    stack_size: usize,
    model: impl Fn() + 'static,
) -> Findings {
    explore(&Options { stack_size, ..Options::default() }, strategy, &mut (), model)
}

/// The thread that overflowed, and the line of its last operation.
#[track_caller]
fn overflow(outcome: &Findings) -> (ThreadId, Option<u32>) {
    assert_eq!(outcome.stop_reason, StopReason::Failed);
    let bug = &outcome.failure.as_ref().expect("the model fails").bug;
    match bug {
        Bug::StackOverflow { thread, last, .. } => (*thread, last.map(std::panic::Location::line)),
        other => panic!("an overflow, and no {other}"),
    }
}

const LAST_OPERATION: u32 = line!() + 3;

fn look() {
    Atomic::new(0).load(SeqCst, here());
}

fn a_good_model_is_complete() {
    let outcome = run(&mut Exhaustive::new(), 64 * KIB, || {
        let total = Atomic::new(0);
        let child = spawn(move || _ = total.update(SeqCst, here(), |v| v + 1), here());
        total.update(SeqCst, here(), |value| value + 1);
        join(child, here()).unwrap();
        recurse::<8>(10);
    });
    assert!(outcome.failure.is_none() && outcome.is_complete(), "{:?}", outcome.failure);
    assert_eq!((outcome.executions, outcome.facts.leaked_stacks), (2, 0));
}

/// Something that shows whether it was dropped.
struct Dropped(std::rc::Rc<std::cell::Cell<bool>>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
mod without_operations {
    use super::*;

    #[test]
    fn a_spawned_thread_overflows_and_the_next_model_works() {
        let outcome = run(&mut Exhaustive::new(), 64 * KIB, || {
            let child = spawn(
                || {
                    look();
                    recurse::<8>(ENDLESS);
                },
                here(),
            );
            join(child, here()).unwrap();
        });
        let (thread, last) = overflow(&outcome);
        assert_eq!((thread.index(), last), (1, Some(LAST_OPERATION)));
        let text = outcome.failure.as_ref().unwrap().bug.to_string();
        assert!(text.contains("overflowed its stack of 64 KiB"), "{text}");
        assert!(text.contains("stack_size"), "the way out is named: {text}");
        a_good_model_is_complete();
    }

    #[test]
    fn a_larger_stack_is_enough() {
        // Half a mebibyte, and the overhead of the frames.
        let model = || _ = recurse::<128>(512);
        overflow(&run(&mut Exhaustive::new(), 64 * KIB, model));
        let large = run(&mut Exhaustive::new(), 4 * KIB * KIB, model);
        assert!(large.failure.is_none() && large.is_complete());
    }

    #[test]
    fn main_overflows_before_its_first_operation() {
        let outcome = run(&mut Exhaustive::new(), 64 * KIB, || _ = recurse::<8>(ENDLESS));
        assert_eq!(overflow(&outcome), (ThreadId::MAIN, None));
        a_good_model_is_complete();
    }

    #[test]
    fn large_frames_overflow_like_small_ones() {
        for _ in 0..20 {
            let outcome = run(&mut Random::new(0, 9), 64 * KIB, || _ = recurse::<3_000>(ENDLESS));
            assert_eq!(overflow(&outcome), (ThreadId::MAIN, None));
        }
        a_good_model_is_complete();
    }

    /// The allocator holds a lock when it runs out of stack.
    #[inline(never)]
    fn recurse_and_allocate(depth: usize, size: usize) -> usize {
        let boxed = black_box(vec![0_u8; size]);
        let below = if depth == ENDLESS { 0 } else { recurse_and_allocate(depth + 1, size) };
        below + black_box(boxed).len()
    }

    #[test]
    fn an_overflow_inside_the_allocator_leaves_the_allocator_usable() {
        for size in (1..2_000).step_by(7) {
            let model = move || _ = recurse_and_allocate(0, size);
            let outcome = run(&mut Exhaustive::new(), 16 * KIB, model);
            assert_eq!(overflow(&outcome).0, ThreadId::MAIN);
            // All sizes, here and on another OS thread.
            let allocate = || (1..3_000).map(|size| vec![1_u8; size]).collect::<Vec<_>>();
            black_box(allocate());
            std::thread::spawn(move || black_box(allocate())).join().unwrap();
        }
        a_good_model_is_complete();
    }

    #[test]
    fn many_threads_overflow_at_once() {
        let explorers = [8, 16, 32, 64].map(|kib| {
            std::thread::spawn(move || {
                for size in 100..200 {
                    let model = move || _ = recurse_and_allocate(0, size);
                    let outcome = run(&mut Exhaustive::new(), kib * KIB, model);
                    assert_eq!(overflow(&outcome).0, ThreadId::MAIN);
                }
            })
        });
        for explorer in explorers {
            explorer.join().unwrap();
        }
    }

    #[test]
    fn nothing_on_the_lost_stacks_is_dropped() {
        let dropped = std::rc::Rc::new(std::cell::Cell::new(false));
        let seen = std::rc::Rc::clone(&dropped);
        let outcome = run(&mut Exhaustive::new(), 64 * KIB, move || {
            let on_main = Dropped(std::rc::Rc::clone(&seen));
            let on_child = Dropped(std::rc::Rc::clone(&seen));
            let child = spawn(
                move || {
                    recurse::<8>(ENDLESS);
                    drop(on_child);
                },
                here(),
            );
            join(child, here()).unwrap();
            drop(on_main);
        });
        assert_eq!(overflow(&outcome).0.index(), 1);
        assert!(!dropped.get(), "a destructor might see what was half changed");
        assert_eq!(outcome.facts.leaked_stacks, 2, "and that is reported");
    }

    /// Counts the executions that overflowed.
    #[derive(Default)]
    struct Overflows(u32);

    impl Observer for Overflows {
        fn execution_ended(&mut self, execution: &FinishedExecution<'_>) -> ControlFlow<()> {
            self.0 += u32::from(matches!(execution.failure, Some(Bug::StackOverflow { .. })));
            ControlFlow::Continue(())
        }
    }

    #[test]
    fn a_search_can_go_on_after_an_overflow() {
        for strategy in [&mut Exhaustive::new() as &mut dyn SearchStrategy, &mut Bounded::new(9)] {
            let options = Options { stop_at_failure: false, ..Options::default() };
            let mut overflows = Overflows::default();
            let outcome = explore(&options, strategy, &mut overflows, || {
                let atomic = Atomic::new(0);
                let child = spawn(move || atomic.store(1, SeqCst, here()), here());
                if atomic.load(SeqCst, here()) == 1 {
                    recurse::<8>(ENDLESS);
                }
                join(child, here()).unwrap();
            });
            assert_eq!(outcome.stop_reason, StopReason::Complete);
            assert!(overflows.0 > 0 && u64::from(overflows.0) < outcome.executions);
        }
    }

    #[test]
    fn an_overflow_on_a_thread_without_an_alternate_stack_is_caught() {
        let explorer = std::thread::spawn(|| {
            let none = libc::stack_t {
                ss_sp: std::ptr::null_mut(),
                ss_flags: libc::SS_DISABLE,
                ss_size: 0,
            };
            // SAFETY: this takes from the thread a stack that std gave it and puts none in its place.
            unsafe { libc::sigaltstack(&raw const none, std::ptr::null_mut()) };
            let outcome = run(&mut Exhaustive::new(), 64 * KIB, || _ = recurse::<8>(ENDLESS));
            assert_eq!(overflow(&outcome), (ThreadId::MAIN, None));
        });
        explorer.join().unwrap();
    }
}

#[test]
fn an_overflow_on_the_way_to_an_operation_is_found_everywhere() {
    fn lock_all(mutex: Mutex, depth: usize) -> usize {
        let frame = black_box([depth; 64]);
        mutex.lock(here());
        mutex.unlock(here());
        let below = if depth == ENDLESS { 0 } else { lock_all(mutex, depth + 1) };
        below + black_box(frame)[7]
    }
    let options = Options { steps: usize::MAX, ..Options::default() };
    let outcome = explore(&options, &mut Exhaustive::new(), &mut (), || {
        let mutex = Mutex::new();
        let child = spawn(move || _ = lock_all(mutex, 0), here());
        join(child, here()).unwrap();
    });
    assert_eq!(overflow(&outcome).0.index(), 1);
    a_good_model_is_complete();
}

/// Runs one of the tests below, which are ignored otherwise, in a process of its own.
fn run_alone(test: &str) -> Output {
    let executable = std::env::current_exe().expect("a test knows its executable");
    let mut command = Command::new(executable);
    command.args(["--ignored", "--exact", test, "--nocapture"]).output().expect("it can be run")
}

#[test]
#[ignore = "kills its process"]
fn overflows_outside_of_a_model() {
    a_good_model_is_complete();
    recurse::<8>(ENDLESS);
}

#[test]
#[ignore = "kills its process"]
fn reads_where_nothing_is() {
    a_good_model_is_complete();
    run(&mut Exhaustive::new(), 64 * KIB, || {
        // SAFETY: none. The process is meant to die of it.
        _ = black_box(unsafe { std::ptr::without_provenance::<u64>(8).read_volatile() });
    });
}

#[cfg(unix)]
#[test]
fn other_faults_are_left_to_those_who_handled_them_before() {
    use std::os::unix::process::ExitStatusExt;
    let overflow = run_alone("overflows_outside_of_a_model");
    let words = String::from_utf8_lossy(&overflow.stderr);
    assert!(words.contains("has overflowed its stack"), "std says so: {words}");
    assert_eq!(overflow.status.signal(), Some(6), "and aborts: {words}");
    let fault = run_alone("reads_where_nothing_is");
    assert_eq!(fault.status.signal(), Some(11), "{}", String::from_utf8_lossy(&fault.stderr));
}
