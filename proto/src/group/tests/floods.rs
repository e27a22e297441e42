//! Who says too much: they hurt nobody but themselves, and everybody holds the same of it.

use std::collections::BTreeSet;

use super::author::{Author, again, hall, motion, propose, text};
use super::chance::Chance;
use super::node::Node;
use super::world::{DAY, HOUR};
use crate::group::machine::{No, Word};
use crate::group::{Body, Circle, Hash, Message, Missing, Position, Say, What, kind, name_of};
use crate::limits::{
    MISSING_AFTER_MINUTES, MOTIONS_MAX, MOTIONS_OF_MINE_MAX, MOTIONS_PER_AUTHOR_MAX,
    MOTIONS_PER_SEAT_MAX, SAYS_PER_AUTHOR_MAX,
};

/// So many motions of one author, as they were sent.
fn flood(node: &Node, author: &mut Author, count: usize) -> Vec<Vec<u8>> {
    let group = node.group();
    let one = |number| author.says(group, Body::Motion(motion(group, text(number))), Vec::new());
    (0..count).map(one).collect()
}

#[test]
pub(super) fn a_motion_over_its_authors_bound_opens_no_window_and_gets_no_last_word() {
    for backwards in [false, true] {
        let (mut node, all) = hall(4);
        let mut author = Author::new(node.group(), all[1]);
        let mut flood = flood(&node, &mut author, MOTIONS_PER_AUTHOR_MAX + 20);
        let first = flood.iter().take(MOTIONS_PER_AUTHOR_MAX);
        let first: BTreeSet<Hash> = first.map(|it| name_of(&all[1], it)).collect();
        if backwards {
            flood.reverse();
        }
        for payload in &flood {
            node.take(all[1], payload, 1).expect("a motion");
        }
        let counts = node.group().counts();
        assert_eq!(counts.windows, MOTIONS_PER_AUTHOR_MAX);
        let held = node.group().held().keys().copied();
        assert_eq!(held.collect::<BTreeSet<_>>(), first);
        let step = node.tick(5 * DAY, &mut Chance::new(1));
        let closes = step.outs.iter().filter(|out| out.kind == kind::CLOSE);
        assert_eq!(closes.count(), MOTIONS_PER_AUTHOR_MAX);
    }
}

#[test]
pub(super) fn one_seat_that_floods_takes_nobodys_room() {
    let (mut node, all) = hall(4);
    for ik in &all[3..] {
        let mut author = Author::new(node.group(), *ik);
        for payload in flood(&node, &mut author, MOTIONS_PER_AUTHOR_MAX) {
            node.take(*ik, &payload, 1).expect("a motion");
        }
    }
    assert!(node.group().counts().motions > MOTIONS_MAX);
    let mut chance = Chance::new(2);
    for number in 0..MOTIONS_PER_SEAT_MAX {
        let said = node.say(propose(text(1000 + number)), 2, &mut chance);
        assert!(said.is_ok(), "somebody else's flood is in the way");
    }
}

#[test]
fn an_honest_node_proposes_no_more_than_all_others_hold_until_that_is_settled() {
    let (mut node, _) = hall(4);
    let mut chance = Chance::new(3);
    for number in 0..MOTIONS_OF_MINE_MAX {
        let step = node
            .say(propose(text(number)), 1, &mut chance)
            .expect("room");
        let motion = name_of(&node.me, &step.outs[0].payload);
        let (position, reason) = (Position::Withdrawn, "");
        let back = Word::Say {
            motion,
            position,
            reason,
        };
        assert!(node.say(back, 1, &mut chance).is_ok());
    }
    let over = node.say(propose(text(99)), 2, &mut chance).map(drop);
    assert_eq!(over, Err(No::TooManyOfMine));
    node.tick(32 * DAY, &mut chance);
    assert!(node.say(propose(text(99)), 32 * DAY, &mut chance).is_ok());
}

#[test]
pub(super) fn however_much_somebody_is_made_to_close_their_other_words_count() {
    let (mut node, all) = hall(4);
    let mut author = Author::new(node.group(), all[1]);
    let mut chance = Chance::new(4);
    for _ in 0..SAYS_PER_AUTHOR_MAX + 50 {
        author.closes(&mut node, chance.hash());
    }
    let motion = Author::new(node.group(), all[2]).proposes(&mut node, text(1), 1);
    author.answers(&mut node, motion, Position::Agree);
    author.closes(&mut node, motion);
    let standing = &node.group().tally().results[&motion];
    let closed = standing
        .says
        .iter()
        .any(|it| it.seat == all[1] && it.closed);
    assert!(closed, "{standing:?}");
}

#[test]
fn what_is_held_of_a_flood_is_the_same_in_whatever_order_it_came() {
    let mut chance = Chance::new(5);
    let (node, all) = hall(4);
    let mut author = Author::new(node.group(), all[1]);
    let mut flood = flood(&node, &mut author, MOTIONS_PER_AUTHOR_MAX + 8);
    let one = chance.hash();
    for _ in 0..SAYS_PER_AUTHOR_MAX + 40 {
        let motion = if chance.one_in(4) { one } else { chance.hash() };
        let (position, reason) = (Position::Ask, String::new());
        let body = Body::Say(Say {
            motion,
            position,
            reason,
        });
        flood.push(author.says(node.group(), body, Vec::new()));
    }
    let mut seen: Option<BTreeSet<Hash>> = None;
    for _ in 0..8 {
        let (mut node, _) = hall(4);
        for payload in &flood {
            node.take(all[1], payload, 1).expect("something");
        }
        let held = node.group().held().keys().copied().collect();
        assert_eq!(*seen.get_or_insert_with(|| Clone::clone(&held)), held);
        for at in (1..flood.len()).rev() {
            flood.swap(at, chance.below(at + 1));
        }
    }
}

