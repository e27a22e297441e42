//! The right to leave parcels in somebody's mailbox once: a chain of MACs that its holder can narrow
//! and nobody can widen. PROTOCOL §5.
//!
//! ```text
//! t_0     = MAC(K_box, "tok" || box_id || generation u16 || serial u16)
//! t_{k+1} = MAC(t_k, type u8 . len u8 . value)
//! ```
//!
//! Whoever holds t_n can go on to t_{n+1} and never back. Two tokens of one box have nothing in common
//! but the box. Which were used is the keeper's to know (`mailbox`).

use zeroize::Zeroizing;

use crate::kdf;
use crate::limits::{CAVEATS_BYTES_MAX, CAVEATS_MAX, TOKENS_PER_GENERATION};
use crate::secret::{Key, Mailbox, Token as TokenPurpose};
use crate::wire::{Malformed, Reader, Writer};

const NOT_AFTER: u8 = 1;
const BOUND_TO: u8 = 4;

/// Which token of a box: nothing of whom it was given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, bincode::Encode, bincode::Decode)]
pub(crate) struct Serial {
    /// Which `TOKENS_PER_GENERATION` of the box's tokens.
    pub generation: u16,
    /// Below `TOKENS_PER_GENERATION`.
    pub number: u16,
}

impl Serial {
    /// `generation u16 | number u16`
    pub(crate) fn encode(self, to: &mut Writer) {
        to.u16(self.generation);
        to.u16(self.number);
    }

    /// A number beyond its generation is malformed.
    pub(crate) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (generation, number) = (from.u16()?, from.u16()?);
        (number < TOKENS_PER_GENERATION)
            .then_some(Self { generation, number })
            .ok_or(Malformed)
    }
}

/// A condition that narrows a token. All of a token's must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caveat {
    /// Worth nothing after this day since 1970.
    NotAfter(u16),
    /// For one parcel alone, which has this BLAKE3 sum.
    BoundTo([u8; 32]),
}

impl Caveat {
    /// For this parcel alone.
    #[cfg(test)]
    pub(crate) fn bound_to(parcel: &[u8]) -> Self {
        Self::BoundTo(*blake3::hash(parcel).as_bytes())
    }

    /// `type u8 | len u8 | value`
    fn encode(&self, to: &mut Writer) {
        match self {
            Self::NotAfter(day) => {
                to.bytes(&[NOT_AFTER, 2]);
                to.u16(*day);
            }
            Self::BoundTo(sum) => {
                to.bytes(&[BOUND_TO, 32]);
                to.bytes(sum);
            }
        }
    }

    /// What is not understood cannot be obeyed: it is malformed.
    fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        match from.array()? {
            [NOT_AFTER, 2] => from.u16().map(Self::NotAfter),
            [BOUND_TO, 32] => from.array().map(Self::BoundTo),
            _ => Err(Malformed),
        }
    }
}

/// The conditions on a token, in the order in which they were added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Caveats(Vec<Caveat>);

impl Caveats {
    /// `n u8 | n x (type u8 | len u8 | value)`
    pub(crate) fn encode(&self, to: &mut Writer) {
        to.u8(self.0.len() as u8);
        self.0.iter().for_each(|caveat| caveat.encode(to));
    }

