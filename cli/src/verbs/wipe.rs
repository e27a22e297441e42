//! `kith wipe`: destroys everything here, and says so only if it is true.

use clap::{ArgMatches, Command};
use kith_node::control::client::{CallError, Client};
use kith_node::home::{NotLocked, WhatRemains};

use super::daemon;
use crate::args::flag;
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::{Words, msg};
use crate::{ask, out, view};

pub(super) fn command(words: &Words, command: Command) -> Command {
    command
        .about(words.get("wipe-about"))
        .arg(flag(words, "all", "wipe-all").required_unless_present("history"))
        .arg(flag(words, "history", "wipe-history").conflicts_with("all"))
        .arg(flag(words, "now", "wipe-now"))
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    match matches.get_flag("history") {
        true => histories(context, matches.get_flag("now")),
        false => everything(context, matches.get_flag("now")),
    }
}

/// What was said with everybody and read, here; friends and what is on its way stay.
fn histories(context: &Context, now: bool) -> Outcome {
    let mut node = context.node()?;
    if !now {
        context.note(&msg!("wipe-history-warning"));
        if !ask::agreed(&context.words, context.may_ask)? {
            context.say(&msg!("erase-not-done"))?;
            return Ok(Exit::NO);
        }
    }
    let erased = node.erase_history(None)?;
    context.say(&msg!("history-erased", count = erased.count))?;
    context.note(&msg!("history-erased-but"));
    Ok(Exit::OK)
}

fn everything(context: &Context, now: bool) -> Outcome {
    if !context.home.data().exists() && !context.home.config_file().exists() {
        return Err(context.no_home());
    }
    if context.home.wipe_is_unfinished() {
        context.note(&msg!("wipe-again"));
    }
    if !now {
        context.note(&msg!("wipe-warning", place = context.place()));
        let answer = ask::line(&context.words.get("wipe-ask"), context.may_ask)?;
        if answer.to_lowercase() != context.words.get("wipe-word") {
            context.say(&msg!("wipe-not-done"))?;
            return Ok(Exit::NO);
        }
    }
    let remains = wipe(context)?;
    if remains.is_empty() {
        context.say(&msg!("wipe-done"))?;
        return Ok(Exit::OK);
    }
    Err(incomplete(&remains)?)
}

/// Names each thing that is still there.
fn incomplete(remains: &[String]) -> Result<Failed, Failed> {
    for path in remains {
        out::exact(&view::name(path))?;
    }
    // While the slot stays, whoever has the passphrase can read everything that stays with it.
    let opens = |path: &String| path.ends_with("root.slot") || path.ends_with("device.key");
    let hint = match remains.iter().any(opens) {
        true => msg!("wipe-incomplete-opens"),
        false => msg!("wipe-incomplete-hint"),
    };
    let count = remains.len();
    Ok(Failed::new(Exit::IO, msg!("wipe-incomplete", count = count)).hint(hint))
}

/// Before anything else is done in a home: ends a wipe that did not end everything, and says so.
pub(super) fn finish(context: &Context) -> Result<(), Failed> {
    match context.home.finish_wipe() {
        None => Ok(()),
        Some(Ok(())) => {
            out::aside(&context.words.get("wipe-finished"));
            Ok(())
        }
        Some(Err(left)) => {
            out::aside(&context.words.get("wipe-repeated"));
            Err(incomplete(&paths(left))?)
        }
    }
}

fn paths(left: WhatRemains) -> Vec<String> {
    let paths = left.paths.iter();
    paths.map(|path| path.display().to_string()).collect()
}

/// By the node that runs, or by ourselves if none does; what is left.
fn wipe(context: &Context) -> Result<Vec<String>, Failed> {
    match Client::connect(&context.home.socket()).and_then(|mut node| node.wipe()) {
        Ok(wiped) => return Ok(wiped.remains),
        // It is down, or went down meanwhile: nobody else will do it.
        Err(CallError::Down | CallError::Lost | CallError::Garbled) => {}
        Err(refused) => return Err(refused.into()),
    }
    // Whoever holds the home without answering gets its files taken away all the same.
    let held = context.home.lock();
    let remains = match context.home.wipe() {
        Ok(()) => Vec::new(),
        Err(left) => paths(left),
    };
    match held {
        Err(NotLocked::Held { pid }) if remains.is_empty() => {
            Err(daemon::held(pid).hint(msg!("wipe-held-hint")))
        }
        _ => Ok(remains),
    }
}
