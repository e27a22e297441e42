//! The command line: one tree, its sentences from the word files, its help and its mistakes told
//! in the person's language. Names of verbs and flags are the same in every language.

mod amount;
mod help;
mod manual;
mod mistake;

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::verbs;
use crate::words::Words;

pub(crate) use amount::{Takes, duration, kib, lifetime};
pub(crate) use help::{every_option, every_verb, wrap};
pub(crate) use manual::pages;
pub(crate) use mistake::{explain, verb_of};

/// The whole tree, with its help.
pub(crate) fn command(words: &Words) -> Command {
    let mut root = Command::new("kith")
        .about(words.get("about"))
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .args(globals(words))
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help(words.get("flag-version")),
        );
    for verb in verbs::all() {
        root = root.subcommand((verb.command)(words, Command::new(verb.name)));
    }
    help::with_help(words, root, "")
}

/// The flags that every verb takes.
fn globals(words: &Words) -> Vec<Arg> {
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .global(true)
            .action(ArgAction::SetTrue)
            .help(words.get(help))
    };
    let valued = |name: &'static str, value: String, help: &'static str| {
        Arg::new(name)
            .long(name)
            .global(true)
            .value_name(value)
            .help(words.get(help))
    };
    vec![
        valued("home", words.get("value-dir"), "flag-home").value_parser(value_parser!(PathBuf)),
        flag("json", "flag-json"),
        flag("plain", "flag-plain"),
        valued("lang", "fr|en".to_owned(), "flag-lang").value_parser(["fr", "en"]),
        flag("quiet", "flag-quiet").short('q'),
        flag("no-input", "flag-no-input"),
        valued(
            "passphrase-file",
            words.get("value-file"),
            "flag-passphrase-file",
        )
        .value_parser(value_parser!(PathBuf)),
        valued("passphrase-fd", "N".to_owned(), "flag-passphrase-fd")
            .value_parser(value_parser!(u32)),
        flag("help", "flag-help").short('h').action(ArgAction::Help),
    ]
}

/// A positional argument: a value's name and what it is.
pub(crate) fn positional(
    words: &Words,
    id: &'static str,
    value: &'static str,
    help: &'static str,
) -> Arg {
    Arg::new(id)
        .value_name(words.get(value))
        .help(words.get(help))
}

/// A flag with a value.
pub(crate) fn option(
    words: &Words,
    id: &'static str,
    value: &'static str,
    help: &'static str,
) -> Arg {
    positional(words, id, value, help).long(id)
}

/// A flag without one.
pub(crate) fn flag(words: &Words, id: &'static str, help: &'static str) -> Arg {
    Arg::new(id)
        .long(id)
        .action(ArgAction::SetTrue)
        .help(words.get(help))
}

/// The matches of the verb that was typed, where global flags are found too.
pub(crate) fn leaf(matches: &ArgMatches) -> &ArgMatches {
    match matches.subcommand() {
        Some((_, matches)) => leaf(matches),
        None => matches,
    }
}

#[cfg(test)]
mod documented;
#[cfg(test)]
mod quoted;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::every_language;

    #[test]
    fn the_tree_is_sound_in_both_languages() {
        for words in every_language() {
            command(&words).debug_assert();
        }
    }

    #[test]
    fn both_languages_have_the_same_tree() {
        fn names(command: &Command, path: &str, all: &mut Vec<String>) {
            let ids = command.get_arguments().map(|arg| arg.get_id().to_string());
            all.extend(ids.map(|id| format!("{path} {id}")));
            for verb in command.get_subcommands() {
                names(verb, &format!("{path} {}", verb.get_name()), all);
            }
        }
        let [one, two] = every_language().map(|words| {
            let mut all = Vec::new();
            names(&command(&words), "kith", &mut all);
            all
        });
        assert_eq!(one, two);
    }

    #[test]
    fn nothing_takes_a_passphrase_or_a_code_from_the_command_line() {
        for words in every_language() {
            for typed in [
                &["kith", "up", "--passphrase", "x"][..],
                &["kith", "accept", "KITH:ABCD"],
            ] {
                assert!(command(&words).try_get_matches_from(typed).is_err());
            }
        }
    }
}
