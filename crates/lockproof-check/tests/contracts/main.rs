//! What a contract shows, demands and refuses, on the engines of this build.

mod misuse;
mod nothing_run;
mod outcomes;
mod refinement;
mod scenarios;
mod shrinking;
mod stock;
mod waiting;
