//! Two friends who cannot reach each other, and a third whom both reach: what goes through her, and what
//! she can do to it.

use super::world::World;
use super::*;
use crate::friend::Road;

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
