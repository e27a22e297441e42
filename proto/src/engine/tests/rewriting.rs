//! An edited line stands in the store as if it had always said so; a forged session leaves nothing.

use super::world::World;
use crate::engine::*;
use crate::forge::{self, End, Transcript, What};
use crate::limits::{CHUNK_BYTES, TEXT_BYTES_MAX};
use crate::parcel::Parcel;

impl World {
    /// Bob writes to Ada and she reads it; she answers. Both lines are history on her disk then.
    fn talked(theirs: &str, mine: &str) -> Self {
        let mut world = Self::friends();
        world.send(1, "ada", theirs).unwrap();
        world.deliver();
        let read = Request::Acknowledge {
            after: 0,
            up_to: u64::MAX,
            from: None,
        };
        world.ask(0, read).ok().unwrap();
        world.send(0, "bob", mine).unwrap();
        world.deliver();
        world
    }

    fn lines(&mut self, n: usize, name: &str) -> Vec<(u64, bool, String)> {
        let request = Request::History {
            name: name.into(),
            before: u64::MAX,
            max: 10,
        };
        let Ok(Answer::History(lines)) = self.ask(n, request) else {
            panic!("no history");
        };
        let lines = lines.into_iter().map(|line| {
            let text = self.body(n, line.text).unwrap();
            (
                line.seq,
                line.mine.is_some(),
                String::from_utf8(text).unwrap(),
            )
        });
        lines.collect()
    }

    fn edit(&mut self, name: &str, seq: u64, text: &str) -> Result<Answer, Refusal> {
        let (name, text) = (name.into(), Said::new(text.as_bytes().to_vec()));
        self.ask(0, Request::Edit { name, seq, text })
    }

    /// Everything on a node's disk, the keys of records apart.
    fn disk(&self, n: usize) -> Vec<(Name, Vec<u8>)> {
        let node = &self.nodes[n];
        let all = node.state.iter().chain(&node.bodies);
        all.map(|(name, body)| (name.clone(), body.to_vec()))
            .collect()
    }
}

/// The first node's disk, with or without the tags of parcels that came.
fn disk(world: &World, tags: bool) -> Vec<(Name, Vec<u8>)> {
    let mut disk = world.disk(0);
    for (name, body) in &mut disk {
        if name.0[0] == b'd' && !tags {
            body.fill(0);
        }
    }
    disk
}

/// The lengths that a text can have in the store: within a piece, of several, in another bucket.
fn lengths() -> [String; 4] {
    let of = |bytes: usize| "é".repeat(bytes / 2);
    [
        "non".into(),
        of(700),
        of(CHUNK_BYTES + 4),
        of(3 * CHUNK_BYTES),
    ]
}

#[test]
fn an_edited_line_leaves_the_disk_as_if_it_had_always_said_so() {
    for before in lengths() {
        for after in lengths() {
            let mut edited = World::talked(&before, &before);
            let lines = edited.lines(0, "bob");
            for (seq, _, text) in &lines {
                assert_eq!(*text, before);
                assert!(edited.edit("bob", *seq, &after).is_ok());
            }
            let mut always = World::talked(&after, &after);
            assert_eq!(edited.lines(0, "bob"), always.lines(0, "bob"));
            // The tag of a parcel that came stays to know it again; it says nothing of its words, but
            // is that of a parcel of its size.
            let head = crate::message::TEXT_HEAD_BYTES;
            let bucket = |text: &str| crate::parcel::bucket_for(head + text.len());
            let alike = bucket(&before) == bucket(&after);
            let disks = [&edited, &always].map(|world| disk(world, alike));
            assert!(disks[0] == disks[1], "record for record");
            assert_eq!(
                edited.lines(1, "ada"),
                World::talked(&before, &before).lines(1, "ada")
            );
            let events = |world: &World| world.nodes[0].events.clone();
            assert_eq!(events(&edited), events(&always), "nobody is told");
            // What is counted is what would have been counted.
            let kept = |world: &mut World| match world.ask(0, Request::Kept) {
                Ok(Answer::Kept(kept)) => kept,
                _ => panic!("nothing is kept"),
            };
            assert_eq!(kept(&mut edited), kept(&mut always));
            assert_eq!(
                edited.nodes[0].engine.history.total(),
                always.nodes[0].engine.history.total()
            );
        }
    }
}

