//! `kith waiting`: people at the door. Who is introduced to me and which files are offered, with my yes
//! or no; and whoever else waits for something, with what would settle it.

use clap::{ArgMatches, Command, value_parser};
use kith_node::control::client::Client;
use kith_node::control::params::Welcome;
use kith_node::control::shape::{Contact, How, Waiting, WaitsAs, Welcome as Group};
use serde::Serialize;

use crate::args::{option, positional};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::when::Clock;
use crate::words::{Msg, Words, msg};
use crate::{ask, view};

pub(super) fn command(words: &Words, command: Command) -> Command {
    let id = positional(words, "id", "value-seq", "waiting-id")
        .required(true)
        .value_parser(value_parser!(u32));
    let yes = Command::new("yes")
        .about(words.get("waiting-yes-about"))
        .arg(id.clone())
        .arg(option(words, "as", "value-name", "waiting-as"));
    let no = Command::new("no")
        .about(words.get("waiting-no-about"))
        .arg(id);
    let list = Command::new("list").about(words.get("waiting-list-about"));
    command
        .about(words.get("waiting-about"))
        .subcommands([list, yes, no])
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    match matches.subcommand() {
        Some(("yes", matches)) => welcome(context, matches),
        Some(("no", matches)) => decline(context, matches),
        _ => list(context),
    }
}

/// Everybody who waits, for a program.
#[derive(Serialize)]
struct AtTheDoor {
    waiting: Vec<Waiting>,
    contacts: Vec<Contact>,
}

fn list(context: &Context) -> Outcome {
    let mut node = context.node()?;
    let waiting = node.waiting()?.waiting;
    let mut contacts = node.contacts()?.contacts;
    contacts.retain(|contact| what_settles(contact).is_some());
    if context.json {
        context.json(AtTheDoor { waiting, contacts })?;
        return Ok(Exit::OK);
    }
    let clock = Clock::now();
    for one in &waiting {
        let said = introduction(&context.words, &clock, one);
        context.say(&said)?;
    }
    for settles in contacts.iter().filter_map(what_settles) {
        context.say(&settles)?;
    }
    if waiting.is_empty() && contacts.is_empty() {
        context.say(&msg!("waiting-nobody"))?;
    }
    Ok(Exit::OK)
}

fn introduction(words: &Words, clock: &Clock, waiting: &Waiting) -> Msg {
    let id = waiting.id.to_string();
    let until = clock.until(words, &waiting.until);
    match &waiting.waits {
        WaitsAs::Introduced { by, who, said } => {
            let (by, who) = (view::name(by), view::somebody(words, who));
            let said = match said.is_empty() {
                true => words.say(&msg!("waiting-unsaid", by = by)),
                false => words.say(&msg!("waiting-said", by = by, said = view::indented(said))),
            };
            msg!(
                "waiting-introduced",
                id = id,
                who = who,
                said = said,
                until = until
            )
        }
        WaitsAs::Agreed { by, petname } => {
            let (by, name) = (view::name(by), view::name(petname));
            msg!(
                "waiting-agreed",
                id = id,
                name = name,
                by = by,
                until = until
            )
        }
        WaitsAs::Mailbox { by, kib } => msg!(
            "waiting-mailbox",
            id = id,
            name = view::name(by),
            size = view::size(u64::from(*kib) * 1024)
        ),
        WaitsAs::Group(welcome) => msg!(
            "waiting-group",
            id = id.clone(),
            welcome = group(words, &id, welcome, &until)
        ),
        WaitsAs::File { by, name, bytes } => msg!(
            "waiting-file",
            id = id,
            by = view::name(by),
            file = view::name(name),
            size = view::size(*bytes),
            until = until
        ),
        WaitsAs::Introducing { friends } => {
            let states = friends.iter().map(|friend| {
                let name = view::name(&friend.petname);
                words.say(&match friend.agreed {
                    true => msg!("waiting-said-yes", name = name),
                    false => msg!("waiting-not-said", name = name),
                })
            });
            let states = states.collect::<Vec<_>>().join(", ");
            msg!(
                "waiting-introducing",
                id = id,
                states = states,
                until = until
            )
        }
    }
}

/// What somebody with a name waits for, and what settles it; nothing if they do not wait.
fn what_settles(contact: &Contact) -> Option<Msg> {
    let name = view::name(&contact.petname);
    Some(match contact.state {
        How::Invited => msg!("waiting-invited", name = name),
        How::Joining => msg!("waiting-joining", name = name),
        How::Recheck | How::NewIdentity => msg!("waiting-check", name = name),
        How::Copied => msg!("waiting-copied", name = name),
        _ => return None,
    })
}

