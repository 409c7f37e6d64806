//! The types that users name: std's by re-export, or modelled ones where a build has an engine that
//! controls the schedule.

pub(crate) mod extension;
#[cfg(feature = "_modelled")]
pub(crate) mod modelled;
#[cfg(not(feature = "_modelled"))]
pub(crate) mod plain;

#[cfg(feature = "_modelled")]
pub(crate) use modelled as current;
#[cfg(not(feature = "_modelled"))]
pub(crate) use plain as current;
