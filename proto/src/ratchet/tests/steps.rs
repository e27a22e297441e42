//! What a KEM step promises. Attacks 4, 16, 18, 19 and 29 of ATTACKS.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::super::step::Offer;
use super::*;
use crate::kem::CT_BYTES;
use crate::limits::{KEM_STEP_MESSAGES, KEM_STEP_MINUTES, SKIPPED_PER_NODE_MAX};

const NAMES: [&str; 2] = ["A", "B"];

/// Two ends, and what they saw of their steps.
struct Talk {
    ends: [Session; 2],
    entropy: Entropy,
    minute: u32,
    /// Chains that each end began with an answer, and answers that it opened.
    answered: [usize; 2],
    finished: [usize; 2],
}

impl Talk {
    fn new() -> Self {
        let (a, b, entropy) = sessions();
        Self {
            ends: [a, b],
            entropy,
            minute: 0,
            answered: [0; 2],
            finished: [0; 2],
        }
    }

    fn say(&mut self, by: usize, text: &str) -> Option<Vec<u8>> {
        let end = &mut self.ends[by];
        let begins = end.sending.is_none();
        let sealed = end
            .seal(text.as_bytes(), self.minute, &mut self.entropy)
            .ok()?;
        let answers = matches!(end.steps.step, Step::Answered(_));
        self.answered[by] += usize::from(begins && answers);
        Some(sealed.bytes)
    }

    fn hear(&mut self, by: usize, bytes: &[u8]) -> Result<Vec<u8>, OpenError> {
        let end = &mut self.ends[by];
        let waits = matches!(end.steps.step, Step::Offered(_));
        let before = state(end);
        let opened = end.open(&Parcel::parse(bytes).unwrap());
        assert_eq!(state(end), before, "opening is on paper");
        let opened = opened?;
        end.advance(opened.advance, self.minute);
        let finished = waits && !matches!(end.steps.step, Step::Offered(_));
        self.finished[by] += usize::from(finished);
        Ok(opened.payload.to_vec())
    }

    /// One says something, and the other hears it.
    fn pass(&mut self, by: usize) {
        let bytes = self.say(by, NAMES[by]).unwrap();
        assert_eq!(self.hear(1 - by, &bytes).unwrap(), NAMES[by].as_bytes());
    }

    /// One each way, so often.
    fn exchange(&mut self, times: u32) {
        for _ in 0..times {
            self.pass(0);
            self.pass(1);
        }
    }

    /// Up to a moment at which A's next chain offers a key.
    fn due() -> Self {
        let mut talk = Self::new();
        talk.exchange(KEM_STEP_MESSAGES / 2);
        talk
    }

    fn restart(&mut self, by: usize) {
        self.ends[by] = restored(&self.ends[by]);
    }
}

/// What the parcels of the chain bear on which this one sends.
fn bears(session: &Session) -> usize {
    session.steps.field().len()
}

#[test]
fn a_step_is_taken_after_fifty_parcels() {
    let mut talk = Talk::new();
    let (mut fields, mut previous) = (Vec::new(), 0);
    for turn in 0..4 * KEM_STEP_MESSAGES {
        let by = (turn % 2) as usize;
        talk.pass(by);
        let field = bears(&talk.ends[by]);
        match field {
            0 => assert_ne!(previous, EK_BYTES, "an offer is answered at once"),
            CT_BYTES => assert_eq!(previous, EK_BYTES),
            _ => fields.push(turn),
        }
        previous = field;
    }
    // The parcel that answers is the first of the next fifty.
    assert_eq!(fields, [50, 101, 152]);
    assert_eq!(talk.answered, [1, 2]);
    assert_eq!(talk.finished, [2, 1]);
}

#[test]
fn a_step_is_taken_after_a_day_and_not_before() {
    let mut talk = Talk::new();
    talk.exchange(2);
    talk.minute = KEM_STEP_MINUTES - 1;
    talk.exchange(2);
    assert_eq!(talk.answered, [0, 0]);
    talk.minute += 1;
    talk.exchange(2);
    assert_eq!(talk.answered, [0, 1]);
    talk.exchange(10);
    assert_eq!(talk.answered, [0, 1], "the next one waits for another day");
}

