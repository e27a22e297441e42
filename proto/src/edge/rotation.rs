//! The epochs of one edge: one or two that are held, the last resort, and a rotation under way.
//!
//! Whatever is lost, doubled or late, the epoch that one side dials is one that the other accepts, or
//! the last resort is left. Pure state: what a method changed is on the disk before anything that
//! rests on it leaves. PROTOCOL §2 "Rotation".

mod renewed;
#[cfg(test)]
mod tests;

use bincode::{Decode, Encode};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{EdgeKeys, RECOVERY, recovery};
use crate::identity::Point;
use crate::kdf::{self, Entropy, label};
use crate::limits::EPOCH_END;
use crate::secret::{Beacon, EdgeRecovery, EdgeRoot, EdgeShare, Kept, Key, Zone};

/// One side's part of the next root: 32 random bytes, said in the session alone.
pub(crate) type Share = Zeroizing<[u8; 32]>;

/// `EdgeRekey`: let us have this epoch.
#[derive(Clone)]
pub(crate) struct Ask {
    /// The asker's highest epoch and one.
    pub epoch: u32,
    /// r_a.
    pub share: Share,
}

/// `EdgeRekeyAck`: I have it.
#[derive(Clone)]
pub(crate) struct Answer {
    /// The one that was asked for, or a higher one.
    pub epoch: u32,
    /// r_b.
    pub share: Share,
    /// `MAC(psk, "ack")[..16]` of that epoch.
    pub tag: [u8; 16],
}

/// An edge, seen from my side.
pub(crate) struct Edge {
    me: Point,
    friend: Point,
    recovery: Key<EdgeRecovery>,
    last_resort: EdgeKeys,
    /// One or two, the older first. Never empty.
    held: Vec<EdgeKeys>,
    /// Which of them I dial.
    dial: u32,
    /// Mine, unanswered: its epoch and r_a.
    asked: Option<(u32, Key<EdgeShare>)>,
    /// Theirs, answered, as long as they may ask again.
    answered: Option<Answered>,
}

/// An answer of mine, and what it answers.
struct Answered {
    asked: u32,
    r_a: Key<EdgeShare>,
    epoch: u32,
    r_b: Key<EdgeShare>,
}

/// An edge as it is stored.
#[derive(Encode, Decode)]
pub(crate) struct EdgeRecord {
    recovery: Kept<EdgeRecovery>,
    held: Vec<(u32, Kept<EdgeRoot>)>,
    dial: u32,
    asked: Option<(u32, Kept<EdgeShare>)>,
    answered: Option<(u32, Kept<EdgeShare>, u32, Kept<EdgeShare>)>,
}

#[cfg(test)]
impl EdgeRecord {
    /// As long as one can be.
    pub(crate) fn largest() -> Self {
        let share = || Key::fill(|_| ()).keep();
        let root = || Key::fill(|_| ()).keep();
        Self {
            recovery: Key::fill(|_| ()).keep(),
            held: vec![(EPOCH_END, root()), (EPOCH_END, root())],
            dial: EPOCH_END,
            asked: Some((EPOCH_END, share())),
            answered: Some((EPOCH_END, share(), EPOCH_END, share())),
        }
    }
}

impl Edge {
    /// Of the root that a pairing made.
    pub(crate) fn first(root: Key<EdgeRoot>, me: &Point, friend: &Point) -> Self {
        let recovery = recovery(&root);
        let first = EdgeKeys::of(0, root, &recovery, me, friend);
        Self::with(recovery, vec![first], 0, me, friend)
    }

    fn with(
        recovery: Key<EdgeRecovery>,
        held: Vec<EdgeKeys>,
        dial: u32,
        me: &Point,
        friend: &Point,
    ) -> Self {
        let root = Key::fill(|bytes| bytes.copy_from_slice(recovery.expose()));
        let last_resort = EdgeKeys::of(RECOVERY, root, &recovery, me, friend);
        Self {
            me: *me,
            friend: *friend,
            recovery,
            last_resort,
            held,
            dial,
            asked: None,
            answered: None,
        }
    }

