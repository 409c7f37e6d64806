//! The dependency relation of events, which makes two executions equivalent.
//!
//! Two events of different threads are independent if, wherever one directly follows the other,
//! swapping them changes neither their outcomes nor the state after them. The relation is decided
//! by how the events *turned out* (their [`Access`]es), so it is as fine as the semantics of the
//! primitives:
//!
//! * reads commute with reads, shared locks with shared locks, refused attempts with each other;
//! * a notification without a waiter commutes with another such, and two threads may begin or
//!   stop waiting in either order (a notification picks any waiter, not the first);
//! * a park token may be given twice in either order;
//! * a refused exclusive attempt commutes with a downgrade: the lock stays held.
//!
//! Invariant: the relation is symmetric. An event depends on one of another object only by program
//! order, a spawn, a join, or the notification that ended its wait.

use crate::event::{Access, VisibleEvent};
use crate::identity::ObjectId;
use crate::mutant;
use crate::operation::OperationKind;
use crate::tables::entry;

/// A value for each access to each object, to which all events with that access contribute.
#[derive(Debug, Default)]
pub(crate) struct AccessTable<T>(Vec<Vec<(Access, T)>>);

impl<T: Default> AccessTable<T> {
    pub(crate) fn clear(&mut self) {
        self.0.iter_mut().for_each(Vec::clear);
    }

    /// The values of the accesses that a later event with this access depends on.
    pub(crate) fn conflicting(&self, object: ObjectId, access: Access) -> impl Iterator<Item = &T> {
        let accesses = self.0.get(object.index()).into_iter().flatten();
        accesses.filter(move |(earlier, _)| conflict(*earlier, access)).map(|(_, value)| value)
    }

    /// The value of an access. `None` if the event does not access an object.
    pub(crate) fn value(&mut self, object: ObjectId, access: Access) -> Option<&mut T> {
        if access == Access::None || !object.is_some() {
            return None;
        }
        let accesses = entry(&mut self.0, object.index());
        let known = accesses.iter().position(|(known, _)| *known == access);
        let index = known.unwrap_or_else(|| {
            accesses.push((access, T::default()));
            accesses.len() - 1
        });
        Some(&mut accesses[index].1)
    }
}

/// Whether two accesses to one object by different threads depend on each other.
#[inline]
pub(crate) fn conflict(a: Access, b: Access) -> bool {
    CONFLICTS[a as usize] & (1 << b as u32) != 0 && !mutant::hides_conflict(a, b)
}

/// Whether everything before it at its object happens before an event with this access.
#[inline]
pub(crate) fn is_barrier(access: Access) -> bool {
    matches!(
        access,
        Access::Write
            | Access::Acquire
            | Access::Release
            | Access::NotifyWaiter
            | Access::TakeToken
    )
}

/// Whether `a` (earlier) and `b` (later) depend on each other.
#[inline]
pub(crate) fn depend(a: &VisibleEvent, b: &VisibleEvent) -> bool {
    a.thread == b.thread
        || a.late
        || b.late
        || share_conflict(a, b)
        || (b.cause.sequence != 0 && b.cause == a.key())
        || (a.cause.sequence != 0 && a.cause == b.key())
        || is_spawn_of(a, b)
        || is_spawn_of(b, a)
}

fn is_spawn_of(a: &VisibleEvent, b: &VisibleEvent) -> bool {
    a.operation.kind == OperationKind::Spawn && a.operation.peer == b.thread
}

#[inline]
fn share_conflict(a: &VisibleEvent, b: &VisibleEvent) -> bool {
    let (one, two) = (&a.operation, &b.operation);
    if one.object == two.object && conflict(a.access, b.access) {
        return true;
    }
    if a.second_access == Access::None && b.second_access == Access::None {
        return false;
    }
    (one.object == two.second && conflict(a.access, b.second_access))
        || (one.second == two.object && conflict(a.second_access, b.access))
        || (one.second == two.second && conflict(a.second_access, b.second_access))
}

const ACCESSES: usize = Access::Watch as usize + 1;

static CONFLICTS: [u32; ACCESSES] = conflicts();

const fn conflicts() -> [u32; ACCESSES] {
    use Access::{
        Acquire, AcquireShared, Downgrade, GiveToken, Leave, NotifyNone, NotifyWaiter, Read,
        Refused, RefusedShared, Release, ReleaseShared, Rewrite, TakeToken, Wait, Watch, Write,
    };
    let mut table = [0; ACCESSES];
    table = with(table, Write, &[Read, Write, Rewrite, Watch]);
    table = with(table, Rewrite, &[Read, Write, Rewrite]);
    let all = [Acquire, Release, AcquireShared, ReleaseShared, Downgrade, Refused, RefusedShared];
    table = with(table, Acquire, &all);
    table = with(table, Release, &all);
    table = with(table, Downgrade, &[AcquireShared, ReleaseShared, Downgrade, RefusedShared]);
    table = with(table, Refused, &[AcquireShared, ReleaseShared]);
    table = with(table, NotifyWaiter, &[NotifyWaiter, NotifyNone, Wait, Leave]);
    table = with(table, NotifyNone, &[Wait, Leave]);
    table = with(table, TakeToken, &[GiveToken]);
    with(table, Watch, &[Acquire, Release, Downgrade])
}

/// The table in which `one` also conflicts with each of `others`, in both directions.
const fn with(mut table: [u32; ACCESSES], one: Access, others: &[Access]) -> [u32; ACCESSES] {
    let mut index = 0;
    while index < others.len() {
        table[one as usize] |= 1 << others[index] as u32;
        table[others[index] as usize] |= 1 << one as u32;
        index += 1;
    }
    table
}
