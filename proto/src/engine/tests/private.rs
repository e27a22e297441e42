//! What I alone decide about a friend: it outlives this process and this disk, and nobody hears of it.

use super::world::World;
use crate::engine::*;
use crate::vault::{BackupLock, Cost, open_backup};

impl World {
    fn block(&mut self, blocked: bool) {
        let name = "bob".to_owned();
        let answer = self.ask(0, Request::Block { name, blocked });
        assert!(matches!(answer, Ok(Answer::Changed(card)) if card.blocked == blocked));
    }
}

#[test]
fn who_is_blocked_stays_blocked_over_a_restart_and_in_a_backup() {
    let mut world = World::friends();
    world.block(true);
    world.stop(0);
    assert!(world.friend(0).private.blocked);
    let lock = BackupLock::new(b"x", Cost::FLOOR, [9; 32]).unwrap();
    let Ok(Answer::Backup { file, .. }) = world.ask(0, Request::Backup(Box::new(lock))) else {
        panic!("no backup");
    };
    let backup = open_backup(&file, b"x").unwrap();
    let (engine, _) = Engine::restore(world.now, [7; 32], &backup).unwrap_or_else(|_| panic!());
    assert!(engine.friends[&0].private.blocked);
    world.block(false);
    assert!(
        !world.nodes[0].state.keys().any(|name| name.0[0] == b'q'),
        "nothing is left of it"
    );
}

#[test]
fn whom_i_muted_arrives_and_is_counted_and_nobody_is_told() {
    let mut world = World::friends();
    let told = |world: &World| {
        let events = world.nodes[0].events.iter();
        events
            .filter(|event| matches!(event, Event::Message { .. } | Event::Online { .. }))
            .count()
    };
    let before = told(&world);
    let mute = |muted| Request::Mute {
        name: "bob".into(),
        muted,
    };
    assert!(world.ask(0, mute(true)).is_ok());
    world.stop(0);
    world.run_for(30);
    world.send(1, "ada", "tout bas").unwrap();
    world.run_for(30);
    assert_eq!(
        (told(&world), world.texts(0)),
        (before, vec!["tout bas".to_owned()])
    );
    assert!(world.ask(0, mute(false)).is_ok());
    world.send(1, "ada", "tout haut").unwrap();
    world.run_for(30);
    assert_eq!(told(&world), before + 1);
}

#[test]
fn what_i_note_is_kept_until_i_erase_it_or_the_friend() {
    let mut world = World::friends();
    let note = |note: &str| Request::Note {
        name: "bob".into(),
        note: note.into(),
    };
    assert!(world.ask(0, note("rencontré au jardin")).is_ok());
    world.stop(0);
    assert_eq!(world.friend(0).private.note, "rencontré au jardin");
    let long = "n".repeat(crate::limits::NOTE_BYTES_MAX + 1);
    assert_eq!(world.ask(0, note(&long)).err(), Some(Refusal::NoteTooLong));
    let stored = |world: &World| world.nodes[0].state.keys().any(|name| name.0[0] == b'q');
    assert!(stored(&world) && world.ask(0, note("")).is_ok() && !stored(&world));
    assert!(world.ask(0, note("encore")).is_ok() && stored(&world));
    assert!(world.ask(0, Request::Remove { name: "bob".into() }).is_ok());
    assert!(!stored(&world));
}

#[test]
fn a_code_of_whom_i_blocked_is_not_taken_and_mine_do_not_make_them_a_friend() {
    let mut world = World::friends();
    world.block(true);
    let code = world.invite(1, "ada2");
    let accept = Request::Accept {
        code,
        name: "zoe".into(),
        nick: String::new(),
    };
    let blocked = Refusal::Blocked {
        petname: "bob".into(),
    };
    assert_eq!(world.ask(0, accept).err(), Some(blocked));
    // Whoever forgot me may have an invitation of mine that was meant for somebody else.
    let code = world.invite(0, "lise");
    let gone = Request::Remove { name: "ada".into() };
    assert!(world.ask(1, gone).is_ok());
    world.accept(1, &code, "ada");
    world.run_for(60);
    assert!(!world.friend(1).settled && world.friend(1).live.link.is_none());
    assert_eq!(world.nodes[0].engine.friends.len(), 1);
}
