//! A terminal that prints on paper: all that the program says, in order, and what a person types.

use std::fs::File;
use std::io::{Read, Write};
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Instant;

use super::home::{Home, PATIENCE, ended, find};

/// The program, running in a terminal of its own.
pub(super) struct Paper {
    child: Child,
    keys: File,
    printed: Receiver<Vec<u8>>,
    /// What was printed and not read yet.
    unread: Vec<u8>,
}

impl Home {
    /// Runs the program where all it says stays.
    pub(super) fn paper(&self, args: &[&str]) -> Paper {
        let (child, keys) = self.at_a_terminal((50, 250), args);
        let mut from = keys.try_clone().unwrap();
        let (tell, printed) = channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            // It ends with an error when nobody is at the other end any more.
            while let Ok(count @ 1..) = from.read(&mut bytes) {
                if tell.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Paper {
            child,
            keys,
            printed,
            unread: Vec::new(),
        }
    }
}

impl Paper {
    /// Reads on up to `what`; what stood before it.
    pub(super) fn sees(&mut self, what: &str) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = find(&self.unread, what.as_bytes()) {
                let before = self.unread[..at].to_vec();
                self.unread.drain(..at + what.len());
                return String::from_utf8(before).unwrap().replace('\r', "");
            }
            let left = end.saturating_duration_since(Instant::now());
            match self.printed.recv_timeout(left) {
                Ok(bytes) => self.unread.extend(bytes),
                Err(_) => panic!(
                    "nowhere: {what:?}, but: {}",
                    String::from_utf8_lossy(&self.unread)
                ),
            }
        }
    }

    /// The rest of the line.
    pub(super) fn line(&mut self) -> String {
        self.sees("\n")
    }

    /// Types a line.
    pub(super) fn types(&mut self, line: &str) {
        writeln!(self.keys, "{line}").unwrap();
    }

    /// Waits for the end of the program; its code.
    pub(super) fn ends(&mut self) -> i32 {
        ended(&mut self.child, PATIENCE)
    }
}

impl Drop for Paper {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
