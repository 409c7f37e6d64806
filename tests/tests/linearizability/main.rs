//! Known structures are judged as the literature says: linearizable ones are accepted, the others
//! refuted, on every engine that can do either.

mod blocking;
mod counters;
mod judged;
mod maps;
mod nodes;
mod queues;
mod sets;
mod snapshots;
mod stacks;
