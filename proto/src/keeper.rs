//! A second small engine: it keeps parcels for friends who are away, and knows neither whose they are
//! nor who left them. It runs beside the other one, and alone while the home is locked. PROTOCOL §5, §8.
//!
//! It holds boxes and what is in them: no identity, no name, no edge, no session, and nothing that opens
//! a parcel. Like the engine it has no clock, socket or file: call [`Keeper::handle`], drain
//! [`Keeper::poll`], make the step durable, carry out its effects. Its records lie in a vault of its own.
//!
//! ```text
//! contract  what goes in and what comes out
//! held      one box: what is in it, and what it has room for
//! callers   who leaves something
//! owners    who fetches it
//! saved     which records all this becomes
//! ```

mod callers;
mod contract;
mod held;
mod owners;
mod saved;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use contract::{BoxGrant, BoxId, Effect, Input, KeptBox, Step};

use crate::engine::{ConnId, Knock, OpenError};
use crate::kdf::Entropy;
use crate::limits::{
    AGE_STORED_MINUTES, FLIGHT_BYTES, KNOCK_BYTES, MAILBOX_BYTES_MAX, MAILBOXES_MAX, POST_MINUTES,
};
use crate::link::flight;
use crate::mailbox::BoxKeys;
use crate::mailbox::deposit::Caller;
use crate::onion::service_key;
use crate::secret::{Key, Onion, Said};
use crate::time::{Age, DAY_MINUTES, HOUR_MS, Now};
use crate::vault::Name;
use held::Held;
use owners::Fetching;
use saved::Saved;

/// The boxes of one node, and who is at them.
pub struct Keeper {
    boxes: BTreeMap<u32, Held>,
    next_box: u32,
    /// What the node's onion service is made of.
    service: Option<Key<Onion>>,
    conns: BTreeMap<ConnId, Conn>,
    post_min: u32,
    /// Whether the disk has no room for more.
    full: bool,
    now: Now,
    age: Age,
    /// The age that was stored last, in minutes.
    age_stored: u32,
    wake_ms: u64,
    entropy: Entropy,
    dirty: BTreeSet<Saved>,
    step: Step,
    /// Whether what the boxes hold is other than what was told.
    changed: bool,
}

/// Who is at a box.
enum Conn {
    /// Somebody with a token.
    Caller { number: u32, caller: Caller },
    /// Its owner.
    Owner(Fetching),
}

impl Conn {
    fn number(&self) -> u32 {
        match self {
            Self::Caller { number, .. } => *number,
            Self::Owner(fetching) => fetching.number,
        }
    }
}

/// At which of a box's two doors.
#[derive(Clone, Copy)]
enum Which {
    Leaving,
    Fetching,
}

impl Keeper {
    /// A keeper without boxes. The first step stores it.
    pub fn create(now: Now, entropy: [u8; 32]) -> Self {
        let mut keeper = Self::new(now, entropy, Age::new(now), 0);
        keeper.mark(Saved::Node);
        keeper
    }

    /// The one whose records the vault opened.
    ///
    /// # Errors
    /// If they are not what one keeper wrote, or a later version did.
    pub fn open(
        now: Now,
        entropy: [u8; 32],
        records: impl IntoIterator<Item = (Name, Said)>,
    ) -> Result<Self, OpenError> {
        let (boxes, next_box, age, service) = saved::read(records)?;
        let mut keeper = Self::new(now, entropy, Age::restore(age, now), next_box);
        if age.is_old(now) {
            keeper.mark(Saved::Node);
        }
        keeper.boxes = boxes;
        keeper.service = service;
        Ok(keeper)
    }

    fn new(now: Now, entropy: [u8; 32], age: Age, next_box: u32) -> Self {
        Self {
            boxes: BTreeMap::new(),
            service: None,
            next_box,
            conns: BTreeMap::new(),
            post_min: POST_MINUTES,
            full: false,
            now,
            age_stored: age.minutes(),
            age,
            wake_ms: 0,
            entropy: Entropy::new(entropy),
            dirty: BTreeSet::new(),
            step: Step::default(),
            changed: true,
        }
    }

