//! `kith token`: who may leave something in whose box, and how many times. What a person gives and
//! takes back are permissions; their numbers and keys are the nodes' business.

use clap::{ArgMatches, Command};
use kith_node::control::shape::Tokens;

use crate::args::positional;
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::view;
use crate::words::{Words, msg};

pub(super) fn command(words: &Words, command: Command) -> Command {
    let friend = positional(words, "name", "value-name", "token-friend").required(true);
    let keeper = positional(words, "name", "value-name", "token-keeper").required(true);
    let list = Command::new("list").about(words.get("token-list-about"));
    let grant = Command::new("grant")
        .about(words.get("token-grant-about"))
        .arg(friend);
    let revoke = Command::new("revoke")
        .about(words.get("token-revoke-about"))
        .arg(keeper);
    command
        .about(words.get("token-about"))
        .subcommands([list, grant, revoke])
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let mut node = context.node()?;
    let name = |matches: &ArgMatches| matches.get_one::<String>("name").cloned();
    let (found, said) = match matches.subcommand() {
        Some(("grant", matches)) => {
            let name = name(matches).unwrap_or_default();
            let said = msg!("token-granted", name = view::name(&name));
            (node.token_grant(&name)?, Some(said))
        }
        Some(("revoke", matches)) => {
            let name = name(matches).unwrap_or_default();
            let said = msg!("token-revoked", name = view::name(&name));
            (node.token_revoke(&name)?, Some(said))
        }
        _ => (node.tokens()?, None),
    };
    if context.json {
        context.json(found)?;
        return Ok(Exit::OK);
    }
    match said {
        Some(said) => context.say(&said)?,
        None => list(context, &found)?,
    }
    Ok(Exit::OK)
}

fn list(context: &Context, found: &Tokens) -> Result<(), Failed> {
    for one in &found.given {
        let keeper = one.keeper.as_deref().map(view::name).unwrap_or_default();
        let name = view::name(&one.petname);
        let count = one.tokens;
        context.say(&msg!(
            "token-line-given",
            name = name,
            keeper = keeper,
            count = count
        ))?;
    }
    for one in &found.held {
        let name = view::name(&one.petname);
        let count = one.tokens;
        context.say(&msg!("token-line-held", name = name, count = count))?;
    }
    if found.given.is_empty() && found.held.is_empty() {
        context.say(&msg!("token-none"))?;
    }
    Ok(())
}
