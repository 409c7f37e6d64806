//! A day of trades from a fixed seed, with a few rows spoiled in the ways of real files.
//!
//! Integers alone decide what is written, so the file is the same on every machine.

use std::fmt::Write;

/// The rows of the sample, the header not counted.
pub(crate) const ROWS: u64 = 5_000;

const SEED: u64 = 42;

/// Every row of a multiple of this number is spoiled: few enough to be told apart, and spread over
/// the file.
const SPOILED_EVERY: u64 = 617;

const INSTRUMENTS: [&str; 12] = [
    "ACME", "BOREAL", "CINDER", "DELTA", "EMBER", "FJORD", "GRANITE", "HARBOR", "INDIGO",
    "JUNIPER", "KESTREL", "LUMEN",
];

/// The whole file.
pub(crate) fn sample() -> String {
    let mut random = SplitMix64(SEED);
    let mut cents: Vec<u64> = INSTRUMENTS.iter().map(|_| 1_000 + random.below(40_000)).collect();
    let mut second = 9 * 3_600;
    let mut file = String::from("id,time,instrument,side,quantity,price\n");
    for id in 1..=ROWS {
        second += random.below(11);
        let index = popular_index(&mut random);
        cents[index] = (cents[index] + random.below(41)).saturating_sub(20).max(100);
        let row = Row {
            id,
            second,
            instrument: INSTRUMENTS[index],
            side: if random.below(2) == 0 { "buy" } else { "sell" },
            quantity: (1 + random.below(20)) * 5,
            cents: cents[index],
        };
        if id % SPOILED_EVERY == 0 {
            row.write_spoiled(id / SPOILED_EVERY, &mut file);
        } else {
            row.write(&mut file);
        }
    }
    file
}

/// Of two draws the lower one: the first instruments are traded most, as on a real market.
fn popular_index(random: &mut SplitMix64) -> usize {
    let count = INSTRUMENTS.len() as u64;
    let index = random.below(count).min(random.below(count));
    usize::try_from(index).expect("an index of a short list fits")
}

struct Row {
    id: u64,
    second: u64,
    instrument: &'static str,
    side: &'static str,
    quantity: u64,
    cents: u64,
}

impl Row {
    fn write(&self, file: &mut String) {
        let Self { id, instrument, side, quantity, .. } = self;
        let (time, price) = (self.time(), self.price());
        writeln!(file, "{id},{time},{instrument},{side},{quantity},{price}")
            .expect("a string takes any text");
    }

    /// Writes the row with one of eight mistakes.
    fn write_spoiled(&self, mistake: u64, file: &mut String) {
        let Self { id, instrument, side, quantity, .. } = self;
        let (time, price) = (self.time(), self.price());
        let row = match mistake % 8 {
            0 => format!("{id},{time},{instrument},{side},{quantity},{}", price.replace('.', ",")),
            1 => format!("{id},{time},{instrument},{side},{quantity}"),
            2 => format!("{id},{time},,{side},{quantity},{price}"),
            3 => format!("{id},{time},{instrument},{side},-{quantity},{price}"),
            4 => format!("{id},{time},{instrument},hold,{quantity},{price}"),
            5 => format!("{id},{time},{instrument},{side},{quantity},n/a"),
            6 => format!("{id},yesterday,{instrument},{side},{quantity},{price}"),
            _ => format!("{id},{time},\"{instrument},{side},{quantity},{price}"),
        };
        file.push_str(&row);
        file.push('\n');
    }

    fn time(&self) -> String {
        let (hour, minute, second) = (self.second / 3_600, self.second / 60 % 60, self.second % 60);
        format!("2026-03-02T{hour:02}:{minute:02}:{second:02}Z")
    }

    fn price(&self) -> String {
        format!("{}.{:02}", self.cents / 100, self.cents % 100)
    }
}

/// Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators" (OOPSLA 2014).
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, but not including, `limit`.
    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}
