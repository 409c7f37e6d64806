//! The reference: every interleaving by brute force, with an implementation of the semantics of its
//! own.
//!
//! Prefixes with the same normal form are explored once. That relies on the dependency relation,
//! so it is checked each time: equivalent prefixes must lead to the same state.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::program::{ATOMICS, CONDVARS, Program, Step};
use super::trace::{Event, What, normal_form};

const LOCKS: usize = 3;
const RWLOCK: usize = 2;

/// The progress of a thread in a step that takes several events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Phase {
    Unborn,
    Ready,
    Waiting { notified: bool },
    Relocking,
    Done,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Thread {
    phase: Phase,
    next: usize,
    loaded: u64,
    spurious: u32,
    failures: u32,
    token: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct State {
    pub(crate) threads: Vec<Thread>,
    atomics: [u64; ATOMICS],
    holder: [Option<usize>; LOCKS],
    sharers: [BTreeSet<usize>; LOCKS],
    waiters: [BTreeSet<usize>; CONDVARS],
}

/// The normal forms of all maximal traces, or `None` if there are too many prefixes.
pub(crate) fn traces(program: &Program, most_prefixes: usize) -> Option<HashSet<Vec<Event>>> {
    let mut search = Search::new(program, most_prefixes);
    search.explore(&initial(program), &mut Vec::new()).then_some(search.maximal)
}

/// The initial state.
pub(crate) fn initial(program: &Program) -> State {
    let mut state = State {
        threads: vec![
            Thread {
                phase: Phase::Unborn,
                next: 0,
                loaded: 0,
                spurious: 0,
                failures: 0,
                token: false,
            };
            program.threads.len()
        ],
        atomics: [0; ATOMICS],
        holder: [None; LOCKS],
        sharers: Default::default(),
        waiters: Default::default(),
    };
    state.threads[0].phase = Phase::Ready;
    state
}

/// A search, and the semantics of the steps.
pub(crate) struct Search<'a> {
    program: &'a Program,
    most_prefixes: usize,
    seen: HashMap<Vec<Event>, State>,
    maximal: HashSet<Vec<Event>>,
}

impl<'a> Search<'a> {
    pub(crate) fn new(program: &'a Program, most_prefixes: usize) -> Self {
        Self { program, most_prefixes, seen: HashMap::new(), maximal: HashSet::new() }
    }

    fn explore(&mut self, state: &State, trace: &mut Vec<Event>) -> bool {
        let form = normal_form(trace);
        if let Some(earlier) = self.seen.get(&form) {
            assert_eq!(earlier, state, "equivalent prefixes lead to the same state: {trace:?}");
            return true;
        }
        if self.seen.len() >= self.most_prefixes {
            return false;
        }
        let mut is_maximal = true;
        for thread in 0..state.threads.len() {
            for what in self.possible(state, thread) {
                is_maximal = false;
                let mut after = state.clone();
                self.take(&mut after, thread, what);
                trace.push((thread, what));
                if !self.explore(&after, trace) {
                    return false;
                }
                trace.pop();
            }
        }
        if is_maximal {
            self.maximal.insert(form.clone());
        }
        self.seen.insert(form, state.clone());
        true
    }

    /// The next step of a thread, without releases and conditions that have no effect.
    fn step(&self, state: &State, thread: usize) -> (usize, Option<Step>) {
        let mut next = state.threads[thread].next;
        let steps = &self.program.threads[thread];
        if matches!(state.threads[thread].phase, Phase::Waiting { .. } | Phase::Relocking) {
            return (next, steps.get(next).copied());
        }
        loop {
            let holds = |lock: usize| state.holder[lock] == Some(thread);
            let skip = match steps.get(next) {
                Some(Step::OnlyIf(value)) => {
                    1 + usize::from(state.threads[thread].loaded != *value)
                }
                Some(Step::Unlock(m)) => usize::from(!holds(*m)),
                Some(Step::Wait { mutex, .. }) => usize::from(!holds(*mutex)),
                Some(Step::UnlockWrite) => usize::from(!holds(RWLOCK)),
                Some(Step::UnlockRead) => usize::from(!state.sharers[RWLOCK].contains(&thread)),
                _ => 0,
            };
            if skip == 0 {
                return (next, steps.get(next).copied());
            }
            next += skip;
        }
    }

    /// All possible next events of a thread.
    pub(crate) fn possible(&self, state: &State, thread: usize) -> Vec<What> {
        let me = &state.threads[thread];
        let (_, step) = self.step(state, thread);
        let may_be_spurious = me.spurious < self.program.spurious;
        match (me.phase, step) {
            (Phase::Unborn | Phase::Done, _) => vec![],
            (Phase::Waiting { notified: true }, _) => vec![What::Woken],
            (Phase::Waiting { notified: false }, Some(Step::Wait { condvar, timed, .. })) => {
                let mut ends = vec![];
                ends.extend(timed.then_some(What::Left(condvar, true)));
                ends.extend(may_be_spurious.then_some(What::Left(condvar, false)));
                ends
            }
            (Phase::Relocking, Some(Step::Wait { mutex, .. })) => {
                state.holder[mutex].is_none().then_some(What::Acquire(mutex)).into_iter().collect()
            }
            (_, None) => vec![What::Exit],
            (_, Some(step)) => self.possible_step(state, thread, step),
        }
    }

