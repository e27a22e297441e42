//! Talking on the full screen: news in, state changed, cells out. First and last step of the road.
//!
//! One loop owns everything; threads only bring it news: keys, what happened at the node, signals.
//! The node forgets a message only once it was drawn here.

mod area;
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

use kith_node::control::client::{CallError, Client};
use kith_node::control::shape::Event;
use ratatui::crossterm::event::{KeyEvent, KeyEventKind};
use rustix::termios::tcgetwinsize;

use self::state::{Away, State};
use self::terminal::Paper;
use crate::call::Context;
use crate::chat::{Talk, drawn};
use crate::exit::{Exit, Failed, Outcome};
use crate::words::msg;

/// Columns and rows below which there is no room for it.
const LEAST: (u16, u16) = (60, 16);

/// How often we look without news: for who was last there when, and for lines whose time is over.
const TICK: Duration = Duration::from_secs(30);

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
    terminal::watch(news.clone()).map_err(|_| no_terminal())?;
    let paper = Paper::take().map_err(|_| no_terminal())?;
    terminal::listen(news.clone());
    let mut screen = Screen {
        talk,
        news,
        paper,
        state: State::default(),
        stale: Stale::default(),
        lost: None,
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
            self.catch_up()?;
            self.draw()?;
            let news = match heard.recv_timeout(self.patience()) {
                Ok(news) => news,
                Err(RecvTimeoutError::Timeout) => {
                    self.tick()?;
                    continue;
                }
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

    fn patience(&self) -> Duration {
        match self.lost {
            Some(_) => RETRY,
            None => TICK,
        }
    }

    fn hear(&mut self, news: News) -> Result<Option<Exit>, Failed> {
        match news {
            News::Key(key) if key.kind == KeyEventKind::Release => {}
            News::Key(key) => {
                let wish = self.state.press(key);
                return self.fulfil(wish);
            }
            News::Paste(text) => self.state.pasted(&text),
            News::Resized => self.resized().map_err(|_| no_terminal())?,
            News::Event(event) => self.tell(&event),
            News::NodeLost => self.lose(),
            News::Ended(exit) => return Ok(Some(exit)),
        }
        Ok(None)
    }

    fn resized(&mut self) -> io::Result<()> {
        let size = self.paper.terminal.size()?;
        self.state.resize((size.width, size.height));
        Ok(())
    }

    fn draw(&mut self) -> Result<(), Failed> {
        let (state, words) = (&self.state, &self.talk.context.words);
        let mut seen = None;
        let done = self.paper.terminal.draw(|frame| {
            seen = Some(draw::draw(frame, words, state));
        });
        done.map_err(|_| no_terminal())?;
        let whole = seen.map(|seen| seen.whole).unwrap_or_default();
        for seq in self.state.transcript.drawn(&whole) {
            let told = drawn(&mut self.talk.node, seq);
            self.reached(told)?;
            self.state.pending.retain(|message| message.seq != seq);
            self.stale.lists = true;
        }
        Ok(())
    }

    /// From time to time: is the node there again, is somebody's time over?
    fn tick(&mut self) -> Result<(), Failed> {
        self.state.transcript.expire(Instant::now());
        match self.lost {
            None => self.stale.lists = true,
            Some(since) if since.elapsed() > RETRY_FOR => {
                return Err(Failed::new(Exit::UNAVAILABLE, msg!("node-ended")));
            }
            Some(_) => self.find_node(),
        }
        Ok(())
    }

    fn lose(&mut self) {
        if self.lost.is_none() {
            self.lost = Some(Instant::now());
            self.state.away = Some(Away::Gone);
        }
    }

    /// Goes on where a node was started again.
    fn find_node(&mut self) {
        let Ok(mut node) = self.talk.context.node() else {
            return;
        };
        let is_open = node.status().is_ok_and(|status| status.open.is_some());
        let heard = self
            .talk
            .context
            .node()
            .map(|node| attend(node, &self.news));
        if !matches!(heard, Ok(Ok(()))) {
            return;
        }
        self.lost = None;
        self.talk.go_on(node);
        match is_open {
            true => self.begin_again(),
            false => self.lock(),
        }
    }

    /// What the node answered, unless it is away: then that is shown.
    fn reached<T>(&mut self, answer: Result<T, CallError>) -> Result<Option<T>, Failed> {
        match answer {
            Ok(answer) => return Ok(Some(answer)),
            Err(CallError::Locked) => self.lock(),
            Err(CallError::Lost | CallError::Down) => self.lose(),
            Err(error @ CallError::Refused(_)) => self.say_failed(&error.into()),
            Err(CallError::Garbled) => return Err(CallError::Garbled.into()),
        }
        Ok(None)
    }

    fn say_failed(&mut self, failed: &Failed) {
        let words = &self.talk.context.words;
        let said = [&failed.why, &failed.hint];
        for said in said.into_iter().flatten() {
            self.state.say(words.say(said));
        }
    }

    /// Nothing that was said stays on the screen, or in what the terminal remembers.
    fn lock(&mut self) {
        if self.state.away != Some(Away::Locked) {
            self.state.forget(Away::Locked);
            let _ = self.paper.purge();
        }
    }

    /// The node is open, or there, again: everything is read anew.
    fn begin_again(&mut self) {
        self.state.away = None;
        self.state.pending.clear();
        self.state.transcript = Default::default();
        self.talk.read_again();
        self.all_is_stale();
    }

    fn all_is_stale(&mut self) {
        self.stale = Stale {
            inbox: true,
            lists: true,
            talk: true,
        };
    }
}
