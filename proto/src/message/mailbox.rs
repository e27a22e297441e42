//! What friends say about boxes in which one keeps parcels for another, and about the tokens with
//! which others put parcels there. Nothing here is trusted. PROTOCOL §5.

use zeroize::Zeroizing;

use crate::limits::{MAILBOX_ADDRS_BYTES_MAX, MAILBOX_ADDRS_MAX, TOKENS_PER_BATCH_MAX};
use crate::mailbox::BoxId;
use crate::wire::{Addr, Malformed, Reader, Writer};

/// 32 secret bytes on their way in a message: the key of a box, its door, or a token.
pub(crate) type Secret = Zeroizing<[u8; 32]>;

/// `Box`: what a keeper and who is kept for say to each other. 53 bytes, whatever it says.
#[derive(PartialEq, Eq)]
pub(crate) struct BoxWord {
    /// Zeros in an offer.
    pub id: BoxId,
    pub says: BoxSays,
    /// In KiB: what is offered, asked for or granted.
    pub quota_kib: u32,
}

/// What it says.
#[derive(PartialEq, Eq)]
pub(crate) enum BoxSays {
    /// I would keep parcels for you.
    Offer,
    /// Keep mine, in a box with this key. It takes the place of one that I asked for before.
    Ask(Secret),
    /// I keep them.
    Grant,
    /// I do not, or not any more; or do not keep mine any more.
    End,
}

/// `Tokens`: how parcels come into a box.
#[derive(PartialEq, Eq)]
pub(crate) struct Tokens {
    /// The asker's word for "more of these" names a box of who is asked, and holds nothing else.
    pub id: BoxId,
    pub generation: u16,
    /// What the keys of the box's door come from.
    pub door: Secret,
    /// Where its keeper is, best first. With no tokens: where it is from now on; none, if there
    /// is no such box any more.
    pub addrs: Vec<Addr>,
    /// Serial, and token; at most 16.
    pub tokens: Vec<(u16, Secret)>,
}

const OFFER: u8 = 0;
const ASK: u8 = 1;
const GRANT: u8 = 2;
const END: u8 = 3;

impl BoxWord {
    pub(super) fn encode(&self, to: &mut Writer) {
        let zeros = Secret::default();
        let (says, key) = match &self.says {
            BoxSays::Offer => (OFFER, &zeros),
            BoxSays::Ask(key) => (ASK, key),
            BoxSays::Grant => (GRANT, &zeros),
            BoxSays::End => (END, &zeros),
        };
        to.bytes(&self.id);
        to.u8(says);
        to.bytes(&**key);
        to.u32(self.quota_kib);
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let id = from.array()?;
        let says = match from.u8()? {
            ASK => BoxSays::Ask(Secret::new(from.array()?)),
            says => {
                from.zeros(32)?;
                match says {
                    OFFER => BoxSays::Offer,
                    GRANT => BoxSays::Grant,
                    END => BoxSays::End,
                    _ => return Err(Malformed),
                }
            }
        };
        let quota_kib = from.u32()?;
        Ok(Self {
            id,
            says,
            quota_kib,
        })
    }
}

impl Tokens {
    /// A word without tokens: that more are wanted, where the keeper is now, or that there is none.
    pub(crate) fn bare(id: BoxId, addrs: Vec<Addr>) -> Self {
        Self {
            id,
            generation: 0,
            door: Secret::default(),
            addrs,
            tokens: Vec::new(),
        }
    }

