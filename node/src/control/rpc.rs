//! One line in, one line out: what a client's line asks for, and how the answer is written.
//!
//! JSON-RPC 2.0 without batches and without notifications from the client: each request carries an
//! `id` and gets one answer. Keeps no state.

use kith_proto::engine::{self as core, Addr, Answer, Body, Request};
use kith_proto::limits::{CONTROL_LINE_BYTES_MAX, INBOX_ENVELOPE_BYTES, PASSPHRASE_BYTES_MAX};
use kith_proto::secret::Said;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::params;
use super::shape::{self, Versioned, utc};

/// The code of an error that only says: locked.
pub(super) const LOCKED: i32 = -32002;
/// The code of an error that says: the node ends, or cannot answer.
pub(super) const ENDING: i32 = -32001;

/// What a line asks for.
pub(super) enum Asked {
    /// Who is there.
    Hello,
    /// To be told of events from now on.
    Subscribe,
    /// End the node.
    Stop,
    /// Destroy the home.
    Wipe,
    /// Drop all keys.
    Lock,
    /// Open with a passphrase.
    Unlock(Said),
    /// Take another passphrase from now on.
    Passphrase {
        /// What opens the home now, if it is a passphrase.
        old: Option<Said>,
        /// What shall.
        new: Said,
        /// Cheap to guess.
        cheap: bool,
    },
    /// Give a backup that this passphrase opens.
    Backup {
        /// Neither empty nor too long.
        passphrase: Said,
        /// Cheap to guess.
        cheap: bool,
    },
    /// What there is to know of process, home and machine.
    Doctor,
    /// Anything the engine answers.
    Engine(Request),
}

/// Why a line gets an error for an answer.
#[derive(Debug)]
pub(super) enum Fault {
    /// Longer than [`CONTROL_LINE_BYTES_MAX`], or not UTF-8.
    Unreadable,
    /// Not JSON.
    NotJson,
    /// Not a JSON-RPC 2.0 request with an `id`.
    NotARequest,
    /// No method has this name.
    NoSuchMethod,
    /// The method does not take these parameters.
    BadParams(String),
    /// The node says no.
    Refused(shape::Refusal),
    /// The node is locked: nobody is there who could answer.
    Locked,
    /// The node is ending, or cannot answer.
    Ending,
}

#[derive(Deserialize)]
struct Envelope {
    jsonrpc: String,
    id: Value,
    method: String,
    #[serde(default)]
    params: Option<Value>,
}

#[derive(Serialize)]
struct Reply<'a, T> {
    jsonrpc: &'static str,
    id: &'a Value,
    result: T,
}

#[derive(Serialize)]
struct Notification {
    jsonrpc: &'static str,
    method: &'static str,
    params: Versioned<shape::Event>,
}

/// The `id` to answer with, and what is asked.
pub(super) fn parse(line: &str) -> (Value, Result<Asked, Fault>) {
    let Ok(value) = serde_json::from_str::<Value>(line) else {
        return (Value::Null, Err(Fault::NotJson));
    };
    match Envelope::deserialize(value) {
        Ok(Envelope { jsonrpc, id, .. })
            if jsonrpc != "2.0" || !(id.is_string() || id.is_number()) =>
        {
            (Value::Null, Err(Fault::NotARequest))
        }
        Ok(Envelope {
            id, method, params, ..
        }) => (id, asked(&method, params)),
        Err(_) => (Value::Null, Err(Fault::NotARequest)),
    }
}

