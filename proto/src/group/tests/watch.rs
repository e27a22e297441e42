//! What must hold at every step, and at the end: who gets what, what is shown when, what everybody
//! agrees on or is told that they do not.

use std::collections::{BTreeMap, BTreeSet};

use super::node::{Kept, Node};
use super::world::{DAY, World};
use crate::group::machine::{News, Out, OutWhat};
use crate::group::tally::{Counting, Outcome};
use crate::group::{Circle, Hash, Ik, Message, Role, decode, name_of};

/// A text or anything else in an honest node's chain.
pub(super) struct Sent {
    pub author: Ik,
    pub circle: Circle,
    pub at: (u16, u32),
    pub to: Vec<Ik>,
    pub is_text: bool,
    pub behind: Vec<Hash>,
}

#[derive(Default)]
pub(super) struct Watch {
    pub sent: BTreeMap<Hash, Sent>,
    last: BTreeMap<(Ik, Circle), Hash>,
    /// Who came after the founding, or came back.
    late: BTreeSet<Ik>,
    /// How motions stood for each some days before the end.
    pub stood: BTreeMap<Ik, BTreeMap<Hash, Outcome>>,
}

impl Watch {
    /// Something leaves an honest node.
    pub(super) fn sent(&mut self, node: &Node, out: &Out, _minute: u32) {
        let tally = node.group().tally();
        let leaves = out.kind == crate::group::kind::LEAVE;
        for to in &out.to {
            assert!(
                leaves || !tally.silent_to(to),
                "sent to somebody who is not on the list"
            );
        }
        let (_, message) = decode(&out.payload).expect("an honest payload");
        let spectator = |it: &Ik| {
            let seat = tally.seats.seat_of(it);
            seat.is_some_and(|seat| seat.role == Role::Spectator)
        };
        if out.to.iter().any(spectator) {
            self.says_nothing_of_members(&message);
        }
        if let (OutWhat::Chain { .. }, Message::Chained(head, body)) = (out.what, &message) {
            let name = name_of(&node.me, &out.payload);
            let last = self.last.insert((node.me, head.circle), name);
            let sent = Sent {
                author: node.me,
                circle: head.circle,
                at: (head.incarnation, head.number),
                to: out.to.clone(),
                is_text: matches!(body, crate::group::Body::Text(_)),
                behind: head.parents.iter().copied().chain(last).collect(),
            };
            let known = self
                .sent
                .values()
                .find(|it| (it.author, it.circle, it.at) == (sent.author, sent.circle, sent.at));
            assert!(known.is_none(), "a number is used twice");
            self.sent.insert(name, sent);
        }
    }

    fn says_nothing_of_members(&self, message: &Message<'_>) {
        let all = |digests: &[crate::group::Digest]| {
            digests.iter().all(|digest| digest.circle == Circle::All)
        };
        let nothing = match message {
            Message::Chained(head, _) => {
                let of_all = |name: &Hash| {
                    let sent = self.sent.get(name);
                    sent.is_none_or(|sent| sent.circle == Circle::All)
                };
                head.circle == Circle::All && all(&head.digests) && head.parents.iter().all(of_all)
            }
            Message::Beacon(beacon) => all(&beacon.digests) && beacon.results.is_empty(),
            Message::Missing(missing) => missing.circle == Circle::All,
            Message::Genesis(genesis) => {
                all(&genesis.heads) && genesis.settled.is_empty() && genesis.open.is_empty()
            }
        };
        assert!(nothing, "who watches is told of what members say");
    }

    pub(super) fn resent(&self, node: &Node, to: &Ik, kept: &Kept) {
        assert!(
            !node.group().tally().silent_to(to),
            "sent again to who is not on the list"
        );
        // What decides something is told to who was suspended meanwhile.
        let (_, message) = decode(&kept.payload).expect("an honest payload");
        let is_text = matches!(message, Message::Chained(_, crate::group::Body::Text(_)));
        let theirs = kept.to.contains(to) || !is_text;
        assert!(theirs, "sent again to whom it was never for");
    }

    pub(super) fn news(&mut self, node: &Node, news: &[News], _minute: u32) {
        for news in news {
            if let News::In(seat) = news {
                let seat = node.group().tally().seats.seat_of(seat);
                if seat.is_some_and(|seat| seat.computers.contains(&node.me)) {
                    self.late.insert(node.me);
                }
            }
        }
    }

    pub(super) fn began_late(&mut self, ik: &Ik) {
        self.late.insert(*ik);
    }
}

/// All that must hold once everything came.
pub(super) fn finally(world: &World) {
    for node in world.nodes.values().filter(|node| !node.lies) {
        node.check_disk();
        shown_once_in_order(world, node);
        nobody_honest_is_accused_by_honest(world, node);
        bounded(node);
    }
    let honest = world.honest();
    for ik in &honest {
        all_came(world, &world.nodes[ik]);
        for other in honest.iter().filter(|other| *other != ik) {
            agree_or_say_so(world, &world.nodes[ik], &world.nodes[other]);
        }
    }
}

fn shown_once_in_order(world: &World, node: &Node) {
    let mut before: BTreeSet<Hash> = BTreeSet::new();
    let all: BTreeSet<Hash> = node.seen.iter().map(|seen| seen.name).collect();
    for seen in &node.seen {
        let new = before.insert(seen.name);
        assert!(new, "a message is shown twice");
        let Some(sent) = world.watch.sent.get(&seen.name) else {
            assert!(
                world.nodes[&seen.author].lies,
                "somebody is made to say something"
            );
            continue;
        };
        assert!(sent.author == seen.author && sent.is_text);
        if seen.gap || seen.shown.is_none() || world.watch.late.contains(&node.me) {
            continue;
        }
        for behind in sent.behind.iter().filter(|it| all.contains(*it)) {
            let shown = before.contains(behind);
            assert!(shown, "a message is shown before what it follows");
        }
    }
    let waits = node.seen.iter().filter(|seen| seen.shown.is_none());
    let forever = waits.filter(|seen| seen.came + DAY < world.minute).count();
    assert_eq!(forever, 0, "a message waits for ever");
}

