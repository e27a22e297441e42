//! `kith edit`: a line of the history says something else, and nothing shows that it did not always.

use clap::{ArgMatches, Command, value_parser};

use super::history::newest;
use crate::args::positional;
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::when::Clock;
use crate::words::{Words, msg};
use crate::{out, view};

pub(super) fn command(words: &Words, command: Command) -> Command {
    let name = positional(words, "name", "value-name", "contact-name").required(true);
    let back = positional(words, "back", "value-seq", "edit-back").required(true);
    let text = positional(words, "text", "value-text", "edit-text").required(true);
    command
        .about(words.get("edit-about"))
        .after_help(words.get("edit-example"))
        .args([name, back.value_parser(value_parser!(u32).range(1..)), text])
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let given = |id| matches.get_one::<String>(id).map_or("", String::as_str);
    let (name, text) = (given("name"), given("text"));
    let back = matches.get_one::<u32>("back").copied().unwrap_or(1) as usize;
    let mut node = context.node()?;
    node.contact(name)?;
    let lines = newest(&mut node, name, back, None)?;
    let none = || Failed::new(Exit::DATA, msg!("refused-no-such-line"));
    let mut line = match lines.len() == back {
        true => lines.into_iter().next().ok_or_else(none)?,
        false => return Err(none()),
    };
    node.edit(name, line.seq, text)?;
    line.text = text.to_owned();
    if context.json {
        context.json(line)?;
        return Ok(Exit::OK);
    }
    out::said(&view::line(&context.words, &Clock::now(), name, &line))?;
    context.note(&msg!("edit-done"));
    Ok(Exit::OK)
}
