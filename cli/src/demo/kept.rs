//! Mail that a friend keeps for another: who writes and who reads are never there together, and who keeps
//! it can neither read it nor say from whom it is; what opened the box once opens it no more.

use std::net::SocketAddr;
use std::ops::Range;
use std::thread::{self, JoinHandle};

use kith_node::control::shape::Delivery;
use serde_json::json;

use super::node::{Node, until};
use super::relay::Relay;
use super::steps::{Stage, call, facts, number};
use super::{Broken, Shown, search};
use crate::words::msg;

/// What Camille keeps for Bruno at most.
const KIB: u32 = 1024;
/// With so many bytes one knocks at a box: they bear the token.
const FLIGHT_BYTES: usize = 512;

/// The listener before Camille's door, and what it did with what it heard there.
pub(super) struct Kept {
    door: Relay,
    again: Vec<Again>,
}

/// What Anne knocked with, brought to the same door once more.
struct Again {
    /// How many bytes came back to Anne.
    first: usize,
    /// How many come back now.
    second: JoinHandle<std::io::Result<usize>>,
}

impl Kept {
    pub(super) fn door(&self) -> &Relay {
        &self.door
    }
}

/// 9: Bruno is away; Anne leaves a line for him with Camille and goes too; he comes back and reads it.
pub(super) fn kept(stage: &mut Stage) -> Result<Shown, Broken> {
    let text = stage.text(
        "Rendez-vous derrière la gare à six heures.",
        "We meet behind the station at six.",
    );
    let words = stage.words();
    let [anne, bruno, camille] = stage.nodes()?;
    agree(anne, bruno, camille)?;
    bruno.stop()?;
    let door = overhear(camille)?;
    anne.online(1)?;
    let before = door.heard(|heard| heard.calls.len());
    let id = anne.say("bruno-demo", &text)?;
    anne.comes_to(id, Delivery::Kept)?;
    anne.stop()?;
    let visits = before..door.heard(|heard| heard.calls.len());
    // A stranger waits for a while: Bruno comes meanwhile.
    let again = knock_again(&door, visits, camille.address()?);
    let parcels = parcels(camille)?;
    let found = search::directory(camille.home.data(), &words);
    let read = camille.take()?.len();
    if parcels == 0 || found.bytes == 0 || found.hits + read > 0 {
        return Err(Broken("keeper"));
    }
    bruno.start()?;
    until(Broken("fetched"), || {
        bruno
            .take()
            .is_ok_and(|it| it == [("anne-demo".to_owned(), text.clone())])
    })?;
    anne.start()?;
    anne.online(2)?;
    stage.kept = Some(Kept { door, again });
    Ok(Shown {
        exhibit: Vec::new(),
        sentence: msg!(
            "demo-kept",
            disk = number(found.bytes / 1024),
            hits = number(found.hits)
        ),
        facts: facts([
            ("parcels", json!(parcels)),
            ("keeper_bytes", json!(found.bytes)),
            ("keeper_hits", json!(found.hits)),
            ("read_by_keeper", json!(read)),
            ("together", json!(0)),
        ]),
    })
}

/// Camille keeps for Bruno from now on, and Anne may leave something with her.
fn agree(anne: &Node, bruno: &Node, camille: &Node) -> Result<(), Broken> {
    let offered = camille.client()?.mailbox_offer("bruno-de-camille", KIB);
    offered.map_err(|_| Broken("offer"))?;
    let asked = bruno.client()?.mailbox_ask("camille-de-bruno", KIB);
    asked.map_err(|_| Broken("ask"))?;
    let mut client = anne.client()?;
    until(Broken("tokens"), || {
        let held = client.tokens().map(|tokens| tokens.held);
        held.is_ok_and(|held| held.iter().any(|it| it.petname == "bruno-demo"))
    })
}

/// Somebody listens where Camille's door was: it is one port further now, and nobody has heard of it.
fn overhear(camille: &mut Node) -> Result<Relay, Broken> {
    camille.stop()?;
    let before = camille.moves()?;
    let door = Relay::at(before, camille.address()?).map_err(|_| Broken("relay"))?;
    camille.start()?;
    Ok(door)
}

/// How many parcels lie with a friend.
fn parcels(node: &Node) -> Result<u32, Broken> {
    let boxes = node.client()?.mailboxes().map_err(|_| Broken("boxes"))?;
    let theirs = boxes.mailboxes.into_iter().filter_map(|it| it.theirs);
    Ok(theirs.map(|it| it.parcels).sum())
}

/// Knocks once more with what Anne's visits began with.
fn knock_again(door: &Relay, visits: Range<usize>, address: SocketAddr) -> Vec<Again> {
    let flights = door.heard(|heard| {
        let calls = heard.calls.get(visits.clone())?.iter();
        let answers = heard.answers.get(visits)?.iter().copied();
        let answered = calls.zip(answers).filter(|(_, first)| *first > 0);
        let flight =
            answered.map(|(call, first)| Some((call.get(..FLIGHT_BYTES)?.to_vec(), first)));
        flight.collect::<Option<Vec<_>>>()
    });
    let again = flights.unwrap_or_default().into_iter();
    let again = again.map(|(flight, first)| Again {
        first,
        second: thread::spawn(move || call(address, &flight)),
    });
    again.collect()
}

/// 10: what Anne knocked with came to the same door once more: the token in it is spent.
pub(super) fn token(stage: &mut Stage) -> Result<Shown, Broken> {
    let kept = stage.kept.as_mut().ok_or(Broken("order"))?;
    let again = std::mem::take(&mut kept.again);
    let (tokens, mut first, mut second) = (again.len(), 0, 0);
    for once in again {
        first += once.first;
        let bytes = once.second.join().map_err(|_| Broken("door"))?;
        second += bytes.map_err(|_| Broken("door"))?;
    }
    if first == 0 || second != 0 {
        return Err(Broken("token"));
    }
    Ok(Shown {
        exhibit: Vec::new(),
        sentence: msg!("demo-token", first = number(first), again = number(second)),
        facts: facts([
            ("tokens", json!(tokens)),
            ("bytes_the_first_time", json!(first)),
            ("bytes_the_second_time", json!(second)),
        ]),
    })
}
