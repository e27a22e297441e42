//! What a keeper knows: of what it keeps, a size. Its memory is read while it holds a parcel, locked and
//! then unlocked, and its journal at its most talkative.

use std::fs;

use kith_proto::engine::testing::points;

use super::home::{Home, PATIENCE, find, until};
use super::memory::Memory;
use super::running::Node;
use super::seizure::{Needles, Seized, canary};

/// A home with the passphrase of all, and the node in it.
fn start(home: &Home, file: Option<&str>) -> Node {
    let mut args = vec!["daemon", "--foreground"];
    args.extend(file.iter().flat_map(|file| ["--passphrase-file", file]));
    let mut command = home.command(&args);
    home.start_with(command.env("KITH_LOG", "trace"))
}

/// The identity of a home, and those of its friends.
fn identities(home: &Home, node: &Node, passphrase: &str) -> Vec<[u8; 32]> {
    let seized = Seized::of(home, node);
    let (vault, _) = seized.open(passphrase, None).unwrap();
    points(seized.state(&vault)).unwrap()
}

fn soon(what: &str, mut look: impl FnMut() -> bool) {
    let come = until(3 * PATIENCE, || look().then_some(()));
    assert!(come.is_some(), "{what}");
}

#[test]
fn a_keeper_knows_neither_what_it_keeps_nor_from_whom_and_locked_not_for_whom() {
    let passphrase = canary();
    let [bob, zoe, anne] = [(); 3].map(|()| Home::sealed(&passphrase));
    let file = bob.passphrase(&passphrase);
    let [zoe_here, bob_there, anne_there, zoe_at_anne] = [(); 4].map(|()| canary());
    let nodes = [&bob, &zoe, &anne].map(|home| start(home, Some(&file)));
    if Memory::of(&nodes[0]).is_none() {
        eprintln!("skipped: this user may not read the memory of another process");
        return;
    }
    bob.befriend(&zoe_here, &zoe, &bob_there);
    zoe.befriend(&anne_there, &anne, &zoe_at_anne);
    bob.kith(&["mailbox", "offer", &zoe_here]).done();
    zoe.kith(&["mailbox", "ask", &bob_there]).done();
    soon("anne may leave something", || {
        !anne.client().tokens().unwrap().held.is_empty()
    });

    let [at_bob, at_zoe, at_anne] = nodes;
    let [sender, owner] = [(&anne, &at_anne), (&zoe, &at_zoe)]
        .map(|(home, node)| identities(home, node, &passphrase)[0]);
    drop((at_bob, at_zoe));
    let keeper = start(&bob, None);
    let text = canary();
    anne.kith(&["send", &zoe_at_anne, &text]).done();
    soon("it is kept", || {
        let said = anne.kith(&["history", &zoe_at_anne, "--json"]).json();
        said["lines"][0]["kept"].is_object()
    });

    let mut needles = Needles::default();
    let names = [&anne_there, &zoe_at_anne, &bob_there];
    needles.add("the text", text.as_bytes());
    names
        .iter()
        .for_each(|name| needles.add("a name", name.as_bytes()));
    needles.add("the sender", &sender);
    needles.add("the owner", &owner);
    needles.add("the owner's name", zoe_here.as_bytes());
    assert_eq!(bob.status()["locked"], true);
    let found = Memory::of(&keeper).unwrap().find(&needles);
    assert!(found.is_empty(), "locked: {found:?}");

    // The same search in the same process, once it knows its friends.
    bob.kith_alone(&["unlock", "--passphrase-file", &file])
        .done();
    soon("it knows its friends", || {
        bob.client()
            .contacts()
            .is_ok_and(|it| it.contacts.len() == 1)
    });
    let found = Memory::of(&keeper).unwrap().find(&needles);
    let known: Vec<_> = found.keys().copied().collect();
    assert_eq!(
        known,
        ["the owner", "the owner's name"],
        "unlocked: {found:?}"
    );

    let printed = fs::read(bob.beside("printed")).unwrap();
    assert!(!printed.is_empty(), "the journal was open");
    for told in [&text, &zoe_here].into_iter().chain(names) {
        assert!(
            find(&printed, told.as_bytes()).is_none(),
            "{told} in the journal"
        );
    }
    drop(at_anne);
}
