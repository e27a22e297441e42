//! `kith events`: what happens, one object a line, for programs. It says that something is there to
//! be read, never what was said: `kith inbox` is what makes the node forget a message.

use clap::{ArgMatches, Command};

use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::{Words, msg};

pub(super) fn command(words: &Words, command: Command) -> Command {
    command.about(words.get("events-about"))
}

pub(super) fn run(context: &Context, _: &ArgMatches) -> Outcome {
    let mut events = context.node()?.subscribe()?;
    while let Ok(event) = events.next(None) {
        if let Some(event) = event {
            context.json(event)?;
        }
    }
    Err(Failed::new(Exit::UNAVAILABLE, msg!("node-ended")))
}
