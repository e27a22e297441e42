//! Questions to the person, and where a passphrase can come from without asking.
//!
//! Questions go to the terminal itself, never to a pipe that happens to be standard input. A
//! passphrase is never taken from the command line or the environment, where every program of the
//! user can read it.

mod hidden;
mod name;

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use kith_proto::limits::{PASSPHRASE_BYTES_MAX, TYPED_ANSWER_BYTES_MAX};
use kith_proto::secret::Said;

use self::hidden::Hidden;
use crate::exit::{Exit, Failed};
use crate::out;
use crate::words::{Words, msg};

pub(crate) use self::hidden::leave_to_another;
pub(crate) use self::name::name;

/// Below so many letters a passphrase gets a word of warning.
const PASSPHRASE_LETTERS_GOOD: usize = 16;

/// How often a passphrase that is typed may be wrong, as where one logs in.
const TRIES: u32 = 3;

/// Where a passphrase can come from, in the order of these fields; then the terminal.
pub(crate) struct Sources {
    fd: Option<u32>,
    file: Option<PathBuf>,
    credential: Option<PathBuf>,
    may_ask: bool,
}

impl Sources {
    /// From the flags and the environment.
    pub(crate) fn of(matches: &ArgMatches) -> Self {
        let file = matches.get_one::<PathBuf>("passphrase-file").cloned();
        let variable = || std::env::var_os("KITH_PASSPHRASE_FILE").map(PathBuf::from);
        let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
        Self {
            fd: matches.get_one("passphrase-fd").copied(),
            file: file.or_else(variable),
            credential: credentials
                .map(|dir| dir.join("kith.passphrase"))
                .filter(|path| path.exists()),
            may_ask: !matches.get_flag("no-input"),
        }
    }

    /// From nowhere.
    pub(crate) fn none() -> Self {
        Self {
            fd: None,
            file: None,
            credential: None,
            may_ask: false,
        }
    }

    /// The passphrase, if one can be had without a question.
    fn given(&self) -> Result<Option<Said>, Failed> {
        let found = match (self.fd, &self.file, &self.credential) {
            (Some(fd), _, _) => File::open(format!("/proc/self/fd/{fd}")),
            (None, Some(path), _) => own_file(path)?,
            (None, None, Some(path)) => File::open(path),
            (None, None, None) => return Ok(None),
        };
        let file = found.map_err(|_| unreadable())?;
        read_passphrase(file).map(Some)
    }

    /// The passphrase of a node that starts: found, asked for where somebody can answer, or none.
    pub(crate) fn find_if_any(&self, words: &Words) -> Result<Option<Said>, Failed> {
        match self.given()? {
            Some(given) => Ok(Some(given)),
            None if self.may_ask && terminal().is_ok() => {
                self.prompt(&words.get("passphrase-ask")).map(Some)
            }
            None => Ok(None),
        }
    }

    /// What the passphrase of a node that exists opens. One that is typed and wrong is asked for again,
    /// [`TRIES`] times in all; nothing where there is none and nobody can answer.
    pub(crate) fn opened<T>(
        &self,
        words: &Words,
        mut open: impl FnMut(Said) -> Result<T, Failed>,
    ) -> Result<Option<T>, Failed> {
        if let Some(given) = self.given()? {
            return open(given).map(Some);
        }
        if !(self.may_ask && terminal().is_ok()) {
            return Ok(None);
        }
        let mut left = TRIES;
        loop {
            left -= 1;
            match open(self.prompt(&words.get("passphrase-ask"))?) {
                Err(failed) if left > 0 && failed.is_wrong_passphrase() => {
                    out::aside(&words.get("run-wrong-passphrase"));
                }
                done => return done.map(Some),
            }
        }
    }

    /// The passphrase of a node that exists: found, or asked for.
    pub(crate) fn find(&self, words: &Words) -> Result<Said, Failed> {
        match self.given()? {
            Some(given) => Ok(given),
            None => self.prompt(&words.get("passphrase-ask")),
        }
    }

