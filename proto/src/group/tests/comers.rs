//! Who comes later: what the others say to them before they know of it themselves reaches them.

use super::spectators::watched;
use super::world::{DAY, HOUR, World};
use crate::group::machine::Word;
use crate::group::{Circle, Ik, Position, What};

/// Everybody agrees to a promotion; gives the first of those who know that it passed.
fn promote(world: &mut World, all: &[Ik], newcomer: Ik) -> Ik {
    let (what, hours, text) = (What::Promote(newcomer), 1, "");
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
