//! What my own node refuses to say, and why. These are rules for honest nodes: what somebody else's
//! node lets them say is judged by the tally alone. PROTOCOL §7 "Motions".

use super::Group;
use super::saved::Room;
use super::saying::Word;
use crate::group::people::When;
use crate::group::tally::Counting;
use crate::group::{Hash, Ik, Motion, Position, Role, Seat, What};
use crate::limits::{
    MOTION_HOURS_MAX, MOTION_TEXT_BYTES_MAX, MOTIONS_MAX, MOTIONS_OF_MINE_MAX,
    MOTIONS_PER_SEAT_MAX, POLL_CHOICES_MAX, REASON_BYTES_MAX, SAYS_MAX, SAYS_OF_MINE_MAX,
    SILENT_DAYS, TEXT_BYTES_MAX, VOICES_OF_MINE_MAX,
};
use crate::time::DAY_MINUTES;

/// Why my node does not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum No {
    /// I did not say that I take part.
    NotJoined,
    /// I am not in it any more.
    Out,
    /// I only watch: all I can say is that I leave.
    Spectator,
    /// It is too long, or empty, or has too few choices or too many.
    Length,
    /// There is no such motion here.
    UnknownMotion,
    /// My window is over, or this position was my last word.
    Over,
    /// Another computer of my seat speaks for it.
    NotVoice,
    /// No seat has this computer, or none in the role it takes.
    NotThere,
    /// Somebody has this computer already.
    AlreadyIn,
    /// Four motions of my seat wait for a result, or what I said is not settled and is as much as others
    /// hold for sure.
    TooManyOfMine,
    /// As many motions wait for a result as people can decide.
    TooMany,
    /// An objection without a reason.
    Unreasoned,
    /// The position does not belong to such a motion: a choice that a poll does not have, or none.
    NotAPosition,
    /// Only who proposed it takes it back.
    NotMine,
    /// They have not been a spectator for long enough.
    TooEarly {
        /// Days that are left, at least 1.
        days: u32,
    },
    /// I heard them too lately.
    NotSilent {
        /// Days that they must still be silent, at least 1.
        days: u32,
    },
    /// I agreed to another suspension within a day.
    OneADay,
    /// I heard nothing of them since they were suspended.
    NotHeard,
}

type May = Result<(), No>;

fn must(holds: bool, else_no: No) -> May {
    holds.then_some(()).ok_or(else_no)
}

fn days_up(minutes: u32) -> u32 {
    minutes.div_ceil(DAY_MINUTES).max(1)
}

impl Group {
    /// Whether my node says this.
    pub(super) fn may(&self, word: &Word<'_>, when: When) -> May {
        must(self.core.joined, No::NotJoined)?;
        let mine = self.tally.seats.seat_of(&self.begun.me).ok_or(No::Out)?;
        if matches!(word, Word::Leave) {
            return Ok(());
        }
        must(mine.role == Role::Member, No::Spectator)?;
        match word {
            Word::Text { text, .. } => must((1..=TEXT_BYTES_MAX).contains(&text.len()), No::Length),
            Word::Motion { what, hours, text } => self.may_propose(mine, what, *hours, text, when),
            Word::Say {
                motion,
                position,
                reason,
            } => self.may_answer(motion, *position, reason, when),
            Word::Voice(computer) => {
                must(mine.computers.contains(computer), No::NotThere)?;
                must(self.is_voice(), No::NotVoice)?;
                let voice = |it: &Counting| matches!(it, Counting::Voice(_));
                self.has_room_for(voice, VOICES_OF_MINE_MAX)
            }
            Word::Report { target, text } => {
                self.tally.seats.seat_of(target).ok_or(No::NotThere)?;
                must(text.len() <= REASON_BYTES_MAX, No::Length)
            }
            Word::Leave => Ok(()),
        }
    }

