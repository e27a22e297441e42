//! `kith history`: what was said with somebody and is still kept, how long, and its end.

use clap::{Arg, ArgMatches, Command, value_parser};
use kith_node::config::Minutes;
use kith_node::control::client::{CallError, Client};
use kith_node::control::shape::{Contact, Line, Timer};
use kith_proto::limits::HISTORY_ANSWER_MAX;
use serde::Serialize;

use crate::args::{Takes, flag, lifetime, option, positional};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::search::Wanted;
use crate::when::Clock;
use crate::words::{Msg, Words, msg};
use crate::{ask, group, out, view};

/// How many lines are shown if it was not said.
const LINES: u32 = 50;

pub(super) fn command(words: &Words, command: Command) -> Command {
    let name = positional(words, "name", "value-name", "contact-name").required(true);
    let last = option(words, "last", "value-count", "history-last");
    let last = last.value_parser(value_parser!(u32).range(1..));
    let grep = option(words, "grep", "value-text", "history-grep");
    let alone = |arg: Arg| arg.conflicts_with_all(["last", "grep"]);
    let keep = option(words, "keep", "value-keep", "history-keep").value_parser(keep);
    let timer = option(words, "timer", "value-timer", "history-timer").value_parser(timer);
    let erase = flag(words, "erase", "history-erase").conflicts_with_all(["keep", "timer"]);
    command
        .about(words.get("history-about"))
        .args([name, last, grep])
        .arg(alone(keep.conflicts_with("timer")))
        .arg(alone(timer))
        .arg(alone(erase))
        .arg(flag(words, "yes", "flag-yes").requires("erase"))
}

/// How long a conversation shall be kept.
#[derive(Clone, Copy)]
enum Keep {
    /// As long as the others.
    AsOthers,
    /// So many minutes; 0 for not at all.
    For(u32),
}

fn keep(text: &str) -> Result<Keep, Takes> {
    match text {
        "default" => Ok(Keep::AsOthers),
        _ => match Minutes::try_from(text.to_owned()) {
            Ok(Minutes(keep)) => Ok(Keep::For(keep)),
            Err(_) => Err(Takes::Keep),
        },
    }
}

/// In minutes; 0 for no timer.
fn timer(text: &str) -> Result<u32, Takes> {
    match text {
        "off" => Ok(0),
        _ => lifetime(text).map_err(|_| Takes::Timer),
    }
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let name = matches.get_one::<String>("name");
    let name = name.map_or("", String::as_str);
    if matches.get_flag("erase") {
        return erase(context, name, matches.get_flag("yes"));
    }
    if let Some(keep) = matches.get_one::<Keep>("keep") {
        let keep_min = match *keep {
            Keep::AsOthers => None,
            Keep::For(minutes) => Some(minutes),
        };
        let mut node = context.node()?;
        let before = lines_kept(&mut node)?;
        if group::of_name(&mut node, name)?.is_some() {
            let group = node.keep_group(name, keep_min)?;
            let as_others = node.status()?.open.map_or(0, |open| open.keep_min);
            let erased = before.saturating_sub(lines_kept(&mut node)?);
            let kept = view::kept(&context.words, keep_min.unwrap_or(as_others));
            return tell_keeping(context, group, &kept, erased);
        }
        let changed = node.keep(name, keep_min)?;
        let erased = before.saturating_sub(lines_kept(&mut node)?);
        let kept = view::keeping(&context.words, &changed);
        return tell_keeping(context, changed, &kept, erased);
    }
    if let Some(limit_min) = matches.get_one::<u32>("timer") {
        let changed = context.node()?.timer(name, *limit_min)?;
        return tell_timer(context, changed);
    }
    read(context, name, matches)
}

/// With whom a conversation is: a person, or a group.
struct Room {
    /// The person.
    contact: Option<Contact>,
    /// Messages that were not read.
    unread: u32,
    /// Messages that did not arrive.
    outbox: u32,
}

impl Room {
    fn of(node: &mut Client, name: &str) -> Result<Self, Failed> {
        if let Some(row) = group::of_name(node, name)? {
            let (contact, unread, outbox) = (None, row.unread, 0);
            return Ok(Self {
                contact,
                unread,
                outbox,
            });
        }
        let contact = node.contact(name)?;
        let (unread, outbox) = (contact.unread, contact.outbox);
        Ok(Self {
            contact: Some(contact),
            unread,
            outbox,
        })
    }

