//! Two friends who cannot reach each other, and a third whom both reach: what goes through her, and what
//! she can do to it.

use super::world::World;
use super::*;
use crate::friend::Road;
use crate::limits::REDIAL_MS_MAX;
use crate::profile::{Profile, Ways};

const CAROLE: usize = 0;
const ANNE: usize = 1;
const BOB: usize = 2;

fn place(n: usize) -> Addr {
    Addr::V4([198, 51, 100, n as u8], 9)
}

fn of<'a>(world: &'a mut World, n: usize, name: &str) -> &'a mut Friend {
    let mut friends = world.nodes[n].engine.friends.values_mut();
    friends.find(|friend| friend.petname.is(name)).unwrap()
}

fn number(world: &World, n: usize, name: &str) -> u32 {
    let mut friends = world.nodes[n].engine.friends.iter();
    *friends.find(|(_, it)| it.petname.is(name)).unwrap().0
}

/// Anne and Bob, who know no address of each other any more; both reach Carole.
fn apart() -> World {
    let mut world = World::three();
    for n in [CAROLE, ANNE, BOB] {
        world.moved.insert(n, place(n));
        world.tell(n, Input::Listening(vec![place(n)]));
    }
    for (host, name, guest, its) in [
        (CAROLE, "anne", ANNE, "carole"),
        (CAROLE, "bob", BOB, "carole"),
        (ANNE, "bob", BOB, "anne"),
    ] {
        let code = world.invite(host, name);
        world.accept(guest, &code, its);
        world.run_for(30);
    }
    // With the second link each has what leads to the other.
    world.cut_all();
    world.run_for(30);
    for (n, name) in [(ANNE, "bob"), (BOB, "anne")] {
        let friend = of(&mut world, n, name);
        assert!(friend.roads.handle.is_some());
        friend.addrs.clear();
    }
    world.cut_all();
    world.run_for(60);
    world
}

/// How this node speaks to a friend: not, through somebody, directly.
#[derive(Debug, PartialEq)]
enum Speaks {
    Not,
    Through,
    Directly,
}

fn speaks(world: &mut World, n: usize, name: &str) -> Speaks {
    let link = of(world, n, name).live.link;
    match link.map(|link| world.nodes[n].engine.is_direct(link)) {
        None => Speaks::Not,
        Some(false) => Speaks::Through,
        Some(true) => Speaks::Directly,
    }
}

/// Anne and Bob, who speak through Carole.
fn together() -> World {
    let mut world = apart();
    world.send(ANNE, "bob", "par carole").unwrap();
    world.run_for(700);
    assert_eq!(speaks(&mut world, ANNE, "bob"), Speaks::Through);
    assert_eq!(
        speaks(&mut world, BOB, "anne"),
        Speaks::Through,
        "she knows as well"
    );
    world
}

fn allow(world: &mut World, n: usize, ways: Ways) {
    let settings = Settings {
        ways,
        ..world.nodes[n].engine.settings
    };
    world.tell(n, Input::Settings(settings));
}

fn is_linked(world: &mut World, n: usize, name: &str) -> bool {
    of(world, n, name).live.link.is_some()
}

#[test]
fn what_waits_for_a_friend_goes_through_one_whom_both_reach() {
    let mut world = apart();
    assert!(is_linked(&mut world, ANNE, "carole") && is_linked(&mut world, BOB, "carole"));
    assert!(!is_linked(&mut world, ANNE, "bob"), "nothing waits");
    world.send(ANNE, "bob", "par carole").unwrap();
    world.run_for(700);
    assert_eq!(world.texts(BOB), ["par carole"]);
    assert!(world.texts(CAROLE).is_empty());
    let last = of(&mut world, ANNE, "bob").roads.last;
    let back = of(&mut world, BOB, "anne").roads.last;
    let through = |road| matches!(road, Some(Road::Through(_)));
    assert!(through(last) || through(back));
    world.send(BOB, "anne", "reçu").unwrap();
    world.run_for(10);
    assert_eq!(world.texts(ANNE), ["reçu"]);
}

