//! One member whose node is none of ours: it says different things to different people, votes twice and
//! for others, accuses, floods, and now and then says something true.

use std::collections::BTreeMap;

use super::chance::Chance;
use super::world::World;
use crate::group::{
    Beacon, Body, Circle, Digest, Hash, Head, Ik, Message, Missing, Motion, Position, Role, Say,
    What, first_head, name_of, next_head,
};

/// Where the liar's chains stand.
pub(super) struct Liar {
    pub me: Ik,
    life: u16,
    heads: BTreeMap<Circle, (u32, Hash)>,
}

impl Liar {
    pub(super) fn new(me: Ik, life: u16) -> Self {
        Self {
            me,
            life,
            heads: BTreeMap::new(),
        }
    }
}

impl World {
    /// The node of this founder is none of ours from now on.
    pub(super) fn corrupt(&mut self, ik: Ik) {
        self.node(&ik).lies = true;
        self.liar = Some(Liar::new(ik, 7));
    }

    fn liars_head(&mut self, circle: Circle, parents: Vec<Hash>) -> Head {
        let liar = self.liar.as_ref().expect("a liar");
        let group = self.nodes[&liar.me].group();
        let first = || (0, first_head(&group.gid(), &liar.me, liar.life, circle));
        let (number, prev) = liar.heads.get(&circle).copied().unwrap_or_else(first);
        Head {
            incarnation: liar.life,
            number: number + 1,
            minute: 1,
            keep: 0,
            gid: group.gid(),
            view: group.tally().view,
            circle,
            prev,
            parents,
            salt: [0; 16],
            digests: Vec::new(),
        }
    }

    /// The bytes of something in the liar's chain, and its new head.
    pub(super) fn lie(
        &mut self,
        circle: Circle,
        body: Body<'_>,
        parents: Vec<Hash>,
    ) -> (Vec<u8>, (u32, Hash)) {
        let head = self.liars_head(circle, parents);
        let (number, prev) = (head.number, head.prev);
        let mid = self.chance.hash();
        let payload = Message::Chained(Box::new(head), body).encode(&mid).to_vec();
        let me = self.liar.as_ref().expect("a liar").me;
        let name = name_of(&me, &payload);
        (payload, (number, next_head(&prev, &name)))
    }

    fn liar_goes_on(&mut self, circle: Circle, head: (u32, Hash)) {
        let liar = self.liar.as_mut().expect("a liar");
        liar.heads.insert(circle, head);
    }

    /// Says something to everybody.
    pub(super) fn liar_says(&mut self, body: Body<'_>) -> Hash {
        let (payload, head) = self.lie(Circle::Members, body, Vec::new());
        self.liar_goes_on(Circle::Members, head);
        let me = self.liar.as_ref().expect("a liar").me;
        for to in self.others() {
            self.send(me, to, payload.clone());
        }
        name_of(&me, &payload)
    }

    fn others(&self) -> Vec<Ik> {
        let me = self.liar.as_ref().expect("a liar").me;
        self.all().into_iter().filter(|it| *it != me).collect()
    }

    /// Says the one to half of them and the other to the rest, under one number.
    pub(super) fn liar_equivocates(&mut self, one: Body<'_>, other: Body<'_>) {
        let me = self.liar.as_ref().expect("a liar").me;
        let (first, head) = self.lie(Circle::Members, one, Vec::new());
        let (second, _) = self.lie(Circle::Members, other, Vec::new());
        for (at, to) in self.others().into_iter().enumerate() {
            let payload = if at % 2 == 0 { &first } else { &second };
            self.send(me, to, payload.clone());
        }
        self.liar_goes_on(Circle::Members, head);
    }

    /// What the liar does on a day.
    pub(super) fn liar_acts(&mut self) {
        let me = self.liar.as_ref().expect("a liar").me;
        let motion = {
            let motions = self.nodes[&me].group().motions();
            let names: Vec<Hash> = motions.iter().map(|(_, it)| it.name).collect();
            self.chance.pick(&names)
        };
        let say = |motion, position| {
            let reason = String::new();
            Body::Say(Say {
                motion,
                position,
                reason,
            })
        };
        match (self.chance.below(12), motion) {
            (0, _) => self.liar_equivocates(Body::Text("oui"), Body::Text("non")),
            (1, Some(motion)) => {
                self.liar_equivocates(say(motion, Position::Agree), say(motion, Position::Object));
            }
            (2, Some(motion)) => {
                self.liar_says(say(motion, Position::Agree));
                self.liar_says(Body::Close(motion));
                self.liar_says(say(motion, Position::Object));
                self.liar_says(Body::Close(motion));
            }
            (3, _) => self.liar_repeats(),
            (4, _) => self.liar_floods_motions(12),
            (5, _) => self.liar_floods_texts(40),
            (6, _) => self.liar_accuses(),
            (7, _) => self.liar_asks(),
            (8, _) => self.liar_babbles(),
            (9, Some(motion)) => drop(self.liar_says(say(motion, Position::Object))),
            (10, _) => self.liar_tells_of_a_set(),
            _ => drop(self.liar_says(Body::Text("salut"))),
        }
    }