fn asked(method: &str, params: Option<Value>) -> Result<Asked, Fault> {
    let params = params.unwrap_or_else(|| json!({}));
    let request = match method {
        "hello" => return bare(params, Asked::Hello),
        "subscribe" => return bare(params, Asked::Subscribe),
        "stop" => return bare(params, Asked::Stop),
        "wipe" => return bare(params, Asked::Wipe),
        "lock" => return bare(params, Asked::Lock),
        "unlock" => return unlock(read(params)?),
        "passphrase" => return passphrase(read(params)?),
        "doctor" => return bare(params, Asked::Doctor),
        "backup" => return backup(read(params)?),
        "status" => return bare(params, Asked::Engine(Request::Status)),
        "contact.list" => return bare(params, Asked::Engine(Request::Contacts)),
        "contact.show" => {
            let params::Show { name } = read(params)?;
            Request::Contact { name }
        }
        "invite" => invite(read(params)?),
        "accept" => {
            let params::Accept { code, name, nick } = read(params)?;
            Request::Accept { code, name, nick }
        }
        "send" => {
            let params::Send {
                to,
                text,
                limit_min,
            } = read(params)?;
            let text = text.into_bytes().into();
            Request::Send {
                to,
                text,
                limit_min,
            }
        }
        "send.state" => {
            let params::SendState { id } = read(params)?;
            Request::Sent { id }
        }
        "inbox" => {
            let params::Read { after, max } = read(params)?;
            Request::Inbox { after, max }
        }
        "inbox.ack" => {
            let params::Acknowledge { up_to, from } = read(params)?;
            Request::Acknowledge { up_to, from }
        }
        "history" => {
            let params::History { name, before, max } = read(params)?;
            let before = before.unwrap_or(u64::MAX);
            Request::History { name, before, max }
        }
        "history.erase" => {
            let params::EraseHistory { name } = read(params)?;
            Request::EraseHistory { name }
        }
        "history.keep" => {
            let params::Keep { name, keep_min } = read(params)?;
            Request::Keep { name, keep_min }
        }
        "history.timer" => {
            let params::Timer { name, limit_min } = read(params)?;
            Request::Timer { name, limit_min }
        }
        "contact.check" => {
            let params::Check { name, same } = read(params)?;
            Request::Check { name, same }
        }
        "history.edit" => {
            let params::Edit { name, seq, text } = read(params)?;
            let text = text.into_bytes().into();
            Request::Edit { name, seq, text }
        }
        "forge.transcript" => {
            let params::Forge { name, spoken } = read(params)?;
            let spoken = spoken.into_iter().map(|said| core::Spoken {
                mine: said.mine,
                text: said.text.into_bytes().into(),
            });
            let spoken = spoken.collect();
            Request::Forge { name, spoken }
        }
        "forge.verify" => {
            let params::Verify { name, transcript } = read(params)?;
            let file = transcript.into_bytes().into();
            Request::Verify { name, file }
        }
        "contact.rename" => {
            let params::Rename { name, to } = read(params)?;
            Request::Rename { name, to }
        }
        "contact.rm" => {
            let params::Show { name } = read(params)?;
            Request::Remove { name }
        }
        "kept" => return bare(params, Asked::Engine(Request::Kept)),
        _ => return Err(Fault::NoSuchMethod),
    };
    Ok(Asked::Engine(request))
}

fn bare(params: Value, asked: Asked) -> Result<Asked, Fault> {
    read(params).map(|params::Nothing {}| asked)
}

fn unlock(params: params::Unlock) -> Result<Asked, Fault> {
    Ok(Asked::Unlock(params.passphrase.into_bytes().into()))
}

/// A new passphrase must be one; an old one is whatever opens the home.
fn passphrase(params: params::Passphrase) -> Result<Asked, Fault> {
    let params::Passphrase { old, new, cheap } = params;
    let (old, new) = (old.map(String::into_bytes), new.into_bytes());
    if new.is_empty() || new.len() > PASSPHRASE_BYTES_MAX {
        return Err(Fault::Refused(shape::Refusal::BadPassphrase));
    }
    Ok(Asked::Passphrase {
        old: old.map(Said::from),
        new: new.into(),
        cheap,
    })
}

fn backup(params: params::Backup) -> Result<Asked, Fault> {
    let params::Backup { passphrase, cheap } = params;
    let passphrase = passphrase.into_bytes();
    if passphrase.is_empty() || passphrase.len() > PASSPHRASE_BYTES_MAX {
        return Err(Fault::Refused(shape::Refusal::BadPassphrase));
    }
    let passphrase = passphrase.into();
    Ok(Asked::Backup { passphrase, cheap })
}

fn read<T: DeserializeOwned>(params: Value) -> Result<T, Fault> {
    T::deserialize(params).map_err(|wrong| Fault::BadParams(wrong.to_string()))
}

fn invite(params: params::Invite) -> Request {
    Request::Invite {
        name: params.name,
        lifetime_s: params.lifetime_s,
        addrs: params.addrs.into_iter().map(addr).collect(),
        language: match params.language {
            shape::Language::French => core::Language::French,
            shape::Language::English => core::Language::English,
        },
    }
}

fn addr(addr: std::net::SocketAddr) -> Addr {
    match addr {
        std::net::SocketAddr::V4(v4) => Addr::V4(v4.ip().octets(), v4.port()),
        std::net::SocketAddr::V6(v6) => Addr::V6(v6.ip().octets(), v6.port()),
    }
}

/// The answer to `hello`.
pub(super) fn hello(id: &Value) -> Result<String, Fault> {
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let pid = std::process::id();
    reply(id, shape::Hello { version, pid })
}

/// An answer that says only: done.
pub(super) fn nothing(id: &Value) -> Result<String, Fault> {
    reply(id, params::Nothing {})
}

