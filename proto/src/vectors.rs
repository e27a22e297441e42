//! Known answers: what each construction gives for inputs that anybody can repeat, kept in
//! `vectors/*.json`. PROTOCOL §9.
//!
//! Each test computes its file anew and holds it against the one that is kept. With `KITH_BLESS=1`
//! it writes it instead: only after a change of the protocol that was meant.

mod conversation;
mod doors;
mod groups;
mod handshakes;
mod keys;
mod mailboxes;
mod meetings;
mod storage;

use serde_json::Value;

use crate::edge::EdgeKeys;
use crate::identity::Identity;
use crate::kdf::Entropy;
use crate::secret::Key;

/// Holds a file to what was computed; or writes it.
fn hold(name: &str, computed: &Value) {
    let path = format!("{}/vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("KITH_BLESS").is_some() {
        let text = serde_json::to_string_pretty(computed).unwrap();
        std::fs::write(&path, text + "\n").unwrap();
    }
    let kept: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    // Not assert_eq: two parcels of 64 KiB in hex tell nobody what changed.
    differences("", &kept, computed);
}

fn differences(at: &str, kept: &Value, computed: &Value) {
    match (kept, computed) {
        (Value::Object(kept), Value::Object(computed)) => {
            assert!(kept.keys().eq(computed.keys()), "{at} has other fields");
            for (key, value) in kept {
                differences(&format!("{at}/{key}"), value, &computed[key]);
            }
        }
        (Value::Array(kept), Value::Array(computed)) => {
            assert_eq!(kept.len(), computed.len(), "{at} has another length");
            for (n, (kept, computed)) in kept.iter().zip(computed).enumerate() {
                differences(&format!("{at}/{n}"), kept, computed);
            }
        }
        _ => assert!(kept == computed, "{at} changed"),
    }
}

pub(crate) fn hex(bytes: impl AsRef<[u8]>) -> String {
    let digits = |byte: &u8| format!("{byte:02x}");
    bytes.as_ref().iter().map(digits).collect()
}

fn key<P>(byte: u8) -> Key<P> {
    Key::fill(|bytes| bytes.fill(byte))
}

fn shown<P>(key: &Key<P>) -> String {
    hex(key.expose())
}

/// What entropy filled with one byte gives to whoever draws so many bytes, one draw after the other.
fn draws<const N: usize>(byte: u8, lengths: [usize; N]) -> [String; N] {
    draws_from([byte; 32], lengths)
}

fn draws_from<const N: usize>(seed: [u8; 32], lengths: [usize; N]) -> [String; N] {
    let mut entropy = Entropy::new(seed);
    lengths.map(|length| {
        let mut bytes = vec![0; length];
        entropy.fill(&mut bytes);
        hex(bytes)
    })
}

/// The ephemeral scalar of a handshake whose 32-byte draw this was.
fn ephemeral(draw: &str) -> String {
    let [scalar] = draws_from(unhex(draw).try_into().unwrap(), [32]);
    scalar
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(byte).collect()
}

/// Alice of seed 01.., Bob of seed 02.., and their edge of ER_0 = 03...
struct Pair {
    alice: Identity,
    bob: Identity,
    of_alice: EdgeKeys,
    of_bob: EdgeKeys,
}

fn pair() -> Pair {
    let (alice, bob) = (Identity::from_seed(key(1)), Identity::from_seed(key(2)));
    let of_alice = EdgeKeys::first(key(3), alice.point(), bob.point());
    let of_bob = EdgeKeys::first(key(3), bob.point(), alice.point());
    Pair {
        alice,
        bob,
        of_alice,
        of_bob,
    }
}
