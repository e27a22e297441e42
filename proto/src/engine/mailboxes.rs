//! Parcels that friends keep for each other: what is offered, asked and granted between two humans,
//! and what each side's node makes of it. The box's owner draws its key; a new box takes the place of
//! an old one, and with it all tokens. PROTOCOL §5.
//!
//! ```text
//! tokens.rs   who may put parcels into my boxes, and where I may
//! deposit.rs  leaving what waits for a friend who is away
//! fetch.rs    fetching what waits for me
//! ```

mod deposit;
mod fetch;
mod tokens;

pub(super) use deposit::Leaving;
pub(super) use fetch::Fetching;

use std::collections::BTreeSet;

use super::people::count;
use super::saved::Saved;
use super::{
    Answer, AskMailbox, Effect, Engine, Event, Mailbox, MailboxOfMine, MailboxOfTheirs, Refusal,
    Waiting, WaitsAs,
};
use crate::friend::{BoxWord as Word, Friend, Mine, Theirs, What};
use crate::keeper::{BoxGrant, KeptBox};
use crate::limits::{BOXES_OF_MINE_MAX, MAILBOX_KIB_MAX, MAILBOXES_MAX, POST_MINUTES};
use crate::mailbox::BoxId;
use crate::message::{BoxSays, BoxWord, Payload};
use crate::secret::{Key, Mailbox as BoxKey};

impl Engine {
    /// A person asks something about boxes.
    pub(super) fn mailbox(&mut self, ask: AskMailbox) -> Result<Answer, Refusal> {
        match ask {
            AskMailbox::List => {}
            AskMailbox::Offer { name, kib } => self.offer_box(&name, kib)?,
            AskMailbox::Ask { name, kib } => self.ask_for_box(&name, kib)?,
            AskMailbox::Quota { name, kib } => self.grant_other(&name, kib)?,
            AskMailbox::End { name } => self.end_boxes(&name)?,
        }
        Ok(Answer::Mailboxes(self.mailboxes()))
    }

    /// All boxes there are between friends and me.
    fn mailboxes(&self) -> Vec<Mailbox> {
        let all = self.friends.values();
        let mut all: Vec<_> = all
            .filter_map(|friend| {
                let boxes = &friend.post.boxes;
                let agreed = boxes.mine.is_some() || boxes.theirs.is_some();
                let agreed = agreed || boxes.offer_kib != 0 || boxes.offered_kib != 0;
                agreed.then(|| Mailbox {
                    petname: friend.petname.as_str().to_owned(),
                    mine: boxes.mine.as_ref().map(|mine| MailboxOfMine {
                        asked_kib: mine.asked_kib,
                        granted_kib: mine.granted_kib,
                        fetched_min: mine.fetched_min,
                    }),
                    theirs: boxes.theirs.as_ref().map(|theirs| MailboxOfTheirs {
                        asked_kib: theirs.asked_kib,
                        granted_kib: theirs.granted_kib,
                        id: theirs.asks.0,
                        parcels: friend.live.visits.kept.0,
                        bytes: friend.live.visits.kept.1,
                    }),
                    offer_kib: boxes.offer_kib,
                    offered_kib: boxes.offered_kib,
                })
            })
            .collect();
        all.sort_by(|a, b| a.petname.cmp(&b.petname));
        all
    }

    /// The computer of a friend with whom a box is agreed: the one with whom there is something
    /// already, or else the first.
    fn keeper_called(&self, name: &str) -> Result<u32, Refusal> {
        let computers = self.computers_of(name)?;
        let agreed = |no: &&u32| {
            let boxes = self.friends.get(no).map(|friend| &friend.post.boxes);
            boxes.is_some_and(|it| it.mine.is_some() || it.theirs.is_some() || it.offered_kib > 0)
        };
        let no = computers.iter().find(agreed).or(computers.first());
        let no = *no.ok_or(Refusal::NoSuchFriend { near: Vec::new() })?;
        self.not_blocked(no)?;
        match self.friends.get(&no).filter(|friend| !friend.settled) {
            Some(_) => Err(Refusal::NotYet {
                petname: self.petname(no),
            }),
            None => Ok(no),
        }
    }

    fn offer_box(&mut self, name: &str, kib: u32) -> Result<(), Refusal> {
        let no = self.keeper_called(name)?;
        if kib > MAILBOX_KIB_MAX {
            return Err(Refusal::BadQuota);
        }
        self.room_in_outbox(no)?;
        let Some(friend) = self.friends.get_mut(&no) else {
            return Ok(());
        };
        friend.post.boxes.offer_kib = kib;
        let asks = friend.post.boxes.theirs.as_ref();
        let asks = asks.is_some_and(|theirs| theirs.granted_kib.is_none());
        self.mark(Saved::Boxes(no));
        self.say(no, What::Box(Word::Offer), true);
        if asks && kib > 0 {
            self.grant(no, kib);
        }
        Ok(())
    }

