//! The search for an order of calls and returns that no linearization explains.
//!
//! The monitor walks over the cuts of the partial order of first and last steps, depth first. On
//! the way it keeps every way in which the calls so far can be explained, a *configuration*: which
//! of them have taken effect, and the state they led to. A call that returns must have taken
//! effect, with what it returned; configurations in which it cannot have die. If none is left, the
//! way the monitor came is an order that the execution can have had and that nothing explains.
//!
//! Given one order of calls and returns, this is the search of Wing and Gong ("Testing and
//! Verifying Concurrent Objects", JPDC 1993) in the form of Lowe ("Testing for Linearizability",
//! CCPE 2017): a call takes effect no earlier than some return needs it to, and no configuration is
//! followed twice. Three things keep the number of orders down, none of which loses one that
//! matters:
//!
//! * A last step is taken as soon as it can be. To return earlier only adds to what an explanation
//!   must keep.
//! * From one cut on, all that counts is the set of configurations. More configurations explain
//!   more, so a set that contains one which was followed in vain need not be followed.
//! * Nothing is remembered where there was no choice.
//!
//! Invariant: `path` leads to the current cut, and the configurations are exactly those that
//! explain it, up to calls in progress that no return has needed so far.

use std::collections::HashMap;

use lockproof::engine::Condition;

use super::automaton::{Automaton, CallStep, Misuse, StateNumber};
use super::history::{CallSet, History, members};
use super::precedence::{Cut, Point, Precedence};
use super::violation::{CallMark, Reason, Violation};
use crate::specification::Specification;

/// The calls that have taken effect, and the state that they led to.
type Configuration = (CallSet, StateNumber);

/// Searches the orders of one execution.
pub(super) struct Monitor<'a, S: Specification> {
    condition: Condition,
    automaton: &'a mut Automaton<S>,
    history: &'a History,
    precedence: &'a Precedence,
    /// The sets of configurations that were followed in vain from each cut, sorted.
    explained: HashMap<Cut, Vec<Vec<Configuration>>>,
    path: Vec<CallMark>,
    /// The cut at which nothing explained the calls any more.
    end: Cut,
}

/// A position of the monitor.
#[derive(Clone, Debug)]
struct Position {
    cut: Cut,
    begun: CallSet,
    returned: CallSet,
    /// Sorted.
    configurations: Vec<Configuration>,
}

impl<'a, S: Specification> Monitor<'a, S> {
    pub(super) fn new(
        condition: Condition,
        automaton: &'a mut Automaton<S>,
        history: &'a History,
        precedence: &'a Precedence,
    ) -> Self {
        let (explained, path, end) = (HashMap::new(), Vec::new(), Cut::default());
        Self { condition, automaton, history, precedence, explained, path, end }
    }

    /// An order that the execution can have had and that nothing explains, if there is one.
    pub(super) fn search(mut self) -> Result<Option<Violation>, Misuse> {
        let start =
            Position { cut: Cut::default(), begun: 0, returned: 0, configurations: vec![(0, 0)] };
        let reason = self.follow(start)?;
        Ok(reason.map(|reason| {
            self.finish();
            let (condition, history) = (self.condition, self.path);
            Violation { condition, history, steps: Vec::new(), reason }
        }))
    }

    /// Follows all orders from a position on; says what is wrong with the first that nothing
    /// explains, and leaves the path there.
    fn follow(&mut self, mut position: Position) -> Result<Option<Reason>, Misuse> {
        loop {
            // Returns first: an order in which a call returns later asks an explanation for less,
            // so it breaks nothing that this one does not.
            if let Some(reason) = self.take_returns(&mut position)? {
                return Ok(Some(reason));
            }
            let threads = 0..self.precedence.threads();
            let mut ways = threads.filter(|thread| self.next(&position, *thread).is_some());
            let Some(first) = ways.next() else { return self.judge_end(&position) };
            if ways.next().is_none() {
                // No choice, nothing to remember.
                if let Some(reason) = self.pass(&mut position, first)? {
                    return Ok(Some(reason));
                }
                continue;
            }
            // Several calls can begin next, and which of them does decides what the others see.
            return self.branch(&position);
        }
    }

    /// Takes each step in turn that can be the next one.
    fn branch(&mut self, position: &Position) -> Result<Option<Reason>, Misuse> {
        if self.is_explained(position) {
            return Ok(None);
        }
        // Each order is tried from the same position: the path goes back to its length here.
        let length = self.path.len();
        for thread in 0..self.precedence.threads() {
            if self.next(position, thread).is_none() {
                continue;
            }
            let mut next = position.clone();
            let reason = match self.pass(&mut next, thread)? {
                None => self.follow(next)?,
                reason => reason,
            };
            if reason.is_some() {
                return Ok(reason);
            }
            self.path.truncate(length);
        }
        // No order from here breaks the condition, with these configurations or with more.
        let known = self.explained.entry(position.cut).or_default();
        known.push(position.configurations.clone());
        Ok(None)
    }

    fn is_explained(&self, position: &Position) -> bool {
        let known = self.explained.get(&position.cut);
        known.is_some_and(|known| known.iter().any(|set| contains(&position.configurations, set)))
    }

