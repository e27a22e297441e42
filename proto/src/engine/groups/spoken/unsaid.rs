//! What I said in a group and is said no more: copies that are taken back before they leave, and words
//! of which nobody can get a copy any more. PROTOCOL §7.

use std::collections::BTreeSet;

use super::{Kind, Spoken};
use crate::engine::Engine;
use crate::engine::saved::{Piece, Saved};
use crate::friend::What;
use crate::history::Owner;

impl Engine {
    /// A beacon that was not sealed yet says nothing that the next one does not.
    pub(super) fn take_back_beacon(&mut self, group: u32, no: u32) {
        let spoken = self.groups.spoken.iter();
        let beacons = spoken.filter(|(_, it)| it.group == group && it.kind == Kind::Beacon);
        let beacons: BTreeSet<_> = beacons.map(|(id, _)| *id).collect();
        self.take_back_copies(no, |id| beacons.contains(&id));
    }

    /// Takes out what waits for a friend and was not sealed, of what I said in groups.
    pub(in crate::engine::groups) fn take_back_copies(
        &mut self,
        no: u32,
        which: impl Fn(u64) -> bool,
    ) {
        let outbox = self.friends.get(&no).map(|friend| &friend.outbox);
        let waits = outbox.into_iter().flat_map(|outbox| outbox.entries());
        let waits = waits.filter_map(|(id, entry)| match entry.what {
            What::Group(of, _) if entry.sealed.is_none() && which(of) => Some(id),
            _ => None,
        });
        let waits: Vec<_> = waits.collect();
        waits.into_iter().for_each(|id| self.drop_copy(no, id));
    }

    /// Takes out one copy, sealed or not: it is not sent any more.
    pub(in crate::engine::groups) fn drop_copy(&mut self, no: u32, id: u64) {
        let friend = self.friends.get_mut(&no);
        if let Some(entry) = friend.and_then(|friend| friend.outbox.take_out(id)) {
            self.settle_entry(id, &entry, false);
        }
    }

    /// Nothing more of a group goes to this friend: what waits for them is taken out, sealed or not.
    pub(in crate::engine::groups) fn say_no_more(&mut self, group: u32, no: u32) {
        let outbox = self.friends.get(&no).map(|friend| &friend.outbox);
        let waits = outbox.into_iter().flat_map(|outbox| outbox.entries());
        let of = |id: &u64| {
            self.groups
                .spoken
                .get(id)
                .is_some_and(|it| it.group == group)
        };
        let waits = waits.filter_map(|(id, entry)| match entry.what {
            What::Group(it, _) if of(&it) => Some(id),
            _ => None,
        });
        let waits: Vec<_> = waits.collect();
        waits.into_iter().for_each(|id| self.drop_copy(no, id));
    }

    /// What I said is not here any more, in no copy that could be sealed.
    pub(in crate::engine::groups) fn forget_spoken(&mut self, id: u64) {
        if let Some(spoken) = self.groups.spoken.remove(&id) {
            self.mark(Saved::Entry(id));
            if self.history.get(Owner::Entry(id)).is_none() {
                self.erase_pieces(Saved::Entry(id), Piece::Text, spoken.length as usize);
            }
        }
    }

    /// What was said since this age or earlier and is settled: nobody gets it again.
    pub(in crate::engine) fn forget_old_words(&mut self, last: u32) {
        let old = |spoken: &&Spoken| spoken.settled && spoken.since <= last;
        let all = self.groups.spoken.iter();
        let over: Vec<_> = all.filter(|(_, it)| old(it)).map(|(id, _)| *id).collect();
        over.into_iter().for_each(|id| self.forget_spoken(id));
    }

    /// Everything I said in a group that I leave goes, but what is sealed already, and the word that I
    /// leave: the one copy of that stays until nobody waits for it.
    pub(in crate::engine::groups) fn forget_my_words(&mut self, group: u32, but: Option<u64>) {
        let spoken = self.groups.spoken.iter();
        let mine = spoken.filter(|(id, it)| it.group == group && Some(**id) != but);
        let mine: BTreeSet<_> = mine.map(|(id, _)| *id).collect();
        let friends: Vec<_> = self.friends.keys().copied().collect();
        // Before the copies are settled, or each would still make a line.
        for id in &mine {
            if let Some(spoken) = self.groups.spoken.get_mut(id) {
                spoken.settled = true;
            }
        }
        for no in friends {
            self.take_back_copies(no, |id| mine.contains(&id));
        }
        mine.into_iter().for_each(|id| self.forget_spoken(id));
        // Nobody can ask for that word again: it goes with its last copy.
        if let Some(id) = but
            && let Some(last) = self.groups.spoken.get_mut(&id)
        {
            last.kind = Kind::Aside;
            if last.settled {
                self.forget_spoken(id);
            }
            self.mark(Saved::Entry(id));
        }
    }
}
