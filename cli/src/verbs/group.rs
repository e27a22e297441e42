//! `kith group`: groups that nobody owns. Founded, joined, decided in and left together; each command
//! asks the own node alone, and what it says of others is what came from them.

mod decide;
mod found;
mod people;

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command, value_parser};
use kith_node::control::shape::{Group, Motion};

use crate::args::{Takes, duration, flag, option, positional};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::{Msg, Words};
use crate::{out, view};

/// What can be proposed, as it is typed.
const KINDS: [&str; 9] = [
    "add", "promote", "remove", "suspend", "lift", "return", "text", "poll", "policy",
];

pub(super) fn command(words: &Words, command: Command) -> Command {
    let name = || positional(words, "name", "value-group", "group-name").required(true);
    let motion = || positional(words, "motion", "value-motion", "group-motion").required(true);
    let who = || positional(words, "who", "value-name", "group-who").required(true);
    let verb = |verb: &'static str, about: &'static str, args: Vec<Arg>| {
        Command::new(verb).about(words.get(about)).args(args)
    };
    command.about(words.get("group-about")).subcommands([
        verb("list", "group-list-about", vec![]),
        verb(
            "show",
            "group-show-about",
            vec![name(), flag(words, "cost", "group-cost-flag")],
        ),
        verb("new", "group-new-about", founding(words)).after_help(words.get("group-new-example")),
        verb("propose", "group-propose-about", proposing(words))
            .after_help(words.get("group-propose-example")),
        verb("answer", "group-answer-about", answering(words))
            .after_help(words.get("group-answer-example")),
        verb(
            "amend",
            "group-amend-about",
            vec![
                name(),
                motion(),
                positional(words, "text", "value-text", "group-amend-text").required(true),
                window(words),
            ],
        ),
        verb("withdraw", "group-withdraw-about", vec![name(), motion()]),
        verb("result", "group-result-about", vec![name(), motion()]),
        verb("minutes", "group-minutes-about", vec![name()]),
        verb("fork", "group-fork-about", forking(words))
            .after_help(words.get("group-fork-example")),
        verb(
            "follow",
            "group-follow-about",
            vec![
                name(),
                positional(words, "side", "value-side", "group-side")
                    .required(true)
                    .value_parser(people::side),
            ],
        ),
        verb(
            "mute",
            "group-mute-about",
            vec![
                name(),
                who(),
                flag(words, "off", "group-mute-off"),
                option(words, "why", "value-text", "group-mute-why").conflicts_with("off"),
            ],
        ),
        verb(
            "voice",
            "group-voice-about",
            vec![
                name(),
                positional(words, "who", "value-name", "group-voice-who").required(true),
            ],
        ),
        verb(
            "report",
            "group-report-about",
            vec![
                name(),
                who(),
                positional(words, "text", "value-text", "group-report-text").required(true),
            ],
        ),
        verb(
            "leave",
            "group-leave-about",
            vec![name(), flag(words, "yes", "flag-yes")],
        ),
    ])
}

fn name(words: &Words) -> Arg {
    positional(words, "name", "value-group", "group-name").required(true)
}

fn with(words: &Words) -> Arg {
    option(words, "with", "value-names", "group-with")
        .required(true)
        .value_delimiter(',')
}

fn founding(words: &Words) -> Vec<Arg> {
    let number = |id: &'static str, help: &'static str| option(words, id, "value-count", help);
    let hours = |id, help| number(id, help).value_parser(value_parser!(u16));
    let days = |id, help| number(id, help).value_parser(value_parser!(u8));
    vec![
        positional(words, "name", "value-name", "group-new-name").required(true),
        with(words),
        option(words, "charter", "value-file", "group-charter")
            .value_parser(value_parser!(PathBuf)),
        option(words, "policy", "value-policy", "group-policy").value_parser(found::preset),
        hours("add-hours", "group-add-hours"),
        hours("promote-hours", "group-promote-hours"),
        hours("hours", "group-hours"),
        days("spectator-days", "group-spectator-days"),
        days("silent-days", "group-silent-days"),
    ]
}

