//! What a person proposes and answers: names become keys, and what the group's rules refuse becomes a
//! sentence. How it is decided is the group's. PROTOCOL §7 "Motions".

use super::asked::policy_of;
use crate::engine::{Engine, GroupAnswer, Position, Proposal, Refusal};
use crate::group::{self, Hash, Ik, No, Position as Says, Role, What, Word};
use crate::limits::{MOTION_HOURS_MAX, MOTION_TEXT_BYTES_MAX, POLL_CHOICES_MAX, REASON_BYTES_MAX};

/// Why the group's rules refuse it.
pub(super) fn refusal(no: No) -> Refusal {
    match no {
        No::NotJoined | No::Out => Refusal::NotJoined,
        No::Spectator => Refusal::OnlySpectator,
        No::NotVoice => Refusal::OtherVoice,
        No::Length => Refusal::MotionTooLong,
        No::UnknownMotion => Refusal::NoSuchMotion,
        No::Over => Refusal::WindowOver,
        No::NotThere => Refusal::NotInGroup {
            name: String::new(),
        },
        No::AlreadyIn => Refusal::InGroup {
            name: String::new(),
        },
        No::TooManyOfMine | No::TooMany => Refusal::TooManyMotions,
        No::Unreasoned => Refusal::ReasonMissing,
        No::NotAPosition => Refusal::BadPosition,
        No::NotMine => Refusal::OthersMotion,
        No::TooEarly { days } => Refusal::TooSoon { days },
        No::NotSilent { days } => Refusal::NotSilent { days },
        No::OneADay => Refusal::OneADay,
        No::NotHeard => Refusal::NotHeard,
    }
}

/// The same of these words.
pub(super) fn refusal_to(word: &Word<'_>) -> impl Fn(No) -> Refusal + use<> {
    let too_long = match word {
        Word::Text { .. } => Refusal::TextTooLong,
        Word::Say { .. } | Word::Report { .. } => Refusal::ReasonTooLong,
        Word::Motion { .. } | Word::Voice(_) | Word::Leave => Refusal::MotionTooLong,
    };
    move |no| match no {
        No::Length => too_long.clone(),
        other => refusal(other),
    }
}

/// The same, where somebody was named.
fn refusal_of(name: &str) -> impl Fn(Refusal) -> Refusal {
    let name = name.to_owned();
    move |refusal| match refusal {
        Refusal::NotInGroup { .. } => Refusal::NotInGroup { name: name.clone() },
        Refusal::InGroup { .. } => Refusal::InGroup { name: name.clone() },
        other => other,
    }
}

/// A position as the group counts it.
fn says(position: Position) -> Result<Says, Refusal> {
    Ok(match position {
        Position::Agree => Says::Agree,
        Position::Object => Says::Object,
        Position::Ask => Says::Ask,
        Position::Abstain => Says::Abstain,
        Position::Choice(choice) => {
            Says::Choice(choice.checked_sub(1).ok_or(Refusal::BadPosition)?)
        }
    })
}

impl Engine {
    /// I propose something.
    pub(super) fn propose(
        &mut self,
        no: u32,
        proposal: Proposal,
        text: String,
        hours: u16,
    ) -> Result<GroupAnswer, Refusal> {
        if hours > MOTION_HOURS_MAX {
            return Err(Refusal::BadWindow);
        }
        if text.len() > MOTION_TEXT_BYTES_MAX {
            return Err(Refusal::MotionTooLong);
        }
        let about = match &proposal {
            Proposal::Add(who)
            | Proposal::Promote(who)
            | Proposal::Remove(who)
            | Proposal::Suspend(who)
            | Proposal::Lift(who)
            | Proposal::Return { who, .. } => who.clone(),
            _ => String::new(),
        };
        let what = self.proposed(no, proposal)?;
        self.put_to_group(no, what, hours, text)
            .map_err(refusal_of(&about))
    }

