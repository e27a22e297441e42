//! What one participant brings to a run of a meeting, and the commitment that binds it to a share
//! nobody has seen. PROTOCOL §2c.

use crate::identity::Point;
use crate::kdf::{self, Entropy, label};
use crate::kem::{self, EK_BYTES, Opener};
use crate::limits::NICK_BYTES_MAX;
use crate::secret::{Key, RoomShare};
use crate::text::clean_nick;
use crate::wire::{Malformed, Reader, Writer};

/// `IK 32 | ek 1184 | nick_len u8 | nick`, checked.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Data {
    pub point: Point,
    pub ek: Box<[u8; EK_BYTES]>,
    /// As it came, 1 to 128 bytes of which something can be shown.
    pub nick: String,
    /// The same as it can be shown.
    pub shown: String,
    /// `D("room data", data)`
    pub hash: [u8; 32],
}

impl Data {
    /// Nothing if nothing of the nickname can be shown, or it is longer than one can be.
    fn new(point: Point, ek: [u8; EK_BYTES], nick: &str) -> Option<Self> {
        let fits = (1..=NICK_BYTES_MAX).contains(&nick.len());
        let shown = clean_nick(nick).filter(|_| fits)?;
        let mut data = Self {
            point,
            ek: Box::new(ek),
            nick: nick.to_owned(),
            shown: shown.as_str().to_owned(),
            hash: [0; 32],
        };
        let mut bytes = Writer::new();
        data.encode(&mut bytes);
        data.hash = kdf::digest(label::ROOM_DATA, &[bytes.written()]);
        Some(data)
    }

    pub(super) fn encode(&self, to: &mut Writer) {
        to.bytes(self.point.as_bytes());
        to.bytes(&*self.ek);
        // At most 128 bytes: checked where it is typed, and where it is read.
        to.u8(self.nick.len() as u8);
        to.bytes(self.nick.as_bytes());
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let point = Point::parse(from.array()?).map_err(|_| Malformed)?;
        let ek = *kem::check(from.take(EK_BYTES)?).map_err(|_| Malformed)?;
        let length = usize::from(from.u8()?);
        let nick = core::str::from_utf8(from.take(length)?).map_err(|_| Malformed)?;
        Self::new(point, ek, nick).ok_or(Malformed)
    }
}

/// `c 32 | data`
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub c: [u8; 32],
    pub data: Data,
}

impl Entry {
    pub(super) fn encode(&self, to: &mut Writer) {
        to.bytes(&self.c);
        self.data.encode(to);
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (c, data) = (from.array()?, Data::decode(from)?);
        Ok(Self { c, data })
    }
}

/// My own part of one run: its share is drawn for this run, and is never used in another.
pub(super) struct Mine {
    pub entry: Entry,
    pub share: Key<RoomShare>,
    pub opener: Opener,
}

impl Mine {
    /// Nothing of a nickname that cannot be one.
    pub(super) fn draw(
        room_id: &[u8; 32],
        point: Point,
        nick: &str,
        entropy: &mut Entropy,
    ) -> Option<Self> {
        let (opener, ek) = Opener::draw(entropy);
        let share: Key<RoomShare> = entropy.key();
        let data = Data::new(point, ek, nick)?;
        let c = commit(room_id, &data.hash, share.expose());
        Some(Self {
            entry: Entry { c, data },
            share,
            opener,
        })
    }
}

/// `D("room commit", room_id . hd . r)`
pub(super) fn commit(room_id: &[u8; 32], hash: &[u8; 32], share: &[u8; 32]) -> [u8; 32] {
    let mut bytes = Writer::new();
    bytes.bytes(room_id);
    bytes.bytes(hash);
    bytes.bytes(share);
    kdf::digest(label::ROOM_COMMIT, &[bytes.written()])
}
