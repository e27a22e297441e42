//! `kith identity`: who I am to my friends, begun anew.

use clap::{ArgMatches, Command};
use kith_node::control::shape::{Contact, Contacts, How};

use crate::args::flag;
use crate::call::Context;
use crate::exit::{Exit, Outcome};
use crate::words::{Words, msg};
use crate::{ask, view};

pub(super) fn command(words: &Words, command: Command) -> Command {
    let new = Command::new("new")
        .about(words.get("identity-new-about"))
        .arg(flag(words, "yes", "identity-new-yes"));
    command.about(words.get("identity-about")).subcommand(new)
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    match matches.subcommand() {
        Some(("new", matches)) => begin(context, matches),
        _ => show(context),
    }
}

/// Who has not confirmed a new identity, here or there.
fn show(context: &Context) -> Outcome {
    let contacts = context.node()?.contacts()?.contacts;
    let asked = |contact: &Contact| matches!(contact.state, How::Announced | How::NewIdentity);
    let waits: Vec<_> = contacts.into_iter().filter(asked).collect();
    if context.json {
        context.json(Contacts { contacts: waits })?;
        return Ok(Exit::OK);
    }
    for contact in &waits {
        let name = view::name(&contact.petname);
        context.say(&match contact.state {
            How::NewIdentity => msg!("state-new-identity", name = name),
            _ => msg!("identity-waits", name = name),
        })?;
    }
    if waits.is_empty() {
        context.say(&msg!("identity-nothing"))?;
    }
    Ok(Exit::OK)
}

fn begin(context: &Context, matches: &ArgMatches) -> Outcome {
    let mut node = context.node()?;
    if !matches.get_flag("yes") {
        context.note(&msg!("identity-new-warning"));
        if !ask::agreed_to_new_identity(&context.words, context.may_ask)? {
            context.say(&msg!("identity-not-done"))?;
            return Ok(Exit::NO);
        }
    }
    let renewed = node.renew()?;
    if context.json {
        context.json(renewed)?;
        return Ok(Exit::OK);
    }
    context.say(&msg!("identity-new-done", friends = renewed.friends))?;
    context.note(&msg!("identity-new-after"));
    Ok(Exit::OK)
}
