//! Awkward orders and hostile friends: what the state machine must hold then.

use super::world::{ADDRS, World};
use crate::engine::links::PARCEL;
use crate::engine::*;
use crate::friend::Offered;
use crate::limits::*;
use crate::message::{Payload, Text};

#[test]
fn what_is_written_before_and_after_the_session_arrives_once_and_in_order() {
    let mut world = World::new();
    let code = world.invite(0, "bob");
    world.accept(1, &code, "ada");
    world.deliver();
    world.reachable = false;
    world.cut();
    for n in 0..25 {
        let _ = world.send(0, "bob", &n.to_string());
    }
    world.reachable = true;
    world.run_for(60);
    for n in 25..50 {
        world.send(0, "bob", &n.to_string()).unwrap();
        if n % 10 == 0 {
            world.cut();
        }
    }
    world.run_for(60);
    assert_eq!(
        world.texts(1),
        (0..50).map(|n| n.to_string()).collect::<Vec<_>>()
    );
    assert_eq!(world.friend(0).outbox.awaited().count(), 0);
}

#[test]
fn two_links_under_two_candidate_roots_leave_no_friend_rootless() {
    let mut world = World::friends();
    world.cut();
    world.deliver();
    // Ada holds two candidates, as after a joiner's retry; Bob dials under both at once.
    for n in 0..2 {
        let me = Identity::from_seed(world.nodes[n].engine.me.newest().seed().keep().key());
        let friend = world.friend(n);
        friend.linked = false;
        friend.add_root(Key::fill(|bytes| bytes.fill(9)), &me);
    }
    world.opens = false;
    for attempt in [1, 2] {
        world.friend(1).live.redial = crate::friend::Redial { at_ms: 0, attempt };
        world.dial(1);
        world.deliver();
    }
    let shaken: Vec<_> = world.nodes[0].engine.conns.keys().copied().collect();
    assert!(shaken.len() >= 2);
    for conn in shaken {
        world.tell(0, Input::Opened(conn));
    }
    assert!(world.friend(0).edges.all().next().is_some());
    let records = world.nodes[0]
        .state
        .iter()
        .map(|(name, body)| (name.clone(), body.clone()));
    assert!(
        Engine::open(world.now, [9; 32], records).is_ok(),
        "it starts again"
    );
}

/// What Bob's session makes of a payload, whatever Bob's node thinks of it.
pub(super) fn forged(world: &mut World, id: u64, payload: &Payload) -> Vec<u8> {
    let mut entropy = Entropy::new([id as u8 ^ 0x55; 32]);
    let mut mid = [7; 16];
    mid[..8].copy_from_slice(&id.to_le_bytes());
    let payload = crate::message::encode(&mid, payload);
    let session = world.friend(1).sessions.active.as_mut().unwrap();
    session.seal(&payload, 1, &mut entropy).unwrap().bytes
}

pub(super) fn text(number: u32, words: &[u8]) -> Payload {
    let text = Said::new(words.to_vec());
    Payload::Text(Text {
        incarnation: 400,
        number,
        minute: 1,
        keep: 0,
        text,
    })
}

pub(super) fn link_of(world: &mut World, n: usize) -> ConnId {
    world.friend(n).live.link.unwrap()
}

#[test]
fn a_text_that_is_gone_from_the_disk_leaves_the_engine_at_rest() {
    let mut world = World::new();
    let code = world.invite(0, "bob");
    world.accept(1, &code, "ada");
    world.lost = Some((1, PARCEL));
    world.run_for(10);
    world.send(0, "bob", "gone").unwrap();
    world.nodes[0].bodies.clear();
    world.lost = None;
    world.cut();
    world.run_for(10);
    assert!(world.texts(1).is_empty());
}

#[test]
fn parcels_that_overtake_a_hello_on_another_link_are_no_sign_of_a_disk_gone_back() {
    let mut world = World::friends();
    let lower = usize::from(world.nodes[0].engine.me.point() > world.nodes[1].engine.me.point());
    world.cut();
    world.deliver();
    world.dial(lower);
    world.deliver();
    // The second link stays beside the first until a probe is answered; meanwhile its Hellos are on
    // their way and the first carries texts and acknowledgements.
    world.dial(1 - lower);
    let mut late = Vec::new();
    for round in 0..4 {
        while let Some((n, input)) = world.queue.pop_front() {
            match input {
                Input::Frame { kind, .. } if kind != PARCEL => late.push((n, input)),
                Input::Probed { .. } => {}
                input => world.tell(n, input),
            }
        }
        for n in 0..2 {
            let name = world.friend(n).petname.as_str().to_owned();
            world.send(n, &name, &round.to_string()).unwrap();
        }
    }
    assert_eq!(late.len(), 2);
    world.queue.extend(late);
    world.run_for(20);
    for n in 0..2 {
        let events = &world.nodes[n].events;
        assert!(!events.iter().any(|e| matches!(e, Event::RolledBack { .. })));
        assert_eq!(world.texts(n), ["0", "1", "2", "3"]);
    }
}