    /// Takes all last steps that can be next.
    fn take_returns(&mut self, position: &mut Position) -> Result<Option<Reason>, Misuse> {
        let mut thread = 0;
        while thread < self.precedence.threads() {
            match self.next(position, thread) {
                Some(point) if !point.begins => {
                    if let Some(reason) = self.pass(position, thread)? {
                        return Ok(Some(reason));
                    }
                    // A return may be all that points of threads before this one waited for.
                    thread = 0;
                }
                _ => thread += 1,
            }
        }
        Ok(None)
    }

    fn next(&self, position: &Position, thread: usize) -> Option<Point> {
        self.precedence.next(position.cut, thread)
    }

    /// Passes the next point of a thread; says so if nothing explains the calls after it.
    fn pass(&mut self, position: &mut Position, thread: usize) -> Result<Option<Reason>, Misuse> {
        let Some(point) = self.next(position, thread) else { return Ok(None) };
        position.cut[thread] += 1;
        let bit = 1 << point.call;
        self.tell(point);
        if point.begins {
            position.begun |= bit;
        }
        if !point.returns {
            return Ok(None);
        }
        position.returned |= bit;
        // Linearizability: a call has taken effect when it returns (Wing and Gong). Quiescent
        // consistency keeps real time only across moments at which no call is in progress, so
        // nothing is demanded until one of these, and then everything that has returned.
        let needed = match self.condition {
            Condition::QuiescentConsistency if position.begun != position.returned => 0,
            Condition::QuiescentConsistency => position.returned,
            _ => bit,
        };
        self.demand(position, needed)?;
        let is_refuted = position.configurations.is_empty();
        self.end = position.cut;
        Ok(is_refuted.then_some(Reason::Returned { call: point.call }))
    }

    /// Keeps the configurations in which all of `needed` have taken effect, after other calls in
    /// progress if it takes those.
    fn demand(&mut self, position: &mut Position, needed: CallSet) -> Result<(), Misuse> {
        let explains = |(done, _): &Configuration| needed & !done == 0;
        if position.configurations.iter().all(explains) {
            return Ok(());
        }
        // Lowe's just-in-time linearization: calls in progress take effect only if the needed ones
        // cannot without them. Orders of effects that no return tells apart are not enumerated.
        let available = position.begun & self.history.effective();
        let mut reached = std::mem::take(&mut position.configurations);
        let mut index = 0;
        while let Some(&(done, state)) = reached.get(index) {
            index += 1;
            // Further effects can wait until some return needs them.
            if explains(&(done, state)) {
                continue;
            }
            for call in members(available & !done) {
                let CallStep::Returns(result, after) = self.automaton.step(state, call)? else {
                    continue;
                };
                let next = (done | 1 << call, after);
                if self.history.admits(call, result) && !reached.contains(&next) {
                    reached.push(next);
                }
            }
        }
        // Configurations in which a needed call cannot have returned what it did die here. Sorted,
        // so that two sets are compared in one pass.
        reached.retain(explains);
        reached.sort_unstable();
        position.configurations = reached;
        Ok(())
    }

    /// All points have been passed: says so if nothing explains the whole.
    fn judge_end(&mut self, position: &Position) -> Result<Option<Reason>, Misuse> {
        let mut position = position.clone();
        self.end = position.cut;
        self.demand(&mut position, self.history.complete)?;
        if position.configurations.is_empty() {
            return Ok(Some(Reason::Results));
        }
        // At a standstill calls that wait have had no effect: each must have reason to wait in the
        // state that the others lead to, or a wake-up was lost. One explanation is enough.
        let stuck = self.history.stuck();
        for (_, state) in position.configurations {
            if waits(self.automaton, state, stuck)? {
                return Ok(None);
            }
        }
        Ok(Some(Reason::Waits { calls: members(stuck).collect() }))
    }

    /// Adds what happens after nothing explains the calls any more, so that the path tells of all
    /// calls.
    fn finish(&mut self) {
        let mut cut = self.end;
        let next = |cut: Cut| {
            let threads = 0..self.precedence.threads();
            let mut points =
                threads.filter_map(|thread| Some((self.precedence.next(cut, thread)?, thread)));
            points.next()
        };
        while let Some((point, thread)) = next(cut) {
            cut[thread] += 1;
            self.tell(point);
        }
        let begun = self.path.iter().fold(0, |begun, moment| begun | 1 << moment.call);
        // A call that took no step and never returned has no point: it began, and that is all.
        for call in members(self.history.made & !begun) {
            self.path.push(CallMark { call, returns: false });
        }
    }

    fn tell(&mut self, Point { call, begins, returns }: Point) {
        if begins {
            self.path.push(CallMark { call, returns: false });
        }
        if returns {
            self.path.push(CallMark { call, returns: true });
        }
    }
}

/// Whether all of `calls` have to wait in `state`.
pub(super) fn waits<S: Specification>(
    automaton: &mut Automaton<S>,
    state: StateNumber,
    calls: CallSet,
) -> Result<bool, Misuse> {
    for call in members(calls) {
        if automaton.step(state, call)? != CallStep::Waits {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a sorted set contains all of another one.
fn contains(set: &[Configuration], other: &[Configuration]) -> bool {
    let mut rest = set.iter();
    other.iter().all(|configuration| rest.any(|candidate| candidate == configuration))
}
