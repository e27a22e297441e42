//! Bundles between two engines that never reach each other: what waits is carried, in any order, as
//! often as somebody likes, and nothing else comes of whatever a stick holds.

use super::world::World;
use crate::engine::*;
use crate::limits::{BUCKETS, CARRY_BYTES_MAX};

impl World {
    /// Everything that waits at `n`, as it would lie on a stick, without padding.
    fn bundle(&mut self, n: usize) -> (Vec<u8>, Box<Bundle>) {
        let request = || out(vec![], true, 0);
        let Ok(Answer::Bundle(mut bundle)) = self.ask(n, request()) else {
            panic!("no bundle")
        };
        while bundle.reading > 0 {
            let Ok(Answer::Bundle(again)) = self.ask(n, request()) else {
                panic!("no bundle")
            };
            let acks = core::mem::take(&mut bundle.acks);
            bundle = again;
            bundle.acks.extend(acks);
        }
        let mut bytes: Vec<u8> = bundle.acks.iter().flat_map(|ack| ack.to_vec()).collect();
        for one in &bundle.parcels {
            let Ok(Answer::Piece(body)) = self.ask(n, Request::ReadBundled { id: one.id }) else {
                panic!("no parcel")
            };
            let parcel = self.body(n, body).unwrap();
            assert_eq!(parcel.len(), one.bytes as usize);
            bytes.extend(parcel);
        }
        (bytes, bundle)
    }

    fn bring(&mut self, n: usize, bundle: &[u8]) -> Carried {
        let (mut at, mut all) = (0, Carried::default());
        loop {
            let end = bundle.len().min(at + 3 * BUCKETS[2]);
            let last = end == bundle.len();
            let bytes = Said::new(bundle[at..end].to_vec());
            let Ok(Answer::Carried(part)) = self.ask(n, Request::CarryIn { bytes, last }) else {
                panic!("not carried")
            };
            at += part.used as usize;
            all.opened += part.opened;
            all.known += part.known;
            all.full |= part.full;
            all.from.extend(part.from);
            if last {
                return all;
            }
        }
    }

    fn apart(&mut self) {
        self.reachable = false;
        self.cut();
        self.run_for(1);
    }

    fn waits(&mut self, n: usize) -> usize {
        self.friend(n).outbox.len()
    }
}

fn out(to: Vec<String>, acks: bool, gathered: usize) -> Request {
    let gathered = gathered as u32;
    Request::CarryOut { to, acks, gathered }
}

