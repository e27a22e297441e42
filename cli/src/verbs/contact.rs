//! `kith contact`: my friends, one of them from near, another name for them, and the end.

mod tree;

use clap::{ArgMatches, Command};
use kith_node::control::client::{CallError, Client};
use kith_node::control::shape::{Contact, Contacts, How, Refusal};

use crate::args::{flag, option, positional};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::{Msg, Words, msg};
use crate::{ask, out, view};

pub(super) fn command(words: &Words, command: Command) -> Command {
    let list = Command::new("list")
        .about(words.get("contact-list-about"))
        .arg(flag(words, "online", "contact-list-online"))
        .arg(flag(words, "tree", "contact-list-tree"));
    let name = positional(words, "name", "value-name", "contact-name").required(true);
    let show = Command::new("show")
        .about(words.get("contact-show-about"))
        .arg(name.clone());
    let to = positional(words, "to", "value-new-name", "contact-new-name").required(true);
    let yes = option(words, "yes", "value-words", "contact-check-yes")
        .num_args(1..)
        .conflicts_with("no");
    let check = Command::new("check")
        .about(words.get("contact-check-about"))
        .arg(name.clone())
        .arg(yes)
        .arg(flag(words, "no", "contact-check-no"));
    let rename = Command::new("rename")
        .about(words.get("contact-rename-about"))
        .args([name.clone(), to]);
    let note = positional(words, "note", "value-text-or-dash", "contact-note-text").required(true);
    let note = Command::new("note")
        .about(words.get("contact-note-about"))
        .args([name.clone(), note]);
    let mute = Command::new("mute")
        .about(words.get("contact-mute-about"))
        .arg(name.clone())
        .arg(flag(words, "off", "contact-mute-off"));
    let block = Command::new("block")
        .about(words.get("contact-block-about"))
        .arg(name.clone())
        .arg(flag(words, "off", "contact-block-off"));
    let other = positional(words, "name", "value-name", "contact-join-other").required(true);
    let whose = positional(words, "to", "value-name", "contact-join-to").required(true);
    let join = Command::new("join")
        .about(words.get("contact-join-about"))
        .args([other, whose, flag(words, "yes", "flag-yes-plain")]);
    let number = positional(words, "number", "value-number", "contact-drop-number")
        .required(true)
        .value_parser(clap::value_parser!(u32));
    let drop = Command::new("drop")
        .about(words.get("contact-drop-about"))
        .args([name.clone(), number, flag(words, "yes", "flag-yes-plain")]);
    let rm = Command::new("rm")
        .about(words.get("contact-rm-about"))
        .arg(name)
        .arg(flag(words, "yes", "flag-yes"));
    command
        .alias("contacts")
        .about(words.get("contact-about"))
        .subcommands([list, show, check, rename, note, mute, block, join, drop, rm])
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    match matches.subcommand() {
        Some(("show", matches)) => show(context, matches),
        Some(("check", matches)) => check(context, matches),
        Some(("rename", matches)) => rename(context, matches),
        Some(("note", matches)) => note(context, matches),
        Some(("mute", matches)) => mute(context, matches),
        Some(("block", matches)) => block(context, matches),
        Some(("join", matches)) => join(context, matches),
        Some(("drop", matches)) => drop_computer(context, matches),
        Some(("rm", matches)) => remove(context, matches),
        Some(("list", matches)) if matches.get_flag("tree") => {
            tree::list(context, matches.get_flag("online"))
        }
        Some(("list", matches)) => list(context, matches.get_flag("online")),
        _ => list(context, false),
    }
}

fn list(context: &Context, only_online: bool) -> Outcome {
    let found = listed(&mut context.node()?, only_online)?;
    if context.json {
        context.json(found)?;
    } else if found.contacts.is_empty() {
        context.say(&nobody(only_online))?;
    } else {
        out::line(&view::contact_table(&context.words, &found.contacts))?;
    }
    Ok(Exit::OK)
}

fn listed(node: &mut Client, only_online: bool) -> Result<Contacts, Failed> {
    let mut found = node.contacts()?;
    found.contacts.retain(|one| one.online || !only_online);
    Ok(found)
}

fn nobody(only_online: bool) -> Msg {
    match only_online {
        true => msg!("contact-none-online"),
        false => msg!("contact-none"),
    }
}

