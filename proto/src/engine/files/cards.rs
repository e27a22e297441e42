//! Files as a person sees them: under way, here, offered and waiting for a yes. PROTOCOL §4.5 "Files".

use super::{Filling, Stage};
use crate::engine::people::count;
use crate::engine::{Answer, Engine, FileCard, FileState, Refusal, Waiting, WaitsAs};
use crate::limits::FILE_CHUNK_BYTES;

impl Engine {
    /// Files under way, and those that are here, oldest first.
    pub(in crate::engine) fn files(&self) -> Vec<FileCard> {
        let all = self.files.all.keys();
        all.filter_map(|no| self.file_card(*no)).collect()
    }

    pub(super) fn file_card(&self, no: u32) -> Option<FileCard> {
        let file = self.files.get(no)?;
        let (state, done) = match &file.stage {
            Stage::Filling => {
                let filling = self.files.filling.get(&no);
                (FileState::Filling, filling.map_or(0, Filling::next))
            }
            Stage::Offered => (FileState::Offered, 0),
            Stage::Going { next, .. } => {
                let waiting = self.chunks_waiting(no).range(..next).count();
                (FileState::Going, next - count(waiting))
            }
            Stage::Asked => (FileState::Asked, 0),
            Stage::Coming { have } => {
                let bits = have.iter().map(|byte| byte.count_ones()).sum();
                (FileState::Coming, bits)
            }
            Stage::Whole => (FileState::Whole, file.chunks()),
        };
        let done = u64::from(done) * FILE_CHUNK_BYTES as u64;
        Some(FileCard {
            id: no,
            petname: self.petname(file.friend),
            name: file.name.clone(),
            bytes: file.bytes.into(),
            done: done.min(file.bytes.into()),
            state,
            hash: file.hash,
            since_min: file.minute,
        })
    }

    /// How many there are, what of them is on the disk in bytes, and since which minute.
    pub(in crate::engine) fn files_kept(&self) -> (u32, u64, Option<u32>) {
        let here = |card: &FileCard| match card.state {
            FileState::Offered | FileState::Going => card.bytes,
            FileState::Filling | FileState::Asked | FileState::Coming | FileState::Whole => {
                card.done
            }
        };
        let all = self.files();
        let since = all.iter().map(|card| card.since_min).min();
        (count(all.len()), all.iter().map(here).sum(), since)
    }

    pub(super) fn file_answer(&self, no: u32) -> Result<Answer, Refusal> {
        let card = self.file_card(no).ok_or(Refusal::NoSuchFile)?;
        Ok(Answer::File(Box::new(card)))
    }

    /// Files that friends offer, for the list of who waits at the door.
    pub(in crate::engine) fn files_at_the_door(&self) -> impl Iterator<Item = Waiting> {
        let asked = self.files.all.iter();
        let asked = asked.filter(|(_, file)| file.stage == Stage::Asked);
        asked.map(|(no, file)| Waiting {
            id: *no,
            since_min: file.minute,
            until_min: file.minute.saturating_add(self.settings.post_min),
            waits: WaitsAs::File {
                by: self.petname(file.friend),
                name: file.name.clone(),
                bytes: file.bytes.into(),
            },
        })
    }

    pub(in crate::engine) fn is_file(&self, no: u32) -> bool {
        self.files.get(no).is_some()
    }

    pub(in crate::engine) fn files_asked(&self) -> u32 {
        count(self.files_at_the_door().count())
    }
}
