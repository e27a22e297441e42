//! `kith forge transcript` and `kith forge edit`: what was never said, so.

use std::path::PathBuf;

use clap::ArgMatches;
use kith_node::control::params::Forge;
use kith_proto::forge::{self, Edit, Line, NotEdited, Transcript};
use kith_proto::limits::SCRIPT_FILE_BYTES_MAX;

use super::script::{self, BadScript};
use super::{give, out_is_free, text};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::msg;
use crate::{file, view};

pub(super) fn transcript(context: &Context, matches: &ArgMatches) -> Outcome {
    out_is_free(matches)?;
    let name = text(matches, "with").to_owned();
    let path = matches.get_one::<PathBuf>("script");
    let path = path.ok_or_else(|| Failed::quiet(Exit::USAGE))?;
    let bytes = file::read(path, SCRIPT_FILE_BYTES_MAX)?;
    let script = std::str::from_utf8(&bytes);
    let script = script.map_err(|_| Failed::new(Exit::DATA, msg!("send-not-text")))?;
    let spoken = script::read(script, &name).map_err(|BadScript { line }| {
        let name = view::name(&name);
        Failed::new(
            Exit::DATA,
            msg!("forge-bad-script", line = line, name = name),
        )
    })?;
    let made = context.node()?.forge(&Forge { name, spoken })?;
    give(matches, made.as_bytes())?;
    context.note(&msg!("forge-made"));
    Ok(Exit::OK)
}

/// A place in a transcript: which parcel, from 1, and which byte of its text, if it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    parcel: usize,
    offset: Option<usize>,
}

/// `7` or `7:12`
pub(super) fn place(text: &str) -> Result<Place, &'static str> {
    let (parcel, offset) = match text.split_once(':') {
        Some((parcel, offset)) => (parcel, Some(offset.parse().map_err(|_| "no number")?)),
        None => (text, None),
    };
    match parcel.parse() {
        Ok(0) | Err(_) => Err("no number"),
        Ok(parcel) => Ok(Place { parcel, offset }),
    }
}

pub(super) fn edit(context: &Context, matches: &ArgMatches) -> Outcome {
    out_is_free(matches)?;
    let place = matches.get_one::<Place>("at").copied();
    let place = place.ok_or_else(|| Failed::quiet(Exit::USAGE))?;
    let mut transcript = super::transcript(matches)?;
    let (old, new) = (text(matches, "old"), text(matches, "new"));
    change(&mut transcript, place, old.as_bytes(), new.as_bytes())?;
    give(matches, &transcript.to_file())?;
    context.note(&msg!("forge-edited"));
    Ok(Exit::OK)
}

fn change(transcript: &mut Transcript, place: Place, old: &[u8], new: &[u8]) -> Result<(), Failed> {
    let session = transcript.session;
    let not_there = || Failed::new(Exit::DATA, msg!("forge-not-there"));
    let line = transcript.lines.get_mut(place.parcel - 1);
    let line = line.ok_or_else(not_there)?;
    let offset = found(line, &session, place.offset, old).ok_or_else(not_there)?;
    let edit = Edit { offset, old, new };
    let edited = forge::edit(&line.parcel, &session, &line.key, edit);
    line.parcel = edited.map_err(|not| match not {
        NotEdited::NotThere => not_there(),
        NotEdited::OtherLength => Failed::new(Exit::DATA, msg!("forge-other-length")),
        NotEdited::WrongKeys => Failed::new(Exit::DATA, msg!("forge-closed")),
    })?;
    Ok(())
}

/// Where the old words begin in the payload of a text: at the byte that was said, or at the first
/// place where they stand.
fn found(line: &Line, session: &[u8; 32], at: Option<usize>, old: &[u8]) -> Option<usize> {
    let laid = forge::parse(
        &line.parcel,
        line.header.as_ref(),
        Some((&line.key, session)),
    )?;
    let payload = laid.payload?;
    let begins = forge::text_begins(&payload)?;
    match at {
        Some(at) => begins.checked_add(at),
        None => {
            let text = payload.get(begins..)?;
            let mut windows = text.windows(old.len().max(1));
            windows
                .position(|window| window == old)
                .map(|at| begins + at)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_parcel_and_perhaps_a_byte() {
        let at = |parcel, offset| Ok(Place { parcel, offset });
        assert_eq!(place("7"), at(7, None));
        assert_eq!(place("7:0"), at(7, Some(0)));
        for wrong in ["", "0", "-1", "7:", "7:x", ":3", "99999999999999999999"] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }
}
