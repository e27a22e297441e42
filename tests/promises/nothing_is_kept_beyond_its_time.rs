//! What was read goes when its time is over, on both sides; what was not, stays, whatever clocks say.

use kith_proto::engine::{Answer, Contact, Delivery, Event, Line, Refusal, Request, Timer};
use kith_proto::secret::Said;

use crate::world::{DAY, Deed, HOUR, MINUTE, NAMES, SECOND, Weather, World};

const DAY_MIN: u32 = 24 * 60;

/// Two friends whose clocks and disks are at rest.
fn two_friends(seed: u64) -> World {
    let mut world = World::new(seed, 2);
    world.befriend(0, 1);
    world
}

fn ask(world: &mut World, node: usize, request: Request) -> Answer {
    match world.request(node, request) {
        Ok(answer) => answer,
        Err(refusal) => panic!("{refusal:?}"),
    }
}

fn send(world: &mut World, from: usize, text: &str, limit_min: u32) -> u64 {
    let request = Request::Send {
        to: NAMES[1 - from].to_owned(),
        text: Said::new(text.as_bytes().to_vec()),
        limit_min,
    };
    match ask(world, from, request) {
        Answer::Sent { id, .. } => id,
        _ => panic!("not sent"),
    }
}

/// Takes all that came.
fn read_all(world: &mut World, node: usize) {
    let up_to = u64::MAX;
    ask(
        world,
        node,
        Request::Acknowledge {
            after: 0,
            up_to,
            from: None,
        },
    );
}

fn history(world: &mut World, node: usize) -> Vec<Line> {
    let (name, before) = (NAMES[1 - node].to_owned(), u64::MAX);
    let max = 100;
    match ask(world, node, Request::History { name, before, max }) {
        Answer::History(lines) => lines,
        _ => panic!("no history"),
    }
}

fn keep(world: &mut World, node: usize, keep_min: Option<u32>) {
    let name = NAMES[1 - node].to_owned();
    ask(world, node, Request::Keep { name, keep_min });
}

fn timer(world: &mut World, node: usize, limit_min: u32) -> Timer {
    let name = NAMES[1 - node].to_owned();
    match ask(world, node, Request::Timer { name, limit_min }) {
        Answer::Changed(card) => card.timer,
        _ => panic!("no card"),
    }
}

fn state(world: &mut World, node: usize, id: u64) -> Delivery {
    match ask(world, node, Request::Sent { id }) {
        Answer::Sent { state, .. } => state,
        _ => panic!("no state"),
    }
}

fn contact(world: &mut World, node: usize) -> Contact {
    world.contacts(node).remove(0)
}

/// How many pieces of words and parcels lie on each disk.
fn bodies(world: &World) -> (usize, usize) {
    (world.nodes[0].disk.bodies(), world.nodes[1].disk.bodies())
}

#[test]
fn what_was_read_is_kept_a_week_on_both_sides_and_not_a_day_longer() {
    for seed in 0..4 {
        let mut world = two_friends(seed);
        send(&mut world, 0, "Zkanari un", 0);
        send(&mut world, 1, "Zkanari deux", 0);
        world.run(SECOND);
        (0..2).for_each(|node| read_all(&mut world, node));
        world.run(6 * DAY);
        for node in 0..2 {
            let lines = history(&mut world, node);
            let mine: Vec<_> = lines.iter().map(|line| line.mine.is_some()).collect();
            assert_eq!(mine.iter().filter(|mine| **mine).count(), 1);
            assert!(lines[0].seq < lines[1].seq && lines.len() == 2);
            world.crash(node, None);
            world.start(node);
        }
        world.run(DAY + HOUR);
        assert_eq!(bodies(&world), (0, 0));
        (0..2).for_each(|node| assert!(history(&mut world, node).is_empty()));
        world.settle();
    }
}

#[test]
fn who_keeps_nothing_has_nothing_once_it_was_read_or_arrived() {
    let mut world = two_friends(1);
    keep(&mut world, 0, Some(0));
    send(&mut world, 0, "Zkanari un", 0);
    send(&mut world, 1, "Zkanari deux", 0);
    world.run(SECOND);
    assert_eq!(bodies(&world).0, 1, "what is not read yet");
    (0..2).for_each(|node| read_all(&mut world, node));
    world.run(SECOND);
    assert_eq!(bodies(&world), (0, 2));
    assert!(history(&mut world, 0).is_empty());
    world.settle();
}

#[test]
fn to_keep_less_takes_effect_at_once_and_for_what_is_there() {
    let mut world = two_friends(2);
    send(&mut world, 1, "Zkanari un", 0);
    world.run(SECOND);
    read_all(&mut world, 0);
    world.run(2 * DAY);
    keep(&mut world, 0, Some(3 * DAY_MIN));
    assert_eq!(history(&mut world, 0).len(), 1);
    keep(&mut world, 0, Some(DAY_MIN));
    assert!(history(&mut world, 0).is_empty());
    world.run(SECOND);
    assert_eq!(world.nodes[0].disk.bodies(), 0);
    keep(&mut world, 0, None);
    assert_eq!(contact(&mut world, 0).keep_min, 7 * DAY_MIN);
    world.settle();
}

