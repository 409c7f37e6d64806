//! The orders in which the calls of one execution can have begun and returned.
//!
//! What counts of a call are its first step and its last: it began at its first step at the latest,
//! and returned at its last one at the earliest. Together with the partial order of the steps they
//! say which calls can have returned before which others began. A call without a step could have
//! been made at any moment between the steps before it and after it of its thread.
//!
//! Invariants: the points of a thread are in the order in which it came to them; every point lists
//! how many points of each thread come before it in every schedule, itself not included.

use lockproof::calls::{Calls, Moment};
use lockproof::engine::{Happened, StepOrder};

use super::MOST_THREADS;
use super::history::History;

/// A moment at which calls begin or return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) call: usize,
    /// The call begins here, if it has not before; it does at its first step.
    pub(super) begins: bool,
    /// The call returns here, at its last step.
    pub(super) returns: bool,
}

/// A cut: the number of points of each thread that have been passed.
pub(super) type Cut = [u8; MOST_THREADS];

/// The partial order of the points.
#[derive(Debug, Default)]
pub(super) struct Precedence {
    threads: Vec<Vec<(Point, Cut)>>,
}

impl Precedence {
    /// The orders in which `calls` can have begun and returned; `None` if nothing is known but the
    /// order of each thread.
    pub(super) fn new<R>(calls: &Calls<R>, happened: &Happened, history: &History) -> Option<Self> {
        let threads = history.threads.len();
        assert!(
            threads <= MOST_THREADS,
            "calls of {threads} threads cannot be judged: let {MOST_THREADS} threads make them at \
             most, numbered from 0"
        );
        match happened {
            Happened::InOrder => Some(Self::in_order(calls, threads)),
            Happened::Partially(order) => Some(Self::partial(calls, order, threads)),
            _ => None,
        }
    }

    pub(super) fn threads(&self) -> usize {
        self.threads.len()
    }

    /// The next point of `thread` after `cut`, if all that must come before it has been passed.
    pub(super) fn next(&self, cut: Cut, thread: usize) -> Option<Point> {
        let (point, needs) = self.threads[thread].get(usize::from(cut[thread]))?;
        // All points that come before it in every schedule, and no others, hold it back.
        let is_free = needs.iter().zip(&cut).all(|(needed, passed)| needed <= passed);
        is_free.then_some(*point)
    }

    /// Writes what distinguishes the order from others of the same calls.
    pub(super) fn write_key(&self, key: &mut Vec<u8>) {
        for points in &self.threads {
            key.push(u8::MAX);
            for (point, needs) in points {
                // 64 calls take six bits; the other two say what happens at the point.
                let call = u8::try_from(point.call).expect("calls are fewer than 64");
                let what = u8::from(point.begins) << 6 | u8::from(point.returns) << 7;
                key.push(call | what);
                key.extend_from_slice(&needs[..self.threads.len()]);
            }
        }
    }

    /// The order of the notes, and no other.
    fn in_order<R>(calls: &Calls<R>, threads: usize) -> Self {
        let mut order = Self { threads: vec![Vec::new(); threads] };
        let mut passed = Cut::default();
        for mark in &calls.marks {
            let logged = &calls.calls[mark.call];
            let point = Point { call: logged.call, begins: !mark.returns, returns: mark.returns };
            // Everything that was noted before comes before: the order is total.
            order.threads[logged.thread].push((point, passed));
            passed[logged.thread] = next(passed[logged.thread]);
        }
        order
    }

    fn partial<R>(calls: &Calls<R>, steps: &StepOrder, threads: usize) -> Self {
        let mut placed: Vec<Vec<Placed>> = vec![Vec::new(); threads];
        for (index, logged) in calls.calls.iter().enumerate() {
            // A call has a mark for its beginning, and one for its return if it returned.
            let mut moments = calls.marks.iter().filter(|mark| mark.call == index);
            let mut moment = || moments.next().map(|mark| mark.moment.expect("steps are counted"));
            let begun = moment().expect("a call that was made began");
            place(logged.call, begun, moment(), steps, &mut placed[logged.thread]);
        }
        // Program order is taken from the index of a point in its thread: that is wrong if the
        // calls of one thread of the scenario were made by two threads of the model.
        let own = |points: &Vec<Placed>| points.first().map(|point| point.thread);
        for (index, points) in placed.iter().enumerate() {
            let is_alone = placed[..index].iter().all(|other| own(other) != own(points));
            assert!(
                points.is_empty()
                    || is_alone && points.iter().all(|point| Some(point.thread) == own(points)),
                "the calls of thread {index} are not those of one thread of the model: give each \
                 of its threads a number of its own"
            );
        }
        let threads = placed.iter().map(|points| {
            points
                .iter()
                .enumerate()
                .map(|(index, point)| (point.point, point.needs(&placed, index, steps)))
                .collect()
        });
        Self { threads: threads.collect() }
    }
}

/// A point, and where it is among the steps.
#[derive(Clone, Copy, Debug)]
struct Placed {
    point: Point,
    thread: usize,
    /// The step it is at, or else, where the call has none, the one that it comes after.
    step: u32,
    is_between: bool,
}

/// Adds the points of a call.
fn place(
    call: usize,
    begun: Moment,
    returned: Option<Moment>,
    steps: &StepOrder,
    points: &mut Vec<Placed>,
) {
    let Moment { thread, steps: before } = begun;
    let mut add = |begins, returns, step, is_between| {
        points.push(Placed { point: Point { call, begins, returns }, thread, step, is_between });
    };
    match returned {
        // What took no step had no effect.
        None if steps.steps(thread) <= before => {}
        None => add(true, false, before + 1, false),
        // Without a step it could be made at any moment between its neighbours' steps: it is placed
        // after the step before it, and comes before whatever knows of the next step.
        Some(after) if after.steps == before => add(true, true, before, true),
        // Its one step is the first and the last.
        Some(after) if after.steps == before + 1 => add(true, true, after.steps, false),
        Some(after) => {
            add(true, false, before + 1, false);
            add(false, true, after.steps, false);
        }
    }
}

impl Placed {
    /// The number of points of each thread that come before this one, the `index`th of its own.
    fn needs(&self, placed: &[Vec<Self>], index: usize, steps: &StepOrder) -> Cut {
        // The clock of its step includes the steps that come before in every schedule, so a point
        // of another thread comes before this one if its own step is included.
        let clock = steps.clock(self.thread, self.step);
        let mut needs = Cut::default();
        for (needed, points) in needs.iter_mut().zip(placed) {
            let count = match points.first() {
                Some(first) if first.thread == self.thread => index,
                _ => points.iter().take_while(|point| point.is_known_to(clock)).count(),
            };
            *needed = u8::try_from(count).expect("a call has two points, and calls are few");
        }
        needs
    }

    /// Whether a step with that clock comes after the point.
    fn is_known_to(&self, clock: &[u32]) -> bool {
        clock[self.thread] >= self.step + u32::from(self.is_between)
    }
}

fn next(passed: u8) -> u8 {
    passed.checked_add(1).expect("a call has two points, and calls are few")
}
