//! The terminal while the full screen has it: taken, and given back as it was, whatever ends us. What
//! was drawn stays in no scrollback.

use std::io::{self, Stdout, Write, stdin, stdout};
use std::panic;
use std::sync::mpsc::Sender;
use std::thread;

use crossterm::cursor::Show;
use crossterm::event::{self, DisableBracketedPaste, EnableBracketedPaste, Event};
use crossterm::execute;
use crossterm::terminal::{
    Clear, ClearType, DisableLineWrap, EnableLineWrap, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;

use super::News;
use crate::exit::Exit;

/// The screen, as long as this lives.
pub(super) struct Paper {
    pub(super) terminal: Terminal<CrosstermBackend<Ink>>,
}

impl Paper {
    /// Takes the terminal.
    pub(super) fn take() -> io::Result<Self> {
        enable_raw_mode()?;
        let said_before = panic::take_hook();
        panic::set_hook(Box::new(move |what| {
            give_back();
            said_before(what);
        }));
        // From here on it is given back by dropping this.
        let paper = Self::enter();
        if paper.is_err() {
            give_back();
        }
        paper
    }

    fn enter() -> io::Result<Self> {
        execute!(
            stdout(),
            EnterAlternateScreen,
            EnableBracketedPaste,
            DisableLineWrap
        )?;
        let terminal = Terminal::new(CrosstermBackend::new(Ink::new()))?;
        Ok(Self { terminal })
    }

    /// Empties it, so that everything is drawn anew. Nothing is asked of the terminal: whoever reads
    /// the keys would take its answer for one.
    pub(super) fn wipe(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::from(size))
    }

    /// Empties it, and what the terminal itself remembers.
    pub(super) fn purge(&mut self) -> io::Result<()> {
        execute!(stdout(), Clear(ClearType::All), Clear(ClearType::Purge))?;
        self.wipe()
    }
}

impl Drop for Paper {
    fn drop(&mut self) {
        give_back();
    }
}

/// Can be done twice.
fn give_back() {
    let _ = execute!(
        stdout(),
        Clear(ClearType::All),
        EnableLineWrap,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Show
    );
    let _ = disable_raw_mode();
}

/// Brings what is typed, until nobody can type any more.
pub(super) fn listen(news: Sender<News>) {
    thread::spawn(move || {
        loop {
            let heard = match event::read() {
                Ok(Event::Key(key)) => News::Key(key),
                Ok(Event::Paste(text)) => News::Paste(text),
                Ok(Event::Resize(..)) => News::Resized,
                Ok(_) => continue,
                Err(_) => News::Ended(Exit::IO),
            };
            let last = matches!(heard, News::Ended(_));
            if news.send(heard).is_err() || last {
                return;
            }
        }
    });
}

/// Brings what others ask of the process: then the terminal is given back first.
pub(super) fn watch(news: &Sender<News>) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT])?;
    let told = news.clone();
    thread::spawn(move || {
        for signal in signals.forever() {
            if told.send(News::Ended(Exit::by(signal))).is_err() {
                return;
            }
        }
    });
    let told = news.clone();
    thread::spawn(move || {
        // Whoever reads the keys never hears of it, and nobody may have sent a signal.
        if is_gone() {
            let _ = told.send(News::Ended(Exit::by(SIGHUP)));
        }
    });
    Ok(())
}

