//! Why a message waits: one reason at a time.

use super::world::{ADDRS, World};
use super::*;
use crate::profile::{Profile, Ways};

fn why(world: &mut World, of: Of) -> Why {
    match world.ask(0, Request::Why { of }) {
        Ok(Answer::Why(why)) => *why,
        _ => panic!("no answer"),
    }
}

fn waits(world: &mut World) -> Waits {
    let why = why(world, Of::Friend("bob".into()));
    why.outlook.unwrap().waits
}

fn sent(world: &mut World) -> u64 {
    match world.send(0, "bob", "salut") {
        Ok(Answer::Sent { id, .. }) => id,
        _ => panic!("not sent"),
    }
}

#[test]
fn a_message_says_what_it_waits_for_and_then_that_it_came() {
    let mut world = World::friends();
    // Bob took the invitation: only he knows where the other is, and Ada where he told her.
    world.reachable = false;
    world.cut();
    world.run_for(5);
    let id = sent(&mut world);
    let away = why(&mut world, Of::Message(id));
    let outlook = away.outlook.unwrap();
    assert_eq!((away.to.as_str(), outlook.waits), ("bob", Waits::Away));
    assert_eq!(outlook.addresses, 1);
    assert!(outlook.next_min.is_some() && outlook.last_seen_min > 0);
    assert_eq!(why(&mut world, Of::Friend("bob".into())).id, Some(id));
    world.reachable = true;
    world.run_for(60);
    let came = why(&mut world, Of::Message(id));
    assert_eq!(came.state, Delivery::Delivered);
    assert_eq!((came.to.as_str(), came.outlook), ("bob", None));
    assert_eq!(waits(&mut world), Waits::Nothing);
}

#[test]
fn what_blocks_is_said_before_what_is_tried() {
    let mut world = World::friends();
    world.reachable = false;
    world.cut();
    world.run_for(5);
    sent(&mut world);
    world.friend(0).addrs.clear();
    assert_eq!(waits(&mut world), Waits::NoAddress);
    let name = "bob".to_owned();
    let blocked = true;
    assert!(world.ask(0, Request::Block { name, blocked }).is_ok());
    assert_eq!(waits(&mut world), Waits::Blocked);
    let outlook = why(&mut world, Of::Friend("bob".into())).outlook.unwrap();
    assert!(!outlook.trying && outlook.next_min.is_none());
}

#[test]
fn a_number_that_is_no_message_of_mine_has_no_reason() {
    let mut world = World::friends();
    for id in [0, 99, u64::MAX] {
        let of = Of::Message(id);
        let asked = world.ask(0, Request::Why { of });
        assert_eq!(asked.err(), Some(Refusal::NoSuchMessage));
    }
    let of = Of::Friend("personne".into());
    let asked = world.ask(0, Request::Why { of });
    assert!(matches!(asked, Err(Refusal::NoSuchFriend { .. })));
}

#[test]
fn what_my_own_settings_shut_out_is_not_dialled_and_that_is_said() {
    let mut world = World::friends();
    let open_to = |world: &mut World, profile| {
        let ways = Ways::new(profile, false);
        let settings = world.nodes[0].engine.settings;
        world.tell(0, Input::Settings(Settings { ways, ..settings }));
    };
    world.friend(0).addrs = vec![ADDRS[1]];
    open_to(&mut world, Profile::TorOnly);
    world.run_for(5);
    // Bob does not call, though what worked last is never taken back: it is Ada's to do.
    let bobs = world.friend(1).addrs.split_off(0);
    assert_eq!(bobs.len(), 1);
    world.cut();
    let id = sent(&mut world);
    world.run_for(3600);
    let outlook = why(&mut world, Of::Message(id)).outlook.unwrap();
    assert_eq!((outlook.waits, outlook.addresses), (Waits::Shut, 0));
    assert!(!outlook.trying);
    open_to(&mut world, Profile::Normal);
    world.run_for(3600);
    let came = why(&mut world, Of::Message(id));
    assert_eq!(came.state, Delivery::Delivered);
}
