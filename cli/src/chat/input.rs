//! Where lines are typed: a line editor on a terminal that can do it, plain lines elsewhere.
//!
//! The editor keeps its history in memory only. In plain mode nothing but lines is written: no
//! cursor moves, which is what screen readers and pipes need.

use std::io::{BufRead, ErrorKind, IsTerminal, Read, Stdin, stdin, stdout};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;
use rustyline::{Config, Editor, ExternalPrinter};
use signal_hook::consts::{SIGHUP, SIGTERM};
use signal_hook::iterator::Signals;

use super::lines::{Mailbox, News};
use super::loudspeaker::Loudspeaker;
use kith_proto::limits::TYPED_LINE_BYTES_MAX;

use crate::exit::Exit;
use crate::out;

/// Lines the editor remembers until it ends.
const HISTORY_LINES: usize = 100;

/// Gives one line for each [`Keyboard::next`].
pub(super) struct Keyboard {
    prompts: Sender<String>,
    /// The terminal as it was, to be left so even if the editor is cut short.
    before: Option<Termios>,
    echoes: bool,
    edits: bool,
}

/// Opens the keyboard, and the loudspeaker that does not disturb it.
pub(super) fn open(plain: bool, news: &Mailbox) -> (Keyboard, Loudspeaker) {
    let is_terminal = stdin().is_terminal();
    let (prompts, asked) = channel();
    let mut keyboard = Keyboard {
        prompts,
        before: tcgetattr(stdin()).ok().filter(|_| is_terminal),
        echoes: is_terminal,
        edits: false,
    };
    let told = news.clone();
    if !plain
        && is_terminal
        && stdout().is_terminal()
        && let Some((editor, loudspeaker)) = editor(news)
    {
        watch(news);
        thread::spawn(move || edit(editor, &asked, &told));
        keyboard.edits = true;
        return (keyboard, loudspeaker);
    }
    thread::spawn(move || read_lines(&stdin(), &asked, &told));
    (keyboard, Loudspeaker::plain(news))
}

impl Keyboard {
    /// Lets the next line be typed; the editor shows `prompt` before it.
    pub(super) fn next(&self, prompt: String) {
        let _ = self.prompts.send(prompt);
    }

    /// Whether what is typed can be seen already.
    pub(super) fn echoes(&self) -> bool {
        self.echoes
    }

    /// Whether prompts are shown.
    pub(super) fn prompts(&self) -> bool {
        self.edits
    }

    /// Leaves the terminal as it was; `cut_short` if the editor is in the middle of a line.
    pub(super) fn restore(&self, cut_short: bool) {
        if self.edits && cut_short {
            // The editor asked the terminal to bracket what is pasted, and cannot take it back.
            let _ = out::exact("\u{1b}[?2004l");
        }
        if let Some(before) = &self.before {
            let _ = tcsetattr(stdin(), OptionalActions::Drain, before);
        }
    }
}

type LineEditor = Editor<(), MemHistory>;

fn editor(news: &Mailbox) -> Option<(LineEditor, Loudspeaker)> {
    let settings = Config::builder().max_history_size(HISTORY_LINES).ok()?;
    let settings = settings.auto_add_history(true).build();
    let history = MemHistory::with_config(&settings);
    let mut editor = LineEditor::with_history(settings, history).ok()?;
    let mut printer = editor.create_external_printer().ok()?;
    let draw = move |text: String| printer.print(text + "\n").is_ok();
    Some((editor, Loudspeaker::new(news, draw)))
}

/// Whoever ends us leaves the editor in the middle of a line: then the terminal is given back first.
fn watch(news: &Mailbox) {
    let news = news.clone();
    let Ok(mut signals) = Signals::new([SIGTERM, SIGHUP]) else {
        return;
    };
    thread::spawn(move || {
        for signal in signals.forever() {
            if news.send(News::Leaving(Exit::by(signal))).is_err() {
                return;
            }
        }
    });
}

fn edit(mut editor: LineEditor, asked: &Receiver<String>, news: &Mailbox) {
    for prompt in asked {
        let told = match editor.readline(&prompt) {
            Ok(line) => News::Line(line),
            Err(ReadlineError::Eof) => News::Leaving(Exit::OK),
            Err(ReadlineError::Interrupted) => News::Leaving(Exit::INTERRUPTED),
            Err(_) => News::Leaving(Exit::IO),
        };
        if news.send(told).is_err() {
            return;
        }
    }
}

fn read_lines(from: &Stdin, asked: &Receiver<String>, news: &Mailbox) {
    for _ in asked {
        let mut line = String::new();
        let read = from.lock().take(TYPED_LINE_BYTES_MAX).read_line(&mut line);
        let told = match read {
            Ok(0) => News::Leaving(Exit::OK),
            Ok(_) => News::Line(line),
            Err(error) if error.kind() == ErrorKind::InvalidData => News::Leaving(Exit::DATA),
            Err(_) => News::Leaving(Exit::IO),
        };
        if news.send(told).is_err() {
            return;
        }
    }
}
