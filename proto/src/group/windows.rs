//! Since when I know each motion, and how long I have to answer it: the window counts from when *I*
//! first saw it, by my own age, asleep or not. When mine is over my node says so, and nothing I say of
//! that motion counts any more. PROTOCOL §7 "Motions".

use std::collections::{BTreeMap, BTreeSet};

use bincode::{Decode, Encode};

use super::people::When;
use super::tally::Outcome;
use super::{Hash, Motion, Policy, What};

const HOUR: u32 = 60;

/// One motion, as it is for me.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Window {
    /// Its number among those of this group here.
    pub no: u32,
    /// When it came, or I made it.
    pub seen: When,
    /// When my window ends.
    pub until: When,
    /// Whether my last word is said.
    pub closed: bool,
    /// How it stood when that was last told; nothing before.
    pub standing: Option<Outcome>,
}

/// All of them, by the motion's name.
#[derive(Default)]
pub(crate) struct Windows {
    all: BTreeMap<Hash, Window>,
    next_no: u32,
    changed: BTreeSet<u32>,
}

/// How long people have to answer a motion.
fn hours(motion: &Motion, policy: &Policy) -> u16 {
    let by_policy = match &motion.what {
        What::Add(_) | What::Suspend(_) | What::Return { .. } => policy.add_hours,
        What::Promote(_) => policy.promote_hours,
        What::Lift(_) => policy.hours.min(policy.add_hours),
        What::Remove(_) | What::Text { .. } | What::Poll { .. } | What::Policy(_) => policy.hours,
    };
    if motion.hours == 0 {
        by_policy
    } else {
        motion.hours
    }
}

impl Windows {
    /// As they were stored.
    pub(crate) fn restore(mut all: BTreeMap<Hash, Window>, next_no: u32) -> Self {
        if planted!(WindowRestarts) {
            all.values_mut()
                .for_each(|it| it.until.age = it.until.age.saturating_add(8 * HOUR));
        }
        Self {
            all,
            next_no,
            changed: BTreeSet::new(),
        }
    }

    /// The number of the next motion.
    pub(crate) fn next_no(&self) -> u32 {
        self.next_no
    }

    /// A motion came, or I made it.
    pub(crate) fn open(&mut self, name: Hash, motion: &Motion, policy: &Policy, when: When) {
        if self.all.contains_key(&name) {
            return;
        }
        let minutes = u32::from(hours(motion, policy)) * HOUR;
        let window = Window {
            no: self.next_no,
            seen: when,
            until: When {
                age: when.age.saturating_add(minutes),
                minute: when.minute.saturating_add(minutes),
            },
            closed: false,
            standing: None,
        };
        self.changed.insert(window.no);
        self.next_no = self.next_no.saturating_add(1);
        self.all.insert(name, window);
    }

    pub(crate) fn get(&self, motion: &Hash) -> Option<&Window> {
        self.all.get(motion)
    }

    /// To change one. Marks it.
    pub(crate) fn get_mut(&mut self, motion: &Hash) -> Option<&mut Window> {
        let window = self.all.get_mut(motion)?;
        self.changed.insert(window.no);
        Some(window)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Hash, &Window)> {
        self.all.iter()
    }

    /// Motions of which my window is over, and which I did not close; oldest first.
    pub(crate) fn over(&self, age: u32) -> Vec<Hash> {
        let over = self
            .all
            .iter()
            .filter(|(_, it)| !it.closed && it.until.age <= age);
        let mut over: Vec<_> = over.map(|(name, it)| (it.no, *name)).collect();
        over.sort_unstable();
        over.into_iter().map(|(_, name)| name).collect()
    }

    /// When the next of them ends, in my age.
    pub(crate) fn next_age(&self) -> Option<u32> {
        let open = self.all.values().filter(|window| !window.closed);
        open.map(|window| window.until.age).min()
    }

    /// Forgets all motions that are not held any more.
    pub(crate) fn keep(&mut self, which: impl Fn(&Hash) -> bool) {
        let gone = self.all.iter().filter(|(name, _)| !which(name));
        self.changed.extend(gone.map(|(_, window)| window.no));
        self.all.retain(|name, _| which(name));
    }

    /// Whose record has this number.
    pub(crate) fn by_no(&self, no: u32) -> Option<(&Hash, &Window)> {
        self.all.iter().find(|(_, window)| window.no == no)
    }

    /// The records that changed since this was last asked.
    pub(crate) fn take_changed(&mut self) -> BTreeSet<u32> {
        core::mem::take(&mut self.changed)
    }
}
