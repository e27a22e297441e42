//! Talking on the full screen: news in, state changed, cells out. First and last step of the road.
//!
//! One loop owns everything; threads only bring it news: keys, what happened at the node, signals.
//! The node forgets a message only once it was drawn here.

mod area;
mod away;
mod draw;
mod input;
mod keys;
mod news;
mod read;
mod state;
mod terminal;
mod transcript;
mod wish;

use std::io::{self, IsTerminal, stdin, stdout};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use crossterm::event::{KeyEvent, KeyEventKind};
use kith_node::control::client::{CallError, Client};
use kith_node::control::shape::Event;
use rustix::termios::tcgetwinsize;

use self::state::State;
use self::terminal::Paper;
use self::transcript::Seen;
use crate::call::Context;
use crate::chat::{Talk, drawn};
use crate::exit::{Exit, Failed, Outcome};
use crate::words::msg;

/// Columns and rows below which there is no room for it.
const LEAST: (u16, u16) = (60, 16);

/// How often we look without news: for who was last there when, and for what nobody tells.
const TICK: Duration = Duration::from_secs(10);

/// How often we try to reach a node that ended, and how long.
const RETRY: Duration = Duration::from_secs(1);
const RETRY_FOR: Duration = Duration::from_secs(60);

/// Whether there is a terminal with room for it.
pub(crate) enum Fit {
    Enough,
    TooSmall,
    None,
}

/// Whether the full screen can be shown, and is wanted.
pub(crate) fn fit(context: &Context, wanted: bool) -> Fit {
    let is_dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
    let is_terminal = stdin().is_terminal() && stdout().is_terminal();
    match tcgetwinsize(stdout()) {
        _ if context.plain && !wanted => Fit::None,
        Ok(size) if is_terminal && !is_dumb => match is_too_small((size.ws_col, size.ws_row)) {
            true => Fit::TooSmall,
            false => Fit::Enough,
        },
        _ => Fit::None,
    }
}

fn is_too_small((columns, rows): (u16, u16)) -> bool {
    columns < LEAST.0 || rows < LEAST.1
}

/// What the loop hears of.
enum News {
    Key(KeyEvent),
    Paste(String),
    Resized,
    Event(Event),
    /// The node is gone.
    NodeLost,
    /// It is to end now.
    Ended(Exit),
}

/// Runs until the person leaves, or the node does for good.
pub(crate) fn run(context: &Context, to: Option<String>) -> Outcome {
    let mut talk = Talk::open(context, None)?;
    if let Some(to) = &to
        && crate::group::of_name(&mut talk.node, to)?.is_none()
    {
        talk.node.contact(to)?;
    }
    let (news, heard) = channel();
    // Listen first, so that nothing falls between.
    attend(context.node()?, &news)?;
    terminal::watch(&news).map_err(|_| no_terminal())?;
    let paper = Paper::take().map_err(|_| no_terminal())?;
    terminal::listen(news.clone());
    let mut screen = Screen {
        talk,
        news,
        paper,
        state: State::default(),
        stale: Stale::default(),
        lost: None,
        looked: Instant::now(),
    };
    screen.resized().map_err(|_| no_terminal())?;
    screen.talk(to, &heard)
}

fn no_terminal() -> Failed {
    Failed::new(Exit::IO, msg!("output-failed"))
}

/// Brings what happens at the node.
fn attend(node: Client, news: &Sender<News>) -> Result<(), CallError> {
    let mut events = node.subscribe()?;
    let news = news.clone();
    std::thread::spawn(move || {
        while let Ok(Some(event)) = events.next(None) {
            if news.send(News::Event(event)).is_err() {
                return;
            }
        }
        let _ = news.send(News::NodeLost);
    });
    Ok(())
}

/// What must be asked for again before the next drawing.
#[derive(Default)]
struct Stale {
    inbox: bool,
    lists: bool,
    talk: bool,
}

struct Screen<'a> {
    talk: Talk<'a>,
    news: Sender<News>,
    paper: Paper,
    state: State,
    stale: Stale,
    /// Since when the node is gone.
    lost: Option<Instant>,
    /// When we looked last.
    looked: Instant,
}

impl Screen<'_> {
    fn talk(&mut self, to: Option<String>, heard: &Receiver<News>) -> Outcome {
        // What waits, then the conversation it waits in.
        self.stale.inbox = true;
        self.catch_up()?;
        match to {
            Some(to) => self.open(to)?,
            None => {
                let said = self.talk.context.words.get("chat-to-nobody");
                self.state.say(said);
                self.stale.lists = true;
            }
        }
        loop {
            self.tick()?;
            self.catch_up()?;
            self.draw()?;
            let news = match heard.recv_timeout(self.patience()) {
                Ok(news) => news,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return Ok(Exit::SOFTWARE),
            };
            // What came at once is drawn at once.
            for news in std::iter::once(news).chain(heard.try_iter()) {
                if let Some(exit) = self.hear(news)? {
                    return Ok(exit);
                }
            }
        }
    }

    fn often(&self) -> Duration {
        match self.lost {
            Some(_) => RETRY,
            None => TICK,
        }
    }

    /// Until we look again, or a line is to be erased.
    fn patience(&self) -> Duration {
        let look = self.often().saturating_sub(self.looked.elapsed());
        let end = self.state.transcript.next_end();
        let end = end.map(|end| end.saturating_duration_since(Instant::now()));
        end.map_or(look, |end| end.min(look))
    }

    fn hear(&mut self, news: News) -> Result<Option<Exit>, Failed> {
        match news {
            News::Key(key) if key.kind == KeyEventKind::Release => {}
            News::Key(key) => {
                let wish = self.state.press(key);
                return self.fulfil(wish);
            }
            News::Paste(text) => {
                let wish = self.state.pasted(&text);
                return self.fulfil(wish);
            }
            News::Resized => self.resized().map_err(|_| no_terminal())?,
            News::Event(event) => self.tell(&event),
            News::NodeLost => self.lose(),
            News::Ended(exit) => return Ok(Some(exit)),
        }
        Ok(None)
    }

    /// Everything is drawn anew: what it was for a moment, and lost then, nobody tells.
    fn resized(&mut self) -> io::Result<()> {
        self.paper.wipe()?;
        let size = self.paper.terminal.size()?;
        self.state.resize((size.width, size.height));
        Ok(())
    }

    fn draw(&mut self) -> Result<(), Failed> {
        self.state.transcript.expire(Instant::now());
        let (state, words) = (&mut self.state, &self.talk.context.words);
        let mut seen = Seen::default();
        let done = self.paper.terminal.draw(|frame| {
            seen = draw::draw(frame, words, state);
        });
        done.map_err(|_| no_terminal())?;
        for seq in self.state.transcript.drawn(&seen) {
            let told = drawn(&mut self.talk.node, seq);
            self.reached(told)?;
            self.state.pending.retain(|message| message.seq != seq);
            self.stale.lists = true;
        }
        Ok(())
    }

    /// From time to time: is the node there again, is all of it still there?
    fn tick(&mut self) -> Result<(), Failed> {
        if self.looked.elapsed() < self.often() {
            return Ok(());
        }
        self.looked = Instant::now();
        match self.lost {
            None => (self.stale.lists, self.stale.talk) = (true, true),
            Some(since) if since.elapsed() > RETRY_FOR => {
                return Err(Failed::new(Exit::UNAVAILABLE, msg!("node-ended")));
            }
            Some(_) => self.find_node(),
        }
        Ok(())
    }
}
