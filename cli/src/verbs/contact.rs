//! `kith contact`: my friends, and one of them from near.

use clap::{ArgMatches, Command};
use kith_node::control::shape::Contact;

use crate::args::positional;
use crate::call::Context;
use crate::exit::{Exit, Outcome};
use crate::when::Clock;
use crate::words::{Words, msg};
use crate::{out, view};

pub(super) fn command(words: &Words, command: Command) -> Command {
    let list = Command::new("list").about(words.get("contact-list-about"));
    let name = positional(words, "name", "value-name", "contact-name").required(true);
    let show = Command::new("show")
        .about(words.get("contact-show-about"))
        .arg(name);
    command
        .alias("contacts")
        .about(words.get("contact-about"))
        .subcommands([list, show])
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    match matches.subcommand() {
        Some(("show", matches)) => show(context, matches),
        _ => list(context),
    }
}

fn list(context: &Context) -> Outcome {
    let found = context.node()?.contacts()?;
    if context.json {
        context.json(found)?;
    } else if found.contacts.is_empty() {
        context.say(&msg!("contact-none"))?;
    } else {
        out::line(&contact_table(&context.words, &found.contacts))?;
    }
    Ok(Exit::OK)
}

/// Name, how, presence, what waits: the state of each in words.
pub(crate) fn contact_table(words: &Words, contacts: &[Contact]) -> String {
    let clock = Clock::now();
    let head = ["column-name", "column-how", "column-last", "column-waiting"];
    let mut rows = vec![head.map(|key| words.get(key)).to_vec()];
    rows.extend(contacts.iter().map(|contact| {
        vec![
            view::name(&contact.petname),
            words.say(&view::how(contact.state)),
            view::presence(words, &clock, contact),
            view::waiting(words, contact),
        ]
    }));
    view::table(&rows)
}

fn show(context: &Context, matches: &ArgMatches) -> Outcome {
    let name = matches.get_one::<String>("name");
    let name = name.map_or("", String::as_str);
    let contact = context.node()?.contact(name)?;
    if context.json {
        context.json(contact)?;
    } else {
        out::line(&card(&context.words, &contact))?;
    }
    Ok(Exit::OK)
}

/// All that is known about one person.
pub(crate) fn card(words: &Words, contact: &Contact) -> String {
    let clock = Clock::now();
    let since = clock.day(&contact.since);
    let how = words.say(&view::how(contact.state));
    let mut told = vec![msg!("card-how", how = how, since = since)];
    if let Some(nick) = &contact.nick {
        told.push(msg!("card-nick", nick = view::nick(nick)));
    }
    let last = view::presence(words, &clock, contact);
    told.push(msg!("card-last", last = last));
    let waiting = view::waiting(words, contact);
    told.push(msg!("card-waiting", waiting = waiting));
    let mut lines = vec![view::name(&contact.petname)];
    lines.extend(told.iter().map(|msg| format!("  {}", words.say(msg))));
    if !contact.safety_words.is_empty() {
        lines.push(format!("\n  {}", words.get("card-words")));
        let rows = contact.safety_words.chunks(4);
        lines.extend(rows.map(|row| format!("    {}", row.join("  "))));
        lines.push(format!("  {}", words.get("card-words-advice")));
    }
    lines.join("\n")
}
