//! Who comes back from a backup that is older than a new identity: nobody finds them, which is what the new
//! identity was for; both humans read it, and can begin again.

use super::world::World;
use crate::engine::*;
use crate::friend::Former;
use crate::limits::{FORMER_DOOR_MINUTES, FORMER_DOORS_MAX};
use crate::time::{DAY_MINUTES, MINUTE_MS};

const NAMES: [&str; 2] = ["bob", "ada"];

impl World {
    /// Node `who` renews; the other one's human confirms it.
    fn renewed(&mut self, who: usize) {
        assert!(self.ask(who, Request::Renew).is_ok());
        self.run_for(20);
        self.confirm(1 - who);
        self.run_for(60);
        assert_eq!(self.nodes[who].engine.me.former(), 0);
    }

    fn knocks(&self, n: usize) -> usize {
        let events = self.nodes[n].events.iter();
        let knock = |event: &&Event| matches!(event, Event::FormerKnock { .. });
        events.filter(knock).count()
    }

    fn card(&mut self, n: usize) -> Contact {
        match self.ask(n, Request::Contacts) {
            Ok(Answer::Contacts(mut cards)) => cards.remove(0),
            _ => panic!("no contacts"),
        }
    }

    fn removes(&mut self, n: usize) {
        let name = NAMES[n].to_owned();
        assert!(self.ask(n, Request::Remove { name }).is_ok());
    }
}

/// `who` renews; then `back` comes back from a backup of before.
fn comes_back_too_late(who: usize, back: usize) {
    let mut world = World::friends();
    world.run_for(10);
    let file = world.backup(back);
    world.renewed(who);
    world.talks();
    assert_eq!([world.knocks(0), world.knocks(1)], [0, 0]);
    world.restore(back, &file);
    world.send(1 - back, NAMES[1 - back], "où es-tu").unwrap();
    world.run_for(2 * 3600);
    let (here, there) = (world.card(back), world.card(1 - back));
    assert!(here.silent && !here.online, "{who} {back}");
    assert!(there.silent && !there.online, "{who} {back}");
    assert_eq!(there.how, How::Former, "{who} {back}");
    assert!(matches!(
        world.ask(1 - back, Request::Status),
        Ok(Answer::Status(Status { to_check: 1, .. }))
    ));
    world.run_for(6 * 3600);
    assert_eq!(world.knocks(1 - back), 1, "told once");
    assert!(world.texts(back).is_empty() && world.friend(1 - back).sessions.parked.is_none());
    // The way out: both begin again.
    world.removes(0);
    world.removes(1);
    let code = world.invite(0, "bob");
    world.accept(1, &code, "ada");
    world.run_for(30);
    world.talks();
    assert_eq!(world.card(1 - back).how, How::Code);
}

#[test]
fn who_comes_back_from_before_a_new_identity_is_silent_and_both_humans_read_what_to_do() {
    for who in 0..2 {
        for back in 0..2 {
            comes_back_too_late(who, back);
        }
    }
}

/// Confirmed or not, what the backup knows of is enough: B's human answers once more.
#[test]
fn who_comes_back_from_before_their_yes_finds_the_friend_by_saying_it_again() {
    let mut world = World::friends();
    assert!(world.ask(0, Request::Renew).is_ok());
    world.run_for(20);
    let file = world.backup(1);
    world.confirm(1);
    world.run_for(60);
    assert_eq!(world.nodes[0].engine.me.former(), 0);
    world.restore(1, &file);
    world.run_for(60);
    assert_eq!(world.card(1).how, How::NewIdentity, "it is asked again");
    world.confirm(1);
    world.run_for(3 * 3600);
    assert_eq!(world.card(0).how, How::Recheck);
    world.say_yes(0);
    world.run_for(600);
    world.talks();
}

#[test]
fn a_backup_from_before_an_identity_that_nobody_confirmed_finds_the_friend() {
    let mut world = World::friends();
    let file = world.backup(0);
    assert!(world.ask(0, Request::Renew).is_ok());
    world.run_for(20);
    world.restore(0, &file);
    world.run_for(2 * 3600);
    world.say_yes(1);
    world.run_for(600);
    world.talks();
    assert_eq!(world.knocks(1), 0);
}

/// The copy runs on while the friend is there: it is told, and stands nowhere once they were here.
#[test]
fn a_knock_under_a_former_identity_is_told_and_disturbs_no_link() {
    let mut world = World::friends();
    let file = world.backup(0);
    world.renewed(0);
    let real = core::mem::replace(
        &mut world.nodes[0].engine,
        Engine::create(world.now, [1; 32]),
    );
    let kept = (world.nodes[0].state.clone(), world.nodes[0].bodies.clone());
    world.restore(0, &file);
    world.run_for(2 * 3600);
    assert_eq!((world.knocks(1), world.card(1).how), (1, How::Former));
    world.cut();
    world.deliver();
    world.nodes[0].engine = real;
    (world.nodes[0].state, world.nodes[0].bodies) = kept;
    world.starts_again(0);
    world.run_for(900);
    assert_eq!(world.card(1).how, How::Compared);
    world.talks();
}

#[test]
fn what_is_left_of_a_former_edge_is_bounded_in_number_and_time() {
    let mut world = World::friends();
    for round in 1..=FORMER_DOORS_MAX + 1 {
        world.renewed(0);
        let doors = |world: &mut World, n| world.friend(n).renewal.former.doors().count();
        for n in 0..2 {
            assert_eq!(doors(&mut world, n), round.min(FORMER_DOORS_MAX), "{n}");
        }
    }
    for n in 0..2 {
        world.starts_again(n);
        assert!(!world.friend(n).renewal.former.is_empty());
    }
    for _ in 0..=FORMER_DOOR_MINUTES / DAY_MINUTES {
        let day = u64::from(DAY_MINUTES) * MINUTE_MS;
        (world.now.boot_ms, world.now.wall_ms) = (world.now.boot_ms + day, world.now.wall_ms + day);
        (0..2).for_each(|n| world.tell(n, Input::Tick));
    }
    assert!((0..2).all(|n| world.friend(n).renewal.former.is_empty()));
    let letters = world.nodes.iter().flat_map(|node| node.state.keys());
    assert_eq!(letters.filter(|name| name.0[0] == b'w').count(), 0);
}

#[test]
fn knocks_are_told_once_a_day_whatever_the_clock_does() {
    let mut former = Former::default();
    assert!(former.knocks(10 * DAY_MINUTES) && !former.knocks(10 * DAY_MINUTES + 1));
    assert!(!former.knocks(9 * DAY_MINUTES + 1));
    assert!(former.knocks(8 * DAY_MINUTES), "a clock that was put back");
    assert!(former.knocked_since(8 * DAY_MINUTES) && !former.knocked_since(8 * DAY_MINUTES + 1));
}

#[cfg(feature = "planted")]
#[test]
fn a_former_edge_of_which_nothing_is_kept_is_found() {
    use crate::planted::{Bug, plant};
    plant(Some(Bug::FormerDoorForgotten));
    let kept = std::panic::catch_unwind(|| comes_back_too_late(0, 0)).is_ok();
    plant(None);
    assert!(!kept);
}
