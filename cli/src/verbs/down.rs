//! `kith down`: ends the node, and waits until its home is free.

use std::thread::sleep;
use std::time::{Duration, Instant};

use clap::{ArgMatches, Command};
use kith_node::control::client::CallError;

use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::{Words, msg};

/// A slow card may take long to take the last commit.
const ENDED_WITHIN: Duration = Duration::from_secs(60);

pub(super) fn command(words: &Words, command: Command) -> Command {
    command.about(words.get("down-about"))
}

/// Whether it has not let go of its home; of the system's, which is not ours to lock, whether it answers.
fn runs(context: &Context) -> bool {
    match context.home.exists() {
        true => context.home.lock().is_err(),
        false => context.node().is_ok(),
    }
}

pub(super) fn run(context: &Context, _: &ArgMatches) -> Outcome {
    match context.node()?.stop() {
        // It may end before its answer is written.
        Ok(()) | Err(CallError::Lost) => {}
        Err(error) => return Err(error.into()),
    }
    let began = Instant::now();
    while runs(context) {
        if began.elapsed() > ENDED_WITHIN {
            return Err(Failed::new(Exit::TRY_LATER, msg!("down-slow")));
        }
        sleep(Duration::from_millis(50));
    }
    context.say(&msg!("down-done"))?;
    Ok(Exit::OK)
}
