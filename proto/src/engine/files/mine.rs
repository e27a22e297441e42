//! Files of mine: handed in piece by piece, so that the original may go; offered; sent once the friend's
//! human said yes, so many pieces at a time that texts do not wait behind them; erased when the friend
//! has all, or wants none. PROTOCOL §4.5 "Files".

use std::collections::BTreeSet;

use super::{Answer, Engine, File, FileNews, Refusal, Stage};
use crate::engine::saved::{Piece, Saved};
use crate::file::clean_name;
use crate::friend::What;
use crate::limits::{
    FILE_BYTES_MAX, FILE_CHUNKS_WAITING_MAX, FILE_FILLING_MS, FILE_STARTS_MAX, FILES_MAX,
    FILES_TO_FRIEND_MAX, OUTBOX_PER_FRIEND_MAX,
};
use crate::message::{FileChunk, Payload};
use crate::secret::Said;
use zeroize::Zeroize;

/// A file that is being handed in.
pub(super) struct Filling {
    next: u32,
    hasher: blake3::Hasher,
    /// When it is dropped, on the boot clock in milliseconds.
    until_ms: u64,
}

impl Filling {
    pub(super) fn next(&self) -> u32 {
        self.next
    }

    pub(super) fn until_ms(&self) -> u64 {
        self.until_ms
    }

    pub(super) fn is_over(&self, now_ms: u64) -> bool {
        self.until_ms <= now_ms
    }
}

impl Drop for Filling {
    fn drop(&mut self) {
        self.hasher.zeroize();
    }
}

impl Engine {
    /// My human has a file for a friend: room for it is promised, and its pieces may come.
    pub(in crate::engine) fn offer_file(
        &mut self,
        to: &str,
        name: &str,
        bytes: u64,
    ) -> Result<Answer, Refusal> {
        let friend = self.computer_for_file(to)?;
        self.not_blocked(friend)?;
        if bytes == 0 {
            return Err(Refusal::EmptyFile);
        }
        if bytes > FILE_BYTES_MAX {
            return Err(Refusal::FileTooLong);
        }
        let mine = self.files.of_friend(friend);
        let mine = mine.filter(|(_, file)| file.is_mine()).count();
        if mine >= FILES_TO_FRIEND_MAX || self.files.len() >= FILES_MAX {
            return Err(Refusal::TooManyFiles);
        }
        self.room_for_file(bytes)?;
        let file = File {
            friend,
            id: self.entropy.bytes(),
            name: clean_name(name),
            bytes: bytes as u32,
            hash: [0; 32],
            minute: self.now.minutes(),
            since: self.age.minutes(),
            stage: Stage::Filling,
        };
        let no = self.new_file(file);
        let filling = Filling {
            next: 0,
            hasher: blake3::Hasher::new(),
            until_ms: self.now.boot_ms.saturating_add(FILE_FILLING_MS),
        };
        self.files.filling.insert(no, filling);
        self.wake_for_files();
        self.file_answer(no)
    }

    /// Of a person's computers the one that is there; else the first.
    fn computer_for_file(&self, name: &str) -> Result<u32, Refusal> {
        let computers = self.computers_of(name)?;
        let here = computers.iter().find(|no| self.carrier(**no).is_some());
        here.or(computers.first())
            .copied()
            .ok_or(Refusal::NoSuchFriend { near: Vec::new() })
    }

    /// The next piece of a file that is handed in; with the last one it is offered.
    pub(in crate::engine) fn fill_file(
        &mut self,
        no: u32,
        index: u32,
        bytes: &Said,
    ) -> Result<Answer, Refusal> {
        let until_ms = self.now.boot_ms.saturating_add(FILE_FILLING_MS);
        let file = self.files.all.get_mut(&no).ok_or(Refusal::NoSuchFile)?;
        let filling = self.files.filling.get_mut(&no);
        let filling = filling.filter(|filling| filling.next == index);
        let filling = filling.filter(|_| file.chunk_bytes(index) == Some(bytes.len()));
        let filling = filling.ok_or(Refusal::NoSuchFile)?;
        if self.full {
            self.erase_file(no);
            return Err(Refusal::DiskFull);
        }
        filling.hasher.update(bytes);
        (filling.next, filling.until_ms) = (index + 1, until_ms);
        let whole = filling.next == file.chunks();
        if whole {
            file.hash = *filling.hasher.finalize().as_bytes();
            (file.stage, file.since) = (Stage::Offered, self.age.minutes());
        }
        let friend = file.friend;
        self.put_pieces(Saved::Chunk(no, index), Piece::Text, bytes);
        if whole {
            self.files.filling.remove(&no);
            self.mark(Saved::File(no));
            self.new_entry(friend, What::FileHead(no));
            self.seal_waiting(friend);
            self.flush(friend);
            self.wake_for_files();
        }
        self.file_answer(no)
    }