#[test]
fn a_message_with_a_lifetime_goes_on_both_sides_once_it_was_read() {
    let mut world = two_friends(3);
    send(&mut world, 0, "Zkanari bref", 30);
    world.run(2 * HOUR);
    assert_eq!(bodies(&world), (0, 1), "its reader has not seen it yet");
    read_all(&mut world, 1);
    world.run(29 * MINUTE);
    assert_eq!(history(&mut world, 1)[0].left_min, Some(1));
    world.run(2 * MINUTE);
    assert_eq!(bodies(&world), (0, 0));
    world.settle();
}

#[test]
fn a_timer_holds_once_both_said_the_same_and_for_what_is_said_afterwards() {
    let mut world = two_friends(4);
    assert_eq!(timer(&mut world, 0, 60).agreed_min, 0);
    world.run(SECOND);
    assert_eq!(contact(&mut world, 1).timer.theirs_min, 60);
    send(&mut world, 0, "Zkanari sans", 0);
    assert_eq!(timer(&mut world, 1, 60).agreed_min, 60);
    world.run(SECOND);
    assert_eq!(contact(&mut world, 0).timer.agreed_min, 60);
    send(&mut world, 0, "Zkanari avec", 0);
    send(&mut world, 1, "Zkanari plus court", 5);
    world.run(SECOND);
    (0..2).for_each(|node| read_all(&mut world, node));
    world.run(6 * MINUTE);
    assert_eq!(history(&mut world, 0).len(), 2);
    world.run(HOUR);
    for node in 0..2 {
        assert_eq!(history(&mut world, node).len(), 1, "what was said before");
    }
    assert_eq!(
        timer(&mut world, 1, 0).agreed_min,
        60,
        "one alone ends nothing"
    );
    world.settle();
}

#[test]
fn post_that_takes_too_long_is_given_up_and_that_is_said() {
    let mut world = two_friends(5);
    world.later(0, Deed::Split(0, 1));
    world.run(MINUTE);
    let id = send(&mut world, 0, "Zkanari perdu", 0);
    world.run(29 * DAY);
    assert_eq!(state(&mut world, 0, id), Delivery::Saved);
    world.run(DAY + 2 * HOUR);
    assert_eq!(state(&mut world, 0, id), Delivery::NotArrived);
    let said = world.nodes[0].told(|event| matches!(event, Event::NotArrived { .. }));
    assert_eq!(said, 1);
    let lines = history(&mut world, 0);
    assert_eq!(
        lines[0].mine,
        Some(Delivery::NotArrived),
        "its words are still here"
    );
    world.run(8 * DAY);
    assert_eq!(bodies(&world), (0, 0));
    assert_eq!(
        state(&mut world, 0, id),
        Delivery::NotArrived,
        "and that stays known"
    );
    world.settle();
}

#[test]
fn keys_of_parcels_that_never_come_go_after_the_post_time() {
    let mut world = two_friends(6);
    world.bag = Some(Vec::new());
    for line in ["Zkanari un", "Zkanari deux", "Zkanari trois"] {
        send(&mut world, 0, line, 0);
        world.run(SECOND);
    }
    let bag = world.bag.take().unwrap();
    world.later(0, Deed::Split(0, 1));
    world.run(MINUTE);
    let late = |world: &mut World| match ask(world, 1, Request::Kept) {
        Answer::Kept(kept) => kept.late_keys,
        _ => panic!("not counted"),
    };
    let bytes = bag[2].bytes.clone();
    world.give(1, kith_proto::engine::Input::Parcel(bytes));
    world.run(SECOND);
    assert_eq!(late(&mut world), 2);
    world.run(31 * DAY);
    assert_eq!(late(&mut world), 0);
    let bytes = bag[0].bytes.clone();
    world.give(1, kith_proto::engine::Input::Parcel(bytes));
    world.run(SECOND);
    read_all(&mut world, 1);
    assert_eq!(
        history(&mut world, 1).len(),
        1,
        "what came too late opens to nobody"
    );
}

