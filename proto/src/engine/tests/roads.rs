//! Friends who move: who learns of it, when they are dialled, and what a hundred who are away cost.

use super::world::{ADDRS, World};
use super::*;
use crate::engine::doors::Whom;
use crate::engine::testing::with_friends;
use crate::friend::{Redial, Road, What};
use crate::limits::{ADDRESSES_AGAIN_MINUTES, DIALS_MAX, NETWORK_PAUSE_MS, REDIAL_MS_MAX};
use crate::profile::{Profile, Ways};
use crate::time::{HOUR_MS, MINUTE_MS};

fn place(n: u8) -> Addr {
    Addr::V4([198, 51, 100, n], 9)
}

fn moves(world: &mut World, n: usize, to: Addr) {
    world.moved.insert(n, to);
    world.tell(n, Input::Listening(vec![to]));
}

fn is_linked(world: &mut World, n: usize) -> bool {
    world.friend(n).live.link.is_some()
}

/// Where this node dials its friend now.
fn dialled(world: &World, n: usize) -> Vec<Addr> {
    let conns = world.nodes[n].engine.conns.values();
    let dialling = |conn: &Conn| match conn {
        Conn::Dialling {
            whom: Whom::Friend(_),
            road,
        } => road.addr(),
        _ => None,
    };
    conns.filter_map(dialling).collect()
}

/// One attempt of a node whose dials are not answered: where it goes. The dials stay under way until
/// they are closed here.
fn attempt(world: &mut World, n: usize) -> Vec<Addr> {
    world.friend(n).live.redial.at_ms = 0;
    world.nodes[n].engine.wake_ms = 0;
    world.tell(n, Input::Tick);
    let went = dialled(world, n);
    world.deliver();
    went
}

#[test]
fn a_friend_learns_in_the_session_where_i_am_from_now_on() {
    let mut world = World::friends();
    moves(&mut world, 1, place(1));
    world.run_for(5);
    assert_eq!(world.friend(0).addrs[..2], [place(1), ADDRS[1]]);
    // Only who knows the new address can bring them together.
    world.friend(1).addrs.clear();
    world.cut();
    world.run_for(10);
    assert!(is_linked(&mut world, 0) && is_linked(&mut world, 1));
    assert_eq!(world.friend(0).roads.last, Some(Road::Addr(place(1))));
    world.talk();
}

#[test]
fn a_friend_who_was_away_learns_it_when_they_come_back() {
    let mut world = World::friends();
    world.reachable = false;
    world.cut();
    world.run_for(5);
    moves(&mut world, 1, place(1));
    moves(&mut world, 1, place(2));
    world.run_for(5);
    world.reachable = true;
    // The one who moved knows where the other is.
    world.run_for(1200);
    assert!(is_linked(&mut world, 0));
    let known = &world.friend(0).addrs;
    assert!(known.contains(&place(2)) && !known.contains(&place(1)));
    for n in 0..2 {
        assert_eq!(world.friend(n).outbox.len(), 0);
    }
}

#[test]
fn a_list_that_was_on_its_way_when_i_moved_again_is_followed_by_the_next() {
    for first_arrives in [true, false] {
        let mut world = World::friends();
        moves(&mut world, 1, place(1));
        if first_arrives {
            world.deliver();
        }
        moves(&mut world, 1, place(2));
        world.run_for(5);
        assert!(world.friend(0).addrs.contains(&place(2)));
        assert!(!world.friend(0).addrs.contains(&place(1)));
        let number = world.nodes[1].engine.reach.number;
        assert_eq!(world.friend(1).roads.told, number);
    }
}

#[test]
fn somebody_who_moves_all_day_leaves_an_absent_friend_few_lists() {
    let mut world = World::friends();
    world.reachable = false;
    world.cut();
    world.run_for(5);
    for n in 0..96 {
        moves(&mut world, 1, place(n));
        let quarter = 15 * MINUTE_MS;
        (world.now.boot_ms, world.now.wall_ms) =
            (world.now.boot_ms + quarter, world.now.wall_ms + quarter);
        world.run_for(1);
    }
    let waits = world.friend(1).outbox.len();
    let most = 24 * 60 / ADDRESSES_AGAIN_MINUTES as usize + 1;
    assert!((1..=most).contains(&waits), "{waits}");
    world.reachable = true;
    world.run_for(1200);
    assert!(world.friend(0).addrs.contains(&place(95)), "the last one");
    world.talk();
}

