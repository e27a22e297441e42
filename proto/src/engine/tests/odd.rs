//! A friend whose program says what no program of ours would: numbers at their ends, kinds that do not
//! exist yet. Nothing of it stops a node, and nothing honest waits for it.

use super::world::World;
use crate::edge::{Answer as EdgeAnswer, Ask, Share};
use crate::engine::*;
use crate::limits::{EPOCH_END, KEEP_MINUTES, KEEP_MINUTES_MAX};
use crate::message::{self, MessageId, Payload, Text, Timer};
use crate::secret::Said;
use crate::vault::Name;

/// Ada says something that her program has no word for.
fn say(world: &mut World, payload: &[u8]) {
    world.draws += 1;
    let mut entropy = crate::kdf::Entropy::new([world.draws as u8; 32]);
    let session = world.friend(0).sessions.active.as_mut().unwrap();
    let parcel = session.seal(payload, 1, &mut entropy).unwrap().bytes;
    world.tell(1, Input::Parcel(parcel));
    world.run_for(1);
}

fn talk(world: &mut World) {
    for n in 0..2 {
        let before = world.texts(1 - n).len();
        world.send(n, ["bob", "ada"][n], "encore").unwrap();
        world.run_for(5);
        assert_eq!(world.texts(1 - n).len(), before + 1);
    }
}

/// Attack 34: what is to be kept until, when it was written, which one it is, which epoch is wanted.
#[test]
fn no_time_and_no_number_of_a_friend_is_too_large() {
    let mut world = World::friends();
    talk(&mut world);
    let id = |n: u8| -> MessageId { [n; 16] };
    let text = |number: u32, minute: u32| {
        Payload::Text(Text {
            incarnation: u16::MAX,
            number,
            minute,
            keep: u32::MAX,
            text: Said::new(b"pour toujours".to_vec()),
        })
    };
    let share = || Share::new([7; 32]);
    let mut said = vec![text(u32::MAX, u32::MAX), text(0, 0), text(u32::MAX, 0)];
    let (number, limit) = (u32::MAX, u32::MAX);
    said.push(Payload::Timer(Timer { number, limit }));
    for epoch in [0, EPOCH_END - 1, EPOCH_END, u32::MAX - 1, u32::MAX] {
        let (share, tag) = (share(), [7; 16]);
        said.push(Payload::EdgeRekeyAck(EdgeAnswer { epoch, share, tag }));
    }
    for epoch in [0, EPOCH_END, u32::MAX - 1, u32::MAX] {
        let share = share();
        said.push(Payload::EdgeRekey(Ask { epoch, share }));
    }
    for (n, payload) in said.iter().enumerate() {
        say(&mut world, &message::encode(&id(n as u8), payload));
    }
    assert!(world.friend(1).timer.theirs.0 <= KEEP_MINUTES_MAX);
    assert_eq!(world.friend(1).edges.one().unwrap().highest(), 0);
    // Shown at once or, since one before them may come, after a day; and they end as all do.
    world.pass_days(2);
    let shown = world.texts(1);
    assert_eq!(
        shown.iter().filter(|text| *text == "pour toujours").count(),
        3
    );
    world.read_all(1);
    world.pass_days(KEEP_MINUTES / (24 * 60) + 1);
    assert!(world.nodes[1].bodies.is_empty());
    world.restart(1);
    world.run_for(30);
    talk(&mut world);
}

/// Attack 37: every kind that this version does not know.
#[test]
fn what_a_later_version_says_is_acknowledged_and_holds_nothing_up() {
    let mut world = World::friends();
    talk(&mut world);
    let says = |kind: u8| [&[kind][..], &[kind; 16], b"of a later version"].concat();
    let unknown = |kind: &u8| matches!(message::decode(&says(*kind)), Ok((_, Payload::Unknown)));
    let kinds: Vec<_> = (0..=255).filter(unknown).collect();
    assert!(kinds.len() > 200);
    for kind in kinds {
        let id = [kind; 16];
        let sealed = |world: &mut World| {
            let session = world.friend(1).sessions.active.as_ref().unwrap();
            let progress = session.progress();
            (progress.sent_chain, progress.sent_n)
        };
        let before = sealed(&mut world);
        say(&mut world, &says(kind));
        assert!(world.friend(1).seen.knows(&id), "kind {kind}");
        assert_ne!(sealed(&mut world), before, "kind {kind} is acknowledged");
        if kind % 50 == 0 {
            talk(&mut world);
        }
    }
    talk(&mut world);
}

/// Attack 19, of an author's numbers: they end, and do not begin anew.
#[test]
fn who_has_used_all_numbers_is_refused_and_none_is_used_twice() {
    let mut world = World::friends();
    world.friend(0).traffic.last_number = u32::MAX - 1;
    assert!(world.send(0, "bob", "last").is_ok());
    let before = world.nodes[0].state.clone();
    for _ in 0..3 {
        let refused = world.send(0, "bob", "one too many");
        assert!(matches!(refused, Err(Refusal::OutboxFull)));
    }
    assert!(world.nodes[0].state == before);
    assert_eq!(world.friend(0).traffic.last_number, u32::MAX);
}

/// Nor is it written over: which records a later version has, this one cannot know.
#[test]
fn what_a_later_version_wrote_is_called_that_and_not_damaged() {
    let mut world = World::friends();
    talk(&mut world);
    let records = || world.nodes[0].state.iter();
    let opened = |records| Engine::open(world.now, [9; 32], records).map(|_| ());
    for (changed, body) in records() {
        let newer = |(name, body): (&Name, &Said)| {
            let mut body = body.clone();
            body[0] += u8::from(name == changed);
            (name.clone(), body)
        };
        let read = opened(records().map(newer).collect::<Vec<_>>());
        assert_eq!(read, Err(OpenError::TooNew));
        // A name that this version does not have, said by that one or by nobody.
        let mut unheard = Said::new(vec![0]);
        for (version, is) in [
            (body[0] + 1, OpenError::TooNew),
            (body[0], OpenError::BadRecords),
        ] {
            unheard[0] = version;
            let more = records().map(|(name, body)| (name.clone(), body.clone()));
            let more = more.chain([(Name(b"?".to_vec()), unheard.clone())]);
            assert_eq!(opened(more.collect()), Err(is));
        }
    }
}
