//! What shows that a friend's key is theirs: that we met, that we compared all words by voice, that
//! somebody said so. Only a human's act raises it. PROTOCOL §2 "Trust".

use super::saved::Saved;
use super::sessions::is_said;
use super::{Answer, Engine, How, Introducer, Refusal};
use crate::friend::{Friend, Trust};

impl Engine {
    /// We met: what everybody in a meeting said aloud shows that this is the key of who was there.
    pub(super) fn met(&mut self, no: u32) {
        let minute = self.now.minutes();
        self.found_out(no, |trust| trust.met_min = minute);
    }

    /// My human and theirs have all twelve words in common.
    pub(super) fn compared(&mut self, no: u32) {
        let minute = self.now.minutes();
        self.found_out(no, |trust| trust.compared_min = minute);
    }

    /// A person heard the other read these words. What waits to be checked comes first: nobody knows
    /// yet whose edge that is.
    pub(super) fn compare(&mut self, name: &str, heard: &str) -> Result<Answer, Refusal> {
        let Answer::Contact(card) = self.contact(name)? else {
            return Err(Refusal::NothingToCheck);
        };
        let asked = matches!(card.how, How::Recheck | How::NewIdentity);
        if asked || card.safety_words.is_empty() {
            return Err(Refusal::NothingToCheck);
        }
        if !is_said(&card.safety_words, heard) {
            return Err(Refusal::OtherWords);
        }
        let no = self.least_known(self.find(name)?);
        self.compared(no);
        Ok(Answer::Changed(self.card_of(no)?))
    }

    /// I know at first hand whose key this is: a second person who used the invitation is not they.
    fn found_out(&mut self, no: u32, found: impl FnOnce(&mut Trust)) {
        if let Some(friend) = self.friends.get_mut(&no) {
            found(&mut friend.trust);
            friend.copied = false;
            self.dirty.extend([Saved::Trust(no), Saved::Friend(no)]);
        }
    }

    /// Who introduced a friend, as I call them today.
    pub(super) fn introducers(&self, friend: &Friend) -> Vec<Introducer> {
        let introduced = friend.trust.introduced.iter();
        let introducers = introduced.map(|it| Introducer {
            petname: self
                .friends
                .get(&it.by)
                .map(|f| f.petname.as_str().to_owned()),
            minute: it.minute,
            said: it.said.clone(),
        });
        introducers.collect()
    }
}

/// Where the trust in a settled friend comes from, when nothing about them waits for a human.
pub(super) fn provenance(trust: &Trust) -> How {
    match () {
        () if trust.met_min > 0 => How::Met,
        () if trust.compared_min > 0 => How::Compared,
        () if trust.by_introduction => How::Introduced,
        () => How::Code,
    }
}