    /// As it was stored; nothing if it cannot have been.
    pub(crate) fn restore(record: &EdgeRecord, me: &Point, friend: &Point) -> Option<Self> {
        let recovery = record.recovery.key();
        let keys = |(epoch, root): &(u32, Kept<EdgeRoot>)| {
            EdgeKeys::of(*epoch, root.key(), &recovery, me, friend)
        };
        let held: Vec<_> = record.held.iter().map(keys).collect();
        // No node comes to their end.
        let asked = record.asked.iter().map(|(epoch, _)| *epoch);
        let answered = record.answered.iter();
        let answered = answered.flat_map(|(asked, _, epoch, _)| [*asked, *epoch]);
        let sound = (1..=2).contains(&held.len())
            && asked.chain(answered).all(|epoch| epoch < EPOCH_END)
            && held.is_sorted_by(|a, b| a.epoch < b.epoch)
            && held.iter().all(|keys| keys.epoch < EPOCH_END)
            && held.iter().any(|keys| keys.epoch == record.dial);
        let mut edge = Self::with(recovery, held, record.dial, me, friend);
        let asked = record.asked.as_ref();
        edge.asked = asked.map(|(epoch, share)| (*epoch, share.key()));
        let answered = record.answered.as_ref();
        edge.answered = answered.map(|(asked, r_a, epoch, r_b)| Answered {
            asked: *asked,
            r_a: r_a.key(),
            epoch: *epoch,
            r_b: r_b.key(),
        });
        sound.then_some(edge)
    }

    /// To be stored.
    pub(crate) fn record(&self) -> EdgeRecord {
        let asked = self.asked.as_ref();
        let answered = self.answered.as_ref();
        EdgeRecord {
            asked: asked.map(|(epoch, share)| (*epoch, share.keep())),
            answered: answered.map(|a| (a.asked, a.r_a.keep(), a.epoch, a.r_b.keep())),
            ..self.backup()
        }
    }

    /// What a backup holds of it: the epochs and the last resort, no rotation.
    pub(crate) fn backup(&self) -> EdgeRecord {
        let held = self.held.iter();
        EdgeRecord {
            recovery: self.recovery.keep(),
            held: held.map(|keys| (keys.epoch, keys.root.keep())).collect(),
            dial: self.dial,
            asked: None,
            answered: None,
        }
    }

