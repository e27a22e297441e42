//! A whole node without I/O: what comes in changes the state, what must be done comes out.
//!
//! Call [`Engine::handle`] with whatever happened, drain [`Engine::poll`], make the step durable,
//! carry out its effects. The engine owns its state and asks nobody for time or randomness, so the
//! same code runs in the daemon and in a simulated world. ARCHITECTURE "The core is pure".
//!
//! ```text
//! people.rs       what persons ask: who they know, what came
//! cards.rs        friends as they are shown
//! names.rs        who has a name, and another one for somebody
//! leaving.rs      friends and invitations left
//! mailboxes       parcels that friends keep for each other
//! keeping.rs      how long what was said is kept, and what of it is here
//! invitations.rs  invitations made and taken, while they wait
//! introductions   two friends who get to know each other through a third
//! doors.rs        connections that are still mute: whose flight it is
//! claims.rs       an invitation being used, message by message
//! links.rs        connections that speak: the Hello, which of two stays
//! beside.rs       those that take the place of none: of a copy, and of the last resort
//! dials.rs        when and where a friend is dialled again
//! beacons.rs      friends who are on the same network
//! sessions.rs     which sessions there are with a friend, and when another has to begin
//! epochs.rs       new secrets for an edge, and the last resort
//! meeting.rs      a table of people who compare four words once
//! me.rs           who I am, and who I was to some
//! renewal.rs      a new identity, mine or a friend's
//! carry.rs        parcels on a stick, or on paper
//! cover.rs        parcels that say nothing, on demand
//! groups          groups with no root: who is told what, what came, what was decided
//! files           files, asked for, in pieces, whole or not at all
//! outbox.rs       what I say, until the friend's node has it
//! post.rs         what friends say, until I have read it
//! persons.rs      several computers of one person
//! private.rs      what I alone decide about a friend
//! trust.rs        what shows that a friend's key is theirs
//! zones.rs        what friends call other people, to whom each is shown
//! acks.rs         telling them that it is on this disk, or that there is no room
//! backup.rs       what a backup holds, and a node that begins again from one
//! rewriting.rs    changing what is kept, and making what never was said
//! onion.rs        what my onion service is made of
//! saved.rs        which records all this becomes
//! ```

mod acks;
mod backup;
mod beacons;
mod beside;
mod cards;
mod carry;
mod circuits;
mod claims;
mod contract;
mod cover;
mod dials;
mod doors;
mod epochs;
mod files;
mod groups;
mod introductions;
mod invitations;
mod keeping;
mod leaving;
mod links;
mod mailboxes;
mod me;
mod meeting;
mod names;
mod onion;
mod outbox;
mod people;
mod persons;
mod post;
mod private;
mod renewal;
mod rewriting;
mod roads;
mod saved;
mod sessions;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod trust;
mod why;
mod zones;

use std::collections::{BTreeMap, BTreeSet};

pub use backup::Restored;
pub use circuits::Toward;
pub use contract::*;
pub use saved::{BadRecords, OpenError};

use crate::friend::Friend;
use crate::history::History;
use crate::identity::{Identity, Point};
use crate::inbox::Inbox;
use crate::kdf::{self, Entropy};
use crate::limits::{BODIES_BYTES, ERASE_PAUSE_MS, KEEP_MINUTES, POST_MINUTES, ROTATE_LINKS};
use crate::profile::Ways;
use crate::secret::{Handles, Key, Onion, Said};
use crate::time::{Age, HOUR_MS, Now};
use crate::vault::Name;
use beacons::Near;
use doors::Conn;
use files::Files;
use groups::Groups;
use introductions::Introduction;
use invitations::{Invite, Join};
use me::Me;
use meeting::Meetings;
use post::Heard;
use roads::Reach;
use saved::{Counters, Saved, Stored};

/// One node: its identity, its friends, and everything under way.
pub struct Engine {
    me: Me,
    handles: Key<Handles>,
    counters: Counters,
    friends: BTreeMap<u32, Friend>,
    invites: BTreeMap<u32, Invite>,
    joins: BTreeMap<u32, Join>,
    introductions: BTreeMap<u32, Introduction>,
    introducing: introductions::Counts,
    files: Files,
    groups: Groups,
    /// Whether parcels that say nothing go out, too.
    covers: bool,
    inbox: Inbox,
    history: History,
    settings: Settings,
    onion: Option<Key<Onion>>,
    /// Links after which an edge gets new secrets.
    rotate_links: u32,
    /// Whether the disk has no room for more.
    full: bool,
    /// Whether the keeper has said since the start which boxes it has.
    keeper_told: bool,
    conns: BTreeMap<ConnId, Conn>,
    listening: Vec<Addr>,
    reach: Reach,
    /// Until when a change of the network brings about no dials.
    stirs_at_ms: u64,
    near: Near,
    next_conn: u64,
    meetings: Meetings,
    now: Now,
    age: Age,
    /// The age that was stored last, in minutes.
    age_stored: u32,
    wake_ms: u64,
    entropy: Entropy,
    dirty: BTreeSet<Saved>,
    step: Step,
    /// Parcels sealed since the last step, by the number of their message: they need not be read back.
    sealed: BTreeMap<u64, Said>,
    /// Whether something of it must not wait; acknowledgements that came in can.
    urgent: bool,
    /// Until when those do.
    waits_until_ms: Option<u64>,
    #[cfg(feature = "planted")]
    held: Step,
}

