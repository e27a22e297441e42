//! One client after the other, and each from its first line to its last: lines in, lines out, events
//! to those who asked for them. Leaves nothing in a buffer, and waits for nobody who does not read.

use std::time::Duration;

use futures::stream::FuturesOrdered;
use futures::{SinkExt, StreamExt};
use kith_proto::engine::Event;
use kith_proto::limits::{
    CONTROL_ASKED_MAX, CONTROL_CLIENTS_MAX, CONTROL_LINE_BYTES_MAX, CONTROL_WRITE_SECONDS_MAX,
};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{broadcast, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::codec::{Framed, LinesCodec};

use super::answer::reply_to;
use super::socket::may_ask;
use super::{Door, rpc, shape};

/// Serves clients until it is dropped; then every connection ends with it.
pub async fn serve(listener: UnixListener, door: Door) {
    let mut clients = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = clients.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) if clients.len() < CONTROL_CLIENTS_MAX && may_ask(&stream, door.to_group) => {
                    clients.spawn(attend(stream, door.clone()));
                }
                // Too many, or not for them: closed without a word.
                Ok(_) => {}
                // Out of file descriptors: let some go before the next try.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }
}

type Lines = Framed<UnixStream, LinesCodec>;

/// Room for most lines, so that one read takes them.
const CONTROL_BUFFER_BYTES: usize = 4096;

/// One client, from its first line to its last. It may ask on before it is answered; its answers
/// come in the order of its questions.
async fn attend(stream: UnixStream, door: Door) {
    let mut lines = Framed::new(
        stream,
        LinesCodec::new_with_max_length(CONTROL_LINE_BYTES_MAX),
    );
    let mut subscription = None;
    let mut asked = FuturesOrdered::new();
    let mut hears = true;
    while hears || !asked.is_empty() {
        forget(&mut lines);
        tokio::select! {
            line = lines.next(), if hears && asked.len() < CONTROL_ASKED_MAX => {
                // Too long, or not UTF-8: where the next line begins is anybody's guess.
                hears = matches!(line, Some(Ok(_)));
                forget_read(&mut lines);
                asked.extend(line.map(|line| reply_to(line.ok(), &door)));
            }
            Some((reply, subscribed)) = asked.next() => {
                subscription = subscribed.or(subscription);
                if say(&mut lines, reply).await.is_err() {
                    return;
                }
            }
            event = next_event(&mut subscription) => {
                // None: it lagged, or the node ends.
                let Some(line) = event.and_then(|event| rpc::notification(event).ok()) else {
                    return;
                };
                if say(&mut lines, line).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Frees the buffer that the last line was read into: it may have been a passphrase, and the
/// connection may stay for hours. What came after that line is kept.
fn forget_read(lines: &mut Lines) {
    let read = lines.read_buffer_mut();
    *read = read.as_ref().into();
}

/// What a subscriber hears of: what the engine tells, and that it comes and goes.
pub(super) struct Subscription {
    pub events: broadcast::Receiver<Event>,
    pub locked: watch::Receiver<bool>,
}

/// Leaves nothing that was said in the buffers of a connection, which may stay open for days.
fn forget(lines: &mut Lines) {
    // Whoever frees memory erases it: the program's allocator.
    if lines.read_buffer().is_empty() {
        std::mem::take(lines.read_buffer_mut());
        lines.read_buffer_mut().reserve(CONTROL_BUFFER_BYTES);
    }
    if lines.write_buffer().is_empty() {
        std::mem::take(lines.write_buffer_mut());
    }
}

/// The next event for a subscriber; never, for everybody else.
async fn next_event(subscription: &mut Option<Subscription>) -> Option<shape::Event> {
    let Some(Subscription { events, locked }) = subscription else {
        return std::future::pending().await;
    };
    tokio::select! {
        event = events.recv() => event.ok().map(Into::into),
        changed = locked.changed() => changed.ok().map(|()| match *locked.borrow_and_update() {
            true => shape::Event::Locked,
            false => shape::Event::Unlocked,
        }),
    }
}

async fn say(lines: &mut Lines, line: String) -> Result<(), ()> {
    match timeout(
        Duration::from_secs(CONTROL_WRITE_SECONDS_MAX),
        lines.send(line),
    )
    .await
    {
        Ok(Ok(())) => Ok(()),
        _ => Err(()),
    }
}
