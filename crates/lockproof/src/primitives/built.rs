//! What built objects have in common: a once, a barrier or a channel, whose state is the facade's.

use std::sync::atomic::Ordering;

use crate::execution::backend::CallSite;
use crate::execution::intent::{BuiltOperation, Intent};
use crate::execution::slot::Modelled;
use crate::trace::Operation;

impl Modelled {
    /// The scheduling point of an operation. Up to the next intent no other thread runs.
    pub(super) fn visit(&self, order: Ordering, at: CallSite) {
        self.perform(Intent::Visit { order, asks: false }, at);
    }

    /// The same of an operation that may say "not yet".
    pub(super) fn visit_and_ask(&self, order: Ordering, at: CallSite) {
        self.perform(Intent::Visit { order, asks: true }, at);
    }

    /// Waits until another thread wakes this one. Follows a visit.
    pub(super) fn wait(&self, event: fn(bool) -> Operation, flag: bool, at: CallSite) {
        let operation = BuiltOperation { event, flag };
        self.perform(Intent::Enlist(operation), at);
        self.perform(Intent::Await(operation), at);
    }

    /// Lets a waiting thread go on, or all. What they will find must be settled before.
    pub(super) fn wake(&self, thread: Option<usize>, at: CallSite) {
        self.perform(Intent::Wake { thread }, at);
    }

    /// The operation takes effect.
    pub(super) fn conclude(&self, event: fn(bool) -> Operation, flag: bool, at: CallSite) {
        let operation = BuiltOperation { event, flag };
        self.perform(Intent::Conclude { operation, not_yet: false }, at);
    }

    /// The operation takes effect by saying "not yet".
    pub(super) fn conclude_not_yet(&self, event: fn(bool) -> Operation, at: CallSite) {
        let operation = BuiltOperation { event, flag: false };
        self.perform(Intent::Conclude { operation, not_yet: true }, at);
    }
}
