//! `kith invite`: one line of text that makes a friend of whoever uses it first.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, ArgMatches, Command, value_parser};
use kith_node::control::params::Invite;

use crate::args::{duration, option};
use crate::call::Context;
use crate::exit::{Exit, Outcome};
use crate::when::Clock;
use crate::words::{Words, msg};
use crate::{file, out, view};

pub(super) fn command(words: &Words, command: Command) -> Command {
    command
        .about(words.get("invite-about"))
        .arg(option(words, "as", "value-name", "invite-as").required(true))
        .arg(
            option(words, "file", "value-file", "invite-file").value_parser(value_parser!(PathBuf)),
        )
        .arg(
            option(words, "expires", "value-duration", "invite-expires")
                .value_parser(duration)
                .default_value("7d"),
        )
        .arg(
            option(words, "at", "value-address", "invite-at")
                .value_parser(value_parser!(SocketAddr))
                .action(ArgAction::Append),
        )
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let name = matches.get_one::<String>("as").cloned().unwrap_or_default();
    let path = matches.get_one::<PathBuf>("file");
    path.map_or(Ok(()), |path| file::is_free(path))?;
    let lifetime = matches.get_one::<Duration>("expires");
    let invitation = context.node()?.invite(&Invite {
        name: name.clone(),
        lifetime_s: lifetime.map_or(0, Duration::as_secs),
        addrs: matches
            .get_many("at")
            .map(|addrs| addrs.copied().collect())
            .unwrap_or_default(),
        language: context.words.language,
    })?;
    match path {
        Some(path) => {
            file::write_new(path, format!("{}\n", invitation.code).as_bytes())?;
            let path = path.display().to_string();
            context.note(&msg!("invite-written", path = path));
        }
        None => out::line(&invitation.code)?,
    }
    let until = Clock::now().until(&context.words, &invitation.expires);
    let name = view::name(&name);
    context.note(&msg!("invite-advice", name = name, until = until));
    Ok(Exit::OK)
}
