//! `kith name`: whom I show to whom under my own name for them. Nothing by default.

use clap::{ArgMatches, Command, value_parser};
use kith_node::control::client::Client;
use kith_node::control::params::Publish;
use kith_node::control::shape::{Shown, ShownName};
use kith_proto::limits::ZONE_DAYS_MAX;

use crate::args::{flag, option, positional};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::{Words, msg};
use crate::{ask, out, view};

pub(super) fn command(words: &Words, command: Command) -> Command {
    let name = positional(words, "name", "value-name", "name-name").required(true);
    let days = i64::from(ZONE_DAYS_MAX);
    let publish = Command::new("publish")
        .about(words.get("name-publish-about"))
        .arg(name.clone())
        .arg(option(words, "to", "value-name", "name-publish-to").required(true))
        .arg(option(words, "note", "value-text", "name-publish-note"))
        .arg(
            option(words, "days", "value-count", "name-publish-days")
                .value_parser(value_parser!(u8).range(1..=days)),
        )
        .arg(flag(words, "yes", "name-publish-yes"));
    let unpublish = Command::new("unpublish")
        .about(words.get("name-unpublish-about"))
        .arg(name)
        .arg(option(words, "to", "value-name", "name-unpublish-to"));
    let list = Command::new("list").about(words.get("name-list-about"));
    command
        .about(words.get("name-about"))
        .subcommands([publish, unpublish, list])
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    match matches.subcommand() {
        Some(("publish", matches)) => publish(context, matches),
        Some(("unpublish", matches)) => unpublish(context, matches),
        _ => list(context),
    }
}

fn text<'a>(matches: &'a ArgMatches, id: &str) -> &'a str {
    matches.get_one::<String>(id).map_or("", String::as_str)
}

/// What the friend will see is said before they can.
fn publish(context: &Context, matches: &ArgMatches) -> Outcome {
    let mut node = context.node()?;
    let publish = Publish {
        name: text(matches, "name").to_owned(),
        to: text(matches, "to").to_owned(),
        note: text(matches, "note").to_owned(),
        days: *matches.get_one("days").unwrap_or(&ZONE_DAYS_MAX),
    };
    // Nobody is asked about a name that is nobody's, or about one that is not shown anyhow.
    let name = view::name(&node.contact(&publish.name)?.petname);
    let to = view::name(&node.contact(&publish.to)?.petname);
    if name != to {
        let shows = msg!("name-publish-shows", name = name.clone(), to = to.clone());
        context.note(&shows);
        if !matches.get_flag("yes") && !ask::agreed_to_show(&context.words, context.may_ask)? {
            context.say(&msg!("name-publish-not-done"))?;
            return Ok(Exit::NO);
        }
    }
    let shown = node.publish(&publish)?;
    match context.json {
        true => context.json(shown)?,
        false => context.say(&msg!(
            "name-published",
            name = name,
            to = to,
            count = publish.days
        ))?,
    }
    Ok(Exit::OK)
}

fn unpublish(context: &Context, matches: &ArgMatches) -> Outcome {
    let to = matches.get_one::<String>("to").cloned();
    let gone = context.node()?.unpublish(text(matches, "name"), to)?;
    let code = match gone.shown.is_empty() {
        true => Exit::NO,
        false => Exit::OK,
    };
    if context.json {
        context.json(gone)?;
        return Ok(code);
    }
    let name = view::name(text(matches, "name"));
    context.say(&match gone.shown.is_empty() {
        true => msg!("name-unpublished-nobody", name = name),
        false => msg!("name-unpublished", name = name, to = viewers(&gone.shown)),
    })?;
    Ok(code)
}

fn list(context: &Context) -> Outcome {
    let found = context.node()?.published()?;
    if context.json {
        context.json(found)?;
    } else if found.shown.is_empty() {
        context.say(&msg!("name-none"))?;
    } else {
        out::line(&table(&context.words, &found))?;
    }
    Ok(Exit::OK)
}

fn table(words: &Words, found: &Shown) -> String {
    let head = [
        "column-name",
        "column-seen-by",
        "column-days",
        "column-said",
    ];
    let mut rows = vec![head.map(|key| words.get(key)).to_vec()];
    rows.extend(found.shown.iter().map(|one| {
        vec![
            view::name(&one.name),
            view::name(&one.to),
            words.say(&msg!("span-days", count = one.days)),
            view::name(&one.note),
        ]
    }));
    view::table(&rows)
}

/// Who sees it, one after the other.
fn viewers(shown: &[ShownName]) -> String {
    let names: Vec<_> = shown.iter().map(|one| view::name(&one.to)).collect();
    names.join(", ")
}

/// Who sees somebody under this name of mine; nothing if nobody does.
pub(super) fn seen_by(node: &mut Client, name: &str) -> Result<Option<String>, Failed> {
    let mut shown = node.published()?.shown;
    shown.retain(|one| one.name == name);
    Ok((!shown.is_empty()).then(|| viewers(&shown)))
}
