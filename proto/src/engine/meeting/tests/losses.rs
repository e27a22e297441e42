//! Every message of a meeting lost once, and every moment at which a computer may stop: what two people
//! hold of each other afterwards, and after they could link. PROTOCOL §2 "`waiting` and `settled`".

use super::room::Room;
use super::*;
use crate::engine::{How, Stage};

/// What one holds of the other: nothing, an edge that waits, or one that counts.
fn holds(room: &mut Room, at: usize) -> Option<bool> {
    let contacts = room.contacts(at);
    contacts.first().map(|contact| contact.how != How::Joining)
}

fn assert_no_one_is_alone_in_having_met(room: &mut Room, what: u64) {
    let held = [holds(room, 0), holds(room, 1)];
    for at in 0..2 {
        let alone = held[at] == Some(true) && held[1 - at].is_none();
        assert!(
            !alone,
            "message {what}: {at} has met somebody who kept nothing"
        );
    }
}

/// Attack 84: never (settled, none), and the first link ends what waits.
#[test]
fn any_message_lost_leaves_nobody_alone_in_having_met() {
    any_message_is_lost();
}

#[cfg(feature = "planted")]
#[test]
fn who_counts_as_met_unasked_is_found_when_messages_are_lost() {
    use crate::planted::{Bug, plant};
    plant(Some(Bug::MetUnconfirmed));
    let found = std::panic::catch_unwind(any_message_is_lost).is_err();
    plant(None);
    assert!(found);
}

fn any_message_is_lost() {
    let mut waited = 0;
    for lost in 1.. {
        let mut room = Room::of(2);
        let before = room.writes;
        room.lost = Some(before + lost);
        room.gather();
        room.people_go_on();
        let all = room.writes - before < lost;
        assert_no_one_is_alone_in_having_met(&mut room, lost);
        let held = [holds(&mut room, 0), holds(&mut room, 1)];
        // Sixty days pass, then they reach each other.
        room.now.wall_ms += 60 * 24 * 3600 * 1000;
        room.now.boot_ms += 60 * 24 * 3600 * 1000;
        room.lost = None;
        room.pass_minutes(20);
        if held.iter().all(Option::is_some) {
            waited += u32::from(held.contains(&Some(false)));
            room.assert_linked(0, 1);
            assert_eq!(room.contacts(0)[0].how, How::Met);
            assert_eq!(room.contacts(1)[0].how, How::Met);
        }
        assert_no_one_is_alone_in_having_met(&mut room, lost);
        if all {
            break;
        }
    }
    assert!(waited > 0, "no loss left an edge that waits");
}

#[test]
fn a_computer_that_stops_at_any_moment_leaves_nobody_alone_in_having_met() {
    for who in [0, 1] {
        for moment in 0..4 {
            let mut room = Room::of(2);
            room.gather();
            room.until_naming();
            for at in [0, 1] {
                if moment == at {
                    room.restart(who);
                }
                if room.nodes[at].engine.meetings.now.is_none() {
                    continue;
                }
                if let (Stage::Naming, [person]) = (room.view(at).stage, &room.view(at).people[..])
                {
                    let petname = Some("l'autre".replace('\'', " "));
                    let _ = room.meet(
                        at,
                        Meet::Keep {
                            who: person.who,
                            petname,
                        },
                    );
                }
            }
            if moment >= 2 {
                room.restart(who);
            }
            assert_no_one_is_alone_in_having_met(&mut room, moment as u64);
            let both = (0..2).all(|at| holds(&mut room, at).is_some());
            room.pass_minutes(20);
            if both {
                room.assert_linked(0, 1);
            }
        }
    }
}
