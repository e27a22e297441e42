//! Post that is a month on its way: what comes in time opens, each line once, whatever sessions came
//! and went meanwhile; what does not is said to have not arrived, and nobody has its keys any more.

use std::collections::BTreeSet;

use super::world::World;
use crate::engine::saved::{Piece, pieces};
use crate::engine::*;

const LINES: usize = 1000;
/// Lines of one chain. Ten chains a session, each with a KEM step in it or in the next one.
const CHAIN: usize = 50;

/// A line and the parcel that carries it.
type Letter = (usize, Vec<u8>);

fn is_last(line: usize) -> bool {
    line % CHAIN == CHAIN - 1
}

/// A tenth of the lines is lost; none of them ends a chain.
fn is_lost(line: usize) -> bool {
    line % 10 == 3
}

/// So many days and hours pass.
fn pass(world: &mut World, days: u64, hours: u64) {
    let hour = 3_600_000;
    let leaps = (0..days).map(|_| 24 * hour).chain((0..hours).map(|_| hour));
    for leap in leaps {
        world.now.boot_ms += leap;
        world.now.wall_ms += leap;
        world.run_for(1);
    }
}

/// What waits in Ada's outbox, line by line, as it is sealed.
fn sealed(world: &mut World) -> Vec<Letter> {
    let entries = world.friend(0).outbox.entries();
    let entries: Vec<_> = entries.map(|(id, entry)| (id, entry.clone())).collect();
    let mut letters = Vec::new();
    for (id, entry) in entries {
        let Some(text) = entry.text() else { continue };
        let piece = |kind, length| {
            let names = pieces(Saved::Entry(id), kind, length);
            world.body(0, Body::Stored(names)).unwrap()
        };
        let line = String::from_utf8(piece(Piece::Text, text.length as usize)).unwrap();
        let parcel = piece(Piece::Parcel, entry.parcel_bytes());
        letters.push((line.parse().unwrap(), parcel));
    }
    letters
}

/// Ada writes; the last parcel of each chain arrives `in_time`, and what it is answered with begins
/// the next one.
fn write(world: &mut World, lines: core::ops::Range<usize>, in_time: bool) {
    for line in lines {
        world.send(0, "bob", &line.to_string()).unwrap();
        if in_time && is_last(line) {
            let (_, parcel) = sealed(world).pop().unwrap();
            world.tell(1, Input::Parcel(parcel));
            world.run_for(1);
        }
    }
}

/// Another session begins.
fn reset(world: &mut World, begins: usize) {
    let old = *world.friend(0).sessions.active.as_ref().unwrap().id();
    world.friend(begins).sessions.wanted = true;
    world.cut();
    world.run_for(10);
    assert_ne!(*world.friend(0).sessions.active.as_ref().unwrap().id(), old);
}

/// All are brought, each twice, in another order; the reader's node stops now and then.
fn bring(world: &mut World, mut bag: Vec<Letter>) {
    let count = bag.len();
    let mut order: Vec<_> = (0..count).collect();
    // A fixed shuffle: multiplication by a prime.
    order.sort_by_key(|at| at * 617 % count);
    for (done, at) in order.into_iter().enumerate() {
        let parcel = core::mem::take(&mut bag[at].1);
        world.tell(1, Input::Parcel(parcel.clone()));
        world.tell(1, Input::Parcel(parcel));
        if done % 50 == 0 {
            world.run_for(1);
        }
        if done % 400 == 200 {
            world.restart(1);
            world.run_for(2);
        }
    }
    world.run_for(20);
}

/// All that Bob has to read.
fn read(world: &mut World) -> Vec<usize> {
    let (mut lines, mut after) = (Vec::new(), 0);
    loop {
        let max = u32::MAX;
        let Ok(Answer::Inbox(messages)) = world.ask(1, Request::Inbox { after, max }) else {
            panic!("no inbox")
        };
        let Some(last) = messages.last().map(|last| last.seq) else {
            break;
        };
        after = last;
        let texts = messages.into_iter();
        let texts = texts.map(|message| world.body(1, message.text).unwrap());
        lines.extend(texts.map(|text| String::from_utf8(text).unwrap().parse::<usize>().unwrap()));
    }
    lines.sort_unstable();
    lines
}

