//! What holds at any moment of a storm, and what holds when it is over.

use super::acts::index;
use super::*;
use crate::friend::What;
use crate::limits::{
    GROUP_WAITING_MAX, MOTIONS_MAX, MOTIONS_PER_AUTHOR_MAX, STRAYS_PER_FRIEND_MAX,
};

/// How a motion stands for somebody, as others must see it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    Open,
    Passed,
    Blocked,
    Withdrawn,
    Over,
}

/// Records of a group and pieces of what came in it that nobody could place yet: of each motion and
/// each author one or a few, what waits for what it follows (a flood fills that), and what friends may
/// leave of groups that nobody told of.
fn records_max(people: usize) -> usize {
    4 * (MOTIONS_MAX + MOTIONS_PER_AUTHOR_MAX)
        + 16 * people
        + GROUP_WAITING_MAX
        + 2 * STRAYS_PER_FRIEND_MAX
}

impl Storm {
    fn fail(&self, why: &str) -> ! {
        let trace = self.trace.join("\n  ");
        panic!("seed {}, {} hours: {why}\n  {trace}", self.seed, self.hours);
    }

    /// Nothing of a group waits for anybody who is not on the list that is shown, and nobody holds
    /// more than may be held.
    pub(super) fn holds(&mut self) {
        for at in self.honest() {
            let records = self.net.nodes[at].of_groups();
            if records > records_max(self.count()) {
                self.fail(&format!("{at} holds {records} records"));
            }
            let Some(card) = self.card(at) else {
                continue;
            };
            let listed = card.people.iter().filter(|it| !it.suspended);
            let listed: BTreeSet<_> = listed.filter_map(|it| index(&it.who)).collect();
            // The liar's are no more than are held of one.
            if card.motions.len() > MOTIONS_MAX + MOTIONS_PER_AUTHOR_MAX {
                self.fail(&format!("{at} holds {} motions", card.motions.len()));
            }
            for other in (0..self.count()).filter(|other| !listed.contains(other)) {
                if other != at && self.waits_for(at, other) {
                    self.fail(&format!("{at} still sends to {other}"));
                }
            }
        }
    }

    /// Whether something said in a group waits for a friend.
    fn waits_for(&self, at: usize, other: usize) -> bool {
        let mut friends = self.net.nodes[at].engine.friends.values();
        let of_group = |friend: &crate::friend::Friend| {
            let mut entries = friend.outbox.entries();
            entries.any(|(_, it)| matches!(it.what, What::Group(..)))
        };
        friends.any(|friend| friend.petname.is(NAMES[other]) && of_group(friend))
    }

    /// How many deliveries were looked at.
    pub(super) fn ends_well(mut self) -> usize {
        self.holds();
        self.nothing_is_shown_twice_or_to_others();
        let cards: Vec<_> = (0..self.count()).map(|at| self.card(at)).collect();
        let looked = self.all_is_shown(&cards);
        self.votes_are_whose_they_are(&cards);
        self.all_decide_the_same(&cards);
        self.lies_are_noticed(&cards);
        self.a_start_changes_nothing(&cards);
        looked
    }

    fn nothing_is_shown_twice_or_to_others(&self) {
        for at in self.honest() {
            let mut seen = BTreeSet::new();
            for (from, text) in &self.shown[at] {
                if !seen.insert(text) {
                    self.fail(&format!("{at} is shown {text} twice"));
                }
                let Some(told) = self.told.iter().find(|told| told.text == *text) else {
                    continue;
                };
                if NAMES[told.by] != from {
                    self.fail(&format!("{at} is shown {text} as if {from} had said it"));
                }
                if !told.to.contains(&at) {
                    self.fail(&format!("{at} is shown {text}, which was not for them"));
                }
            }
        }
    }

    /// Whether somebody fell out of the group for somebody else, or was suspended, at any time.
    fn parted(&self, at: usize, other: usize) -> bool {
        self.net.news(at).iter().any(|news| match news {
            GroupNews::Out(who) | GroupNews::Suspended(who) => index(who) == Some(other),
            GroupNews::Ended => true,
            _ => false,
        })
    }

