//! What a group decides: proposed, answered, taken back, and told.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use kith_node::control::client::Client;
use kith_node::control::params::{Amend, AnswerMotion, Proposal, Propose};
use kith_node::control::shape::{Motion, Outcome as Stands, Position, Proposed};
use serde::Serialize;

use super::{found, given, tell};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::when::Clock;
use crate::words::{Msg, msg};
use crate::{group, out, view};

pub(super) fn propose(context: &Context, matches: &ArgMatches) -> Outcome {
    let name = given(matches, "name");
    let values = matches.get_many::<String>("value").unwrap_or_default();
    let values: Vec<_> = values.map(String::as_str).collect();
    let mut node = context.node()?;
    let kind = given(matches, "what");
    let what = proposal(&mut node, matches, kind, &values)?;
    let said = given(matches, "say").to_owned();
    // Of these two the value is what is said.
    let text = match kind {
        "text" | "poll" if said.is_empty() => values.join(" "),
        "text" | "poll" => return Err(amiss(msg!("group-say-twice"))),
        _ => said,
    };
    let propose = Propose {
        name: name.to_owned(),
        what,
        text,
        hours: matches.get_one("for").copied().unwrap_or(0),
    };
    let motion = node.group_propose(&propose)?;
    tell(context, name, &motion)?;
    Ok(Exit::OK)
}

/// A command line that says two things, or not enough.
fn amiss(why: Msg) -> Failed {
    Failed::new(Exit::USAGE, why)
}

fn proposal(
    node: &mut Client,
    matches: &ArgMatches,
    kind: &str,
    values: &[&str],
) -> Result<Proposal, Failed> {
    let has = |id: &str| matches.contains_id(id);
    let fits = [
        ("computer", "return"),
        ("choices", "poll"),
        ("file", "text"),
    ];
    if fits.iter().any(|(flag, of)| has(flag) && kind != *of) {
        return Err(amiss(msg!("group-flag-elsewhere")));
    }
    let who = values.join(" ");
    Ok(match kind {
        "add" => Proposal::Add { who },
        "promote" => Proposal::Promote { who },
        "remove" => Proposal::Remove { who },
        "suspend" => Proposal::Suspend { who },
        "lift" => Proposal::Lift { who },
        "return" => match given(matches, "computer") {
            "" => return Err(amiss(msg!("group-computer-missing"))),
            computer => Proposal::Return {
                who,
                computer: computer.to_owned(),
            },
        },
        "poll" => {
            let choices = matches.get_many::<String>("choices").unwrap_or_default();
            let choices = choices.map(|choice| choice.trim().to_owned());
            Proposal::Poll {
                choices: choices.collect(),
            }
        }
        "policy" => {
            let now = node.group(given(matches, "name"))?.policy;
            let new = values
                .iter()
                .try_fold(now, |policy, change| found::otherwise(policy, change));
            Proposal::Policy {
                policy: new.ok_or_else(|| amiss(msg!("group-policy-unclear")))?,
            }
        }
        _ => Proposal::Text {
            file: matches
                .get_one::<PathBuf>("file")
                .map(|path| hash(path))
                .transpose()?,
        },
    })
}

/// The BLAKE3 of a file, which stays where it is.
fn hash(path: &Path) -> Result<String, Failed> {
    let mut hasher = blake3::Hasher::new();
    let read = File::open(path).and_then(|file| hasher.update_reader(file).map(drop));
    let shown = view::name(&path.display().to_string());
    read.map_err(|_| Failed::new(Exit::NO_INPUT, msg!("file-not-read", path = shown)))?;
    Ok(hasher.finalize().to_hex().to_string())
}

pub(super) fn answer(context: &Context, matches: &ArgMatches) -> Outcome {
    let (name, typed) = (given(matches, "name"), given(matches, "position"));
    let mut node = context.node()?;
    let motion = group::motion(&mut node, name, given(matches, "motion"))?;
    let position = match position(typed) {
        Some(position) => position,
        None => {
            let motion = node.group_motion(name, motion)?;
            let unclear = || Failed::new(Exit::USAGE, msg!("group-position-unclear"));
            choice(&motion, typed).ok_or_else(unclear)?
        }
    };
    let answer = AnswerMotion {
        name: name.to_owned(),
        motion,
        position,
        reason: given(matches, "reason").to_owned(),
    };
    let motion = node.group_answer(&answer)?;
    tell(context, name, &motion)?;
    Ok(Exit::OK)
}

