//! `kith daemon`: the node itself, until it is stopped. What `kith up` and systemd start.

use std::fs::OpenOptions;

use clap::{ArgMatches, Command};
use kith_node::control::Group;
use kith_node::health;
use kith_node::home::NotLocked;
use kith_node::journal;
use kith_node::run::{self, RunError, Service, Unlock};
use kith_node::supervisor::{StatusWords, Supervisor};
use rustix::process::setsid;

use super::wipe;
use crate::args::{flag, option};
use crate::ask;
use crate::call::{Context, no_home};
use crate::exit::{Exit, Failed, Outcome};
use crate::words::{Words, msg};

pub(super) fn command(words: &Words, command: Command) -> Command {
    command
        .about(words.get("daemon-about"))
        .arg(flag(words, "foreground", "daemon-foreground"))
        .arg(option(words, "group", "value-name", "daemon-group"))
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let foreground = matches.get_flag("foreground");
    journal::begin(&std::env::var("KITH_LOG").unwrap_or_default());
    let group = group(matches)?;
    if !foreground {
        // Its own session: the terminal that closes does not take the node with it.
        let _ = setsid();
    }
    // Before anything is in it that nobody else may read.
    health::lock_memory();
    wipe::finish(context)?;
    let needs_passphrase = run::needs_passphrase(&context.home).map_err(failed)?;
    // Nobody is asked for a passphrase that nothing will be done with.
    if let Err(NotLocked::Held { pid }) = context.home.lock() {
        return Err(held(pid));
    }
    let config = context.config()?.clone();
    // A passphrase may have been asked for; the node ends in order by itself.
    ask::leave_to_another();
    let unlock = if needs_passphrase {
        let passphrase = context.sources.find_if_any(&context.words)?;
        passphrase.map(Unlock::Passphrase)
    } else {
        Some(Unlock::DeviceKey)
    };
    let service = Service {
        supervisor: Supervisor::from_environment(StatusWords {
            open: context.words.get("daemon-open"),
            locked: context.words.get("daemon-locked"),
        }),
        group,
    };
    let ended = run::run(context.home.clone(), unlock, config, service, |ready| {
        if ready.locked {
            context.note(&msg!("started-locked"));
        }
        if !foreground {
            leave_stderr();
        }
    });
    ended.map(|()| Exit::OK).map_err(failed)
}

/// The group that may talk to the node, if one was named.
fn group(matches: &ArgMatches) -> Result<Option<Group>, Failed> {
    let Some(name) = matches.get_one::<String>("group") else {
        return Ok(None);
    };
    match Group::named(name) {
        Ok(Some(group)) => Ok(Some(group)),
        _ => Err(Failed::new(
            Exit::CONFIG,
            msg!("run-no-group", name = crate::view::name(name)),
        )),
    }
}

/// Once the socket answers, whoever started us has heard all we had to say.
fn leave_stderr() {
    if let Ok(nowhere) = OpenOptions::new().write(true).open("/dev/null") {
        let _ = rustix::stdio::dup2_stderr(&nowhere);
    }
}

/// Why a node does not run, for the person.
pub(super) fn failed(error: RunError) -> Failed {
    match error {
        RunError::Held { pid } => held(pid),
        RunError::NoHome => no_home(),
        RunError::WrongPassphrase => Failed::wrong_passphrase(),
        RunError::NeedsPassphrase => Failed::new(Exit::NO_INPUT, msg!("passphrase-needed"))
            .hint(msg!("passphrase-needed-hint")),
        RunError::NeedsDeviceKey => Failed::new(Exit::IO, msg!("run-no-device-key")),
        RunError::SlotDamaged => Failed::new(Exit::IO, msg!("run-slot-damaged")),
        RunError::TooNew => Failed::new(Exit::IO, msg!("run-too-new")),
        RunError::DatabaseDamaged => Failed::new(Exit::IO, msg!("run-database-damaged")),
        RunError::CannotListen => {
            Failed::new(Exit::IO, msg!("run-cannot-listen")).hint(msg!("run-cannot-listen-hint"))
        }
        RunError::NotInGroup => Failed::new(Exit::CONFIG, msg!("run-not-in-group")),
        RunError::WipeUnfinished => Failed::new(Exit::IO, msg!("run-wipe-unfinished"))
            .hint(msg!("run-wipe-unfinished-hint")),
        RunError::OutOfMemory => Failed::new(Exit::IO, msg!("run-no-memory")),
        RunError::DiskFull => Failed::new(Exit::IO, msg!("disk-full")),
        RunError::ReadOnly => Failed::new(Exit::IO, msg!("disk-read-only")),
        RunError::NoDescriptors => Failed::new(Exit::IO, msg!("no-descriptors")),
        RunError::Io(_) => Failed::new(Exit::IO, msg!("run-io")),
    }
}

/// Another process has this home.
pub(super) fn held(pid: Option<u32>) -> Failed {
    let why = match pid {
        Some(pid) => msg!("run-held-by", pid = pid),
        None => msg!("run-held"),
    };
    Failed::new(Exit::UNAVAILABLE, why)
}
