//! Who opened the meeting passes on what the guests say, his own guest's words too. Nobody trusts this
//! part; it keeps order so that one guest cannot spoil the round for all by accident. PROTOCOL §2c.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::Entry;
use super::frame::{Frame, Sorry, Step};
use super::list::List;
use crate::kdf::Entropy;
use crate::limits::{MEETING_PEOPLE_MAX, MEETING_PEOPLE_MIN};
use crate::link::ConnId;
use crate::petname::alike;
use crate::words::Language;

/// A guest's place: a connection, or nothing for the host's own guest.
pub(crate) type Seat = Option<ConnId>;

/// What to say to whom, in this order.
pub(crate) type Passed = Vec<(Seat, Frame)>;

/// The relay of a meeting.
pub(crate) struct Host {
    room_id: [u8; 32],
    language: Language,
    /// All who were greeted, in the order they came.
    seats: BTreeMap<Seat, Option<Entry>>,
    /// In the order in which they sat down.
    order: Vec<Seat>,
    /// Who ever sat down, and is here.
    known: BTreeSet<Seat>,
    counted: Option<u8>,
    fixed: Option<Fixed>,
}

/// The list is fixed.
struct Fixed {
    /// Who stands where in it.
    places: Vec<Seat>,
    list: [u8; 32],
    opened: BTreeSet<u8>,
    /// What was passed on from whom to whom: once each.
    passed: BTreeSet<(u8, u8, u8)>,
}

impl Fixed {
    /// Whether all shares are open: from here on who goes is missing only to those who wait for them.
    fn is_open(&self) -> bool {
        self.opened.len() == self.places.len()
    }

    fn seat(&self, place: u8) -> Option<Seat> {
        self.places.get(usize::from(place)).copied()
    }
}

impl Host {
    /// A meeting that begins with the host's own guest.
    pub(crate) fn new(language: Language, entropy: &mut Entropy) -> (Self, Passed) {
        let mut host = Self {
            room_id: entropy.bytes(),
            language,
            seats: BTreeMap::new(),
            order: Vec::new(),
            known: BTreeSet::new(),
            counted: None,
            fixed: None,
        };
        let hello = host.greet(None);
        (host, hello)
    }

    fn hello(&self) -> Frame {
        Frame::Hello {
            language: self.language,
            room_id: self.room_id,
        }
    }

    /// Somebody is there. A frame for them comes first; after a `Sorry` they are to be let go.
    pub(crate) fn greet(&mut self, seat: Seat) -> Passed {
        if self.fixed.is_some() {
            return vec![(seat, Frame::Sorry(Sorry::Begun))];
        }
        self.seats.insert(seat, None);
        vec![(seat, self.hello())]
    }

    fn committed(&self) -> impl Iterator<Item = (Seat, &Entry)> {
        let order = self.order.iter();
        order.filter_map(|seat| Some((*seat, self.seats.get(seat)?.as_ref()?)))
    }

    /// One frame of a guest's. Nothing if no honest guest says it: then they are to be let go.
    pub(crate) fn hear(&mut self, seat: Seat, frame: Frame) -> Option<Passed> {
        match frame {
            Frame::Commit { room_id, entry } => self.sit_down(seat, &room_id, entry),
            Frame::Open { from, share, list } => {
                let Some(fixed) = &mut self.fixed else {
                    // Of a run that broke off meanwhile.
                    return Some(Vec::new());
                };
                if list != fixed.list {
                    return Some(Vec::new());
                }
                let right = fixed.seat(from) == Some(seat) && fixed.opened.insert(from);
                let open = Frame::Open { from, share, list };
                right.then(|| self.to_others(seat, &open))
            }
            Frame::Pair { from, to, step, .. } => {
                let number = match step {
                    Step::First => 1,
                    Step::Second => 2,
                };
                self.pass(seat, (from, to, number), frame)
            }
            Frame::Keep { from, to, .. } => self.pass(seat, (from, to, 3), frame),
            _ => None,
        }
    }