    /// All under which the friend may come, the one I dial first, the last resort last.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &EdgeKeys> {
        let dialled = self.held.iter().filter(|keys| keys.epoch == self.dial);
        let other = self.held.iter().filter(|keys| keys.epoch != self.dial);
        dialled.chain(other).chain([&self.last_resort])
    }

    /// What tags the people that one of the two names to the other: `mine` for those I name. It lives as
    /// long as the edge.
    pub(crate) fn zone(&self, mine: bool) -> Key<Zone> {
        let (owner, asker) = match mine {
            true => (&self.me, &self.friend),
            false => (&self.friend, &self.me),
        };
        if planted!(OneTagForAll) {
            return kdf::derive(label::ZONE, &[owner.as_bytes()]);
        }
        let fields = [
            self.recovery.expose().as_slice(),
            owner.as_bytes(),
            asker.as_bytes(),
        ];
        kdf::derive(label::ZONE, &fields)
    }

    /// Whether it has keys of this name.
    pub(crate) fn has(&self, name: &[u8; 16]) -> bool {
        self.keys().any(|keys| keys.name == *name)
    }

    /// Those of the epoch I dial.
    pub(crate) fn dialled(&self) -> &EdgeKeys {
        self.keys().next().unwrap_or(&self.last_resort)
    }

    /// Those of the last resort.
    pub(crate) fn last_resort(&self) -> &EdgeKeys {
        &self.last_resort
    }

    /// What my beacons bear for this friend; as long as the edge lives, whatever the epoch.
    pub(crate) fn beacon_to(&self) -> Key<Beacon> {
        self.beacon(&self.me, &self.friend)
    }

    /// What this friend's beacons bear for me.
    pub(crate) fn beacon_from(&self) -> Key<Beacon> {
        self.beacon(&self.friend, &self.me)
    }

    fn beacon(&self, from: &Point, to: &Point) -> Key<Beacon> {
        let fields = [
            self.recovery.expose().as_slice(),
            from.as_bytes(),
            to.as_bytes(),
        ];
        kdf::derive(label::EDGE_BEACON, &fields)
    }

    /// The highest epoch that is held.
    pub(crate) fn highest(&self) -> u32 {
        self.held.last().map_or(0, |keys| keys.epoch)
    }

    /// My ask that nobody has answered.
    pub(crate) fn asked(&self) -> Option<Ask> {
        let (epoch, share) = self.asked.as_ref()?;
        let (epoch, share) = (*epoch, Zeroizing::new(*share.expose()));
        Some(Ask { epoch, share })
    }

    /// Asks for the next epoch; stored before it is said. Nothing while a rotation is half done: the
    /// friend may still dial what a third epoch would push out. Who recovers cannot wait for that, nor
    /// is one that was not done within a month waited for: a disk went back amid it.
    pub(crate) fn ask(&mut self, anyway: bool, entropy: &mut Entropy) -> Option<Ask> {
        let epoch = self.highest().checked_add(1)?;
        let half_done = self.asked.is_some() || self.held.len() > 1 && !anyway;
        if half_done || epoch >= EPOCH_END {
            return None;
        }
        self.asked = Some((epoch, entropy.key()));
        self.asked()
    }

    /// Asks for the epoch above the one that nobody answered for, in the place of it. The friend may hold
    /// that number already, for an ask that a disk of mine knew before it went back in time: then they
    /// ignore mine as one that is over. Says whether there was one.
    pub(crate) fn ask_higher(&mut self, entropy: &mut Entropy) -> bool {
        let asked = self.asked.as_ref().map(|(epoch, _)| epoch + 1);
        let higher = asked.filter(|epoch| *epoch < EPOCH_END);
        if let Some(epoch) = higher {
            self.asked = Some((epoch, entropy.key()));
        }
        higher.is_some()
    }

    /// My answer, as long as it may be asked for again.
    pub(crate) fn answer(&self) -> Option<Answer> {
        let answered = self.answered.as_ref()?;
        let keys = self.held.iter().find(|k| k.epoch == answered.epoch)?;
        Some(Answer {
            epoch: answered.epoch,
            share: Zeroizing::new(*answered.r_b.expose()),
            tag: tag(keys),
        })
    }

    /// The friend asks for an epoch; `recovers` if it came under the last resort. Says whether
    /// [`answer`](Self::answer) is to be said, which may be for the second time.
    pub(crate) fn asks(&mut self, ask: &Ask, recovers: bool, entropy: &mut Entropy) -> bool {
        let again = self.answered.as_ref().is_some_and(|answered| {
            answered.asked == ask.epoch
                && bool::from(answered.r_a.expose().ct_eq(ask.share.as_slice()))
        });
        if again && !planted!(EpochAnsweredTwice) {
            return self.answer().is_some();
        }
        let Some(epoch) = self.epoch_for(ask.epoch, recovers) else {
            return false;
        };
        let r_a = Key::fill(|bytes| *bytes = *ask.share);
        let r_b = entropy.key();
        let keys = self.next(epoch, &r_a, &r_b);
        self.hold(keys);
        self.asked = None;
        self.answered = Some(Answered {
            asked: ask.epoch,
            r_a,
            epoch,
            r_b,
        });
        true
    }

    /// The epoch that an ask gets, if any. Of two asks the one for the higher epoch stands, of equal
    /// ones that of the lower identity: both ends see both.
    fn epoch_for(&self, asked: u32, recovers: bool) -> Option<u32> {
        let mine_stands = self
            .asked
            .as_ref()
            .is_some_and(|(mine, _)| asked < *mine || asked == *mine && self.me < self.friend);
        let next = self.highest().checked_add(1)?;
        let epoch = match asked {
            _ if mine_stands => return None,
            asked if asked >= next => asked,
            // They lost what they had, and cannot know how far we were.
            _ if recovers => next,
            _ => return None,
        };
        (epoch < EPOCH_END).then_some(epoch)
    }

    /// The friend's answer to my ask: they hold the epoch, so it is dialled from now on. Says whether
    /// it was one.
    pub(crate) fn answered(&mut self, answer: &Answer) -> bool {
        let Some((asked, r_a)) = &self.asked else {
            return false;
        };
        if answer.epoch < *asked || answer.epoch <= self.highest() || answer.epoch >= EPOCH_END {
            return false;
        }
        let r_b = Key::fill(|bytes| *bytes = *answer.share);
        let keys = self.next(answer.epoch, r_a, &r_b);
        if !bool::from(tag(&keys).ct_eq(&answer.tag)) {
            return false;
        }
        self.hold(keys);
        self.asked = None;
        self.dial = answer.epoch;
        if planted!(OldEpochErasedEarly) {
            self.held.retain(|keys| keys.epoch == answer.epoch);
        }
        true
    }

    /// What a friend's changed program may answer to my ask: any epoch, any share, and the tag that
    /// goes with them.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn odd_answer(&self, epoch: u32, share: [u8; 32]) -> Option<Answer> {
        let (_, r_a) = self.asked.as_ref()?;
        let keys = self.next(epoch, r_a, &Key::fill(|bytes| *bytes = share));
        Some(Answer {
            epoch,
            share: Zeroizing::new(share),
            tag: tag(&keys),
        })
    }

    /// ER_x, and the keys that come from it.
    fn next(&self, epoch: u32, r_a: &Key<EdgeShare>, r_b: &Key<EdgeShare>) -> EdgeKeys {
        let number = epoch.to_le_bytes();
        let fields = [
            self.recovery.expose().as_slice(),
            &number,
            r_a.expose(),
            r_b.expose(),
        ];
        let root = kdf::derive(label::EDGE_NEXT, &fields);
        EdgeKeys::of(epoch, root, &self.recovery, &self.me, &self.friend)
    }

    /// At most two are held: beside the new one the one I dial.
    fn hold(&mut self, keys: EdgeKeys) {
        self.held.retain(|held| held.epoch == self.dial);
        self.held.push(keys);
    }

    /// The friend showed that they hold this epoch, by a flight or a parcel of a handshake under it: a
    /// newer one than I dial is dialled from now on. Says whether that was news.
    pub(crate) fn proved(&mut self, name: &[u8; 16]) -> bool {
        let held = self.held.iter().find(|keys| keys.name == *name);
        let newer = held.filter(|keys| keys.epoch > self.dial);
        self.dial = newer.map_or(self.dial, |keys| keys.epoch);
        newer.is_some()
    }

    /// The friend spoke under this epoch and what they said authenticated: no older one is needed.
    /// Says whether that was news.
    pub(crate) fn settle(&mut self, name: &[u8; 16]) -> bool {
        let news = self.proved(name);
        let Some(epoch) = self.held.iter().find(|k| k.name == *name).map(|k| k.epoch) else {
            return false;
        };
        let before = self.held.len();
        self.held
            .retain(|keys| keys.epoch >= epoch || planted!(OldEpochKept));
        let done = self.answered.take_if(|answered| answered.epoch == epoch);
        news || done.is_some() || self.held.len() < before
    }
}

/// Shows that its maker holds the epoch.
fn tag(keys: &EdgeKeys) -> [u8; 16] {
    kdf::mac(&keys.psk, &[b"ack"])
}
