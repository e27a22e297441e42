//! The engine's records: their names, what stands in each, and how they come back at start.
//!
//! Handling an input only marks what changed; `poll` then writes each marked record once, as it is
//! by then. So a burst of messages costs one session record, and no step can forget one. PROTOCOL §8.

mod restored;

use bincode::{Decode, Encode};

use super::invitations::{Invite, Join};
use super::{Addr, Engine, Language};
use crate::edge::{Edge, EdgeRecord};
use crate::friend::{Entry, Friend, Resets, Sessions, Timers};
use crate::history::{Line, Owner};
use crate::inbox::Arrival;
use crate::limits::{CHUNK_BYTES, RECORD_BODY_BYTES_MAX};
use crate::ratchet::handshake::OfferRecord;
use crate::ratchet::{Block, Session};
use crate::secret::{Handles, Invitation, Kept, Said, Seed};
use crate::time::AgeRecord;
use crate::vault::{Erase, Leaf, Name, Place, Put};

pub(super) use restored::Stored;

/// The version that begins every record's body.
const VERSION: u8 = 3;

/// A record of state, by what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Saved {
    Identity,
    Node,
    Friend(u32),
    Traffic(u32),
    Sessions(u32),
    /// One session, by its number.
    Session(u32, u32),
    Answer(u32),
    Third(u32),
    Block(u32, u32, Block),
    Seen(u32, u64),
    Invite(u32),
    Join(u32),
    Entry(u64),
    Arrival(u64),
}

/// The records do not belong together: a name or a body that this engine never wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadRecords;

/// Counters that must never go back.
#[derive(Clone, Default, Encode, Decode)]
pub(super) struct Counters {
    pub next_friend: u32,
    pub next_invite: u32,
    pub next_entry: u64,
    pub next_arrival: u64,
    pub next_seq: u64,
    /// The day of the last invitation, since 1970, and how many were made on it.
    pub invites: (u32, u32),
    /// The last messages of mine that were given up.
    pub given_up: Vec<u64>,
    /// Up to this one nobody knows which messages of mine arrived.
    pub forgotten: u64,
}

impl Counters {
    /// Whether each has as much before it as behind it: no node comes to half of its numbers.
    fn can_go_on(&self) -> bool {
        let short = [self.next_friend, self.next_invite];
        let long = [self.next_entry, self.next_arrival, self.next_seq];
        short.iter().all(|n| *n <= u32::MAX / 2) && long.iter().all(|n| *n <= u64::MAX / 2)
    }
}

#[derive(Encode, Decode)]
struct NodeRecord {
    counters: Counters,
    age: AgeRecord,
}

#[derive(Encode, Decode)]
enum EntryRecord {
    Waits(Entry),
    Kept(Line),
}

#[derive(Encode, Decode)]
enum ArrivalRecord {
    Unread(Arrival),
    Kept(Line),
}

#[derive(Encode, Decode)]
struct IdentityRecord {
    seed: Kept<Seed>,
    handles: Kept<Handles>,
}

#[derive(Encode, Decode)]
struct FriendRecord {
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
    safety: Option<[u8; 32]>,
    keep: Option<u32>,
    timer: Timers,
}

#[derive(Encode, Decode)]
struct SessionsRecord {
    offer: Option<(OfferRecord, u64, [u8; 16])>,
    active: Option<u32>,
    previous: Option<(u32, u32)>,
    pending: Option<PendingRecord>,
    /// Whether I began it and repeat its A3.
    parked: Option<(u32, bool)>,
    last: u32,
    wanted: bool,
    lost_here: bool,
    gap: bool,
    resets: Resets,
}

#[derive(Encode, Decode)]
struct PendingRecord {
    number: u32,
    continuous: bool,
    stamp: u64,
    offer_tag: [u8; 16],
    root: [u8; 16],
}

#[derive(Encode, Decode)]
struct InviteRecord {
    name: String,
    nick: String,
    expiry_min: u32,
    secret: Kept<Invitation>,
    addrs: Vec<Addr>,
    language: Language,
    asked: Vec<[u8; 16]>,
    claimed: Option<u32>,
    retries: (u32, u32),
}

#[derive(Encode, Decode)]
struct JoinRecord {
    name: String,
    nick: String,
    expiry_min: u32,
    inviter: [u8; 32],
    secret: Kept<Invitation>,
    addrs: Vec<Addr>,
    language: Language,
    friend: Option<u32>,
}

