//! After all shares are open: the words, and once my human has heard everybody, one handshake with each.
//! What fails with one fails with that one alone. PROTOCOL §2c.

use std::collections::BTreeMap;

use super::Unfit;
use crate::identity::{Identity, Point};
use crate::kdf::Entropy;
use crate::kem::Opener;
use crate::limits::MEETING_WORDS;
use crate::meeting::entry::{Data, Entry};
use crate::meeting::frame::{Frame, Step};
use crate::meeting::list::sas;
use crate::meeting::pair::{self, Common, Keep, Offer, Pairing};
use crate::secret::{Key, Room};
use crate::words::{Language, words};

/// The list, the words, and how it goes with each of the others.
pub(crate) struct Agreed {
    me: u8,
    language: Language,
    sas: [u8; 32],
    common: Common,
    opener: Opener,
    /// Whether my human heard "same" of everybody.
    heard_all: bool,
    peers: BTreeMap<u8, Peer>,
}

/// Somebody else in the list.
pub(crate) struct Peer {
    c: [u8; 32],
    data: Data,
    state: State,
    /// The host says that they went.
    gone: bool,
    said: bool,
    heard: Option<Keep>,
}

enum State {
    /// Nothing was said, or they were quicker than my human.
    Apart(Option<Vec<u8>>),
    Offered(Offer),
    Paired(Pairing),
    /// They, or somebody between us, said what does not fit.
    Failed,
}

/// How it goes with somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// No edge yet, but there may be one.
    Apart,
    /// The edge stands ready.
    Paired,
    /// There will be none.
    Lost,
}

impl Agreed {
    pub(super) fn new(
        (list, shares): ([u8; 32], &[[u8; 32]]),
        language: Language,
        (people, me): (Vec<Entry>, u8),
        opener: Opener,
        secret: &Key<Room>,
    ) -> Self {
        let peer = |entry: Entry| Peer {
            c: entry.c,
            data: entry.data,
            state: State::Apart(None),
            gone: false,
            said: false,
            heard: None,
        };
        let peers = (0..).zip(people).filter(|(at, _)| *at != me);
        Self {
            me,
            language,
            sas: sas(&list, shares),
            common: Common::new(list, secret),
            opener,
            heard_all: false,
            peers: peers.map(|(at, entry)| (at, peer(entry))).collect(),
        }
    }

    /// The four words everybody must have.
    pub(crate) fn words(&self) -> Vec<&'static str> {
        words(&self.sas, MEETING_WORDS, self.language)
    }

    /// The word list of the meeting.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// Whether my human heard everybody.
    pub(crate) fn was_heard(&self) -> bool {
        self.heard_all
    }

    /// My human heard everybody: from here on I shake hands, with each as the list puts us.
    pub(crate) fn heard_all(&mut self, me: &Identity, entropy: &mut Entropy) -> Vec<Frame> {
        self.heard_all = true;
        let (here, common) = (self.me, &self.common);
        let mut said = Vec::new();
        for (to, peer) in &mut self.peers {
            if here < *to {
                said.extend(peer.offer(common, (here, *to), me, entropy));
            } else if let State::Apart(Some(message)) = &mut peer.state {
                let message = core::mem::take(message);
                let answer = peer.answer(common, (me, &self.opener), &message, entropy);
                said.extend(answer.map(|bytes| pair_frame((here, *to), Step::Second, bytes)));
            }
        }
        said
    }

    pub(super) fn hear(
        &mut self,
        frame: Frame,
        me: &Identity,
        entropy: &mut Entropy,
    ) -> Result<Vec<Frame>, Unfit> {
        match frame {
            Frame::Pair {
                from,
                to,
                step,
                bytes,
            } => {
                let here = self.me;
                let peer = self.peers.get_mut(&from).filter(|_| to == here);
                let peer = peer.ok_or(Unfit::Broken)?;
                let answers = self.heard_all && from < here;
                match (step, &mut peer.state) {
                    (Step::First, State::Apart(None)) if answers => {
                        let mine = (me, &self.opener);
                        let answer = peer.answer(&self.common, mine, &bytes, entropy);
                        let answer =
                            answer.map(|bytes| pair_frame((here, from), Step::Second, bytes));
                        return Ok(answer.into_iter().collect());
                    }
                    (Step::First, State::Apart(early @ None)) if from < here => {
                        *early = Some(bytes);
                    }
                    (Step::Second, State::Offered(_)) => peer.finish(&self.common, &bytes),
                    _ => peer.state = State::Failed,
                }
            }
            Frame::Keep { from, to, bytes } => {
                let here = self.me;
                let peer = self.peers.get_mut(&from).filter(|_| to == here);
                peer.ok_or(Unfit::Broken)?.hear(&bytes);
            }
            Frame::Gone(c) => {
                let gone = self.peers.values_mut().find(|peer| peer.c == c);
                gone.ok_or(Unfit::Broken)?.gone = true;
            }
            _ => return Err(Unfit::Broken),
        }
        Ok(Vec::new())
    }

    pub(super) fn others(&self) -> Vec<(u8, String, Point)> {
        let peers = self.peers.iter();
        peers
            .map(|(at, peer)| (*at, peer.data.shown.clone(), peer.data.point))
            .collect()
    }

    pub(crate) fn peer(&self, who: u8) -> Option<&Peer> {
        self.peers.get(&who)
    }

    /// Whether I stand before somebody in the list: then I begin.
    pub(crate) fn is_before(&self, who: u8) -> bool {
        self.me < who
    }

    /// The edge with somebody, if it stands ready: to be stored before I say that I keep it.
    pub(crate) fn pairing(&self, who: u8) -> Option<&Pairing> {
        match &self.peers.get(&who)?.state {
            State::Paired(pairing) => Some(pairing),
            _ => None,
        }
    }

    /// Says once whether I keep somebody. Nothing if there is no edge, or I said it.
    pub(crate) fn say(&mut self, who: u8, keep: &Keep) -> Option<Frame> {
        let here = self.me;
        let peer = self.peers.get_mut(&who).filter(|peer| !peer.said)?;
        let State::Paired(pairing) = &mut peer.state else {
            return None;
        };
        let bytes = pairing.seal(keep).ok()?;
        peer.said = true;
        Some(Frame::Keep {
            from: here,
            to: who,
            bytes,
        })
    }
}

