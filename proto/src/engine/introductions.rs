//! Two friends of mine get to know each other, or somebody and I through a friend: asked on both sides,
//! and nothing goes from one to the other before both humans said yes. No answer and "no" are the same
//! silence. What comes of it is an invitation that is open to one key alone. PROTOCOL §6.
//!
//! ```text
//! made.rs     what I do as the introducer
//! offered.rs  what I do as one of the two
//! records.rs  how it is stored
//! ```

mod made;
mod offered;
mod records;

use super::people::count;
use super::saved::Saved;
use super::{Answer, Engine, Introducing, Refusal, Waiting, WaitsAs};
use crate::friend::What;
use crate::identity::Point;
use crate::invite::Code;
use crate::limits::POST_MINUTES;
use crate::message::{IntroductionId, Payload};
use crate::name::{Foreign, Label};
use crate::petname::Petname;
use crate::time::DAY_MINUTES;

pub(super) use records::{IntroductionRecord, IntroductionsRecord};

/// One introduction, as who has part in it.
pub(super) enum Introduction {
    /// I introduce two friends.
    Made(Made),
    /// A friend introduces somebody to me.
    Offered(Offered),
}

/// Two friends whom I asked.
pub(super) struct Made {
    id: IntroductionId,
    ends: [End; 2],
    /// What I say to each of the other.
    said: String,
    /// Minutes since 1970.
    minute: u32,
    /// The same as the node's age.
    since: u32,
    /// Whether both said yes, and were told of each other; of the first, whether it takes the
    /// other's invitation.
    given: Option<bool>,
}

/// One of the two.
struct End {
    friend: u32,
    /// What they said yes with: an invitation, if anybody can reach them.
    yes: Option<Option<Code>>,
}

/// Somebody of whom a friend spoke.
pub(super) struct Offered {
    id: IntroductionId,
    /// The friend.
    by: u32,
    /// What they call them.
    label: Label,
    /// What they say of them, as it came.
    said: String,
    minute: u32,
    since: u32,
    stage: Stage,
}

/// How far it has come.
enum Stage {
    /// My human is asked.
    Asked,
    /// They said yes, with an invitation that is not open.
    Agreed { name: Petname, code: Option<Code> },
    /// It is open to this one.
    Opened { invite: u32, other: Point },
    /// I took the other's.
    Taken { join: u32 },
}

/// Numbers of introductions, which never go back.
#[derive(Clone, Copy, Default, bincode::Encode, bincode::Decode)]
pub(super) struct Counts {
    pub(super) next: u32,
    /// The day, since 1970, and how many were heard on it.
    heard: (u32, u32),
    /// The same of those that I made.
    made: (u32, u32),
}

/// One more on this day; nothing if that is too many.
fn counted((day, counted): (u32, u32), today: u32, most: u32) -> Option<(u32, u32)> {
    let before = if day == today { counted } else { 0 };
    (before < most).then_some((today, before + 1))
}

impl Introduction {
    fn since(&self) -> u32 {
        match self {
            Self::Made(made) => made.since,
            Self::Offered(offered) => offered.since,
        }
    }
}

impl Engine {
    fn new_introduction(&mut self, introduction: Introduction) -> u32 {
        self.introducing.next += 1;
        let no = self.introducing.next;
        self.introductions.insert(no, introduction);
        self.dirty
            .extend([Saved::Introduction(no), Saved::Introductions]);
        self.wake_by_age(self.age.minutes().saturating_add(POST_MINUTES));
        no
    }

    fn forget_introduction(&mut self, no: u32) {
        if self.introductions.remove(&no).is_some() {
            self.mark(Saved::Introduction(no));
        }
    }

    fn today(&self) -> u32 {
        self.now.minutes() / DAY_MINUTES
    }

    /// What an entry of the outbox says of an introduction, as far as it is still to be said.
    pub(super) fn introduction_words(&self, friend: u32, entry: u64) -> Option<Payload> {
        let what = self.friends.get(&friend)?.outbox.get(entry)?.what;
        let of = |no: u32| self.introductions.get(&no);
        Some(match what {
            What::IntroAsk(no) => Payload::IntroAsk(self.ask_of(of(no)?, friend)?),
            What::IntroAnswer(no) => Payload::IntroAnswer(of(no)?.answer()?),
            What::IntroGive(no) => Payload::IntroGive(self.give_of(of(no)?, friend)?),
            _ => return None,
        })
    }