    fn put_to_group(
        &mut self,
        no: u32,
        what: What,
        hours: u16,
        text: String,
    ) -> Result<GroupAnswer, Refusal> {
        let text = text.as_str();
        self.say_there(no, Word::Motion { what, hours, text })?;
        let motion = self.newest_motion(no).ok_or(Refusal::NoSuchMotion)?;
        self.show_motion(no, motion)
    }

    /// What is meant by what was typed.
    fn proposed(&self, no: u32, proposal: Proposal) -> Result<What, Refusal> {
        let seat = |who: &str| self.seat_called(no, who).map(|seat| seat.voice);
        Ok(match proposal {
            Proposal::Add(who) => What::Add(self.newcomer(no, &who)?),
            Proposal::Promote(who) => What::Promote(seat(&who)?),
            Proposal::Remove(who) => What::Remove(seat(&who)?),
            Proposal::Suspend(who) => What::Suspend(seat(&who)?),
            Proposal::Lift(who) => What::Lift(seat(&who)?),
            Proposal::Return { who, computer } => What::Return {
                seat: seat(&who)?,
                computer: self.new_computer(no, &computer)?,
            },
            Proposal::Text { file } => What::Text {
                file: file.unwrap_or_default(),
            },
            Proposal::Poll { choices } => {
                let count = (2..=POLL_CHOICES_MAX).contains(&choices.len());
                let line = |choice: &String| !choice.trim().is_empty() && !choice.contains('\n');
                if !count || !choices.iter().all(line) {
                    return Err(Refusal::BadChoices);
                }
                What::Poll { choices }
            }
            Proposal::Policy(policy) => What::Policy(policy_of(&policy)?),
        })
    }

    /// A friend who is not in it yet.
    fn newcomer(&self, no: u32, who: &str) -> Result<Ik, Refusal> {
        if self.seat_called(no, who).is_ok() {
            return Err(Refusal::InGroup {
                name: who.to_owned(),
            });
        }
        let friend = self.find(who)?;
        self.may_be_in_group(friend)?;
        self.point_of(friend)
    }

    /// The computer of a friend's that nobody in the group has yet, the newest.
    fn new_computer(&self, no: u32, who: &str) -> Result<Ik, Refusal> {
        let taken = |ik: &Ik| {
            let it = self.groups.get(no);
            it.is_some_and(|it| it.group.tally().seats.seat_of(ik).is_some())
        };
        let computers = self.computers_of(who)?;
        let new = computers.into_iter().rev();
        let mut new = new.filter(|friend| self.point_of(*friend).is_ok_and(|ik| !taken(&ik)));
        let friend = new.next().ok_or_else(|| Refusal::InGroup {
            name: who.to_owned(),
        })?;
        self.may_be_in_group(friend)?;
        self.is_met(friend)?;
        self.point_of(friend)
    }

    /// Who comes back is known by whoever met them with the new computer.
    fn is_met(&self, friend: u32) -> Result<(), Refusal> {
        let met = self
            .friends
            .get(&friend)
            .is_some_and(|f| f.trust.met_min > 0);
        let petname = self.petname(friend);
        met.then_some(()).ok_or(Refusal::NotMet { petname })
    }

    fn point_of(&self, friend: u32) -> Result<Ik, Refusal> {
        let friend = self.friends.get(&friend);
        let friend = friend.ok_or(Refusal::NoSuchFriend { near: Vec::new() })?;
        Ok(*friend.point.as_bytes())
    }

    /// The motion with this number here.
    fn motion_named(&self, no: u32, motion: u32) -> Result<Hash, Refusal> {
        let it = self.groups.get(no).ok_or(Refusal::NoSuchMotion)?;
        let mut motions = it.group.motions().into_iter();
        let found = motions.find(|(number, _)| number.saturating_add(1) == motion);
        found
            .map(|(_, held)| held.name)
            .ok_or(Refusal::NoSuchMotion)
    }

