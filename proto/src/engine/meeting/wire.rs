//! The connections of a meeting: from the first byte of a stranger to frames, and whom each frame goes
//! to. All of them are mute to everything else. PROTOCOL §2c.

use std::collections::VecDeque;

use super::{Held, Table};
use crate::engine::doors::{Conn, Whom};
use crate::engine::{ConnId, Effect, End, Engine};
use crate::limits::{DOOR_STEP_MS, MEETING_MS, MEETING_PENDING_MAX};
use crate::link::{RECORD_HEAD_BYTES, Records};
use crate::meeting::{Calling, Frame, Host, Passed, STAR_BYTES, Sorry, answer};

/// How far a connection of a meeting has come.
pub(in crate::engine) enum Spoke {
    /// I called the host.
    Calling(Calling),
    /// Somebody connected to my listener.
    Knocking,
    /// Frames flow. Which of them I am shows whether I have a host.
    Speaking(Speaking),
}

/// A connection that carries frames.
pub(in crate::engine) struct Speaking {
    records: Records,
    /// How many bytes of the record whose length was read are awaited.
    awaited: Option<usize>,
}

impl From<Sorry> for End {
    fn from(why: Sorry) -> Self {
        match why {
            Sorry::NickTaken => Self::NickTaken,
            Sorry::Full => Self::Full,
            Sorry::Begun => Self::Begun,
        }
    }
}

impl Table {
    fn host(&mut self) -> Option<&mut Host> {
        self.opened.as_mut()?.host.as_mut()
    }
}

impl Engine {
    /// Somebody connected to the meeting's listener: a stranger, on purpose.
    pub(in crate::engine) fn guest(&mut self, conn: ConnId) {
        if self.table().and_then(Table::host).is_none() {
            return self.drop_conn(conn);
        }
        if let Some(oldest) = self.oldest_pending() {
            self.drop_conn(oldest);
            self.spoke_gone(oldest);
        }
        self.conns.insert(conn, Conn::Spoke(Spoke::Knocking));
        self.read(conn, STAR_BYTES, DOOR_STEP_MS);
    }

    /// The oldest connection without a seat, if there are as many as can be.
    fn oldest_pending(&self) -> Option<ConnId> {
        let Some(Held::Live(table)) = &self.meetings.now else {
            return None;
        };
        let host = table.opened.as_ref()?.host.as_ref()?;
        let spoken = self.conns.iter();
        let spoken = spoken.filter(|(_, conn)| matches!(conn, Conn::Spoke(_)));
        let mut pending = spoken.filter(|(conn, _)| !host.is_known(Some(**conn)));
        let oldest = pending.next().map(|(conn, _)| *conn);
        oldest.filter(|_| pending.count() + 1 >= MEETING_PENDING_MAX)
    }

    fn read(&mut self, conn: ConnId, bytes: usize, within_ms: u32) {
        self.then(Effect::Read {
            conn,
            bytes,
            within_ms,
        });
    }

    /// My connection to the host is open.
    pub(in crate::engine) fn call_host(&mut self, conn: ConnId) -> Option<()> {
        let Some(Held::Live(table)) = &self.meetings.now else {
            return None;
        };
        if table.star != Some(conn) {
            return None;
        }
        let (calling, bytes) = Calling::dial(table.secret.key(), &mut self.entropy).ok()?;
        self.conns
            .insert(conn, Conn::Spoke(Spoke::Calling(calling)));
        self.then(Effect::Write { conn, bytes });
        self.read(conn, STAR_BYTES, DOOR_STEP_MS);
        Some(())
    }

    /// Bytes of a meeting's connection. Nothing if it is to be closed.
    pub(in crate::engine) fn spoke(
        &mut self,
        conn: ConnId,
        spoke: Spoke,
        bytes: &[u8],
    ) -> Option<()> {
        let went_on = self.spoke_on(conn, spoke, bytes);
        if went_on.is_none() {
            self.spoke_gone(conn);
        }
        self.meeting_goes_on();
        went_on
    }

    fn spoke_on(&mut self, conn: ConnId, spoke: Spoke, bytes: &[u8]) -> Option<()> {
        match spoke {
            Spoke::Calling(calling) => {
                let records = calling.finish(bytes).ok()?;
                self.speak(conn, records, MEETING_MS);
            }
            Spoke::Knocking => {
                let Some(Held::Live(table)) = &mut self.meetings.now else {
                    return None;
                };
                let (bytes, records) = answer(table.secret.key(), bytes, &mut self.entropy).ok()?;
                let greeting = table.host()?.greet(Some(conn));
                self.then(Effect::Write { conn, bytes });
                self.speak(conn, records, DOOR_STEP_MS);
                self.spread(greeting);
            }
            Spoke::Speaking(speaking) => return self.record(conn, speaking, bytes),
        }
        Some(())
    }

    fn speak(&mut self, conn: ConnId, records: Records, within_ms: u32) {
        let awaited = None;
        let speaking = Speaking { records, awaited };
        self.conns
            .insert(conn, Conn::Spoke(Spoke::Speaking(speaking)));
        self.read(conn, RECORD_HEAD_BYTES, within_ms);
    }

