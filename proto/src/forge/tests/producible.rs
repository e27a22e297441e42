//! Whatever authenticates a link, an invitation or a parcel could have been made by who receives it.

use super::*;
use crate::invite::Code;
use crate::invite::exchange::{
    Introduction, InviteKeys, Verdict, ask, hear, open_verdict, seal_verdict,
};
use crate::kdf::Entropy;
use crate::kem::Opener;
use crate::limits::BUCKETS;
use crate::link::{self, Records, flight, hello};
use crate::noise::{self, StandIn};
use crate::ratchet::Standings;
use crate::words::Language;

/// What can be heard on a link, its receiver could have made: flight and answer, and so both
/// directions' records, Hello and all.
#[test]
fn every_authenticator_of_a_link_is_producible_by_its_receiver() {
    let [a, b] = friends();
    let mirrored = b.keys.mirrored();
    // Bruno, who answers, dials himself in Anne's name.
    let ephemeral = noise::ephemeral(&mut Entropy::new([5; 32]));
    let anne = StandIn::new(*a.me.point(), &b.me, ephemeral);
    let mut entropy = Entropy::new([4; 32]);
    let (dialled, bytes) = link::dial(&mirrored, &anne, b.me.point(), 77, &mut entropy).unwrap();
    let door = &b.keys.from;
    assert!(flight::knocks(&door.hint, &bytes) && flight::tagged(&door.flight, &bytes));
    assert_eq!(link::stamp_of(&b.keys, &bytes), Some(77));
    let mut entropy = Entropy::new([5; 32]);
    let (reply, mine) = link::answer(&b.keys, &b.me, a.me.point(), &bytes, &mut entropy).unwrap();
    let theirs = dialled.finish(&mirrored, &reply).unwrap();
    both_speak(theirs, mine);

    // Bruno, who dials, answers himself in Anne's name.
    let ephemeral = noise::ephemeral(&mut Entropy::new([6; 32]));
    let anne = StandIn::new(*a.me.point(), &b.me, ephemeral);
    let mut entropy = Entropy::new([6; 32]);
    let (dialled, bytes) = link::dial(&b.keys, &b.me, a.me.point(), 78, &mut entropy).unwrap();
    let mut entropy = Entropy::new([7; 32]);
    let (reply, theirs) =
        link::answer(&mirrored, &anne, b.me.point(), &bytes, &mut entropy).unwrap();
    both_speak(dialled.finish(&b.keys, &reply).unwrap(), theirs);
}

/// A record with a Hello opens in each direction, whoever made it.
fn both_speak(mut one: Records, mut two: Records) {
    for _ in 0..2 {
        let hello = hello::encode(&Standings::default());
        let (mut wire, mut read) = (Vec::new(), Vec::new());
        one.seal(&hello, false, &mut wire).unwrap();
        assert_eq!(two.length([wire[0], wire[1]]), Ok(wire.len() - 2));
        two.open(&wire[2..], &mut read).unwrap();
        assert_eq!(hello::decode(&read).unwrap(), Standings::default());
        core::mem::swap(&mut one, &mut two);
    }
}

/// Message 3 names the joiner, and the verdict the inviter: both could have been made by the other.
#[test]
fn every_authenticator_of_an_invitation_is_producible_by_its_receiver() {
    let (i, j) = (identity(1), identity(2));
    let keys = InviteKeys::of(&Code {
        expiry_min: 100,
        ik: *i.point().as_bytes(),
        secret: Code::secret(|s| s.fill(3)),
        addrs: Vec::new(),
        language: Language::French,
    });
    let about = Introduction::default();
    // The inviter plays the joiner.
    let joiner = StandIn::new(*j.point(), &i, noise::ephemeral(&mut Entropy::new([5; 32])));
    let mut theirs = Entropy::new([4; 32]);
    let (asking, first) = ask(&keys, &joiner, i.point(), &mut theirs).unwrap();
    assert!(flight::knocks(&keys.hint, &first) && flight::tagged(&keys.flight, &first));
    let (heard, second) = hear(&keys, &i, &first, &mut Entropy::new([5; 32])).unwrap();
    let claim = asking.claim(&keys, &second, &about, &mut theirs).unwrap();
    let claimed = heard.claimed(&keys, &claim.message).unwrap();
    assert!(claimed.joiner == *j.point() && claimed.root.same(&claim.root));

    // The joiner plays the inviter, down to the verdict.
    let mut entropy = Entropy::new([6; 32]);
    Opener::draw(&mut entropy);
    let inviter = StandIn::new(*i.point(), &j, noise::ephemeral(&mut entropy));
    let mut mine = Entropy::new([6; 32]);
    let (asking, first) = ask(&keys, &j, i.point(), &mut mine).unwrap();
    let (heard, second) = hear(&keys, &inviter, &first, &mut Entropy::new([7; 32])).unwrap();
    let mut claim = asking.claim(&keys, &second, &about, &mut mine).unwrap();
    let mut claimed = heard.claimed(&keys, &claim.message).unwrap();
    let record = seal_verdict(&mut claimed.records, Verdict::Accepted, &about).unwrap();
    let (verdict, _) = open_verdict(&mut claim.records, &record).unwrap();
    assert!(verdict == Verdict::Accepted && claimed.root.same(&claim.root));
}

/// A1, A2 and each ratchet parcel: see the sessions above, where every parcel of the other end was
/// made by its reader. Here the least that is needed: what opens one makes one.
#[test]
fn who_can_open_a_parcel_can_make_one_of_any_bucket() {
    let [a, b] = friends();
    for length in [1, 693, 694, 6837, 6838] {
        let text = "m".repeat(length);
        let lines = script(&[(End::Initiator, &text)]);
        let truly = converse([&b, &a], End::Responder, &lines, [8; 32]);
        let Ok(truly) = truly else {
            assert!(length > 693);
            continue;
        };
        let line = &truly.lines[4];
        assert!(BUCKETS.contains(&line.parcel.len()));
        let new = "n".repeat(length);
        let words = Edit {
            offset: crate::message::TEXT_HEAD_BYTES,
            old: text.as_bytes(),
            new: new.as_bytes(),
        };
        let parcel = edit(&line.parcel, &truly.session, &line.key, words).unwrap();
        let body = Some((&line.key, &truly.session));
        let laid = parse(&parcel, line.header.as_ref(), body).unwrap();
        assert!(laid.payload.unwrap().ends_with(new.as_bytes()));
    }
}
