//! One of the two: asked, agreed, and then an invitation that is open to one key, or the other's taken.

use super::{Introduction, Offered, Stage, counted};
use crate::engine::invitations::{Invite, Join};
use crate::engine::saved::Saved;
use crate::engine::{Answer, Engine, Event, Language, Refusal};
use crate::friend::{Introduced, What};
use crate::identity::Point;
use crate::invite::Code;
use crate::limits::{
    GROUP_COMPUTERS_MAX, INTRODUCTIONS_PENDING_MAX, INTRODUCTIONS_PER_DAY_MAX, POST_MINUTES,
};
use crate::message::{IntroAnswer, IntroAsk, IntroGive};
use crate::name::Label;
use crate::petname::Petname;

impl Engine {
    /// A friend asks whether I would like to know somebody. Too many are not heard at all.
    pub(in crate::engine) fn they_introduce(&mut self, by: u32, ask: IntroAsk) -> Option<()> {
        let label = Label::received(&ask.label)?;
        // Whoever is in a group with me may make me known to all others in it.
        let (heard, most) = match self.is_in_a_group_of_mine(by) {
            true => (Some(self.introducing.heard), GROUP_COMPUTERS_MAX),
            false => {
                let (heard, today) = (self.introducing.heard, self.today());
                let heard = counted(heard, today, INTRODUCTIONS_PER_DAY_MAX);
                (heard, INTRODUCTIONS_PENDING_MAX)
            }
        };
        let heard = heard.filter(|_| self.may_be_heard(by, &ask, most))?;
        self.introducing.heard = heard;
        let offered = Offered {
            id: ask.id,
            by,
            label,
            said: ask.said,
            minute: self.now.minutes(),
            since: self.age.minutes(),
            stage: Stage::Asked,
        };
        let id = self.new_introduction(Introduction::Offered(offered));
        let petname = self.petname(by);
        self.tell_of(by, Event::Waiting { id, by: petname });
        Some(())
    }

    /// Whether it is news, and there is room for one more by this friend.
    fn may_be_heard(&self, by: u32, ask: &IntroAsk, most: usize) -> bool {
        let theirs = || self.offered().filter(|it| it.by == by);
        let pending = |it: &&Offered| matches!(it.stage, Stage::Asked | Stage::Agreed { .. });
        let full = theirs().filter(pending).count() >= most;
        !full && !theirs().any(|it| it.id == ask.id)
    }

    /// My human would like to, and calls them so. An invitation of mine goes to the introducer, who can
    /// do nothing with it: it opens for whom they name, and for whoever has that key alone.
    pub(in crate::engine) fn welcome(
        &mut self,
        no: u32,
        name: &str,
        language: Language,
    ) -> Result<Answer, Refusal> {
        if let Some(answered) = self.answer_box(no, true) {
            answered?;
            return Ok(Answer::Welcomed);
        }
        let by = match self.introductions.get(&no) {
            Some(Introduction::Offered(it)) if matches!(it.stage, Stage::Asked) => it.by,
            _ => return Err(Refusal::NobodyWaits),
        };
        self.not_blocked(by)?;
        let name = self.free_name(name, None)?;
        self.room_for_a_friend()?;
        self.room_in_outbox(by)?;
        let me = *self.me.point();
        let knows_me = |ends: [&Point; 2]| *ends[0] == me;
        let friend = self.friends.get(&by);
        if !friend.is_some_and(|f| f.edges.ends().is_some_and(knows_me)) {
            let petname = self.petname(by);
            return Err(Refusal::NotConfirmed { petname });
        }
        let addrs = Code::fitting(&self.listening);
        let code = (!addrs.is_empty()).then(|| Code {
            expiry_min: self.now.minutes().saturating_add(POST_MINUTES),
            ik: *me.as_bytes(),
            secret: Code::secret(|bytes| self.entropy.fill(bytes)),
            addrs,
            language,
        });
        if let Some(Introduction::Offered(it)) = self.introductions.get_mut(&no) {
            it.stage = Stage::Agreed { name, code };
        }
        self.mark(Saved::Introduction(no));
        self.say(by, What::IntroAnswer(no), true);
        Ok(Answer::Welcomed)
    }

