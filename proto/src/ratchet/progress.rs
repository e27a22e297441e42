//! How far a session got on each side, so that a disk that went back in time shows. PROTOCOL §3 "Hello".

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
