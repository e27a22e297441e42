//! What people can do, one file a verb.

mod accept;
mod backup;
pub(crate) mod carry;
mod chat;
mod config;
pub(crate) mod contact;
mod daemon;
mod demo;
mod doctor;
mod down;
mod edit;
mod file;
mod forge;
pub(crate) mod group;
mod help;
mod history;
mod identity;
mod inbox;
mod init;
mod introduce;
mod invite;
mod lock;
mod mailbox;
mod meet;
mod name;
mod passphrase;
mod restore;
mod send;
pub(crate) mod status;
mod token;
mod unlock;
mod up;
mod veille;
mod verify;
mod waiting;
mod who;
mod why;
mod wipe;

use clap::{ArgMatches, Command};

use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::{Words, msg};

/// One verb: what it takes, and what it does.
pub(crate) struct Verb {
    /// As it is typed.
    pub(crate) name: &'static str,
    /// What may stand after it.
    pub(crate) command: fn(&Words, Command) -> Command,
    run: fn(&Context, &ArgMatches) -> Outcome,
}

macro_rules! verbs {
    ($($verb:ident)*) => {
        &[$(Verb { name: stringify!($verb), command: $verb::command, run: $verb::run }),*]
    };
}

/// All of them, in the order in which a newcomer needs them.
pub(crate) const VERBS: &[Verb] = verbs![
    init up down meet invite accept contact verify introduce waiting name who send why file inbox carry mailbox token veille group chat history edit forge status doctor config lock unlock passphrase
    identity backup restore wipe demo daemon help
];

/// Does what was typed; alone, `kith` tells how the node is.
pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let Some((name, matches)) = matches.subcommand() else {
        return status::run(context, matches);
    };
    match VERBS.iter().find(|verb| verb.name == name) {
        Some(verb) => (verb.run)(context, matches),
        None => Err(Failed::new(Exit::USAGE, msg!("usage-unclear"))),
    }
}
