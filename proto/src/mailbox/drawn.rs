//! Which tokens of a box its owner has given away: at random, none twice. PROTOCOL §5.

use crate::kdf::Entropy;
use crate::limits::TOKENS_PER_GENERATION;
use crate::token::Serial;

/// Of the newest generation; of those before, all are given or forgotten. It is on the disk before a
/// token leaves, or the same would be given to two.
#[derive(bincode::Encode, bincode::Decode)]
pub(crate) struct Drawn {
    generation: u16,
    given: Vec<u8>,
}

impl Default for Drawn {
    fn default() -> Self {
        Self {
            generation: 0,
            given: vec![0; usize::from(TOKENS_PER_GENERATION) / 8],
        }
    }
}

impl Drawn {
    /// A token that nobody has. Random, so that its keeper cannot tell from numbers who was given
    /// what. Nothing once all of 2^28 were drawn: then it takes another box.
    pub(crate) fn draw(&mut self, entropy: &mut Entropy) -> Option<Serial> {
        if self.left() == 0 {
            let generation = self.generation.checked_add(1)?;
            *self = Self {
                generation,
                ..Self::default()
            };
        }
        // Half of the draws fail when half are given; a thousand when all but four are: still nothing
        // beside one handshake.
        loop {
            let number = match planted!(TokensInARow) {
                true => (u32::from(TOKENS_PER_GENERATION) - self.left()) as u16,
                false => u16::from_le_bytes(entropy.bytes()) % TOKENS_PER_GENERATION,
            };
            let (byte, bit) = (usize::from(number / 8), 1 << (number % 8));
            let byte = self.given.get_mut(byte)?;
            if *byte & bit == 0 {
                *byte |= bit;
                let generation = self.generation;
                return Some(Serial { generation, number });
            }
        }
    }

    /// How many are left of this generation.
    pub(crate) fn left(&self) -> u32 {
        self.given.iter().map(|byte| byte.count_zeros()).sum()
    }

    /// Whether it is what [`Drawn`] writes.
    pub(crate) fn is_whole(&self) -> bool {
        self.given.len() == usize::from(TOKENS_PER_GENERATION) / 8
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_serial_is_drawn_twice_and_a_generation_ends_with_its_last() {
        let (mut drawn, mut entropy) = (Drawn::default(), Entropy::new([1; 32]));
        let mut seen = BTreeSet::new();
        for n in 0..2 * u32::from(TOKENS_PER_GENERATION) + 5 {
            let serial = drawn.draw(&mut entropy).unwrap();
            assert_eq!(
                u32::from(serial.generation),
                n / u32::from(TOKENS_PER_GENERATION)
            );
            assert!(serial.number < TOKENS_PER_GENERATION && seen.insert(serial));
        }
        assert_eq!(drawn.left(), u32::from(TOKENS_PER_GENERATION) - 5);
    }

    #[test]
    pub(crate) fn serials_follow_no_order_and_the_last_generation_has_an_end() {
        let (mut drawn, mut entropy) = (Drawn::default(), Entropy::new([2; 32]));
        let first: Vec<_> = (0..16).filter_map(|_| drawn.draw(&mut entropy)).collect();
        let mut sorted = first.clone();
        sorted.sort();
        assert_ne!(first, sorted);
        drawn.generation = u16::MAX;
        while drawn.left() > 0 {
            assert!(drawn.draw(&mut entropy).is_some());
        }
        assert_eq!(drawn.draw(&mut entropy), None);
    }

    #[test]
    fn what_was_given_is_remembered_on_the_disk() {
        let (mut drawn, mut entropy) = (Drawn::default(), Entropy::new([3; 32]));
        drawn.draw(&mut entropy);
        let config = bincode::config::standard();
        let bytes = bincode::encode_to_vec(&drawn, config).unwrap();
        let (again, _): (Drawn, usize) = bincode::decode_from_slice(&bytes, config).unwrap();
        assert!(again.is_whole() && again.given == drawn.given && again.left() == 4095);
    }
}