/// Attack 92: whoever is in between can end it, and nothing else.
#[test]
fn what_is_rewritten_on_its_way_through_a_friend_is_answered_by_nobody() {
    let mut world = apart();
    world.rewrites = true;
    world.send(ANNE, "bob", "par carole").unwrap();
    world.run_for(700);
    assert!(world.rewritten > 0, "something went through her");
    assert!(!is_linked(&mut world, ANNE, "bob"));
    assert!(world.texts(BOB).is_empty());
    world.rewrites = false;
    world.run_for(1200);
    assert_eq!(world.texts(BOB), ["par carole"]);
}

/// Attack 92: a friend of Bob's has what leads to him, and says to Carole that it leads to herself.
#[test]
fn what_leads_to_a_friend_leads_to_nobody_else_who_says_it() {
    let mut world = apart();
    let link = of(&mut world, CAROLE, "anne").live.link.unwrap();
    let bob = world.nodes[BOB].engine.reach.handle.unwrap();
    let bobs = of(&mut world, CAROLE, "bob").live.link.unwrap();
    let mine = world.nodes[CAROLE].engine.reach.handle.unwrap();
    let moved = |number: u32, handle: [u8; 16]| crate::message::Addresses {
        number: (u16::MAX, number),
        addrs: vec![],
        handle: Some(handle),
    };
    // The first of her friends: whoever is found first by the handle.
    let engine = &mut world.nodes[CAROLE].engine;
    let numbers: Vec<_> = engine.friends.keys().copied().collect();
    let [anne_no, bob_no] = numbers[..] else {
        panic!("two friends")
    };
    engine.they_moved(anne_no, moved(1, bob));
    let toward = |engine: &Engine, from, handle| engine.circuit(from, handle);
    assert_eq!(engine.friends[&anne_no].roads.handle, None);
    assert_eq!(toward(engine, bobs, &bob), Toward::Nobody, "not to Anne");
    assert_eq!(toward(engine, link, &bob), Toward::Link(bobs));
    engine.they_moved(anne_no, moved(2, mine));
    assert_eq!(engine.friends[&anne_no].roads.handle, None, "nor hers");
    engine.they_moved(bob_no, moved(1, bob));
    assert_eq!(toward(engine, link, &bob), Toward::Link(bobs), "his still");
    engine.they_moved(anne_no, moved(3, [9; 16]));
    assert_eq!(toward(engine, bobs, &[9; 16]), Toward::Link(link));
}

/// Attack 92: a handle that nobody gave.
#[test]
fn an_unknown_handle_leads_to_nobody() {
    let mut world = apart();
    let link = of(&mut world, CAROLE, "anne").live.link.unwrap();
    let toward =
        |world: &World, handle: &[u8; 16]| world.nodes[CAROLE].engine.circuit(link, handle);
    let bob = world.nodes[BOB].engine.reach.handle.unwrap();
    let anne = world.nodes[ANNE].engine.reach.handle.unwrap();
    let mine = world.nodes[CAROLE].engine.reach.handle.unwrap();
    assert!(matches!(toward(&world, &bob), Toward::Link(_)));
    assert_eq!(toward(&world, &mine), Toward::Me);
    assert_eq!(toward(&world, &anne), Toward::Nobody, "back to herself");
    assert_eq!(toward(&world, &[9; 16]), Toward::Nobody);
    let none = ConnId(999_999);
    assert_eq!(
        world.nodes[CAROLE].engine.circuit(none, &bob),
        Toward::Nobody
    );
    let (name, blocked) = ("bob".to_owned(), true);
    assert!(world.ask(CAROLE, Request::Block { name, blocked }).is_ok());
    assert_eq!(toward(&world, &bob), Toward::Nobody, "whom she blocked");
}

