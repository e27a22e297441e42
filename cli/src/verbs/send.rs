//! `kith send`: writes to a friend or a group, and says the truth about where the message is.

mod group;

use std::io::{self, BufRead, IsTerminal, Read, stdin};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{ArgMatches, Command, value_parser};
use kith_node::control::client::{Client, Events};
use kith_node::control::params::Send;
use kith_node::control::shape::{Contact, Delivery, Event, KeptBy, Sent};
use kith_proto::limits::TEXT_BYTES_MAX;

use crate::args::{duration, flag, lifetime, option, positional};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::unmet::is_first;
use crate::when::Clock;
use crate::words::{Msg, Words, is_yes, msg};
use crate::{ask, out, view};

/// How long a message to somebody who is online is waited for, unless it was said.
const A_MOMENT: Duration = Duration::from_secs(1);

pub(super) fn command(words: &Words, command: Command) -> Command {
    command
        .about(words.get("send-about"))
        .arg(positional(words, "to", "value-to", "send-to").required(true))
        .arg(positional(words, "text", "value-text-or-dash", "send-text"))
        .arg(
            option(words, "wait", "value-duration", "send-wait")
                .num_args(0..=1)
                .require_equals(true)
                .default_missing_value("30s")
                .value_parser(duration),
        )
        .arg(
            option(words, "at-least", "value-state", "send-at-least")
                .value_parser(["kept", "delivered"])
                .requires("wait"),
        )
        .arg(option(words, "ttl", "value-duration", "send-ttl").value_parser(lifetime))
        .arg(
            option(words, "file", "value-file", "send-file")
                .value_parser(value_parser!(PathBuf))
                .conflicts_with_all(["text", "ttl"]),
        )
        .arg(flag(words, "spectators", "send-spectators").conflicts_with("file"))
        .arg(flag(words, "yes", "send-yes"))
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let to = matches.get_one::<String>("to").cloned().unwrap_or_default();
    let wait = matches.get_one::<Duration>("wait").copied();
    let agreed = matches.get_flag("yes");
    let mut node = context.node()?;
    if let Some(path) = matches.get_one::<PathBuf>("file") {
        let contact = named(&mut node, &to)?;
        let Sure::Yes { told } = sure_of(context, &mut node, contact.as_ref(), agreed)? else {
            return not_sent(context);
        };
        let sent = super::file::offer(context, &to, path, wait)?;
        told.iter().for_each(|told| context.note(told));
        return Ok(sent);
    }
    let text = text(context, &to, matches.get_one::<String>("text"))?;
    let limit_min = matches.get_one::<u32>("ttl").copied().unwrap_or(0);
    let to_all = matches.get_flag("spectators");
    if to_all || crate::group::of_name(&mut node, &to)?.is_some() {
        let send = Send {
            to,
            text,
            limit_min,
        };
        return group::send(context, &send, (to_all, agreed), wait);
    }
    // Listen first, so that no delivery is missed.
    let events = context.node()?.subscribe()?;
    // Whoever is there has it in a moment: worth waiting to tell the truth.
    let contact = named(&mut node, &to)?;
    let Sure::Yes { told } = sure_of(context, &mut node, contact.as_ref(), agreed)? else {
        return not_sent(context);
    };
    let online = contact.is_some_and(|contact| contact.online);
    let patience = wait.unwrap_or(if online { A_MOMENT } else { Duration::ZERO });
    let enough = matches.get_one::<String>("at-least");
    let kept_is_enough = enough.is_some_and(|enough| enough == "kept");
    let send = Send {
        to: to.clone(),
        text,
        limit_min,
    };
    let sent = node.send(&send)?;
    told.iter().for_each(|told| context.note(told));
    let sent = delivered(&mut node, events, sent, (patience, kept_is_enough))?;
    let (state, kept) = (sent.state, sent.kept.clone());
    if context.json {
        context.json(sent)?;
    } else {
        let name = view::name(&to);
        context.say(&match state {
            Delivery::Saved if is_so(&mut node, &to, |to| to.full) => {
                msg!("send-no-room", name = name)
            }
            Delivery::Saved if is_so(&mut node, &to, |to| !to.session_words.is_empty()) => {
                msg!("send-waits-words", name = name)
            }
            Delivery::Saved | Delivery::Kept | Delivery::Seen => match &kept {
                Some(kept) => kept_by(&context.words, name, kept),
                None => msg!("send-saved", name = name),
            },
            Delivery::Delivered => msg!("send-delivered", name = name),
            Delivery::NotArrived => msg!("send-not-arrived", name = name),
            Delivery::Unknown => msg!("send-unknown", name = name),
        })?;
    }
    Ok(match (wait, state) {
        (_, Delivery::Delivered) | (None, _) => Exit::OK,
        (_, Delivery::Kept) if kept_is_enough => Exit::OK,
        (Some(_), _) => Exit::TRY_LATER,
    })
}

fn is_so(node: &mut Client, name: &str, so: impl Fn(&Contact) -> bool) -> bool {
    node.contact(name).is_ok_and(|contact| so(&contact))
}

/// Whoever has this name, if somebody does: the node says otherwise.
fn named(node: &mut Client, name: &str) -> Result<Option<Contact>, Failed> {
    let contacts = node.contacts()?.contacts;
    Ok(contacts.into_iter().find(|one| one.petname == name))
}

/// Whether it may go.
enum Sure {
    No,
    /// With what is said once it went, where nobody could be asked.
    Yes {
        told: Option<Msg>,
    },
}

impl Sure {
    fn answered(yes: bool) -> Self {
        match yes {
            true => Self::Yes { told: None },
            false => Self::No,
        }
    }
}

