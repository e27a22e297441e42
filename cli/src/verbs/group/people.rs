//! What somebody does about a group alone: go elsewhere, follow one side, hear somebody less, warn the
//! others of a machine, leave.

use clap::ArgMatches;
use kith_node::control::params::{ForkGroup, HandVoice, MuteMember, Report};

use super::{done, given};
use crate::call::Context;
use crate::exit::{Exit, Outcome};
use crate::words::msg;
use crate::{ask, view, when};

/// With whom I go on, from 1; none for all.
type Side = Option<u8>;

/// Which lines go along: those since this minute; none for none.
type Since = Option<u32>;

/// `1`, `2` or `both`.
pub(super) fn side(text: &str) -> Result<Side, &'static str> {
    match text {
        "both" => Ok(None),
        _ => {
            let number = text.parse().ok().filter(|number| *number > 0);
            number.map(Some).ok_or("no such side")
        }
    }
}

/// `none`, or a day from which on: `2026-11-20`, or the same after `since`.
pub(super) fn since(text: &str) -> Result<Since, &'static str> {
    if text == "none" {
        return Ok(None);
    }
    let day = text
        .strip_prefix("since")
        .unwrap_or(text)
        .trim_start_matches([' ', '=', ':']);
    when::day_begins(day).map(Some).ok_or("no day")
}

pub(super) fn fork(context: &Context, matches: &ArgMatches) -> Outcome {
    let with = matches.get_many::<String>("with").unwrap_or_default();
    let fork = ForkGroup {
        name: given(matches, "name").to_owned(),
        to: given(matches, "as").to_owned(),
        with: with.map(|name| name.trim().to_owned()).collect(),
        since_min: matches.get_one::<Since>("history").copied().flatten(),
    };
    let group = context.node()?.group_fork(&fork)?;
    let said = msg!(
        "group-fork-done",
        group = view::group(&fork.to),
        old = view::group(&fork.name)
    );
    done(context, &group, &said)
}

pub(super) fn follow(context: &Context, matches: &ArgMatches) -> Outcome {
    let name = given(matches, "name");
    let side = matches.get_one::<Side>("side").copied().flatten();
    let group = context.node()?.group_follow(name, side)?;
    let said = match side {
        Some(side) => msg!(
            "group-follow-done",
            group = view::group(name),
            number = side.to_string()
        ),
        None => msg!("group-follow-both", group = view::group(name)),
    };
    done(context, &group, &said)
}

pub(super) fn mute(context: &Context, matches: &ArgMatches) -> Outcome {
    let (name, who) = (given(matches, "name"), given(matches, "who"));
    let mute = MuteMember {
        name: name.to_owned(),
        who: who.to_owned(),
        muted: !matches.get_flag("off"),
        reason: given(matches, "why").to_owned(),
    };
    let card = context.node()?.group_mute(&mute)?;
    let (group, name) = (view::group(name), view::name(who));
    let said = match mute.muted {
        true => msg!("group-mute-done", group = group, name = name),
        false => msg!("group-unmute-done", group = group, name = name),
    };
    done(context, &card, &said)
}

pub(super) fn voice(context: &Context, matches: &ArgMatches) -> Outcome {
    let (name, computer) = (given(matches, "name"), given(matches, "who"));
    let voice = HandVoice {
        name: name.to_owned(),
        computer: computer.to_owned(),
    };
    let card = context.node()?.group_voice(&voice)?;
    let (group, name) = (view::group(name), view::name(computer));
    done(
        context,
        &card,
        &msg!("group-voice-done", group = group, name = name),
    )
}

pub(super) fn report(context: &Context, matches: &ArgMatches) -> Outcome {
    let (name, who) = (given(matches, "name"), given(matches, "who"));
    let report = Report {
        name: name.to_owned(),
        who: who.to_owned(),
        text: given(matches, "text").to_owned(),
    };
    let card = context.node()?.group_report(&report)?;
    let (group, name) = (view::group(name), view::name(who));
    done(
        context,
        &card,
        &msg!("group-report-done", group = group, name = name),
    )
}

pub(super) fn leave(context: &Context, matches: &ArgMatches) -> Outcome {
    let name = given(matches, "name");
    let group = view::group(name);
    let mut node = context.node()?;
    node.group(name)?;
    if !matches.get_flag("yes") {
        context.note(&msg!("group-leave-warning", group = group.clone()));
        if !ask::agreed(&context.words, context.may_ask)? {
            context.say(&msg!("group-leave-not-done", group = group))?;
            return Ok(Exit::NO);
        }
    }
    let left = node.group_leave(name)?;
    if context.json {
        context.json(left)?;
        return Ok(Exit::OK);
    }
    context.say(&msg!("group-left", group = group, count = left.told))?;
    Ok(Exit::OK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_is_a_number_or_both() {
        assert_eq!(side("1"), Ok(Some(1)));
        assert_eq!(side("both"), Ok(None));
        for wrong in ["", "0", "-1", "tous", "300"] {
            assert!(side(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_goes_along_is_nothing_or_begins_with_a_day() {
        assert_eq!(since("none"), Ok(None));
        let day = since("2026-11-20").unwrap();
        assert!(day.is_some());
        for same in ["since 2026-11-20", "since=2026-11-20"] {
            assert_eq!(since(same).unwrap(), day, "{same}");
        }
        for wrong in ["", "all", "2026-13-01", "since", "20/11/2026", "0001-01-01"] {
            assert!(since(wrong).is_err(), "{wrong}");
        }
    }
}
