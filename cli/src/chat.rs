//! Talking: what lines and the full screen share. What is typed is understood, done, and told to
//! whoever shows it; nothing is drawn here. First and last step of the road.

mod group;
mod input;
mod lines;
mod loudspeaker;
mod told;
mod typed;
mod unmet;
mod verb;

use std::collections::BTreeSet;
use std::mem;

use kith_node::control::client::{CallError, Client};
use kith_node::control::params::Send;
use kith_node::control::shape::{Contact, Message, Sent};
use kith_proto::limits::INBOX_ANSWER_MAX;

use self::typed::Typed;
use self::unmet::Unsure;
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::screen::{self, Fit};
use crate::view;
use crate::view::{card, contact_table};
use crate::when::Clock;
use crate::words::{Msg, msg};

pub(crate) use told::sentence;
pub(crate) use verb::HERE;

/// Runs until the person leaves, the input ends or the node does.
pub(crate) fn run(context: &Context, to: Option<String>, full: bool) -> Outcome {
    match screen::fit(context, full) {
        Fit::Enough => screen::run(context, to),
        Fit::None => lines::run(context, to),
        Fit::TooSmall => {
            context.note(&msg!("screen-too-small"));
            lines::run(context, to)
        }
    }
}

/// What is to be shown of what was done.
pub(crate) enum Said {
    /// A sentence, or several.
    Line(String),
    /// What was asked for: a card, a list.
    Page(String),
    /// What came.
    Message(Message),
    /// What I said, and where it is.
    Sent(Send, Sent),
    /// Whom bare lines go to from now on.
    Writes(String),
    /// A line waits for a yes.
    Asked,
}

/// A conversation with everybody: what is typed goes in, what is to be shown comes out.
pub(crate) struct Talk<'a> {
    pub(crate) context: &'a Context,
    pub(crate) node: Client,
    /// Whom a bare line is for.
    pub(crate) to: Option<String>,
    /// Whether somebody can answer a question.
    pub(crate) asks: bool,
    /// The last message that was taken out of the inbox.
    shown: u64,
    /// To whom something was said here, or asked about.
    spoken_to: BTreeSet<String>,
    /// What is asked about.
    unsure: Option<Unsure>,
    said: Vec<Said>,
}

impl<'a> Talk<'a> {
    /// With whoever is called so, or nobody yet.
    pub(crate) fn open(context: &'a Context, to: Option<String>) -> Result<Self, Failed> {
        let mut node = context.node()?;
        if let Some(name) = &to
            && crate::group::of_name(&mut node, name)?.is_none()
        {
            node.contact(name)?;
        }
        Ok(Self {
            context,
            node,
            to,
            asks: context.may_ask,
            shown: 0,
            spoken_to: BTreeSet::new(),
            unsure: None,
            said: Vec::new(),
        })
    }

    /// What is to be shown, in order; each a single time.
    pub(crate) fn said(&mut self) -> Vec<Said> {
        mem::take(&mut self.said)
    }

    /// The last message that was taken out of the inbox.
    pub(crate) fn shown(&self) -> u64 {
        self.shown
    }

    /// Goes on with a node that was started again.
    pub(crate) fn go_on(&mut self, node: Client) {
        self.node = node;
    }

    /// What was not forgotten is read again.
    pub(crate) fn read_again(&mut self) {
        self.shown = 0;
    }

    /// Who it is that bare lines go to, with the state of the trust in them.
    fn introduce(&mut self, name: &str) -> Result<(), Failed> {
        if self.is_group(name) {
            return self.introduce_group(name);
        }
        let contact = self.node.contact(name)?;
        let words = &self.context.words;
        let how = view::how(words, &Clock::now(), &contact);
        let presence = match contact.online {
            true => words.get("presence-online"),
            false => words.get("presence-offline"),
        };
        let name = view::marked(words, &contact);
        self.say(&msg!(
            "chat-to",
            name = name,
            how = how,
            presence = presence
        ));
        for said in view::timer(&self.context.words, &contact.petname, &contact.timer) {
            self.say(&said);
        }
        Ok(())
    }

