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

    /// Whether the peer said no more than what began the session, if that.
    pub(crate) fn has_heard_nothing(&self) -> bool {
        (self.got_chain, self.got_n) <= (1, 1)
    }
}

/// How far each session of one friend got, by what the session is to the side that says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standings {
    /// The one it speaks in.
    pub active: Option<Progress>,
    /// The one that spoke before, heard as long as post may take.
    pub previous: Option<Progress>,
    /// One whose third message it awaits.
    pub pending: Option<Progress>,
    /// One about which its human has to decide.
    pub parked: Option<Progress>,
}

/// How my sessions stand to the peer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nobody speaks yet.
    First,
    /// What I say is understood, now or once the peer's human has decided.
    Together,
    /// What I say is not, but what is under way will change that: the third message of a handshake,
    /// or a human.
    Waits,
    /// Nothing is under way, and what one of us says the other does not understand.
    Apart,
}

impl Standings {
    /// In the order of the wire.
    pub(crate) fn slots(&self) -> [Option<Progress>; 4] {
        [self.active, self.previous, self.pending, self.parked]
    }

    /// Likewise, back again.
    pub(crate) fn of_slots([active, previous, pending, parked]: [Option<Progress>; 4]) -> Self {
        Self {
            active,
            previous,
            pending,
            parked,
        }
    }

    /// The session of this id, whatever it is to them.
    pub(crate) fn of(&self, session: &[u8; 32]) -> Option<Progress> {
        let mut all = self.slots().into_iter().flatten();
        all.find(|progress| progress.session == *session)
    }

    /// Compares what each of my sessions is here with what it is there.
    pub(crate) fn with(&self, theirs: &Self) -> Standing {
        let same = |mine: Option<Progress>, its: Option<Progress>| {
            mine.is_some() && mine.map(|it| it.session) == its.map(|it| it.session)
        };
        let heard = [theirs.active, theirs.pending, theirs.parked];
        if heard.iter().any(|its| same(self.active, *its)) {
            return Standing::Together;
        }
        if self.active.is_none() && theirs.active.is_none() {
            return Standing::First;
        }
        let waits = same(self.pending, theirs.active)
            || same(self.parked, theirs.active)
            || same(self.parked, theirs.parked)
            || same(self.parked, theirs.pending)
            || same(self.pending, theirs.parked);
        match waits {
            true if same(self.active, theirs.previous) => Standing::Together,
            true => Standing::Waits,
            false => Standing::Apart,
        }
    }

    /// Whether the peer speaks in a session whose third message I await: it is on its way.
    pub(crate) fn is_about_to_hear(&self, theirs: &Self) -> bool {
        let of = |its: Option<Progress>| its.map(|it| it.session);
        self.pending.is_some() && of(self.pending) == of(theirs.active)
    }

    /// Whether a session waits for a human's decision, or is about to, on both sides.
    pub(crate) fn undecided(&self, theirs: &Self) -> bool {
        let of = |its: Option<Progress>| its.map(|it| it.session);
        let mine = [of(self.parked), of(self.pending)];
        let its = [of(theirs.parked), of(theirs.pending), of(theirs.active)];
        let parked = of(self.parked).filter(|_| its.contains(&of(self.parked)));
        let to_be = of(theirs.parked).filter(|_| mine.contains(&of(theirs.parked)));
        parked.or(to_be).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ratchet::testing::progress;

    fn of(session: u8) -> Option<Progress> {
        Some(Progress {
            session: [session; 32],
            ..Progress::default()
        })
    }

    /// Active, previous, pending, parked; 0 for none.
    fn standings(sessions: [u8; 4]) -> Standings {
        Standings::of_slots(sessions.map(|id| (id > 0).then(|| of(id)).flatten()))
    }

    #[test]
    fn whatever_is_left_on_either_side_somebody_acts_or_both_understand_each_other() {
        let stand = |mine, theirs| standings(mine).with(&standings(theirs));
        use Standing::{Apart, First, Together, Waits};
        for (mine, theirs, here, there) in [
            ([0, 0, 0, 0], [0, 0, 0, 0], First, First),
            ([1, 0, 0, 0], [1, 0, 0, 0], Together, Together),
            ([1, 0, 0, 0], [0, 0, 1, 0], Together, Waits),
            ([2, 1, 0, 0], [1, 0, 2, 0], Together, Together),
            ([1, 0, 0, 0], [0, 0, 0, 0], Apart, Apart),
            ([0, 0, 1, 0], [0, 0, 0, 0], First, First),
            ([2, 1, 0, 0], [1, 0, 0, 0], Apart, Apart),
            ([2, 1, 0, 0], [1, 0, 3, 0], Apart, Apart),
            ([2, 0, 0, 0], [1, 0, 0, 2], Together, Waits),
            ([2, 1, 0, 0], [1, 0, 0, 2], Together, Together),
            ([1, 0, 0, 2], [1, 0, 0, 2], Together, Together),
            ([1, 0, 0, 2], [3, 0, 2, 0], Waits, Waits),
            ([2, 1, 0, 0], [2, 1, 0, 3], Together, Together),
        ] {
            assert_eq!(stand(mine, theirs), here, "{mine:?} {theirs:?}");
            assert_eq!(stand(theirs, mine), there, "{theirs:?} {mine:?}");
        }
    }

    #[test]
    fn nobody_begins_anew_while_a_human_is_asked() {
        let undecided = |mine, theirs| standings(mine).undecided(&standings(theirs));
        assert!(undecided([1, 0, 0, 2], [3, 0, 0, 2]));
        assert!(undecided([1, 0, 0, 2], [3, 0, 2, 0]) && undecided([3, 0, 2, 0], [1, 0, 0, 2]));
        assert!(undecided([1, 0, 0, 2], [2, 0, 0, 0]));
        assert!(!undecided([1, 0, 0, 2], [1, 0, 0, 0]), "only one side asks");
        assert!(!undecided([1, 0, 0, 0], [1, 0, 0, 0]));
        assert!(!undecided([0; 4], [0; 4]));
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