/// Keys that wait on Bob's disk for late parcels.
fn late_keys(world: &World) -> Vec<[u8; 32]> {
    let records = world.nodes[1].state.iter();
    let records = records.map(|(name, body)| (name.clone(), body.clone()));
    let secrets = crate::engine::testing::secrets(records).unwrap_or_else(|_| panic!());
    let late = secrets.into_iter().filter(|(what, _)| *what == "late key");
    late.map(|(_, key)| key).collect()
}

/// How many of these stand anywhere on Bob's disk.
fn on_disk(world: &World, keys: &[[u8; 32]]) -> usize {
    let keys: BTreeSet<_> = keys.iter().map(|key| key.as_slice()).collect();
    let records = world.nodes[1]
        .state
        .values()
        .chain(world.nodes[1].bodies.values());
    let found = records.flat_map(|body| body.windows(32).filter(|bytes| keys.contains(bytes)));
    found.collect::<BTreeSet<_>>().len()
}

fn not_arrived(world: &World) -> usize {
    let events = world.nodes[0].events.iter();
    events
        .filter(|event| matches!(event, Event::NotArrived { .. }))
        .count()
}

/// Half of the lines are written in one session, and half in the next one, which `begins` begins. Of
/// those of the first, some come as they were, some as they were sealed anew, and some as both.
fn a_month_late(begins: usize, in_time: bool) {
    let mut world = World::friends();
    world.begins_only = true;
    write(&mut world, 0..LINES / 2, true);
    let first = sealed(&mut world);
    reset(&mut world, begins);
    write(&mut world, LINES / 2..LINES, in_time);
    let second = sealed(&mut world);
    pass(&mut world, 29, 0);

    let as_they_were = first.iter().filter(|(line, _)| line % 3 != 1);
    let anew = |line: usize| line >= LINES / 2 || !line.is_multiple_of(3);
    let anew = second.iter().filter(|(line, _)| anew(*line));
    let bag = as_they_were.chain(anew);
    let bag: Vec<_> = bag.filter(|(line, _)| !is_lost(*line)).cloned().collect();
    bring(&mut world, bag.clone());
    assert_eq!(
        world.friend(0).outbox.awaited().count(),
        LINES / 10,
        "the others are known to be there"
    );
    assert_eq!(not_arrived(&world), 0);
    let there: Vec<_> = (0..LINES).filter(|line| !is_lost(*line)).collect();
    if !in_time {
        // Lines wait for a day for those before them.
        assert!(read(&mut world).len() < there.len());
        pass(&mut world, 1, 1);
    }
    assert_eq!(read(&mut world), there, "each once");
    let late = late_keys(&world);
    assert!(late.len() >= LINES / 10);
    assert_eq!(
        on_disk(&world, &late),
        late.len(),
        "as long as they may come"
    );

    // Whoever never heard of a session counts from when they did.
    pass(&mut world, if in_time { 1 } else { 30 }, 2);
    assert_eq!(not_arrived(&world), LINES / 10, "and that is said");
    assert_eq!(world.friend(0).outbox.awaited().count(), 0);
    assert_eq!((late_keys(&world).len(), on_disk(&world, &late)), (0, 0));
    let before = world.nodes[1].state.clone();
    let all = first.iter().chain(&second);
    for (_, parcel) in all.filter(|(line, _)| is_lost(*line)).chain(&bag) {
        world.tell(1, Input::Parcel(parcel.clone()));
    }
    assert!(world.nodes[1].state == before, "they lead to nothing");
    assert_eq!(read(&mut world), there);
    assert_eq!(on_disk(&world, &late), 0);
}

#[test]
fn of_a_thousand_lines_29_days_late_all_that_come_open_once_and_the_lost_ones_never() {
    a_month_late(0, true);
    a_month_late(1, true);
}

#[test]
fn a_session_of_which_nothing_came_for_29_days_begins_with_whatever_comes_first() {
    a_month_late(0, false);
}
