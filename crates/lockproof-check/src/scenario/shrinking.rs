//! From a scenario that fails to the smallest that still does: fewer threads, fewer calls, fewer of
//! them in parallel, simpler values.

use std::fmt::Debug;

use proptest::strategy::ValueTree;

use super::generation::Tree;
use super::plan::Fixed;
use super::{Part, Scenario};

/// The scenarios that are tried on the way.
const MOST_TRIES: usize = 1_000;

/// The smallest scenario found that `fails`, by leaving out one thread or call after the other, by
/// making calls before or after the threads, and then by proptest's simpler values. It fails; the
/// one that is given is taken to.
pub(crate) fn shrink<O: Clone + Debug + PartialEq + 'static>(
    trees: Scenario<Tree<O>>,
    fails: impl FnMut(&Scenario<O>) -> bool,
) -> Scenario<O> {
    let mut shrinking = Shrinking { trees, fails, tries: 0 };
    loop {
        let is_smaller = shrinking.leave_out() | shrinking.move_out();
        if !shrinking.simplify() && !is_smaller {
            return shrinking.trees.map(ValueTree::current);
        }
    }
}

struct Shrinking<O, F> {
    trees: Scenario<Tree<O>>,
    fails: F,
    tries: usize,
}

impl<O: Clone + Debug + PartialEq + 'static, F: FnMut(&Scenario<O>) -> bool> Shrinking<O, F> {
    /// Leaves out threads and calls until each is needed. Says whether any was not.
    fn leave_out(&mut self) -> bool {
        let mut any = false;
        let mut index = 0;
        while self.trees.threads.len() > 1 && index < self.trees.threads.len() {
            let thread = self.trees.threads.remove(index);
            if self.still_fails() {
                any = true;
            } else {
                self.trees.threads.insert(index, thread);
                index += 1;
            }
        }
        let threads = (0..self.trees.threads.len()).map(Part::Thread);
        for part in [Part::After, Part::Before].into_iter().chain(threads) {
            any |= self.leave_out_calls(part);
        }
        any
    }

    fn leave_out_calls(&mut self, part: Part) -> bool {
        let mut any = false;
        for index in (0..self.trees.part(part).len()).rev() {
            let call = self.trees.part(part).remove(index);
            if self.still_fails() {
                any = true;
            } else {
                self.trees.part(part).insert(index, call);
            }
        }
        any
    }

    /// Makes calls before or after the threads where that will do. Says whether it did anywhere.
    fn move_out(&mut self) -> bool {
        let mut any = false;
        for index in 0..self.trees.threads.len() {
            while !self.trees.threads[index].is_empty() {
                let call = self.trees.threads[index].remove(0);
                self.trees.before.push(call);
                if !self.still_fails() {
                    let call = self.trees.before.pop().expect("it was put there");
                    self.trees.threads[index].insert(0, call);
                    break;
                }
                any = true;
            }
            while let Some(call) = self.trees.threads[index].pop() {
                self.trees.after.insert(0, call);
                if !self.still_fails() {
                    let call = self.trees.after.remove(0);
                    self.trees.threads[index].push(call);
                    break;
                }
                any = true;
            }
        }
        any
    }

    /// Makes each call as simple as it can be. Says whether any became simpler.
    fn simplify(&mut self) -> bool {
        let threads = (0..self.trees.threads.len()).map(Part::Thread);
        let parts: Vec<_> =
            [Part::Before].into_iter().chain(threads).chain([Part::After]).collect();
        let mut any = false;
        for part in parts {
            for index in 0..self.trees.part(part).len() {
                any |= self.simplify_call(part, index);
            }
        }
        any
    }

    /// proptest's search for the simplest value: a step towards it, and back as far as needed.
    fn simplify_call(&mut self, part: Part, index: usize) -> bool {
        let first = self.trees.part(part)[index].current();
        let mut simplest = first.clone();
        let mut goes_on = self.trees.part(part)[index].simplify();
        while goes_on && self.tries < MOST_TRIES {
            let fails = self.still_fails();
            let tree = &mut self.trees.part(part)[index];
            if fails {
                simplest = tree.current();
                goes_on = tree.simplify();
            } else {
                goes_on = tree.complicate();
            }
        }
        let is_simpler = simplest != first;
        self.trees.part(part)[index] = Box::new(Fixed(simplest));
        is_simpler
    }

    fn still_fails(&mut self) -> bool {
        if self.tries == MOST_TRIES {
            return false;
        }
        self.tries += 1;
        (self.fails)(&self.trees.map(ValueTree::current))
    }
}

#[cfg(test)]
mod tests;
