//! A meeting under way, or none: what its people ask, and what it comes to. Only in memory, but for the
//! friends that come of it. PROTOCOL §2c.
//!
//! ```text
//! wire.rs     its connections, and who hears what
//! keeping.rs  whom I keep, and whom they keep
//! view.rs     how it stands
//! ```

mod keeping;
#[cfg(test)]
mod tests;
mod view;
mod wire;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Addr, Answer, Begin, ConnId, Effect, End, Engine, Event, Handle, Meet, Meeting, Refusal,
    RoomSecret,
};
use crate::engine::doors::Whom;
use crate::limits::{
    MEETING_LINES, MEETING_LINGER_MS, MEETING_MS, MEETING_PEOPLE_MAX, MEETING_PEOPLE_MIN,
    MEETING_RUNS_MAX, MEETING_WORDS, NICK_BYTES_MAX,
};
use crate::meeting::{Guest, Host, RoomWords, Unfit};
use crate::text::clean_nick;
use crate::words::{self, Language};
use keeping::Kept;
pub(super) use wire::Spoke;

/// The meeting there is, and how it went before.
#[derive(Default)]
pub(super) struct Meetings {
    now: Option<Held>,
    /// How it stood when that was told last.
    told: Option<Meeting>,
    /// Runs since the last good one that broke off with my share opened.
    tried: u8,
}

enum Held {
    Live(Box<Table>),
    /// How it ended.
    Over(Box<Meeting>),
}

/// A meeting that goes on.
struct Table {
    /// The host's part, if I opened it.
    opened: Option<Opened>,
    /// My connection to the host, if I did not.
    star: Option<ConnId>,
    guest: Guest,
    nick: String,
    secret: RoomWords,
    /// The four lines of which my human picks one.
    lines: Option<Lines>,
    /// Of whom my human heard "same".
    same: BTreeSet<u8>,
    kept: BTreeMap<u8, Kept>,
    /// The friend whose name goes to a new computer.
    replace: Option<u32>,
    ends_ms: u64,
    /// My part is done; what others still say is passed on.
    done: Option<End>,
}

struct Opened {
    /// Nothing until the listener is open.
    host: Option<Host>,
    language: Language,
    addrs: Vec<Addr>,
}

struct Lines {
    lines: Vec<Vec<&'static str>>,
    right: u8,
    picked: bool,
}

impl Engine {
    pub(super) fn meet(&mut self, meet: Meet) -> Result<Answer, Refusal> {
        match meet {
            Meet::Begin(begin) => self.begin_meeting(begin)?,
            Meet::Show => return self.show_meeting(),
            Meet::Count(count) => self.count_people(count)?,
            Meet::Picked(line) => self.picked(line)?,
            Meet::Heard { who, same } => self.heard_of(who, same)?,
            Meet::Keep { who, petname } => self.keep_person(who, petname.as_deref())?,
            Meet::Leave => self.leave_meeting()?,
        }
        self.meeting_goes_on();
        self.show_meeting()
    }

    fn show_meeting(&self) -> Result<Answer, Refusal> {
        let view = self.meeting_view().ok_or(Refusal::NotNow)?;
        Ok(Answer::Meeting(Box::new(view)))
    }

    fn table(&mut self) -> Option<&mut Table> {
        match self.meetings.now.as_mut()? {
            Held::Live(table) => Some(table),
            Held::Over(_) => None,
        }
    }

    /// The table, as long as my human takes part.
    fn seated(&mut self) -> Result<&mut Table, Refusal> {
        let table = self.table().filter(|table| table.done.is_none());
        table.ok_or(Refusal::NotNow)
    }

