//! Files between two engines: asked about first, whole or not at all, resumed wherever it was cut, and
//! bounded whatever a friend's program does.

use super::world::World;
use crate::engine::*;
use crate::limits::{
    BODIES_BYTES_MIN, BUCKETS, FILE_BYTES_MAX, FILE_CHUNK_BYTES, FILE_CHUNKS_WAITING_MAX,
    FILE_LINK_BYTES, FILE_STARTS_MAX, FILES_FROM_FRIEND_MAX, FILES_TO_FRIEND_MAX,
    FILES_TOLD_PER_DAY_MAX, POST_MINUTES,
};
use crate::message::{FileChunk, FileHead, FileWord};

/// Four pieces, the last of them short.
const BYTES: usize = 3 * FILE_CHUNK_BYTES + 1000;

fn picture(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|n| (n * n / 7 + n) as u8).collect()
}

impl World {
    fn offer_file(&mut self, name: &str, bytes: usize) -> Result<u32, Refusal> {
        let request = Request::OfferFile {
            to: "bob".into(),
            name: name.into(),
            bytes: bytes as u64,
        };
        let Answer::File(card) = self.ask(0, request)? else {
            panic!("no file")
        };
        for (index, piece) in (0..).zip(picture(bytes).chunks(FILE_CHUNK_BYTES)) {
            let bytes = Said::new(piece.to_vec());
            let id = card.id;
            self.ask(0, Request::FillFile { id, index, bytes })?;
        }
        Ok(card.id)
    }

    fn cards(&mut self, n: usize) -> Vec<FileCard> {
        match self.ask(n, Request::Files) {
            Ok(Answer::Files(files)) => files,
            _ => panic!("no files"),
        }
    }

    fn states(&mut self, n: usize) -> Vec<FileState> {
        self.cards(n).iter().map(|card| card.state).collect()
    }

    fn take_first(&mut self) -> Result<Answer, Refusal> {
        let id = self.cards(1)[0].id;
        self.ask(1, Request::TakeFile { id })
    }

    fn drop_first(&mut self, n: usize) {
        let id = self.cards(n)[0].id;
        assert!(self.ask(n, Request::DropFile { id }).is_ok());
    }

    fn read_out(&mut self) -> Vec<u8> {
        let card = self.cards(1).remove(0);
        let pieces = (0..).map_while(|index| {
            let id = card.id;
            match self.ask(1, Request::ReadFile { id, index }) {
                Ok(Answer::Piece(body)) => self.body(1, body),
                _ => None,
            }
        });
        pieces.collect::<Vec<_>>().concat()
    }

    /// Records and pieces of files on a disk.
    fn traces(&self, n: usize) -> usize {
        let names = self.nodes[n]
            .state
            .keys()
            .chain(self.nodes[n].bodies.keys());
        names.filter(|name| name.0.first() == Some(&b'l')).count()
    }

    fn news(&self, n: usize) -> Vec<FileNews> {
        let news = self.nodes[n].events.iter().filter_map(|event| match event {
            Event::File { news, .. } => Some(*news),
            _ => None,
        });
        news.filter(|news| !matches!(news, FileNews::Moved { .. }))
            .collect()
    }

    /// Parcels of the largest length on their way to a node.
    fn large_frames(&self) -> usize {
        let large = |(_, input): &&(usize, Input)| matches!(input, Input::Frame { body, .. } if body.len() == BUCKETS[2]);
        self.queue.iter().filter(large).count()
    }

    fn mend(&mut self) {
        self.cut();
        self.run_for(40);
    }
}

/// A file of four pieces, of which the other was asked.
fn offered() -> World {
    let mut world = World::friends();
    world.offer_file("affiche.png", BYTES).unwrap();
    world.deliver();
    world
}

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

fn crowd(offers: u32) {
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

#[test]
fn files_have_a_share_of_the_disk_on_both_sides_and_no_more() {
    let mut world = World::friends();
    for n in 0..2 {
        let settings = Settings {
            post_min: POST_MINUTES,
            keep_min: 0,
            ways: crate::profile::Ways::default(),
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

#[cfg(feature = "planted")]
mod planted {
    use super::*;
    use crate::planted::{Bug, plant};

    #[test]
    fn every_bug_of_files_is_found() {
        let tests: [(Bug, fn()); 6] = [
            (
                Bug::CarriedUnacknowledged,
                crate::engine::tests::carry::a_bundle_may_come_again_in_pieces_in_any_order_and_cut_anywhere,
            ),
            (
                Bug::FilesUnbounded,
                files_have_a_share_of_the_disk_on_both_sides_and_no_more,
            ),
            (
                Bug::FileOffersUnbounded,
                || crowd(100),
            ),
            (
                Bug::FilePieceForgotten,
                wherever_either_is_stopped_the_file_arrives_once,
            ),
            (
                Bug::FileHashIgnored,
                what_is_not_what_was_offered_is_erased_on_both_sides,
            ),
            (
                Bug::FilesFirst,
                a_text_overtakes_a_file_and_a_file_never_fills_the_link,
            ),
        ];
        for (bug, test) in tests {
            plant(Some(bug));
            let found = std::panic::catch_unwind(test).is_err();
            plant(None);
            assert!(found, "{bug:?}");
        }
    }
}
