//! No signing key and no verification of a signature: proto has no crate that could, and the one that
//! libp2p's identity crate brings into the program is called by nobody.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What makes or verifies signatures, by the names of crates or parts of them.
const SIGNING: [&str; 18] = [
    "signature",
    "ed25519",
    "ed448",
    "ecdsa",
    "p256",
    "p384",
    "p521",
    "k256",
    "secp256k1",
    "rsa",
    "dsa",
    "schnorr",
    "bls",
    "ring",
    "aws-lc",
    "openssl",
    "boring",
    "minisign",
];

/// What one would write to call them.
const CALLS: [&str; 8] = [
    "Keypair",
    "SigningKey",
    "VerifyingKey",
    "Signer",
    "Verifier",
    "Signature",
    "ed25519",
    "ecdsa",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// The names of crates that `cargo tree` tells of.
pub(super) fn tree(args: &[&str]) -> BTreeSet<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "tree",
        "--offline",
        "--locked",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    let output = cargo
        .args(["-e", "normal,build"])
        .args(args)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let names = text
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    names.map(str::to_owned).collect()
}

fn signs(name: &str) -> bool {
    SIGNING.iter().any(|part| {
        // `ring` is a crate, and a part of many a word.
        name.split(['-', '_']).any(|word| word == *part) || name.starts_with(&format!("{part}-"))
    })
}

#[test]
fn no_signing_key_and_no_verification_is_reachable_from_proto() {
    let proto = tree(&["-p", "kith-proto"]);
    assert!(
        proto.contains("x25519-dalek") && proto.len() > 40,
        "{proto:?}"
    );
    let signing: Vec<_> = proto.iter().filter(|name| signs(name)).collect();
    assert!(signing.is_empty(), "{signing:?}");
}

#[test]
fn the_one_signing_crate_of_the_program_comes_with_libp2p_identity_alone() {
    let program = tree(&["-p", "kith"]);
    assert!(program.contains("libp2p-swarm"), "{program:?}");
    let signing: Vec<_> = program
        .iter()
        .filter(|name| signs(name))
        .map(String::as_str)
        .collect();
    assert_eq!(signing, ["ed25519", "ed25519-dalek", "signature"]);
    let users = tree(&["-p", "kith", "-i", "ed25519-dalek", "--depth", "1"]);
    let users: Vec<_> = users.iter().map(String::as_str).collect();
    assert_eq!(users, ["ed25519-dalek", "libp2p-identity"]);
}

#[test]
fn nothing_of_ours_calls_it() {
    let (mut lines, mut calls) = (0, Vec::new());
    for krate in ["proto/src", "node/src", "cli/src"] {
        read(&root().join(krate), &mut |path, line| {
            lines += 1;
            let code = line.split("//").next().unwrap();
            if CALLS.iter().any(|call| code.contains(call)) {
                calls.push(format!("{}: {line}", path.display()));
            }
        });
    }
    assert!(lines > 10_000, "the search finds them");
    assert!(calls.is_empty(), "{calls:?}");
    let names = ["signature", "ed25519-dalek", "ring", "aws-lc-rs", "p256"];
    assert!(
        names.into_iter().all(signs) && !["string", "keyring-x", "blake3"].into_iter().any(signs)
    );
}

fn read(dir: &Path, each: &mut impl FnMut(&Path, &str)) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, each);
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            text.lines().for_each(|line| each(&path, line));
        }
    }
}
