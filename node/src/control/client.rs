//! The asking end of the local socket: what every command of the program speaks through.
//!
//! Blocking, one question at a time. A connection that subscribes becomes [`Events`] and asks
//! nothing more, so answers and events never mix.

mod meeting;

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use kith_proto::limits::CONTROL_LINE_BYTES_MAX;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::params;
use super::rpc::{ENDING, LOCKED};
use super::shape::{self, Refusal, Versioned};
use super::socket::ShortPath;

/// How long the node may take to answer, in seconds: a Raspberry Pi that stretches a passphrase or
/// waits for its card is slow, not gone.
const ANSWER_WITHIN_S: u64 = 60;

/// A connection to the node.
pub struct Client {
    lines: BufReader<UnixStream>,
}

/// A connection that only listens.
pub struct Events {
    lines: BufReader<UnixStream>,
}

/// Why there is no answer.
#[derive(Debug, PartialEq, Eq)]
pub enum CallError {
    /// Nobody listens at the socket: the node is down.
    Down,
    /// The node says no.
    Refused(Refusal),
    /// The node is locked: it answers no question but a few about itself.
    Locked,
    /// The connection ended, or stayed mute too long.
    Lost,
    /// An answer this program does not understand: the node runs another version.
    Garbled,
}

#[derive(Serialize)]
struct Call<'a, P> {
    jsonrpc: &'static str,
    id: u32,
    method: &'a str,
    params: P,
}

#[derive(Deserialize)]
struct Reply<T> {
    result: Option<Versioned<T>>,
    error: Option<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    code: i32,
    data: Option<Refusal>,
}

#[derive(Deserialize)]
struct Notification {
    params: Versioned<shape::Event>,
}

impl Client {
    /// Connects to the socket at `path`.
    ///
    /// # Errors
    /// [`CallError::Down`] if nobody listens there.
    pub fn connect(path: &Path) -> Result<Self, CallError> {
        let short = ShortPath::of(path).map_err(|_| CallError::Down)?;
        let stream = UnixStream::connect(&short.path).map_err(|_| CallError::Down)?;
        let within = Some(Duration::from_secs(ANSWER_WITHIN_S));
        stream
            .set_read_timeout(within)
            .map_err(|_| CallError::Lost)?;
        stream
            .set_write_timeout(within)
            .map_err(|_| CallError::Lost)?;
        let lines = BufReader::new(stream);
        Ok(Self { lines })
    }

    /// Who runs the node.
    ///
    /// # Errors
    /// As for every question: [`CallError`].
    pub fn hello(&mut self) -> Result<shape::Hello, CallError> {
        self.call("hello", params::Nothing {})
    }