    /// Stands in a flight or a record; more than there may be, or one of another type, is malformed.
    pub(crate) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let count = usize::from(from.u8()?);
        if count > CAVEATS_MAX {
            return Err(Malformed);
        }
        let before = from.left();
        let caveats = (0..count).map(|_| Caveat::decode(from));
        let caveats = Self(caveats.collect::<Result<_, _>>()?);
        (before - from.left() <= CAVEATS_BYTES_MAX)
            .then_some(caveats)
            .ok_or(Malformed)
    }

    /// Whether they let anybody in today, a day since 1970.
    pub(crate) fn hold_on(&self, today: u16) -> bool {
        self.0.iter().all(|caveat| match caveat {
            Caveat::NotAfter(day) => today <= *day,
            Caveat::BoundTo(_) => true,
        })
    }

    /// Whether they leave a choice of parcels; if not, one parcel is all there is.
    pub(crate) fn is_bound(&self) -> bool {
        let mut caveats = self.0.iter();
        caveats.any(|caveat| matches!(caveat, Caveat::BoundTo(_)))
    }

    /// Whether they let this parcel in.
    pub(crate) fn admit(&self, parcel: &[u8]) -> bool {
        if !self.is_bound() || planted!(CaveatsIgnored) {
            return true;
        }
        let sum = blake3::hash(parcel);
        self.0.iter().all(|caveat| match caveat {
            Caveat::NotAfter(_) => true,
            Caveat::BoundTo(only) => only == sum.as_bytes(),
        })
    }

    fn room_for(&self, caveat: &Caveat) -> bool {
        let mut bytes = Writer::new();
        self.0.iter().for_each(|caveat| caveat.encode(&mut bytes));
        caveat.encode(&mut bytes);
        self.0.len() < CAVEATS_MAX && bytes.written().len() <= CAVEATS_BYTES_MAX
    }
}

/// The right to one visit. Whoever uses it gives it away: there is no copy.
pub(crate) struct Token {
    serial: Serial,
    caveats: Caveats,
    key: Key<TokenPurpose>,
}

impl Token {
    /// Made by who holds K_box: the box's owner, who gives it away, and its keeper, who looks whether
    /// what was shown is the same.
    pub(crate) fn made(key: &Key<Mailbox>, box_id: &[u8; 16], serial: Serial) -> Self {
        let (generation, number) = (serial.generation, serial.number);
        let (generation, number) = (generation.to_le_bytes(), number.to_le_bytes());
        let fields: [&[u8]; 4] = [b"tok", box_id, &generation, &number];
        Self {
            serial,
            caveats: Caveats::default(),
            key: Key::fill(|bytes| kdf::mac_into(key, &fields, bytes)),
        }
    }

    /// As it was given: which one it is, what narrows it, and t_n.
    pub(crate) fn given(serial: Serial, caveats: Caveats, key: Key<TokenPurpose>) -> Self {
        Self {
            serial,
            caveats,
            key,
        }
    }

    /// Narrowed by one condition more. As it was, if it has as many as there can be.
    pub(crate) fn narrowed(mut self, caveat: Caveat) -> Result<Self, Self> {
        if !self.caveats.room_for(&caveat) {
            return Err(self);
        }
        let mut bytes = Writer::new();
        caveat.encode(&mut bytes);
        let field = [bytes.written()];
        self.key = Key::fill(|next| kdf::mac_into(&self.key, &field, next));
        self.caveats.0.push(caveat);
        Ok(self)
    }

    /// The one whose conditions these are, from the one that has none. Nothing if there are too many.
    pub(crate) fn with(self, caveats: &Caveats) -> Option<Self> {
        let mut caveats = caveats.0.iter();
        caveats.try_fold(self, |token, caveat| token.narrowed(*caveat).ok())
    }

    pub(crate) fn serial(&self) -> Serial {
        self.serial
    }

    pub(crate) fn caveats(&self) -> &Caveats {
        &self.caveats
    }

    /// t_n.
    pub(crate) fn key(&self) -> &Key<TokenPurpose> {
        &self.key
    }

