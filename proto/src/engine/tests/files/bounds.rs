//! What a friend's program, a full disk or time can do with files, and no more.

use super::scene::{BYTES, offered, picture};
use crate::engine::tests::world::World;
use crate::engine::*;
use crate::limits::{
    BODIES_BYTES_MIN, FILE_BYTES_MAX, FILE_CHUNK_BYTES, FILE_STARTS_MAX, FILES_FROM_FRIEND_MAX,
    FILES_TO_FRIEND_MAX, FILES_TOLD_PER_DAY_MAX, POST_MINUTES,
};
use crate::message::{FileChunk, FileHead, FileWord};

#[test]
fn a_piece_that_was_not_asked_for_is_not_kept() {
    let mut world = offered();
    world.run_for(1);
    let id = world.nodes[1].engine.files.the_only().id();
    let send = |world: &mut World, id, index, bytes| {
        let bytes = Said::new(vec![7; bytes]);
        let chunk = FileChunk { id, index, bytes };
        let _ = world.nodes[1].engine.they_send_chunk(0, &chunk);
        world.tell(1, Input::Tick);
        world.traces(1)
    };
    assert_eq!(
        send(&mut world, id, 0, FILE_CHUNK_BYTES),
        1,
        "before the yes"
    );
    world.reachable = false;
    world.take_first().unwrap();
    world.queue.clear();
    for (id, index, bytes) in [
        ([9; 16], 0, FILE_CHUNK_BYTES),
        (id, 0, FILE_CHUNK_BYTES - 1),
        (id, 3, FILE_CHUNK_BYTES),
        (id, 3, 999),
        (id, 4, 1),
        (id, u32::MAX, 1),
    ] {
        assert_eq!(
            send(&mut world, id, index, bytes),
            1,
            "piece {index} of {bytes}"
        );
    }
    assert!(
        send(&mut world, id, 3, 1000) > 1,
        "the last one, with its length"
    );
}

#[test]
fn a_million_offers_are_as_few_as_may_wait_and_a_human_hears_of_some() {
    crowd(1_000_000);
}

pub(super) fn crowd(offers: u32) {
    let mut world = World::friends();
    let head = |n: u32| FileHead {
        id: core::array::from_fn(|at| n.to_le_bytes().get(at).copied().unwrap_or(1)),
        size: if n.is_multiple_of(3) {
            u64::MAX - u64::from(n)
        } else {
            u64::from(n % 70_000)
        },
        hash: [1; 32],
        name: "../../x\u{202e}gnp".to_owned(),
    };
    for n in 0..offers {
        let _ = world.nodes[1].engine.they_offer_file(0, &head(n));
        if n.is_multiple_of(100_000) {
            world.tell(1, Input::Tick);
        }
    }
    world.tell(1, Input::Tick);
    let cards = world.cards(1);
    assert_eq!(cards.len(), FILES_FROM_FRIEND_MAX);
    assert!(
        cards
            .iter()
            .all(|card| card.name == "xgnp" && card.bytes > 0 && card.bytes <= FILE_BYTES_MAX)
    );
    // Offered and taken back, again and again: told of some, and numbers go on.
    for n in 0..200 {
        let id = cards[0].id;
        let _ = world.nodes[1].engine.they_offer_file(0, &head(n));
        world.ask(1, Request::DropFile { id: id + n }).ok();
    }
    assert!(world.news(1).len() <= FILES_TOLD_PER_DAY_MAX as usize);
}

#[test]
fn who_offers_and_takes_back_all_day_is_heard_of_a_few_times() {
    let mut world = World::friends();
    for n in 0..200u16 {
        let head = FileHead {
            id: core::array::from_fn(|at| n.to_le_bytes().get(at).copied().unwrap_or(1)),
            size: 10,
            hash: [1; 32],
            name: "x".to_owned(),
        };
        let engine = &mut world.nodes[1].engine;
        engine.they_offer_file(0, &head).unwrap();
        engine.they_say_of_file(0, &head.id, FileWord::No).unwrap();
        world.tell(1, Input::Tick);
    }
    let most = 2 * FILES_TOLD_PER_DAY_MAX as usize;
    assert_eq!(world.news(1).len(), most, "offered, and taken back");
    // What a person took without having been told of it they hear of again.
    world.offer_file("tard", 10).unwrap();
    world.run_for(5);
    world.take_first().unwrap();
    world.run_for(5);
    assert_eq!(world.news(1)[most..], [FileNews::Whole]);
}

