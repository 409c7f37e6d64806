//! The effects of operations.

mod atomics;
mod conditions;
mod locks;
mod threads;

use super::{Life, OperationResult, Runtime};
use crate::event::VisibleEvent;
use crate::operation::OperationKind as Kind;

impl Runtime {
    /// Applies the current thread's pending operation, with the outcome that was granted.
    pub(crate) fn apply(&mut self) -> OperationResult {
        let thread = self.current;
        let state = self.thread_mut(thread);
        debug_assert_eq!(state.life, Life::Pending, "a picked thread has a pending operation");
        state.life = Life::Running;
        state.sequence += 1;
        let mut event = VisibleEvent::new(thread, state.sequence, state.pending);
        event.alternative = self.granted;
        event.late = self.granted_late;
        self.begin_epoch(thread);
        let kind = event.operation.kind;
        self.waits -= usize::from(kind.is_wait());
        match kind {
            Kind::Lock | Kind::TryLock | Kind::WriteLock | Kind::TryWriteLock => {
                self.acquire(&mut event);
            }
            Kind::ReadLock | Kind::TryReadLock => self.acquire_shared(&mut event),
            Kind::Unlock | Kind::WriteUnlock => self.release(&mut event),
            Kind::ReadUnlock => self.release_shared(&mut event),
            Kind::Downgrade => self.downgrade(&mut event),
            Kind::Wait => self.wait(&mut event),
            Kind::WakeUp => self.wake_up(&mut event),
            Kind::NotifyOne | Kind::NotifyAll => self.notify(&mut event),
            Kind::Load => self.load(&mut event),
            Kind::Store | Kind::ReadModifyWrite => self.write(&mut event),
            Kind::CompareExchange | Kind::CompareExchangeWeak => self.compare(&mut event),
            Kind::Spawn => self.spawn(&mut event),
            Kind::Join => self.join(&mut event),
            Kind::Exit => self.exit(&mut event),
            Kind::Park => self.park(&mut event),
            Kind::Unpark => self.unpark(&mut event),
            Kind::Yield => self.yield_now(&mut event),
            Kind::Choose => event.after = u64::from(event.alternative.0),
        }
        self.facts.met.late |= event.late;
        let value = if kind == Kind::Choose { event.after } else { event.before };
        let effect = OperationResult::new(value, event.alternative, event.succeeded());
        self.trace.push(event);
        effect
    }

    /// Notes that the thread did something that others can see, so it does not spin.
    fn note_action(&mut self, event: &VisibleEvent) {
        self.thread_mut(event.thread).spinning.note_action();
    }
}
