//! Sessions that end, cross, are lost or forged: two engines, each step by hand.

use super::world::World;
use crate::engine::*;
use crate::friend::Sessions;
use crate::kdf::Entropy;
use crate::limits::{CHAIN_PARCELS_MAX, CONTINUITY_VALUES, RESETS_PER_DAY_MAX};

const PARCEL: u8 = crate::engine::links::PARCEL;

/// The same session speaks on both sides.
pub(super) fn together(world: &mut World) -> bool {
    let id = |world: &mut World, n| world.friend(n).sessions.active.as_ref().map(|s| *s.id());
    id(world, 0).is_some() && id(world, 0) == id(world, 1)
}

pub(super) fn told(world: &World, n: usize, what: fn(&Event) -> bool) -> usize {
    world.nodes[n].events.iter().filter(|e| what(e)).count()
}

pub(super) fn renewed(event: &Event) -> bool {
    matches!(event, Event::Renewed { .. })
}

pub(super) fn to_check(event: &Event) -> bool {
    matches!(event, Event::ToCheck { .. })
}

/// Both say something, and it arrives.
pub(super) fn talk(world: &mut World, times: usize) {
    for n in 0..times {
        world.send(0, "bob", &format!("a{n}")).unwrap();
        world.run_for(1);
        world.send(1, "ada", &format!("b{n}")).unwrap();
        world.run_for(1);
    }
}

/// What is on a node's disk now.
pub(super) fn disk(world: &World, n: usize) -> [BTreeMap<Name, Said>; 2] {
    [world.nodes[n].state.clone(), world.nodes[n].bodies.clone()]
}

/// A node starts on this disk.
fn start_on(world: &mut World, n: usize, [state, bodies]: [BTreeMap<Name, Said>; 2]) {
    let ends: Vec<_> = world.nodes[n].ends.keys().copied().collect();
    ends.into_iter().for_each(|conn| world.close(n, conn));
    world.queue.retain(|(to, _)| *to != n);
    let records = state
        .iter()
        .map(|(name, body)| (name.clone(), body.clone()));
    world.nodes[n].engine = Engine::open(world.now, [77 + n as u8; 32], records).unwrap();
    (world.nodes[n].state, world.nodes[n].bodies) = (state, bodies);
    let listening = Input::Listening(vec![super::world::ADDRS[n]]);
    world.tell(n, listening);
}

/// This node has lost its sessions, as after a restore; it may know so itself.
pub(super) fn lose_sessions(world: &mut World, n: usize, knows: bool) {
    world.cut();
    let friend = world.friend(n);
    friend.sessions = Sessions {
        lost_here: knows,
        ..Sessions::default()
    };
    friend.live = Default::default();
    let _ = friend.outbox.seal_anew(|_| true);
}

pub(super) fn words(world: &mut World, n: usize) -> String {
    session_words_of(world, n).join(" ")
}

pub(super) fn session_words_of(world: &mut World, n: usize) -> Vec<&'static str> {
    crate::engine::sessions::session_words(world.friend(n))
}

pub(super) fn check(world: &mut World, n: usize, same: Option<String>) -> Result<Answer, Refusal> {
    let name = ["bob", "ada"][n].to_owned();
    world.ask(n, Request::Check { name, same })
}

#[test]
fn a_chain_that_has_ended_is_followed_by_a_new_session() {
    let mut world = World::friends();
    let mut entropy = Entropy::new([3; 32]);
    let ada = world.friend(0).sessions.active.as_mut().unwrap();
    while ada.seal(&[0; 17], 1, &mut entropy).is_ok() {}
    assert_eq!(ada.unanswered(), CHAIN_PARCELS_MAX);
    world.send(0, "bob", "goes").unwrap();
    world.send(0, "bob", "on").unwrap();
    world.run_for(5);
    assert_eq!(world.texts(1), ["goes", "on"]);
    assert!(together(&mut world));
    assert!((0..2).all(|n| told(&world, n, renewed) == 1 && told(&world, n, to_check) == 0));
}

#[test]
fn what_a_session_left_unacknowledged_is_sealed_anew_and_shown_once() {
    let mut world = World::friends();
    // Bob gets it, and his acknowledgement is lost; then Ada is mute as well.
    world.lost = Some((1, PARCEL));
    world.send(0, "bob", "once").unwrap();
    world.run_for(2);
    world.lost = Some((0, PARCEL));
    world.send(0, "bob", "later").unwrap();
    world.send(1, "ada", "meanwhile").unwrap();
    world.run_for(2);
    world.lost = None;
    world.friend(0).sessions.wanted = true;
    world.cut();
    world.run_for(10);
    assert_eq!(world.texts(1), ["once", "later"]);
    assert_eq!(world.texts(0), ["meanwhile"]);
    assert!(together(&mut world));
    assert!((0..2).all(|n| world.friend(n).outbox.len() == 0));
}

