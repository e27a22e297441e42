//! What crosses mute connections: a link's handshake, its records and Hello, an invitation.

use serde_json::json;

use super::{draws, ephemeral, hex, hold, key, pair, shown, unhex};
use crate::identity::{Identity, public};
use crate::invite::Code;
use crate::invite::exchange::{self, Introduction, InviteKeys, Verdict};
use crate::kdf::{self, Entropy, label};
use crate::link::hello;
use crate::link::{self, Records, flight};
use crate::ratchet::{Progress, Standings};
use crate::secret::{Invitation, Key, RatchetScalar, Wrap};
use crate::wire::Addr;
use crate::words::Language;

fn record(from: &mut Records, to: &mut Records, data: &[u8], rekey: bool) -> Vec<u8> {
    let (mut wire, mut out) = (Vec::new(), Vec::new());
    from.seal(data, rekey, &mut wire).unwrap();
    to.length([wire[0], wire[1]]).unwrap();
    to.open(&wire[2..], &mut out).unwrap();
    assert_eq!(out, data);
    wire
}

/// So that the ephemeral scalars in the files are those that were used.
fn assert_begins_with_public(noise: &[u8], scalar: &str) {
    let scalar: Key<RatchetScalar> = Key::fill(|bytes| bytes.copy_from_slice(&unhex(scalar)));
    assert_eq!(&noise[..32], public(&scalar).as_bytes());
}

#[test]
fn a_link_begins_as_is_kept() {
    let p = pair();
    let (stamp, dialler, answerer) = (1_795_000_000_000, 20, 21);
    let [draw_i, nonce_i] = draws(dialler, [32, 24]);
    let [draw_r, nonce_r] = draws(answerer, [32, 24]);
    let mut entropy = Entropy::new([dialler; 32]);
    let (dialled, first) =
        link::dial(&p.of_alice, &p.alice, p.bob.point(), stamp, &mut entropy).unwrap();
    let (stamped, noise) = flight::open(&p.of_bob.from, &first, 53).unwrap();
    assert_eq!(stamped, stamp);
    assert_begins_with_public(&noise, &ephemeral(&draw_i));
    let mut entropy = Entropy::new([answerer; 32]);
    let (reply, mut of_bob) =
        link::answer(&p.of_bob, &p.bob, p.alice.point(), &first, &mut entropy).unwrap();
    let noise = flight::open_answer(&p.of_alice.from.wrap, &reply, 53).unwrap();
    assert_begins_with_public(&noise, &ephemeral(&draw_r));
    let mut of_alice = dialled.finish(&p.of_alice, &reply).unwrap();
    let long: Vec<u8> = (0..1000).map(|n| n as u8).collect();
    let mut records = Vec::new();
    let said: [(bool, &[u8], bool); 6] = [
        (true, b"bonjour", false),
        (false, b"", false),
        (true, &long, true),
        (true, b"under the next key", false),
        (false, b"and back", true),
        (false, b"under the next key", false),
    ];
    for (by_alice, data, rekey) in said {
        let wire = if by_alice {
            record(&mut of_alice, &mut of_bob, data, rekey)
        } else {
            record(&mut of_bob, &mut of_alice, data, rekey)
        };
        let by = if by_alice { "I" } else { "R" };
        records.push(json!({"by": by, "data": hex(data), "rekey": rekey, "record": hex(wire)}));
    }
    let computed = json!({
        "what": "PROTOCOL §3. Alice (seed 01..) dials Bob (seed 02..) under ER_0 = 03.., epoch 0; then records both ways.",
        "stamp": stamp,
        "dialler": {"entropy": hex([dialler; 32]), "e": ephemeral(&draw_i), "nonce": nonce_i, "flight": hex(&first)},
        "answerer": {"entropy": hex([answerer; 32]), "e": ephemeral(&draw_r), "nonce": nonce_r, "answer": hex(&reply)},
        "records": records,
    });
    hold("link", &computed);
}

