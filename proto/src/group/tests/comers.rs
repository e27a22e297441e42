//! Who comes later, or comes back: what the others say to them before they know of it themselves reaches
//! them. Who goes does so on all their computers.

use super::attacks::{calm, decide};
use super::author::hall;
use super::chance::Chance;
use super::node::Node;
use super::spectators::watched;
use super::world::{DAY, HOUR, World};
use crate::group::machine::{News, Word};
use crate::group::{Circle, Ik, Policy, Position, Role, What};

/// Everybody proposes and agrees, but for who is concerned.
fn agree(world: &mut World, all: &[Ik], what: What) {
    let (hours, text) = (1, "");
    world.run(5 * HOUR);
    assert!(world.say(all[1], Word::Motion { what, hours, text }));
    let motion = world.newest(&all[1]);
    world.run(HOUR / 2);
    for ik in all {
        let (position, reason) = (Position::Agree, "");
        world.say(
            *ik,
            Word::Say {
                motion,
                position,
                reason,
            },
        );
    }
}

/// Everybody agrees to a promotion; gives the first of those who know that it passed.
fn promote(world: &mut World, all: &[Ik], newcomer: Ik) -> Ik {
    agree(world, all, What::Promote(newcomer));
    for _ in 0..2 * DAY {
        let knows = |ik: &&Ik| {
            let readers = world.nodes[*ik].group().readers(Circle::Members);
            readers.contains(&newcomer)
        };
        if let Some(first) = all.iter().find(knows) {
            return *first;
        }
        world.run(1);
    }
    panic!("nobody knows of it");
}

#[test]
fn what_was_said_to_a_member_before_they_knew_that_they_are_one_comes_to_them() {
    let mut sooner = 0;
    for seed in 90..100 {
        let (mut world, all, newcomer) = watched(seed);
        let author = promote(&mut world, &all, newcomer);
        sooner += usize::from(!world.nodes[&newcomer].group().member());
        let (circle, keep, text) = (Circle::Members, 0, "bienvenue");
        assert!(world.say(author, Word::Text { circle, keep, text }));
        world.run(4 * DAY);
        let mut seen = world.nodes[&newcomer].seen.iter();
        let shown = seen.any(|it| it.author == author && it.shown.is_some());
        assert!(shown, "seed {seed}: it never came");
    }
    assert!(sooner > 5, "they knew of it first");
}

#[test]
pub(super) fn what_is_said_to_somebody_right_after_their_suspension_is_shown_at_once() {
    let (mut world, all) = calm(4, 5, 0, Policy::default());
    let (circle, keep) = (Circle::Members, 0);
    let says = |world: &mut World, ik: Ik, text| {
        assert!(world.say(ik, Word::Text { circle, keep, text }));
    };
    world.node(&all[4]).down_until = world.minute + 12 * DAY;
    world.run(9 * DAY);
    decide(&mut world, all[0], What::Suspend(all[4]));
    says(&mut world, all[2], "sans elle");
    world.run(3 * DAY);
    says(&mut world, all[4], "me revoilà");
    agree(&mut world, &all[..4], What::Lift(all[4]));
    let readers = |world: &World| world.nodes[&all[3]].group().readers(circle);
    while !readers(&world).contains(&all[4]) {
        world.run(1);
    }
    says(&mut world, all[3], "te revoilà");
    world.run(3 * HOUR);
    let seen = world.nodes[&all[4]].seen.last().expect("a text");
    assert_eq!(seen.author, all[3]);
    assert!(seen.shown.is_some(), "it waits for what was never hers");
}

#[test]
pub(super) fn who_leaves_is_out_on_their_other_computers_too() {
    let (other, all) = hall(3);
    let begin = |ik: Ik| {
        let mut node = Node::new(ik, 0);
        node.begin(other.group().genesis_for(Role::Member), 0);
        node
    };
    let [mut laptop, mut board] = [all[2], all[3]].map(begin);
    let said = laptop.say(Word::Leave, 5, &mut Chance::new(1));
    let out = said.expect("a leave").outs.remove(0);
    assert_eq!(out.to.len(), all.len() - 1, "somebody is not told");
    let heard = board.take(all[2], &out.payload, 6).expect("a leave");
    assert!(heard.news.contains(&News::Ended));
    assert!(board.group().mine().is_none());
}