#[test]
fn either_side_may_begin_and_of_two_offers_that_cross_the_smaller_stands() {
    for (ada, bob) in [(true, false), (false, true), (true, true)] {
        let mut world = World::friends();
        let before = *world.friend(0).sessions.active.as_ref().unwrap().id();
        world.friend(0).sessions.wanted = ada;
        world.friend(1).sessions.wanted = bob;
        world.cut();
        world.run_for(10);
        assert!(together(&mut world), "{ada} {bob}");
        assert_ne!(
            *world.friend(0).sessions.active.as_ref().unwrap().id(),
            before
        );
        for n in 0..2 {
            let sessions = &world.friend(n).sessions;
            assert!(sessions.offer.is_none() && sessions.parked.is_none());
            assert_eq!(told(&world, n, renewed), 1);
        }
        talk(&mut world, 2);
        assert_eq!((world.texts(0).len(), world.texts(1).len()), (2, 2));
    }
}

#[test]
fn a_disk_that_went_back_a_little_goes_on_without_a_question() {
    for victim in 0..2 {
        let mut world = World::friends();
        talk(&mut world, 2);
        let copy = disk(&world, victim);
        world
            .send(victim, ["bob", "ada"][victim], "forgotten")
            .unwrap();
        world.run_for(2);
        start_on(&mut world, victim, copy);
        world.run_for(20);
        for n in 0..2 {
            let mine = n == victim;
            assert!(
                world.nodes[n]
                    .events
                    .iter()
                    .any(|e| matches!(e, Event::RolledBack { mine: its, .. } if *its == mine))
            );
            assert_eq!(
                (told(&world, n, renewed), told(&world, n, to_check)),
                (1, 0)
            );
        }
        assert!(together(&mut world));
        let card = world.ask(victim, Request::Contacts);
        assert!(matches!(card, Ok(Answer::Contacts(all)) if !all[0].stopped));
        talk(&mut world, 1);
    }
}

#[test]
fn one_that_went_back_further_than_both_remember_asks_both_humans() {
    let mut world = World::friends();
    let copy = disk(&world, 0);
    talk(&mut world, CONTINUITY_VALUES);
    start_on(&mut world, 0, copy);
    world.run_for(20);
    assert_eq!(words(&mut world, 0), words(&mut world, 1));
    assert_eq!(session_words_of(&mut world, 0).len(), 4);
    let cards = world.ask(0, Request::Contacts);
    assert!(
        matches!(cards, Ok(Answer::Contacts(all)) if all[0].stopped && all[0].how == How::Recheck)
    );
    world.send(0, "bob", "after").unwrap();
    world.send(1, "ada", "too").unwrap();
    // Attack 71: links come and go, nobody begins anew, nothing is acknowledged.
    let asked = words(&mut world, 0);
    for _ in 0..5 {
        world.cut();
        world.run_for(10);
    }
    assert_eq!(words(&mut world, 1), asked);
    assert!((0..2).all(|n| world.friend(n).outbox.awaited().count() == 1));
    assert!(check(&mut world, 0, Some(asked.clone())).is_ok());
    world.run_for(20);
    assert!(
        world.friend(1).sessions.parked.is_some(),
        "the other one is still asked"
    );
    assert!(check(&mut world, 1, Some(asked)).is_ok());
    world.run_for(20);
    assert!(together(&mut world));
    assert!(world.texts(1).contains(&"after".to_owned()));
    assert!(world.texts(0).contains(&"too".to_owned()));
    assert!((0..2).all(|n| world.friend(n).outbox.len() == 0));
}

/// Attacks 24 and 71: somebody who has key and edge, and no session, is not taken for the friend.
#[test]
fn a_session_without_a_past_is_parked_and_the_healthy_one_goes_on() {
    let mut world = World::friends();
    talk(&mut world, CONTINUITY_VALUES);
    let healthy = disk(&world, 1);
    lose_sessions(&mut world, 1, true);
    world.run_for(10);
    assert_eq!(told(&world, 0, to_check), 1);
    world.send(1, "ada", "the thief speaks").unwrap();
    world.run_for(10);
    assert!(!world.texts(0).contains(&"the thief speaks".to_owned()));
    assert_eq!(
        world.friend(1).outbox.awaited().count(),
        1,
        "not acknowledged"
    );
    // The real one is there all the time.
    start_on(&mut world, 1, healthy);
    world.run_for(10);
    talk(&mut world, 1);
    assert!(together(&mut world));
    assert!(world.friend(0).sessions.parked.is_some());
    assert!(check(&mut world, 0, None).is_ok());
    assert!(world.friend(0).sessions.parked.is_none());
    talk(&mut world, 1);
    assert!(matches!(
        check(&mut world, 0, None),
        Err(Refusal::NothingToCheck)
    ));
}

