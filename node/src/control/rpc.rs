//! One line in, one line out: what a client's line asks for, and how the answer is written.
//!
//! JSON-RPC 2.0 without batches and without notifications from the client: each request carries an
//! `id` and gets one answer. Keeps no state.

#[cfg(test)]
mod documented;
mod group;
mod method;
mod result;

use kith_proto::engine::Request;
use kith_proto::limits::CONTROL_LINE_BYTES_MAX;
use kith_proto::secret::Said;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::shape::{self, Versioned};
use method::asked;

pub(super) use result::{answer, doctor, hello, locked, meetings, nothing, wiped};

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
    /// Where others meet.
    FindMeetings,
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
