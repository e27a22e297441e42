//! An open node: the engine's thread with the network and the store around it, and its end.

use std::io;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

use kith_proto::engine::{Addr, Event, Settings};
use tokio::sync::{broadcast, oneshot};

use super::RunError;
use super::open::Opened;
use super::post;
use crate::home::Home;
use crate::net::{self, CannotListen, News};
use crate::shell::{Ended, Happened, Parts, Porter, Post, Shell, Terms, scrub_stack};

/// What of a node outlives its being locked.
#[derive(Clone)]
pub(super) struct Lasting {
    pub(super) settings: Settings,
    /// What all files may take, in bytes.
    pub(super) disk_max: u64,
    pub(super) net: net::Setup,
    pub(super) events: broadcast::Sender<Event>,
    pub(super) disk_used: Arc<AtomicU64>,
    /// What is run when messages come; empty for nothing.
    pub(super) on_message: Vec<String>,
}

impl Lasting {
    /// What the keeper is told: it has half of the disk at most.
    fn terms(&self) -> Terms {
        Terms {
            post_min: self.settings.post_min,
            disk_max: self.disk_max / 2,
        }
    }
}

/// A running engine.
pub(super) struct Running {
    inbox: Sender<Happened>,
    ended: oneshot::Receiver<Ended>,
    thread: JoinHandle<()>,
}

impl Running {
    /// Starts everything; beside it comes where it is told at how many addresses friends can knock,
    /// once that is known.
    pub(super) fn start(
        opened: Box<Opened>,
        home: &Home,
        lasting: Lasting,
    ) -> Result<(Self, oneshot::Receiver<u32>), RunError> {
        let (inbox, happened) = channel();
        let (heard, addresses) = oneshot::channel();
        let kept = post::open(home)?;
        let post = Post::new(kept, post::site(home), lasting.terms(), &inbox)?;
        let Lasting {
            settings,
            disk_max,
            net,
            events,
            disk_used,
            on_message: _,
        } = lasting;
        let net = net::start(net, teller(inbox.clone(), heard)).map_err(cannot_listen)?;
        let Opened {
            engine,
            vault,
            store,
        } = *opened;
        let parts = Parts {
            engine,
            settings,
            vault,
            store,
            net,
            events,
            disk_used,
            disk_max,
            post,
        };
        let shell = Shell::new(parts, &inbox).map_err(RunError::from)?;
        let running = Self::spawn("kith-engine", inbox, move || shell.run(&happened))?;
        Ok((running, addresses))
    }

    /// Starts what runs in a locked home: the keeper alone; nothing if it keeps nothing, and then
    /// nobody listens.
    pub(super) fn porter(home: &Home, lasting: Lasting) -> Result<Option<Self>, RunError> {
        let kept = post::open(home)?.filter(|kept| kept.keeper.has_boxes());
        let Some(kept) = kept else {
            return Ok(None);
        };
        let (inbox, happened) = channel();
        let post = Post::new(Some(kept), post::site(home), lasting.terms(), &inbox)?;
        let news = inbox.clone();
        let tell = move |it| drop(news.send(Happened::News(it)));
        let setup = net::Setup {
            beacons: false,
            ..lasting.net
        };
        let net = net::start(setup, tell).map_err(cannot_listen)?;
        let porter = Porter { post, net };
        Self::spawn("kith-keeper", inbox, move || porter.run(&happened)).map(Some)
    }

    fn spawn(
        name: &str,
        inbox: Sender<Happened>,
        run: impl FnOnce() -> Ended + Send + 'static,
    ) -> Result<Self, RunError> {
        let (end, ended) = oneshot::channel();
        let thread = thread::Builder::new()
            .name(name.into())
            .spawn(move || {
                let how = run();
                // The system keeps stacks of threads that ended for those to come.
                scrub_stack();
                // Whoever waits for it may be gone.
                let _ = end.send(how);
            })
            .map_err(RunError::from)?;
        Ok(Self {
            inbox,
            ended,
            thread,
        })
    }

    /// A way to the engine's thread.
    pub(super) fn inbox(&self) -> &Sender<Happened> {
        &self.inbox
    }

    /// Waits until the engine has ended, keys and all. To be called once it is [`Self::stop`]ped,
    /// or to learn that it failed; may be dropped and called again.
    pub(super) async fn end(&mut self) -> Ended {
        (&mut self.ended).await.unwrap_or(Ended::Broken)
    }

    /// Tells the engine to finish its commit and end.
    pub(super) fn stop(&self) {
        // If it is gone already, its end says why.
        let _ = self.inbox.send(Happened::Stop);
    }

    /// After its end.
    pub(super) fn join(self) {
        let _ = self.thread.join();
    }
}

/// Gives the network a way to the engine, and tells when the first addresses are known.
fn teller(inbox: Sender<Happened>, heard: oneshot::Sender<u32>) -> impl Fn(News) + Send + Sync {
    let heard = Mutex::new(Some(heard));
    move |news| {
        let listening = match &news {
            News::Listening(addrs) => Some(count(addrs)),
            _ => None,
        };
        // The engine ended: so does the network, in a moment.
        let _ = inbox.send(Happened::News(news));
        if let Some(count) = listening
            && let Some(heard) = heard.lock().ok().and_then(|mut heard| heard.take())
        {
            let _ = heard.send(count);
        }
    }
}

fn count(addrs: &[Addr]) -> u32 {
    u32::try_from(addrs.len()).unwrap_or(u32::MAX)
}

fn cannot_listen(error: CannotListen) -> RunError {
    match error {
        CannotListen::NoMeans => RunError::Io(io::ErrorKind::Other.into()),
        _ => RunError::CannotListen,
    }
}
