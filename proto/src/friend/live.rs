//! What is true of a friend only while the node runs: the link, what is owed, when to dial next.
//! Nothing of it is stored; a start begins it anew. PROTOCOL §3.

use std::collections::{BTreeMap, VecDeque};

use super::visits::Visits;
use crate::limits::{
    ACK_IDS_MAX, FAILED_LINKS_PER_MINUTE_MAX, IDENTITIES_TOLD_PER_DAY_MAX,
    ROOM_WORDS_PER_MINUTE_MAX, SILENCES_MIN, SILENCES_MS, STAMPS_SEEN_MAX, UNACKNOWLEDGED_MAX,
    ZONE_ASKS_OPEN_MAX,
};
use crate::link::ConnId;
use crate::message::MessageId;
use crate::time::{DAY_MINUTES, MINUTE_MS, Now};

/// What is true only while the node runs.
#[derive(Default)]
pub(crate) struct Live {
    pub link: Option<ConnId>,
    /// A link under the last resort: beside the other, in the place of none.
    pub beside: Option<ConnId>,
    /// A link whose Hello is older than what the other has shown: beside that one.
    pub stale: Option<ConnId>,
    /// A second link that waits for its Hello, or until the first has been probed.
    pub spare: Option<ConnId>,
    /// Whether the person was told that the friend is online.
    pub online: bool,
    /// Whether both sides said, since this node started, that they remember the same: before that
    /// nothing is sealed, since this disk may be an older copy whose next number was used.
    pub in_step: bool,
    /// When the next parcel that says nothing is due, on the boot clock in milliseconds.
    pub cover_at_ms: Option<u64>,
    /// Until when the person wants what waits sealed all the same, to carry it: on the boot clock in
    /// milliseconds, and no longer than there is no link.
    pub by_hand_until_ms: u64,
    /// Whether messages were refused for lack of room since the link came up.
    pub refused: bool,
    /// Whether they said the same of mine: then nothing is sent until they have room.
    pub full: bool,
    /// Messages to acknowledge with the next step, each by the link it came on: its author waits
    /// for the answer there, and repeats it once that link is gone.
    acks: BTreeMap<MessageId, Option<ConnId>>,
    /// When they go, on the boot clock in milliseconds.
    acks_at_ms: u64,
    pub redial: Redial,
    /// Through whom the last link went that ended, if it went through somebody.
    pub dropped_by: Option<u32>,
    pub visits: Visits,
    /// Whether what waits is sealed to go by a keeper, though nobody has said yet that both sides
    /// remember the same.
    pub by_post: bool,
    /// Until when their beacons bring about no dial, on the boot clock in milliseconds.
    pub deaf_until_ms: u64,
    /// When an offer of mine that nobody answered is repeated, on the boot clock in milliseconds.
    pub offer_again_ms: u64,
    /// How often it was sent since it was made, or since the start.
    pub offers_sent: u32,
    offers: PerMinute,
    /// Whether the dial under way is one under the last resort.
    pub last_resort: bool,
    /// How many such dials there were.
    pub last_resorts: u32,
    /// When the next such dial may be, on the boot clock in milliseconds.
    pub last_resort_at_ms: u64,
    silences: Silences,
    failures: PerMinute,
    room_words: PerMinute,
    /// How often they asked what I call others.
    pub asked_for_names: Often,
    /// How often I asked them.
    pub names_asked: Often,
    /// What I asked, unanswered, the first first.
    name_asks: VecDeque<Asked>,
    /// How many new identities of theirs the human was told of, and on which day of the node's age.
    identities_told: (u32, u32),
    /// Find tags of the flights that were answered last.
    answered: VecDeque<[u8; 16]>,
}

/// How often something happened in a minute of the boot clock.
#[derive(Default)]
struct PerMinute {
    minute: u64,
    times: u32,
}

/// A question about names, and what was asked for: one, or all if there is none.
pub(crate) struct Asked {
    pub id: MessageId,
    pub label: Option<String>,
}

/// How often something happened in a minute of the boot clock, and in a day of the node's age.
#[derive(Default)]
pub(crate) struct Often {
    minute: PerMinute,
    day: (u32, u32),
}

impl Often {
    /// In this minute, and on this day.
    pub(crate) fn of(&self, now: Now, age: u32) -> (u32, u32) {
        let (day, times) = self.day;
        let today = day == age / DAY_MINUTES;
        (self.minute.of(now), if today { times } else { 0 })
    }

    /// Once more.
    pub(crate) fn count(&mut self, now: Now, age: u32) -> (u32, u32) {
        let (_, today) = self.of(now, age);
        self.day = (age / DAY_MINUTES, today.saturating_add(1));
        (self.minute.count(now), self.day.1)
    }
}

impl PerMinute {
    fn of(&self, now: Now) -> u32 {
        let same = self.minute == now.boot_ms / MINUTE_MS;
        if same { self.times } else { 0 }
    }

    fn count(&mut self, now: Now) -> u32 {
        self.times = self.of(now).saturating_add(1);
        self.minute = now.boot_ms / MINUTE_MS;
        self.times
    }
}

/// Connections that opened and met silence since the last link.
#[derive(Default)]
struct Silences {
    count: u32,
    /// When the first of them was, on the boot clock in milliseconds.
    since_ms: u64,
    /// The attempt of the last one: several addresses of one attempt are one silence.
    attempt: u32,
}

/// When to dial next.
#[derive(Clone, Copy, Default)]
pub(crate) struct Redial {
    /// On the boot clock, in milliseconds.
    pub at_ms: u64,
    /// How many times nobody answered.
    pub attempt: u32,
}

