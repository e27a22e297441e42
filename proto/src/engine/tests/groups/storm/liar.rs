//! What the one whose program was changed says, each in its own sessions: different things to different
//! people, a vote twice, what it says another voted, what it says others told, and floods.

use super::*;
use crate::group::{
    Beacon, Body, Circle, Digest, Group, Hash, Head, Ik, Message, Motion, Position as Says, Say,
    What, first_head, name_of, next_head,
};

/// Where the liar stands.
pub(super) struct Liar {
    pub at: usize,
    /// In a life of its own, so that what its own program knows is no chain of these.
    life: u16,
    chain: Option<(u32, Hash)>,
    /// Two texts under one number, and who got which.
    pub two_faced: Vec<[BTreeSet<usize>; 2]>,
    lies: u32,
}

impl Liar {
    pub(super) fn new(at: usize, life: u16) -> Self {
        Self {
            at,
            life,
            chain: None,
            two_faced: Vec::new(),
            lies: 0,
        }
    }

    fn mid(&mut self) -> Hash {
        self.lies += 1;
        let hash = blake3::hash(&self.lies.to_le_bytes());
        hash.as_bytes()[..16].try_into().unwrap()
    }

    /// The bytes of what is next in its chain, and its head behind it.
    fn next(
        &mut self,
        group: &Group,
        me: Ik,
        body: Body<'_>,
        parents: Vec<Hash>,
    ) -> (Said, (u32, Hash)) {
        let first = || (0, first_head(&group.gid(), &me, self.life, Circle::Members));
        let (number, prev) = self.chain.unwrap_or_else(first);
        let head = Head {
            incarnation: self.life,
            number: number + 1,
            minute: 1,
            keep: 0,
            gid: group.gid(),
            view: group.tally().view,
            circle: Circle::Members,
            prev,
            parents,
            salt: [0; 16],
            digests: Vec::new(),
        };
        let payload = Message::Chained(Box::new(head), body).encode(&self.mid());
        let name = name_of(&me, &payload);
        (payload, (number + 1, next_head(&prev, &name)))
    }
}

impl Storm {
    pub(super) fn lies(&mut self) {
        let Some(mut liar) = self.liar.take() else {
            return;
        };
        let lie = self.draw(8);
        if self.net.nodes[liar.at].engine.held_group(NAME).is_some() {
            self.trace.push(format!("lie {lie}"));
            match lie {
                0 | 1 => self.two_texts(&mut liar),
                2 => self.two_votes(&mut liar),
                3 => self.votes_and_votes_again(&mut liar),
                4 => self.says_what_another_said(&mut liar),
                5 => self.accuses(&mut liar),
                6 => self.floods_motions(&mut liar),
                _ => self.floods_orphans(&mut liar),
            }
            self.net.queue.push_back((liar.at, Input::Tick));
            self.net.run();
        }
        self.liar = Some(liar);
    }

    fn me(&self, liar: &Liar) -> Ik {
        *self.net.nodes[liar.at].engine.me.point().as_bytes()
    }

    /// A motion that is open, if there is one.
    fn a_motion(&self, liar: &Liar) -> Option<Hash> {
        let (_, group) = self.net.nodes[liar.at].engine.held_group(NAME)?;
        group.motions().last().map(|(_, held)| held.name)
    }

    /// The bytes of something, and where its chain stands then.
    fn lie(&self, liar: &mut Liar, body: Body<'_>, parents: Vec<Hash>) -> (Said, (u32, Hash)) {
        let me = self.me(liar);
        let (_, group) = self.net.nodes[liar.at]
            .engine
            .held_group(NAME)
            .expect("a group");
        liar.next(group, me, body, parents)
    }

    fn readers(&self, liar: &Liar) -> (u32, Vec<Ik>) {
        let (no, group) = self.net.nodes[liar.at]
            .engine
            .held_group(NAME)
            .expect("a group");
        (no, group.readers(Circle::Members))
    }

    fn says(&mut self, liar: &mut Liar, body: Body<'_>, parents: Vec<Hash>) {
        let (payload, chain) = self.lie(liar, body, parents);
        liar.chain = Some(chain);
        let (no, to) = self.readers(liar);
        self.net.nodes[liar.at]
            .engine
            .slip_into_group(no, &to, &payload);
    }

