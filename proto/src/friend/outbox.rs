//! Messages of mine that wait for a friend: what is sealed, what is on the link, what is still to be
//! sealed. An index only; words and parcels lie in the store. PROTOCOL §4.5.

use std::collections::{BTreeMap, BTreeSet};

use crate::limits::{BODY_COST_BYTES, BUCKETS, FILE_LINK_BYTES};
use crate::mailbox::BoxId;
use crate::message::{self, FileId, FileWord, MessageId};
use crate::parcel::bucket_for;

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
    bytes: u64,
    /// What somebody keeps, whichever set it is in.
    left: BTreeMap<u64, LeftAt>,
}

/// Where a parcel of mine was left, as it is stored.
#[derive(Clone, bincode::Encode, bincode::Decode)]
pub(crate) struct LeftAt {
    /// Which box.
    pub id: BoxId,
    /// A friend of mine at whose address it is.
    pub keeper: Option<u32>,
    /// When, in minutes of the node's age.
    pub age: u32,
    /// Until when it is kept there, minutes since 1970.
    pub until_min: u32,
}

/// One of them.
#[derive(Clone, bincode::Encode, bincode::Decode)]
pub(crate) struct Entry {
    pub friend: u32,
    pub message: MessageId,
    pub what: What,
    /// When I wrote it, minutes since 1970.
    pub minute: u32,
    /// The same as the node's age, in minutes.
    pub since: u32,
    /// Where it was sealed: chain, number, bucket in bytes.
    pub sealed: Option<(u32, u32, u32)>,
    /// Whether that is the only parcel it ever had.
    pub copies: Copies,
}

/// How many parcels a message has had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) enum Copies {
    /// One at most.
    One,
    /// One, which nobody can open any more: it is to be sealed anew.
    Stale,
    /// Several, of which the last is stored.
    Several,
}

/// What it is.
#[derive(Clone, Copy, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) enum What {
    /// Nothing to say: it ends a handshake.
    Confirm,
    /// A text, whose words lie in the store.
    Text(Said),
    /// A wish about how long to keep what is said: its number, and minutes.
    Timer(u32, u32),
    /// An ask for new secrets; what it says stands with the edge.
    EdgeRekey,
    /// An answer to one, likewise.
    EdgeRekeyAck,
    /// Who I am about to be; what it says stands with the friend.
    NextIdentity,
    /// A text that reached another computer of the same person, or never will: its words lie in the
    /// store, and nobody is told what becomes of this one.
    Copy(Said),
    /// The names that I showed hold no more.
    ZoneGone,
    /// Two words of an introducer and one of who is introduced, each by its introduction's number;
    /// what they say stands with it.
    IntroAsk(u32),
    IntroAnswer(u32),
    IntroGive(u32),
    /// Where I can be reached, as it is when this is sealed.
    Addresses,
    /// A word about a box; what it says stands with the friend.
    Box(BoxWord),
    /// Tokens of my box at this friend's; drawn when it is sealed.
    Tokens(u32),
    /// Where this friend is, who keeps a box of mine.
    Moved(u32),
    /// More tokens of a box of theirs are wanted.
    MoreTokens(BoxId),
    /// A box of mine is no more.
    NoBox(BoxId),
    /// A file is offered, by its number.
    FileHead(u32),
    /// A piece of it, which lies in the store.
    FileChunk(u32, u32),
    /// What becomes of a file, mine or theirs.
    FileWord(FileId, FileWord),
    /// A copy of what I said in a group: the number of the one that all are sealed from, and how long
    /// that is.
    Group(u64, u32),
}

/// Which word about a box.
#[derive(Clone, Copy, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) enum BoxWord {
    Offer,
    Ask,
    Grant,
    End(BoxId),
}

/// A text of mine, without its words.
#[derive(Clone, Copy, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) struct Said {
    /// Its place in my order.
    pub number: u32,
    /// In bytes.
    pub length: u32,
    /// Minutes that either side keeps it; 0 for no limit.
    pub limit: u32,
    /// Its place in what I read.
    pub seq: u64,
}