fn pair_frame((from, to): (u8, u8), step: Step, bytes: Vec<u8>) -> Frame {
    Frame::Pair {
        from,
        to,
        step,
        bytes,
    }
}

impl Peer {
    fn offer(
        &mut self,
        common: &Common,
        (from, to): (u8, u8),
        me: &Identity,
        entropy: &mut Entropy,
    ) -> Option<Frame> {
        let other = (&self.data.point, &*self.data.ek);
        match pair::offer(common, me, other, entropy) {
            Ok((offer, bytes)) if matches!(self.state, State::Apart(None)) => {
                self.state = State::Offered(offer);
                Some(pair_frame((from, to), Step::First, bytes))
            }
            _ => {
                self.state = State::Failed;
                None
            }
        }
    }

    fn answer(
        &mut self,
        common: &Common,
        mine: (&Identity, &Opener),
        message: &[u8],
        entropy: &mut Entropy,
    ) -> Option<Vec<u8>> {
        match pair::answer(common, mine, &self.data.point, message, entropy) {
            Ok((pairing, bytes)) => {
                self.state = State::Paired(pairing);
                Some(bytes)
            }
            Err(_) => {
                self.state = State::Failed;
                None
            }
        }
    }

    fn finish(&mut self, common: &Common, message: &[u8]) {
        let before = core::mem::replace(&mut self.state, State::Failed);
        if let State::Offered(offer) = before
            && let Ok(pairing) = offer.finish(common, message)
        {
            self.state = State::Paired(pairing);
        }
    }

    fn hear(&mut self, message: &[u8]) {
        let State::Paired(pairing) = &mut self.state else {
            self.state = State::Failed;
            return;
        };
        // A second one would need a nonce that was used: it does not open, and what was heard stays.
        if self.heard.is_none() {
            match pairing.open(message) {
                Ok(keep) => self.heard = Some(keep),
                Err(_) => self.state = State::Failed,
            }
        }
    }

    /// What they said about keeping me.
    pub(crate) fn heard(&self) -> Option<&Keep> {
        self.heard.as_ref()
    }

    /// How it goes.
    pub(crate) fn seen(&self) -> Seen {
        match self.state {
            State::Paired(_) => Seen::Paired,
            State::Failed => Seen::Lost,
            _ if self.gone => Seen::Lost,
            _ => Seen::Apart,
        }
    }

    /// Whether nothing more will come from them.
    pub(crate) fn is_gone(&self) -> bool {
        self.gone || matches!(self.state, State::Failed)
    }

    /// Their key.
    pub(crate) fn point(&self) -> &Point {
        &self.data.point
    }

    /// What they call themselves, as it came.
    pub(crate) fn nick(&self) -> &str {
        &self.data.nick
    }
}
