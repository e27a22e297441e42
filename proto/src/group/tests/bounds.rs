//! A group filled to all its bounds: each of its records is one that the disk takes.

use super::chance::Chance;
use super::node::Node;
use super::world::{DAY, computer, genesis};
use crate::group::machine::Group;
use crate::group::{
    Beacon, Body, Circle, Digest, Head, Ik, Message, Motion, Policy, Position, Role, Say, Seat,
    Seats, What, first_head, name_of, next_head,
};
use crate::limits::{
    BEACON_DIGESTS_MAX, CHAIN_WINDOW, GROUP_COMPUTERS_MAX, MOTION_TEXT_BYTES_MAX, REASON_BYTES_MAX,
    RECORD_BODY_BYTES_MAX,
};

struct Author {
    me: Ik,
    number: u32,
    prev: [u8; 16],
}

impl Author {
    fn says(&mut self, group: &Group, body: Body<'_>, parents: Vec<[u8; 16]>) -> Vec<u8> {
        self.number += 1;
        let head = Head {
            incarnation: 3,
            number: self.number,
            minute: 0,
            keep: 0,
            gid: group.gid(),
            view: group.tally().view,
            circle: Circle::Members,
            prev: self.prev,
            parents,
            salt: [0; 16],
            digests: Vec::new(),
        };
        let payload = Message::Chained(Box::new(head), body)
            .encode(&[0; 16])
            .to_vec();
        self.prev = next_head(&self.prev, &name_of(&self.me, &payload));
        payload
    }
}

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
        let first = first_head(&node.group().gid(), ik, 3, Circle::Members);
        let mut author = Author {
            me: *ik,
            number: 0,
            prev: first,
        };
        let tally = node.group().tally();
        let motion = Motion {
            base: tally.base,
            rests_on: (0..16).map(|it| [it; 16]).collect(),
            what: What::Text { file: [1; 32] },
            hours: 700,
            text: long.clone(),
        };
        for _ in 0..20 {
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
