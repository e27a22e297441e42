//! Numbers from a seed, and how many seeds there are.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::kdf::Entropy;

/// A stream of numbers that a seed decides.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    pub(super) fn minutes(&mut self, low: u32, high: u32) -> u32 {
        low + self.below((high - low) as usize + 1) as u32
    }

    pub(super) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let at = self.below(from.len());
        from.get(at).copied()
    }

    pub(super) fn hash(&mut self) -> [u8; 16] {
        let halves = u128::from(self.next()) << 64 | u128::from(self.next());
        halves.to_le_bytes()
    }

    pub(super) fn entropy(&mut self) -> Entropy {
        let mut seed = [0; 32];
        seed[..16].copy_from_slice(&self.hash());
        Entropy::new(seed)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "which seed to run is said by whoever runs the tests"
)]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Runs a test on many seeds, or on the one that `KITH_SEED` names; says which failed. `KITH_FIRST` and
/// `KITH_SCHEDULES` are from where on, and how many.
#[expect(clippy::print_stderr, reason = "what replays it is shown")]
pub(super) fn each_seed(name: &str, times: u64, test: impl Fn(u64)) {
    let (first, count) = match (setting("KITH_SEED"), setting("KITH_SCHEDULES")) {
        (Some(seed), _) => (seed, 1),
        (None, more) => (setting("KITH_FIRST").unwrap_or(1), more.unwrap_or(times)),
    };
    let fails = |seed: &u64| {
        let fails = catch_unwind(AssertUnwindSafe(|| test(*seed))).is_err();
        if fails {
            eprintln!("replay: KITH_SEED={seed} cargo test -p kith-proto --lib {name}");
        }
        fails
    };
    let failed: Vec<u64> = (first..first + count).filter(fails).collect();
    assert!(failed.is_empty(), "failed: {failed:?}");
}
