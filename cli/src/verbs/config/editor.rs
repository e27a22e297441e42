//! All settings at once in the person's own editor: on a copy, which takes the place of the file only if
//! it is sound.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use kith_node::config::edit::{self, EditError};
use tempfile::{Builder, NamedTempFile};

use super::{not_edited, note_next_start};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::msg;

/// What most machines have, and tells its keys on the screen.
const WITHOUT_A_WISH: &str = "nano";

/// Lets the settings be edited.
pub(super) fn edit(context: &Context) -> Outcome {
    let path = context.home.config_file();
    let failed = |error| not_edited(error, "", "");
    let before = edit::text(&path).map_err(failed)?;
    let after = edited(context, &path, &before)?;
    if after == before {
        context.say(&msg!("config-unchanged"))?;
        return Ok(Exit::OK);
    }
    edit::replace(&path, &after).map_err(|error| match error {
        EditError::File(_) => failed(error).hint(msg!("config-edit-kept")),
        _ => failed(error),
    })?;
    context.say(&msg!("config-edited"))?;
    note_next_start(context);
    Ok(Exit::OK)
}

/// What the person made of it.
fn edited(context: &Context, path: &Path, before: &str) -> Result<String, Failed> {
    if !context.may_ask {
        return Err(Failed::new(Exit::NO_INPUT, msg!("config-no-editor"))
            .hint(msg!("config-no-editor-hint")));
    }
    let unwritten = |error| not_edited(EditError::Unwritten(error), "", "");
    let copy = copied(path, before).map_err(unwritten)?;
    run(&editor(), copy.path())?;
    // Not the open file: many editors put a new one in its place.
    fs::read_to_string(copy.path()).map_err(|_| unwell())
}

/// A copy for the editor, beside the file, gone in the end.
fn copied(path: &Path, text: &str) -> io::Result<NamedTempFile> {
    let dir = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir)?;
    let mut named = Builder::new();
    let mut copy = named.prefix("config-").suffix(".toml").tempfile_in(dir)?;
    copy.write_all(text.as_bytes())?;
    Ok(copy)
}

/// What the person wishes to edit with, as others look for it too.
fn editor() -> OsString {
    let wishes = ["VISUAL", "EDITOR"].into_iter().filter_map(env::var_os);
    let mut wishes = wishes.filter(|wish| !wish.is_empty());
    wishes.next().unwrap_or_else(|| WITHOUT_A_WISH.into())
}

/// Runs it to its end. A wish may have words of its own, as in `code --wait`: a shell takes it apart.
fn run(editor: &OsString, file: &Path) -> Result<(), Failed> {
    let mut line = editor.clone();
    line.push(" \"$1\"");
    let mut shell = Command::new("/bin/sh");
    let ended = shell.arg("-c").arg(line).arg("sh").arg(file).status();
    match ended {
        Ok(status) if status.success() => Ok(()),
        _ => Err(unwell()),
    }
}

fn unwell() -> Failed {
    Failed::new(Exit::NO_INPUT, msg!("config-editor-failed")).hint(msg!("config-no-editor-hint"))
}