    fn begin_meeting(&mut self, begin: Begin) -> Result<(), Refusal> {
        if self.seated().is_ok() {
            return Err(Refusal::MeetingOpen);
        }
        if begin.nick.len() > NICK_BYTES_MAX {
            return Err(Refusal::BadNick);
        }
        let nick = clean_nick(&begin.nick).ok_or(Refusal::BadNick)?;
        let nick = nick.as_str().to_owned();
        let replace = begin.replace.map(|name| self.find(&name)).transpose()?;
        let secret = match (begin.secret, begin.join) {
            (RoomSecret::None, _) => RoomWords::none(),
            (RoomSecret::Draw, None) => RoomWords::draw(begin.language, &mut self.entropy),
            (RoomSecret::Draw, Some(_)) => return Err(Refusal::BadSecret),
            (RoomSecret::Words(typed), _) => RoomWords::typed(&typed).ok_or(Refusal::BadSecret)?,
        };
        // Somebody else's, that I only still pass on.
        self.end_meeting(End::Done);
        let me = *self.me.point();
        let guest = Guest::new(me, nick.clone(), secret.copy(), self.meetings.tried);
        let mut table = Table {
            opened: None,
            star: None,
            guest,
            nick,
            secret,
            lines: None,
            same: BTreeSet::new(),
            kept: BTreeMap::new(),
            replace,
            ends_ms: self.now.boot_ms.saturating_add(u64::from(MEETING_MS)),
            done: None,
        };
        match begin.join {
            Some(addr) => {
                table.star = Some(ConnId(self.next_conn));
                self.dial(Whom::Meeting, Handle([0; 32]), addr);
            }
            None => {
                table.opened = Some(Opened {
                    host: None,
                    language: begin.language,
                    addrs: Vec::new(),
                });
                self.then(Effect::OpenMeeting);
            }
        }
        self.wake_by(table.ends_ms);
        self.meetings.now = Some(Held::Live(Box::new(table)));
        Ok(())
    }

    /// The listener is open: my own guest is the first to come.
    pub(super) fn meeting_open(&mut self, addrs: Vec<Addr>) {
        let entropy = &mut self.entropy;
        let Some(Held::Live(table)) = &mut self.meetings.now else {
            return self.then(Effect::CloseMeeting);
        };
        let Some(opened) = &mut table.opened else {
            return self.then(Effect::CloseMeeting);
        };
        if addrs.is_empty() {
            return self.end_meeting(End::NotOpened);
        }
        opened.addrs = addrs;
        if opened.host.is_none() {
            let (host, hello) = Host::new(opened.language, entropy);
            opened.host = Some(host);
            self.spread(hello);
        }
        self.meeting_goes_on();
    }

    fn count_people(&mut self, count: u8) -> Result<(), Refusal> {
        let table = self.seated()?;
        let gathers = table.guest.gathers();
        let bounds = MEETING_PEOPLE_MIN..=MEETING_PEOPLE_MAX;
        if !matches!(gathers, Some((_, false))) || !bounds.contains(&usize::from(count)) {
            return Err(Refusal::NotNow);
        }
        let host = table
            .opened
            .as_ref()
            .and_then(|opened| opened.host.as_ref());
        // More computers than people: one of them is nobody's.
        if let Some(there) = host.map(Host::there).filter(|there| *there > count) {
            let counted = count;
            self.end_meeting(End::CountDiffers { counted, there });
            return Ok(());
        }
        match table.guest.count(count) {
            Ok(said) => self.say_to_host(said),
            Err(unfit) => self.unfit(unfit),
        }
        let opened = self.table().and_then(|table| table.opened.as_mut());
        if let Some(host) = opened.and_then(|opened| opened.host.as_mut()) {
            let passed = host.count(count);
            self.spread(passed);
        }
        Ok(())
    }

    fn picked(&mut self, line: Option<u8>) -> Result<(), Refusal> {
        let table = self.seated()?;
        let lines = table.lines.as_mut().filter(|lines| !lines.picked);
        let lines = lines.ok_or(Refusal::NotNow)?;
        if line != Some(lines.right) {
            self.end_meeting(End::NotSame);
            return Ok(());
        }
        lines.picked = true;
        Ok(())
    }

    fn heard_of(&mut self, who: u8, same: bool) -> Result<(), Refusal> {
        let Some(Held::Live(table)) = &mut self.meetings.now else {
            return Err(Refusal::NotNow);
        };
        if !table.ticks() {
            return Err(Refusal::NotNow);
        }
        let agreed = table.guest.agreed().ok_or(Refusal::NotNow)?;
        agreed.peer(who).ok_or(Refusal::NotNow)?;
        if !same {
            self.end_meeting(End::NotSame);
            return Ok(());
        }
        table.same.insert(who);
        if table.same.len() < table.guest.others().len() {
            return Ok(());
        }
        let me = self.me.of(table.guest.point());
        let agreed = table.guest.agreed_mut().ok_or(Refusal::NotNow)?;
        let said = agreed.heard_all(me, &mut self.entropy);
        self.say_to_host(said);
        Ok(())
    }

    /// Who was not chosen by now is not kept, and is told; then I am gone.
    fn leave_meeting(&mut self) -> Result<(), Refusal> {
        let table = self.seated()?;
        if !table.names() {
            self.end_meeting(End::Left);
            return Ok(());
        }
        let others = table.guest.others();
        let unsaid = others.iter().map(|(who, ..)| *who);
        let unsaid = unsaid.filter(|who| !table.kept.contains_key(who));
        let unsaid: Vec<u8> = unsaid.collect();
        table
            .kept
            .extend(unsaid.into_iter().map(|who| (who, Kept::no())));
        self.say_choices();
        self.finish(End::Left);
        Ok(())
    }