impl Live {
    /// Remembers to acknowledge a message, at `at_ms` unless others go earlier; says when. No honest
    /// friend waits for more at once; what is beyond is sent again, and acknowledged then.
    pub(crate) fn acknowledge(
        &mut self,
        id: MessageId,
        came_on: Option<ConnId>,
        at_ms: u64,
    ) -> u64 {
        if self.acks.is_empty() {
            self.acks_at_ms = at_ms;
        }
        if self.acks.len() < UNACKNOWLEDGED_MAX {
            self.acks.insert(id, came_on);
        }
        self.acks_at_ms
    }

    /// Whether what waits is sealed now.
    pub(crate) fn seals(&self, now_ms: u64) -> bool {
        self.in_step || self.by_post || self.by_hand_until_ms > now_ms
    }

    /// When acknowledgements are to go, if there are any.
    pub(crate) fn acks_at_ms(&self) -> Option<u64> {
        (!self.acks.is_empty()).then_some(self.acks_at_ms)
    }

    /// What one parcel can acknowledge, and by which link; `by` says which one is open.
    pub(crate) fn next_acks(
        &self,
        by: impl Fn(Option<ConnId>) -> Option<ConnId>,
    ) -> Option<(ConnId, Vec<MessageId>)> {
        let conn = self.acks.values().find_map(|came_on| by(*came_on))?;
        let same = self
            .acks
            .iter()
            .filter(|(_, came_on)| by(**came_on) == Some(conn));
        Some((conn, same.map(|(id, _)| *id).take(ACK_IDS_MAX).collect()))
    }

    /// The first of them, whichever link they came on, as many as one parcel can acknowledge.
    pub(crate) fn acks_of_any(&self) -> Vec<MessageId> {
        self.acks.keys().take(ACK_IDS_MAX).copied().collect()
    }

    /// These were acknowledged.
    pub(crate) fn forget_acks(&mut self, ids: &[MessageId]) {
        for id in ids {
            self.acks.remove(id);
        }
    }

    /// Whether this very flight was answered before; if not, it counts as answered now. Stamps tell
    /// it too, but when they are full the highest is forgotten as soon as it is stored.
    pub(crate) fn was_answered(&mut self, find: [u8; 16]) -> bool {
        if self.answered.contains(&find) {
            return true;
        }
        if self.answered.len() >= STAMPS_SEEN_MAX {
            self.answered.pop_front();
        }
        self.answered.push_back(find);
        false
    }

    /// A connection opened and met silence.
    pub(crate) fn silence(&mut self, now: Now) {
        if now.boot_ms.saturating_sub(self.silences.since_ms) > SILENCES_MS {
            self.silences = Silences::default();
        }
        if self.silences.count == 0 {
            self.silences.since_ms = now.boot_ms;
        } else if self.silences.attempt == self.redial.attempt {
            return;
        }
        self.silences.count = self.silences.count.saturating_add(1);
        self.silences.attempt = self.redial.attempt;
    }

    /// How many connections met silence.
    pub(crate) fn silences(&self) -> u32 {
        self.silences.count
    }

    /// Somebody answered.
    pub(crate) fn heard(&mut self) {
        self.silences = Silences::default();
    }

    /// Whether so many met silence that the last resort is to be tried.
    pub(crate) fn is_silent(&self) -> bool {
        self.silences.count >= SILENCES_MIN
    }

    /// Counts a link that failed after its stamp was accepted.
    pub(crate) fn failed(&mut self, now: Now) {
        self.failures.count(now);
    }

    /// Counts an offer of theirs; says how many there were this minute.
    pub(crate) fn offered(&mut self, now: Now) -> u32 {
        self.offers.count(now)
    }

    /// Counts a word about room; says whether there were too many this minute.
    pub(crate) fn room_word(&mut self, now: Now) -> bool {
        self.room_words.count(now) > ROOM_WORDS_PER_MINUTE_MAX
    }

    /// Counts a new identity of theirs; says whether the human is to be told.
    pub(crate) fn tells_identity(&mut self, age: u32) -> bool {
        let day = age / DAY_MINUTES;
        let told = match self.identities_told {
            (of, told) if of == day => told,
            _ => 0,
        };
        let tells = told < IDENTITIES_TOLD_PER_DAY_MAX;
        self.identities_told = (day, told + u32::from(tells));
        tells
    }

    /// Waits for the answer to a question about names.
    pub(crate) fn asks_names(&mut self, asked: Asked) {
        if self.name_asks.len() >= ZONE_ASKS_OPEN_MAX {
            self.name_asks.pop_front();
        }
        self.name_asks.push_back(asked);
    }

    /// The question of this number, once.
    pub(crate) fn answered_names(&mut self, id: &MessageId) -> Option<Asked> {
        let at = self.name_asks.iter().position(|asked| asked.id == *id)?;
        self.name_asks.remove(at)
    }

    /// Whether the friend's flights are to be ignored until the minute is over.
    pub(crate) fn failed_too_often(&self, now: Now) -> bool {
        self.failures.of(now) >= FAILED_LINKS_PER_MINUTE_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flight_is_answered_once_even_when_its_stamp_is_forgotten() {
        let mut live = Live::default();
        assert!(!live.was_answered([1; 16]) && live.was_answered([1; 16]));
        for n in 0..STAMPS_SEEN_MAX as u8 - 1 {
            assert!(!live.was_answered([n + 2; 16]));
        }
        assert!(
            live.was_answered([1; 16]),
            "remembered as long as there is room"
        );
        assert!(
            !live.was_answered([200; 16]) && !live.was_answered([1; 16]),
            "bounded"
        );
    }
}
