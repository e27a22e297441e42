//! One friend: the edge's secrets, the session, the queue, and what was seen of theirs.
//!
//! State and its bookkeeping only: what is done with it, and when, is the engine's. PROTOCOL §2-4.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::edge::EdgeKeys;
use crate::engine::{Addr, ConnId, Language};
use crate::identity::{Identity, Point};
use crate::limits::{
    ACK_IDS_MAX, CANDIDATE_ROOTS_MAX, FAILED_LINKS_PER_MINUTE_MAX, FRIEND_ADDRS_MAX,
    SEEN_PARCELS_MAX, STAMPS_SEEN_MAX, UNACKNOWLEDGED_MAX,
};
use crate::link::stamps::Stamps;
use crate::message::MessageId;
use crate::petname::Petname;
use crate::ratchet::Session;
use crate::ratchet::handshake::Offer;
use crate::secret::{EdgeRoot, Key};
use crate::time::Now;

/// A friend, or somebody of whom we do not know yet whether they kept the edge.
pub(crate) struct Friend {
    pub petname: Petname,
    /// What they call themselves, as it came; cleaned where it is shown.
    pub nick: String,
    pub point: Point,
    pub since_min: u32,
    /// Whether I took their invitation: then I begin the session.
    pub joined: bool,
    /// Whether it is proved that they kept the edge. §2
    pub settled: bool,
    /// Whether a second person used the invitation that made this edge.
    pub copied: bool,
    /// Whether a link has authenticated: one root is left since then.
    pub linked: bool,
    /// The roots under which they may come, newest last; one once linked. Never empty.
    pub roots: Vec<EdgeKeys>,
    pub addrs: Vec<Addr>,
    pub language: Language,
    /// Argon2id of both points, once somebody asked for the words.
    pub safety: Option<[u8; 32]>,
    pub traffic: Traffic,
    pub sessions: Sessions,
    pub seen: Seen,
    pub outbox: Outbox,
    pub live: Live,
}

/// Small numbers that move with every contact.
#[derive(Clone, Default, bincode::Encode, bincode::Decode)]
pub(crate) struct Traffic {
    pub link_stamps: Stamps,
    pub ake_stamps: Stamps,
    /// The last stamp I sent, at either door.
    pub last_stamp: u64,
    pub incarnation: u16,
    /// The number of my last message.
    pub last_number: u32,
    /// The author's incarnation and the last number of theirs that was shown.
    pub shown: (u16, u32),
    /// The furthest parcel of mine that they acknowledged: chain, number.
    pub acknowledged: (u32, u32),
    /// When the link was last up, minutes since 1970.
    pub last_seen_min: u32,
}

/// The handshake under way and the session, if there is one.
#[derive(Default)]
pub(crate) struct Sessions {
    /// Mine, unanswered, with its stamp.
    pub offer: Option<(Offer, u64)>,
    /// Theirs, answered: it waits for their first parcel.
    pub pending: Option<Pending>,
    pub active: Option<Session>,
}

/// A session whose A2 was sent and whose A3 has not come.
pub(crate) struct Pending {
    pub session: Session,
    /// The stamp and the header tag of the A1 that it answers.
    pub stamp: u64,
    pub offer_tag: [u8; 16],
    /// A2, to be sent again byte for byte.
    pub answer: Vec<u8>,
}

/// What of this friend was already opened: parcels by their header tag, messages by their id.
#[derive(Default)]
pub(crate) struct Seen {
    entries: VecDeque<SeenEntry>,
    /// How many entries were forgotten since the beginning; whole blocks of them.
    forgotten: u64,
    tags: BTreeMap<[u8; 16], MessageId>,
    ids: BTreeSet<MessageId>,
}

/// One opened parcel.
pub(crate) type SeenEntry = ([u8; 16], MessageId);

/// How many entries one stored block holds.
pub(crate) const SEEN_BLOCK: usize = 64;

impl Seen {
    /// The message in a parcel that was opened before.
    pub(crate) fn message_of(&self, tag: &[u8; 16]) -> Option<&MessageId> {
        self.tags.get(tag)
    }

    /// Whether this message was accepted before, in whatever parcel.
    pub(crate) fn knows(&self, id: &MessageId) -> bool {
        self.ids.contains(id)
    }

