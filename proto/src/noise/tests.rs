//! What every handshake promises, and that there is no other way to one.

use super::*;

fn ends() -> (Identity, Identity, Key<Psk>) {
    let identity = |n| Identity::from_seed(Key::fill(|b| b.fill(n)));
    (identity(1), identity(2), Key::fill(|b| b.fill(3)))
}

fn kk(me: &Identity, other: &Identity, psk: &Key<Psk>, role: Role, seed: u8) -> Handshake {
    Setup {
        pattern: Pattern::KKpsk0,
        role,
        prologue: b"kith/link/1",
        psk,
        me: me.into(),
        other: Some(other.point()),
    }
    .start(&mut Entropy::new([seed; 32]))
    .unwrap()
}

#[test]
fn both_ends_leave_a_handshake_with_the_same_keys() {
    let (a, b, psk) = ends();
    let (mut i, mut r) = (
        kk(&a, &b, &psk, Role::Initiator, 4),
        kk(&b, &a, &psk, Role::Responder, 5),
    );
    let first = i.write(b"ver").unwrap();
    assert_eq!(first.len(), 48 + 3);
    assert_eq!(&**r.read(&first).unwrap(), b"ver");
    let second = r.write(b"").unwrap();
    i.read(&second).unwrap();
    let (i, r) = (i.finish().unwrap(), r.finish().unwrap());
    assert!(i.k_i.same(&r.k_i) && i.k_r.same(&r.k_r));
    assert_eq!(i.hash, r.hash);
}

#[test]
fn the_same_entropy_makes_the_same_first_message() {
    let (a, b, psk) = ends();
    let mut once = kk(&a, &b, &psk, Role::Initiator, 4);
    let mut again = kk(&a, &b, &psk, Role::Initiator, 4);
    assert_eq!(once.write(b"x").unwrap(), again.write(b"x").unwrap());
}

#[test]
fn an_ephemeral_of_low_order_ends_the_handshake() {
    let (a, b, psk) = ends();
    let mut i = kk(&a, &b, &psk, Role::Initiator, 4);
    let first = i.write(b"").unwrap();
    for e in [[0u8; 32], core::array::from_fn(|n| u8::from(n == 0))] {
        let mut forged = first.clone();
        forged[..32].copy_from_slice(&e);
        assert!(kk(&b, &a, &psk, Role::Responder, 5).read(&forged).is_err());
    }
}

#[test]
fn another_prologue_is_another_handshake() {
    let (a, b, psk) = ends();
    let mut i = kk(&a, &b, &psk, Role::Initiator, 4);
    let first = i.write(b"").unwrap();
    let mut r = Setup {
        pattern: Pattern::KKpsk0,
        role: Role::Responder,
        prologue: b"kith/ake/1",
        psk: &psk,
        me: (&b).into(),
        other: Some(a.point()),
    }
    .start(&mut Entropy::new([5; 32]))
    .unwrap();
    assert!(r.read(&first).is_err());
}

/// Attack 2: another resolver, or another curve, would bring unchecked points back.
#[test]
fn there_is_one_constructor_of_snow_and_one_curve_in_the_tree() {
    let lock = include_str!("../../../Cargo.lock");
    assert_eq!(lock.matches("name = \"curve25519-dalek\"").count(), 1);
    let manifest = include_str!("../../../Cargo.toml");
    let snow = manifest
        .lines()
        .find(|line| line.starts_with("snow = "))
        .unwrap();
    assert!(
        snow.contains("default-features = false") && snow.contains("[\"risky-raw-split\"]"),
        "{snow}"
    );
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap();
    let mut builders = Vec::new();
    for krate in ["proto/src", "node/src", "cli/src"] {
        files_with(
            concat!("snow::", "Builder"),
            &root.join(krate),
            &mut builders,
        );
    }
    assert_eq!(builders, [root.join("proto/src/noise.rs")]);
}

fn files_with(text: &str, dir: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_with(text, &path, found);
        } else if std::fs::read_to_string(&path).unwrap().contains(text) {
            found.push(path);
        }
    }
}
