//! `kith completions`: what a shell needs to finish a half-typed command. No name of anybody is in it,
//! and no node is asked.

use clap::builder::PossibleValuesParser;
use clap::{ArgMatches, Command};
use clap_complete::{Shell, generate};

use crate::args::positional;
use crate::call::Context;
use crate::exit::{Exit, Outcome};
use crate::words::Words;
use crate::{args, out};

pub(super) fn command(words: &Words, command: Command) -> Command {
    let shell = positional(words, "shell", "value-shell", "completions-shell").required(true);
    let known = PossibleValuesParser::new(["bash", "zsh", "fish"]);
    command
        .about(words.get("completions-about"))
        .arg(shell.value_parser(known))
        .after_help("kith completions bash > ~/.local/share/bash-completion/completions/kith")
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let shell = match matches.get_one::<String>("shell").map(String::as_str) {
        Some("zsh") => Shell::Zsh,
        Some("fish") => Shell::Fish,
        _ => Shell::Bash,
    };
    let mut script = Vec::new();
    generate(
        shell,
        &mut args::command(&context.words),
        "kith",
        &mut script,
    );
    out::exact(String::from_utf8_lossy(&script).trim_end())?;
    Ok(Exit::OK)
}
