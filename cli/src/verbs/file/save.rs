//! `kith file save`: a file of a friend goes where the person says, under a clean name, never over
//! another, for its owner alone; and until it is all there it has no name. Then the node forgets it.

use std::fs::File as Disk;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::{Arg, ArgMatches, Command, value_parser};
use kith_node::control::client::{CallError, Client};
use kith_node::control::shape::{File, FileNews, FileState};
use kith_node::interrupt::at_interrupt;
use kith_proto::file::clean_name;

use super::{found, wait_option, watch};
use crate::args::{flag, positional};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::file::Part;
use crate::progress::Progress;
use crate::words::{Words, msg};
use crate::{file, view};

pub(super) fn command(words: &Words, id: Arg) -> Command {
    let path = positional(words, "path", "value-file", "file-save-path")
        .required(true)
        .value_parser(value_parser!(PathBuf));
    Command::new("save")
        .about(words.get("file-save-about"))
        .args([id, path])
        .arg(wait_option(words))
        .arg(flag(words, "keep", "file-save-keep"))
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let id = *matches.get_one("id").unwrap_or(&0);
    let path = matches.get_one::<PathBuf>("path").cloned();
    let mut node = context.node()?;
    // Listen first, so that nothing is missed.
    let events = context.node()?.subscribe()?;
    let file = found(&mut node, id)?;
    let path = place(path.unwrap_or_default(), &file.name);
    file::is_free(&path)?;
    match (file.state, matches.get_one::<Duration>("wait")) {
        (FileState::Whole, _) => {}
        (FileState::Coming, Some(wait)) => match watch(context, &file, events, *wait)? {
            Some(FileNews::Whole) => {}
            Some(_) => return Err(Failed::new(Exit::NO, msg!("file-save-ended"))),
            None => return Err(not_whole()),
        },
        (FileState::Coming, None) => return Err(not_whole()),
        (FileState::Asked, _) => {
            let id = id.to_string();
            return Err(Failed::new(Exit::TRY_LATER, msg!("file-save-asked"))
                .hint(msg!("file-save-asked-hint", id = id)));
        }
        (_, _) => return Err(Failed::new(Exit::DATA, msg!("file-save-mine"))),
    }
    write(context, &mut node, &file, &path)?;
    let keeps = matches.get_flag("keep");
    if !keeps {
        node.drop_file(id)?;
    }
    if context.json {
        context.json(file)?;
        return Ok(Exit::OK);
    }
    let shown = view::name(&path.display().to_string());
    context.say(&msg!("file-save-done", path = shown))?;
    if !keeps {
        context.note(&msg!("file-save-erased"));
    }
    Ok(Exit::OK)
}

/// Into a directory under its own name; else where the person says, exactly.
fn place(path: PathBuf, name: &str) -> PathBuf {
    match path.is_dir() {
        true => path.join(clean_name(name)),
        false => path,
    }
}

/// All pieces, and then the name. Whoever ends it before leaves nothing.
fn write(context: &Context, node: &mut Client, file: &File, path: &Path) -> Result<(), Failed> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
    let dir = dir.unwrap_or(Path::new("."));
    let failed = |error: &std::io::Error| not_written(path, error);
    let mut part = Part::within(dir).map_err(|error| failed(&error))?;
    let interrupted = Arc::new(AtomicBool::new(false));
    let interrupt = Arc::clone(&interrupted);
    at_interrupt(move || interrupt.store(true, Ordering::Relaxed));
    let mut progress = Progress::new(context, file.id, view::name(&file.name));
    let (mut index, mut done) = (0, 0);
    while done < file.bytes {
        let piece = node.read_file(file.id, index)?;
        part.write(&piece).map_err(|error| failed(&error))?;
        if interrupted.load(Ordering::Relaxed) {
            return Err(Failed::quiet(Exit::INTERRUPTED));
        }
        (index, done) = (index + 1, done + piece.len() as u64);
        progress.at(done.min(file.bytes), file.bytes)?;
    }
    if done != file.bytes {
        return Err(CallError::Garbled.into());
    }
    part.name(path).map_err(|error| failed(&error))?;
    // Some sticks sync no directory; the file itself is on the disk.
    let _ = Disk::open(dir).and_then(|dir| dir.sync_all());
    Ok(())
}

fn not_written(path: &Path, error: &std::io::Error) -> Failed {
    let shown = view::name(&path.display().to_string());
    match error.kind() {
        ErrorKind::AlreadyExists => {
            Failed::new(Exit::CANNOT_CREATE, msg!("file-exists", path = shown))
        }
        ErrorKind::StorageFull => Failed::new(Exit::IO, msg!("disk-full")),
        _ => Failed::new(Exit::CANNOT_CREATE, msg!("file-not-written", path = shown)),
    }
}

fn not_whole() -> Failed {
    Failed::new(Exit::TRY_LATER, msg!("file-save-not-whole")).hint(msg!("file-save-not-whole-hint"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_takes_the_clean_name_and_nothing_is_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let at = place(dir.path().to_path_buf(), "../../.bashrc");
        assert_eq!(at, dir.path().join("bashrc"));
        let exact = dir.path().join("autre.png");
        assert_eq!(place(exact.clone(), "x"), exact);
        std::fs::write(&at, "mine").unwrap();
        let taken = Part::within(dir.path()).unwrap().name(&at).unwrap_err();
        assert_eq!(not_written(&at, &taken).exit, Exit::CANNOT_CREATE);
        assert!(file::is_free(&exact).is_ok() && file::is_free(&at).is_err());
    }
}
