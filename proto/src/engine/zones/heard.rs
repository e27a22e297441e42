//! What friends are asked and what they answered, believed for some days. PROTOCOL §6.

use super::one_line;
use crate::engine::saved::Saved;
use crate::engine::{Asking, Engine, Event};
use crate::friend::{Asked, Friend, Told};
use crate::limits::{
    ZONE_ASKS_PER_DAY_MAX, ZONE_ASKS_PER_MINUTE_MAX, ZONE_HEARD_MAX, ZONE_RECORDS_MAX,
};
use crate::message::Payload;
use crate::name::Label;
use crate::time::DAY_MINUTES;
use crate::zone::{Tag, UNASKED, ZoneAnswer, ZoneAsk, ZoneRecord};

impl Engine {
    /// Puts a question to the first of a friend's computers that is there.
    pub(super) fn ask_names(&mut self, by: &[u32], label: Option<Label>) -> Asking {
        let (now, age) = (self.now, self.age.minutes());
        let there = |no: &u32| Some((self.carrier(*no)?, self.friends.get(no)?, *no));
        let Some((conn, friend, no)) = by.iter().find_map(there) else {
            return Asking::Away;
        };
        let (minute, day) = friend.live.names_asked.of(now, age);
        if minute >= ZONE_ASKS_PER_MINUTE_MAX || day >= ZONE_ASKS_PER_DAY_MAX {
            return Asking::TooOften;
        }
        let ask = ZoneAsk { label };
        let Some(id) = self.say_now(no, conn, &Payload::ZoneAsk(ask.clone())) else {
            return Asking::Away;
        };
        let [a, b, c, d, ..] = id;
        let ask_no = u32::from_le_bytes([a, b, c, d]);
        let label = ask.label.map(|label| label.as_str().to_owned());
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.live.names_asked.count(now, age);
            friend.live.asks_names(Asked { id, label });
        }
        Asking::UnderWay(ask_no)
    }

    /// A friend answers what I asked. Nothing else is taken, but that something holds no more.
    pub(in crate::engine) fn they_answer_names(
        &mut self,
        no: u32,
        answer: ZoneAnswer,
    ) -> Option<()> {
        let ZoneAnswer { of, records } = answer;
        if of == UNASKED {
            let gone = records.iter().filter(|record| record.days == 0);
            match records.is_empty() {
                true => self.forget_names(no, None),
                false => gone.for_each(|it| self.forget_names(no, Some(it.label.as_str()))),
            }
            return Some(());
        }
        let friend = self.friends.get_mut(&no)?;
        let Asked { id, label } = friend.live.answered_names(&of)?;
        let petname = friend.petname.as_str().to_owned();
        self.forget_names(no, label.as_deref());
        for computers in records.chunk_by(|a, b| a.label == b.label) {
            let [first, ..] = computers else { continue };
            let asked = label.as_ref().is_none_or(|it| it == first.label.as_str());
            if asked && first.days > 0 {
                self.remember_name(no, first, computers.iter().map(|it| it.tag).collect());
            }
        }
        let [a, b, c, d, ..] = id;
        let ask = u32::from_le_bytes([a, b, c, d]);
        self.show(Event::Names { petname, ask });
        Some(())
    }

    fn remember_name(&mut self, no: u32, record: &ZoneRecord, tags: Vec<Tag>) {
        self.room_for_a_name(no);
        let (minute, age) = (self.now.minutes(), self.age.minutes());
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let until = age.saturating_add(u32::from(record.days) * DAY_MINUTES);
        let told = Told {
            label: record.label.as_str().to_owned(),
            tags,
            note: one_line(&record.note),
            minute,
            until,
        };
        let place = friend.zone.free_place();
        friend.zone.heard.insert(place, told);
        self.mark(Saved::Heard(no, place));
        self.wake_by_age(until);
    }

    /// Of too many names those of one friend go first, then those that would go next.
    fn room_for_a_name(&mut self, no: u32) {
        let heard = |f: &Friend| f.zone.heard.len();
        let theirs = self.friends.get(&no).map_or(0, heard);
        let only = (theirs >= ZONE_RECORDS_MAX).then_some(no);
        let all: usize = self.friends.values().map(heard).sum();
        if only.is_none() && all < ZONE_HEARD_MAX {
            return;
        }
        let of = self.friends.iter_mut();
        let of = of.filter(|(no, _)| only.is_none_or(|only| only == **no));
        let names = of.flat_map(|(no, friend)| {
            let heard = friend.zone.heard.iter();
            heard.map(|(place, told)| (told.until, *no, *place))
        });
        if let Some((_, no, place)) = names.min() {
            self.forget_places(no, &[place]);
        }
    }

    /// What a friend called others is not believed any more.
    pub(in crate::engine) fn forget_names(&mut self, no: u32, label: Option<&str>) {
        let friend = self.friends.get(&no);
        let places = friend.map_or_else(Vec::new, |f| f.zone.places(label));
        self.forget_places(no, &places);
    }

    fn forget_places(&mut self, no: u32, places: &[u32]) {
        for place in places {
            if let Some(friend) = self.friends.get_mut(&no) {
                friend.zone.heard.remove(place);
            }
            self.mark(Saved::Heard(no, *place));
        }
    }

    /// Names whose time is over.
    pub(in crate::engine) fn expire_names(&mut self) {
        let age = self.age.minutes();
        let mut over = Vec::new();
        for (no, friend) in &self.friends {
            let heard = friend.zone.heard.iter();
            let past = heard.filter(|(_, told)| told.until <= age && !planted!(NamesStay));
            over.extend(past.map(|(place, _)| (*no, *place)));
        }
        over.into_iter()
            .for_each(|(no, place)| self.forget_places(no, &[place]));
        let heard = self.friends.values().flat_map(|f| f.zone.heard.values());
        if let Some(next) = heard.map(|told| told.until).min() {
            self.wake_by_age(next);
        }
    }
}
