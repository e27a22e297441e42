//! A copy of a friend's disk that runs beside the original, or in its place; and what is left of a copy
//! that only listens. Two engines and a third one with the keys of the second.

use super::sessions::{check, disk, renewed, talk, to_check, together, told, words};
use super::world::{Node, World};
use crate::engine::*;
use crate::limits::{CONTINUITY_VALUES, KEM_STEP_MESSAGES};
use crate::parcel::Parcel;

const PARCEL: u8 = crate::engine::links::PARCEL;
/// The copy of Bob's disk, when it runs.
const COPY: usize = 2;

type Disk = [BTreeMap<Name, Said>; 2];

fn open(world: &World, [state, bodies]: Disk) -> Node {
    let records = state
        .iter()
        .map(|(name, body)| (name.clone(), body.clone()));
    let mut engine = Engine::open(world.now, [55; 32], records).unwrap();
    // No two nodes give a connection the same number.
    engine.next_conn = 1_000_001;
    Node {
        engine,
        state,
        bodies,
        ends: BTreeMap::new(),
        events: Vec::new(),
        answers: Vec::new(),
        hears: false,
        beacons: Vec::new(),
    }
}

/// A second machine starts on this disk of Bob's, and dials Ada.
fn start_copy(world: &mut World, disk: Disk) {
    let node = open(world, disk);
    world.nodes.truncate(COPY);
    world.nodes.push(node);
    world.run_for(20);
}

fn session(world: &mut World, n: usize) -> [u8; 32] {
    *world.friend(n).sessions.active.as_ref().unwrap().id()
}

fn forked(event: &Event) -> bool {
    matches!(event, Event::Forked { .. })
}

fn rolled_back(event: &Event) -> bool {
    matches!(event, Event::RolledBack { .. })
}

/// Ada and Bob are linked, and a copy of Bob's disk from before they went on runs too. With another
/// session since then, if so wished.
fn beside_a_copy(newer_session: bool) -> World {
    beside_a_copy_of([1, 2], newer_session)
}

/// The same of other two.
fn beside_a_copy_of(seeds: [u8; 2], newer_session: bool) -> World {
    let mut world = World::friends_of(seeds);
    talk(&mut world, 1);
    let copy = disk(&world, 1);
    talk(&mut world, 1);
    if newer_session {
        world.friend(0).sessions.wanted = true;
        world.cut();
        world.run_for(10);
    }
    let told_before = told(&world, 0, renewed);
    let (link, healthy) = (world.friend(0).live.link, session(&mut world, 0));
    let mut node = open(&world, copy);
    node.answers.clear();
    world.nodes.push(node);
    world.send(COPY, "ada", "by the copy").unwrap();
    world.run_for(20);
    assert_eq!(world.friend(0).live.link, link, "the link stays");
    assert_eq!(session(&mut world, 0), healthy, "and the session");
    assert_eq!(told(&world, 0, renewed), told_before);
    world
}

/// Attack 94.
#[test]
fn a_copy_that_dials_stops_only_its_own_link_and_both_humans_are_asked() {
    for newer_session in [false, true] {
        let mut world = beside_a_copy(newer_session);
        assert_eq!(told(&world, 0, forked), 1, "two machines, and Ada is told");
        assert_eq!(
            told(&world, 1, |e| forked(e) || rolled_back(e) || to_check(e)),
            0
        );
        assert_eq!(
            (told(&world, 0, to_check), told(&world, COPY, to_check)),
            (1, 1)
        );
        assert_eq!(words(&mut world, 0), words(&mut world, COPY));
        // Post goes on, nothing of the copy's is taken, nothing is told to it.
        talk(&mut world, 2);
        assert!(together(&mut world));
        let (ada, bob) = (world.texts(0).len(), world.texts(1).len());
        assert_eq!((ada, bob), (4, 4));
        assert_eq!(world.friend(COPY).outbox.awaited().count(), 1);
        assert!(world.texts(COPY).len() <= 1, "no more than was on the disk");
        // However often it comes.
        for _ in 0..3 {
            let conns: Vec<_> = world.nodes[COPY].ends.keys().copied().collect();
            conns.into_iter().for_each(|conn| world.close(COPY, conn));
            world.run_for(10);
        }
        assert_eq!(told(&world, 0, to_check), 1, "it waits already");
        // No: that session is forgotten, and the friendship never noticed.
        assert!(check(&mut world, 0, None).is_ok());
        talk(&mut world, 1);
        assert!(together(&mut world) && world.friend(0).live.link.is_some());
        assert!(!world.texts(0).contains(&"by the copy".to_owned()));
    }
}

