//! Files of friends: each is asked about, room for it is promised with the yes, pieces are taken in any
//! order and once, and only what has the hash that was offered is ever read out. PROTOCOL §4.5 "Files".

use super::{Answer, Engine, File, FileNews, Refusal, Stage};
use crate::engine::saved::{Piece, Saved};
use crate::engine::{Body, Effect};
use crate::file::clean_name;
use crate::limits::{FILE_BYTES_MAX, FILES_FROM_FRIEND_MAX, FILES_MAX, FILES_TOLD_PER_DAY_MAX};
use crate::message::{FileChunk, FileHead, FileWord};
use crate::secret::Said;
use crate::time::DAY_MINUTES;
use zeroize::Zeroize;

/// A file whose pieces are read one after the other, to see whether it is what was offered.
pub(super) struct Check {
    file: u32,
    next: u32,
    hasher: blake3::Hasher,
}

impl Check {
    pub(super) fn file(&self) -> u32 {
        self.file
    }
}

impl Drop for Check {
    fn drop(&mut self) {
        self.hasher.zeroize();
    }
}

impl Engine {
    /// A friend offers a file. What cannot be, or is too much, is not heard.
    pub(in crate::engine) fn they_offer_file(
        &mut self,
        friend: u32,
        head: &FileHead,
    ) -> Option<()> {
        let can_be = (1..=FILE_BYTES_MAX).contains(&head.size);
        let theirs = self.files.of_friend(friend);
        let theirs = theirs.filter(|(_, file)| !file.is_mine()).count();
        let crowd = theirs >= FILES_FROM_FRIEND_MAX || self.files.len() >= FILES_MAX;
        let crowd = crowd && !planted!(FileOffersUnbounded);
        if !can_be || crowd || self.files.find(friend, &head.id).is_some() {
            return None;
        }
        let no = self.new_file(File {
            friend,
            id: head.id,
            name: clean_name(&head.name),
            bytes: head.size as u32,
            hash: head.hash,
            minute: self.now.minutes(),
            since: self.age.minutes(),
            stage: Stage::Asked,
        });
        self.wake_for_files();
        let today = self.age.minutes() / DAY_MINUTES;
        let told = self.files.told.entry(friend).or_default();
        if told.0 != today {
            *told = (today, 0);
        }
        told.1 = told.1.saturating_add(1);
        if told.1 > FILES_TOLD_PER_DAY_MAX {
            self.files.untold.insert(no);
        } else {
            self.tell_of_file(no, FileNews::Offered);
        }
        Some(())
    }

    /// My human wants it: there is room for all of it, and its pieces may come.
    pub(in crate::engine) fn take_file(&mut self, no: u32) -> Result<Answer, Refusal> {
        let file = self.files.get(no).filter(|file| file.stage == Stage::Asked);
        let (friend, id, bytes) = file
            .map(|file| (file.friend, file.id, file.bytes))
            .ok_or(Refusal::NoSuchFile)?;
        self.not_blocked(friend)?;
        self.room_for_file(bytes.into())?;
        let age = self.age.minutes();
        if let Some(file) = self.files.all.get_mut(&no) {
            let have = vec![0; (file.chunks() as usize).div_ceil(8)];
            (file.stage, file.since) = (Stage::Coming { have }, age);
        }
        self.files.untold.remove(&no);
        self.mark(Saved::File(no));
        self.say_of_file(friend, id, FileWord::Go(0));
        self.wake_for_files();
        self.file_answer(no)
    }

    /// They take back what they offered; what is here whole stays.
    pub(super) fn they_withdraw(&mut self, no: u32) {
        if self
            .files
            .get(no)
            .is_some_and(|file| file.stage != Stage::Whole)
        {
            self.file_ends(no, FileNews::Withdrawn);
        }
    }

    /// Whether a piece belongs to a file that my human took, has its length, and is not here.
    pub(in crate::engine) fn wants_chunk(&self, friend: u32, chunk: &FileChunk) -> Option<u32> {
        let no = self.files.find(friend, &chunk.id)?;
        let file = self.files.get(no)?;
        let Stage::Coming { have } = &file.stage else {
            return None;
        };
        let fits = file.chunk_bytes(chunk.index) == Some(chunk.bytes.len());
        (fits && !is_set(have, chunk.index)).then_some(no)
    }

