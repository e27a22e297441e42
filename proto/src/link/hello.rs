//! The first frame on a link, from both: how far each session got, so that a disk that went back
//! in time is noticed before a parcel leaves. PROTOCOL §3 "Hello".

use crate::limits::HELLO_SESSIONS_MAX;
use crate::ratchet::{Progress, Standings};
use crate::wire::{Malformed, Reader, Writer};

/// `n u8 = 4 | n x (session 32 | sent_chain | sent_n | got_chain | got_n, u32 each)`: active,
/// previous, pending and parked session, zeros where there is none.
pub(crate) fn encode(sessions: &Standings) -> Vec<u8> {
    let mut to = Writer::new();
    to.u8(HELLO_SESSIONS_MAX as u8);
    for progress in sessions.slots().map(Option::unwrap_or_default) {
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
pub(crate) fn decode(body: &[u8]) -> Result<Standings, Malformed> {
    let mut from = Reader::new(body);
    if usize::from(from.u8()?) != HELLO_SESSIONS_MAX {
        return Err(Malformed);
    }
    let mut sessions = [None; HELLO_SESSIONS_MAX];
    for session in &mut sessions {
        let progress = Progress {
            session: from.array()?,
            sent_chain: from.u32()?,
            sent_n: from.u32()?,
            got_chain: from.u32()?,
            got_n: from.u32()?,
        };
        if progress == Progress::default() {
            continue;
        }
        if progress.session == [0; 32] {
            return Err(Malformed);
        }
        *session = Some(progress);
    }
    from.finish()?;
    Ok(Standings::of_slots(sessions))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ratchet::testing::progress;

    #[test]
    fn a_hello_survives_the_wire_and_nothing_else_does() {
        let sessions = Standings {
            active: Some(progress((1, 2), (3, 4))),
            pending: Some(progress((5, 6), (7, 8))),
            ..Standings::default()
        };
        let bytes = encode(&sessions);
        assert_eq!(decode(&bytes).unwrap(), sessions);
        for cut in 0..bytes.len() {
            assert_eq!(decode(&bytes[..cut]), Err(Malformed));
        }
        assert_eq!(decode(&[bytes.as_slice(), &[0]].concat()), Err(Malformed));
        assert_eq!(decode(&[5]), Err(Malformed), "five sessions");
        let mut nobody = encode(&Standings::default());
        assert_eq!(decode(&nobody), Ok(Standings::default()));
        nobody[40] = 1;
        assert_eq!(decode(&nobody), Err(Malformed), "numbers of no session");
    }
}
