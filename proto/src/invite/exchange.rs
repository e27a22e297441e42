//! Three messages and a record by which a stranger with an invitation becomes a friend:
//! `Noise_XKpsk0` behind the invitation's own door, ML-KEM-768 mixed in. PROTOCOL §2a.
//!
//! The inviter is I (Noise's responder), the joiner J (its initiator). Each step consumes the one
//! before. Who may take which step when, and what is on the disk by then, is the engine's.

use crate::edge::{Agreed, prologue};
use crate::identity::Point;
use crate::invite::Code;
use crate::kdf::{self, Entropy, label};
use crate::kem::{self, CT_BYTES, EK_BYTES, Opener};
use crate::limits::{CLAIM_BYTES, INVITE_FLIGHT_BYTES, INVITE_SECRET_BYTES, NICK_BYTES_MAX};
use crate::link::{Records, flight};
use crate::noise::{BadHandshake, Finished, Handshake, Pattern, Role, Setup, Speaker, TAG_BYTES};
use crate::secret::{EdgeRoot, Flight, Hint, Invitation, KemShared, Key, Meeting, Psk, Wrap};
use crate::wire::Addr;
use crate::wire::{Malformed, Reader, Writer};

const VERSION: u8 = 1;
const SUITE: u8 = 1;
/// Addresses one side may tell the other here.
const ADDRS_MAX: usize = 3;
const ADDRS_BYTES_MAX: usize = 105;
const ASK_PAYLOAD: usize = 2 + EK_BYTES;
const ANSWER_PAYLOAD: usize = 2 + CT_BYTES + 32;
const CLAIM_PAYLOAD: usize = 32 + 1 + NICK_BYTES_MAX + 1 + ADDRS_BYTES_MAX;
const ASK_NOISE: usize = 32 + ASK_PAYLOAD + TAG_BYTES;
const ANSWER_NOISE: usize = 32 + ANSWER_PAYLOAD + TAG_BYTES;
const CLAIM_NOISE: usize = 32 + TAG_BYTES + CLAIM_PAYLOAD + TAG_BYTES;

/// All keys of one invitation, the same for whoever holds its text.
pub(crate) struct InviteKeys {
    pub hint: Key<Hint>,
    pub flight: Key<Flight>,
    wrap_j: Key<Wrap>,
    wrap_i: Key<Wrap>,
    psk: Key<Psk>,
    meeting: Key<Meeting>,
    id: [u8; 32],
}

impl InviteKeys {
    /// `S = D("invite", secret || IK || expiry u32)`, and what comes from it.
    pub(crate) fn of(code: &Code) -> Self {
        let secret = &code.secret.expose()[..INVITE_SECRET_BYTES];
        let s: Key<Invitation> = kdf::derive(
            label::INVITE,
            &[secret, &code.ik, &code.expiry_min.to_le_bytes()],
        );
        let s = [s.expose().as_slice()];
        Self {
            hint: kdf::derive(label::INVITE_HINT, &s),
            flight: kdf::derive(label::INVITE_FLIGHT, &s),
            wrap_j: kdf::derive(label::INVITE_WRAP_J, &s),
            wrap_i: kdf::derive(label::INVITE_WRAP_I, &s),
            psk: kdf::derive(label::INVITE_PSK, &s),
            meeting: kdf::derive(label::INVITE_MEETING, &s),
            id: kdf::digest(label::INVITE_ID, &s),
        }
    }

    fn start<'a>(
        &self,
        me: impl Into<Speaker<'a>>,
        other: Option<&Point>,
        role: Role,
        entropy: &mut Entropy,
    ) -> Result<Handshake, BadHandshake> {
        let prologue = prologue("kith/invite/1", &self.id);
        Setup {
            pattern: Pattern::XKpsk0,
            role,
            prologue: &prologue,
            psk: &self.psk,
            me: me.into(),
            other,
        }
        .start(entropy)
    }

    fn root(
        &self,
        done: &Finished,
        kem: &Key<KemShared>,
        r_i: &[u8; 32],
        r_r: &[u8; 32],
    ) -> Key<EdgeRoot> {
        let (k_i, k_r, hash) = (&done.k_i, &done.k_r, &done.hash);
        Agreed {
            k_i,
            k_r,
            kem,
            meeting: &self.meeting,
            r_i,
            r_r,
            hash,
        }
        .root()
    }
}

/// What one side tells the other about itself.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Introduction {
    /// What it calls itself, not clean, at most 128 bytes; empty for nothing.
    pub nick: String,
    /// Where it can be reached.
    pub addrs: Vec<Addr>,
}

