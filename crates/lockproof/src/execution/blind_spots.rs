//! Blind spots: what the model is about to do that its engine does not explore completely, cannot
//! model at all, or must be prepared for.

#![expect(clippy::inline_always, reason = "a known intent leaves one arm of each match")]

use super::Execution;
use super::backend::{CallSite, Exchange};
use super::intent::{Intent, Reply};
use super::objects::ModelObject;
use super::restart::Need;
use super::weak_memory::Asked;
use crate::engine::{BlindSpot, Ending};
use crate::trace::LockMode;

impl Execution {
    /// Notes the intent before it is carried out.
    #[inline(always)]
    pub(super) fn note_intent(&self, intent: &Intent, object: Option<&ModelObject>, at: CallSite) {
        match *intent {
            Intent::Acquire(LockMode::Upgradable)
            | Intent::Upgrade
            | Intent::Downgrade { from: LockMode::Exclusive, .. } => {
                self.must_not_unwind(at);
                self.require(Need::Turnstiles);
            }
            Intent::TryAcquire(_) | Intent::TryUpgrade => self.note_attempt(*intent, object, at),
            Intent::BeginWait { .. } | Intent::Park { timed: false } => {
                self.must_not_unwind(at);
                self.uses(BlindSpot::SpuriousWakeUp);
            }
            Intent::Enlist(_) => self.must_not_unwind(at),
            Intent::Load(_)
            | Intent::Store(..)
            | Intent::Swap(..)
            | Intent::CompareExchange(_)
            | Intent::Fetch(..) => self.note_atomic(intent, object),
            Intent::Fence(_) => self.note_fence(),
            Intent::BeginAccess { .. } => self.uses(BlindSpot::DataRace),
            Intent::Visit { asks: true, .. } => self.note_question(asked(object)),
            Intent::Notify { is_counted: true, .. } => self.note_look(asked(object)),
            Intent::AskFinished { thread } => {
                self.require(Need::Ends);
                self.note_look(Asked::Thread(thread));
            }
            Intent::Yield | Intent::Sleep { .. } if self.others_run() => {
                self.uses(BlindSpot::Yield);
            }
            Intent::ReadClock => self.note_look_at_clock(),
            _ => {}
        }
    }

    /// Notes a reply that may order no memory.
    #[inline(always)]
    pub(super) fn note_reply(&self, intent: &Intent, object: Option<&ModelObject>, reply: Reply) {
        match *intent {
            Intent::TryAcquire(_) | Intent::TryUpgrade
                if matches!(reply, Reply::Acquired(false)) =>
            {
                self.note_answer(asked(object));
            }
            Intent::Conclude { not_yet: true, .. } => self.note_answer(asked(object)),
            Intent::AskFinished { .. } if self.others_run() => self.uses(BlindSpot::PlainAtomics),
            Intent::ReadClock => self.note_look(Asked::Clock),
            _ => {}
        }
    }

    fn note_attempt(&self, intent: Intent, object: Option<&ModelObject>, at: CallSite) {
        if matches!(intent, Intent::TryAcquire(LockMode::Upgradable) | Intent::TryUpgrade) {
            self.must_not_unwind(at);
            self.require(Need::Turnstiles);
        }
        self.uses(BlindSpot::TryLock);
        self.note_question(asked(object));
    }

    #[inline(always)]
    fn note_atomic(&self, intent: &Intent, object: Option<&ModelObject>) {
        if let Intent::CompareExchange(Exchange { weak: true, .. }) = intent {
            self.uses(BlindSpot::WeakCompareExchange);
        }
        if !self.others_run() {
            return;
        }
        let usage = &object.expect("an atomic has an object").atomic().usage;
        match *intent {
            Intent::Load(order) | Intent::Store(_, order) => {
                usage.note_plain(order);
                self.uses(BlindSpot::PlainAtomics);
            }
            Intent::CompareExchange(exchange) => {
                usage.note_plain(exchange.success);
                usage.note_plain(exchange.failure);
            }
            Intent::Swap(_, order) | Intent::Fetch(_, _, order) => usage.note_modification(order),
            _ => {}
        }
    }

    /// Notes that the model used something, in case the engine cannot explore it completely.
    #[inline]
    pub(crate) fn uses(&self, spot: BlindSpot) {
        if self.backend.blind_spots().contains(&spot) {
            self.run.counts().blind_spots.insert(spot);
        }
    }

    /// Leaves the search for one whose executions are prepared, if this one is not.
    pub(super) fn require(&self, need: Need) {
        if !self.run.restart.needs(need) {
            self.run.restart_with(need);
        }
    }

    /// A thread that unwinds cannot wait: no engine can switch away from it. Ends the exploration
    /// then, because a panic in its stead would abort the process.
    #[inline]
    pub(super) fn must_not_unwind(&self, at: CallSite) {
        if self.unwinds() {
            self.fail_by_unwinding(at);
        }
    }

    #[cold]
    #[inline(never)]
    fn fail_by_unwinding(&self, at: CallSite) -> ! {
        let reason = format!(
            "a destructor waits at {}:{} while its thread unwinds from a panic, which no engine \
             can model: let the destructor use try_lock, or release the lock before the panic",
            at.file(),
            at.line()
        );
        self.abandon(Ending::Unsupported { reason })
    }
}

fn asked(object: Option<&ModelObject>) -> Asked {
    Asked::Object(object.map_or(usize::MAX, |object| object.index))
}
