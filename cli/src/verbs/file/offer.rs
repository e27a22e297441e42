//! `kith send NAME --file`: the node gets a sealed copy, so that the original may go; it leaves when the
//! friend has said yes.

use std::path::Path;
use std::time::Duration;

use kith_node::control::client::Client;
use kith_node::control::shape::{File, FileNews};
use kith_proto::limits::{FILE_BYTES_MAX, FILE_CHUNK_BYTES};

use super::watch;
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::progress::Progress;
use crate::words::msg;
use crate::{file, view};

/// Offers the file at `path`, and waits until it arrived if that was asked.
pub(in crate::verbs) fn offer(
    context: &Context,
    to: &str,
    path: &Path,
    wait: Option<Duration>,
) -> Outcome {
    let name = path.file_name().filter(|_| path.is_file());
    let Some(name) = name else {
        let path = path.display().to_string();
        return Err(Failed::new(
            Exit::NO_INPUT,
            msg!("send-file-none", path = view::name(&path)),
        ));
    };
    let name = name.to_string_lossy();
    let mut node = context.node()?;
    // Nobody should wait for a file to be read that is for nobody.
    node.contact(to)?;
    let bytes = file::read(path, FILE_BYTES_MAX).map_err(|failed| match failed.exit {
        Exit::DATA => too_long(),
        _ => failed,
    })?;
    // Listen first, so that nothing is missed.
    let events = context.node()?.subscribe()?;
    let offered = node.offer_file(to, &name, bytes.len() as u64)?;
    let file = fill(context, &mut node, &offered, &bytes)?;
    drop(bytes);
    context.note(&msg!("send-file-inside"));
    let news = match wait {
        Some(wait) => {
            tell_offered(context, &file)?;
            watch(context, &file, events, wait)?
        }
        None => None,
    };
    tell(context, file, wait.is_some(), news)
}

/// Hands in all pieces; what fails on the way leaves nothing behind.
fn fill(
    context: &Context,
    node: &mut Client,
    offered: &File,
    bytes: &[u8],
) -> Result<File, Failed> {
    let label = context.words.get("send-file-filling");
    let mut progress = Progress::new(context, offered.id, label);
    let mut file = offered.clone();
    for (index, piece) in (0..).zip(bytes.chunks(FILE_CHUNK_BYTES)) {
        file = match node.fill_file(offered.id, index, piece) {
            Ok(file) => file,
            Err(error) => {
                let _ = node.drop_file(offered.id);
                return Err(error.into());
            }
        };
        if !context.json {
            let done = (index as usize + 1) * FILE_CHUNK_BYTES;
            progress.at((done as u64).min(file.bytes), file.bytes)?;
        }
    }
    Ok(file)
}

fn too_long() -> Failed {
    Failed::new(
        Exit::DATA,
        msg!("refused-file-too-long", size = view::size(FILE_BYTES_MAX)),
    )
}

fn tell_offered(context: &Context, file: &File) -> Result<(), Failed> {
    if context.json {
        return Ok(());
    }
    let (called, name) = (view::name(&file.name), view::name(&file.petname));
    let (id, size) = (file.id.to_string(), view::size(file.bytes));
    context.say(&msg!(
        "send-file-offered",
        id = id,
        file = called,
        size = size,
        name = name
    ))
}

fn tell(context: &Context, file: File, waited: bool, news: Option<FileNews>) -> Outcome {
    let (called, name) = (view::name(&file.name), view::name(&file.petname));
    let exit = match news {
        Some(FileNews::Arrived) => Exit::OK,
        Some(_) => Exit::NO,
        None if waited => Exit::TRY_LATER,
        None => Exit::OK,
    };
    if context.json {
        context.json(file)?;
        return Ok(exit);
    }
    match news {
        Some(FileNews::Arrived) => {
            context.say(&msg!("send-file-arrived", file = called, name = name))?;
        }
        Some(FileNews::Refused) => {
            context.say(&msg!("send-file-refused", file = called, name = name))?;
        }
        Some(_) => context.say(&msg!("send-file-ended", file = called, name = name))?,
        None if waited => context.say(&msg!("send-file-waits", file = called, name = name))?,
        None => tell_offered(context, &file)?,
    }
    Ok(exit)
}