    fn ask_for_box(&mut self, name: &str, kib: u32) -> Result<(), Refusal> {
        let no = self.keeper_called(name)?;
        if kib == 0 || kib > MAILBOX_KIB_MAX {
            return Err(Refusal::BadQuota);
        }
        self.room_in_outbox(no)?;
        let mine = |no: &u32| self.mine(*no).is_some();
        let others = self
            .friends
            .keys()
            .filter(|other| **other != no && mine(other));
        if others.count() >= BOXES_OF_MINE_MAX {
            return Err(Refusal::TooManyMailboxes);
        }
        self.renew_box(no, kib);
        Ok(())
    }

    /// A new box at this friend's, in the place of one that there may be.
    fn renew_box(&mut self, no: u32, kib: u32) {
        let mine = Mine::draw(kib, &mut self.entropy);
        let friend = self.friends.get_mut(&no);
        let before = friend.and_then(|friend| friend.post.boxes.mine.replace(mine));
        self.mark(Saved::Boxes(no));
        before.iter().for_each(|it| self.box_is_gone(it.id));
        self.say(no, What::Box(Word::Ask), true);
    }

    /// A friend may put in more, or less, from now on.
    fn grant_other(&mut self, name: &str, kib: u32) -> Result<(), Refusal> {
        let no = self.keeper_called(name)?;
        if kib == 0 || kib > MAILBOX_KIB_MAX {
            return Err(Refusal::BadQuota);
        }
        let kept = self
            .boxes_here()
            .filter(|(other, it)| *other != no && it.granted_kib.is_some());
        if kept.count() >= MAILBOXES_MAX {
            return Err(Refusal::TooManyMailboxes);
        }
        let boxes = self.friends.get(&no).map(|friend| &friend.post.boxes);
        if boxes.is_none_or(|boxes| boxes.theirs.is_none()) {
            return Err(Refusal::NoMailbox);
        }
        self.room_in_outbox(no)?;
        self.grant(no, kib);
        Ok(())
    }

    /// My human, or an earlier word of theirs, says yes.
    fn grant(&mut self, no: u32, kib: u32) {
        let friend = self.friends.get_mut(&no);
        let theirs = friend.and_then(|friend| friend.post.boxes.theirs.as_mut());
        if let Some(theirs) = theirs {
            theirs.granted_kib = Some(kib);
            let grant = grant_of(theirs);
            self.mark(Saved::Boxes(no));
            self.step.then.extend(grant.map(Effect::Keep));
        }
    }

