//! What I say, and to whom: the next message of my chain, and everybody on the list who reads its
//! circle. Nobody else ever gets a byte; who is suspended gets none until that is lifted.

use super::{Group, Lately, News, No, named};
use crate::group::chains::{Below, ChainKey, Link};
use crate::group::people::When;
use crate::group::register::counting;
use crate::group::said::Body;
use crate::group::tally::Counting;
use crate::group::{
    Circle, Hash, Head, Ik, Message, Motion, Position, Report, Role, Say, What, digests, first_head,
};
use crate::kdf::Entropy;
use crate::secret::Said;

/// What my person, or my node, wants to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Word<'a> {
    /// A text.
    Text {
        /// To whom.
        circle: Circle,
        /// Minutes to keep it; 0 for no limit of its own.
        keep: u32,
        /// UTF-8, not empty.
        text: &'a str,
    },
    /// A motion, made in the set that I hold; who proposes it agrees.
    Motion {
        /// What.
        what: What,
        /// Hours to answer; 0 as the policy says.
        hours: u16,
        /// In my words.
        text: &'a str,
    },
    /// What I say of one.
    Say {
        /// Which.
        motion: Hash,
        /// What.
        position: Position,
        /// Why.
        reason: &'a str,
    },
    /// I leave.
    Leave,
    /// This computer of my seat speaks for it from now on.
    Voice(Ik),
    /// Somebody's machine is in other hands.
    Report {
        /// Any computer of theirs.
        target: Ik,
        /// What I know.
        text: &'a str,
    },
}

/// Something to be sent: the same bytes to each, in that friend's own session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Out {
    /// To whom; all of them stand on the list that I show.
    pub to: Vec<Ik>,
    /// Its kind, the payload's first byte.
    pub kind: u8,
    /// What stands behind it.
    pub mid: Hash,
    /// Whole, from the kind on.
    pub payload: Said,
    /// What it is, for who keeps it to send it again.
    pub what: OutWhat,
}

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutWhat {
    /// A message of my chain: may be asked for again.
    Chain {
        /// Who reads it.
        circle: Circle,
        /// The life it was written in.
        incarnation: u16,
        /// Its number in it.
        number: u32,
    },
    /// What I hold of others' chains.
    Beacon,
    /// What I miss.
    Missing,
    /// How the group stands.
    Genesis,
}

impl Group {
    /// I say something. Gives what is to be sent, and what changed by it here.
    pub(crate) fn say(
        &mut self,
        word: Word<'_>,
        mid: Hash,
        when: When,
        entropy: &mut Entropy,
    ) -> Result<(Out, Vec<News>), No> {
        self.may(&word, when)?;
        self.note_yes(&word, when);
        let reported = match word {
            Word::Report { target, .. } => Some(target),
            _ => None,
        };
        let (circle, keep) = match word {
            Word::Text { circle, keep, .. } => (circle, keep),
            // Who watches has one circle only.
            Word::Leave if !self.member() => (Circle::All, 0),
            _ => (Circle::Members, 0),
        };
        let leaves = matches!(word, Word::Leave);
        let body = self.worded(word);
        let (mut out, counts) = self.put(circle, keep, body, mid, when, entropy);
        let mut news = if counts { self.judge(when) } else { Vec::new() };
        // Who leaves does so on all their computers: these hear it from nobody else.
        if !leaves || planted!(LeavesAlone) {
            self.leave_out(&mut out);
        }
        // Who warns is asked before they send there, too.
        if let Some(target) = reported {
            self.reported(target, self.begun.me, &mut news);
        }
        Ok((out, news))
    }

    /// What I say can decide that somebody does not read this circle: then they do not read that, either.
    pub(super) fn leave_out(&self, out: &mut Out) {
        let OutWhat::Chain { circle, .. } = out.what else {
            return;
        };
        let readers = self.readers(circle);
        out.to.retain(|it| readers.contains(it));
    }

