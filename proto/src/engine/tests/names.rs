//! What somebody calls themselves moves no name of mine, and is told from it.

use super::world::World;
use crate::engine::{Answer, Contact, Request};

/// Two friends; the second, whom the first calls bob, says to be called so.
fn called(nick: &str) -> World {
    let mut world = World::new();
    let code = world.invite(0, "bob");
    let accept = Request::Accept {
        code,
        name: "ada".into(),
        nick: nick.into(),
    };
    assert!(world.ask(1, accept).is_ok());
    world.run_for(30);
    world
}

fn card(world: &mut World) -> Contact {
    let name = "bob".into();
    match world.ask(0, Request::Contact { name }) {
        Ok(Answer::Contact(contact)) => *contact,
        _ => panic!("no card"),
    }
}

#[test]
fn who_calls_themselves_like_another_of_mine_is_told_from_them() {
    let mut world = called("Zoe");
    assert_eq!(card(&mut world).nick_looks_like, None);
    world.invite(0, "zoé");
    let card = card(&mut world);
    assert_eq!(card.nick.unwrap().to_string(), "~\"Zoe\"");
    assert_eq!(card.nick_looks_like.as_deref(), Some("zoé"));
}

#[test]
fn who_calls_themselves_as_i_call_them_is_nobody_else() {
    let mut world = called("B0b");
    assert_eq!(card(&mut world).nick_looks_like, None);
}

#[test]
fn of_a_nick_that_hides_everything_nothing_is_shown() {
    let mut world = called("\u{200B}\u{202E}\u{E0041}");
    assert_eq!(card(&mut world).nick, None);
}
