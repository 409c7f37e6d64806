//! Dispatch: carries an intent out on the backend, and keeps the facade's own notes of the object up
//! to date.

#![expect(clippy::inline_always, reason = "a known intent leaves one arm of each match")]

use std::cell::Cell;
use std::rc::Rc;

use super::Execution;
use super::backend::{CallSite, Exchange, Fetch, OneShot};
use super::intent::{Intent, Reply};
use super::objects::{AtomicObject, BuiltObject, ModelObject, Side};
use super::ownership::Claim;
use crate::engine::BlindSpot;
use crate::trace::WakeUp;

impl Execution {
    /// Carries the intent out. Called in the engine: see [`perform`](Self::perform).
    #[inline(always)]
    pub(super) fn dispatch(
        &self,
        intent: &Intent,
        object: Option<&ModelObject>,
        claim: &Claim,
        at: CallSite,
    ) -> Reply {
        let Some(object) = object else { return self.dispatch_of_thread(intent, at) };
        match &object.side {
            Side::Atomic(atomic) => return self.dispatch_atomic(intent, atomic, at),
            Side::Mutex(mutex) => match *intent {
                Intent::TryAcquire(_) => return Reply::Acquired(mutex.try_lock(at)),
                Intent::Release(..) => mutex.unlock(at),
                _ => mutex.lock(at),
            },
            Side::RwLock(lock) => {
                return lock.dispatch(intent, self.thread(), claim.alone, claim.is_known, at);
            }
            Side::Condvar { .. } => return self.dispatch_condvar(intent, object, at),
            Side::Cell(cell) => match *intent {
                Intent::BeginAccess { writes } => cell.begin(writes, self.thread(), at),
                Intent::EndAccess { writes } => cell.end(writes, self.thread(), at),
                _ => unreachable!("{intent:?} is not for a cell"),
            },
            Side::Built(built) => self.dispatch_built(intent, built, at),
        }
        Reply::Done
    }

    #[inline(always)]
    fn dispatch_atomic(&self, intent: &Intent, object: &AtomicObject, at: CallSite) -> Reply {
        let AtomicObject { atomic, latest, width, .. } = object;
        let modified = |before, after| {
            self.note_found(before, latest.replace(after));
            Reply::Bits(before)
        };
        match *intent {
            Intent::Load(order) => {
                let bits = atomic.load(order, at);
                self.note_found(bits, latest.get());
                Reply::Bits(bits)
            }
            Intent::Store(bits, order) => {
                atomic.store(bits, order, at);
                latest.set(bits);
                Reply::Done
            }
            Intent::Swap(bits, order) => modified(atomic.swap(bits, order, at), bits),
            Intent::Fetch(fetch, operand, order) => {
                let before = atomic.fetch(fetch, operand, order, at);
                modified(before, width.apply(fetch, before, operand))
            }
            Intent::CompareExchange(exchange) => {
                let outcome = atomic.compare_exchange(exchange, at);
                let (Ok(found) | Err(found)) = outcome;
                self.note_found(found, latest.get());
                if outcome.is_ok() {
                    latest.set(exchange.new);
                }
                Reply::Exchanged(outcome)
            }
            _ => unreachable!("{intent:?} is not for an atomic"),
        }
    }

    fn dispatch_condvar(&self, intent: &Intent, object: &ModelObject, at: CallSite) -> Reply {
        let (condvar, waiting) = object.condvar();
        match *intent {
            Intent::BeginWait { mutex, freedom } => {
                let mutex = self.object(mutex);
                condvar.begin_wait(mutex.mutex(), self.thread(), freedom, at);
                waiting.update(|count| count + 1);
                Reply::Done
            }
            Intent::EndWait { freedom, .. } => {
                let by = condvar.end_wait(self.thread(), freedom, at);
                if by != WakeUp::Notification {
                    waiting.update(|count| count.saturating_sub(1));
                }
                Reply::WokenBy(by)
            }
            Intent::Notify { all, .. } => {
                condvar.notify(all, at);
                let notified = if all { waiting.get() } else { waiting.get().min(1) };
                waiting.update(|count| count - notified);
                Reply::Notified(notified)
            }
            _ => unreachable!("{intent:?} is not for a condition variable"),
        }
    }

