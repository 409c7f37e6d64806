//! The order of locks: which cycles are found, confirmed and discharged, and why.

mod cycles;
mod demands;
mod discharges;
mod modes;
mod others;
mod records;
mod seen;