    fn may_propose(&self, mine: &Seat, what: &What, hours: u16, text: &str, when: When) -> May {
        must(self.is_voice(), No::NotVoice)?;
        let choices = match what {
            What::Poll { choices } => choices.as_slice(),
            _ => &[],
        };
        let length = text.len() + choices.iter().map(String::len).sum::<usize>();
        let short = length <= MOTION_TEXT_BYTES_MAX && hours <= MOTION_HOURS_MAX;
        must(short, No::Length)?;
        self.may_be_about(what)?;
        // Who proposes something agrees.
        self.may_agree(what, when)?;
        let motion = |it: &Counting| matches!(it, Counting::Motion(_));
        self.has_room_for(motion, MOTIONS_OF_MINE_MAX)?;
        must(self.open_of(mine) < MOTIONS_PER_SEAT_MAX, No::TooManyOfMine)?;
        let most = if planted!(OneSeatFills) {
            usize::MAX
        } else {
            MOTIONS_PER_SEAT_MAX
        };
        let seats = self.tally.seats.iter();
        let open: usize = seats.map(|seat| self.open_of(seat).min(most)).sum();
        must(open < MOTIONS_MAX, No::TooMany)
    }

    /// How many motions of a seat wait for a result.
    fn open_of(&self, seat: &Seat) -> usize {
        let motions = self.register.motions();
        let open = motions
            .filter(|(name, author, _)| seat.computers.contains(author) && self.is_open(name));
        open.count()
    }

    /// Others hold so much of what I say for sure, and pass over what is beyond.
    fn has_room_for(&self, which: impl Fn(&Counting) -> bool, most: usize) -> May {
        let mine = self.register.of(&self.begun.me);
        let held = mine.filter(|(_, counted)| which(&counted.said)).count();
        must(held < most, No::TooManyOfMine)
    }

    /// Whether whom it is about is where such a motion takes them from.
    fn may_be_about(&self, what: &What) -> May {
        let in_role = |target: &Ik, role| {
            let seat = self.tally.seats.seat_of(target);
            must(seat.is_some_and(|seat| seat.role == role), No::NotThere)
        };
        let nobody = |target: &Ik| must(self.tally.seats.seat_of(target).is_none(), No::AlreadyIn);
        match what {
            What::Add(target) => nobody(target),
            What::Promote(target) => in_role(target, Role::Spectator),
            What::Remove(target) => must(self.tally.seats.seat_of(target).is_some(), No::NotThere),
            What::Suspend(target) => {
                in_role(target, Role::Member)?;
                must(!self.is_suspended(target), No::AlreadyIn)
            }
            What::Lift(target) => must(self.is_suspended(target), No::NotThere),
            What::Return { seat, computer } => {
                must(self.tally.seats.seat_of(seat).is_some(), No::NotThere)?;
                nobody(computer)
            }
            What::Poll { choices } => {
                let said = choices.iter().all(|choice| !choice.is_empty());
                let count = (2..=POLL_CHOICES_MAX).contains(&choices.len());
                must(said && count, No::Length)
            }
            What::Text { .. } | What::Policy(_) => Ok(()),
        }
    }

    fn may_answer(&self, name: &Hash, position: Position, reason: &str, when: When) -> May {
        let (author, motion) = self.register.motion(name).ok_or(No::UnknownMotion)?;
        let window = self.windows.get(name).ok_or(No::UnknownMotion)?;
        must(self.is_voice(), No::NotVoice)?;
        must(!window.closed && when.age < window.until.age, No::Over)?;
        let said = self.register.says(&self.begun.me, name);
        must(said.len() < SAYS_MAX, No::Over)?;
        must(!self.said_at_once(name), No::Over)?;
        let say = |it: &Counting| matches!(it, Counting::Say { .. });
        self.has_room_for(say, SAYS_OF_MINE_MAX)?;
        must(reason.len() <= REASON_BYTES_MAX, No::Length)?;
        must(
            position != Position::Object || !reason.is_empty(),
            No::Unreasoned,
        )?;
        let withdrawn = position == Position::Withdrawn;
        must(!withdrawn || *author == self.begun.me, No::NotMine)?;
        must(fits(motion, position), No::NotAPosition)?;
        if position == Position::Agree {
            self.may_agree(&motion.what, when)?;
        }
        Ok(())
    }