    pub(super) fn encode(&self, to: &mut Writer) {
        to.bytes(&self.id);
        to.u16(self.generation);
        to.bytes(&*self.door);
        // One with port 0 is written by nobody.
        let addrs = self.addrs.iter().filter(|addr| addr.port() != 0);
        let addrs: Vec<_> = addrs.take(MAILBOX_ADDRS_MAX).collect();
        to.u8(addrs.len() as u8);
        for addr in addrs {
            let _ = addr.encode(to);
        }
        let tokens = &self.tokens[..self.tokens.len().min(TOKENS_PER_BATCH_MAX)];
        to.u8(tokens.len() as u8);
        for (serial, token) in tokens {
            to.u16(*serial);
            to.bytes(&**token);
        }
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (id, generation) = (from.array()?, from.u16()?);
        let door = Secret::new(from.array()?);
        let count = usize::from(from.u8()?);
        if count > MAILBOX_ADDRS_MAX {
            return Err(Malformed);
        }
        let addrs = (0..count).map(|_| Addr::decode(from));
        let addrs: Vec<_> = addrs.collect::<Result<_, _>>()?;
        let long: usize = addrs.iter().map(Addr::encoded_len).sum();
        let count = usize::from(from.u8()?);
        if long > MAILBOX_ADDRS_BYTES_MAX || count > TOKENS_PER_BATCH_MAX {
            return Err(Malformed);
        }
        let token = |_| Ok((from.u16()?, Secret::new(from.array()?)));
        let tokens = (0..count).map(token).collect::<Result<_, _>>()?;
        Ok(Self {
            id,
            generation,
            door,
            addrs,
            tokens,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Payload, decode, encode};
    use super::*;

    fn tokens(count: usize, addrs: Vec<Addr>) -> Payload {
        Payload::Tokens(Tokens {
            id: [1; 16],
            generation: 2,
            door: Secret::new([3; 32]),
            addrs,
            tokens: (0..count as u16).map(|n| (n, [4; 32].into())).collect(),
        })
    }

    #[test]
    fn a_whole_batch_fits_the_smallest_bucket_with_an_onion_address() {
        let onion = vec![Addr::Onion([5; 32], 443)];
        let longest = encode(&[0; 16], &tokens(TOKENS_PER_BATCH_MAX, onion));
        assert_eq!(longest.len(), 17 + 16 + 2 + 32 + 1 + 35 + 1 + 16 * 34);
        assert_eq!(crate::parcel::bucket_for(longest.len()), Some(2048));
        let (_, Payload::Tokens(read)) = decode(&longest).unwrap() else {
            panic!("no tokens");
        };
        assert_eq!(read.tokens.len(), TOKENS_PER_BATCH_MAX);
        assert_eq!(read.addrs, [Addr::Onion([5; 32], 443)]);
    }

    #[test]
    fn more_tokens_or_addresses_than_there_can_be_are_malformed() {
        let mut many = encode(&[0; 16], &tokens(TOKENS_PER_BATCH_MAX, Vec::new())).to_vec();
        many[17 + 16 + 2 + 32 + 1] = TOKENS_PER_BATCH_MAX as u8 + 1;
        many.extend([0; 34]);
        assert!(decode(&many).is_err());
        let far = vec![Addr::Onion([5; 32], 443), Addr::V4([5; 4], 443)];
        assert!(decode(&encode(&[0; 16], &tokens(0, far))).is_err());
        let near = vec![Addr::V4([5; 4], 443); MAILBOX_ADDRS_MAX];
        let mut near = encode(&[0; 16], &tokens(0, near)).to_vec();
        assert!(decode(&near).is_ok());
        near.push(0);
        assert!(decode(&near).is_err(), "a byte too many");
    }

    #[test]
    fn only_who_asks_says_a_key() {
        let word = |says| {
            let word = BoxWord {
                id: [1; 16],
                says,
                quota_kib: 8192,
            };
            encode(&[0; 16], &Payload::Box(word)).to_vec()
        };
        let ask = word(BoxSays::Ask(Secret::new([2; 32])));
        for says in [BoxSays::Offer, BoxSays::Grant, BoxSays::End] {
            let mut bytes = word(says);
            assert_eq!(bytes.len(), ask.len());
            assert!(decode(&bytes).is_ok());
            bytes[17 + 17] = 1;
            assert!(decode(&bytes).is_err(), "a key where none belongs");
        }
        assert!(decode(&ask).is_ok());
        let mut other = ask;
        other[17 + 16] = 4;
        assert!(decode(&other).is_err(), "a word of a later version");
    }
}