#[test]
fn who_lost_their_network_says_nothing_and_who_comes_back_to_it_neither() {
    let mut world = World::friends();
    moves(&mut world, 1, place(1));
    world.run_for(5);
    let number = world.nodes[1].engine.reach.number;
    world.tell(1, Input::Listening(vec![]));
    world.tell(1, Input::Listening(vec![place(1)]));
    assert_eq!(world.nodes[1].engine.reach.number, number);
    assert!(!world.friend(1).outbox.has(|it| it.what == What::Addresses));
}

#[test]
fn where_a_way_led_that_is_closed_now_is_taken_back_from_friends() {
    let house = Addr::V4([192, 168, 1, 7], 9);
    let onion = Addr::Onion([1; 32], 9);
    for (profile, stays) in [
        (Profile::TorOnly, vec![]),
        (Profile::Hostile, vec![place(1)]),
        (Profile::LanOnly, vec![house]),
    ] {
        let mut world = World::friends();
        world.moved.insert(1, place(1));
        world.tell(1, Input::Listening(vec![place(1), house]));
        world.run_for(5);
        assert_eq!(world.friend(0).roads.theirs(), [place(1), house]);
        let settings = Settings {
            ways: Ways::new(profile, false),
            ..world.nodes[1].engine.settings
        };
        world.tell(1, Input::Settings(settings));
        world.run_for(5);
        assert_eq!(world.friend(0).roads.theirs(), stays, "{}", profile.name());
        for addr in [place(1), house] {
            assert_eq!(world.friend(0).addrs.contains(&addr), stays.contains(&addr));
        }
        // The network of a node says what it has, and has not heard of the profile yet.
        world.tell(1, Input::Listening(vec![house, place(1), onion]));
        world.run_for(5);
        let ways = world.nodes[1].engine.settings.ways;
        let told = world.friend(0).roads.theirs();
        assert!(
            told.iter().all(|addr| ways.tells(*addr)),
            "{}",
            profile.name()
        );
    }
}

#[test]
fn what_leads_to_me_through_others_is_told_from_the_second_link_on() {
    let mut world = World::new();
    for n in 0..2 {
        moves(&mut world, n, place(n as u8));
    }
    let code = world.invite(0, "bob");
    world.accept(1, &code, "ada");
    world.run_for(30);
    assert!((0..2).all(|n| world.friend(n).roads.handle.is_none()));
    world.cut();
    world.run_for(30);
    for n in 0..2 {
        let mine = world.nodes[n].engine.reach.handle;
        assert!(mine.is_some());
        assert_eq!(world.friend(1 - n).roads.handle, mine);
    }
}

#[test]
fn whom_i_blocked_does_not_know_the_handle_that_others_get_next() {
    let mut world = World::friends();
    moves(&mut world, 1, place(1));
    world.run_for(5);
    let before = world.nodes[1].engine.reach.handle;
    let (name, blocked) = ("ada".to_owned(), true);
    assert!(world.ask(1, Request::Block { name, blocked }).is_ok());
    moves(&mut world, 1, place(2));
    let after = world.nodes[1].engine.reach.handle;
    assert!(before.is_some() && after.is_some() && before != after);
    assert!(!world.friend(1).outbox.has(|it| it.what == What::Addresses));
}

#[test]
fn the_road_that_worked_last_is_tried_each_time_and_the_others_by_turns() {
    let mut world = World::friends();
    world.reachable = false;
    world.cut();
    world.run_for(2);
    let others: Vec<_> = (1..8).map(place).collect();
    world.friend(1).addrs.extend(&others);
    let mut tried = BTreeSet::new();
    for _ in 0..4 {
        let went = attempt(&mut world, 1);
        assert_eq!(went.len(), 3);
        assert_eq!(went[0], ADDRS[0]);
        tried.extend(went);
    }
    assert_eq!(tried.len(), 8, "all of them within four attempts");
    world.restart(1);
    assert_eq!(world.friend(1).roads.last, Some(Road::Addr(ADDRS[0])));
}

#[test]
fn a_private_address_of_another_house_is_not_dialled() {
    let mut world = World::friends();
    world.reachable = false;
    world.cut();
    world.run_for(2);
    let (theirs, mine) = (Addr::V4([192, 168, 1, 9], 9), Addr::V4([192, 168, 1, 5], 9));
    world.friend(0).addrs = vec![theirs];
    world.tell(0, Input::Listening(vec![place(1)]));
    assert_eq!(attempt(&mut world, 0), []);
    world.tell(0, Input::Listening(vec![place(1), mine]));
    assert_eq!(attempt(&mut world, 0), [theirs]);
}