impl What {
    /// Whether it brings tokens, or asks for some.
    pub(crate) fn is_about_tokens(self) -> bool {
        matches!(self, Self::Tokens(_) | Self::MoreTokens(_))
    }
}

impl Entry {
    /// Whether it is to be sealed.
    pub(crate) fn waits(&self) -> bool {
        self.sealed.is_none() || self.copies == Copies::Stale
    }

    /// Its text, if it is one.
    pub(crate) fn text(&self) -> Option<Said> {
        match self.what {
            What::Text(said) | What::Copy(said) => Some(said),
            _ => None,
        }
    }

    /// The same, if nobody knows yet what became of it.
    pub(crate) fn awaited(&self) -> Option<Said> {
        match self.what {
            What::Text(said) => Some(said),
            _ => None,
        }
    }

    /// Whether it is a piece of a file.
    pub(crate) fn is_chunk(&self) -> bool {
        matches!(self.what, What::FileChunk(..))
    }

    /// Bytes of its parcel, once there is one.
    pub(crate) fn parcel_bytes(&self) -> usize {
        self.sealed.map_or(0, |(_, _, bytes)| bytes as usize)
    }

    /// What it takes on the disk once it is sealed: it must not outgrow its share then.
    fn cost(&self) -> u64 {
        if self.is_chunk() {
            return BODY_COST_BYTES + BUCKETS[2] as u64;
        }
        // The words that copies are sealed from lie on the disk once, beside them.
        let (words, said) = match self.what {
            What::Group(_, length) => (0, length as usize),
            _ => {
                let text = self.text().map_or(0, |said| said.length);
                (text, message::TEXT_HEAD_BYTES + text as usize)
            }
        };
        let parcel = bucket_for(said).unwrap_or_default();
        BODY_COST_BYTES + u64::from(words) + parcel as u64
    }
}

impl Outbox {
    pub(crate) fn insert(&mut self, id: u64, entry: Entry) {
        self.by_message.insert(entry.message, id);
        self.bytes += entry.cost();
        match entry.waits() {
            true => self.unsealed.insert(id),
            false => self.ready.insert(id),
        };
        self.entries.insert(id, entry);
    }

    /// Takes out the entry of an acknowledged message.
    pub(crate) fn take(&mut self, message: &MessageId) -> Option<(u64, Entry)> {
        let id = *self.by_message.get(message)?;
        self.take_out(id).map(|entry| (id, entry))
    }