#[test]
fn a_hello_is_laid_as_is_kept() {
    let session = |byte, numbers: [u32; 4]| Progress {
        session: [byte; 32],
        sent_chain: numbers[0],
        sent_n: numbers[1],
        got_chain: numbers[2],
        got_n: numbers[3],
    };
    let cases = [
        ("no session yet", [None; 4]),
        (
            "an active one",
            [Some(session(7, [2, 5, 1, 0x01020304])), None, None, None],
        ),
        (
            "one of each: active, previous, pending, parked",
            [(7, 5), (6, 9), (8, 0), (9, 1)].map(|(id, n)| Some(session(id, [2, n, 1, 3]))),
        ),
    ];
    let cases = cases.map(|(what, sessions)| {
        let sessions = Standings::of_slots(sessions);
        let bytes = hello::encode(&sessions);
        assert_eq!(hello::decode(&bytes).unwrap(), sessions);
        let shown = sessions.slots().into_iter().map(|session| session.map(|s| {
            json!({"session": hex(s.session), "sent": [s.sent_chain, s.sent_n], "got": [s.got_chain, s.got_n]})
        }));
        json!({"what": what, "sessions": shown.collect::<Vec<_>>(), "body": hex(bytes)})
    });
    let refused = [
        ("five sessions", [vec![5], vec![0; 240]].concat()),
        ("a byte too many", [vec![4], vec![0; 193]].concat()),
        ("a byte short", [vec![4], vec![0; 191]].concat()),
        (
            "numbers of no session",
            [vec![4], vec![0; 32], vec![1], vec![0; 159]].concat(),
        ),
    ];
    let refused = refused.map(|(what, body)| {
        assert!(hello::decode(&body).is_err());
        json!({"what": what, "body": hex(body)})
    });
    hold(
        "hello",
        &json!({"what": "PROTOCOL §3 Hello: the body of frame 1.", "hellos": cases, "refused": refused}),
    );
}

#[test]
fn an_invitation_is_used_up_as_is_kept() {
    let (inviter, joiner) = (Identity::from_seed(key(1)), Identity::from_seed(key(2)));
    let code = Code {
        expiry_min: 29_916_666,
        ik: *inviter.point().as_bytes(),
        secret: Code::secret(|secret| secret.fill(9)),
        addrs: vec![Addr::V4([192, 0, 2, 1], 4711)],
        language: Language::French,
    };
    let s: Key<Invitation> = kdf::derive(
        label::INVITE,
        &[&[9; 16], &code.ik, &code.expiry_min.to_le_bytes()],
    );
    let s = [s.expose().as_slice()];
    let derived = |label| hex(kdf::digest::<32>(label, &s));
    let keys = InviteKeys::of(&code);
    let about_j = Introduction {
        nick: "zoé".into(),
        addrs: vec![Addr::Onion([5; 32], 9735)],
    };
    let about_i = Introduction {
        nick: String::new(),
        addrs: code.addrs.clone(),
    };
    let [kem_j, draw_j, nonce_1] = draws(30, [64, 32, 24]);
    let [draw_i, m, r_i, nonce_2] = draws(31, [32, 32, 32, 24]);
    let [r_j, nonce_3] = draws(32, [32, 24]);
    let (asking, first) =
        exchange::ask(&keys, &joiner, inviter.point(), &mut Entropy::new([30; 32])).unwrap();
    let (heard, second) =
        exchange::hear(&keys, &inviter, &first, &mut Entropy::new([31; 32])).unwrap();
    let mut claim = asking
        .claim(&keys, &second, &about_j, &mut Entropy::new([32; 32]))
        .unwrap();
    let mut claimed = heard.claimed(&keys, &claim.message).unwrap();
    assert!(claimed.root.same(&claim.root) && claimed.about == about_j);
    let verdict =
        exchange::seal_verdict(&mut claimed.records, Verdict::Accepted, &about_i).unwrap();
    assert!(exchange::open_verdict(&mut claim.records, &verdict).is_some());
    let wrap_j: Key<Wrap> = kdf::derive(label::INVITE_WRAP_J, &s);
    let (_, noise) = flight::open_with(&wrap_j, &first, 32 + 2 + 1184 + 16).unwrap();
    assert_begins_with_public(&noise, &ephemeral(&draw_j));
    let computed = json!({
        "what": "PROTOCOL §2a. Inviter I of seed 01.., joiner J of seed 02..; the joiner is Noise's initiator.",
        "code": {"text": code.to_text().unwrap().as_str(), "secret": hex([9; 16]), "expiry_min": code.expiry_min},
        "keys": {
            "s": hex(s[0]), "psk": derived(label::INVITE_PSK), "hint": shown(&keys.hint), "flight": shown(&keys.flight),
            "wrap_j": derived(label::INVITE_WRAP_J), "wrap_i": derived(label::INVITE_WRAP_I),
            "meeting_secret": derived(label::INVITE_MEETING), "id": derived(label::INVITE_ID),
        },
        "message_1": {"entropy": hex([30; 32]), "kem_seed": kem_j, "e": ephemeral(&draw_j), "nonce": nonce_1, "bytes": hex(&first)},
        "message_2": {"entropy": hex([31; 32]), "e": ephemeral(&draw_i), "m": m, "r": r_i, "nonce": nonce_2, "bytes": hex(&second)},
        "message_3": {
            "entropy": hex([32; 32]), "r": r_j, "nonce": nonce_3, "nick": "zoé",
            "addrs": ["030505050505050505050505050505050505050505050505050505050505050505 0726".replace(' ', "")],
            "bytes": hex(&claim.message),
        },
        "verdict": {"verdict": 1, "nick": "", "addrs": ["04c00002016712"], "bytes": hex(&verdict)},
        "er_0": shown(&claim.root),
    });
    hold("invite", &computed);
}
