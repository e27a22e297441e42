//! `kith backup`: who I am and whom I know, in a file that a passphrase of its own opens.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, value_parser};
use kith_node::control::params::Backup;

use crate::args::{flag, option, positional};
use crate::ask::as_text;
use crate::call::Context;
use crate::exit::{Exit, Outcome};
use crate::file;
use crate::words::{Words, msg};

pub(super) fn command(words: &Words, command: Command) -> Command {
    command
        .about(words.get("backup-about"))
        .arg(path(words).help(words.get("backup-file")))
        .arg(passphrase_file(words))
        .arg(flag(words, "cheap", "init-cheap").hide(true))
}

/// The file of a backup.
pub(super) fn path(words: &Words) -> Arg {
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
    file::is_free(&path)?;
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
    file::write_new(&path, &sealed)?;
    context.say(&msg!("backup-done", friends = friends))?;
    context.note(&msg!("backup-holds"));
    context.note(&msg!("backup-after"));
    Ok(Exit::OK)
}