/// What a stranger's first bytes are, as far as they have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knock {
    /// They knock at one of our doors; its flight is so many bytes long.
    More(usize),
    /// The whole flight bears the tag of that door: hand it in.
    Known,
    /// Nobody we know: not a byte to them.
    Stranger,
}

impl Engine {
    /// A new node with an identity of its own and no friends. The first step stores it.
    pub fn create(now: Now, entropy: [u8; 32]) -> Self {
        let mut entropy = Entropy::new(entropy);
        let me = Me::new(Identity::from_seed(entropy.key()));
        let handles = entropy.key();
        let first = (Counters::default(), Age::new(now));
        let mut engine = Self::new(me, handles, first, now, entropy);
        engine.mark(Saved::Identity);
        engine.mark(Saved::Node);
        engine
    }

    /// The node whose records the vault opened.
    ///
    /// # Errors
    /// If they are not what one engine wrote, or a later version did.
    pub fn open(
        now: Now,
        entropy: [u8; 32],
        records: impl IntoIterator<Item = (Name, Said)>,
    ) -> Result<Self, OpenError> {
        let stored = Stored::read(records)?;
        let (me, handles) = stored.identity()?;
        let mut engine = Self::new(me, handles, stored.node(now)?, now, Entropy::new(entropy));
        if stored.is_old(now)? {
            engine.mark(Saved::Node);
        }
        engine.onion = stored.onion()?;
        engine.friends = stored.friends(&engine.me)?;
        engine.invites = stored.invites(&engine.me)?;
        engine.joins = stored.joins()?;
        (engine.introductions, engine.introducing) = stored.introductions()?;
        engine.reach = stored.reach()?;
        engine.files = stored.files(&engine.introducing, &engine.friends)?;
        (engine.inbox, engine.history) = stored.words()?;
        engine.groups = stored.groups()?;
        if !engine
            .groups
            .fit(engine.counters.next_friend, &engine.friends)
        {
            return Err(OpenError::BadRecords);
        }
        Ok(engine)
    }

    fn new(
        me: Me,
        handles: Key<Handles>,
        (counters, age): (Counters, Age),
        now: Now,
        entropy: Entropy,
    ) -> Self {
        Self {
            me,
            handles,
            counters,
            friends: BTreeMap::new(),
            invites: BTreeMap::new(),
            joins: BTreeMap::new(),
            introductions: BTreeMap::new(),
            introducing: introductions::Counts::default(),
            files: Files::default(),
            groups: Groups::default(),
            covers: false,
            inbox: Inbox::default(),
            history: History::default(),
            settings: Settings {
                post_min: POST_MINUTES,
                keep_min: KEEP_MINUTES,
                bodies_bytes: BODIES_BYTES,
                ways: Ways::default(),
                hurries: false,
            },
            onion: None,
            rotate_links: ROTATE_LINKS,
            full: false,
            keeper_told: false,
            conns: BTreeMap::new(),
            listening: Vec::new(),
            reach: Reach::default(),
            stirs_at_ms: 0,
            near: Near::default(),
            next_conn: 1,
            meetings: Meetings::default(),
            now,
            age_stored: age.minutes(),
            age,
            wake_ms: 0,
            entropy,
            dirty: BTreeSet::new(),
            step: Step::default(),
            sealed: BTreeMap::new(),
            urgent: true,
            waits_until_ms: None,
            #[cfg(feature = "planted")]
            held: Step::default(),
        }
    }

