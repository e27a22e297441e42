//! What a backup holds, and a node that begins again from one: who I am, whom I know, and what an edge
//! needs to be found again. Never a ratchet, never a word, never a group: who comes back is let in again by
//! those who are in it. PROTOCOL §4.5 "Restore", §8.
//!
//! A node that was restored knows it from its own disk: nothing it seals, numbers or stamps can be
//! what its former life has used, and it begins every session anew.

use std::collections::BTreeMap;

use bincode::{Decode, Encode};

use super::me::Me;
use super::renewal::standing;
use super::saved::Saved;
use super::{Addr, BadRecords, Engine, Language, Settings};
use crate::edge::{Edge, EdgeRecord};
use crate::friend::{
    Edges, Friend, LastingRecord, Live, Outbox, Post, Private, Renewal, Roads, Seen, Sessions,
    Shown, Timers, Traffic, Trust, Zone,
};
use crate::identity::{Identity, Point};
use crate::kdf::Entropy;
use crate::limits::{
    BACKUP_ADDRS_MAX, BACKUP_BYTES, BACKUP_EDGES_MAX, COMPUTERS_MAX, FORMER_IDENTITIES_MAX,
    FRIENDS_MAX, NICK_BYTES_MAX, NOTE_BYTES_MAX, NOTES_BYTES_MAX, RECOVERY_LEAP, STAMP_END,
};
use crate::petname::Petname;
use crate::secret::{Kept, Said, Seed};
use crate::time::{Age, Now, incarnation};
use crate::vault::{Backup, BackupLock, VaultError};

/// The version of the contents. The first knew no former identities, the second nothing that I alone
/// decide about a friend, the third not where the trust in one comes from, nor whom I show them.
const VERSION: u8 = 4;
/// How far the count of what I wished about keeping leaps: above all that my former life said.
const TIMER_LEAP: u32 = 1 << 16;

#[derive(Encode, Decode)]
struct BackupRecord {
    seed: Kept<Seed>,
    next_friend: u32,
    keep_min: u32,
    post_min: u32,
    port: u16,
    friends: Vec<(u32, FriendBackup)>,
}

/// Behind it: who I was to some, and whose new identities are under way, by the friend's number.
#[derive(Default, Encode, Decode)]
struct IdentitiesBackup {
    former: Vec<Kept<Seed>>,
    renewals: Vec<(u32, LastingRecord)>,
}

/// Behind it: what I alone decided about friends, where there is something, by their number.
type PrivateBackup = Vec<(u32, Private)>;

/// Behind it: where the trust in friends comes from, likewise.
type TrustBackup = Vec<(u32, Trust)>;

/// Behind it: whom I show to friends, likewise. What they told me is not there.
type ShownBackup = Vec<(u32, Shown)>;

/// All of it, in this order.
type Contents = (
    BackupRecord,
    IdentitiesBackup,
    PrivateBackup,
    TrustBackup,
    ShownBackup,
);

/// What a person had set before, as far as a backup knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    /// How long things are kept.
    pub settings: Settings,
    /// Where friends used to knock; 0 for nowhere.
    pub port: u16,
}

#[derive(Encode, Decode)]
struct FriendBackup {
    petname: String,
    nick: String,
    point: [u8; 32],
    since_min: u32,
    joined: bool,
    settled: bool,
    copied: bool,
    linked: bool,
    edges: Vec<EdgeRecord>,
    addrs: Vec<Addr>,
    language: Language,
    keep: Option<u32>,
    timer: Timers,
    last_stamp: u64,
    incarnation: u16,
}

impl Engine {
    /// All that a backup holds, sealed behind this lock.
    pub(super) fn back_up(&mut self, lock: &BackupLock) -> Result<Vec<u8>, VaultError> {
        // Of its full length from the start: what grows leaves copies behind.
        let mut contents = Said::new(vec![0; BACKUP_BYTES[BACKUP_BYTES.len() - 1]]);
        let config = bincode::config::standard();
        let (head, rest) = contents.split_at_mut(1);
        head.fill(VERSION);
        let all: Contents = (
            self.backup_record(),
            self.identities(),
            self.decided(),
            self.provenances(),
            self.shown(),
        );
        let used = bincode::encode_into_slice(all, rest, config);
        let used = used.map_err(|_| VaultError::TooLarge)?;
        contents.truncate(1 + used);
        lock.seal(&contents, &mut self.entropy)
    }

    fn identities(&self) -> IdentitiesBackup {
        let renewals = self.friends.iter();
        let renewals =
            renewals.filter_map(|(no, f)| Some((*no, self.renewal_record(f)?.lasting())));
        IdentitiesBackup {
            former: self.me.seeds().unwrap_or_default(),
            renewals: renewals.collect(),
        }
    }