/// The answer to `wipe`.
pub(super) fn wiped(id: &Value, remains: Vec<String>) -> Result<String, Fault> {
    reply(id, shape::Wiped { remains })
}

/// The answer to `status` of a locked node.
pub(super) fn locked(id: &Value, disk: shape::Disk) -> Result<String, Fault> {
    reply(id, shape::Status::locked(disk))
}

/// The answer to `doctor`.
pub(super) fn doctor(id: &Value, found: shape::Doctor) -> Result<String, Fault> {
    reply(id, found)
}

/// What the engine answered, as a line.
pub(super) fn answer(id: &Value, answer: Answer, disk: shape::Disk) -> Result<String, Fault> {
    match answer {
        Answer::Status(status) => reply(id, shape::Status::new(&status, disk)),
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
            let state = state.into();
            reply(id, shape::Sent { id: message, state })
        }
        Answer::Inbox(messages) => {
            let messages = fitting(messages.into_iter().map(message_shape))?;
            reply(id, shape::Inbox { messages })
        }
        Answer::Acknowledged { count } => reply(id, shape::Acknowledged { count }),
        Answer::History(lines) => {
            // The newest are those that were asked for.
            let mut lines = fitting(lines.into_iter().rev().map(line_shape))?;
            lines.reverse();
            reply(id, shape::History { lines })
        }
        Answer::Erased { count } => reply(id, shape::Erased { count }),
        Answer::Changed(contact) => reply(id, shape::Contact::from(*contact)),
        Answer::Removed { outbox, unread } => reply(id, shape::Removed { outbox, unread }),
        Answer::Kept(kept) => reply(id, shape::Kept::from(kept)),
        Answer::Backup { friends, file } => {
            let file = data_encoding::BASE64.encode(&file);
            reply(id, shape::Backup { file, friends })
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

/// The first ones, as many as fit in one line: at least one if there are any.
fn fitting<T: Serialize>(found: impl Iterator<Item = Result<T, Fault>>) -> Result<Vec<T>, Fault> {
    let mut room = CONTROL_LINE_BYTES_MAX - INBOX_ENVELOPE_BYTES;
    let mut fit = Vec::new();
    for item in found {
        let item = item?;
        let bytes = serde_json::to_string(&item).map_or(usize::MAX, |line| line.len() + 1);
        match room.checked_sub(bytes) {
            Some(left) => room = left,
            None => break,
        }
        fit.push(item);
    }
    Ok(fit)
}

fn line_shape(line: core::Line) -> Result<shape::Line, Fault> {
    let Body::Here(text) = &line.text else {
        return Err(Fault::Ending);
    };
    Ok(shape::Line {
        seq: line.seq,
        mine: line.mine.map(Into::into),
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
        },
        text: String::from_utf8_lossy(text).into_owned(),
        received: utc(message.received_min),
        claimed: utc(message.claimed_min),
        limit_min: message.limit_min,
    })
}

fn reply<T: Serialize>(id: &Value, result: T) -> Result<String, Fault> {
    let line = serde_json::to_string(&Reply {
        jsonrpc: "2.0",
        id,
        result: Versioned::new(result),
    });
    line.ok()
        .filter(|line| line.len() <= CONTROL_LINE_BYTES_MAX)
        .ok_or(Fault::Ending)
}

/// An event, as a line for a subscriber.
pub(super) fn notification(event: shape::Event) -> Result<String, Fault> {
    let line = serde_json::to_string(&Notification {
        jsonrpc: "2.0",
        method: "event",
        params: Versioned::new(event),
    });
    line.map_err(|_| Fault::Ending)
}

/// An error, as a line. Its text is for programmers; people get theirs from the word files.
pub(super) fn fault(id: &Value, fault: &Fault) -> String {
    let (code, message) = match fault {
        Fault::Unreadable => (-32700, "line too long or not UTF-8"),
        Fault::NotJson => (-32700, "not JSON"),
        Fault::NotARequest => (-32600, "not a JSON-RPC 2.0 request with an id"),
        Fault::NoSuchMethod => (-32601, "no such method"),
        Fault::BadParams(wrong) => (-32602, wrong.as_str()),
        Fault::Refused(_) => (-32000, "refused"),
        Fault::Locked => (LOCKED, "the node is locked"),
        Fault::Ending => (ENDING, "the node cannot answer"),
    };
    let mut error = json!({ "code": code, "message": message });
    if let Fault::Refused(refusal) = fault {
        error["data"] = json!(refusal);
    }
    json!({ "jsonrpc": "2.0", "id": id, "error": error }).to_string()
}
