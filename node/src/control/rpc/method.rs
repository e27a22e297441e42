//! The methods: what each is called, which parameters it takes, and what it asks for.

use kith_proto::engine::{self as core, Addr, Request};
use kith_proto::limits::PASSPHRASE_BYTES_MAX;
use kith_proto::secret::Said;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Asked, Fault};
use crate::control::params;
use crate::control::shape;

pub(super) fn asked(method: &str, params: Option<Value>) -> Result<Asked, Fault> {
    let params = params.unwrap_or_else(|| json!({}));
    match method {
        "hello" => bare(params, Asked::Hello),
        "meet.find" => bare(params, Asked::FindMeetings),
        "subscribe" => bare(params, Asked::Subscribe),
        "stop" => bare(params, Asked::Stop),
        "wipe" => bare(params, Asked::Wipe),
        "lock" => bare(params, Asked::Lock),
        "unlock" => unlock(read(params)?),
        "passphrase" => passphrase(read(params)?),
        "doctor" => bare(params, Asked::Doctor),
        "backup" => backup(read(params)?),
        "status" => bare(params, Asked::Engine(Request::Status)),
        "kept" => bare(params, Asked::Engine(Request::Kept)),
        "identity.new" => bare(params, Asked::Engine(Request::Renew)),
        "name.list" => bare(params, Asked::Engine(Request::Published)),
        "contact.list" => bare(params, Asked::Engine(Request::Contacts)),
        "mailbox.list" => bare(
            params,
            Asked::Engine(Request::Mailbox(core::AskMailbox::List)),
        ),
        "token.list" => bare(
            params,
            Asked::Engine(Request::Tokens(core::AskTokens::List)),
        ),
        "file.list" => bare(params, Asked::Engine(Request::Files)),
        "waiting.list" => bare(params, Asked::Engine(Request::Waiting)),
        _ => engine(method, params).map(Asked::Engine),
    }
}

fn engine(method: &str, params: Value) -> Result<Request, Fault> {
    match method.split('.').next() {
        Some("contact") => contact(method, params),
        Some("history") => history(method, params),
        Some("forge") => forge(method, params),
        Some("name" | "who") => name(method, params),
        Some("introduce" | "waiting") => introduction(method, params),
        Some("group") => super::group::asked(method, params).map(Request::Group),
        Some("mailbox") => mailbox(method, params).map(Request::Mailbox),
        Some("token") => token(method, params).map(Request::Tokens),
        Some("file") => file(method, params),
        Some("carry" | "veille") => carry(method, params),
        Some("meet") => meet(method, params).map(|meet| Request::Meet(Box::new(meet))),
        _ => message(method, params),
    }
}

fn contact(method: &str, params: Value) -> Result<Request, Fault> {
    Ok(match method {
        "contact.show" => {
            let params::Show { name } = read(params)?;
            Request::Contact { name }
        }
        "contact.check" => {
            let params::Check { name, same } = read(params)?;
            Request::Check { name, same }
        }
        "contact.verify" => {
            let params::Compare { name, heard } = read(params)?;
            Request::Compare { name, heard }
        }
        "contact.rename" => {
            let params::Rename { name, to } = read(params)?;
            Request::Rename { name, to }
        }
        "contact.note" => {
            let params::Note { name, note } = read(params)?;
            Request::Note { name, note }
        }
        "contact.mute" => {
            let params::Mute { name, muted } = read(params)?;
            Request::Mute { name, muted }
        }
        "contact.block" => {
            let params::Block { name, blocked } = read(params)?;
            Request::Block { name, blocked }
        }
        "contact.join" => {
            let params::Rename { name, to } = read(params)?;
            Request::JoinComputers { name, to }
        }
        "contact.drop" => {
            let params::Drop { name, computer } = read(params)?;
            Request::DropComputer {
                name,
                place: computer,
            }
        }
        "contact.rm" => {
            let params::Show { name } = read(params)?;
            Request::Remove { name }
        }
        _ => return Err(Fault::NoSuchMethod),
    })
}