/// What stood there must not open any more: its leaf has another key, and all that is left under it
/// is written anew.
#[test]
fn an_edit_writes_all_of_the_line_under_a_new_key() {
    let [short, .., long] = lengths();
    for (before, after) in [(&short, &long), (&long, &short)] {
        let mut world = World::talked(before, before);
        for (seq, _, _) in world.lines(0, "bob") {
            let text = Said::new(after.as_bytes().to_vec());
            let name = "bob".into();
            let request = Request::Edit { name, seq, text };
            let asker = AskId(1);
            let now = world.now;
            let engine = &mut world.nodes[0].engine;
            engine.handle(now, [7; 32], Input::Ask { asker, request });
            let step = engine.poll().unwrap();
            let leaf = &step.puts[0].leaf;
            assert!(step.puts.iter().all(|put| put.leaf == *leaf));
            assert!(step.puts.iter().any(|put| put.renew));
            let (pieces, gone) = (step.puts.len() - 1, step.erases.len());
            let whole = before.len().div_ceil(CHUNK_BYTES);
            assert_eq!(pieces, after.len().div_ceil(CHUNK_BYTES));
            assert_eq!(gone, whole.saturating_sub(pieces));
            assert!(step.at_once.is_empty());
            world.commit(0, step.puts, step.erases);
        }
    }
}

#[test]
fn what_cannot_be_edited_is_refused_and_stays() {
    let mut world = World::talked("oui", "bien");
    let lines = world.lines(0, "bob");
    let (first, last) = (lines[0].0, lines[1].0);
    let refused = |answer: Result<Answer, Refusal>| answer.err().unwrap();
    let none = world.edit("bob", last + 1, "x");
    assert_eq!(refused(none), Refusal::NoSuchLine);
    assert_eq!(refused(world.edit("bob", first, "")), Refusal::EmptyText);
    let long = "x".repeat(TEXT_BYTES_MAX + 1);
    assert_eq!(
        refused(world.edit("bob", first, &long)),
        Refusal::TextTooLong
    );
    assert!(matches!(
        refused(world.edit("eve", first, "x")),
        Refusal::NoSuchFriend { .. }
    ));
    world.reachable = false;
    world.cut();
    world.send(0, "bob", "plus tard").unwrap();
    let waits = world.lines(0, "bob")[2].0;
    assert_eq!(
        refused(world.edit("bob", waits, "jamais")),
        Refusal::LineWaits
    );
    world.tell(0, Input::Room { full: true });
    assert_eq!(
        refused(world.edit("bob", first, "ouiii")),
        Refusal::DiskFull
    );
    assert!(
        world.edit("bob", first, "non").is_ok(),
        "no longer than it was"
    );
    assert_eq!(world.lines(0, "bob")[0].2, "non");
}

fn spoken(said: &[(bool, &str)]) -> Vec<Spoken> {
    let spoken = said.iter().map(|(mine, text)| Spoken {
        mine: *mine,
        text: Said::new(text.as_bytes().to_vec()),
    });
    spoken.collect()
}

fn forged(world: &mut World, n: usize, name: &str) -> Said {
    let request = Request::Forge {
        name: name.into(),
        spoken: spoken(&[(true, "tu viens ?"), (false, "oui"), (true, "bien")]),
    };
    match world.ask(n, request) {
        Ok(Answer::Transcript(Body::Here(file))) => file,
        _ => panic!("no transcript"),
    }
}

