//! One direction of a conversation: a key that only moves forward. PROTOCOL §4.2 "chain".
//!
//! Each step gives one message key and erases the key it came from, so what was said yesterday
//! cannot be opened with what is held today. Knows nothing of parcels or friends.

use crate::kdf::{self, label};
use crate::limits::CHAIN_PARCELS_MAX;
use crate::secret::{Chain, Key, Message};

/// The sending or the receiving half of a session.
#[derive(Debug)]
pub(crate) struct MessageChain {
    key: Key<Chain>,
    next: u32,
}

/// The chain has run its length; a new root step is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChainIsWornOut;

impl MessageChain {
    /// A chain at its first step.
    pub(crate) fn new(key: Key<Chain>) -> Self {
        Self { key, next: 0 }
    }

    /// A chain as it was stored.
    pub(super) fn at(key: Key<Chain>, next: u32) -> Self {
        Self { key, next }
    }

    /// The key it stands at, for the sealed record alone.
    pub(super) fn key(&self) -> &Key<Chain> {
        &self.key
    }

    /// The number of the next message key.
    pub(crate) fn next(&self) -> u32 {
        self.next
    }

    /// A second one at the same place, to try a parcel on; it replaces the first or is dropped.
    pub(super) fn copy(&self) -> Self {
        Self {
            key: Key::fill(|bytes| bytes.copy_from_slice(self.key.expose())),
            next: self.next,
        }
    }

    /// The next message key, to be used once; the chain can no longer make it again.
    pub(crate) fn advance(&mut self) -> Result<Key<Message>, ChainIsWornOut> {
        if self.next >= CHAIN_PARCELS_MAX {
            return Err(ChainIsWornOut);
        }
        let message = kdf::derive(label::MESSAGE_ENC, &[self.key.expose()]);
        // The old chain key is dropped, hence erased, by this assignment.
        self.key = kdf::derive(label::CHAIN, &[self.key.expose()]);
        self.next += 1;
        Ok(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_stops_at_its_bound() {
        let mut chain = MessageChain::at(Key::fill(|b| b.fill(1)), CHAIN_PARCELS_MAX - 1);
        assert!(chain.advance().is_ok());
        assert_eq!(chain.advance().err(), Some(ChainIsWornOut));
    }

    #[test]
    fn a_step_erases_what_it_came_from() {
        let mut chain = MessageChain::new(Key::fill(|b| b.fill(1)));
        let before = chain.copy();
        let first = chain.advance().unwrap();
        assert!(!chain.key.same(&before.key));
        assert!(!chain.advance().unwrap().same(&first));
    }
}
