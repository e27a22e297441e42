//! `kith carry`: what waits for friends goes by hand, on a stick or on paper, and what somebody brings
//! comes in. The file shows nothing but how many mebibytes it is.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{ArgAction, ArgMatches, Command, value_parser};
use kith_node::control::client::Client;
use kith_node::control::shape::{Bundle, Carried};
use kith_proto::limits::{BUCKETS, CARRY_BYTES_MAX, CARRY_PART_BYTES, CARRY_UNIT_BYTES};
use kith_proto::paper;
use serde::Serialize;

use crate::args::{flag, option, positional};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::qr::{self, Qr, Seen};
use crate::words::{Words, msg};
use crate::{file, out, view};

/// How often a node is asked whether it has more: texts are read and sealed a few at a time.
const ROUNDS: usize = 10_000;

pub(super) fn command(words: &Words, command: Command) -> Command {
    let path = |help| {
        positional(words, "path", "value-file", help)
            .required(true)
            .value_parser(value_parser!(PathBuf))
    };
    let to = option(words, "for", "value-name", "carry-for").action(ArgAction::Append);
    let out = Command::new("out")
        .about(words.get("carry-out-about"))
        .args([path("carry-out-path"), to, flag(words, "qr", "carry-qr")]);
    let bring = Command::new("in")
        .about(words.get("carry-in-about"))
        .arg(path("carry-in-path"));
    command
        .about(words.get("carry-about"))
        .subcommand_required(true)
        .subcommands([out, bring])
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    match matches.subcommand() {
        Some(("out", matches)) => give(context, matches),
        Some(("in", matches)) => bring(context, matches),
        _ => Err(Failed::new(Exit::USAGE, msg!("usage-unclear"))),
    }
}

/// What went out, for a program.
#[derive(Serialize)]
pub(crate) struct Given {
    /// Parcels.
    pub(crate) messages: usize,
    friends: u32,
    bytes: usize,
    left: u32,
}

fn give(context: &Context, matches: &ArgMatches) -> Outcome {
    let path = matches.get_one::<PathBuf>("path").cloned();
    let path = path.unwrap_or_default();
    file::is_free(&path)?;
    let to: Vec<String> = matches
        .get_many("for")
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let mut node = context.node()?;
    if matches.get_flag("qr") {
        return on_paper(context, &mut node, &to, &path);
    }
    let Some((bytes, given)) = packed(&mut node, &to)? else {
        context.say(&msg!("carry-nothing"))?;
        return Ok(Exit::NO);
    };
    file::write_new(&path, &bytes)?;
    if context.json {
        context.json(given)?;
        return Ok(Exit::OK);
    }
    context.say(&msg!(
        "carry-out-done",
        messages = given.messages,
        friends = given.friends,
        size = view::size(given.bytes as u64)
    ))?;
    if given.left > 0 {
        context.note(&msg!("carry-out-left", count = given.left));
    }
    context.note(&msg!("carry-out-then"));
    Ok(Exit::OK)
}

/// A bundle of what waits for these friends, or for all; none if nothing does.
pub(crate) fn packed(node: &mut Client, to: &[String]) -> Result<Option<(Vec<u8>, Given)>, Failed> {
    let (bundle, acks) = gathered(node, to, true)?;
    let mut parcels = acks;
    for (id, _) in &bundle.parcels {
        let parcel = node.read_bundled(*id)?;
        // Arrived meanwhile, by another road.
        if !parcel.is_empty() {
            parcels.push(parcel.to_vec());
        }
    }
    if parcels.is_empty() {
        return Ok(None);
    }
    let messages = parcels.len();
    let bytes = laid(parcels)?;
    let given = Given {
        messages,
        friends: bundle.friends,
        bytes: bytes.len(),
        left: bundle.left,
    };
    Ok(Some((bytes, given)))
}

/// All that is to go, once everything that can be is sealed; and acknowledgements for what came, if
/// they are to go too.
fn gathered(
    node: &mut Client,
    to: &[String],
    with_acks: bool,
) -> Result<(Bundle, Vec<Vec<u8>>), Failed> {
    let mut acks: Vec<Vec<u8>> = Vec::new();
    for _ in 0..ROUNDS {
        // Who brings it in takes no longer one, whatever came together here in several rounds.
        let bytes: usize = acks.iter().map(Vec::len).sum();
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let mut bundle = node.carry_out(to, with_acks, bytes)?;
        for ack in std::mem::take(&mut bundle.acks) {
            acks.push(bundle_ack(&ack)?);
        }
        if !bundle.more {
            return Ok((bundle, acks));
        }
    }
    Err(Failed::new(Exit::TRY_LATER, msg!("refused-busy")))
}

fn bundle_ack(ack: &str) -> Result<Vec<u8>, Failed> {
    Bundle::ack(ack).ok_or_else(|| Failed::new(Exit::SOFTWARE, msg!("node-garbled")))
}

/// Parcels in an order that says nothing, then random bytes up to whole mebibytes.
fn laid(mut parcels: Vec<Vec<u8>>) -> Result<Vec<u8>, Failed> {
    let mut random = Random::open()?;
    for last in (1..parcels.len()).rev() {
        let drawn = u64::from_le_bytes(random.bytes()?);
        parcels.swap(last, (drawn % (last as u64 + 1)) as usize);
    }
    let mut bytes = parcels.concat();
    let whole = bytes.len().next_multiple_of(CARRY_UNIT_BYTES);
    let mut padding = vec![0; whole - bytes.len()];
    random.fill(&mut padding)?;
    bytes.append(&mut padding);
    Ok(bytes)
}

