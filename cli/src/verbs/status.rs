//! `kith status`, and `kith` alone: how the node is.

use clap::{ArgMatches, Command};
use kith_node::control::shape::Status;
use serde::Serialize;

use crate::call::Context;
use crate::exit::{Exit, Outcome};
use crate::words::{Words, msg};

pub(super) fn command(words: &Words, command: Command) -> Command {
    command.about(words.get("status-about"))
}

/// What a program gets when no node answers.
#[derive(Serialize)]
struct Down {
    state: &'static str,
}

pub(super) fn run(context: &Context, _: &ArgMatches) -> Outcome {
    let status = context.node().and_then(|mut node| Ok(node.status()?));
    match status {
        Err(failed) if context.json && failed.exit == Exit::UNAVAILABLE => {
            context.json(Down { state: "down" })?;
            Ok(Exit::UNAVAILABLE)
        }
        Err(failed) => Err(failed),
        Ok(status) if context.json => {
            let exit = if status.locked { Exit::NO } else { Exit::OK };
            context.json(status)?;
            Ok(exit)
        }
        Ok(status) => tell(context, &status),
    }
}

fn tell(context: &Context, status: &Status) -> Outcome {
    let Some(open) = &status.open else {
        context.say(&msg!("node-locked"))?;
        return Ok(Exit::NO);
    };
    context.say(&msg!("status-node"))?;
    context.say(&msg!(
        "status-friends",
        online = open.friends.online,
        offline = open.friends.offline
    ))?;
    context.say(&msg!("status-inbox", count = open.unread))?;
    context.say(&msg!("status-outbox", count = open.outbox))?;
    if open.pending > 0 {
        context.say(&msg!("status-pending", count = open.pending))?;
    }
    context.say(&msg!("status-addresses", count = open.addresses))?;
    context.say(&msg!("status-disk", size = size(status.disk.used)))?;
    Ok(Exit::OK)
}

/// `3 KiB`, `1.4 MiB`
fn size(bytes: u64) -> String {
    let tenths = |unit: u64| bytes.saturating_mul(10) / unit;
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", bytes / 1024),
        _ => {
            let tenths = tenths(1_048_576);
            format!("{}.{} MiB", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        let sizes = [0, 1023, 1024, 1_048_575, 1_468_006, u64::MAX].map(size);
        assert_eq!(
            sizes[..5],
            ["0 B", "1023 B", "1 KiB", "1023 KiB", "1.3 MiB"]
        );
    }
}