    /// Takes out an entry.
    pub(crate) fn take_out(&mut self, id: u64) -> Option<Entry> {
        let entry = self.entries.remove(&id)?;
        self.by_message.remove(&entry.message);
        self.bytes -= entry.cost();
        if self.on_link.remove(&id) {
            self.on_link_bytes -= entry.parcel_bytes();
        }
        for set in [&mut self.unsealed, &mut self.fetching, &mut self.ready] {
            set.remove(&id);
        }
        Some(entry)
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Entry> {
        self.entries.get(&id)
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// What all of it takes on the disk.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// All of it, in the order in which it was written.
    pub(crate) fn entries(&self) -> impl DoubleEndedIterator<Item = (u64, &Entry)> {
        self.entries.iter().map(|(id, entry)| (*id, entry))
    }

    /// Sealed and not acknowledged.
    pub(crate) fn sealed(&self) -> usize {
        self.ready.len() + self.on_link.len()
    }

    /// Whether one of this kind waits.
    pub(crate) fn has(&self, which: impl Fn(&Entry) -> bool) -> bool {
        self.entries.values().any(which)
    }

    /// A text whose fate is known goes on to this computer, and nobody waits for it.
    pub(crate) fn tell_no_more(&mut self, id: u64) {
        if let Some(entry) = self.entries.get_mut(&id)
            && let What::Text(said) = entry.what
        {
            entry.what = What::Copy(said);
        }
    }

    /// Texts of which nobody knows yet what became, which is what a person counts.
    pub(crate) fn awaited(&self) -> impl Iterator<Item = Said> {
        self.entries.values().filter_map(Entry::awaited)
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
            if entry.copies == Copies::Stale {
                entry.copies = Copies::Several;
            }
            entry.sealed = Some(sealed);
            self.ready.insert(id);
        }
    }

    /// What was sealed in such chains is to be sealed anew; says what that is.
    pub(crate) fn seal_anew(&mut self, of: impl Fn(u32) -> bool) -> Vec<u64> {
        let mut ids = Vec::new();
        for (id, entry) in &mut self.entries {
            if !entry.waits() && entry.sealed.is_some_and(|(chain, ..)| of(chain)) {
                entry.copies = Copies::Stale;
                ids.push(*id);
            }
        }
        for id in &ids {
            if self.on_link.remove(id) {
                let bytes = self.entries.get(id).map_or(0, Entry::parcel_bytes);
                self.on_link_bytes -= bytes;
            }
            self.ready.remove(id);
            self.unsealed.insert(*id);
        }
        ids
    }

    /// Where a parcel was left that somebody keeps.
    pub(crate) fn left_at(&self, id: u64) -> Option<&LeftAt> {
        self.left.get(&id)
    }

    /// Whether something waits that was left in this box before this age, and came to nobody.
    pub(crate) fn was_left_in_vain(&self, of: &BoxId, since: u32) -> bool {
        let mut left = self.left.values();
        left.any(|at| at.id == *of && at.age < since)
    }

    /// Somebody keeps it. Says whether nobody did before.
    pub(crate) fn leave(&mut self, id: u64, at: LeftAt) -> bool {
        self.entries.contains_key(&id) && self.left.insert(id, at).is_none()
    }

    /// Nobody does any more, or it does not matter. Says whether somebody did.
    pub(crate) fn take_back(&mut self, id: u64) -> bool {
        self.left.remove(&id).is_some()
    }

    /// What was left in this box goes again; says what that is.
    pub(crate) fn box_is_gone(&mut self, of: &BoxId) -> Vec<u64> {
        let left = self.left.iter().filter(|(_, at)| at.id == *of);
        let left: Vec<_> = left.map(|(id, _)| *id).collect();
        self.left.retain(|_, at| at.id != *of);
        left
    }

    /// What can be left with a keeper, oldest first: sealed, and nobody keeps it since this age.
    pub(crate) fn to_leave(&self, since: u32) -> impl Iterator<Item = (u64, &Entry)> {
        let recent = move |id: &u64| self.left.get(id).is_some_and(|at| at.age >= since);
        let ready = self.ready.iter().filter(move |id| !recent(id));
        ready.filter_map(|id| Some((*id, self.entries.get(id)?)))
    }

    /// The next parcel for the link, if this many bytes bear it: its number and its length.
    /// Pieces of files wait for all else, and take a part of it only.
    pub(crate) fn next_for_link(&mut self, window: usize) -> Option<(u64, usize)> {
        let text = self.ready.iter().find(|id| !self.is_chunk(**id));
        let id = match text {
            Some(id) => *id,
            None => *self.ready.first().filter(|_| self.bears_a_chunk())?,
        };
        let length = self.entries.get(&id)?.parcel_bytes();
        if self.on_link_bytes + length > window {
            return None;
        }
        self.ready.remove(&id);
        self.on_link.insert(id);
        self.on_link_bytes += length;
        Some((id, length))
    }

    fn is_chunk(&self, id: u64) -> bool {
        self.entries.get(&id).is_some_and(Entry::is_chunk)
    }

    fn bears_a_chunk(&self) -> bool {
        let chunks = self.on_link.iter().filter(|id| self.is_chunk(**id));
        (chunks.count() + 1) * BUCKETS[2] <= FILE_LINK_BYTES || planted!(FilesFirst)
    }

    /// The link is over: nothing of it is on any link now.
    pub(crate) fn call_back(&mut self) {
        if !planted!(NotRepeated) {
            self.ready.append(&mut self.on_link);
        }
        self.on_link_bytes = 0;
    }
}
