//! `kith veille`: parcels that say nothing, so that who counts those on the line does not count messages.
//! What it costs is said before it begins.

use clap::{ArgMatches, Command};
use kith_node::control::shape::Cover;

use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::view;
use crate::words::{Words, msg};

pub(super) fn command(words: &Words, command: Command) -> Command {
    command.about(words.get("cover-about")).subcommands([
        Command::new("on").about(words.get("cover-on-about")),
        Command::new("off").about(words.get("cover-off-about")),
    ])
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let mut node = context.node()?;
    let wanted = match matches.subcommand() {
        Some(("on", _)) => Some(true),
        Some(("off", _)) => Some(false),
        _ => None,
    };
    if wanted != Some(false) && !context.json {
        let before = node.cover(None)?;
        cost(context, before)?;
    }
    let cover = node.cover(wanted)?;
    if context.json {
        context.json(cover)?;
    } else {
        context.say(&match cover.on {
            true => msg!("cover-on", count = cover.links),
            false => msg!("cover-off"),
        })?;
    }
    Ok(Exit::OK)
}

fn cost(context: &Context, cover: Cover) -> Result<(), Failed> {
    let all = cover.link_bytes_a_day * u64::from(cover.friends);
    context.say(&msg!(
        "cover-cost",
        each = view::size(cover.link_bytes_a_day),
        all = view::size(all),
        count = cover.friends
    ))
}