fn nobody_honest_is_accused_by_honest(world: &World, node: &Node) {
    for found in &node.disagreements {
        let lies = |ik: &Ik| world.nodes[ik].lies;
        let one = lies(&found.author) || lies(&found.teller);
        assert!(
            one,
            "two honest nodes do not agree on what an honest one said"
        );
    }
}

fn bounded(node: &Node) {
    use crate::limits::{
        CLOSES_PER_AUTHOR_MAX, GROUP_WAITING_MAX, MOTIONS_PER_AUTHOR_MAX, RECORD_BODY_BYTES_MAX,
        SAYS_PER_AUTHOR_MAX,
    };
    let Some(group) = &node.group else {
        return;
    };
    let counts = group.counts();
    assert!(counts.waiting <= GROUP_WAITING_MAX, "too many wait");
    let mut of: BTreeMap<Ik, [usize; 3]> = BTreeMap::new();
    for counted in group.held().values() {
        let [motions, says, closes] = of.entry(counted.author).or_default();
        match counted.said {
            Counting::Motion(_) => *motions += 1,
            Counting::Say { .. } => *says += 1,
            _ => *closes += 1,
        }
    }
    for [motions, says, closes] in of.into_values() {
        assert!(motions <= MOTIONS_PER_AUTHOR_MAX, "too many motions");
        assert!(says <= SAYS_PER_AUTHOR_MAX, "too much is said");
        assert!(closes <= 2 * CLOSES_PER_AUTHOR_MAX, "too much is held");
    }
    let long = node
        .disk
        .parts
        .values()
        .find(|body| body.len() + 8 > RECORD_BODY_BYTES_MAX);
    assert!(long.is_none(), "a record is too long");
}

/// Every honest text came to everybody honest it was for, who still listens to its author.
fn all_came(world: &World, node: &Node) {
    let group = node.group();
    for (name, sent) in world.watch.sent.iter().filter(|(_, it)| it.is_text) {
        let author = &world.nodes[&sent.author];
        let theirs = group
            .tally()
            .seats
            .seat_of(&sent.author)
            .map(|seat| seat.role);
        let apart = world
            .strangers
            .is_some_and(|pair| pair == (node.me, sent.author) || pair == (sent.author, node.me));
        let listens = theirs == Some(Role::Member) && !group.tally().silent_to(&sent.author);
        if !sent.to.contains(&node.me) || apart || !listens || !author.is_in() {
            continue;
        }
        // Who holds other people for the group's is told of in other words; each is told that it is so.
        if author.group().tally().view != group.tally().view {
            continue;
        }
        let reads = author.group().readers(sent.circle).contains(&node.me);
        let since = author
            .group()
            .person(&node.me)
            .and_then(|it| it.sent_from[sent.circle as usize]);
        if !reads || since.is_none_or(|since| since > sent.at) {
            continue;
        }
        let chain = group.chain(sent.author, sent.circle, sent.at.0);
        // What stands before the first that I hold is asked for once, and a whole chain once a week: nobody
        // says whether there is any for me. Here the question or the answer can be lost, which a session
        // never does.
        let author = group.person(&sent.author);
        let asked = author.is_some_and(|it| it.asked[sent.circle as usize].is_some());
        if chain.map_or(asked, |chain| chain.asked_below(sent.at.1)) {
            continue;
        }
        // What was missing for a month is given up, and told.
        if group
            .gaps()
            .iter()
            .any(|(author, _)| *author == sent.author)
        {
            continue;
        }
        let shown = node.seen.iter().any(|seen| {
            seen.name == *name && (seen.shown.is_some() || seen.came + DAY > world.minute)
        });
        assert!(
            shown,
            "a text never came: {:?} {:?} of {:02x?} to {:02x?}: {:?}",
            sent.circle,
            sent.at,
            &sent.author[..2],
            &node.me[..2],
            group.gaps(),
        );
    }
}

/// Two who are in it hold the same, or each is told that they do not.
fn agree_or_say_so(world: &World, node: &Node, other: &Node) {
    let (mine, theirs) = (node.group(), other.group());
    if mine.tally().silent_to(&other.me) || theirs.tally().silent_to(&node.me) {
        return;
    }
    let pair = [(node.me, other.me), (other.me, node.me)];
    if world
        .strangers
        .is_some_and(|strangers| pair.contains(&strangers))
    {
        return;
    }
    if mine.tally().view != theirs.tally().view {
        let told = mine.other_views().any(|(ik, _)| *ik == other.me);
        assert!(told, "two hold different sets, and are not told");
        return;
    }
    if !mine.member() || !theirs.member() {
        return;
    }
    for (motion, standing) in &mine.tally().results {
        let Some(their) = theirs.tally().results.get(motion) else {
            continue;
        };
        let lasts = |node: &Node, outcome| {
            let stood = world.watch.stood.get(&node.me);
            stood.is_none_or(|stood| stood.get(motion) == Some(outcome))
        };
        let differ = standing.outcome != their.outcome;
        if differ && lasts(node, &standing.outcome) && lasts(other, &their.outcome) {
            let mut told = mine.other_results().into_iter();
            let told = told.any(|it| it.teller == other.me && it.motion == *motion);
            assert!(
                told,
                "two see a motion stand otherwise, and are not told: {:02x?} {:?} {:?}",
                &motion[..2],
                standing,
                their
            );
        }
    }
}