/// In either language, whichever is spoken here; or the number of a choice.
fn position(typed: &str) -> Option<Position> {
    Some(match typed.to_lowercase().as_str() {
        "agree" | "accord" => Position::Agree,
        "object" | "objection" => Position::Object,
        "ask" | "question" => Position::Ask,
        "abstain" | "abstention" => Position::Abstain,
        number => Position::Choice(number.parse().ok()?),
    })
}

/// A choice that was written out.
fn choice(motion: &Motion, typed: &str) -> Option<Position> {
    let Proposed::Poll { choices } = &motion.what else {
        return None;
    };
    let at = choices.iter().position(|choice| choice == typed)?;
    u8::try_from(at + 1).ok().map(Position::Choice)
}

pub(super) fn amend(context: &Context, matches: &ArgMatches) -> Outcome {
    let name = given(matches, "name");
    let mut node = context.node()?;
    let amend = Amend {
        name: name.to_owned(),
        motion: group::motion(&mut node, name, given(matches, "motion"))?,
        text: given(matches, "text").to_owned(),
        hours: matches.get_one("for").copied().unwrap_or(0),
    };
    let motion = node.group_amend(&amend)?;
    tell(context, name, &motion)?;
    Ok(Exit::OK)
}

pub(super) fn withdraw(context: &Context, matches: &ArgMatches) -> Outcome {
    let name = given(matches, "name");
    let mut node = context.node()?;
    let motion = group::motion(&mut node, name, given(matches, "motion"))?;
    let motion = node.group_withdraw(name, motion)?;
    tell(context, name, &motion)?;
    Ok(Exit::OK)
}

/// What came of a motion: only an adopted one is a yes for a script.
pub(super) fn result(context: &Context, matches: &ArgMatches) -> Outcome {
    let name = given(matches, "name");
    let mut node = context.node()?;
    let motion = group::motion(&mut node, name, given(matches, "motion"))?;
    let motion = node.group_motion(name, motion)?;
    tell(context, name, &motion)?;
    Ok(match motion.outcome {
        Stands::Passed => Exit::OK,
        _ => Exit::NO,
    })
}

/// What a program gets of what was decided.
#[derive(Serialize)]
struct Minutes<'a> {
    group: &'a str,
    motions: &'a [Motion],
}

/// What was decided, and why, as text that proves nothing to anybody.
pub(super) fn minutes(context: &Context, matches: &ArgMatches) -> Outcome {
    let name = given(matches, "name");
    let mut node = context.node()?;
    let known = node.group(name)?.motions.into_iter();
    let decided = known.filter(|motion| !matches!(motion.outcome, Stands::Open { .. }));
    let motions: Result<Vec<_>, _> = decided.map(|it| node.group_motion(name, it.id)).collect();
    let motions = motions?;
    if context.json {
        let (group, motions) = (name, &motions[..]);
        context.json(Minutes { group, motions })?;
        return Ok(Exit::OK);
    }
    let words = &context.words;
    let clock = Clock::now();
    let day = clock.today(words);
    context.say(&msg!("minutes-title", group = view::group(name), day = day))?;
    for motion in &motions {
        let day = clock.long_day(words, &motion.since);
        out::line("")?;
        context.say(&msg!("minutes-day", day = day))?;
        let lines = view::decision(words, motion);
        lines.iter().try_for_each(|line| out::line(line))?;
    }
    if motions.is_empty() {
        context.say(&msg!("minutes-none"))?;
    }
    Ok(Exit::OK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_said_in_either_language() {
        for (typed, meant) in [
            ("agree", Position::Agree),
            ("accord", Position::Agree),
            ("Accord", Position::Agree),
            ("object", Position::Object),
            ("objection", Position::Object),
            ("ask", Position::Ask),
            ("question", Position::Ask),
            ("abstain", Position::Abstain),
            ("abstention", Position::Abstain),
            ("3", Position::Choice(3)),
        ] {
            assert_eq!(position(typed), Some(meant), "{typed}");
        }
        for unclear in ["", "oui", "yes", "d'accord", "-1", "300"] {
            assert_eq!(position(unclear), None, "{unclear}");
        }
    }
}
