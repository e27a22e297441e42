//! One author, two things under one number: whatever else they say then, both sides learn of it.

use super::attacks::calm;
use super::liar::Liar;
use super::world::{DAY, HOUR, World};
use crate::group::{Body, Ik, Policy};

/// A calm world of five whose first lies in this life.
fn with_a_liar(seed: u64) -> (World, Vec<Ik>) {
    let (mut world, all) = calm(seed, 5, 0, Policy::default());
    world.corrupt(all[0]);
    world.run(HOUR);
    (world, all)
}

fn all_know(world: &World, all: &[Ik]) {
    for ik in &all[1..] {
        let mut found = world.nodes[ik].group().disagreements();
        assert!(
            found.any(|it| it.author == all[0]),
            "somebody does not know"
        );
    }
}

#[test]
fn two_things_in_a_life_before_the_newest_are_seen_by_both_sides() {
    let (mut world, all) = with_a_liar(61);
    world.liar = Some(Liar::new(all[0], 9));
    world.liar_says(Body::Text("je suis là"));
    world.liar = Some(Liar::new(all[0], 8));
    world.liar_equivocates(Body::Text("à midi"), Body::Text("à minuit"));
    world.run(2 * DAY);
    all_know(&world, &all);
}

#[test]
fn two_things_are_seen_by_both_sides_though_their_author_goes_on_at_once() {
    let (mut world, all) = with_a_liar(62);
    world.liar_equivocates(Body::Text("à midi"), Body::Text("à minuit"));
    world.liar_says(Body::Text("bon appétit"));
    world.liar_says(Body::Text("à demain"));
    world.run(2 * DAY);
    all_know(&world, &all);
}