impl Introduction {
    /// `nick_len u8 | nick | n u8 | addr*`
    pub(crate) fn encode(&self, to: &mut Writer) {
        let nick = if self.nick.len() > NICK_BYTES_MAX {
            ""
        } else {
            &self.nick
        };
        to.u8(nick.len() as u8);
        to.bytes(nick.as_bytes());
        let mut addrs = Writer::new();
        // An address without a port is none: it is left out.
        let told = self
            .addrs
            .iter()
            .take(ADDRS_MAX)
            .filter(|addr| addr.encode(&mut addrs).is_ok())
            .count();
        to.u8(told as u8);
        to.bytes(addrs.written());
    }

    pub(crate) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let length = usize::from(from.u8()?);
        if length > NICK_BYTES_MAX {
            return Err(Malformed);
        }
        let nick = core::str::from_utf8(from.take(length)?)
            .map_err(|_| Malformed)?
            .to_owned();
        let count = usize::from(from.u8()?);
        if count > ADDRS_MAX {
            return Err(Malformed);
        }
        let addrs = (0..count)
            .map(|_| Addr::decode(from))
            .collect::<Result<_, _>>()?;
        Ok(Self { nick, addrs })
    }
}

/// J: message 1 was sent.
pub(crate) struct Asking {
    handshake: Handshake,
    opener: Opener,
}

/// J: message 1, `flight with stamp = 0, Noise1{ver, suite, ek}`, 1536 bytes.
pub(crate) fn ask<'a>(
    keys: &InviteKeys,
    me: impl Into<Speaker<'a>>,
    inviter: &Point,
    entropy: &mut Entropy,
) -> Result<(Asking, Vec<u8>), BadHandshake> {
    let (opener, ek) = Opener::draw(entropy);
    let mut handshake = keys.start(me, Some(inviter), Role::Initiator, entropy)?;
    let noise = handshake.write(&[[VERSION, SUITE].as_slice(), &ek].concat())?;
    let bytes = flight::seal_with(
        &keys.hint,
        &keys.flight,
        &keys.wrap_j,
        entropy.bytes(),
        0,
        &noise,
        INVITE_FLIGHT_BYTES,
    );
    Ok((Asking { handshake, opener }, bytes))
}

/// J: message 2 was good; the edge root goes to the disk, then `message` leaves.
pub(crate) struct Claim {
    /// ER_0 of this run.
    pub root: Key<EdgeRoot>,
    /// Message 3, 512 bytes.
    pub message: Vec<u8>,
    /// Opens the verdict.
    pub records: Records,
}

impl Asking {
    /// J: reads message 2 and makes message 3, `Noise3{r_J, nick, addrs}`.
    pub(crate) fn claim(
        mut self,
        keys: &InviteKeys,
        answer: &[u8],
        about_me: &Introduction,
        entropy: &mut Entropy,
    ) -> Result<Claim, BadHandshake> {
        let noise = flight::open_answer(&keys.wrap_i, answer, ANSWER_NOISE).ok_or(BadHandshake)?;
        let payload = self.handshake.read(&noise)?;
        let (ct, r_i) = read_answer(&payload).map_err(|_| BadHandshake)?;
        let kem = self.opener.open(ct).map_err(|_| BadHandshake)?;
        let r_j: [u8; 32] = entropy.bytes();
        let mut third = Writer::new();
        third.bytes(&r_j);
        about_me.encode(&mut third);
        let mut third = third.into_vec();
        third.resize(CLAIM_PAYLOAD, 0);
        let noise = self.handshake.write(&third)?;
        let message = flight::seal_answer(&keys.wrap_j, entropy.bytes(), &noise, CLAIM_BYTES);
        let done = self.handshake.finish()?;
        let root = keys.root(&done, &kem, &r_j, &r_i);
        Ok(Claim {
            root,
            message,
            records: Records::new(done, Role::Initiator),
        })
    }
}

/// `ver, suite, ct 1088, r_I 32`: an unknown version or suite ends the run.
fn read_answer(payload: &[u8]) -> Result<(&[u8], [u8; 32]), Malformed> {
    let mut from = Reader::new(payload);
    if from.array::<2>()? != [VERSION, SUITE] {
        return Err(Malformed);
    }
    let (ct, r_i) = (from.take(CT_BYTES)?, from.array()?);
    from.finish()?;
    Ok((ct, r_i))
}

/// I: message 1 was answered.
pub(crate) struct Heard {
    handshake: Handshake,
    kem: Key<KemShared>,
    r_i: [u8; 32],
}

