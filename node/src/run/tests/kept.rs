//! Parcels kept for friends in a home that is locked, open, and locked again; over real sockets.

use std::io::{Read, Write};
use std::net::TcpStream;

use kith_proto::keeper::{Input, testing};
use kith_proto::limits::MAILBOX_BYTES;

use super::*;
use crate::clock;

/// A connection to the node; nobody waits for ever.
struct Line(TcpStream);

impl Line {
    fn to(node: &Node) -> Self {
        let socket = TcpStream::connect(node.listen[0]).unwrap();
        let patience = Some(Duration::from_secs(120));
        socket.set_read_timeout(patience).unwrap();
        Self(socket)
    }
}

impl testing::Wire for Line {
    fn write(&mut self, bytes: &[u8]) -> Option<()> {
        self.0.write_all(bytes).ok()
    }

    fn read(&mut self, bytes: usize) -> Option<Vec<u8>> {
        let mut read = vec![0; bytes];
        self.0.read_exact(&mut read).ok()?;
        Some(read)
    }
}

/// A node with a passphrase that was granted boxes of these numbers, and listens somewhere.
fn keeps(boxes: &[u8]) -> Node {
    let mut node = Node::make(&said(OLD));
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    node.listen.push(free.local_addr().unwrap());
    let mut kept = post::site(&node.home).make().unwrap();
    for number in boxes {
        let grant = Input::Keep(testing::grant(*number, MAILBOX_BYTES));
        kept.keeper.handle(clock::now(), [*number; 32], grant);
    }
    let step = kept.keeper.poll().unwrap();
    let steps = [(step.puts, step.erases)];
    let commit = kept.vault.plan(steps, [3; 32]).unwrap();
    kept.store.commit(&commit).unwrap();
    node
}

fn visit(node: &Node, serial: u16) -> Option<testing::Visitor<Line>> {
    testing::Visitor::knock(1, serial, Line::to(node))
}

fn fetch(node: &Node, stamp: u64) -> Option<Vec<Vec<u8>>> {
    testing::fetch(1, stamp, &mut Line::to(node))
}

const PARCEL: [u8; 2048] = [7; 2048];

#[test]
fn a_locked_home_keeps_parcels_and_hands_them_out() {
    let mut node = keeps(&[1]);
    let mut client = node.start(None);
    assert!(is_locked(&mut client));
    let mut visitor = visit(&node, 5).unwrap();
    let large = vec![8; 65_536];
    assert_eq!(visitor.leave(&PARCEL), Some(true));
    assert_eq!(visitor.leave(&large), Some(true));
    assert!(is_locked(&mut client) && client.contacts().is_err());
    assert_eq!(fetch(&node, 1), Some(vec![PARCEL.to_vec(), large]));
    assert_eq!(fetch(&node, 2), Some(vec![]));
    node.stop();
}

#[test]
fn who_leaves_something_does_not_notice_a_wrong_passphrase_and_the_right_one_opens() {
    let mut node = keeps(&[1]);
    let mut client = node.start(None);
    let mut visitor = visit(&node, 1).unwrap();
    assert_eq!(visitor.leave(&PARCEL), Some(true));
    assert_eq!(client.unlock(NEW), Err(WRONG));
    assert_eq!(visitor.leave(&PARCEL), Some(true));
    assert_eq!(client.unlock(OLD), Ok(()));
    assert!(client.contacts().is_ok());
    assert_eq!(client.lock(), Ok(()));
    assert_eq!(client.unlock(OLD), Ok(()));
    node.stop();
}

#[test]
fn a_parcel_that_was_acknowledged_is_there_after_the_power_went() {
    let mut node = keeps(&[1]);
    node.start(None);
    let mut visitor = visit(&node, 1).unwrap();
    assert_eq!(visitor.leave(&PARCEL), Some(true));
    // What the disk has at this moment: the node has no chance to write anything more.
    let image = tempfile::tempdir().unwrap();
    copy(node.home.data(), image.path());
    node.stop();
    fs::remove_dir_all(node.home.data()).unwrap();
    copy(image.path(), node.home.data());
    node.start(None);
    assert!(visit(&node, 1).is_none(), "its token is spent");
    assert_eq!(fetch(&node, 1), Some(vec![PARCEL.to_vec()]));
    node.stop();
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let there = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &there),
            false => drop(fs::copy(&path, &there).unwrap()),
        }
    }
}

