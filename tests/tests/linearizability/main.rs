//! Known structures are judged as the literature says: linearizable ones are accepted, the others
//! refuted, on every engine that can do either.

mod judged;
mod snapshots;
