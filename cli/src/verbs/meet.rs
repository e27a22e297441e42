//! `kith meet`: friends around a table. One opens, the others join; everybody compares the same four
//! words once, and chooses whom to keep and under which name.

mod group;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::{ArgMatches, Command, value_parser};
use kith_node::control::client::{CallError, Client};
use kith_node::control::params::{Meet, RoomSecret};
use kith_node::control::shape::{Meeting, Refusal};
use kith_proto::words::plain;

use crate::args::{duration, flag, option};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::meeting::{Ears, talk};
use crate::out;
use crate::qr::{self, Seen};
use crate::words::{Words, msg};

pub(super) fn command(words: &Words, command: Command) -> Command {
    command.about(words.get("meet-about")).args([
        option(words, "join", "value-address", "meet-join")
            .num_args(0..=1)
            .value_parser(value_parser!(SocketAddr)),
        option(words, "nick", "value-text", "meet-nick"),
        option(words, "replace", "value-name", "meet-replace"),
        option(words, "group", "value-name", "meet-group").conflicts_with("replace"),
        flag(words, "secret", "meet-secret"),
        flag(words, "qr", "meet-qr")
            .requires("secret")
            .conflicts_with("join"),
        option(words, "scan", "value-file", "meet-scan")
            .value_parser(value_parser!(PathBuf))
            .requires("join")
            .conflicts_with("secret"),
        option(words, "timeout", "value-duration", "meet-timeout")
            .default_value("15m")
            .value_parser(duration),
    ])
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    if !context.may_ask {
        return Err(Failed::new(Exit::NO_INPUT, msg!("meet-needs-people")));
    }
    let patience = matches.get_one::<Duration>("timeout");
    let until = Instant::now() + patience.copied().unwrap_or_default();
    let mut node = context.node()?;
    let mut ears = Ears::open(context.node()?.subscribe()?, until);
    let meeting = begin(context, matches, &mut node, &mut ears);
    let (exit, meeting) = talk(context, node, ears, meeting?)?;
    match matches.get_one::<String>("group") {
        Some(name) if exit == Exit::OK => group::together(context, name, &meeting, until),
        _ => Ok(exit),
    }
}

/// Opens a meeting or goes to one. Who was in one and lost the screen comes back to it.
fn begin(
    context: &Context,
    matches: &ArgMatches,
    node: &mut Client,
    ears: &mut Ears,
) -> Result<Meeting, Failed> {
    let joins = matches.contains_id("join");
    let nick = match matches.get_one::<String>("nick") {
        Some(nick) => nick.clone(),
        None => ears.line(&context.words.get("meet-ask-nick"))?,
    };
    let secret = match (
        matches.get_one::<PathBuf>("scan"),
        matches.get_flag("secret"),
    ) {
        (Some(path), _) => RoomSecret::Words(scanned(path)?),
        (None, false) => RoomSecret::None,
        (None, true) if joins => {
            RoomSecret::Words(ears.line(&context.words.get("meet-ask-secret"))?)
        }
        (None, true) => RoomSecret::Draw,
    };
    let join = match matches.get_one::<SocketAddr>("join") {
        Some(addr) => Some(*addr),
        None if joins => Some(find(context, node, ears)?),
        None => None,
    };
    let wanted = Meet {
        nick,
        language: context.words.language,
        secret,
        join,
        replace: matches.get_one::<String>("replace").cloned(),
    };
    match node.meet(&wanted) {
        Err(CallError::Refused(Refusal::MeetingOpen)) => {
            context.note(&msg!("meet-goes-on"));
            Ok(node.meeting()?)
        }
        meeting => {
            let meeting = meeting?;
            if matches.get_flag("qr") {
                draw(context, &meeting.secret)?;
            }
            Ok(meeting)
        }
    }
}

/// Draws the secret's words for a camera, in the capitals that such a picture holds.
fn draw(context: &Context, secret: &[String]) -> Result<(), Failed> {
    let words = plain(&secret.join(" ")).to_uppercase();
    match qr::drawable(context, &words) {
        Ok(qr) => out::exact(&qr.drawn())?,
        Err(why) => context.note(&why),
    }
    Ok(())
}

/// The words in a picture of it; a file of text is as good.
fn scanned(path: &Path) -> Result<String, Failed> {
    let words = match qr::look(path)? {
        Seen::Codes(texts) => texts.into_iter().next(),
        Seen::Text(text) => std::str::from_utf8(&text).ok().map(str::to_owned),
    };
    words.ok_or_else(|| {
        Failed::new(Exit::DATA, msg!("meet-scan-nothing")).hint(msg!("scan-nothing-hint"))
    })
}

/// The meeting on this network; of several the one that the person chooses.
fn find(context: &Context, node: &mut Client, ears: &mut Ears) -> Result<SocketAddr, Failed> {
    context.note(&msg!("meet-searching"));
    let found = node.find_meetings()?.found;
    match found.as_slice() {
        [] => {
            let failed = Failed::new(Exit::TRY_LATER, msg!("meet-none-found"));
            return Err(failed.hint(msg!("meet-none-found-hint")));
        }
        [one] => return Ok(*one),
        _ => {}
    }
    context.say(&msg!("meet-several"))?;
    for (number, addr) in found.iter().enumerate() {
        out::line(&format!("    {}  {addr}", number + 1))?;
    }
    loop {
        let typed = ears.line(&context.words.get("meet-ask-which"))?;
        let number = typed.parse::<usize>().ok();
        let chosen = number.and_then(|number| found.get(number.checked_sub(1)?));
        if let Some(addr) = chosen {
            return Ok(*addr);
        }
    }
}
