//! What a session keeps for parcels that are lost or late, and where that ends. Attacks 16, 18, 19 and
//! 74 of ATTACKS.

use super::talk::Talk;
use super::*;
use crate::limits::SKIPPED_PER_NODE_MAX;

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