    fn worded<'a>(&self, word: Word<'a>) -> Body<'a> {
        match word {
            Word::Text { text, .. } => Body::Text(text),
            Word::Motion { what, hours, text } => Body::Motion(Motion {
                base: self.tally.base,
                rests_on: self.tally.frontier.clone(),
                what,
                hours,
                text: text.to_owned(),
            }),
            Word::Say {
                motion,
                position,
                reason,
            } => Body::Say(Say {
                motion,
                position,
                reason: reason.to_owned(),
            }),
            Word::Leave => Body::Leave,
            Word::Voice(computer) => Body::Voice(computer),
            Word::Report { target, text } => Body::Report(Report {
                target,
                text: text.to_owned(),
            }),
        }
    }

    /// Puts a message into my chain; whether something can stand otherwise by it. Who reads it is settled
    /// before it counts: who leaves says so to all.
    pub(super) fn put(
        &mut self,
        circle: Circle,
        keep: u32,
        body: Body<'_>,
        mid: Hash,
        when: When,
        entropy: &mut Entropy,
    ) -> (Out, bool) {
        let to = self.readers(circle);
        let head = self.next_head(circle, keep, when, entropy);
        let counted = counting(&body);
        let message = Message::Chained(Box::new(head.clone()), body);
        let payload = message.encode(&mid);
        let counts = self.keep_mine(&head, named(&self.begun.me, &payload), counted, when);
        let what = OutWhat::Chain {
            circle,
            incarnation: head.incarnation,
            number: head.number,
        };
        let out = Out {
            to,
            kind: message.kind(),
            mid,
            payload,
            what,
        };
        (out, counts)
    }

    pub(super) fn my_key(&self, circle: Circle) -> ChainKey {
        ChainKey {
            author: self.begun.me,
            circle,
            incarnation: self.core.incarnation,
        }
    }

    /// The number of my next message.
    pub(super) fn next_number(&self, circle: Circle) -> u32 {
        let chain = self.chains.get(&self.my_key(circle));
        chain.map_or(0, |chain| chain.top()).saturating_add(1)
    }

    fn next_head(&mut self, circle: Circle, keep: u32, when: When, entropy: &mut Entropy) -> Head {
        let key = self.my_key(circle);
        let number = self.next_number(circle);
        let chain = self.chains.get(&key);
        let prev = chain.and_then(|chain| chain.head_at(number - 1));
        let first = || first_head(&self.begun.gid, &key.author, key.incarnation, circle);
        let Lately {
            frontier, untold, ..
        } = &mut self.lately;
        Head {
            incarnation: key.incarnation,
            number,
            minute: when.minute,
            keep,
            gid: self.begun.gid,
            view: self.tally.view,
            circle,
            prev: prev.unwrap_or_else(first),
            parents: frontier.parents(circle),
            salt: entropy.bytes(),
            digests: digests::carried(untold, &self.chains, &self.tally.seats, circle),
        }
    }

    /// My own message takes its place as everybody else's do; whether something can stand otherwise by it.
    fn keep_mine(
        &mut self,
        head: &Head,
        name: Hash,
        counted: Option<(Counting, String)>,
        when: When,
    ) -> bool {
        let key = ChainKey::of(self.begun.me, head);
        let link = Link {
            prev: head.prev,
            name,
        };
        self.chains.link(&key, head.number, link, Below::Closed);
        self.lately.frontier.named(head.circle, &head.parents);
        self.mark(super::saved::Room::Lately);
        counted.is_some_and(|(said, reason)| {
            self.count(key.author, head, name, said, reason, when)
                .judged
        })
    }

    /// What lies right behind a message.
    pub(super) fn behind(&self, key: &ChainKey, head: &Head) -> Vec<Hash> {
        let chain = self.chains.get(key);
        let before = chain.and_then(|chain| chain.link_at(head.number.checked_sub(1)?));
        let parents = head.parents.iter().copied();
        parents.chain(before.map(|link| link.name)).collect()
    }

    /// Everybody who reads a circle, on all their computers, but this one; nobody who is suspended.
    pub(crate) fn readers(&self, circle: Circle) -> Vec<Ik> {
        let tally = &self.tally;
        let seats = if planted!(RemovedSentTo) {
            &self.core.ground.seats
        } else {
            &tally.seats
        };
        let reads = |role| circle == Circle::All || role == Role::Member;
        let those = seats.iter().filter(|seat| reads(seat.role));
        let computers = those.flat_map(|seat| &seat.computers);
        let others = computers.filter(|computer| **computer != self.begun.me);
        let silent = |it: &Ik| tally.silent_to(it) && !planted!(SuspendedSentTo);
        others
            .filter(|it| planted!(RemovedSentTo) || !silent(it))
            .copied()
            .collect()
    }
}
