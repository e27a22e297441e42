//! All faults at once, in two thousand mixtures: nothing acknowledged is lost, nothing is shown twice
//! or out of order, nothing is kept, nothing but noise is seen.

use crate::world::{Storm, crowd, each_storm};

/// Of even seeds.
#[test]
fn nodes_that_take_each_step_at_once_pass_any_storm() {
    each_storm("each_step_at_once", 0, 1000);
}

/// Of odd seeds.
#[test]
fn nodes_that_take_all_steps_together_pass_any_storm() {
    each_storm("all_steps_together", 1, 1000);
}

#[test]
fn a_crowd_passes_one_too() {
    let mut world = crowd(1, 12, 6000);
    world.settle();
    assert!(world.people.lines_acknowledged() > 50);
}

#[test]
fn the_same_storm_is_the_same_world() {
    for seed in 0..10 {
        let storm = Storm::new(seed);
        assert_eq!(storm.pass().trace(), storm.pass().trace());
    }
}

#[test]
fn a_storm_is_read_back_as_it_was_printed() {
    for seed in 0..20 {
        let storm = Storm::new(seed);
        let text = storm.to_string();
        assert_eq!(Storm::read(seed, &text).unwrap().to_string(), text);
    }
}
