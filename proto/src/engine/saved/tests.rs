//! Names and records: read back as they were written, within their bounds, and never by guessing.

use super::*;
use crate::engine::introductions::IntroductionRecord;
use crate::friend::{Introduced, Private, Saying, SeenEntry, Shown, Told, Traffic, Trust};
use crate::limits::{
    CANDIDATE_ROOTS_MAX, COMPUTERS_MAX, FRIEND_ADDRS_MAX, FRIENDS_MAX, INTRODUCERS_MAX,
    INTRODUCTION_NOTE_BYTES_MAX, INVITE_ADDRS_MAX, INVITE_TAGS_MAX, NICK_BYTES_MAX, NOTE_BYTES_MAX,
    PETNAME_BYTES_MAX, STAMP_END, STAMPS_SEEN_MAX, ZONE_DAYS_MAX, ZONE_NOTE_BYTES_MAX,
    ZONE_NOTES_BYTES_MAX,
};
use crate::link::stamps::Stamps;
use crate::ratchet::{Block, BlockRecord, SessionRecord};
use crate::secret::Key;
use crate::time::Now;
use crate::vault::Name;

#[test]
fn every_name_is_read_back_as_what_it_names() {
    let block = Block { chain: 7, index: 9 };
    for saved in [
        Saved::Identity,
        Saved::Node,
        Saved::Friend(1),
        Saved::Traffic(2),
        Saved::Sessions(3),
        Saved::Answer(4),
        Saved::Session(4, u32::MAX),
        Saved::Third(5),
        Saved::Block(5, 6, block),
        Saved::Seen(6, 8),
        Saved::Invite(9),
        Saved::Join(10),
        Saved::Entry(u64::MAX),
        Saved::Arrival(12),
        Saved::Former,
        Saved::Renewal(13),
        Saved::Private(14),
        Saved::Trust(15),
        Saved::Shown(15),
        Saved::Heard(16, u32::MAX),
        Saved::Introduction(16),
        Saved::Introductions,
        Saved::Roads(17),
        Saved::Reach,
        Saved::Onion,
        Saved::File(17),
        Saved::Chunk(17, 0),
        Saved::Chunk(17, u32::MAX),
        Saved::Group(18, u64::MAX, u32::MAX),
        Saved::Group(18, 0, 0),
        Saved::Stray(u64::MAX),
    ] {
        assert_eq!(Saved::of(&saved.name()), Some(saved));
    }
    assert_eq!(Saved::of(&Name(b"f".to_vec())), None);
    let mut longer = Saved::Friend(1).name();
    longer.0.push(0);
    assert_eq!(Saved::of(&longer), None);
}

/// Every list as long as its bound lets it grow, every number as wide as it can be.
#[test]
fn the_largest_record_of_each_kind_fits_the_vault() {
    const WIDE: u32 = u32::MAX;
    let long = |bytes: usize| "n".repeat(bytes);
    let addrs = |count| vec![Addr::Onion([255; 32], u16::MAX); count];
    let invite = InviteRecord {
        name: long(PETNAME_BYTES_MAX),
        nick: long(NICK_BYTES_MAX),
        expiry_min: WIDE,
        secret: Key::fill(|_| ()).keep(),
        addrs: addrs(INVITE_ADDRS_MAX),
        language: Language::English,
        asked: vec![[255; 16]; INVITE_TAGS_MAX],
        claimed: Some(WIDE),
        retries: (WIDE, WIDE),
    };
    let private = Private {
        blocked: true,
        muted: true,
        note: long(NOTE_BYTES_MAX),
    };
    let introduced = Introduced {
        by: WIDE,
        minute: WIDE,
        said: long(INTRODUCTION_NOTE_BYTES_MAX),
    };
    let trust = Trust {
        met_min: WIDE,
        compared_min: WIDE,
        by_introduction: true,
        introduced: vec![introduced; INTRODUCERS_MAX],
    };
    let notes = |n: u32| {
        let left = ZONE_NOTES_BYTES_MAX.saturating_sub(n as usize * ZONE_NOTE_BYTES_MAX);
        long(left.min(ZONE_NOTE_BYTES_MAX))
    };
    let saying = |n: u32| Saying {
        note: notes(n),
        days: ZONE_DAYS_MAX,
    };
    let shown = Shown {
        names: (0..FRIENDS_MAX as u32)
            .map(|n| (WIDE - n, saying(n)))
            .collect(),
        held_until: WIDE,
    };
    let told = Told {
        label: long(PETNAME_BYTES_MAX),
        tags: vec![[255; 16]; COMPUTERS_MAX],
        // What is cleaned is three times as long at most.
        note: long(3 * ZONE_NOTE_BYTES_MAX),
        minute: WIDE,
        until: WIDE,
    };
    let friend = FriendRecord {
        petname: long(PETNAME_BYTES_MAX),
        nick: long(NICK_BYTES_MAX),
        point: [255; 32],
        since_min: WIDE,
        joined: true,
        settled: true,
        copied: true,
        linked: true,
        edges: (0..CANDIDATE_ROOTS_MAX)
            .map(|_| EdgeRecord::largest())
            .collect(),
        addrs: addrs(FRIEND_ADDRS_MAX),
        language: Language::English,
        safety: Some([255; 32]),
        keep: Some(WIDE),
        timer: Timers {
            mine: (WIDE, WIDE),
            theirs: (WIDE, WIDE),
            agreed: WIDE,
        },
    };
    let sessions = SessionsRecord {
        offer: Some((OfferRecord::largest(), u64::MAX, [255; 16])),
        active: Some(WIDE),
        previous: Some((WIDE, WIDE)),
        pending: Some(PendingRecord {
            number: WIDE,
            continuous: true,
            stamp: u64::MAX,
            offer_tag: [255; 16],
            root: [255; 16],
        }),
        parked: Some((WIDE, true)),
        last: WIDE,
        wanted: true,
        lost_here: true,
        gap: true,
        resets: Resets::default(),
    };
    let [skipped, field] = BlockRecord::largest();
    let bodies = [
        encode(largest_traffic()),
        encode(private),
        encode(trust),
        encode(IntroductionRecord::largest()),
        encode(crate::engine::files::File::largest()),
        encode(shown),
        encode(told),
        encode(invite),
        encode(friend),
        encode(sessions),
        encode(SessionRecord::largest()),
        encode(skipped),
        encode(field),
        encode(vec![([255u8; 16], [255u8; 16]); crate::friend::SEEN_BLOCK]),
        encode(vec![255u8; crate::limits::BUCKETS[0]]),
    ];
    for body in bodies {
        assert!(body.len() > 1 && body.len() <= RECORD_BODY_BYTES_MAX);
    }
}

