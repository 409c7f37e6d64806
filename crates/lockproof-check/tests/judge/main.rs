//! The judge against the definitions: brute force over all orders of calls, and over all schedules.

mod brute_force;
mod cases;
mod conditions;
mod engines;
mod histories;
mod programs;
mod waiting;
