//! A command line that is not understood: one sentence, and where the help is. clap's own
//! sentences are English only, so they are told anew from its kinds of error.

use std::error::Error;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use kith_proto::petname::{Petname, near};

use super::Takes;
use crate::exit::{Exit, Failed};
use crate::verbs;
use crate::view;
use crate::words::{Msg, Words, msg};

/// What is wrong with `typed`.
pub(crate) fn explain(words: &Words, typed: &[OsString], error: &clap::Error) -> Failed {
    let why = sentence(error);
    let command = match verb_of(typed) {
        Some(verb) => format!("kith {verb} --help"),
        None => "kith --help".to_owned(),
    };
    let help = msg!("usage-help", command = command);
    let hint = match suggestion(error).or_else(|| near_verb(words, typed, error)) {
        Some(near) => msg!("usage-perhaps", near = near, more = words.say(&help)),
        None => match taken(error) {
            Some(takes) => {
                let takes = words.say(&takes.told());
                msg!("usage-takes", takes = takes, more = words.say(&help))
            }
            None => help,
        },
    };
    Failed::new(Exit::USAGE, why).hint(hint)
}

fn sentence(error: &clap::Error) -> Msg {
    let arg = argument(error, ContextKind::InvalidArg);
    let value = context(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let typed = context(error, ContextKind::InvalidArg);
            msg!("usage-unknown-argument", arg = typed)
        }
        ErrorKind::InvalidSubcommand => {
            let verb = context(error, ContextKind::InvalidSubcommand);
            msg!("usage-unknown-verb", verb = verb)
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            msg!("usage-missing-verb")
        }
        ErrorKind::MissingRequiredArgument => msg!("usage-missing-argument", arg = arg),
        ErrorKind::ArgumentConflict => {
            let other = argument(error, ContextKind::PriorArg);
            if other == arg || other.is_empty() {
                return msg!("usage-twice", arg = arg);
            }
            msg!("usage-conflict", arg = arg, other = other)
        }
        ErrorKind::InvalidValue if value.is_empty() => msg!("usage-missing-value", arg = arg),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            msg!("usage-bad-value", arg = arg, value = value)
        }
        ErrorKind::NoEquals => msg!("usage-no-equals", arg = arg),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            msg!("usage-wrong-count", arg = arg)
        }
        ErrorKind::InvalidUtf8 => msg!("usage-not-utf8"),
        _ => msg!("usage-unclear"),
    }
}

fn suggestion(error: &clap::Error) -> Option<String> {
    [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
        ContextKind::ValidValue,
    ]
    .into_iter()
    .map(|kind| context(error, kind))
    .find(|near| !near.is_empty())
}

/// The verbs that differ from what was typed by no more than a slip, among those that could stand there.
fn near_verb(words: &Words, typed: &[OsString], error: &clap::Error) -> Option<String> {
    let wrong = context(error, ContextKind::InvalidSubcommand);
    let root = super::command(words);
    let before = typed.iter().skip(1).filter_map(|word| word.to_str());
    let before = before.take_while(|word| *word != wrong);
    let parent = before.fold(&root, |command, word| {
        command.find_subcommand(word).unwrap_or(command)
    });
    let verbs = parent.get_subcommands().filter(|verb| !verb.is_hide_set());
    // They are spelled as names are.
    let verbs: Vec<_> = verbs
        .filter_map(|verb| Petname::parse(verb.get_name()).ok())
        .collect();
    let found = near(&wrong, &verbs);
    let found: Vec<_> = found.into_iter().map(Petname::as_str).collect();
    (!wrong.is_empty() && !found.is_empty()).then(|| found.join(", "))
}

/// What the option takes whose value will not do, where that is more than a word.
fn taken(error: &clap::Error) -> Option<Takes> {
    error.source()?.downcast_ref::<Takes>().copied()
}

/// An argument as help shows it: without clap's brackets.
fn argument(error: &clap::Error, kind: ContextKind) -> String {
    context(error, kind).replace(['<', '>'], "")
}

/// One piece of what clap knows, fit for a screen.
fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(one)) => view::name(one),
        Some(ContextValue::Strings(many)) => view::name(&many.join(", ")),
        _ => String::new(),
    }
}

/// The verb that was typed, if it is one.
pub(crate) fn verb_of(typed: &[OsString]) -> Option<&'static str> {
    let known = |word: &OsString| verbs::all().find(|verb| word == verb.name);
    typed.iter().find_map(known).map(|verb| verb.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::every_language;

    fn told(words: &Words, line: &str) -> String {
        let typed: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let error = super::super::command(words).try_get_matches_from(&typed);
        let failed = explain(words, &typed, &error.unwrap_err());
        assert_eq!(failed.exit, Exit::USAGE);
        let said = [failed.why, failed.hint];
        said.iter()
            .flatten()
            .map(|msg| words.say(msg) + "\n")
            .collect()
    }

    #[test]
    fn each_mistake_has_its_sentence() {
        let [french, english] = every_language();
        for (line, in_french, in_english) in [
            ("kith send", "manque", "missing"),
            ("kith envoyer", "« envoyer »", "“envoyer”"),
            ("kith inbox --foo", "--foo", "--foo"),
            ("kith inbox --max many", "« many »", "“many”"),
            ("kith inbox --max", "--max", "--max"),
            ("kith inbox --follow --max 3", "--follow", "--follow"),
            ("kith invite --as zoé --expires soon", "« soon »", "“soon”"),
            ("kith inbox --max 3 --max 4", "deux fois", "twice"),
            ("kith --lang de status", "« de »", "“de”"),
            (
                "kith contact foo",
                "kith contact --help",
                "kith contact --help",
            ),
        ] {
            for (words, part) in [(&french, in_french), (&english, in_english)] {
                let told = told(words, line).replace('\u{a0}', " ");
                assert!(told.contains(part), "{line}: {told}");
                assert!(told.contains("--help"), "{line}: {told}");
            }
        }
    }

    #[test]
    fn a_near_word_is_offered() {
        for words in every_language() {
            assert!(told(&words, "kith statuss").contains("status"));
            assert!(told(&words, "kith inbox --folow").contains("--follow"));
            assert!(told(&words, "kith wyh zoé").contains(" why"));
            assert!(told(&words, "kith contact lsit").contains(" list"));
            assert!(!told(&words, "kith zoé").contains('?'), "near nothing");
        }
    }

    #[test]
    fn who_typed_another_unit_hears_which_there_are() {
        let [french, english] = every_language();
        for line in [
            "kith send zoé salut --ttl 5s",
            "kith history zoé --timer 5s",
            "kith history zoé --keep 5s",
        ] {
            assert!(told(&french, line).contains("m, h ou d"), "{line}");
            assert!(told(&english, line).contains("m, h or d"), "{line}");
        }
        let told = told(&french, "kith mailbox offer zoé --quota 5s");
        assert!(told.contains("Mio"), "{told}");
        assert!(!told.contains(['<', '>']), "{told}");
    }

    #[test]
    fn what_was_typed_cannot_draw() {
        for words in every_language() {
            assert!(!told(&words, "kith \u{1b}[2J").contains('\u{1b}'));
        }
    }
}