#[test]
fn every_parcel_of_a_chain_bears_its_field_and_any_of_them_is_enough() {
    for first in 0..3 {
        let mut talk = Talk::due();
        let offers = [(); 3].map(|()| talk.say(0, "offer").unwrap());
        assert!(talk.hear(1, &offers[first]).is_ok());
        let answers = [(); 3].map(|()| talk.say(1, "answer").unwrap());
        assert!(talk.hear(0, &answers[2 - first]).is_ok());
        for n in 0..3 {
            let late = talk.hear(1, &offers[n]);
            assert_eq!(late.is_ok(), n != first);
            assert_eq!(talk.hear(0, &answers[n]).is_ok(), n != 2 - first);
        }
        talk.exchange(3);
        assert_eq!((talk.answered, talk.finished), ([0, 1], [1, 0]));
    }
}

/// Attack 4: what was offered is looked at before it is used.
#[test]
fn a_key_with_unreduced_coefficients_is_refused_and_changes_nothing() {
    let mut talk = Talk::due();
    talk.say(0, "lost").unwrap();
    let Step::Offered(Offer { ek, .. }) = &mut talk.ends[0].steps.step else {
        panic!("a step is due");
    };
    let good = ek[..2].to_vec();
    (ek[0], ek[1]) = (0xFF, ek[1] | 0x0F);
    let bad = talk.say(0, "bad").unwrap();
    assert_eq!(talk.hear(1, &bad), Err(OpenError::Bad));
    let Step::Offered(Offer { ek, .. }) = &mut talk.ends[0].steps.step else {
        panic!("it is still open");
    };
    ek[..2].copy_from_slice(&good);
    talk.exchange(3);
    assert_eq!((talk.answered, talk.finished), ([0, 1], [1, 0]));
}

/// Attack 4: changed on the way, or made by a peer who says one thing and mixes in another.
#[test]
fn a_changed_ciphertext_is_refused_and_changes_nothing() {
    let mut talk = Talk::due();
    talk.pass(0);
    let good = talk.say(1, "answer").unwrap();
    for at in [104, 700, 104 + CT_BYTES - 1] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        assert_eq!(talk.hear(0, &bad), Err(OpenError::Bad), "byte {at}");
    }
    let Step::Answered(ct) = &mut talk.ends[1].steps.step else {
        panic!("it answers");
    };
    ct[77] ^= 1;
    let other = talk.say(1, "another").unwrap();
    assert_eq!(talk.hear(0, &other), Err(OpenError::Bad));
    assert_eq!(talk.hear(0, &good).unwrap(), b"answer");
}

/// What the parcels of one end bear, said otherwise for one parcel.
fn bearing(talk: &mut Talk, by: usize, step: Step) -> Vec<u8> {
    let honest = core::mem::replace(&mut talk.ends[by].steps.step, step);
    let bytes = talk.say(by, "forged").unwrap();
    talk.ends[by].steps.step = honest;
    bytes
}

fn any_offer() -> Step {
    Step::Offered(Offer::new(Key::fill(|b| b.fill(5))))
}

fn any_answer() -> Step {
    Step::Answered(Box::new([7; CT_BYTES]))
}

/// Attack 29: a chain that must answer does, or nothing of it is taken.
#[test]
fn a_step_cannot_be_left_out() {
    let mut talk = Talk::due();
    talk.pass(0);
    talk.say(1, "lost").unwrap();
    for step in [Step::Closed, any_offer(), any_answer()] {
        let forged = bearing(&mut talk, 1, step);
        assert_eq!(talk.hear(0, &forged), Err(OpenError::Bad));
    }
    // Nor by a peer that mixes nothing in.
    let mut other = Talk::due();
    other.pass(0);
    other.ends[1].steps = Steps::default();
    let silent = other.say(1, "no step").unwrap();
    assert_eq!(bears(&other.ends[1]), 0);
    assert_eq!(other.hear(0, &silent), Err(OpenError::Bad));
}

