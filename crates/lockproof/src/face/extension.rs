//! Choices and timed acquisitions where no engine makes them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{TryLockError, TryLockResult};
use std::thread;
use std::time::{Duration, Instant};

/// The choice where no engine makes it.
pub(crate) fn draw(options: usize) -> usize {
    static DRAWN: AtomicU64 = AtomicU64::new(0);
    // ORDERING: Relaxed: only that every draw gets a number of its own matters.
    let number = DRAWN.fetch_add(1, Ordering::Relaxed);
    // One round of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) tells neighbours apart.
    let mut mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^= mixed >> 27;
    usize::try_from(mixed % options as u64).expect("a remainder is less than its divisor")
}

/// The first pause between two attempts; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_micros(10);
/// The longest pause between two attempts: the most by which an acquisition can be late.
const LONGEST_PAUSE: Duration = Duration::from_millis(1);

/// Repeats `attempt` until it gives an answer or `timeout` has passed.
pub(crate) fn poll<G>(
    timeout: Duration,
    attempt: impl Fn() -> TryLockResult<G>,
) -> TryLockResult<G> {
    let start = Instant::now();
    let mut pause = FIRST_PAUSE;
    loop {
        match attempt() {
            Err(TryLockError::WouldBlock) => {}
            answer => return answer,
        }
        let Some(left) = timeout.checked_sub(start.elapsed()).filter(|left| !left.is_zero()) else {
            return Err(TryLockError::WouldBlock);
        };
        thread::sleep(pause.min(left));
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
