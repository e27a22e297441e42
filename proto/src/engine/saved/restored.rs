//! The records coming back at start: sorted by what they hold, then put together. Anything that this
//! engine could not have written is an error, never a guess.

use std::collections::BTreeMap;

use bincode::Decode;

use super::{
    ArrivalRecord, BadRecords, Counters, EntryRecord, FriendRecord, IdentityRecord, InviteRecord,
    JoinRecord, NodeRecord, OpenError, PendingRecord, Saved, SessionsRecord, VERSION, decode,
};
use crate::edge::Edge;
use crate::engine::files::{File, Files};
use crate::engine::groups::Groups;
use crate::engine::introductions::{Introduction, IntroductionRecord, IntroductionsRecord};
use crate::engine::invitations::{Invite, Join};
use crate::engine::me::Me;
use crate::engine::renewal::standing;
use crate::engine::roads::Reach;
use crate::friend::{
    Boxes, Edges, Friend, LeftAt, Live, Mine, Offered, Outbox, Parked, Pending, Post, Previous,
    RenewalRecord, Seen, SeenEntry, Sessions, Traffic, Zone,
};
use crate::history::{History, Owner};
use crate::identity::{Identity, Point};
use crate::inbox::Inbox;
use crate::petname::Petname;
use crate::ratchet::handshake::Offer;
use crate::ratchet::{BlockRecord, Session, SessionRecord};
use crate::secret::{Handles, Kept, Onion, Said, Seed};
use crate::time::{Age, Now};
use crate::vault::Name;

/// A part of a group: its own two numbers, and what stands in it.
type PartOf<'a> = ((u64, u32), &'a Said);

/// Everything that was stored, sorted by what it is; then put together in an order that makes sense.
#[derive(Default)]
pub(in crate::engine) struct Stored(BTreeMap<Saved, Said>);