    /// Remembers one more. Gives the block to be stored and, at times, one to be forgotten.
    pub(crate) fn insert(&mut self, tag: [u8; 16], id: MessageId) -> (u64, Option<u64>) {
        self.entries.push_back((tag, id));
        self.tags.insert(tag, id);
        self.ids.insert(id);
        let block = (self.forgotten + self.entries.len() as u64 - 1) / SEEN_BLOCK as u64;
        let gone = (self.entries.len() > SEEN_PARCELS_MAX).then(|| self.forget_block());
        (block, gone)
    }

    fn forget_block(&mut self) -> u64 {
        let block = self.forgotten / SEEN_BLOCK as u64;
        for (tag, id) in self.entries.drain(..SEEN_BLOCK.min(self.entries.len())) {
            self.tags.remove(&tag);
            self.ids.remove(&id);
        }
        self.forgotten += SEEN_BLOCK as u64;
        block
    }

    /// The entries of one block, for its record.
    pub(crate) fn block(&self, block: u64) -> Vec<SeenEntry> {
        let first = (block * SEEN_BLOCK as u64).saturating_sub(self.forgotten);
        let first = usize::try_from(first).unwrap_or(usize::MAX);
        self.entries
            .iter()
            .skip(first)
            .take(SEEN_BLOCK)
            .copied()
            .collect()
    }

    /// Puts a stored block back; blocks come in order.
    pub(crate) fn restore(&mut self, block: u64, entries: Vec<SeenEntry>) {
        if self.entries.is_empty() {
            self.forgotten = block * SEEN_BLOCK as u64;
        }
        for (tag, id) in entries {
            self.entries.push_back((tag, id));
            self.tags.insert(tag, id);
            self.ids.insert(id);
        }
    }
}

/// Messages of mine that the friend's node has not acknowledged, in the order they were written.
/// Each is in exactly one of the four sets; a start, and the end of a link, begin them anew.
#[derive(Default)]
pub(crate) struct Outbox {
    entries: BTreeMap<u64, Entry>,
    by_message: BTreeMap<MessageId, u64>,
    /// To be sealed.
    unsealed: BTreeSet<u64>,
    /// To be sealed when its text, which was asked for, comes from the disk.
    fetching: BTreeSet<u64>,
    /// Sealed, to be written to a link.
    ready: BTreeSet<u64>,
    /// Sealed, and written to the link that is up.
    on_link: BTreeSet<u64>,
    on_link_bytes: usize,
    texts: usize,
}

/// One of them.
#[derive(Clone, bincode::Encode, bincode::Decode)]
pub(crate) struct Entry {
    pub friend: u32,
    pub message: MessageId,
    /// The text's place in my order and its length in bytes; none for a mere confirmation.
    pub text: Option<(u32, u32)>,
    /// When I wrote it, minutes since 1970.
    pub minute: u32,
    /// Where it was sealed: chain, number, bucket in bytes.
    pub sealed: Option<(u32, u32, u32)>,
}

impl Entry {
    /// Bytes of its parcel, once there is one.
    pub(crate) fn parcel_bytes(&self) -> usize {
        self.sealed.map_or(0, |(_, _, bytes)| bytes as usize)
    }
}

impl Outbox {
    pub(crate) fn insert(&mut self, id: u64, entry: Entry) {
        self.by_message.insert(entry.message, id);
        self.texts += usize::from(entry.text.is_some());
        match entry.sealed {
            None => self.unsealed.insert(id),
            Some(_) => self.ready.insert(id),
        };
        self.entries.insert(id, entry);
    }