    /// A new passphrase: found, or asked for twice.
    pub(crate) fn choose(&self, words: &Words) -> Result<Said, Failed> {
        let chosen = self.given()?;
        self.chosen(words, chosen)
    }

    /// One that comes after another: from a file of its own, or asked for twice.
    pub(crate) fn choose_another(
        &self,
        words: &Words,
        file: Option<&PathBuf>,
    ) -> Result<Said, Failed> {
        let file = file.map(|path| own_file(path)).transpose()?;
        let chosen = file.map(|file| read_passphrase(file.map_err(|_| unreadable())?));
        self.chosen(words, chosen.transpose()?)
    }

    /// That of a file: from a file of its own, or asked for.
    pub(crate) fn find_another(
        &self,
        prompt: &str,
        file: Option<&PathBuf>,
    ) -> Result<Said, Failed> {
        match file {
            Some(path) => read_passphrase(own_file(path)?.map_err(|_| unreadable())?),
            None => self.prompt(prompt),
        }
    }

    fn chosen(&self, words: &Words, given: Option<Said>) -> Result<Said, Failed> {
        let chosen = match given {
            Some(given) => given,
            None => {
                let first = self.prompt(&words.get("passphrase-new"))?;
                let again = self.prompt(&words.get("passphrase-again"))?;
                if first != again {
                    return Err(Failed::new(Exit::DATA, msg!("passphrase-differs")));
                }
                first
            }
        };
        if as_text(&chosen)?.chars().count() < PASSPHRASE_LETTERS_GOOD {
            out::aside(&words.get("passphrase-short"));
        }
        Ok(chosen)
    }

    fn prompt(&self, prompt: &str) -> Result<Said, Failed> {
        if !self.may_ask {
            return Err(no_terminal());
        }
        let prompt = match terminal() {
            Ok(terminal) => out::fitted(&terminal, prompt),
            Err(_) => return Err(no_terminal()),
        };
        let _given_back = Hidden::begin();
        match rpassword::prompt_password(prompt) {
            Ok(typed) if typed.is_empty() => Err(Failed::new(Exit::DATA, msg!("passphrase-empty"))),
            Ok(typed) => Ok(typed.into_bytes().into()),
            Err(e) if e.kind() == ErrorKind::Interrupted => {
                // We end by ourselves, and say so.
                leave_to_another();
                Err(Failed::quiet(Exit::INTERRUPTED))
            }
            Err(_) => Err(no_terminal()),
        }
    }
}

/// A passphrase as it travels to the node.
pub(crate) fn as_text(passphrase: &Said) -> Result<&str, Failed> {
    std::str::from_utf8(passphrase)
        .map_err(|_| Failed::new(Exit::DATA, msg!("passphrase-not-text")))
}

fn terminal() -> io::Result<File> {
    OpenOptions::new().read(true).write(true).open("/dev/tty")
}

/// There is no passphrase, and nobody to ask for it.
pub(crate) fn no_terminal() -> Failed {
    Failed::new(Exit::NO_INPUT, msg!("passphrase-needed")).hint(msg!("passphrase-needed-hint"))
}

fn unreadable() -> Failed {
    Failed::new(Exit::NO_INPUT, msg!("passphrase-unreadable"))
}

/// A file that nobody else can read.
fn own_file(path: &Path) -> Result<io::Result<File>, Failed> {
    let Ok(file) = File::open(path) else {
        return Err(unreadable());
    };
    let own = rustix::process::geteuid().as_raw();
    match file.metadata() {
        Ok(about) if about.mode() & 0o077 == 0 && about.uid() == own => Ok(Ok(file)),
        _ => Err(Failed::new(Exit::REFUSED, msg!("passphrase-file-open"))
            .hint(msg!("passphrase-file-open-hint"))),
    }
}

