//! Why a message waits. Looks; changes nothing. What blocks is told before what is merely tried.

use super::cards::asked_words;
use super::dials::open;
use super::doors::{Conn, Linked, Whom};
use super::people::count;
use super::{Answer, Delivery, Engine, Of, Outlook, Refusal, Waits, Why};
use crate::friend::{Friend, Road, makes_sense};
use crate::history::Owner;
use crate::time::MINUTE_MS;

impl Engine {
    pub(super) fn why(&self, of: &Of) -> Result<Answer, Refusal> {
        let why = match of {
            Of::Message(id) => self.why_message(*id)?,
            Of::Friend(name) => self.why_friend(name)?,
        };
        Ok(Answer::Why(Box::new(why)))
    }

    fn why_message(&self, id: u64) -> Result<Why, Refusal> {
        let state = self.delivery(id);
        if state == Delivery::Unknown {
            return Err(Refusal::NoSuchMessage);
        }
        let mut friends = self.friends.iter();
        let waits = friends.find(|(_, friend)| friend.outbox.get(id).is_some());
        let waits = waits
            .map(|(no, _)| *no)
            .filter(|_| matches!(state, Delivery::Saved | Delivery::Kept { .. }));
        let kept = || self.history.get(Owner::Entry(id)).map(|line| line.friend);
        let to = waits.or_else(kept).or_else(|| self.groups.spoken_in(id));
        Ok(Why {
            id: Some(id),
            to: to.map(|no| self.conversation(no)).unwrap_or_default(),
            state,
            outlook: waits.and_then(|no| self.outlook(no)),
        })
    }

    /// Of several computers the one at which the oldest text waits.
    fn why_friend(&self, name: &str) -> Result<Why, Refusal> {
        if let Some(no) = self.group_called(name) {
            return Ok(self.why_group(no));
        }
        let computers = self.computers_of(name)?;
        let oldest = |no: &u32| {
            let friend = self.friends.get(no)?;
            let mut waits = friend.outbox.entries();
            let (id, _) = waits.find(|(_, entry)| entry.awaited().is_some())?;
            Some((id, *no))
        };
        let oldest = computers.iter().filter_map(oldest).min();
        let first = computers.first().copied().unwrap_or_default();
        let no = oldest.map_or(first, |(_, no)| no);
        Ok(Why {
            id: oldest.map(|(id, _)| id),
            to: self.petname(no),
            state: oldest.map_or(Delivery::Saved, |(id, _)| self.delivery(id)),
            outlook: self.outlook(no),
        })
    }

    /// How things are with one computer of a friend.
    pub(super) fn outlook(&self, no: u32) -> Option<Outlook> {
        let friend = self.friends.get(&no)?;
        let here = [&self.listening[..], self.near.addrs()].concat();
        let last = friend.roads.last.and_then(Road::addr);
        let tried = |addr: &&_| Some(**addr) == last || makes_sense(addr, &here);
        let open = open(&friend.addrs, self.settings.ways);
        let addresses = open.iter().filter(tried).count();
        let near = self.near.hears();
        let through = self.between(no).len();
        let left_ms = friend.live.redial.at_ms.saturating_sub(self.now.boot_ms);
        let alone = friend.live.link.is_none() && !friend.private.blocked;
        let next_min = u32::try_from(left_ms.div_ceil(MINUTE_MS)).ok();
        Some(Outlook {
            waits: self.stands_in_the_way(no, friend, addresses > 0 || near || through > 0),
            last_seen_min: friend.traffic.last_seen_min,
            since_min: friend.since_min,
            addresses: count(addresses),
            near,
            through: count(through),
            trying: alone && self.is_tried(no),
            next_min: next_min.filter(|_| alone && (addresses > 0 || through > 0)),
        })
    }

    fn stands_in_the_way(&self, no: u32, friend: &Friend, ways: bool) -> Waits {
        if friend.private.blocked {
            return Waits::Blocked;
        }
        if self.is_stopped(friend) {
            return Waits::Stopped;
        }
        if friend.live.link.is_some() {
            let speaks = self.carrier(no).is_some() && friend.live.in_step;
            return match friend.sessions.active.is_some() && speaks {
                _ if friend.live.full => Waits::Full,
                true => Waits::Nothing,
                false if !asked_words(friend).is_empty() => Waits::Check,
                false => Waits::Starting,
            };
        }
        if !friend.settled {
            return Waits::Unpaired;
        }
        match friend.traffic.last_seen_min {
            _ if friend.live.is_silent() => Waits::Silent,
            _ if !ways && self.is_shut_out(friend) => Waits::Shut,
            _ if !ways => Waits::NoAddress,
            0 => Waits::Never,
            _ => Waits::Away,
        }
    }

    /// Whether there are addresses of theirs, and the person allows none of them to be called.
    fn is_shut_out(&self, friend: &Friend) -> bool {
        !friend.addrs.is_empty() && open(&friend.addrs, self.settings.ways).is_empty()
    }

    /// Whether a road to this friend is being tried now.
    fn is_tried(&self, no: u32) -> bool {
        self.conns.values().any(|conn| match conn {
            Conn::Dialling { whom, .. } => *whom == Whom::Friend(no),
            Conn::Flown { friend, .. } | Conn::Shaken { friend, .. } => *friend == no,
            Conn::Link(Linked { friend, .. }) => *friend == no,
            _ => false,
        })
    }
}