    /// Each text is shown to whom it was for. Who came later may have learned that they are a member when it
    /// was erased already where it was said: they are told that so many never came.
    fn all_is_shown(&self, cards: &[Option<GroupCard>]) -> usize {
        let (mut looked, mut unseen) = (0, BTreeMap::<_, u32>::new());
        let honest = self.honest();
        for told in self.told.iter().filter(|told| honest.contains(&told.by)) {
            for to in told.to.iter().filter(|to| honest.contains(to)) {
                let apart = self.parted(*to, told.by) || self.parted(told.by, *to);
                if apart || !together(cards, told.by, *to, told.to_all) {
                    continue;
                }
                looked += 1;
                if self.shown[*to].iter().any(|(_, text)| *text == told.text) {
                    continue;
                }
                let count = unseen.entry((*to, told.by)).or_default();
                *count += 1;
                if *to < self.founders || *count > missing(cards, *to, told.by) {
                    self.fail(&format!("{to} was never shown {}", told.text));
                }
            }
        }
        looked
    }

    /// What an honest member is shown to have said of a motion, they said.
    fn votes_are_whose_they_are(&self, cards: &[Option<GroupCard>]) {
        let honest = self.honest();
        for (at, card) in cards
            .iter()
            .enumerate()
            .filter(|(at, _)| honest.contains(at))
        {
            for motion in card.iter().flat_map(|card| &card.motions) {
                if motion.agree > motion.of || motion.counts.iter().sum::<u32>() > motion.of {
                    self.fail(&format!("{at} counts more votes than there are"));
                }
                for say in &motion.says {
                    let who = if say.who == Named::Me {
                        Some(at)
                    } else {
                        index(&say.who)
                    };
                    let Some(who) = who.filter(|who| honest.contains(who)) else {
                        continue;
                    };
                    let said = self.said.get(&(who, motion.words.clone()));
                    if !said.is_some_and(|said| said.contains(&say.position)) {
                        let words = motion.words.join(" ");
                        let position = say.position;
                        self.fail(&format!(
                            "{at} sees {position:?} of {who} on {words}: {said:?}"
                        ));
                    }
                }
            }
        }
    }

    fn all_decide_the_same(&self, cards: &[Option<GroupCard>]) {
        let honest = self.honest();
        for (a, b) in honest
            .iter()
            .flat_map(|a| honest.iter().map(move |b| (*a, *b)))
        {
            let (Some(mine), Some(theirs)) = (&cards[a], &cards[b]) else {
                continue;
            };
            if a >= b || !together(cards, a, b, false) || !together(cards, b, a, false) {
                continue;
            }
            let apart = differ(a, mine, b, theirs);
            let shown = |card: &GroupCard| !card.doubts.is_empty() || card.sides.len() > 1;
            if let Some(why) = apart.filter(|_| !(shown(mine) && shown(theirs))) {
                self.fail(&format!("{a} and {b} are apart and it is not shown: {why}"));
            }
        }
    }

    /// Whoever were told different things under one number see that somebody told them so.
    fn lies_are_noticed(&self, cards: &[Option<GroupCard>]) {
        let Some(liar) = &self.liar else {
            return;
        };
        for (of, got) in liar.two_faced.iter().enumerate() {
            let read = |at: &usize, face: &str| {
                let text = format!("mensonge {of} {face}");
                self.shown[*at].iter().any(|(_, it)| *it == text)
            };
            let some = got[0].iter().filter(|at| read(at, "a"));
            let pairs = some.flat_map(|a| {
                got[1]
                    .iter()
                    .filter(|b| read(b, "b"))
                    .map(move |b| (*a, *b))
            });
            for (a, b) in pairs {
                let apart = self.parted(a, b) || self.parted(b, a);
                if apart || !together(cards, a, b, false) || !together(cards, b, a, false) {
                    continue;
                }
                // Of who is out nothing is known any more once all they decided on is settled.
                let doubts = |at: usize| {
                    let card = cards[at].as_ref();
                    card.is_some_and(|card| {
                        let mut people = card.people.iter();
                        let out = people.all(|it| index(&it.who) != Some(liar.at));
                        out || card.doubts.iter().any(is_disagreement)
                    })
                };
                if !doubts(a) || !doubts(b) {
                    self.fail(&format!(
                        "{a} and {b} do not see that they were told two things"
                    ));
                }
            }
        }
    }

