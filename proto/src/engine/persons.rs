//! One person with several computers: friends of mine who have one petname. What I say goes to each of
//! them; what any of them says the person says. Every computer keeps an edge, a session and a trust of
//! its own, and only a human joins two. PROTOCOL §1 "Several computers".

use std::collections::BTreeSet;

use super::cards::asked_words;
use super::people::count;
use super::saved::{Piece, Saved};
use super::sessions::is_said;
use super::{Answer, Engine, Event, Refusal};
use crate::friend::{Copies, Entry, Friend, What};
use crate::limits::{COMPUTERS_MAX, NOTE_BYTES_MAX, NOTES_BYTES_MAX};

impl Engine {
    /// All computers of the person whose computer this is, the first one first; always itself.
    pub(super) fn computers(&self, no: u32) -> Vec<u32> {
        let Some(friend) = self.friends.get(&no) else {
            return vec![no];
        };
        let friends = self.friends.iter();
        let theirs = friends.filter(|(_, other)| other.petname == friend.petname);
        theirs.map(|(no, _)| *no).collect()
    }

    /// Whether no other computer of this person came before this one.
    pub(super) fn is_first(&self, no: u32) -> bool {
        self.computers(no).first() == Some(&no)
    }

    /// The computers of whoever has this name.
    pub(super) fn computers_of(&self, name: &str) -> Result<Vec<u32>, Refusal> {
        self.find(name).map(|no| self.computers(no))
    }

    /// The computer of which a human is asked something: the one whose words these are, or else the
    /// first that has any.
    pub(super) fn asked_about(&self, name: &str, same: Option<&str>) -> Result<u32, Refusal> {
        let no = self.find(name)?;
        let waits = |no: &u32| {
            let friend = self.friends.get(no)?;
            let words = asked_words(friend);
            let meant = same.is_none_or(|said| is_said(&words, said));
            Some((!words.is_empty(), meant))
        };
        let computers = self.computers(no);
        let of = |wanted: (bool, bool)| computers.iter().find(|no| waits(no) == Some(wanted));
        Ok(*of((true, true))
            .or_else(|| of((true, false)))
            .unwrap_or(&no))
    }

    /// A human says that a friend is another computer of somebody: they have one name from now on.
    pub(super) fn join_computers(&mut self, name: &str, to: &str) -> Result<Answer, Refusal> {
        let (added, no) = (self.computers_of(name)?, self.find(to)?);
        if added.contains(&no) {
            return Err(Refusal::SamePerson);
        }
        self.room_for_computers(no, added.len())?;
        self.join_notes(no, &added)?;
        let Some(first) = self.friends.get(&no) else {
            return Err(Refusal::NoSuchFriend { near: Vec::new() });
        };
        let (petname, keep, private) = (first.petname.clone(), first.keep, first.private.clone());
        let first_of_all = no;
        for no in added {
            self.call(no, &petname);
            if let Some(friend) = self.friends.get_mut(&no) {
                friend.keep = keep;
            }
            self.show_the_same(no, first_of_all);
        }
        self.history.look_again();
        let name = petname.as_str();
        self.mute(name, private.muted)?;
        self.block(name, private.blocked)
    }

    /// What was noted about both stands together at the first.
    fn join_notes(&mut self, first: u32, added: &[u32]) -> Result<(), Refusal> {
        let all = core::iter::once(&first).chain(added);
        let notes = all.filter_map(|no| self.friends.get(no).map(|f| f.private.note.as_str()));
        let notes: Vec<_> = notes.filter(|note| !note.is_empty()).collect();
        let note = notes.join("\n");
        if note.len() > NOTE_BYTES_MAX {
            return Err(Refusal::NoteTooLong);
        }
        let others = self.friends.iter();
        let others = others.filter(|(no, _)| **no != first && !added.contains(no));
        let others: usize = others.map(|(_, friend)| friend.private.note.len()).sum();
        if others + note.len() > NOTES_BYTES_MAX {
            return Err(Refusal::NotesFull);
        }
        for no in added {
            self.decide(*no, |private| private.note.clear());
        }
        self.decide(first, |private| private.note = note);
        Ok(())
    }

    /// One computer of a person is gone: what was said with it stays with the person, what waits goes
    /// to those that are left. The number is its place among them, 1 for the first.
    pub(super) fn drop_computer(&mut self, name: &str, place: u32) -> Result<Answer, Refusal> {
        let computers = self.computers_of(name)?;
        let at = usize::try_from(place).unwrap_or(usize::MAX).wrapping_sub(1);
        let gone = *computers.get(at).ok_or(Refusal::NoSuchComputer)?;
        let left = computers.iter().find(|no| **no != gone);
        let left = *left.ok_or(Refusal::OnlyComputer)?;
        self.hand_over(gone, left)?;
        self.leave(gone);
        self.seal_waiting(left);
        self.flush(left);
        Ok(Answer::Changed(self.card_of(left)?))
    }

