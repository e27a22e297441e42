//! `kith passphrase`: another passphrase, or the first.

use std::path::PathBuf;

use clap::{ArgMatches, Command, value_parser};
use kith_node::control::client::CallError;
use kith_node::control::params::Passphrase;
use kith_node::run::needs_passphrase;

use super::daemon::failed;
use crate::args::{flag, option};
use crate::ask::as_text;
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::{Words, msg};

pub(super) fn command(words: &Words, command: Command) -> Command {
    let file = option(words, "new-file", "value-file", "passphrase-new-file");
    command
        .about(words.get("passphrase-about"))
        .arg(file.value_parser(value_parser!(PathBuf)))
        .arg(flag(words, "cheap", "init-cheap").hide(true))
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let mut node = context.node()?;
    if node.status()?.locked {
        return Err(CallError::Locked.into());
    }
    let had_one = needs_passphrase(&context.home).map_err(failed)?;
    let old = match had_one {
        true => Some(context.sources.find(&context.words)?),
        false => None,
    };
    let new_file = matches.get_one::<PathBuf>("new-file");
    let new = context.sources.choose_another(&context.words, new_file)?;
    let change = Passphrase {
        old: old
            .as_ref()
            .map(|old| as_text(old))
            .transpose()?
            .map(str::to_owned),
        new: as_text(&new)?.to_owned(),
        cheap: matches.get_flag("cheap"),
    };
    match node.passphrase(&change) {
        Ok(()) => {}
        Err(CallError::Lost) => {
            return Err(Failed::new(Exit::UNAVAILABLE, msg!("node-lost"))
                .hint(msg!("passphrase-which-one")));
        }
        Err(error) => return Err(error.into()),
    }
    context.say(&match had_one {
        true => msg!("passphrase-changed"),
        false => msg!("passphrase-first"),
    })?;
    context.note(&msg!("init-passphrase-note"));
    context.note(&msg!("passphrase-copies"));
    Ok(Exit::OK)
}
