//! The programs of two threads, against whatever `api` is: std, or the facade.

use super::super::operations::{Operation, Story};
use super::api::sync::mpsc::{SyncSender, channel, sync_channel};
use super::api::sync::{Arc, Mutex, Once, OnceLock, PoisonError};
use super::api::thread;
use super::programs::{maybe_panic, tell};

/// Runs two threads that share something and puts their stories one after the other.
fn both<S: Send + Sync + 'static>(
    shared: S,
    operations: &[Vec<Operation>; 2],
    step: fn(&S, Operation, &mut Story),
) -> (Story, Arc<S>) {
    let shared = Arc::new(shared);
    let run = move |operations: &[Operation], shared: &S| {
        let mut story = Story::new();
        for &operation in operations {
            step(shared, operation, &mut story);
        }
        story
    };
    let child = thread::spawn({
        let (operations, shared) = (operations[1].clone(), Arc::clone(&shared));
        move || run(&operations, &shared)
    });
    let mut story = run(&operations[0], &shared);
    story.push("and the other".to_owned());
    story.extend(child.join().unwrap());
    (story, shared)
}

pub(crate) fn shared_mutex(operations: &[Vec<Operation>; 2]) -> Story {
    let (mut story, lock) = both(Mutex::new(1), operations, |lock, operation, story| {
        tell(story, "lock", || {
            let mut guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
            *guard = *guard * 3 % 50 + u32::from(operation.value);
            maybe_panic(operation);
            *guard
        });
    });
    story.push(format!("{lock:?}"));
    story
}

pub(crate) fn shared_once(operations: &[Vec<Operation>; 2]) -> Story {
    let shared = (Once::new(), OnceLock::new());
    both(shared, operations, |(once, cell), operation, story| match operation.kind % 3 {
        0 => tell(story, "call_once", || once.call_once(|| maybe_panic(operation))),
        1 => tell(story, "call_once_force", || {
            once.call_once_force(|_| maybe_panic(operation));
        }),
        _ => tell(story, "get_or_init", || {
            *cell.get_or_init(|| {
                maybe_panic(operation);
                operation.value
            })
        }),
    })
    .0
}

/// Both threads send; what arrives, and in which order, is the story.
pub(crate) fn shared_channel(operations: &[Vec<Operation>; 2]) -> Story {
    let (sender, receiver) = channel();
    let (mut story, sender) = both(sender, operations, |sender, operation, story| {
        tell(story, "send", || sender.send(operation.value));
    });
    drop(sender);
    story.push(format!("{:?}", receiver.iter().collect::<Vec<_>>()));
    story
}

/// One thread sends without room, the other takes what comes.
pub(crate) fn shared_rendezvous(operations: &[Vec<Operation>; 2]) -> Story {
    let (sender, receiver): (SyncSender<u8>, _) = sync_channel(0);
    let values: Vec<_> = operations[0].iter().map(|operation| operation.value).collect();
    let child = thread::spawn(move || {
        values.into_iter().map(|value| sender.send(value).is_ok()).collect::<Vec<_>>()
    });
    let mut story = Story::new();
    for _ in &operations[1] {
        tell(&mut story, "recv", || receiver.recv());
    }
    drop(receiver);
    story.push(format!("{:?}", child.join().unwrap()));
    story
}
