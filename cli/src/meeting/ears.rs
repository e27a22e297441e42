//! What a meeting's loop hears: lines that are typed or piped in, that something moved, that somebody
//! pressed Ctrl-C, that the time is over.

use std::io::{BufRead, BufReader, IsTerminal, Read, stdin, stdout};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Instant;

use kith_node::control::client::Events;
use kith_node::control::shape::Event;
use kith_node::interrupt::at_interrupt;
use kith_proto::limits::TYPED_ANSWER_BYTES_MAX;

use crate::exit::{Exit, Failed};
use crate::out;
use crate::words::msg;

/// What the loop goes on with.
pub(super) enum Heard {
    /// A line, without spaces around it.
    Line(String),
    /// The meeting moved on.
    Moved,
}

enum News {
    Line(String),
    /// No line will come any more.
    Deaf,
    Moved,
    Locked,
    NodeEnded,
    Interrupted,
}

/// Where all that comes in.
pub(crate) struct Ears {
    news: Receiver<News>,
    until: Instant,
    deaf: bool,
    prompts_inline: bool,
}

impl Ears {
    /// From now until then.
    pub(crate) fn open(events: Events, until: Instant) -> Self {
        let (tell, news) = channel();
        let (typed, interrupted) = (tell.clone(), tell.clone());
        thread::spawn(move || watch(events, &tell));
        thread::spawn(move || read_lines(&typed));
        at_interrupt(move || drop(interrupted.send(News::Interrupted)));
        Self {
            news,
            until,
            deaf: false,
            prompts_inline: stdin().is_terminal() && stdout().is_terminal(),
        }
    }

    /// Asks before the meeting begins; the answer.
    pub(crate) fn line(&mut self, prompt: &str) -> Result<String, Failed> {
        self.prompt(prompt)?;
        loop {
            if let Heard::Line(line) = self.next(true)? {
                return Ok(line);
            }
        }
    }

    /// What comes next; `asks` if the person is being asked something.
    pub(super) fn next(&mut self, asks: bool) -> Result<Heard, Failed> {
        loop {
            if self.deaf && asks {
                return Err(Failed::new(Exit::NO_INPUT, msg!("answer-needed")));
            }
            let left = self.until.saturating_duration_since(Instant::now());
            match self.news.recv_timeout(left) {
                Ok(News::Line(line)) => return Ok(Heard::Line(line)),
                Ok(News::Moved) => return Ok(Heard::Moved),
                Ok(News::Deaf) => self.deaf = true,
                Ok(News::Interrupted) => return Err(Failed::quiet(Exit::INTERRUPTED)),
                Ok(News::Locked) => {
                    let failed = Failed::new(Exit::REFUSED, msg!("meet-locked"));
                    return Err(failed.hint(msg!("node-locked-hint")));
                }
                Err(RecvTimeoutError::Timeout) => {
                    let failed = Failed::new(Exit::TRY_LATER, msg!("meet-late"));
                    return Err(failed.hint(msg!("meet-again-hint")));
                }
                Ok(News::NodeEnded) | Err(RecvTimeoutError::Disconnected) => {
                    return Err(Failed::new(Exit::UNAVAILABLE, msg!("node-ended")));
                }
            }
        }
    }

    /// Shows a question: the answer stands behind it on a terminal, and elsewhere on no line at all.
    pub(super) fn prompt(&self, text: &str) -> Result<(), Failed> {
        match self.prompts_inline {
            true => out::prompt(text),
            false => out::line(text.trim_end()),
        }
    }

    /// Ends the line of a question that is not asked any more.
    pub(super) fn leave_prompt(&self) -> Result<(), Failed> {
        match self.prompts_inline {
            true => out::prompt("\n"),
            false => Ok(()),
        }
    }
}

fn watch(mut events: Events, tell: &Sender<News>) {
    let end = loop {
        match events.next(None) {
            Ok(Some(Event::Meeting)) => {
                if tell.send(News::Moved).is_err() {
                    return;
                }
            }
            Ok(Some(Event::Locked)) => break News::Locked,
            Ok(_) => {}
            Err(_) => break News::NodeEnded,
        }
    };
    let _ = tell.send(end);
}

fn read_lines(tell: &Sender<News>) {
    let mut from = BufReader::new(stdin());
    loop {
        let mut line = String::new();
        let read = (&mut from)
            .take(TYPED_ANSWER_BYTES_MAX)
            .read_line(&mut line);
        let news = match read {
            Ok(0) | Err(_) => News::Deaf,
            Ok(_) => News::Line(line.trim().to_owned()),
        };
        let is_last = matches!(news, News::Deaf);
        if tell.send(news).is_err() || is_last {
            return;
        }
    }
}