fn history(method: &str, params: Value) -> Result<Request, Fault> {
    Ok(match method {
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
        "history.edit" => {
            let params::Edit { name, seq, text } = read(params)?;
            let text = text.into_bytes().into();
            Request::Edit { name, seq, text }
        }
        _ => return Err(Fault::NoSuchMethod),
    })
}

fn introduction(method: &str, params: Value) -> Result<Request, Fault> {
    Ok(match method {
        "introduce" => {
            let params::Introduce { name, to, say } = read(params)?;
            let said = say;
            Request::Introduce { name, to, said }
        }
        "waiting.yes" => {
            let params::Welcome { id, name, language } = read(params)?;
            let language = language_of(language);
            Request::Welcome { id, name, language }
        }
        "waiting.no" => {
            let params::Decline { id } = read(params)?;
            Request::Decline { id }
        }
        _ => return Err(Fault::NoSuchMethod),
    })
}

/// Parcels that friends keep for each other.
fn mailbox(method: &str, params: Value) -> Result<core::AskMailbox, Fault> {
    Ok(match method {
        "mailbox.offer" => {
            let params::Quota { name, kib } = read(params)?;
            core::AskMailbox::Offer { name, kib }
        }
        "mailbox.ask" => {
            let params::Quota { name, kib } = read(params)?;
            core::AskMailbox::Ask { name, kib }
        }
        "mailbox.quota" => {
            let params::Quota { name, kib } = read(params)?;
            core::AskMailbox::Quota { name, kib }
        }
        "mailbox.rm" => {
            let params::Show { name } = read(params)?;
            core::AskMailbox::End { name }
        }
        _ => return Err(Fault::NoSuchMethod),
    })
}

fn token(method: &str, params: Value) -> Result<core::AskTokens, Fault> {
    let params::Show { name } = match method {
        "token.grant" | "token.revoke" => read(params)?,
        _ => return Err(Fault::NoSuchMethod),
    };
    Ok(match method {
        "token.grant" => core::AskTokens::Grant { name },
        _ => core::AskTokens::Revoke { name },
    })
}

fn carry(method: &str, params: Value) -> Result<Request, Fault> {
    Ok(match method {
        "veille" => {
            let params::Cover { on } = read(params)?;
            Request::Cover(on)
        }
        "carry.out" => {
            let params::CarryOut { to, acks, gathered } = read(params)?;
            Request::CarryOut { to, acks, gathered }
        }
        "carry.read" => {
            let params::ReadBundled { id } = read(params)?;
            Request::ReadBundled { id }
        }
        "carry.in" => {
            let params::CarryIn { data, last } = read(params)?;
            let bytes = from_base64(&data)?;
            Request::CarryIn { bytes, last }
        }
        _ => return Err(Fault::NoSuchMethod),
    })
}

fn from_base64(data: &str) -> Result<Said, Fault> {
    let bytes = data_encoding::BASE64.decode(data.as_bytes());
    let bytes = bytes.map_err(|wrong| Fault::BadParams(wrong.to_string()))?;
    Ok(bytes.into())
}

fn file(method: &str, params: Value) -> Result<Request, Fault> {
    Ok(match method {
        "file.offer" => {
            let params::OfferFile { to, name, bytes } = read(params)?;
            Request::OfferFile { to, name, bytes }
        }
        "file.fill" => {
            let params::FillFile { id, index, data } = read(params)?;
            let bytes = from_base64(&data)?;
            Request::FillFile { id, index, bytes }
        }
        "file.take" => {
            let params::Decline { id } = read(params)?;
            Request::TakeFile { id }
        }
        "file.rm" => {
            let params::Decline { id } = read(params)?;
            Request::DropFile { id }
        }
        "file.read" => {
            let params::ReadFile { id, index } = read(params)?;
            Request::ReadFile { id, index }
        }
        _ => return Err(Fault::NoSuchMethod),
    })
}

