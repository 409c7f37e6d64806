//! The values that an atomic can hold, as bits: the low ones of the width, the others zero.

use crate::execution::backend::Width;

/// A value that an atomic can hold, as bits.
pub(crate) trait Bits: Copy {
    const WIDTH: Width;
    fn to_bits(self) -> u64;
    fn from_bits(bits: u64) -> Self;
}

macro_rules! bits {
    ($($type:ty as $unsigned:ty, $width:ident);* $(;)?) => {$(
        #[expect(
            clippy::allow_attributes,
            reason = "which casts are no-ops depends on the type the macro is given"
        )]
        #[allow(
            clippy::cast_lossless,
            clippy::cast_possible_truncation,
            clippy::cast_possible_wrap,
            clippy::cast_sign_loss,
            clippy::unnecessary_cast,
            reason = "bits travel unchanged: the low ones of the width, the others zero"
        )]
        impl Bits for $type {
            const WIDTH: Width = Width::$width;

            fn to_bits(self) -> u64 {
                self as $unsigned as u64
            }

            fn from_bits(bits: u64) -> Self {
                bits as $unsigned as Self
            }
        }
    )*};
}

bits! {
    i8 as u8, I8;
    i16 as u16, I16;
    i32 as u32, I32;
    i64 as u64, I64;
    isize as usize, Isize;
    u8 as u8, U8;
    u16 as u16, U16;
    u32 as u32, U32;
    u64 as u64, U64;
    usize as usize, Usize;
}

impl Bits for bool {
    const WIDTH: Width = Width::Bool;

    fn to_bits(self) -> u64 {
        u64::from(self)
    }

    fn from_bits(bits: u64) -> Self {
        bits != 0
    }
}

impl<T> Bits for *mut T {
    const WIDTH: Width = Width::Pointer;

    fn to_bits(self) -> u64 {
        self.expose_provenance() as u64
    }

    fn from_bits(bits: u64) -> Self {
        std::ptr::with_exposed_provenance_mut(usize::try_from(bits).unwrap_or(usize::MAX))
    }
}
