//! Who stole something, holds post back or lies in a Hello: what they can make of it. Two engines, each
//! step by hand.

use super::sessions::{lose_sessions, talk, to_check, told, words};
use super::world::{ADDRS, World};
use crate::edge::EdgeKeys;
use crate::engine::doors::Whom;
use crate::engine::links::{HELLO, PARCEL};
use crate::engine::*;
use crate::identity::Identity;
use crate::kdf::Entropy;
use crate::limits::{CONTINUITY_VALUES, FLIGHT_BYTES};
use crate::link::{self, flight, hello};
use crate::noise::{self, StandIn};
use crate::parcel::{Kind, Parcel};
use crate::ratchet::continuity::Past;
use crate::ratchet::handshake::{self, Offer};
use crate::ratchet::{Progress, Session, Standings};
use crate::secret::Key;

/// What a node does about one input, and how much of it goes to the disk; nothing is carried out.
fn done(world: &mut World, n: usize, input: Input) -> (Vec<Effect>, usize) {
    world.draws += 1;
    let entropy = [world.draws as u8; 32];
    let now = world.now;
    world.nodes[n].engine.handle(now, entropy, input);
    let (mut effects, mut stored) = (Vec::new(), 0);
    while let Some(step) = world.nodes[n].engine.poll() {
        stored += step.puts.len() + step.erases.len();
        world.commit(n, step.puts, step.erases);
        effects.extend(step.then);
    }
    (effects, stored)
}

fn written(effects: &[Effect]) -> Option<Vec<u8>> {
    effects.iter().find_map(|effect| match effect {
        Effect::Write { bytes, .. } => Some(bytes.clone()),
        _ => None,
    })
}

/// The keys of the edge as node `n` holds them.
fn edge(world: &World, n: usize) -> &EdgeKeys {
    let friend = world.nodes[n].engine.friends.values().next().unwrap();
    friend.edges.all().next().unwrap()
}

fn me(world: &World, n: usize) -> &Identity {
    world.nodes[n].engine.me.newest()
}

/// Node `n` dials the other one; its flight, and its connection.
fn flight_of(world: &mut World, n: usize) -> (ConnId, Vec<u8>) {
    let engine = &mut world.nodes[n].engine;
    let conn = ConnId(engine.next_conn);
    engine.dial(Whom::Friend(0), Handle([0; 32]), ADDRS[1 - n]);
    let (effects, _) = done(world, n, Input::Connected(conn));
    (conn, written(&effects).unwrap())
}

/// Attack 25: the thief of Ada's disk holds her key and their edge, and plays Bob to her.
#[test]
fn who_stole_a_disk_cannot_play_the_friend_to_its_owner() {
    let mut world = World::friends();
    world.reachable = false;
    world.cut();
    world.deliver();
    world.send(0, "bob", "for Bob alone").unwrap();

    // He dials. All that his first message needs he has.
    let stamp = world.now.wall_ms + 1_000_000;
    let (ada, bob) = (me(&world, 0), *me(&world, 1).point());
    let his = || Entropy::new([8; 32]);
    let stand_in = StandIn::new(bob, ada, noise::ephemeral(&mut his()));
    let keys = edge(&world, 1);
    let dialled = link::dial(keys, &stand_in, ada.point(), stamp, &mut his());
    let (dialled, bytes) = dialled.unwrap();
    assert!(world.nodes[0].engine.knock(&bytes) == Knock::Known);
    let conn = ConnId(1_000);
    let (effects, _) = done(
        &mut world,
        0,
        Input::Flight {
            conn,
            bytes,
            through: false,
        },
    );
    let answer = written(&effects).expect("so far he is Bob");
    assert!(
        dialled.finish(edge(&world, 1), &answer).is_err(),
        "he cannot read it"
    );
    world.run_for(60);
    assert!(world.friend(0).live.link.is_none());

    // She dials. He cannot read her flight; what he makes up ends there.
    let (conn, bytes) = flight_of(&mut world, 0);
    let (ada, keys) = (me(&world, 0), edge(&world, 1));
    let stand_in = StandIn::new(bob, ada, noise::ephemeral(&mut his()));
    assert!(link::answer(keys, &stand_in, ada.point(), &bytes, &mut his()).is_err());
    let mut made_up = [7; 53];
    made_up[..32].copy_from_slice(bob.as_bytes());
    let bytes = flight::seal_answer(&keys.to.wrap, [3; 24], &made_up, FLIGHT_BYTES);
    let (effects, stored) = done(&mut world, 0, Input::Bytes { conn, bytes });
    assert!(matches!(effects[..], [Effect::Close(_)]) && stored == 0);
    assert_eq!(
        world.friend(0).outbox.awaited().count(),
        1,
        "nothing was said to him"
    );
}