    /// Who waits at my door, and whom I asked.
    pub(super) fn waiting_list(&self) -> Vec<Waiting> {
        let all = self.introductions.iter();
        let all = all.filter_map(|(no, it)| self.waiting_at(*no, it));
        let waits = self.boxes_asked_for().chain(self.files_at_the_door());
        let waits = waits.chain(self.groups_at_the_door());
        let mut all: Vec<_> = all.chain(waits).collect();
        all.sort_by_key(|waiting| waiting.id);
        all
    }

    fn waiting_at(&self, no: u32, introduction: &Introduction) -> Option<Waiting> {
        let (minute, waits) = match introduction {
            Introduction::Made(made) if made.given.is_some() => return None,
            Introduction::Made(made) => {
                let ends = made.ends.each_ref();
                let ends = ends.map(|end| Introducing {
                    petname: self.petname(end.friend),
                    agreed: end.yes.is_some(),
                });
                (made.minute, WaitsAs::Introducing(ends))
            }
            Introduction::Offered(it) => (it.minute, self.offered_at(it)?),
        };
        Some(Waiting {
            id: no,
            since_min: minute,
            until_min: minute.saturating_add(POST_MINUTES),
            waits,
        })
    }

    fn offered_at(&self, offered: &Offered) -> Option<WaitsAs> {
        let by = self.friends.get(&offered.by)?.petname.clone();
        let label = offered.label.clone();
        let edge = Foreign::Edge { by, label };
        let by = self.petname(offered.by);
        let name = |name: &Petname| name.as_str().to_owned();
        Some(match &offered.stage {
            Stage::Asked => WaitsAs::Introduced {
                by,
                somebody: self.somebody(edge, None),
                said: offered.said.clone(),
            },
            Stage::Agreed { name: petname, .. } => WaitsAs::Agreed {
                by,
                petname: name(petname),
            },
            Stage::Opened { invite, .. } => WaitsAs::Agreed {
                by,
                petname: name(
                    &self
                        .invites
                        .get(invite)
                        .filter(|it| it.claimed.is_none())?
                        .name,
                ),
            },
            Stage::Taken { join } => WaitsAs::Agreed {
                by,
                petname: name(&self.joins.get(join)?.name),
            },
        })
    }

    /// My human does not want it, or not any more. Nobody is told.
    pub(super) fn decline(&mut self, no: u32) -> Result<Answer, Refusal> {
        if self.answer_box(no, false).is_some() {
            return Ok(Answer::Declined);
        }
        if self.is_file(no) {
            return self.drop_file(no);
        }
        if let Some(group) = self.groups.asking(no) {
            self.erase_group(group);
            return Ok(Answer::Declined);
        }
        let introduction = self.introductions.get(&no);
        match introduction.ok_or(Refusal::NobodyWaits)? {
            Introduction::Offered(Offered { stage, .. }) => match *stage {
                Stage::Opened { invite, .. } if self.is_claimed(invite) => {
                    return Err(Refusal::NobodyWaits);
                }
                Stage::Opened { invite, .. } => self.take_back(invite),
                Stage::Taken { join } => self.stop_joining(join),
                Stage::Asked | Stage::Agreed { .. } => {}
            },
            Introduction::Made(Made { given: Some(_), .. }) => return Err(Refusal::NobodyWaits),
            Introduction::Made(_) => {}
        }
        self.forget_introduction(no);
        Ok(Answer::Declined)
    }

    /// What is over: too long ago, or an invitation that has ended by itself.
    pub(super) fn end_introductions(&mut self) {
        let age = self.age.minutes();
        let over = self.introductions.iter().filter(|(no, it)| {
            let late = age.saturating_sub(it.since()) >= POST_MINUTES;
            late && !self.is_under_way(it) || self.is_settled(**no, it)
        });
        let over: Vec<_> = over.map(|(no, _)| *no).collect();
        for no in over {
            // Without its introduction an invitation would be open to anybody.
            if let Some(Introduction::Offered(it)) = self.introductions.get(&no)
                && let Stage::Opened { invite, .. } = it.stage
            {
                self.end_invite(invite);
            }
            self.forget_introduction(no);
        }
        let ends = self.introductions.values().map(Introduction::since).min();
        if let Some(since) = ends {
            self.wake_by_age(since.saturating_add(POST_MINUTES));
        }
    }

