//! What two friends remember of the same past: a value of each of the last root steps, by which a
//! new session shows that it goes on from the old one. PROTOCOL §4.1 "Continuity".
//!
//! Whoever has only the secrets of the edge (a thief of an old copy, a restored backup) holds none
//! that the other side still holds. Knows neither parcels nor friends.

use std::collections::VecDeque;

use crate::kdf::{self, label};
use crate::limits::CONTINUITY_VALUES;
use crate::secret::{Continuity, EdgeRoot, Kept, Key, Root};

/// By what one value is named on the wire.
pub(crate) type PastId = [u8; PAST_ID_BYTES];
/// Length of such a name.
pub(crate) const PAST_ID_BYTES: usize = 8;

/// Values of the last root steps, newest first.
#[derive(Default)]
pub(crate) struct Past(VecDeque<Key<Continuity>>);

fn id_of(value: &Key<Continuity>) -> PastId {
    kdf::digest(label::CONTINUITY_ID, &[value.expose()])
}

fn copy(value: &Key<Continuity>) -> Key<Continuity> {
    Key::fill(|bytes| bytes.copy_from_slice(value.expose()))
}

impl Past {
    /// That of an edge which has had no session: the pairing.
    pub(crate) fn of_pairing(root: &Key<EdgeRoot>) -> Self {
        let value = kdf::derive(label::CONTINUITY, &[root.expose()]);
        Self(VecDeque::from([value]))
    }

    /// That of a session at its beginning.
    pub(crate) fn begin(root: &Key<Root>) -> Self {
        let mut past = Self::default();
        past.step(root);
        past
    }

    /// One root step more: the oldest value goes.
    pub(crate) fn step(&mut self, root: &Key<Root>) {
        let value = kdf::derive(label::CONTINUITY, &[root.expose()]);
        self.0.push_front(value);
        self.0.truncate(CONTINUITY_VALUES);
    }

    /// Goes on from an older past, as far as there is room behind one's own.
    pub(crate) fn inherit(&mut self, older: &Self) {
        self.0.extend(older.0.iter().map(copy));
        self.0.truncate(CONTINUITY_VALUES);
    }

    /// The same once more: an offer keeps what it named, while the session goes on.
    pub(crate) fn aside(&self) -> Self {
        Self(self.0.iter().map(copy).collect())
    }

    /// The names of all values, newest first; zeros where there are fewer.
    pub(crate) fn ids(&self) -> [PastId; CONTINUITY_VALUES] {
        let mut ids = [[0; PAST_ID_BYTES]; CONTINUITY_VALUES];
        let values = self.0.iter().map(id_of);
        ids.iter_mut().zip(values).for_each(|(to, id)| *to = id);
        ids
    }

    /// The value of this name.
    pub(crate) fn get(&self, id: &PastId) -> Option<&Key<Continuity>> {
        self.0.iter().find(|value| id_of(value) == *id)
    }

    /// Of the names that the other side lists, newest first, the first that is known here.
    pub(crate) fn common(&self, ids: &[PastId]) -> Option<(PastId, &Key<Continuity>)> {
        let known = |id: &PastId| Some((*id, self.get(id)?));
        ids.iter().find_map(known)
    }

    /// For the sealed record alone.
    pub(crate) fn keep(&self) -> Vec<Kept<Continuity>> {
        self.0.iter().map(Key::keep).collect()
    }

    /// As it was stored.
    pub(crate) fn restore(kept: &[Kept<Continuity>]) -> Self {
        let values = kept.iter().take(CONTINUITY_VALUES);
        Self(values.map(Kept::key).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(n: u8) -> Key<Root> {
        Key::fill(|bytes| bytes.fill(n))
    }

    fn past(steps: core::ops::Range<u8>) -> Past {
        let mut past = Past::begin(&root(steps.start));
        steps.skip(1).for_each(|n| past.step(&root(n)));
        past
    }

    #[test]
    fn two_who_are_eight_steps_apart_have_no_past_in_common() {
        let mine = past(0..20);
        assert!(mine.common(&past(0..13).ids()).is_some());
        assert!(mine.common(&past(0..12).ids()).is_none());
    }

    #[test]
    fn the_newest_common_value_is_named() {
        let (mine, theirs) = (past(0..3), past(0..6));
        let (id, value) = theirs.common(&mine.ids()).unwrap();
        assert_eq!(id, mine.ids()[0]);
        assert!(mine.get(&id).unwrap().same(value));
    }

    #[test]
    fn zeros_name_nothing() {
        assert!(past(0..9).common(&Past::default().ids()).is_none());
    }

    #[test]
    fn a_new_session_goes_on_from_the_old_one_until_it_has_a_past_of_its_own() {
        let old = past(0..9);
        let mut new = Past::begin(&root(100));
        new.inherit(&old);
        assert_eq!(new.common(&old.ids()).unwrap().0, old.ids()[0]);
        (101..109).for_each(|n| new.step(&root(n)));
        assert!(new.common(&old.ids()).is_none());
    }

    #[test]
    fn a_past_survives_the_record() {
        let mine = past(0..9);
        assert_eq!(Past::restore(&mine.keep()).ids(), mine.ids());
        assert_eq!(mine.aside().ids(), mine.ids());
    }
}