#[test]
fn a_field_that_a_chain_should_not_bear_is_refused() {
    // An answer that nobody asked for begins a chain.
    let mut talk = Talk::new();
    talk.exchange(2);
    talk.say(0, "lost").unwrap();
    let forged = bearing(&mut talk, 0, any_answer());
    assert_eq!(talk.hear(1, &forged), Err(OpenError::Bad));
    // One that began without a field goes on with one.
    talk.pass(0);
    for step in [any_answer(), any_offer()] {
        let forged = bearing(&mut talk, 0, step);
        assert_eq!(talk.hear(1, &forged), Err(OpenError::Bad));
    }
    talk.exchange(2);
}

#[test]
fn all_parcels_of_a_chain_bear_the_same_field_the_late_ones_too() {
    let mut talk = Talk::due();
    let late: Vec<_> = [Step::Closed, any_offer(), any_answer()]
        .into_iter()
        .map(|step| {
            // The first one, too, only to use its number up.
            if talk.ends[0].sending.is_none() {
                talk.say(0, "first").unwrap();
            }
            bearing(&mut talk, 0, step)
        })
        .collect();
    let honest = talk.say(0, "honest").unwrap();
    talk.pass(0);
    for forged in &late {
        assert_eq!(talk.hear(1, forged), Err(OpenError::Bad), "of this chain");
    }
    talk.pass(1);
    talk.pass(0);
    talk.restart(1);
    for forged in &late {
        assert_eq!(talk.hear(1, forged), Err(OpenError::Bad), "of an old one");
    }
    assert_eq!(talk.hear(1, &honest).unwrap(), b"honest");
    assert_eq!(talk.hear(1, &honest), Err(OpenError::Used));
}

/// Whoever broke X25519, and so knows every ratchet scalar; and who may have a copy of an open offer.
struct Breaker {
    root: Key<Root>,
    offer: Option<Offer>,
}

impl Breaker {
    fn new(session: &Session) -> Self {
        let offer = match restored(session).steps.step {
            Step::Offered(offer) => Some(offer),
            _ => None,
        };
        let root = Key::fill(|b| b.copy_from_slice(session.root.expose()));
        Self { root, offer }
    }

    /// Follows an end that has just begun a chain. Says whether the root is known.
    fn follow(&mut self, end: &Session) -> bool {
        let brought = match &end.steps.step {
            Step::Answered(ct) => self.offer.take().map(|offer| {
                let steps = Steps {
                    step: Step::Offered(offer),
                    ..Steps::default()
                };
                steps.brings(&**ct).unwrap().shared.unwrap()
            }),
            _ => None,
        };
        let theirs = end.theirs.unwrap();
        let (root, ..) = root_step(&self.root, &end.mine, &theirs, brought.as_ref()).unwrap();
        self.root = root;
        self.root.same(&end.root)
    }
}

fn who_breaks_x25519_is_blind_after_one_step() {
    let mut talk = Talk::new();
    talk.exchange(1);
    let mut breaker = Breaker::new(&talk.ends[0]);
    let mut blind = false;
    for turn in 0..2 * KEM_STEP_MESSAGES {
        let by = (turn % 2) as usize;
        talk.pass(by);
        blind |= matches!(talk.ends[by].steps.step, Step::Answered(_));
        let knows = breaker.follow(&talk.ends[by]);
        assert_eq!(knows, !blind, "turn {turn}");
    }
    assert!(blind);
}

#[test]
fn who_breaks_x25519_reads_along_until_the_next_step_and_no_further() {
    who_breaks_x25519_is_blind_after_one_step();
}

#[test]
fn a_copied_offer_opens_its_own_step_and_no_other() {
    let mut talk = Talk::due();
    talk.pass(0);
    let mut breaker = Breaker::new(&talk.ends[0]);
    assert!(breaker.offer.is_some());
    let mut steps = 0;
    for turn in 1..3 * KEM_STEP_MESSAGES {
        let by = (turn % 2) as usize;
        talk.pass(by);
        steps += usize::from(matches!(talk.ends[by].steps.step, Step::Answered(_)));
        assert_eq!(breaker.follow(&talk.ends[by]), steps < 2);
    }
    assert!(steps > 2);
}

