//! A program of the person's own that is run when messages come, if the settings name one.
//!
//! It gets a number on its standard input and nothing else: how many messages wait that it was not told
//! of, those of muted friends left out. No names, no words, no environment, no shell. Runs beside the
//! road: whatever becomes of the program, no message waits for it, and it ends with the node.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use kith_proto::engine::{Answer, Event, Request};
use kith_proto::limits::{HOOK_EVERY_SECONDS, HOOK_RUNS_SECONDS_MAX, HOOK_TOLD_MAX};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{sleep, timeout};

use crate::control::Door;

/// Runs `program` for what comes, until the node ends; without one, does nothing.
pub(crate) async fn serve(program: Vec<String>, door: Door) {
    if program.is_empty() {
        return;
    }
    let mut events = door.events.subscribe();
    let mut told = 0;
    while let Some(seq) = next(&mut events, told).await {
        let (count, last) = waiting(&door, seq).await;
        told = last.max(seq);
        if count == 0 {
            continue;
        }
        if run(&program, count).await.is_err() {
            tracing::warn!(target: "kith", "the program for new messages did not run to its end");
        }
        sleep(Duration::from_secs(HOOK_EVERY_SECONDS)).await;
    }
}

/// The first message that it was not told of; none when the node ends.
async fn next(events: &mut broadcast::Receiver<Event>, told: u64) -> Option<u64> {
    loop {
        match events.recv().await {
            Ok(Event::Message { seq, .. }) if seq > told => return Some(seq),
            Ok(_) => {}
            // Among what went by unheard there may be some.
            Err(RecvError::Lagged(_)) => return Some(told.saturating_add(1)),
            Err(RecvError::Closed) => return None,
        }
    }
}

/// How many messages wait from this one on, and the last of them. What somebody reads in the meantime
/// waits no more.
async fn waiting(door: &Door, first: u64) -> (usize, u64) {
    let request = Request::Inbox {
        after: first.saturating_sub(1),
        max: HOOK_TOLD_MAX,
    };
    let Some(Answer::Inbox(messages)) = door.ask(request).await else {
        return (0, first);
    };
    let last = messages.last().map_or(first, |message| message.seq);
    let heard = messages.iter().filter(|message| !message.muted);
    (heard.count(), last)
}

/// Runs the program to its end, to that of its time, or to the node's.
async fn run(program: &[String], count: usize) -> io::Result<()> {
    let Some((name, arguments)) = program.split_first() else {
        return Ok(());
    };
    let mut child = Command::new(name)
        .args(arguments)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    if let Some(mut pipe) = child.stdin.take() {
        // It may not want to know.
        let _ = pipe.write_all(format!("{count}\n").as_bytes()).await;
    }
    let most = Duration::from_secs(HOOK_RUNS_SECONDS_MAX);
    let Ok(ended) = timeout(most, child.wait()).await else {
        child.kill().await?;
        return Err(io::ErrorKind::TimedOut.into());
    };
    match ended?.success() {
        true => Ok(()),
        false => Err(io::ErrorKind::Other.into()),
    }
}
