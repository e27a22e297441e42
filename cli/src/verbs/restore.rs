//! `kith restore`: a new home that goes on from a backup.

use std::io::ErrorKind;
use std::path::PathBuf;

use clap::{ArgMatches, Command};
use kith_node::config::{Config, Minutes};
use kith_node::run::{CreateError, create_from};
use kith_proto::engine::Restored;
use kith_proto::limits::BACKUP_BYTES;
use kith_proto::vault::{VaultError, open_backup};

use super::backup::{named, passphrase_file, path};
use super::init::{chosen, not_created, not_made, opened_by};
use super::wipe;
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::file;
use crate::words::{Words, msg};

pub(super) fn command(words: &Words, command: Command) -> Command {
    let command = command
        .about(words.get("restore-about"))
        .arg(path(words).help(words.get("restore-file")))
        .arg(passphrase_file(words));
    opened_by(words, command)
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    wipe::finish(context)?;
    if context.home.exists() {
        return Err(exists(context));
    }
    let bytes_max = BACKUP_BYTES.iter().max().copied().unwrap_or_default();
    let sealed = file::read(&named(matches), bytes_max as u64)?;
    let given = matches.get_one::<PathBuf>("backup-passphrase-file");
    let prompt = context.words.get("restore-passphrase-ask");
    let passphrase = context.sources.find_another(&prompt, given)?;
    let backup = open_backup(&sealed, &passphrase).map_err(not_opened)?;
    drop(passphrase);
    let (unlock, effort) = chosen(context, matches)?;
    let restored = create_from(&context.home, &unlock, effort, &backup);
    let restored = restored.map_err(|error| match error {
        CreateError::Exists => exists(context),
        error => not_created(context, error),
    })?;
    settle(context, restored)?;
    let place = context.place();
    context.say(&msg!("restore-done", place = place))?;
    context.note(&msg!("restore-friends"));
    context.note(&msg!("restore-one"));
    Ok(Exit::OK)
}

/// The settings as they were, as far as the backup knows them; a file that stands there stays.
fn settle(context: &Context, restored: Restored) -> Result<(), Failed> {
    let drawn = Config::draw().map(|mut config| {
        config.messages.keep = Minutes(restored.settings.keep_min);
        config.messages.post = Minutes(restored.settings.post_min);
        for listen in config.net.listen.iter_mut().filter(|_| restored.port > 0) {
            listen.set_port(restored.port);
        }
        config
    });
    match drawn.and_then(|config| config.write_new(&context.home.config_file())) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(not_made(context)),
        _ => Ok(()),
    }
}

fn not_opened(error: VaultError) -> Failed {
    match error {
        VaultError::WrongPassphrase => Failed::new(Exit::REFUSED, msg!("restore-wrong-passphrase")),
        VaultError::SlotTooNew => Failed::new(Exit::DATA, msg!("restore-too-new")),
        VaultError::OutOfMemory => Failed::new(Exit::IO, msg!("run-no-memory")),
        _ => damaged(),
    }
}

fn damaged() -> Failed {
    Failed::new(Exit::DATA, msg!("restore-damaged"))
}

fn exists(context: &Context) -> Failed {
    let place = context.place();
    Failed::new(Exit::CANNOT_CREATE, msg!("restore-exists", place = place))
}