    fn sit_down(&mut self, seat: Seat, room_id: &[u8; 32], entry: Entry) -> Option<Passed> {
        let sorry = |why| Some(vec![(seat, Frame::Sorry(why))]);
        // Of a run that broke off meanwhile: the answer to the new HELLO is on its way.
        if *room_id != self.room_id {
            return Some(Vec::new());
        }
        if self.fixed.is_some() {
            return sorry(Sorry::Begun);
        }
        if self.seats.get(&seat)?.is_some() {
            return None;
        }
        let same = |one: &Entry| one.c == entry.c || one.data.point == entry.data.point;
        if self.committed().any(|(_, one)| same(one)) {
            return None;
        }
        if self.committed().count() >= MEETING_PEOPLE_MAX {
            return sorry(Sorry::Full);
        }
        let nicks = self.committed().map(|(_, one)| one.data.shown.as_str());
        if alike(nicks.chain([entry.data.shown.as_str()])).is_some() {
            return sorry(Sorry::NickTaken);
        }
        let there: Vec<_> = self.committed().map(|(_, one)| one.clone()).collect();
        let mut passed: Passed = there
            .into_iter()
            .map(|one| (seat, Frame::Entry(one)))
            .collect();
        self.seats.insert(seat, Some(entry.clone()));
        self.order.push(seat);
        self.known.insert(seat);
        passed.extend(self.to_others(seat, &Frame::Entry(entry)));
        passed.extend(self.fix());
        Some(passed)
    }

    /// To all who sit here but one.
    fn to_others(&self, but: Seat, frame: &Frame) -> Passed {
        let others = self.committed().map(|(seat, _)| seat);
        let others = others.filter(|seat| *seat != but);
        others.map(|seat| (seat, frame.clone())).collect()
    }

    /// The host's human counted so many.
    pub(crate) fn count(&mut self, count: u8) -> Passed {
        self.counted = Some(count);
        self.fix()
    }

    /// How many sit here.
    pub(crate) fn there(&self) -> u8 {
        // At most 64.
        self.committed().count() as u8
    }

    /// Fixes the list once as many sit here as the host's human counted.
    fn fix(&mut self) -> Passed {
        let there = self.there();
        let enough = usize::from(there) >= MEETING_PEOPLE_MIN && self.counted == Some(there);
        if self.fixed.is_some() || !enough {
            return Vec::new();
        }
        let lines = self.committed().map(|(_, entry)| entry.into()).collect();
        let list = List::new(self.room_id, self.language, lines);
        let whose = |c| self.committed().find(|(_, entry)| entry.c == c);
        let places = list.lines.iter().filter_map(|line| whose(line.c));
        self.fixed = Some(Fixed {
            places: places.map(|(seat, _)| seat).collect(),
            list: list.hash(),
            opened: BTreeSet::new(),
            passed: BTreeSet::new(),
        });
        let seats = self.committed().map(|(seat, _)| seat);
        seats
            .map(|seat| (seat, Frame::List(list.clone())))
            .collect()
    }

    /// From one of a pair to the other, each message once, and not before all shares are open.
    fn pass(&mut self, seat: Seat, what: (u8, u8, u8), frame: Frame) -> Option<Passed> {
        let fixed = self.fixed.as_mut().filter(|fixed| fixed.is_open())?;
        let right = fixed.seat(what.0) == Some(seat) && what.0 != what.1;
        let whom = fixed.seat(what.1)?;
        (right && fixed.passed.insert(what)).then_some(())?;
        // They may have gone meanwhile.
        let there = self.seats.contains_key(&whom);
        Some(there.then_some((whom, frame)).into_iter().collect())
    }

    /// Somebody went. While the list is being fixed all begin anew; after that only those are concerned
    /// who wait for them.
    pub(crate) fn gone(&mut self, seat: Seat, entropy: &mut Entropy) -> Passed {
        self.known.remove(&seat);
        let Some(Some(entry)) = self.seats.remove(&seat) else {
            return Vec::new();
        };
        self.order.retain(|one| *one != seat);
        match &self.fixed {
            Some(fixed) if !fixed.is_open() => self.begin_again(entropy),
            _ => self.to_others(seat, &Frame::Gone(entry.c)),
        }
    }

    fn begin_again(&mut self, entropy: &mut Entropy) -> Passed {
        (self.fixed, self.counted) = (None, None);
        self.room_id = entropy.bytes();
        self.order.clear();
        self.seats.values_mut().for_each(|entry| *entry = None);
        let hello = self.hello();
        // The host's own guest last: it may have had enough, and then all is over.
        let seats = self.seats.keys().rev();
        seats.map(|seat| (*seat, hello.clone())).collect()
    }

    /// Whether a guest has sat down in this run or an earlier one.
    pub(crate) fn is_known(&self, seat: Seat) -> bool {
        self.known.contains(&seat)
    }

    /// Whether anybody but the host's own guest is here.
    pub(crate) fn has_guests(&self) -> bool {
        self.seats.keys().any(Option::is_some)
    }
}
