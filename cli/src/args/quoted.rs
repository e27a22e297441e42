//! Every command that the first page and the guides quote is one that the program has.

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

/// What is quoted of a document: lines to be typed, and what stands between back quotes.
fn quoted(text: &str) -> Vec<String> {
    let one_line = text.replace('\n', " ");
    let inline = one_line.split('`').skip(1).step_by(2).map(str::to_owned);
    let typed = text.lines().filter_map(|line| line.strip_prefix("$ "));
    let typed = typed.flat_map(|line| line.split(" && "));
    let typed = typed.map(|line| line.split("  ").next().unwrap_or(line).to_owned());
    let all = inline.chain(typed);
    all.filter(|text| text.starts_with("kith ")).collect()
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

#[test]
fn every_quoted_command_is_one_that_the_program_has() {
    let words = Words::new(Language::English);
    let (mut seen, mut absent) = (0, Vec::new());
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for typed in quoted(&text) {
            let read = command(&words).try_get_matches_from(words_of(&typed));
            let kind = read.err().map(|error| error.kind());
            // Named without what it needs, or with a word that stands for it.
            let named = [
                ErrorKind::MissingRequiredArgument,
                ErrorKind::DisplayHelp,
                ErrorKind::MissingSubcommand,
                ErrorKind::InvalidValue,
                ErrorKind::ValueValidation,
            ];
            let is_there = kind.is_none_or(|kind| named.contains(&kind));
            if !is_there {
                absent.push(format!("{}: {typed}: {kind:?}", document.display()));
            }
            seen += 1;
        }
    }
    assert!(absent.is_empty(), "{absent:#?}");
    assert!(seen > 60, "{seen}");
    let never = command(&words).try_get_matches_from(["kith", "send", "zoé", "--all"]);
    assert!(never.is_err());
}
