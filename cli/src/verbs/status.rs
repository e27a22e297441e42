//! `kith status`, and `kith` alone: how the node is.

use std::time::{Duration, Instant};

use clap::{ArgMatches, Command};
use kith_node::control::shape::{Open, Status, TorState};
use serde::Serialize;

use crate::args::{duration, option};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::view;
use crate::words::{Msg, Words, msg};

pub(super) fn command(words: &Words, command: Command) -> Command {
    let wait = option(words, "wait-online", "value-duration", "status-wait-online");
    command
        .about(words.get("status-about"))
        .arg(wait.value_parser(duration))
}

/// What a program gets when no node answers.
#[derive(Serialize)]
struct Down {
    state: &'static str,
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    // `kith` alone comes here too, and takes no such option.
    let patience = matches.try_get_one::<Duration>("wait-online");
    if let Some(patience) = patience.ok().flatten() {
        wait_online(context, *patience)?;
    }
    let status = context.node().and_then(|mut node| Ok(node.status()?));
    match status {
        Err(failed) if context.json && failed.exit == Exit::UNAVAILABLE => {
            context.json(Down { state: "down" })?;
            Ok(Exit::UNAVAILABLE)
        }
        Err(failed) => Err(failed),
        Ok(status) => {
            let works = status.open.as_ref().is_some_and(|open| !open.full);
            match context.json {
                true => context.json(status)?,
                false => tell(context, &status)?,
            }
            Ok(if works { Exit::OK } else { Exit::NO })
        }
    }
}

/// Waits until a friend is there.
fn wait_online(context: &Context, patience: Duration) -> Result<(), Failed> {
    let began = Instant::now();
    // Listen first, so that nobody comes between.
    let mut events = context.node()?.subscribe()?;
    let mut node = context.node()?;
    loop {
        let open = node.status()?.open;
        if open.is_some_and(|open| open.friends.online > 0) {
            return Ok(());
        }
        let left = patience.saturating_sub(began.elapsed());
        if left.is_zero() {
            return Err(Failed::new(Exit::TRY_LATER, msg!("status-nobody-online")));
        }
        events.next(Some(left))?;
    }
}

fn tell(context: &Context, status: &Status) -> Result<(), Failed> {
    match &status.open {
        Some(open) => tell_open(context, open)?,
        None => context.say(&msg!("status-locked"))?,
    }
    if status.shell.tor != TorState::Off {
        let says = context.words.say(&tor(status.shell.tor));
        context.say(&msg!("status-tor", says = says))?;
    }
    let (used, max) = (
        view::size(status.shell.disk.used),
        view::size(status.shell.disk.max),
    );
    context.say(&msg!("status-disk", size = used, max = max))
}

fn tell_open(context: &Context, open: &Open) -> Result<(), Failed> {
    context.say(&msg!("status-node"))?;
    context.say(&msg!(
        "status-friends",
        online = open.friends.online,
        offline = open.friends.offline
    ))?;
    context.say(&msg!("status-inbox", count = open.unread))?;
    context.say(&msg!("status-outbox", count = open.outbox))?;
    context.say(&history(&context.words, open))?;
    if open.pending > 0 {
        context.say(&msg!("status-pending", count = open.pending))?;
    }
    if open.to_check > 0 {
        context.say(&msg!("status-to-check", count = open.to_check))?;
    }
    tell_groups(context)?;
    if open.waiting > 0 {
        context.say(&msg!("status-waiting", count = open.waiting))?;
    }
    context.say(&msg!("status-addresses", count = open.addresses))?;
    if open.full {
        context.say(&msg!("status-full"))?;
    }
    Ok(())
}

/// How many groups there are, and what waits in them for me.
fn tell_groups(context: &Context) -> Result<(), Failed> {
    let groups = context.node()?.groups()?.groups;
    if groups.is_empty() {
        return Ok(());
    }
    let count = u32::try_from(groups.len()).unwrap_or(u32::MAX);
    context.say(&msg!("status-groups", count = count))?;
    let to_answer = groups.iter().map(|group| group.to_answer).sum::<u32>();
    if to_answer > 0 {
        context.say(&msg!("status-to-answer", count = to_answer))?;
    }
    let split = groups.iter().filter(|group| group.split);
    split.into_iter().try_for_each(|group| {
        context.say(&msg!(
            "status-split",
            group = view::group(&group.name),
            name = view::name(&group.name)
        ))
    })
}

/// How far Tor is, and what stands in the way.
pub(crate) fn tor(state: TorState) -> Msg {
    match state {
        TorState::Off => msg!("tor-off"),
        TorState::Asking => msg!("tor-asking"),
        TorState::Missing => msg!("tor-missing"),
        TorState::Forbidden => msg!("tor-forbidden"),
        TorState::CookieUnreadable => msg!("tor-cookie-unreadable"),
        TorState::Refused => msg!("tor-refused"),
        TorState::Strange => msg!("tor-strange"),
        TorState::Taken => msg!("tor-taken"),
        TorState::Starting { percent } => msg!("tor-starting", percent = u32::from(percent)),
        TorState::Publishing => msg!("tor-publishing"),
        TorState::Published => msg!("tor-published"),
    }
}

/// What is kept of what was read, and how long.
fn history(words: &Words, open: &Open) -> Msg {
    match (open.keep_min, open.history) {
        (0, 0) => msg!("status-history-none"),
        (0, count) => msg!("status-history-some", count = count),
        (keep, count) => {
            let time = view::span(words, keep);
            msg!("status-history", count = count, time = time)
        }
    }
}
