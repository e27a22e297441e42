//! The primitives, identities, edges, ML-KEM.

use serde_json::json;

use super::{draws, ephemeral, hex, hold, key, pair, shown, unhex};
use crate::edge::{Agreed, Edge};
use crate::identity::{Identity, Point, safety_hash, safety_words};
use crate::kdf::{self, Entropy, label};
use crate::kem::{self, Opener};
use crate::secret::{Continuity, EdgeRecovery, EdgeRoot, Key, Root};
use crate::words::Language;
use crate::words::words;
use crate::zone;

#[test]
fn the_primitives_give_what_is_kept() {
    let k: Key<Root> = key(7);
    let digest = |fields: &[&[u8]]| hex(kdf::digest::<32>(label::CHAIN, fields));
    let mut long = [0; 80];
    kdf::derive_into(label::CHAIN, &[b"ab", b"c"], &mut long);
    let mut mac_long = [0; 96];
    kdf::mac_into(&k, &[b"ab", b"c"], &mut mac_long);
    let mut text = *b"salut les ami.es";
    kdf::stream(&k, &[9; 24], &mut text);
    let [first, second, third] = draws(5, [32, 24, 3]);
    let bits: [u8; 32] = core::array::from_fn(|n| n as u8 * 7);
    let computed = json!({
        "what": "PROTOCOL Notation. All bytes in hex.",
        "derive": [
            {"what": "one field, raw", "context": "kith 2026 v1 chain", "fields": [hex("abc")], "out": digest(&[b"abc"])},
            {"what": "two fields, each behind its length", "context": "kith 2026 v1 chain", "fields": [hex("ab"), hex("c")], "out": digest(&[b"ab", b"c"])},
            {"what": "the same bytes cut elsewhere", "context": "kith 2026 v1 chain", "fields": [hex("a"), hex("bc")], "out": digest(&[b"a", b"bc"])},
            {"what": "80 bytes of output", "context": "kith 2026 v1 chain", "fields": [hex("ab"), hex("c")], "out": hex(long)},
        ],
        "mac": [
            {"what": "one field, raw, 16 bytes", "key": shown(&k), "fields": [hex("abc")], "out": hex(kdf::mac::<_, 16>(&k, &[b"abc"]))},
            {"what": "two fields, 32 bytes", "key": shown(&k), "fields": [hex("ab"), hex("c")], "out": hex(kdf::mac::<_, 32>(&k, &[b"ab", b"c"]))},
            {"what": "two fields, 96 bytes", "key": shown(&k), "fields": [hex("ab"), hex("c")], "out": hex(mac_long)},
        ],
        "stream": {"what": "XChaCha20 from block 0", "key": shown(&k), "nonce": hex([9; 24]), "in": hex("salut les ami.es"), "out": hex(text)},
        "entropy": {"what": "three draws from one entropy", "entropy": hex([5; 32]), "lengths": [32, 24, 3], "draws": [first, second, third]},
        "ephemeral": {"what": "a handshake that drew these 32 bytes has this ephemeral scalar", "draw": hex([6; 32]), "scalar": ephemeral(&hex([6; 32]))},
        "words": {
            "what": "twelve words of 32 bytes", "bytes": hex(bits),
            "french": words(&bits, 12, Language::French), "english": words(&bits, 12, Language::English),
        },
    });
    hold("notation", &computed);
}

