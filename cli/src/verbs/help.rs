//! `kith help`: the whole tree, one verb, or a topic.

use clap::{ArgMatches, Command};

use crate::args::positional;
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::{Words, msg};
use crate::{args, out, view};

pub(super) fn command(words: &Words, command: Command) -> Command {
    command.about(words.get("help-about")).arg(positional(
        words,
        "topic",
        "value-topic",
        "help-topic",
    ))
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let mut tree = args::command(&context.words);
    let topic = matches.get_one::<String>("topic").map(String::as_str);
    let text = match topic {
        None => tree.render_long_help().to_string(),
        Some("exit-codes") => context.words.get("help-exit-codes"),
        Some(verb) => match tree.find_subcommand_mut(verb) {
            Some(verb) => verb.render_long_help().to_string(),
            None => {
                let topic = view::name(verb);
                let why = msg!("help-unknown-topic", topic = topic);
                return Err(Failed::new(Exit::USAGE, why));
            }
        },
    };
    out::line(text.trim_end())?;
    Ok(Exit::OK)
}