    fn decided(&self) -> PrivateBackup {
        let friends = self.friends.iter();
        let decided = friends.filter(|(_, f)| f.private != Private::default());
        decided.map(|(no, f)| (*no, f.private.clone())).collect()
    }

    fn provenances(&self) -> TrustBackup {
        let friends = self.friends.iter();
        let known = friends.filter(|(_, f)| f.trust != Trust::default());
        known
            .map(|(no, f)| (*no, f.trust.clone().without_words()))
            .collect()
    }

    fn shown(&self) -> ShownBackup {
        let age = self.age.minutes();
        let friends = self.friends.iter();
        let shown = friends.map(|(no, f)| (*no, f.zone.shown.lasting(age)));
        shown
            .filter(|(_, shown)| *shown != Shown::default())
            .collect()
    }

    fn backup_record(&self) -> BackupRecord {
        BackupRecord {
            seed: self.me.newest().seed().keep(),
            next_friend: self.counters.next_friend,
            keep_min: self.settings.keep_min,
            post_min: self.settings.post_min,
            port: self.listening.first().map_or(0, Addr::port),
            friends: self
                .friends
                .iter()
                .map(|(no, f)| (*no, of(f, self.now)))
                .collect(),
        }
    }

    /// A node that begins again from a backup; the first step stores it.
    ///
    /// # Errors
    /// If it is not what an engine of this version wrote.
    pub fn restore(
        now: Now,
        entropy: [u8; 32],
        backup: &Backup,
    ) -> Result<(Self, Restored), BadRecords> {
        let (record, identities, decided, trust, shown) = decode(&backup.0)?;
        let IdentitiesBackup { former, renewals } = identities;
        let mut renewals: BTreeMap<_, _> = renewals.into_iter().collect();
        let notes = decided.iter().map(|(_, private)| private.note.len());
        let long = notes.clone().any(|bytes| bytes > NOTE_BYTES_MAX);
        if long || notes.sum::<usize>() > NOTES_BYTES_MAX {
            return Err(BadRecords);
        }
        let sound = trust.iter().all(|(_, it)| it.is_sound(record.next_friend))
            && shown.iter().all(|(_, it)| it.is_sound(record.next_friend));
        if !sound {
            return Err(BadRecords);
        }
        let mut decided: BTreeMap<_, _> = decided.into_iter().collect();
        let mut trust: BTreeMap<_, _> = trust.into_iter().collect();
        let mut shown: BTreeMap<_, _> = shown.into_iter().collect();
        let mut entropy = Entropy::new(entropy);
        let me = Me::with(Identity::from_seed(record.seed.key()), &former);
        let handles = entropy.key();
        let counters = super::saved::Counters {
            next_friend: record.next_friend,
            ..Default::default()
        };
        if !counters.can_go_on() || record.friends.len() > FRIENDS_MAX {
            return Err(BadRecords);
        }
        let mut engine = Self::new(me, handles, (counters, Age::new(now)), now, entropy);
        for (no, friend) in record.friends {
            let today = incarnation(now.minutes());
            let renewal = renewals.remove(&no).map(Into::into);
            let (mine, renewal) = standing(renewal, &engine.me).ok_or(BadRecords)?;
            let mut friend = restored(friend, &mine, today, now).ok_or(BadRecords)?;
            friend.renewal = renewal;
            friend.private = decided.remove(&no).unwrap_or_default();
            friend.trust = trust.remove(&no).unwrap_or_default();
            friend.zone.shown = shown.remove(&no).unwrap_or_default();
            friend.open_next();
            let others = || engine.friends.values();
            let computers = others().filter(|f| f.petname == friend.petname).count();
            let known = engine.me.is(&friend.point)
                || others().any(|f| f.point == friend.point)
                || computers >= COMPUTERS_MAX;
            if known || no >= record.next_friend || engine.friends.insert(no, friend).is_some() {
                return Err(BadRecords);
            }
            engine.dirty.extend([
                Saved::Friend(no),
                Saved::Traffic(no),
                Saved::Sessions(no),
                Saved::Renewal(no),
                Saved::Private(no),
                Saved::Trust(no),
                Saved::Shown(no),
            ]);
        }
        let of_nobody =
            !renewals.is_empty() || !decided.is_empty() || !trust.is_empty() || !shown.is_empty();
        if former.len() > FORMER_IDENTITIES_MAX || of_nobody {
            return Err(BadRecords);
        }
        engine
            .dirty
            .extend([Saved::Identity, Saved::Former, Saved::Node]);
        let settings = Settings {
            post_min: record.post_min,
            keep_min: record.keep_min,
            ..engine.settings
        };
        engine.set(settings);
        let restored = Restored {
            settings: engine.settings,
            port: record.port,
        };
        Ok((engine, restored))
    }
}