    pub(super) fn chunk_words(&self, no: u32, index: u32, piece: &[u8]) -> Option<Payload> {
        let file = self.files.get(no)?;
        // A piece that the disk lost is said as nothing: its friend finds the hash wrong, or waits.
        (file.chunk_bytes(index) == Some(piece.len())).then(|| {
            Payload::FileChunk(FileChunk {
                id: file.id,
                index,
                bytes: Said::new(piece.to_vec()),
            })
        })
    }

    /// Their human said yes, or their disk forgot some pieces.
    pub(super) fn they_take(&mut self, no: u32, from: u32) {
        let age = self.age.minutes();
        let Some(file) = self.files.all.get_mut(&no) else {
            return;
        };
        let (chunks, first) = (file.chunks(), file.stage == Stage::Offered);
        file.stage = match file.stage {
            Stage::Offered => {
                file.since = age;
                let next = from.min(chunks);
                Stage::Going { next, starts: 1 }
            }
            Stage::Going { next, starts } if starts < FILE_STARTS_MAX => Stage::Going {
                next: next.min(from),
                starts: starts + 1,
            },
            _ => return,
        };
        let friend = file.friend;
        self.mark(Saved::File(no));
        if first {
            self.tell_of_file(no, FileNews::Taken);
        }
        self.feed_files(friend);
    }

    /// They have all of it, and the hash is right.
    pub(super) fn they_have(&mut self, no: u32) {
        let going = |file: &File| matches!(file.stage, Stage::Going { .. });
        if let Some(friend) = self
            .files
            .get(no)
            .filter(|file| going(file))
            .map(File::friend)
        {
            self.file_ends(no, FileNews::Arrived);
            self.feed_files(friend);
        }
    }

    /// Pieces of a file that have a place in the outbox and have not arrived.
    pub(in crate::engine) fn chunks_waiting(&self, no: u32) -> BTreeSet<u32> {
        let friend = self.files.get(no).map(File::friend);
        let friend = friend.and_then(|friend| self.friends.get(&friend));
        let entries = friend
            .into_iter()
            .flat_map(|friend| friend.outbox.entries());
        let of = entries.filter_map(|(_, entry)| match entry.what {
            What::FileChunk(of, index) if of == no => Some(index),
            _ => None,
        });
        of.collect()
    }

    /// A piece arrived: the next ones may go.
    pub(in crate::engine) fn chunk_arrived(&mut self, friend: u32, what: What) {
        if let What::FileChunk(no, _) = what {
            if let Some(card) = self.file_card(no) {
                let (done, bytes) = (card.done, card.bytes);
                self.tell_of_file(no, FileNews::Moved { done, bytes });
            }
            self.feed_files(friend);
        }
    }

    /// Gives the next pieces a place in the outbox, as many as may wait for one friend.
    pub(super) fn feed_files(&mut self, friend: u32) {
        let mut fed = false;
        while let Some((no, index)) = self.next_chunk(friend) {
            if let Some(Stage::Going { next, .. }) =
                self.files.all.get_mut(&no).map(|file| &mut file.stage)
            {
                *next = index + 1;
            }
            self.mark(Saved::File(no));
            self.new_entry(friend, What::FileChunk(no, index));
            fed = true;
        }
        if fed {
            self.seal_waiting(friend);
            self.flush(friend);
        }
    }

    /// The next piece that is neither there nor waiting, if one more may wait.
    fn next_chunk(&self, friend: u32) -> Option<(u32, u32)> {
        let outbox = &self.friends.get(&friend)?.outbox;
        let waiting = outbox.entries().filter(|(_, entry)| entry.is_chunk());
        let waiting = waiting.count();
        let room = waiting < FILE_CHUNKS_WAITING_MAX
            && outbox.len() < OUTBOX_PER_FRIEND_MAX / 2
            && (waiting == 0 || self.half_of_outbox_is_free());
        let mut going = self.files.of_friend(friend);
        going.find_map(|(no, file)| match file.stage {
            Stage::Going { next, .. } if room && next < file.chunks() => {
                let waiting = self.chunks_waiting(no);
                let mut left = (next..file.chunks()).filter(|index| !waiting.contains(index));
                Some((no, left.next()?))
            }
            _ => None,
        })
    }

    /// What waits for friends has a bound, half of which is left to texts.
    fn half_of_outbox_is_free(&self) -> bool {
        let waits = self.friends.values().map(|friend| friend.outbox.bytes());
        waits.sum::<u64>() < self.settings.bodies_bytes / 8
    }
}