    fn dispatch_built(&self, intent: &Intent, built: &BuiltObject, at: CallSite) {
        match *intent {
            Intent::Visit { order, .. } => {
                built.point.fetch(Fetch::Add, 0, order, at);
            }
            Intent::Enlist(_) => {
                // Asked first: `thread` may be another one's when the engine comes back.
                let thread = self.thread();
                let one_shot: Rc<dyn OneShot> = Rc::from(self.backend.one_shot());
                self.threads.borrow_mut()[thread].awaits = Some(Rc::clone(&one_shot));
                built.waiters.borrow_mut().push((thread, one_shot));
            }
            Intent::Await(_) => {
                let awaited = self.threads.borrow_mut()[self.thread()].awaits.take();
                awaited.expect("a thread enlists before it waits").wait(at);
            }
            Intent::Wake { thread } => {
                for (_, one_shot) in built.take(thread) {
                    one_shot.signal(at);
                }
            }
            Intent::Conclude { .. } => {}
            _ => unreachable!("{intent:?} is not for a built object"),
        }
    }

    #[inline(always)]
    fn dispatch_of_thread(&self, intent: &Intent, at: CallSite) -> Reply {
        let backend = &self.backend;
        match *intent {
            Intent::Fence(order) => backend.fence(order),
            Intent::Spawn { child } => {
                let thread = self.threads.borrow_mut()[child].to_start.take();
                let thread = backend.spawn(thread.expect("a thread is started once"), at);
                self.set_backend_thread(child, thread);
            }
            Intent::Exit => self.store_end(at),
            Intent::Join { child, .. } => {
                self.backend_thread(child).join(at);
                return Reply::Finished { panicked: self.threads.borrow()[child].panic_ended };
            }
            Intent::AskFinished { thread } => self.load_end(thread, at),
            Intent::Park { timed } => {
                return Reply::Token(self.backend_thread(self.thread()).park(timed, at));
            }
            Intent::Unpark { thread } => self.backend_thread(thread).unpark(at),
            Intent::Yield | Intent::Sleep { .. } => backend.yield_now(at),
            Intent::Choose { options } => {
                let chosen = backend.choose(options, at);
                return chosen.map_or_else(|| self.choose_first(options), Reply::Chosen);
            }
            Intent::ReadClock => return Reply::Time(self.look_at_clock(at)),
            Intent::VisitClock => self.visit_clock(at),
            Intent::BeginCall => backend.call_begins(at),
            _ => unreachable!("{intent:?} is for an object"),
        }
        Reply::Done
    }

    /// The reply to a thread that unwinds, as the facade itself knows it.
    pub(super) fn reply_without_backend(
        &self,
        intent: &Intent,
        object: Option<&ModelObject>,
    ) -> Reply {
        let latest = || &object.expect("an atomic has an object").atomic().latest;
        let modified = |after| Reply::Bits(latest().replace(after));
        match *intent {
            Intent::TryAcquire(mode) => {
                let index = object.map_or(usize::MAX, |object| object.index);
                Reply::Acquired(self.owners.in_the_way(index, mode).is_empty())
            }
            Intent::Load(_) => Reply::Bits(latest().get()),
            Intent::Store(bits, _) | Intent::Swap(bits, _) => modified(bits),
            Intent::Fetch(fetch, operand, _) => {
                let width = object.expect("an atomic has an object").atomic().width;
                modified(width.apply(fetch, latest().get(), operand))
            }
            Intent::CompareExchange(exchange) => Reply::Exchanged(exchange.on(latest())),
            Intent::Choose { options } => self.choose_first(options),
            Intent::Park { .. } => Reply::Token(true),
            Intent::Join { child, .. } => {
                Reply::Finished { panicked: self.threads.borrow()[child].panic_ended }
            }
            Intent::ReadClock => Reply::Time(self.clock.now()),
            Intent::BeginAccess { .. } => Reply::Nothing,
            Intent::Spawn { .. } => {
                panic!("a thread cannot be spawned while its spawner unwinds from a panic")
            }
            // Of what waits, only a lock that is free comes here: all else ends the execution.
            _ => Reply::Done,
        }
    }

    fn choose_first(&self, options: usize) -> Reply {
        if options > 1 {
            self.uses(BlindSpot::Choice);
        }
        Reply::Chosen(0)
    }
}

impl Exchange {
    /// The outcome where no other thread runs.
    fn on(self, value: &Cell<u64>) -> Result<u64, u64> {
        let found = value.get();
        if found != self.current {
            return Err(found);
        }
        value.set(self.new);
        Ok(found)
    }
}