    /// The length of a record, or the rest of it.
    fn record(&mut self, conn: ConnId, mut speaking: Speaking, bytes: &[u8]) -> Option<()> {
        if speaking.awaited.take().is_none() {
            let awaited = speaking.records.length(bytes.try_into().ok()?).ok()?;
            speaking.awaited = Some(awaited);
            self.conns
                .insert(conn, Conn::Spoke(Spoke::Speaking(speaking)));
            self.read(conn, awaited, DOOR_STEP_MS);
            return Some(());
        }
        let mut body = Vec::new();
        speaking.records.open(bytes, &mut body).ok()?;
        let frame = Frame::decode(&body).ok()?;
        self.speak(conn, speaking.records, MEETING_MS);
        self.frame_at_table(conn, frame)
    }

    fn frame_at_table(&mut self, conn: ConnId, frame: Frame) -> Option<()> {
        let table = self.table()?;
        if table.star == Some(conn) {
            let said = self.hear_host(frame);
            self.say_to_host(said);
            return Some(());
        }
        let passed = table.host()?.hear(Some(conn), frame)?;
        self.spread(passed);
        Some(())
    }

    /// What the host said to me; gives what I say to it.
    fn hear_host(&mut self, frame: Frame) -> Vec<Frame> {
        let Some(Held::Live(table)) = &mut self.meetings.now else {
            return Vec::new();
        };
        let me = self.me.of(table.guest.point());
        match table.guest.hear(frame, me, &mut self.entropy) {
            Ok(said) => said,
            Err(unfit) => {
                self.unfit(unfit);
                Vec::new()
            }
        }
    }

    /// What my own guest says.
    pub(super) fn say_to_host(&mut self, said: Vec<Frame>) {
        let Some(table) = self.table() else {
            return;
        };
        if let Some(star) = table.star {
            said.iter().for_each(|frame| self.write_frame(star, frame));
            return;
        }
        for frame in said {
            let host = self.table().and_then(Table::host);
            let passed = host.and_then(|host| host.hear(None, frame));
            self.spread(passed.unwrap_or_default());
        }
    }

    /// What the host says, to each in the order in which it was said.
    pub(super) fn spread(&mut self, passed: Passed) {
        let mut queue = VecDeque::from(passed);
        while let Some((seat, frame)) = queue.pop_front() {
            match seat {
                Some(conn) => {
                    self.write_frame(conn, &frame);
                    if matches!(frame, Frame::Sorry(_)) {
                        queue.extend(self.let_go(conn));
                        self.drop_conn(conn);
                    }
                }
                None => {
                    for said in self.hear_host(frame) {
                        let host = self.table().and_then(Table::host);
                        let passed = host.and_then(|host| host.hear(None, said));
                        queue.extend(passed.unwrap_or_default());
                    }
                }
            }
        }
    }

    fn write_frame(&mut self, conn: ConnId, frame: &Frame) {
        if let Some(Conn::Spoke(Spoke::Speaking(speaking))) = self.conns.get_mut(&conn) {
            let mut bytes = Vec::new();
            if speaking
                .records
                .seal(&frame.encode(), false, &mut bytes)
                .is_ok()
            {
                self.then(Effect::Write { conn, bytes });
            }
        }
    }

    /// A guest is not there any more; gives what the others hear of it.
    fn let_go(&mut self, conn: ConnId) -> Passed {
        let Some(Held::Live(table)) = &mut self.meetings.now else {
            return Passed::new();
        };
        let host = table
            .opened
            .as_mut()
            .and_then(|opened| opened.host.as_mut());
        host.map_or_else(Passed::new, |host| host.gone(Some(conn), &mut self.entropy))
    }

    /// A connection of the meeting is over, or is about to be.
    pub(in crate::engine) fn spoke_gone(&mut self, conn: ConnId) {
        let Some(table) = self.table() else {
            return;
        };
        if table.star == Some(conn) {
            // A host without a word may as well know no such secret.
            let greeted = table.guest.gathers().is_some() || table.guest.agreed().is_some();
            let end = if greeted {
                End::HostGone
            } else {
                End::NoAnswer
            };
            return self.end_meeting(end);
        }
        let passed = self.let_go(conn);
        self.spread(passed);
        let host = self.table().filter(|table| table.done.is_some());
        if host
            .and_then(Table::host)
            .is_some_and(|host| !host.has_guests())
        {
            self.end_meeting(End::Done);
        }
    }

    /// The same, where the connection ended by itself.
    pub(in crate::engine) fn spoke_closed(&mut self, conn: ConnId) {
        self.spoke_gone(conn);
        self.meeting_goes_on();
    }

    pub(super) fn drop_meeting_conns(&mut self) {
        self.drop_conns(|conn| match conn {
            Conn::Spoke(_) => true,
            Conn::Dialling { whom, .. } => *whom == Whom::Meeting,
            _ => false,
        });
    }
}