/// All of it, without the line end an editor adds.
fn read_passphrase(from: impl Read) -> Result<Said, Failed> {
    let mut bytes: Said = Vec::with_capacity(PASSPHRASE_BYTES_MAX + 2).into();
    from.take(PASSPHRASE_BYTES_MAX as u64 + 2)
        .read_to_end(&mut bytes)
        .map_err(|_| unreadable())?;
    for end in [b'\n', b'\r'] {
        if bytes.last() == Some(&end) {
            bytes.pop();
        }
    }
    match bytes.len() {
        0 => Err(Failed::new(Exit::DATA, msg!("passphrase-empty"))),
        1..=PASSPHRASE_BYTES_MAX => as_text(&bytes).map(drop).map(|()| bytes),
        _ => Err(unreadable()),
    }
}

/// Before something is erased: whether the person typed the word for it.
pub(crate) fn agreed(words: &Words, may_ask: bool) -> Result<bool, Failed> {
    let answer = line(&words.get("erase-ask"), may_ask)?;
    Ok(answer.to_lowercase() == words.get("erase-word"))
}

/// Before a new identity: likewise.
pub(crate) fn agreed_to_new_identity(words: &Words, may_ask: bool) -> Result<bool, Failed> {
    let answer = line(&words.get("identity-ask"), may_ask)?;
    Ok(answer.to_lowercase() == words.get("identity-word"))
}

/// Before a friend is shown what I call somebody: likewise.
pub(crate) fn agreed_to_show(words: &Words, may_ask: bool) -> Result<bool, Failed> {
    let answer = line(&words.get("name-publish-ask"), may_ask)?;
    Ok(answer.to_lowercase() == words.get("name-publish-word"))
}

/// Before two contacts become one person: likewise.
pub(crate) fn agreed_to_join(words: &Words, may_ask: bool) -> Result<bool, Failed> {
    let answer = line(&words.get("join-ask"), may_ask)?;
    Ok(answer.to_lowercase() == words.get("join-word"))
}

/// Before somebody's computer is given up: likewise.
pub(crate) fn agreed_to_drop(words: &Words, may_ask: bool) -> Result<bool, Failed> {
    let answer = line(&words.get("drop-ask"), may_ask)?;
    Ok(answer.to_lowercase() == words.get("drop-word"))
}

/// Asks on the terminal; the answer without spaces around it.
pub(crate) fn line(prompt: &str, may_ask: bool) -> Result<String, Failed> {
    let no_terminal = || Failed::new(Exit::NO_INPUT, msg!("answer-needed"));
    if !may_ask {
        return Err(no_terminal());
    }
    let mut terminal = terminal().map_err(|_| no_terminal())?;
    let prompt = out::fitted(&terminal, prompt);
    let asked = terminal.write_all(prompt.as_bytes());
    asked.map_err(|_| no_terminal())?;
    let mut answer = String::new();
    let read = BufReader::new(terminal.take(TYPED_ANSWER_BYTES_MAX)).read_line(&mut answer);
    match read {
        Ok(0) | Err(_) => Err(no_terminal()),
        Ok(_) => Ok(answer.trim().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_passphrase_is_read_without_its_line_end() {
        let read = |bytes: &'static [u8]| read_passphrase(bytes).map(|said| said.to_vec());
        assert_eq!(read(b"un deux\n").unwrap(), b"un deux");
        assert_eq!(read(b"un deux\r\n").unwrap(), b"un deux");
        assert_eq!(read(b" un deux ").unwrap(), b" un deux ");
        assert_eq!(read(b"\n").unwrap_err().exit, Exit::DATA);
        assert_eq!(read(b"un \xff").unwrap_err().exit, Exit::DATA);
    }

    #[test]
    fn a_passphrase_has_a_bound() {
        let most = vec![b'a'; PASSPHRASE_BYTES_MAX];
        assert_eq!(read_passphrase(&*most).unwrap().len(), most.len());
        let more = vec![b'a'; PASSPHRASE_BYTES_MAX + 1];
        assert!(read_passphrase(&*more).is_err());
    }

    #[test]
    fn a_passphrase_file_that_others_can_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("passphrase");
        std::fs::write(&path, "un deux trois").unwrap();
        for (mode, good) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
            std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
            assert_eq!(own_file(&path).is_ok(), good, "{mode:o}");
        }
    }
}