#[test]
fn online_and_offline_are_said_by_turns_however_links_replace_each_other() {
    let mut world = World::friends();
    for round in 0..6 {
        let n = round % 2;
        world.dial(n);
        world.deliver();
        if round == 3 {
            world.cut();
            world.run_for(3);
        }
    }
    world.reachable = false;
    world.cut();
    world.deliver();
    for node in &world.nodes {
        let of = |e: &&Event| matches!(e, Event::Online { .. } | Event::Offline { .. });
        let said: Vec<_> = node.events.iter().filter(of).collect();
        let turns = said.iter().enumerate();
        for (at, event) in turns {
            assert_eq!(
                matches!(event, Event::Online { .. }),
                at % 2 == 0,
                "{said:?}"
            );
        }
        assert!(matches!(said.last(), Some(Event::Offline { .. })));
        assert!(node.engine.conns.is_empty(), "and no connection is left");
    }
}

#[test]
fn a_friend_holds_no_more_answered_flights_than_it_has_addresses() {
    let mut world = World::friends();
    world.cut();
    world.opens = false;
    for _ in 0..10 {
        world.dial(1);
        world.deliver();
    }
    let inbound = world.nodes[0]
        .engine
        .conns
        .keys()
        .filter(|conn| conn.0.is_multiple_of(2));
    assert!(inbound.count() <= SHAKEN_PER_FRIEND_MAX);
}

#[test]
fn without_a_place_among_the_dials_no_attempt_is_counted() {
    let mut world = World::friends();
    world.reachable = false;
    world.cut();
    world.deliver();
    for n in 0..DIALS_MAX as u64 {
        let conn = ConnId(9_001 + 2 * n);
        let dialling = doors::Conn::Dialling {
            whom: doors::Whom::Join(99),
            road: crate::friend::Road::Addr(ADDRS[0]),
        };
        world.nodes[0].engine.conns.insert(conn, dialling);
    }
    world.run_for(60);
    assert_eq!(world.friend(0).live.redial.attempt, 0);
}

#[test]
fn acknowledgements_that_cannot_leave_do_not_pile_up() {
    let mut world = World::friends();
    let conn = link_of(&mut world, 0);
    if let Some(doors::Conn::Link(link)) = world.nodes[0].engine.conns.get_mut(&conn) {
        link.stopped = true;
    }
    for id in 0..UNACKNOWLEDGED_MAX as u64 + 200 {
        let body = forged(&mut world, id, &Payload::Confirm);
        world.tell(
            0,
            Input::Frame {
                conn,
                kind: PARCEL,
                body,
            },
        );
    }
    let mut parcels = 0;
    while let Some((_, ids)) = world.friend(0).live.next_acks(|_| Some(conn)) {
        world.friend(0).live.forget_acks(&ids);
        parcels += 1;
    }
    assert_eq!(parcels, UNACKNOWLEDGED_MAX / ACK_IDS_MAX);
}

#[test]
fn an_offer_is_answered_once_on_a_link_however_often_it_comes() {
    let mut world = World::new();
    let code = world.invite(0, "bob");
    world.accept(1, &code, "ada");
    world.lost = Some((0, PARCEL));
    world.run_for(10);
    let conn = link_of(&mut world, 0);
    let me = Identity::from_seed(world.nodes[1].engine.me.newest().seed().keep().key());
    let friend = world.friend(1);
    let Offered { offer, stamp, .. } = friend.sessions.offer.as_ref().unwrap();
    let body = offer
        .parcel(friend.root_to_dial().unwrap(), &me, &friend.point, *stamp)
        .unwrap();
    world.lost = None;
    for _ in 0..50 {
        let body = body.clone();
        world.tell(
            0,
            Input::Frame {
                conn,
                kind: PARCEL,
                body,
            },
        );
    }
    assert!(world.queue.is_empty(), "no answer piles up");
    world.cut();
    world.run_for(10);
    assert!(
        world.friend(1).sessions.active.is_some(),
        "but at the next link it comes"
    );
}