fn largest_traffic() -> Traffic {
    let stamps = || {
        let mut stamps = Stamps::default();
        stamps.settle(STAMP_END - 1000);
        let stamps_seen = (1..=STAMPS_SEEN_MAX as u64).map(|n| STAMP_END - n);
        assert!(stamps_seen.into_iter().all(|stamp| stamps.accept(stamp)));
        stamps
    };
    Traffic {
        link_stamps: stamps(),
        ake_stamps: stamps(),
        recovery_stamps: crate::friend::Recovery {
            link: stamps(),
            ake: stamps(),
        },
        last_stamp: u64::MAX,
        incarnation: u16::MAX,
        last_number: u32::MAX,
        shown: (u16::MAX, u32::MAX),
        acknowledged: (u32::MAX, u32::MAX),
        last_seen_min: u32::MAX,
        rotation: crate::friend::Rotation {
            since: u32::MAX,
            links: u32::MAX,
            asked: u32::MAX,
            recovers: true,
            made: vec![([255; 32], u64::MAX); 4],
        },
    }
}

/// These records, as the vault would give them.
fn stored(records: impl IntoIterator<Item = (Saved, Said)>) -> Stored {
    let records = records
        .into_iter()
        .map(|(saved, body)| (saved.name(), body));
    Stored::read(records).unwrap()
}

/// Found by the fuzz target `store`: the next message would have been numbered beyond the last.
#[test]
fn a_counter_that_no_node_comes_to_is_no_record_of_ours() {
    let now = Now {
        wall_ms: 0,
        boot_ms: 0,
    };
    let opens = |change: fn(&mut Counters)| {
        let mut counters = Counters::default();
        change(&mut counters);
        let age = AgeRecord::default();
        let node = stored([(Saved::Node, encode(NodeRecord { counters, age }))]);
        node.node(now).is_ok()
    };
    assert!(opens(|_| ()) && opens(|c| c.next_entry = u64::MAX / 2));
    assert!(!opens(|c| c.next_friend = u32::MAX) && !opens(|c| c.next_invite = u32::MAX));
    assert!(!opens(|c| c.next_entry = u64::MAX) && !opens(|c| c.next_arrival = u64::MAX));
    assert!(!opens(|c| c.next_seq = u64::MAX));
}

#[test]
fn two_messages_in_one_place_are_no_records_of_ours() {
    let arrival = |seq| Arrival {
        friend: 1,
        incarnation: 1,
        number: 2,
        received_min: 3,
        claimed_min: 4,
        length: 5,
        limit: 6,
        seq,
        group: None,
    };
    let line = |seq| Line {
        friend: 1,
        seq,
        minute: 2,
        length: 3,
        since: 4,
        limit: 5,
        arrived: true,
        from: None,
        to_all: false,
    };
    let unread = |id, seq| {
        let record = ArrivalRecord::Unread(arrival(seq));
        (Saved::Arrival(id), encode(record))
    };
    let kept = |id, seq| (Saved::Entry(id), encode(EntryRecord::Kept(line(seq))));
    let opens = |records: Vec<_>| stored(records).words().is_ok();
    assert!(opens(vec![
        unread(1, Some(7)),
        unread(2, Some(8)),
        unread(3, None)
    ]));
    assert!(!opens(vec![unread(1, Some(7)), unread(2, Some(7))]));
    assert!(opens(vec![kept(1, 7), kept(2, 8)]) && !opens(vec![kept(1, 7), kept(2, 7)]));
}

#[test]
fn a_length_bomb_in_a_record_is_refused_before_it_is_allocated() {
    let mut bomb = vec![VERSION, 253];
    bomb.extend(u64::MAX.to_le_bytes());
    assert!(decode::<Vec<SeenEntry>>(&bomb).is_err());
    assert!(decode::<Vec<u8>>(&bomb).is_err());
    assert!(decode::<u8>(&[VERSION, 1, 2]).is_err(), "trailing bytes");
    assert!(decode::<u8>(&[VERSION + 1, 1]).is_err(), "another version");
}
