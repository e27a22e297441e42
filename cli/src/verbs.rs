//! What people can do, one file a verb.

mod accept;
mod backup;
pub(crate) mod carry;
mod chat;
mod completions;
mod config;
pub(crate) mod contact;
mod daemon;
mod demo;
mod doctor;
mod down;
mod edit;
mod events;
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
mod man;
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

/// Verbs that belong together, under one heading.
pub(crate) struct Group {
    /// The heading's words.
    pub(crate) heading: &'static str,
    /// In the order in which a newcomer needs them.
    pub(crate) verbs: &'static [Verb],
}

macro_rules! groups {
    ($($heading:literal: $($verb:ident)*;)*) => {
        &[$(Group {
            heading: $heading,
            verbs: &[$(Verb { name: stringify!($verb), command: $verb::command, run: $verb::run }),*],
        }),*]
    };
}

/// All that can be typed.
pub(crate) const GROUPS: &[Group] = groups![
    "help-group-begin": init up down status doctor demo;
    "help-group-meet": meet invite accept verify introduce waiting;
    "help-group-talk": send inbox chat history why file edit;
    "help-group-name": contact who name;
    "help-group-group": group;
    "help-group-away": mailbox token carry veille;
    "help-group-keep": lock unlock passphrase identity backup restore wipe forge;
    "help-group-tool": help config events completions man daemon;
];

/// Every verb, as `kith help verbs` lists them.
pub(crate) fn all() -> impl Iterator<Item = &'static Verb> {
    GROUPS.iter().flat_map(|group| group.verbs)
}

/// Does what was typed; alone, `kith` tells how the node is.
pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let Some((name, matches)) = matches.subcommand() else {
        return status::run(context, matches);
    };
    match all().find(|verb| verb.name == name) {
        Some(verb) => (verb.run)(context, matches),
        None => Err(Failed::new(Exit::USAGE, msg!("usage-unclear"))),
    }
}