/// What an earlier version holds, and nothing of what it did not know.
fn later(record: BackupRecord, identities: IdentitiesBackup, decided: PrivateBackup) -> Contents {
    (record, identities, decided, Vec::new(), Vec::new())
}

fn decode(contents: &Said) -> Result<Contents, BadRecords> {
    // What is read takes more room in memory than it took in the file, and never twice as much.
    const LIMIT: usize = 2 * BACKUP_BYTES[BACKUP_BYTES.len() - 1];
    let (version, body) = contents.split_first().ok_or(BadRecords)?;
    let config = bincode::config::standard().with_limit::<LIMIT>();
    let read = match *version {
        1 => bincode::decode_from_slice(body, config)
            .map(|(record, used)| (later(record, IdentitiesBackup::default(), Vec::new()), used)),
        2 => bincode::decode_from_slice(body, config)
            .map(|((record, identities), used)| (later(record, identities, Vec::new()), used)),
        3 => {
            bincode::decode_from_slice(body, config).map(|((record, identities, decided), used)| {
                (later(record, identities, decided), used)
            })
        }
        VERSION => bincode::decode_from_slice(body, config),
        _ => return Err(BadRecords),
    };
    match read {
        Ok((record, used)) if used == body.len() => Ok(record),
        _ => Err(BadRecords),
    }
}

fn of(friend: &Friend, now: Now) -> FriendBackup {
    let edges = friend.edges.iter().count();
    let edges = friend
        .edges
        .iter()
        .skip(edges.saturating_sub(BACKUP_EDGES_MAX));
    let addrs = friend.addrs.iter().take(BACKUP_ADDRS_MAX);
    FriendBackup {
        petname: friend.petname.as_str().to_owned(),
        nick: friend.nick.clone(),
        point: *friend.point.as_bytes(),
        since_min: friend.since_min,
        joined: friend.joined,
        settled: friend.settled,
        copied: friend.copied,
        linked: friend.linked,
        edges: edges.map(Edge::backup).collect(),
        addrs: addrs.copied().collect(),
        language: friend.language,
        keep: friend.keep,
        timer: friend.timer,
        last_stamp: friend.traffic.last_stamp.max(now.wall_ms),
        incarnation: friend.traffic.incarnation,
    }
}

/// A friend as my former life knew them. Its last stamp and number are behind me whatever they were.
/// Nothing if no engine can have written this: what is longer than it lets anything be would fit no
/// record.
fn restored(backup: FriendBackup, me: &Point, today: u16, now: Now) -> Option<Friend> {
    let short = backup.nick.len() <= NICK_BYTES_MAX
        && backup.addrs.len() <= BACKUP_ADDRS_MAX
        && backup.edges.len() <= BACKUP_EDGES_MAX;
    if !short {
        return None;
    }
    let point = Point::parse(backup.point).ok()?;
    let edges = backup.edges.iter();
    let edges = edges.map(|edge| Edge::restore(edge, me, &point));
    let edges = edges.collect::<Option<_>>().and_then(Edges::restore)?;
    let mut traffic = Traffic {
        incarnation: backup.incarnation.saturating_add(1).max(today),
        last_stamp: backup.last_stamp.max(now.wall_ms),
        ..Traffic::default()
    };
    traffic.last_stamp = traffic
        .last_stamp
        .saturating_add(RECOVERY_LEAP)
        .min(STAMP_END - 1);
    traffic.rotation.recovers = true;
    if planted!(RestoreReusesNumbers) {
        (traffic.incarnation, traffic.last_stamp) = (backup.incarnation, backup.last_stamp);
    }
    let mut timer = backup.timer;
    timer.mine.1 = timer.mine.1.saturating_add(TIMER_LEAP);
    Some(Friend {
        petname: Petname::parse(&backup.petname).ok()?,
        nick: backup.nick,
        point,
        since_min: backup.since_min,
        joined: backup.joined,
        settled: backup.settled,
        copied: backup.copied,
        linked: backup.linked,
        edges,
        renewal: Renewal::default(),
        addrs: backup.addrs,
        roads: Roads::default(),
        language: backup.language,
        safety: None,
        keep: backup.keep,
        timer,
        private: Private::default(),
        trust: Trust::default(),
        zone: Zone::default(),
        traffic,
        sessions: Sessions {
            lost_here: !planted!(LossForgotten),
            gap: true,
            ..Sessions::default()
        },
        seen: Seen::default(),
        outbox: Outbox::default(),
        post: Post::default(),
        live: Live::default(),
    })
}

#[cfg(test)]
mod tests;
