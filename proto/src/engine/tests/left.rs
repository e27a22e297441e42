//! What is left with a keeper, by whom and when: the pause before it, tokens after a restart, a home that
//! has no room; and bugs planted in all that.

use super::Net;
use super::carried::{ANNE, BOB, ZOE};
use crate::engine::*;
use crate::limits::{RELAY_MS_MAX, RELAY_MS_MIN};

#[test]
fn what_waits_goes_to_a_keeper_after_a_pause_that_is_drawn() {
    let mut net = Net::with_a_keeper();
    net.goes(ZOE);
    let mut pauses = Vec::new();
    for n in 0..6 {
        net.say(ANNE, "zoé", &format!("{n}"));
        let (said_ms, before) = (net.now.boot_ms, net.in_boxes());
        while net.in_boxes() == before {
            net.pass_ms(100);
        }
        pauses.push(net.now.boot_ms - said_ms);
    }
    let (least, most) = (pauses.iter().min().unwrap(), pauses.iter().max().unwrap());
    assert!(
        *least >= RELAY_MS_MIN && *most <= RELAY_MS_MAX + 100,
        "{pauses:?}"
    );
    assert!(most - least > 2_000, "{pauses:?}");
}

#[test]
fn a_token_that_was_shown_is_used_up_also_for_who_starts_again() {
    let mut net = Net::with_a_keeper();
    net.goes(ZOE);
    net.say(ANNE, "zoé", "salut");
    net.pass(2);
    assert_eq!(net.tokens(ANNE), 15);
    net.starts_again(ANNE);
    assert_eq!(net.tokens(ANNE), 15);
}

#[test]
fn what_finds_no_room_at_home_stays_with_who_keeps_it() {
    let mut net = Net::with_a_keeper();
    net.goes(ZOE);
    net.say(ANNE, "zoé", "salut");
    net.pass(2);
    net.goes(ANNE);
    net.queue.push_back((ZOE, Input::Room { full: true }));
    net.comes(ZOE);
    net.pass(45);
    assert_eq!((net.reads(ZOE), net.in_boxes()), (vec![], 1));
    net.queue.push_back((ZOE, Input::Room { full: false }));
    net.pass(45);
    assert_eq!(net.reads(ZOE), ["salut"]);
}

/// Attack 72: a whole home of an older day, and its box is looked into before any friend is there.
#[test]
fn a_home_of_an_older_day_that_looks_into_its_box_first_shows_nothing_twice_and_loses_nothing() {
    let mut net = Net::with_a_keeper();
    let older = net.nodes[ZOE].disk.clone();
    net.say(ANNE, "zoé", "avant");
    net.say(ZOE, "anne", "avant aussi");
    net.pass(1);
    assert_eq!((net.reads(ZOE).len(), net.reads(ANNE).len()), (1, 1));
    net.goes(ZOE);
    net.say(ANNE, "zoé", "pendant l'absence");
    net.pass(2);
    assert_eq!(net.in_boxes(), 1);
    net.goes(ANNE);
    net.nodes[ZOE].disk = older;
    net.starts_again(ZOE);
    net.comes(ZOE);
    net.pass(5);
    assert_eq!(net.reads(ZOE), [""; 0], "its session is not that old");
    net.comes(ANNE);
    net.pass(60);
    let told = |at: usize, whose: bool| {
        let told = |it: &Event| matches!(it, Event::RolledBack { mine, .. } if *mine == whose);
        net.nodes[at].events.iter().any(told)
    };
    assert!(told(ZOE, true) && told(ANNE, false), "both are told");
    // What she has forgotten is waited for, as any line before another.
    net.pass_hours(26);
    assert_eq!(net.reads(ZOE), ["pendant l'absence"]);
    net.say(ZOE, "anne", "me revoilà");
    net.by_turns(4);
    assert_eq!(net.reads(ANNE), ["me revoilà"]);
    assert_eq!(net.reads(ZOE), [""; 0]);
}

#[test]
fn an_acknowledgement_that_a_keeper_hands_in_again_looks_like_nobodys_copy() {
    let mut net = Net::with_a_keeper();
    net.goes(ZOE);
    net.say(ANNE, "zoé", "salut");
    net.pass(2);
    net.goes(ANNE);
    net.comes(ZOE);
    net.pass(3);
    let parcels = net.nodes[BOB].parcels.values();
    let acks: Vec<_> = parcels.map(|it| it.to_vec()).collect();
    assert_eq!(acks.len(), 1);
    net.goes(ZOE);
    net.comes(ANNE);
    net.pass(40);
    assert_eq!(net.states(ANNE, "zoé"), [Delivery::Delivered]);
    for ack in [&acks[0]; 3] {
        net.queue.push_back((ANNE, Input::Parcel(ack.clone())));
        net.pass(1);
    }
    let forked = |it: &Event| matches!(it, Event::Forked { .. });
    assert!(!net.nodes[ANNE].events.iter().any(forked));
}

#[cfg(feature = "planted")]
mod planted {
    use super::*;
    use crate::engine::tests::carried::where_it_is_kept_survives_a_restart_on_all_three_sides;
    use crate::mailbox::drawn::tests::serials_follow_no_order_and_the_last_generation_has_an_end;
    use crate::planted::{Bug, plant};

    #[test]
    fn every_bug_of_boxes_is_found() {
        let tests: [fn(); 5] = [
            a_token_that_was_shown_is_used_up_also_for_who_starts_again,
            what_waits_goes_to_a_keeper_after_a_pause_that_is_drawn,
            where_it_is_kept_survives_a_restart_on_all_three_sides,
            what_finds_no_room_at_home_stays_with_who_keeps_it,
            serials_follow_no_order_and_the_last_generation_has_an_end,
        ];
        for (bug, test) in Bug::OF_BOXES.into_iter().zip(tests) {
            plant(Some(bug));
            let found = std::panic::catch_unwind(test).is_err();
            plant(None);
            assert!(found, "{bug:?}");
        }
    }
}
