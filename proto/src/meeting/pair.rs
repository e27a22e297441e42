//! Two of a list become friends: `Noise_KKpsk0` and ML-KEM-768 through the host, then each says once
//! whether it keeps the other. PROTOCOL §2c.

use crate::edge::{Agreed, prologue};
use crate::identity::{Identity, Point};
use crate::kdf::{self, Entropy, label};
use crate::kem::{self, CT_BYTES, EK_BYTES, Opener};
use crate::limits::FRIEND_ADDRS_MAX;
use crate::noise::{BadHandshake, Finished, Handshake, Pattern, Role, Setup, TAG_BYTES};
use crate::secret::{EdgeRoot, KemShared, Key, Meeting, Psk, Room};
use crate::wire::{Addr, Malformed, Reader, Writer};

/// `Noise1{ct 1088, r_i 32}`
pub(super) const PAIR_1_BYTES: usize = 32 + CT_BYTES + 32 + TAG_BYTES;
/// `Noise2{r_j 32}`
pub(super) const PAIR_2_BYTES: usize = 32 + 32 + TAG_BYTES;
/// The choice, with its tag.
pub(super) const KEEP_BYTES: usize = 512;

/// What all pairs of a list have in common.
pub(super) struct Common {
    list: [u8; 32],
    psk: Key<Psk>,
    meeting: Key<Meeting>,
}

impl Common {
    pub(super) fn new(list: [u8; 32], secret: &Key<Room>) -> Self {
        let fields = [list.as_slice(), secret.expose()];
        Self {
            list,
            psk: kdf::derive(label::ROOM_PSK, &fields),
            meeting: kdf::derive(label::ROOM_MEETING, &fields),
        }
    }

    fn start(
        &self,
        me: &Identity,
        other: &Point,
        role: Role,
        entropy: &mut Entropy,
    ) -> Result<Handshake, BadHandshake> {
        Setup {
            pattern: Pattern::KKpsk0,
            role,
            prologue: &prologue("kith/room/1", &self.list),
            psk: &self.psk,
            me: me.into(),
            other: Some(other),
        }
        .start(entropy)
    }

    fn pairing(
        &self,
        done: Finished,
        kem: &Key<KemShared>,
        r_i: &[u8; 32],
        r_r: &[u8; 32],
    ) -> Pairing {
        let root = Agreed {
            k_i: &done.k_i,
            k_r: &done.k_r,
            kem,
            meeting: &self.meeting,
            r_i,
            r_r,
            hash: &done.hash,
        }
        .root();
        Pairing {
            root,
            transport: done.transport,
        }
    }
}

/// The one who stands first in the list: message 1 was sent.
pub(crate) struct Offer {
    handshake: Handshake,
    kem: Key<KemShared>,
    r_i: [u8; 32],
}

/// Message 1, to a key that was committed to.
pub(super) fn offer(
    common: &Common,
    me: &Identity,
    (other, ek): (&Point, &[u8; EK_BYTES]),
    entropy: &mut Entropy,
) -> Result<(Offer, Vec<u8>), BadHandshake> {
    let (ct, kem) = kem::encapsulate(ek, entropy).map_err(|_| BadHandshake)?;
    let r_i: [u8; 32] = entropy.bytes();
    let mut handshake = common.start(me, other, Role::Initiator, entropy)?;
    let message = handshake.write(&[ct.as_slice(), &r_i].concat())?;
    let offer = Offer {
        handshake,
        kem,
        r_i,
    };
    Ok((offer, message))
}

impl Offer {
    /// Reads message 2.
    pub(super) fn finish(
        mut self,
        common: &Common,
        message: &[u8],
    ) -> Result<Pairing, BadHandshake> {
        let payload = self.handshake.read(message)?;
        let r_j = payload.as_slice().try_into().map_err(|_| BadHandshake)?;
        let done = self.handshake.finish()?;
        Ok(common.pairing(done, &self.kem, &self.r_i, r_j))
    }
}

/// Reads message 1 and makes message 2.
pub(super) fn answer(
    common: &Common,
    (me, opener): (&Identity, &Opener),
    other: &Point,
    message: &[u8],
    entropy: &mut Entropy,
) -> Result<(Pairing, Vec<u8>), BadHandshake> {
    let mut handshake = common.start(me, other, Role::Responder, entropy)?;
    let payload = handshake.read(message)?;
    let mut from = Reader::new(&payload);
    let (ct, r_i) = (from.take(CT_BYTES), from.array());
    let (ct, r_i) = (
        ct.map_err(|_| BadHandshake)?,
        r_i.map_err(|_| BadHandshake)?,
    );
    let kem = opener.open(ct).map_err(|_| BadHandshake)?;
    let r_j: [u8; 32] = entropy.bytes();
    let message = handshake.write(&r_j)?;
    let done = handshake.finish()?;
    Ok((common.pairing(done, &kem, &r_i, &r_j), message))
}

/// Two who have shaken hands: the edge they may keep, and one message each to say so.
pub(crate) struct Pairing {
    /// ER_0.
    pub root: Key<EdgeRoot>,
    transport: Box<snow::TransportState>,
}

/// What one says to the other about keeping the edge.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Keep {
    pub choice: KeepChoice,
    /// Where I can be reached; none unless I keep.
    pub addrs: Vec<Addr>,
}

/// The choice itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeepChoice {
    /// No: nothing is stored.
    No,
    /// Yes: the edge is on my disk.
    Keep,
    /// Yes, and we have an edge already: this one is not needed.
    Again,
}

impl Pairing {
    /// `choice u8 | n u8 | addr* | zeros`, sealed: 512 bytes. Once.
    pub(super) fn seal(&mut self, keep: &Keep) -> Result<Vec<u8>, BadHandshake> {
        let mut addrs = Writer::new();
        // An address without a port is none: it is left out.
        let said = keep.addrs.iter().take(FRIEND_ADDRS_MAX);
        let said = said.filter(|addr| addr.encode(&mut addrs).is_ok()).count();
        let mut body = Writer::new();
        body.u8(match keep.choice {
            KeepChoice::No => 0,
            KeepChoice::Keep => 1,
            KeepChoice::Again => 2,
        });
        body.u8(said as u8);
        body.bytes(addrs.written());
        let mut body = body.into_vec();
        body.resize(KEEP_BYTES - TAG_BYTES, 0);
        let mut message = vec![0; KEEP_BYTES];
        self.transport.write_message(&body, &mut message)?;
        Ok(message)
    }

    /// Opens what the other said. Once.
    pub(super) fn open(&mut self, message: &[u8]) -> Result<Keep, BadHandshake> {
        let mut body = vec![0; message.len()];
        let length = self.transport.read_message(message, &mut body)?;
        body.truncate(length);
        read_keep(&body).map_err(|_| BadHandshake)
    }
}

fn read_keep(body: &[u8]) -> Result<Keep, Malformed> {
    let mut from = Reader::new(body);
    let choice = match from.u8()? {
        0 => KeepChoice::No,
        1 => KeepChoice::Keep,
        2 => KeepChoice::Again,
        _ => return Err(Malformed),
    };
    let count = usize::from(from.u8()?);
    if count > FRIEND_ADDRS_MAX || (count > 0 && choice == KeepChoice::No) {
        return Err(Malformed);
    }
    let addrs = (0..count).map(|_| Addr::decode(&mut from));
    let addrs = addrs.collect::<Result<_, _>>()?;
    from.zeros(from.left())?;
    Ok(Keep { choice, addrs })
}
