//! `kith forge`: makes transcripts that prove nothing, changes them, lays them open, checks them.
//! Only `--with` asks the node; the rest is done by the protocol's public functions, offline.

mod make;
mod read;
mod script;

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, value_parser};
use kith_proto::forge::{BadFile, Transcript};
use kith_proto::limits::TRANSCRIPT_FILE_BYTES_MAX;

use crate::args::{flag, option, positional};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::{Words, msg};
use crate::{file, out};

pub(super) fn command(words: &Words, command: Command) -> Command {
    let path = |arg: Arg| arg.value_parser(value_parser!(PathBuf));
    let named = |id, about| path(option(words, id, "value-file", about));
    let out = || named("out", "forge-out");
    let transcript = || path(positional(words, "file", "value-file", "forge-file")).required(true);
    let verb = |name: &'static str, about, example| {
        let command = Command::new(name).about(words.get(about));
        command.after_help(words.get(example))
    };
    let make = verb("transcript", "forge-make-about", "forge-make-example")
        .arg(option(words, "with", "value-name", "forge-with").required(true))
        .arg(named("script", "forge-script").required(true))
        .arg(out());
    let edit = verb("edit", "forge-edit-about", "forge-edit-example")
        .arg(
            option(words, "at", "value-at", "forge-at")
                .required(true)
                .value_parser(make::place),
        )
        .arg(option(words, "old", "value-text", "forge-old").required(true))
        .arg(option(words, "new", "value-text", "forge-new").required(true))
        .args([out(), transcript()]);
    let parse = verb("parse", "forge-parse-about", "forge-parse-example")
        .arg(flag(words, "sealed", "forge-sealed"))
        .arg(transcript());
    let verify = verb("verify", "forge-verify-about", "forge-verify-example")
        .arg(option(words, "with", "value-name", "forge-verify-with"))
        .arg(transcript());
    command
        .about(words.get("forge-about"))
        .subcommand_required(true)
        .subcommands([make, edit, parse, verify])
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    match matches.subcommand() {
        Some(("transcript", matches)) => make::transcript(context, matches),
        Some(("edit", matches)) => make::edit(context, matches),
        Some(("parse", matches)) => read::parse(context, matches),
        Some(("verify", matches)) => read::verify(context, matches),
        _ => Err(Failed::new(Exit::USAGE, msg!("usage-unclear"))),
    }
}

fn text<'a>(matches: &'a ArgMatches, id: &str) -> &'a str {
    matches.get_one::<String>(id).map_or("", String::as_str)
}

/// The transcript that was named.
fn transcript(matches: &ArgMatches) -> Result<Transcript, Failed> {
    let path = matches.get_one::<PathBuf>("file");
    let path = path.ok_or_else(|| Failed::quiet(Exit::USAGE))?;
    let bytes = file::read(path, TRANSCRIPT_FILE_BYTES_MAX as u64)?;
    Transcript::from_file(&bytes).map_err(|BadFile { line }| {
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        Failed::new(Exit::DATA, msg!("forge-bad-file", line = line))
    })
}

/// Said before any work is done.
fn out_is_free(matches: &ArgMatches) -> Result<(), Failed> {
    let out = matches.get_one::<PathBuf>("out");
    out.map_or(Ok(()), |path| file::is_free(path))
}

/// Writes a transcript where it was asked for.
fn give(matches: &ArgMatches, file: &[u8]) -> Result<(), Failed> {
    match matches.get_one::<PathBuf>("out") {
        Some(path) => file::write_new(path, file),
        None => out::exact(String::from_utf8_lossy(file).trim_end()),
    }
}
