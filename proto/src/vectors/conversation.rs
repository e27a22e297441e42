//! Parcels, payloads, and a whole session from its first offer on.

use serde_json::{Value, json};

use super::{draws, draws_from, ephemeral, hex, hold, key, pair};
use crate::edge::{self, Ask, Share};
use crate::identity::public;
use crate::kdf::Entropy;
use crate::kem::{CT_BYTES, EK_BYTES};
use crate::message::{self, Payload, Text};
use crate::name::Label;
use crate::parcel::{self, Contents, Core, HeaderKeys, Kind, Parcel};
use crate::ratchet::Session;
use crate::ratchet::continuity::Past;
use crate::ratchet::handshake::{self, Offer};
use crate::secret::{RatchetScalar, Said};
use crate::zone::{ZoneAnswer, ZoneAsk, ZoneRecord};

#[test]
fn a_parcel_of_each_bucket_is_what_is_kept() {
    let dh = public(&key::<RatchetScalar>(5));
    let core = Core {
        kind: Kind::Ratchet,
        dh: Some(dh),
        pn: 258,
        n: 772,
        ext_len: 0,
    };
    let cases = [
        (0, 0, "empty"),
        (724, 0, "the longest of 2048"),
        (724, EK_BYTES, "the longest of 2048, with a key"),
        (300, CT_BYTES, "with a ciphertext"),
        (725, 0, "the shortest of 8192"),
        (6869, 0, "the shortest of 65536"),
    ];
    let header = HeaderKeys::new(key(1));
    let cases = cases.map(|(length, ext_len, what)| {
        let bytes_of = |length: usize| (0..length).map(|n| (n % 251) as u8).collect::<Vec<_>>();
        let (payload, ext) = (bytes_of(length), bytes_of(ext_len));
        let bucket = parcel::bucket_for(payload.len()).unwrap();
        let core = Core { ext_len, ..core.clone() };
        let contents = Contents { ext: &ext, payload: &payload, bucket };
        let bytes = parcel::seal(&core, &header, key(2), &[3; 32], [4; 24], contents);
        let parsed = Parcel::parse(&bytes).unwrap();
        assert!(parsed.fits(&header) && parsed.core(&header).unwrap() == core);
        assert_eq!(**parsed.open(&core, &key(2), &[3; 32]).unwrap(), payload);
        assert_eq!(parsed.ext(&header, &core).unwrap(), ext);
        let whole = if bucket == 2048 { hex(&bytes) } else { String::new() };
        json!({
            "what": what, "length": length, "ext_len": ext_len, "bucket": bucket, "head": hex(&bytes[..104]), "body_tag": hex(&bytes[bucket - 32..]),
            "blake3": blake3::hash(&bytes).to_hex().as_str(), "parcel": whole,
        })
    });
    let computed = json!({
        "what": "PROTOCOL §4.2. Byte i of each payload and of each KEM field is i mod 251; whole bytes are given of the smallest bucket only.",
        "header_key": hex([1; 32]), "mk_enc": hex([2; 32]), "session_id": hex([3; 32]), "nonce": hex([4; 24]),
        "dh": hex(dh.as_bytes()), "pn": 258, "n": 772, "parcels": cases,
    });
    hold("parcel", &computed);
}