    pub(in crate::engine) fn they_send_chunk(
        &mut self,
        friend: u32,
        chunk: &FileChunk,
    ) -> Option<()> {
        let no = self.wants_chunk(friend, chunk)?;
        self.put_pieces(Saved::Chunk(no, chunk.index), Piece::Text, &chunk.bytes);
        if let Stage::Coming { have } = &mut self.files.all.get_mut(&no)?.stage
            && let Some(byte) = have.get_mut((chunk.index / 8) as usize)
        {
            *byte |= 1 << (chunk.index % 8);
        }
        if !planted!(FilePieceForgotten) {
            self.mark(Saved::File(no));
        }
        let card = self.file_card(no)?;
        let (done, bytes) = (card.done, card.bytes);
        self.tell_of_file(no, FileNews::Moved { done, bytes });
        self.check_file(no);
        Some(())
    }

    /// Begins to look whether a file of which all pieces are here is what was offered.
    pub(super) fn check_file(&mut self, no: u32) {
        let is_all = |file: &File| match &file.stage {
            Stage::Coming { have } => (0..file.chunks()).all(|index| is_set(have, index)),
            _ => false,
        };
        let under_way = self.files.checks.values().any(|check| check.file == no);
        if under_way || !self.files.get(no).is_some_and(is_all) {
            return;
        }
        // A number of the outbox that no message has.
        self.counters.next_entry += 1;
        let hasher = blake3::Hasher::new();
        let check = Check {
            file: no,
            next: 0,
            hasher,
        };
        self.check_on(self.counters.next_entry, check);
    }

    fn check_on(&mut self, id: u64, check: Check) {
        if let Some(names) = self.chunk_names(check.file, check.next) {
            self.files.checks.insert(id, check);
            self.then(Effect::Fetch { id, names });
        }
    }

    /// A piece was read from the disk, if that was asked for a check.
    pub(in crate::engine) fn checked(&mut self, id: u64, piece: Option<&Said>) -> bool {
        let Some(mut check) = self.files.checks.remove(&id) else {
            return false;
        };
        let Some(file) = self.files.get(check.file) else {
            return true;
        };
        let (chunks, hash) = (file.chunks(), file.hash);
        match piece {
            Some(piece) => check.hasher.update(piece),
            // A damaged disk.
            None => return self.file_is(check.file, false),
        };
        check.next += 1;
        if check.next < chunks {
            self.check_on(id, check);
            return true;
        }
        let right = check.hasher.finalize() == hash || planted!(FileHashIgnored);
        self.file_is(check.file, right)
    }

    fn file_is(&mut self, no: u32, right: bool) -> bool {
        let of = self.files.get(no).map(|file| (file.friend, file.id));
        let Some((friend, id)) = of else {
            return true;
        };
        if !right {
            self.file_ends(no, FileNews::Broken);
            self.say_of_file(friend, id, FileWord::No);
            return true;
        }
        if let Some(file) = self.files.all.get_mut(&no) {
            file.stage = Stage::Whole;
        }
        self.mark(Saved::File(no));
        self.tell_of_file(no, FileNews::Whole);
        self.say_of_file(friend, id, FileWord::Whole);
        true
    }

    /// A piece of one that is here whole.
    pub(in crate::engine) fn read_file(&self, no: u32, index: u32) -> Result<Answer, Refusal> {
        let whole = self
            .files
            .get(no)
            .is_some_and(|file| file.stage == Stage::Whole);
        let names = self.chunk_names(no, index).filter(|_| whole);
        let names = names.ok_or(Refusal::NoSuchFile)?;
        Ok(Answer::Piece(Body::Stored(names)))
    }

    /// This disk may have forgotten pieces that the friend knows to be here: they are asked for again.
    pub(in crate::engine) fn ask_for_pieces_again(&mut self, friend: u32) {
        let missing = self.files.of_friend(friend).filter_map(|(_, file)| {
            let Stage::Coming { have } = &file.stage else {
                return None;
            };
            let mut missing = (0..file.chunks()).filter(|index| !is_set(have, *index));
            Some((file.id, missing.next()?))
        });
        for (id, from) in missing.collect::<Vec<_>>() {
            self.new_entry(
                friend,
                crate::friend::What::FileWord(id, FileWord::Go(from)),
            );
        }
    }
}

fn is_set(bits: &[u8], index: u32) -> bool {
    let byte = bits.get((index / 8) as usize);
    byte.is_some_and(|byte| byte >> (index % 8) & 1 == 1)
}