/// Both ends of a session, from what either side drew.
fn session_of(world: &World, offered: u8, answered: u8) -> [Session; 2] {
    let (a, b) = (edge(world, 0), edge(world, 1));
    let (ada, bob) = (me(world, 0), me(world, 1));
    let past = Past::of_pairing(&a.root);
    let offer = Offer::draw(a, past.aside(), &mut Entropy::new([offered; 32]));
    let parcel = offer.parcel(a, ada, bob.point(), 1).unwrap();
    let payload = handshake::open(
        Kind::Ake1,
        &b.from.ake_header,
        &Parcel::parse(&parcel).unwrap(),
    );
    let payload = payload.unwrap();
    let (_, noise) = handshake::split_offer(&payload).unwrap();
    let mut entropy = Entropy::new([answered; 32]);
    let (theirs, answer) =
        handshake::respond(b, bob, ada.point(), noise, &past, &mut entropy).unwrap();
    let answer = handshake::open(
        Kind::Ake2,
        &a.from.ake_header,
        &Parcel::parse(&answer).unwrap(),
    );
    let answer = answer.unwrap();
    // Who has all that Ada drew, and the edge, and is neither of the two.
    let stranger = Identity::from_seed(Key::fill(|bytes| bytes.fill(99)));
    assert!(offer.finish(a, &stranger, bob.point(), &answer).is_err());
    let mine = offer.finish(a, ada, bob.point(), &answer).unwrap();
    [mine.session, theirs.session]
}

/// Attack 27: what one session was drawn from leaks, or is drawn again.
#[test]
fn what_is_drawn_twice_or_leaks_from_one_session_opens_no_other() {
    let world = World::friends();
    let drawn = [(1, 2), (1, 3), (4, 2), (5, 6)];
    let mut sessions = drawn.map(|(offered, answered)| session_of(&world, offered, answered));
    let mut entropy = Entropy::new([7; 32]);
    for speaker in 0..drawn.len() {
        let sealed = sessions[speaker][0]
            .seal(&[1; 17], 1, &mut entropy)
            .unwrap();
        let parcel = Parcel::parse(&sealed.bytes).unwrap();
        for (listener, [_, theirs]) in sessions.iter().enumerate() {
            let opened = theirs.open(&parcel).is_ok();
            assert_eq!(opened, listener == speaker, "{speaker} {listener}");
        }
    }
}

