//! How a group can decide, and how long a motion can wait.

use super::attacks::{calm, quick};
use super::author::motion;
use super::world::{DAY, HOUR};
use crate::group::machine::Word;
use crate::group::{Body, Outcome, Policy, Position, What, name_of};
use crate::limits::{MOTION_HOURS_MAX, POST_MINUTES};
use crate::wire::{Reader, Writer};

fn is_one(policy: &Policy) -> bool {
    let mut to = Writer::new();
    policy.encode(&mut to);
    Policy::decode(&mut Reader::new(to.written())).is_ok()
}

#[test]
pub(super) fn a_policy_leaves_time_to_answer() {
    assert!(is_one(&Policy::default()));
    for wrong in [0, MOTION_HOURS_MAX + 1] {
        let (add_hours, promote_hours, hours) = (wrong, wrong, wrong);
        let policy = Policy::default();
        let wrong = [
            Policy {
                add_hours,
                ..policy
            },
            Policy {
                promote_hours,
                ..policy
            },
            Policy { hours, ..policy },
        ];
        assert!(!wrong.iter().any(is_one));
    }
}

#[test]
fn a_motion_with_the_longest_window_is_decided_before_anybody_settles_it() {
    assert!(2 * u32::from(MOTION_HOURS_MAX) * HOUR <= POST_MINUTES);
    let (mut world, all) = calm(95, 4, 0, quick());
    world.node(&all[3]).down_until = world.minute + 13 * DAY;
    let (hours, text, what) = (MOTION_HOURS_MAX, "", What::Text { file: [0; 32] });
    assert!(world.say(all[0], Word::Motion { what, hours, text }));
    let motion = world.newest(&all[0]);
    world.run(13 * DAY + HOUR);
    let (position, reason) = (Position::Object, "non");
    for ik in &all[1..3] {
        let (position, reason) = (Position::Agree, "");
        let word = Word::Say {
            motion,
            position,
            reason,
        };
        assert!(world.say(*ik, word));
    }
    world.run(13 * DAY);
    for ik in &all {
        let standing = &world.nodes[ik].group().tally().results[&motion];
        assert_eq!(standing.outcome, Outcome::Passed);
    }
    let word = Word::Say {
        motion,
        position,
        reason,
    };
    assert!(world.say(all[3], word), "their window is not over");
    world.run(2 * DAY);
    for ik in &all {
        let standing = &world.nodes[ik].group().tally().results[&motion];
        assert_eq!(standing.outcome, Outcome::Blocked);
    }
}

#[test]
fn a_motion_with_a_longer_window_is_none() {
    let (mut world, all) = calm(96, 4, 0, quick());
    let (hours, text) = (MOTION_HOURS_MAX + 1, "");
    let what = What::Text { file: [0; 32] };
    assert!(!world.say(all[0], Word::Motion { what, hours, text }));
    let group = world.nodes[&all[0]].group();
    let long = crate::group::Motion {
        hours,
        ..motion(group, What::Text { file: [0; 32] })
    };
    let mut author = super::author::Author::new(group, all[1]);
    let payload = author.says(group, Body::Motion(long), Vec::new());
    let name = name_of(&all[1], &payload);
    let minute = world.minute;
    assert!(world.node(&all[0]).take(all[1], &payload, minute).is_none());
    assert!(!world.nodes[&all[0]].group().held().contains_key(&name));
}