#[test]
fn identities_and_their_words_are_what_is_kept() {
    let case = |byte: u8| {
        let me = Identity::from_seed(key(byte));
        json!({"seed": hex([byte; 32]), "ik_sec": shown(me.scalar()), "ik": hex(me.point().as_bytes())})
    };
    let p = pair();
    let hash = safety_hash(p.alice.point(), p.bob.point());
    let refused = [
        (
            "zero",
            "0000000000000000000000000000000000000000000000000000000000000000",
        ),
        (
            "one",
            "0100000000000000000000000000000000000000000000000000000000000000",
        ),
        (
            "order 8",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        ),
        (
            "order 8, the other",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        ),
        (
            "p - 1",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ),
        (
            "p",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ),
        (
            "p + 1",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ),
        (
            "p + 9, twin of 9",
            "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ),
        (
            "9 with the high bit",
            "0900000000000000000000000000000000000000000000000000000000000080",
        ),
    ];
    for (what, point) in refused {
        assert!(
            Point::parse(unhex(point).try_into().unwrap()).is_err(),
            "{what}"
        );
    }
    let refused = refused.map(|(what, point)| json!({"what": what, "point": point}));
    let computed = json!({
        "what": "PROTOCOL §1. Identities from seeds, what two people compare, points that are refused.",
        "identities": [case(1), case(2)],
        "safety": {
            "what": "of the two above, in either order", "hash": hex(hash),
            "french": safety_words(&hash, Language::French), "english": safety_words(&hash, Language::English),
        },
        "refused": refused,
    });
    hold("identity", &computed);
}

#[test]
fn the_keys_of_an_edge_are_what_is_kept() {
    let p = pair();
    let agreed = Agreed {
        k_i: &key(11),
        k_r: &key(12),
        kem: &key(13),
        meeting: &key(14),
        r_i: &[15; 32],
        r_r: &[16; 32],
        hash: &[17; 32],
    };
    let way = |way: &crate::edge::Way| json!({"hint": shown(&way.hint), "flight": shown(&way.flight), "wrap": shown(&way.wrap), "hhk": shown(way.ake_header.key())});
    let keys = &p.of_alice;
    for (mine, theirs) in [(&keys.to, &p.of_bob.from), (&keys.from, &p.of_bob.to)] {
        assert_eq!(way(mine), way(theirs));
    }
    let recovery: Key<EdgeRecovery> = kdf::derive(label::EDGE_RECOVERY, &[keys.root.expose()]);
    let continuity: Key<Continuity> = kdf::derive(label::CONTINUITY, &[keys.root.expose()]);
    let number = 1u32.to_le_bytes();
    let next: Key<EdgeRoot> = kdf::derive(
        label::EDGE_NEXT,
        &[recovery.expose(), &number, &[21; 32], &[22; 32]],
    );
    let edge = |me: &Identity, friend: &Identity| {
        let mut edge = Edge::first(key(3), me.point(), friend.point());
        let mut entropy = Entropy::new([23; 32]);
        let asked = edge.ask(false, &mut entropy).unwrap();
        (edge, asked)
    };
    // Alice asks with a draw of her entropy, Bob answers with one of his.
    let (mut asker, ask) = edge(&p.alice, &p.bob);
    let mut answerer = Edge::first(key(3), p.bob.point(), p.alice.point());
    assert!(answerer.asks(&ask, false, &mut Entropy::new([24; 32])));
    let answer = answerer.answer().unwrap();
    assert!(asker.answered(&answer));
    let last_resort = asker.last_resort();
    let new = Identity::from_seed(key(25));
    let ends = [new.point(), p.bob.point()];
    let renewed = Edge::first(key(3), p.alice.point(), p.bob.point());
    let renewed = renewed.renewed(ends, new.point(), &key(26));
    let renewed = renewed.dialled();
    let caro = Identity::from_seed(key(27));
    let tag = |edge: &Edge, mine| hex(zone::tag(&edge.zone(mine), caro.point()));
    let zone = json!({
        "what": "whom Bob names to Alice, and Alice to Bob: Caro of seed 1b..", "ik": hex(caro.point().as_bytes()),
        "bob_to_alice": tag(&asker, false), "alice_to_bob": tag(&asker, true),
    });
    assert_eq!(zone["bob_to_alice"], tag(&answerer, true));
    let computed = json!({
        "zone": zone,
        "rotation": {
            "what": "ER_1 of given shares; then an ask of Alice and Bob's answer, and the keys both hold then",
            "x": 1, "r_a": hex([21; 32]), "r_b": hex([22; 32]), "er_1": shown(&next),
            "ask": {"a": ask.epoch, "r_a": hex(*ask.share)},
            "answer": {"x": answer.epoch, "r_b": hex(*answer.share), "tag": hex(answer.tag)},
            "psk": shown(&asker.dialled().psk), "alice_to_bob": way(&asker.dialled().to),
            "bob_to_alice": way(&asker.dialled().from),
        },
        "recovery": {
            "what": "the keys of epoch R", "epoch": last_resort.epoch, "e": shown(&last_resort.secret),
            "psk": shown(&last_resort.psk), "alice_to_bob": way(&last_resort.to), "bob_to_alice": way(&last_resort.from),
        },
        "renewal": {
            "what": "the keys of epoch 0 once Alice is who seed 19.. gives", "s": hex([26; 32]), "ik": hex(new.point().as_bytes()),
            "er_0": shown(&renewed.root), "psk": shown(&renewed.psk), "alice_to_bob": way(&renewed.to), "bob_to_alice": way(&renewed.from),
        },
        "what": "PROTOCOL §2, §4.1. Alice and Bob are the identities of seeds 01.. and 02..",
        "root": {
            "what": "ER_0 of what a pairing agreed on", "k_i": hex([11; 32]), "k_r": hex([12; 32]), "ss_kem": hex([13; 32]),
            "meeting_secret": hex([14; 32]), "r_i": hex([15; 32]), "r_r": hex([16; 32]), "h": hex([17; 32]),
            "er_0": shown(&agreed.root()),
        },
        "edge": {
            "what": "all keys of epoch 0", "er_0": shown(&keys.root), "re": shown(&recovery), "e": shown(&keys.secret),
            "psk": shown(&keys.psk), "alice_to_bob": way(&keys.to), "bob_to_alice": way(&keys.from),
            "c_0": shown(&continuity), "cont_id": hex(kdf::digest::<8>(label::CONTINUITY_ID, &[continuity.expose()])),
        },
    });
    hold("edge", &computed);
}

#[test]
fn the_kem_is_the_standards() {
    let [seed] = draws(5, [64]);
    let (opener, ek) = Opener::draw(&mut Entropy::new([5; 32]));
    let [m] = draws(6, [32]);
    let (ct, shared) = kem::encapsulate(&ek, &mut Entropy::new([6; 32])).unwrap();
    assert!(opener.open(&ct).unwrap().same(&shared));
    let computed = json!({
        "what": "PROTOCOL Notation: ML-KEM-768 from given entropy; seed is d | z of FIPS 203.",
        "seed": seed, "ek": hex(ek), "m": m, "ct": hex(ct), "ss": shown(&shared),
    });
    hold("kem", &computed);
}
