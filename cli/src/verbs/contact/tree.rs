//! `kith contact list --tree`: below each friend whom they introduced to me, and what they call others,
//! as they last told it. Nobody is asked anything.

use kith_node::control::client::Client;
use kith_node::control::shape::{Contact, EdgeName, How};
use serde::Serialize;

use super::{listed, nobody};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::when::Clock;
use crate::words::{Words, msg};
use crate::{out, view};

/// All of it, for a program.
#[derive(Serialize)]
struct Tree {
    people: Vec<Branch>,
}

/// A friend, and whom I know of through them.
#[derive(Serialize)]
struct Branch {
    petname: String,
    introduced: Vec<String>,
    names: Vec<EdgeName>,
    #[serde(skip)]
    contact: Contact,
}

/// Lists them.
pub(super) fn list(context: &Context, only_online: bool) -> Outcome {
    let mut node = context.node()?;
    let all = node.contacts()?.contacts;
    let shown = listed(&mut node, only_online)?.contacts;
    let people = shown.into_iter().filter(is_friend);
    let people = people.map(|contact| branch(&mut node, &all, contact));
    let people = people.collect::<Result<Vec<_>, Failed>>()?;
    if context.json {
        context.json(Tree { people })?;
    } else if people.is_empty() {
        context.say(&nobody(only_online))?;
    } else {
        let clock = Clock::now();
        let drawn: Vec<_> = people
            .iter()
            .map(|one| drawn(&context.words, &clock, one))
            .collect();
        out::line(&drawn.join("\n"))?;
        context.note(&msg!("tree-as-told"));
    }
    Ok(Exit::OK)
}

/// Whoever only waits has introduced nobody and was asked nothing.
fn is_friend(contact: &Contact) -> bool {
    !matches!(contact.state, How::Invited | How::Joining)
}

fn branch(node: &mut Client, all: &[Contact], contact: Contact) -> Result<Branch, Failed> {
    let petname = contact.petname.clone();
    let by = |one: &&Contact| {
        let mut by = one.introduced_by.iter();
        by.any(|it| it.petname.as_ref() == Some(&petname))
    };
    let introduced = all.iter().filter(by).map(|one| one.petname.clone());
    let introduced = introduced.collect();
    let names = node.who(&format!("{petname}/"), false)?.names;
    Ok(Branch {
        petname,
        introduced,
        names,
        contact,
    })
}

/// The friend, and below it, indented, one row for each.
fn drawn(words: &Words, clock: &Clock, branch: &Branch) -> String {
    let name = view::marked(words, &branch.contact);
    let how = view::how(words, clock, &branch.contact);
    let head = msg!("tree-friend", name = name, how = how);
    let introduced = branch.introduced.iter();
    let introduced = introduced.map(|name| msg!("tree-introduced", name = view::name(name)));
    let names = branch.names.iter().map(|name| {
        let who = view::somebody(words, &name.who);
        match &name.known {
            Some(mine) => msg!("tree-known", who = who, name = view::name(mine)),
            None => msg!("tree-unknown", who = who),
        }
    });
    let below = introduced.chain(names);
    let below = below.map(|row| format!("\n  {}", words.say(&row)));
    words.say(&head) + &below.collect::<String>()
}
