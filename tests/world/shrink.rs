//! What a failure needs: leaves one thing out of a storm after the other for as long as it still
//! fails, and says how to see what is left again.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use super::chance::{seeds, setting};
use super::storm::Storm;
use super::{Weather, World};

/// Runs that the search for a smaller storm may take.
const TRIES: usize = 3000;
/// Other seeds under which what is left may still fail: with less in it, other things coincide.
const SEEDS: u64 = 10;

impl Storm {
    /// The world after it, or what did not hold.
    pub(crate) fn survived(&self) -> Result<World, String> {
        survives(|| self.pass())
    }

    /// Fails with the smallest storm that fails as well, and how to see it again.
    pub(crate) fn must_pass(&self, name: &str) {
        let Err(why) = self.survived() else { return };
        let small = self.shrunk();
        let found = small.survived().err().unwrap_or_default();
        let (seed, operations) = (small.seed, small.operations());
        panic!(
            "{why}\n{operations} operations are enough for: {found}\nreplay: KITH_SEED={seed} \
             KITH_SCRIPT='{small}' cargo test -p kith-proto --test promises {name}"
        );
    }

    /// A storm as small as can be found that fails as well, perhaps of another seed.
    pub(crate) fn shrunk(&self) -> Self {
        let mut tries = TRIES;
        let mut failing = |storm: Self| {
            (0..SEEDS).find_map(|other| {
                tries = tries.checked_sub(1)?;
                // The seed's parity is the kind of its shells.
                let seed = storm.seed + 2 * other;
                let storm = Self {
                    seed,
                    ..storm.clone()
                };
                storm.survived().is_err().then_some(storm)
            })
        };
        let mut storm = self.clone();
        loop {
            let before = storm.operations();
            storm.leave_out_deeds(&mut failing);
            storm.leave_out_faults(&mut failing);
            if storm.operations() == before {
                return storm;
            }
        }
    }

    /// How many things a reader has to follow.
    pub(crate) fn operations(&self) -> usize {
        let mut weather = self.weather;
        let faults = Weather::FAULTS
            .iter()
            .filter(|(_, fault)| *fault(&mut weather) != 0);
        self.deeds.len() + faults.count()
    }

    /// Half of them, then quarters, then single ones.
    fn leave_out_deeds(&mut self, failing: &mut impl FnMut(Self) -> Option<Self>) {
        let mut length = self.deeds.len().div_ceil(2);
        while length > 0 {
            let mut at = 0;
            while at < self.deeds.len() {
                let mut less = self.clone();
                less.deeds.drain(at..(at + length).min(self.deeds.len()));
                match failing(less) {
                    Some(less) => *self = less,
                    None => at += length,
                }
            }
            length /= 2;
        }
    }

    fn leave_out_faults(&mut self, failing: &mut impl FnMut(Self) -> Option<Self>) {
        for (_, fault) in Weather::FAULTS {
            let mut less = self.clone();
            if core::mem::take(fault(&mut less.weather)) != 0 {
                *self = failing(less).unwrap_or_else(|| self.clone());
            }
        }
    }
}

/// What comes of it, or what did not hold.
pub(crate) fn survives<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    quietly(|| catch_unwind(AssertUnwindSafe(run))).map_err(|why| {
        let text = why.downcast_ref::<String>().cloned();
        let word = why.downcast_ref::<&str>().map(ToString::to_string);
        text.or(word).unwrap_or_default()
    })
}

/// Lets `times` storms pass, of every second seed, or the one that `KITH_SEED` and `KITH_SCRIPT`
/// name. A failure says the smallest storm that was found to fail.
pub(crate) fn each_storm(name: &str, odd: u64, times: u64) {
    let (first, count) = seeds("storm", times);
    let one = count == 1;
    for seed in first..first + count {
        let seed = if one { seed } else { 2 * seed + odd };
        let script = setting::<String>("KITH_SCRIPT").filter(|_| one);
        let storm = match script {
            Some(script) => Storm::read(seed, &script).expect("a script as it was printed"),
            None => Storm::new(seed),
        };
        storm.must_pass(name);
    }
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Lets something fail on this thread without a word.
fn quietly<T>(run: impl FnOnce() -> T) -> T {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                loud(info);
            }
        }));
    });
    let before = QUIET.replace(true);
    let done = run();
    QUIET.set(before);
    done
}
