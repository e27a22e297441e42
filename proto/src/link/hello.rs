//! The first frame on a link, from both: how far each session got, so that a disk that went back
//! in time is noticed before a parcel leaves. PROTOCOL §3 "Hello".

use crate::limits::HELLO_SESSIONS_MAX;
use crate::wire::{Malformed, Reader, Writer};

/// How far one session got on the side that says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// The session.
    pub session: [u8; 32],
    /// How many sending chains I have begun.
    pub sent_chain: u32,
    /// The next number in the newest of them.
    pub sent_n: u32,
    /// How many of the peer's chains I have seen.
    pub got_chain: u32,
    /// The highest number accepted in the newest of them, plus 1.
    pub got_n: u32,
}

/// Whose state is older than what the other remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RolledBack {
    /// The peer received more than I remember sending.
    Mine,
    /// I received more than the peer remembers sending.
    Theirs,
}

impl Progress {
    /// Compares my progress in a session with the peer's in the same one. `before` is mine when the
    /// handshake of this link began: parcels that came by another road since then may have been
    /// sealed after the peer said its Hello.
    pub(crate) fn compare(&self, before: Option<&Self>, theirs: &Self) -> Option<RolledBack> {
        let sent = (theirs.sent_chain, theirs.sent_n);
        if (theirs.got_chain, theirs.got_n) > (self.sent_chain, self.sent_n) {
            Some(RolledBack::Mine)
        } else if before.is_some_and(|before| (before.got_chain, before.got_n) > sent) {
            Some(RolledBack::Theirs)
        } else {
            None
        }
    }
}

/// `n u8 <= 4 | n x (session 32 | sent_chain | sent_n | got_chain | got_n, u32 each)`
pub(crate) fn encode(sessions: &[Progress]) -> Vec<u8> {
    let mut to = Writer::new();
    let sessions = &sessions[..sessions.len().min(HELLO_SESSIONS_MAX)];
    to.u8(sessions.len() as u8);
    for progress in sessions {
        to.bytes(&progress.session);
        for number in [
            progress.sent_chain,
            progress.sent_n,
            progress.got_chain,
            progress.got_n,
        ] {
            to.u32(number);
        }
    }
    to.into_vec()
}

/// Reads a Hello; anything unexpected makes it malformed.
pub(crate) fn decode(body: &[u8]) -> Result<Vec<Progress>, Malformed> {
    let mut from = Reader::new(body);
    let count = usize::from(from.u8()?);
    if count > HELLO_SESSIONS_MAX {
        return Err(Malformed);
    }
    let mut sessions = Vec::with_capacity(count);
    for _ in 0..count {
        sessions.push(Progress {
            session: from.array()?,
            sent_chain: from.u32()?,
            sent_n: from.u32()?,
            got_chain: from.u32()?,
            got_n: from.u32()?,
        });
    }
    from.finish()?;
    Ok(sessions)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(sent: (u32, u32), got: (u32, u32)) -> Progress {
        Progress {
            session: [7; 32],
            sent_chain: sent.0,
            sent_n: sent.1,
            got_chain: got.0,
            got_n: got.1,
        }
    }

    #[test]
    fn a_hello_survives_the_wire_and_nothing_else_does() {
        let sessions = [progress((1, 2), (3, 4)), progress((5, 6), (7, 8))];
        let bytes = encode(&sessions);
        assert_eq!(decode(&bytes).unwrap(), sessions);
        for cut in 0..bytes.len() {
            assert_eq!(decode(&bytes[..cut]), Err(Malformed));
        }
        assert_eq!(decode(&[bytes.as_slice(), &[0]].concat()), Err(Malformed));
        assert_eq!(decode(&[5]), Err(Malformed), "five sessions");
    }

    #[test]
    fn a_side_that_went_back_in_time_is_named() {
        let healthy = progress((2, 5), (2, 3));
        let compare = |theirs| healthy.compare(Some(&healthy), &theirs);
        assert_eq!(compare(progress((2, 3), (2, 5))), None);
        assert_eq!(compare(progress((2, 9), (1, 1))), None, "parcels under way");
        assert_eq!(compare(progress((2, 3), (2, 6))), Some(RolledBack::Mine));
        assert_eq!(compare(progress((2, 2), (2, 5))), Some(RolledBack::Theirs));
    }

    #[test]
    fn what_came_by_another_road_since_the_handshake_is_no_sign() {
        let (before, now) = (progress((2, 5), (2, 3)), progress((2, 5), (2, 4)));
        let theirs = progress((2, 3), (2, 5));
        assert_eq!(now.compare(Some(&before), &theirs), None);
        assert_eq!(now.compare(None, &theirs), None, "the session is younger");
    }
}