/// I: reads a tagged message 1 and makes message 2, 1536 bytes.
pub(crate) fn hear<'a>(
    keys: &InviteKeys,
    me: impl Into<Speaker<'a>>,
    bytes: &[u8],
    entropy: &mut Entropy,
) -> Result<(Heard, Vec<u8>), BadHandshake> {
    let (stamp, noise) = flight::open_with(&keys.wrap_j, bytes, ASK_NOISE).ok_or(BadHandshake)?;
    if stamp != 0 {
        return Err(BadHandshake);
    }
    let mut handshake = keys.start(me, None, Role::Responder, entropy)?;
    let payload = handshake.read(&noise)?;
    let ek = payload
        .strip_prefix(&[VERSION, SUITE])
        .ok_or(BadHandshake)?;
    let (ct, kem) = kem::encapsulate(ek, entropy).map_err(|_| BadHandshake)?;
    let r_i: [u8; 32] = entropy.bytes();
    let noise = handshake.write(&[[VERSION, SUITE].as_slice(), &ct, &r_i].concat())?;
    let answer = flight::seal_answer(&keys.wrap_i, entropy.bytes(), &noise, INVITE_FLIGHT_BYTES);
    Ok((
        Heard {
            handshake,
            kem,
            r_i,
        },
        answer,
    ))
}

/// I: message 3 was good: who claims, and the edge it would make.
pub(crate) struct Claimed {
    /// J's identity, now proved.
    pub joiner: Point,
    /// ER_0 of this run.
    pub root: Key<EdgeRoot>,
    /// What J says of itself.
    pub about: Introduction,
    /// Seals the verdict.
    pub records: Records,
}

impl Heard {
    /// I: reads message 3.
    pub(crate) fn claimed(
        mut self,
        keys: &InviteKeys,
        message: &[u8],
    ) -> Result<Claimed, BadHandshake> {
        let noise = flight::open_answer(&keys.wrap_j, message, CLAIM_NOISE).ok_or(BadHandshake)?;
        let payload = self.handshake.read(&noise)?;
        let mut from = Reader::new(&payload);
        let r_j = from.array().map_err(|_| BadHandshake)?;
        let about = Introduction::decode(&mut from).map_err(|_| BadHandshake)?;
        if from.rest().iter().any(|&byte| byte != 0) {
            return Err(BadHandshake);
        }
        let joiner = self.handshake.other()?;
        let done = self.handshake.finish()?;
        let root = keys.root(&done, &self.kem, &r_j, &self.r_i);
        Ok(Claimed {
            joiner,
            root,
            about,
            records: Records::new(done, Role::Responder),
        })
    }
}

/// What the inviter answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// We are friends.
    Accepted,
    /// A human must say yes first.
    Waiting,
}

/// I: the verdict as one record of 512 bytes.
pub(crate) fn seal_verdict(
    records: &mut Records,
    verdict: Verdict,
    about_me: &Introduction,
) -> Option<Vec<u8>> {
    let mut body = Writer::new();
    body.u8(match verdict {
        Verdict::Accepted => 1,
        Verdict::Waiting => 2,
    });
    about_me.encode(&mut body);
    let mut record = Vec::new();
    records.seal(&body.into_vec(), false, &mut record).ok()?;
    Some(record)
}

