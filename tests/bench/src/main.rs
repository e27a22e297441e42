//! How fast Kith's core is, in one run with vodozemac's Olm and with the bare primitives on the same
//! sizes: medians of this thread's processor time. `cargo run --release [-- ROUNDS]`, about ten seconds.

mod measure;

use std::hint::black_box;

use chacha20::XChaCha20;
use chacha20::cipher::{KeyIvInit, StreamCipher};
use kith_proto::bench::{Door, Pair};
use measure::Notes;
use vodozemac::olm::{Account, OlmMessage, Session, SessionConfig};
use x25519_dalek::{PublicKey, StaticSecret};

/// A text, in bytes.
const TEXT: [u8; 256] = [b'a'; 256];
/// Messages one way before the other side speaks.
const IN_ORDER: usize = 100;
const TURNS: usize = 20;
const FRIENDS: u32 = 256;

fn main() {
    let rounds = std::env::args()
        .nth(1)
        .map_or(300, |word| word.parse().expect("a number"));
    let mut notes = Notes::default();
    let mut kith = Kith::new();
    let mut olm = Olm::new();
    for round in 0..rounds {
        kith.round(&mut notes, round);
        olm.round(&mut notes);
        floor(&mut notes);
    }
    report(&notes);
}

/// 32 bytes that differ from all others here.
fn fresh(counter: &mut u64) -> [u8; 32] {
    *counter += 1;
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&counter.to_le_bytes());
    bytes
}

struct Kith {
    pair: Pair,
    door: Door,
    drawn: u64,
}

impl Kith {
    fn new() -> Self {
        let pair = Pair::meet(&TEXT).expect("a session");
        Self {
            pair,
            door: Door::of(FRIENDS),
            drawn: 0,
        }
    }

    fn one(&mut self, by: usize) {
        let parcel = self.pair.seal(by, fresh(&mut self.drawn)).expect("sealed");
        assert_eq!(self.pair.open(1 - by, &parcel).expect("opened"), TEXT.len());
    }

    fn round(&mut self, notes: &mut Notes, round: usize) {
        self.one(0);
        let (pair, drawn) = (&mut self.pair, &mut self.drawn);
        let parcels = notes.time("kith seal", IN_ORDER, || {
            let seal = |_| pair.seal(0, fresh(drawn)).expect("sealed");
            (0..IN_ORDER).map(seal).collect::<Vec<_>>()
        });
        notes.time("kith open", IN_ORDER, || {
            for parcel in &parcels {
                black_box(pair.open(1, parcel).expect("opened"));
            }
        });
        // After so many messages the next turn offers a KEM key, and the one after it answers.
        notes.time("kith seal + open, two turns with a KEM step", 1, || {
            self.one(1);
            self.one(0);
        });
        notes.time("kith seal + open, every one a turn", TURNS, || {
            for turn in 0..TURNS {
                self.one((turn + 1) % 2);
            }
        });
        self.doors(notes, round);
    }

    fn doors(&mut self, notes: &mut Notes, round: usize) {
        let (pair, drawn) = (&self.pair, &mut self.drawn);
        notes.time("kith link handshake, both sides", 1, || {
            pair.link(fresh(drawn)).expect("a link")
        });
        let knock: Vec<u8> = (0..40).map(|n| (round + 7 * n) as u8).collect();
        notes.time("kith turns a stranger away, 256 friends", 20, || {
            for _ in 0..20 {
                assert!(self.door.turns_away(black_box(&knock)));
            }
        });
    }
}

struct Olm([Session; 2]);

impl Olm {
    fn new() -> Self {
        let (alice, mut bob) = (Account::new(), Account::new());
        bob.generate_one_time_keys(1);
        let one_time = *bob.one_time_keys().values().next().expect("a key");
        let config = SessionConfig::version_1();
        let mut i = alice
            .create_outbound_session(config, bob.curve25519_key(), one_time)
            .expect("a session");
        let OlmMessage::PreKey(first) = i.encrypt(TEXT).expect("encrypted") else {
            panic!("the first message begins the session");
        };
        let inbound = bob.create_inbound_session(config, alice.curve25519_key(), &first);
        let mut olm = Self([i, inbound.expect("a session").session]);
        // Both have spoken: no more messages that begin a session.
        olm.one(1);
        olm
    }

    fn one(&mut self, by: usize) {
        let message = self.0[by].encrypt(TEXT).expect("encrypted");
        assert_eq!(
            self.0[1 - by].decrypt(&message).expect("decrypted").len(),
            TEXT.len()
        );
    }

    fn round(&mut self, notes: &mut Notes) {
        self.one(0);
        let [alice, bob] = &mut self.0;
        let messages = notes.time("olm encrypt", IN_ORDER, || {
            let encrypt = |_| alice.encrypt(TEXT).expect("encrypted");
            (0..IN_ORDER).map(encrypt).collect::<Vec<_>>()
        });
        notes.time("olm decrypt", IN_ORDER, || {
            for message in &messages {
                black_box(bob.decrypt(message).expect("decrypted"));
            }
        });
        notes.time("olm encrypt + decrypt, every one a turn", TURNS, || {
            for turn in 0..TURNS {
                self.one((turn + 1) % 2);
            }
        });
    }
}

/// The primitives alone, on what a parcel of 2048 bytes gives them.
fn floor(notes: &mut Notes) {
    let (mine, theirs) = (
        StaticSecret::from([1; 32]),
        PublicKey::from(&StaticSecret::from([2; 32])),
    );
    let (key, nonce, mut parcel) = ([3; 32], [4; 24], [0; 2048]);
    notes.time("bare X25519", 10, || {
        for _ in 0..10 {
            black_box(black_box(&mine).diffie_hellman(&theirs));
        }
    });
    notes.time("bare X25519, a public key", 10, || {
        for _ in 0..10 {
            black_box(PublicKey::from(black_box(&mine)));
        }
    });
    notes.time("bare keyed BLAKE3, 2048 B", 100, || {
        for _ in 0..100 {
            black_box(blake3::keyed_hash(&key, black_box(&parcel)));
        }
    });
    notes.time("bare XChaCha20, 1912 B", 100, || {
        for _ in 0..100 {
            XChaCha20::new(&key.into(), &nonce.into())
                .apply_keystream(black_box(&mut parcel[..1912]));
        }
    });
}

fn report(notes: &Notes) {
    for name in notes.names() {
        println!("{:8.2} us  {name}", notes.median(name));
    }
    let of = |name| notes.median(name);
    let (kith, olm) = (
        of("kith seal") + of("kith open"),
        of("olm encrypt") + of("olm decrypt"),
    );
    println!(
        "\nin order: {kith:.2} us against {olm:.2} us of Olm: {:.2}x as fast",
        olm / kith
    );
    let bare = 2.0 * (of("bare keyed BLAKE3, 2048 B") + of("bare XChaCha20, 1912 B"));
    println!("    the floor of hashing and encrypting twice: {bare:.2} us");
    let (kith, olm) = (
        of("kith seal + open, every one a turn"),
        of("olm encrypt + decrypt, every one a turn"),
    );
    println!(
        "turning:  {kith:.1} us against {olm:.1} us of Olm: {:.2}x as fast",
        olm / kith
    );
    let bare = 2.0 * of("bare X25519") + of("bare X25519, a public key");
    println!("    the floor of two agreements and a key: {bare:.1} us");
    let step = of("kith seal + open, two turns with a KEM step") - 2.0 * kith;
    println!(
        "a KEM step adds {step:.0} us, to at least 50 messages: {:.1} us each",
        step / 50.0
    );
}