#[test]
fn a_link_through_a_friend_gives_way_to_a_direct_one_whoever_finds_it_and_nothing_is_lost() {
    for finders in [&[ANNE][..], &[BOB], &[ANNE, BOB]] {
        let mut world = together();
        for n in finders {
            let (name, other) = [("", 0), ("bob", BOB), ("anne", ANNE)][*n];
            of(&mut world, *n, name).addrs = vec![place(other)];
        }
        let (mut there, mut back) = (vec!["par carole".to_owned()], Vec::new());
        // Words are on their way all the time, and some when it changes.
        for n in 0..2 * REDIAL_MS_MAX / 1000 / 30 {
            there.push(format!("va {n}"));
            back.push(format!("vient {n}"));
            world.send(ANNE, "bob", &there[there.len() - 1]).unwrap();
            world.send(BOB, "anne", &back[back.len() - 1]).unwrap();
            world.run_for(30);
            if speaks(&mut world, ANNE, "bob") == Speaks::Directly {
                break;
            }
        }
        world.run_for(30);
        for (n, name) in [(ANNE, "bob"), (BOB, "anne")] {
            assert_eq!(speaks(&mut world, n, name), Speaks::Directly, "{finders:?}");
        }
        assert_eq!(world.texts(BOB), there, "once, in order");
        assert_eq!(world.texts(ANNE), back);
        let links = |world: &World, n: usize| {
            let conns = world.nodes[n].engine.conns.values();
            conns.filter(|conn| matches!(conn, Conn::Link(_))).count()
        };
        assert_eq!(
            links(&world, ANNE),
            2,
            "Carole's and Bob's: no other is left"
        );
        assert_eq!(links(&world, BOB), 2);
    }
}

#[test]
fn a_direct_link_does_not_give_way_to_one_through_a_friend_while_it_answers() {
    let mut world = together();
    of(&mut world, BOB, "anne").addrs = vec![place(ANNE)];
    world.run_for(2 * REDIAL_MS_MAX / 1000);
    assert_eq!(speaks(&mut world, BOB, "anne"), Speaks::Directly);
    // As if Anne had asked to be put through just before it came up.
    let before = world.through.len();
    let bob = number(&world, ANNE, "bob");
    let direct = of(&mut world, ANNE, "bob").live.link.take();
    world.send(ANNE, "bob", "encore").unwrap();
    world.nodes[ANNE].engine.dial_through(bob, 1, 1);
    of(&mut world, ANNE, "bob").live.link = direct;
    world.run_for(60);
    assert!(world.through.len() > before, "she was put through");
    assert_eq!(of(&mut world, ANNE, "bob").live.link, direct);
    assert_eq!(speaks(&mut world, BOB, "anne"), Speaks::Directly);
    world.send(ANNE, "bob", "enfin").unwrap();
    world.run_for(5);
    assert_eq!(world.texts(BOB), ["par carole", "encore", "enfin"]);
}

#[test]
fn who_looks_for_a_direct_way_meanwhile_never_takes_a_friend_for_silent() {
    let mut world = together();
    // Somebody else lives there by now.
    of(&mut world, ANNE, "bob").addrs = vec![place(CAROLE)];
    world.run_for(6 * REDIAL_MS_MAX / 1000);
    let anne = of(&mut world, ANNE, "bob");
    assert!(!anne.live.is_silent() && anne.live.last_resorts == 0);
    assert_eq!(speaks(&mut world, ANNE, "bob"), Speaks::Through);
    world.send(ANNE, "bob", "toujours par carole").unwrap();
    world.run_for(5);
    assert_eq!(world.texts(BOB), ["par carole", "toujours par carole"]);
}

#[test]
fn who_refuses_puts_nobody_through_and_goes_through_others_all_the_same() {
    let mut world = apart();
    allow(&mut world, CAROLE, Ways::default().carrying(false));
    allow(&mut world, ANNE, Ways::default().carrying(false));
    world.send(ANNE, "bob", "par carole").unwrap();
    world.run_for(1400);
    assert_eq!(speaks(&mut world, ANNE, "bob"), Speaks::Not);
    allow(&mut world, CAROLE, Ways::default());
    world.run_for(1400);
    assert_eq!(world.texts(BOB), ["par carole"]);
}

#[test]
fn a_node_of_the_house_asks_for_no_circuit_carries_none_and_takes_none() {
    let house = Ways::new(Profile::LanOnly, false);
    for n in [CAROLE, ANNE, BOB] {
        let mut world = apart();
        allow(&mut world, n, house);
        world.send(ANNE, "bob", "par carole").unwrap();
        world.run_for(1400);
        assert_eq!(speaks(&mut world, ANNE, "bob"), Speaks::Not, "{n}");
        assert_eq!(speaks(&mut world, BOB, "anne"), Speaks::Not, "{n}");
        if n == ANNE {
            let bob = number(&world, ANNE, "bob");
            assert!(world.nodes[ANNE].engine.between(bob).is_empty());
        }
    }
}
