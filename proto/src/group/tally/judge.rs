//! By how many yeses something passes, and whether an objection holds it up.

use super::voice::Voices;
use super::{Counted, Ground, LastWord, Outcome, Standing};
use crate::group::{Hash, Ik, Motion, Position, Preset, Seat, What};
use crate::limits::SUSPEND_MIN;

/// What a motion takes.
struct Rule {
    needed: usize,
    /// Whether one objection holds it up.
    blocks: bool,
    /// Whether its author must agree at the end too.
    sponsor: bool,
}

impl What {
    /// The seat it is about, by any computer of it.
    pub(super) fn target(&self) -> Option<&Ik> {
        match self {
            Self::Add(it)
            | Self::Promote(it)
            | Self::Remove(it)
            | Self::Suspend(it)
            | Self::Lift(it)
            | Self::Return { seat: it, .. } => Some(it),
            Self::Text { .. } | Self::Poll { .. } | Self::Policy(_) => None,
        }
    }

    /// What it takes where so many decide.
    fn rule(&self, preset: Preset, of: usize) -> Rule {
        let rule = |needed, blocks| Rule {
            needed: usize::max(needed, 1),
            blocks: blocks && !planted!(ObjectIgnored),
            sponsor: false,
        };
        let half = if planted!(HalfSuspends) {
            of.div_ceil(2)
        } else {
            of / 2 + 1
        };
        let of_group = match preset {
            Preset::Consent => None,
            Preset::Majority => Some(of / 2 + 1),
            Preset::Of(k) => Some(usize::from(k).min(of)),
        };
        match (self, of_group) {
            (Self::Remove(_), _) => rule((2 * of).div_ceil(3), false),
            (Self::Suspend(_), _) => rule(usize::max(half, SUSPEND_MIN), false),
            (Self::Lift(_), _) => rule(1, false),
            // One alone is never enough to let somebody in, whatever the group says.
            (Self::Add(_) | Self::Return { .. }, Some(needed)) => rule(needed.max(2), false),
            (_, Some(needed)) => rule(needed, false),
            (Self::Add(_), None) => Rule {
                sponsor: true,
                ..rule(2, true)
            },
            (Self::Return { .. }, None) => rule(2, true),
            (Self::Policy(_), None) => rule(of, true),
            (_, None) => rule(of.div_ceil(2), true),
        }
    }
}

/// What the seats that decide said.
#[derive(Default)]
struct Count {
    agree: usize,
    /// Of these, who said so as their last word.
    closed_agree: usize,
    objects: bool,
    /// Whose yes can still come.
    open: usize,
    sponsor_agrees: bool,
    sponsor_open: bool,
    chosen: usize,
}

/// A seat's last word, and whether it is.
type Last = (Option<Position>, bool);

/// What somebody can have said whose words did not come: nothing yet, nothing at all, yes, no.
const UNHEARD: [Last; 4] = [
    (None, false),
    (None, true),
    (Some(Position::Agree), true),
    (Some(Position::Object), true),
];

/// A motion, and what was said of it.
pub(super) struct Case<'a> {
    pub name: &'a Hash,
    pub counted: &'a Counted,
    pub motion: &'a Motion,
    pub base: &'a Ground,
    pub voices: &'a Voices,
}

impl Case<'_> {
    /// How it stands on its base.
    pub(super) fn judge(&self) -> Standing {
        let withdrawn = self.withdrawn();
        judge(self, withdrawn, |seat| self.last_word(seat))
    }

    fn last_word(&self, seat: &Seat) -> Last {
        self.voices.last_word(self.name, &self.motion.what, seat)
    }

    fn withdrawn(&self) -> bool {
        let author = &self.counted.author;
        self.voices.withdrawn(self.name, author, &self.motion.what)
    }

    /// The voices of seats of its base that do not decide any more, if it hangs on their words: somebody
    /// who holds others of them, or fewer, can hold another result, and nobody asks them any more.
    pub(super) fn hangs_on(&self, out: impl Fn(&Seat) -> bool) -> Vec<Ik> {
        let gone = self.base.deciding().filter(|seat| out(seat));
        let gone: Vec<&Seat> = gone.filter(|seat| !self.is_removed(seat)).collect();
        if gone.is_empty() || !(self.author_hangs(&gone) || self.result_hangs(&gone)) {
            return Vec::new();
        }
        gone.into_iter().map(|seat| seat.voice).collect()
    }

    /// Whether a seat is the one to be removed, and can say nothing of it: nor did it propose that itself.
    fn is_removed(&self, seat: &Seat) -> bool {
        let target = match &self.motion.what {
            What::Remove(target) => seat.computers.contains(target),
            _ => false,
        };
        target && !seat.computers.contains(&self.counted.author)
    }

    /// Whether its author is one of them, and took it back, or can have done so.
    fn author_hangs(&self, gone: &[&Seat]) -> bool {
        let author = &self.counted.author;
        let seat = gone.iter().find(|seat| seat.computers.contains(author));
        seat.is_some_and(|seat| self.withdrawn() || !self.last_word(seat).1)
    }

    fn result_hangs(&self, gone: &[&Seat]) -> bool {
        let stands = self.judge().outcome;
        UNHEARD.iter().any(|unheard| {
            let said = |seat: &Seat| {
                let said = self.last_word(seat);
                let known = said.1 && *unheard != UNHEARD[0];
                if known || !gone.contains(&seat) {
                    said
                } else {
                    *unheard
                }
            };
            judge(self, self.withdrawn(), said).outcome != stands
        })
    }
}

