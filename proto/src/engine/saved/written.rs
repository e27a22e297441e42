//! The records on their way out: what changed is marked, and `poll` turns the marks into writes and
//! erasures of the step. What stands in a record is what is so by then. PROTOCOL §8.

use super::name::{piece, piece_leaf};
use super::{
    ArrivalRecord, EntryRecord, FriendRecord, IdentityRecord, InviteRecord, JoinRecord, NodeRecord,
    PendingRecord, Piece, Saved, SessionsRecord, encode, pieces,
};
use crate::edge::Edge;
use crate::engine::Engine;
use crate::engine::invitations::{Invite, Join};
use crate::friend::{Friend, Private, Roads, Sessions, Shown, Trust};
use crate::history::Owner;
use crate::limits::CHUNK_BYTES;
use crate::ratchet::{Block, Session};
use crate::secret::Said;
use crate::vault::{Erase, Name, Place, Put};

impl Engine {
    pub(in crate::engine) fn mark(&mut self, saved: Saved) {
        self.dirty.insert(saved);
    }

    pub(in crate::engine) fn mark_blocks(
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
    pub(in crate::engine) fn write_marked(&mut self) {
        self.dirty.extend(self.groups.take_marks());
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
    pub(in crate::engine) fn put_pieces_anew(
        &mut self,
        owner: Saved,
        text: &[u8],
        surplus: Vec<Name>,
    ) {
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
    pub(in crate::engine) fn put_pieces(&mut self, owner: Saved, kind: Piece, body: &[u8]) {
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
    pub(in crate::engine) fn erase_pieces(&mut self, owner: Saved, kind: Piece, length: usize) {
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
                seed: self.me.newest().seed().keep(),
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
            Saved::Former => self.me.seeds().map(encode),
            Saved::Renewal(no) => self.renewal_record(friend(no)?).map(encode),
            Saved::Private(no) => Some(&friend(no)?.private)
                .filter(|private| **private != Private::default())
                .map(encode),
            Saved::Introduction(no) => self.introductions.get(&no).map(|it| encode(it.record())),
            Saved::Introductions => Some(encode(self.introducing)),
            Saved::Roads(no) => Some(&friend(no)?.roads)
                .filter(|roads| **roads != Roads::default())
                .map(encode),
            Saved::Reach => Some(encode(&self.reach)),
            Saved::Onion => self.onion.as_ref().map(|onion| encode(onion.keep())),
            Saved::File(no) => self.files.get(no).map(encode),
            Saved::Chunk(..) => None,
            Saved::Group(no, part, index) => self.groups.record(no, (part, index)),
            Saved::Stray(id) => self.groups.stray(id).map(encode),
            Saved::Trust(no) => Some(&friend(no)?.trust)
                .filter(|trust| **trust != Trust::default())
                .map(encode),
            Saved::Shown(no) => Some(&friend(no)?.zone.shown)
                .filter(|shown| **shown != Shown::default())
                .map(encode),
            Saved::Boxes(no) => Some(&friend(no)?.post.boxes)
                .filter(|boxes| !boxes.is_empty())
                .map(encode),
            Saved::Left(id) => {
                let mut friends = self.friends.values();
                let left = friends.find_map(|friend| friend.outbox.left_at(id));
                left.map(encode)
            }
            Saved::Held(no, place) => friend(no)?.post.held.get(&place).map(encode),
            Saved::Heard(no, place) => friend(no)?.zone.heard.get(&place).map(encode),
        }
    }

    fn entry_record(&self, id: u64) -> Option<EntryRecord> {
        let mut outboxes = self.friends.values().map(|friend| &friend.outbox);
        let waits = outboxes.find_map(|outbox| outbox.get(id));
        let kept = || self.history.get(Owner::Entry(id)).cloned();
        let spoken = self.groups.spoken.get(&id).cloned();
        if let Some(spoken) = spoken {
            return Some(EntryRecord::Spoken(spoken, kept()));
        }
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
