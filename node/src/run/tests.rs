//! A node that is locked, opened and ended, in this process.

mod kept;

use std::net::SocketAddr;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::thread::{self, JoinHandle};

use super::*;
use crate::config::Net;
use crate::control::client::{CallError, Client};
use crate::control::params;
use crate::control::shape::{Event, Language, Refusal};

const OLD: &str = "un deux trois";
const NEW: &str = "quatre cinq six";

fn said(text: &str) -> Unlock {
    Unlock::Passphrase(text.as_bytes().to_vec().into())
}

/// A home in a temporary directory, and perhaps a node in it.
struct Node {
    home: Home,
    listen: Vec<SocketAddr>,
    running: Option<JoinHandle<Result<(), RunError>>>,
    dir: tempfile::TempDir,
}

impl Node {
    fn make(unlock: &Unlock) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::at(&dir.path().join("home"));
        create(&home, unlock, Effort::Least).unwrap();
        Self {
            home,
            listen: Vec::new(),
            running: None,
            dir,
        }
    }

    /// Starts it; its client once it answers.
    fn start(&mut self, unlock: Option<Unlock>) -> Client {
        let (home, listen) = (self.home.clone(), self.listen.clone());
        let (ready, answers) = std::sync::mpsc::channel();
        let running = thread::spawn(move || {
            let config = Config {
                net: Net {
                    listen,
                    beacons: false,
                    ..Net::default()
                },
                ..Config::default()
            };
            run(home, unlock, config, Service::default(), move |_| {
                ready.send(()).unwrap()
            })
        });
        self.running = Some(running);
        answers.recv().unwrap();
        self.client()
    }

    fn client(&self) -> Client {
        Client::connect(&self.home.socket()).unwrap()
    }

    fn ended(&mut self) -> Result<(), RunError> {
        self.running.take().unwrap().join().unwrap()
    }

    fn stop(&mut self) {
        self.client().stop().unwrap();
        self.ended().unwrap();
    }

    fn data(&self, name: &str) -> PathBuf {
        self.home.data().join(name)
    }
}

fn is_locked(client: &mut Client) -> bool {
    client.status().unwrap().locked
}

fn change(old: Option<&str>, new: &str) -> params::Passphrase {
    params::Passphrase {
        old: old.map(str::to_owned),
        new: new.to_owned(),
        cheap: true,
    }
}

const WRONG: CallError = CallError::Refused(Refusal::WrongPassphrase);

#[test]
fn a_node_without_its_passphrase_starts_locked_and_opens_over_the_socket() {
    let mut node = Node::make(&said(OLD));
    let mut client = node.start(None);
    assert!(is_locked(&mut client));
    assert!(client.doctor().unwrap().locked);
    assert_eq!(client.contacts().map(drop), Err(CallError::Locked));
    assert_eq!(
        client.passphrase(&change(Some(OLD), NEW)),
        Err(CallError::Locked)
    );
    assert_eq!(client.unlock(NEW), Err(WRONG));
    assert!(is_locked(&mut client));
    assert_eq!(client.unlock(OLD), Ok(()));
    assert!(!is_locked(&mut client));
    assert!(client.contacts().is_ok());
    assert_eq!(client.unlock("anything: it is open"), Ok(()));
    node.stop();
}

#[test]
fn a_node_can_be_locked_and_opened_again_and_again() {
    let mut node = Node::make(&said(OLD));
    let mut client = node.start(Some(said(OLD)));
    let mut events = node.client().subscribe().unwrap();
    for _ in 0..5 {
        assert_eq!(client.lock(), Ok(()));
        assert_eq!(client.lock(), Ok(()), "it is");
        assert_eq!(client.contacts().map(drop), Err(CallError::Locked));
        assert_eq!(events.next(None), Ok(Some(Event::Locked)));
        assert_eq!(client.unlock(OLD), Ok(()));
        assert!(client.contacts().is_ok());
        assert_eq!(events.next(None), Ok(Some(Event::Unlocked)));
    }
    node.stop();
}

#[test]
fn a_home_whose_key_lies_in_it_cannot_be_locked() {
    let mut node = Node::make(&Unlock::DeviceKey);
    let without = run(
        node.home.clone(),
        None,
        Config::default(),
        Service::default(),
        |_| (),
    );
    assert!(matches!(without, Err(RunError::NeedsDeviceKey)));
    let mut client = node.start(Some(Unlock::DeviceKey));
    let refused = CallError::Refused(Refusal::NoPassphrase);
    assert_eq!(client.lock(), Err(refused));
    assert!(client.contacts().is_ok(), "and goes on");
    node.stop();
}

#[test]
fn a_node_can_be_locked_although_its_stick_was_pulled() {
    let mut node = Node::make(&said(OLD));
    let (slot, stick) = (node.data("root.slot"), node.dir.path().join("stick"));
    fs::rename(&slot, &stick).unwrap();
    symlink(&stick, &slot).unwrap();
    let mut client = node.start(Some(said(OLD)));
    let away = node.dir.path().join("away");
    fs::rename(&stick, &away).unwrap();
    assert_eq!(client.lock(), Ok(()));
    assert!(matches!(
        client.unlock(OLD),
        Err(CallError::Refused(Refusal::NotDone { .. }))
    ));
    fs::rename(&away, &stick).unwrap();
    assert_eq!(client.unlock(OLD), Ok(()));
    node.stop();
}

