//! What one side's secrets are good for in the hands of a thief, and what an ephemeral that leaked or
//! was used twice: for no other session. Attacks 25 and 27 of ATTACKS.

use std::collections::BTreeSet;

use super::*;
use crate::noise::StandIn;

/// Whoever took Ada's disk plays Bob to herself, without the ephemeral that she draws: nobody else's
/// scalar is known here.
fn plays_bob(ada: &End, bob: &Point) -> StandIn {
    StandIn::new(*bob, &ada.me, Key::fill(|bytes| bytes.fill(66)))
}

/// Attack 25, of sessions: in either role.
#[test]
fn whoever_took_a_disk_plays_no_friend_to_its_owner() {
    let (mut a, b) = ends();
    let (bob, past) = (*b.me.point(), Past::of_pairing(&a.keys.root));
    let thief = plays_bob(&a, &bob);
    let mirrored = a.keys.mirrored();
    // He begins: she answers, and his part of the answer is beyond him.
    let offer = Offer::draw(&mirrored, past, &mut Entropy::new([4; 32]));
    let a1 = offer.parcel(&mirrored, &thief, a.me.point(), 1).unwrap();
    let (_, a2) = answer(&mut a, &bob, &a1).expect("A1 shows nobody's key");
    let a2 = Parcel::parse(&a2).unwrap();
    let header = &mirrored.from.ake_header;
    let answer = handshake::open(Kind::Ake2, header, &a2).unwrap();
    let finished = offer.finish(&mirrored, &thief, a.me.point(), &answer);
    assert!(finished.is_err(), "he has no session that could speak");
    // She begins: he cannot even read it.
    let past = Past::of_pairing(&a.keys.root);
    let offer = Offer::draw(&a.keys, past, &mut a.entropy);
    let a1 = offer.parcel(&a.keys, &a.me, &bob, 2).unwrap();
    let header = &mirrored.from.ake_header;
    let a1 = handshake::open(Kind::Ake1, header, &Parcel::parse(&a1).unwrap()).unwrap();
    let (_, noise) = handshake::split_offer(&a1).unwrap();
    let (past, mut entropy) = (Past::of_pairing(&a.keys.root), Entropy::new([5; 32]));
    let me = a.me.point();
    let answered = handshake::respond(&mirrored, &thief, me, noise, &past, &mut entropy);
    assert!(answered.is_err());
}

fn secrets(session: &Session) -> BTreeSet<[u8; 32]> {
    session.secrets().into_iter().map(|(_, key)| key).collect()
}

/// Two sessions of the same edge: which of the two ends draws the same again.
fn twice(same: usize) -> [(Session, Session); 2] {
    [10, 20].map(|fresh| {
        let (mut a, mut b) = ends();
        let of = |end: usize| Entropy::new([if end == same { 7 } else { fresh }; 32]);
        (a.entropy, b.entropy) = (of(0), of(1));
        let offer = Offer::draw(&a.keys, Past::of_pairing(&a.keys.root), &mut a.entropy);
        let a1 = offer.parcel(&a.keys, &a.me, b.me.point(), 1).unwrap();
        let (theirs, a2) = answer(&mut b, a.me.point(), &a1).unwrap();
        (finish(&a, b.me.point(), &offer, &a2).unwrap(), theirs)
    })
}

/// Attack 27: all that one end drew for one session, ephemeral and KEM key, serves for another one.
#[test]
fn what_is_drawn_twice_gives_two_sessions_that_share_no_key() {
    for same in 0..2 {
        let [(mut a, mut b), (mut c, mut d)] = twice(same);
        assert_ne!(a.id(), c.id());
        // Who answers draws the first ratchet key as well: that one alone is the same.
        let common = &secrets(&b) & &secrets(&d);
        assert_eq!(common.len(), same);
        let mut entropy = [1, 2].map(|n| Entropy::new([n; 32]));
        let first = say(&mut a, &mut entropy[0], "first");
        let second = say(&mut c, &mut entropy[1], "second");
        assert!(receive(&mut d, &first).is_err() && receive(&mut b, &second).is_err());
        assert_eq!(receive(&mut b, &first).unwrap(), b"first");
        assert_eq!(receive(&mut d, &second).unwrap(), b"second");
        // And after a turn each way not even that.
        for (one, other, n) in [(&mut a, &mut b, 3), (&mut c, &mut d, 4)] {
            let mut entropy = Entropy::new([n; 32]);
            let back = say(other, &mut entropy, "back");
            receive(one, &back).unwrap();
            let again = say(one, &mut entropy, "again");
            receive(other, &again).unwrap();
        }
        for (one, other) in [(&a, &c), (&b, &d)] {
            assert!(secrets(one).is_disjoint(&secrets(other)));
        }
    }
}
