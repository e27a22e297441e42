//! `kith invite`: one line of text that makes a friend of whoever uses it first; which of them are
//! open, and one taken back.

mod sheet;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, ArgMatches, Command, value_parser};
use kith_node::control::client::{CallError, Client};
use kith_node::control::params::Invite;
use kith_node::control::shape::{Contact, Contacts, How, Refusal};

use crate::args::{duration, flag, option};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::when::Clock;
use crate::words::{Words, msg};
use crate::{file, out, qr, view};

/// What only a new invitation takes.
const MAKING: [&str; 6] = ["as", "file", "qr", "print", "expires", "at"];

pub(super) fn command(words: &Words, command: Command) -> Command {
    command
        .about(words.get("invite-about"))
        .arg(
            option(words, "as", "value-name", "invite-as")
                .required_unless_present_any(["list", "revoke"]),
        )
        .arg(
            option(words, "file", "value-file", "invite-file").value_parser(value_parser!(PathBuf)),
        )
        .arg(flag(words, "qr", "invite-qr"))
        .arg(flag(words, "print", "invite-print").conflicts_with_all(["file", "qr"]))
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
        .arg(flag(words, "list", "invite-list").conflicts_with_all(MAKING))
        .arg(
            option(words, "revoke", "value-name", "invite-revoke")
                .conflicts_with_all(MAKING)
                .conflicts_with("list"),
        )
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    match matches.get_one::<String>("revoke") {
        Some(name) => revoke(context, name),
        None if matches.get_flag("list") => list(context),
        None => invite(context, matches),
    }
}

fn invite(context: &Context, matches: &ArgMatches) -> Outcome {
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
    if matches.get_flag("print") {
        out::exact(&sheet::of(&context.words, &Clock::now(), &invitation))?;
    } else if path.is_none() {
        out::exact(&invitation.code)?;
    }
    context.note(&advice);
    Ok(Exit::OK)
}

/// The invitations that nobody has used yet: for whom, and until when.
fn list(context: &Context) -> Outcome {
    let contacts = open(&mut context.node()?)?;
    if context.json {
        context.json(Contacts { contacts })?;
    } else if contacts.is_empty() {
        context.say(&msg!("invite-none"))?;
    } else {
        let clock = Clock::now();
        let row = |one: &Contact| {
            let ends = one.expires.as_deref().unwrap_or_default();
            let until = clock.until(&context.words, ends);
            let until = context.words.say(&msg!("invite-until", until = until));
            vec![view::name(&one.petname), until]
        };
        out::line(&view::table(&contacts.iter().map(row).collect::<Vec<_>>()))?;
    }
    Ok(Exit::OK)
}

/// Takes one back. Whoever has used it is a friend by now, and stays one.
fn revoke(context: &Context, name: &str) -> Outcome {
    let mut node = context.node()?;
    if !open(&mut node)?.iter().any(|one| one.petname == name) {
        // The node knows which names are near, and whom it is too late for.
        return Err(match node.contact(name) {
            Err(error @ CallError::Refused(Refusal::NoSuchFriend { .. })) => error.into(),
            Ok(_) | Err(CallError::Refused(_)) => {
                let name = view::name(name);
                Failed::new(Exit::NO_USER, msg!("invite-not-open", name = name.clone()))
                    .hint(msg!("invite-not-open-hint", name = name))
            }
            Err(error) => error.into(),
        });
    }
    let removed = node.remove(name)?;
    match context.json {
        true => context.json(removed)?,
        false => context.say(&msg!("rm-invited-done", name = view::name(name)))?,
    }
    Ok(Exit::OK)
}

fn open(node: &mut Client) -> Result<Vec<Contact>, Failed> {
    let mut contacts = node.contacts()?.contacts;
    contacts.retain(|one| one.state == How::Invited);
    Ok(contacts)
}

/// Draws the code where a camera can read it, or says why not and prints it.
fn show(context: &Context, code: &str) -> Outcome {
    match qr::drawable(context, code) {
        Ok(qr) => out::exact(&qr.drawn())?,
        Err(why) => {
            context.note(&why);
            out::exact(code)?;
        }
    }
    Ok(Exit::OK)
}
