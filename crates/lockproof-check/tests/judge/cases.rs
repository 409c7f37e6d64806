//! Random histories of one place for one bit: who called what, and what steps that took.

use std::collections::BTreeSet;

use lockproof::calls::{Calls, LoggedCall, Mark, Moment as StepMoment};
use lockproof::engine::StepOrder;
use lockproof_check::Specification;
use proptest::prelude::*;

use crate::brute_force::{Made, Story};

/// A place for one bit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place(bool);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Operation {
    /// Puts a bit there, and returns the one before.
    Put(bool),
    Get,
    /// Waits for a 1 and takes it.
    Take,
}

impl Specification for Place {
    type Operation = Operation;
    type Return = bool;

    fn apply(&mut self, operation: &Operation) -> bool {
        let before = self.0;
        match *operation {
            Operation::Put(bit) => self.0 = bit,
            Operation::Get => {}
            Operation::Take => self.0 = false,
        }
        before
    }

    fn waits(&self, operation: &Operation) -> bool {
        *operation == Operation::Take && !self.0
    }
}

/// A step of a call: the object that it touches, if any, and whether it writes.
type Touch = (u8, bool);

/// The first thread spawns the others.
const SPAWN: Touch = (0, true);

/// A call as it was generated.
#[derive(Clone, Debug)]
struct Call {
    operation: Operation,
    /// Whether it returns something else than if it took effect when it returned.
    lies: bool,
    steps: Vec<Touch>,
}

/// A history, and how it came about.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// Made by the first thread before the others are spawned.
    before: Option<Call>,
    /// The calls of each thread.
    threads: Vec<Vec<Call>>,
    /// Whether the last call of each thread never returns.
    pending: Vec<bool>,
    pub(crate) at_standstill: bool,
    /// Whose turn it is.
    schedule: Vec<usize>,
}

fn calls() -> impl Strategy<Value = Call> {
    let operation = prop_oneof![
        any::<bool>().prop_map(Operation::Put),
        Just(Operation::Get),
        Just(Operation::Take)
    ];
    let object = prop_oneof![8 => Just(1_u8), 1 => Just(2)];
    let steps = proptest::collection::vec((object, prop::bool::weighted(0.8)), 0..=2);
    (operation, prop::bool::weighted(0.1), steps).prop_map(|(operation, lies, steps)| Call {
        operation,
        lies,
        steps,
    })
}

pub(crate) fn cases() -> impl Strategy<Value = Case> {
    let two = proptest::collection::vec(proptest::collection::vec(calls(), 1..=2), 2);
    let three = proptest::collection::vec(proptest::collection::vec(calls(), 1..=1), 3);
    let pending = proptest::collection::vec(prop::bool::weighted(0.2), 3);
    let schedule = proptest::collection::vec(0_usize..6, 40);
    let before = proptest::option::weighted(0.3, calls());
    (before, prop_oneof![two, three], pending, any::<bool>(), schedule).prop_map(
        |(before, threads, pending, at_standstill, schedule)| Case {
            before,
            threads,
            pending,
            at_standstill,
            schedule,
        },
    )
}

/// What a thread does, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Begin(usize),
    Step(Touch),
    Return(usize),
}

impl Case {
    pub(crate) fn story(&self) -> Story<Place> {
        let made = |thread, part, call: &Call, is_pending: bool| Made {
            thread,
            part,
            operation: call.operation,
            result: (!is_pending).then_some(call.lies),
        };
        let mut all: Vec<_> = self.before.iter().map(|call| made(0, 0, call, false)).collect();
        let part = all.len();
        for (thread, calls) in self.threads.iter().enumerate() {
            for (index, call) in calls.iter().enumerate() {
                let is_pending = self.pending[thread] && index + 1 == calls.len();
                all.push(made(thread, part, call, is_pending));
            }
        }
        let mut place = Place(false);
        for (_, event) in self.scheduled() {
            if let Event::Return(call) = event {
                let made = &mut all[call];
                made.result = made.result.map(|lies| lies ^ place.apply(&made.operation));
            }
        }
        Story { initial: Place(false), made: all, at_standstill: self.at_standstill }
    }

    /// What each thread does in parallel, and what is done before.
    fn events(&self) -> (Vec<Event>, Vec<Vec<Event>>) {
        let mut number = 0;
        let mut events_of = |call: &Call, is_pending: bool| {
            let steps = call.steps.iter().copied().map(Event::Step);
            let mut events: Vec<_> = std::iter::once(Event::Begin(number)).chain(steps).collect();
            if !is_pending {
                events.push(Event::Return(number));
            }
            number += 1;
            events
        };
        let before = self.before.iter().flat_map(|call| events_of(call, false));
        let before = before.chain([Event::Step(SPAWN)]).collect();
        let mut threads = Vec::new();
        for (thread, calls) in self.threads.iter().enumerate() {
            let last = calls.len() - 1;
            let is_pending = |index| self.pending[thread] && index == last;
            let events = calls.iter().enumerate();
            let events = events.flat_map(|(index, call)| events_of(call, is_pending(index)));
            threads.push(events.collect());
        }
        (before, threads)
    }

