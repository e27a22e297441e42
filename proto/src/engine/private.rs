//! What I alone decide about a friend. They are told nothing of it, and whom I blocked learns no more of
//! me than any stranger. PROTOCOL §3 "Blocked".

use super::doors::Conn;
use super::saved::Saved;
use super::{Answer, Engine, Event, Refusal};
use crate::friend::{Private, Redial};
use crate::limits::{NOTE_BYTES_MAX, NOTES_BYTES_MAX};

impl Engine {
    /// Whether I am there for this friend at all.
    pub(super) fn answers(&self, no: u32) -> bool {
        let friend = self.friends.get(&no);
        friend.is_none_or(|friend| !friend.private.blocked) || planted!(BlockedAnswered)
    }

    /// Nothing new is to wait for whom I blocked.
    pub(super) fn not_blocked(&self, no: u32) -> Result<(), Refusal> {
        match self.friends.get(&no).filter(|f| f.private.blocked) {
            Some(friend) => Err(Refusal::Blocked {
                petname: friend.petname.as_str().to_owned(),
            }),
            None => Ok(()),
        }
    }

    /// Blocks a friend, or is there for them again. What waits on either side goes on waiting.
    pub(super) fn block(&mut self, name: &str, blocked: bool) -> Result<Answer, Refusal> {
        for no in self.computers_of(name)? {
            if self.decide(no, |private| private.blocked = blocked) {
                match blocked {
                    true => self.fall_silent(no),
                    false => self.seek(no),
                }
            }
        }
        self.changed(name)
    }

    /// Lets what a friend says arrive unannounced, or announces it again.
    pub(super) fn mute(&mut self, name: &str, muted: bool) -> Result<Answer, Refusal> {
        for no in self.computers_of(name)? {
            self.decide(no, |private| private.muted = muted);
        }
        self.changed(name)
    }

    /// Takes the place of the note about a friend; an empty one erases it.
    pub(super) fn note(&mut self, name: &str, note: String) -> Result<Answer, Refusal> {
        let no = self.find(name)?;
        if note.len() > NOTE_BYTES_MAX {
            return Err(Refusal::NoteTooLong);
        }
        let others = self.friends.iter().filter(|(other, _)| **other != no);
        let others: usize = others.map(|(_, f)| f.private.note.len()).sum();
        if others + note.len() > NOTES_BYTES_MAX {
            return Err(Refusal::NotesFull);
        }
        self.decide(no, |private| private.note = note);
        Ok(Answer::Changed(self.card_of(no)?))
    }

    pub(super) fn is_muted(&self, no: u32) -> bool {
        self.friends.get(&no).is_some_and(|f| f.private.muted)
    }

    /// Tells what a friend does or says, unless I muted them.
    pub(super) fn tell_of(&mut self, no: u32, event: Event) {
        if !self.is_muted(no) {
            self.show(event);
        }
    }

    /// Says whether it was decided otherwise before.
    pub(super) fn decide(&mut self, no: u32, decide: impl FnOnce(&mut Private)) -> bool {
        let Some(friend) = self.friends.get_mut(&no) else {
            return false;
        };
        let before = friend.private.clone();
        decide(&mut friend.private);
        let news = friend.private != before;
        if news {
            self.mark(Saved::Private(no));
        }
        news
    }

    fn fall_silent(&mut self, no: u32) {
        let joins = self.joins.iter().filter(|(_, j)| j.friend == Some(no));
        let joins: Vec<_> = joins.map(|(join, _)| *join).collect();
        joins.into_iter().for_each(|join| self.stop_runs(join));
        let made = self.invites.iter().filter(|(_, i)| i.claimed == Some(no));
        let made: Vec<_> = made.map(|(invite, _)| *invite).collect();
        self.drop_conns(|conn| matches!(conn, Conn::Heard { invite, .. } if made.contains(invite)));
        self.part(no);
        self.change_handle();
        self.beacons_again();
    }

    /// Dials at once, whatever pause there was.
    fn seek(&mut self, no: u32) {
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.live.redial = Redial::default();
        }
        for join in self.joins.values_mut() {
            if join.friend == Some(no) {
                join.redial = Redial::default();
            }
        }
        self.beacons_again();
        self.wake_by(self.now.boot_ms);
    }
}