fn welcome(context: &Context, matches: &ArgMatches) -> Outcome {
    let id = *matches.get_one("id").unwrap_or(&0);
    let mut node = context.node()?;
    let waiting = node.waiting()?.waiting;
    match waiting.into_iter().find(|one| one.id == id) {
        Some(Waiting {
            waits: WaitsAs::Mailbox { by, kib },
            ..
        }) => return keep(context, &by, kib),
        Some(Waiting {
            waits: WaitsAs::Group(welcome),
            ..
        }) => return join(context, id, &welcome, matches.get_one::<String>("as")),
        Some(Waiting {
            waits: WaitsAs::File { .. },
            ..
        }) => return take(context, &mut node, id),
        Some(_) => {}
        // No name is asked for where nobody would get it.
        None => return Err(nobody_waits()),
    }
    let said = matches.get_one::<String>("as");
    let language = context.words.language;
    let (name, ()) = ask::name(context, said, "waiting-ask-name", |name| {
        let name = name.to_owned();
        node.welcome(&Welcome { id, name, language })
    })?;
    done(context, &msg!("waiting-yes-done", name = view::name(&name)))
}

fn nobody_waits() -> Failed {
    Failed::new(Exit::NO_USER, msg!("refused-nobody-waits")).hint(msg!("refused-nobody-waits-hint"))
}

/// Yes to a file.
fn take(context: &Context, node: &mut Client, id: u32) -> Outcome {
    let file = node.take_file(id)?;
    if context.json {
        context.json(file)?;
        return Ok(Exit::OK);
    }
    let (called, id) = (view::name(&file.name), id.to_string());
    done(context, &msg!("waiting-file-yes", file = called, id = id))
}

/// What I say yes or no to, and how.
fn group(words: &Words, id: &str, welcome: &Group, until: &str) -> String {
    let rows = [
        msg!("waiting-group-how-yes", id = id.to_owned()),
        msg!("waiting-group-how-no", id = id.to_owned()),
        msg!("waiting-group-until", until = until.to_owned()),
    ];
    let rows = rows.map(|row| words.say(&row)).join(view::ROW);
    [view::welcome(words, welcome), rows].join(view::ROW)
}

/// Yes to a group that asks me: who says no name yet reads first what they say yes to.
fn join(context: &Context, id: u32, group: &Group, name: Option<&String>) -> Outcome {
    if name.is_none() {
        context.note(&msg!(
            "waiting-group-read",
            welcome = view::welcome(&context.words, group)
        ));
    }
    let mut node = context.node()?;
    let (name, group) = ask::name(context, name, "waiting-ask-group", |name| {
        node.group_join(id, name)
    })?;
    if context.json {
        context.json(group)?;
        return Ok(Exit::OK);
    }
    let said = match group.row.spectator {
        true => msg!(
            "waiting-group-watch",
            group = view::group(&name),
            name = view::name(&name)
        ),
        false => msg!(
            "waiting-group-yes",
            group = view::group(&name),
            name = view::name(&name)
        ),
    };
    done(context, &said)
}

/// Yes to a friend who asks me to keep parcels.
fn keep(context: &Context, name: &str, kib: u32) -> Outcome {
    context.node()?.mailbox_quota(name, kib)?;
    let size = view::size(u64::from(kib) * 1024);
    done(
        context,
        &msg!("mailbox-granted", name = view::name(name), size = size),
    )
}

fn decline(context: &Context, matches: &ArgMatches) -> Outcome {
    let id = *matches.get_one("id").unwrap_or(&0);
    let mut node = context.node()?;
    if is_file(&mut node, id)? {
        node.drop_file(id)?;
        return done(context, &msg!("waiting-file-no"));
    }
    node.decline(id)?;
    done(context, &msg!("waiting-no-done"))
}

/// Whether it is a file that waits under this number.
fn is_file(node: &mut Client, id: u32) -> Result<bool, Failed> {
    let mut waiting = node.waiting()?.waiting.into_iter();
    Ok(waiting.any(|one| one.id == id && matches!(one.waits, WaitsAs::File { .. })))
}

fn done(context: &Context, said: &Msg) -> Result<Exit, Failed> {
    if !context.json {
        context.say(said)?;
    }
    Ok(Exit::OK)
}