    fn a_start_changes_nothing(&mut self, cards: &[Option<GroupCard>]) {
        for at in self.honest() {
            self.net.goes(at);
        }
        for at in self.honest() {
            let before = self.card(at);
            self.net.starts_again(at);
            if self.card(at) != before || before.is_some() != cards[at].is_some() {
                self.fail(&format!("{at} holds something else after a start"));
            }
        }
    }
}

/// How many messages of somebody never came, as somebody is shown.
fn missing(cards: &[Option<GroupCard>], to: usize, by: usize) -> u32 {
    let doubts = cards[to].iter().flat_map(|card| &card.doubts);
    let counts = doubts.filter_map(|doubt| match doubt {
        Doubt::Gap { author, count } if index(author) == Some(by) => Some(*count),
        _ => None,
    });
    counts.sum()
}

fn is_disagreement(doubt: &Doubt) -> bool {
    matches!(doubt, Doubt::Disagreement { .. })
}

/// Whether both hold the other for one of the group now, and the first for one who decides, and the
/// other at least for one who reads.
fn together(cards: &[Option<GroupCard>], by: usize, to: usize, to_all: bool) -> bool {
    let seat = |card: &GroupCard, of: usize| {
        let found = card.people.iter().find(|it| index(&it.who) == Some(of));
        found.cloned()
    };
    let (Some(bys), Some(tos)) = (&cards[by], &cards[to]) else {
        return false;
    };
    let reads = |it: &Seated| to_all || !it.spectator;
    let reader = seat(bys, to).is_some_and(|it| reads(&it) && !it.suspended);
    let author = seat(tos, by).is_some_and(|it| !it.spectator && !it.suspended);
    reader && author && (to_all || !tos.row.spectator)
}

/// Where two do not hold the same.
fn differ(a: usize, mine: &GroupCard, b: usize, theirs: &GroupCard) -> Option<String> {
    let people = |card: &GroupCard, me: usize| {
        let all = card.people.iter().map(|it| {
            let who = index(&it.who).unwrap_or(me);
            (who, it.spectator, it.suspended)
        });
        all.collect::<BTreeSet<_>>()
    };
    let (one, other) = (people(mine, a), people(theirs, b));
    if one != other {
        return Some(format!("people {one:?} and {other:?}"));
    }
    for motion in &mine.motions {
        let same = |it: &&MotionCard| it.words == motion.words && it.text == motion.text;
        let Some(theirs) = theirs.motions.iter().find(same) else {
            continue;
        };
        let (one, other) = (stands(motion.outcome), stands(theirs.outcome));
        let undone = [motion.outcome, theirs.outcome].contains(&Outcome::Undone);
        let passed = [one, other].contains(&Stands::Passed);
        if one != other && (!undone || passed) {
            return Some(format!(
                "motion {}: {one:?} and {other:?}",
                motion.words.join(" ")
            ));
        }
    }
    None
}

/// What passed once and does not any more stands as nobody can tell from outside.
fn stands(outcome: Outcome) -> Stands {
    match outcome {
        Outcome::Open { .. } => Stands::Open,
        Outcome::Passed => Stands::Passed,
        Outcome::Blocked => Stands::Blocked,
        Outcome::Withdrawn => Stands::Withdrawn,
        Outcome::Undone | Outcome::Failed | Outcome::Unfounded => Stands::Over,
    }
}