    /// Whether it is used, or I am trying to use it: it ends with the invitation.
    fn is_under_way(&self, introduction: &Introduction) -> bool {
        let Introduction::Offered(it) = introduction else {
            return false;
        };
        match it.stage {
            Stage::Opened { invite, .. } => self.is_claimed(invite),
            Stage::Taken { .. } => true,
            Stage::Asked | Stage::Agreed { .. } => false,
        }
    }

    fn is_claimed(&self, invite: u32) -> bool {
        let invite = self.invites.get(&invite);
        invite.is_some_and(|invite| invite.claimed.is_some())
    }

    fn is_settled(&self, no: u32, introduction: &Introduction) -> bool {
        match introduction {
            Introduction::Made(made) => {
                let under_way = |end: &End| {
                    let friend = self.friends.get(&end.friend);
                    friend.is_some_and(|f| f.outbox.has(|it| it.what == What::IntroGive(no)))
                };
                made.given.is_some() && !made.ends.iter().any(under_way)
            }
            Introduction::Offered(offered) => match offered.stage {
                Stage::Opened { invite, .. } => !self.invites.contains_key(&invite),
                Stage::Taken { join } => !self.joins.contains_key(&join),
                Stage::Asked | Stage::Agreed { .. } => false,
            },
        }
    }

    /// A friend is a friend no more: what they asked me, or I them, ends; what came of it stays.
    pub(super) fn introducer_left(&mut self, friend: u32) {
        let ends = |it: &Introduction| match it {
            Introduction::Made(made) => made.ends.iter().any(|end| end.friend == friend),
            Introduction::Offered(it) => {
                it.by == friend && matches!(it.stage, Stage::Asked | Stage::Agreed { .. })
            }
        };
        let over = self.introductions.iter().filter(|(_, it)| ends(it));
        let over: Vec<_> = over.map(|(no, _)| *no).collect();
        over.into_iter().for_each(|no| self.forget_introduction(no));
    }

    /// I am another from now on: what I agreed to names who I was.
    pub(super) fn agreements_end(&mut self) {
        let agreed = |it: &Introduction| {
            let Introduction::Offered(it) = it else {
                return false;
            };
            matches!(it.stage, Stage::Agreed { .. } | Stage::Opened { .. })
        };
        let over = self.introductions.iter().filter(|(_, it)| agreed(it));
        let over: Vec<_> = over.map(|(no, _)| *no).collect();
        over.into_iter().for_each(|no| self.forget_introduction(no));
    }

    /// Names that I promised to somebody whom I do not know yet.
    pub(super) fn agreed(&self) -> impl Iterator<Item = (u32, &Petname)> {
        self.introductions.iter().filter_map(|(no, it)| match it {
            Introduction::Offered(Offered {
                stage: Stage::Agreed { name, .. },
                ..
            }) => Some((*no, name)),
            _ => None,
        })
    }

    /// Calls somebody otherwise who is not here yet.
    pub(super) fn call_agreed(&mut self, no: u32, to: &Petname) {
        if let Some(Introduction::Offered(it)) = self.introductions.get_mut(&no)
            && let Stage::Agreed { name, .. } = &mut it.stage
        {
            *name = to.clone();
            self.mark(Saved::Introduction(no));
        }
    }

    /// The introduction that opened this invitation of mine.
    pub(super) fn opened_by(&self, invite: u32) -> Option<&Offered> {
        self.introductions.values().find_map(|it| match it {
            Introduction::Offered(offered) => match offered.stage {
                Stage::Opened { invite: no, .. } if no == invite => Some(offered),
                _ => None,
            },
            Introduction::Made(_) => None,
        })
    }

    fn made(&self) -> impl Iterator<Item = &Made> + Clone {
        self.introductions.values().filter_map(|it| match it {
            Introduction::Made(made) => Some(made),
            Introduction::Offered(_) => None,
        })
    }

    fn offered(&self) -> impl Iterator<Item = &Offered> {
        self.introductions.values().filter_map(|it| match it {
            Introduction::Offered(offered) => Some(offered),
            Introduction::Made(_) => None,
        })
    }

    /// How many introductions wait for my human.
    pub(super) fn introduced(&self) -> u32 {
        let asked = self.offered().filter(|it| matches!(it.stage, Stage::Asked));
        count(asked.count())
    }
}