    /// Both said yes, says the introducer. The first word counts, and no other.
    pub(in crate::engine) fn they_give(&mut self, by: u32, give: &IntroGive) -> Option<()> {
        let other = Point::parse(give.point).ok()?;
        let no = self.introductions.iter().find_map(|(no, it)| match it {
            Introduction::Offered(it) if it.by == by && it.id == give.id => Some(*no),
            _ => None,
        })?;
        let Some(Introduction::Offered(offered)) = self.introductions.get_mut(&no) else {
            return None;
        };
        if !matches!(offered.stage, Stage::Agreed { .. }) {
            return None;
        }
        let introducer = self.friends.get(&by)?.point;
        let Stage::Agreed { name, code } = core::mem::replace(&mut offered.stage, Stage::Asked)
        else {
            return None;
        };
        let introduced = offered.introduced(self.now.minutes());
        self.mark(Saved::Introduction(no));
        if self.me.is(&other) || other == introducer {
            self.forget_introduction(no);
            return None;
        }
        // We are friends already: nothing changes, but that somebody says so.
        if let Some(friend) = self
            .friend_of(&other)
            .filter(|no| self.is_settled_friend(*no))
        {
            self.forget_introduction(no);
            self.remember_introducer(friend, introduced, false);
            return Some(());
        }
        // What I am about to do with an invitation of theirs, nobody else's word takes the place of.
        let under_way =
            |join: &Join| join.inviter == other && join.code.expiry_min > self.now.minutes();
        if give.join && self.joins.values().any(under_way) {
            self.forget_introduction(no);
            return None;
        }
        let blocked = self.friend_of(&other).is_some_and(|no| !self.answers(no));
        let minute = self.now.minutes();
        // Two post times, since their clock may go ahead of mine.
        let ends = minute.saturating_add(1)..=minute.saturating_add(2 * POST_MINUTES);
        let theirs = Code::from_bytes(&give.invitation).ok();
        let theirs = theirs.filter(|code| {
            code.ik == *other.as_bytes() && ends.contains(&code.expiry_min) && !blocked
        });
        let name = self.known_as(&other).unwrap_or(name);
        let stage = match (give.join, code, theirs) {
            (false, Some(code), _) => Stage::Opened {
                invite: self.open_for(code, name),
                other,
            },
            (true, _, Some(code)) => Stage::Taken {
                join: self.take_up(code, other, name, String::new()),
            },
            _ => {
                self.forget_introduction(no);
                return None;
            }
        };
        if let Some(Introduction::Offered(it)) = self.introductions.get_mut(&no) {
            it.stage = stage;
        }
        Some(())
    }

    fn is_settled_friend(&self, no: u32) -> bool {
        self.friends.get(&no).is_some_and(|friend| friend.settled)
    }

    fn open_for(&mut self, code: Code, name: Petname) -> u32 {
        let no = self.counters.next_invite;
        self.counters.next_invite += 1;
        self.wake_by_minute(code.expiry_min);
        self.invites
            .insert(no, Invite::new(code, name, String::new()));
        self.dirty.extend([Saved::Invite(no), Saved::Node]);
        no
    }

    /// Whether this one may use an invitation of mine. Who else knows it has it from the introducer.
    pub(in crate::engine) fn is_open_to(&mut self, invite: u32, joiner: &Point) -> bool {
        let Some(offered) = self.opened_by(invite) else {
            return true;
        };
        let Stage::Opened { other, .. } = offered.stage else {
            return true;
        };
        if other == *joiner || planted!(IntroductionOpenToAll) {
            return true;
        }
        let by = self.petname(offered.by);
        self.show(Event::IntroductionMisused { by });
        false
    }

    /// Somebody became a friend by an invitation of mine: who introduced them is remembered.
    pub(in crate::engine) fn befriended_by_mine(&mut self, invite: u32, friend: u32, new: bool) {
        let minute = self.now.minutes();
        if let Some(introduced) = self.opened_by(invite).map(|it| it.introduced(minute)) {
            self.remember_introducer(friend, introduced, new);
        }
    }

    /// The same by one that I took.
    pub(in crate::engine) fn befriended_by_theirs(&mut self, join: u32, friend: u32, new: bool) {
        let minute = self.now.minutes();
        let taken = |it: &&Offered| matches!(it.stage, Stage::Taken { join: no } if no == join);
        let taken = self.offered().find(taken).map(|it| it.introduced(minute));
        if let Some(introduced) = taken {
            self.remember_introducer(friend, introduced, new);
        }
    }

    fn remember_introducer(&mut self, friend: u32, introduced: Introduced, new: bool) {
        // Each person is one voice, however many computers they have.
        let voices = self.computers(introduced.by);
        if let Some(friend) = self.friends.get_mut(&friend) {
            friend.trust.by_introduction |= new;
            let mut known = friend.trust.introduced.iter();
            if !known.any(|it| voices.contains(&it.by)) {
                friend.trust.add(introduced);
            }
        }
        self.mark(Saved::Trust(friend));
    }

    /// How I call somebody already who is not settled yet.
    fn known_as(&self, point: &Point) -> Option<Petname> {
        let friend = self.friend_of(point).and_then(|no| self.friends.get(&no));
        let join = || self.joins.values().find(|join| join.inviter == *point);
        let friend = friend.map(|friend| friend.petname.clone());
        friend.or_else(|| join().map(|join| join.name.clone()))
    }
}

impl Offered {
    fn introduced(&self, minute: u32) -> Introduced {
        Introduced {
            by: self.by,
            minute,
            said: self.said.clone(),
        }
    }
}

impl Introduction {
    /// What my yes says.
    pub(in crate::engine) fn answer(&self) -> Option<IntroAnswer> {
        let Self::Offered(offered) = self else {
            return None;
        };
        let Stage::Agreed { code, .. } = &offered.stage else {
            return None;
        };
        let bytes = code.as_ref().map(Code::to_bytes).transpose().ok()?;
        Some(IntroAnswer {
            id: offered.id,
            invitation: bytes.unwrap_or_default(),
        })
    }
}
