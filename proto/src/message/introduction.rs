//! What passes between an introducer and the two who are introduced. Nothing here is trusted: whether
//! a label is one, and an invitation whole, is asked by who takes it. PROTOCOL §6 "Introductions".

use zeroize::Zeroizing;

use crate::invite::CODE_BYTES_MAX;
use crate::limits::{INTRODUCTION_NOTE_BYTES_MAX, PETNAME_BYTES_MAX};
use crate::wire::{Malformed, Reader, Writer};

/// Names an introduction to all three: 16 random bytes, drawn by the introducer.
pub(crate) type IntroductionId = [u8; 16];

/// Would you like to know somebody?
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct IntroAsk {
    pub id: IntroductionId,
    /// What the introducer calls them.
    pub label: String,
    /// What the introducer says of them.
    pub said: String,
}

/// I would.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct IntroAnswer {
    pub id: IntroductionId,
    /// An invitation of mine that is not open yet; empty if nobody could reach me.
    pub invitation: Zeroizing<Vec<u8>>,
}

/// Both would: this is who the other is.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct IntroGive {
    pub id: IntroductionId,
    /// Whether to take the invitation that stands here; else one's own opens, for this one alone.
    pub join: bool,
    /// IK, not checked.
    pub point: [u8; 32],
    pub invitation: Zeroizing<Vec<u8>>,
}

impl IntroAsk {
    pub(super) fn encode(&self, to: &mut Writer) {
        to.bytes(&self.id);
        short(to, self.label.as_bytes());
        short(to, self.said.as_bytes());
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            id: from.array()?,
            label: text(from, PETNAME_BYTES_MAX)?,
            said: text(from, INTRODUCTION_NOTE_BYTES_MAX)?,
        })
    }
}

impl IntroAnswer {
    pub(super) fn encode(&self, to: &mut Writer) {
        to.bytes(&self.id);
        short(to, &self.invitation);
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            id: from.array()?,
            invitation: Zeroizing::new(bytes(from, CODE_BYTES_MAX)?),
        })
    }
}

impl IntroGive {
    pub(super) fn encode(&self, to: &mut Writer) {
        to.bytes(&self.id);
        to.u8(self.join.into());
        to.bytes(&self.point);
        short(to, &self.invitation);
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            id: from.array()?,
            join: match from.u8()? {
                0 => false,
                1 => true,
                _ => return Err(Malformed),
            },
            point: from.array()?,
            invitation: Zeroizing::new(bytes(from, CODE_BYTES_MAX)?),
        })
    }
}

/// A field behind its length, of which there is one byte: all bounds are below 256.
fn short(to: &mut Writer, field: &[u8]) {
    let field = &field[..field.len().min(usize::from(u8::MAX))];
    to.u8(field.len() as u8);
    to.bytes(field);
}

fn bytes(from: &mut Reader<'_>, most: usize) -> Result<Vec<u8>, Malformed> {
    let length = usize::from(from.u8()?);
    if length > most {
        return Err(Malformed);
    }
    from.take(length).map(<[u8]>::to_vec)
}

fn text(from: &mut Reader<'_>, most: usize) -> Result<String, Malformed> {
    String::from_utf8(bytes(from, most)?).map_err(|_| Malformed)
}

#[cfg(test)]
mod tests {
    use super::super::{Payload, decode, encode};
    use super::*;

    fn ask(label: usize, said: usize) -> Payload {
        Payload::IntroAsk(IntroAsk {
            id: [1; 16],
            label: "l".repeat(label),
            said: "s".repeat(said),
        })
    }

    #[test]
    fn each_fits_the_smallest_bucket_and_no_field_is_longer_than_its_bound() {
        let longest = encode(
            &[0; 16],
            &ask(PETNAME_BYTES_MAX, INTRODUCTION_NOTE_BYTES_MAX),
        );
        assert_eq!(crate::parcel::bucket_for(longest.len()), Some(2048));
        assert!(decode(&longest).is_ok());
        for (label, said) in [
            (PETNAME_BYTES_MAX + 1, 0),
            (0, INTRODUCTION_NOTE_BYTES_MAX + 1),
        ] {
            assert!(decode(&encode(&[0; 16], &ask(label, said))).is_err());
        }
        let answer = |bytes| {
            let invitation = vec![7; bytes];
            encode(
                &[0; 16],
                &Payload::IntroAnswer(IntroAnswer {
                    id: [1; 16],
                    invitation: invitation.into(),
                }),
            )
        };
        assert_eq!(answer(CODE_BYTES_MAX).len(), 127);
        assert!(decode(&answer(CODE_BYTES_MAX)).is_ok());
        assert!(decode(&answer(CODE_BYTES_MAX + 1)).is_err());
    }

    #[test]
    fn a_word_that_is_neither_open_nor_join_is_malformed() {
        let give = IntroGive {
            id: [1; 16],
            join: true,
            point: [2; 32],
            invitation: vec![3; CODE_BYTES_MAX].into(),
        };
        let mut bytes = encode(&[0; 16], &Payload::IntroGive(give)).to_vec();
        assert_eq!(bytes.len(), 160);
        assert!(decode(&bytes).is_ok());
        bytes[33] = 2;
        assert!(decode(&bytes).is_err());
        bytes[33] = 0;
        bytes.push(0);
        assert!(decode(&bytes).is_err(), "a byte too many");
    }
}