    /// What Tor is given to publish the node's onion service, if it ever had one.
    pub fn service(&self) -> Option<Said> {
        self.service.as_ref().map(service_key)
    }

    /// Whether it keeps anything for anybody.
    pub fn has_boxes(&self) -> bool {
        !self.boxes.is_empty()
    }

    /// What the onion service is made of, for the next keeper.
    pub fn into_service(self) -> Option<Key<Onion>> {
        self.service
    }

    fn hold(&mut self, secret: Key<Onion>) {
        let known = self.service.replace(secret);
        let same = known.zip(self.service.as_ref());
        if same.is_none_or(|(known, secret)| known.expose() != secret.expose()) {
            self.mark(Saved::Service);
        }
    }

    /// Judges the first bytes of an inbound connection, as the engine does: changes nothing, and tries
    /// every hint, whichever fits.
    pub fn knock(&self, bytes: &[u8]) -> Knock {
        let Some((held, which)) = self.door(bytes) else {
            return Knock::Stranger;
        };
        let (_, tag) = held.knocker(which);
        match bytes.len() {
            KNOCK_BYTES => Knock::More(FLIGHT_BYTES),
            FLIGHT_BYTES if flight::tagged(tag, bytes) => Knock::Known,
            _ => Knock::Stranger,
        }
    }

    fn door(&self, bytes: &[u8]) -> Option<(&Held, Which)> {
        let head = flight::Head::read(bytes)?;
        let mut found = None;
        for held in self.boxes.values() {
            for which in [Which::Leaving, Which::Fetching] {
                if head.knocks(held.knocker(which).0) {
                    found = Some((held, which));
                }
            }
        }
        found
    }

    /// One thing happened. `entropy` is fresh for each call.
    pub fn handle(&mut self, now: Now, entropy: [u8; 32], input: Input) {
        self.now = now;
        if self.age.look(now) {
            self.mark(Saved::Node);
        }
        self.entropy = Entropy::new(entropy);
        match input {
            Input::Keep(grant) => self.keep(grant),
            Input::Unkeep(id) => self.unkeep(&id),
            Input::Service(secret) => self.hold(secret),
            Input::Flight { conn, bytes } => self.flight(conn, &bytes),
            Input::Bytes { conn, bytes } => self.bytes(conn, &bytes),
            Input::Fetched { conn, slot, parcel } => self.fetched(conn, slot, parcel),
            Input::Closed(conn) => drop(self.conns.remove(&conn)),
            Input::Settings { post_min } => self.post_min = post_min,
            Input::Room { full } => self.full = full,
            Input::Tick => {}
        }
        if self.now.boot_ms >= self.wake_ms {
            self.timers();
        }
    }

    /// What is to be done since the last call, as one step; nothing if nothing is.
    pub fn poll(&mut self) -> Option<Step> {
        self.write_marked();
        if core::mem::take(&mut self.changed) {
            let kept = self.boxes.values().map(Held::told).collect();
            self.then(Effect::Kept(kept));
        }
        let step = core::mem::take(&mut self.step);
        let idle = step.puts.is_empty() && step.erases.is_empty() && step.then.is_empty();
        (!idle).then_some(step)
    }

    /// When to call with [`Input::Tick`] if nothing else happens, on the boot clock in milliseconds.
    pub fn wake_at(&self) -> u64 {
        self.wake_ms
    }

    /// What came so long ago that nobody will fetch it goes.
    fn timers(&mut self) {
        self.wake_ms = self.now.boot_ms.saturating_add(HOUR_MS);
        let age = self.age.minutes();
        if age.saturating_sub(self.age_stored) >= AGE_STORED_MINUTES {
            self.mark(Saved::Node);
        }
        let late = age.saturating_sub(self.post_min) / DAY_MINUTES;
        let numbers: Vec<u32> = self.boxes.keys().copied().collect();
        for number in numbers {
            let held = self.boxes.get(&number);
            // A day is over when the next one has begun.
            let gone = held.map_or_else(Vec::new, |held| held.came_before(late));
            gone.into_iter()
                .for_each(|slot| self.erase_parcel(number, slot));
        }
    }