/// Attack 93: a yes counts for the session whose words were shown.
#[test]
fn a_yes_to_the_words_of_an_older_session_makes_none_speak() {
    let mut world = World::friends();
    talk(&mut world, CONTINUITY_VALUES);
    lose_sessions(&mut world, 1, true);
    world.run_for(10);
    let first = words(&mut world, 0);
    lose_sessions(&mut world, 1, true);
    world.run_for(10);
    assert_ne!(words(&mut world, 0), first, "the newer one takes its place");
    let refused = check(&mut world, 0, Some(first));
    assert!(matches!(refused, Err(Refusal::OtherWords)));
    let shown = words(&mut world, 0);
    assert!(check(&mut world, 0, Some(shown.to_uppercase())).is_ok());
    world.run_for(10);
    assert!(together(&mut world));
    talk(&mut world, 1);
}

/// Attack 93: what a parked session remembers counts for nothing before its yes.
#[test]
fn the_past_of_a_parked_session_opens_no_way_around_its_question() {
    let mut world = World::friends();
    talk(&mut world, CONTINUITY_VALUES);
    lose_sessions(&mut world, 1, true);
    world.run_for(10);
    let asked = world.friend(0).sessions.parked.is_some();
    // The thief's session speaks on his side; he begins one that goes on from it.
    world.friend(1).sessions.wanted = true;
    world.cut();
    world.run_for(10);
    let sessions = &world.friend(0).sessions;
    assert!(asked && sessions.parked.is_some());
    let theirs = world.friend(1).sessions.active.as_ref().map(|s| *s.id());
    assert_ne!(
        world.friend(0).sessions.active.as_ref().map(|s| *s.id()),
        theirs
    );
}

#[test]
fn more_resets_in_a_day_than_accidents_make_ask_a_human() {
    let mut world = World::friends();
    for n in 0..RESETS_PER_DAY_MAX {
        world.friend(n as usize % 2).sessions.wanted = true;
        world.cut();
        world.run_for(5);
        assert!(together(&mut world));
    }
    world.friend(0).sessions.wanted = true;
    world.cut();
    world.run_for(5);
    assert!((0..2).all(|n| told(&world, n, to_check) == 1));
    talk(&mut world, 1);
    assert!(together(&mut world), "the old one goes on");
}

/// Attack 23: two machines speak with the same keys.
#[test]
fn a_copy_that_speaks_beside_the_original_is_noticed_by_its_first_parcel() {
    let mut world = World::friends();
    talk(&mut world, 1);
    world.send(0, "bob", "your turn").unwrap();
    world.run_for(2);
    let mut entropy = Entropy::new([9; 32]);
    let copy = disk(&world, 1);
    world.send(1, "ada", "original").unwrap();
    world.run_for(2);
    let records = copy[0]
        .iter()
        .map(|(name, body)| (name.clone(), body.clone()));
    let mut cloned = Engine::open(world.now, [5; 32], records).unwrap();
    let friend = cloned.friends.values_mut().next().unwrap();
    let id = entropy.bytes();
    let payload = crate::message::encode(&id, &crate::message::Payload::Confirm);
    let session = friend.sessions.active.as_mut().unwrap();
    let parcel = session.seal(&payload, 1, &mut entropy).unwrap().bytes;
    for _ in 0..3 {
        world.tell(0, Input::Parcel(parcel.clone()));
    }
    world.run_for(5);
    assert_eq!(told(&world, 0, |e| matches!(e, Event::Forked { .. })), 1);
    assert!(together(&mut world), "a new session, with whoever is there");
    assert_eq!(told(&world, 0, renewed), 1);
    talk(&mut world, 1);
}

/// Attack 22: a disk may be an older copy until a Hello has said otherwise.
#[test]
fn nothing_is_sealed_after_a_start_before_both_sides_remember_the_same() {
    let mut world = World::friends();
    let copy = disk(&world, 0);
    world.reachable = false;
    start_on(&mut world, 0, copy);
    world.send(0, "bob", "patience").unwrap();
    world.run_for(5);
    assert_eq!(world.friend(0).outbox.sealed(), 0);
    world.reachable = true;
    world.run_for(30);
    assert_eq!(world.texts(1), ["patience"]);
}