    /// The one to some of them and the other to the rest, under one number.
    fn equivocates(
        &mut self,
        liar: &mut Liar,
        one: Body<'_>,
        other: Body<'_>,
    ) -> [BTreeSet<usize>; 2] {
        let (first, chain) = self.lie(liar, one, Vec::new());
        let (second, _) = self.lie(liar, other, Vec::new());
        liar.chain = Some(chain);
        let (no, to) = self.readers(liar);
        let (some, rest): (Vec<Ik>, Vec<Ik>) = to.iter().partition(|_| self.draw(2) == 0);
        let engine = &mut self.net.nodes[liar.at].engine;
        engine.slip_into_group(no, &some, &first);
        engine.slip_into_group(no, &rest, &second);
        [some, rest].map(|those| self.indexes(&those))
    }

    fn indexes(&self, those: &[Ik]) -> BTreeSet<usize> {
        let is = |at: &usize| those.contains(self.net.nodes[*at].engine.me.point().as_bytes());
        (0..self.count()).filter(is).collect()
    }

    fn two_texts(&mut self, liar: &mut Liar) {
        let of = liar.two_faced.len();
        let texts = [format!("mensonge {of} a"), format!("mensonge {of} b")];
        let got = self.equivocates(liar, Body::Text(&texts[0]), Body::Text(&texts[1]));
        liar.two_faced.push(got);
    }

    fn two_votes(&mut self, liar: &mut Liar) {
        let Some(motion) = self.a_motion(liar) else {
            return;
        };
        let (yes, no) = (say(motion, Says::Agree), say(motion, Says::Object));
        self.equivocates(liar, yes, no);
    }

    fn votes_and_votes_again(&mut self, liar: &mut Liar) {
        let Some(motion) = self.a_motion(liar) else {
            return;
        };
        self.says(liar, say(motion, Says::Agree), Vec::new());
        self.says(liar, Body::Close(motion), Vec::new());
        self.says(liar, say(motion, Says::Object), Vec::new());
        self.says(liar, Body::Close(motion), Vec::new());
    }

    /// As if it had been another's, at the place that it had in their chain.
    fn says_what_another_said(&mut self, liar: &mut Liar) {
        let Some(motion) = self.a_motion(liar) else {
            return;
        };
        let kept = liar.chain;
        let life = core::mem::replace(&mut liar.life, 1);
        liar.chain = Some((self.draw(9) as u32 + 1, liar.mid()));
        self.says(liar, say(motion, Says::Object), Vec::new());
        (liar.life, liar.chain) = (life, kept);
    }

    /// That it holds something else of an honest member's.
    fn accuses(&mut self, liar: &mut Liar) {
        let (no, to) = self.readers(liar);
        let drawn = self.draw(to.len() as u64) as usize;
        let Some(accused) = to.get(drawn).copied() else {
            return;
        };
        let (_, group) = self.net.nodes[liar.at]
            .engine
            .held_group(NAME)
            .expect("a group");
        let tally = group.tally();
        let index = tally.seats.index_of(&accused).expect("a seat");
        let beacon = Beacon {
            gid: group.gid(),
            view: tally.view,
            digests: vec![Digest {
                index,
                circle: Circle::Members,
                incarnation: 1,
                number: 1,
                head: liar.mid(),
            }],
            results: Vec::new(),
        };
        let payload = Message::Beacon(beacon).encode(&liar.mid());
        self.net.nodes[liar.at]
            .engine
            .slip_into_group(no, &to, &payload);
    }

    fn floods_motions(&mut self, liar: &mut Liar) {
        for n in 0..70 {
            let (_, group) = self.net.nodes[liar.at]
                .engine
                .held_group(NAME)
                .expect("a group");
            let tally = group.tally();
            let motion = Motion {
                base: tally.base,
                rests_on: tally.frontier.clone(),
                what: What::Text { file: [0; 32] },
                hours: 1,
                text: format!("encore {n}"),
            };
            self.says(liar, Body::Motion(motion), Vec::new());
        }
    }

    /// What names as its parents what nobody ever said.
    fn floods_orphans(&mut self, liar: &mut Liar) {
        for n in 0..90 {
            let mut parents = vec![liar.mid(), liar.mid()];
            parents.sort_unstable();
            // Each flood brings others: who says the same again says two things.
            let text = format!("mensonge orphelin {n}, {}", liar.lies);
            self.says(liar, Body::Text(&text), parents);
        }
    }
}

fn say(motion: Hash, position: Says) -> Body<'static> {
    Body::Say(Say {
        motion,
        position,
        reason: "menti".into(),
    })
}
