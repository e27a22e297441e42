//! People around a table, and a cheater of every kind among them or between them.

mod cheats;
mod grinding;
mod table;

use super::entry::{Entry, Mine, commit};
use super::frame::{Frame, Step};
use super::list::{List, sas};
use super::*;
use crate::identity::Identity;
use crate::kdf::Entropy;
use crate::secret::Key;
use crate::words::Language;

fn identity(n: u64) -> Identity {
    Identity::from_seed(Entropy::new(seeded("identity", n)).key())
}

fn entropy(what: &str, n: u64) -> Entropy {
    Entropy::new(seeded(what, n))
}

fn seeded(what: &str, n: u64) -> [u8; 32] {
    *blake3::hash(format!("{what} {n}").as_bytes()).as_bytes()
}

fn mine(n: u64, nick: &str) -> Mine {
    Mine::draw(
        &[9; 32],
        *identity(n).point(),
        nick,
        &mut entropy("mine", n),
    )
    .unwrap()
}

#[test]
fn every_frame_is_read_as_it_was_written_and_nothing_longer_or_shorter() {
    let entries: Vec<Entry> = (0..64).map(|n| mine(n, &format!("n{n}")).entry).collect();
    let lines = entries.iter().map(Into::into).collect();
    let list = List::new([9; 32], Language::English, lines);
    let pair = |step, length| Frame::Pair {
        from: 1,
        to: 63,
        step,
        bytes: vec![7; length],
    };
    let frames = [
        (
            Frame::Hello {
                language: Language::French,
                room_id: [1; 32],
            },
            35,
        ),
        (
            Frame::Commit {
                room_id: [9; 32],
                entry: entries[0].clone(),
            },
            1 + 32 + 32 + 1217 + 2,
        ),
        (Frame::Entry(entries[0].clone()), 1 + 32 + 1217 + 2),
        (Frame::Gone([3; 32]), 33),
        (Frame::List(list), 1 + 6178),
        (
            Frame::Open {
                from: 63,
                share: [4; 32],
                list: [5; 32],
            },
            66,
        ),
        (pair(Step::First, 1168), 4 + 1168),
        (pair(Step::Second, 80), 4 + 80),
        (
            Frame::Keep {
                from: 2,
                to: 1,
                bytes: vec![6; 512],
            },
            3 + 512,
        ),
        (Frame::Sorry(Sorry::Full), 2),
    ];
    for (frame, length) in frames {
        let bytes = frame.encode();
        assert_eq!(bytes.len(), length);
        assert!(Frame::decode(&bytes).is_ok_and(|read| read == frame));
        let longer = [bytes.as_slice(), &[0]].concat();
        assert!(Frame::decode(&longer).is_err());
        for length in 0..bytes.len() {
            assert!(Frame::decode(&bytes[..length]).is_err());
        }
    }
}

#[test]
fn what_no_honest_program_writes_is_not_read() {
    let entry = mine(1, "zoé").entry;
    let whole = Frame::Entry(entry).encode();
    let changed = |at: usize, to: &[u8]| {
        let mut bytes = whole.clone();
        bytes[at..at + to.len()].copy_from_slice(to);
        Frame::decode(&bytes).is_err()
    };
    // A point of low order, a twin, an unreduced KEM key, a nickname of nothing, one that is no text.
    assert!(changed(33, &[0; 32]) && changed(33, &[0xff; 32]));
    assert!(changed(65, &[0xff; 3]));
    assert!(changed(1 + 32 + 32 + 1184, &[0]));
    assert!(changed(1 + 32 + 32 + 1184 + 1, b"    "));
    assert!(changed(1 + 32 + 32 + 1184 + 1, &[0xff; 4]));
    let of = |n: usize| {
        let lines = (0..n)
            .map(|n| (&mine(n as u64, "a").entry).into())
            .collect();
        Frame::List(List::new([9; 32], Language::French, lines)).encode()
    };
    let two = of(2);
    assert!(Frame::decode(&of(1)).is_err());
    let swapped = [&two[..35], &two[131..227], &two[35..131]].concat();
    assert!(Frame::decode(&two).is_ok() && Frame::decode(&swapped).is_err());
    let twice = [&two[..35], &two[35..131], &two[35..131]].concat();
    assert!(Frame::decode(&twice).is_err());
    for (kind, places) in [(5, 1), (7, 1), (7, 2), (8, 2)] {
        let mut bytes = vec![kind; 66];
        bytes[places] = 64;
        assert!(Frame::decode(&bytes).is_err());
    }
}

