//! Parcels that friends keep for each other: what is offered, asked and granted between two humans,
//! and what each side's node makes of it. The box's owner draws its key; a new box takes the place of
//! an old one, and with it all tokens. PROTOCOL §5.
//!
//! ```text
//! asks.rs     what a person asks for, and answers
//! words.rs    what two nodes tell each other about boxes
//! tokens.rs   who may put parcels into my boxes, and where I may
//! deposit.rs  leaving what waits for a friend who is away
//! fetch.rs    fetching what waits for me
//! ```

mod asks;
mod deposit;
mod fetch;
mod tokens;
mod words;

pub(super) use deposit::Leaving;
pub(super) use fetch::Fetching;

use std::collections::BTreeSet;

use super::people::count;
use super::saved::Saved;
use super::{Effect, Engine, Waiting, WaitsAs};
use crate::friend::{BoxWord as Word, Friend, Mine, Theirs, What};
use crate::keeper::{BoxGrant, KeptBox};
use crate::limits::{MAILBOXES_MAX, POST_MINUTES};

impl Engine {
    /// Whether the keeper has a place for a box of this friend's.
    fn has_place(&self, no: u32) -> bool {
        let kept = self.boxes_here();
        let kept = kept.filter(|(other, it)| *other != no && it.granted_kib.is_some());
        kept.count() < MAILBOXES_MAX
    }

    /// My human, or an earlier word of theirs, says yes. To be called where there is a place.
    pub(super) fn grant(&mut self, no: u32, kib: u32) {
        let friend = self.friends.get_mut(&no);
        let theirs = friend.and_then(|friend| friend.post.boxes.theirs.as_mut());
        if let Some(theirs) = theirs {
            theirs.granted_kib = Some(kib);
            let grant = grant_of(theirs);
            self.mark(Saved::Boxes(no));
            self.step.then.extend(grant.map(Effect::Keep));
        }
    }

    /// Which boxes are on the keeper's disk. What was granted is promised once it is there. After a start,
    /// what is missing is granted again if it never was there; else it was lost, and with it which tokens
    /// were spent: that box ends, and its owner may draw another. So does what nobody knows any more.
    pub(super) fn boxes_are(&mut self, kept: &[KeptBox]) {
        let first = !core::mem::replace(&mut self.keeper_told, true);
        let mut known = BTreeSet::new();
        let (mut promised, mut missing, mut lost) = (Vec::new(), Vec::new(), Vec::new());
        for (no, friend) in &mut self.friends {
            let Some(theirs) = friend.post.boxes.theirs.as_mut() else {
                continue;
            };
            known.insert(theirs.id);
            let Some(there) = kept.iter().find(|kept| kept.id == theirs.id) else {
                match theirs.told_kib {
                    None => missing.extend(grant_of(theirs)),
                    Some(_) => lost.push((*no, theirs.id)),
                }
                continue;
            };
            friend.live.visits.kept = (there.parcels, there.bytes);
            let granted = theirs
                .granted_kib
                .filter(|kib| bytes_of(*kib) == there.quota_bytes);
            if granted.is_some() && theirs.told_kib != granted {
                theirs.told_kib = granted;
                promised.push(*no);
            }
        }
        for no in promised {
            self.mark(Saved::Boxes(no));
            self.say(no, What::Box(Word::Grant), true);
        }
        if first {
            let unknown = kept.iter().filter(|kept| !known.contains(&kept.id));
            let unknown = unknown.map(|kept| Effect::Unkeep(kept.id));
            let missing = missing.into_iter().map(Effect::Keep);
            self.step.then.extend(unknown.chain(missing));
            for (no, id) in lost {
                self.forget_theirs(no);
                self.say(no, What::Box(Word::End(id)), true);
            }
        }
    }

    fn forget_theirs(&mut self, no: u32) {
        let friend = self.friends.get_mut(&no);
        let theirs = friend.and_then(|friend| friend.post.boxes.theirs.take());
        if let Some(theirs) = theirs {
            self.mark(Saved::Boxes(no));
            self.then(Effect::Unkeep(theirs.id));
        }
    }

    /// A friend is a friend no more: I keep nothing for them, and what they kept of mine is lost.
    pub(super) fn boxes_left(&mut self, friend: &Friend) {
        let boxes = &friend.post.boxes;
        if let Some(theirs) = &boxes.theirs {
            self.then(Effect::Unkeep(theirs.id));
        }
        if let Some(mine) = &boxes.mine {
            self.box_is_gone(mine.id);
        }
    }

    /// The boxes of friends that I keep, or am to.
    fn boxes_here(&self) -> impl Iterator<Item = (u32, &Theirs)> {
        let friends = self.friends.iter();
        friends.filter_map(|(no, friend)| Some((*no, friend.post.boxes.theirs.as_ref()?)))
    }

    /// The box of mine that this friend keeps, or was asked to.
    fn mine(&self, no: u32) -> Option<&Mine> {
        self.friends.get(&no)?.post.boxes.mine.as_ref()
    }

    /// Nobody asks for ever: who was not answered for as long as post may take may ask again.
    pub(super) fn end_old_asks(&mut self) {
        let minute = self.now.minutes();
        let ended = self.boxes_asked_for().filter(|it| it.until_min <= minute);
        for id in ended.map(|it| it.id).collect::<Vec<_>>() {
            let _ = self.answer_box(id, false);
        }
    }

    /// Who asks for a box, and waits for my human.
    pub(super) fn boxes_asked_for(&self) -> impl Iterator<Item = Waiting> {
        let waits = self.boxes_here().filter(|(_, it)| it.granted_kib.is_none());
        waits.map(|(no, theirs)| Waiting {
            id: theirs.asks.0,
            since_min: theirs.asks.1,
            until_min: theirs.asks.1.saturating_add(POST_MINUTES),
            waits: WaitsAs::Mailbox {
                by: self.petname(no),
                kib: theirs.asked_kib,
            },
        })
    }

    /// How many wait so.
    pub(super) fn boxes_waiting(&self) -> u32 {
        count(self.boxes_asked_for().count())
    }
}

/// What the keeper is told of a box that was granted.
fn grant_of(theirs: &Theirs) -> Option<BoxGrant> {
    theirs.granted_kib.map(|kib| BoxGrant {
        id: theirs.id,
        key: theirs.key.key(),
        quota_bytes: bytes_of(kib),
    })
}

fn bytes_of(kib: u32) -> u64 {
    u64::from(kib) * 1024
}
