//! Every command that the first page and the guides quote is one that the program has, and every one that
//! they show as a line to be typed is understood whole.

use std::fs;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use kith_node::control::shape::Language;

use super::command;
use crate::words::Words;

/// The documents for people who use the program.
fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let in_folder = |folder: &str| fs::read_dir(root.join(folder)).unwrap();
    let guides = ["docs/fr", "docs/en"].into_iter().flat_map(in_folder);
    let guides = guides.map(|guide| guide.unwrap().path());
    guides.chain([root.join("README.md")]).collect()
}

/// The commands between back quotes: named, at times without what they need.
fn named(text: &str) -> Vec<String> {
    let one_line = text.replace('\n', " ");
    let inline = one_line.split('`').skip(1).step_by(2);
    let commands = inline.filter(|text| text.starts_with("kith "));
    commands.map(str::to_owned).collect()
}

/// The lines to be typed, without what is explained beside them or read from a file.
fn typed(text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("$ "));
    let commands = lines.flat_map(|line| line.split(" && "));
    let alone = commands.map(|line| line.split("  ").next().unwrap_or(line));
    let alone = alone.map(|line| line.split(" < ").next().unwrap_or(line));
    let commands = alone.filter(|line| line.starts_with("kith "));
    commands.map(str::to_owned).collect()
}

/// As a shell takes it apart, if nobody quotes a quote.
fn words_of(typed: &str) -> Vec<String> {
    let pieces = typed.split('"').enumerate();
    let words = pieces.flat_map(|(at, piece)| match at % 2 {
        1 => vec![piece.to_owned()],
        _ => piece.split_whitespace().map(str::to_owned).collect(),
    });
    words.collect()
}

/// Why the program would not understand this; none if it would.
fn refused(words: &Words, line: &str) -> Option<ErrorKind> {
    let read = command(words).try_get_matches_from(words_of(line));
    read.err().map(|error| error.kind())
}

#[test]
fn every_named_command_is_one_that_the_program_has() {
    let words = Words::new(Language::English);
    // Without what it needs, or with a word that stands for it.
    let as_named = [
        ErrorKind::MissingRequiredArgument,
        ErrorKind::DisplayHelp,
        ErrorKind::MissingSubcommand,
        ErrorKind::InvalidValue,
        ErrorKind::ValueValidation,
    ];
    let (mut seen, mut absent) = (0, Vec::new());
    for document in documents() {
        for line in named(&fs::read_to_string(&document).unwrap()) {
            let kind = refused(&words, &line);
            if kind.is_some_and(|kind| !as_named.contains(&kind)) {
                absent.push(format!("{}: {line}: {kind:?}", document.display()));
            }
            seen += 1;
        }
    }
    assert!(absent.is_empty(), "{absent:#?}");
    assert!(seen > 60, "{seen}");
    assert!(refused(&words, "kith envoyer").is_some_and(|kind| !as_named.contains(&kind)));
}

#[test]
fn every_line_to_be_typed_is_understood_whole() {
    let words = Words::new(Language::English);
    let (mut seen, mut not_understood) = (0, Vec::new());
    for document in documents() {
        for line in typed(&fs::read_to_string(&document).unwrap()) {
            let kind = refused(&words, &line);
            let shows = [ErrorKind::DisplayHelp, ErrorKind::DisplayVersion];
            if kind.is_some_and(|kind| !shows.contains(&kind)) {
                not_understood.push(format!("{}: {line}: {kind:?}", document.display()));
            }
            seen += 1;
        }
    }
    assert!(not_understood.is_empty(), "{not_understood:#?}");
    assert!(seen > 200, "{seen}");
    assert!(refused(&words, "kith send zoé --all").is_some());
    assert!(refused(&words, "kith contact drop zoé").is_some());
}
