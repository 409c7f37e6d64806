//! Outcomes that an operation could have had.

use crate::event::{Access, Alternative, VisibleEvent};
use crate::operation::OperationKind;

/// The event that would have happened if the environment had chosen otherwise.
pub(super) fn other_outcome(taken: &VisibleEvent, alternative: Alternative) -> VisibleEvent {
    let mut event = *taken;
    event.alternative = alternative;
    match taken.operation.kind {
        OperationKind::Choose => event.after = u64::from(alternative.0),
        OperationKind::CompareExchangeWeak => set_written(&mut event),
        _ => {}
    }
    event
}

/// Completes a store or a compare-exchange of an atomic that has the value `before`.
pub(super) fn set_written(event: &mut VisibleEvent) {
    let operation = event.operation;
    let written = if operation.kind == OperationKind::Store {
        operation.operand
    } else {
        if event.before != operation.operand {
            event.alternative = Alternative::ORDINARY;
        }
        if event.before != operation.operand || event.alternative == Alternative::SPURIOUS {
            event.after = event.before;
            event.access = Access::Read;
            return;
        }
        operation.replacement
    };
    event.after = written;
    event.access = if written == event.before { Access::Rewrite } else { Access::Write };
}
