//! Files between two engines: asked about first, whole or not at all, resumed wherever it was cut, and
//! bounded whatever a friend's program does.

mod bounds;
#[cfg(feature = "planted")]
mod planted;
mod scene;

use super::world::World;
use crate::engine::*;
use crate::limits::{BUCKETS, FILE_CHUNK_BYTES, FILE_CHUNKS_WAITING_MAX, FILE_LINK_BYTES};
use scene::{BYTES, offered, picture};

#[test]
fn a_file_is_asked_about_first_and_arrives_bit_for_bit() {
    let mut world = offered();
    world.run_for(5);
    let Ok(Answer::Waiting(waiting)) = world.ask(1, Request::Waiting) else {
        panic!("nobody waits")
    };
    let WaitsAs::File { by, name, bytes } = &waiting[0].waits else {
        panic!("not a file")
    };
    assert_eq!(
        (by.as_str(), name.as_str(), *bytes),
        ("ada", "affiche.png", BYTES as u64)
    );
    assert_eq!(world.traces(1), 1, "before the yes there is no piece of it");
    assert_eq!(world.states(0), [FileState::Offered]);
    world.take_first().unwrap();
    world.run_for(5);
    assert_eq!(world.states(1), [FileState::Whole]);
    assert_eq!(world.read_out(), picture(BYTES));
    assert!(
        world.states(0).is_empty() && world.traces(0) == 0,
        "the sender has let it go"
    );
    assert_eq!(world.news(0), [FileNews::Taken, FileNews::Arrived]);
    assert_eq!(world.news(1), [FileNews::Offered, FileNews::Whole]);
    world.drop_first(1);
    world.run_for(5);
    assert_eq!(world.traces(1), 0, "and so has who read it out");
    assert_eq!(world.news(0).len(), 2, "of which nobody is told");
}

#[test]
fn whichever_parcel_is_lost_the_file_arrives_once() {
    for lost in 0..14 {
        let mut world = World::friends();
        world.losses.lost = 1 << (world.losses.sent + lost);
        world.offer_file("affiche.png", BYTES).unwrap();
        world.run_for(2);
        world.mend();
        world.take_first().unwrap();
        world.run_for(2);
        world.mend();
        world.mend();
        assert_eq!(world.states(1), [FileState::Whole], "without parcel {lost}");
        assert_eq!(world.read_out(), picture(BYTES));
        assert!(world.states(0).is_empty() && world.traces(0) == 0);
        assert_eq!(world.news(1), [FileNews::Offered, FileNews::Whole]);
    }
}

#[test]
fn wherever_either_is_stopped_the_file_arrives_once() {
    for (after, n) in (0..14).flat_map(|after| [(after, 0), (after, 1)]) {
        let mut world = World::friends();
        world.losses.restart = Some((world.losses.sent + after, n));
        world.offer_file("affiche.png", BYTES).unwrap();
        world.run_for(40);
        world.take_first().unwrap();
        world.run_for(40);
        world.mend();
        assert_eq!(
            world.states(1),
            [FileState::Whole],
            "{n} stopped after {after}"
        );
        assert_eq!(world.read_out(), picture(BYTES));
        assert!(world.states(0).is_empty() && world.traces(0) == 0);
        let whole = world
            .news(1)
            .into_iter()
            .filter(|news| *news == FileNews::Whole);
        assert_eq!(whole.count(), 1);
    }
}

#[test]
fn a_cut_with_both_restarted_sends_again_only_what_was_under_way() {
    let mut world = World::friends();
    let (chunks, bytes) = (40, 40 * FILE_CHUNK_BYTES);
    world.offer_file("affiche.png", bytes).unwrap();
    world.deliver();
    world.take_first().unwrap();
    let mut large = 0;
    while world.cards(1)[0].done < bytes as u64 / 2 {
        let (n, input) = world.queue.pop_front().unwrap();
        large +=
            usize::from(matches!(&input, Input::Frame { body, .. } if body.len() == BUCKETS[2]));
        world.tell(n, input);
    }
    world.stop(0);
    world.stop(1);
    let here = world.cards(1)[0].done as usize / FILE_CHUNK_BYTES;
    assert!((20..40).contains(&here), "in the middle of it");
    let before = world.losses.sent;
    world.run_for(60);
    assert_eq!(world.states(1), [FileState::Whole]);
    assert_eq!(world.read_out(), picture(bytes));
    let again = FILE_LINK_BYTES / BUCKETS[2];
    // A piece and its acknowledgement are two; handshakes and words the rest.
    let most = 2 * (chunks - here + again) + 12;
    assert!(
        (world.losses.sent - before) as usize <= most,
        "{large} before"
    );
}