#[test]
fn a_thief_who_copied_one_side_reads_nothing_after_a_turn_each_way() {
    for exchanges in [3, 25, 26] {
        let mut talk = Talk::new();
        talk.exchange(exchanges);
        let mut thief = restored(&talk.ends[0]);
        talk.pass(0);
        let bytes = talk.say(1, "still").unwrap();
        talk.hear(0, &bytes).unwrap();
        // It sees that one chain more begins, and not what is in it.
        assert_eq!(receive(&mut thief, &bytes), Err(OpenError::Bad));
        for _ in 0..2 * KEM_STEP_MESSAGES {
            talk.pass(0);
            let bytes = talk.say(1, "blind").unwrap();
            assert_eq!(receive(&mut thief, &bytes), Err(OpenError::NotOurs));
            talk.hear(0, &bytes).unwrap();
        }
    }
}

fn seeds(session: &Session) -> usize {
    let secrets = session.secrets().into_iter();
    secrets.filter(|(what, _)| *what == "KEM seed").count()
}

fn the_key_that_opened_an_answer_is_gone() {
    let mut talk = Talk::due();
    talk.pass(0);
    assert_eq!(seeds(&talk.ends[0]), 1);
    talk.pass(1);
    assert_eq!((seeds(&talk.ends[0]), seeds(&talk.ends[1])), (0, 0));
}

#[test]
fn what_opened_an_answer_is_erased_with_it() {
    the_key_that_opened_an_answer_is_gone();
}

#[cfg(feature = "planted")]
#[test]
fn every_bug_planted_inside_is_found() {
    use crate::planted::{Bug, plant};
    for bug in Bug::INSIDE {
        let check: fn() = match bug {
            Bug::KemSecretIgnored => who_breaks_x25519_is_blind_after_one_step,
            _ => the_key_that_opened_an_answer_is_gone,
        };
        plant(Some(bug));
        let found = std::panic::catch_unwind(check).is_err();
        plant(None);
        assert!(found, "{bug:?}");
    }
}

#[test]
fn a_step_makes_no_record_longer_than_its_own() {
    let config = bincode::config::standard();
    let length = |s: &Session| bincode::encode_to_vec(s.record(), config).unwrap().len();
    let mut talk = Talk::new();
    talk.exchange(KEM_STEP_MESSAGES / 2 - 1);
    talk.pass(0);
    let closed = [0, 1].map(|end| length(&talk.ends[end]));
    talk.pass(1);
    talk.pass(0);
    // An offer: the seed, and no block.
    assert_eq!(length(&talk.ends[0]), closed[0] + KEM_SEED_BYTES);
    assert_eq!(talk.ends[0].blocks(), []);
    // Who heard it keeps the key, then the answer, beside the session.
    assert_eq!(length(&talk.ends[1]), closed[1] + FIELD_TAG_BYTES);
    assert_eq!(talk.ends[1].blocks(), [Block::FIELD]);
    let sealed = talk.ends[1].seal(b"answer", 0, &mut talk.entropy).unwrap();
    assert_eq!(sealed.changed, Some(Block::FIELD));
    let sealed_again = talk.ends[1].seal(b"more", 0, &mut talk.entropy).unwrap();
    assert_eq!(sealed_again.changed, None, "written once for a chain");
    talk.hear(0, &sealed.bytes).unwrap();
    let next = talk.say(0, "turn").unwrap();
    let parcel = Parcel::parse(&next).unwrap();
    let opened = talk.ends[1].open(&parcel).unwrap();
    assert!(
        talk.ends[1]
            .advance(opened.advance, 0)
            .contains(&Block::FIELD)
    );
    assert_eq!(talk.ends[1].block_record(Block::FIELD).map(|_| ()), None);
}

const KEM_SEED_BYTES: usize = 32;
const FIELD_TAG_BYTES: usize = 16;

