//! What two strangers tell each other about themselves when an invitation is used, and the inviter's
//! verdict, which brings it along. A nick is not clean here. PROTOCOL §2a.

use crate::limits::NICK_BYTES_MAX;
use crate::link::Records;
use crate::wire::{Addr, Malformed, Reader, Writer};

/// Addresses one side may tell the other here.
const ADDRS_MAX: usize = 3;
const ADDRS_BYTES_MAX: usize = 105;
/// An introduction at its longest, in bytes.
pub(super) const INTRODUCTION_BYTES_MAX: usize = 1 + NICK_BYTES_MAX + 1 + ADDRS_BYTES_MAX;

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