/// Attacks 69 and 97: a keeper hands in again what arrived, changed or not, a thousand times in an hour.
#[test]
fn what_a_keeper_hands_in_again_or_changes_stirs_nothing() {
    let mut world = World::friends();
    talk(&mut world, 1);
    world.send(1, "ada", "once").unwrap();
    let parcel = world.queue.iter().find_map(|(n, input)| match input {
        Input::Frame {
            kind: PARCEL, body, ..
        } if *n == 0 => Some(body.clone()),
        _ => None,
    });
    let parcel = parcel.expect("on its way");
    world.run_for(5);
    let mut changed = parcel.clone();
    *changed.last_mut().unwrap() ^= 1;
    let standings = |world: &mut World| world.friend(0).sessions.standings();
    let before = standings(&mut world);
    for minute in 0..60 {
        for _ in 0..17 {
            for parcel in [&parcel, &changed] {
                let (effects, stored) = done(&mut world, 0, Input::Parcel(parcel.clone()));
                assert!(effects.is_empty() && stored == 0, "minute {minute}");
            }
        }
        world.now.boot_ms += 60_000;
        world.now.wall_ms += 60_000;
        let (effects, _) = done(&mut world, 0, Input::Tick);
        assert!(!effects.iter().any(|it| matches!(it, Effect::Frame { .. })));
    }
    assert_eq!(
        standings(&mut world),
        before,
        "no acknowledgement, no handshake"
    );
    assert_eq!(told(&world, 0, |e| matches!(e, Event::Forked { .. })), 0);
    assert_eq!(
        world.texts(0).iter().filter(|text| *text == "once").count(),
        1
    );
}

/// Attack 71.
#[test]
fn the_first_session_of_a_friendship_asks_nobody() {
    let world = World::friends();
    assert!((0..2).all(|n| told(&world, n, to_check) == 0));
}

/// Attack 93: who has key and edge, and no session, says that it is Ada's disk that went back.
#[test]
fn a_hello_that_says_you_went_back_lets_nobody_speak_unasked() {
    let mut world = World::friends();
    talk(&mut world, CONTINUITY_VALUES);
    let session = *world.friend(0).sessions.active.as_ref().unwrap().id();
    lose_sessions(&mut world, 1, true);
    world.send(1, "ada", "the thief speaks").unwrap();
    let lie = hello::encode(&Standings {
        active: Some(Progress {
            session,
            got_chain: u32::MAX,
            ..Progress::default()
        }),
        ..Standings::default()
    });
    for _ in 0..20 {
        while let Some((n, mut input)) = world.queue.pop_front() {
            if let Input::Frame {
                kind: HELLO, body, ..
            } = &mut input
                && n == 0
            {
                body.clone_from(&lie);
            }
            world.tell(n, input);
        }
        world.now.boot_ms += 1_000;
        (0..2).for_each(|n| world.tell(n, Input::Tick));
    }
    let mine = |event: &Event| matches!(event, Event::RolledBack { mine: true, .. });
    assert!(told(&world, 0, mine) > 0, "it was heard");
    let sessions = &world.friend(0).sessions;
    assert!(!sessions.lost_here && sessions.parked.is_some());
    assert_eq!(*sessions.active.as_ref().unwrap().id(), session);
    assert_eq!(words(&mut world, 0).split(' ').count(), 4);
    assert!(!world.texts(0).contains(&"the thief speaks".to_owned()));
}

/// Attack 95, under the last resort: a flight is answered once, however often it comes, and uses up
/// nothing of the friend's.
#[test]
fn a_recorded_flight_of_the_last_resort_is_answered_once() {
    let mut world = World::friends();
    world.cut();
    world.deliver();
    world.friend(1).live.last_resort = true;
    let (_, bytes) = flight_of(&mut world, 1);
    world.friend(1).live.last_resort = false;
    let mut answers = 0;
    for round in 0..10_000 {
        let (conn, bytes) = (ConnId(2_000 + 2 * round), bytes.clone());
        let (effects, stored) = done(
            &mut world,
            0,
            Input::Flight {
                conn,
                bytes,
                through: false,
            },
        );
        answers += usize::from(written(&effects).is_some());
        assert!(stored == 0 || round == 0);
        // As often as not it waits for what never comes.
        done(&mut world, 0, Input::Closed(conn));
    }
    assert_eq!(answers, 1);
    world.run_for(60);
    assert!(
        world.friend(0).live.link.is_some(),
        "the friend is answered"
    );
    talk(&mut world, 1);
}