    /// Makes room for a box, or gives one that is there another quota. What a box holds stays, and so
    /// does what was spent.
    fn keep(&mut self, grant: BoxGrant) {
        let BoxGrant {
            id,
            key,
            quota_bytes,
        } = grant;
        let quota_bytes = quota_bytes.min(MAILBOX_BYTES_MAX);
        self.changed = true;
        let known = self
            .boxes
            .iter_mut()
            .find(|(_, held)| *held.keys.id() == id);
        if let Some((number, held)) = known {
            held.quota_bytes = quota_bytes;
            let number = *number;
            return self.mark(Saved::Box(number));
        }
        let next = self.next_box.checked_add(1);
        if let (true, Some(next)) = (self.boxes.len() < MAILBOXES_MAX, next) {
            let number = core::mem::replace(&mut self.next_box, next);
            let held = Held::new(BoxKeys::new(id, key), quota_bytes);
            self.boxes.insert(number, held);
            self.mark(Saved::Node);
            self.mark(Saved::Box(number));
        }
    }

    /// A box and all it holds is gone, and whoever is at it.
    fn unkeep(&mut self, id: &BoxId) {
        self.changed = true;
        let known = self.boxes.iter().find(|(_, held)| held.keys.id() == id);
        let Some(number) = known.map(|(number, _)| *number) else {
            return;
        };
        let slots = self.boxes.get(&number).map(Held::slots);
        for slot in slots.unwrap_or_default() {
            self.erase_parcel(number, slot);
        }
        self.boxes.remove(&number);
        for saved in [
            Saved::Box(number),
            Saved::Spent(number),
            Saved::Traffic(number),
        ] {
            self.mark(saved);
        }
        let here = self
            .conns
            .iter()
            .filter(|(_, conn)| conn.number() == number);
        let here: Vec<ConnId> = here.map(|(conn, _)| *conn).collect();
        here.into_iter().for_each(|conn| self.drop_conn(conn));
    }

    /// A whole first flight, whose tag was found good.
    fn flight(&mut self, conn: ConnId, bytes: &[u8]) {
        let found = match self.knock(bytes) {
            Knock::Known => self.door(bytes),
            _ => None,
        };
        let found = found.map(|(held, which)| (*held.keys.id(), which));
        let answered = found.and_then(|(id, which)| {
            let mut boxes = self.boxes.iter();
            let (number, _) = boxes.find(|(_, held)| *held.keys.id() == id)?;
            let number = *number;
            match which {
                Which::Leaving => self.answer_caller(conn, number, bytes),
                Which::Fetching => self.answer_owner(conn, number, bytes),
            }
        });
        if answered.is_none() {
            self.drop_conn(conn);
        }
    }

    /// The bytes that a connection was to read.
    fn bytes(&mut self, conn: ConnId, bytes: &[u8]) {
        let done = match self.conns.remove(&conn) {
            Some(Conn::Caller { number, caller }) => self.caller_says(conn, number, caller, bytes),
            Some(Conn::Owner(fetching)) => self.owner_says(conn, fetching, bytes),
            None => None,
        };
        if done.is_none() {
            self.drop_conn(conn);
        }
    }

    fn drop_conn(&mut self, conn: ConnId) {
        self.conns.remove(&conn);
        self.then(Effect::Close(conn));
    }

    fn then(&mut self, effect: Effect) {
        self.step.then.push(effect);
    }

    /// The day of the keeper's age: what is kept is kept by it.
    fn day(&self) -> u32 {
        self.age.minutes() / DAY_MINUTES
    }

    /// The day since 1970, by a clock that nobody checked: a token's last one.
    fn today(&self) -> u16 {
        u16::try_from(self.now.minutes() / DAY_MINUTES).unwrap_or(u16::MAX)
    }
}