#[test]
fn a_locked_node_stops() {
    let mut node = Node::make(&said(OLD));
    node.start(None);
    node.stop();
    assert!(!node.home.socket().exists());
}

#[test]
fn another_passphrase_opens_the_home_from_then_on_and_the_former_one_nothing() {
    let mut node = Node::make(&said(OLD));
    let mut client = node.start(Some(said(OLD)));
    assert_eq!(client.passphrase(&change(Some(NEW), NEW)), Err(WRONG));
    assert_eq!(client.passphrase(&change(None, NEW)), Err(WRONG));
    assert_eq!(client.passphrase(&change(Some(OLD), NEW)), Ok(()));
    // It goes on, and what it writes now stands behind the new one.
    let invite = params::Invite {
        name: "Zoé".into(),
        lifetime_s: 3600,
        addrs: vec![([127, 0, 0, 1], 4000).into()],
        language: Language::French,
    };
    client.invite(&invite).unwrap();
    assert_eq!(client.lock(), Ok(()));
    assert_eq!(client.unlock(OLD), Err(WRONG));
    assert_eq!(client.unlock(NEW), Ok(()));
    assert_eq!(client.contacts().unwrap().contacts.len(), 1);
    node.stop();
    let old = run(
        node.home.clone(),
        Some(said(OLD)),
        Config::default(),
        Service::default(),
        |_| (),
    );
    assert!(matches!(old, Err(RunError::WrongPassphrase)));
    node.start(Some(said(NEW)));
    node.stop();
}

#[test]
fn a_first_passphrase_ends_the_device_key() {
    let mut node = Node::make(&Unlock::DeviceKey);
    let key = node.data("device.key");
    // A second name for the same bytes shows what became of them.
    let kept = node.dir.path().join("kept");
    fs::hard_link(&key, &kept).unwrap();
    let before = fs::read(&kept).unwrap();
    let mut client = node.start(Some(Unlock::DeviceKey));
    assert_eq!(client.passphrase(&change(None, NEW)), Ok(()));
    assert!(!key.exists());
    assert_ne!(fs::read(&kept).unwrap(), before);
    assert_eq!(client.lock(), Ok(()), "now it can be");
    assert_eq!(client.unlock(NEW), Ok(()));
    node.stop();
}

#[test]
fn a_device_key_that_a_cut_off_change_left_is_ended_at_the_next_start() {
    let mut node = Node::make(&said(OLD));
    node.home.keep_device_key(&[7; 32]).unwrap();
    node.start(Some(said(OLD)));
    assert!(!node.data("device.key").exists());
    node.stop();
}

#[test]
fn a_locked_node_destroys_its_home_when_told() {
    let mut node = Node::make(&said(OLD));
    let mut client = node.start(None);
    assert_eq!(client.wipe().unwrap().remains, Vec::<String>::new());
    assert!(node.ended().is_ok());
    assert!(!node.dir.path().join("home").exists());
}

#[test]
fn a_wipe_waits_for_no_passphrase_that_is_being_tried() {
    let node = Node::make(&said(OLD));
    let (trying, opened) = oneshot::channel();
    let home = node.home.clone();
    let lasting = Lasting {
        settings: Config::default().settings(),
        disk_max: Config::default().disk.max.0,
        net: crate::net::Setup::default(),
        events: broadcast::channel(1).0,
        disk_used: Arc::default(),
        on_message: Vec::new(),
    };
    let keeper = Keeper::trying(home.clone(), lasting.clone(), opened);
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    let ended = runtime.block_on(async {
        let listener = control::listen(&home.socket(), None).unwrap();
        let socket = home.socket();
        let wiped = tokio::task::spawn_blocking(move || {
            let remains = Client::connect(&socket).unwrap().wipe().unwrap().remains;
            assert_eq!(remains, Vec::<String>::new());
        });
        let ended = serve(
            keeper,
            lasting,
            listener,
            &home,
            Service::default(),
            0,
            |_| (),
        )
        .await;
        wiped.await.unwrap();
        ended
    });
    assert!(matches!(ended, Ended::Stopped));
    assert!(!home.data().exists());
    assert!(trying.is_closed(), "what it opens now is not wanted");
}

#[test]
fn nothing_is_made_or_run_where_a_wipe_was_not_finished() {
    let node = Node::make(&said(OLD));
    let slot = node.data("root.slot");
    fs::remove_file(&slot).unwrap();
    symlink(node.dir.path().join("stick"), &slot).unwrap();
    assert!(node.home.wipe().is_err());
    let ran = run(
        node.home.clone(),
        None,
        Config::default(),
        Service::default(),
        |_| (),
    );
    assert!(matches!(ran, Err(RunError::WipeUnfinished)));
    let made = create(&node.home, &said(NEW), Effort::Least);
    assert!(matches!(made, Err(CreateError::WipeUnfinished)));
}
