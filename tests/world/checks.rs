//! What holds once faults have ended and everything was read: nothing is lost, nothing is kept.

use kith_proto::engine::{Answer, Contact, Delivery, Engine, How, Input, Request};
use kith_proto::time::Now;
use kith_proto::vault::{Erase, Name, Place};

use super::ledger::changes_of;
use super::people::Line;
use super::{Bare, Chance, Disk, HOUR, Node, World};

impl World {
    /// What holds once faults have ended and all was read.
    pub(super) fn check_end(&mut self) {
        if !self.is_settled() {
            let found = self.describe();
            panic!("lines that were acknowledged and lost, or are kept:\n{found}");
        }
        for line in 0..self.people.lines.len() {
            let Line {
                from, acknowledged, ..
            } = self.people.lines[line];
            let Some(id) = acknowledged else { continue };
            let answer = self.request(from, Request::Sent { id });
            let sent = matches!(
                answer,
                Ok(Answer::Sent {
                    state: Delivery::Delivered,
                    ..
                })
            );
            assert!(sent, "its author does not know that it arrived");
        }
        let unasked = &self.people.must_ask;
        assert!(
            unasked.is_empty(),
            "a lost home that nobody notices: {unasked:?}"
        );
        self.check_identities();
        self.tap.check();
        for node in 0..self.nodes.len() {
            let status = self.status(node);
            assert_eq!(
                (status.outbox, status.unread, status.history),
                (0, 0, 0),
                "node {node} keeps something"
            );
            self.check_disk(node);
        }
    }

    /// Everybody stands under their newest identity with everybody, and nothing is left of former ones.
    fn check_identities(&mut self) {
        if self.people.renewed.is_empty() {
            return;
        }
        for node in 0..self.nodes.len() {
            for contact in self.contacts(node) {
                let how = contact.how;
                let changes = matches!(how, How::Announced | How::NewIdentity | How::Former);
                assert!(!changes, "{how:?} at node {node}: {}", self.describe());
            }
            let seeds = self.nodes[node].disk.ledger.names(b'p');
            assert!(
                seeds.is_empty(),
                "a former identity of node {node} is kept: {}",
                self.describe()
            );
        }
    }

    /// Links begin anew, and friends say there in which session they speak: in the same one.
    pub(super) fn check_sessions(&mut self, friends: &[(usize, usize)]) {
        self.speaks_in.clear();
        self.cut_all();
        let both_ways = friends.iter().flat_map(|(a, b)| [(*a, *b), (*b, *a)]);
        let both_ways: Vec<_> = both_ways.collect();
        let said = |world: &Self| {
            both_ways
                .iter()
                .all(|pair| world.speaks_in.contains_key(pair))
        };
        assert!(self.run_until(HOUR, said), "no link");
        for (one, other) in friends {
            let [mine, theirs] = [(*one, *other), (*other, *one)].map(|pair| self.speaks_in[&pair]);
            assert!(mine == theirs && mine != [0; 32], "two sessions");
        }
    }

    /// How everybody stands with everybody, for whoever looks for a fault.
    fn describe(&mut self) -> String {
        let mut found = String::new();
        for node in 0..self.nodes.len() {
            let clock = super::Node::clock(self.now, self.nodes[node].clock_ms).minutes();
            let status = self.status(node);
            found += &format!("node {node}, minute {clock}: {status:?}\n");
            for contact in self.contacts(node) {
                let Contact {
                    petname,
                    how,
                    online,
                    outbox,
                    ..
                } = contact;
                found += &format!("  {petname}: {how:?}, online {online}, outbox {outbox}\n");
            }
        }
        let lost = self
            .people
            .lines
            .iter()
            .enumerate()
            .filter(|(number, line)| {
                line.acknowledged.is_some() && !self.people.readers[line.to].lines.contains(number)
            });
        for (number, line) in lost {
            let Line {
                from,
                to,
                acknowledged,
                ..
            } = line;
            found += &format!("line {number} from {from} to {to}, entry {acknowledged:?}\n");
        }
        found
    }

    fn check_disk(&mut self, node: usize) {
        let now = Node::clock(self.now, self.nodes[node].clock_ms);
        let Node {
            disk,
            running,
            opened,
            chance,
            ..
        } = &mut self.nodes[node];
        assert_eq!(disk.bodies(), 0, "texts or parcels that nobody needs");
        assert!(disk.states() < 200, "{} records of state", disk.states());
        disk.check_forgotten(&running.as_ref().unwrap().vault);
        disk.check_old_tables(chance);
        check_used_keys(disk, now, opened, chance);
    }
}

/// Somebody takes the disk, unlocks it, and has recorded parcels: none that was opened opens again,
/// also not for a program that forgets which ones it has seen.
fn check_used_keys(disk: &Disk, now: Now, opened: &[Vec<u8>], chance: &mut Chance) {
    let mut disk = disk.clone();
    let (mut vault, _) = disk.unlock(chance);
    let names = disk.ledger.names(b'd').into_iter();
    let seen: Vec<_> = names
        .map(|name| Erase::Record(name, Place::State))
        .collect();
    let changes = changes_of(&[], &seen);
    let commit = vault.plan([(Vec::new(), seen)], chance.entropy()).unwrap();
    disk.apply(&commit, changes);
    let engine = Engine::open(now, chance.entropy(), disk.state(&vault)).unwrap();
    let mut thief = Bare::with(engine, chance.clone());
    thief.tell(Input::Tick);
    for parcel in opened {
        let led = thief.tell(Input::Parcel(parcel.clone()));
        // Without what it has seen it can only think that somebody else made it: it says so.
        let opens = |name: &Name| matches!(name.0.first(), Some(b'a' | b'r' | b'd'));
        let opened = led.names().0.iter().any(opens);
        assert!(!opened, "a used key opens its parcel again");
    }
}
