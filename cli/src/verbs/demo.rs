//! `kith demo`: three nodes on this machine show that the program keeps its promises.

use clap::{ArgMatches, Command};
use kith_node::journal;

use crate::call::Context;
use crate::demo;
use crate::exit::Outcome;
use crate::words::Words;

pub(super) fn command(words: &Words, command: Command) -> Command {
    command.about(words.get("demo-about"))
}

pub(super) fn run(context: &Context, _: &ArgMatches) -> Outcome {
    if let Ok(level) = std::env::var("KITH_LOG") {
        journal::begin(&level);
    }
    demo::run(context)
}
