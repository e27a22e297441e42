//! `kith lock`: the running node forgets how to read what it holds.

use clap::{ArgMatches, Command};

use crate::call::Context;
use crate::exit::{Exit, Outcome};
use crate::words::{Words, msg};

pub(super) fn command(words: &Words, command: Command) -> Command {
    command.about(words.get("lock-about"))
}

pub(super) fn run(context: &Context, _: &ArgMatches) -> Outcome {
    context.node()?.lock()?;
    context.say(&msg!("lock-done"))?;
    Ok(Exit::OK)
}