fn junk(bytes: usize) -> Vec<u8> {
    (0..bytes as u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect()
}

#[test]
fn what_waits_is_carried_and_its_acknowledgement_carried_back() {
    let mut world = World::friends();
    world.apart();
    let long = "l".repeat(20_000);
    for text in ["un", &long, "trois"] {
        world.send(0, "bob", text).unwrap();
    }
    let (bundle, about) = world.bundle(0);
    assert_eq!((about.parcels.len(), about.friends, about.left), (3, 1, 0));
    assert_eq!(bundle.len(), BUCKETS[0] + BUCKETS[0] + BUCKETS[2]);
    let stick = [junk(BUCKETS[0] * 5), bundle, junk(BUCKETS[0] * 7)].concat();
    let carried = world.bring(1, &stick);
    assert_eq!(
        (carried.opened, carried.known, carried.from),
        (3, 0, vec!["ada".to_owned()])
    );
    assert_eq!(world.texts(1), ["un", &long, "trois"]);
    assert_eq!(world.waits(0), 3, "nobody has told me");
    let (back, about) = world.bundle(1);
    assert_eq!((about.acks.len(), about.parcels.len()), (1, 0));
    assert_eq!(world.bring(0, &back).opened, 1);
    assert_eq!(world.waits(0), 0);
}

#[test]
fn a_bundle_has_no_more_than_who_takes_it_in_takes() {
    let mut world = World::friends();
    world.apart();
    for n in 0..4 {
        world.send(0, "bob", &format!("{n}")).unwrap();
        world.send(1, "ada", &format!("{n}")).unwrap();
    }
    let (bundle, _) = world.bundle(1);
    assert_eq!(world.bring(0, &bundle).opened, 4);
    let gathered = CARRY_BYTES_MAX - 3 * BUCKETS[0];
    let Ok(Answer::Bundle(full)) = world.ask(0, out(vec![], true, CARRY_BYTES_MAX)) else {
        panic!("no bundle")
    };
    assert_eq!(
        (full.acks.len(), full.parcels.len(), full.reading),
        (0, 0, 0)
    );
    assert_eq!(full.left, 4);
    let Ok(Answer::Bundle(rest)) = world.ask(0, out(vec![], true, gathered)) else {
        panic!("no bundle")
    };
    assert_eq!((rest.acks.len(), rest.parcels.len(), rest.left), (1, 2, 2));
}

#[test]
fn acknowledgements_that_cannot_go_with_a_bundle_go_with_the_next() {
    let mut world = World::friends();
    world.apart();
    world.send(0, "bob", "aller").unwrap();
    world.send(1, "ada", "retour").unwrap();
    let (bundle, _) = world.bundle(0);
    world.bring(1, &bundle);
    let Ok(Answer::Bundle(paper)) = world.ask(1, out(vec![], false, 0)) else {
        panic!("no bundle")
    };
    assert_eq!(
        (paper.acks.len(), paper.parcels.len(), paper.reading),
        (0, 1, 0)
    );
    let (_, about) = world.bundle(1);
    assert_eq!((about.acks.len(), about.parcels.len()), (1, 1));
}

#[test]
pub(super) fn a_bundle_may_come_again_in_pieces_in_any_order_and_cut_anywhere() {
    let mut world = World::friends();
    world.apart();
    let texts: Vec<_> = (0..30).map(|n| format!("{n}")).collect();
    texts
        .iter()
        .for_each(|text| drop(world.send(0, "bob", text)));
    let (bundle, _) = world.bundle(0);
    for cut in [0, 1, BUCKETS[0] - 1, BUCKETS[0] + 1, 3 * BUCKETS[0] + 700] {
        let carried = world.bring(1, &bundle[..cut]);
        assert!(carried.opened as usize <= cut / BUCKETS[0]);
    }
    let mut slots: Vec<_> = bundle.chunks(BUCKETS[0]).collect();
    slots.reverse();
    world.bring(1, &slots.concat());
    let carried = world.bring(1, &bundle);
    assert_eq!((carried.opened, carried.known), (0, 30), "once more");
    assert_eq!(world.texts(1), texts, "each once, in its author's order");
    // What came again is acknowledged again: the first answer may be lost.
    let (lost, _) = world.bundle(1);
    assert!(!lost.is_empty());
    world.bring(1, &bundle);
    let (back, _) = world.bundle(1);
    world.bring(0, &back);
    assert_eq!(world.waits(0), 0);
}

#[test]
fn an_acknowledgement_that_a_stop_took_is_made_again_when_the_bundle_comes_again() {
    let mut world = World::friends();
    world.apart();
    world.send(0, "bob", "salut").unwrap();
    let (bundle, _) = world.bundle(0);
    world.bring(1, &bundle);
    world.stop(1);
    assert!(
        world.bundle(1).1.acks.is_empty(),
        "what is owed is not on the disk"
    );
    let (again, _) = world.bundle(0);
    assert!(again == bundle, "who was not answered carries the same");
    let carried = world.bring(1, &again);
    assert_eq!((carried.opened, carried.known), (0, 1));
    let (back, _) = world.bundle(1);
    world.bring(0, &back);
    assert_eq!(
        (world.waits(0), world.texts(1)),
        (0, vec!["salut".to_owned()])
    );
}

#[test]
fn junk_opens_nothing_and_changes_nothing() {
    let mut world = World::friends();
    world.apart();
    world.send(0, "bob", "salut").unwrap();
    let (bundle, _) = world.bundle(0);
    let before = world.nodes[1].state.clone();
    let flipped = |at: usize| {
        let mut bytes = bundle.clone();
        bytes[at] ^= 1;
        bytes
    };
    let shifted = [&[0][..], &bundle].concat();
    for stick in [
        junk(1 << 20),
        flipped(3),
        flipped(90),
        flipped(500),
        flipped(2047),
        shifted,
    ] {
        let carried = world.bring(1, &stick);
        assert_eq!((carried.opened, carried.known), (0, 0));
    }
    let same = |(name, body): (&Name, &Said)| before.get(name).is_some_and(|old| **old == **body);
    let moved = world.nodes[1].state.iter().filter(|entry| !same(*entry));
    assert_eq!(moved.count(), 0, "its records are as before");
    assert_eq!(
        world.bring(0, &bundle).opened,
        0,
        "and for its author it is junk"
    );
    assert_eq!(world.bring(1, &bundle).opened, 1);
}

#[test]
fn a_node_that_just_started_seals_for_a_stick_what_it_would_not_for_a_link() {
    let mut world = World::friends();
    world.apart();
    world.send(0, "bob", "avant").unwrap();
    world.stop(0);
    world.send(0, "bob", "après").unwrap();
    assert_eq!(world.friend(0).outbox.sealed(), 1);
    let (bundle, about) = world.bundle(0);
    assert_eq!((about.parcels.len(), about.left), (2, 0));
    world.bring(1, &bundle);
    assert_eq!(world.texts(1), ["avant", "après"]);
    // And on a link nothing is sealed twice.
    world.reachable = true;
    world.run_for(40);
    assert_eq!(world.waits(0), 0);
    assert_eq!(world.texts(1), ["avant", "après"]);
}

#[test]
fn who_asked_for_a_bundle_once_and_never_again_leaves_nothing_sealed_behind() {
    for comes_back in [false, true] {
        let mut world = World::friends();
        world.apart();
        world.stop(0);
        world.send(0, "bob", "emporté").unwrap();
        let Ok(Answer::Bundle(bundle)) = world.ask(0, out(vec![], true, 0)) else {
            panic!("no bundle")
        };
        assert!(bundle.reading > 0, "to be asked again");
        world.run_for(1);
        assert_eq!(world.friend(0).outbox.sealed(), 1);
        assert!(world.friend(0).live.by_hand_until_ms > 0);
        if comes_back {
            world.reachable = true;
            world.run_for(40);
            assert_eq!(world.friend(0).live.by_hand_until_ms, 0);
            continue;
        }
        world.run_for(61);
        world.send(0, "bob", "gardé").unwrap();
        world.run_for(1);
        assert_eq!(world.friend(0).outbox.sealed(), 1, "as before any link");
    }
}

#[test]
fn a_file_goes_by_hand_as_it_goes_by_a_link() {
    let mut world = World::friends();
    let bytes = vec![9; 200_000];
    let request = Request::OfferFile {
        to: "bob".into(),
        name: "a".into(),
        bytes: bytes.len() as u64,
    };
    world.apart();
    let Ok(Answer::File(card)) = world.ask(0, request) else {
        panic!("no file")
    };
    for (index, piece) in (0..).zip(bytes.chunks(crate::limits::FILE_CHUNK_BYTES)) {
        let fill = Request::FillFile {
            id: card.id,
            index,
            bytes: Said::new(piece.to_vec()),
        };
        assert!(world.ask(0, fill).is_ok());
    }
    for _ in 0..3 {
        let (bundle, _) = world.bundle(0);
        world.bring(1, &bundle);
        let Ok(Answer::Files(files)) = world.ask(1, Request::Files) else {
            panic!("no list")
        };
        if files[0].state == FileState::Asked {
            assert!(world.ask(1, Request::TakeFile { id: files[0].id }).is_ok());
        }
        let (bundle, _) = world.bundle(1);
        world.bring(0, &bundle);
    }
    let Ok(Answer::Files(files)) = world.ask(1, Request::Files) else {
        panic!("no list")
    };
    assert_eq!(files[0].state, FileState::Whole);
    assert_eq!(world.waits(0), 0);
}

#[test]
fn whom_nobody_named_and_whom_i_blocked_get_nothing() {
    let mut world = World::friends();
    world.apart();
    world.send(0, "bob", "salut").unwrap();
    let to = vec!["carole".to_owned()];
    assert!(world.ask(0, out(to, true, 0)).is_err());
    let (bundle, _) = world.bundle(0);
    let block = |name: &str| Request::Block {
        name: name.into(),
        blocked: true,
    };
    assert!(world.ask(1, block("ada")).is_ok());
    assert_eq!(world.bring(1, &bundle).opened, 0);
    assert!(world.ask(0, block("bob")).is_ok());
    assert!(world.bundle(0).0.is_empty());
    let to = vec!["bob".to_owned()];
    assert!(matches!(
        world.ask(0, out(to, true, 0)),
        Err(Refusal::Blocked { .. })
    ));
}