    /// How the node is.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn status(&mut self) -> Result<shape::Status, CallError> {
        self.call("status", params::Nothing {})
    }

    /// Makes an invitation.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn invite(&mut self, invite: &params::Invite) -> Result<shape::Invitation, CallError> {
        self.call("invite", invite)
    }

    /// Uses an invitation.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn accept(&mut self, accept: &params::Accept) -> Result<shape::Accepted, CallError> {
        self.call("accept", accept)
    }

    /// All friends.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn contacts(&mut self) -> Result<shape::Contacts, CallError> {
        self.call("contact.list", params::Nothing {})
    }

    /// One friend.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn contact(&mut self, name: &str) -> Result<shape::Contact, CallError> {
        let name = name.to_owned();
        self.call("contact.show", params::Show { name })
    }

    /// Writes to a friend.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn send(&mut self, send: &params::Send) -> Result<shape::Sent, CallError> {
        self.call("send", send)
    }

    /// What became of a message.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn send_state(&mut self, id: u64) -> Result<shape::Sent, CallError> {
        self.call("send.state", params::SendState { id })
    }

    /// Some messages after number `after`, at most `max`; none only if there are none.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn inbox(&mut self, after: u64, max: u32) -> Result<shape::Inbox, CallError> {
        self.call("inbox", params::Read { after, max })
    }

    /// Lets the node forget messages up to `up_to`, of one friend or of all.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn acknowledge(
        &mut self,
        up_to: u64,
        from: Option<String>,
    ) -> Result<shape::Acknowledged, CallError> {
        self.acknowledge_after(0, up_to, from)
    }

    /// The same, only those after `after`: what lies before was not read.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn acknowledge_after(
        &mut self,
        after: u64,
        up_to: u64,
        from: Option<String>,
    ) -> Result<shape::Acknowledged, CallError> {
        let params = params::Acknowledge { after, up_to, from };
        self.call("inbox.ack", params)
    }

    /// Lines of a conversation before a number, the newest `max` of them, oldest first.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn history(
        &mut self,
        name: &str,
        before: Option<u64>,
        max: u32,
    ) -> Result<shape::History, CallError> {
        let name = name.to_owned();
        self.call("history", params::History { name, before, max })
    }

    /// Erases what is kept of a conversation, or of all.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn erase_history(&mut self, name: Option<String>) -> Result<shape::Erased, CallError> {
        self.call("history.erase", params::EraseHistory { name })
    }

    /// Says how long a conversation is kept here, in minutes; nothing for as long as others.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn keep(&mut self, name: &str, keep_min: Option<u32>) -> Result<shape::Contact, CallError> {
        let name = name.to_owned();
        self.call("history.keep", params::Keep { name, keep_min })
    }

    /// Says how long both sides should keep what they say, in minutes; 0 for no limit.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn timer(&mut self, name: &str, limit_min: u32) -> Result<shape::Contact, CallError> {
        let name = name.to_owned();
        self.call("history.timer", params::Timer { name, limit_min })
    }

    /// Lets a line of the history have said something else.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn edit(&mut self, name: &str, seq: u64, text: &str) -> Result<(), CallError> {
        let (name, text) = (name.to_owned(), text.to_owned());
        self.call("history.edit", params::Edit { name, seq, text })
            .map(|params::Nothing {}| ())
    }

    /// Makes a session that never was; gives its file.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn forge(&mut self, forge: &params::Forge) -> Result<String, CallError> {
        self.call("forge.transcript", forge)
            .map(|shape::Transcript { transcript }| transcript)
    }

    /// Whether the node would have taken a transcript for what a friend and it said.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn verify(&mut self, name: &str, transcript: &str) -> Result<shape::Verified, CallError> {
        let (name, transcript) = (name.to_owned(), transcript.to_owned());
        self.call("forge.verify", params::Verify { name, transcript })
    }

    /// Calls somebody otherwise from now on.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn rename(&mut self, name: &str, to: &str) -> Result<shape::Contact, CallError> {
        let (name, to) = (name.to_owned(), to.to_owned());
        self.call("contact.rename", params::Rename { name, to })
    }

    /// Remembers something about a friend, in the place of what was noted before.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn note(&mut self, name: &str, note: String) -> Result<shape::Contact, CallError> {
        let name = name.to_owned();
        self.call("contact.note", params::Note { name, note })
    }

    /// Lets what a friend says arrive unannounced, or announces it again.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn mute(&mut self, name: &str, muted: bool) -> Result<shape::Contact, CallError> {
        let name = name.to_owned();
        self.call("contact.mute", params::Mute { name, muted })
    }

    /// Says that a friend is another computer of somebody.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn join_computers(&mut self, name: &str, to: &str) -> Result<shape::Contact, CallError> {
        let (name, to) = (name.to_owned(), to.to_owned());
        self.call("contact.join", params::Rename { name, to })
    }

    /// Gives up one of a person's computers.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn drop_computer(
        &mut self,
        name: &str,
        computer: u32,
    ) -> Result<shape::Contact, CallError> {
        let name = name.to_owned();
        self.call("contact.drop", params::Drop { name, computer })
    }

    /// Is nobody to a friend from now on, or is there again.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn block(&mut self, name: &str, blocked: bool) -> Result<shape::Contact, CallError> {
        let name = name.to_owned();
        self.call("contact.block", params::Block { name, blocked })
    }

    /// Lets a friend hear, when they ask, what I call somebody.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn publish(&mut self, publish: &params::Publish) -> Result<shape::Shown, CallError> {
        self.call("name.publish", publish)
    }

    /// Shows somebody no more; gives what is not shown any more.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn unpublish(&mut self, name: &str, to: Option<String>) -> Result<shape::Shown, CallError> {
        let name = name.to_owned();
        self.call("name.unpublish", params::Unpublish { name, to })
    }

    /// Whom I show to whom.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn published(&mut self) -> Result<shape::Shown, CallError> {
        self.call("name.list", params::Nothing {})
    }

    /// What is known of a name; a friend may be asked, then an event says that they answered.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn who(&mut self, name: &str, ask: bool) -> Result<shape::Who, CallError> {
        let name = name.to_owned();
        self.call("who", params::Who { name, ask })
    }

    /// Says that the words of a session were compared by voice: these, or others.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn check(&mut self, name: &str, same: Option<String>) -> Result<shape::Contact, CallError> {
        let name = name.to_owned();
        self.call("contact.check", params::Check { name, same })
    }

    /// Says that the other was heard reading these twelve words.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn compare(&mut self, name: &str, heard: &str) -> Result<shape::Contact, CallError> {
        let (name, heard) = (name.to_owned(), heard.to_owned());
        self.call("contact.verify", params::Compare { name, heard })
    }

    /// Introduces two friends to each other.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn introduce(
        &mut self,
        name: &str,
        to: &str,
        say: &str,
    ) -> Result<shape::Introduced, CallError> {
        let (name, to, say) = (name.to_owned(), to.to_owned(), say.to_owned());
        self.call("introduce", params::Introduce { name, to, say })
    }

    /// Who waits at the door, and whom I asked.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn waiting(&mut self) -> Result<shape::WaitingList, CallError> {
        self.call("waiting.list", params::Nothing {})
    }

    /// Would like to know somebody who is introduced.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn welcome(&mut self, welcome: &params::Welcome) -> Result<(), CallError> {
        self.call("waiting.yes", welcome)
            .map(|params::Nothing {}| ())
    }

    /// Would not, or not any more.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn decline(&mut self, id: u32) -> Result<(), CallError> {
        self.call("waiting.no", params::Decline { id })
            .map(|params::Nothing {}| ())
    }

    /// Begins a new identity, and tells every friend.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn renew(&mut self) -> Result<shape::Renewed, CallError> {
        self.call("identity.new", params::Nothing {})
    }

    /// Ends a friendship here, or takes back an invitation.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn remove(&mut self, name: &str) -> Result<shape::Removed, CallError> {
        let name = name.to_owned();
        self.call("contact.rm", params::Show { name })
    }

    /// What somebody would find who opened this disk now.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn kept(&mut self) -> Result<shape::Kept, CallError> {
        self.call("kept", params::Nothing {})
    }

    /// Ends the node.
    ///
    /// # Errors
    /// [`CallError::Lost`] also if the node ended before it could answer.
    pub fn stop(&mut self) -> Result<(), CallError> {
        self.call("stop", params::Nothing {})
            .map(|params::Nothing {}| ())
    }

    /// Destroys everything in the home, and ends the node.
    ///
    /// # Errors
    /// [`CallError`]; then nobody knows what is left, and the home must be wiped directly.
    pub fn wipe(&mut self) -> Result<shape::Wiped, CallError> {
        self.call("wipe", params::Nothing {})
    }

    /// Drops all keys: the node is locked until somebody gives its passphrase. Fine if it was
    /// locked already.
    ///
    /// # Errors
    /// [`CallError`]; `NoPassphrase` where the key lies in the home.
    pub fn lock(&mut self) -> Result<(), CallError> {
        self.call("lock", params::Nothing {})
            .map(|params::Nothing {}| ())
    }

    /// Opens a locked node; takes a second or more. Fine, and nothing is tried, if it is open.
    ///
    /// # Errors
    /// [`CallError`]; `WrongPassphrase`, `Busy`, `NotDone`: it stays locked.
    pub fn unlock(&mut self, passphrase: &str) -> Result<(), CallError> {
        let passphrase = passphrase.to_owned();
        self.call("unlock", params::Unlock { passphrase })
            .map(|params::Nothing {}| ())
    }

    /// Changes the passphrase of an open node, or gives it its first; takes two seconds or more.
    ///
    /// # Errors
    /// [`CallError`]; `WrongPassphrase`, `BadPassphrase`, `Busy`, `NotDone`: the old one stays.
    /// After [`CallError::Lost`] one of the two opens the home, and nobody knows which.
    pub fn passphrase(&mut self, change: &params::Passphrase) -> Result<(), CallError> {
        self.call("passphrase", change).map(|params::Nothing {}| ())
    }

    /// A backup of an open node, sealed behind this passphrase: the bytes of its file, and how many
    /// friends are in it. Takes a second or more.
    ///
    /// # Errors
    /// [`CallError`]; `BadPassphrase`, `NotDone`.
    pub fn backup(&mut self, wanted: &params::Backup) -> Result<(Vec<u8>, u32), CallError> {
        let shape::Backup { file, friends } = self.call("backup", wanted)?;
        let file = data_encoding::BASE64.decode(file.as_bytes());
        let file = file.ok().filter(|file| !file.is_empty());
        Ok((file.ok_or(CallError::Garbled)?, friends))
    }

    /// What there is to know of process, home and machine, also of a locked node's.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn doctor(&mut self) -> Result<shape::Doctor, CallError> {
        self.call("doctor", params::Nothing {})
    }

    /// Listens to what happens from now on, while the node is locked too.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn subscribe(mut self) -> Result<Events, CallError> {
        let params::Nothing {} = self.call("subscribe", params::Nothing {})?;
        let Self { lines } = self;
        lines
            .get_ref()
            .set_read_timeout(None)
            .map_err(|_| CallError::Lost)?;
        Ok(Events { lines })
    }

    fn call<P: Serialize, T: DeserializeOwned>(
        &mut self,
        method: &str,
        params: P,
    ) -> Result<T, CallError> {
        let call = Call {
            jsonrpc: "2.0",
            id: 1,
            method,
            params,
        };
        let mut line = serde_json::to_string(&call).map_err(|_| CallError::Garbled)?;
        line.push('\n');
        let mut stream = self.lines.get_ref();
        stream
            .write_all(line.as_bytes())
            .map_err(|_| CallError::Lost)?;
        let reply: Reply<T> = read_line(&mut self.lines)?;
        match (reply.result, reply.error) {
            (Some(result), _) => Ok(result.body),
            (
                None,
                Some(Fault {
                    data: Some(refusal),
                    ..
                }),
            ) => Err(CallError::Refused(refusal)),
            (None, Some(Fault { code: LOCKED, .. })) => Err(CallError::Locked),
            (None, Some(Fault { code: ENDING, .. })) => Err(CallError::Lost),
            _ => Err(CallError::Garbled),
        }
    }
}

