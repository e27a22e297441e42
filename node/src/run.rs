//! STAND-IN, to be thrown away: a toy node with one friend who repeats what she hears.
#![allow(missing_docs, clippy::all, clippy::unwrap_used)]
use crate::config::Config;
use crate::control::{self, Ask, Door, Order};
use crate::home::{Home, NotLocked};
use kith_proto::engine::*;
use kith_proto::secret::Said;
pub enum Unlock {
    Passphrase(Said),
    DeviceKey,
}
#[derive(Debug)]
pub enum CreateError {
    Exists,
    DiskFull,
    Io(std::io::Error),
}
#[derive(Debug)]
pub enum RunError {
    Held { pid: Option<u32> },
    NoHome,
    WrongPassphrase,
    NeedsPassphrase,
    NeedsDeviceKey,
    SlotDamaged,
    DatabaseDamaged,
    CannotListen,
    DiskFull,
    Io(std::io::Error),
}
pub struct Ready {
    pub addresses: u32,
}
pub fn create(home: &Home, unlock: &Unlock, _cheap: bool) -> Result<(), CreateError> {
    if home.exists() {
        return Err(CreateError::Exists);
    }
    home.prepare().map_err(CreateError::Io)?;
    if matches!(unlock, Unlock::DeviceKey) {
        home.keep_device_key(&[7; 32]).map_err(CreateError::Io)?;
    }
    let kept: &[u8] = match unlock {
        Unlock::Passphrase(p) => p,
        Unlock::DeviceKey => b"",
    };
    std::fs::write(home.data().join("root.slot"), kept).map_err(CreateError::Io)
}
pub fn run(
    home: Home,
    unlock: Unlock,
    config: Config,
    on_ready: impl FnOnce(Ready),
) -> Result<(), RunError> {
    if !home.exists() {
        return Err(RunError::NoHome);
    }
    let _lock = home.lock().map_err(|e| match e {
        NotLocked::Held { pid } => RunError::Held { pid },
        NotLocked::Io(e) => RunError::Io(e.into()),
    })?;
    let kept = std::fs::read(home.data().join("root.slot")).map_err(RunError::Io)?;
    match &unlock {
        Unlock::Passphrase(_) if kept.is_empty() => return Err(RunError::NeedsDeviceKey),
        Unlock::Passphrase(p) if **p != kept => return Err(RunError::WrongPassphrase),
        Unlock::DeviceKey if !kept.is_empty() => return Err(RunError::NeedsPassphrase),
        _ => {}
    }
    let rt = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(RunError::Io)?;
    rt.block_on(async move {
        let listener = control::listen(&home.socket()).map_err(RunError::Io)?;
        let (asks, mut asked) = tokio::sync::mpsc::channel(8);
        let (orders, mut ordered) = tokio::sync::mpsc::channel(8);
        let (events, _) = tokio::sync::broadcast::channel(64);
        let door = Door {
            asks,
            orders,
            events: events.clone(),
            disk_used: Default::default(),
        };
        let serving = tokio::spawn(control::serve(listener, door));
        on_ready(Ready {
            addresses: config.net.listen.len() as u32,
        });
        let mut toy = Toy::default();
        loop {
            tokio::select! {
                ask = asked.recv() => { let Some(Ask { request, reply }) = ask else { break };
                    let _ = reply.send(toy.answer(request, &events)); }
                order = ordered.recv() => { match order { Some(Order::Stop { reply }) => { let _ = reply.send(()); }
                    Some(Order::Wipe { reply }) => { let r = home.wipe(); let _ = reply.send(r.err().map_or(vec![], |r| r.paths.iter().map(|p| p.display().to_string()).collect())); }
                    None => {} }
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await; break; }
            }
        }
        serving.abort();
        let _ = std::fs::remove_file(home.socket());
        Ok(())
    })
}
#[derive(Default)]
struct Toy {
    inbox: Vec<Message>,
    seq: u64,
}
fn now() -> u32 {
    (std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map(|d| d.as_secs())
        .unwrap_or(0)
        / 60) as u32
}
impl Toy {
    fn contact(&self, words: Vec<&'static str>) -> Contact {
        Contact {
            petname: "zoé".into(),
            nick: Some("Zoé 75".into()),
            how: How::Code,
            online: true,
            last_seen_min: now(),
            since_min: now() - 3000,
            unread: self.inbox.len() as u32,
            outbox: 0,
            safety_words: words,
            addresses: 1,
        }
    }
    fn answer(
        &mut self,
        request: Request,
        events: &tokio::sync::broadcast::Sender<Event>,
    ) -> Result<Answer, Refusal> {
        let known = |name: &str| {
            if name == "zoé" {
                Ok(())
            } else {
                Err(Refusal::NoSuchFriend {
                    near: vec!["zoé".into()],
                })
            }
        };
        Ok(match request {
            Request::Status => Answer::Status(Status {
                online: 1,
                offline: 0,
                pending: 0,
                outbox: 0,
                unread: self.inbox.len() as u32,
                addresses: 1,
            }),
            Request::Invite { name, .. } => {
                if name == "zoé" {
                    return Err(Refusal::NameTaken { petname: name });
                }
                Answer::Invitation {
                    code: "KITH:AAAA-BBBB-CCCC".into(),
                    expires_min: now() + 10080,
                }
            }
            Request::Accept { code, .. } => {
                if !code.starts_with("KITH:") {
                    return Err(Refusal::BadCode);
                }
                Answer::Accepted {
                    expires_min: now() + 1440,
                }
            }
            Request::Contacts => Answer::Contacts(vec![self.contact(vec![])]),
            Request::Contact { name } => {
                known(&name)?;
                Answer::Contact(Box::new(self.contact(vec!["moulin"; 12])))
            }
            Request::Send { to, text } => {
                known(&to)?;
                self.seq += 1;
                let mut said = b"echo: ".to_vec();
                said.extend_from_slice(&text);
                self.inbox.push(Message {
                    seq: self.seq,
                    from: to.clone(),
                    received_min: now(),
                    claimed_min: now() - if self.seq % 3 == 0 { 300 } else { 0 },
                    text: Body::Here(said.into()),
                });
                let _ = events.send(Event::Delivered {
                    id: self.seq,
                    to: to.clone(),
                });
                let _ = events.send(Event::Message {
                    seq: self.seq,
                    from: to,
                });
                Answer::Sent {
                    id: self.seq,
                    state: Delivery::Saved,
                }
            }
            Request::Inbox { after, max } => Answer::Inbox(
                self.inbox
                    .iter()
                    .filter(|m| m.seq > after)
                    .take(max as usize)
                    .cloned()
                    .collect(),
            ),
            Request::Acknowledge { up_to, .. } => {
                let n = self.inbox.len();
                self.inbox.retain(|m| m.seq > up_to);
                Answer::Acknowledged {
                    count: (n - self.inbox.len()) as u32,
                }
            }
            Request::Sent { id } => Answer::Sent {
                id,
                state: if id <= self.seq {
                    Delivery::Delivered
                } else {
                    Delivery::Unknown
                },
            },
        })
    }
}