    /// Takes out the entry of an acknowledged message.
    pub(crate) fn take(&mut self, message: &MessageId) -> Option<(u64, Entry)> {
        let id = self.by_message.remove(message)?;
        let entry = self.entries.remove(&id)?;
        self.texts -= usize::from(entry.text.is_some());
        if self.on_link.remove(&id) {
            self.on_link_bytes -= entry.parcel_bytes();
        }
        for set in [&mut self.unsealed, &mut self.fetching, &mut self.ready] {
            set.remove(&id);
        }
        Some((id, entry))
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Entry> {
        self.entries.get(&id)
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Sealed and not acknowledged.
    pub(crate) fn sealed(&self) -> usize {
        self.ready.len() + self.on_link.len()
    }

    /// Texts, which is what a person counts.
    pub(crate) fn texts(&self) -> usize {
        self.texts
    }

    /// Whether something written earlier still waits to be sealed.
    pub(crate) fn waits(&self) -> bool {
        !self.unsealed.is_empty() || !self.fetching.is_empty()
    }

    /// The next to be sealed, oldest first, as far as no more than so many are under way.
    pub(crate) fn next_unsealed(&self, at_once: usize) -> Option<(u64, &Entry)> {
        let id = *self.unsealed.first()?;
        (self.fetching.len() < at_once).then_some((id, self.entries.get(&id)?))
    }

    pub(crate) fn fetching(&mut self, id: u64) {
        if self.unsealed.remove(&id) {
            self.fetching.insert(id);
        }
    }

    pub(crate) fn is_fetching(&self, id: u64) -> bool {
        self.fetching.contains(&id)
    }

    /// It cannot be sealed now.
    pub(crate) fn not_sealed(&mut self, id: u64) {
        if self.fetching.remove(&id) {
            self.unsealed.insert(id);
        }
    }

    /// It was sealed: chain, number, bytes.
    pub(crate) fn seal(&mut self, id: u64, sealed: (u32, u32, u32)) {
        if let Some(entry) = self.entries.get_mut(&id)
            && (self.unsealed.remove(&id) | self.fetching.remove(&id))
        {
            entry.sealed = Some(sealed);
            self.ready.insert(id);
        }
    }

    /// The next parcel for the link, if this many bytes bear it: its number and its length.
    pub(crate) fn next_for_link(&mut self, window: usize) -> Option<(u64, usize)> {
        let id = *self.ready.first()?;
        let length = self.entries.get(&id)?.parcel_bytes();
        if self.on_link_bytes + length > window {
            return None;
        }
        self.ready.remove(&id);
        self.on_link.insert(id);
        self.on_link_bytes += length;
        Some((id, length))
    }

    /// The link is over: nothing of it is on any link now.
    pub(crate) fn call_back(&mut self) {
        self.ready.append(&mut self.on_link);
        self.on_link_bytes = 0;
    }
}

/// What is true only while the node runs.
#[derive(Default)]
pub(crate) struct Live {
    pub link: Option<ConnId>,
    /// A second link that waits until the first has been probed.
    pub spare: Option<ConnId>,
    /// Whether the person was told that the friend is online.
    pub online: bool,
    /// Whether messages were refused for lack of room since the link came up.
    pub refused: bool,
    /// Messages to acknowledge with the next step, each by the link it came on: its author waits
    /// for the answer there, and repeats it once that link is gone.
    acks: BTreeMap<MessageId, Option<ConnId>>,
    /// When they go, on the boot clock in milliseconds.
    acks_at_ms: u64,
    pub redial: Redial,
    failures: (u64, u32),
    /// Find tags of the flights that were answered last.
    answered: VecDeque<[u8; 16]>,
}

/// When to dial next.
#[derive(Clone, Copy, Default)]
pub(crate) struct Redial {
    /// On the boot clock, in milliseconds.
    pub at_ms: u64,
    /// How many times nobody answered.
    pub attempt: u32,
}

impl Live {
    /// Remembers to acknowledge a message, at `at_ms` unless others go earlier; says when. No honest
    /// friend waits for more at once; what is beyond is sent again, and acknowledged then.
    pub(crate) fn acknowledge(
        &mut self,
        id: MessageId,
        came_on: Option<ConnId>,
        at_ms: u64,
    ) -> u64 {
        if self.acks.is_empty() {
            self.acks_at_ms = at_ms;
        }
        if self.acks.len() < UNACKNOWLEDGED_MAX {
            self.acks.insert(id, came_on);
        }
        self.acks_at_ms
    }

    /// When acknowledgements are to go, if there are any.
    pub(crate) fn acks_at_ms(&self) -> Option<u64> {
        (!self.acks.is_empty()).then_some(self.acks_at_ms)
    }

    /// What one parcel can acknowledge, and by which link; `by` says which one is open.
    pub(crate) fn next_acks(
        &self,
        by: impl Fn(Option<ConnId>) -> Option<ConnId>,
    ) -> Option<(ConnId, Vec<MessageId>)> {
        let conn = self.acks.values().find_map(|came_on| by(*came_on))?;
        let same = self
            .acks
            .iter()
            .filter(|(_, came_on)| by(**came_on) == Some(conn));
        Some((conn, same.map(|(id, _)| *id).take(ACK_IDS_MAX).collect()))
    }

    /// These were acknowledged.
    pub(crate) fn forget_acks(&mut self, ids: &[MessageId]) {
        for id in ids {
            self.acks.remove(id);
        }
    }

    /// Whether this very flight was answered before; if not, it counts as answered now. Stamps tell
    /// it too, but when they are full the highest is forgotten as soon as it is stored.
    pub(crate) fn was_answered(&mut self, find: [u8; 16]) -> bool {
        if self.answered.contains(&find) {
            return true;
        }
        if self.answered.len() >= STAMPS_SEEN_MAX {
            self.answered.pop_front();
        }
        self.answered.push_back(find);
        false
    }

    /// Counts a link that failed after its stamp was accepted.
    pub(crate) fn failed(&mut self, now: Now) {
        let minute = now.boot_ms / crate::time::MINUTE_MS;
        self.failures = if self.failures.0 == minute {
            (minute, self.failures.1 + 1)
        } else {
            (minute, 1)
        };
    }

    /// Whether the friend's flights are to be ignored until the minute is over.
    pub(crate) fn failed_too_often(&self, now: Now) -> bool {
        self.failures.0 == now.boot_ms / crate::time::MINUTE_MS
            && self.failures.1 >= FAILED_LINKS_PER_MINUTE_MAX
    }
}

impl Friend {
    /// Adds the root of one more run of the invitation; the newest stay.
    pub(crate) fn add_root(&mut self, root: Key<EdgeRoot>, me: &Identity) -> [u8; 16] {
        let keys = EdgeKeys::first(root, me.point(), &self.point);
        let name = keys.name;
        self.roots.push(keys);
        if self.roots.len() > CANDIDATE_ROOTS_MAX {
            self.roots.remove(0);
        }
        name
    }

    /// The root of this name.
    pub(crate) fn root(&self, name: &[u8; 16]) -> Option<&EdgeKeys> {
        self.roots.iter().find(|root| root.name == *name)
    }

    /// The root I dial or shake hands under: the newest, or by turns while several may be the one.
    pub(crate) fn root_to_dial(&self) -> Option<&EdgeKeys> {
        let last = self.roots.len().checked_sub(1)?;
        // The attempt under way is counted already.
        let turn = self.live.redial.attempt.saturating_sub(1) as usize;
        self.roots.get(last - turn % self.roots.len())
    }

    /// A link under this root has authenticated: it is the one both hold. Says whether that was news.
    pub(crate) fn keep_root(&mut self, name: &[u8; 16]) -> bool {
        let news = !self.linked || !self.settled;
        self.roots.retain(|root| root.name == *name);
        (self.linked, self.settled) = (true, true);
        news
    }

    /// Adds an address to try, newest first.
    pub(crate) fn add_addr(&mut self, addr: Addr) {
        self.addrs.retain(|known| *known != addr);
        self.addrs.insert(0, addr);
        self.addrs.truncate(FRIEND_ADDRS_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_bounded_and_the_oldest_block_goes_whole() {
        let mut seen = Seen::default();
        let entry = |n: usize| {
            let mut tag = [0; 16];
            tag[..8].copy_from_slice(&(n as u64).to_le_bytes());
            (tag, tag)
        };
        let mut gone = Vec::new();
        for n in 0..SEEN_PARCELS_MAX + SEEN_BLOCK {
            let (tag, id) = entry(n);
            let (block, forgotten) = seen.insert(tag, id);
            assert_eq!(block, (n / SEEN_BLOCK) as u64);
            gone.extend(forgotten);
        }
        assert_eq!(gone, [0]);
        assert!(!seen.knows(&entry(0).1) && seen.message_of(&entry(0).0).is_none());
        assert!(seen.knows(&entry(SEEN_BLOCK).1));
        assert_eq!(seen.block(1).first(), Some(&entry(SEEN_BLOCK)));
    }

    #[test]
    fn what_was_seen_survives_the_record() {
        let mut seen = Seen::default();
        for n in 0..100u8 {
            seen.insert([n; 16], [n; 16]);
        }
        let mut again = Seen::default();
        again.restore(0, seen.block(0));
        again.restore(1, seen.block(1));
        assert!((0..100).all(|n| again.message_of(&[n; 16]) == Some(&[n; 16])));
        assert_eq!(again.insert([200; 16], [200; 16]).0, 1);
    }

    #[test]
    fn a_flight_is_answered_once_even_when_its_stamp_is_forgotten() {
        let mut live = Live::default();
        assert!(!live.was_answered([1; 16]) && live.was_answered([1; 16]));
        for n in 0..STAMPS_SEEN_MAX as u8 - 1 {
            assert!(!live.was_answered([n + 2; 16]));
        }
        assert!(
            live.was_answered([1; 16]),
            "remembered as long as there is room"
        );
        assert!(
            !live.was_answered([200; 16]) && !live.was_answered([1; 16]),
            "bounded"
        );
    }
}