impl Events {
    /// Waits for the next event, for at most `within` if given; `None` when that time is over.
    ///
    /// # Errors
    /// [`CallError::Lost`] when the node ends or drops us for being slow.
    pub fn next(&mut self, within: Option<Duration>) -> Result<Option<shape::Event>, CallError> {
        // Nothing of a line may be lost when the time is over: wait for its first byte only.
        let within = within.map(|within| within.max(Duration::from_millis(1)));
        let stream = self.lines.get_ref();
        stream
            .set_read_timeout(within)
            .map_err(|_| CallError::Lost)?;
        match self.lines.fill_buf() {
            Ok(_) => {}
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Ok(None);
            }
            Err(_) => return Err(CallError::Lost),
        }
        let stream = self.lines.get_ref();
        stream.set_read_timeout(None).map_err(|_| CallError::Lost)?;
        let Notification { params } = read_line(&mut self.lines)?;
        Ok(Some(params.body))
    }
}

fn read_line<T: DeserializeOwned>(lines: &mut BufReader<UnixStream>) -> Result<T, CallError> {
    let mut line = Vec::new();
    let limit = CONTROL_LINE_BYTES_MAX as u64 + 1;
    let read = lines.take(limit).read_until(b'\n', &mut line);
    match read {
        Ok(_) if line.ends_with(b"\n") => {
            serde_json::from_slice(&line).map_err(|_| CallError::Garbled)
        }
        _ => Err(CallError::Lost),
    }
}
