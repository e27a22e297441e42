//! A session that shares no past with the one that speaks: somebody lost their state, or somebody
//! else has their key. It waits, sends nothing and drops what comes, until a human has compared its
//! words with the friend's voice. PROTOCOL §4.1 "Discontinuous".

use unicode_normalization::UnicodeNormalization;

use super::super::doors::Conn;
use super::super::links::{PARCEL, ROOM};
use super::super::saved::Saved;
use super::super::{Answer, ConnId, Engine, Event, Refusal};
use crate::friend::{Friend, Parked, What};
use crate::kdf::{self, label};
use crate::limits::SESSION_WORDS;
use crate::message::{self, Payload};
use crate::ratchet::Session;
use crate::words::words;

impl Engine {
    /// Parks a session that I began: the other side hears so by a confirmation, and asks its human.
    pub(super) fn park_mine(&mut self, no: u32, mut session: Session) {
        let confirm = message::encode(&self.entropy.bytes(), &Payload::Confirm);
        let age = self.age.minutes();
        let third = session.seal(&confirm, age, &mut self.entropy).ok();
        self.park(no, session, third.map(|sealed| sealed.bytes));
        let live = self.friends.get(&no).map(|friend| &friend.live);
        let links = live.map_or([None; 2], |live| [live.link, live.beside]);
        for conn in links.into_iter().flatten() {
            if self.is_greeted(conn) {
                self.repeat_third(no, conn);
            }
        }
    }

    /// Parks a session, in the place of an older one.
    pub(super) fn park(&mut self, no: u32, session: Session, third: Option<Vec<u8>>) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let number = session.number();
        let blocks = session.blocks();
        let before = friend.sessions.parked.replace(Parked { session, third });
        let words = session_words(friend);
        let petname = friend.petname.as_str().to_owned();
        if let Some(before) = before {
            self.forget_session(no, &before.session);
        }
        self.mark_blocks(no, number, blocks);
        // While a human is asked nobody begins another.
        for conn in self.conns.values_mut() {
            if let Conn::Link(link) = conn
                && link.friend == no
            {
                link.apart = false;
            }
        }
        self.dirty.extend([
            Saved::Sessions(no),
            Saved::Session(no, number),
            Saved::Third(no),
        ]);
        self.show(Event::ToCheck { petname, words });
    }

    /// Says once more that I parked a session which I began; whoever has it already drops this.
    pub(in crate::engine) fn repeat_third(&mut self, no: u32, conn: ConnId) {
        let friend = self.friends.get(&no);
        let parked = friend.and_then(|friend| friend.sessions.parked.as_ref());
        if let Some(third) = parked.and_then(|parked| parked.third.clone()) {
            self.send_frame(conn, PARCEL, third);
        }
    }

    /// A person has compared the words of a parked session: the same ones, or not. Yes counts for
    /// the session whose words they are, and no other.
    pub(in crate::engine) fn judge(
        &mut self,
        name: &str,
        same: Option<&str>,
    ) -> Result<Answer, Refusal> {
        let no = self.asked_about(name, same)?;
        if let Some(judged) = self.judge_identity(no, same) {
            return judged;
        }
        let nobody = || Refusal::NoSuchFriend { near: Vec::new() };
        let friend = self.friends.get_mut(&no).ok_or_else(nobody)?;
        let shown = session_words(friend);
        if same.is_some_and(|said| !is_said(&shown, said)) && !shown.is_empty() {
            return Err(Refusal::OtherWords);
        }
        let parked = friend.sessions.parked.take();
        let Parked { session, .. } = parked.ok_or(Refusal::NothingToCheck)?;
        let root = friend
            .edges
            .last_resort(0)
            .map_or([0; 16], |keys| keys.name);
        self.dirty.extend([Saved::Sessions(no), Saved::Third(no)]);
        match same {
            None => self.forget_session(no, &session),
            Some(_) => self.speak_in(no, session, root),
        }
        Ok(Answer::Changed(self.card_of(no)?))
    }

    /// The human says that it is the friend: the parked session speaks from now on. The link begins
    /// anew, so that both sides see where they stand and all that waits goes again.
    fn speak_in(&mut self, no: u32, session: Session, root: [u8; 16]) {
        self.drop_pending(no);
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.sessions.offer = None;
        }
        let may_speak = session.can_seal();
        self.session_believed(no, session.id());
        self.replace(no, session, root, false);
        // Whose the one before is was the question.
        self.forget_previous(no);
        self.follow_identity(no, false);
        let silent = self.friends.get(&no).is_some_and(|f| f.outbox.len() == 0);
        if silent && may_speak {
            self.new_entry(no, What::Confirm);
        }
        self.seal_waiting(no);
        self.flush(no);
        // The one that waits to be the friend's goes first, or it would take the other's place.
        let live = self.friends.get(&no).map(|friend| &friend.live);
        let links = live.map_or([None; 2], |live| [live.spare, live.link]);
        let beside = live.and_then(|live| live.beside);
        for conn in links.into_iter().flatten() {
            self.lost(no, conn);
        }
        // One under the last resort is not soon dialled again.
        if let Some(conn) = beside.filter(|_| links == [None; 2]) {
            self.ask_beside(no, conn);
            self.send_frame(conn, ROOM, vec![1]);
        }
    }
}

/// The words by which two people know that they hold the same session: of one that waits here; or of
/// the one I speak in, as long as I came back from a backup and it may wait at the other side.
pub(in crate::engine) fn session_words(friend: &Friend) -> Vec<&'static str> {
    let sessions = &friend.sessions;
    let parked = sessions.parked.as_ref().map(|parked| &parked.session);
    let recovers = friend.traffic.rotation.recovers;
    // Whichever of us began it: who parks what they began says so by its first parcel.
    let unheard = |session: &&Session| recovers && session.progress().has_heard_nothing();
    let waits = parked.or(sessions.active.as_ref().filter(unheard));
    waits.map_or_else(Vec::new, |session| {
        let hash: [u8; 32] = kdf::digest(label::SESSION_WORDS, &[session.id()]);
        words(&hash, SESSION_WORDS, friend.language)
    })
}

/// Whether somebody typed these words, in whatever case, composition and spacing.
pub(in crate::engine) fn is_said(shown: &[&str], said: &str) -> bool {
    let plain = |word: &str| word.to_lowercase().nfc().collect::<String>();
    let said: Vec<_> = said
        .split(|c: char| c.is_whitespace() || c == '-' || c == ',')
        .filter(|word| !word.is_empty())
        .map(plain)
        .collect();
    said.len() == shown.len() && said.iter().zip(shown).all(|(a, b)| *a == plain(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_same_however_they_were_typed() {
        let shown = ["abaisser", "étoile", "lundi", "zèbre"];
        assert!(is_said(&shown, "Abaisser  E\u{301}toile-lundi, ZÈBRE"));
        assert!(!is_said(&shown, "abaisser étoile lundi"));
        assert!(!is_said(&shown, "étoile abaisser lundi zèbre"));
        assert!(!is_said(&shown, ""));
    }
}
