//! A group of those who met: who opened the meeting founds it with everybody they kept; the others say
//! yes to it unasked if they know of everybody in it what they would have to know.

use std::time::{Duration, Instant};

use kith_node::control::client::Client;
use kith_node::control::params::NewGroup;
use kith_node::control::shape::{GroupPolicy, Meeting, Named, Standing, WaitsAs, Welcome};

use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::verbs::group::founded;
use crate::view;
use crate::words::msg;

/// How often it is looked whether the group has come, unless something happens before.
const A_WHILE: Duration = Duration::from_secs(5);

/// Founds the group, or waits for it until the command's time is over.
pub(super) fn together(
    context: &Context,
    name: &str,
    meeting: &Meeting,
    until: Instant,
) -> Outcome {
    let met = met(meeting);
    if met.is_empty() {
        return Err(Failed::new(Exit::NO, msg!("meet-group-nobody")));
    }
    match meeting.mine {
        true => found(context, name, met),
        false => join(context, name, &met, until),
    }
}

/// My names for those whom I kept and who kept me.
fn met(meeting: &Meeting) -> Vec<String> {
    let people = meeting.people.iter();
    let met = people.filter(|person| person.standing == Standing::Met);
    met.filter_map(|person| person.petname.clone()).collect()
}

fn found(context: &Context, name: &str, with: Vec<String>) -> Outcome {
    let new = NewGroup {
        name: name.to_owned(),
        with,
        charter: String::new(),
        policy: GroupPolicy::default(),
    };
    let group = context.node()?.group_new(&new)?;
    founded(context, &group)
}

fn join(context: &Context, name: &str, met: &[String], until: Instant) -> Outcome {
    context.note(&msg!("meet-group-waits"));
    let mut node = context.node()?;
    let mut events = context.node()?.subscribe()?;
    loop {
        if let Some(id) = asked(&mut node, met)? {
            let group = node.group_join(id, name)?;
            match context.json {
                true => context.json(group)?,
                false => context.say(&msg!(
                    "waiting-group-yes",
                    group = view::group(name),
                    name = view::name(name)
                ))?,
            }
            return Ok(Exit::OK);
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let failed = Failed::new(Exit::TRY_LATER, msg!("meet-group-none"));
            return Err(failed.hint(msg!("meet-group-none-hint")));
        }
        events.next(Some(left.min(A_WHILE)))?;
    }
}

/// The group of this meeting, if it asks me by now.
fn asked(node: &mut Client, met: &[String]) -> Result<Option<u32>, Failed> {
    let mut waiting = node.waiting()?.waiting.into_iter();
    let found = waiting.find(|one| matches!(&one.waits, WaitsAs::Group(it) if is_ours(it, met)));
    Ok(found.map(|one| one.id))
}

/// Whether it is what everybody at the table just agreed to and nothing else: asked by one of them,
/// nobody in it whom I did not keep, no charter to be read, decided in as the program advises.
fn is_ours(welcome: &Welcome, met: &[String]) -> bool {
    let is_there = |who: &Named| match who {
        Named::Me => true,
        Named::Petname(petname) => met.contains(petname),
        Named::Stranger(_) => false,
    };
    met.contains(&welcome.by)
        && welcome.people.iter().all(is_there)
        && welcome.charter.is_empty()
        && welcome.policy == GroupPolicy::default()
        && !welcome.spectator
}

#[cfg(test)]
mod tests {
    use super::*;

    fn welcome(change: impl FnOnce(&mut Welcome)) -> Welcome {
        let mut welcome = Welcome {
            by: "anne".into(),
            proposed: "local".into(),
            charter: String::new(),
            people: vec![
                Named::Me,
                Named::Petname("anne".into()),
                Named::Petname("bob".into()),
            ],
            spectator: false,
            policy: GroupPolicy::default(),
        };
        change(&mut welcome);
        welcome
    }

    #[test]
    fn only_a_group_of_those_who_met_is_joined_unasked() {
        let met = ["anne", "bob", "zoé"].map(str::to_owned);
        assert!(is_ours(&welcome(|_| {}), &met));
        let stranger = serde_json::from_str(r#"{"stranger":{"unknown":"lune-tigre"}}"#).unwrap();
        for other in [
            welcome(|it| it.by = "karim".into()),
            welcome(|it| it.people.push(Named::Petname("karim".into()))),
            welcome(|it| it.people.push(stranger)),
            welcome(|it| it.charter = "tout à tous".into()),
            welcome(|it| it.policy.hours = 1),
            welcome(|it| it.spectator = true),
        ] {
            assert!(!is_ours(&other, &met));
        }
    }
}
