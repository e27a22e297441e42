//! One person with several computers: what I say goes to each, what each says is theirs, and a computer
//! that is gone takes nothing of it along.

use super::world::World;
use crate::engine::*;
use crate::limits::{COMPUTERS_MAX, NOTES_BYTES_MAX};

/// Ada knows Bob's laptop (node 1) and his other computer (node 2), which a human joined.
fn one_with_two() -> World {
    let mut world = apart();
    assert!(world.join("tour", "bob").is_ok());
    world
}

/// The same before that: she knows one as Bob and the other as Tour.
fn apart() -> World {
    let mut world = World::three();
    for (n, name) in [(1, "bob"), (2, "tour")] {
        let code = world.invite(0, name);
        world.accept(n, &code, "ada");
        world.run_for(30);
    }
    let settled = world.nodes[0].engine.friends.values();
    assert_eq!(settled.filter(|f| f.sessions.active.is_some()).count(), 2);
    world
}

impl World {
    fn join(&mut self, name: &str, to: &str) -> Result<Answer, Refusal> {
        let (name, to) = (name.into(), to.into());
        self.ask(0, Request::JoinComputers { name, to })
    }

    fn drop_computer(&mut self, place: u32) -> Result<Answer, Refusal> {
        let name = "bob".into();
        self.ask(0, Request::DropComputer { name, place })
    }

    fn person(&mut self, name: &str) -> Contact {
        match self.ask(0, Request::Contact { name: name.into() }) {
            Ok(Answer::Contact(card)) => *card,
            _ => panic!("nobody"),
        }
    }

    fn history(&mut self) -> Vec<(String, Option<Delivery>)> {
        let request = Request::History {
            name: "bob".into(),
            before: u64::MAX,
            max: 100,
        };
        let Ok(Answer::History(lines)) = self.ask(0, request) else {
            panic!("no history")
        };
        let words = |text| String::from_utf8(self.body(0, text).unwrap()).unwrap();
        lines
            .into_iter()
            .map(|it| (words(it.text), it.mine))
            .collect()
    }

    fn nothing_waits(&self) -> bool {
        let mut friends = self.nodes[0].engine.friends.values();
        friends.all(|friend| friend.outbox.len() == 0)
    }

    fn unreachable(&mut self, n: usize, is: bool) {
        self.away = is.then_some(n);
        self.cut();
    }

    fn told_of(&self, id: u64) -> usize {
        let told = |event: &&Event| matches!(event, Event::Delivered { id: of, .. } if *of == id);
        self.nodes[0].events.iter().filter(told).count()
    }
}

fn number(sent: Result<Answer, Refusal>) -> u64 {
    match sent {
        Ok(Answer::Sent { id, .. }) => id,
        _ => panic!("not sent"),
    }
}

#[test]
fn what_i_say_reaches_each_computer_once_and_stands_here_once() {
    let mut world = one_with_two();
    let id = number(world.send(0, "bob", "à tous"));
    world.run_for(60);
    assert_eq!(world.texts(1), ["à tous"]);
    assert_eq!(world.texts(2), ["à tous"]);
    assert_eq!(
        world.history(),
        [("à tous".into(), Some(Delivery::Delivered))]
    );
    assert_eq!(world.told_of(id), 1);
    assert!(world.nothing_waits());
}

#[test]
fn what_any_computer_says_is_said_by_the_person() {
    let mut world = one_with_two();
    world.send(1, "ada", "du portable").unwrap();
    world.send(2, "ada", "de la tour").unwrap();
    world.run_for(60);
    assert_eq!(world.person("bob").unread, 2);
    let request = Request::Inbox { after: 0, max: 9 };
    let Ok(Answer::Inbox(messages)) = world.ask(0, request) else {
        panic!("no inbox")
    };
    assert!(messages.iter().all(|message| message.from == "bob"));
    let read = Request::Acknowledge {
        after: 0,
        up_to: u64::MAX,
        from: Some("bob".into()),
    };
    assert!(matches!(
        world.ask(0, read),
        Ok(Answer::Acknowledged { count: 2 })
    ));
    assert_eq!(world.history().len(), 2);
}

