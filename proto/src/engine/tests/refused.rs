//! Messages for which there is no room: refused, kept by their author, and there once there is room.

use super::hostile::{forged, link_of, text};
use super::sessions::{renewed, told};
use super::world::World;
use crate::engine::links::PARCEL;
use crate::engine::people::NewFriend;
use crate::engine::*;
use crate::inbox::Arrival;
use crate::limits::*;
use crate::message::Payload;
use crate::petname::Petname;

/// One message of this friend leaves no room in Ada's inbox for another.
fn fill(world: &mut World, friend: u32) {
    let arrival = Arrival {
        friend,
        incarnation: 1,
        number: 2,
        received_min: world.now.minutes(),
        claimed_min: 1,
        length: BODIES_BYTES as u32 / 2,
        limit: 0,
        seq: None,
        group: None,
    };
    world.nodes[0].engine.inbox.insert(99, arrival);
}

/// It is gone, and Ada reads on.
fn make_room(world: &mut World) {
    world.nodes[0].engine.inbox.forget(99);
    read_all(world);
}

fn read_all(world: &mut World) {
    world.read_all(0);
    world.run_for(5);
}

#[test]
fn what_a_full_inbox_refused_comes_once_there_is_room_though_the_link_stays() {
    let mut world = World::friends();
    let conn = link_of(&mut world, 0);
    world.lost = Some((0, PARCEL));
    for n in 0..UNREAD_PER_FRIEND_MAX as u32 {
        let body = forged(&mut world, n.into(), &text(n + 1, b"x"));
        world.tell(
            0,
            Input::Frame {
                conn,
                kind: PARCEL,
                body,
            },
        );
        if n % 1000 == 999 {
            turn(&mut world);
        }
    }
    world.lost = None;
    world.friend(1).traffic.incarnation = 401;
    for _ in 0..3 {
        world.send(1, "ada", "refused").unwrap();
    }
    world.run_for(5);
    let full = world.nodes[0]
        .events
        .iter()
        .filter(|e| matches!(e, Event::InboxFull { .. }));
    assert_eq!(full.count(), 1, "said once");
    read_all(&mut world);
    world.run_for(25);
    assert_eq!(world.texts(0), ["refused"; 3]);
}

#[test]
fn what_was_refused_for_another_friends_messages_comes_once_that_friend_is_left() {
    let mut world = World::friends();
    let ada = &mut world.nodes[0].engine;
    let mut entropy = Entropy::new([5; 32]);
    let eve = ada.befriend(NewFriend {
        petname: Petname::parse("eve").unwrap(),
        nick: String::new(),
        point: *Identity::from_seed(entropy.key()).point(),
        joined: false,
        addrs: Vec::new(),
        language: Language::French,
        root: entropy.key(),
    });
    fill(&mut world, eve);
    world.send(1, "ada", "refused").unwrap();
    world.run_for(5);
    assert!(world.texts(0).is_empty());
    let name = "eve".into();
    assert!(world.ask(0, Request::Remove { name }).is_ok());
    world.run_for(5);
    assert_eq!(world.texts(0), ["refused"]);
}

#[test]
fn what_was_refused_comes_once_there_is_room_though_nobody_heard_that_there_was_none() {
    let mut world = World::friends();
    // The word went by a link that was given up.
    world.friend(0).live.refused = true;
    world.send(1, "ada", "refused").unwrap();
    world.run_for(5);
    assert!(world.texts(0).is_empty());
    read_all(&mut world);
    assert_eq!(world.texts(0), ["refused"]);
}

#[test]
fn what_was_refused_opens_after_however_many_turns_of_the_ratchet() {
    let mut world = World::friends();
    fill(&mut world, 99);
    world.send(1, "ada", "refused").unwrap();
    world.run_for(1);
    for _ in 0..2 * OLD_CHAINS_MAX {
        world.send(0, "bob", "hello?").unwrap();
        world.run_for(1);
    }
    assert!(world.texts(0).is_empty());
    make_room(&mut world);
    assert_eq!(world.texts(0), ["refused"]);
}

#[test]
fn an_author_who_writes_on_while_refused_loses_nothing() {
    let mut world = World::friends();
    fill(&mut world, 99);
    let turns = 2 * OLD_CHAINS_MAX;
    for n in 0..turns {
        world.send(1, "ada", &format!("{n}")).unwrap();
        world.send(0, "bob", "hello?").unwrap();
        world.run_for(1);
    }
    assert!(world.texts(0).is_empty());
    make_room(&mut world);
    let all: Vec<_> = (0..turns).map(|n| n.to_string()).collect();
    let shown = world.texts(0);
    assert_eq!(shown, all[..shown.len()]);
    assert_eq!(world.friend(1).outbox.len(), 0);
    assert_eq!(told(&world, 0, renewed), 0);
}

/// Ada says something that only Bob's session hears, so that both chains begin anew.
fn turn(world: &mut World) {
    let mut entropy = Entropy::new([77; 32]);
    let ada = world.friend(0).sessions.active.as_mut().unwrap();
    let payload = crate::message::encode(&[1; 16], &Payload::Confirm);
    let sealed = ada.seal(&payload, 1, &mut entropy).unwrap();
    let bob = world.friend(1).sessions.active.as_mut().unwrap();
    let parcel = crate::parcel::Parcel::parse(&sealed.bytes).unwrap();
    let advance = bob.open(&parcel).unwrap().advance;
    bob.advance(advance, 1);
}