/// Attack 94: it is Bob who moved to another machine and left the old one running.
#[test]
fn a_yes_on_both_sides_makes_the_copy_the_friend_and_the_other_one_is_asked_about() {
    let mut world = beside_a_copy(false);
    let said = words(&mut world, 0);
    assert!(check(&mut world, 0, Some(said.clone())).is_ok());
    let name = "ada".to_owned();
    let same = Some(said);
    assert!(world.ask(COPY, Request::Check { name, same }).is_ok());
    world.run_for(30);
    assert_eq!(session(&mut world, 0), session(&mut world, COPY));
    assert!(world.texts(0).contains(&"by the copy".to_owned()));
    world.send(0, "bob", "to whom I compared with").unwrap();
    world.run_for(5);
    assert!(
        world
            .texts(COPY)
            .contains(&"to whom I compared with".to_owned())
    );
    assert!(
        !world
            .texts(1)
            .contains(&"to whom I compared with".to_owned())
    );
    assert!(
        world.friend(1).sessions.parked.is_some(),
        "the old machine has to ask"
    );
}

/// Attack 94: which of the two it is was asked. What the other one said before comes late, or never.
#[test]
fn after_a_yes_the_former_machine_is_not_heard_any_more() {
    let mut world = beside_a_copy(false);
    world.send(1, "ada", "by the former one").unwrap();
    let parcel = |(to, input): (usize, Input)| match input {
        Input::Frame {
            kind: PARCEL, body, ..
        } if to == 0 => Some(body),
        _ => None,
    };
    let late: Vec<_> = core::mem::take(&mut world.queue)
        .into_iter()
        .filter_map(parcel)
        .collect();
    assert_eq!(late.len(), 1);
    let said = words(&mut world, 0);
    assert!(check(&mut world, 0, Some(said)).is_ok());
    assert!(world.friend(0).sessions.previous.is_none());
    for parcel in late {
        world.tell(0, Input::Parcel(parcel));
    }
    world.run_for(30);
    assert!(!world.texts(0).contains(&"by the former one".to_owned()));
}

/// Attack 94: the former machine goes on running, and Ada, whose identity is the lower one, dials it first.
#[test]
fn a_link_in_step_takes_the_place_of_one_that_is_stopped() {
    let mut world = beside_a_copy_of([2, 1], false);
    assert!(world.nodes[0].engine.me.point() < world.nodes[1].engine.me.point());
    let said = words(&mut world, 0);
    assert!(check(&mut world, 0, Some(said.clone())).is_ok());
    let (name, same) = ("ada".to_owned(), Some(said));
    assert!(world.ask(COPY, Request::Check { name, same }).is_ok());
    let addrs = core::mem::take(&mut world.friend(COPY).addrs);
    for n in 0..COPY {
        let conns: Vec<_> = world.nodes[n].ends.keys().copied().collect();
        conns.into_iter().for_each(|conn| world.close(n, conn));
    }
    world.deliver();
    world.dial(0);
    world.deliver();
    let former = world.friend(0).live.link.unwrap();
    let engine = &world.nodes[0].engine;
    assert!(engine.is_stopped(&engine.friends[&0]));
    world.friend(COPY).addrs = addrs;
    world.run_for(60);
    assert!(world.friend(0).live.link != Some(former));
    world.send(0, "bob", "to whom I compared with").unwrap();
    world.run_for(10);
    let came = world.texts(COPY);
    assert!(came.contains(&"to whom I compared with".to_owned()));
}

/// Attacks 72 and 94: nobody is alive at the end of the link that is there.
#[test]
fn a_disk_that_went_back_while_its_old_link_hangs_goes_on_without_a_question() {
    let mut world = World::friends();
    talk(&mut world, 1);
    let copy = disk(&world, 1);
    talk(&mut world, 1);
    // Bob's machine loses its power; Ada hears nothing of it.
    world.alive = false;
    world.nodes[1] = open(&world, copy);
    world.send(1, "ada", "back").unwrap();
    world.run_for(30);
    assert!(together(&mut world));
    assert_eq!(told(&world, 0, |e| forked(e) || to_check(e)), 0);
    assert!((0..2).all(|n| told(&world, n, rolled_back) > 0));
    assert!(world.texts(0).contains(&"back".to_owned()));
}