#[test]
fn a_text_has_arrived_when_one_computer_has_it_and_goes_on_to_the_other() {
    for away in [1, 2] {
        let mut world = one_with_two();
        world.unreachable(away, true);
        world.run_for(60);
        let id = number(world.send(0, "bob", "vite"));
        world.run_for(60);
        let state = |world: &mut World| match world.ask(0, Request::Sent { id }) {
            Ok(Answer::Sent { state, .. }) => state,
            _ => panic!("no state"),
        };
        assert_eq!(state(&mut world), Delivery::Delivered);
        assert_eq!((world.told_of(id), world.person("bob").outbox), (1, 0));
        world.stop(0);
        assert_eq!(state(&mut world), Delivery::Delivered);
        assert_eq!(
            world.history(),
            [("vite".into(), Some(Delivery::Delivered))]
        );
        world.unreachable(away, false);
        world.run_for(3600);
        assert_eq!(world.texts(away), ["vite"]);
        assert_eq!(
            (world.told_of(id), state(&mut world)),
            (1, Delivery::Delivered)
        );
        assert_eq!(
            world.history(),
            [("vite".into(), Some(Delivery::Delivered))]
        );
    }
}

#[test]
fn what_reached_no_computer_in_time_is_given_up_once() {
    let mut world = one_with_two();
    world.reachable = false;
    world.cut();
    let id = number(world.send(0, "bob", "jamais"));
    world.pass_days(31);
    let told = |event: &&Event| matches!(event, Event::NotArrived { id: of, .. } if *of == id);
    let events = world.nodes[0].events.iter();
    assert_eq!(events.filter(told).count(), 1);
    let all = |event: &&Event| matches!(event, Event::NotArrived { .. });
    assert_eq!(world.nodes[0].events.iter().filter(all).count(), 1);
    assert!(world.nothing_waits());
}

#[test]
fn whichever_computer_is_gone_nothing_said_is_lost_and_the_name_stays() {
    for place in [1, 2] {
        let mut world = one_with_two();
        world.send(1, "ada", "lu").unwrap();
        world.send(2, "ada", "lu aussi").unwrap();
        world.run_for(30);
        world.read_all(0);
        world.send(1, "ada", "pas lu").unwrap();
        world.send(2, "ada", "pas lu non plus").unwrap();
        world.run_for(30);
        let left = 3 - place as usize;
        assert!(world.drop_computer(place).is_ok());
        world.stop(0);
        assert_eq!(world.history().len(), 2);
        assert_eq!(world.texts(0), ["pas lu", "pas lu non plus"]);
        world.run_for(60);
        assert_eq!(world.person("bob").computers.len(), 1);
        world.send(0, "bob", "encore là").unwrap();
        world.run_for(60);
        assert_eq!(world.texts(left), ["encore là"]);
        assert!(world.texts(place as usize).is_empty());
    }
}

#[test]
fn what_waits_for_the_computer_that_is_gone_goes_to_the_one_that_is_left() {
    let mut world = apart();
    world.unreachable(1, true);
    world.run_for(30);
    world.send(0, "bob", "écrit avant").unwrap();
    assert!(world.join("tour", "bob").is_ok());
    world.send(0, "bob", "écrit après").unwrap();
    assert!(world.drop_computer(1).is_ok());
    world.run_for(60);
    let mut texts = world.texts(2);
    texts.sort();
    assert_eq!(texts, ["écrit après", "écrit avant"]);
}

#[test]
fn persons_are_joined_by_a_human_and_within_bounds() {
    let mut world = apart();
    assert_eq!(world.join("bob", "bob").err(), Some(Refusal::SamePerson));
    assert_eq!(world.drop_computer(1).err(), Some(Refusal::OnlyComputer));
    assert!(world.join("tour", "bob").is_ok());
    assert_eq!(world.drop_computer(3).err(), Some(Refusal::NoSuchComputer));
    assert_eq!(world.drop_computer(0).err(), Some(Refusal::NoSuchComputer));
    let gone = Some(Refusal::NoSuchFriend { near: vec![] });
    assert_eq!(world.join("tour", "bob").err(), gone);
    let Ok(Answer::Contacts(contacts)) = world.ask(0, Request::Contacts) else {
        panic!("no contacts")
    };
    assert_eq!(contacts.len(), 1);
    assert_eq!(contacts[0].computers.len(), 2);
}

