//! The door: the one function through which every operation of a modelled primitive passes, before
//! it happens with its kind, object and place, and afterwards with its reply.
//!
//! Behind it, in this order: what may change the operation, [blind spots](super::blind_spots), lock
//! [ownership](super::ownership), the backend ([dispatch](super::dispatch)), the
//! [journal](super::journal). A backend is reached in no other way.

#![expect(clippy::inline_always, reason = "a known intent leaves one arm of each match")]

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;

use super::Execution;
use super::backend::CallSite;
use super::intent::{Intent, Reply};
use super::objects::ModelObject;
use super::ownership::Claim;
use crate::engine::BlindSpot;
use crate::panics::{PanicReport, last_panic};

/// What a thread that unwinds could not ask of the engine, which must not be entered then.
pub(super) struct Deferred {
    thread: usize,
    intent: Intent,
    object: Option<Rc<ModelObject>>,
    claim: Claim,
    at: CallSite,
}

impl Execution {
    /// Performs one operation of the current thread. Other threads may run before it comes back.
    ///
    /// Inlined, so that what calls it must be neither generic nor inlined itself: else the whole door
    /// would be compiled once more in a crate that uses it, where tests are not optimized, and its
    /// frame there is larger than the stack that loom gives to a thread.
    #[inline(always)]
    pub(crate) fn perform(
        &self,
        intent: Intent,
        object: Option<&Rc<ModelObject>>,
        at: CallSite,
    ) -> Reply {
        // What changes the program under test, such as a mutant, changes `intent` here.
        let (intent, of) = (&intent, object.map(Rc::as_ref));
        self.note_intent(intent, of, at);
        let claim = self.claim(intent, of, at);
        if intent.is_recorded_first() {
            self.record(intent, of, &Reply::Done, true, at);
        }
        if claim.reply.is_some() || self.unwinds() {
            return self.answer(*intent, object, claim, at);
        }
        self.perform_deferred();
        self.carry_out(intent, of, &claim, at)
    }

    /// Answers without the backend, which knows less than the owners do, or must not be entered.
    #[inline(never)]
    fn answer(
        &self,
        intent: Intent,
        object: Option<&Rc<ModelObject>>,
        claim: Claim,
        at: CallSite,
    ) -> Reply {
        let (reply, is_known) = match claim.reply {
            Some(reply) => (reply, claim.is_known),
            None => (self.reply_unwinding(intent, object, claim, at), false),
        };
        self.acts_at(&intent, at);
        self.finish(&intent, object.map(Rc::as_ref), reply, is_known, at)
    }

    /// Lets the backend carry the operation out.
    #[inline(always)]
    fn carry_out(
        &self,
        intent: &Intent,
        of: Option<&ModelObject>,
        claim: &Claim,
        at: CallSite,
    ) -> Reply {
        let reply = self.enter(intent, of, claim, at);
        self.finish(intent, of, reply, true, at);
        if matches!(intent, Intent::Notify { .. }) {
            // After the event: the threads that were notified may run at once.
            let condvar = of.expect("a notification has an object").condvar().0;
            self.guarded(|| condvar.release_notified(at));
        }
        reply
    }

    /// Notes what came of the operation. The last step behind the door.
    #[inline(always)]
    fn finish(
        &self,
        intent: &Intent,
        of: Option<&ModelObject>,
        reply: Reply,
        is_known: bool,
        at: CallSite,
    ) -> Reply {
        self.note_reply(intent, of, reply);
        if !intent.is_recorded_first() && !matches!(reply, Reply::Nothing) {
            self.record(intent, of, &reply, is_known, at);
        }
        reply
    }