#[test]
fn a_clock_that_leaps_over_a_stop_ends_no_message() {
    for by_ms in [40 * 86_400_000, -1_795_000_000_000] {
        let mut world = two_friends(7);
        world.later(0, Deed::Split(0, 1));
        world.run(MINUTE);
        let id = send(&mut world, 0, "Zkanari attend", 0);
        send(&mut world, 0, "Zkanari aussi", 60);
        world.crash(0, None);
        world.nodes[0].clock_ms += by_ms;
        world.start(0);
        world.run(20 * HOUR);
        match ask(&mut world, 0, Request::Kept) {
            Answer::Kept(kept) => assert!(kept.leap_min != 0 && kept.outbox == 2),
            _ => panic!("not counted"),
        }
        world.nodes[0].clock_ms -= by_ms;
        world.run(3 * DAY);
        assert_eq!(state(&mut world, 0, id), Delivery::Saved);
        world.later(0, Deed::Heal(0, 1));
        world.run(HOUR);
        assert_eq!(state(&mut world, 0, id), Delivery::Delivered);
        read_all(&mut world, 1);
        assert_eq!(history(&mut world, 1).len(), 2);
    }
}

#[test]
fn a_friend_who_is_left_leaves_nothing_here_and_hears_nothing() {
    let mut world = World::new(8, 3);
    world.befriend(0, 1);
    world.befriend(0, 2);
    world.weather = Weather::STORM;
    for line in 0..20u64 {
        world.later(line * SECOND, Deed::Say { from: 0, to: 1 });
        world.later(line * SECOND, Deed::Say { from: 1, to: 0 });
    }
    world.run(MINUTE);
    read_all(&mut world, 0);
    world.later(0, Deed::Split(0, 1));
    world.run(MINUTE);
    world.say(0, 1);
    world.run(SECOND);
    let name = NAMES[1].to_owned();
    let removed = ask(&mut world, 0, Request::Remove { name: name.clone() });
    assert!(matches!(removed, Answer::Removed { outbox, .. } if outbox > 0));
    world.run(SECOND);
    assert_eq!(world.nodes[0].disk.bodies(), 0);
    assert_eq!(world.contacts(0).len(), 1);
    world.crash(0, None);
    world.start(0);
    world.calm();
    world.run(HOUR);
    assert_eq!(world.links(0, 1), 0, "they knock and hear nothing");
    assert_eq!(
        contact(&mut world, 1).petname,
        NAMES[0],
        "and were told nothing"
    );
    world.check_forgotten(0);
    assert!(matches!(
        world.request(0, Request::Contact { name }),
        Err(Refusal::NoSuchFriend { .. })
    ));
}

#[test]
fn an_invitation_that_was_taken_back_makes_no_friend() {
    let mut world = World::new(9, 2);
    let code = world.invite(0, 1, 24 * 3600);
    let name = NAMES[1].to_owned();
    ask(&mut world, 0, Request::Remove { name });
    world.accept_code(1, 0, &code);
    world.run(HOUR);
    assert!(world.contacts(0).is_empty());
    let name = NAMES[0].to_owned();
    ask(&mut world, 1, Request::Remove { name });
    assert!(world.contacts(1).is_empty());
    // The same name is free again.
    world.befriend(0, 1);
}

#[test]
fn a_friend_can_be_called_otherwise_and_a_name_is_never_given_twice() {
    let mut world = World::new(10, 3);
    world.befriend(0, 1);
    world.befriend(0, 2);
    let rename = |world: &mut World, name: &str, to: &str| {
        let (name, to) = (name.to_owned(), to.to_owned());
        world.request(0, Request::Rename { name, to })
    };
    let taken = rename(&mut world, NAMES[1], NAMES[2]);
    assert!(matches!(taken, Err(Refusal::NameTaken { .. })));
    assert!(rename(&mut world, NAMES[1], "Zkanari Nadia").is_ok());
    assert!(
        rename(&mut world, "Zkanari Nadia", "zkanari nadia").is_ok(),
        "only the case"
    );
    assert!(rename(&mut world, "zkanari nadia", NAMES[1]).is_ok());
    world.crash(0, None);
    world.start(0);
    world.run(MINUTE);
    world.say(1, 0);
    world.settle();
}

/// A disk without room: nothing new is taken, what is there is not lost, both sides are told.
#[test]
fn a_full_disk_is_said_on_both_sides_and_what_was_refused_comes_later() {
    let mut world = two_friends(11);
    world.people.may_be_full = true;
    world.room(1, false);
    let id = send(&mut world, 0, "Zkanari attend", 0);
    world.run(MINUTE);
    assert_eq!(state(&mut world, 0, id), Delivery::Saved);
    assert!(contact(&mut world, 0).full, "its author can see why");
    let refused = Request::Send {
        to: NAMES[0].to_owned(),
        text: Said::new(b"Zkanari".to_vec()),
        limit_min: 0,
    };
    assert_eq!(world.request(1, refused).err(), Some(Refusal::DiskFull));
    world.room(1, true);
    world.run(SECOND);
    assert_eq!(state(&mut world, 0, id), Delivery::Delivered);
    assert!(!contact(&mut world, 0).full);
    read_all(&mut world, 1);
    world.settle();
}