#[test]
fn payloads_are_laid_as_is_kept() {
    let text = |text: &str| {
        Payload::Text(Text {
            incarnation: 326,
            number: 7,
            minute: 29_916_666,
            keep: 0,
            text: Said::new(text.into()),
        })
    };
    let record = |label, note: &str, days| ZoneRecord {
        label: Label::parse(label).unwrap(),
        tag: [12; 16],
        note: note.to_owned(),
        days,
    };
    let id = [0xAB; 16];
    let cases = [
        ("Confirm", Payload::Confirm),
        ("Ack of nothing", Payload::Ack(vec![])),
        ("Ack of two", Payload::Ack(vec![[1; 16], [2; 16]])),
        (
            "Text: inc 326, aseq 7, time 29916666, ttl 0",
            text("Salut, ça va ?"),
        ),
        (
            "Timer: the third, a day",
            Payload::Timer(message::Timer {
                number: 3,
                limit: 1440,
            }),
        ),
        (
            "EdgeRekey: epoch 5",
            Payload::EdgeRekey(Ask {
                epoch: 5,
                share: Share::new([6; 32]),
            }),
        ),
        (
            "EdgeRekeyAck: epoch 5",
            Payload::EdgeRekeyAck(edge::Answer {
                epoch: 5,
                share: Share::new([7; 32]),
                tag: [8; 16],
            }),
        ),
        (
            "NextIdentity",
            Payload::NextIdentity(message::NextIdentity {
                point: [9; 32],
                share: Share::new([10; 32]),
            }),
        ),
        (
            "IntroAsk: bob, and a word about him",
            Payload::IntroAsk(message::IntroAsk {
                id: [11; 16],
                label: "bob".to_owned(),
                said: "on milite ensemble".to_owned(),
            }),
        ),
        (
            "IntroAnswer: nobody could reach me",
            Payload::IntroAnswer(message::IntroAnswer {
                id: [11; 16],
                invitation: vec![].into(),
            }),
        ),
        (
            "IntroAnswer with 93 bytes",
            Payload::IntroAnswer(message::IntroAnswer {
                id: [11; 16],
                invitation: vec![12; 93].into(),
            }),
        ),
        (
            "IntroGive: yours opens",
            Payload::IntroGive(message::IntroGive {
                id: [11; 16],
                join: false,
                point: [13; 32],
                invitation: vec![].into(),
            }),
        ),
        (
            "IntroGive: take this one",
            Payload::IntroGive(message::IntroGive {
                id: [11; 16],
                join: true,
                point: [13; 32],
                invitation: vec![12; 58].into(),
            }),
        ),
        ("ZoneAsk: all", Payload::ZoneAsk(ZoneAsk { label: None })),
        (
            "ZoneAsk: zoé",
            Payload::ZoneAsk(ZoneAsk {
                label: Label::parse("zoé").ok(),
            }),
        ),
        (
            "ZoneAnswer: nobody",
            Payload::ZoneAnswer(ZoneAnswer {
                of: [11; 16],
                records: vec![],
            }),
        ),
        (
            "ZoneAnswer: caro with a note for a week, zoé not any more",
            Payload::ZoneAnswer(ZoneAnswer {
                of: [11; 16],
                records: vec![
                    record("caro", "on milite ensemble", 7),
                    record("zoé", "", 0),
                ],
            }),
        ),
    ];
    let cases = cases.map(|(what, payload)| {
        let bytes = message::encode(&id, &payload);
        let (read, again) = message::decode(&bytes).unwrap();
        assert!(read == id && *message::encode(&read, &again) == *bytes);
        json!({"what": what, "mid": hex(id), "payload": hex(&*bytes)})
    });
    let unknown = [&[200][..], &id, b"later"].concat();
    assert!(matches!(
        message::decode(&unknown),
        Ok((_, Payload::Unknown))
    ));
    let refused = [
        ("no mid", vec![1; 16]),
        (
            "Confirm with a byte too many",
            [&[1][..], &id, &[0]].concat(),
        ),
        ("Ack of 41", [&[2][..], &id, &[41], &[0; 41 * 16]].concat()),
        (
            "Ack with a mid missing",
            [&[2][..], &id, &[2], &[0; 16]].concat(),
        ),
        ("Timer cut short", [&[7][..], &id, &[0; 7]].concat()),
        (
            "NextIdentity cut short",
            [&[13][..], &id, &[0; 63]].concat(),
        ),
        ("EdgeRekey cut short", [&[9][..], &id, &[0; 35]].concat()),
        (
            "EdgeRekeyAck with a byte too many",
            [&[10][..], &id, &[0; 53]].concat(),
        ),
        ("Text without a letter", [&[3][..], &id, &[0; 14]].concat()),
        (
            "Text that is not UTF-8",
            [&[3][..], &id, &[0; 14], &[0xFF]].concat(),
        ),
        (
            "IntroAsk with a note of 161 bytes",
            [&[17][..], &id, &[11; 16], b"\x03bob", &[161], &[b'x'; 161]].concat(),
        ),
        (
            "IntroAnswer with 94 bytes",
            [&[18][..], &id, &[11; 16], &[94], &[12; 94]].concat(),
        ),
        (
            "IntroGive with a join of 2",
            [&[19][..], &id, &[11; 16], &[2], &[13; 32], &[0]].concat(),
        ),
        ("ZoneAsk cut short", [&[20][..], &id, &[3], b"zo"].concat()),
        (
            "ZoneAsk of three labels",
            [&[20][..], &id, &[10], b"anne/zoe/x"].concat(),
        ),
        (
            "ZoneAnswer of 257",
            [&[21][..], &id, &[0; 16], &[1, 1], &[0; 257 * 20]].concat(),
        ),
        (
            "ZoneAnswer with a note of 65 bytes",
            [
                &[21][..],
                &id,
                &[0; 16],
                &[1, 0, 1],
                b"a",
                &[0; 16],
                &[65],
                &[b'n'; 65],
                &[1],
            ]
            .concat(),
        ),
        (
            "ZoneAnswer for eight days",
            [
                &[21][..],
                &id,
                &[0; 16],
                &[1, 0, 1],
                b"a",
                &[0; 16],
                &[0, 8],
            ]
            .concat(),
        ),
    ];
    let refused = refused.map(|(what, bytes)| {
        assert!(message::decode(&bytes).is_err(), "{what}");
        json!({"what": what, "payload": hex(bytes)})
    });
    let computed = json!({
        "what": "PROTOCOL §4.5: payloads.", "payloads": cases, "refused": refused,
        "unknown": {"what": "a kind of a later version: acknowledged, not understood", "mid": hex(id), "payload": hex(unknown)},
    });
    hold("payload", &computed);
}