    /// One thing happened. `entropy` is fresh for each call; the same inputs with the same entropy
    /// do the same.
    pub fn handle(&mut self, now: Now, entropy: [u8; 32], input: Input) {
        self.now = now;
        if self.age.look(now) {
            self.mark(Saved::Node);
        }
        self.entropy = Entropy::new(entropy);
        let urgent = core::mem::replace(&mut self.urgent, true);
        match input {
            Input::Ask { asker, request } => self.asked(asker, request),
            Input::Listening(addrs) => self.listens(addrs),
            Input::Near(addrs) => self.near(addrs),
            Input::Beacon { from, bytes } => self.beacon(from, &bytes),
            Input::Connected(conn) => self.connected(conn),
            Input::Flight {
                conn,
                bytes,
                through,
            } => self.flight(conn, &bytes, through),
            Input::Bytes { conn, bytes } => self.door_bytes(conn, &bytes),
            Input::Opened(conn) => self.opened(conn),
            Input::Frame { conn, kind, body } => {
                if let Some(Heard::Ack) = self.frame(conn, kind, &body) {
                    self.urgent = urgent;
                    self.may_wait();
                }
            }
            Input::Probed { conn, alive } => self.probed(conn, alive),
            Input::Parcel(bytes) => {
                self.carried(&bytes);
            }
            Input::Fetched { id, text } => self.fetched(id, text),
            Input::Closed(conn) => self.closed(conn),
            Input::Settings(settings) => self.set(settings),
            Input::Room { full } => self.room(full),
            Input::Kept(kept) => self.boxes_are(&kept),
            Input::MeetingOpen(addrs) => self.meeting_open(addrs),
            Input::Guest(conn) => self.guest(conn),
            Input::Tick => {}
        }
        if self.now.boot_ms >= self.wake_ms {
            self.timers();
        }
    }

    /// What is to be done since the last call, as one step; nothing if nothing is.
    pub fn poll(&mut self) -> Option<Step> {
        self.send_acks();
        self.sealed.clear();
        if self.urgent || !self.step.puts.is_empty() || !self.step.then.is_empty() {
            self.write_marked();
            (self.urgent, self.waits_until_ms) = (false, None);
        } else {
            let at_once = core::mem::take(&mut self.step.at_once);
            let step = Step {
                at_once,
                ..Step::default()
            };
            return (!step.at_once.is_empty()).then_some(step);
        }
        let step = core::mem::take(&mut self.step);
        let idle = step.at_once.is_empty()
            && step.puts.is_empty()
            && step.erases.is_empty()
            && step.then.is_empty();
        #[cfg(feature = "planted")]
        let step = crate::planted::hold_back(&mut self.held, step, idle);
        (!idle).then_some(step)
    }

    /// What changed rests on nothing of ours and promises nothing: it may go with the next step.
    fn may_wait(&mut self) {
        let at_ms = self.after(ERASE_PAUSE_MS);
        let at_ms = *self.waits_until_ms.get_or_insert(at_ms);
        self.wake_by(at_ms);
    }

    fn end_waiting(&mut self) {
        match self.waits_until_ms {
            Some(at_ms) if at_ms <= self.now.boot_ms => self.urgent = true,
            Some(at_ms) => self.wake_by(at_ms),
            None => {}
        }
    }

    /// When to call with [`Input::Tick`] if nothing else happens, on the boot clock in milliseconds.
    pub fn wake_at(&self) -> u64 {
        self.wake_ms
    }

    /// By what the network knows a friend. Local: never sent.
    fn handle_of(&self, point: &Point) -> Handle {
        Handle(kdf::mac(&self.handles, &[b"peerid", point.as_bytes()]))
    }

    /// Does what is due, and finds out when the next thing will be.
    fn timers(&mut self) {
        self.wake_ms = self.now.boot_ms.saturating_add(HOUR_MS);
        self.end_invitations();
        self.end_introductions();
        self.go_on_with_files();
        self.go_on_with_groups();
        self.send_cover();
        self.dial_friends();
        self.dial_inviters();
        self.beacons();
        self.rotate();
        self.show_overdue();
        self.expire();
        self.wake_for_acks();
        self.repeat_offers();
        self.follow_keepers();
        self.give_unasked();
        self.end_old_asks();
        self.leave_with_keepers();
        self.fetch_from_keepers();
        self.end_waiting();
        self.end_late_meeting();
    }

    /// Asks to be called at a moment of the boot clock.
    fn wake_by(&mut self, at_ms: u64) {
        self.wake_ms = self.wake_ms.min(at_ms);
    }

    /// Asks to be called when the wall clock shows a minute; an hour at most is trusted to it.
    fn wake_by_minute(&mut self, minute: u32) {
        let left = u64::from(minute.saturating_sub(self.now.minutes())) * crate::time::MINUTE_MS;
        self.wake_by(self.now.boot_ms.saturating_add(left.clamp(1_000, HOUR_MS)));
    }

    /// Asks to be called at an age of the node.
    fn wake_by_age(&mut self, minutes: u32) {
        let left = u64::from(minutes.saturating_sub(self.age.minutes())) * crate::time::MINUTE_MS;
        self.wake_by(self.now.boot_ms.saturating_add(left.clamp(1_000, HOUR_MS)));
    }

    fn then(&mut self, effect: Effect) {
        self.step.then.push(effect);
    }

    fn show(&mut self, event: Event) {
        self.then(Effect::Show(event));
    }
}
