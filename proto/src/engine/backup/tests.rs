//! Backups that no node can have written, and the longest one.

use super::*;
use crate::engine::testing::with_friends;
use crate::friend::{Introduced, Proposed, Saying};
use crate::limits::{
    INTRODUCERS_MAX, INTRODUCTION_NOTE_BYTES_MAX, ZONE_DAYS_MAX, ZONE_NOTE_BYTES_MAX,
    ZONE_SHOWN_MAX, ZONE_SHOWN_NOTES_BYTES_MAX,
};
use crate::secret::Key;
use crate::vault::testing::backup;

const NOW: Now = Now {
    wall_ms: 1_800_000_000_000,
    boot_ms: 0,
};

/// What comes of a good backup with something else in it, under the right seal.
fn restores(change: impl FnOnce(&mut BackupRecord)) -> bool {
    let mut record = with_friends(2).backup_record();
    change(&mut record);
    let identities = IdentitiesBackup::default();
    let contents: Contents = (record, identities, Vec::new(), Vec::new(), Vec::new());
    opens(VERSION, contents)
}

fn opens(version: u8, contents: impl Encode) -> bool {
    let body = bincode::encode_to_vec(contents, bincode::config::standard()).unwrap();
    let backup = backup(&[&[version][..], &body].concat());
    Engine::restore(NOW, [2; 32], &backup).is_ok()
}

#[test]
fn a_backup_of_an_earlier_version_is_read() {
    let record = || with_friends(2).backup_record();
    assert!(opens(1, record()));
    assert!(opens(2, (record(), IdentitiesBackup::default())));
    let mut renewing = with_friends(2);
    assert!(renewing.renew().is_ok());
    assert!(opens(2, (renewing.backup_record(), renewing.identities())));
    let decided = || (record(), IdentitiesBackup::default(), PrivateBackup::new());
    assert!(opens(3, decided()));
    assert!(!opens(VERSION, record()));
    assert!(!opens(VERSION, (record(), IdentitiesBackup::default())));
    assert!(!opens(VERSION, decided()));
}

#[test]
fn a_backup_that_blocks_nobody_is_refused() {
    let with = |no: u32| {
        let private = Private {
            blocked: true,
            ..Private::default()
        };
        let identities = IdentitiesBackup::default();
        let contents = (
            with_friends(2).backup_record(),
            identities,
            vec![(no, private)],
            TrustBackup::new(),
            ShownBackup::new(),
        );
        opens(VERSION, contents)
    };
    assert!(with(1) && !with(2));
}

#[test]
fn a_backup_with_longer_notes_than_there_can_be_is_refused() {
    let with = |count: u32, bytes: usize| {
        let decided = (0..count).map(|no| {
            let note = "n".repeat(bytes);
            (
                no,
                Private {
                    note,
                    ..Private::default()
                },
            )
        });
        let record = with_friends(32).backup_record();
        opens(
            VERSION,
            (
                record,
                IdentitiesBackup::default(),
                decided.collect::<Vec<_>>(),
                TrustBackup::new(),
                ShownBackup::new(),
            ),
        )
    };
    assert!(with(16, NOTE_BYTES_MAX) && with(32, NOTES_BYTES_MAX / 32));
    assert!(!with(1, NOTE_BYTES_MAX + 1) && !with(32, NOTES_BYTES_MAX / 32 + 1));
}

#[test]
fn a_backup_that_trusts_nobody_or_rests_on_nobody_is_refused() {
    let with = |no: u32, by: u32, introducers: usize| {
        let introduced = (0..introducers).map(|_| Introduced {
            by,
            minute: 1,
            said: String::new(),
        });
        let trust = Trust {
            introduced: introduced.collect(),
            ..Trust::default()
        };
        let identities = IdentitiesBackup::default();
        let record = with_friends(2).backup_record();
        let private = PrivateBackup::new();
        let shown = ShownBackup::new();
        opens(
            VERSION,
            (record, identities, private, vec![(no, trust)], shown),
        )
    };
    assert!(with(1, 0, INTRODUCERS_MAX));
    assert!(!with(2, 0, 1) && !with(1, 2, 1) && !with(1, 0, INTRODUCERS_MAX + 1));
}

#[test]
fn a_backup_that_shows_nobody_or_more_than_can_be_shown_is_refused() {
    let with = |to: u32, change: fn(&mut Shown)| {
        let saying = Saying {
            note: "n".repeat(ZONE_NOTE_BYTES_MAX),
            days: ZONE_DAYS_MAX,
        };
        let mut shown = Shown {
            names: [(0, saying)].into(),
            held_until: 7 * 24 * 60,
        };
        change(&mut shown);
        let record = with_friends(2).backup_record();
        let contents: Contents = (
            record,
            IdentitiesBackup::default(),
            Vec::new(),
            Vec::new(),
            vec![(to, shown)],
        );
        opens(VERSION, contents)
    };
    assert!(with(1, |_| ()) && !with(2, |_| ()));
    let changes: [fn(&mut Shown); 4] = [
        |shown| shown.names.values_mut().for_each(|it| it.days = 0),
        |shown| shown.names.values_mut().for_each(|it| it.note.push('n')),
        |shown| shown.held_until += 1,
        |shown| {
            let saying = shown.names[&0].clone();
            shown.names.insert(2, saying);
        },
    ];
    assert!(changes.iter().all(|change| !with(1, *change)));
}