    /// I answer a motion, or otherwise than before.
    pub(super) fn answer_motion(
        &mut self,
        no: u32,
        motion: u32,
        position: Position,
        reason: String,
    ) -> Result<GroupAnswer, Refusal> {
        if reason.len() > REASON_BYTES_MAX {
            return Err(Refusal::ReasonTooLong);
        }
        let name = self.motion_named(no, motion)?;
        if position == Position::Agree {
            self.may_agree_here(no, &name)?;
        }
        let position = says(position)?;
        let word = Word::Say {
            motion: name,
            position,
            reason: &reason,
        };
        self.say_there(no, word)?;
        self.show_motion(no, motion)
    }

    /// That somebody is back with a new computer can say who met them with it.
    fn may_agree_here(&self, no: u32, motion: &Hash) -> Result<(), Refusal> {
        let it = self.groups.get(no).ok_or(Refusal::NoSuchMotion)?;
        let mut motions = it.group.motions().into_iter();
        let held = motions.find(|(_, held)| held.name == *motion);
        let Some(What::Return { computer, .. }) = held.map(|(_, held)| &held.motion.what) else {
            return Ok(());
        };
        match self.friend_with(computer) {
            Some(friend) => self.is_met(friend),
            None => Err(Refusal::NotMet {
                petname: String::new(),
            }),
        }
    }

    /// I take a motion of mine back.
    pub(super) fn withdraw_motion(&mut self, no: u32, motion: u32) -> Result<GroupAnswer, Refusal> {
        let name = self.motion_named(no, motion)?;
        let word = Word::Say {
            motion: name,
            position: Says::Withdrawn,
            reason: "",
        };
        self.say_there(no, word)?;
        self.show_motion(no, motion)
    }

    /// I take one back and propose the same thing otherwise.
    pub(super) fn amend_motion(
        &mut self,
        no: u32,
        motion: u32,
        text: String,
        hours: u16,
    ) -> Result<GroupAnswer, Refusal> {
        if hours > MOTION_HOURS_MAX {
            return Err(Refusal::BadWindow);
        }
        if text.len() > MOTION_TEXT_BYTES_MAX {
            return Err(Refusal::MotionTooLong);
        }
        let name = self.motion_named(no, motion)?;
        let it = self.groups.get(no).ok_or(Refusal::NoSuchMotion)?;
        let mut motions = it.group.motions().into_iter();
        let held = motions.find(|(_, held)| held.name == name);
        let what = held.map(|(_, held)| held.motion.what.clone());
        let what = what.ok_or(Refusal::NoSuchMotion)?;
        self.withdraw_motion(no, motion)?;
        self.put_to_group(no, what, hours, text)
    }

    fn newest_motion(&self, no: u32) -> Option<u32> {
        let motions = self.groups.get(no)?.group.motions();
        motions.last().map(|(number, _)| number.saturating_add(1))
    }

    /// Whether a motion would let somebody decide.
    pub(super) fn is_member(&self, no: u32) -> bool {
        let seat = self.groups.get(no).and_then(super::Assembly::my_seat);
        seat.is_some_and(|seat| seat.role == Role::Member)
    }
}

/// Two words by which everybody in a group names a motion.
pub(super) fn motion_words(name: &Hash, language: crate::words::Language) -> Vec<&'static str> {
    let hash: [u8; 16] = crate::kdf::digest(crate::kdf::label::MOTION_WORDS, &[name]);
    crate::words::words(&hash, 2, language)
}

/// A position as it is shown; nothing of one that was taken back.
pub(super) fn shown(position: group::Position) -> Option<Position> {
    Some(match position {
        Says::Agree => Position::Agree,
        Says::Object => Position::Object,
        Says::Ask => Position::Ask,
        Says::Abstain => Position::Abstain,
        Says::Choice(choice) => Position::Choice(choice.saturating_add(1)),
        Says::Withdrawn => return None,
    })
}
