//! `kith introduce`: two friends of mine may get to know each other, if both want to.

use clap::{ArgMatches, Command};

use crate::args::{option, positional};
use crate::call::Context;
use crate::exit::{Exit, Outcome};
use crate::view;
use crate::words::{Words, msg};

pub(super) fn command(words: &Words, command: Command) -> Command {
    let one = positional(words, "name", "value-name", "introduce-name").required(true);
    let other = positional(words, "to", "value-name", "introduce-to").required(true);
    let say = option(words, "say", "value-text", "introduce-say");
    command
        .about(words.get("introduce-about"))
        .args([one, other, say])
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let text = |id| matches.get_one::<String>(id).map_or("", String::as_str);
    let (one, other) = (text("name"), text("to"));
    let introduced = context.node()?.introduce(one, other, text("say"))?;
    if context.json {
        context.json(introduced)?;
        return Ok(Exit::OK);
    }
    let (one, other) = (view::name(one), view::name(other));
    context.say(&msg!(
        "introduce-done",
        one = one.clone(),
        other = other.clone()
    ))?;
    context.note(&msg!("introduce-names", one = one, other = other));
    Ok(Exit::OK)
}