    /// What a flight says of it: `generation u16 | serial u16 | caveats`.
    pub(crate) fn shown(&self) -> Zeroizing<Vec<u8>> {
        let mut to = Writer::new();
        self.serial.encode(&mut to);
        self.caveats.encode(&mut to);
        Zeroizing::new(to.into_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(number: u16) -> Token {
        let serial = Serial {
            generation: 1,
            number,
        };
        Token::made(&Key::fill(|b| b.fill(7)), &[9; 16], serial)
    }

    fn same(one: &Token, other: &Token) -> bool {
        one.key.same(&other.key)
    }

    fn caveats(list: &[Caveat]) -> Caveats {
        Caveats(list.to_vec())
    }

    const DAY: Caveat = Caveat::NotAfter(20_780);
    const ONE: Caveat = Caveat::BoundTo([5; 32]);

    #[test]
    fn another_box_serial_or_generation_is_another_token() {
        let it = token(3);
        let key = Key::fill(|b| b.fill(7));
        let serial = |generation, number| Serial { generation, number };
        assert!(same(&it, &Token::made(&key, &[9; 16], serial(1, 3))));
        for other in [serial(1, 4), serial(2, 3), serial(3, 1)] {
            assert!(!same(&it, &Token::made(&key, &[9; 16], other)));
        }
        assert!(!same(&it, &Token::made(&key, &[8; 16], serial(1, 3))));
        let key = Key::fill(|b| b.fill(6));
        assert!(!same(&it, &Token::made(&key, &[9; 16], serial(1, 3))));
    }

    #[test]
    fn conditions_removed_reordered_or_doubled_are_another_token() {
        let narrow = |list: &[Caveat]| token(3).with(&caveats(list)).unwrap();
        let it = narrow(&[DAY, ONE]);
        assert!(same(&it, &narrow(&[DAY]).narrowed(ONE).ok().unwrap()));
        let others: [&[Caveat]; 6] = [
            &[],
            &[DAY],
            &[ONE],
            &[ONE, DAY],
            &[DAY, DAY, ONE],
            &[DAY, ONE, ONE],
        ];
        for other in others {
            assert!(!same(&it, &narrow(other)));
        }
        let later = Caveat::NotAfter(20_781);
        assert!(!same(&it, &narrow(&[later, ONE])), "widened");
    }

    #[test]
    fn all_conditions_must_hold() {
        let both = caveats(&[DAY, Caveat::NotAfter(20_790), Caveat::bound_to(b"this")]);
        assert!(both.hold_on(20_780) && !both.hold_on(20_781));
        assert!(both.is_bound() && both.admit(b"this") && !both.admit(b"that"));
        let none = caveats(&[Caveat::bound_to(b"this"), Caveat::bound_to(b"that")]);
        assert!(!none.admit(b"this") && !none.admit(b"that"));
        assert!(caveats(&[DAY]).admit(b"anything") && !caveats(&[DAY]).is_bound());
    }

    #[test]
    fn a_condition_nobody_knows_is_refused_and_so_is_one_too_many() {
        let read = |bytes: &[u8]| {
            let mut from = Reader::new(bytes);
            let caveats = Caveats::decode(&mut from)?;
            from.finish().map(|()| caveats)
        };
        assert_eq!(
            read(&[1, 1, 2, 0x2c, 0x51]),
            Ok(caveats(&[Caveat::NotAfter(20_780)]))
        );
        for unknown in [0, 2, 3, 5, 255] {
            assert_eq!(read(&[1, unknown, 2, 0, 0]), Err(Malformed));
        }
        assert_eq!(read(&[1, 1, 3, 0, 0, 0]), Err(Malformed), "another length");
        assert_eq!(read(&[1, 4, 2, 0, 0]), Err(Malformed), "another length");
        let days = |count: u8| [vec![count], [1, 2, 0, 0].repeat(count.into())].concat();
        assert!(read(&days(8)).is_ok() && read(&days(9)) == Err(Malformed));
        let sums = |count: u8| {
            [
                vec![count],
                [vec![4, 32], vec![0; 32]].concat().repeat(count.into()),
            ]
            .concat()
        };
        assert!(
            read(&sums(5)).is_ok() && read(&sums(6)) == Err(Malformed),
            "longer than a flight has room for"
        );
        let mut it = token(3);
        for _ in 0..5 {
            it = it.narrowed(ONE).ok().unwrap();
        }
        assert!(it.narrowed(ONE).is_err());
    }

    #[test]
    fn a_serial_ends_with_its_generation() {
        let read = |number: u16| {
            let [low, high] = number.to_le_bytes();
            Serial::decode(&mut Reader::new(&[1, 0, low, high]))
        };
        assert!(read(4095).is_ok());
        assert_eq!(read(4096), Err(Malformed));
        assert_eq!(read(u16::MAX), Err(Malformed));
    }
}