fn show(context: &Context, matches: &ArgMatches) -> Outcome {
    let contact = context.node()?.contact(text(matches, "name"))?;
    if context.json {
        context.json(contact)?;
    } else {
        out::line(&view::card(&context.words, &contact))?;
    }
    Ok(Exit::OK)
}

fn text<'a>(matches: &'a ArgMatches, id: &str) -> &'a str {
    matches.get_one::<String>(id).map_or("", String::as_str)
}

fn rename(context: &Context, matches: &ArgMatches) -> Outcome {
    let (before, to) = (text(matches, "name"), text(matches, "to"));
    let mut node = context.node()?;
    let seen_by = super::name::seen_by(&mut node, before)?;
    let contact = node.rename(before, to)?;
    if let Some(viewers) = seen_by {
        let name = view::name(before);
        context.note(&msg!("contact-renamed-shown", name = name, to = viewers));
    }
    changed(context, contact, |name, _| {
        msg!("contact-renamed", name = view::name(before), to = name)
    })
}

fn note(context: &Context, matches: &ArgMatches) -> Outcome {
    let note = match text(matches, "note") {
        "-" => super::send::piped()?,
        note => note.to_owned(),
    };
    let contact = context.node()?.note(text(matches, "name"), note)?;
    changed(context, contact, |name, contact| {
        match contact.note.is_empty() {
            true => msg!("contact-note-erased", name = name),
            false => msg!("contact-noted", name = name),
        }
    })
}

fn mute(context: &Context, matches: &ArgMatches) -> Outcome {
    let muted = !matches.get_flag("off");
    let contact = context.node()?.mute(text(matches, "name"), muted)?;
    changed(context, contact, |name, _| match muted {
        true => msg!("contact-muted", name = name),
        false => msg!("contact-unmuted", name = name),
    })
}

fn block(context: &Context, matches: &ArgMatches) -> Outcome {
    let blocked = !matches.get_flag("off");
    let contact = context.node()?.block(text(matches, "name"), blocked)?;
    changed(context, contact, |name, _| match blocked {
        true => msg!("contact-blocked", name = name),
        false => msg!("contact-unblocked", name = name),
    })
}

fn join(context: &Context, matches: &ArgMatches) -> Outcome {
    let (other, to) = (text(matches, "name"), text(matches, "to"));
    let mut node = context.node()?;
    // Nobody is asked about what is refused anyhow.
    let (added, whose) = (friend(&mut node, other)?, friend(&mut node, to)?);
    if added.petname == whose.petname {
        return Err(refused(Refusal::SamePerson));
    }
    let shown = view::name(&added.petname);
    let asked = msg!(
        "contact-join-asked",
        other = shown.clone(),
        name = view::name(&whose.petname)
    );
    if !agreed(context, matches, &asked, ask::agreed_to_join)? {
        return Ok(Exit::NO);
    }
    let contact = node.join_computers(other, to)?;
    changed(context, contact, |name, _| {
        msg!("contact-joined", other = shown, name = name)
    })
}

fn drop_computer(context: &Context, matches: &ArgMatches) -> Outcome {
    let name = text(matches, "name");
    let number = matches
        .get_one::<u32>("number")
        .copied()
        .unwrap_or_default();
    let mut node = context.node()?;
    let whose = friend(&mut node, name)?;
    let many = whose.computers.len().max(1);
    match usize::try_from(number) {
        Ok(at) if (1..=many).contains(&at) && many > 1 => {}
        Ok(1) => return Err(refused(Refusal::OnlyComputer)),
        _ => return Err(refused(Refusal::NoSuchComputer)),
    }
    let asked = msg!(
        "contact-drop-asked",
        number = number,
        name = view::name(&whose.petname)
    );
    if !agreed(context, matches, &asked, ask::agreed_to_drop)? {
        return Ok(Exit::NO);
    }
    let contact = node.drop_computer(name, number)?;
    changed(context, contact, |name, _| {
        msg!("contact-dropped", number = number, name = name)
    })
}

/// A friend by their name; who only waits has no computers yet.
fn friend(node: &mut Client, name: &str) -> Result<Contact, Failed> {
    let contact = node.contact(name)?;
    match contact.state {
        How::Invited | How::Joining => {
            let petname = contact.petname;
            Err(refused(Refusal::NotYet { petname }))
        }
        _ => Ok(contact),
    }
}

