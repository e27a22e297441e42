//! The step that shows what deniability is: two transcripts, one of them true, and nobody can tell.

use std::io::{IsTerminal, stdin, stdout};
use std::time::{SystemTime, UNIX_EPOCH};

use kith_node::control::params::{Forge, Spoken};
use kith_node::control::shape::Language;
use kith_proto::forge::{self, End, Pace, Party, Script, Transcript, What, Words};
use kith_proto::identity::Identity;
use kith_proto::secret::{Key, Said};
use serde_json::json;

use super::node::Node;
use super::steps::{Stage, facts, number};
use super::{Broken, Shown};
use crate::ask;
use crate::call::Context;
use crate::exit::Failed;
use crate::words::msg;

/// Columns of the left transcript.
const LEFT: usize = 38;

/// 13: a true session between two people made for this step, each with secrets of their own, and one
/// that one of them made up alone; and what Bruno's node makes of Anne.
pub(super) fn forge(stage: &mut Stage) -> Result<Shown, Broken> {
    let place = stage.text("Paul était au bord du canal ?", "Was Paul at the canal?");
    // Too short to be searched for on a disk.
    let (yes, no) = match stage.language {
        Language::French => ("oui".to_owned(), "non".to_owned()),
        Language::English => ("yes".to_owned(), "no".to_owned()),
    };
    let [anne, bruno] = people()?;
    let answers = if coin()? { [&yes, &no] } else { [&no, &yes] };
    let truly = forge::converse(
        [&bruno, &anne],
        End::Responder,
        &script(&place, answers[0])?,
        random()?,
    );
    let forged = forge::transcript(
        &bruno,
        End::Responder,
        &script(&place, answers[1])?,
        random()?,
    );
    let made = [truly.ok(), forged.ok()].map(|made| made.ok_or(Broken("forge")));
    let [truly, forged] = made;
    let mut both = [truly?, forged?];
    let truth = usize::from(coin()?);
    if truth == 1 {
        both.swap(0, 1);
    }
    let read = both.each_ref().map(|made| reads(&bruno, made));
    let [left, right] = read;
    let (left, right) = (left?, right?);
    let said = [&place, &yes]
        .into_iter()
        .chain([&no])
        .cloned()
        .collect::<Vec<_>>();
    let alike = shape(&both[0]) == shape(&both[1]);
    let by_node = made_by(&stage.nodes()?[1], &said)?;
    let parcels = both.iter().map(|made| made.lines.len()).sum::<usize>();
    if !alike || parcels == 0 {
        return Err(Broken("forge"));
    }
    Ok(Shown {
        exhibit: side_by_side(&left, &right),
        sentence: msg!(
            "demo-forge",
            count = number(parcels),
            number = number(truth + 1)
        ),
        facts: facts([
            ("parcels", json!(parcels)),
            ("accepted", json!(parcels)),
            ("alike", json!(alike)),
            ("made_by_node", json!(by_node)),
        ]),
    })
}

/// Asks which is which, where somebody can answer. Whatever they say, they cannot know.
pub(super) fn which(context: &Context) -> Result<(), Failed> {
    if !context.may_ask || !stdin().is_terminal() || !stdout().is_terminal() {
        return Ok(());
    }
    // Who does not answer sees the end all the same.
    if ask::line(&context.words.get("demo-forge-which"), true).is_ok() {
        context.say(&msg!("demo-forge-guess"))?;
    }
    Ok(())
}

fn random() -> Result<[u8; 32], Broken> {
    kith_node::random().map_err(|_| Broken("randomness"))
}

fn coin() -> Result<bool, Broken> {
    Ok(random()?[0] & 1 == 1)
}

/// Two friends, whose secrets nobody else has.
fn people() -> Result<[Party; 2], Broken> {
    let (a, b, root) = (random()?, random()?, random()?);
    let point = |seed: [u8; 32]| {
        let me = Identity::from_seed(Key::fill(|bytes| *bytes = seed));
        *me.point().as_bytes()
    };
    let party = |me: [u8; 32], friend| {
        let (seed, root) = (Key::fill(|b| *b = me), Key::fill(|b| *b = root));
        Party::new(seed, root, point(friend)).map_err(|_| Broken("forge"))
    };
    Ok([party(a, b)?, party(b, a)?])
}

/// Anne asks, Bruno answers, a minute ago.
fn script(place: &str, answer: &str) -> Result<Script, Broken> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now_ms = u64::try_from(now.map_err(|_| Broken("clock"))?.as_millis());
    let began_ms = now_ms.map_err(|_| Broken("clock"))?.saturating_sub(120_000);
    let words = |from, after_ms, text: &str| Words {
        from,
        at_ms: began_ms + after_ms,
        text: Said::new(text.as_bytes().to_vec()),
    };
    Ok(Script {
        began_ms,
        pace: Pace::default(),
        lines: vec![
            words(End::Initiator, 30_000, place),
            words(End::Responder, 60_000, answer),
        ],
    })
}

/// What Bruno's side reads in a transcript: handshake and session, as in a node.
fn reads(bruno: &Party, made: &Transcript) -> Result<Vec<String>, Broken> {
    let heard = forge::verify_with(bruno, made).map_err(|_| Broken("verify"))?;
    let text = |heard: forge::Heard| {
        let who = if heard.from == End::Initiator {
            "anne"
        } else {
            "bruno"
        };
        match heard.what {
            What::Text { text, .. } => Some(format!("{who}: {}", String::from_utf8_lossy(&text))),
            _ => None,
        }
    };
    Ok(heard.into_iter().filter_map(text).collect())
}

/// Everything of a transcript that is not random, a time, or a word.
fn shape(made: &Transcript) -> Vec<(bool, usize, bool, bool)> {
    let lines = made.lines.iter();
    lines
        .map(|line| {
            let mine = line.from == made.reader;
            (
                mine,
                line.parcel.len(),
                line.header.is_some(),
                line.draw.is_some(),
            )
        })
        .collect()
}

/// Bruno's real node makes up what Anne's never said, and takes it for hers.
fn made_by(bruno: &Node, said: &[String]) -> Result<bool, Broken> {
    let spoken = said.iter().map(|text| Spoken {
        mine: false,
        text: text.clone(),
    });
    let forge = Forge {
        name: "anne-demo".into(),
        spoken: spoken.collect(),
    };
    let mut client = bruno.client()?;
    let made = client.forge(&forge).map_err(|_| Broken("forge"))?;
    let verified = client.verify("anne-demo", &made);
    match verified.map_err(|_| Broken("verify"))?.refused {
        None => Ok(true),
        Some(_) => Err(Broken("verify")),
    }
}

fn side_by_side(left: &[String], right: &[String]) -> Vec<String> {
    let heads = (format!("{:<LEFT$}", "1"), "2".to_owned());
    let rows = left
        .iter()
        .zip(right)
        .map(|(l, r)| (format!("{l:<LEFT$}"), r.clone()));
    let rows = [heads].into_iter().chain(rows);
    rows.map(|(l, r)| format!("   {l}{r}")).collect()
}