/// J: opens the verdict.
pub(crate) fn open_verdict(
    records: &mut Records,
    record: &[u8],
) -> Option<(Verdict, Introduction)> {
    let (head, rest) = record.split_first_chunk()?;
    (records.length(*head).ok()? == rest.len()).then_some(())?;
    let mut body = Vec::new();
    records.open(rest, &mut body).ok()?;
    let mut from = Reader::new(&body);
    let verdict = match from.u8().ok()? {
        1 => Verdict::Accepted,
        2 => Verdict::Waiting,
        _ => return None,
    };
    let about = Introduction::decode(&mut from).ok()?;
    from.finish().ok()?;
    Some((verdict, about))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Identity;
    use crate::words::Language;

    fn identity(n: u8) -> Identity {
        Identity::from_seed(Key::fill(|b| b.fill(n)))
    }

    fn keys(inviter: &Identity, secret: u8) -> InviteKeys {
        InviteKeys::of(&Code {
            expiry_min: 100,
            ik: *inviter.point().as_bytes(),
            secret: Code::secret(|s| s.fill(secret)),
            addrs: Vec::new(),
            language: Language::French,
        })
    }

    fn about(nick: &str) -> Introduction {
        Introduction {
            nick: nick.into(),
            addrs: vec![Addr::Onion([1; 32], 9), Addr::V4([127, 0, 0, 1], 4040)],
        }
    }

    #[test]
    fn an_invitation_makes_the_same_edge_on_both_sides() {
        let (i, j) = (identity(1), identity(2));
        let keys = keys(&i, 3);
        let mut e = Entropy::new([4; 32]);
        let (asking, first) = ask(&keys, &j, i.point(), &mut e).unwrap();
        assert_eq!(first.len(), INVITE_FLIGHT_BYTES);
        assert!(flight::knocks(&keys.hint, &first) && flight::tagged(&keys.flight, &first));
        let (heard, second) = hear(&keys, &i, &first, &mut e).unwrap();
        assert_eq!(second.len(), INVITE_FLIGHT_BYTES);
        let mut claim = asking.claim(&keys, &second, &about("zoé"), &mut e).unwrap();
        assert_eq!(claim.message.len(), CLAIM_BYTES);
        let mut claimed = heard.claimed(&keys, &claim.message).unwrap();
        assert!(claimed.root.same(&claim.root));
        assert!(claimed.joiner == *j.point() && claimed.about == about("zoé"));
        let record = seal_verdict(&mut claimed.records, Verdict::Accepted, &about("bob")).unwrap();
        assert_eq!(record.len(), CLAIM_BYTES);
        let (verdict, host) = open_verdict(&mut claim.records, &record).unwrap();
        assert!(verdict == Verdict::Accepted && host == about("bob"));
    }

    #[test]
    fn the_largest_introduction_fits_and_a_longer_nick_is_left_out() {
        let (i, j) = (identity(1), identity(2));
        let keys = keys(&i, 3);
        let mut e = Entropy::new([4; 32]);
        for (length, told) in [(128, 128), (129, 0)] {
            let (asking, first) = ask(&keys, &j, i.point(), &mut e).unwrap();
            let (heard, second) = hear(&keys, &i, &first, &mut e).unwrap();
            let me = Introduction {
                nick: "n".repeat(length),
                addrs: vec![Addr::Onion([1; 32], 9); 3],
            };
            let claim = asking.claim(&keys, &second, &me, &mut e).unwrap();
            let mut claimed = heard.claimed(&keys, &claim.message).unwrap();
            assert_eq!(claimed.about.nick.len(), told);
            let record = seal_verdict(&mut claimed.records, Verdict::Accepted, &me).unwrap();
            assert_eq!(record.len(), CLAIM_BYTES);
        }
    }

    #[test]
    fn another_secret_another_inviter_and_every_flipped_byte_are_refused() {
        let (i, j) = (identity(1), identity(2));
        let keys_true = keys(&i, 3);
        let mut e = Entropy::new([4; 32]);
        let (_, first) = ask(&keys_true, &j, i.point(), &mut e).unwrap();
        let other = keys(&i, 5);
        assert!(!flight::knocks(&other.hint, &first));
        assert!(hear(&other, &i, &first, &mut e).is_err());
        assert!(hear(&keys_true, &identity(9), &first, &mut e).is_err());
        let (heard, second) = hear(&keys_true, &i, &first, &mut e).unwrap();
        for at in [0, 24, 100, 1200, 1535] {
            let (asking, _) = ask(&keys_true, &j, i.point(), &mut e).unwrap();
            let mut bad = second.clone();
            bad[at] ^= 1;
            assert!(
                asking.claim(&keys_true, &bad, &about(""), &mut e).is_err(),
                "byte {at}"
            );
        }
        assert!(heard.claimed(&keys_true, &[0; CLAIM_BYTES]).is_err());
    }

    #[test]
    fn an_unknown_version_or_suite_ends_the_run() {
        let (i, j) = (identity(1), identity(2));
        let keys = keys(&i, 3);
        let mut e = Entropy::new([4; 32]);
        for head in [[2, 1], [1, 0], [1, 2]] {
            let (_, ek) = Opener::draw(&mut e);
            let mut handshake = keys
                .start(&j, Some(i.point()), Role::Initiator, &mut e)
                .unwrap();
            let noise = handshake.write(&[head.as_slice(), &ek].concat()).unwrap();
            let bytes = flight::seal_with(
                &keys.hint,
                &keys.flight,
                &keys.wrap_j,
                [7; 24],
                0,
                &noise,
                INVITE_FLIGHT_BYTES,
            );
            assert!(hear(&keys, &i, &bytes, &mut e).is_err(), "{head:?}");
        }
    }
}
