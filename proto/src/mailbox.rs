//! Parcels that a friend keeps for somebody who is away: how one leaves them there without a name, and
//! how their owner fetches them. Both sides, without I/O. PROTOCOL §5.
//!
//! Three parties: the **owner** of a box drew its keys; the **keeper** was given them and holds what
//! comes; a **visitor** holds a token, and says no more than that. All of it goes over mute
//! connections: a flight of `FLIGHT_BYTES`, an answer as long, then records with frames in them.
//!
//! # Client API
//! The owner draws a box with [`BoxKeys::new`] and gives [`BoxKeys::id`] and [`BoxKeys::key`] to the
//! keeper. [`Drawn`] draws serials (stored before they are given away), [`BoxKeys::token`] makes the
//! tokens, which go to friends with [`BoxKeys::door`].
//!
//! ```text
//! leaving    deposit::visit(door, token, ..) -> (Knocking, flight)      write, then read FLIGHT_BYTES
//!            Knocking::finish(door, answer)  -> Visit                   is_full: the box had no room
//!            Visit::leave(parcel)            -> bytes to write          VISIT_PARCELS_MAX at most
//!            Visit::hear(bytes)              -> Stored | Full each      in the order of leaving
//! fetching   fetch::visit(keys, stamp, ..)   -> (Knocking, flight)      the stamp is stored first
//!            Knocking::finish(keys, answer)  -> (Visit, bytes to write)
//!            Visit::hear(bytes)              -> Parcel{slot, ..} | All     All: nothing is left, deletions too are done
//!            Visit::delete(slot, parcel)     -> bytes to write          once the parcel is on the disk
//! both       Visit::wants()                  how many bytes to read next, until the connection is closed
//! ```
//! An error of any of them: close, without a word. A token that was shown is used up, whatever came of it.

pub(crate) mod deposit;
pub(crate) mod drawn;
pub(crate) mod fetch;
mod spent;
mod talk;
#[cfg(test)]
mod tests;

pub(crate) use drawn::Drawn;
pub(crate) use spent::Spent;
#[cfg(any(test, feature = "testing"))]
pub(crate) use talk::BadTalk;
#[cfg(feature = "testing")]
pub(crate) use talk::frames_again;

use crate::kdf::{self, Entropy, label};
use crate::noise::{BadHandshake, Handshake, Pattern, Role, Setup, Speaker, TAG_BYTES};
use crate::secret::{Door as DoorPurpose, Flight, Hint, Key, Mailbox, Psk, Wrap};
use crate::token::{Serial, Token};

/// By what owner, keeper and visitors know a box: random, of no use to whoever has no key.
pub(crate) type BoxId = crate::keeper::BoxId;

/// `ver u8`, the payload of the first message both ways.
const VERSION: u8 = 1;

/// How one knocks at a box to leave something: all that its visitors share.
pub(crate) struct Door {
    id: BoxId,
    secret: Key<DoorPurpose>,
    lock: Lock,
}

/// The keys of a mute door, for leaving or for fetching.
struct Lock {
    hint: Key<Hint>,
    flight: Key<Flight>,
    wrap_in: Key<Wrap>,
    wrap_out: Key<Wrap>,
}

impl Door {
    /// From what its owner says of it in the session.
    pub(crate) fn new(id: BoxId, secret: Key<DoorPurpose>) -> Self {
        let from = [secret.expose().as_slice()];
        let lock = Lock {
            hint: kdf::derive(label::DOOR_HINT, &from),
            flight: kdf::derive(label::DOOR_FLIGHT, &from),
            wrap_in: kdf::derive(label::DOOR_WRAP_IN, &from),
            wrap_out: kdf::derive(label::DOOR_WRAP_OUT, &from),
        };
        Self { id, secret, lock }
    }

    /// What is given to visitors, 32 bytes.
    pub(crate) fn secret(&self) -> &Key<DoorPurpose> {
        &self.secret
    }

    /// The hint of flights to it, and the key of their tags.
    pub(crate) fn knocker(&self) -> (&Key<Hint>, &Key<Flight>) {
        (&self.lock.hint, &self.lock.flight)
    }

    fn start(
        &self,
        token: &Token,
        role: Role,
        entropy: &mut Entropy,
    ) -> Result<Handshake, BadHandshake> {
        let psk = kdf::derive(label::DOOR_PSK, &[token.key().expose()]);
        start("kith/deposit/1", &self.id, &psk, role, entropy)
    }
}

/// A box, as its owner and its keeper know it.
pub(crate) struct BoxKeys {
    key: Key<Mailbox>,
    door: Door,
    fetch: Lock,
    psk: Key<Psk>,
}

impl BoxKeys {
    /// From what the owner told its keeper.
    pub(crate) fn new(id: BoxId, key: Key<Mailbox>) -> Self {
        let door = kdf::derive(label::DOOR, &[key.expose(), &id]);
        let from = [key.expose().as_slice()];
        let fetch = Lock {
            hint: kdf::derive(label::FETCH_HINT, &from),
            flight: kdf::derive(label::FETCH_FLIGHT, &from),
            wrap_in: kdf::derive(label::FETCH_WRAP_IN, &from),
            wrap_out: kdf::derive(label::FETCH_WRAP_OUT, &from),
        };
        let psk = kdf::derive(label::DOOR_FETCH, &from);
        Self {
            key,
            door: Door::new(id, door),
            fetch,
            psk,
        }
    }

    pub(crate) fn id(&self) -> &BoxId {
        &self.door.id
    }

    /// K_box.
    pub(crate) fn key(&self) -> &Key<Mailbox> {
        &self.key
    }

    /// Where its visitors knock.
    pub(crate) fn door(&self) -> &Door {
        &self.door
    }

    /// The hint of its owner's flights, and the key of their tags.
    pub(crate) fn fetch_knocker(&self) -> (&Key<Hint>, &Key<Flight>) {
        (&self.fetch.hint, &self.fetch.flight)
    }

    /// The token of this serial, with no conditions.
    pub(crate) fn token(&self, serial: Serial) -> Token {
        Token::made(&self.key, &self.door.id, serial)
    }

    /// By which the owner shows that a parcel is safe and may go: `MAC(K_box, "del" || box_id || slot u32 || BLAKE3
    /// of it)[..16]`.
    fn receipt(&self, slot: u32, sum: &[u8; 32]) -> [u8; 16] {
        kdf::mac(
            &self.key,
            &[b"del", &self.door.id, &slot.to_le_bytes(), sum],
        )
    }

    fn start(&self, role: Role, entropy: &mut Entropy) -> Result<Handshake, BadHandshake> {
        start("kith/fetch/1", &self.door.id, &self.psk, role, entropy)
    }
}

fn start(
    prologue: &str,
    id: &BoxId,
    psk: &Key<Psk>,
    role: Role,
    entropy: &mut Entropy,
) -> Result<Handshake, BadHandshake> {
    Setup {
        pattern: Pattern::NNpsk0,
        role,
        prologue: &[prologue.as_bytes(), id].concat(),
        psk,
        me: Speaker::Nobody,
        other: None,
    }
    .start(entropy)
}

/// A message of these handshakes with a payload of so many bytes.
const fn noise_bytes(payload: usize) -> usize {
    32 + payload + TAG_BYTES
}
