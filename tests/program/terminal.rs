//! A terminal of so many cells in which a person sits: what the program draws, and what they type.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::unix::fs::OpenOptionsExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use rustix::fs::OFlags;
use rustix::process::Pid;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcgetpgrp, tcsetwinsize};
use vt100::Parser;

use super::home::{Home, PATIENCE, ended, until};

/// The program, running in a terminal of its own.
pub(super) struct Terminal {
    child: Child,
    keys: File,
    cells: Arc<Mutex<Parser>>,
}

impl Home {
    /// Runs the program in a terminal of so many rows and columns.
    pub(super) fn terminal(&self, (rows, columns): (u16, u16), args: &[&str]) -> Terminal {
        let (child, keys) = self.at_a_terminal((rows, columns), args);
        let size = |n| NonZeroU16::new(n).unwrap();
        let cells = Arc::new(Mutex::new(Parser::new(size(rows), size(columns), 0)));
        draw(keys.try_clone().unwrap(), Arc::clone(&cells));
        Terminal { child, keys, cells }
    }

    /// The program in a terminal, and the other end of that.
    pub(super) fn at_a_terminal(&self, size: (u16, u16), args: &[&str]) -> (Child, File) {
        self.at_a_terminal_of(size, args, &[])
    }

    /// The same, with something more in its environment.
    pub(super) fn at_a_terminal_of(
        &self,
        size: (u16, u16),
        args: &[&str],
        more: &[(&str, &str)],
    ) -> (Child, File) {
        let (master, slave) = pair(size);
        let end = || Stdio::from(slave.try_clone().unwrap());
        let kith = self.command(args);
        let mut command = Command::new("setsid");
        command
            .args(["--ctty", "--wait"])
            .arg(kith.get_program())
            .args(kith.get_args())
            .env_clear()
            .envs(kith.get_envs().filter_map(|(k, v)| Some((k, v?))))
            .env("TERM", "xterm")
            .envs(more.iter().copied());
        let child = command.stdin(end()).stdout(end()).stderr(end()).spawn();
        (child.unwrap(), master)
    }

    /// The program in a terminal that is not the one by which it is told of signals.
    pub(super) fn at_a_loose_terminal(&self, size: (u16, u16), args: &[&str]) -> (Child, File) {
        let (master, slave) = pair(size);
        let end = || Stdio::from(slave.try_clone().unwrap());
        let mut command = self.command(args);
        command.env("TERM", "xterm");
        let child = command.stdin(end()).stdout(end()).stderr(end()).spawn();
        (child.unwrap(), master)
    }
}

/// Both ends of a terminal of so many rows and columns.
fn pair((rows, columns): (u16, u16)) -> (File, File) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    grantpt(&master).and_then(|()| unlockpt(&master)).unwrap();
    let size = Winsize {
        ws_row: rows,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&master, size).unwrap();
    let path = ptsname(&master, Vec::new()).unwrap();
    let flags = i32::try_from(OFlags::NOCTTY.bits()).unwrap();
    let mut options = OpenOptions::new();
    let options = options.read(true).write(true).custom_flags(flags);
    let slave = options.open(path.to_str().unwrap()).unwrap();
    (File::from(master), slave)
}

/// Draws what the program writes, until it ends: then the terminal is gone for us.
fn draw(mut from: File, cells: Arc<Mutex<Parser>>) {
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(length @ 1..) = from.read(&mut bytes) {
            cells.lock().unwrap().process(&bytes[..length]);
        }
    });
}

impl Terminal {
    /// What a person does at the keyboard.
    pub(super) fn types(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until this stands on the screen, in one row; gives all of it.
    pub(super) fn shows(&self, what: &str) -> String {
        let there = || Some(self.contents()).filter(|contents| contents.contains(what));
        until(PATIENCE, there).unwrap_or_else(|| panic!("no {what:?}:\n{}", self.contents()))
    }

    pub(super) fn contents(&self) -> String {
        self.cells.lock().unwrap().screen().contents()
    }

    /// What is to be seen of its cells.
    pub(super) fn look<T>(&self, at: impl FnOnce(&vt100::Screen) -> T) -> T {
        at(self.cells.lock().unwrap().screen())
    }

    /// The process that has it.
    pub(super) fn foreground(&self) -> Pid {
        tcgetpgrp(&self.keys).unwrap()
    }

    /// Whether lines are edited and echoed by the terminal itself.
    pub(super) fn is_cooked(&self) -> bool {
        let modes = tcgetattr(&self.keys).unwrap().local_modes;
        modes.contains(LocalModes::ICANON | LocalModes::ECHO)
    }

    /// Makes it larger or smaller under the program's eyes.
    pub(super) fn resize(&self, (rows, columns): (u16, u16)) {
        let size = |n| NonZeroU16::new(n).unwrap();
        let mut cells = self.cells.lock().unwrap();
        cells.screen_mut().set_size(size(rows), size(columns));
        let size = Winsize {
            ws_row: rows,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&self.keys, size).unwrap();
    }

    /// How the program ended.
    pub(super) fn ends(&mut self) -> i32 {
        ended(&mut self.child, PATIENCE)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
