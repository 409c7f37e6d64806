//! Contracts: every subject against its sequential counterpart, in generated scenarios, and every
//! twin refuted without being told how.

mod config_registry;
mod counter;
mod pasted;
mod record_map;
mod record_queue;
mod user_profile;
