//! `kith unlock`: gives a locked node its passphrase.

use clap::{ArgMatches, Command};
use kith_proto::secret::Said;

use crate::ask::{as_text, no_terminal};
use crate::call::Context;
use crate::exit::{Exit, Outcome};
use crate::words::{Words, msg};

pub(super) fn command(words: &Words, command: Command) -> Command {
    command.about(words.get("unlock-about"))
}

pub(super) fn run(context: &Context, _: &ArgMatches) -> Outcome {
    let mut node = context.node()?;
    // Nobody is asked for a passphrase that nothing will be done with.
    if !node.status()?.locked {
        context.say(&msg!("unlock-open"))?;
        return Ok(Exit::OK);
    }
    let unlock = |passphrase: Said| Ok(node.unlock(as_text(&passphrase)?)?);
    let opened = context.sources.opened(&context.words, unlock)?;
    opened.ok_or_else(no_terminal)?;
    context.say(&msg!("unlock-done"))?;
    Ok(Exit::OK)
}