impl Saved {
    /// Its logical name: a letter and big-endian numbers.
    fn name(self) -> Name {
        let (letter, a, b, c): (u8, u64, Option<u64>, Option<u32>) = match self {
            Self::Identity => (b'i', 0, None, None),
            Self::Node => (b'n', 0, None, None),
            Self::Friend(no) => (b'f', no.into(), None, None),
            Self::Traffic(no) => (b't', no.into(), None, None),
            Self::Sessions(no) => (b's', no.into(), None, None),
            Self::Session(no, number) => (b'r', no.into(), Some(number.into()), None),
            Self::Answer(no) => (b'2', no.into(), None, None),
            Self::Third(no) => (b'3', no.into(), None, None),
            Self::Block(no, number, block) => {
                let chain = u64::from(number) << 32 | u64::from(block.chain);
                (b'k', no.into(), Some(chain), Some(block.index))
            }
            Self::Seen(no, block) => (b'd', no.into(), Some(block), None),
            Self::Invite(no) => (b'v', no.into(), None, None),
            Self::Join(no) => (b'j', no.into(), None, None),
            Self::Entry(id) => (b'o', id, None, None),
            Self::Arrival(id) => (b'a', id, None, None),
        };
        let mut name = vec![letter];
        name.extend(a.to_be_bytes());
        name.extend(b.unwrap_or_default().to_be_bytes());
        name.extend(c.unwrap_or_default().to_be_bytes());
        Name(name)
    }

    fn of(name: &Name) -> Option<Self> {
        let (&letter, rest) = name.0.split_first()?;
        let (a, rest) = rest.split_first_chunk()?;
        let (b, rest) = rest.split_first_chunk()?;
        let (a, b) = (u64::from_be_bytes(*a), u64::from_be_bytes(*b));
        let c = u32::from_be_bytes(rest.try_into().ok()?);
        let no = u32::try_from(a).ok();
        let saved = match letter {
            b'i' => Self::Identity,
            b'n' => Self::Node,
            b'f' => Self::Friend(no?),
            b't' => Self::Traffic(no?),
            b's' => Self::Sessions(no?),
            b'r' => Self::Session(no?, u32::try_from(b).ok()?),
            b'2' => Self::Answer(no?),
            b'3' => Self::Third(no?),
            b'k' => Self::Block(
                no?,
                u32::try_from(b >> 32).ok()?,
                Block {
                    chain: (b & u64::from(u32::MAX)) as u32,
                    index: c,
                },
            ),
            b'd' => Self::Seen(no?, b),
            b'v' => Self::Invite(no?),
            b'j' => Self::Join(no?),
            b'o' => Self::Entry(a),
            b'a' => Self::Arrival(a),
            _ => return None,
        };
        (saved.name() == *name).then_some(saved)
    }

    /// Every record has a leaf of its own; texts lie under that of their entry.
    fn leaf(self) -> Leaf {
        Leaf(self.name().0)
    }

    /// Whether each write destroys what was written before: old versions hold keys and names, tell of
    /// every contact, and could be put back. Not where a text lies under the same leaf.
    fn renews(self) -> bool {
        !matches!(self, Self::Identity | Self::Entry(_) | Self::Arrival(_))
    }
}

/// The pieces of a text or a parcel that belong to an entry or an arrival.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Piece {
    Text,
    Parcel,
}

/// A parcel goes when it was acknowledged and its text may stay: it has a leaf of its own.
fn piece_leaf(owner: Saved, kind: Piece) -> Leaf {
    let mut leaf = owner.leaf();
    if kind == Piece::Parcel {
        leaf.0.push(b'p');
    }
    leaf
}

fn piece(owner: Saved, piece: Piece, index: usize) -> Name {
    let mut name = owner.name();
    name.0.push(match piece {
        Piece::Text => b't',
        Piece::Parcel => b'p',
    });
    name.0.extend((index as u32).to_be_bytes());
    name
}

/// The names of all pieces of a body of this length.
pub(super) fn pieces(owner: Saved, kind: Piece, length: usize) -> Vec<Name> {
    (0..length.div_ceil(CHUNK_BYTES))
        .map(|index| piece(owner, kind, index))
        .collect()
}

fn encode(value: impl Encode) -> Said {
    let mut body = Said::new(Vec::with_capacity(RECORD_BODY_BYTES_MAX));
    body.push(VERSION);
    // Encoding into memory fails for no type of this file.
    let config = bincode::config::standard();
    if let Ok(bytes) = bincode::encode_to_vec(value, config) {
        let bytes = Said::new(bytes);
        body.extend_from_slice(&bytes);
    }
    body
}

