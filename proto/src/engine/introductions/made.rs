//! The introducer: asks both, and tells each who the other is once both have said yes.

use super::{End, Introduction, Made, counted};
use zeroize::Zeroizing;

use crate::engine::saved::Saved;
use crate::engine::{Answer, Engine, Event, Refusal};
use crate::friend::What;
use crate::invite::Code;
use crate::limits::{
    GROUP_COMPUTERS_MAX, INTRODUCTION_NOTE_BYTES_MAX, INTRODUCTIONS_MADE_MAX,
    INTRODUCTIONS_PER_DAY_MAX,
};
use crate::message::{IntroAnswer, IntroAsk, IntroGive};

impl Engine {
    /// A person introduces two friends: both are asked, and neither learns more than my words.
    pub(in crate::engine) fn introduce(
        &mut self,
        a: &str,
        b: &str,
        said: String,
    ) -> Result<Answer, Refusal> {
        let friends = [self.find(a)?, self.find(b)?];
        let [one, two] = friends;
        if said.len() > INTRODUCTION_NOTE_BYTES_MAX {
            return Err(Refusal::IntroductionTooLong);
        }
        if one == two {
            return Err(Refusal::OneAndTheSame);
        }
        for no in friends {
            self.not_blocked(no)?;
            self.room_in_outbox(no)?;
            if let Some(friend) = self.friends.get(&no).filter(|f| !f.settled) {
                let petname = friend.petname.as_str().to_owned();
                return Err(Refusal::NotYet { petname });
            }
        }
        let counted = counted(
            self.introducing.made,
            self.today(),
            INTRODUCTIONS_PER_DAY_MAX,
        );
        let counted = counted.filter(|_| self.may_make(friends));
        self.introducing.made = counted.ok_or(Refusal::TooManyIntroductions)?;
        let no = self.make(friends, said);
        Ok(Answer::Introduced { id: no })
    }

    /// Somebody new in a group and one who is in it are asked, as often as there are people in one: what
    /// a day and a desk bear otherwise does not count.
    pub(in crate::engine) fn introduce_for_group(&mut self, friends: [u32; 2], said: &str) {
        let open = self.made().filter(|it| it.given.is_none());
        let full = open.count() >= INTRODUCTIONS_MADE_MAX + GROUP_COMPUTERS_MAX;
        let may = |no: &u32| {
            let friend = self.friends.get(no);
            friend.is_some_and(|f| f.settled) && self.room_in_outbox(*no).is_ok()
        };
        let blocked = friends.iter().any(|no| self.not_blocked(*no).is_err());
        let may = friends.iter().all(may) && !self.is_made(friends);
        if !full && !blocked && may {
            self.make(friends, said.to_owned());
        }
    }

    fn make(&mut self, friends: [u32; 2], said: String) -> u32 {
        let made = Made {
            id: self.entropy.bytes(),
            ends: friends.map(|friend| End { friend, yes: None }),
            said,
            minute: self.now.minutes(),
            since: self.age.minutes(),
            given: None,
        };
        let no = self.new_introduction(Introduction::Made(made));
        for friend in friends {
            self.say(friend, What::IntroAsk(no), true);
        }
        no
    }

    /// Whether there is room for one more, and these two are not asked already.
    fn may_make(&self, friends: [u32; 2]) -> bool {
        let open = self.made().filter(|it| it.given.is_none());
        open.count() < INTRODUCTIONS_MADE_MAX && !self.is_made(friends)
    }

    fn is_made(&self, friends: [u32; 2]) -> bool {
        let same = |made: &Made| made.ends.iter().all(|end| friends.contains(&end.friend));
        let mut open = self.made().filter(|it| it.given.is_none());
        open.any(same)
    }

    pub(super) fn ask_of(&self, introduction: &Introduction, friend: u32) -> Option<IntroAsk> {
        let Introduction::Made(made) = introduction else {
            return None;
        };
        let other = made.other(friend)?;
        Some(IntroAsk {
            id: made.id,
            label: self.friends.get(&other.friend)?.petname.as_str().to_owned(),
            said: made.said.clone(),
        })
    }

    /// One of the two said yes. A second yes of theirs changes nothing.
    pub(in crate::engine) fn they_agreed(
        &mut self,
        friend: u32,
        answer: &IntroAnswer,
    ) -> Option<()> {
        let point = self.friends.get(&friend)?.point;
        let mut all = self.introductions.iter_mut();
        let (no, made) = all.find_map(|(no, it)| match it {
            Introduction::Made(made) if made.id == answer.id => Some((*no, made)),
            _ => None,
        })?;
        let end = made.ends.iter_mut().find(|end| end.friend == friend)?;
        if end.yes.is_some() || made.given.is_some() {
            return None;
        }
        // One that names another key than theirs would make them the other's dupe, or the other theirs.
        let invitation = Code::from_bytes(&answer.invitation).ok();
        end.yes = Some(invitation.filter(|code| code.ik == *point.as_bytes()));
        self.mark(Saved::Introduction(no));
        self.give(no)
    }

    /// Both said yes: the invitation of the higher key is the one, if there is one.
    fn give(&mut self, no: u32) -> Option<()> {
        let Some(Introduction::Made(made)) = self.introductions.get(&no) else {
            return None;
        };
        let [one, two] = made.ends.each_ref();
        let points = [one, two].map(|end| self.friends.get(&end.friend).map(|f| f.point));
        let [Some(first), Some(second)] = points else {
            return None;
        };
        let invites = |end: &End| end.yes.as_ref().map(Option::is_some);
        let joins = match (invites(one)?, invites(two)?, first > second) {
            (true, false, _) | (true, true, true) => Some(false),
            (false, true, _) | (true, true, false) => Some(true),
            (false, false, _) => None,
        };
        let ends = [one.friend, two.friend];
        if joins.is_none() {
            let [a, b] = ends.map(|friend| self.petname(friend));
            self.forget_introduction(no);
            self.show(Event::NoWayBetween { a, b });
            return None;
        }
        if let Some(Introduction::Made(made)) = self.introductions.get_mut(&no) {
            made.given = joins;
        }
        self.mark(Saved::Introduction(no));
        for friend in ends {
            self.say(friend, What::IntroGive(no), true);
        }
        let [a, b] = ends.map(|friend| self.petname(friend));
        self.show(Event::BothAgreed { a, b });
        Some(())
    }

    pub(super) fn give_of(&self, introduction: &Introduction, friend: u32) -> Option<IntroGive> {
        let Introduction::Made(made) = introduction else {
            return None;
        };
        let other = made.other(friend)?;
        let is_first = made.ends.first()?.friend == friend;
        let join = made.given? == is_first;
        let invitation = match (join, &other.yes) {
            (true, Some(Some(code))) => code.to_bytes().ok()?,
            _ => Zeroizing::default(),
        };
        Some(IntroGive {
            id: made.id,
            join,
            point: *self.friends.get(&other.friend)?.point.as_bytes(),
            invitation,
        })
    }
}

impl Made {
    /// The other one of the two.
    fn other(&self, friend: u32) -> Option<&End> {
        let [one, two] = self.ends.each_ref();
        match friend {
            it if it == one.friend => Some(two),
            it if it == two.friend => Some(one),
            _ => None,
        }
    }
}