/// Waits until the terminal is gone; false if that cannot be known.
fn is_gone() -> bool {
    let keys = stdin();
    let mut ends = [PollFd::new(&keys, PollFlags::empty())];
    loop {
        match poll(&mut ends, None) {
            Ok(_) if ends.iter().any(|end| !end.revents().is_empty()) => return true,
            Ok(_) | Err(Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}

/// Standard output; where `NO_COLOR` is set, without any colour, bold or underline.
pub(super) struct Ink {
    to: Stdout,
    plain: bool,
    /// The beginning of a sequence that may be one of them.
    held: Vec<u8>,
}

impl Ink {
    fn new() -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            to: stdout(),
            plain,
            held: Vec::new(),
        }
    }
}

impl Write for Ink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.plain {
            true => {
                let plain = without_attributes(&mut self.held, bytes);
                self.to.write_all(&plain)?;
            }
            false => self.to.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// All but sequences of the form `ESC [ ... m`, which may come in several pieces.
fn without_attributes(held: &mut Vec<u8>, bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    for &byte in bytes {
        let continues = match (held.len(), byte) {
            (0, 0x1b) | (1, b'[') => true,
            (0 | 1, _) => false,
            (_, byte) => byte.is_ascii_digit() || b";:".contains(&byte),
        };
        if continues {
            held.push(byte);
            continue;
        }
        let is_attribute = held.len() > 1 && byte == b'm';
        match is_attribute {
            true => held.clear(),
            false => {
                plain.append(held);
                plain.push(byte);
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use std::fs::{File, OpenOptions};
    use std::io::Read;
    use std::num::NonZeroU16;
    use std::os::unix::fs::OpenOptionsExt;
    use std::process::{Command, Stdio};

    use rustix::fs::OFlags;
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use rustix::termios::{LocalModes, tcgetattr};

    use super::*;

    #[test]
    fn without_colours_only_attributes_are_left_out() {
        let mut held = Vec::new();
        let mut plain = |bytes: &[u8]| without_attributes(&mut held, bytes);
        assert_eq!(
            plain(b"a\x1b[1mb\x1b[0;38;5;5mc\x1b[2;3Hd"),
            b"abc\x1b[2;3Hd"
        );
        assert_eq!(plain(b"e\x1b[3"), b"e");
        assert_eq!(plain(b"9mf\x1b[?25h\x1b"), b"f\x1b[?25h");
        assert_eq!(plain(b"[mg"), b"g");
        assert_eq!(plain("é[1m".as_bytes()), "é[1m".as_bytes());
    }

    /// No test: what the next one runs in a terminal of its own.
    #[test]
    #[ignore = "the next one runs it"]
    fn takes_the_terminal_and_breaks() {
        if let Ok(paper) = Paper::take() {
            // It gives nothing back: as if there was no time for that any more.
            std::mem::forget(paper);
            panic!("as it should");
        }
    }

    #[test]
    fn a_mistake_of_ours_gives_the_terminal_back() {
        let master =
            openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).and_then(|()| unlockpt(&master)).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let mut options = OpenOptions::new();
        let flags = i32::try_from(OFlags::NOCTTY.bits()).unwrap();
        let options = options.read(true).write(true).custom_flags(flags);
        let slave = options.open(name.to_str().unwrap()).unwrap();
        let end = || Stdio::from(slave.try_clone().unwrap());
        let mut child = Command::new("setsid")
            .args(["--ctty", "--wait"])
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", "--ignored", "--nocapture"])
            .arg("screen::terminal::tests::takes_the_terminal_and_breaks")
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .spawn()
            .unwrap();
        drop(slave);
        let mut master = File::from(master);
        let (mut drawn, mut bytes) = (Vec::new(), [0; 4096]);
        while let Ok(length @ 1..) = master.read(&mut bytes) {
            drawn.extend_from_slice(&bytes[..length]);
        }
        assert!(!child.wait().unwrap().success());
        let at = |what: &[u8]| drawn.windows(what.len()).rposition(|window| window == what);
        let taken = at(b"\x1b[?1049h").expect("it was not taken");
        let given = at(b"\x1b[?1049l").expect("it was not given back");
        let told = at(b"as it should").expect("nobody said why");
        assert!(
            taken < given && given < told,
            "{}",
            String::from_utf8_lossy(&drawn)
        );
        let size = |n| NonZeroU16::new(n).unwrap();
        let mut cells = vt100::Parser::new(size(24), size(80), 0);
        cells.process(&drawn);
        let screen = cells.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        let modes = tcgetattr(&master).unwrap().local_modes;
        assert!(modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG));
    }
}
