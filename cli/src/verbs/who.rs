//! `kith who`: what is known of a name; of `bob/zoé`, what Bob calls Zoé, he is asked if he is there.

use std::time::{Duration, Instant};

use clap::{ArgMatches, Command};
use kith_node::control::client::Events;
use kith_node::control::shape::{Asking, Contact, EdgeName, Event, How, Who};
use kith_proto::name::Foreign;

use crate::args::{flag, positional};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::when::Clock;
use crate::words::{Msg, Words, msg};
use crate::{out, view};

/// How long a friend who is there may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

pub(super) fn command(words: &Words, command: Command) -> Command {
    command
        .about(words.get("who-about"))
        .arg(positional(words, "name", "value-who", "who-name").required(true))
        .arg(flag(words, "no-ask", "who-no-ask"))
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let typed = matches.get_one::<String>("name");
    let typed = typed.map_or("", String::as_str);
    let who = found(context, typed, !matches.get_flag("no-ask"))?;
    let known = who.person.is_some() || !who.names.is_empty();
    let code = match known {
        true => Exit::OK,
        false if who.asking == Asking::TooOften => Exit::TRY_LATER,
        false => Exit::NO_USER,
    };
    if context.json {
        context.json(who)?;
    } else {
        let (by, label) = typed.split_once('/').unwrap_or((typed, ""));
        let (by, label) = (view::name(by.trim()), view::name(label.trim()));
        if let Some(msg) = told(&who, &by, &label) {
            match known {
                true => context.note(&msg),
                false => context.say(&msg)?,
            }
        }
        if known {
            out::line(&shown(&context.words, &who, typed))?;
        }
    }
    Ok(code)
}

/// What is known once the friend has answered, if they are asked.
fn found(context: &Context, typed: &str, ask: bool) -> Result<Who, Failed> {
    let mut node = context.node()?;
    // Listen first, so that no answer is missed.
    let events = context.node()?.subscribe()?;
    let who = node.who(typed, ask)?;
    let Asking::UnderWay(number) = who.asking else {
        return Ok(who);
    };
    if !answered(events, number)? {
        return Ok(who);
    }
    let who = node.who(typed, false)?;
    let asking = Asking::Answered;
    Ok(Who { asking, ..who })
}

/// Waits for the answer, for a while.
fn answered(mut events: Events, number: u32) -> Result<bool, Failed> {
    let began = Instant::now();
    loop {
        let left = ANSWER_WITHIN.saturating_sub(began.elapsed());
        if left.is_zero() {
            return Ok(false);
        }
        match events.next(Some(left))? {
            Some(Event::Names { ask, .. }) if ask == number => return Ok(true),
            _ => {}
        }
    }
}

/// What came of asking, where it is not plain from what is shown.
fn told(who: &Who, by: &str, label: &str) -> Option<Msg> {
    let by = by.to_owned();
    let nobody = who.names.is_empty();
    match who.asking {
        Asking::Away => Some(msg!("who-away", name = by)),
        Asking::TooOften => Some(msg!("who-too-often", name = by)),
        Asking::UnderWay(_) => Some(msg!("who-no-answer", name = by)),
        Asking::Answered | Asking::No if nobody && label.is_empty() => {
            Some(msg!("who-names-nobody", name = by))
        }
        Asking::Answered | Asking::No if nobody => {
            let label = label.to_owned();
            Some(msg!("who-not-called", name = by, label = label))
        }
        Asking::Answered | Asking::No => None,
    }
    .filter(|_| who.person.is_none() || who.asking != Asking::No)
}

fn shown(words: &Words, who: &Who, typed: &str) -> String {
    match (&who.person, typed.split_once('/')) {
        (Some(person), None) => friend(words, person, &who.names),
        (_, Some((_, label))) if !label.trim().is_empty() => {
            let (name, others) = match &who.names[..] {
                [name, others @ ..] => (name, others),
                [] => return String::new(),
            };
            card(words, name, others, who.person.as_ref())
        }
        _ => table(words, &who.names),
    }
}

/// A friend of mine, and what others call them.
fn friend(words: &Words, person: &Contact, names: &[EdgeName]) -> String {
    let clock = Clock::now();
    let mut more: Vec<Msg> = names.iter().map(|it| says(words, &clock, it)).collect();
    more.extend(next(person));
    view::card_and(words, person, more)
}

/// Somebody under a friend's name for them: whose word that is, until when it counts, who it is to me.
fn card(words: &Words, name: &EdgeName, others: &[EdgeName], person: Option<&Contact>) -> String {
    let clock = Clock::now();
    let (by, _) = parts(name);
    let mut told = vec![
        says(words, &clock, name),
        msg!("who-until", time = clock.until(words, &name.until)),
    ];
    told.push(match person {
        Some(person) => {
            let how = view::how(words, &clock, person);
            msg!("who-known", name = view::marked(words, person), how = how)
        }
        None => msg!("who-unknown", by = by.clone()),
    });
    told.extend(others.iter().map(|other| {
        let (by, _) = parts(other);
        msg!("who-also", name = other.who.called.0.to_string(), by = by)
    }));
    told.extend(match person {
        Some(person) => next(person),
        None => Some(msg!("who-next-introduction", by = by)),
    });
    let mut lines = vec![view::somebody(words, &name.who)];
    lines.extend(told.iter().map(|msg| format!("  {}", words.say(msg))));
    lines.join("\n")
}

/// Everybody whom a friend names.
fn table(words: &Words, names: &[EdgeName]) -> String {
    let clock = Clock::now();
    let head = ["column-name", "column-mine", "column-until", "column-said"];
    let mut rows = vec![head.map(|key| words.get(key)).to_vec()];
    rows.extend(names.iter().map(|name| {
        let known = name.known.as_deref().map(view::name);
        vec![
            view::somebody(words, &name.who),
            known.unwrap_or_else(|| words.get("who-nobody-of-mine")),
            clock.day(&name.until),
            view::name(&name.note),
        ]
    }));
    view::table(&rows)
}

/// My name for the friend who says so, and theirs for the person.
fn parts(name: &EdgeName) -> (String, String) {
    match &name.who.called.0 {
        Foreign::Edge { by, label } => (view::name(by.as_str()), label.as_str().to_owned()),
        other => (String::new(), other.to_string()),
    }
}

fn says(words: &Words, clock: &Clock, name: &EdgeName) -> Msg {
    let (by, label) = parts(name);
    let day = clock.day(&name.told);
    match name.note.is_empty() {
        true => msg!("who-says", by = by, name = label, day = day),
        false => {
            let note = words.say(&msg!("who-note", note = view::name(&name.note)));
            msg!(
                "who-says-more",
                by = by,
                name = label,
                day = day,
                note = note
            )
        }
    }
}

/// What I could do next to know who this is, as long as I did not find out myself.
fn next(person: &Contact) -> Option<Msg> {
    match person.state {
        How::Invited | How::Joining | How::Met | How::Compared => None,
        _ => Some(msg!("who-next-compare", name = view::name(&person.petname))),
    }
}