    /// Which boxes are on the keeper's disk. What was granted is promised once it is there; after a
    /// start, what is missing is granted again, and what nobody knows any more ends.
    pub(super) fn boxes_are(&mut self, kept: &[KeptBox]) {
        let first = !core::mem::replace(&mut self.keeper_told, true);
        let mut known = BTreeSet::new();
        let (mut promised, mut missing) = (Vec::new(), Vec::new());
        for (no, friend) in &mut self.friends {
            let Some(theirs) = friend.post.boxes.theirs.as_mut() else {
                continue;
            };
            known.insert(theirs.id);
            let Some(there) = kept.iter().find(|kept| kept.id == theirs.id) else {
                missing.extend(grant_of(theirs));
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
        }
    }

    /// My human says yes to a question that waits, or no.
    pub(super) fn answer_box(&mut self, id: u32, yes: bool) -> Option<()> {
        let asks = |(no, theirs): (u32, &Theirs)| {
            let waits = theirs.asks.0 == id && theirs.granted_kib.is_none();
            waits.then_some((no, theirs.asked_kib, theirs.id))
        };
        let (no, kib, id) = self.boxes_here().find_map(asks)?;
        match yes {
            true => self.grant(no, kib),
            false => {
                self.forget_theirs(no);
                self.say(no, What::Box(Word::End(id)), true);
            }
        }
        Some(())
    }

    fn end_boxes(&mut self, name: &str) -> Result<(), Refusal> {
        let no = self.keeper_called(name)?;
        let Some(friend) = self.friends.get_mut(&no) else {
            return Ok(());
        };
        let boxes = &mut friend.post.boxes;
        let (mine, theirs) = (boxes.mine.take(), boxes.theirs.as_ref().map(|it| it.id));
        let offered = core::mem::take(&mut boxes.offer_kib) != 0;
        if mine.is_none() && theirs.is_none() && !offered {
            return Err(Refusal::NoMailbox);
        }
        self.mark(Saved::Boxes(no));
        if offered {
            self.say(no, What::Box(Word::Offer), true);
        }
        if let Some(id) = theirs {
            self.forget_theirs(no);
            self.say(no, What::Box(Word::End(id)), true);
        }
        if let Some(mine) = mine {
            self.box_is_gone(mine.id);
            self.say(no, What::Box(Word::End(mine.id)), true);
        }
        Ok(())
    }

    fn forget_theirs(&mut self, no: u32) {
        let friend = self.friends.get_mut(&no);
        let theirs = friend.and_then(|friend| friend.post.boxes.theirs.take());
        if let Some(theirs) = theirs {
            self.mark(Saved::Boxes(no));
            self.then(Effect::Unkeep(theirs.id));
        }
    }

    /// A friend says something about a box.
    pub(super) fn they_say_of_box(&mut self, no: u32, word: BoxWord) -> Option<()> {
        let kib = word.quota_kib.min(MAILBOX_KIB_MAX);
        match word.says {
            BoxSays::Offer => self.they_offer(no, kib),
            BoxSays::Ask(key) => {
                let key = Key::<BoxKey>::fill(|bytes| bytes.copy_from_slice(&*key));
                self.they_ask_for_box(no, word.id, key, kib)
            }
            BoxSays::Grant => self.they_grant(no, &word.id, kib),
            BoxSays::End => self.they_end(no, &word.id),
        }
    }

    fn they_offer(&mut self, no: u32, kib: u32) -> Option<()> {
        let boxes = &mut self.friends.get_mut(&no)?.post.boxes;
        let news = core::mem::replace(&mut boxes.offered_kib, kib) != kib;
        self.mark(Saved::Boxes(no));
        if news && kib > 0 {
            let petname = self.petname(no);
            self.tell_of(no, Event::MailboxOffered { petname, kib });
        }
        Some(())
    }

    /// Keep mine, says a friend. Who was told yes before has it for the new box too.
    fn they_ask_for_box(&mut self, no: u32, id: BoxId, key: Key<BoxKey>, kib: u32) -> Option<()> {
        let boxes = &self.friends.get(&no)?.post.boxes;
        let before = boxes.theirs.as_ref();
        if kib == 0 || before.is_some_and(|theirs| theirs.id == id) {
            return None;
        }
        let granted = before.and_then(|theirs| theirs.granted_kib);
        let granted = granted.or((boxes.offer_kib > 0).then_some(boxes.offer_kib));
        // One question of a friend waits, however often it is asked.
        let waits = before.filter(|theirs| theirs.granted_kib.is_none());
        let asks = waits.map(|theirs| theirs.asks);
        let news = granted.is_none() && asks.is_none();
        let asks = asks.unwrap_or_else(|| (self.introducing.next + 1, self.now.minutes()));
        if asks.0 > self.introducing.next {
            self.introducing.next = asks.0;
            self.mark(Saved::Introductions);
        }
        let theirs = Theirs {
            id,
            key: key.keep(),
            asked_kib: kib,
            granted_kib: None,
            told_kib: None,
            asks,
        };
        let old = self.friends.get_mut(&no)?.post.boxes.theirs.replace(theirs);
        self.mark(Saved::Boxes(no));
        let old = old.map(|old| Effect::Unkeep(old.id));
        self.step.then.extend(old);
        if let Some(granted) = granted {
            self.grant(no, kib.min(granted));
        } else if news {
            let petname = self.petname(no);
            let id = asks.0;
            self.tell_of(no, Event::MailboxAsked { id, petname, kib });
        }
        Some(())
    }

    fn they_grant(&mut self, no: u32, id: &BoxId, kib: u32) -> Option<()> {
        let mine = self.friends.get_mut(&no)?.post.boxes.mine.as_mut()?;
        if mine.id != *id || kib == 0 {
            return None;
        }
        let before = mine.granted_kib.replace(kib);
        self.mark(Saved::Boxes(no));
        if before != Some(kib) {
            let petname = self.petname(no);
            self.show(Event::MailboxGranted { petname, kib });
        }
        self.give_to_all(no);
        Some(())
    }

    fn they_end(&mut self, no: u32, id: &BoxId) -> Option<()> {
        let boxes = &mut self.friends.get_mut(&no)?.post.boxes;
        let mine = boxes.mine.take_if(|mine| mine.id == *id);
        let theirs = boxes.theirs.as_ref().is_some_and(|it| it.id == *id);
        if let Some(mine) = mine {
            self.mark(Saved::Boxes(no));
            self.box_is_gone(mine.id);
            let petname = self.petname(no);
            self.show(Event::MailboxEnded { petname });
        }
        if theirs {
            self.forget_theirs(no);
        }
        Some(())
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

    /// What an entry of the outbox says about boxes and tokens, as far as it is still to be said.
    pub(super) fn box_words(&mut self, no: u32, entry: u64) -> Option<Payload> {
        let friend = self.friends.get(&no)?;
        let boxes = &friend.post.boxes;
        let (id, says, quota_kib) = match friend.outbox.get(entry)?.what {
            What::Box(Word::Offer) => (BoxId::default(), BoxSays::Offer, boxes.offer_kib),
            What::Box(Word::Ask) => {
                let mine = boxes.mine.as_ref()?;
                let key = *mine.key.key().expose();
                (mine.id, BoxSays::Ask(key.into()), mine.asked_kib)
            }
            What::Box(Word::Grant) => {
                let theirs = boxes.theirs.as_ref()?;
                (theirs.id, BoxSays::Grant, theirs.granted_kib?)
            }
            What::Box(Word::End(id)) => (id, BoxSays::End, 0),
            what => return self.token_words(no, what).map(Payload::Tokens),
        };
        Some(Payload::Box(BoxWord {
            id,
            says,
            quota_kib,
        }))
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