/// What is written down of a session: who sealed what from which draws, who opened which parcel
/// with what success.
struct Protocol {
    ends: [Session; 2],
    chains: [u32; 2],
    /// The age of both nodes, in minutes.
    minute: u32,
    parcels: Vec<Vec<u8>>,
    steps: Vec<Value>,
}

const NAMES: [&str; 2] = ["I", "R"];

impl Protocol {
    /// Seals under entropy filled with the parcel's number plus 100.
    fn seal(&mut self, by: usize, payload: &str) {
        let number = self.parcels.len();
        let seed = 100 + number as u8;
        let mut entropy = Entropy::new([seed; 32]);
        let sealed = self.ends[by]
            .seal(payload.as_bytes(), self.minute, &mut entropy)
            .unwrap();
        let turned = sealed.chain != core::mem::replace(&mut self.chains[by], sealed.chain);
        let step = self.ends[by].step_taken();
        let [scalar, kem, nonce] = match (turned, step) {
            (false, _) => {
                let [nonce] = draws(seed, [24]);
                [String::new(), String::new(), nonce]
            }
            (true, "none") => {
                let [scalar, nonce] = draws(seed, [32, 24]);
                [scalar, String::new(), nonce]
            }
            (true, _) => draws(seed, [32, 32, 24]),
        };
        self.steps.push(json!({
            "do": "seal", "by": NAMES[by], "minute": self.minute, "parcel": number, "entropy": hex([seed; 32]), "scalar": scalar,
            "kem": step, "kem_draw": kem, "nonce": nonce, "chain": sealed.chain, "n": sealed.n, "payload": hex(payload),
            "bytes": hex(&sealed.bytes),
        }));
        self.parcels.push(sealed.bytes);
    }

    fn open(&mut self, by: usize, number: usize) {
        let parcel = Parcel::parse(&self.parcels[number]).unwrap();
        let (outcome, payload) = match self.ends[by].open(&parcel) {
            Err(error) => (format!("{error:?}"), String::new()),
            Ok(opened) => {
                self.ends[by].advance(opened.advance, self.minute);
                ("Opened".to_owned(), hex(&*opened.payload))
            }
        };
        self.steps.push(json!({
            "do": "open", "by": NAMES[by], "minute": self.minute, "parcel": number, "outcome": outcome, "payload": payload,
        }));
    }
}