fn forge(method: &str, params: Value) -> Result<Request, Fault> {
    Ok(match method {
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
        _ => return Err(Fault::NoSuchMethod),
    })
}

/// What friends call other people.
fn name(method: &str, params: Value) -> Result<Request, Fault> {
    Ok(match method {
        "name.publish" => {
            let params::Publish {
                name,
                to,
                note,
                days,
            } = read(params)?;
            Request::Publish {
                name,
                to,
                note,
                days,
            }
        }
        "name.unpublish" => {
            let params::Unpublish { name, to } = read(params)?;
            Request::Unpublish { name, to }
        }
        "who" => {
            let params::Who { name, ask } = read(params)?;
            Request::Who { name, ask }
        }
        _ => return Err(Fault::NoSuchMethod),
    })
}

fn meet(method: &str, params: Value) -> Result<core::Meet, Fault> {
    Ok(match method {
        "meet" => core::Meet::Begin(begin(read(params)?)),
        "meet.count" => {
            let params::Count { count } = read(params)?;
            core::Meet::Count(count)
        }
        "meet.picked" => {
            let params::Picked { line } = read(params)?;
            core::Meet::Picked(line)
        }
        "meet.heard" => {
            let params::Heard { who, same } = read(params)?;
            core::Meet::Heard { who, same }
        }
        "meet.keep" => {
            let params::KeepPerson { who, petname } = read(params)?;
            core::Meet::Keep { who, petname }
        }
        "meet.show" => read(params).map(|params::Nothing {}| core::Meet::Show)?,
        "meet.leave" => read(params).map(|params::Nothing {}| core::Meet::Leave)?,
        _ => return Err(Fault::NoSuchMethod),
    })
}

fn begin(params: params::Meet) -> core::Begin {
    core::Begin {
        nick: params.nick,
        language: language_of(params.language),
        secret: match params.secret {
            params::RoomSecret::None => core::RoomSecret::None,
            params::RoomSecret::Draw => core::RoomSecret::Draw,
            params::RoomSecret::Words(typed) => core::RoomSecret::Words(typed),
        },
        join: params.join.map(addr),
        replace: params.replace,
    }
}

/// Invitations, and what is said.
fn message(method: &str, params: Value) -> Result<Request, Fault> {
    Ok(match method {
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
        "why" => {
            let of = match read(params)? {
                params::Why::Id(id) => core::Of::Message(id),
                params::Why::Name(name) => core::Of::Friend(name),
            };
            Request::Why { of }
        }
        "inbox" => {
            let params::Read { after, max } = read(params)?;
            Request::Inbox { after, max }
        }
        "inbox.ack" => {
            let params::Acknowledge { after, up_to, from } = read(params)?;
            Request::Acknowledge { after, up_to, from }
        }
        _ => return Err(Fault::NoSuchMethod),
    })
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

pub(super) fn read<T: DeserializeOwned>(params: Value) -> Result<T, Fault> {
    T::deserialize(params).map_err(|wrong| Fault::BadParams(wrong.to_string()))
}

fn invite(params: params::Invite) -> Request {
    Request::Invite {
        name: params.name,
        lifetime_s: params.lifetime_s,
        addrs: params.addrs.into_iter().map(addr).collect(),
        language: language_of(params.language),
    }
}

fn language_of(language: shape::Language) -> core::Language {
    match language {
        shape::Language::French => core::Language::French,
        shape::Language::English => core::Language::English,
    }
}

fn addr(addr: std::net::SocketAddr) -> Addr {
    match addr {
        std::net::SocketAddr::V4(v4) => Addr::V4(v4.ip().octets(), v4.port()),
        std::net::SocketAddr::V6(v6) => Addr::V6(v6.ip().octets(), v6.port()),
    }
}
