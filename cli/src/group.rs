//! What several commands ask of groups: whether a name is a group's, whose machine is said to be in
//! other hands, who watches, and which motion a person means.

use kith_node::control::client::{CallError, Client};
use kith_node::control::shape::{Group, GroupRow, Message, Motion, Named, Refusal};
use kith_proto::words::plain;

use crate::exit::Failed;
use crate::words::Words;

/// The group of this name, if it is one's.
pub(crate) fn of_name(node: &mut Client, name: &str) -> Result<Option<GroupRow>, CallError> {
    let groups = all(node)?;
    Ok(groups.into_iter().find(|group| group.name == name))
}

/// All groups.
pub(crate) fn all(node: &mut Client) -> Result<Vec<GroupRow>, CallError> {
    Ok(node.groups()?.groups)
}

/// Whose machine is said to be in other hands, of those a message goes to.
pub(crate) fn reported(group: &Group, to_all: bool) -> Vec<&Named> {
    let people = group.people.iter();
    let reached = people.filter(|one| !one.suspended && (to_all || !one.spectator));
    let reported = reached.filter(|one| one.reported && one.who != Named::Me);
    reported.map(|one| &one.who).collect()
}

/// Who watches.
pub(crate) fn watchers(group: &Group) -> Vec<&Named> {
    let people = group.people.iter().filter(|one| one.spectator);
    people.map(|one| &one.who).collect()
}

/// Whether a message belongs to the conversation of this name: a person's, or a group's.
pub(crate) fn is_of(message: &Message, name: &str) -> bool {
    match &message.group {
        Some(group) => group.name == name,
        None => message.from.petname == name,
    }
}

/// The motion that a number or its two words mean.
pub(crate) fn motion(node: &mut Client, name: &str, typed: &str) -> Result<u32, Failed> {
    if let Ok(id) = typed.parse() {
        return Ok(id);
    }
    let motions = node.group(name)?.motions;
    let found = motions.iter().rev().find(|motion| is_called(motion, typed));
    let none = || Failed::from(CallError::Refused(Refusal::NoSuchMotion));
    found.map(|motion| motion.id).ok_or_else(none)
}

fn is_called(motion: &Motion, typed: &str) -> bool {
    let typed = plain(typed).replace('-', " ");
    let typed: Vec<_> = typed.split_whitespace().collect();
    !typed.is_empty() && typed.join(" ") == plain(&motion.words.join(" "))
}

/// `zoé, bob`
pub(crate) fn names(words: &Words, who: &[&Named]) -> String {
    crate::view::all_named(words, who.iter().copied())
}