/// A thousand messages in twenty chains, of which a tenth is lost and the others come in any order,
/// every other chain with an offer.
#[test]
fn of_a_thousand_shuffled_messages_across_steps_a_tenth_may_be_lost() {
    let mut talk = Talk::new();
    let mut bag = Vec::new();
    for chain in 0..20 {
        for n in 0..49 {
            let text = format!("{chain} {n}");
            bag.push((text.clone(), talk.say(0, &text).unwrap()));
        }
        talk.exchange(1);
    }
    assert_eq!((talk.answered, talk.finished), ([0, 10], [10, 0]));
    // A fixed shuffle: multiplication by a number prime to 980.
    let mut order: Vec<_> = (0..bag.len()).collect();
    order.sort_by_key(|n| (n * 617) % 980);
    let lost = bag.len() / 10;
    for (at, &n) in order.iter().skip(lost).enumerate() {
        let (text, bytes) = &bag[n];
        assert_eq!(talk.hear(1, bytes).unwrap(), text.as_bytes());
        assert_eq!(talk.hear(1, bytes), Err(OpenError::Used));
        if at % 200 == 0 {
            talk.restart(1);
        }
    }
    assert_eq!(talk.ends[1].skipped_len(), lost);
    talk.exchange(3);
}

/// Attack 16: a hundred chains of which only the last parcel comes.
#[test]
fn a_hundred_chains_of_gaps_stay_within_the_bounds() {
    let mut talk = Talk::new();
    for _ in 0..100 {
        talk.say(0, "begins").unwrap();
        let chain = &mut talk.ends[0].sending.as_mut().unwrap().chain;
        while chain.next() < CHAIN_PARCELS_MAX - 1 {
            chain.advance().unwrap();
        }
        talk.pass(0);
        assert!(talk.say(0, "one more").is_none());
        talk.pass(1);
        let b = &talk.ends[1];
        assert!(b.skipped_len() <= SKIPPED_PER_SESSION_MAX);
        assert!(b.old.len() <= OLD_CHAINS_MAX);
    }
    assert_eq!(talk.ends[1].skipped_len(), SKIPPED_PER_SESSION_MAX);
}

/// Attack 74: the sixteen friends of a node fill what it keeps for all of them.
#[test]
fn of_all_sessions_of_a_node_the_largest_gives_way() {
    let mut talks: Vec<_> = (0..16).map(|_| Talk::new()).collect();
    let skip = |talk: &mut Talk, count: u32| {
        talk.say(0, "begins").unwrap();
        let chain = &mut talk.ends[0].sending.as_mut().unwrap().chain;
        let until = chain.next() + count - 1;
        while chain.next() < until {
            chain.advance().unwrap();
        }
        talk.exchange(1);
    };
    let bound = |talks: &mut [Talk]| {
        let ends = talks.iter_mut().map(|talk| &mut talk.ends[1]);
        let changed = bound_skipped(ends.enumerate());
        let lengths = talks.iter().map(|talk| talk.ends[1].skipped_len());
        (changed, lengths.collect::<Vec<_>>())
    };
    talks.iter_mut().for_each(|talk| skip(talk, 1000));
    assert_eq!(bound(&mut talks), (vec![], vec![1000; 16]));
    // One of them takes twice as much: it pays for all that is too much, the oldest first.
    skip(&mut talks[3], 1000);
    let (changed, lengths) = bound(&mut talks);
    assert!(
        changed
            .iter()
            .all(|(of, block)| *of == 3 && block.chain == 1)
    );
    assert_eq!(
        (lengths[3], lengths.iter().sum()),
        (1384, SKIPPED_PER_NODE_MAX)
    );
    skip(&mut talks[7], 400);
    let (changed, lengths) = bound(&mut talks);
    assert!(changed.iter().all(|(of, _)| matches!(of, 3 | 7)));
    assert_eq!((lengths[3], lengths[7]), (1192, 1192));
}

/// Attack 18: of a chain that 32 others followed, nothing is left.
#[test]
fn late_keys_go_with_the_33rd_chain_after_theirs() {
    let mut talk = Talk::new();
    let first = talk.say(0, "late").unwrap();
    talk.exchange(1);
    let late = Block { chain: 1, index: 0 };
    for turn in 0..OLD_CHAINS_MAX {
        assert!(talk.ends[1].block_record(late).is_some(), "turn {turn}");
        talk.say(0, "lost").unwrap();
        talk.exchange(1);
    }
    talk.pass(0);
    assert!(talk.ends[1].block_record(late).is_none());
    assert!(talk.ends[1].blocks().iter().all(|block| block.chain != 1));
    assert_eq!(talk.hear(1, &first), Err(OpenError::NotOurs));
}

