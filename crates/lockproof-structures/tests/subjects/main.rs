//! Every subject, used by one thread, does what its sequential counterpart does; used by several
//! real threads, it loses nothing. Whether it never does is for the models to prove.

mod config_registry;
mod counter;
mod record_map;
mod record_queue;
mod user_profile;
