//! Known answers: handshakes of sessions that are not the first, under epochs that are not the first.

use serde_json::{Value, json};

use super::{Pair, draws, hex, hold, key, pair, shown};
use crate::edge::{Edge, EdgeKeys};
use crate::kdf::Entropy;
use crate::parcel::{Kind, Parcel};
use crate::ratchet::Session;
use crate::ratchet::continuity::Past;
use crate::ratchet::handshake::{self, Begun, Offer};

/// What one remembers of whose root keys were filled with these bytes, the oldest first.
fn past(roots: &[u8]) -> Past {
    let Some((first, more)) = roots.split_first() else {
        return Past::default();
    };
    let mut past = Past::begin(&key(*first));
    more.iter().for_each(|root| past.step(&key(*root)));
    past
}

/// The newest first, and no zeros for those that are not there.
fn names(past: &Past) -> Vec<String> {
    let all = past.ids();
    all.iter().take(past.keep().len()).map(hex).collect()
}

/// What it remembers once it has taken the place of one with this past.
fn inherited(mut session: Session, past: &Past, continuous: bool) -> Vec<String> {
    if continuous {
        session.inherit(past);
    }
    names(session.past())
}

struct Case {
    what: &'static str,
    /// Bytes that fill the root keys which I and R have had, the oldest first.
    roots: [Vec<u8>; 2],
    continuous: bool,
}

/// One handshake, its offer made from entropy filled with `byte` and its answer with the next.
fn shaken(p: &Pair, [of_i, of_r]: [&EdgeKeys; 2], case: &Case, byte: u8) -> Value {
    let stamp = 1_795_000_000_000 + u64::from(byte);
    let [past_i, past_r] = case.roots.each_ref().map(|roots| past(roots));
    let mut entropy = Entropy::new([byte; 32]);
    let offer = Offer::draw(of_i, past_i.aside(), &mut entropy);
    let a1 = offer.parcel(of_i, &p.alice, p.bob.point(), stamp).unwrap();
    let parcel = Parcel::parse(&a1).unwrap();
    let payload = handshake::open(Kind::Ake1, &of_r.from.ake_header, &parcel).unwrap();
    let (_, noise) = handshake::split_offer(&payload).unwrap();
    let mut entropy = Entropy::new([byte + 1; 32]);
    let friend = p.alice.point();
    let answered = handshake::respond(of_r, &p.bob, friend, noise, &past_r, &mut entropy);
    let (answered, a2) = answered.unwrap();
    let parcel = Parcel::parse(&a2).unwrap();
    let payload = handshake::open(Kind::Ake2, &of_i.from.ake_header, &parcel).unwrap();
    let begun = offer.finish(of_i, &p.alice, p.bob.point(), &payload);
    let Begun {
        session,
        continuous,
    } = begun.unwrap();
    assert_eq!(session.id(), answered.session.id());
    let both = [continuous, answered.continuous];
    assert_eq!(both, [case.continuous; 2], "{}", case.what);
    let common = past_r.common(&past_i.ids()).map(|(id, _)| hex(id));
    json!({
        "what": case.what, "epoch": of_i.epoch, "stamp": stamp, "roots_i": case.roots[0], "roots_r": case.roots[1],
        "a1": {"entropy": hex([byte; 32]), "bytes": hex(&a1)}, "a2": {"entropy": hex([byte + 1; 32]), "bytes": hex(&a2)},
        "named_by_i": names(&past_i), "named_by_r": common.unwrap_or_else(|| hex([0; 8])),
        "session_id": hex(session.id()), "remembered_by_i": inherited(session, &past_i, continuous),
        "remembered_by_r": inherited(answered.session, &past_r, continuous),
    })
}

#[test]
fn sessions_go_on_from_a_past_and_under_new_epochs_as_is_kept() {
    let p = pair();
    let mut asker = Edge::first(key(3), p.alice.point(), p.bob.point());
    let mut answerer = Edge::first(key(3), p.bob.point(), p.alice.point());
    let ask = asker.ask(false, &mut Entropy::new([60; 32])).unwrap();
    assert!(answerer.asks(&ask, false, &mut Entropy::new([61; 32])));
    let answer = answerer.answer().unwrap();
    assert!(asker.answered(&answer));
    let under = |epoch| {
        let both = [&asker, &answerer].map(|edge| edge.keys().find(|keys| keys.epoch == epoch));
        both.map(Option::unwrap)
    };
    let case = |what, of_i: &[u8], of_r: &[u8], continuous| Case {
        what,
        roots: [of_i.to_vec(), of_r.to_vec()],
        continuous,
    };
    let last_resort = asker.last_resort().epoch;
    let many: Vec<u8> = (80..90).collect();
    let fewer: Vec<u8> = (76..83).collect();
    let apart: Vec<u8> = (72..82).collect();
    let cases = [
        (
            1,
            case(
                "three against four: the newest in common is not the newest of either",
                &[71, 72, 73],
                &[70, 71, 72, 74],
                true,
            ),
        ),
        (
            1,
            case(
                "ten: eight are named, and the last of them is in common",
                &many,
                &fewer,
                true,
            ),
        ),
        (
            1,
            case(
                "one step further apart: nothing is in common",
                &many,
                &apart,
                false,
            ),
        ),
        (
            last_resort,
            case(
                "under R nothing is named, whatever R remembers",
                &[],
                &many,
                false,
            ),
        ),
    ];
    let cases: Vec<_> = (100..)
        .step_by(2)
        .zip(&cases)
        .map(|(byte, (epoch, case))| shaken(&p, under(*epoch), case, byte))
        .collect();
    let [r_a] = draws(60, [32]);
    let [r_b] = draws(61, [32]);
    let [of_i, _] = under(1);
    assert_eq!(
        [hex(*ask.share), hex(*answer.share)],
        [r_a.clone(), r_b.clone()]
    );
    let computed = json!({
        "what": "PROTOCOL §2, §4.1. Alice (seed 01..) is I, Bob (seed 02..) is R, ER_0 = 03.. roots: each a byte, and a root key RK_j filled with it that this side's sessions have had, the oldest first. named_by_i, remembered: cont_ids, the newest first; remembered: once the session has taken the place of the one before.",
        "epoch_1": {"r_a": r_a, "r_b": r_b, "er_1": shown(&of_i.root)},
        "handshakes": cases,
    });
    hold("ake", &computed);
}
