//! One participant, whoever opened the meeting too: from the host's HELLO to the last word of the last
//! pair. It believes the host in nothing that it cannot check. PROTOCOL §2c.

mod agreed;
mod gathering;

use super::frame::{Frame, Sorry};
use crate::identity::{Identity, Point};
use crate::kdf::Entropy;
use crate::limits::{MEETING_COMINGS_MAX, MEETING_RUNS_MAX};
use crate::secret::{Key, Room};

pub(crate) use agreed::{Agreed, Peer, Seen};
use gathering::{Gathering, Opening};

/// Why a participant goes no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// The host said what no honest host says.
    Broken,
    /// The list has another number of people than was counted.
    Count { counted: u8, there: u8 },
    /// Two nicknames that look alike; one of them, to be shown.
    Alike(String),
    /// Too many runs broke off with my share opened.
    ChangePlace,
    /// The host has no seat for me.
    Sorry(Sorry),
}

/// A participant.
pub(crate) struct Guest {
    me: Point,
    nick: String,
    secret: Key<Room>,
    stage: Stage,
    /// Runs that broke off, and those of them in which my share was opened.
    broken_off: u8,
    tried: u8,
    /// Entries that the host told of.
    comings: u32,
}

enum Stage {
    /// The host has not said hello.
    Greeting,
    /// People come and go, until the list is fixed.
    Gathering(Gathering),
    /// The list is fixed and I opened my share.
    Opening(Opening),
    /// All shares are open.
    Agreed(Agreed),
}

impl Guest {
    /// Somebody who is about to hear the host, after so many runs that broke off elsewhere with a share
    /// opened. The nickname was checked where it was typed.
    pub(crate) fn new(me: Point, nick: String, secret: Key<Room>, tried: u8) -> Self {
        Self {
            me,
            nick,
            secret,
            stage: Stage::Greeting,
            broken_off: 0,
            tried,
            comings: 0,
        }
    }

    /// One frame of the host's; gives what I say to it.
    ///
    /// # Errors
    /// All is over for me.
    pub(crate) fn hear(
        &mut self,
        frame: Frame,
        me: &Identity,
        entropy: &mut Entropy,
    ) -> Result<Vec<Frame>, Unfit> {
        match frame {
            Frame::Hello { language, room_id } => {
                self.one_more()?;
                return self
                    .begin(language, room_id, entropy)
                    .map(|frame| vec![frame]);
            }
            Frame::Entry(_) => self.one_more()?,
            Frame::Sorry(why) => return Err(Unfit::Sorry(why)),
            _ => {}
        }
        match &mut self.stage {
            Stage::Gathering(gathering) => gathering.hear(frame)?,
            Stage::Opening(opening) => opening.hear(&frame)?,
            Stage::Agreed(agreed) => return agreed.hear(frame, me, entropy),
            Stage::Greeting => return Err(Unfit::Broken),
        }
        self.go_on()
    }

    /// Somebody came, or a run begins: both cost something.
    fn one_more(&mut self) -> Result<(), Unfit> {
        self.comings += 1;
        (self.comings <= MEETING_COMINGS_MAX)
            .then_some(())
            .ok_or(Unfit::Broken)
    }

    /// A run begins: with a share and a key of its own. Not once people have compared.
    fn begin(
        &mut self,
        language: crate::words::Language,
        room_id: [u8; 32],
        entropy: &mut Entropy,
    ) -> Result<Frame, Unfit> {
        match &self.stage {
            Stage::Greeting => {}
            Stage::Gathering(_) => self.broken_off = self.broken_off.saturating_add(1),
            Stage::Opening(_) => {
                self.broken_off = self.broken_off.saturating_add(1);
                self.tried = self.tried.saturating_add(1);
                if self.tried >= MEETING_RUNS_MAX {
                    return Err(Unfit::ChangePlace);
                }
            }
            Stage::Agreed(_) => return Err(Unfit::Broken),
        }
        let mine = (self.me, self.nick.as_str());
        let gathering = Gathering::new(language, room_id, mine, entropy).ok_or(Unfit::Broken)?;
        let commit = gathering.commit();
        self.stage = Stage::Gathering(gathering);
        Ok(commit)
    }

    /// I counted so many, myself included. Nothing happens once the list was agreed to.
    pub(crate) fn count(&mut self, count: u8) -> Result<Vec<Frame>, Unfit> {
        if let Stage::Gathering(gathering) = &mut self.stage {
            gathering.counted = Some(count);
        }
        self.go_on()
    }

    /// Takes the next step if all that it needs is there.
    fn go_on(&mut self) -> Result<Vec<Frame>, Unfit> {
        let mut said = Vec::new();
        self.stage = match core::mem::replace(&mut self.stage, Stage::Greeting) {
            Stage::Gathering(gathering) if gathering.is_ready() => {
                let (opening, open) = gathering.check()?;
                said.push(open);
                Stage::Opening(opening)
            }
            stage => stage,
        };
        self.stage = match core::mem::replace(&mut self.stage, Stage::Greeting) {
            Stage::Opening(opening) if opening.is_ready() => {
                Stage::Agreed(opening.agree(&self.secret))
            }
            stage => stage,
        };
        Ok(said)
    }

    /// Runs in which my share was opened and my human did not hear everybody.
    pub(crate) fn tried(&self) -> u8 {
        match &self.stage {
            Stage::Opening(_) => self.tried.saturating_add(1),
            Stage::Agreed(agreed) if !agreed.was_heard() => self.tried.saturating_add(1),
            Stage::Agreed(_) => 0,
            _ => self.tried,
        }
    }

    /// How many runs broke off.
    pub(crate) fn broken_off(&self) -> u8 {
        self.broken_off
    }

    /// What I counted in this run, and whether I wait for the list or for the others; `None` before
    /// the host's HELLO and after all shares are open.
    pub(crate) fn gathers(&self) -> Option<(Option<u8>, bool)> {
        match &self.stage {
            Stage::Gathering(gathering) => Some((gathering.counted, false)),
            Stage::Opening(opening) => Some((Some(opening.count()), true)),
            _ => None,
        }
    }

    /// The others' nicknames and keys: in the order they came, or in that of the list with their place.
    pub(crate) fn others(&self) -> Vec<(u8, String, Point)> {
        match &self.stage {
            Stage::Greeting => Vec::new(),
            Stage::Gathering(gathering) => gathering.others(),
            Stage::Opening(opening) => opening.others(),
            Stage::Agreed(agreed) => agreed.others(),
        }
    }

    /// Once all shares are open.
    pub(crate) fn agreed(&self) -> Option<&Agreed> {
        match &self.stage {
            Stage::Agreed(agreed) => Some(agreed),
            _ => None,
        }
    }

    /// The same, to go on.
    pub(crate) fn agreed_mut(&mut self) -> Option<&mut Agreed> {
        match &mut self.stage {
            Stage::Agreed(agreed) => Some(agreed),
            _ => None,
        }
    }

    /// Who I am here.
    pub(crate) fn point(&self) -> &Point {
        &self.me
    }
}
