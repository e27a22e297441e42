//! How people find each other and stay apart: an introduction, names that look alike, a meeting.

use std::net::SocketAddr;

use kith_node::control::client::Client;
use kith_node::control::params::{Meet, RoomSecret, Welcome};
use kith_node::control::shape::{End, How, Language, Meeting, Stage as At, Standing, WaitsAs};
use serde_json::json;

use super::node::{Node, until};
use super::steps::{Stage, facts, number};
use super::{Broken, Shown};
use crate::words::msg;

/// 5: Anne introduces Bruno and Camille; each says yes at home, and gives a name of their own.
pub(super) fn introduce(stage: &mut Stage) -> Result<Shown, Broken> {
    let said = stage.text(
        "On colle des affiches ensemble.",
        "We put up posters together.",
    );
    let hello = stage.text("Alors, tu viens aussi ?", "So you are coming too?");
    let names = [("camille-de-bruno", 1), ("bruno-de-camille", 2)];
    names.iter().for_each(|(name, _)| stage.remember(name));
    let language = stage.language;
    let nodes = stage.nodes()?;
    let asked = nodes[0]
        .client()?
        .introduce("bruno-demo", "camille-demo", &said);
    asked.map_err(|_| Broken("introduce"))?;
    for (name, at) in names {
        agree(&nodes[at], name, language)?;
    }
    for (name, at) in names {
        let mut client = nodes[at].client()?;
        until(Broken("introduced"), || {
            let contact = client.contact(name);
            contact.is_ok_and(|it| it.state == How::Introduced && it.online)
        })?;
    }
    let [_, bruno, camille] = nodes;
    bruno.delivered(bruno.say(names[0].0, &hello)?)?;
    if camille.take()? != [(names[1].0.to_owned(), hello)] {
        return Err(Broken("talk"));
    }
    Ok(Shown {
        exhibit: Vec::new(),
        sentence: msg!("demo-introduce"),
        facts: facts([("asked", json!(2)), ("agreed", json!(2)), ("met", json!(0))]),
    })
}

/// Says yes to whoever is introduced here.
fn agree(node: &Node, name: &str, language: Language) -> Result<(), Broken> {
    let mut client = node.client()?;
    let mut id = None;
    until(Broken("waiting"), || {
        let waiting = client
            .waiting()
            .map(|list| list.waiting)
            .unwrap_or_default();
        let asked = |it: &WaitsAs| matches!(it, WaitsAs::Introduced { .. });
        id = waiting.iter().find(|it| asked(&it.waits)).map(|it| it.id);
        id.is_some()
    })?;
    let welcome = Welcome {
        id: id.unwrap_or_default(),
        name: name.into(),
        language,
    };
    client.welcome(&welcome).map_err(|_| Broken("welcome"))
}

/// 6: three names that look like Anne's are refused at Bruno's.
pub(super) fn alike(stage: &mut Stage) -> Result<Shown, Broken> {
    // A zero, a capital, a Cyrillic letter.
    let names = ["anne-dem0", "ANNE-demo", "\u{430}nne-demo"];
    let [_, bruno, _] = stage.nodes()?;
    let mut client = bruno.client()?;
    let refused = names
        .iter()
        .filter(|name| client.rename("camille-de-bruno", name).is_err());
    let refused = refused.count();
    if refused != names.len() || client.contact("camille-de-bruno").is_err() {
        return Err(Broken("alike"));
    }
    Ok(Shown {
        exhibit: Vec::new(),
        sentence: msg!("demo-alike", count = number(refused)),
        facts: facts([("tried", json!(names.len())), ("refused", json!(refused))]),
    })
}

/// 7: the three meet around a table that Anne opens.
pub(super) fn meet(stage: &mut Stage) -> Result<Shown, Broken> {
    let language = stage.language;
    let nodes = stage.nodes()?;
    let mut people = Vec::new();
    let mut join = None;
    for (node, nick) in nodes.iter().zip(["Anne", "Bruno", "Camille"]) {
        let mut client = node.client()?;
        let meeting = open(&mut client, nick, join, language)?;
        join = join.or_else(|| meeting.addrs.first().copied());
        people.push(client);
    }
    let all = people.len();
    for client in &mut people {
        reaches(client, |it| it.people.len() + 1 == all)?;
        client
            .meet_count(u8::try_from(all).unwrap_or(u8::MAX))
            .map_err(|_| Broken("count"))?;
    }
    let words = read_aloud(&mut people)?;
    for client in &mut people {
        let there = reaches(client, |it| matches!(it.stage, At::Ticking { .. }))?;
        for person in there.people {
            client
                .meet_heard(person.who, true)
                .map_err(|_| Broken("tick"))?;
        }
    }
    for client in &mut people {
        let there = reaches(client, |it| matches!(it.stage, At::Naming))?;
        for person in there.people {
            client
                .meet_keep(person.who, person.petname)
                .map_err(|_| Broken("keep"))?;
        }
    }
    for client in &mut people {
        let over = reaches(client, |it| matches!(it.stage, At::Over { end: End::Done }))?;
        let contacts = client.contacts().map_err(|_| Broken("contacts"))?.contacts;
        let met = over.people.iter().all(|it| it.standing == Standing::Met);
        if !met || contacts.iter().any(|contact| contact.state != How::Met) {
            return Err(Broken("met"));
        }
    }
    Ok(Shown {
        exhibit: Vec::new(),
        sentence: msg!("demo-meet", words = words.join(" ")),
        facts: facts([("people", json!(all)), ("same_words", json!(all))]),
    })
}

fn open(
    client: &mut Client,
    nick: &str,
    join: Option<SocketAddr>,
    language: Language,
) -> Result<Meeting, Broken> {
    let meet = Meet {
        nick: nick.into(),
        language,
        secret: RoomSecret::None,
        join,
        replace: None,
    };
    client.meet(&meet).map_err(|_| Broken("meet"))?;
    reaches(client, |it| !matches!(it.stage, At::Opening))
}

/// Anne's screen shows a line, and the others find it among the four on theirs.
fn read_aloud(people: &mut [Client]) -> Result<Vec<String>, Broken> {
    let mut read = Vec::new();
    for client in people {
        let asked = |it: &Meeting| matches!(it.stage, At::Ticking { .. } | At::Listening { .. });
        match reaches(client, asked)?.stage {
            At::Ticking { words } => read = words,
            At::Listening { lines } => {
                let line = lines.iter().position(|line| *line == read);
                let line = line.and_then(|line| u8::try_from(line).ok());
                client
                    .meet_picked(Some(line.ok_or(Broken("words"))?))
                    .map_err(|_| Broken("picked"))?;
            }
            _ => {}
        }
    }
    Ok(read)
}

/// Waits until a meeting stands so.
fn reaches(client: &mut Client, holds: impl Fn(&Meeting) -> bool) -> Result<Meeting, Broken> {
    let mut found = None;
    until(Broken("meeting"), || {
        found = client.meeting().ok().filter(&holds);
        found.is_some()
    })?;
    found.ok_or(Broken("meeting"))
}