#[test]
fn each_of_two_friends_forges_what_their_own_node_takes_for_the_other() {
    let mut world = World::friends();
    for (n, name, as_end) in [(0, "bob", End::Responder), (1, "ada", End::Initiator)] {
        let file = forged(&mut world, n, name);
        let transcript = Transcript::from_file(&file).ok().unwrap();
        assert!(transcript.reader == as_end, "the joiner began");
        let heard = forge::verify(&transcript).ok().unwrap();
        let texts = heard.iter().filter(|h| matches!(h.what, What::Text { .. }));
        assert_eq!(texts.count(), 3);
        assert!(
            heard
                .iter()
                .all(|heard| heard.at_ms <= world.now.wall_ms + 1_000)
        );
        let name = name.to_owned();
        let verified = world.ask(n, Request::Verify { name, file });
        assert!(matches!(verified, Ok(Answer::Verified { refused: None })));
    }
    let file = forged(&mut world, 0, "bob");
    let name = "ada".to_owned();
    let theirs = world.ask(1, Request::Verify { name, file });
    assert!(matches!(theirs, Ok(Answer::Verified { refused: Some(_) })));
    let (name, file) = ("bob".to_owned(), Said::new(b"kith".to_vec()));
    let none = world.ask(0, Request::Verify { name, file });
    assert_eq!(none.err(), Some(Refusal::NoTranscript));
}

/// The secrets under which the first session began are erased by the first rotation, at both ends.
#[test]
fn after_new_secrets_nothing_held_tells_a_forged_session_from_a_true_one() {
    let mut world = World::rotating(1000);
    // As true as one can be: under the secrets with which the friendship began.
    let true_one = forged(&mut world, 0, "bob");
    world.rotate(1);
    let made_up = forged(&mut world, 0, "bob");
    for file in [true_one, made_up] {
        let transcript = Transcript::from_file(&file).ok().unwrap();
        let first = Parcel::parse(&transcript.lines[0].parcel).unwrap();
        for n in 0..2 {
            let held = world.friend(n).edges.all();
            let ways = held.flat_map(|keys| [&keys.to, &keys.from]);
            assert_eq!(ways.filter(|way| first.fits(&way.ake_header)).count(), 0);
            let before = world.disk(n);
            for line in &transcript.lines {
                world.tell(n, Input::Parcel(line.parcel.clone()));
            }
            assert_eq!(world.disk(n), before);
            let (name, file) = (["bob", "ada"][n].to_owned(), file.clone());
            let verified = world.ask(n, Request::Verify { name, file });
            assert!(matches!(verified, Ok(Answer::Verified { refused: None })));
        }
    }
}

#[test]
fn a_forged_session_stores_nothing_and_moves_no_session() {
    let mut world = World::friends();
    let before = (world.disk(0), world.nodes[0].events.len());
    let state = |world: &mut World| {
        let session = world.friend(0).sessions.active.as_ref().unwrap();
        let record = bincode::encode_to_vec(session.record(), bincode::config::standard());
        let stamp = world.friend(0).traffic.last_stamp;
        (record.unwrap(), stamp)
    };
    let session = state(&mut world);
    for _ in 0..3 {
        forged(&mut world, 0, "bob");
    }
    assert_eq!((world.disk(0), world.nodes[0].events.len()), before);
    assert_eq!(state(&mut world), session);
    world.send(0, "bob", "tu es là ?").unwrap();
    world.deliver();
    assert_eq!(world.texts(1), ["tu es là ?"]);
}

/// Should a transcript leave the machine, and its parcels reach a node of either friend: its first
/// one is older than what they take, and the rest belongs to no session.
#[test]
fn the_parcels_of_a_forged_session_reach_no_node() {
    let mut world = World::friends();
    for n in 0..2 {
        let name = ["bob", "ada"][n];
        let file = forged(&mut world, n, name);
        let transcript = Transcript::from_file(&file).ok().unwrap();
        for to in 0..2 {
            world.friend(to).sessions.active = None;
            let before = world.disk(to);
            for line in &transcript.lines {
                world.tell(to, Input::Parcel(line.parcel.clone()));
            }
            assert!(world.friend(to).sessions.pending.is_none());
            assert!(world.friend(to).sessions.active.is_none());
            assert_eq!(world.disk(to), before);
        }
    }
}
