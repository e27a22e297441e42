//! Somebody whose node lost everything writes again.

use super::attacks::calm;
use super::world::{DAY, HOUR};
use crate::group::machine::Word;
use crate::group::{Circle, Policy, Role};

#[test]
pub(super) fn a_restored_author_writes_in_a_new_life_and_nobody_is_accused() {
    let (mut world, all) = calm(81, 4, 0, Policy::default());
    let (circle, keep) = (Circle::Members, 0);
    for text in ["un", "deux"] {
        world.say(all[1], Word::Text { circle, keep, text });
    }
    world.run(DAY);
    let genesis = world.nodes[&all[0]].group().genesis_for(Role::Member);
    let minute = world.minute;
    let node = world.node(&all[1]);
    node.disk = Default::default();
    node.crash();
    node.begin(genesis, minute);
    node.commit();
    world.wake(all[1]);
    world.say(
        all[1],
        Word::Text {
            circle,
            keep,
            text: "trois",
        },
    );
    world.run(2 * DAY + HOUR);
    for ik in &all {
        assert_eq!(world.nodes[ik].disagreements.len(), 0);
        let seen = world.nodes[ik].seen.iter().filter(|it| it.author == all[1]);
        let expected = if *ik == all[1] { 0 } else { 3 };
        assert_eq!(seen.filter(|it| it.shown.is_some()).count(), expected);
    }
}

#[test]
pub(super) fn a_node_is_after_each_start_as_it_was() {
    let (mut world, all) = calm(84, 5, 0, Policy::default());
    let (circle, keep, text) = (Circle::Members, 0, "bonjour");
    for round in 0..80 {
        let ik = all[round % all.len()];
        world.say(ik, Word::Text { circle, keep, text });
        world.run(HOUR);
        world.node(&ik).check_disk();
        world.node(&ik).crash();
        world.wake(ik);
    }
    let (incarnation, number) = (world.nodes[&all[0]].kept.keys().map(|it| it.1).max(), 16);
    let last = (circle, incarnation.expect("a life"), number);
    assert!(
        world.nodes[&all[0]].kept.contains_key(&last),
        "a number is used twice"
    );
}