    fn possible_step(&self, state: &State, thread: usize, step: Step) -> Vec<What> {
        let me = &state.threads[thread];
        match step {
            Step::Load(a) => vec![What::Load(a)],
            Step::Store(a, value) => vec![What::Put(a, value)],
            Step::StoreLast(a) => vec![What::Put(a, me.loaded + 1)],
            Step::Add(a) => vec![What::Put(a, state.atomics[a] + 1)],
            Step::Exchange { atomic, expected, new, weak } => {
                if state.atomics[atomic] != expected {
                    return vec![What::NoExchange(atomic, false)];
                }
                let may_fail = weak && me.failures < self.program.spurious;
                let mut ends = vec![What::Put(atomic, new)];
                ends.extend(may_fail.then_some(What::NoExchange(atomic, true)));
                ends
            }
            Step::Wait { condvar, mutex, .. } => vec![What::Wait(condvar, mutex)],
            Step::NotifyOne(c) if state.waiters[c].is_empty() => vec![What::Notify(c, 0)],
            Step::NotifyOne(c) => {
                state.waiters[c].iter().map(|waiter| What::Notify(c, 1 << waiter)).collect()
            }
            Step::NotifyAll(c) => {
                vec![What::Notify(c, state.waiters[c].iter().map(|waiter| 1 << waiter).sum())]
            }
            Step::Park { .. } if me.token => vec![What::Take],
            Step::Park { timed } => {
                let mut ends = when(timed, What::NoToken(true));
                ends.extend(when(me.spurious < self.program.spurious, What::NoToken(false)));
                ends
            }
            Step::Unpark(t) => vec![What::Give(t)],
            Step::Spawn(t) => vec![What::Spawn(t)],
            Step::Join(t) => when(state.threads[t].phase == Phase::Done, What::Join(t)),
            Step::Choose(count) => (0..count).map(What::Choose).collect(),
            step => possible_on_lock(state, step),
        }
    }

    pub(crate) fn take(&self, state: &mut State, thread: usize, what: What) {
        let (at, step) = self.step(state, thread);
        let me = &mut state.threads[thread];
        me.next = at;
        match what {
            What::Load(a) => me.loaded = state.atomics[a],
            What::Put(a, value) => {
                if !matches!(step, Some(Step::Store(..) | Step::StoreLast(_))) {
                    me.loaded = state.atomics[a];
                }
                state.atomics[a] = value;
            }
            What::NoExchange(a, spurious) => {
                me.failures += u32::from(spurious);
                me.loaded = state.atomics[a];
            }
            What::Wait(condvar, mutex) => {
                state.holder[mutex] = None;
                state.waiters[condvar].insert(thread);
                me.phase = Phase::Waiting { notified: false };
            }
            What::Woken => me.phase = Phase::Relocking,
            What::Left(condvar, timed_out) => {
                me.spurious += u32::from(!timed_out);
                state.waiters[condvar].remove(&thread);
                me.phase = Phase::Relocking;
            }
            What::Notify(condvar, woken) => {
                for waiter in (0..state.threads.len()).filter(|waiter| woken & (1 << waiter) != 0) {
                    state.waiters[condvar].remove(&waiter);
                    state.threads[waiter].phase = Phase::Waiting { notified: true };
                }
            }
            What::Take => me.token = false,
            What::NoToken(timed_out) => me.spurious += u32::from(!timed_out),
            What::Give(t) => state.threads[t].token = true,
            What::Spawn(t) => state.threads[t].phase = Phase::Ready,
            What::Exit => me.phase = Phase::Done,
            what => take_on_lock(state, thread, what),
        }
        let is_over = !matches!(what, What::Wait(..) | What::Woken | What::Left(..));
        state.threads[thread].next += usize::from(is_over);
    }
}

fn when(condition: bool, what: What) -> Vec<What> {
    if condition { vec![what] } else { vec![] }
}

fn possible_on_lock(state: &State, step: Step) -> Vec<What> {
    let free = |lock: usize| state.holder[lock].is_none() && state.sharers[lock].is_empty();
    let unheld = |lock: usize| state.holder[lock].is_none();
    match step {
        Step::Lock(m) => when(free(m), What::Acquire(m)),
        Step::TryLock(m) => vec![if free(m) { What::Acquire(m) } else { What::Refused(m) }],
        Step::Unlock(m) => vec![What::Release(m)],
        Step::Read => when(unheld(RWLOCK), What::AcquireShared(RWLOCK)),
        Step::TryRead if unheld(RWLOCK) => vec![What::AcquireShared(RWLOCK)],
        Step::TryRead => vec![What::RefusedShared(RWLOCK)],
        Step::UnlockRead => vec![What::ReleaseShared(RWLOCK)],
        Step::Write => when(free(RWLOCK), What::Acquire(RWLOCK)),
        Step::TryWrite if free(RWLOCK) => vec![What::Acquire(RWLOCK)],
        Step::TryWrite => vec![What::Refused(RWLOCK)],
        Step::UnlockWrite => vec![What::Release(RWLOCK)],
        Step::Downgrade => vec![What::Downgrade(RWLOCK)],
        step => unreachable!("{step:?} is no step on a lock"),
    }
}

fn take_on_lock(state: &mut State, thread: usize, what: What) {
    match what {
        What::Acquire(lock) => {
            state.holder[lock] = Some(thread);
            state.threads[thread].phase = Phase::Ready;
        }
        What::Release(lock) => state.holder[lock] = None,
        What::AcquireShared(lock) => drop(state.sharers[lock].insert(thread)),
        What::ReleaseShared(lock) => drop(state.sharers[lock].remove(&thread)),
        What::Downgrade(lock) => {
            state.holder[lock] = None;
            state.sharers[lock].insert(thread);
        }
        // Nothing changes.
        _ => {}
    }
}
