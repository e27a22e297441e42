//! What somebody in between gains who may try: with words of 8 bits they meet once in 256 runs, and no
//! more often for seeing one side first or for breaking off and beginning again. Attacks 41, 83.

use super::*;
use crate::identity::Point;

/// Somebody in between, seen from one of two people: it plays the other's part with its own key.
struct Side {
    me: Identity,
    guest: Guest,
    room_id: [u8; 32],
    entropy: Entropy,
    mine: Option<Mine>,
    theirs: Option<Entry>,
}

impl Side {
    fn new(seed: u64) -> Self {
        let me = identity(seed);
        let guest = Guest::new(*me.point(), "anne".to_owned(), Key::fill(|_| ()), 0);
        Self {
            me,
            guest,
            room_id: [0; 32],
            entropy: entropy("side", seed),
            mine: None,
            theirs: None,
        }
    }

    fn hear(&mut self, frame: Frame) -> Option<Vec<Frame>> {
        self.guest.hear(frame, &self.me, &mut self.entropy).ok()
    }

    /// A run up to the share of the one who is cheated. Nothing once their machine has had enough.
    fn opened(&mut self, impostor: Point) -> Option<[u8; 32]> {
        self.room_id = self.entropy.bytes();
        let (language, room_id) = (Language::French, self.room_id);
        let said = self.hear(Frame::Hello { language, room_id })?;
        let Some(Frame::Commit { entry, .. }) = said.into_iter().next() else {
            return None;
        };
        let mine = Mine::draw(&room_id, impostor, "bob", &mut self.entropy).unwrap();
        self.hear(Frame::Entry(mine.entry.clone()))?;
        let lines = vec![(&mine.entry).into(), (&entry).into()];
        self.hear(Frame::List(List::new(room_id, language, lines)))?;
        (self.mine, self.theirs) = (Some(mine), Some(entry));
        match self.guest.count(2).ok()?.first()? {
            Frame::Open { share, .. } => Some(*share),
            _ => None,
        }
    }

    fn list(&self) -> List {
        let entries = [
            &self.mine.as_ref().unwrap().entry,
            self.theirs.as_ref().unwrap(),
        ];
        List::new(
            self.room_id,
            Language::French,
            entries.map(Into::into).into(),
        )
    }

    /// The words' bytes, were this the share of the one in between.
    fn words_with(&self, share: [u8; 32], theirs: [u8; 32]) -> [u8; 32] {
        let list = self.list();
        let first = list.lines[0].c == self.mine.as_ref().unwrap().entry.c;
        let shares = if first {
            [share, theirs]
        } else {
            [theirs, share]
        };
        sas(&list.hash(), &shares)
    }

    /// Whether they take it.
    fn opens(&mut self, share: [u8; 32]) -> bool {
        let list = self.list();
        let c = self.mine.as_ref().unwrap().entry.c;
        let from = list.lines.iter().position(|line| line.c == c).unwrap() as u8;
        let list = list.hash();
        self.hear(Frame::Open { from, share, list }).is_some() && self.guest.agreed().is_some()
    }
}

/// One meeting of two with somebody in between, who breaks off and begins again with the second as
/// often as it is let. How many runs it had there, and whether both read the same 8 bits in the end.
fn in_between(seed: u64, again: bool) -> (u32, bool) {
    let impostor = *identity(1 << 50 | seed).point();
    let (mut a, mut b) = (Side::new(2 * seed), Side::new(2 * seed + 1));
    let of_a = a.opened(impostor).unwrap();
    let share = *a.mine.as_ref().unwrap().share.expose();
    let meant = a.words_with(share, of_a)[0];
    assert!(a.opens(share));
    let mut runs = 0;
    while let Some(of_b) = b.opened(impostor) {
        runs += 1;
        let share = *b.mine.as_ref().unwrap().share.expose();
        if b.words_with(share, of_b)[0] == meant {
            assert!(b.opens(share));
            return (runs, true);
        }
        // Another share would do; it does not open what was committed to.
        let ground = (0..).map(|n: u64| seeded("ground", n));
        let ground = ground.map(|share| (share, b.words_with(share, of_b)[0]));
        let mut ground = ground.filter(|(_, byte)| *byte == meant);
        let (ground, _) = ground.next().unwrap();
        if !again {
            return (runs, b.opens(ground));
        }
    }
    (runs, false)
}

/// 8 bits, so many runs: the mean, and five standard deviations.
fn is_one_in_256(met: u32, runs: u32) -> bool {
    let mean = f64::from(runs) / 256.0;
    (f64::from(met) - mean).abs() <= 5.0 * mean.sqrt()
}

const MEETINGS: u64 = 1500;

fn whoever_grinds_meets_once_in_256_runs() {
    let (mut met, mut runs) = (0, 0);
    for seed in 0..MEETINGS {
        let (tried, same) = in_between(seed, false);
        (met, runs) = (met + u32::from(same), runs + tried);
    }
    assert!(is_one_in_256(met, runs), "{met} of {runs}");
    assert!(met > 0);
}

#[test]
fn with_words_of_8_bits_whoever_is_in_between_meets_once_in_256_runs() {
    whoever_grinds_meets_once_in_256_runs();
}

#[test]
fn breaking_off_and_beginning_again_gains_nothing_in_a_run_and_ends_after_three() {
    let (mut met, mut runs) = (0, 0);
    for seed in 0..MEETINGS {
        let (tried, same) = in_between(seed, true);
        assert!(tried <= u32::from(crate::limits::MEETING_RUNS_MAX));
        (met, runs) = (met + u32::from(same), runs + tried);
    }
    assert!(is_one_in_256(met, runs), "{met} of {runs}");
}

/// Without the check of commitments somebody in between would always meet: the test above sees it.
#[cfg(feature = "planted")]
#[test]
fn a_share_that_opens_no_commitment_is_found_by_those_who_grind() {
    use crate::planted::{Bug, plant};
    plant(Some(Bug::CommitmentUnchecked));
    let found = std::panic::catch_unwind(whoever_grinds_meets_once_in_256_runs).is_err();
    plant(None);
    assert!(found);
}
