//! `kith invite`: one line of text that makes a friend of whoever uses it first.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, ArgMatches, Command, value_parser};
use kith_node::control::params::Invite;

use crate::args::{duration, flag, option};
use crate::call::Context;
use crate::exit::{Exit, Outcome};
use crate::when::Clock;
use crate::words::{Words, msg};
use crate::{file, out, qr, view};

pub(super) fn command(words: &Words, command: Command) -> Command {
    command
        .about(words.get("invite-about"))
        .arg(option(words, "as", "value-name", "invite-as").required(true))
        .arg(
            option(words, "file", "value-file", "invite-file").value_parser(value_parser!(PathBuf)),
        )
        .arg(flag(words, "qr", "invite-qr"))
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
    if let Some(path) = path {
        file::write_new(path, format!("{}\n", invitation.code).as_bytes())?;
        let path = path.display().to_string();
        context.note(&msg!("invite-written", path = path));
    }
    let until = Clock::now().until(&context.words, &invitation.expires);
    let advice = msg!("invite-advice", name = view::name(&name), until = until);
    if matches.get_flag("qr") {
        // Said first: what comes after the picture would push it off the screen.
        context.note(&advice);
        return show(context, &invitation.code);
    }
    if path.is_none() {
        out::line(&invitation.code)?;
    }
    context.note(&advice);
    Ok(Exit::OK)
}

/// Draws the code where a camera can read it, or says why not and prints it.
fn show(context: &Context, code: &str) -> Outcome {
    match qr::drawable(context, code) {
        Ok(qr) => out::line(&qr.drawn())?,
        Err(why) => {
            context.note(&why);
            out::line(code)?;
        }
    }
    Ok(Exit::OK)
}