    fn told(self, lines: Vec<Line>) -> Told {
        let person = self.contact.map(|person| (person.keep_min, person.timer));
        let (keep_min, timer) = person.unzip();
        Told {
            keep_min,
            timer,
            lines,
        }
    }
}

/// What a program gets.
#[derive(Serialize)]
struct Told {
    #[serde(skip_serializing_if = "Option::is_none")]
    keep_min: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timer: Option<Timer>,
    lines: Vec<Line>,
}

fn read(context: &Context, name: &str, matches: &ArgMatches) -> Outcome {
    let mut node = context.node()?;
    let room = Room::of(&mut node, name)?;
    let wanted = matches.get_one::<String>("grep");
    let wanted = wanted.map(|text| Wanted::new(text));
    let last = matches.get_one::<u32>("last").copied().unwrap_or(LINES);
    let lines = newest(&mut node, name, last as usize, wanted.as_ref())?;
    let exit = if lines.is_empty() { Exit::NO } else { Exit::OK };
    if context.json {
        context.json(room.told(lines))?;
        return Ok(exit);
    }
    if let Some(contact) = &room.contact {
        context.note(&view::keeping(&context.words, contact));
        for said in view::timer(&context.words, name, &contact.timer) {
            context.note(&said);
        }
    }
    let clock = Clock::now();
    for line in &lines {
        out::said(&view::line(&context.words, &clock, name, line))?;
    }
    if lines.is_empty() {
        context.note(&match wanted {
            Some(_) => msg!("history-not-found"),
            None => msg!("history-empty"),
        });
    }
    if room.unread > 0 {
        context.note(&msg!("history-unread", count = room.unread));
    }
    Ok(exit)
}

/// The newest lines, those that are wanted, oldest first.
pub(super) fn newest(
    node: &mut Client,
    name: &str,
    max: usize,
    wanted: Option<&Wanted>,
) -> Result<Vec<Line>, CallError> {
    let (mut found, mut before) = (Vec::new(), None);
    while found.len() < max {
        let page = node.history(name, before, HISTORY_ANSWER_MAX)?.lines;
        let Some(first) = page.first() else {
            break;
        };
        before = Some(first.seq);
        let page = page.into_iter().rev();
        found.extend(page.filter(|line| wanted.is_none_or(|wanted| wanted.is_in(&line.text))));
    }
    found.truncate(max);
    found.reverse();
    Ok(found)
}

fn erase(context: &Context, name: &str, agreed: bool) -> Outcome {
    let mut node = context.node()?;
    let room = Room::of(&mut node, name)?;
    if !agreed {
        let name = view::name(name);
        context.note(&msg!("history-erase-warning", name = name));
        if !ask::agreed(&context.words, context.may_ask)? {
            context.say(&msg!("erase-not-done"))?;
            return Ok(Exit::NO);
        }
    }
    let erased = node.erase_history(Some(name.to_owned()))?;
    if context.json {
        context.json(erased)?;
        return Ok(Exit::OK);
    }
    context.say(&msg!("history-erased", count = erased.count))?;
    if room.unread > 0 || room.outbox > 0 {
        context.note(&msg!("history-erased-but"));
    }
    Ok(Exit::OK)
}

/// Lines of all conversations: what is kept for a shorter time now went at once.
fn lines_kept(node: &mut Client) -> Result<u32, Failed> {
    Ok(node.status()?.open.map_or(0, |open| open.history))
}

/// Of whom, for a program; how long it is kept, and what went with that.
fn tell_keeping(context: &Context, whose: impl Serialize, kept: &Msg, erased: u32) -> Outcome {
    if context.json {
        context.json(whose)?;
        return Ok(Exit::OK);
    }
    context.say(kept)?;
    if erased > 0 {
        context.note(&msg!("history-erased", count = erased));
    }
    Ok(Exit::OK)
}

fn tell_timer(context: &Context, contact: Contact) -> Outcome {
    if context.json {
        context.json(contact)?;
        return Ok(Exit::OK);
    }
    let told = view::timer_or_none(&context.words, &contact.petname, &contact.timer);
    told.iter()
        .try_for_each(|said| context.say(said))
        .map(|()| Exit::OK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_a_time_or_nothing() {
        assert!(matches!(keep("7d"), Ok(Keep::For(10_080))));
        assert!(matches!(keep("none"), Ok(Keep::For(0))));
        assert!(matches!(keep("default"), Ok(Keep::AsOthers)));
        assert!(keep("always").is_err());
        assert_eq!(timer("off"), Ok(0));
        assert_eq!(timer("12h"), Ok(720));
        assert!(timer("none").is_err());
    }
}