/// Asks, unless that was agreed to, whether it may go to somebody whose machine may be in other hands, and
/// whether the first may go to somebody not met, where a person sits.
fn sure_of(
    context: &Context,
    node: &mut Client,
    contact: Option<&Contact>,
    agreed: bool,
) -> Result<Sure, Failed> {
    let Some(contact) = contact else {
        return Ok(Sure::answered(true));
    };
    let name = view::name(&contact.petname);
    if contact.reported && !agreed {
        return sure(context, name).map(Sure::answered);
    }
    if !is_first(node, contact) {
        return Ok(Sure::answered(true));
    }
    let how = view::how(&context.words, &Clock::now(), contact);
    let first = msg!("unmet-first", name = name, how = how);
    let asks = context.may_ask && !context.json && stdin().is_terminal();
    if agreed || !asks {
        return Ok(Sure::Yes { told: Some(first) });
    }
    context.note(&first);
    yes(context).map(Sure::answered)
}

/// Whether it may go where these machines are said to be in other hands.
fn sure(context: &Context, names: String) -> Result<bool, Failed> {
    context.note(&msg!("reported-first", names = names));
    yes(context)
}

fn yes(context: &Context) -> Result<bool, Failed> {
    let answer = ask::line(&context.words.get("unmet-ask"), context.may_ask)?;
    Ok(is_yes(&answer))
}

fn not_sent(context: &Context) -> Outcome {
    context.say(&msg!("unmet-not-sent"))?;
    Ok(Exit::NO)
}

/// `bob keeps it sealed for zoé until the fifth; bob cannot read it.`
fn kept_by(words: &Words, name: String, kept: &KeptBy) -> Msg {
    let until = Clock::now().until(words, &kept.until);
    match &kept.by {
        Some(by) => msg!(
            "send-kept",
            name = name,
            keeper = view::name(by),
            until = until
        ),
        None => msg!("send-kept-by-friend", name = name, until = until),
    }
}

/// Waits for the delivery of one message, for at most `wait`; or until somebody keeps it.
fn delivered(
    node: &mut Client,
    mut events: Events,
    sent: Sent,
    (wait, kept_is_enough): (Duration, bool),
) -> Result<Sent, Failed> {
    if sent.state != Delivery::Saved {
        return Ok(sent);
    }
    let began = Instant::now();
    loop {
        let left = wait.saturating_sub(began.elapsed());
        if left.is_zero() {
            break;
        }
        match events.next(Some(left))? {
            Some(Event::Delivered { id, .. }) if id == sent.id => break,
            Some(Event::Kept { id, .. }) if id == sent.id && kept_is_enough => break,
            _ => {}
        }
    }
    Ok(node.send_state(sent.id)?)
}

/// From the command line, a pipe, or a question.
fn text(context: &Context, to: &str, given: Option<&String>) -> Result<String, Failed> {
    let text = match given.map(String::as_str) {
        Some("-") => piped()?,
        Some(text) => text.to_owned(),
        None if !stdin().is_terminal() => read(stdin().lock())?,
        None if !context.may_ask => {
            return Err(Failed::new(Exit::NO_INPUT, msg!("answer-needed")));
        }
        None => {
            // Nobody should write to a name that is nobody's.
            let mut node = context.node()?;
            if crate::group::of_name(&mut node, to)?.is_none() {
                node.contact(to)?;
            }
            let prompt = msg!("prompt-to", name = view::name(to));
            out::prompt(&context.words.say(&prompt))?;
            let mut line = String::new();
            let read = stdin()
                .lock()
                .take(TEXT_BYTES_MAX as u64 + 2)
                .read_line(&mut line);
            read.map_err(unreadable)?;
            checked(line)?
        }
    };
    if text.len() > TEXT_BYTES_MAX {
        return Err(too_long());
    }
    Ok(text)
}

/// What comes through the pipe.
pub(super) fn piped() -> Result<String, Failed> {
    read(stdin().lock())
}

/// All of it, without the one line end that `echo` adds.
fn read(from: impl Read) -> Result<String, Failed> {
    let mut text = String::new();
    from.take(TEXT_BYTES_MAX as u64 + 2)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    checked(text)
}

fn checked(mut text: String) -> Result<String, Failed> {
    if text.ends_with('\n') {
        text.pop();
    }
    if text.len() > TEXT_BYTES_MAX {
        return Err(too_long());
    }
    Ok(text)
}

fn too_long() -> Failed {
    Failed::new(Exit::DATA, msg!("refused-text-too-long"))
}

fn unreadable(error: io::Error) -> Failed {
    match error.kind() {
        // Not UTF-8, or cut in the middle of a letter by the bound.
        io::ErrorKind::InvalidData => Failed::new(Exit::DATA, msg!("send-not-text")),
        _ => Failed::new(Exit::IO, msg!("send-not-read")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_gives_its_text_without_the_last_line_end() {
        assert_eq!(read(&b"salut\n"[..]).unwrap(), "salut");
        assert_eq!(read(&b"un\ndeux\n\n"[..]).unwrap(), "un\ndeux\n");
        assert_eq!(read(&b""[..]).unwrap(), "");
    }

    #[test]
    fn a_text_has_a_bound() {
        let most = "a".repeat(TEXT_BYTES_MAX);
        assert_eq!(read(most.as_bytes()).unwrap(), most);
        assert_eq!(read((most.clone() + "\n").as_bytes()).unwrap(), most);
        let more = most + "a";
        assert_eq!(read(more.as_bytes()).unwrap_err().exit, Exit::DATA);
        assert_eq!(read(io::repeat(b'a')).unwrap_err().exit, Exit::DATA);
        assert_eq!(read(&b"\xff"[..]).unwrap_err().exit, Exit::DATA);
    }
}