/// What another program would compute of the same bytes: the constructions with their labels, spelled out.
#[test]
fn commitments_lists_and_words_are_what_the_protocol_says() {
    let made =
        |label: &str, bytes: &[u8]| blake3::derive_key(&format!("kith 2026 v1 {label}"), bytes);
    let (a, b) = (mine(1, "anne"), mine(2, "bob"));
    let data = [
        a.entry.data.point.as_bytes().as_slice(),
        a.entry.data.ek.as_slice(),
        &[4],
        b"anne",
    ]
    .concat();
    let hash = made("room data", &data);
    assert_eq!(a.entry.data.hash, hash);
    let share = a.share.expose();
    let committed = [[9; 32].as_slice(), &hash, share].concat();
    assert_eq!(a.entry.c, made("room commit", &committed));
    assert_eq!(commit(&[9; 32], &hash, share), a.entry.c);
    let mut both = [&a.entry, &b.entry];
    both.sort_by_key(|entry| *entry.data.point.as_bytes());
    let mut body = [[9; 32].as_slice(), &[2, 0]].concat();
    for entry in both {
        body.extend(entry.data.point.as_bytes());
        body.extend(entry.c);
        body.extend(entry.data.hash);
    }
    let lines = vec![(&b.entry).into(), (&a.entry).into()];
    let list = List::new([9; 32], Language::French, lines).hash();
    assert_eq!(list, made("room list", &body));
    let shares = [[1; 32], [2; 32]];
    let all = [list.as_slice(), &shares.concat()].concat();
    assert_eq!(sas(&list, &shares), made("room sas", &all));
}

#[test]
fn the_words_of_a_room_are_read_back_from_its_board() {
    for language in [Language::French, Language::English] {
        let drawn = RoomWords::draw(language, &mut entropy("board", 1));
        assert_eq!(drawn.words().len(), 8);
        let typed = RoomWords::typed(&drawn.words().join("  ").to_uppercase()).unwrap();
        assert!(typed.key().same(drawn.key()) && drawn.is_some());
    }
    assert!(RoomWords::typed("abandon").is_none() && !RoomWords::none().is_some());
}

#[test]
fn the_star_opens_to_those_who_know_the_room_and_to_no_point_of_low_order() {
    let room = |n: u8| -> Key<crate::secret::Room> { Key::fill(|bytes| bytes.fill(n)) };
    let (calling, message) = Calling::dial(&room(1), &mut entropy("dial", 1)).unwrap();
    assert_eq!(message.len(), STAR_BYTES);
    assert!(answer(&room(2), &message, &mut entropy("answer", 1)).is_err());
    for low in [[0; 32], {
        let mut one = [0; 32];
        one[0] = 1;
        one
    }] {
        let mut bytes = message.clone();
        bytes[..32].copy_from_slice(&low);
        assert!(answer(&room(1), &bytes, &mut entropy("answer", 1)).is_err());
    }
    let (reply, mut host) = answer(&room(1), &message, &mut entropy("answer", 1)).unwrap();
    assert_eq!(reply.len(), STAR_BYTES);
    let mut guest = calling.finish(&reply).unwrap();
    let mut wire = Vec::new();
    guest.seal(b"bonjour", false, &mut wire).unwrap();
    let mut out = Vec::new();
    host.length([wire[0], wire[1]]).unwrap();
    host.open(&wire[2..], &mut out).unwrap();
    assert_eq!(out, b"bonjour");
}