    /// I can go no further.
    fn unfit(&mut self, unfit: Unfit) {
        let end = match unfit {
            Unfit::Broken => End::Broken,
            Unfit::Count { counted, there } => End::CountDiffers { counted, there },
            Unfit::Alike(nick) => End::Alike { nick },
            Unfit::ChangePlace => End::ChangePlace,
            Unfit::Sorry(why) => why.into(),
        };
        self.end_meeting(end);
    }

    /// Does what can be done now, and tells whoever shows it.
    fn meeting_goes_on(&mut self) {
        self.draw_lines();
        self.say_choices();
        self.judge_choices();
        let all_said = self
            .table()
            .is_some_and(|table| table.done.is_none() && table.names() && table.all_is_said());
        if all_said {
            self.finish(End::Done);
        }
        self.tell_meeting();
    }

    /// Tells whoever shows it that there is something new to show.
    fn tell_meeting(&mut self) {
        let view = self.meeting_view();
        if view != self.meetings.told {
            self.meetings.told = view;
            self.show(Event::Meeting);
        }
    }

    /// Three lines that nobody reads, and the one that is read among them, as soon as there is one.
    fn draw_lines(&mut self) {
        let Some(Held::Live(table)) = &mut self.meetings.now else {
            return;
        };
        let Some(agreed) = table.guest.agreed() else {
            return;
        };
        if table.opened.is_some() || table.lines.is_some() {
            return;
        }
        let [drawn] = self.entropy.bytes::<1>();
        // Below 4.
        let right = drawn % MEETING_LINES as u8;
        let mut lines: Vec<_> = (1..MEETING_LINES)
            .map(|_| {
                let bits: [u8; 8] = self.entropy.bytes();
                words::words(&bits, MEETING_WORDS, agreed.language())
            })
            .collect();
        lines.insert(usize::from(right), agreed.words());
        table.lines = Some(Lines {
            lines,
            right,
            picked: false,
        });
    }

    /// My part is over; a host still passes on what the others say to each other.
    fn finish(&mut self, end: End) {
        let linger_ms = self.now.boot_ms.saturating_add(MEETING_LINGER_MS);
        let Some(Held::Live(table)) = &mut self.meetings.now else {
            return;
        };
        let host = table
            .opened
            .as_ref()
            .and_then(|opened| opened.host.as_ref());
        if !host.is_some_and(Host::has_guests) {
            return self.end_meeting(end);
        }
        table.done = Some(end);
        table.ends_ms = linger_ms;
        self.meetings.tried = 0;
        self.wake_by(linger_ms);
        self.then(Effect::CloseMeeting);
    }

    /// Nothing of it stays but how it ended.
    pub(super) fn end_meeting(&mut self, end: End) {
        let Some(Held::Live(table)) = &self.meetings.now else {
            return;
        };
        let end = table.done.clone().unwrap_or(end);
        self.meetings.tried = match end {
            // Said once; whoever goes on does so somewhere else.
            End::ChangePlace => 0,
            _ => table.guest.tried().min(MEETING_RUNS_MAX),
        };
        if table.opened.is_some() && table.done.is_none() {
            self.then(Effect::CloseMeeting);
        }
        let view = self.view_of_end(end);
        self.meetings.now = view.map(|view| Held::Over(Box::new(view)));
        self.drop_meeting_conns();
        self.tell_meeting();
    }

    /// Ends a meeting that nobody goes on with.
    pub(super) fn end_late_meeting(&mut self) {
        let now_ms = self.now.boot_ms;
        if let Some(ends_ms) = self.table().map(|table| table.ends_ms) {
            match ends_ms <= now_ms {
                true => self.end_meeting(End::Late),
                false => self.wake_by(ends_ms),
            }
        }
    }
}

impl Table {
    /// Whether my human has the words before them, and ticks.
    fn ticks(&self) -> bool {
        let agreed = self.guest.agreed().is_some_and(|it| !it.was_heard());
        let knows = self.opened.is_some() || self.lines.as_ref().is_some_and(|it| it.picked);
        self.done.is_none() && agreed && knows
    }

    /// Whether my human heard everybody, and chooses.
    fn names(&self) -> bool {
        self.guest.agreed().is_some_and(|it| it.was_heard())
    }
}
