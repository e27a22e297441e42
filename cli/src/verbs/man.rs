//! `kith man`: the manual's pages; one on the standard output, or all of them, in both languages, in
//! the folders where `man` looks for them.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command, value_parser};
use kith_node::control::shape::Language;
use rustix::fs::Mode;
use rustix::process::umask;

use crate::args::{option, pages, positional};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::{Words, msg};
use crate::{out, view};

pub(super) fn command(words: &Words, command: Command) -> Command {
    let dir = option(words, "out", "value-dir", "man-out").value_parser(value_parser!(PathBuf));
    command
        .about(words.get("man-about"))
        .arg(positional(words, "verb", "value-verb", "man-verb").conflicts_with("out"))
        .arg(dir)
        .after_help("kith man send | man -l -")
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    if let Some(dir) = matches.get_one::<PathBuf>("out") {
        return all(context, dir);
    }
    let verb = matches.get_one::<String>("verb");
    let name = verb.map_or_else(|| "kith".to_owned(), |verb| format!("kith-{verb}"));
    let page = pages(&context.words)
        .into_iter()
        .find(|page| page.name == name);
    let Some(page) = page else {
        let topic = view::name(verb.map_or("", String::as_str));
        return Err(
            Failed::new(Exit::USAGE, msg!("help-unknown-topic", topic = topic))
                .hint(msg!("help-unknown-topic-hint")),
        );
    };
    out::exact(page.text.trim_end())?;
    Ok(Exit::OK)
}

fn all(context: &Context, dir: &Path) -> Outcome {
    // Whatever else we write is ours alone; a manual is for everybody.
    umask(Mode::WGRP | Mode::WOTH);
    let mut count = 0;
    for (language, below) in [(Language::English, "man1"), (Language::French, "fr/man1")] {
        let folder = dir.join(below);
        fs::create_dir_all(&folder).map_err(|_| unwritten(&folder))?;
        for page in pages(&Words::new(language)) {
            let path = folder.join(format!("{}.1", page.name));
            fs::write(&path, page.text).map_err(|_| unwritten(&path))?;
            count += 1;
        }
    }
    let place = view::name(&dir.display().to_string());
    context.note(&msg!("man-written", count = count, place = place));
    Ok(Exit::OK)
}

fn unwritten(path: &Path) -> Failed {
    let path = view::name(&path.display().to_string());
    Failed::new(Exit::IO, msg!("file-not-written", path = path))
}
