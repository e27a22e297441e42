//! Who only watches: what they get, and what they get not, also once they decide too.

use super::attacks::{calm, decide, quick};
use super::world::{DAY, World};
use crate::group::machine::{News, Word};
use crate::group::{Circle, Ik, Message, Missing, What};

/// Founders, and somebody who watches since three days.
pub(super) fn watched(seed: u64) -> (World, Vec<Ik>, Ik) {
    let (mut world, all) = calm(seed, 4, 1, quick());
    let others = world.all();
    let newcomer = *others
        .iter()
        .find(|it| !all.contains(it))
        .expect("somebody");
    let (circle, keep, text) = (Circle::Members, 0, "entre nous");
    world.say(all[1], Word::Text { circle, keep, text });
    decide(&mut world, all[1], What::Add(newcomer));
    (world, all, newcomer)
}

#[test]
pub(super) fn who_watches_gets_what_is_for_all_and_nothing_of_the_members() {
    let (mut world, all, newcomer) = watched(78);
    assert!(world.nodes[&newcomer].is_in());
    for circle in [Circle::Members, Circle::All] {
        let (keep, text) = (0, "réunion mardi");
        world.say(all[2], Word::Text { circle, keep, text });
    }
    world.run(DAY);
    assert_eq!(world.nodes[&newcomer].seen.len(), 1);
}

#[test]
pub(super) fn who_watches_and_asks_for_the_members_words_gets_nothing() {
    let (mut world, all, newcomer) = watched(79);
    let group = world.nodes[&all[1]].group();
    let (gid, view) = (group.gid(), group.tally().view);
    let index = group.tally().seats.index_of(&all[1]).expect("a seat");
    let incarnation = crate::time::incarnation(world.nodes[&all[1]].when(0).minute);
    for circle in [Circle::Members, Circle::All] {
        let (first, last) = (1, 900);
        let missing = Missing {
            gid,
            view,
            index,
            circle,
            incarnation,
            first,
            last,
        };
        let payload = Message::Missing(missing).encode(&[1; 16]);
        let minute = world.minute;
        let step = world
            .node(&all[1])
            .take(newcomer, &payload, minute)
            .expect("a question");
        let resends = step
            .news
            .iter()
            .filter(|it| matches!(it, News::Resend { .. }));
        assert_eq!(resends.count(), 0);
    }
}

#[test]
pub(super) fn who_becomes_a_member_is_sent_nothing_of_before() {
    let (mut world, all, newcomer) = watched(80);
    decide(&mut world, all[1], What::Promote(newcomer));
    assert!(world.nodes[&newcomer].group().member(), "promoted");
    let group = world.nodes[&all[1]].group();
    let (gid, view) = (group.gid(), group.tally().view);
    let index = group.tally().seats.index_of(&all[1]).expect("a seat");
    let incarnation = crate::time::incarnation(world.nodes[&all[1]].when(0).minute);
    let (circle, first, last) = (Circle::Members, 1, 900);
    let missing = Missing {
        gid,
        view,
        index,
        circle,
        incarnation,
        first,
        last,
    };
    let payload = Message::Missing(missing).encode(&[1; 16]);
    let minute = world.minute;
    let step = world
        .node(&all[1])
        .take(newcomer, &payload, minute)
        .expect("a question");
    for news in &step.news {
        let News::Resend { first, .. } = news else {
            continue;
        };
        let sent_from = world.nodes[&all[1]]
            .group()
            .person(&newcomer)
            .expect("known")
            .sent_from;
        assert!(
            sent_from[0].is_some_and(|from| from <= (incarnation, *first)),
            "sent from before"
        );
        assert!(*first > 1);
    }
}
