//! `kith init`: makes a new node. Nobody is told.

use std::io::ErrorKind;

use clap::{ArgMatches, Command};
use kith_node::config::Config;
use kith_node::run::{CreateError, Effort, RunError, Unlock, create};

use crate::args::flag;
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::verbs::daemon::{failed, held};
use crate::verbs::wipe;
use crate::words::{Words, msg};

pub(super) fn command(words: &Words, command: Command) -> Command {
    opened_by(words, command.about(words.get("init-about")))
}

/// The flags that say what will open a new home.
pub(super) fn opened_by(words: &Words, command: Command) -> Command {
    command
        .arg(
            flag(words, "no-passphrase", "init-no-passphrase")
                .conflicts_with_all(["passphrase-file", "passphrase-fd"]),
        )
        .arg(flag(words, "cheap", "init-cheap").hide(true))
}

/// What will open it, and whether that may be cheap to guess: by those flags, or as a person chooses.
pub(super) fn chosen(context: &Context, matches: &ArgMatches) -> Result<(Unlock, Effort), Failed> {
    let unlock = if matches.get_flag("no-passphrase") {
        Unlock::DeviceKey
    } else {
        Unlock::Passphrase(context.sources.choose(&context.words)?)
    };
    let effort = if matches.get_flag("cheap") {
        Effort::Least
    } else {
        Effort::Full
    };
    Ok((unlock, effort))
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    wipe::finish(context)?;
    if context.home.exists() {
        return Err(exists(context));
    }
    let (unlock, effort) = chosen(context, matches)?;
    create(&context.home, &unlock, effort).map_err(|error| not_created(context, error))?;
    let settings = Config::draw().and_then(|drawn| drawn.write_new(&context.home.config_file()));
    match settings {
        // Settings that were written beforehand stay as they are.
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(not_made(context)),
        _ => {}
    }
    let place = context.place();
    context.say(&msg!("init-done", place = place))?;
    context.note(&match unlock {
        Unlock::Passphrase(_) => msg!("init-passphrase-note"),
        Unlock::DeviceKey => msg!("init-no-passphrase-note"),
    });
    context.note(&msg!("init-next"));
    Ok(Exit::OK)
}

/// Why there is no new home.
pub(super) fn not_created(context: &Context, error: CreateError) -> Failed {
    match error {
        CreateError::Exists => exists(context),
        CreateError::Unfinished => Failed::new(Exit::CANNOT_CREATE, msg!("init-unfinished"))
            .hint(msg!("init-unfinished-hint")),
        CreateError::Held { pid } => held(pid),
        CreateError::WipeUnfinished => failed(RunError::WipeUnfinished),
        CreateError::BadBackup => Failed::new(Exit::DATA, msg!("restore-damaged")),
        CreateError::DiskFull => Failed::new(Exit::IO, msg!("disk-full")),
        CreateError::Io(_) => not_made(context),
    }
}

fn exists(context: &Context) -> Failed {
    let place = context.place();
    Failed::new(Exit::CANNOT_CREATE, msg!("init-exists", place = place))
}

pub(super) fn not_made(context: &Context) -> Failed {
    let place = context.place();
    Failed::new(Exit::CANNOT_CREATE, msg!("init-not-made", place = place))
}
