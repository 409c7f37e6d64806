//! Where a data race, a spin loop without end and a stack overflow happened, from the trace.

use super::Execution;
use crate::engine::{Defect, Ending};
use crate::trace::{Event, ObjectKind, Operation, Trace};

impl Execution {
    /// The ending that a data race on a cell makes, the one with this number in the order of first
    /// use; its last event is the later access.
    pub(crate) fn failure_of_race(&self, cell: usize, first_writes: bool) -> Ending {
        self.count();
        let trace = self.trace();
        let mut cells = trace.objects.iter().enumerate();
        let cells = cells.by_ref().filter(|(_, object)| object.kind == ObjectKind::Cell);
        let object = cells.map(|(index, _)| index).nth(cell);
        let object = object.expect("the engine names a cell of the execution");
        drop(trace);
        let message = describe_race(&self.trace(), object, first_writes);
        self.failure(Defect::DataRace { message })
    }

    /// The ending that a spin loop makes which no other thread can end.
    pub(crate) fn failure_of_spinning(&self) -> Ending {
        self.count();
        let trace = self.trace();
        let spin = trace.events.iter().rfind(|event| event.operation == Operation::Yield);
        let message = spin.map_or_else(String::new, |spin| {
            let thread = &trace.threads[spin.thread];
            format!("{thread} spins at {} for what no other thread will do", spin.location)
        });
        drop(trace);
        self.record_waits_beside();
        self.failure(Defect::Livelock { message })
    }

    /// The ending that the current thread makes by using up its stack of so many bytes.
    pub(crate) fn failure_of_overflow(&self, stack_size: usize) -> Ending {
        self.count();
        let trace = self.trace();
        let thread = self.thread();
        let last = trace.events.iter().rfind(|event| event.thread == thread);
        let last = last.map(|event| event.location.clone());
        let thread = trace.threads[thread].clone();
        drop(trace);
        self.failure(Defect::StackOverflow { thread, stack_size, last })
    }
}

fn describe_race(trace: &Trace, object: usize, first_writes: bool) -> String {
    let of_cell = |event: &&Event| event.object == Some(object);
    let mut accesses = trace.events.iter().rev().filter(of_cell);
    let Some(second) = accesses.next() else { return "two accesses to a cell".to_owned() };
    let first = accesses.find(|event| {
        event.thread != second.thread && (event.operation == Operation::CellWrite) == first_writes
    });
    let describe = |event: &Event| {
        let kind = if event.operation == Operation::CellWrite { "a write" } else { "a read" };
        format!("{kind} by {} at {}", trace.threads[event.thread], event.location)
    };
    let name = &trace.objects[object];
    match first {
        Some(first) => {
            format!("{} and {} of {name}, which nothing orders", describe(first), describe(second))
        }
        None => format!("{} of {name}, which nothing orders", describe(second)),
    }
}
