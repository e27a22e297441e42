//! Pictures and documents between real nodes: asked about, cut off, killed, saved, refused.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use kith_node::control::client::Events;
use kith_node::control::shape::{Event, FileNews, FileState};

use super::home::{Home, PATIENCE, until};

/// Nothing that a file system or a code could make smaller.
fn picture(bytes: usize) -> Vec<u8> {
    let mut state = 7u64;
    let byte = |_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 56) as u8
    };
    (0..bytes).map(byte).collect()
}

impl Home {
    fn write_beside(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.beside(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// The number of the only file, once it has come so far.
    fn file(&self, state: FileState) -> String {
        let id = until(PATIENCE, || {
            let files = self.client().files().unwrap().files;
            let file = files.iter().find(|file| file.state == state)?;
            Some(file.id.to_string())
        });
        id.unwrap_or_else(|| panic!("no file is {state:?}"))
    }

    fn has_no_file(&self) {
        let none = until(PATIENCE, || {
            let files = self.client().files().unwrap().files;
            files.is_empty().then_some(())
        });
        none.expect("there is still a file");
    }
}

/// Waits until so much of a file has come.
fn has_come(events: &mut Events, least: u64) {
    loop {
        match events.next(Some(PATIENCE)).unwrap() {
            Some(Event::File {
                news: FileNews::Moved { done, .. },
                ..
            }) if done >= least => return,
            Some(_) => {}
            None => panic!("nothing comes"),
        }
    }
}

#[test]
fn a_picture_survives_a_cut_with_both_nodes_killed_and_arrives_once_bit_for_bit() {
    let [anne, zoe] = [Home::new(), Home::new()];
    let mut nodes = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    let bytes = picture(5_000_000);
    let path = anne.write_beside("affiche.png", &bytes);
    anne.kith(&["send", "zoé", "--file", path.to_str().unwrap()])
        .done();
    // The node has its own copy.
    fs::remove_file(&path).unwrap();
    let id = zoe.file(FileState::Asked);
    let mut events = zoe.client().subscribe().unwrap();
    zoe.kith(&["waiting", "yes", &id]).done();
    has_come(&mut events, 2_000_000);
    nodes.iter_mut().for_each(|node| node.strike());
    // As long as Anne is not there nothing more comes.
    let zoe_again = zoe.start();
    let coming = zoe.client().files().unwrap().files.remove(0);
    assert!(
        coming.state == FileState::Coming && coming.done >= 2_000_000,
        "{coming:?}"
    );
    nodes = [anne.start(), zoe_again];
    // A text does not wait for it.
    anne.kith(&["send", "zoé", "ça vient", "--wait=60s"]).done();
    let sorties = zoe.beside("sorties");
    fs::create_dir(&sorties).unwrap();
    let to = sorties.to_str().unwrap();
    zoe.kith(&["file", "save", &id, to, "--wait=60s"]).done();
    let saved: Vec<_> = fs::read_dir(&sorties).unwrap().flatten().collect();
    assert_eq!(saved.len(), 1, "once, and no part of it beside");
    assert_eq!(saved[0].file_name(), "affiche.png");
    assert_eq!(saved[0].metadata().unwrap().mode() & 0o777, 0o600);
    assert!(fs::read(saved[0].path()).unwrap() == bytes, "other bytes");
    zoe.has_no_file();
    anne.has_no_file();
    drop(nodes);
}

#[test]
fn a_file_is_saved_where_the_person_says_and_over_nothing() {
    let [anne, zoe] = [Home::new(), Home::new()];
    let _nodes = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    let path = anne.write_beside("-rf \u{1b}[2J.sh", b"#!/bin/sh\n");
    let path = path.to_str().unwrap();
    anne.kith(&["send", "zoé", "--file", path]).done();
    let id = zoe.file(FileState::Asked);
    let waiting = zoe.kith(&["waiting"]).done();
    assert!(
        waiting.contains("rf _[2J.sh") && !waiting.contains('\u{1b}'),
        "{waiting}"
    );
    let to = zoe.beside("autre");
    let to = to.to_str().unwrap();
    zoe.kith(&["file", "save", &id, to]).refused(75);
    zoe.kith(&["waiting", "yes", &id]).done();
    zoe.file(FileState::Whole);
    fs::write(to, "déjà là").unwrap();
    zoe.kith(&["file", "save", &id, to]).refused(73);
    assert_eq!(fs::read_to_string(to).unwrap(), "déjà là");
    let none = zoe.beside("nulle-part").join("x");
    zoe.kith(&["file", "save", &id, none.to_str().unwrap()])
        .refused(73);
    let new = zoe.beside("nouveau");
    let new = new.to_str().unwrap();
    let said = zoe
        .kith(&["file", "save", &id, new, "--keep", "--json"])
        .done();
    assert!(
        said.lines().count() >= 2 && said.contains("\"type\":\"progress\""),
        "{said}"
    );
    assert_eq!(fs::read(new).unwrap(), b"#!/bin/sh\n");
    assert_eq!(fs::metadata(new).unwrap().mode() & 0o777, 0o600);
    zoe.kith(&["file", "rm", &id, "--yes"]).done();
    zoe.kith(&["file", "save", &id, "x"]).refused(67);
}

#[test]
fn a_no_a_change_of_mind_and_what_is_no_file_leave_nothing() {
    let [anne, zoe] = [Home::new(), Home::new()];
    let _nodes = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    let path = anne.write_beside("a.pdf", &picture(100_000));
    let path = path.to_str().unwrap();
    for by_zoe in [true, false] {
        anne.kith(&["send", "zoé", "--file", path]).done();
        let id = zoe.file(FileState::Asked);
        match by_zoe {
            true => zoe.kith(&["waiting", "no", &id]).done(),
            false => {
                let id = anne.file(FileState::Offered);
                anne.kith(&["file", "rm", &id, "--yes"]).done()
            }
        };
        anne.has_no_file();
        zoe.has_no_file();
    }
    let dir = anne.beside("");
    anne.kith(&["send", "zoé", "--file", dir.to_str().unwrap()])
        .refused(66);
    anne.kith(&["send", "zoé", "--file", "-"]).refused(66);
    let empty = anne.write_beside("vide", b"");
    anne.kith(&["send", "zoé", "--file", empty.to_str().unwrap()])
        .refused(65);
    let long = anne.write_beside("long", &vec![0; (16 << 20) + 1]);
    anne.kith(&["send", "zoé", "--file", long.to_str().unwrap()])
        .refused(65);
    anne.kith(&["send", "personne", "--file", path]).refused(67);
    anne.has_no_file();
}