    /// The events with their threads, in the order of the schedule.
    pub(crate) fn scheduled(&self) -> Vec<(usize, Event)> {
        let (before, threads) = self.events();
        let mut order: Vec<_> = before.into_iter().map(|event| (0, event)).collect();
        let mut next = vec![0; threads.len()];
        let mut turns = self.schedule.iter().cycle();
        loop {
            let left = |thread: &usize| next[*thread] < threads[*thread].len();
            let able: Vec<_> = (0..threads.len()).filter(left).collect();
            if able.is_empty() {
                return order;
            }
            let thread = able[turns.next().unwrap_or(&0) % able.len()];
            order.push((thread, threads[thread][next[thread]]));
            next[thread] += 1;
        }
    }

    /// The notes of the scheduled order.
    pub(crate) fn calls(&self) -> Calls<bool> {
        let story = self.story();
        let mut calls = Calls::default();
        let mut steps = vec![0_u32; self.threads.len()];
        for (thread, event) in self.scheduled() {
            let moment = Some(StepMoment { thread, steps: steps[thread] });
            match event {
                Event::Step(_) => steps[thread] += 1,
                Event::Begin(call) => {
                    let made = &story.made[call];
                    let (part, result) = (made.part, made.result);
                    calls.marks.push(Mark { call: calls.calls.len(), returns: false, moment });
                    calls.calls.push(LoggedCall { thread, call, part, result });
                }
                Event::Return(number) => {
                    let call = calls.calls.iter().position(|logged| logged.call == number);
                    let call = call.expect("what returns has begun");
                    calls.marks.push(Mark { call, returns: true, moment });
                }
            }
        }
        calls
    }

    /// The clocks of the steps, by the definition: what depends on what, and its closure.
    pub(crate) fn clocks(&self) -> Vec<Vec<Vec<u32>>> {
        let mut clocks = vec![vec![vec![0_u32; self.threads.len()]]; self.threads.len()];
        let mut earlier: Vec<(Touch, Vec<u32>)> = Vec::new();
        for (thread, event) in self.scheduled() {
            let Event::Step((object, writes)) = event else { continue };
            let mut clock = clocks[thread].last().cloned().unwrap_or_default();
            for ((other, wrote), known) in &earlier {
                if *other == object && object > 0 && (writes || *wrote) {
                    clock = clock.iter().zip(known).map(|(a, b)| *a.max(b)).collect();
                }
            }
            clock[thread] += 1;
            earlier.push(((object, writes), clock.clone()));
            clocks[thread].push(clock.clone());
            if (object, writes) == SPAWN {
                for born in &mut clocks[1..] {
                    born[0].clone_from(&clock);
                }
            }
        }
        clocks
    }

    pub(crate) fn step_order(&self) -> StepOrder {
        let scheduled = self.scheduled().into_iter();
        let steps = scheduled.filter(|(_, event)| matches!(event, Event::Step(_)));
        StepOrder::of_clocks(self.clocks(), steps.map(|(thread, _)| thread).collect())
    }

    /// All orders of beginnings and returns in schedules of the same steps.
    pub(crate) fn orders(&self) -> BTreeSet<Vec<(usize, bool)>> {
        let (before, threads) = self.events();
        let begun: Vec<_> = before.iter().filter_map(moment).collect();
        let steps = before.iter().filter(|event| matches!(event, Event::Step(_))).count();
        let mut taken = vec![0; threads.len()];
        taken[0] = u32::try_from(steps).expect("steps are few");
        let mut orders = BTreeSet::new();
        let next = vec![0; threads.len()];
        schedules(&threads, &self.clocks(), &next, &taken, &begun, &mut orders);
        orders
    }
}

pub(crate) fn moment(event: &Event) -> Option<(usize, bool)> {
    match *event {
        Event::Begin(call) => Some((call, false)),
        Event::Return(call) => Some((call, true)),
        Event::Step(_) => None,
    }
}

/// Lets each thread go on in turn, wherever the order of the steps allows it.
fn schedules(
    threads: &[Vec<Event>],
    clocks: &[Vec<Vec<u32>>],
    next: &[usize],
    taken: &[u32],
    moments: &[(usize, bool)],
    orders: &mut BTreeSet<Vec<(usize, bool)>>,
) {
    let mut is_over = true;
    for thread in 0..threads.len() {
        let Some(event) = threads[thread].get(next[thread]) else { continue };
        is_over = false;
        let (mut next, mut taken) = (next.to_vec(), taken.to_vec());
        next[thread] += 1;
        if let Event::Step(_) = event {
            taken[thread] += 1;
            let clock = &clocks[thread][taken[thread] as usize];
            if clock.iter().zip(&taken).any(|(needed, taken)| needed > taken) {
                continue;
            }
        }
        let mut moments = moments.to_vec();
        moments.extend(moment(event));
        schedules(threads, clocks, &next, &taken, &moments, orders);
    }
    if is_over {
        orders.insert(moments.to_vec());
    }
}
