//! Where the trust in a friend comes from is said as it happened: it outlives this process and this
//! disk, rises by a human's act alone, and ends with the key that it was about.

use super::world::World;
use crate::engine::*;
use crate::friend::Introduced;
use crate::limits::{INTRODUCERS_MAX, INTRODUCTION_NOTE_BYTES_MAX};
use crate::vault::{BackupLock, Cost, open_backup};

impl World {
    /// How node 0 says it stands with Bob.
    fn bob(&mut self) -> Box<Contact> {
        match self.ask(0, Request::Contact { name: "bob".into() }) {
            Ok(Answer::Contact(card)) => card,
            _ => panic!("no contact"),
        }
    }

    fn introduced(&mut self, by: u32) {
        let introduced = Introduced {
            by,
            minute: 7,
            said: "s".repeat(INTRODUCTION_NOTE_BYTES_MAX),
        };
        let trust = &mut self.friend(0).trust;
        trust.by_introduction = true;
        trust.add(introduced);
        self.nodes[0]
            .engine
            .mark(super::super::saved::Saved::Trust(0));
        self.tell(0, Input::Tick);
    }
}

#[test]
fn who_was_met_is_met_over_a_restart_and_in_a_backup() {
    let mut world = World::friends();
    assert_eq!((world.bob().how, world.bob().met_min), (How::Code, 0));
    let minute = world.now.minutes();
    world.nodes[0].engine.met(0);
    world.tell(0, Input::Tick);
    world.stop(0);
    assert_eq!((world.bob().how, world.bob().met_min), (How::Met, minute));
    let lock = BackupLock::new(b"x", Cost::FLOOR, [9; 32]).unwrap();
    let Ok(Answer::Backup { file, .. }) = world.ask(0, Request::Backup(Box::new(lock))) else {
        panic!("no backup");
    };
    let backup = open_backup(&file, b"x").unwrap();
    let (engine, _) = Engine::restore(world.now, [7; 32], &backup).unwrap_or_else(|_| panic!());
    assert_eq!(engine.friends[&0].trust.met_min, minute);
    assert!(world.ask(0, Request::Remove { name: "bob".into() }).is_ok());
    assert!(!world.nodes[0].state.keys().any(|name| name.0[0] == b'h'));
}

#[test]
fn who_was_met_or_compared_is_not_the_copy_of_an_invitation_any_more() {
    for found_out in [Engine::met, Engine::compared] {
        let mut world = World::friends();
        world.friend(0).copied = true;
        assert_eq!(world.bob().how, How::Copied);
        found_out(&mut world.nodes[0].engine, 0);
        world.tell(0, Input::Tick);
        world.stop(0);
        assert!(world.bob().how.is_first_hand());
    }
}

#[test]
fn introducers_are_named_as_i_call_them_today_and_never_make_anybody_met() {
    let mut world = World::friends();
    // Nobody has the number 5 any more.
    [0, 5, 5].into_iter().for_each(|by| world.introduced(by));
    world.stop(0);
    let card = world.bob();
    let names = card.introduced_by.iter().map(|it| it.petname.as_deref());
    assert_eq!(names.collect::<Vec<_>>(), [Some("bob"), None]);
    (6..20).for_each(|by| world.introduced(by));
    assert_eq!(world.bob().introduced_by.len(), INTRODUCERS_MAX);
    assert!(world.bob().how == How::Introduced && !How::Introduced.is_first_hand());
    world.nodes[0].engine.met(0);
    assert_eq!(world.bob().how, How::Met);
}

#[test]
fn another_key_of_a_friend_was_not_met() {
    let mut world = World::two();
    world.introduced(3);
    world.nodes[0].engine.met(0);
    let card = |world: &mut World| world.bob();
    world.renew(1);
    world.run_for(10);
    let words = card(&mut world).session_words.join(" ");
    assert!(world.answer(0, Some(&words)).is_ok());
    world.run_for(30);
    let card = card(&mut world);
    assert_eq!((card.how, card.met_min), (How::Compared, 0));
    assert!(card.introduced_by.is_empty());
    // My own new identity changes nothing of theirs.
    world.nodes[0].engine.met(0);
    world.renew(0);
    world.run_for(10);
    let name = "ada".to_owned();
    let Ok(Answer::Contact(there)) = world.ask(1, Request::Contact { name }) else {
        panic!("no contact");
    };
    assert!(
        world
            .answer(1, Some(&there.session_words.join(" ")))
            .is_ok()
    );
    world.run_for(30);
    assert_eq!(world.bob().how, How::Met);
}

#[test]
fn twelve_words_that_were_heard_are_known_at_first_hand_and_others_change_nothing() {
    let mut world = World::friends();
    let words = world.bob().safety_words;
    let mut compare = |heard: String| {
        let name = "bob".to_owned();
        let answer = world.ask(0, Request::Compare { name, heard });
        answer.map(|_| ())
    };
    let eleven = compare(words[..11].join(" "));
    let other = compare(words.join(" ").replace(words[7], words[6]));
    assert_eq!(
        (eleven, other),
        (Err(Refusal::OtherWords), Err(Refusal::OtherWords))
    );
    assert_eq!(compare(String::new()), Err(Refusal::OtherWords));
    assert_eq!(compare(words.join("-").to_uppercase()), Ok(()));
    let minute = world.now.minutes();
    world.stop(0);
    let card = world.bob();
    assert_eq!((card.how, card.compared_min), (How::Compared, minute));
    let name = "ada".to_owned();
    let Ok(Answer::Contact(there)) = world.ask(1, Request::Contact { name }) else {
        panic!("no contact");
    };
    assert_eq!(there.how, How::Code, "each side for itself");
    assert_ne!(there.reads, card.reads, "one reads, the other picks");
}

#[test]
fn nobody_compares_while_another_identity_or_session_waits() {
    let mut world = World::two();
    let twelve = world.bob().safety_words.join(" ");
    world.renew(1);
    world.run_for(10);
    let (name, heard) = ("bob".to_owned(), twelve);
    let answer = world.ask(0, Request::Compare { name, heard });
    assert_eq!(answer.err(), Some(Refusal::NothingToCheck));
    assert_eq!(world.friend(0).trust.compared_min, 0);
}
