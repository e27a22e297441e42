//! Effects, carried out once their commit is on the disk: orders to the network, events, and answers
//! whose bodies are read, opened and joined here.

use kith_proto::engine::{Answer, AskId, Body, Effect, Event, Input, Refusal};
use kith_proto::onion::service_key;
use kith_proto::secret::Said;
use kith_proto::vault::{Name, Place, Vault};

use super::{Ended, Shell};
use crate::net::Order;
use crate::store::Store;

impl Shell {
    /// Carries out effects whose commit is on the disk.
    pub(super) fn release(&mut self, effects: Vec<Effect>) -> Result<(), Ended> {
        for effect in effects {
            match effect {
                Effect::Frame { conn, kind, body } => {
                    // Erased meanwhile: acknowledged, so nobody misses it.
                    if let Some(body) = self.at_hand(body)? {
                        let body = body.to_vec();
                        self.net.order(Order::Frame { conn, kind, body });
                    }
                }
                Effect::Fetch { id, names } => {
                    let text = self.at_hand(Body::Stored(names))?;
                    self.tell(Input::Fetched { id, text })?;
                }
                Effect::Show(event) => self.show(vec![event]),
                Effect::Answer { asker, answer } => self.answer(asker, answer)?,
                Effect::Dial { conn, handle, addr } => {
                    self.net.order(Order::Dial { conn, handle, addr });
                }
                Effect::DialThrough {
                    conn, via, circuit, ..
                } => {
                    self.net.order(Order::DialThrough { conn, via, circuit });
                }
                Effect::Write { conn, bytes } => self.net.order(Order::Write { conn, bytes }),
                Effect::Read {
                    conn,
                    bytes,
                    within_ms,
                } => self.net.order(Order::Read {
                    conn,
                    bytes,
                    within_ms,
                }),
                Effect::Link {
                    conn,
                    handle,
                    records,
                } => self.net.order(Order::Link {
                    conn,
                    handle,
                    records,
                }),
                Effect::OpenMeeting => self.net.order(Order::OpenMeeting),
                Effect::Publish(secret) => {
                    self.net.order(Order::Publish(service_key(&secret)));
                    self.post.hold(secret)?;
                }
                Effect::CloseMeeting => self.net.order(Order::CloseMeeting),
                Effect::Keep(grant) => self.post.keep(grant)?,
                Effect::Unkeep(id) => self.post.unkeep(id)?,
                Effect::Hear(hear) => self.net.order(Order::Hear(hear)),
                Effect::Beacon { from, bytes } => self.net.order(Order::Beacon { from, bytes }),
                Effect::Probe(conn) => self.net.order(Order::Probe(conn)),
                Effect::Close(conn) => self.net.order(Order::Close(conn)),
            }
        }
        Ok(())
    }

    fn answer(&mut self, asker: AskId, mut answer: Result<Answer, Refusal>) -> Result<(), Ended> {
        // What was erased between asking and answering is left out.
        let is_there = |text: &Body| !matches!(text, Body::Here(text) if text.is_empty());
        if let Ok(Answer::Inbox(messages)) = &mut answer {
            for message in messages.iter_mut() {
                self.bring(&mut message.text)?;
            }
            messages.retain(|message| is_there(&message.text));
        }
        if let Ok(Answer::History(lines)) = &mut answer {
            for line in lines.iter_mut() {
                self.bring(&mut line.text)?;
            }
            lines.retain(|line| is_there(&line.text));
        }
        if let Ok(Answer::Piece(piece)) = &mut answer {
            self.bring(piece)?;
        }
        if let Some(reply) = self.asked.remove(&asker) {
            let _ = reply.send(answer);
        }
        Ok(())
    }

    pub(super) fn show(&self, events: Vec<Event>) {
        for event in events {
            // Nobody may be listening.
            let _ = self.events.send(event);
        }
    }

    fn bring(&self, text: &mut Body) -> Result<(), Ended> {
        let stored = std::mem::replace(text, Body::Here(Said::default()));
        *text = Body::Here(self.at_hand(stored)?.unwrap_or_default());
        Ok(())
    }

    /// The bytes of a body; nothing if a piece of it is not there any more.
    fn at_hand(&self, body: Body) -> Result<Option<Said>, Ended> {
        let names = match body {
            Body::Here(bytes) => return Ok(Some(bytes)),
            Body::Stored(names) => names,
        };
        let store = self.store.as_ref().ok_or(Ended::Broken)?;
        joined(&self.vault, store, names)
    }
}

/// Pieces read, opened and put together; nothing if one of them is not there any more.
pub(super) fn joined(
    vault: &Vault,
    store: &Store,
    names: Vec<Name>,
) -> Result<Option<Said>, Ended> {
    let mut whole = Said::default();
    for name in names {
        let key = vault.key_of(Place::Body, &name);
        let sealed = store.get(&key).map_err(Ended::Store)?;
        let opened = sealed.and_then(|sealed| vault.open_record(&key, &sealed).ok());
        let Some((_, piece)) = opened else {
            return Ok(None);
        };
        let mut wider = Said::new(Vec::with_capacity(whole.len() + piece.len()));
        wider.extend_from_slice(&whole);
        wider.extend_from_slice(&piece);
        whole = wider;
    }
    Ok(Some(whole))
}