fn decode<T: Decode<()>>(body: &[u8]) -> Result<T, BadRecords> {
    let body = body.strip_prefix(&[VERSION]).ok_or(BadRecords)?;
    let config = bincode::config::standard().with_limit::<RECORD_BODY_BYTES_MAX>();
    match bincode::decode_from_slice(body, config) {
        Ok((value, used)) if used == body.len() => Ok(value),
        _ => Err(BadRecords),
    }
}

impl Engine {
    pub(super) fn mark(&mut self, saved: Saved) {
        self.dirty.insert(saved);
    }

    pub(super) fn mark_blocks(
        &mut self,
        no: u32,
        number: u32,
        blocks: impl IntoIterator<Item = Block>,
    ) {
        let blocks = blocks.into_iter();
        self.dirty
            .extend(blocks.map(|block| Saved::Block(no, number, block)));
    }

    /// Turns the marks into writes and erasures of the step.
    pub(super) fn write_marked(&mut self) {
        if self.dirty.contains(&Saved::Node) {
            self.age_stored = self.age.minutes();
        }
        for saved in core::mem::take(&mut self.dirty) {
            let (name, leaf) = (saved.name(), saved.leaf());
            match self.body_of(saved) {
                Some(body) => {
                    let renew = saved.renews();
                    self.step.puts.push(Put {
                        name,
                        place: Place::State,
                        leaf,
                        renew,
                        body,
                    });
                }
                None => {
                    self.step.erases.push(Erase::Record(name, Place::State));
                    if !planted!(MessageKeyKept) {
                        self.step.erases.push(Erase::Leaf(leaf));
                    }
                }
            }
        }
    }

    /// Puts the pieces of a text into the step in place of others, of which these are not replaced.
    /// The leaf gets a new key, so what stood there goes; its owner's record must be written too.
    pub(super) fn put_pieces_anew(&mut self, owner: Saved, text: &[u8], surplus: Vec<Name>) {
        let first = self.step.puts.len();
        self.put_pieces(owner, Piece::Text, text);
        let puts = self.step.puts.iter_mut().skip(first);
        puts.for_each(|put| put.renew = true);
        let surplus = surplus.into_iter();
        let erases = surplus.map(|name| Erase::Record(name, Place::Body));
        self.step.erases.extend(erases);
        self.mark(owner);
    }

    /// Puts the pieces of a body into the step.
    pub(super) fn put_pieces(&mut self, owner: Saved, kind: Piece, body: &[u8]) {
        for (index, chunk) in body.chunks(CHUNK_BYTES).enumerate() {
            self.step.puts.push(Put {
                name: piece(owner, kind, index),
                place: Place::Body,
                leaf: piece_leaf(owner, kind),
                // A parcel takes the place of one that was sealed before.
                renew: kind == Piece::Parcel,
                body: Said::new(chunk.to_vec()),
            });
        }
    }

    /// Erases the pieces of a body. The key of a text goes with its owner's record.
    pub(super) fn erase_pieces(&mut self, owner: Saved, kind: Piece, length: usize) {
        let names = pieces(owner, kind, if planted!(PiecesKept) { 0 } else { length });
        let erases = names.into_iter();
        let erases = erases.map(|name| Erase::Record(name, Place::Body));
        self.step.erases.extend(erases);
        if kind == Piece::Parcel {
            let leaf = piece_leaf(owner, kind);
            self.step.erases.push(Erase::Leaf(leaf));
        }
    }

    /// What stands in a record now; nothing if what it is about is gone.
    fn body_of(&self, saved: Saved) -> Option<Said> {
        let friend = |no| self.friends.get(&no);
        match saved {
            Saved::Identity => Some(encode(IdentityRecord {
                seed: self.me.seed().keep(),
                handles: self.handles.keep(),
            })),
            Saved::Node => Some(encode(NodeRecord {
                counters: self.counters.clone(),
                age: self.age.record(self.now),
            })),
            Saved::Friend(no) => friend(no).map(|f| encode(friend_record(f))),
            Saved::Traffic(no) => friend(no).map(|f| encode(&f.traffic)),
            Saved::Sessions(no) => friend(no).map(|f| encode(sessions_record(&f.sessions))),
            Saved::Answer(no) => friend(no)?
                .sessions
                .pending
                .as_ref()
                .map(|pending| encode(&pending.answer)),
            Saved::Session(no, number) => friend(no)?
                .sessions
                .numbered(number)
                .map(|session| encode(session.record())),
            Saved::Third(no) => {
                let parked = friend(no)?.sessions.parked.as_ref()?;
                parked.third.as_ref().map(encode)
            }
            Saved::Block(no, number, block) => friend(no)?
                .sessions
                .numbered(number)?
                .block_record(block)
                .map(encode),
            Saved::Seen(no, block) => Some(friend(no)?.seen.block(block))
                .filter(|block| !block.is_empty())
                .map(encode),
            Saved::Invite(no) => self
                .invites
                .get(&no)
                .map(|invite| encode(invite_record(invite))),
            Saved::Join(no) => self.joins.get(&no).map(|join| encode(join_record(join))),
            Saved::Entry(id) => self.entry_record(id).map(encode),
            Saved::Arrival(id) => self.arrival_record(id).map(encode),
        }
    }

