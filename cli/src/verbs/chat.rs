//! `kith chat`: talking, until one leaves.

use clap::{ArgMatches, Command};

use crate::args::{flag, positional};
use crate::call::Context;
use crate::chat;
use crate::exit::Outcome;
use crate::words::Words;

pub(super) fn command(words: &Words, command: Command) -> Command {
    command
        .about(words.get("chat-about"))
        .arg(positional(words, "name", "value-name", "chat-name"))
        .arg(flag(words, "fullscreen", "chat-fullscreen").conflicts_with("plain"))
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let to = matches.get_one::<String>("name").cloned();
    chat::run(context, to, matches.get_flag("fullscreen"))
}
