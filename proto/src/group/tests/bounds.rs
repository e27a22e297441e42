//! A group filled to all its bounds: each of its records is one that the disk takes.

use super::author::Author;
use super::chance::Chance;
use super::node::Node;
use super::world::{DAY, computer, genesis};
use crate::group::machine::Group;
use crate::group::{
    Beacon, Body, Circle, Digest, Ik, Message, Motion, Policy, Position, Role, Say, Seat, Seats,
    What,
};
use crate::limits::{
    BEACON_DIGESTS_MAX, CHAIN_WINDOW, GROUP_COMPUTERS_MAX, MOTION_TEXT_BYTES_MAX, REASON_BYTES_MAX,
    RECORD_BODY_BYTES_MAX,
};

fn beacon_of(group: &Group, chance: &mut Chance, from: u8) -> Vec<u8> {
    let to = (usize::from(from) + BEACON_DIGESTS_MAX).min(GROUP_COMPUTERS_MAX) as u8;
    let digests = (from..to).map(|index| Digest {
        index,
        circle: Circle::Members,
        incarnation: u16::MAX,
        number: u32::MAX,
        head: chance.hash(),
    });
    let beacon = Message::Beacon(Beacon {
        gid: group.gid(),
        view: group.tally().view,
        digests: digests.collect(),
        results: Vec::new(),
    });
    beacon.encode(&[0; 16]).to_vec()
}

#[test]
fn a_full_group_fits_its_records() {
    let mut chance = Chance::new(3);
    let all: Vec<Ik> = (0..GROUP_COMPUTERS_MAX)
        .map(|it| computer(&mut chance, it as u8))
        .collect();
    let seats = all.iter().map(|it| Seat::of(Role::Member, *it)).collect();
    let mut node = Node::new(all[0], u32::MAX / 2);
    let seats = Seats::new(seats).expect("seats");
    node.begin(genesis(seats, Policy::default(), 1), 0);
    let long = "é".repeat(MOTION_TEXT_BYTES_MAX / 2);
    let reason = "é".repeat(REASON_BYTES_MAX / 2);
    for ik in &all[1..] {
        let mut author = Author::new(node.group(), *ik);
        let tally = node.group().tally();
        let motion = Motion {
            base: tally.base,
            rests_on: (0..16).map(|it| [it; 16]).collect(),
            what: What::Text { file: [1; 32] },
            hours: 300,
            text: long.clone(),
        };
        for _ in 0..40 {
            let payload = author.says(node.group(), Body::Motion(motion.clone()), Vec::new());
            node.take(*ik, &payload, DAY).expect("a motion");
        }
        let say = Say {
            motion: chance.hash(),
            position: Position::Object,
            reason: reason.clone(),
        };
        for _ in 0..10 {
            let payload = author.says(node.group(), Body::Say(say.clone()), Vec::new());
            node.take(*ik, &payload, DAY).expect("a position");
        }
        // Each tells of another set.
        let mut told = node.group().genesis_for(Role::Member);
        told.policy.hours = 1 + u16::from(ik[31]);
        let told = Message::Genesis(Box::new(told)).encode(&[0; 16]);
        node.take(*ik, &told, DAY).expect("how it stands");
        for from in [0, 29, 58] {
            let payload = beacon_of(node.group(), &mut chance, from);
            node.take(*ik, &payload, DAY).expect("a beacon");
        }
        let mut parents: Vec<_> = (0..4).map(|_| chance.hash()).collect();
        parents.sort_unstable();
        let count = if *ik == all[1] { CHAIN_WINDOW + 70 } else { 5 };
        for _ in 0..count {
            let payload = author.says(node.group(), Body::Text("oui"), parents.clone());
            node.take(*ik, &payload, DAY).expect("a text");
        }
    }
    node.commit();
    node.check_disk();
    let longest = node.disk.parts.values().map(|body| body.len()).max();
    assert!(
        longest.is_some_and(|it| it > 3000 && it + 8 <= RECORD_BODY_BYTES_MAX),
        "{longest:?}"
    );
}