    /// Reads what is in the inbox after what was shown.
    pub(crate) fn read_on(&mut self) -> Result<(), Failed> {
        loop {
            let page = match self.node.inbox(self.shown, INBOX_ANSWER_MAX) {
                Err(CallError::Locked) => return Ok(()),
                page => page?.messages,
            };
            let Some(last) = page.last() else {
                return Ok(());
            };
            self.shown = last.seq;
            self.said.extend(page.into_iter().map(Said::Message));
        }
    }

    /// Does what a line says; how to leave, if it says so.
    pub(crate) fn obey(&mut self, line: &str) -> Result<Option<Exit>, Failed> {
        if let Some(unsure) = self.unsure.take()
            && self.decide(unsure, line)?
        {
            return Ok(None);
        }
        match typed::read(line, || self.names()) {
            Typed::Nothing => {}
            Typed::Quit => return Ok(Some(Exit::OK)),
            Typed::Help => {
                let help = self.context.words.get("chat-help");
                self.said.push(Said::Page(help));
            }
            Typed::Who(name) => self.who(name)?,
            Typed::Unknown(command) => {
                self.say(&msg!("chat-unknown", command = view::name(&command)));
            }
            Typed::Switch(name) => self.switch(name)?,
            Typed::Verb(typed) => self.verb(typed)?,
            Typed::SayAll(text) => self.say_all(text)?,
            Typed::Say { to, text } => match to.or_else(|| self.to.clone()) {
                Some(to) => {
                    if let Some(text) = self.sure(&to, text) {
                        self.send(&to, text, false)?;
                    }
                }
                None => self.say(&msg!("chat-to-nobody")),
            },
        }
        Ok(None)
    }

    fn who(&mut self, name: Option<String>) -> Result<(), Failed> {
        let page = match name {
            None => {
                let found = self.answer(Client::contacts)?;
                found.map(|found| contact_table(&self.context.words, &found.contacts))
            }
            Some(name) if self.is_group(&name) => {
                let card = self.answer(|node| node.group(&name))?;
                card.map(|card| view::group_card(&self.context.words, &card).join("\n"))
            }
            Some(name) => {
                let contact = self.answer(|node| node.contact(&name))?;
                contact.map(|contact| card(&self.context.words, &contact))
            }
        };
        self.said.extend(page.map(Said::Page));
        Ok(())
    }

    /// Bare lines go to somebody else from now on, if there is somebody of this name.
    pub(crate) fn switch(&mut self, name: String) -> Result<(), Failed> {
        if self.is_group(&name) || self.answer(|node| node.contact(&name))?.is_some() {
            self.to = Some(name.clone());
            self.said.push(Said::Writes(name));
        }
        Ok(())
    }

    fn send(&mut self, to: &str, text: String, to_all: bool) -> Result<(), Failed> {
        let to = to.to_owned();
        let send = Send {
            to,
            text,
            limit_min: 0,
        };
        let sent = self.post(&send, to_all)?;
        self.said.extend(sent.map(|sent| Said::Sent(send, sent)));
        Ok(())
    }

    /// What the node answers; a refusal is told here and ends nothing.
    pub(crate) fn answer<T>(
        &mut self,
        ask: impl FnOnce(&mut Client) -> Result<T, CallError>,
    ) -> Result<Option<T>, Failed> {
        match ask(&mut self.node) {
            Ok(answer) => Ok(Some(answer)),
            Err(error @ (CallError::Refused(_) | CallError::Locked)) => {
                self.tell_failed(&Failed::from(error));
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn tell_failed(&mut self, failed: &Failed) {
        for msg in [&failed.why, &failed.hint].into_iter().flatten() {
            self.say(msg);
        }
    }

    /// Everybody who can be written to.
    pub(crate) fn names(&mut self) -> Vec<String> {
        let contacts = self.node.contacts().map(|found| found.contacts);
        let name = |contact: Contact| contact.petname;
        let people = contacts.unwrap_or_default().into_iter().map(name);
        let groups = crate::group::all(&mut self.node).unwrap_or_default();
        people
            .chain(groups.into_iter().map(|row| row.name))
            .collect()
    }

    fn say(&mut self, msg: &Msg) {
        let said = self.context.words.say(msg);
        self.said.push(Said::Line(said));
    }
}

/// This message was on the screen, whatever came before it.
pub(crate) fn drawn(node: &mut Client, seq: u64) -> Result<(), CallError> {
    let before = seq.saturating_sub(1);
    node.acknowledge_after(before, seq, None).map(drop)
}
