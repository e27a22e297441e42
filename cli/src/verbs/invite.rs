//! `kith invite`: one line of text that makes a friend of whoever uses it first.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{ArgAction, ArgMatches, Command, value_parser};
use kith_node::control::params::Invite;

use crate::args::{duration, option};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::when::Clock;
use crate::words::{Words, msg};
use crate::{out, view};

pub(super) fn command(words: &Words, command: Command) -> Command {
    command
        .about(words.get("invite-about"))
        .arg(option(words, "as", "value-name", "invite-as").required(true))
        .arg(
            option(words, "file", "value-file", "invite-file").value_parser(value_parser!(PathBuf)),
        )
        .arg(
            option(words, "expires", "value-duration", "invite-expires")
                .value_parser(duration)
                .default_value("7d"),
        )
        .arg(
            option(words, "at", "value-address", "invite-at")
                .value_parser(value_parser!(SocketAddr))
                .action(ArgAction::Append),
        )
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let name = matches.get_one::<String>("as").cloned().unwrap_or_default();
    let file = matches.get_one::<PathBuf>("file");
    if let Some(path) = file.filter(|path| path.exists()) {
        return Err(exists(path));
    }
    let lifetime = matches.get_one::<Duration>("expires");
    let invitation = context.node()?.invite(&Invite {
        name: name.clone(),
        lifetime_s: lifetime.map_or(0, Duration::as_secs),
        addrs: matches
            .get_many("at")
            .map(|addrs| addrs.copied().collect())
            .unwrap_or_default(),
        language: context.words.language,
    })?;
    match file {
        Some(path) => {
            write_new(path, &invitation.code)?;
            let path = path.display().to_string();
            context.note(&msg!("invite-written", path = path));
        }
        None => out::line(&invitation.code)?,
    }
    let until = Clock::now().until(&context.words, &invitation.expires);
    let name = view::name(&name);
    context.note(&msg!("invite-advice", name = name, until = until));
    Ok(Exit::OK)
}

fn write_new(path: &Path, code: &str) -> Result<(), Failed> {
    let opened = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    let written = opened.and_then(|mut file| {
        file.write_all(code.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()
    });
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => exists(path),
        _ => {
            let path = path.display().to_string();
            Failed::new(Exit::CANNOT_CREATE, msg!("file-not-written", path = path))
        }
    })
}

fn exists(path: &Path) -> Failed {
    let path = path.display().to_string();
    Failed::new(Exit::CANNOT_CREATE, msg!("file-exists", path = path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt;

    #[test]
    fn an_invitation_is_written_for_its_owner_alone_and_never_over_another() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("zoé.kith");
        write_new(&path, "KITH:ABC").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "KITH:ABC\n");
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let again = write_new(&path, "KITH:DEF").unwrap_err();
        assert_eq!(again.exit, Exit::CANNOT_CREATE);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "KITH:ABC\n");
    }
}