#[test]
fn a_wipe_of_a_locked_home_ends_what_was_kept_too() {
    let mut node = keeps(&[1]);
    let mut client = node.start(None);
    visit(&node, 1).unwrap().leave(&PARCEL).unwrap();
    // Second names for the same bytes show what became of them.
    let kept = ["root.slot", "device.key"].map(|name| {
        let there = node.dir.path().join(name);
        fs::hard_link(node.data("post").join(name), &there).unwrap();
        (fs::read(&there).unwrap(), there)
    });
    assert_eq!(client.wipe().unwrap().remains, Vec::<String>::new());
    assert!(node.ended().is_ok());
    assert!(!node.dir.path().join("home").exists());
    for (before, there) in kept {
        assert_ne!(fs::read(there).unwrap(), before);
    }
}

#[test]
fn a_locked_home_without_boxes_listens_nowhere() {
    let mut node = keeps(&[1]);
    fs::remove_dir_all(node.data("post")).unwrap();
    node.start(None);
    assert!(TcpStream::connect(node.listen[0]).is_err());
    node.stop();
}

#[test]
fn a_home_whose_last_box_has_ended_keeps_no_key_of_a_locked_node_and_listens_nowhere() {
    let mut node = keeps(&[1]);
    let mut client = node.start(None);
    assert!(visit(&node, 1).is_some());
    let kept = ["root.slot", "device.key"].map(|name| {
        let there = node.dir.path().join(name);
        fs::hard_link(node.data("post").join(name), &there).unwrap();
        (fs::read(&there).unwrap(), there)
    });
    // The engine knows of no such box: it ends.
    assert_eq!(client.unlock(OLD), Ok(()));
    while node.data("post").exists() {
        assert!(client.contacts().is_ok());
    }
    for (before, there) in kept {
        assert_ne!(fs::read(there).unwrap(), before);
    }
    assert_eq!(client.lock(), Ok(()));
    assert!(TcpStream::connect(node.listen[0]).is_err());
    node.stop();
}

#[test]
fn a_store_that_cannot_be_read_keeps_no_node_from_running() {
    let mut node = keeps(&[1]);
    fs::write(node.data("post/root.slot"), [1; 12_288]).unwrap();
    let mut client = node.start(None);
    assert!(is_locked(&mut client));
    assert_eq!(client.unlock(OLD), Ok(()));
    node.stop();
}

#[test]
fn a_store_that_cannot_be_opened_now_is_not_taken_for_gone() {
    let mut node = keeps(&[1]);
    let [key, slot] = ["post/device.key", "post/root.slot"].map(|name| node.data(name));
    // A link that leads nowhere but to itself cannot be opened, whoever one is.
    let aside = node.data("post/aside");
    fs::rename(&key, &aside).unwrap();
    std::os::unix::fs::symlink("device.key", &key).unwrap();
    assert!(matches!(post::open(&node.home), Err(RunError::Io(_))));
    fs::remove_file(&key).unwrap();
    fs::rename(&aside, &key).unwrap();
    assert!(matches!(post::open(&node.home), Ok(Some(_))));
    // The next version's slot is like this one's.
    let old = fs::read(&slot).unwrap();
    let mut newer = old.clone();
    newer[16] += 1;
    let sum = blake3::hash(&newer[..4096 - 32]);
    newer[4096 - 32..4096].copy_from_slice(sum.as_bytes());
    fs::write(&slot, newer).unwrap();
    assert!(matches!(post::open(&node.home), Err(RunError::TooNew)));
    fs::write(&slot, old).unwrap();
    node.start(None);
    assert!(visit(&node, 1).is_some());
    node.stop();
}