    fn hand_over(&mut self, gone: u32, left: u32) -> Result<(), Refusal> {
        if self.is_first(gone) {
            self.join_notes(left, &[gone])?;
        }
        self.show_held(gone);
        for id in self.inbox.all_of(gone) {
            if let Some(mut arrival) = self.inbox.forget(id) {
                arrival.friend = left;
                self.inbox.insert(id, arrival);
                self.mark(Saved::Arrival(id));
            }
        }
        for owner in self.history.of(Some(gone)) {
            if let Some(mut line) = self.history.take(owner) {
                line.friend = left;
                self.keep_line(owner, line);
            }
        }
        self.hand_over_in_groups(gone, left);
        let outbox = self.friends.get(&gone).into_iter();
        let outbox = outbox.flat_map(|friend| friend.outbox.entries());
        let waits: Vec<_> = outbox.map(|(id, _)| id).collect();
        waits
            .into_iter()
            .for_each(|id| self.readdress(id, gone, left));
        Ok(())
    }

    /// A text that goes to this computer alone goes to another one.
    fn readdress(&mut self, id: u64, gone: u32, left: u32) {
        let friend = self.friends.get(&gone);
        let entry = friend.and_then(|friend| friend.outbox.get(id));
        let Some(What::Text(said)) = entry.map(|entry| entry.what) else {
            return;
        };
        if !self.siblings(gone, id, said.seq).is_empty() {
            return;
        }
        let number = self.friends.get(&left).map(|f| f.traffic.last_number);
        let (Some(number), Some(friend)) = (
            number.and_then(|number| number.checked_add(1)),
            self.friends.get_mut(&gone),
        ) else {
            return;
        };
        let Some(entry) = friend.outbox.take_out(id) else {
            return;
        };
        if entry.sealed.is_some() {
            self.erase_pieces(Saved::Entry(id), Piece::Parcel, entry.parcel_bytes());
        }
        if let Some(friend) = self.friends.get_mut(&left) {
            friend.traffic.last_number = number;
            let entry = Entry {
                friend: left,
                what: What::Text(crate::friend::Said { number, ..said }),
                sealed: None,
                copies: Copies::One,
                ..entry
            };
            friend.outbox.insert(id, entry);
        }
        self.forget_left(gone, id);
        self.dirty.extend([Saved::Entry(id), Saved::Traffic(left)]);
    }

    /// What one of this computer's texts waits for no more, since it is gone.
    fn show_held(&mut self, no: u32) {
        let from = self.petname(no);
        for id in self.inbox.held_by(no) {
            self.counters.next_seq += 1;
            let (seq, from) = (self.counters.next_seq, from.clone());
            self.inbox.show(id, seq);
            self.dirty.extend([Saved::Arrival(id), Saved::Node]);
            self.tell_of(
                no,
                Event::Message {
                    seq,
                    from,
                    group: None,
                },
            );
        }
    }

    /// The same text on its way to the person's other computers: whose, and its number. They were
    /// written at once, so their numbers stand side by side.
    fn siblings(&self, no: u32, id: u64, seq: u64) -> Vec<(u32, u64)> {
        let near = COMPUTERS_MAX as u64;
        let mut found = Vec::new();
        for other in self.computers(no) {
            let friend = self.friends.get(&other).filter(|_| other != no);
            let entries = (id.saturating_sub(near)..=id.saturating_add(near))
                .filter_map(|id| Some((id, friend?.outbox.get(id)?.text()?)));
            let same = entries.filter(|(_, said)| said.seq == seq);
            found.extend(same.map(|(id, _)| (other, id)));
        }
        found
    }

    /// It is known what became of a text of mine: nobody is told so again by those of its copies that
    /// still go to other computers. Gives the number by which the person knows it, the first.
    pub(super) fn settled_everywhere(&mut self, no: u32, id: u64, seq: u64) -> u64 {
        let siblings = self.siblings(no, id, seq);
        for (other, copy) in &siblings {
            if let Some(friend) = self.friends.get_mut(other) {
                friend.outbox.tell_no_more(*copy);
                self.dirty.insert(Saved::Entry(*copy));
            }
        }
        siblings.iter().map(|(_, copy)| *copy).fold(id, u64::min)
    }
}

/// Texts of mine that reached none of these computers, each counted once.
pub(super) fn awaited<'a>(computers: impl IntoIterator<Item = &'a Friend>) -> u32 {
    let texts = computers
        .into_iter()
        .flat_map(|friend| friend.outbox.awaited());
    count(texts.map(|said| said.seq).collect::<BTreeSet<_>>().len())
}
