//! Talking in lines: what comes in appears above what one types. First and last step of the road.
//!
//! One loop owns everything; three threads only bring it news: what was typed, what happened, what
//! was drawn. The node forgets a message only once it was drawn here.

mod waiting;

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use kith_node::control::client::CallError;
use kith_node::control::params::Send;
use kith_node::control::shape::{Delivery, Event, FileNews, Message, Sent};

use super::input::{self, Keyboard};
use super::loudspeaker::Loudspeaker;
use super::{Said, Talk, drawn, told};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::view;
use crate::when::Clock;
use crate::words::{Msg, msg};

/// A friend whose computer is on has a message within this time; only later do we say that it
/// waits.
const SOON: Duration = Duration::from_secs(2);

/// What the loop hears of.
pub(super) enum News {
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
pub(super) fn run(context: &Context, to: Option<String>) -> Outcome {
    let mut talk = Talk::open(context, to)?;
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
    talk.asks = keyboard.echoes() && context.may_ask;
    let mut chat = Chat {
        talk,
        keyboard,
        loudspeaker,
        waiting: BTreeMap::new(),
    };
    let ended = chat.talk(&heard);
    let Chat {
        mut talk,
        keyboard,
        loudspeaker,
        ..
    } = chat;
    let in_order = matches!(ended, Ok(Exit::OK | Exit::INTERRUPTED));
    keyboard.restore(!in_order);
    loudspeaker.close();
    // What was drawn last is forgotten too.
    for news in heard.try_iter() {
        if let News::Drawn(seq) = news {
            let _ = drawn(&mut talk.node, seq);
        }
    }
    ended
}

struct Chat<'a> {
    talk: Talk<'a>,
    keyboard: Keyboard,
    loudspeaker: Loudspeaker,
    /// Messages sent and not delivered, and since when; none once we said that it waits.
    waiting: BTreeMap<u64, (String, Option<Instant>)>,
}

impl Chat<'_> {
    fn talk(&mut self, heard: &Receiver<News>) -> Outcome {
        self.greet()?;
        self.talk.read_on()?;
        self.show()?;
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
                    self.talk.doubt_no_more();
                    self.show()?;
                }
                News::Leaving(exit) => return Ok(exit),
                News::Event(event) => self.tell(&event)?,
                News::NodeLost => {
                    return Err(Failed::new(Exit::UNAVAILABLE, msg!("node-ended")));
                }
                News::Drawn(seq) => match drawn(&mut self.talk.node, seq) {
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
        match self.talk.to.clone() {
            Some(name) => self.talk.introduce(&name)?,
            None => self.say(&msg!("chat-to-nobody")),
        }
        self.show()
    }

    fn tell(&mut self, event: &Event) -> Result<(), Failed> {
        match event {
            Event::Message { seq, .. } => {
                if *seq > self.talk.shown() {
                    self.read_on()?;
                }
                // What was shown is told. What was there before we came needs no word.
                if *seq <= self.talk.shown() {
                    return Ok(());
                }
            }
            // It answers a question put elsewhere.
            Event::Names { .. } => return Ok(()),
            // Lines that were shown stay.
            Event::History => return Ok(()),
            // Sent from another window.
            Event::Kept { id, .. } if !self.waiting.contains_key(id) => return Ok(()),
            Event::Delivered { id, .. } if !self.waiting.contains_key(id) => return Ok(()),
            // A file on its way would fill the screen.
            Event::File {
                news: FileNews::Moved { .. },
                ..
            } => return Ok(()),
            Event::Delivered { id, to } if self.talk.is_group(to) => {
                self.is_everywhere(*id, to);
                return Ok(());
            }
            Event::Delivered { id, .. } => drop(self.waiting.remove(id)),
            Event::NotArrived { id, .. } => drop(self.waiting.remove(id)),
            _ => {}
        }
        self.state(&told::sentence(&self.talk.context.words, event));
        match event {
            Event::Timer { petname, timer } => {
                for said in view::timer_or_none(&self.talk.context.words, petname, timer) {
                    self.say(&said);
                }
            }
            Event::Locked => {
                self.talk.forget_doubts();
                self.show()?;
            }
            Event::Unlocked => self.read_on()?,
            _ => {}
        }
        Ok(())
    }

    fn read_on(&mut self) -> Result<(), Failed> {
        self.talk.read_on()?;
        self.show()
    }

    /// Does what a line says; how to leave, if it says so.
    fn obey(&mut self, line: &str) -> Result<Option<Exit>, Failed> {
        let leaves = self.talk.obey(line)?;
        self.show()?;
        Ok(leaves)
    }

    /// Draws what is to be shown of what was done.
    fn show(&mut self) -> Result<(), Failed> {
        loop {
            let said = self.talk.said();
            if said.is_empty() {
                return Ok(());
            }
            for one in said {
                match one {
                    Said::Line(text) | Said::Page(text) => self.loudspeaker.line(text),
                    Said::Message(message) => self.message(&message),
                    Said::Sent(send, sent) => self.sent(send, &sent),
                    Said::Writes(to) => self.talk.introduce(&to)?,
                    Said::Asked if self.keyboard.prompts() => {}
                    Said::Asked => self.say(&msg!("unmet-ask")),
                }
            }
        }
    }

    fn message(&self, message: &Message) {
        // Whom I muted is read when I ask for it: `kith inbox`.
        if !message.from.muted {
            let line = view::message(&self.talk.context.words, &Clock::now(), message);
            self.loudspeaker.message(line, message.seq);
        }
    }

    fn sent(&mut self, send: Send, sent: &Sent) {
        if !self.keyboard.echoes() {
            self.echo(&send);
        }
        if sent.state == Delivery::Delivered && self.talk.is_group(&send.to) {
            let group = view::group(&send.to);
            self.state(&msg!("state-group-delivered", group = group));
        } else if sent.state == Delivery::Delivered {
            self.state(&msg!("state-delivered", name = view::name(&send.to)));
        } else {
            let since = Some(Instant::now());
            self.waiting.insert(sent.id, (send.to, since));
        }
    }

    /// What was typed, where nobody can see it otherwise.
    fn echo(&self, send: &Send) {
        let text = view::indented(&send.text);
        let time = Clock::now().hour();
        let name = view::name(&send.to);
        self.say(&msg!("line-mine", time = time, name = name, text = text));
    }

    fn next_line(&mut self) {
        let prompt = self.talk.prompt();
        self.keyboard.next(prompt);
    }

    fn say(&self, msg: &Msg) {
        self.loudspeaker.line(self.talk.context.words.say(msg));
    }

    /// `14:04 state: ...`
    fn state(&self, msg: &Msg) {
        let state = self.talk.context.words.say(msg);
        let time = Clock::now().hour();
        self.say(&msg!("line-state", time = time, state = state));
    }
}

/// Where the threads leave their news.
pub(super) type Mailbox = Sender<News>;