/// Attack 19: what counts chains ends, and does not begin anew.
#[test]
fn the_number_of_chains_never_wraps() {
    let mut talk = Talk::new();
    talk.exchange(1);
    talk.ends[0].sent_chains = u32::MAX;
    let before = state(&talk.ends[0]);
    let sealed = talk.ends[0].seal(b"x", 0, &mut talk.entropy);
    assert_eq!(sealed.err(), Some(SealError::ChainEnds));
    assert_eq!(state(&talk.ends[0]), before);
    talk.ends[0].sent_chains = 1;
    talk.ends[1].got_chains = u32::MAX;
    let bytes = talk.say(0, "one too many").unwrap();
    assert_eq!(talk.hear(1, &bytes), Err(OpenError::Bad));
}

/// One thing that happens in a conversation.
#[derive(Clone, Debug)]
enum Event {
    Says(usize),
    /// Of what is on its way to this end, one arrives, or is lost.
    Arrives(usize, usize),
    Lost(usize, usize),
    Restarts(usize),
    Hours(u32),
}

/// Parcels on their way to one end at most: what stays longer is a matter of other bounds.
const ON_THE_WAY_MAX: usize = 20;

fn events() -> impl Strategy<Value = Vec<Event>> {
    let end = 0..2usize;
    let which = 0..ON_THE_WAY_MAX;
    let event = prop_oneof![
        10 => end.clone().prop_map(Event::Says),
        9 => (end.clone(), which.clone()).prop_map(|(end, which)| Event::Arrives(end, which)),
        1 => (end.clone(), which).prop_map(|(end, which)| Event::Lost(end, which)),
        1 => end.prop_map(Event::Restarts),
        1 => (0..6u32).prop_map(Event::Hours),
    ];
    prop::collection::vec(event, 400..900)
}

fn lives(events: &[Event]) -> Talk {
    let mut talk = Talk::new();
    let mut ways: [VecDeque<(String, Vec<u8>)>; 2] = Default::default();
    let hear = |talk: &mut Talk, to: usize, (text, bytes): (String, Vec<u8>)| {
        assert_eq!(talk.hear(to, &bytes).unwrap(), text.as_bytes());
    };
    for (at, event) in events.iter().enumerate() {
        match *event {
            Event::Says(by) => {
                let text = at.to_string();
                // The answerer of a session is silent before it heard.
                if let Some(bytes) = talk.say(by, &text) {
                    ways[1 - by].push_back((text, bytes));
                }
                if ways[1 - by].len() > ON_THE_WAY_MAX {
                    let oldest = ways[1 - by].pop_front().unwrap();
                    hear(&mut talk, 1 - by, oldest);
                }
            }
            Event::Arrives(to, which) if !ways[to].is_empty() => {
                let which = which % ways[to].len();
                let parcel = ways[to].remove(which).unwrap();
                hear(&mut talk, to, parcel);
            }
            Event::Lost(to, which) if !ways[to].is_empty() => {
                let which = which % ways[to].len();
                ways[to].remove(which);
            }
            Event::Restarts(end) => talk.restart(end),
            Event::Hours(hours) => talk.minute += 60 * hours,
            Event::Arrives(..) | Event::Lost(..) => {}
        }
    }
    for (to, way) in ways.iter_mut().enumerate() {
        way.drain(..).for_each(|parcel| hear(&mut talk, to, parcel));
    }
    // What is open is finished, whoever has it, and no day ends meanwhile.
    talk.exchange(2);
    talk
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_lost_or_late_the_rest_opens_and_both_take_the_same_steps(events in events()) {
        let talk = lives(&events);
        let [a, b] = &talk.ends;
        // An answer of one is what the other finished, unless it is the very last thing said.
        prop_assert_eq!(talk.answered[0], talk.finished[1]);
        prop_assert_eq!(talk.answered[1], talk.finished[0]);
        prop_assert!(talk.answered != [0; 2]);
        // B spoke last, so A has made every root step that B has.
        prop_assert!(a.root.same(&b.root));
    }
}
