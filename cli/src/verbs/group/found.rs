//! What groups there are, one of them whole, and a new one.

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use kith_node::control::params::NewGroup;
use kith_node::control::shape::{Group, GroupPolicy, Outcome as Stands, Preset};
use kith_proto::limits::{CHARTER_BYTES_MAX, GROUP_COMPUTERS_ADVISED};

use super::given;
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::msg;
use crate::{file, out, view};

/// More than this is no text that somebody wrote for a group.
const FILE_BYTES_MAX: u64 = 1 << 20;

pub(super) fn list(context: &Context) -> Outcome {
    let groups = context.node()?.groups()?;
    if context.json {
        context.json(groups)?;
        return Ok(Exit::OK);
    }
    let rows = groups
        .groups
        .iter()
        .map(|row| view::group_row(&context.words, row));
    let rows: Vec<_> = rows.collect();
    match rows.is_empty() {
        true => context.say(&msg!("group-none"))?,
        false => out::line(&view::table(&rows))?,
    }
    Ok(Exit::OK)
}

pub(super) fn show(context: &Context, matches: &ArgMatches) -> Outcome {
    let name = given(matches, "name");
    let mut node = context.node()?;
    let group = node.group(name)?;
    if context.json {
        context.json(group)?;
        return Ok(Exit::OK);
    }
    let words = &context.words;
    if matches.get_flag("cost") {
        out::line(&view::cost(words, &group.cost))?;
        return Ok(Exit::OK);
    }
    let mut lines = view::group_card(words, &group);
    if !group.motions.is_empty() {
        lines.push(words.get("group-card-motions"));
    }
    for motion in &group.motions {
        // Of what waits or is held up it is said who said what.
        lines.extend(match motion.outcome {
            Stands::Open { .. } | Stands::Blocked => {
                view::motion(words, name, &node.group_motion(name, motion.id)?)
            }
            _ => view::motion(words, name, motion),
        });
    }
    lines.iter().try_for_each(|line| out::line(line))?;
    Ok(Exit::OK)
}

pub(super) fn new(context: &Context, matches: &ArgMatches) -> Outcome {
    let with = matches.get_many::<String>("with").unwrap_or_default();
    let charter = matches
        .get_one::<PathBuf>("charter")
        .map(|path| charter(path));
    let new = NewGroup {
        name: given(matches, "name").to_owned(),
        with: with.map(|name| name.trim().to_owned()).collect(),
        charter: charter.transpose()?.unwrap_or_default(),
        policy: policy(matches),
    };
    let group = context.node()?.group_new(&new)?;
    founded(context, &group)
}

/// A group that begins here: who was asked, and what a message will cost if that is much.
pub(crate) fn founded(context: &Context, group: &Group) -> Outcome {
    if context.json {
        context.json(group)?;
        return Ok(Exit::OK);
    }
    let name = view::group(&group.row.name);
    context.say(&msg!("group-new-done", group = name))?;
    let rows = view::decides(&context.words, &group.policy);
    rows.iter().try_for_each(|row| out::line(row))?;
    let name = view::name(&group.row.name);
    context.note(&msg!("group-new-then", name = name));
    let computers: u32 = group.people.iter().map(|one| one.computers).sum();
    if usize::try_from(computers).is_ok_and(|count| count > GROUP_COMPUTERS_ADVISED) {
        out::aside(&view::cost(&context.words, &group.cost));
    }
    Ok(Exit::OK)
}

fn charter(path: &Path) -> Result<String, Failed> {
    let text = file::read(path, FILE_BYTES_MAX)?;
    if text.trim_ascii_end().len() > CHARTER_BYTES_MAX {
        return Err(Failed::new(Exit::DATA, msg!("refused-charter-too-long")));
    }
    let text = std::str::from_utf8(&text);
    let text = text.map_err(|_| Failed::new(Exit::DATA, msg!("send-not-text")))?;
    Ok(text.trim_end_matches('\n').to_owned())
}

/// `consent`, `majority` or `5-of`.
pub(super) fn preset(text: &str) -> Result<Preset, &'static str> {
    match text {
        "consent" => Ok(Preset::Consent),
        "majority" => Ok(Preset::Majority),
        _ => {
            let count = text.strip_suffix("-of").ok_or("no such policy")?;
            let count = count.parse().ok().filter(|count| *count > 0);
            count.map(Preset::Of).ok_or("no number")
        }
    }
}

fn policy(matches: &ArgMatches) -> GroupPolicy {
    let advised = GroupPolicy::default();
    let hours = |id: &str, advised: u16| matches.get_one(id).copied().unwrap_or(advised);
    let days = |id: &str, advised: u8| matches.get_one(id).copied().unwrap_or(advised);
    GroupPolicy {
        preset: matches.get_one("policy").copied().unwrap_or_default(),
        add_hours: hours("add-hours", advised.add_hours),
        promote_hours: hours("promote-hours", advised.promote_hours),
        hours: hours("hours", advised.hours),
        spectator_days: days("spectator-days", advised.spectator_days),
        silent_days: days("silent-days", advised.silent_days),
    }
}

/// A policy like this one, with one thing of it otherwise: `hours=24`.
pub(super) fn otherwise(mut policy: GroupPolicy, change: &str) -> Option<GroupPolicy> {
    let (key, value) = change.split_once('=')?;
    match key {
        "policy" => policy.preset = preset(value).ok()?,
        "add-hours" => policy.add_hours = value.parse().ok()?,
        "promote-hours" => policy.promote_hours = value.parse().ok()?,
        "hours" => policy.hours = value.parse().ok()?,
        "spectator-days" => policy.spectator_days = value.parse().ok()?,
        "silent-days" => policy.silent_days = value.parse().ok()?,
        _ => return None,
    }
    Some(policy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preset_is_one_of_three() {
        assert_eq!(preset("consent"), Ok(Preset::Consent));
        assert_eq!(preset("majority"), Ok(Preset::Majority));
        assert_eq!(preset("5-of"), Ok(Preset::Of(5)));
        for wrong in ["", "consensus", "0-of", "-of", "300-of", "of-5", "5"] {
            assert!(preset(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_policy_changes_in_what_is_named_alone() {
        let before = GroupPolicy::default();
        let after = otherwise(before, "hours=24").unwrap();
        assert_eq!(
            after,
            GroupPolicy {
                hours: 24,
                ..before
            }
        );
        let after = otherwise(before, "policy=3-of").unwrap();
        let preset = Preset::Of(3);
        assert_eq!(after, GroupPolicy { preset, ..before });
        for wrong in [
            "hours",
            "hours=",
            "hours=-1",
            "hour=3",
            "policy=all",
            "silent-days=300",
        ] {
            assert_eq!(otherwise(before, wrong), None, "{wrong}");
        }
    }
}
