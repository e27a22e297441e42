//! Who is in a group: one seat a person, with one to four computers of which one is the voice. The
//! set has a name, by which messages say whom their author held for its members. PROTOCOL §7.

use super::{Hash, Ik};
use crate::kdf::{self, label};
use crate::limits::{GROUP_COMPUTERS_MAX, SEAT_COMPUTERS_MAX};
use crate::wire::{Malformed, Reader, Writer};

/// How far somebody is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) enum Role {
    /// Says and decides.
    Member,
    /// Reads what is addressed to spectators too, and decides nothing.
    Spectator,
}

/// One person.
#[derive(Clone, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) struct Seat {
    pub role: Role,
    /// Sorted, one to four.
    pub computers: Vec<Ik>,
    /// The one of them whose positions count.
    pub voice: Ik,
}

/// All of them, sorted by the first computer of each: no computer stands in it twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) struct Seats(Vec<Seat>);

impl Seat {
    /// Of a person with one computer.
    pub(crate) fn of(role: Role, computer: Ik) -> Self {
        Self {
            role,
            computers: vec![computer],
            voice: computer,
        }
    }

    fn can_be(&self) -> bool {
        let sorted = self.computers.is_sorted_by(|a, b| a < b);
        let count = (1..=SEAT_COMPUTERS_MAX).contains(&self.computers.len());
        sorted && count && self.computers.contains(&self.voice)
    }
}

impl Seats {
    /// Sorts them; nothing if one of them, or all together, cannot be.
    pub(crate) fn new(mut seats: Vec<Seat>) -> Option<Self> {
        seats.sort_by(|a, b| a.computers.cmp(&b.computers));
        let mut all: Vec<_> = seats.iter().flat_map(|seat| &seat.computers).collect();
        all.sort();
        let once = all.is_sorted_by(|a, b| a < b) && all.len() <= GROUP_COMPUTERS_MAX;
        (once && seats.iter().all(Seat::can_be)).then_some(Self(seats))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Seat> {
        self.0.iter()
    }

    /// Seats that decide.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Seat> {
        self.0.iter().filter(|seat| seat.role == Role::Member)
    }

    /// All computers, in the order by which messages number them.
    pub(crate) fn computers(&self) -> impl Iterator<Item = &Ik> {
        self.0.iter().flat_map(|seat| &seat.computers)
    }

    /// The seat of a computer.
    pub(crate) fn seat_of(&self, computer: &Ik) -> Option<&Seat> {
        let mut seats = self.0.iter();
        seats.find(|seat| seat.computers.contains(computer))
    }

    /// With one more; nothing if that cannot be: somebody has a computer of theirs, or there are too many.
    pub(super) fn with(&self, seat: Seat) -> Option<Self> {
        Self::new(self.0.iter().cloned().chain([seat]).collect())
    }

    /// Without the seat of a computer.
    pub(super) fn without(&self, computer: &Ik) -> Self {
        let mut seats = self.0.clone();
        seats.retain(|seat| !seat.computers.contains(computer));
        Self(seats)
    }

    /// The number of a computer, 0 to 63.
    pub(crate) fn index_of(&self, computer: &Ik) -> Option<u8> {
        let at = self.computers().position(|other| other == computer)?;
        u8::try_from(at).ok()
    }

    /// The computer with this number.
    pub(crate) fn computer(&self, index: u8) -> Option<&Ik> {
        self.computers().nth(usize::from(index))
    }

    /// The name of this set, voices not counted. 16 bytes.
    pub(crate) fn view(&self) -> Hash {
        let mut to = Writer::new();
        self.encode_set(&mut to);
        kdf::digest(label::GROUP_VIEW, &[to.written()])
    }

    /// `n u8 | per seat: role u8 | k u8 | k x IK`.
    fn encode_set(&self, to: &mut Writer) {
        // At most 64 computers, so at most 64 seats.
        to.u8(self.0.len() as u8);
        for seat in &self.0 {
            to.u8(match seat.role {
                Role::Member => 0,
                Role::Spectator => 1,
            });
            to.u8(seat.computers.len() as u8);
            seat.computers
                .iter()
                .for_each(|computer| to.bytes(computer));
        }
    }

    /// The set, then for each seat the place of its voice among its computers, `u8`.
    pub(crate) fn encode(&self, to: &mut Writer) {
        self.encode_set(to);
        for seat in &self.0 {
            let place = seat.computers.iter().position(|it| *it == seat.voice);
            to.u8(place.unwrap_or_default() as u8);
        }
    }

    pub(crate) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let count = usize::from(from.u8()?);
        if count > GROUP_COMPUTERS_MAX {
            return Err(Malformed);
        }
        let mut seats = Vec::new();
        for _ in 0..count {
            let role = match from.u8()? {
                0 => Role::Member,
                1 => Role::Spectator,
                _ => return Err(Malformed),
            };
            let computers = usize::from(from.u8()?);
            if !(1..=SEAT_COMPUTERS_MAX).contains(&computers) {
                return Err(Malformed);
            }
            let computers = (0..computers).map(|_| from.array());
            let computers = computers.collect::<Result<Vec<Ik>, _>>()?;
            seats.push((role, computers));
        }
        let mut whole = Vec::new();
        for (role, computers) in seats {
            let place = usize::from(from.u8()?);
            let voice = *computers.get(place).ok_or(Malformed)?;
            whole.push(Seat {
                role,
                computers,
                voice,
            });
        }
        let sorted = whole.is_sorted_by(|a, b| a.computers < b.computers);
        sorted.then_some(whole).and_then(Self::new).ok_or(Malformed)
    }
}
