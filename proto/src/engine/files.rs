//! Files: offered with name, size and hash, sent only after the other human's yes, piece by piece in
//! the ordinary session, whole only when the hash is right. Both disks hold them sealed, each piece
//! under a key of its own; what is over on either side is erased here. PROTOCOL §4.5 "Files".
//!
//! ```text
//! mine.rs     handed in by my human, offered, sent
//! theirs.rs   offered by a friend, taken, checked, read out
//! cards.rs    as a person sees them
//! over.rs     ended, and erased
//! ```

mod cards;
mod mine;
mod over;
mod theirs;

use std::collections::{BTreeMap, BTreeSet};

use super::saved::{Piece, Saved, pieces};
use super::{Answer, Engine, FileNews, Refusal};
use crate::friend::What;
use crate::limits::{FILE_BYTES_MAX, FILE_CHUNK_BYTES, FILE_NAME_BYTES_MAX, FILES_BYTES_MAX};
use crate::message::{FileHead, FileId, FileWord, Payload};
use crate::vault::Name;
use mine::Filling;
use theirs::Check;

/// One file, under way or here and not taken out.
#[derive(Clone, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(super) struct File {
    /// Of which friend, or for which.
    friend: u32,
    id: FileId,
    /// Clean.
    name: String,
    bytes: u32,
    hash: [u8; 32],
    /// Since when there is anything of it, minutes since 1970.
    minute: u32,
    /// The node's age when it was offered, or taken.
    since: u32,
    stage: Stage,
}

/// How far it has come.
#[derive(Clone, PartialEq, Eq, bincode::Encode, bincode::Decode)]
enum Stage {
    /// Mine: my human's program hands it in. A start drops it.
    Filling,
    /// Mine: their yes is waited for.
    Offered,
    /// Mine: pieces before this one have had their place in the outbox; so often they asked for some.
    Going { next: u32, starts: u8 },
    /// Theirs: my yes is waited for.
    Asked,
    /// Theirs: which pieces are here, a bit for each.
    Coming { have: Vec<u8> },
    /// Theirs: all of it, and it is what was offered.
    Whole,
}

/// All of them, and what is true only while the node runs.
#[derive(Default)]
pub(super) struct Files {
    all: BTreeMap<u32, File>,
    filling: BTreeMap<u32, Filling>,
    /// By the number under which a piece was asked for.
    checks: BTreeMap<u64, Check>,
    /// Of how many offers of a friend the human was told, and on which day of the node's age.
    told: BTreeMap<u32, (u32, u32)>,
    /// Offered, and nobody was told: nobody hears either that they are no more.
    untold: BTreeSet<u32>,
}

impl Files {
    /// As they were stored; nothing if no engine can have written one of them.
    pub(super) fn restore(all: BTreeMap<u32, File>) -> Option<Self> {
        all.values().all(File::can_be).then(|| Self {
            all,
            ..Self::default()
        })
    }

    pub(super) fn get(&self, no: u32) -> Option<&File> {
        self.all.get(&no)
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    fn of_friend(&self, friend: u32) -> impl Iterator<Item = (u32, &File)> {
        let all = self.all.iter().map(|(no, file)| (*no, file));
        all.filter(move |(_, file)| file.friend == friend)
    }

    fn find(&self, friend: u32, id: &FileId) -> Option<u32> {
        let mut theirs = self.of_friend(friend);
        theirs.find(|(_, file)| file.id == *id).map(|(no, _)| no)
    }
}

impl File {
    fn can_be(&self) -> bool {
        let size = (1..=FILE_BYTES_MAX).contains(&self.bytes.into());
        let stage = match &self.stage {
            Stage::Going { next, .. } => *next <= self.chunks(),
            Stage::Coming { have } => have.len() == (self.chunks() as usize).div_ceil(8),
            _ => true,
        };
        size && stage && self.name.len() <= FILE_NAME_BYTES_MAX
    }

    pub(super) fn friend(&self) -> u32 {
        self.friend
    }

    fn is_mine(&self) -> bool {
        use Stage::{Filling, Going, Offered};
        matches!(self.stage, Filling | Offered | Going { .. })
    }

    fn chunks(&self) -> u32 {
        self.bytes.div_ceil(FILE_CHUNK_BYTES as u32)
    }