impl Stored {
    /// Takes the records as the vault opened them, in any order. A later version may name its records
    /// otherwise, too: it is told by how they begin.
    pub(in crate::engine) fn read(
        records: impl IntoIterator<Item = (Name, Said)>,
    ) -> Result<Self, OpenError> {
        let known = |(name, body): (Name, Said)| {
            if body.first().is_some_and(|version| *version > VERSION) {
                return Err(OpenError::TooNew);
            }
            Ok((Saved::of(&name).ok_or(BadRecords)?, body))
        };
        records
            .into_iter()
            .map(known)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn get<T: Decode<()>>(&self, saved: Saved) -> Result<Option<T>, BadRecords> {
        self.0.get(&saved).map(|body| decode(body)).transpose()
    }

    fn need<T: Decode<()>>(&self, saved: Saved) -> Result<T, BadRecords> {
        self.get(saved)?.ok_or(BadRecords)
    }

    pub(in crate::engine) fn identity(
        &self,
    ) -> Result<(Me, crate::secret::Key<Handles>), BadRecords> {
        let record: IdentityRecord = self.need(Saved::Identity)?;
        let former: Vec<Kept<Seed>> = self.get(Saved::Former)?.unwrap_or_default();
        let newest = Identity::from_seed(record.seed.key());
        Ok((Me::with(newest, &former), record.handles.key()))
    }

    pub(in crate::engine) fn onion(&self) -> Result<Option<crate::secret::Key<Onion>>, BadRecords> {
        let kept: Option<Kept<Onion>> = self.get(Saved::Onion)?;
        Ok(kept.map(|kept| kept.key()))
    }

    pub(in crate::engine) fn node(&self, now: Now) -> Result<(Counters, Age), BadRecords> {
        let NodeRecord { counters, age } = self.need(Saved::Node)?;
        if !counters.can_go_on() {
            return Err(BadRecords);
        }
        Ok((counters, Age::restore(age, now)))
    }

    /// Whether its age is to be stored anew at once.
    pub(in crate::engine) fn is_old(&self, now: Now) -> Result<bool, BadRecords> {
        let NodeRecord { age, .. } = self.need(Saved::Node)?;
        Ok(age.is_old(now))
    }

    pub(in crate::engine) fn friends(&self, me: &Me) -> Result<BTreeMap<u32, Friend>, BadRecords> {
        let numbers = self.0.keys().filter_map(|saved| match saved {
            Saved::Friend(no) => Some(*no),
            _ => None,
        });
        let mut friends: BTreeMap<_, _> = numbers
            .map(|no| Ok((no, self.friend(no, me)?)))
            .collect::<Result<_, BadRecords>>()?;
        for (saved, body) in &self.0 {
            if let Saved::Entry(id) = saved
                && let EntryRecord::Waits(entry) = decode(body)?
            {
                friends
                    .get_mut(&entry.friend)
                    .ok_or(BadRecords)?
                    .outbox
                    .insert(*id, entry);
            }
        }
        for (saved, body) in &self.0 {
            if let Saved::Left(id) = saved {
                let at: LeftAt = decode(body)?;
                let mut friends = friends.values_mut();
                let of = friends.find(|friend| friend.outbox.get(*id).is_some());
                of.ok_or(BadRecords)?.outbox.leave(*id, at);
            }
        }
        Ok(friends)
    }

    fn friend(&self, no: u32, me: &Me) -> Result<Friend, BadRecords> {
        let record: FriendRecord = self.need(Saved::Friend(no))?;
        let point = Point::parse(record.point).map_err(|_| BadRecords)?;
        let edges = record.edges.iter();
        let renewal: Option<RenewalRecord> = self.get(Saved::Renewal(no))?;
        let (mine, renewal) = standing(renewal, me).ok_or(BadRecords)?;
        let edges = edges.map(|edge| Edge::restore(edge, &mine, &point));
        let edges = edges.collect::<Option<_>>().and_then(Edges::restore);
        let mut friend = Friend {
            petname: Petname::parse(&record.petname).map_err(|_| BadRecords)?,
            nick: record.nick,
            point,
            since_min: record.since_min,
            joined: record.joined,
            settled: record.settled,
            copied: record.copied,
            linked: record.linked,
            edges: edges.ok_or(BadRecords)?,
            renewal,
            addrs: record.addrs,
            roads: self.get(Saved::Roads(no))?.unwrap_or_default(),
            language: record.language,
            safety: record.safety,
            keep: record.keep,
            timer: record.timer,
            private: self.get(Saved::Private(no))?.unwrap_or_default(),
            trust: self.get(Saved::Trust(no))?.unwrap_or_default(),
            zone: self.zone(no)?,
            traffic: self.get::<Traffic>(Saved::Traffic(no))?.unwrap_or_default(),
            sessions: self.sessions(no)?,
            seen: self.seen(no)?,
            outbox: Outbox::default(),
            post: self.post(no)?,
            live: Live::default(),
        };
        friend.open_next();
        Ok(friend)
    }

    fn sessions(&self, no: u32) -> Result<Sessions, BadRecords> {
        let Some(record) = self.get::<SessionsRecord>(Saved::Sessions(no))? else {
            return Ok(Sessions::default());
        };
        let offer = record.offer.map(|(offer, stamp, root)| Offered {
            offer: Offer::restore(&offer),
            stamp,
            root,
        });
        let session = |number| self.session(no, number);
        let pending = |record: PendingRecord| {
            Ok(Pending {
                session: session(record.number)?,
                continuous: record.continuous,
                stamp: record.stamp,
                offer_tag: record.offer_tag,
                root: record.root,
                answer: self.need(Saved::Answer(no))?,
            })
        };
        let previous = |(number, since)| {
            let session = session(number)?;
            Ok(Previous { session, since })
        };
        let parked = |(number, repeats): (u32, bool)| {
            let third = repeats.then(|| self.need(Saved::Third(no))).transpose()?;
            let session = session(number)?;
            Ok(Parked { session, third })
        };
        Ok(Sessions {
            offer,
            active: record.active.map(session).transpose()?,
            previous: record.previous.map(previous).transpose()?,
            pending: record.pending.map(pending).transpose()?,
            parked: record.parked.map(parked).transpose()?,
            last: record.last,
            wanted: record.wanted,
            lost_here: record.lost_here,
            gap: record.gap,
            resets: record.resets,
        })
    }

    /// One session, with its blocks.
    fn session(&self, no: u32, number: u32) -> Result<Session, BadRecords> {
        let record: SessionRecord = self.need(Saved::Session(no, number))?;
        let mut blocks = Vec::<(_, BlockRecord)>::new();
        for (saved, body) in &self.0 {
            if let Saved::Block(of, its, block) = saved
                && (*of, *its) == (no, number)
            {
                blocks.push((*block, decode(body)?));
            }
        }
        let blocks = blocks.iter().map(|(block, record)| (*block, record));
        Session::restore(&record, blocks).ok_or(BadRecords)
    }

    fn seen(&self, no: u32) -> Result<Seen, BadRecords> {
        let mut seen = Seen::default();
        for (saved, body) in &self.0 {
            if let Saved::Seen(of, block) = saved
                && *of == no
            {
                let entries = decode::<Vec<SeenEntry>>(body)?;
                seen.restore(*block, entries).ok_or(BadRecords)?;
            }
        }
        Ok(seen)
    }

    fn post(&self, no: u32) -> Result<Post, BadRecords> {
        let mut held = BTreeMap::new();
        for (saved, body) in &self.0 {
            if let Saved::Held(of, place) = saved
                && *of == no
            {
                held.insert(*place, decode(body)?);
            }
        }
        let boxes: Boxes = self.get(Saved::Boxes(no))?.unwrap_or_default();
        let sound = boxes.mine.as_ref().is_none_or(Mine::is_sound);
        sound.then_some(Post { boxes, held }).ok_or(BadRecords)
    }

    fn zone(&self, no: u32) -> Result<Zone, BadRecords> {
        let mut heard = BTreeMap::new();
        for (saved, body) in &self.0 {
            if let Saved::Heard(of, place) = saved
                && *of == no
            {
                heard.insert(*place, decode(body)?);
            }
        }
        let shown = self.get(Saved::Shown(no))?.unwrap_or_default();
        Ok(Zone { shown, heard })
    }

    pub(in crate::engine) fn invites(&self, me: &Me) -> Result<BTreeMap<u32, Invite>, BadRecords> {
        let mut invites = BTreeMap::new();
        for (saved, body) in &self.0 {
            if let Saved::Invite(no) = saved {
                let record: InviteRecord = decode(body)?;
                let code = crate::invite::Code {
                    expiry_min: record.expiry_min,
                    ik: *me.point().as_bytes(),
                    secret: record.secret.key(),
                    addrs: record.addrs,
                    language: record.language,
                };
                let name = Petname::parse(&record.name).map_err(|_| BadRecords)?;
                let mut invite = Invite::new(code, name, record.nick);
                invite.asked = record.asked.into_iter().collect();
                (invite.claimed, invite.retries) = (record.claimed, record.retries);
                invites.insert(*no, invite);
            }
        }
        Ok(invites)
    }

    pub(in crate::engine) fn joins(&self) -> Result<BTreeMap<u32, Join>, BadRecords> {
        let mut joins = BTreeMap::new();
        for (saved, body) in &self.0 {
            if let Saved::Join(no) = saved {
                let record: JoinRecord = decode(body)?;
                let inviter = Point::parse(record.inviter).map_err(|_| BadRecords)?;
                let code = crate::invite::Code {
                    expiry_min: record.expiry_min,
                    ik: record.inviter,
                    secret: record.secret.key(),
                    addrs: record.addrs,
                    language: record.language,
                };
                let name = Petname::parse(&record.name).map_err(|_| BadRecords)?;
                let mut join = Join::new(code, inviter, name, record.nick);
                join.friend = record.friend;
                joins.insert(*no, join);
            }
        }
        Ok(joins)
    }

    /// Where I can be reached.
    pub(in crate::engine) fn reach(&self) -> Result<Reach, BadRecords> {
        Ok(self.get(Saved::Reach)?.unwrap_or_default())
    }

    /// Introductions, and how many there were.
    pub(in crate::engine) fn introductions(
        &self,
    ) -> Result<(BTreeMap<u32, Introduction>, IntroductionsRecord), BadRecords> {
        let counts: IntroductionsRecord = self.get(Saved::Introductions)?.unwrap_or_default();
        let mut all = BTreeMap::new();
        for (saved, body) in &self.0 {
            if let Saved::Introduction(no) = saved {
                let record: IntroductionRecord = decode(body)?;
                let introduction = record.introduction().filter(|_| *no <= counts.next);
                all.insert(*no, introduction.ok_or(BadRecords)?);
            }
        }
        Ok((all, counts))
    }

    /// Files, of friends who are there.
    pub(in crate::engine) fn files(
        &self,
        counts: &IntroductionsRecord,
        friends: &BTreeMap<u32, Friend>,
    ) -> Result<Files, BadRecords> {
        let mut all = BTreeMap::new();
        for (saved, body) in &self.0 {
            if let Saved::File(no) = saved {
                let file: File = decode(body)?;
                if *no > counts.next || !friends.contains_key(&file.friend()) {
                    return Err(BadRecords);
                }
                all.insert(*no, file);
            }
        }
        Files::restore(all).ok_or(BadRecords)
    }

    /// Groups, and what was said in them or to them.
    pub(in crate::engine) fn groups(&self) -> Result<Groups, BadRecords> {
        let mut groups = Groups::default();
        let mut parts: BTreeMap<u32, Vec<PartOf<'_>>> = BTreeMap::new();
        for (saved, body) in &self.0 {
            match saved {
                Saved::Group(no, part, index) => {
                    parts.entry(*no).or_default().push(((*part, *index), body));
                }
                Saved::Stray(id) => groups.restore_stray(*id, decode(body)?),
                Saved::Entry(id) => {
                    if let EntryRecord::Spoken(spoken, _) = decode(body)? {
                        groups.spoken.insert(*id, spoken);
                    }
                }
                _ => {}
            }
        }
        for (no, parts) in parts {
            groups.restore(no, &parts)?;
        }
        Ok(groups)
    }

    /// What was not read, and what was and is kept.
    pub(in crate::engine) fn words(&self) -> Result<(Inbox, History), BadRecords> {
        let (mut arrivals, mut history) = (BTreeMap::new(), History::default());
        for (saved, body) in &self.0 {
            let (owner, line) = match saved {
                Saved::Arrival(id) => match decode(body)? {
                    ArrivalRecord::Unread(arrival) => {
                        arrivals.insert(*id, arrival);
                        continue;
                    }
                    ArrivalRecord::Kept(line) => (Owner::Arrival(*id), line),
                },
                Saved::Entry(id) => match decode(body)? {
                    EntryRecord::Waits(_) | EntryRecord::Spoken(_, None) => continue,
                    EntryRecord::Spoken(_, Some(line)) => (Owner::Entry(*id), line),
                    EntryRecord::Kept(line) => (Owner::Entry(*id), line),
                },
                _ => continue,
            };
            if history.is_taken(&line) {
                return Err(BadRecords);
            }
            history.insert(owner, line, 0);
        }
        Ok((Inbox::restore(arrivals).ok_or(BadRecords)?, history))
    }
}
