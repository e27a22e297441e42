//! Before the comparison: who came, the list that is checked against it, and the shares that are opened
//! once it was. PROTOCOL §2c.

use super::Unfit;
use super::agreed::Agreed;
use crate::identity::Point;
use crate::kdf::Entropy;
use crate::kem::Opener;
use crate::limits::MEETING_PEOPLE_MAX;
use crate::meeting::entry::{Entry, Mine, commit};
use crate::meeting::frame::Frame;
use crate::meeting::list::{Line, List};
use crate::petname::alike;
use crate::secret::{Key, Room};
use crate::words::Language;

/// A share as the host passed it on: whose, what, and of which list.
type Share = (u8, [u8; 32], [u8; 32]);

/// People come and go.
pub(super) struct Gathering {
    language: Language,
    room_id: [u8; 32],
    mine: Mine,
    /// The others, in the order they came.
    entries: Vec<Entry>,
    pub counted: Option<u8>,
    list: Option<List>,
    /// Shares of those who were quicker than my human.
    shares: Vec<Share>,
}

impl Gathering {
    pub(super) fn new(
        language: Language,
        room_id: [u8; 32],
        (me, nick): (Point, &str),
        entropy: &mut Entropy,
    ) -> Option<Self> {
        Some(Self {
            language,
            room_id,
            mine: Mine::draw(&room_id, me, nick, entropy)?,
            entries: Vec::new(),
            counted: None,
            list: None,
            shares: Vec::new(),
        })
    }

    pub(super) fn commit(&self) -> Frame {
        Frame::Commit {
            room_id: self.room_id,
            entry: self.mine.entry.clone(),
        }
    }

    pub(super) fn hear(&mut self, frame: Frame) -> Result<(), Unfit> {
        match frame {
            Frame::Entry(entry) if self.list.is_none() => self.came(entry),
            Frame::Gone(c) if self.list.is_none() => {
                self.entries.retain(|entry| entry.c != c);
                Ok(())
            }
            Frame::List(list) if self.list.is_none() => {
                self.list = Some(list);
                Ok(())
            }
            Frame::Open { from, share, list } if self.list.is_some() => {
                let twice = self.shares.iter().any(|(whose, ..)| *whose == from);
                (!twice).then_some(()).ok_or(Unfit::Broken)?;
                self.shares.push((from, share, list));
                Ok(())
            }
            _ => Err(Unfit::Broken),
        }
    }

    fn came(&mut self, entry: Entry) -> Result<(), Unfit> {
        let mine = &self.mine.entry;
        let same = |one: &Entry| one.c == entry.c || one.data.point == entry.data.point;
        if same(mine)
            || self.entries.iter().any(same)
            || self.entries.len() + 1 >= MEETING_PEOPLE_MAX
        {
            return Err(Unfit::Broken);
        }
        self.entries.push(entry);
        Ok(())
    }

    pub(super) fn is_ready(&self) -> bool {
        self.counted.is_some() && self.list.is_some()
    }

    /// Compares the list with all I know; only then is my share opened.
    pub(super) fn check(self) -> Result<(Opening, Frame), Unfit> {
        let (Some(list), Some(counted)) = (self.list, self.counted) else {
            return Err(Unfit::Broken);
        };
        // At most 64.
        let there = list.lines.len() as u8;
        if there != counted && !planted!(CountUnchecked) {
            return Err(Unfit::Count { counted, there });
        }
        if list.room_id != self.room_id || list.language != self.language {
            return Err(Unfit::Broken);
        }
        let mine = self.mine.entry.c;
        let mut all = vec![self.mine.entry];
        all.extend(self.entries);
        all.sort_by_key(|entry| entry.data.point);
        if !all.iter().map(Line::from).eq(list.lines.iter().cloned()) {
            return Err(Unfit::Broken);
        }
        if let Some(nick) = alike(all.iter().map(|entry| entry.data.shown.as_str())) {
            return Err(Unfit::Alike(nick.to_owned()));
        }
        let me = all.iter().position(|entry| entry.c == mine);
        // Below 64: it stands in a list of so many.
        let me = me.ok_or(Unfit::Broken)? as u8;
        let share = *self.mine.share.expose();
        let hash = list.hash();
        let mut opening = Opening {
            shares: vec![None; all.len()],
            all,
            list: hash,
            room_id: self.room_id,
            language: self.language,
            me,
            opener: self.mine.opener,
        };
        opening.opened(me, share, hash)?;
        for (from, share, list) in self.shares {
            opening.opened(from, share, list)?;
        }
        let open = Frame::Open {
            from: me,
            share,
            list: hash,
        };
        Ok((opening, open))
    }

    pub(super) fn others(&self) -> Vec<(u8, String, Point)> {
        let others = self.entries.iter().map(|entry| &entry.data);
        // At most 63.
        let others = others
            .enumerate()
            .map(|(at, data)| (at as u8, data.shown.clone(), data.point));
        others.collect()
    }
}

/// The list is fixed: the others' shares are awaited.
pub(super) struct Opening {
    all: Vec<Entry>,
    shares: Vec<Option<[u8; 32]>>,
    list: [u8; 32],
    room_id: [u8; 32],
    language: Language,
    me: u8,
    opener: Opener,
}

impl Opening {
    pub(super) fn hear(&mut self, frame: &Frame) -> Result<(), Unfit> {
        let Frame::Open { from, share, list } = frame else {
            return Err(Unfit::Broken);
        };
        self.opened(*from, *share, *list)
    }

    /// Takes a share that opens its commitment, of this very list, once.
    fn opened(&mut self, from: u8, share: [u8; 32], list: [u8; 32]) -> Result<(), Unfit> {
        let at = usize::from(from);
        let (Some(entry), Some(place)) = (self.all.get(at), self.shares.get_mut(at)) else {
            return Err(Unfit::Broken);
        };
        let opens = commit(&self.room_id, &entry.data.hash, &share) == entry.c;
        let opens = opens || planted!(CommitmentUnchecked);
        if !opens || list != self.list || place.is_some() {
            return Err(Unfit::Broken);
        }
        *place = Some(share);
        Ok(())
    }

    pub(super) fn is_ready(&self) -> bool {
        self.shares.iter().all(Option::is_some)
    }

    pub(super) fn agree(self, secret: &Key<Room>) -> Agreed {
        let shares: Vec<_> = self.shares.into_iter().flatten().collect();
        Agreed::new(
            (self.list, &shares),
            self.language,
            (self.all, self.me),
            self.opener,
            secret,
        )
    }

    pub(super) fn count(&self) -> u8 {
        self.all.len() as u8
    }

    pub(super) fn others(&self) -> Vec<(u8, String, Point)> {
        let all = (0..).zip(&self.all);
        let others = all.filter(|(at, _)| *at != self.me);
        others
            .map(|(at, entry)| (at, entry.data.shown.clone(), entry.data.point))
            .collect()
    }
}
