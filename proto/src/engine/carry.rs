//! Parcels carried by hand: those that wait are given out, to be laid in any order, and what a stick brings is
//! opened by trial. A bundle has no head, no count and no name: parcels lie at multiples of the smallest
//! bucket, all else is random, and only whom one is for can tell it from that. PROTOCOL §5 "By hand".

use std::collections::BTreeSet;

use super::people::count;
use super::post::Heard;
use super::saved::{Piece, Saved, pieces};
use super::{Answer, Body, Bundle, Bundled, Carried, Engine, Refusal};
use crate::limits::{BUCKETS, CARRY_ACKS_MAX, CARRY_BYTES_MAX, CARRY_SEALS_MS};
use crate::parcel::Parcel;
use crate::secret::Said;

impl Engine {
    /// What waits for these friends, or for all, is sealed as far as it can be and named for a bundle of
    /// which so many bytes are gathered. While texts are still read to be sealed, it says how many: then
    /// it is to be asked again.
    pub(super) fn carry_out(
        &mut self,
        to: &[String],
        acks: bool,
        gathered: u32,
    ) -> Result<Answer, Refusal> {
        let mut bundle = Bundle::default();
        let mut room = CARRY_BYTES_MAX.saturating_sub(gathered as usize);
        for no in self.carried_for(to)? {
            let before = bundle.acks.len() + bundle.parcels.len();
            if acks {
                self.pack_acks(no, &mut bundle, &mut room);
            }
            self.pack_for(no, &mut bundle, &mut room);
            let any = bundle.acks.len() + bundle.parcels.len() > before;
            bundle.friends += u32::from(any);
        }
        Ok(Answer::Bundle(Box::new(bundle)))
    }

    fn pack_acks(&mut self, no: u32, bundle: &mut Bundle, room: &mut usize) {
        let most = CARRY_ACKS_MAX.saturating_sub(bundle.acks.len());
        let (acks, more) = self.acks_by_hand(no, most.min(*room / BUCKETS[0]));
        *room = room.saturating_sub(acks.len() * BUCKETS[0]);
        bundle.acks.extend(acks);
        bundle.reading += u32::from(more && *room >= BUCKETS[0]);
    }

    fn pack_for(&mut self, no: u32, bundle: &mut Bundle, room: &mut usize) {
        // The person wants it sealed now, and there is no Hello on a stick: should this disk have gone
        // back, the friend sees two hands with one key, and says so.
        self.seals_by_hand(no, true);
        self.seal_waiting(no);
        let Some(friend) = self.friends.get(&no) else {
            return;
        };
        let mut reading = 0;
        for (id, entry) in friend.outbox.entries() {
            match (entry.waits(), room.checked_sub(entry.parcel_bytes())) {
                (true, _) if friend.outbox.is_fetching(id) => reading += 1,
                (true, _) | (_, None) => bundle.left += 1,
                (false, Some(less)) => {
                    *room = less;
                    let bytes = count(entry.parcel_bytes());
                    bundle.parcels.push(Bundled { id, bytes });
                }
            }
        }
        bundle.reading += reading;
        self.seals_by_hand(no, reading > 0);
    }

    fn seals_by_hand(&mut self, no: u32, by_hand: bool) {
        let until_ms = self.now.boot_ms.saturating_add(CARRY_SEALS_MS);
        if let Some(friend) = self.friends.get_mut(&no) {
            friend.live.by_hand_until_ms = if by_hand { until_ms } else { 0 };
        }
    }

    fn carried_for(&self, to: &[String]) -> Result<BTreeSet<u32>, Refusal> {
        let mut chosen = BTreeSet::new();
        for name in to {
            for no in self.computers_of(name)? {
                self.not_blocked(no)?;
                chosen.insert(no);
            }
        }
        if to.is_empty() {
            let all = self.friends.iter().filter(|(_, f)| !f.private.blocked);
            chosen.extend(all.map(|(no, _)| *no));
        }
        Ok(chosen)
    }

    /// What a friend is owed acknowledgements for and no link will bring; and whether there is more.
    fn acks_by_hand(&mut self, no: u32, most: usize) -> (Vec<Said>, bool) {
        let mut acks = Vec::new();
        if self.carrier(no).is_some() {
            return (acks, false);
        }
        while acks.len() < most {
            match self.seal_acks_by_hand(no) {
                Some(parcel) => acks.push(Said::new(parcel)),
                None => return (acks, false),
            }
        }
        let owed = self.friends.get(&no).and_then(|f| f.live.acks_at_ms());
        (acks, owed.is_some())
    }

    /// A parcel of mine, for a bundle; empty if it arrived meanwhile.
    pub(super) fn read_bundled(&self, id: u64) -> Result<Answer, Refusal> {
        let mut outboxes = self.friends.values().map(|friend| &friend.outbox);
        let entry = outboxes.find_map(|outbox| outbox.get(id));
        let bytes = entry.map_or(0, crate::friend::Entry::parcel_bytes);
        let names = pieces(Saved::Entry(id), Piece::Parcel, bytes);
        Ok(Answer::Piece(Body::Stored(names)))
    }

    /// A part of a bundle, from a multiple of the smallest bucket on. What may still go on in the next
    /// part is left for it; of the last part nothing is.
    pub(super) fn carry_in(&mut self, bytes: &[u8], last: bool) -> Result<Answer, Refusal> {
        let least = if last { BUCKETS[0] } else { BUCKETS[2] };
        let (mut found, mut from) = (Carried::default(), BTreeSet::new());
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| rest.len() >= least) {
            at += self.slot(rest, &mut found, &mut from);
        }
        found.used = count(at);
        found.from = from.into_iter().collect();
        Ok(Answer::Carried(Box::new(found)))
    }

    /// Tries what may begin here; says how much of it was used.
    fn slot(&mut self, rest: &[u8], found: &mut Carried, from: &mut BTreeSet<String>) -> usize {
        let smallest = BUCKETS[0];
        let Some(first) = rest.get(..smallest).and_then(Parcel::parse) else {
            return smallest;
        };
        let all: Vec<_> = self.friends.keys().copied().collect();
        let of = all.into_iter().find(|no| self.knows_header(*no, &first));
        let Some(no) = of else {
            return smallest;
        };
        let friend = self.friends.get(&no);
        if let Some(id) = friend.and_then(|friend| friend.seen.message_of(first.hdr_tag)) {
            // It came before. Its author brings it again, so no acknowledgement has reached them.
            let id = *id;
            found.known += 1;
            if !planted!(CarriedUnacknowledged) {
                self.owe_ack(no, id, None);
            }
            return smallest;
        }
        for bucket in BUCKETS {
            let bytes = rest.get(..bucket);
            match bytes.and_then(|bytes| self.parcel(no, None, bytes)) {
                None => continue,
                Some(Heard::Refused) => found.full = true,
                Some(_) => {
                    found.opened += 1;
                    from.insert(self.petname(no));
                }
            }
            return bucket;
        }
        smallest
    }

    /// Whether a parcel with this head can be this friend's: MACs alone, some hundred at most.
    fn knows_header(&self, no: u32, first: &Parcel<'_>) -> bool {
        let Some(friend) = self.friends.get(&no).filter(|_| self.answers(no)) else {
            return false;
        };
        friend.seen.message_of(first.hdr_tag).is_some()
            || friend
                .sessions
                .all()
                .any(|(_, session)| session.knows(first))
            || friend
                .edges
                .all()
                .any(|keys| first.fits(&keys.from.ake_header))
    }
}
