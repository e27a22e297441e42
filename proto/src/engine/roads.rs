//! Where I can be reached, and who knows it: friends are told inside the session when it changes, those
//! who are away when they come back, or by post. A network that changed is a reason to dial at once, and
//! to ask of each link whether it still stands. PROTOCOL §3 "Roads".

use bincode::{Decode, Encode};

use super::saved::Saved;
use super::{Addr, Effect, Engine};
use crate::friend::{Friend, Redial, Roads, What, is_own_machine, is_somewhere};
use crate::limits::{ADDRESSES_AGAIN_MINUTES, FRIEND_ADDRS_MAX, NETWORK_PAUSE_MS, REDIAL_MS_MIN};
use crate::message::Addresses;

/// What friends are told, as it is stored, too.
#[derive(Clone, Default, Encode, Decode)]
pub(super) struct Reach {
    /// Counts the lists; 0 before there is one.
    pub number: u32,
    addrs: Vec<Addr>,
    /// What leads to me through a friend of both; none before I was anywhere beyond this machine.
    pub handle: Option<[u8; 16]>,
    /// Whether somebody knows it who is not to come through my friends any more.
    leaked: bool,
}

impl Engine {
    /// The machine's network changed, or is known for the first time.
    pub(super) fn listens(&mut self, addrs: Vec<Addr>) {
        let before = core::mem::replace(&mut self.listening, addrs);
        if before == self.listening {
            return;
        }
        let gained = self.listening.iter().any(|addr| !before.contains(addr));
        let lost = before.iter().any(|addr| !self.listening.contains(addr));
        self.list_anew();
        if lost {
            self.probe_links();
        }
        if gained {
            self.redial_soon();
        }
    }

    /// Takes down where I am, if it is somewhere else than before, and tells everybody. Who is nowhere
    /// has nothing to say: a machine that was asleep wakes up where it was.
    fn list_anew(&mut self) {
        let ways = self.settings.ways;
        let addrs = self.listening.iter().copied().filter(is_somewhere);
        let addrs = addrs.filter(|addr| ways.tells(*addr));
        let addrs: Vec<_> = addrs.take(FRIEND_ADDRS_MAX).collect();
        if !addrs.is_empty() && addrs != self.reach.addrs {
            self.list(addrs);
        }
    }

    /// The person says which ways are open, perhaps others than before the last restart: what leads to
    /// me by one that is not is taken back from everybody, though nothing else may take its place.
    pub(super) fn untell_closed_ways(&mut self) {
        let ways = self.settings.ways;
        let open = self.reach.addrs.iter().copied();
        let open: Vec<_> = open.filter(|addr| ways.tells(*addr)).collect();
        if open != self.reach.addrs {
            self.list(open);
        }
    }

    fn list(&mut self, addrs: Vec<Addr>) {
        let elsewhere = !addrs.iter().all(is_own_machine);
        if elsewhere && (self.reach.handle.is_none() || self.reach.leaked) {
            self.reach.handle = Some(self.entropy.bytes());
            self.reach.leaked = false;
        }
        self.reach.addrs = addrs;
        // Also above what a disk that went back has told.
        let next = self.reach.number.saturating_add(1);
        self.reach.number = next.max(self.now.minutes());
        self.mark(Saved::Reach);
        let friends: Vec<_> = self.friends.keys().copied().collect();
        friends.into_iter().for_each(|no| self.tell_addresses(no));
    }

    /// Whom I left, or blocked, shall not come through my friends. They get another handle with the next
    /// list; at once, it would tell them that I left somebody.
    pub(super) fn change_handle(&mut self) {
        if self.reach.handle.is_some() && !self.reach.leaked {
            self.reach.leaked = true;
            self.mark(Saved::Reach);
        }
    }