/// The system's randomness.
struct Random(File);

impl Random {
    fn open() -> Result<Self, Failed> {
        File::open("/dev/urandom")
            .map(Self)
            .map_err(|_| no_randomness())
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), Failed> {
        self.0.read_exact(bytes).map_err(|_| no_randomness())
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Failed> {
        let mut bytes = [0; N];
        self.fill(&mut bytes).map(|()| bytes)
    }
}

fn no_randomness() -> Failed {
    Failed::new(Exit::IO, msg!("run-io"))
}

/// One short message, the oldest that waits, as a code: drawn into a picture, or as its text.
fn on_paper(context: &Context, node: &mut Client, to: &[String], path: &Path) -> Outcome {
    if to.len() != 1 {
        return Err(Failed::new(Exit::USAGE, msg!("carry-qr-for-whom")));
    }
    // One code has room for no acknowledgement beside the text: a link or a file brings them.
    let (bundle, _) = gathered(node, to, false)?;
    let short = bundle
        .parcels
        .iter()
        .filter(|(_, bytes)| *bytes as usize == BUCKETS[0]);
    let oldest = short.map(|(id, _)| *id).min();
    let parcel = oldest.map(|id| node.read_bundled(id)).transpose()?;
    let Some(text) = parcel.and_then(|parcel| paper::write(&parcel)) else {
        context.say(&msg!("carry-qr-nothing"))?;
        return Ok(Exit::NO);
    };
    if path == Path::new("-") {
        out::exact(&text)?;
        return Ok(Exit::OK);
    }
    let drawn = Qr::of(&text).and_then(|qr| qr.png());
    let drawn = drawn.ok_or_else(|| Failed::quiet(Exit::SOFTWARE))?;
    file::write_new(path, &drawn)?;
    if !context.json {
        let path = view::name(&path.display().to_string());
        context.say(&msg!("carry-qr-done", path = path))?;
        context.note(&msg!("carry-out-then"));
    }
    Ok(Exit::OK)
}

fn bring(context: &Context, matches: &ArgMatches) -> Outcome {
    let path = matches.get_one::<PathBuf>("path").cloned();
    let path = path.unwrap_or_default();
    let parts = match qr::look(&path)? {
        Seen::Codes(texts) => texts.iter().filter_map(|text| paper::read(text)).collect(),
        Seen::Text(bytes) => match std::str::from_utf8(&bytes) {
            Ok(text) if paper::is_one(text) => paper::read(text).into_iter().collect(),
            _ if bytes.len() > CARRY_BYTES_MAX => {
                let path = view::name(&path.display().to_string());
                return Err(Failed::new(Exit::DATA, msg!("file-too-long", path = path)));
            }
            _ => vec![bytes.to_vec()],
        },
    };
    let mut node = context.node()?;
    let mut all = Carried::none();
    for bundle in parts {
        all.add(brought(&mut node, &bundle)?);
    }
    told(context, all)
}

/// Gives a node a bundle, part by part.
pub(crate) fn brought(node: &mut Client, bundle: &[u8]) -> Result<Carried, Failed> {
    let (mut at, mut all) = (0, Carried::none());
    loop {
        let rest = bundle.get(at..).unwrap_or_default();
        let part = rest.get(..CARRY_PART_BYTES).unwrap_or(rest);
        let last = part.len() == rest.len();
        let carried = node.carry_in(part, last)?;
        at += carried.used as usize;
        all.add(carried);
        if last {
            return Ok(all);
        }
    }
}

fn told(context: &Context, all: Carried) -> Outcome {
    let exit = if all.opened > 0 { Exit::OK } else { Exit::NO };
    if context.json {
        context.json(all)?;
        return Ok(exit);
    }
    let names: Vec<String> = all.from.iter().map(|name| view::name(name)).collect();
    context.say(&match (all.opened, all.known) {
        (0, 0) => msg!("carry-in-nothing"),
        (0, known) => msg!("carry-in-known", count = known),
        (count, _) => msg!("carry-in-done", count = count, names = names.join(", ")),
    })?;
    if all.full {
        context.note(&msg!("carry-in-full"));
    }
    if all.opened > 0 {
        context.note(&msg!("carry-in-then"));
    }
    Ok(exit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_is_whole_mebibytes_and_holds_each_parcel_at_a_multiple_of_the_smallest() {
        let parcels: Vec<_> = [2048, 65536, 8192, 2048]
            .iter()
            .zip(1..)
            .map(|(len, n)| vec![n; *len])
            .collect();
        let bytes = laid(parcels.clone()).unwrap();
        assert_eq!(bytes.len(), CARRY_UNIT_BYTES);
        for parcel in &parcels {
            let at = bytes
                .windows(parcel.len())
                .position(|window| window == parcel);
            assert_eq!(at.map(|at| at % 2048), Some(0));
        }
        let padding = &bytes[bytes.len() - 500_000..];
        let counted = (0..=255u8).map(|n| padding.iter().filter(|byte| **byte == n).count());
        assert!(
            counted.clone().all(|count| (1500..2500).contains(&count)),
            "{:?}",
            counted.max()
        );
        let full = laid(vec![vec![1; 65536]; 16]).unwrap();
        assert_eq!(
            full.len(),
            CARRY_UNIT_BYTES,
            "none is added where none is needed"
        );
    }
}
