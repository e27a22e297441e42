//! A home in a temporary directory, and the program `kith` run in it to its end.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use kith_node::control::client::Client;
use serde_json::Value;
use tempfile::TempDir;

/// Nothing here takes so long, even on two busy cores: what does hangs.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);

/// The home of one node. Beside it, `nowhere`: an empty `HOME` in which nothing may be written.
pub(super) struct Home {
    dir: TempDir,
    /// Where its node listens.
    pub(super) address: String,
}

/// How a command ended.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
}

impl Home {
    /// With settings, and no node yet.
    pub(super) fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let nowhere = dir.path().join("nowhere");
        fs::create_dir(&nowhere).unwrap();
        fs::set_permissions(&nowhere, PermissionsExt::from_mode(0o500)).unwrap();
        fs::create_dir(dir.path().join("home")).unwrap();
        let address = address();
        let home = Self { dir, address };
        home.listen_at(&home.address);
        home
    }

    /// With a node that opens without a passphrase.
    pub(super) fn new() -> Self {
        let home = Self::empty();
        home.kith(&["init", "--no-passphrase"]).done();
        home
    }

    /// With a node that opens with `passphrase`, which is cheap to try.
    pub(super) fn sealed(passphrase: &str) -> Self {
        let home = Self::empty();
        let file = home.passphrase(passphrase);
        home.kith(&["init", "--cheap", "--passphrase-file", &file])
            .done();
        home
    }

    /// Settings: where the node listens, from its next start on.
    pub(super) fn listen_at(&self, address: &str) {
        let text = format!("[net]\nlisten = [\"{address}\"]\nbeacons = false\n");
        fs::write(self.path().join("config.toml"), text).unwrap();
    }

    /// More settings, likewise.
    pub(super) fn set(&self, more: &str) {
        let path = self.path().join("config.toml");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, text + more).unwrap();
    }

    /// A file that holds a passphrase, beside the home.
    pub(super) fn passphrase(&self, text: &str) -> String {
        let path = self.beside("passphrase");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub(super) fn path(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    pub(super) fn data(&self, file: &str) -> PathBuf {
        self.path().join("data").join(file)
    }

    pub(super) fn beside(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.path().join("run/node.sock")
    }

    /// The node that runs here, asked without the program.
    pub(super) fn client(&self) -> Client {
        Client::connect(&self.socket()).unwrap()
    }

    /// Every file of the home and what is in it.
    pub(super) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        gather(&self.path(), &mut files);
        files
    }

    /// The program, with nothing of our own environment.
    pub(super) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
        command
            .env_clear()
            .env("HOME", self.beside("nowhere"))
            .env("PATH", "/usr/bin:/bin")
            .env("TZ", "UTC")
            .current_dir(self.beside("nowhere"))
            .arg("--home")
            .arg(self.path())
            .args(args);
        command
    }

    /// Runs the program with nothing to read.
    pub(super) fn kith(&self, args: &[&str]) -> Said {
        self.kith_reading(args, "")
    }

    /// Runs the program, `input` through its pipe.
    pub(super) fn kith_reading(&self, args: &[&str], input: impl Into<Vec<u8>>) -> Said {
        to_the_end(&mut self.command(args), input.into())
    }

    /// Runs the program where there is no terminal, not even one of the person who runs the tests.
    pub(super) fn kith_alone(&self, args: &[&str]) -> Said {
        let kith = self.command(args);
        let mut command = Command::new("setsid");
        command.arg("--wait").arg(kith.get_program());
        command.args(kith.get_args()).env_clear();
        command.envs(kith.get_envs().filter_map(|(k, v)| Some((k, v?))));
        to_the_end(&mut command, Vec::new())
    }

    /// What `status --json` says.
    pub(super) fn status(&self) -> Value {
        self.kith(&["status", "--json"]).json()
    }

    /// Makes friends: here they are called `there`, there we are called `here`.
    pub(super) fn befriend(&self, there: &str, other: &Self, here: &str) {
        let code = self.kith(&["invite", "--as", there]).done();
        let accepted = other.kith_reading(&["accept", "--as", here, "--lang", "en"], code);
        assert!(accepted.done().contains("linked by code"));
    }

    /// Everything unread, in order.
    pub(super) fn inbox(&self) -> Vec<Value> {
        let said = self.kith(&["inbox", "--json", "--max", "5000"]);
        assert!([0, 1].contains(&said.code), "{said:?}");
        let inbox: Value = serde_json::from_str(&said.out).unwrap();
        inbox["messages"].as_array().unwrap().clone()
    }
}

impl Drop for Home {
    /// What `kith up` left running ends with the test, however that ends.
    fn drop(&mut self) {
        if let Ok(mut node) = Client::connect(&self.socket()) {
            let _ = node.stop();
        }
    }
}

impl Said {
    /// It went well; what was asked for.
    pub(super) fn done(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.out
    }

    pub(super) fn json(self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// It did not; one sentence says why, perhaps another what to do.
    pub(super) fn refused(&self, code: i32) -> &str {
        assert_eq!(self.code, code, "{self:?}");
        assert!(self.out.is_empty(), "{self:?}");
        assert!((1..=2).contains(&self.err.lines().count()), "{self:?}");
        assert!(self.err.starts_with("kith"), "{self:?}");
        &self.err
    }
}

/// Runs `command` to its end, or to that of our patience.
pub(super) fn to_the_end(command: &mut Command, input: Vec<u8>) -> Said {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // Who does not want to read all of it may end before.
    thread::spawn(move || drop(pipe.write_all(&input)));
    let out = drain(child.stdout.take().unwrap());
    let err = drain(child.stderr.take().unwrap());
    let code = ended(&mut child, PATIENCE);
    let text = |bytes: thread::JoinHandle<Vec<u8>>| String::from_utf8(bytes.join().unwrap());
    Said {
        code,
        out: text(out).unwrap(),
        err: text(err).unwrap(),
    }
}

fn drain(mut from: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).unwrap();
        bytes
    })
}

/// Waits for the end of a process, and ends it when patience does; -1 for one that was killed.
pub(super) fn ended(child: &mut Child, patience: Duration) -> i32 {
    let ended = until(patience, || child.try_wait().unwrap());
    let Some(status) = ended else {
        let _ = child.kill();
        panic!("a process hangs");
    };
    status.code().unwrap_or(-1)
}

/// Looks again and again until there is something to see, or patience ends.
pub(super) fn until<T>(patience: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let began = Instant::now();
    loop {
        if let Some(seen) = look() {
            return Some(seen);
        }
        if began.elapsed() > patience {
            return None;
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// An address that no other test has, on this machine or in this run: all of 127/8 is loopback,
/// and the ports are below those that the system lends out.
pub(super) fn address() -> String {
    static NEXT: AtomicU16 = AtomicU16::new(20_000);
    let [_, a, b, c] = std::process::id().to_be_bytes();
    let port = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("127.{}.{b}.{}:{port}", 64 | (a & 0x3F), c.clamp(1, 254))
}

pub(super) fn gather(dir: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let kind = fs::symlink_metadata(&path).unwrap().file_type();
        if kind.is_dir() {
            gather(&path, files);
        } else if kind.is_file() {
            files.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
}

/// Where `needle` stands in `haystack`.
pub(super) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let mut windows = haystack.windows(needle.len());
    windows.position(|window| window == needle)
}
