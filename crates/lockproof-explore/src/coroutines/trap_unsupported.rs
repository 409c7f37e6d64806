//! The trap for targets that cannot catch a fault: a stack overflow between two operations kills the
//! process, at the guard page of the stack.

use std::io;

use corosensei::trap::CoroutineTrapHandler;

use super::suspension::Suspension;

pub(super) const ZONE: usize = 0;

pub(crate) struct Unarmed;

pub(crate) fn arm() -> Unarmed {
    Unarmed
}

pub(super) fn close_zone(_limit: usize) -> io::Result<()> {
    Ok(())
}

#[inline]
pub(super) fn watch(_coroutine: CoroutineTrapHandler<Suspension>, _limit: usize) {}

pub(super) fn forget() {}
