//! `kith forge parse` and `kith forge verify`: what a transcript shows, to whom.

use clap::ArgMatches;
use kith_node::control::shape::utc;
use kith_proto::forge::{self, End, Heard, Laid, Line, NotAccepted, Transcript, What};
use serde::Serialize;

use super::text;
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::when::Clock;
use crate::words::{Msg, Words, msg};
use crate::{out, view};

/// One parcel, for a program.
#[derive(Serialize)]
struct Parsed {
    parcel: usize,
    time: String,
    from: &'static str,
    bytes: usize,
    /// Chain before and number, of a parcel of the conversation.
    chain: Option<(u32, u32)>,
    what: &'static str,
    text: Option<String>,
}

#[derive(Serialize)]
struct Parcels {
    parcels: Vec<Parsed>,
}

/// What was read, and whether it was taken, for a program.
#[derive(Serialize)]
struct Verified {
    accepted: bool,
    /// The parcel that was refused, from 1.
    refused: Option<usize>,
    /// Whether the handshake was run too.
    handshake: bool,
    texts: Vec<Text>,
}

#[derive(Serialize)]
struct Text {
    time: String,
    mine: bool,
    text: String,
}

pub(super) fn parse(context: &Context, matches: &ArgMatches) -> Outcome {
    let transcript = super::transcript(matches)?;
    let sealed = matches.get_flag("sealed");
    let lines = transcript.lines.iter().zip(1..);
    let parcels: Vec<_> = lines
        .filter_map(|(line, at)| parsed(&transcript, line, at, sealed))
        .collect();
    if context.json {
        context.json(Parcels { parcels })?;
        return Ok(Exit::OK);
    }
    let clock = Clock::now();
    let head = [
        "column-number",
        "column-time",
        "column-from",
        "column-bytes",
    ];
    let mut head = head.map(|key| context.words.get(key)).to_vec();
    head.extend(["column-chain", "column-what"].map(|key| context.words.get(key)));
    let mut rows = vec![head];
    rows.extend(
        parcels
            .iter()
            .map(|parcel| row(&context.words, &clock, parcel)),
    );
    out::line(&view::table(&rows))?;
    context.note(&match sealed {
        true => msg!("forge-parsed-sealed"),
        false => msg!("forge-parsed"),
    });
    Ok(Exit::OK)
}

fn parsed(transcript: &Transcript, line: &Line, parcel: usize, sealed: bool) -> Option<Parsed> {
    // A1 and A2 are in no session yet.
    let session = if line.header.is_some() {
        transcript.session
    } else {
        [0; 32]
    };
    let header = line.header.as_ref().filter(|_| !sealed);
    let body = (!sealed).then_some((&line.key, &session));
    let laid = forge::parse(&line.parcel, header, body)?;
    let what = laid.payload.as_ref().map(|said| forge::what(said));
    let (what, text) = match (&laid.payload, line.header.is_some()) {
        (None, _) => ("noise", None),
        (_, false) if parcel == 1 => ("offer", None),
        (_, false) => ("answer", None),
        (_, true) => name(what.flatten()),
    };
    Some(Parsed {
        parcel,
        time: time(line.at_ms),
        from: match line.from == transcript.reader {
            true => "me",
            false => "other",
        },
        bytes: laid.bucket,
        chain: chain(&laid),
        what,
        text,
    })
}

fn chain(laid: &Laid) -> Option<(u32, u32)> {
    laid.fields.map(|fields| (fields.pn, fields.n))
}

fn name(what: Option<What>) -> (&'static str, Option<String>) {
    match what {
        Some(What::Text { text, .. }) => {
            ("text", Some(String::from_utf8_lossy(&text).into_owned()))
        }
        Some(What::Acknowledges(_)) => ("received", None),
        Some(What::Confirm) => ("confirmation", None),
        Some(What::Timer(_)) => ("timer", None),
        _ => ("unknown", None),
    }
}

fn row(words: &Words, clock: &Clock, parcel: &Parsed) -> Vec<String> {
    let what = match parcel.what {
        "noise" => words.get("what-noise"),
        "offer" => words.get("what-offer"),
        "answer" => words.get("what-answer"),
        "text" => parcel.text.as_deref().map_or_else(String::new, view::name),
        "received" => words.get("what-received"),
        "confirmation" => words.get("what-confirmation"),
        "timer" => words.get("what-timer"),
        _ => words.get("what-unknown"),
    };
    let from = match parcel.from {
        "me" => words.get("line-me"),
        _ => words.get("forge-other"),
    };
    let chain = parcel
        .chain
        .map_or("-".to_owned(), |(pn, n)| format!("{pn}/{n}"));
    let (number, bytes) = (parcel.parcel.to_string(), parcel.bytes.to_string());
    vec![number, clock.stamp(&parcel.time), from, bytes, chain, what]
}

fn time(at_ms: u64) -> String {
    utc(u32::try_from(at_ms / 60_000).unwrap_or(u32::MAX))
}

pub(super) fn verify(context: &Context, matches: &ArgMatches) -> Outcome {
    let transcript = super::transcript(matches)?;
    let with = matches.get_one::<String>("with");
    let (heard, mut refused) = match forge::verify(&transcript) {
        Ok(heard) => (heard, None),
        Err(NotAccepted { line }) => (Vec::new(), Some(line)),
    };
    if let (Some(name), None) = (with, refused) {
        let file = transcript.to_file();
        let answer = context
            .node()?
            .verify(name, &String::from_utf8_lossy(&file))?;
        refused = answer.refused.map(|line| line as usize);
    }
    if context.json {
        context.json(Verified {
            accepted: refused.is_none(),
            refused: refused.map(|line| line + 1),
            handshake: with.is_some(),
            texts: texts(&heard, transcript.reader),
        })?;
        return Ok(refused.map_or(Exit::OK, |_| Exit::NO));
    }
    if let Some(line) = refused {
        return Err(Failed::new(Exit::NO, not_accepted(line)));
    }
    let other = match text(matches, "with") {
        "" => context.words.get("forge-other"),
        name => view::name(name),
    };
    tell(context, &heard, transcript.reader, &other)?;
    let parcels = u32::try_from(heard.len()).unwrap_or(u32::MAX);
    context.say(&match with {
        Some(_) => msg!("forge-accepted-with", count = parcels, name = other),
        None => msg!("forge-accepted", count = parcels),
    })?;
    Ok(Exit::OK)
}

fn not_accepted(line: usize) -> Msg {
    let line = u32::try_from(line + 1).unwrap_or(u32::MAX);
    msg!("forge-refused", line = line)
}

/// The conversation that was read, as the history shows one.
fn tell(context: &Context, heard: &[Heard], reader: End, other: &str) -> Result<(), Failed> {
    let clock = Clock::now();
    for said in texts(heard, reader) {
        let name = match said.mine {
            true => context.words.get("line-me"),
            false => other.to_owned(),
        };
        let (time, text) = (clock.stamp(&said.time), view::indented(&said.text));
        context.say(&msg!("line-message", time = time, name = name, text = text))?;
    }
    Ok(())
}

fn texts(heard: &[Heard], reader: End) -> Vec<Text> {
    let text = |heard: &Heard| match &heard.what {
        What::Text { text, .. } => Some(Text {
            time: time(heard.at_ms),
            mine: heard.from == reader,
            text: String::from_utf8_lossy(text).into_owned(),
        }),
        _ => None,
    };
    heard.iter().filter_map(text).collect()
}