    /// What a yes needs besides: days that each node counts for itself.
    fn may_agree(&self, what: &What, when: When) -> May {
        match what {
            What::Promote(target) => self.watched_long_enough(target, when),
            What::Suspend(target) => self.silent_long_enough(target, when),
            What::Lift(target) => {
                let seat = self.tally.seats.seat_of(target).ok_or(No::NotThere)?;
                let heard = self.people.heard(&seat.computers);
                let suspended = self.suspended_since(seat);
                let later = suspended.is_none_or(|s| heard.is_some_and(|it| it.age > s));
                must(later, No::NotHeard)
            }
            _ => Ok(()),
        }
    }

    /// Whether what I said of a motion is my last word without a Close, for whoever holds it: a position on
    /// a suspension or a lifting, and that I took back what I proposed.
    pub(super) fn said_at_once(&self, name: &Hash) -> bool {
        let me = &self.begun.me;
        let Some((author, motion)) = self.register.motion(name) else {
            return false;
        };
        let at_once = matches!(motion.what, What::Suspend(_) | What::Lift(_));
        let last = |position| match position {
            Position::Ask => false,
            Position::Withdrawn => author == me && !at_once,
            _ => at_once,
        };
        let said = self.register.says(me, name);
        at_once && author == me || said.iter().any(|(position, _)| last(*position))
    }

    /// Keeps when my yes to a suspension was given: one a day.
    pub(super) fn note_yes(&mut self, word: &Word<'_>, when: When) {
        let what = match word {
            Word::Motion { what, .. } => Some(what),
            Word::Say {
                motion,
                position: Position::Agree,
                ..
            } => self.register.motion(motion).map(|(_, motion)| &motion.what),
            _ => None,
        };
        if matches!(what, Some(What::Suspend(_))) {
            self.core.agreed_to_suspend = Some(when.age);
            self.mark(Room::Core);
        }
    }

    fn watched_long_enough(&self, target: &Ik, when: When) -> May {
        let since = self.people.get(target).map_or(when.age, |it| it.since);
        let days = u32::from(self.tally.policy.spectator_days);
        let until = since.saturating_add(days * DAY_MINUTES);
        let left = until.saturating_sub(when.age);
        must(
            left == 0,
            No::TooEarly {
                days: days_up(left),
            },
        )
    }

    fn silent_long_enough(&self, target: &Ik, when: When) -> May {
        let seat = self.tally.seats.seat_of(target).ok_or(No::NotThere)?;
        let since = self.people.get(target).map_or(when.age, |it| it.since);
        let heard = self
            .people
            .heard(&seat.computers)
            .map_or(since, |it| it.age);
        let days = u32::from(self.tally.policy.silent_days.max(SILENT_DAYS));
        let until = heard.saturating_add(days * DAY_MINUTES);
        let left = until.saturating_sub(when.age);
        must(
            left == 0,
            No::NotSilent {
                days: days_up(left),
            },
        )?;
        let next = |agreed: u32| agreed.saturating_add(DAY_MINUTES);
        let rested = self
            .core
            .agreed_to_suspend
            .is_none_or(|agreed| next(agreed) <= when.age);
        must(rested, No::OneADay)
    }
}

/// Whether a position belongs to such a motion.
fn fits(motion: &Motion, position: Position) -> bool {
    match (&motion.what, position) {
        (What::Poll { choices }, Position::Choice(choice)) => usize::from(choice) < choices.len(),
        (What::Poll { .. }, Position::Agree | Position::Object) => false,
        (_, Position::Choice(_)) => false,
        _ => true,
    }
}