fn refused(refusal: Refusal) -> Failed {
    CallError::Refused(refusal).into()
}

/// Whether the person wants it, once they were told what it is.
fn agreed(
    context: &Context,
    matches: &ArgMatches,
    asked: &Msg,
    ask: impl FnOnce(&Words, bool) -> Result<bool, Failed>,
) -> Result<bool, Failed> {
    if matches.get_flag("yes") {
        return Ok(true);
    }
    context.note(asked);
    let agreed = ask(&context.words, context.may_ask)?;
    if !agreed {
        context.say(&msg!("not-done"))?;
    }
    Ok(agreed)
}

/// Says what somebody is to me from now on.
fn changed(
    context: &Context,
    contact: Contact,
    told: impl FnOnce(String, &Contact) -> Msg,
) -> Outcome {
    if context.json {
        context.json(contact)?;
    } else {
        context.say(&told(view::name(&contact.petname), &contact))?;
    }
    Ok(Exit::OK)
}

/// Tells the words of a session that waits for its human, or what the human says of them.
fn check(context: &Context, matches: &ArgMatches) -> Outcome {
    let name = text(matches, "name");
    let mut node = context.node()?;
    let yes = matches.get_many::<String>("yes");
    let same = yes.map(|words| words.cloned().collect::<Vec<_>>().join(" "));
    let decided = same.is_some() || matches.get_flag("no");
    let is_same = same.is_some();
    // What is decided about is not on the card afterwards.
    let before = node.contact(name)?;
    let identity = before.state == How::NewIdentity;
    let contact = match decided {
        true => node.check(name, same)?,
        false => before,
    };
    let waits = !contact.session_words.is_empty();
    let shown = view::name(&contact.petname);
    let said = match (decided, waits) {
        (true, _) if is_same && identity => msg!("contact-check-identity-yes", name = shown),
        (true, _) if identity => msg!("contact-check-identity-no", name = shown),
        (true, _) if is_same => msg!("contact-check-done-yes", name = shown),
        (true, _) => msg!("contact-check-done-no", name = shown),
        (false, true) => view::session_words(&contact),
        (false, false) if contact.state == How::Former => msg!("contact-former", name = shown),
        (false, false) => msg!("contact-check-nothing", name = shown),
    };
    match context.json {
        true => context.json(contact)?,
        false => context.say(&said)?,
    }
    Ok(if waits { Exit::NO } else { Exit::OK })
}

fn remove(context: &Context, matches: &ArgMatches) -> Outcome {
    let name = text(matches, "name");
    let mut node = context.node()?;
    // Nobody is asked about a name that is nobody's: the node says which are near.
    let contact = named(&mut node, name)?;
    if let Some(contact) = contact.as_ref().filter(|_| !matches.get_flag("yes")) {
        if let Some(viewers) = super::name::seen_by(&mut node, name)? {
            let name = view::name(&contact.petname);
            context.note(&msg!("contact-rm-shown", name = name, to = viewers));
        }
        context.note(&warning(&context.words, contact));
        if !ask::agreed(&context.words, context.may_ask)? {
            context.say(&msg!("erase-not-done"))?;
            return Ok(Exit::NO);
        }
    }
    let removed = node.remove(name)?;
    if context.json {
        context.json(removed)?;
        return Ok(Exit::OK);
    }
    let name = view::name(name);
    context.say(&match contact.map(|contact| contact.state) {
        Some(How::Invited) => msg!("rm-invited-done", name = name),
        Some(How::Joining) => msg!("rm-joining-done", name = name),
        _ => msg!(
            "rm-done",
            name = name,
            unread = removed.unread,
            outbox = removed.outbox
        ),
    })?;
    Ok(Exit::OK)
}

/// What would go.
fn warning(words: &Words, contact: &Contact) -> Msg {
    let name = view::name(&contact.petname);
    match contact.state {
        How::Invited => msg!("rm-invited-warning", name = name),
        How::Joining => msg!("rm-joining-warning", name = name),
        _ => {
            let waiting = view::waiting(words, contact);
            msg!("rm-warning", name = name, waiting = waiting)
        }
    }
}

/// Who has this name, be it somebody who only waits.
fn named(node: &mut Client, name: &str) -> Result<Option<Contact>, Failed> {
    let contacts = node.contacts()?.contacts;
    Ok(contacts.into_iter().find(|one| one.petname == name))
}
