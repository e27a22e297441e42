//! Talking in lines: what comes in appears above what one types. First and last step of the road.
//!
//! One loop owns everything; three threads only bring it news: what was typed, what happened, what
//! was drawn. The node forgets a message only once it was drawn here.

mod group;
mod input;
mod loudspeaker;
mod told;
mod typed;
mod unmet;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use kith_node::control::client::{CallError, Client};
use kith_node::control::params::Send;
use kith_node::control::shape::{Contact, Delivery, Event, FileNews};

use self::input::Keyboard;
use self::loudspeaker::Loudspeaker;
use self::typed::Typed;
use self::unmet::Unsure;
use kith_proto::limits::INBOX_ANSWER_MAX;

use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::view;
use crate::view::{card, contact_table};
use crate::when::Clock;
use crate::words::{Msg, msg};

/// A friend whose computer is on has a message within this time; only later do we say that it
/// waits.
const SOON: Duration = Duration::from_secs(2);
/// What the loop hears of.
enum News {
    /// A line was typed.
    Line(String),
    /// Nothing more will be typed, for this reason.
    Leaving(Exit),
    /// The node tells.
    Event(Event),
    /// The node is gone.
    NodeLost,
    /// These words are on the screen; the message with this number can be forgotten.
    Drawn(u64),
    /// Nobody can read us any more.
    Deaf,
}

/// Runs until the person leaves, the input ends or the node does.
pub(crate) fn run(context: &Context, to: Option<String>) -> Outcome {
    let mut node = context.node()?;
    if let Some(name) = &to
        && crate::group::of_name(&mut node, name)?.is_none()
    {
        node.contact(name)?;
    }
    // Listen first, so that nothing falls between.
    let mut events = context.node()?.subscribe()?;
    let (news, heard) = channel();
    let happened = news.clone();
    std::thread::spawn(move || {
        while let Ok(Some(event)) = events.next(None) {
            if happened.send(News::Event(event)).is_err() {
                return;
            }
        }
        let _ = happened.send(News::NodeLost);
    });
    let (keyboard, loudspeaker) = input::open(context.plain, &news);
    let mut chat = Chat {
        context,
        node,
        keyboard,
        loudspeaker,
        to,
        shown: 0,
        waiting: BTreeMap::new(),
        spoken_to: BTreeSet::new(),
        unsure: None,
    };
    let ended = chat.talk(&heard);
    let Chat {
        mut node,
        keyboard,
        loudspeaker,
        ..
    } = chat;
    keyboard.restore(ended.is_err());
    loudspeaker.close();
    // What was drawn last is forgotten too.
    for news in heard.try_iter() {
        if let News::Drawn(seq) = news {
            let _ = drawn(&mut node, seq);
        }
    }
    ended
}

struct Chat<'a> {
    context: &'a Context,
    node: Client,
    keyboard: Keyboard,
    loudspeaker: Loudspeaker,
    /// Whom a bare line is for.
    to: Option<String>,
    /// The last message that was taken out of the inbox.
    shown: u64,
    /// Messages sent and not delivered, and since when; none once we said that it waits.
    waiting: BTreeMap<u64, (String, Option<Instant>)>,
    /// To whom something was said here, or asked about.
    spoken_to: BTreeSet<String>,
    /// What is asked about.
    unsure: Option<Unsure>,
}