#[test]
fn what_i_decide_about_a_person_holds_for_each_computer() {
    let mut world = one_with_two();
    let name = || "bob".to_owned();
    let block = |blocked| Request::Block {
        name: name(),
        blocked,
    };
    assert!(world.ask(0, block(true)).is_ok());
    assert!(
        world.nodes[0]
            .engine
            .friends
            .values()
            .all(|f| f.private.blocked)
    );
    assert!(world.ask(0, block(false)).is_ok());
    let keep = Request::Keep {
        name: name(),
        keep_min: Some(5),
    };
    assert!(world.ask(0, keep).is_ok());
    assert!(
        world.nodes[0]
            .engine
            .friends
            .values()
            .all(|f| f.keep == Some(5))
    );
    let to = "Bobby".to_owned();
    assert!(world.ask(0, Request::Rename { name: name(), to }).is_ok());
    assert_eq!(world.person("Bobby").computers.len(), 2);
    let gone = Request::Remove {
        name: "Bobby".into(),
    };
    assert!(world.ask(0, gone).is_ok());
    assert!(world.nodes[0].engine.friends.is_empty());
    let left = world.nodes[0]
        .state
        .keys()
        .filter(|name| b"ftsrdq".contains(&name.0[0]));
    assert_eq!(left.count(), 0, "nothing is left of them");
}

#[test]
fn joined_notes_fit_where_all_notes_do() {
    let mut world = apart();
    let note = |name: &str, note: String| Request::Note {
        name: name.into(),
        note,
    };
    for name in ["bob", "tour"] {
        let half = "n".repeat(crate::limits::NOTE_BYTES_MAX / 2);
        assert!(world.ask(0, note(name, half)).is_ok());
    }
    assert_eq!(world.join("tour", "bob").err(), Some(Refusal::NoteTooLong));
    assert!(world.ask(0, note("tour", "à lui".into())).is_ok());
    assert!(world.join("tour", "bob").is_ok());
    assert!(world.person("bob").note.ends_with("n\nà lui"));
}

#[test]
fn no_person_has_more_computers_or_notes_than_a_backup_holds() {
    let most = COMPUTERS_MAX as u32;
    let mut engine = crate::engine::testing::with_friends(2 * most);
    let name = |no: u32| format!("ami.{no}");
    for no in 1..most {
        assert!(engine.join_computers(&name(no), &name(0)).is_ok());
    }
    let more = engine.join_computers(&name(most), &name(0));
    assert_eq!(more.err(), Some(Refusal::TooManyComputers));
    // As many notes as all may have: joining two would add the end of a line.
    let mut engine = crate::engine::testing::with_friends(40);
    let most = NOTES_BYTES_MAX / 40;
    for no in 0..40 {
        let long = if no == 0 {
            NOTES_BYTES_MAX - 39 * most
        } else {
            most
        };
        assert!(engine.note(&name(no), "n".repeat(long)).is_ok());
    }
    let joined = engine.join_computers(&name(1), &name(0));
    assert_eq!(joined.err(), Some(Refusal::NotesFull));
}

#[test]
fn a_backup_knows_whose_computers_they_are() {
    let world = &mut one_with_two();
    let lock = crate::vault::BackupLock::new(b"x", crate::vault::Cost::FLOOR, [9; 32]).unwrap();
    let Ok(Answer::Backup { file, .. }) = world.ask(0, Request::Backup(Box::new(lock))) else {
        panic!("no backup");
    };
    let backup = crate::vault::open_backup(&file, b"x").unwrap();
    let (engine, _) = Engine::restore(world.now, [7; 32], &backup).unwrap_or_else(|_| panic!());
    assert_eq!(engine.computers(0), [0, 1]);
}
