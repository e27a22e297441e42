//! `kith why`: one sentence on what a message waits for, and what is being tried.

use clap::{ArgMatches, Command};
use kith_node::control::params::Why;
use kith_node::control::shape;

use crate::args::positional;
use crate::call::Context;
use crate::exit::{Exit, Outcome};
use crate::view;
use crate::when::Clock;
use crate::words::{Msg, Words, msg};

pub(super) fn command(words: &Words, command: Command) -> Command {
    let of = positional(words, "message", "value-message", "why-message").required(true);
    command
        .about(words.get("why-about"))
        .after_help(words.get("why-example"))
        .arg(of)
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let of = matches.get_one::<String>("message");
    let of = of.map_or("", String::as_str);
    // No name of a friend is a number.
    let of = match of.parse() {
        Ok(id) => Why::Id(id),
        Err(_) => Why::Name(of.to_owned()),
    };
    let why = context.node()?.why(of)?;
    if context.json {
        context.json(why)?;
    } else {
        context.say(&sentence(&context.words, &why))?;
    }
    Ok(Exit::OK)
}

fn sentence(words: &Words, why: &shape::Why) -> Msg {
    let name = view::name(&why.to);
    match (&why.outlook, why.state) {
        (_, shape::Delivery::Delivered) => msg!("why-arrived", name = name),
        (Some(outlook), shape::Delivery::Saved | shape::Delivery::Kept | shape::Delivery::Seen) => {
            let clock = Clock::now();
            let tried = view::outlook(words, &clock, &why.to, outlook, why.id.is_some());
            match &why.kept {
                Some(kept) => kept_by(words, &clock, kept, &tried),
                None => tried,
            }
        }
        _ => msg!("why-given-up", name = name),
    }
}

/// Who keeps it, and what is tried all the same.
fn kept_by(words: &Words, clock: &Clock, kept: &shape::KeptBy, tried: &Msg) -> Msg {
    let (until, tried) = (clock.until(words, &kept.until), words.say(tried));
    match &kept.by {
        Some(by) => msg!(
            "why-kept",
            keeper = view::name(by),
            until = until,
            tried = tried
        ),
        None => msg!("why-kept-by-friend", until = until, tried = tried),
    }
}
