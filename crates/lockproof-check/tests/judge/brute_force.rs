//! The conditions as their definitions say them: all orders of the calls are tried, one by one.

use lockproof::engine::Condition;
use lockproof_check::Specification;
use lockproof_check::judge::CallMark;

/// A call that was made.
#[derive(Clone, Debug)]
pub(crate) struct Made<S: Specification> {
    pub(crate) thread: usize,
    pub(crate) part: usize,
    pub(crate) operation: S::Operation,
    /// `None`: it never returned.
    pub(crate) result: Option<S::Return>,
}

/// What was made, on what, and how it ended.
#[derive(Clone, Debug)]
pub(crate) struct Story<S: Specification> {
    pub(crate) initial: S,
    /// The calls of each thread in its order, and those of earlier parts before others.
    pub(crate) made: Vec<Made<S>>,
    pub(crate) at_standstill: bool,
}

impl<S: Specification> Story<S> {
    /// Whether the condition holds if the calls began and returned in this order.
    pub(crate) fn meets(&self, condition: Condition, moments: &[CallMark]) -> bool {
        let at = |call, returns| moments.iter().position(|m| *m == CallMark { call, returns });
        let is_before = |earlier, later| {
            let returned = at(earlier, true);
            returned.is_some_and(|returned| at(later, false).is_some_and(|begun| returned < begun))
        };
        self.has_order(|order| {
            order.iter().enumerate().all(|(index, later)| {
                order[..index].iter().all(|earlier| match condition {
                    Condition::Linearizability => !is_before(*later, *earlier),
                    Condition::QuiescentConsistency => !is_before_quiet(moments, *later, *earlier),
                    Condition::Serializability => true,
                    _ => self.thread(*earlier) != self.thread(*later) || earlier < later,
                })
            }) && (condition != Condition::ThreadSerializability || self.is_together(order))
        })
    }

    /// Whether some order of the calls in which the parts follow each other is `admissible`, has
    /// the results that they had, and leaves reason to wait to those that wait for ever.
    pub(crate) fn has_order(&self, admissible: impl Fn(&[usize]) -> bool) -> bool {
        let mut found = false;
        self.each_order(&mut Vec::new(), &mut |order| {
            found |= self.keeps_parts(order) && admissible(order) && self.explains(order);
        });
        found
    }

    /// All orders of all sets of calls that may have taken effect.
    fn each_order(&self, order: &mut Vec<usize>, visit: &mut impl FnMut(&[usize])) {
        let is_complete = |call: usize| order.contains(&call) || self.made[call].result.is_none();
        if (0..self.made.len()).all(is_complete) {
            visit(order);
        }
        for call in 0..self.made.len() {
            let is_stuck = self.at_standstill && self.made[call].result.is_none();
            if !order.contains(&call) && !is_stuck {
                order.push(call);
                self.each_order(order, visit);
                order.pop();
            }
        }
    }

    fn explains(&self, order: &[usize]) -> bool {
        let mut state = self.initial.clone();
        for call in order {
            let made = &self.made[*call];
            if state.waits(&made.operation) {
                return false;
            }
            let returned = state.apply(&made.operation);
            if made.result.as_ref().is_some_and(|result| *result != returned) {
                return false;
            }
        }
        let stuck = self.made.iter().filter(|made| made.result.is_none());
        !self.at_standstill || stuck.into_iter().all(|made| state.waits(&made.operation))
    }

    /// Whether no call that returned is after one of a later part.
    fn keeps_parts(&self, order: &[usize]) -> bool {
        order.iter().enumerate().all(|(index, call)| {
            let earlier = &order[..index];
            self.made[*call].result.is_none()
                || earlier.iter().all(|before| self.made[*before].part <= self.made[*call].part)
        })
    }

    /// Whether no thread's calls of one part have another thread's in between.
    fn is_together(&self, order: &[usize]) -> bool {
        let owner = |call: usize| (self.made[call].thread, self.made[call].part);
        order.iter().enumerate().all(|(index, call)| {
            let rest = &order[index..];
            let gap = rest.iter().position(|later| owner(*later) != owner(*call));
            gap.is_none_or(|gap| {
                rest[gap..].iter().all(|later| {
                    owner(*later) != owner(*call) || self.made[*later].result.is_none()
                })
            })
        })
    }

    fn thread(&self, call: usize) -> usize {
        self.made[call].thread
    }
}

/// Whether no call was in progress at some moment after the one had returned and before the other
/// began.
fn is_before_quiet(moments: &[CallMark], earlier: usize, later: usize) -> bool {
    let mut in_progress = 0;
    let mut has_returned = false;
    let mut was_quiet = false;
    for moment in moments {
        if moment.returns {
            in_progress -= 1;
            has_returned |= moment.call == earlier;
            was_quiet |= has_returned && in_progress == 0;
        } else {
            if moment.call == later {
                return was_quiet;
            }
            in_progress += 1;
        }
    }
    false
}
