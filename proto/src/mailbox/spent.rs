//! Which tokens of a box were used: what its keeper must never forget. PROTOCOL §5.

use std::collections::BTreeMap;

use crate::limits::{GENERATIONS_LIVE, TOKENS_PER_GENERATION};
use crate::token::Serial;

const BYTES: usize = TOKENS_PER_GENERATION as usize / 8;

/// A bitmap for each generation that still opens, 512 bytes each.
#[derive(Clone, Default, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) struct Spent(BTreeMap<u16, Vec<u8>>);

impl Spent {
    /// Whether nobody was let in by this token and somebody still may be. A generation that was not
    /// heard of yet may always come: only its owner can make a token of it.
    pub(crate) fn may_be_used(&self, serial: Serial) -> bool {
        let newest = self.0.last_key_value().map_or(0, |(newest, _)| *newest);
        let live = usize::from(newest.saturating_sub(serial.generation)) < GENERATIONS_LIVE;
        let (byte, bit) = place(serial);
        let map = self.0.get(&serial.generation);
        let byte = map.and_then(|map| map.get(byte));
        live && serial.number < TOKENS_PER_GENERATION && byte.is_none_or(|byte| byte & bit == 0)
    }

    /// For good. Of a generation that is newer than any so far, the one `GENERATIONS_LIVE` before it
    /// opens nothing more. To be called for tokens that were proved alone, by whoever lets somebody in.
    pub(super) fn mark(&mut self, serial: Serial) {
        let map = self.0.entry(serial.generation);
        let map = map.or_insert_with(|| vec![0; BYTES]);
        let (byte, bit) = place(serial);
        if let Some(byte) = map.get_mut(byte) {
            *byte |= bit;
        }
        let newest = self.0.last_key_value().map_or(0, |(newest, _)| *newest);
        self.0
            .retain(|generation, _| usize::from(newest - generation) < GENERATIONS_LIVE);
    }

    /// Whether it is what [`Spent`] writes.
    pub(crate) fn is_whole(&self) -> bool {
        self.0.len() <= GENERATIONS_LIVE && self.0.values().all(|map| map.len() == BYTES)
    }
}

fn place(serial: Serial) -> (usize, u8) {
    (usize::from(serial.number / 8), 1 << (serial.number % 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serial(generation: u16, number: u16) -> Serial {
        Serial { generation, number }
    }

    #[test]
    fn each_token_is_used_once() {
        let mut spent = Spent::default();
        for it in [serial(0, 0), serial(0, 4095), serial(0, 8), serial(1, 0)] {
            assert!(spent.may_be_used(it));
            spent.mark(it);
            assert!(!spent.may_be_used(it));
        }
        assert!(spent.may_be_used(serial(0, 1)) && spent.may_be_used(serial(1, 8)));
        assert!(!spent.may_be_used(serial(1, 4096)), "beyond its generation");
    }

    #[test]
    fn only_the_fourth_last_generation_dies() {
        let mut spent = Spent::default();
        (0..3).for_each(|generation| spent.mark(serial(generation, 5)));
        for generation in 0..3 {
            assert!(spent.may_be_used(serial(generation, 6)));
        }
        assert!(spent.may_be_used(serial(3, 5)), "the next one is new");
        spent.mark(serial(3, 5));
        assert!(!spent.may_be_used(serial(0, 6)), "the fourth last");
        for generation in 1..4 {
            assert!(spent.may_be_used(serial(generation, 6)));
            assert!(!spent.may_be_used(serial(generation, 5)), "still spent");
        }
        spent.mark(serial(900, 1));
        assert!(!spent.may_be_used(serial(897, 0)) && spent.may_be_used(serial(898, 0)));
        assert!(spent.is_whole());
    }

    #[test]
    fn an_older_one_that_comes_late_pushes_nothing_out() {
        let mut spent = Spent::default();
        spent.mark(serial(7, 1));
        spent.mark(serial(5, 1));
        spent.mark(serial(6, 1));
        assert!(!spent.may_be_used(serial(7, 1)) && !spent.may_be_used(serial(5, 1)));
        assert!(!spent.may_be_used(serial(4, 1)));
        assert!(spent.is_whole());
    }
}