    /// Somebody else's words, as if they were the liar's.
    fn liar_repeats(&mut self) {
        let liar = self.liar.as_ref().expect("a liar");
        let me = liar.me;
        let those = self.nodes.values().filter(|node| node.me != me);
        let words: Vec<Vec<u8>> = those
            .filter_map(|it| Some(it.kept.last_key_value()?.1.payload.clone()))
            .collect();
        for payload in words {
            for to in self.others() {
                self.send(me, to, payload.clone());
            }
        }
    }

    pub(super) fn liar_floods_motions(&mut self, count: usize) {
        let me = self.liar.as_ref().expect("a liar").me;
        for _ in 0..count {
            let tally = self.nodes[&me].group().tally();
            let (base, rests_on) = (tally.base, tally.frontier.clone());
            let file = core::array::from_fn(|_| self.chance.next() as u8);
            self.liar_says(Body::Motion(Motion {
                base,
                rests_on,
                what: What::Text { file },
                hours: 0,
                text: String::new(),
            }));
        }
    }

    pub(super) fn liar_floods_texts(&mut self, count: usize) {
        let me = self.liar.as_ref().expect("a liar").me;
        for _ in 0..count {
            let mut parents = vec![self.chance.hash(), self.chance.hash()];
            parents.sort_unstable();
            let (payload, head) = self.lie(Circle::Members, Body::Text("?"), parents);
            self.liar_goes_on(Circle::Members, head);
            for to in self.others() {
                self.send(me, to, payload.clone());
            }
        }
    }

    /// False digests of everybody's chains.
    pub(super) fn liar_accuses(&mut self) {
        let me = self.liar.as_ref().expect("a liar").me;
        let tally = self.nodes[&me].group().tally().clone();
        let lives = crate::time::incarnation(self.nodes[&me].when(self.minute).minute);
        let count = tally.seats.computers().count().min(29) as u8;
        let digests = (0..count).map(|index| Digest {
            index,
            circle: Circle::Members,
            incarnation: if self.chance.one_in(5) {
                60_000
            } else {
                lives.saturating_sub(self.chance.below(30) as u16)
            },
            number: 1 + self.chance.below(6) as u32,
            head: self.chance.hash(),
        });
        let digests = digests.collect();
        let gid = self.nodes[&me].group().gid();
        let beacon = Message::Beacon(Beacon {
            gid,
            view: tally.view,
            digests,
            results: Vec::new(),
        });
        self.liar_sends(&beacon);
    }

    fn liar_sends(&mut self, message: &Message<'_>) {
        let me = self.liar.as_ref().expect("a liar").me;
        let payload = message.encode(&self.chance.hash()).to_vec();
        for to in self.others() {
            self.send(me, to, payload.clone());
        }
    }

    fn liar_asks(&mut self) {
        let me = self.liar.as_ref().expect("a liar").me;
        let group = self.nodes[&me].group();
        let (gid, view) = (group.gid(), group.tally().view);
        for index in 0..group.tally().seats.computers().count() as u8 {
            let incarnation = crate::time::incarnation(self.nodes[&me].when(0).minute);
            self.liar_sends(&Message::Missing(Missing {
                gid,
                view,
                index,
                circle: Circle::Members,
                incarnation,
                first: 1,
                last: 1000,
            }));
        }
    }

    /// Bytes that are nothing, or nearly something.
    fn liar_babbles(&mut self) {
        let me = self.liar.as_ref().expect("a liar").me;
        let (mut payload, _) = self.lie(Circle::Members, Body::Text("texte"), Vec::new());
        for _ in 0..3 {
            let at = self.chance.below(payload.len());
            payload[at] ^= 1 << self.chance.below(8);
        }
        payload.truncate(1 + self.chance.below(payload.len()));
        for to in self.others() {
            self.send(me, to, payload.clone());
        }
    }

    /// A set without somebody.
    pub(super) fn liar_tells_of_a_set(&mut self) {
        let me = self.liar.as_ref().expect("a liar").me;
        let mut genesis = self.nodes[&me].group().genesis_for(Role::Member);
        let voices: Vec<Ik> = genesis.seats.iter().map(|seat| seat.voice).collect();
        let gone = self.chance.pick(&voices);
        let seats = genesis
            .seats
            .iter()
            .filter(|seat| Some(seat.voice) != gone)
            .cloned();
        genesis.seats = crate::group::Seats::new(seats.collect()).expect("seats");
        (genesis.heads, genesis.suspended) = (Vec::new(), Vec::new());
        self.liar_sends(&Message::Genesis(Box::new(genesis)));
    }
}

/// Numbers for a world's liar.
pub(super) fn one_of(chance: &mut Chance, all: &[Ik]) -> Ik {
    chance.pick(all).expect("somebody")
}
