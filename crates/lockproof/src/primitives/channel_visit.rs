//! One operation on a channel, whether or not a model runs.

use std::rc::Rc;
use std::sync::atomic::Ordering;

use crate::execution::Execution;
use crate::execution::backend::{Birth, CallSite};
use crate::execution::slot::{Modelled, Slot};
use crate::trace::{ObjectKind, Operation};

/// One operation on a channel: where, and in which execution, if one runs.
///
/// A channel may outlive its execution. Then no other thread runs, and only what waits is an error.
pub(super) struct ChannelVisit {
    channel: Option<Modelled>,
    /// `None` for a drop, which does not know its caller: see [`Modelled::release`].
    at: Option<CallSite>,
}

impl ChannelVisit {
    pub(super) fn new(slot: &Slot, execution: Option<Rc<Execution>>, at: Option<CallSite>) -> Self {
        let channel = execution.map(|execution| {
            let make = |execution: &Execution, _: Birth| execution.new_built(());
            let object = slot.object(&execution, ObjectKind::Channel, Birth::FirstUse, make);
            Modelled { execution, object }
        });
        Self { channel, at }
    }

    fn with(&self, perform: impl FnOnce(&Modelled, CallSite)) {
        if let Some(channel) = &self.channel {
            perform(channel, self.at.unwrap_or_else(|| channel.execution.place()));
        }
    }

    pub(super) fn execution(&self) -> Option<&Rc<Execution>> {
        self.channel.as_ref().map(|channel| &channel.execution)
    }

    pub(super) fn thread(&self) -> usize {
        self.execution().map_or(0, |execution| execution.thread())
    }

    pub(super) fn visit(&self, order: Ordering) {
        self.with(|channel, at| channel.visit(order, at));
    }

    pub(super) fn visit_and_ask(&self, order: Ordering) {
        self.with(|channel, at| channel.visit_and_ask(order, at));
    }

    pub(super) fn wait(&self, operation: fn(bool) -> Operation) {
        assert!(
            self.channel.is_some(),
            "a channel of a model is waited for outside of it: make the channel where it is used"
        );
        self.with(|channel, at| channel.wait(operation, true, at));
    }

    pub(super) fn wake(&self, thread: Option<usize>) {
        if thread.is_some() {
            self.with(|channel, at| channel.wake(thread, at));
        }
    }

    pub(super) fn wake_all(&self) {
        self.with(|channel, at| channel.wake(None, at));
    }

    pub(super) fn conclude(&self, operation: fn(bool) -> Operation, done: bool) {
        self.with(|channel, at| channel.conclude(operation, done, at));
    }

    pub(super) fn conclude_not_yet(&self, operation: fn(bool) -> Operation) {
        self.with(|channel, at| channel.conclude_not_yet(operation, at));
    }
}