#[test]
fn a_session_runs_as_is_kept() {
    let p = pair();
    let [seed] = draws(40, [32]);
    let [kem, draw_i, nonce_1] = draws_from(super::unhex(&seed).try_into().unwrap(), [64, 32, 24]);
    let [draw_r, m, ratchet, nonce_2] = draws(41, [32, 32, 32, 24]);
    let stamp = 1_795_000_000_001;
    let offer = Offer::draw(
        &p.of_alice,
        Past::of_pairing(&p.of_alice.root),
        &mut Entropy::new([40; 32]),
    );
    let a1 = offer
        .parcel(&p.of_alice, &p.alice, p.bob.point(), stamp)
        .unwrap();
    let payload = handshake::open(
        Kind::Ake1,
        &p.of_bob.from.ake_header,
        &Parcel::parse(&a1).unwrap(),
    )
    .unwrap();
    let (stamped, noise) = handshake::split_offer(&payload).unwrap();
    assert_eq!(stamped, stamp);
    let mut entropy = Entropy::new([41; 32]);
    let past = Past::of_pairing(&p.of_bob.root);
    let (of_bob, a2) = handshake::respond(
        &p.of_bob,
        &p.bob,
        p.alice.point(),
        noise,
        &past,
        &mut entropy,
    )
    .unwrap();
    assert!(of_bob.continuous);
    let of_bob = of_bob.session;
    let payload = handshake::open(
        Kind::Ake2,
        &p.of_alice.from.ake_header,
        &Parcel::parse(&a2).unwrap(),
    )
    .unwrap();
    let of_alice = offer
        .finish(&p.of_alice, &p.alice, p.bob.point(), &payload)
        .unwrap()
        .session;
    assert_eq!(of_alice.id(), of_bob.id());
    let id = hex(of_alice.id());
    let mut it = Protocol {
        ends: [of_alice, of_bob],
        chains: [0; 2],
        minute: 0,
        parcels: Vec::new(),
        steps: Vec::new(),
    };
    talk(&mut it);
    take_a_step(&mut it);
    let computed = json!({
        "what": "PROTOCOL §4. Alice (seed 01..) is I, Bob (seed 02..) is R, ER_0 = 03.., epoch 0. An empty scalar: the chain went on. kem: what each parcel of the chain bears, an offer (kem_draw is its seed) or an answer (kem_draw is m). minute: the age of both nodes.",
        "a1": {
            "stamp": stamp, "entropy": hex([40; 32]), "seed": seed, "kem_seed": kem, "e": ephemeral(&draw_i),
            "nonce": nonce_1, "bytes": hex(&a1),
        },
        "a2": {
            "entropy": hex([41; 32]), "e": ephemeral(&draw_r), "m": m, "ratchet_scalar": ratchet, "nonce": nonce_2,
            "bytes": hex(&a2),
        },
        "session_id": id,
        "steps": it.steps,
    });
    hold("session", &computed);
}

/// Twelve parcels: lost, late, doubled, sent back, across three turns.
fn talk(it: &mut Protocol) {
    let (i, r) = (0, 1);
    for text in ["a3", "un", "deux", "trois"] {
        it.seal(i, text);
    }
    it.open(r, 2);
    it.open(r, 0);
    it.open(r, 0);
    it.open(i, 1);
    for text in ["quatre", "cinq"] {
        it.seal(r, text);
    }
    it.open(i, 5);
    for text in ["six", "sept"] {
        it.seal(i, text);
    }
    it.open(r, 7);
    it.seal(r, "huit");
    it.open(i, 8);
    it.open(i, 4);
    it.seal(i, "neuf");
    it.seal(i, "dix");
    it.open(r, 10);
    // Parcel 9 is lost for good; what is left of two old chains comes now.
    it.open(r, 6);
    it.open(r, 3);
    it.open(r, 1);
    it.open(r, 1);
    it.seal(r, &"long ".repeat(160));
    it.open(i, 11);
    assert!(it.ends.iter().all(|end| end.skipped_len() <= 1));
}

/// Ten more, a day later: one offers a key, the other answers; of both chains some are lost, and some
/// come after the turn.
fn take_a_step(it: &mut Protocol) {
    let (i, r) = (0, 1);
    it.minute = 24 * 60;
    for text in ["offre", "offre encore", "perdu"] {
        it.seal(i, text);
    }
    it.open(r, 13);
    for text in ["réponse", "perdu", "réponse encore"] {
        it.seal(r, text);
    }
    it.open(i, 17);
    it.open(r, 12);
    it.seal(i, "après");
    it.seal(i, "après encore");
    it.open(r, 19);
    it.open(i, 15);
    it.open(i, 15);
    it.open(r, 18);
    it.seal(r, "fini");
    it.open(i, 20);
    it.seal(i, "fini aussi");
    it.open(r, 21);
    let taken = it.steps.iter().filter(|step| step["kem"] == "answer");
    assert_eq!((it.parcels.len(), taken.count()), (22, 3));
}
