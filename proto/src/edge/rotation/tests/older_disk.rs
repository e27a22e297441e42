//! One end comes back with an older disk at any moment of that world: new secrets come, or the last
//! resort is theirs.

use std::collections::BTreeSet;

use super::scene::{Scene, World};
use super::*;

/// What comes of links and asks that all arrive.
#[derive(PartialEq)]
enum Month {
    /// Both hold a new epoch, and link under it.
    New,
    /// They hold no epoch together: the last resort is theirs.
    Apart,
    /// They link, and get no new one.
    Stuck,
}

/// The two link under the newest epoch they share, and ask by turns, again after a day, and a month.
fn a_month(ends: &mut [Edge; 2]) -> Month {
    let before = ends.each_ref().map(Edge::highest);
    for round in 0..8 {
        let names = |edge: &Edge| edge.held.iter().map(|keys| keys.name).collect::<Vec<_>>();
        let [mine, theirs] = ends.each_ref().map(names);
        let Some(common) = mine.iter().rfind(|name| theirs.contains(name)) else {
            return Month::Apart;
        };
        for edge in ends.iter_mut() {
            edge.settle(common);
        }
        let (asker, mut entropy) = (round % 2, Entropy::new([90 + round as u8; 32]));
        // The second time round a month is over.
        if ends[asker].ask(round > 1, &mut entropy).is_none() {
            ends[asker].ask_higher(&mut entropy);
        }
        let Some(ask) = ends[asker].asked() else {
            continue;
        };
        if ends[1 - asker].asks(&ask, false, &mut entropy) {
            let answer = ends[1 - asker].answer().unwrap();
            ends[asker].answered(&answer);
        }
    }
    let newest = |edge: &Edge| edge.held[edge.held.len() - 1].name;
    let grew = (0..2).all(|end| ends[end].highest() > before[end]);
    match grew && newest(&ends[0]) == newest(&ends[1]) {
        true => Month::New,
        false => Month::Stuck,
    }
}

/// The epochs held, the one dialled, and the one asked for.
fn numbers(edge: &Edge) -> (Vec<u32>, u32, Option<u32>) {
    let held = edge.held.iter().map(|keys| keys.epoch).collect();
    (held, edge.dial, edge.asked().map(|ask| ask.epoch))
}

/// A life in which one end's disk is copied at some time, and put back at another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Life {
    world: World,
    copy: Option<Vec<u8>>,
    is_back: bool,
}

#[test]
fn whatever_older_disk_one_end_comes_back_with_new_secrets_come_or_the_last_resort_is_left() {
    let [before, after] = [0, 100].map(|draws| Scene {
        draws,
        ..Scene::new(1)
    });
    for end in [0, 1] {
        let first = Life {
            world: before.first(),
            copy: None,
            is_back: false,
        };
        let (mut known, mut left) = (BTreeSet::from([first.clone()]), vec![first]);
        let mut new = 0;
        while let Some(life) = left.pop() {
            let scene = if life.is_back { &after } else { &before };
            let next = scene.next(&life.world).into_iter();
            let mut next: Vec<_> = next
                .map(|world| Life {
                    world,
                    ..life.clone()
                })
                .collect();
            if !life.is_back {
                let copy = life.copy.clone();
                let disk = life.world.ends[end].clone();
                let mut back = life.clone();
                match copy {
                    None => back.copy = Some(disk),
                    Some(copy) => (back.world.ends[end], back.is_back) = (copy, true),
                }
                next.push(back);
            }
            next.retain(|life| known.insert(life.clone()));
            left.extend(next);
            let mut ends = [0, 1].map(|end| scene.edge(&life.world, end));
            let month = a_month(&mut ends);
            assert!(
                month != Month::Stuck,
                "{:?}",
                ends.map(|edge| numbers(&edge))
            );
            new += usize::from(month == Month::New && life.is_back);
        }
        assert!(new > 1000, "{new} of {}", known.len());
    }
}
