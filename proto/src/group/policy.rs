//! How a group decides: a preset, how long people have to answer, how long somebody watches before
//! they are welcomed, how long somebody is silent before they can be suspended. Fixed when the group
//! is founded, changed by everybody together. PROTOCOL §7.

use crate::limits::{MOTION_HOURS_MAX, SILENT_DAYS, SPECTATOR_DAYS};
use crate::wire::{Malformed, Reader, Writer};

/// By whose yes something passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) enum Preset {
    /// Enough agree and nobody objects.
    Consent,
    /// More than half of all members agree, whoever objects.
    Majority,
    /// So many agree, whoever objects.
    Of(u8),
}

/// 16 bytes: `preset u8 | k u8 | hours of add, promote, others 3 x u16 | spectator days u8 | silent
/// days u8 | 6 zeros`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
pub(crate) struct Policy {
    pub preset: Preset,
    /// Hours to answer whether somebody becomes a spectator, as all hours at least 1; also for who returns,
    /// or is suspended.
    pub add_hours: u16,
    /// Hours to answer whether a spectator becomes a member.
    pub promote_hours: u16,
    /// Hours for all else.
    pub hours: u16,
    /// Days as a spectator before anybody agrees to a promotion.
    pub spectator_days: u8,
    /// Days of silence before anybody agrees to a suspension: at least [`SILENT_DAYS`].
    pub silent_days: u8,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            preset: Preset::Consent,
            add_hours: 24,
            promote_hours: 72,
            hours: 72,
            spectator_days: SPECTATOR_DAYS,
            silent_days: SILENT_DAYS,
        }
    }
}

impl Policy {
    fn can_be(&self) -> bool {
        let hours = [self.add_hours, self.promote_hours, self.hours];
        // In no time nobody can answer.
        let least = if planted!(NoTimeToAnswer) { 0 } else { 1 };
        let hours = hours
            .iter()
            .all(|it| (least..=MOTION_HOURS_MAX).contains(it));
        hours && self.silent_days >= SILENT_DAYS && self.preset != Preset::Of(0)
    }

    pub(crate) fn encode(&self, to: &mut Writer) {
        let (preset, k) = match self.preset {
            Preset::Consent => (0, 0),
            Preset::Majority => (1, 0),
            Preset::Of(k) => (2, k),
        };
        to.u8(preset);
        to.u8(k);
        to.u16(self.add_hours);
        to.u16(self.promote_hours);
        to.u16(self.hours);
        to.u8(self.spectator_days);
        to.u8(self.silent_days);
        to.bytes(&[0; 6]);
    }

    pub(crate) fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let preset = match (from.u8()?, from.u8()?) {
            (0, 0) => Preset::Consent,
            (1, 0) => Preset::Majority,
            (2, k) => Preset::Of(k),
            _ => return Err(Malformed),
        };
        let policy = Self {
            preset,
            add_hours: from.u16()?,
            promote_hours: from.u16()?,
            hours: from.u16()?,
            spectator_days: from.u8()?,
            silent_days: from.u8()?,
        };
        from.zeros(6)?;
        policy.can_be().then_some(policy).ok_or(Malformed)
    }
}