#[test]
fn another_network_is_a_reason_to_dial_at_once_but_not_each_second() {
    let mut world = World::friends();
    world.reachable = false;
    world.cut();
    world.friend(0).addrs = vec![place(200)];
    world.run_for(4 * 3600);
    assert!(world.friend(0).live.redial.at_ms > world.now.boot_ms + 2_000);
    moves(&mut world, 0, place(1));
    let soon = world.now.boot_ms + 1_500;
    assert!(world.friend(0).live.redial.at_ms <= soon);
    let before = world.nodes[0].engine.next_conn;
    for second in 0..NETWORK_PAUSE_MS / 1_000 {
        moves(&mut world, 0, place(second as u8));
        world.run_for(1);
    }
    let dials = (world.nodes[0].engine.next_conn - before) / 2;
    assert!((1..=12).contains(&dials), "{dials}");
}

#[test]
fn a_link_that_does_not_answer_once_the_network_changed_is_mended_without_loss() {
    let mut world = World::friends();
    world.moved.insert(1, place(9));
    world.friend(0).addrs = vec![place(9)];
    let old = world.friend(0).live.link.unwrap();
    // The other side says nothing any more, and the system has not noticed.
    world.lost = Some((0, links::PARCEL));
    world.send(0, "bob", "perdu ?").unwrap();
    world.alive = false;
    moves(&mut world, 0, place(1));
    world.deliver();
    assert!(world.friend(0).live.link != Some(old));
    (world.alive, world.lost) = (true, None);
    world.run_for(10);
    assert!(is_linked(&mut world, 0) && world.friend(0).live.link != Some(old));
    assert_eq!(world.texts(1), ["perdu ?"]);
}

#[test]
fn a_link_that_answers_stays_when_the_network_changes() {
    let mut world = World::friends();
    let link = world.friend(0).live.link;
    moves(&mut world, 0, place(1));
    world.run_for(10);
    assert_eq!(world.friend(0).live.link, link);
}

/// What an hour costs a node whose hundred friends are all away, each with three addresses where nobody
/// answers: dials, and moments at which it wakes.
#[test]
fn a_hundred_friends_who_are_away_cost_few_dials_and_fewer_moments() {
    let mut now = Now {
        wall_ms: 1_800_000_000_000,
        boot_ms: 0,
    };
    let mut engine = with_friends(100);
    for (no, friend) in &mut engine.friends {
        friend.settled = true;
        let host = [203, 0, 113, *no as u8];
        friend.addrs = (1..4).map(|port| Addr::V4(host, port)).collect();
        friend.live.redial = Redial::default();
    }
    let begin = now.boot_ms;
    let mut under_way: Vec<(u64, ConnId)> = Vec::new();
    let (mut dials, mut wakes, mut first, mut draws) = (0, 0, BTreeSet::new(), 0u64);
    while now.boot_ms < begin + 2 * HOUR_MS {
        let due = under_way.first().map_or(u64::MAX, |(at_ms, _)| *at_ms);
        let at_ms = due.min(engine.wake_at()).max(now.boot_ms + 1);
        (now.wall_ms, now.boot_ms) = (now.wall_ms + at_ms - now.boot_ms, at_ms);
        let settled = now.boot_ms > begin + HOUR_MS;
        let input = match under_way.first().copied() {
            Some((at_ms, conn)) if at_ms <= now.boot_ms => {
                under_way.remove(0);
                Input::Closed(conn)
            }
            _ => {
                wakes += u32::from(settled);
                Input::Tick
            }
        };
        draws += 1;
        let mut entropy = [7; 32];
        entropy[..8].copy_from_slice(&draws.to_le_bytes());
        engine.handle(now, entropy, input);
        while let Some(step) = engine.poll() {
            for effect in step.then {
                if let Effect::Dial { conn, addr, .. } = effect {
                    dials += u32::from(settled);
                    first.insert(addr.host().to_vec());
                    under_way.push((now.boot_ms + 10_000, conn));
                }
            }
        }
        assert!(under_way.len() <= DIALS_MAX);
        if now.boot_ms > begin + 90_000 {
            assert_eq!(
                first.len(),
                100,
                "each had a turn within a minute and a half"
            );
        }
    }
    // Each pause is ten minutes, give or take a half.
    let most = 100 * 3 * (HOUR_MS / REDIAL_MS_MAX) as u32 * 3 / 2;
    assert!(dials <= most, "{dials} dials in an hour");
    assert!(wakes <= 700, "{wakes} moments in an hour");
}
