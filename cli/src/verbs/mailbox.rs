//! `kith mailbox`: parcels that friends keep for each other while one of them is away. Asked on one
//! side, granted on the other, and never read by who keeps them.

use clap::{Arg, ArgMatches, Command};
use kith_node::control::shape::{Mailbox, MailboxOfMine, MailboxOfTheirs, Mailboxes};
use kith_proto::limits::MAILBOX_KIB;

use crate::args::{kib, option, positional};
use crate::call::Context;
use crate::exit::{Exit, Outcome};
use crate::view;
use crate::when::Clock;
use crate::words::{Msg, Value, Words, msg};

pub(super) fn command(words: &Words, command: Command) -> Command {
    let name = || positional(words, "name", "value-name", "mailbox-name").required(true);
    let quota = || option(words, "quota", "value-size", "mailbox-quota").value_parser(kib);
    let verb = |verb: &'static str, about: &'static str, args: Vec<Arg>| {
        Command::new(verb).about(words.get(about)).args(args)
    };
    command.about(words.get("mailbox-about")).subcommands([
        verb("list", "mailbox-list-about", vec![]),
        verb("ask", "mailbox-ask-about", vec![name(), quota()]),
        verb("offer", "mailbox-offer-about", vec![name(), quota()]),
        verb(
            "quota",
            "mailbox-quota-about",
            vec![name(), quota().required(true)],
        ),
        verb("rm", "mailbox-rm-about", vec![name()]),
    ])
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let mut node = context.node()?;
    let (verb, matches) = matches.subcommand().unwrap_or(("list", matches));
    let name = match verb {
        "list" => "",
        _ => matches.get_one::<String>("name").map_or("", String::as_str),
    };
    let kib = match verb {
        "ask" | "offer" | "quota" => *matches.get_one("quota").unwrap_or(&MAILBOX_KIB),
        _ => 0,
    };
    let (found, done) = match verb {
        "ask" => (node.mailbox_ask(name, kib)?, "ask"),
        "offer" => (node.mailbox_offer(name, kib)?, "offer"),
        "quota" => (node.mailbox_quota(name, kib)?, "quota"),
        "rm" => (node.mailbox_rm(name)?, "rm"),
        _ => (node.mailboxes()?, "list"),
    };
    if context.json {
        context.json(found)?;
        return Ok(Exit::OK);
    }
    let (name, size) = (view::name(name), amount(kib));
    match done {
        "ask" => context.say(&msg!("mailbox-asked", name = name, size = size))?,
        "offer" => context.say(&msg!("mailbox-offered", name = name, size = size))?,
        "quota" => context.say(&msg!("mailbox-granted", name = name, size = size))?,
        "rm" => context.say(&msg!("mailbox-ended", name = name))?,
        _ => list(context, &found)?,
    }
    Ok(Exit::OK)
}

fn list(context: &Context, found: &Mailboxes) -> Result<(), crate::exit::Failed> {
    let clock = Clock::now();
    for mailbox in &found.mailboxes {
        for line in lines(&clock, mailbox) {
            context.say(&line)?;
        }
    }
    if found.mailboxes.is_empty() {
        context.say(&msg!("mailbox-none"))?;
    }
    Ok(())
}

/// One sentence for each thing there is between two people.
fn lines(clock: &Clock, mailbox: &Mailbox) -> Vec<Msg> {
    let name = view::name(&mailbox.petname);
    let offered = (mailbox.mine.is_none() && mailbox.offered_kib > 0).then(|| {
        let size = amount(mailbox.offered_kib);
        msg!("mailbox-line-would", name = name.clone(), size = size)
    });
    let offer = (mailbox.theirs.is_none() && mailbox.offer_kib > 0).then(|| {
        let size = amount(mailbox.offer_kib);
        msg!("mailbox-line-offer", name = name.clone(), size = size)
    });
    let mine = mailbox.mine.as_ref().map(|it| mine(clock, &name, it));
    let theirs = mailbox.theirs.as_ref().map(|it| theirs(&name, it));
    [mine, offered, theirs, offer]
        .into_iter()
        .flatten()
        .collect()
}

fn mine(clock: &Clock, name: &str, mine: &MailboxOfMine) -> Msg {
    let name = name.to_owned();
    match (mine.granted_kib, &mine.fetched) {
        (None, _) => msg!(
            "mailbox-line-asked",
            name = name,
            size = amount(mine.asked_kib)
        ),
        (Some(kib), None) => msg!("mailbox-line-mine", name = name, size = amount(kib)),
        (Some(kib), Some(time)) => msg!(
            "mailbox-line-fetched",
            name = name,
            size = amount(kib),
            time = clock.stamp(time)
        ),
    }
}

fn theirs(name: &str, theirs: &MailboxOfTheirs) -> Msg {
    let name = name.to_owned();
    match theirs.granted_kib {
        None => msg!(
            "mailbox-line-asks",
            name = name,
            size = amount(theirs.asked_kib),
            id = theirs.id.to_string()
        ),
        Some(kib) => msg!(
            "mailbox-line-theirs",
            name = name,
            size = amount(kib),
            count = theirs.parcels,
            used = view::size(theirs.bytes)
        ),
    }
}

fn amount(kib: u32) -> Value {
    view::size(u64::from(kib) * 1024)
}
