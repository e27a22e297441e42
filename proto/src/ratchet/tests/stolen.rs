//! What one side's secrets are good for in the hands of a thief. Attack 25 of ATTACKS.

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