fn judge(case: &Case<'_>, withdrawn: bool, last_word: impl Fn(&Seat) -> Last) -> Standing {
    let Case { counted, base, .. } = case;
    let what = &case.motion.what;
    let target = what.target();
    let is_target = |seat: &Seat| target.is_some_and(|it| seat.computers.contains(it));
    let removed = |seat: &Seat| matches!(what, What::Remove(_)) && is_target(seat);
    let deciding = base
        .deciding()
        .filter(|seat| planted!(TargetCounted) || !removed(seat));
    let deciding: Vec<&Seat> = deciding.collect();
    let mut count = Count::default();
    let mut counts = vec![0; what.choices()];
    let mut says = Vec::new();
    for seat in &deciding {
        let (position, closed) = last_word(seat);
        says.extend(position.map(|position| LastWord {
            seat: seat.voice,
            position,
            closed,
        }));
        if let Some(Position::Choice(choice)) = position {
            counts
                .get_mut(usize::from(choice))
                .into_iter()
                .for_each(|it| *it += 1u8);
        }
        count.hear(
            position,
            closed,
            seat.computers.contains(&counted.author),
            is_target(seat),
        );
    }
    let rule = what.rule(base.policy.preset, deciding.len());
    let outcome = match what {
        _ if withdrawn => Outcome::Withdrawn,
        What::Poll { .. } => count.of_poll(),
        _ => count.outcome(&rule),
    };
    Standing {
        outcome,
        // At most 64 seats.
        agree: count.agree as u8,
        needed: rule.needed as u8,
        of: deciding.len() as u8,
        counts,
        says,
        hangs_on: Vec::new(),
    }
}

impl Count {
    /// The yes of whom a motion is about never counts, but their objection does.
    fn hear(&mut self, position: Option<Position>, closed: bool, sponsor: bool, target: bool) {
        let agrees = position == Some(Position::Agree) && (!target || planted!(TargetCounted));
        self.agree += usize::from(agrees);
        self.closed_agree += usize::from(agrees && closed);
        self.objects |= position == Some(Position::Object);
        self.open += usize::from(!closed && !target);
        self.sponsor_agrees |= sponsor && agrees && closed;
        self.sponsor_open |= sponsor && !closed;
        self.chosen += usize::from(matches!(position, Some(Position::Choice(_))));
    }

    fn of_poll(&self) -> Outcome {
        match (self.open, self.chosen) {
            (1.., _) => Outcome::Open { needs: 0 },
            (0, 0) => Outcome::Failed,
            (0, _) => Outcome::Passed,
        }
    }

    fn outcome(&self, rule: &Rule) -> Outcome {
        let sponsored = self.sponsor_agrees || !rule.sponsor;
        if rule.blocks && self.objects {
            return Outcome::Blocked;
        }
        if sponsored && self.closed_agree >= rule.needed {
            return Outcome::Passed;
        }
        let can_be = sponsored || self.sponsor_open;
        if !can_be || self.closed_agree + self.open < rule.needed {
            return Outcome::Failed;
        }
        let needs = rule.needed.saturating_sub(self.agree);
        Outcome::Open { needs: needs as u8 }
    }
}

impl What {
    fn choices(&self) -> usize {
        match self {
            Self::Poll { choices } => choices.len(),
            _ => 0,
        }
    }
}