    /// Tells a friend where I am, unless they know or are being told. Pairing told them where; what leads
    /// through others they are told with the second link. For who is away a list lies sealed already,
    /// perhaps: then it is the next one's turn after a while, or when they come back.
    pub(super) fn tell_addresses(&mut self, no: u32) {
        let (number, age) = (self.reach.number, self.age.minutes());
        let Some(friend) = self.friends.get(&no).filter(|f| is_told(f)) else {
            return;
        };
        let (sealed, since) = friend.roads.sealed;
        let waits = friend.outbox.has(|entry| entry.what == What::Addresses);
        let soon = age.saturating_sub(since) < ADDRESSES_AGAIN_MINUTES;
        let whole = self.reach.handle.is_some() && friend.traffic.rotation.links > 1;
        let due = match waits {
            // What waits unsealed will say how it is by then.
            true => sealed < number && (friend.live.link.is_some() || !soon),
            false => friend.roads.told < number || whole && sealed == 0,
        };
        if due {
            self.say(no, What::Addresses, sealed < number || !waits);
        }
    }

    /// They have the list that was sealed last, if no other waits.
    pub(super) fn addresses_told(&mut self, no: u32) {
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        if !friend.outbox.has(|entry| entry.what == What::Addresses) {
            friend.roads.told = friend.roads.sealed.0;
            self.mark(Saved::Roads(no));
        }
        self.tell_addresses(no);
    }

    /// A friend says where they are. Who has no link to them, or one through somebody,
    /// dials there soon.
    pub(super) fn they_moved(&mut self, no: u32, mut said: Addresses) {
        said.handle = said.handle.filter(|handle| self.is_free(no, handle));
        let soon = self.after(REDIAL_MS_MIN);
        let friend = self.friends.get(&no);
        let sought = friend.is_some_and(|friend| self.is_sought(friend));
        let Some(friend) = self.friends.get_mut(&no) else {
            return;
        };
        let Friend { roads, addrs, .. } = friend;
        if !roads.moved(addrs, said) {
            return;
        }
        if sought {
            friend.live.redial = Redial {
                at_ms: friend.live.redial.at_ms.min(soon),
                attempt: 0,
            };
            self.wake_by(soon);
        }
        self.dirty.extend([Saved::Friend(no), Saved::Roads(no)]);
    }

    /// Whether nobody but this friend has what leads to them: friends of theirs know it too, and could
    /// say it of themselves. Who said it first has it.
    fn is_free(&self, no: u32, handle: &[u8; 16]) -> bool {
        let mine = self.reach.handle.as_ref() == Some(handle);
        let others = self.friends.iter().filter(|(other, _)| **other != no);
        let mut others = others.filter(|(other, _)| self.answers(**other));
        !mine && !others.any(|(_, friend)| friend.roads.handle.as_ref() == Some(handle))
    }

    /// A link whose end has another address by now says nothing more, and nobody says so.
    fn probe_links(&mut self) {
        let links = self.friends.values().filter_map(|f| f.live.link);
        for link in links.collect::<Vec<_>>() {
            self.then(Effect::Probe(link));
        }
    }

    /// Everybody who is away may be reachable now, and I for them.
    fn redial_soon(&mut self) {
        if self.stirs_at_ms > self.now.boot_ms {
            return;
        }
        self.stirs_at_ms = self.now.boot_ms.saturating_add(NETWORK_PAUSE_MS);
        let numbers: Vec<_> = self.friends.keys().copied().collect();
        for no in numbers {
            let at_ms = self.after(REDIAL_MS_MIN);
            if let Some(friend) = self.friends.get_mut(&no) {
                let at_ms = friend.live.redial.at_ms.min(at_ms);
                friend.live.redial = Redial { at_ms, attempt: 0 };
                self.wake_by(at_ms);
            }
        }
    }
}

/// The words of such a message, at the moment when it is sealed.
pub(super) fn addresses(roads: &mut Roads, life: u16, reach: &Reach, age: u32) -> Addresses {
    roads.sealed = (reach.number, age);
    Addresses {
        number: (life, reach.number),
        addrs: reach.addrs.clone(),
        handle: reach.handle,
    }
}

/// Whether this friend is told anything.
fn is_told(friend: &Friend) -> bool {
    friend.settled && friend.linked && !friend.private.blocked
}