#[test]
fn what_nothing_can_follow_from_is_not_judged() {
    let (mut node, all) = hall(4);
    let mut author = Author::new(node.group(), all[1]);
    let flood = flood(&node, &mut author, MOTIONS_PER_AUTHOR_MAX + 20);
    for payload in &flood {
        node.take(all[1], payload, 1).expect("a motion");
    }
    let judged = node.group().counts().judged;
    assert_eq!(judged, MOTIONS_PER_AUTHOR_MAX);
    author.closes(&mut node, [7; 16]);
    author.answers(&mut node, [7; 16], Position::Agree);
    let (circle, keep, text) = (Circle::Members, 0, "bonjour");
    let word = Word::Text { circle, keep, text };
    node.say(word, 2, &mut Chance::new(6)).expect("a text");
    assert_eq!(node.group().counts().judged, judged);
}

#[test]
fn what_takes_the_place_of_something_else_is_judged_at_once() {
    let (mut node, all) = hall(4);
    let motion = Author::new(node.group(), all[1]).proposes(&mut node, text(1), 1);
    let mut author = Author::new(node.group(), all[2]);
    let say = |motion, position| {
        let reason = String::new();
        Body::Say(Say {
            motion,
            position,
            reason,
        })
    };
    let late = author.says(node.group(), say([7; 16], Position::Ask), Vec::new());
    let mut chance = Chance::new(9);
    for _ in 1..SAYS_PER_AUTHOR_MAX {
        author.answers(&mut node, chance.hash(), Position::Ask);
    }
    let agree = |node: &Node| node.group().tally().results[&motion].agree;
    author.answers(&mut node, motion, Position::Agree);
    assert_eq!(agree(&node), 2);
    node.take(all[2], &late, 2).expect("a position");
    assert_eq!(agree(&node), 1, "it is over the bound now");
}

#[test]
pub(super) fn who_asks_for_the_same_again_and_again_is_sent_it_once_an_hour() {
    let (mut node, all) = hall(4);
    let mut chance = Chance::new(7);
    for _ in 0..9 {
        let (circle, keep, text) = (Circle::Members, 0, "bonjour");
        let word = Word::Text { circle, keep, text };
        node.say(word, 1, &mut chance).expect("a text");
    }
    let group = node.group();
    let (gid, view) = (group.gid(), group.tally().view);
    let index = group.tally().seats.index_of(&all[0]).expect("a seat");
    let incarnation = crate::time::incarnation(node.when(0).minute);
    let mut ask = |from: usize, first, last, minute| {
        let missing = Missing {
            gid,
            view,
            index,
            circle: Circle::Members,
            incarnation,
            first,
            last,
        };
        let payload = Message::Missing(missing).encode(&[1; 16]);
        let step = node.take(all[from], &payload, minute);
        again(&step.expect("a question").news)
    };
    assert_eq!(ask(1, 1, 4, HOUR), [(1, 4)]);
    for _ in 0..20 {
        assert_eq!(ask(1, 1, 4, HOUR), []);
    }
    assert_eq!(ask(2, 1, 4, HOUR), [(1, 4)], "somebody else");
    // What follows, or is asked for later, is sent.
    assert_eq!(ask(1, 3, 9, HOUR), [(5, 9)]);
    let later = HOUR + MISSING_AFTER_MINUTES;
    assert_eq!(ask(1, 5, 6, later), [(5, 6)]);
    assert_eq!(ask(1, 1, 900, later), [(1, 4), (7, 9)], "less than that");
    assert_eq!(ask(1, 1, 900, later + 1), []);
}

#[test]
pub(super) fn whom_an_outsider_proposes_is_not_heard() {
    let (mut node, all) = hall(4);
    let (known, unknown) = ([90; 32], [91; 32]);
    Author::new(node.group(), all[1]).proposes(&mut node, What::Add(known), 1);
    // Others may have let them in already.
    let mut outsider = Author::new(node.group(), known);
    outsider.proposes(&mut node, What::Add(unknown), 1);
    Author::new(node.group(), unknown).proposes(&mut node, text(1), 1);
    assert_eq!(node.group().counts().motions, 2);
}

#[test]
fn what_was_said_at_once_is_not_closed_once_more() {
    let (mut node, all) = hall(5);
    let mut chance = Chance::new(8);
    let mut author = Author::new(node.group(), all[1]);
    let suspend = author.proposes(&mut node, What::Suspend(all[3]), 1);
    author.proposes(&mut node, text(1), 1);
    let (position, reason) = (Position::Object, "elle est malade");
    let motion = suspend;
    let word = Word::Say {
        motion,
        position,
        reason,
    };
    node.say(word, 2, &mut chance).expect("a position");
    let step = node
        .say(propose(text(2)), 2, &mut chance)
        .expect("a motion");
    let motion = name_of(&node.me, &step.outs[0].payload);
    let (position, reason) = (Position::Withdrawn, "");
    let word = Word::Say {
        motion,
        position,
        reason,
    };
    node.say(word, 2, &mut chance).expect("taken back");
    let step = node.tick(6 * DAY, &mut chance);
    let closes = step.outs.iter().filter(|out| out.kind == kind::CLOSE);
    assert_eq!(closes.count(), 1, "of the text that nobody answered");
    assert!(node.group().tally().results[&suspend].says[0].closed);
}
