//! When a file is over: its time is up, somebody ends it, a friend leaves. Nothing of it stays, on the disk
//! or in the outbox. PROTOCOL §4.5 "Files".

use super::{Filling, Stage};
use crate::engine::saved::{Piece, Saved};
use crate::engine::{Answer, Engine, Event, FileNews, Refusal};
use crate::friend::What;
use crate::message::FileWord;

impl Engine {
    /// It is over, and my human hears why, if they heard of it at all. Nothing of it stays.
    pub(super) fn file_ends(&mut self, no: u32, news: FileNews) {
        if !self.files.untold.contains(&no) {
            self.tell_of_file(no, news);
        }
        self.erase_file(no);
    }

    pub(super) fn tell_of_file(&mut self, no: u32, news: FileNews) {
        if let Some(file) = self.files.get(no) {
            let event = Event::File {
                id: no,
                petname: self.petname(file.friend),
                name: file.name.clone(),
                news,
            };
            self.tell_of(file.friend, event);
        }
    }

    pub(super) fn erase_file(&mut self, no: u32) {
        let filled = self.files.filling.remove(&no).map(|filling| filling.next());
        let Some(file) = self.files.all.remove(&no) else {
            return;
        };
        self.files.untold.remove(&no);
        self.files.checks.retain(|_, check| check.file() != no);
        let here = match file.stage {
            Stage::Asked => 0,
            _ => filled.unwrap_or(file.chunks()),
        };
        for index in 0..here {
            let bytes = file.chunk_bytes(index).unwrap_or_default();
            self.erase_pieces(Saved::Chunk(no, index), Piece::Text, bytes);
            // Its leaf goes with a record that never was.
            self.mark(Saved::Chunk(no, index));
        }
        self.mark(Saved::File(no));
        self.unsay_file(file.friend, no);
    }

    /// What waits in the outbox about a file that is over.
    fn unsay_file(&mut self, friend: u32, no: u32) {
        let about = |what| matches!(what, What::FileHead(of) | What::FileChunk(of, _) if of == no);
        let Some(friend) = self.friends.get_mut(&friend) else {
            return;
        };
        let entries = friend.outbox.entries();
        let entries = entries.filter(|(_, entry)| about(entry.what));
        let ids: Vec<_> = entries.map(|(id, _)| id).collect();
        let taken = ids.into_iter();
        let taken: Vec<_> = taken
            .filter_map(|id| Some((id, friend.outbox.take_out(id)?)))
            .collect();
        for (id, entry) in taken {
            self.sealed.remove(&id);
            self.settle_entry(id, &entry, false);
        }
    }

    /// My human does not want it, or not any more, or has taken it out: it is erased here, and the other
    /// side told if it is not here whole.
    pub(in crate::engine) fn drop_file(&mut self, no: u32) -> Result<Answer, Refusal> {
        let file = self.files.get(no).ok_or(Refusal::NoSuchFile)?;
        let (friend, id) = (file.friend, file.id);
        let told = !matches!(file.stage, Stage::Filling | Stage::Whole);
        self.erase_file(no);
        if told {
            self.say_of_file(friend, id, FileWord::No);
        }
        self.feed_files(friend);
        Ok(Answer::Declined)
    }

    /// Does what is due for files: what is over ends, what stood still goes on.
    pub(in crate::engine) fn go_on_with_files(&mut self) {
        let (age, post) = (self.age.minutes(), self.settings.post_min);
        let over = self.files.all.iter().filter(|(no, file)| match file.stage {
            Stage::Filling => {
                let filling = self.files.filling.get(no);
                filling.is_none_or(|filling| filling.is_over(self.now.boot_ms))
            }
            Stage::Whole => false,
            _ => age.saturating_sub(file.since) >= post,
        });
        for no in over.map(|(no, _)| *no).collect::<Vec<_>>() {
            self.file_ends(no, FileNews::Ended);
        }
        let all: Vec<_> = self.files.all.keys().copied().collect();
        all.into_iter().for_each(|no| self.check_file(no));
        let friends = self.files.all.values().map(|file| file.friend);
        for friend in friends.collect::<std::collections::BTreeSet<_>>() {
            self.feed_files(friend);
        }
        self.wake_for_files();
    }

    pub(super) fn wake_for_files(&mut self) {
        let ends = self.files.all.values();
        let ends = ends.filter(|file| file.stage != Stage::Whole);
        let ends = ends.map(|file| file.since.saturating_add(self.settings.post_min));
        if let Some(age) = ends.min() {
            self.wake_by_age(age);
        }
        let filling = self.files.filling.values().map(Filling::until_ms).min();
        if let Some(at_ms) = filling {
            self.wake_by(at_ms);
        }
    }

    /// A friend is a friend no more: nothing of their files stays, or of mine for them.
    pub(in crate::engine) fn files_left(&mut self, friend: u32) {
        let all = self.files.of_friend(friend).map(|(no, _)| no);
        let all: Vec<_> = all.collect();
        all.into_iter().for_each(|no| self.erase_file(no));
        self.files.told.remove(&friend);
    }
}