#[test]
pub(super) fn files_have_a_share_of_the_disk_on_both_sides_and_no_more() {
    let mut world = World::friends();
    for n in 0..2 {
        let settings = Settings {
            post_min: POST_MINUTES,
            keep_min: 0,
            ways: crate::profile::Ways::default(),
            hurries: false,
            bodies_bytes: BODIES_BYTES_MIN,
        };
        world.tell(n, Input::Settings(settings));
    }
    let share = BODIES_BYTES_MIN as usize / 4;
    assert!(matches!(
        world.offer_file("grand", share + 1),
        Err(Refusal::NoRoomForFile { left }) if left == share as u64
    ));
    assert_eq!(world.offer_file("rien", 0), Err(Refusal::EmptyFile));
    let too_long = FILE_BYTES_MAX as usize + 1;
    assert_eq!(
        world.offer_file("trop", too_long),
        Err(Refusal::FileTooLong)
    );
    world.offer_file("juste", share).unwrap();
    assert!(matches!(
        world.offer_file("un", 1),
        Err(Refusal::NoRoomForFile { left: 0 })
    ));
    world.run_for(1);
    // Of theirs only what my human takes counts.
    let head = |n: u8, size| FileHead {
        id: [n; 16],
        size,
        hash: [0; 32],
        name: "x".into(),
    };
    for n in 0..4 {
        let _ = world.nodes[1]
            .engine
            .they_offer_file(0, &head(n, share as u64 - 1));
    }
    world.take_first().unwrap();
    let second = world.cards(1)[1].id;
    assert!(matches!(
        world.ask(1, Request::TakeFile { id: second }),
        Err(Refusal::NoRoomForFile { left: 0 })
    ));
    world.tell(1, Input::Room { full: true });
    assert!(matches!(
        world.ask(1, Request::TakeFile { id: second }),
        Err(Refusal::DiskFull)
    ));
}

#[test]
fn a_full_disk_holds_a_file_up_and_loses_nothing_of_it() {
    let mut world = offered();
    world.run_for(1);
    world.take_first().unwrap();
    world.tell(1, Input::Room { full: true });
    world.run_for(5);
    assert_eq!(world.cards(1)[0].done, 0);
    world.tell(1, Input::Room { full: false });
    world.run_for(5);
    assert_eq!(world.states(1), [FileState::Whole]);
    assert_eq!(world.read_out(), picture(BYTES));
}

#[test]
fn so_many_files_and_no_more_go_to_one_friend() {
    let mut world = World::friends();
    for _ in 0..FILES_TO_FRIEND_MAX {
        world.offer_file("a", 10).unwrap();
    }
    assert_eq!(world.offer_file("a", 10), Err(Refusal::TooManyFiles));
    world.run_for(1);
    world.drop_first(1);
    world.run_for(1);
    assert!(world.offer_file("a", 10).is_ok(), "one was refused");
}

#[test]
fn what_was_half_handed_in_is_dropped_at_the_start_and_after_a_while() {
    for restart in [true, false] {
        let mut world = World::friends();
        let request = Request::OfferFile {
            to: "bob".into(),
            name: "x".into(),
            bytes: BYTES as u64,
        };
        let Ok(Answer::File(card)) = world.ask(0, request) else {
            panic!("no file")
        };
        let id = card.id;
        let fill = |index, bytes| Request::FillFile {
            id,
            index,
            bytes: Said::new(vec![1; bytes]),
        };
        assert!(world.ask(0, fill(0, FILE_CHUNK_BYTES)).is_ok());
        for (index, bytes) in [(0, FILE_CHUNK_BYTES), (2, FILE_CHUNK_BYTES), (1, 5), (1, 0)] {
            let answer = world.ask(0, fill(index, bytes));
            assert_eq!(answer.err(), Some(Refusal::NoSuchFile), "{index}");
        }
        assert!(world.traces(0) > 10);
        match restart {
            true => world.stop(0),
            false => world.run_for(11 * 60),
        }
        world.run_for(1);
        assert_eq!((world.states(0), world.traces(0)), (vec![], 0), "{restart}");
        assert!(world.states(1).is_empty(), "the friend never heard of it");
    }
}

#[test]
fn nothing_outlives_the_post_time_the_friend_or_a_no() {
    let mut world = offered();
    world.pass_days(31);
    assert!(world.states(0).is_empty() && world.states(1).is_empty());
    assert!(world.traces(0) == 0 && world.traces(1) == 0);
    assert_eq!(world.news(0), [FileNews::Ended]);

    let mut world = offered();
    world.run_for(1);
    world.take_first().unwrap();
    world.run_for(2);
    assert_eq!(world.states(1), [FileState::Whole]);
    world.pass_days(31);
    assert_eq!(
        world.states(1),
        [FileState::Whole],
        "what came waits for its human"
    );
    assert!(world.ask(1, Request::Remove { name: "ada".into() }).is_ok());
    assert_eq!(world.traces(1), 0);

    let mut world = offered();
    assert!(world.ask(0, Request::Remove { name: "bob".into() }).is_ok());
    assert_eq!(world.traces(0), 0);
}

#[test]
fn a_disk_that_went_back_asks_again_and_not_for_ever() {
    let mut world = offered();
    world.run_for(1);
    world.take_first().unwrap();
    for _ in 0..4 {
        let (n, input) = world.queue.pop_front().unwrap();
        world.tell(n, input);
    }
    let no = *world.nodes[0].engine.files.numbers().first().unwrap();
    let id = world.nodes[0].engine.files.the_only().id();
    for _ in 0..100 {
        let _ = world.nodes[0]
            .engine
            .they_say_of_file(0, &id, FileWord::Go(0));
    }
    let again = 4 * u32::from(FILE_STARTS_MAX);
    let (before, waiting) = (world.losses.sent, world.nodes[0].engine.chunks_waiting(no));
    assert!(waiting.len() <= 4);
    world.run_for(10);
    assert!(world.losses.sent - before <= 2 * again + 12);
    assert_eq!(world.states(1), [FileState::Whole]);
    assert_eq!(world.read_out(), picture(BYTES));
    assert!(world.states(0).is_empty());
}
