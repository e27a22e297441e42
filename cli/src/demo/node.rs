//! One node of the demonstration: a home of its own, started and stopped as `kith up` and `down` do.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::mpsc::channel;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use kith_node::config::{Config, Net};
use kith_node::control::client::Client;
use kith_node::control::params::Send;
use kith_node::control::shape::Delivery;
use kith_node::home::Home;
use kith_node::run::{self, Effort, Service, Unlock};

use super::Broken;

/// How long anything here may take; on loopback it takes milliseconds.
const WITHIN: Duration = Duration::from_secs(20);

/// A node, running or not.
pub(super) struct Node {
    pub(super) home: Home,
    listen: Vec<SocketAddr>,
    running: Option<JoinHandle<bool>>,
}

impl Node {
    /// Makes a node in `dir`. One that listens keeps its port; one that does not can still call.
    pub(super) fn make(dir: &Path, listens: bool) -> Result<Self, Broken> {
        let home = Home::at(dir);
        run::create(&home, &Unlock::DeviceKey, Effort::Least).map_err(|_| Broken("init"))?;
        let listen = if listens {
            vec![free_port().ok_or(Broken("port"))?]
        } else {
            Vec::new()
        };
        Ok(Self {
            home,
            listen,
            running: None,
        })
    }

    /// Moves to another port, while it is down; gives the one where it was.
    pub(super) fn moves(&mut self) -> Result<SocketAddr, Broken> {
        let before = self.address()?;
        self.listen = vec![free_port().ok_or(Broken("port"))?];
        Ok(before)
    }

    /// Where it listens.
    pub(super) fn address(&self) -> Result<SocketAddr, Broken> {
        self.listen.first().copied().ok_or(Broken("address"))
    }

    pub(super) fn start(&mut self) -> Result<(), Broken> {
        let (home, listen) = (self.home.clone(), self.listen.clone());
        let (ready, started) = channel();
        let running = thread::spawn(move || {
            let config = Config {
                net: Net {
                    listen,
                    beacons: false,
                    ..Net::default()
                },
                hurries: true,
                ..Config::default()
            };
            let alone = Service::default();
            run::run(home, Some(Unlock::DeviceKey), config, alone, move |_| {
                let _ = ready.send(());
            })
            .is_ok()
        });
        self.running = Some(running);
        started.recv_timeout(WITHIN).map_err(|_| Broken("up"))
    }

    pub(super) fn stop(&mut self) -> Result<(), Broken> {
        let Some(running) = self.running.take() else {
            return Ok(());
        };
        // It may end before its answer is written; that it ended well is what counts.
        let _ = self.client()?.stop();
        if running.join().unwrap_or(false) {
            Ok(())
        } else {
            Err(Broken("down"))
        }
    }

    pub(super) fn client(&self) -> Result<Client, Broken> {
        Client::connect(&self.home.socket()).map_err(|_| Broken("socket"))
    }

    pub(super) fn say(&self, to: &str, text: &str) -> Result<u64, Broken> {
        let send = Send {
            to: to.into(),
            text: text.into(),
            limit_min: 0,
        };
        self.client()?
            .send(&send)
            .map(|sent| sent.id)
            .map_err(|_| Broken("send"))
    }

    /// Waits until a friend's node has a message on its disk.
    pub(super) fn delivered(&self, id: u64) -> Result<(), Broken> {
        self.comes_to(id, Delivery::Delivered)
    }

    /// Waits until what became of a message is this.
    pub(super) fn comes_to(&self, id: u64, state: Delivery) -> Result<(), Broken> {
        let mut client = self.client()?;
        until(Broken("delivery"), || {
            client.send_state(id).is_ok_and(|sent| sent.state == state)
        })
    }

    /// Takes what arrived: each text with the name I have for its author.
    pub(super) fn take(&self) -> Result<Vec<(String, String)>, Broken> {
        let mut client = self.client()?;
        let inbox = client.inbox(0, 100).map_err(|_| Broken("inbox"))?;
        if let Some(last) = inbox.messages.last() {
            client
                .acknowledge(last.seq, None)
                .map_err(|_| Broken("ack"))?;
        }
        Ok(inbox
            .messages
            .into_iter()
            .map(|message| (message.from.petname, message.text))
            .collect())
    }

    /// Waits until so many friends are online.
    pub(super) fn online(&self, friends: u32) -> Result<(), Broken> {
        let mut client = self.client()?;
        until(Broken("online"), || {
            client.status().is_ok_and(|status| {
                status
                    .open
                    .is_some_and(|open| open.friends.online >= friends)
            })
        })
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.stop();
    }
}

pub(super) fn until(broken: Broken, mut holds: impl FnMut() -> bool) -> Result<(), Broken> {
    let began = Instant::now();
    while !holds() {
        if began.elapsed() > WITHIN {
            return Err(broken);
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// A port that was free a moment ago; the node keeps it over restarts, so that friends find it.
fn free_port() -> Option<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .ok()?
        .local_addr()
        .ok()
}
