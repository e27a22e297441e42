//! A meeting on the screen: one loop that shows how it stands, asks what it waits for, and hands on
//! what was typed. Lines only, on a terminal and through pipes alike.
//!
//! Nothing is decided here: the node knows the right line and who said what. First and last step of
//! the road.

mod ears;
mod question;
mod told;

use std::collections::BTreeSet;

use kith_node::control::client::{CallError, Client};
use kith_node::control::shape::{Meeting, Stage};

use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::out;
use crate::words::msg;

pub(crate) use ears::Ears;
use ears::Heard;
use question::{Meant, Question};
use told::Screen;

/// Takes part until the meeting is over, and tells how it ended, with how it stood then.
pub(crate) fn talk(
    context: &Context,
    node: Client,
    ears: Ears,
    meeting: Meeting,
) -> Result<(Exit, Meeting), Failed> {
    let mut table = Table {
        context,
        node,
        ears,
        screen: Screen::default(),
        asked: None,
        put_off: BTreeSet::new(),
    };
    let over = table.sit(meeting);
    if let Err(failed) = &over
        && failed.exit != Exit::UNAVAILABLE
    {
        // Whatever ends here ends there too. It may be over already.
        let _ = table.node.meet_leave();
    }
    let over = over?;
    table.end(&over).map(|exit| (exit, over))
}

struct Table<'a> {
    context: &'a Context,
    node: Client,
    ears: Ears,
    screen: Screen,
    /// What the person is being asked.
    asked: Option<Question>,
    /// Of whom "not yet" was said.
    put_off: BTreeSet<u8>,
}

impl Table<'_> {
    /// Until it is over; how it stands then.
    fn sit(&mut self, mut meeting: Meeting) -> Result<Meeting, Failed> {
        loop {
            self.show(&meeting)?;
            if matches!(meeting.stage, Stage::Over { .. }) {
                return Ok(meeting);
            }
            if let Some(kept) = self.keep_known(&meeting)? {
                meeting = kept;
                continue;
            }
            self.ask(&meeting)?;
            meeting = match self.ears.next(self.asked.is_some())? {
                Heard::Line(line) => self.obey(&line, meeting)?,
                Heard::Moved => self.node.meeting()?,
            };
        }
    }

    fn show(&mut self, meeting: &Meeting) -> Result<(), Failed> {
        if self.context.json {
            return match self.screen.is_news(meeting) {
                true => self.context.json(meeting),
                false => Ok(()),
            };
        }
        let lines = self.screen.lines(&self.context.words, meeting);
        if !lines.is_empty() && self.asked.take().is_some() {
            self.ears.leave_prompt()?;
        }
        lines.iter().try_for_each(|line| out::line(line))
    }

    /// Who is a friend already keeps their name, unasked.
    fn keep_known(&mut self, meeting: &Meeting) -> Result<Option<Meeting>, Failed> {
        let Some((who, petname)) = question::known(meeting) else {
            return Ok(None);
        };
        Ok(Some(self.node.meet_keep(who, Some(petname))?))
    }

    /// Asks what it waits for, once.
    fn ask(&mut self, meeting: &Meeting) -> Result<(), Failed> {
        let question = question::of(meeting, &mut self.put_off);
        if question == self.asked {
            return Ok(());
        }
        if let Some(question) = question.as_ref().filter(|_| !self.context.json) {
            let alike = self.alike(question)?;
            let (lines, prompt) = question.said(&self.context.words, alike.as_deref());
            lines.iter().try_for_each(|line| out::line(line))?;
            self.ears.prompt(&prompt)?;
        }
        self.asked = question;
        Ok(())
    }

    /// My name for somebody else whom this person could be taken for.
    fn alike(&mut self, question: &Question) -> Result<Option<String>, Failed> {
        let Question::Keep(person) = question else {
            return Ok(None);
        };
        let contacts = self.node.contacts()?.contacts;
        let mut names = contacts.into_iter().map(|contact| contact.petname);
        let nick = person.nick.0.as_str();
        Ok(names.find(|name| kith_proto::petname::looks_like(name, nick)))
    }

    /// Does what the answer means; what means nothing is asked again.
    fn obey(&mut self, line: &str, meeting: Meeting) -> Result<Meeting, Failed> {
        let asked = self.asked.take();
        let done = match question::meant(asked.as_ref(), line) {
            Meant::Leave => self.node.meet_leave(),
            Meant::Count(count) => self.node.meet_count(count),
            Meant::Picked(line) => self.node.meet_picked(line),
            Meant::Heard { who, same } => self.node.meet_heard(who, same),
            Meant::Keep { who, petname } => self.node.meet_keep(who, petname),
            Meant::NotYet(who) => {
                self.put_off.insert(who);
                return Ok(meeting);
            }
            Meant::Nothing => return Ok(meeting),
        };
        match done {
            // A name that cannot be given: another one is asked for. Or things moved on meanwhile.
            Err(CallError::Refused(refusal)) => {
                let failed = Failed::from(CallError::Refused(refusal));
                for sentence in failed.why.iter().chain(&failed.hint) {
                    out::aside(&self.context.words.say(sentence));
                }
                Ok(self.node.meeting()?)
            }
            done => Ok(done?),
        }
    }

    fn end(&mut self, over: &Meeting) -> Outcome {
        let Stage::Over { end } = &over.stage else {
            return Err(Failed::new(Exit::SOFTWARE, msg!("node-garbled")));
        };
        told::ended(end)
    }
}
