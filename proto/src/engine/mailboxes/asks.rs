//! What a person asks about boxes, and what a human answers who was asked for one. PROTOCOL §5.

use crate::engine::saved::Saved;
use crate::engine::{Answer, AskMailbox, Engine, Mailbox, MailboxOfMine, MailboxOfTheirs, Refusal};
use crate::friend::{BoxWord as Word, Mine, Theirs, What};
use crate::limits::{BOXES_OF_MINE_MAX, MAILBOX_KIB_MAX};

impl Engine {
    /// A person asks something about boxes.
    pub(in crate::engine) fn mailbox(&mut self, ask: AskMailbox) -> Result<Answer, Refusal> {
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
    pub(super) fn keeper_called(&self, name: &str) -> Result<u32, Refusal> {
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
        if asks && kib > 0 && self.has_place(no) {
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
    pub(super) fn renew_box(&mut self, no: u32, kib: u32) {
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
        if !self.has_place(no) {
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

    /// My human says yes to a question that waits, or no; nothing if none waits under this number.
    pub(in crate::engine) fn answer_box(
        &mut self,
        id: u32,
        yes: bool,
    ) -> Option<Result<(), Refusal>> {
        let asks = |(no, theirs): (u32, &Theirs)| {
            let waits = theirs.asks.0 == id && theirs.granted_kib.is_none();
            waits.then_some((no, theirs.asked_kib, theirs.id))
        };
        let (no, kib, id) = self.boxes_here().find_map(asks)?;
        match yes {
            true if !self.has_place(no) => return Some(Err(Refusal::TooManyMailboxes)),
            true => self.grant(no, kib),
            false => {
                self.forget_theirs(no);
                self.say(no, What::Box(Word::End(id)), true);
            }
        }
        Some(Ok(()))
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
}