    /// Asks the backend. A thread that may have to wait is shown as waiting meanwhile, so that a
    /// standstill can be explained.
    #[inline(always)]
    fn enter(
        &self,
        intent: &Intent,
        object: Option<&ModelObject>,
        claim: &Claim,
        at: CallSite,
    ) -> Reply {
        // Copies: what the engine's code sees by address could change for all that the compiler
        // knows, so that it would look at the intent again for each step that follows.
        let (asked, claim) = (*intent, *claim);
        let dispatch = move || self.dispatch(&asked, object, &claim, at);
        if !intent.waits() {
            self.acts_at(intent, at);
            return self.guarded(dispatch);
        }
        let thread = self.thread();
        self.threads.borrow_mut()[thread].waits_at(intent, object, at);
        self.fail_if_stuck();
        let reply = self.guarded(dispatch);
        self.threads.borrow_mut()[thread].waiting = None;
        reply
    }

    /// Runs the engine's code, which may run other threads before it comes back. A panic of the
    /// engine is its verdict: the execution is given up.
    #[inline(always)]
    fn guarded<R>(&self, call: impl FnOnce() -> R) -> R {
        let thread = self.current.get();
        self.in_engine.set(true);
        // The result is written in place: it is not moved out of the payload's room.
        let mut result = None;
        let outcome = catch_unwind(AssertUnwindSafe(|| result = Some(call())));
        self.current.set(thread);
        self.in_engine.set(false);
        match (outcome, result) {
            (Ok(()), Some(result)) => result,
            (outcome, _) => self.fail_in_engine(outcome.err()),
        }
    }

    #[cold]
    #[inline(never)]
    fn fail_in_engine(&self, payload: Option<Box<dyn Any + Send>>) -> ! {
        if let Some(payload) = payload.filter(|_| self.backend.is_tearing_down()) {
            resume_unwind(payload);
        }
        self.fail_by_engine()
    }

    /// Whether the current thread unwinds from a panic of the model, so that no engine may switch
    /// away from it.
    #[inline]
    pub(crate) fn unwinds(&self) -> bool {
        std::thread::panicking() && !self.backend.is_tearing_down()
    }

    /// The reply to a thread that unwinds. Releases are made up for when it has unwound.
    fn reply_unwinding(
        &self,
        intent: Intent,
        object: Option<&Rc<ModelObject>>,
        claim: Claim,
        at: CallSite,
    ) -> Reply {
        if let Intent::EndAccess { .. } = intent {
            // It never switches, and the end of an access that began must not be missed.
            return self.dispatch(&intent, object.map(Rc::as_ref), &claim, at);
        }
        if !intent.releases() {
            self.uses(BlindSpot::Unwinding);
            return self.reply_without_backend(&intent, object.map(Rc::as_ref));
        }
        let object = object.cloned();
        let deferred = Deferred { thread: self.thread(), intent, object, claim, at };
        self.deferred.borrow_mut().push(deferred);
        // A lock counts as released from now on, for the other destructors. A notification that has
        // not been given yet is no event yet.
        match intent {
            Intent::Notify { .. } | Intent::Unpark { .. } => Reply::Nothing,
            _ => Reply::Done,
        }
    }

    /// Makes up for the releases that the current thread could not perform while it unwound.
    #[inline]
    pub(super) fn perform_deferred(&self) {
        if !self.deferred.borrow().is_empty() {
            self.perform_deferred_of(self.thread());
        }
    }

    #[cold]
    #[inline(never)]
    fn perform_deferred_of(&self, thread: usize) {
        loop {
            // Taken out one by one: each may switch to a thread that defers or performs others.
            let mut deferred = self.deferred.borrow_mut();
            let Some(index) = deferred.iter().position(|one| one.thread == thread) else { return };
            let Deferred { intent, object, claim, at, .. } = deferred.remove(index);
            drop(deferred);
            match intent {
                Intent::Notify { .. } | Intent::Unpark { .. } => {
                    self.carry_out(&intent, object.as_deref(), &claim, at);
                }
                _ => drop(self.guarded(|| self.dispatch(&intent, object.as_deref(), &claim, at))),
            }
        }
    }

    /// Ends the exploration by what the engine said in its panic.
    fn fail_by_engine(&self) -> ! {
        let report = last_panic().unwrap_or_else(PanicReport::unknown);
        self.abandon(self.ending_of(self.complaint(&report.message), &report.message))
    }
}