#[test]
fn a_backup_has_room_for_all_there_can_be_of_as_many_friends_as_there_can_be() {
    let mut engine = with_friends(FRIENDS_MAX as u32);
    assert!(engine.renew().is_ok());
    for (no, friend) in &mut engine.friends {
        friend.petname = Petname::parse(&format!("{}{no}", "é".repeat(29))).unwrap();
        friend.nick = "n".repeat(NICK_BYTES_MAX);
        friend.add_root(Key::fill(|root| root.fill(9)), engine.me.newest());
        friend.addrs = vec![Addr::Onion([255; 32], u16::MAX); BACKUP_ADDRS_MAX];
        friend.private = Private {
            blocked: true,
            muted: true,
            note: "n".repeat(NOTES_BYTES_MAX / FRIENDS_MAX),
        };
        let introduced = |by| Introduced {
            by,
            minute: u32::MAX,
            said: "s".repeat(INTRODUCTION_NOTE_BYTES_MAX),
        };
        friend.trust = Trust {
            met_min: u32::MAX,
            compared_min: u32::MAX,
            by_introduction: true,
            introduced: (0..).take(INTRODUCERS_MAX).map(introduced).collect(),
        };
        let each = ZONE_SHOWN_MAX / FRIENDS_MAX;
        let saying = Saying {
            note: "n".repeat(ZONE_SHOWN_NOTES_BYTES_MAX / ZONE_SHOWN_MAX),
            days: ZONE_DAYS_MAX,
        };
        let shown = (0..FRIENDS_MAX as u32).rev().take(each);
        friend.zone.shown = Shown {
            names: shown.map(|no| (no, saying.clone())).collect(),
            held_until: 7 * 24 * 60,
        };
        let point = |kind| {
            let seed = Key::fill(|seed| seed[..2].copy_from_slice(&[kind, *no as u8]));
            *Identity::from_seed(seed).point()
        };
        let safety = Some([9; 32]);
        if let Some(mine) = &mut friend.renewal.mine {
            mine.safety = safety;
        }
        friend.renewal.theirs = Some(Proposed {
            point: point(1),
            share: Some(Key::fill(|share| share.fill(9))),
            confirmed: false,
            safety,
        });
        friend.renewal.refused = Some(point(2));
    }
    let lock = BackupLock::new(b"x", crate::vault::Cost::FLOOR, [9; 32]).unwrap();
    let file = engine.back_up(&lock).unwrap();
    let opened = crate::vault::open_backup(&file, b"x").unwrap();
    assert!(Engine::restore(NOW, [2; 32], &opened).is_ok());
}

#[test]
fn a_backup_with_identities_of_nobody_is_refused() {
    let with = |change: fn(&mut IdentitiesBackup)| {
        let mut engine = with_friends(2);
        assert!(engine.renew().is_ok());
        let mut identities = engine.identities();
        change(&mut identities);
        opens(
            VERSION,
            (
                engine.backup_record(),
                identities,
                engine.decided(),
                TrustBackup::new(),
                ShownBackup::new(),
            ),
        )
    };
    assert!(with(|_| ()));
    assert!(!with(|it| it.former.clear()), "edges of no identity");
    assert!(!with(|it| it.renewals[1].0 = 7), "of no friend");
    assert!(!with(|it| {
        let more = (0..FORMER_IDENTITIES_MAX).map(|n| Key::fill(|b| b.fill(n as u8)).keep());
        it.former.extend(more);
    }));
}

/// Its node would have refused its own records at the next start.
#[test]
fn a_backup_with_a_counter_that_no_node_comes_to_is_refused() {
    assert!(restores(|_| ()));
    assert!(restores(|record| record.next_friend = u32::MAX / 2));
    assert!(!restores(|record| record.next_friend = u32::MAX));
    assert!(!restores(|record| record.next_friend = 1));
}

/// It would have fitted no record.
#[test]
fn a_backup_with_more_of_anything_than_a_friend_has_is_refused() {
    let addr = Addr::Onion([7; 32], 1);
    let changes: [fn(&mut FriendBackup, Addr); 4] = [
        |friend, _| friend.nick = "n".repeat(NICK_BYTES_MAX + 1),
        |friend, addr| friend.addrs = vec![addr; BACKUP_ADDRS_MAX + 1],
        |friend, _| friend.edges.clear(),
        |friend, _| {
            let edge = |_| {
                let root = crate::secret::Key::fill(|_| ());
                let point = Point::parse(friend.point).unwrap();
                Edge::first(root, &point, &point).backup()
            };
            friend.edges = (0..=BACKUP_EDGES_MAX).map(edge).collect();
        },
    ];
    for change in changes {
        assert!(!restores(|record| change(&mut record.friends[1].1, addr)));
    }
}

#[test]
fn a_backup_in_which_two_are_one_is_refused() {
    let me = |record: &BackupRecord| *Identity::from_seed(record.seed.key()).point();
    assert!(!restores(|record| {
        record.friends[1].1.point = *me(record).as_bytes();
    }));
    assert!(!restores(|record| {
        record.friends[1].1.point = record.friends[0].1.point;
    }));
    // Two names that are one are two computers of one person.
    assert!(restores(|record| {
        record.friends[1].1.petname = record.friends[0].1.petname.clone();
    }));
    assert!(!restores(|record| record.friends[1].0 = record.friends[0].0));
}
