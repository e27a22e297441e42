//! `kith accept`: uses an invitation. Its code comes from a question, a pipe or a file, never from
//! the command line, where every program of the user could read it.

use std::fs::File;
use std::io::{IsTerminal, Read, stdin};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::{ArgMatches, Command, value_parser};
use kith_node::control::client::Events;
use kith_node::control::params::Accept;
use kith_node::control::shape::Event;
use kith_proto::invite::{Code, CodeError};
use kith_proto::limits::CODE_FILE_BYTES_MAX;

use crate::args::option;
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::qr::{self, Seen};
use crate::when::Clock;
use crate::words::{Words, msg};
use crate::{ask, view};

/// Two computers that are both on find each other within this time, or not today.
const PAIRED_WITHIN: Duration = Duration::from_secs(5);

/// How every invitation begins.
const PREFIX: &str = "KITH:";

pub(super) fn command(words: &Words, command: Command) -> Command {
    command
        .about(words.get("accept-about"))
        .arg(option(words, "as", "value-name", "accept-as"))
        .arg(
            option(words, "file", "value-file", "accept-file").value_parser(value_parser!(PathBuf)),
        )
        .arg(
            option(words, "scan", "value-file", "accept-scan")
                .value_parser(value_parser!(PathBuf))
                .conflicts_with("file"),
        )
        .arg(option(words, "nick", "value-text", "accept-nick"))
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let mut node = context.node()?;
    let code = match matches.get_one::<PathBuf>("scan") {
        Some(path) => scanned(path)?,
        None => code(context, matches.get_one::<PathBuf>("file"))?,
    };
    let nick = matches.get_one::<String>("nick").cloned();
    let said = matches.get_one::<String>("as");
    // Listen first, so that nothing is missed.
    let events = context.node()?.subscribe()?;
    let (name, accepted) = ask::name(context, said, "accept-ask-name", |name| {
        node.accept(&Accept {
            code: code.clone(),
            name: name.to_owned(),
            nick: nick.clone().unwrap_or_default(),
        })
    })?;
    if paired(events, &name) {
        context.say(&msg!("accept-paired", name = view::name(&name)))?;
    } else {
        let until = Clock::now().until(&context.words, &accepted.expires);
        let name = view::name(&name);
        context.say(&msg!("accept-waiting", name = name, until = until))?;
    }
    Ok(Exit::OK)
}

/// Whether the other computer answered within [`PAIRED_WITHIN`].
fn paired(mut events: Events, name: &str) -> bool {
    let end = Instant::now() + PAIRED_WITHIN;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        match events.next(Some(left)) {
            Ok(Some(Event::Paired { petname })) if petname == name => return true,
            Ok(Some(_)) if !left.is_zero() => {}
            _ => return false,
        }
    }
}

fn code(context: &Context, file: Option<&PathBuf>) -> Result<String, Failed> {
    let is_pipe = || !stdin().is_terminal();
    match file {
        Some(path) if path == Path::new("-") => read(stdin().lock()),
        Some(path) => match File::open(path) {
            Ok(file) => read(file),
            Err(_) => {
                let path = path.display().to_string();
                Err(Failed::new(
                    Exit::NO_INPUT,
                    msg!("file-not-read", path = path),
                ))
            }
        },
        None if is_pipe() => read(stdin().lock()),
        None => typed(context),
    }
}

/// A code that was pasted may be broken over several lines: all of it is taken, or what follows
/// would be taken for commands.
fn typed(context: &Context) -> Result<String, Failed> {
    let mut code = ask::line(&context.words.get("accept-ask-code"), context.may_ask)?;
    while !is_whole(&code) {
        let more = ask::line(&context.words.get("accept-ask-more"), context.may_ask)?;
        if more.is_empty() {
            break;
        }
        match begins_one(&more) {
            true => code = more,
            false => code += &more,
        }
    }
    Ok(code)
}

/// Whether nothing that follows could make an invitation of it, or a better one.
fn is_whole(code: &str) -> bool {
    match Code::parse(code) {
        Ok(_) | Err(CodeError::Version) => true,
        Err(CodeError::NotACode | CodeError::Mistyped) => false,
    }
}

fn begins_one(text: &str) -> bool {
    let beginning = text.get(..PREFIX.len());
    beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(PREFIX))
}

/// The code in a picture; a file of text is as good.
fn scanned(path: &Path) -> Result<String, Failed> {
    let nothing = || Failed::new(Exit::DATA, msg!("scan-nothing")).hint(msg!("scan-nothing-hint"));
    match qr::look(path)? {
        Seen::Codes(texts) => {
            let mut codes = texts.into_iter();
            let code = codes.find(|text| text.trim_start().starts_with("KITH"));
            code.ok_or_else(nothing)
        }
        Seen::Text(text) => read(&**text).map_err(|_| nothing()),
    }
}

fn read(from: impl Read) -> Result<String, Failed> {
    let mut code = String::new();
    let wrong = || Failed::new(Exit::DATA, msg!("refused-bad-code"));
    let read = from.take(CODE_FILE_BYTES_MAX + 1).read_to_string(&mut code);
    match read {
        Ok(bytes) if bytes as u64 <= CODE_FILE_BYTES_MAX => Ok(code.trim().to_owned()),
        _ => Err(wrong().hint(msg!("refused-bad-code-hint"))),
    }
}
