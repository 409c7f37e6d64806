//! A number that executions have in common if the analysis cannot tell them apart.
//!
//! Most executions of a model differ only in how the steps of its threads interleave, and each
//! thread does with its locks what it did before. So an execution is reduced to what each of its
//! threads did, by itself, and looked at only if that is new. The reduction costs one pass over the
//! events. Two executions that differ share a number with a chance of about 1 in 2^64.

use lockproof::trace::{Object, Phase, Trace};

use super::calls::code;
use super::identity::is_lock;

/// Reduces executions to numbers; keeps its tables from one to the next.
#[derive(Default)]
pub(super) struct Shapes {
    objects: Vec<u64>,
    threads: Vec<(u64, u64)>,
}

impl Shapes {
    pub(super) fn shape_of(&mut self, trace: &Trace) -> u64 {
        self.number_objects(&trace.objects);
        self.threads.clear();
        self.threads.resize(trace.threads.len(), (0, 0));
        for event in &trace.events {
            let (hash, count) = &mut self.threads[event.thread];
            *count += u64::from(event.phase == Phase::Done);
            // What does nothing to a lock is counted only: it makes a critical section longer.
            let Some(code) = code(event) else { continue };
            let object = event.object.map_or(0, |object| self.objects[object]);
            let place = u64::from(event.location.line) << 32 | u64::from(event.location.column);
            *hash = mix(mix(mix(mix(*hash, code), object), place), *count);
        }
        self.threads.iter().fold(0, |all, (hash, _)| mix(all, *hash))
    }

    /// Gives each object a number that no other object has in an execution of the same shape: by
    /// where and by whom it was made, its name and kind, and its order among those that have all of
    /// that in common.
    fn number_objects(&mut self, objects: &[Object]) {
        self.objects.clear();
        for (index, object) in objects.iter().enumerate() {
            let looks = looks(object);
            let earlier = || objects[..index].iter().filter(|other| self::looks(other) == looks);
            // Of locks that look alike the order counts, since it tells them apart; of other objects it
            // would only make more shapes.
            let order = if is_lock(object.kind) { earlier().count() } else { 0 };
            self.objects.push(looks.into_iter().fold(order as u64, mix));
        }
    }
}

fn looks(object: &Object) -> [u64; 4] {
    let created = &object.created;
    let name = object.name.map_or(0, |name| name.as_ptr().addr());
    let maker = object.made_by.map_or(0, |maker| maker + 1);
    [
        u64::from(created.line) << 32 | u64::from(created.column),
        created.file.as_ptr().addr() as u64,
        name as u64,
        (object.kind as u64) << 32 | maker as u64,
    ]
}

/// Stirs `value` into `hash`: the finalizer of `SplitMix64` (Steele, Lea, Flood, OOPSLA 2014).
#[inline]
fn mix(hash: u64, value: u64) -> u64 {
    let mut mixed = (hash ^ value).wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
