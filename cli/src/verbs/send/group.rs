//! Writing to a group: a question first if it would reach a machine that is said to be in other hands,
//! and to how many it came.

use std::time::{Duration, Instant};

use kith_node::control::client::{Client, Events};
use kith_node::control::params::Send;
use kith_node::control::shape::{Delivery, Event, Group, Sent};

use super::A_MOMENT;
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::{Msg, msg};
use crate::{group, view};

/// Sends to members, or to spectators too; unasked if that was agreed to.
pub(super) fn send(
    context: &Context,
    send: &Send,
    (to_all, agreed): (bool, bool),
    wait: Option<Duration>,
) -> Outcome {
    let mut node = context.node()?;
    let card = node.group(&send.to)?;
    if !agreed && !sure(context, &card, to_all)? {
        return super::not_sent(context);
    }
    // Listen first, so that no delivery is missed.
    let events = context.node()?.subscribe()?;
    let sent = match to_all {
        true => node.group_send(send)?,
        false => node.send(send)?,
    };
    let sent = everywhere(&mut node, events, sent, wait.unwrap_or(A_MOMENT))?;
    let state = sent.state;
    match context.json {
        true => context.json(sent)?,
        false => context.say(&seen(&send.to, &sent))?,
    }
    Ok(match (wait, state) {
        (_, Delivery::Delivered) | (None, _) => Exit::OK,
        (Some(_), _) => Exit::TRY_LATER,
    })
}

/// Whether it may go to everybody it would reach.
fn sure(context: &Context, card: &Group, to_all: bool) -> Result<bool, Failed> {
    let reported = group::reported(card, to_all);
    if reported.is_empty() {
        return Ok(true);
    }
    super::sure(context, group::names(&context.words, &reported))
}

/// Waits for at most so long until everybody has it.
fn everywhere(
    node: &mut Client,
    mut events: Events,
    mut sent: Sent,
    wait: Duration,
) -> Result<Sent, Failed> {
    let began = Instant::now();
    while sent.state != Delivery::Delivered {
        let left = wait.saturating_sub(began.elapsed());
        if left.is_zero() {
            return Ok(node.send_state(sent.id)?);
        }
        if let Some(Event::Delivered { id, .. }) = events.next(Some(left))?
            && id == sent.id
        {
            sent = node.send_state(id)?;
        }
    }
    Ok(sent)
}

/// `Seen by 7 of 8.`
pub(crate) fn seen(name: &str, sent: &Sent) -> Msg {
    let group = view::group(name);
    match (sent.state, sent.seen) {
        (Delivery::Delivered, _) => msg!("send-group-all", group = group),
        (Delivery::Seen, Some(by)) if by.seen > 0 => {
            msg!("send-group-seen", group = group, seen = by.seen, of = by.of)
        }
        (Delivery::Saved | Delivery::Kept | Delivery::Seen, _) => {
            msg!("send-group-saved", group = group)
        }
        (Delivery::NotArrived, _) => msg!("send-not-arrived", name = group),
        (Delivery::Unknown, _) => msg!("send-unknown", name = group),
    }
}
