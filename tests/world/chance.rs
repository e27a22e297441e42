//! Chance that can be had again: every draw is a hash of the seed, of what it is for, of the moment
//! and of a counter. So leaving one event out does not shift the draws of all others.

/// One stream of draws.
#[derive(Clone)]
pub(crate) struct Chance {
    purpose: u64,
    moment: u64,
    stream: u64,
    counter: u64,
}

/// SplitMix64's last step: every bit of the input moves every bit of the output.
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let mut x = a.rotate_left(25) ^ b.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x2545_F491_4F6C_DD1D;
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

impl Chance {
    /// The draws of `seed` that are for `what`.
    pub(crate) fn new(seed: u64, what: &str) -> Self {
        Self::with(what.bytes().fold(mix(seed, 1), |h, b| mix(h, b.into())))
    }

    /// The draws for one thing among many.
    pub(crate) fn of(seed: u64, what: &str, which: u64) -> Self {
        Self::with(mix(Self::new(seed, what).purpose, which))
    }

    fn with(purpose: u64) -> Self {
        Self {
            purpose,
            moment: 0,
            stream: purpose,
            counter: 0,
        }
    }

    /// The draws of a moment, whatever was drawn before it.
    pub(crate) fn at(&mut self, moment: u64) -> &mut Self {
        if core::mem::replace(&mut self.moment, moment) != moment {
            (self.stream, self.counter) = (mix(self.purpose, moment), 0);
        }
        self
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.counter += 1;
        mix(self.stream, self.counter)
    }

    /// Below `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    /// From `low` up to and without `high`.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low)
    }

    /// Once in so many times; never if that is 0.
    pub(crate) fn one_in(&mut self, times: u64) -> bool {
        let draw = self.next();
        times != 0 && draw.is_multiple_of(times)
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        let words = (0..length.div_ceil(8)).flat_map(|_| self.next().to_le_bytes());
        words.take(length).collect()
    }

    /// What one call of an engine or a vault gets.
    pub(crate) fn entropy(&mut self) -> [u8; 32] {
        let mut entropy = [0; 32];
        for word in entropy.chunks_exact_mut(8) {
            word.copy_from_slice(&self.next().to_le_bytes());
        }
        entropy
    }

    /// Any of them.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }

    pub(crate) fn shuffle<T>(&mut self, these: &mut [T]) {
        for last in (1..these.len()).rev() {
            these.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

/// Runs `test` on many seeds, or on the one that `KITH_SEED` names. `KITH_SEEDS` makes it more than
/// `times` of them. A failure says its seed and how to see it again.
pub(crate) fn each_seed(name: &str, times: u64, test: impl Fn(u64)) {
    let (first, count) = seeds(name, times);
    for seed in first..first + count {
        let replay = Replay { name, seed };
        test(seed);
        drop(replay);
    }
}

/// The first seed of a test, and how many.
pub(super) fn seeds(name: &str, times: u64) -> (u64, u64) {
    match (setting("KITH_SEED"), setting("KITH_SEEDS")) {
        (Some(seed), _) => (seed, 1),
        (None, more) => (Chance::new(0, name).next() >> 32, more.unwrap_or(times)),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "which seed to run is said by whoever runs the tests"
)]
pub(super) fn setting<T: core::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

/// Speaks up if it is dropped by a failure.
struct Replay<'a> {
    name: &'a str,
    seed: u64,
}

impl Drop for Replay<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self { name, seed } = self;
            eprintln!("replay: KITH_SEED={seed} cargo test -p kith-proto --test promises {name}");
        }
    }
}
