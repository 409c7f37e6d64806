//! What a random program is made of.

use proptest::prelude::*;

/// What happened, in order.
pub(crate) type Story = Vec<String>;

/// One step of a program. Each program gives it a meaning of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    /// Which operation of the type.
    pub(crate) kind: u8,
    /// Its argument.
    pub(crate) value: u8,
    /// Whether what it runs panics.
    pub(crate) panics: bool,
}

/// Any operation; one in four panics.
pub(crate) fn any() -> impl Strategy<Value = Operation> {
    let parts = (any_kind(), 0..3_u8, prop::bool::weighted(0.25));
    parts.prop_map(|(kind, value, panics)| Operation { kind, value, panics })
}

/// A multiple of the number of operations that any type has is not needed: programs take it modulo
/// theirs.
fn any_kind() -> impl Strategy<Value = u8> {
    0..60_u8
}
