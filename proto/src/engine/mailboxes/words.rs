//! What two nodes tell each other about boxes: mine as it stands when it is sealed, a friend's as it comes.
//! PROTOCOL §5.

use super::tokens::secret;
use crate::engine::saved::Saved;
use crate::engine::{Effect, Engine, Event};
use crate::friend::{BoxWord as Word, Theirs, What};
use crate::limits::MAILBOX_KIB_MAX;
use crate::mailbox::BoxId;
use crate::message::{BoxSays, BoxWord, Payload};
use crate::secret::{Key, Mailbox as BoxKey};

impl Engine {
    /// A friend says something about a box.
    pub(in crate::engine) fn they_say_of_box(&mut self, no: u32, word: BoxWord) -> Option<()> {
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
        // Without a place for it my human is asked, and hears why there is none.
        let granted = granted.filter(|_| self.has_place(no));
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

    /// What an entry of the outbox says about boxes and tokens, as far as it is still to be said.
    pub(in crate::engine) fn box_words(&mut self, no: u32, entry: u64) -> Option<Payload> {
        let friend = self.friends.get(&no)?;
        let boxes = &friend.post.boxes;
        let (id, says, quota_kib) = match friend.outbox.get(entry)?.what {
            What::Box(Word::Offer) => (BoxId::default(), BoxSays::Offer, boxes.offer_kib),
            What::Box(Word::Ask) => {
                let mine = boxes.mine.as_ref()?;
                let key = secret(&mine.key.key());
                (mine.id, BoxSays::Ask(key), mine.asked_kib)
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
