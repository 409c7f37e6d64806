//! An engine in a record: by its name.

use lockproof::engine::Engine;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
pub(crate) fn serialize<S: Serializer>(engine: &Engine, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(engine)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Engine, D::Error> {
    let name = String::deserialize(deserializer)?;
    let engines = [Engine::Std, Engine::Explore, Engine::Loom, Engine::Shuttle];
    let engine = engines.into_iter().find(|engine| engine.to_string() == name);
    engine.ok_or_else(|| D::Error::custom(format!("no engine is called `{name}`")))
}