#[test]
fn what_is_kept_counts_files_and_what_of_them_is_here() {
    let kept = |world: &mut World, n| match world.ask(n, Request::Kept) {
        Ok(Answer::Kept(kept)) => (kept.files, kept.files_bytes),
        _ => panic!("nothing is said"),
    };
    let mut world = offered();
    world.run_for(1);
    assert_eq!(kept(&mut world, 0), (1, BYTES as u64));
    assert_eq!(kept(&mut world, 1), (1, 0), "no piece before the yes");
    world.take_first().unwrap();
    world.run_for(5);
    assert_eq!(kept(&mut world, 0), (0, 0));
    assert_eq!(kept(&mut world, 1), (1, BYTES as u64));
    world.drop_first(1);
    assert_eq!(kept(&mut world, 1), (0, 0));
}

#[test]
fn a_text_overtakes_a_file_and_a_file_never_fills_the_link() {
    let mut world = World::friends();
    world
        .offer_file("affiche.png", 40 * FILE_CHUNK_BYTES)
        .unwrap();
    world.deliver();
    world.take_first().unwrap();
    while world.large_frames() == 0 {
        let (n, input) = world.queue.pop_front().unwrap();
        world.tell(n, input);
    }
    assert_eq!(world.large_frames(), FILE_LINK_BYTES / BUCKETS[2]);
    let waits = world
        .friend(0)
        .outbox
        .entries()
        .filter(|(_, entry)| entry.is_chunk())
        .count();
    assert_eq!(waits, FILE_CHUNKS_WAITING_MAX);
    world.send(0, "bob", "vite").unwrap();
    let Some((1, Input::Frame { body, .. })) = world.queue.back() else {
        panic!("the text does not leave at once")
    };
    assert_eq!(body.len(), BUCKETS[0]);
    world.run_for(60);
    assert_eq!(world.texts(1), ["vite"]);
    assert_eq!(world.states(1), [FileState::Whole]);
}

#[test]
fn either_may_end_it_at_any_point_and_nothing_stays() {
    for (n, steps) in (0..30).flat_map(|steps| [(0, steps), (1, steps)]) {
        let mut world = offered();
        world.run_for(1);
        world.take_first().unwrap();
        for _ in 0..steps {
            if let Some((n, input)) = world.queue.pop_front() {
                world.tell(n, input);
            }
        }
        if !world.states(n).is_empty() && world.states(n) != [FileState::Whole] {
            world.drop_first(n);
            world.run_for(30);
            assert!(
                world.states(0).is_empty()
                    && world
                        .states(1)
                        .iter()
                        .all(|state| *state == FileState::Whole)
            );
            assert_eq!(world.traces(0), 0);
            let kept = if world.states(1).is_empty() { 0 } else { 1 };
            assert!(kept == 1 || world.traces(1) == 0, "{n} after {steps}");
            assert!(world.friend(0).outbox.len() == 0 && world.friend(1).outbox.len() == 0);
        }
    }
    let mut world = offered();
    world.drop_first(1);
    world.run_for(1);
    assert_eq!(world.news(0), [FileNews::Refused]);
    let mut world = offered();
    world.drop_first(0);
    world.run_for(1);
    assert_eq!(world.news(1), [FileNews::Offered, FileNews::Withdrawn]);
}

#[test]
fn what_is_not_what_was_offered_is_erased_on_both_sides() {
    let mut world = offered();
    world.run_for(1);
    // The sender's disk holds something else by now.
    let piece = world.nodes[0]
        .bodies
        .iter_mut()
        .find(|(name, _)| name.0.first() == Some(&b'l'));
    piece.unwrap().1[5] ^= 1;
    world.take_first().unwrap();
    world.run_for(5);
    assert!(world.states(1).is_empty() && world.traces(1) == 0);
    assert!(world.states(0).is_empty() && world.traces(0) == 0);
    assert_eq!(world.news(1), [FileNews::Offered, FileNews::Broken]);
    assert_eq!(world.news(0), [FileNews::Taken, FileNews::Refused]);
}