    fn entry_record(&self, id: u64) -> Option<EntryRecord> {
        let mut outboxes = self.friends.values().map(|friend| &friend.outbox);
        let waits = outboxes.find_map(|outbox| outbox.get(id));
        let kept = || self.history.get(Owner::Entry(id)).cloned();
        waits
            .cloned()
            .map(EntryRecord::Waits)
            .or_else(|| kept().map(EntryRecord::Kept))
    }

    fn arrival_record(&self, id: u64) -> Option<ArrivalRecord> {
        let kept = || self.history.get(Owner::Arrival(id)).cloned();
        self.inbox
            .get(id)
            .cloned()
            .map(ArrivalRecord::Unread)
            .or_else(|| kept().map(ArrivalRecord::Kept))
    }
}

fn friend_record(friend: &Friend) -> FriendRecord {
    FriendRecord {
        petname: friend.petname.as_str().to_owned(),
        nick: friend.nick.clone(),
        point: *friend.point.as_bytes(),
        since_min: friend.since_min,
        joined: friend.joined,
        settled: friend.settled,
        copied: friend.copied,
        linked: friend.linked,
        edges: friend.edges.iter().map(Edge::record).collect(),
        addrs: friend.addrs.clone(),
        language: friend.language,
        safety: friend.safety,
        keep: friend.keep,
        timer: friend.timer,
    }
}

fn sessions_record(sessions: &Sessions) -> SessionsRecord {
    SessionsRecord {
        offer: sessions
            .offer
            .as_ref()
            .map(|offered| (offered.offer.record(), offered.stamp, offered.root)),
        active: sessions.active.as_ref().map(Session::number),
        previous: sessions
            .previous
            .as_ref()
            .map(|previous| (previous.session.number(), previous.since)),
        pending: sessions.pending.as_ref().map(|pending| PendingRecord {
            number: pending.session.number(),
            continuous: pending.continuous,
            stamp: pending.stamp,
            offer_tag: pending.offer_tag,
            root: pending.root,
        }),
        parked: sessions
            .parked
            .as_ref()
            .map(|parked| (parked.session.number(), parked.third.is_some())),
        last: sessions.last,
        wanted: sessions.wanted,
        lost_here: sessions.lost_here,
        gap: sessions.gap,
        resets: sessions.resets,
    }
}

fn invite_record(invite: &Invite) -> InviteRecord {
    InviteRecord {
        name: invite.name.as_str().to_owned(),
        nick: invite.nick.clone(),
        expiry_min: invite.code.expiry_min,
        secret: invite.code.secret.keep(),
        addrs: invite.code.addrs.clone(),
        language: invite.code.language,
        asked: invite.asked.iter().copied().collect(),
        claimed: invite.claimed,
        retries: invite.retries,
    }
}

fn join_record(join: &Join) -> JoinRecord {
    JoinRecord {
        name: join.name.as_str().to_owned(),
        nick: join.nick.clone(),
        expiry_min: join.code.expiry_min,
        inviter: join.code.ik,
        secret: join.code.secret.keep(),
        addrs: join.code.addrs.clone(),
        language: join.code.language,
        friend: join.friend,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::friend::{SeenEntry, Traffic};
    use crate::limits::{
        CANDIDATE_ROOTS_MAX, FRIEND_ADDRS_MAX, INVITE_ADDRS_MAX, INVITE_TAGS_MAX, NICK_BYTES_MAX,
        PETNAME_BYTES_MAX, STAMP_END, STAMPS_SEEN_MAX,
    };
    use crate::link::stamps::Stamps;
    use crate::ratchet::{BlockRecord, SessionRecord};
    use crate::secret::Key;
    use crate::time::Now;

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
        };
        let line = |seq| Line {
            friend: 1,
            seq,
            minute: 2,
            length: 3,
            since: 4,
            limit: 5,
            arrived: true,
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
}
