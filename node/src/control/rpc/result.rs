//! The results: what was answered, in the shapes of the socket and within the bound of a line.

use kith_proto::engine::{self as core, Answer, Body};
use kith_proto::limits::{CONTROL_LINE_BYTES_MAX, INBOX_ENVELOPE_BYTES};
use serde::Serialize;
use serde_json::Value;

use super::{Fault, group, reply};
use crate::control::params;
use crate::control::shape::{self, utc};
use crate::net::socket_address;

/// The answer to `hello`.
pub(in crate::control) fn hello(id: &Value) -> Result<String, Fault> {
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let pid = std::process::id();
    reply(id, shape::Hello { version, pid })
}

/// An answer that says only: done.
pub(in crate::control) fn nothing(id: &Value) -> Result<String, Fault> {
    reply(id, params::Nothing {})
}

/// The answer to `wipe`.
pub(in crate::control) fn wiped(id: &Value, remains: Vec<String>) -> Result<String, Fault> {
    reply(id, shape::Wiped { remains })
}

/// The answer to `status` of a locked node.
pub(in crate::control) fn locked(id: &Value, shell: shape::Shell) -> Result<String, Fault> {
    reply(id, shape::Status::locked(shell))
}

/// The answer to `doctor`.
pub(in crate::control) fn doctor(id: &Value, found: shape::Doctor) -> Result<String, Fault> {
    reply(id, found)
}

/// The answer to `meet.find`.
pub(in crate::control) fn meetings(id: &Value, found: Vec<core::Addr>) -> Result<String, Fault> {
    let found = found.into_iter().filter_map(socket_address).collect();
    reply(id, shape::Meetings { found })
}

/// What the engine answered, as a line.
pub(in crate::control) fn answer(
    id: &Value,
    answer: Answer,
    shell: shape::Shell,
) -> Result<String, Fault> {
    match answer {
        Answer::Status(status) => reply(id, shape::Status::new(&status, shell)),
        Answer::Invitation { code, expires_min } => {
            let expires = utc(expires_min);
            reply(id, shape::Invitation { code, expires })
        }
        Answer::Accepted { expires_min } => {
            let expires = utc(expires_min);
            reply(id, shape::Accepted { expires })
        }
        Answer::Contacts(contacts) => {
            let contacts = contacts.into_iter().map(Into::into).collect();
            reply(id, shape::Contacts { contacts })
        }
        Answer::Contact(contact) => reply(id, shape::Contact::from(*contact)),
        Answer::Sent { id: message, state } => {
            let (kept, seen) = (shape::KeptBy::of(&state), shape::SeenBy::of(&state));
            let state = state.into();
            reply(
                id,
                shape::Sent {
                    id: message,
                    state,
                    kept,
                    seen,
                },
            )
        }
        Answer::Group(said) => group::answer(id, said),
        Answer::Why(why) => reply(id, shape::Why::from(*why)),
        Answer::Inbox(messages) => {
            let messages = fitting(LINE_ROOM, messages.into_iter().map(message_shape))?;
            reply(id, shape::Inbox { messages })
        }
        Answer::Acknowledged { count } => reply(id, shape::Acknowledged { count }),
        Answer::History(lines) => {
            // The newest are those that were asked for.
            let mut lines = fitting(LINE_ROOM, lines.into_iter().rev().map(line_shape))?;
            lines.reverse();
            reply(id, shape::History { lines })
        }
        Answer::Erased { count } => reply(id, shape::Erased { count }),
        Answer::Changed(contact) => reply(id, shape::Contact::from(*contact)),
        Answer::Shown(shown) => reply(id, shape::Shown::from(shown)),
        Answer::Who(who) => reply(id, shape::Who::from(*who)),
        Answer::Removed { outbox, unread } => reply(id, shape::Removed { outbox, unread }),
        Answer::Introduced { id: no } => reply(id, shape::Introduced { id: no }),
        Answer::Waiting(waiting) => {
            let waiting = waiting.into_iter().map(Into::into).collect();
            reply(id, shape::WaitingList { waiting })
        }
        Answer::Mailboxes(mailboxes) => {
            let mailboxes = mailboxes.into_iter().map(Into::into).collect();
            reply(id, shape::Mailboxes { mailboxes })
        }
        Answer::Tokens { given, held } => {
            let given = given.into_iter().map(Into::into).collect();
            let held = held.into_iter().map(Into::into).collect();
            reply(id, shape::Tokens { given, held })
        }
        Answer::Welcomed | Answer::Declined => nothing(id),
        Answer::File(card) => reply(id, shape::File::from(*card)),
        Answer::Files(cards) => {
            let files = cards.into_iter().map(|card| Ok(shape::File::from(card)));
            let files = fitting(LINE_ROOM, files)?;
            reply(id, shape::Files { files })
        }
        Answer::Cover { on, links, friends } => reply(id, shape::Cover::of(on, links, friends)),
        Answer::Bundle(bundle) => reply(id, shape::Bundle::from(*bundle)),
        Answer::Carried(carried) => reply(id, shape::Carried::from(*carried)),
        Answer::Piece(piece) => {
            let Body::Here(piece) = piece else {
                return Err(Fault::Ending);
            };
            reply(id, shape::FilePiece::of(&piece))
        }
        Answer::Renewed { friends } => reply(id, shape::Renewed { friends }),
        Answer::Kept(kept) => reply(id, shape::Kept::from(kept)),
        Answer::Backup { friends, file } => {
            let file = data_encoding::BASE64.encode(&file);
            reply(id, shape::Backup { file, friends })
        }
        Answer::Meeting(meeting) => {
            let meeting = shape::Meeting::of(*meeting).ok_or(Fault::Ending)?;
            reply(id, meeting)
        }
        Answer::Edited => nothing(id),
        Answer::Transcript(file) => {
            let Body::Here(file) = file else {
                return Err(Fault::Ending);
            };
            let transcript = String::from_utf8_lossy(&file).into_owned();
            reply(id, shape::Transcript { transcript })
        }
        Answer::Verified { refused } => reply(id, shape::Verified { refused }),
    }
}

