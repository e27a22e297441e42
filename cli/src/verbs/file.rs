//! `kith file`: pictures and documents under way, taken out, or given up. Offering one is
//! `kith send NAME --file`, saying yes to one `kith waiting yes`.

mod offer;
mod save;

use std::time::{Duration, Instant};

use clap::{ArgMatches, Command, value_parser};
use kith_node::control::client::{Client, Events};
use kith_node::control::shape::{Event, File, FileNews, FileState};

use crate::args::{duration, flag, option, positional};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::progress::Progress;
use crate::words::{Msg, Words, msg};
use crate::{ask, view};

pub(super) use offer::offer;

pub(super) fn command(words: &Words, command: Command) -> Command {
    let id = positional(words, "id", "value-seq", "file-id")
        .required(true)
        .value_parser(value_parser!(u32));
    let list = Command::new("list").about(words.get("file-list-about"));
    let save = save::command(words, id.clone());
    let rm = Command::new("rm")
        .about(words.get("file-rm-about"))
        .arg(id)
        .arg(flag(words, "yes", "flag-yes"));
    command
        .about(words.get("file-about"))
        .subcommands([list, save, rm])
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    match matches.subcommand() {
        Some(("save", matches)) => save::run(context, matches),
        Some(("rm", matches)) => remove(context, matches),
        _ => list(context),
    }
}

/// `--wait`, in the two verbs that take their time.
pub(super) fn wait_option(words: &Words) -> clap::Arg {
    option(words, "wait", "value-duration", "file-wait")
        .num_args(0..=1)
        .require_equals(true)
        .default_missing_value("1h")
        .value_parser(duration)
}

fn list(context: &Context) -> Outcome {
    let files = context.node()?.files()?;
    if context.json {
        context.json(files)?;
        return Ok(Exit::OK);
    }
    for file in &files.files {
        context.say(&line(file))?;
    }
    if files.files.is_empty() {
        context.say(&msg!("file-none"))?;
    }
    Ok(Exit::OK)
}

/// What it is, where it stands, and what can be done.
fn line(file: &File) -> Msg {
    let (id, name) = (file.id.to_string(), view::name(&file.petname));
    let (called, size) = (view::name(&file.name), view::size(file.bytes));
    let percent = (file.done.saturating_mul(100) / file.bytes.max(1)).to_string();
    match file.state {
        FileState::Filling => msg!(
            "file-filling",
            id = id,
            file = called,
            size = size,
            name = name
        ),
        FileState::Offered => msg!(
            "file-offered",
            id = id,
            file = called,
            size = size,
            name = name
        ),
        FileState::Going => msg!(
            "file-going",
            id = id,
            file = called,
            size = size,
            name = name,
            percent = percent
        ),
        FileState::Asked => msg!(
            "file-asked",
            id = id,
            file = called,
            size = size,
            name = name
        ),
        FileState::Coming => msg!(
            "file-coming",
            id = id,
            file = called,
            size = size,
            name = name,
            percent = percent
        ),
        FileState::Whole => msg!(
            "file-whole",
            id = id,
            file = called,
            size = size,
            name = name
        ),
    }
}

fn remove(context: &Context, matches: &ArgMatches) -> Outcome {
    let id = *matches.get_one("id").unwrap_or(&0);
    let mut node = context.node()?;
    let file = found(&mut node, id)?;
    if !matches.get_flag("yes") {
        context.note(&warning(&file));
        if !ask::agreed(&context.words, context.may_ask)? {
            context.say(&msg!("erase-not-done"))?;
            return Ok(Exit::NO);
        }
    }
    node.drop_file(id)?;
    if !context.json {
        context.say(&msg!("file-rm-done", file = view::name(&file.name)))?;
    }
    Ok(Exit::OK)
}

fn warning(file: &File) -> Msg {
    let (called, name) = (view::name(&file.name), view::name(&file.petname));
    match file.state {
        FileState::Whole => msg!("file-rm-whole", file = called, name = name),
        _ => msg!("file-rm-under-way", file = called, name = name),
    }
}

/// The file with this number.
fn found(node: &mut Client, id: u32) -> Result<File, Failed> {
    let files = node.files()?.files.into_iter();
    let found = files.into_iter().find(|file| file.id == id);
    found.ok_or_else(|| {
        Failed::new(Exit::NO_USER, msg!("refused-no-such-file"))
            .hint(msg!("refused-no-such-file-hint"))
    })
}

/// Watches a file until it is over, for at most so long; nothing if the time was.
fn watch(
    context: &Context,
    file: &File,
    mut events: Events,
    wait: Duration,
) -> Result<Option<FileNews>, Failed> {
    let label = view::name(&file.name);
    let mut progress = Progress::new(context, file.id, label);
    let began = Instant::now();
    loop {
        let left = wait.saturating_sub(began.elapsed());
        if left.is_zero() {
            return Ok(None);
        }
        match events.next(Some(left))? {
            Some(Event::File { id, news, .. }) if id == file.id => match news {
                FileNews::Moved { done, bytes } => progress.at(done, bytes)?,
                FileNews::Offered | FileNews::Taken => {}
                over => return Ok(Some(over)),
            },
            _ => {}
        }
    }
}
