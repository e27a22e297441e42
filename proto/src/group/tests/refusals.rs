//! What my own node refuses to say.

use super::attacks::{calm, decide};
use super::node::Node;
use super::spectators::watched;
use super::world::{DAY, HOUR, World};
use crate::group::machine::{No, Word};
use crate::group::{Circle, Hash, Ik, Policy, Position, What};

fn say(world: &mut World, ik: Ik, word: Word<'_>) -> Result<(), No> {
    let minute = world.minute;
    let node: &mut Node = world.nodes.get_mut(&ik).expect("a node");
    node.say(word, minute, &mut world.chance).map(drop)
}

fn answer(motion: Hash, position: Position) -> Word<'static> {
    let reason = "";
    Word::Say {
        motion,
        position,
        reason,
    }
}

fn propose(what: What) -> Word<'static> {
    let (hours, text) = (0, "");
    Word::Motion { what, hours, text }
}

#[test]
fn who_watches_says_nothing() {
    let (mut world, _, newcomer) = watched(1);
    for circle in [Circle::Members, Circle::All] {
        let (keep, text) = (0, "moi aussi");
        let said = say(&mut world, newcomer, Word::Text { circle, keep, text });
        assert_eq!(said, Err(No::Spectator));
    }
    assert_eq!(say(&mut world, newcomer, Word::Leave), Ok(()));
}

#[test]
fn an_objection_has_a_reason_and_comes_before_the_window_is_over() {
    let (mut world, all) = calm(2, 4, 0, Policy::default());
    let what = What::Text { file: [0; 32] };
    world.say(
        all[0],
        Word::Motion {
            what,
            hours: 2,
            text: "",
        },
    );
    world.run(HOUR);
    let motion = world.newest(&all[0]);
    let object = answer(motion, Position::Object);
    assert_eq!(say(&mut world, all[1], object.clone()), Err(No::Unreasoned));
    let chosen = answer(motion, Position::Choice(0));
    assert_eq!(say(&mut world, all[1], chosen), Err(No::NotAPosition));
    let back = answer(motion, Position::Withdrawn);
    assert_eq!(say(&mut world, all[1], back), Err(No::NotMine));
    world.run(3 * HOUR);
    let late = answer(motion, Position::Agree);
    assert_eq!(say(&mut world, all[1], late), Err(No::Over));
    let nothing = answer([0; 16], Position::Agree);
    assert_eq!(say(&mut world, all[1], nothing), Err(No::UnknownMotion));
}

#[test]
fn nobody_is_suspended_who_spoke_this_week_nor_two_on_one_day() {
    let (mut world, all) = calm(3, 7, 0, Policy::default());
    world.run(2 * DAY);
    let lately = say(&mut world, all[0], propose(What::Suspend(all[5])));
    assert!(
        matches!(lately, Err(No::NotSilent { days: 7 | 8 })),
        "{lately:?}"
    );
    for ik in &all[5..] {
        world.node(ik).down_until = world.minute + 30 * DAY;
    }
    world.run(9 * DAY);
    assert_eq!(
        say(&mut world, all[0], propose(What::Suspend(all[5]))),
        Ok(())
    );
    let second = say(&mut world, all[0], propose(What::Suspend(all[6])));
    assert_eq!(second, Err(No::OneADay));
    world.run(DAY);
    assert_eq!(
        say(&mut world, all[0], propose(What::Suspend(all[6]))),
        Ok(())
    );
}

#[test]
fn a_suspension_is_lifted_only_by_who_heard_them_since() {
    let (mut world, all) = calm(4, 5, 0, Policy::default());
    world.node(&all[4]).down_until = world.minute + 15 * DAY;
    world.run(9 * DAY);
    decide(&mut world, all[0], What::Suspend(all[4]));
    let unheard = say(&mut world, all[0], propose(What::Lift(all[4])));
    assert_eq!(unheard, Err(No::NotHeard));
    world.run(4 * DAY);
    let (circle, keep, text) = (Circle::Members, 0, "me revoilà");
    world.say(all[4], Word::Text { circle, keep, text });
    world.run(3 * HOUR);
    assert_eq!(say(&mut world, all[0], propose(What::Lift(all[4]))), Ok(()));
}

#[test]
fn who_is_in_is_not_added_and_who_just_came_is_not_promoted() {
    let (mut world, all, newcomer) = watched(5);
    let again = say(&mut world, all[0], propose(What::Add(newcomer)));
    assert_eq!(again, Err(No::AlreadyIn));
    let policy = Policy {
        spectator_days: 7,
        ..Policy::default()
    };
    let (mut strict, all) = calm(6, 4, 1, policy);
    let newcomer = *strict
        .all()
        .iter()
        .find(|it| !all.contains(it))
        .expect("somebody");
    decide(&mut strict, all[1], What::Add(newcomer));
    let early = say(&mut strict, all[0], propose(What::Promote(newcomer)));
    assert!(matches!(early, Err(No::TooEarly { .. })), "{early:?}");
    strict.run(8 * DAY);
    assert_eq!(
        say(&mut strict, all[0], propose(What::Promote(newcomer))),
        Ok(())
    );
}