    /// Of a piece, in bytes; nothing if there is none with this number.
    fn chunk_bytes(&self, index: u32) -> Option<usize> {
        let before = (index as usize).checked_mul(FILE_CHUNK_BYTES)?;
        let left = (self.bytes as usize).checked_sub(before)?;
        (left > 0).then_some(left.min(FILE_CHUNK_BYTES))
    }
}

impl Engine {
    fn new_file(&mut self, file: File) -> u32 {
        // One row of numbers with introductions: a person answers both at the door.
        self.introducing.next += 1;
        let no = self.introducing.next;
        self.files.all.insert(no, file);
        self.dirty.extend([Saved::File(no), Saved::Introductions]);
        no
    }

    /// Whether so much more fits the share that files have of all texts and parcels.
    fn room_for_file(&self, bytes: u64) -> Result<(), Refusal> {
        if self.full {
            return Err(Refusal::DiskFull);
        }
        let here = self.files.all.values();
        let here = here.filter(|file| file.stage != Stage::Asked);
        let here: u64 = here.map(|file| u64::from(file.bytes)).sum();
        let most = (self.settings.bodies_bytes / 4).min(FILES_BYTES_MAX);
        let fits = here + bytes <= most || planted!(FilesUnbounded);
        fits.then_some(()).ok_or(Refusal::NoRoomForFile {
            left: most.saturating_sub(here),
        })
    }

    fn chunk_names(&self, no: u32, index: u32) -> Option<Vec<Name>> {
        let bytes = self.files.get(no)?.chunk_bytes(index)?;
        Some(pieces(Saved::Chunk(no, index), Piece::Text, bytes))
    }

    /// What waits in the outbox to be said, as it lies on the disk; nothing if it says itself.
    pub(super) fn chunk_of(&self, what: What) -> Option<Vec<Name>> {
        match what {
            What::FileChunk(no, index) => self.chunk_names(no, index),
            _ => None,
        }
    }

    /// What an entry of the outbox says of a file, as far as it is still to be said.
    pub(super) fn file_words(&self, friend: u32, entry: u64, piece: &[u8]) -> Option<Payload> {
        let what = self.friends.get(&friend)?.outbox.get(entry)?.what;
        match what {
            What::FileHead(no) => {
                let file = self.files.get(no)?;
                Some(Payload::FileHead(FileHead {
                    id: file.id,
                    size: file.bytes.into(),
                    hash: file.hash,
                    name: file.name.clone(),
                }))
            }
            What::FileChunk(no, index) => self.chunk_words(no, index, piece),
            What::FileWord(id, word) => Some(Payload::FileWord(id, word)),
            _ => None,
        }
    }

    fn say_of_file(&mut self, friend: u32, id: FileId, word: FileWord) {
        self.new_entry(friend, What::FileWord(id, word));
        self.seal_waiting(friend);
        self.flush(friend);
    }

    /// What a friend says of a file of mine, or of one that they offered.
    pub(super) fn they_say_of_file(
        &mut self,
        friend: u32,
        id: &FileId,
        word: FileWord,
    ) -> Option<()> {
        let no = self.files.find(friend, id)?;
        let mine = self.files.get(no)?.is_mine();
        match word {
            FileWord::No if mine => self.file_ends(no, FileNews::Refused),
            FileWord::No => self.they_withdraw(no),
            FileWord::Go(from) => self.they_take(no, from),
            FileWord::Whole if mine => self.they_have(no),
            FileWord::Whole => {}
        }
        Some(())
    }
}

#[cfg(test)]
impl Files {
    pub(super) fn numbers(&self) -> Vec<u32> {
        self.all.keys().copied().collect()
    }

    pub(super) fn the_only(&self) -> &File {
        self.all.values().next().expect("a file")
    }
}

#[cfg(test)]
impl File {
    pub(super) fn id(&self) -> FileId {
        self.id
    }

    /// Every list as long, every number as wide as it can be.
    pub(super) fn largest() -> Self {
        let file = Self {
            friend: u32::MAX,
            id: [255; 16],
            name: "n".repeat(FILE_NAME_BYTES_MAX),
            bytes: FILE_BYTES_MAX as u32,
            hash: [255; 32],
            minute: u32::MAX,
            since: u32::MAX,
            stage: Stage::Asked,
        };
        let have = vec![255; (file.chunks() as usize).div_ceil(8)];
        Self {
            stage: Stage::Coming { have },
            ..file
        }
    }
}
