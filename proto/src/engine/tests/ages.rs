//! How old a node grows that is seldom up. PROTOCOL §8 "Age".

use super::world::World;
use crate::time::HOUR_MS;

#[test]
fn a_node_that_is_up_for_a_minute_a_day_grows_old_all_the_same() {
    let mut world = World::new();
    for day in 1..=9_u32 {
        world.now.wall_ms += 23 * HOUR_MS;
        world.stop(0);
        world.run_for(60);
        assert!(world.nodes[0].engine.age.minutes() >= day * 23 * 60);
    }
}