fn proposing(words: &Words) -> Vec<Arg> {
    vec![
        name(words),
        positional(words, "what", "value-proposal", "group-what")
            .required(true)
            .value_parser(PossibleValuesParser::new(KINDS)),
        positional(words, "value", "value-value", "group-value")
            .required(true)
            .num_args(1..),
        option(words, "computer", "value-name", "group-computer"),
        option(words, "choices", "value-choices", "group-choices").value_delimiter(','),
        option(words, "file", "value-file", "group-file").value_parser(value_parser!(PathBuf)),
        window(words),
        option(words, "say", "value-text", "group-say"),
    ]
}

/// How long people have to answer, where it is not as the group always does.
fn window(words: &Words) -> Arg {
    option(words, "for", "value-duration", "group-for").value_parser(in_hours)
}

fn in_hours(text: &str) -> Result<u16, Takes> {
    let seconds = duration(text)?.max(Duration::from_secs(1)).as_secs();
    u16::try_from(seconds.div_ceil(3600)).map_err(|_| Takes::Duration)
}

fn answering(words: &Words) -> Vec<Arg> {
    vec![
        name(words),
        positional(words, "motion", "value-motion", "group-motion").required(true),
        positional(words, "position", "value-position", "group-position").required(true),
        positional(words, "reason", "value-text", "group-reason"),
    ]
}

fn forking(words: &Words) -> Vec<Arg> {
    vec![
        name(words),
        option(words, "as", "value-name", "group-fork-as").required(true),
        with(words),
        option(words, "history", "value-history", "group-history").value_parser(people::since),
    ]
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    match matches.subcommand() {
        Some(("show", matches)) => found::show(context, matches),
        Some(("new", matches)) => found::new(context, matches),
        Some(("propose", matches)) => decide::propose(context, matches),
        Some(("answer", matches)) => decide::answer(context, matches),
        Some(("amend", matches)) => decide::amend(context, matches),
        Some(("withdraw", matches)) => decide::withdraw(context, matches),
        Some(("result", matches)) => decide::result(context, matches),
        Some(("minutes", matches)) => decide::minutes(context, matches),
        Some(("fork", matches)) => people::fork(context, matches),
        Some(("follow", matches)) => people::follow(context, matches),
        Some(("mute", matches)) => people::mute(context, matches),
        Some(("voice", matches)) => people::voice(context, matches),
        Some(("report", matches)) => people::report(context, matches),
        Some(("leave", matches)) => people::leave(context, matches),
        _ => found::list(context),
    }
}

pub(crate) use found::founded;

/// What stands at this place of the command line.
fn given<'a>(matches: &'a ArgMatches, id: &str) -> &'a str {
    matches.get_one::<String>(id).map_or("", String::as_str)
}

/// A group after something was done with it: the sentence, or all of it for a program.
fn done(context: &Context, group: &Group, said: &Msg) -> Outcome {
    match context.json {
        true => context.json(group)?,
        false => context.say(said)?,
    }
    Ok(Exit::OK)
}

/// A motion of a group as it stands.
fn tell(context: &Context, name: &str, motion: &Motion) -> Result<(), Failed> {
    if context.json {
        return context.json(motion);
    }
    view::motion(&context.words, name, motion)
        .iter()
        .try_for_each(|line| out::line(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_whole_hours_and_never_none() {
        assert_eq!(in_hours("48h"), Ok(48));
        assert_eq!(in_hours("2d"), Ok(48));
        assert_eq!(in_hours("90m"), Ok(2), "not less than was said");
        assert_eq!(in_hours("0h"), Ok(1), "0 would be the group's own");
        for wrong in ["", "48", "-1h", "9999999d"] {
            assert!(in_hours(wrong).is_err(), "{wrong}");
        }
    }
}
