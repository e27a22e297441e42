//! `kith backup`: who I am and whom I know, in a file that a passphrase of its own opens.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches, Command, value_parser};
use kith_node::control::params::Backup;

use crate::args::{flag, option, positional};
use crate::ask::as_text;
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::{Words, msg};

pub(super) fn command(words: &Words, command: Command) -> Command {
    command
        .about(words.get("backup-about"))
        .arg(file(words).help(words.get("backup-file")))
        .arg(passphrase_file(words))
        .arg(flag(words, "cheap", "init-cheap").hide(true))
}

/// The file of a backup.
pub(super) fn file(words: &Words) -> Arg {
    positional(words, "file", "value-file", "backup-file")
        .required(true)
        .value_parser(value_parser!(PathBuf))
}

/// Where its passphrase can come from without a question.
pub(super) fn passphrase_file(words: &Words) -> Arg {
    let id = "backup-passphrase-file";
    option(words, id, "value-file", "backup-passphrase-file").value_parser(value_parser!(PathBuf))
}

/// The file that was named.
pub(super) fn named(matches: &ArgMatches) -> PathBuf {
    let path = matches.get_one::<PathBuf>("file");
    path.cloned().unwrap_or_default()
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let path = named(matches);
    // Said before anybody thinks of a passphrase.
    if fs::symlink_metadata(&path).is_ok() {
        return Err(exists());
    }
    let mut node = context.node()?;
    let given = matches.get_one::<PathBuf>("backup-passphrase-file");
    if given.is_none() {
        context.note(&msg!("backup-passphrase-note"));
    }
    let passphrase = context.sources.choose_another(&context.words, given)?;
    let wanted = Backup {
        passphrase: as_text(&passphrase)?.to_owned(),
        cheap: matches.get_flag("cheap"),
    };
    let (sealed, friends) = node.backup(&wanted)?;
    write(&path, &sealed).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => exists(),
        ErrorKind::StorageFull => Failed::new(Exit::IO, msg!("disk-full")),
        _ => Failed::new(Exit::CANNOT_CREATE, msg!("backup-not-written")),
    })?;
    context.say(&msg!("backup-done", friends = friends))?;
    context.note(&msg!("backup-holds"));
    context.note(&msg!("backup-after"));
    Ok(Exit::OK)
}

/// Whole or not at all, and on the disk when this returns; for nobody else to read.
fn write(path: &Path, sealed: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    let written = file.write_all(sealed).and_then(|()| file.sync_all());
    if let Err(error) = written {
        let _ = fs::remove_file(path);
        return Err(error);
    }
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
    // Some sticks sync no directory; the file itself is on the disk.
    let _ = File::open(dir.unwrap_or(Path::new("."))).and_then(|dir| dir.sync_all());
    Ok(())
}

fn exists() -> Failed {
    Failed::new(Exit::CANNOT_CREATE, msg!("backup-exists"))
}
