//! Processes that go on: a node, a reader that follows. None outlives its test.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Instant;

use kith_node::control::client::{CallError, Client};
use kith_node::control::params;

use super::home::{Home, PATIENCE, ended, until};

/// A node that runs; killed when dropped.
pub(super) struct Node {
    child: Child,
}

impl Home {
    /// Starts the node and waits until it answers.
    pub(super) fn start(&self) -> Node {
        self.start_with(&mut self.command(&["daemon", "--foreground"]))
    }

    /// Starts it by this command; what it prints goes to the file `printed`, beside the home.
    pub(super) fn start_with(&self, command: &mut Command) -> Node {
        let mut append = File::options();
        let printed = append
            .append(true)
            .create(true)
            .open(self.beside("printed"));
        let printed = printed.unwrap();
        let child = command
            .stdin(Stdio::null())
            .stdout(printed.try_clone().unwrap())
            .stderr(printed)
            .spawn()
            .unwrap();
        let mut node = Node { child };
        let up = until(PATIENCE, || {
            if let Some(status) = node.child.try_wait().unwrap() {
                let said = std::fs::read_to_string(self.beside("printed"));
                panic!("the node ended with {status}: {}", said.unwrap());
            }
            let hello = Client::connect(&self.socket()).ok()?.hello().ok()?;
            // A socket that a killed one left behind answers nobody; still, be sure.
            (hello.pid == node.child.id()).then_some(())
        });
        up.expect("the node does not answer");
        node
    }

    /// Asks the node to say something; its number, if it is safe.
    pub(super) fn say(&self, to: &str, text: &str) -> Result<u64, CallError> {
        let send = params::Send {
            to: to.into(),
            text: text.into(),
            limit_min: 0,
        };
        Ok(Client::connect(&self.socket())?.send(&send)?.id)
    }

    /// Takes everything there is to read, and lets the node forget it.
    pub(super) fn read_all(&self) -> Vec<String> {
        let (mut reader, mut texts) = (self.client(), Vec::new());
        loop {
            let messages = reader.inbox(0, 50).unwrap().messages;
            let Some(last) = messages.last() else {
                return texts;
            };
            reader.acknowledge(last.seq, None).unwrap();
            texts.extend(messages.into_iter().map(|message| message.text));
        }
    }

    /// Waits until `count` friends are online here.
    pub(super) fn sees(&self, count: u64) {
        let seen = until(PATIENCE, || {
            let status = self.client().status().ok()?;
            (u64::from(status.open.as_ref()?.friends.online) == count).then_some(())
        });
        seen.expect("a friend does not come online");
    }
}

impl Node {
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`, and gone.
    pub(super) fn strike(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// With which code it ended by itself, if it did.
    pub(super) fn ended(&mut self) -> Option<i32> {
        let status = self.child.try_wait().unwrap()?;
        Some(status.code().unwrap_or(-1))
    }

    /// Ends by itself, within our patience; with which code.
    pub(super) fn ends(mut self) -> i32 {
        ended(&mut self.child, PATIENCE)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.strike();
    }
}

/// A command that goes on: its lines, one by one, and what it is told.
pub(super) struct Talk {
    child: Child,
    lines: Receiver<String>,
}

impl Home {
    pub(super) fn talk(&self, args: &[&str]) -> Talk {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (tell, lines) = channel();
        thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        Talk { child, lines }
    }
}

impl Talk {
    /// The first line from now on that holds `what`; the others are passed over.
    pub(super) fn hears(&mut self, what: &str) -> String {
        let end = Instant::now() + PATIENCE;
        let mut passed = Vec::new();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    assert!(!line.contains('\u{1b}'), "it draws into a pipe: {line:?}");
                    if line.contains(what) {
                        return line;
                    }
                    passed.push(line);
                }
                Err(_) => panic!("nobody said {what:?}, but: {passed:#?}"),
            }
        }
    }

    pub(super) fn say(&mut self, line: &str) {
        let mut pipe = self.child.stdin.as_ref().unwrap();
        pipe.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// Nothing more to say.
    pub(super) fn hush(&mut self) {
        drop(self.child.stdin.take());
    }

    /// Nothing more to say; how it ends.
    pub(super) fn leaves(mut self) -> i32 {
        self.hush();
        ended(&mut self.child, PATIENCE)
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