/// A parcel that comes before it is known who is at the other end of the present link is kept for then.
#[test]
fn nothing_of_a_handshake_is_answered_before_it_is_known_whether_there_are_two() {
    let mut world = World::friends();
    let copy = disk(&world, 1);
    talk(&mut world, 1);
    let node = open(&world, copy);
    world.nodes.push(node);
    world.tell(COPY, Input::Tick);
    let mut answer = None;
    for _ in 0..200 {
        match world.queue.pop_front() {
            Some((0, Input::Probed { conn, alive })) => answer = Some((conn, alive)),
            Some((n, input)) => world.tell(n, input),
            None => {
                world.now.boot_ms += 1_000;
                (0..3).for_each(|n| world.tell(n, Input::Tick));
            }
        }
    }
    let (conn, alive) = answer.expect("the present link is probed");
    assert!(world.friend(0).sessions.pending.is_none(), "not yet");
    assert_eq!(told(&world, 0, forked), 0);
    world.tell(0, Input::Probed { conn, alive });
    world.run_for(5);
    assert_eq!(told(&world, 0, to_check), 1);
}

/// Whatever Ada and Bob say to each other from now on, as parcels, while they talk so often.
fn overhear(world: &mut World, times: usize) -> Vec<(usize, Vec<u8>)> {
    let mut heard = Vec::new();
    for time in 0..times {
        let (from, name) = [(0, "bob"), (1, "ada")][time % 2];
        world.send(from, name, &format!("secret {time}")).unwrap();
        for _ in 0..3 {
            while let Some((n, input)) = world.queue.pop_front() {
                if let Input::Frame {
                    kind: PARCEL, body, ..
                } = &input
                {
                    heard.push((n, body.clone()));
                }
                world.tell(n, input);
            }
            world.now.boot_ms += 1_000;
            world.now.wall_ms += 1_000;
            (0..2).for_each(|n| world.tell(n, Input::Tick));
        }
    }
    heard
}

/// Which of the parcels that went to Ada and to Bob a copy of both disks opens, going on with each.
fn opens(thief: &mut [Node; 2], heard: &[(usize, Vec<u8>)]) -> Vec<bool> {
    let opened = |(to, parcel): &(usize, Vec<u8>)| {
        let friend = thief[*to].engine.friends.values_mut().next().unwrap();
        let parcel = Parcel::parse(parcel).unwrap();
        let mut sessions = friend.sessions.all_mut();
        sessions.any(|session| match session.open(&parcel) {
            Ok(opened) => {
                session.advance(opened.advance, 1);
                true
            }
            Err(_) => false,
        })
    };
    heard.iter().map(opened).collect()
}

/// §4.7: who copied both disks at once and then only listens reads until each has turned, and no
/// parcel after it; neither what comes after a KEM step, nor after another session.
#[test]
fn what_is_said_after_a_turn_each_way_opens_to_no_copy_of_the_disks() {
    let mut world = World::friends();
    talk(&mut world, 1);
    let mut thief = [0, 1].map(|n| open(&world, disk(&world, n)));
    let first = overhear(&mut world, 4);
    let read = opens(&mut thief, &first);
    assert!(read[0], "the first one is read: the copy is good");
    let turned = read.iter().rposition(|read| *read).unwrap();
    assert!(turned < 4, "{read:?}");
    let steps = KEM_STEP_MESSAGES as usize + 4;
    let later = overhear(&mut world, steps);
    assert!(opens(&mut thief, &later).iter().all(|read| !read));
    world.friend(0).sessions.wanted = true;
    world.cut();
    world.run_for(10);
    let last = overhear(&mut world, 4);
    assert!(last.len() >= 8 && opens(&mut thief, &last).iter().all(|read| !read));
    assert!(together(&mut world));
}

/// Attack 22, §4.7: a copy that speaks first, before the original does, is one that everybody notices.
#[test]
fn a_copy_that_comes_first_is_named_and_stops_nobody() {
    let mut world = World::friends();
    talk(&mut world, 1);
    let copy = disk(&world, 1);
    talk(&mut world, CONTINUITY_VALUES);
    let copy = open(&world, copy);
    let original = core::mem::replace(&mut world.nodes[1], copy);
    for conn in world.nodes[0].ends.keys().copied().collect::<Vec<_>>() {
        world.nodes[0].ends.remove(&conn);
        world.queue.push_back((0, Input::Closed(conn)));
    }
    world.send(1, "ada", "the thief speaks").unwrap();
    world.run_for(20);
    assert!(told(&world, 0, rolled_back) == 1 && told(&world, 0, to_check) == 1);
    assert!(!world.texts(0).contains(&"the thief speaks".to_owned()));
    // The original comes while the copy is there: its link is the healthy one.
    world.nodes.push(original);
    let disk = disk(&world, COPY);
    world.nodes.truncate(COPY);
    start_copy(&mut world, disk);
    world.send(COPY, "ada", "the friend speaks").unwrap();
    world.run_for(10);
    assert!(world.texts(0).contains(&"the friend speaks".to_owned()));
    assert!(!world.texts(0).contains(&"the thief speaks".to_owned()));
}