/// What a line has for a list.
const LINE_ROOM: usize = CONTROL_LINE_BYTES_MAX - INBOX_ENVELOPE_BYTES;

/// The first ones, as many as fit in so many bytes: of a whole line, at least one if there are any.
pub(super) fn fitting<T: Serialize>(
    mut room: usize,
    found: impl Iterator<Item = Result<T, Fault>>,
) -> Result<Vec<T>, Fault> {
    let mut fit = Vec::new();
    for item in found {
        let item = item?;
        match room.checked_sub(length(&item)) {
            Some(left) => room = left,
            None => break,
        }
        fit.push(item);
    }
    Ok(fit)
}

/// How long it is in a list.
pub(super) fn length(item: &impl Serialize) -> usize {
    serde_json::to_string(item).map_or(usize::MAX, |line| line.len() + 1)
}

fn line_shape(line: core::Line) -> Result<shape::Line, Fault> {
    let Body::Here(text) = &line.text else {
        return Err(Fault::Ending);
    };
    Ok(shape::Line {
        seq: line.seq,
        kept: line.mine.as_ref().and_then(shape::KeptBy::of),
        seen: line.mine.as_ref().and_then(shape::SeenBy::of),
        mine: line.mine.map(Into::into),
        from: line.from,
        to_all: line.to_all,
        time: utc(line.minute),
        left_min: line.left_min,
        limit_min: line.limit_min,
        text: String::from_utf8_lossy(text).into_owned(),
    })
}

fn message_shape(message: core::Message) -> Result<shape::Message, Fault> {
    // The run loop resolves stored bodies before they come here; one that did not come is a fault.
    let Body::Here(text) = &message.text else {
        return Err(Fault::Ending);
    };
    Ok(shape::Message {
        seq: message.seq,
        from: shape::Author {
            petname: message.from,
            state: message.how.into(),
            muted: message.muted,
        },
        group: message.group.map(Into::into),
        text: String::from_utf8_lossy(text).into_owned(),
        received: utc(message.received_min),
        claimed: utc(message.claimed_min),
        limit_min: message.limit_min,
    })
}