impl Chat<'_> {
    fn talk(&mut self, heard: &Receiver<News>) -> Outcome {
        self.greet()?;
        self.read_on()?;
        self.next_line();
        let mut leaving = None;
        loop {
            // Who typed and left still hears what became of it, if that is soon.
            if let Some(exit) = leaving.filter(|_| !self.is_expecting()) {
                return Ok(exit);
            }
            let news = match heard.recv_timeout(self.patience()) {
                Ok(news) => news,
                Err(RecvTimeoutError::Timeout) => {
                    self.say_what_waits();
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(Exit::SOFTWARE),
            };
            match news {
                News::Line(line) => {
                    if let Some(exit) = self.obey(&line)? {
                        return Ok(exit);
                    }
                    self.next_line();
                }
                News::Leaving(Exit::OK) => {
                    leaving = Some(Exit::OK);
                    if let Some(unsure) = self.unsure.take() {
                        self.forget(unsure);
                    }
                }
                News::Leaving(exit) => return Ok(exit),
                News::Event(event) => self.tell(&event)?,
                News::NodeLost => {
                    return Err(Failed::new(Exit::UNAVAILABLE, msg!("node-ended")));
                }
                News::Drawn(seq) => match drawn(&mut self.node, seq) {
                    // It is read again once the node is open.
                    Ok(_) | Err(CallError::Locked) => {}
                    Err(error) => return Err(error.into()),
                },
                News::Deaf => return Ok(Exit::OK),
            }
        }
    }

    fn greet(&mut self) -> Result<(), Failed> {
        self.say(&msg!("chat-welcome"));
        match self.to.clone() {
            Some(name) => self.introduce(&name)?,
            None => self.say(&msg!("chat-to-nobody")),
        }
        Ok(())
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

    /// Shows what is in the inbox after what was shown.
    fn read_on(&mut self) -> Result<(), Failed> {
        loop {
            let page = match self.node.inbox(self.shown, INBOX_ANSWER_MAX) {
                Err(CallError::Locked) => return Ok(()),
                page => page?.messages,
            };
            let clock = Clock::now();
            for message in &page {
                // Whom I muted is read when I ask for it: `kith inbox`.
                if !message.from.muted {
                    let line = view::message(&self.context.words, &clock, message);
                    self.loudspeaker.message(line, message.seq);
                }
                self.shown = message.seq;
            }
            if page.is_empty() {
                return Ok(());
            }
        }
    }

    fn tell(&mut self, event: &Event) -> Result<(), Failed> {
        match event {
            Event::Message { seq, .. } => {
                if *seq > self.shown {
                    self.read_on()?;
                }
                // What was shown is told. What was there before we came needs no word.
                if *seq <= self.shown {
                    return Ok(());
                }
            }
            // Sent from another window.
            // It answers a question put elsewhere.
            Event::Names { .. } => return Ok(()),
            Event::Kept { id, .. } if !self.waiting.contains_key(id) => return Ok(()),
            // A file on its way would fill the screen.
            Event::File {
                news: FileNews::Moved { .. },
                ..
            } => return Ok(()),
            Event::Delivered { id, .. } if !self.waiting.contains_key(id) => return Ok(()),
            Event::Delivered { id, to } if self.is_group(to) => {
                self.is_everywhere(*id, to);
                return Ok(());
            }
            Event::Delivered { id, .. } => drop(self.waiting.remove(id)),
            Event::NotArrived { id, .. } => drop(self.waiting.remove(id)),
            _ => {}
        }
        self.state(&told::sentence(&self.context.words, event));
        match event {
            Event::Timer { petname, timer } => {
                for said in view::timer_or_none(&self.context.words, petname, timer) {
                    self.say(&said);
                }
            }
            Event::Unlocked => self.read_on()?,
            _ => {}
        }
        Ok(())
    }

    /// Does what a line says; how to leave, if it says so.
    fn obey(&mut self, line: &str) -> Result<Option<Exit>, Failed> {
        if let Some(unsure) = self.unsure.take()
            && self.decide(unsure, line)?
        {
            return Ok(None);
        }
        match typed::read(line, || self.names()) {
            Typed::Nothing => {}
            Typed::Quit => return Ok(Some(Exit::OK)),
            Typed::Help => self.say(&msg!("chat-help")),
            Typed::Who(None) => {
                let found = self.answer(|node| node.contacts())?;
                if let Some(found) = found {
                    let table = contact_table(&self.context.words, &found.contacts);
                    self.loudspeaker.line(table);
                }
            }
            Typed::Who(Some(name)) if self.is_group(&name) => {
                if let Some(card) = self.answer(|node| node.group(&name))? {
                    let lines = view::group_card(&self.context.words, &card);
                    self.loudspeaker.line(lines.join("\n"));
                }
            }
            Typed::Who(Some(name)) => {
                if let Some(contact) = self.answer(|node| node.contact(&name))? {
                    self.loudspeaker.line(card(&self.context.words, &contact));
                }
            }
            Typed::Unknown(command) => {
                self.say(&msg!("chat-unknown", command = view::name(&command)));
            }
            Typed::Switch(name) => {
                let is_group = self.is_group(&name);
                if is_group || self.answer(|node| node.contact(&name))?.is_some() {
                    self.introduce(&name)?;
                    self.to = Some(name);
                }
            }
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

    fn send(&mut self, to: &str, text: String, to_all: bool) -> Result<(), Failed> {
        let to = to.to_owned();
        let send = Send {
            to,
            text,
            limit_min: 0,
        };
        if let Some(sent) = self.post(&send, to_all)? {
            if !self.keyboard.echoes() {
                self.echo(&send);
            }
            if sent.state == Delivery::Delivered && self.is_group(&send.to) {
                let group = view::group(&send.to);
                self.state(&msg!("state-group-delivered", group = group));
            } else if sent.state == Delivery::Delivered {
                self.state(&msg!("state-delivered", name = view::name(&send.to)));
            } else {
                self.waiting
                    .insert(sent.id, (send.to, Some(Instant::now())));
            }
        }
        Ok(())
    }

    /// What was typed, where nobody can see it otherwise.
    fn echo(&self, send: &Send) {
        let text = view::indented(&send.text);
        let time = Clock::now().hour();
        let name = view::name(&send.to);
        self.say(&msg!("line-mine", time = time, name = name, text = text));
    }

    /// What the node answers; a refusal is told here and ends nothing.
    fn answer<T>(
        &mut self,
        ask: impl FnOnce(&mut Client) -> Result<T, CallError>,
    ) -> Result<Option<T>, Failed> {
        match ask(&mut self.node) {
            Ok(answer) => Ok(Some(answer)),
            Err(error @ (CallError::Refused(_) | CallError::Locked)) => {
                let failed = Failed::from(error);
                for msg in [failed.why, failed.hint].iter().flatten() {
                    self.say(msg);
                }
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn names(&mut self) -> Vec<String> {
        let contacts = self.node.contacts().map(|found| found.contacts);
        let name = |contact: Contact| contact.petname;
        let people = contacts.unwrap_or_default().into_iter().map(name);
        let groups = crate::group::all(&mut self.node).unwrap_or_default();
        people
            .chain(groups.into_iter().map(|row| row.name))
            .collect()
    }

    /// Whether a message may still arrive soon, and nothing was said of it.
    fn is_expecting(&self) -> bool {
        self.waiting.values().any(|(_, since)| since.is_some())
    }

    /// How long nothing needs to be said.
    fn patience(&self) -> Duration {
        let first = self.waiting.values().filter_map(|(_, since)| *since).min();
        first.map_or(Duration::MAX, |since| SOON.saturating_sub(since.elapsed()))
    }

    /// Says which messages did not arrive at once; each a single time.
    fn say_what_waits(&mut self) {
        let mut late = Vec::new();
        for (id, (to, since)) in &mut self.waiting {
            if since.is_some_and(|since| since.elapsed() >= SOON) {
                *since = None;
                late.push((*id, to.clone()));
            }
        }
        for (id, to) in late {
            match self.is_group(&to) {
                true => self.say_seen(id, &to),
                false => self.state(&msg!("state-saved", name = view::name(&to))),
            }
        }
    }

    fn next_line(&mut self) {
        let prompt = self.prompt();
        self.keyboard.next(prompt);
    }

    fn say(&self, msg: &Msg) {
        self.loudspeaker.line(self.context.words.say(msg));
    }

    /// `14:04 state: ...`
    fn state(&self, msg: &Msg) {
        let state = self.context.words.say(msg);
        let time = Clock::now().hour();
        self.say(&msg!("line-state", time = time, state = state));
    }
}

/// This message was on the screen, whatever came before it.
fn drawn(node: &mut Client, seq: u64) -> Result<(), CallError> {
    let before = seq.saturating_sub(1);
    node.acknowledge_after(before, seq, None).map(drop)
}

/// Where the threads leave their news.
type Mailbox = Sender<News>;
