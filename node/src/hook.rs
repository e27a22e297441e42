//! A program of the person's own that is run when messages come, if the settings name one.
//!
//! It gets a number on its standard input and nothing else: how many messages wait that it was not told
//! of, those of muted friends left out. No names, no words, no environment, no shell. Runs beside the
//! road: whatever becomes of the program, no message waits for it.

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use kith_proto::engine::{Answer, Event, Request};
use kith_proto::limits::{HOOK_EVERY_SECONDS, HOOK_RUNS_SECONDS_MAX, HOOK_TOLD_MAX};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::control::Door;

/// How often it is seen whether the program has ended.
const LOOK_EVERY: Duration = Duration::from_millis(100);

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
        let program = program.clone();
        let ran = tokio::task::spawn_blocking(move || run(&program, count)).await;
        if !matches!(ran, Ok(Ok(()))) {
            tracing::warn!(target: "kith", "the program for new messages did not run to its end");
        }
        tokio::time::sleep(Duration::from_secs(HOOK_EVERY_SECONDS)).await;
    }
}

/// The first message that it was not told of; none when the node ends.
async fn next(events: &mut broadcast::Receiver<Event>, told: u64) -> Option<u64> {
    loop {
        match events.recv().await {
            Ok(Event::Message { seq, .. }) if seq > told => return Some(seq),
            // Whoever lags has heard enough to look.
            Ok(_) | Err(RecvError::Lagged(_)) => {}
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

/// Runs the program to its end, or to that of its time.
fn run(program: &[String], count: usize) -> std::io::Result<()> {
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
        .spawn()?;
    if let Some(mut pipe) = child.stdin.take() {
        // It may not want to know.
        let _ = writeln!(pipe, "{count}");
    }
    wait(&mut child)
}

fn wait(child: &mut Child) -> std::io::Result<()> {
    let end = Instant::now() + Duration::from_secs(HOOK_RUNS_SECONDS_MAX);
    while Instant::now() < end {
        if let Some(status) = child.try_wait()? {
            return match status.success() {
                true => Ok(()),
                false => Err(std::io::ErrorKind::Other.into()),
            };
        }
        thread::sleep(LOOK_EVERY);
    }
    child.kill()?;
    child.wait()?;
    Err(std::io::ErrorKind::TimedOut.into())
}
