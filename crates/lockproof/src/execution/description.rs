//! Description of a blocked thread: what it waits for, where, and what it holds meanwhile.

use super::Execution;
use super::intent::Intent;
use super::standstill::Waiter;
use crate::engine::BlockedThread;
use crate::trace::{LockMode, ObjectKind, Operation, SourceLocation};

impl Execution {
    pub(super) fn describe(&self, waiter: Waiter) -> BlockedThread {
        let trace = self.trace();
        let operation = self.wish_of(&waiter);
        let object =
            || waiter.object.map_or_else(String::new, |object| trace.objects[object].to_string());
        let waits_for = match operation {
            Operation::Wait { .. } => format!("a notification of {}", object()),
            Operation::BeginInitialization => format!("the initialization of {}", object()),
            Operation::Arrive { .. } => format!("the other threads at {}", object()),
            Operation::Receive { .. } => format!("a message of {}", object()),
            Operation::Send { .. } => format!("room in {}", object()),
            Operation::Join { child, .. } => format!("the end of {}", trace.threads[child]),
            Operation::Park => "an unpark".to_owned(),
            operation => format!("{operation} {}", object()),
        };
        let actors = self.actors(&waiter);
        let held_by = match waiter.intent {
            Intent::Join { .. } => Vec::new(),
            _ => actors.iter().map(|&actor| trace.threads[actor].clone()).collect(),
        };
        BlockedThread {
            thread: trace.threads[waiter.thread].clone(),
            waits_for,
            location: waiter.at.into(),
            held_by,
            holds: self.locks_held_by(&waiter),
            index: waiter.thread,
            actors,
        }
    }

    /// The locks that a thread holds while it waits, each with where it was acquired.
    fn locks_held_by(&self, waiter: &Waiter) -> Vec<(String, SourceLocation)> {
        let objects = &self.trace().objects;
        let mut held = self.owners.held_by(waiter.thread);
        held.retain(|owner| {
            let is_lock =
                matches!(objects[owner.object].kind, ObjectKind::Mutex | ObjectKind::RwLock);
            let is_given_up = matches!(waiter.intent, Intent::Upgrade)
                && waiter.object == Some(owner.object)
                && owner.mode == LockMode::Upgradable;
            is_lock && !is_given_up
        });
        // Mutexes first, as ever.
        held.sort_by_key(|owner| (objects[owner.object].kind == ObjectKind::RwLock, owner.object));
        held.iter().map(|owner| (objects[owner.object].to_string(), owner.since.into())).collect()
    }
}
