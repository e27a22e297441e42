//! What holds once faults have ended and everything was read: nothing is lost, nothing is kept.

use kith_proto::engine::{Answer, Contact, Delivery, Request};

use super::people::{CANARY, Line};
use super::{Node, World};

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

    fn check_disk(&self, node: usize) {
        let Node { disk, running, .. } = &self.nodes[node];
        assert_eq!(disk.bodies(), 0, "texts or parcels that nobody needs");
        assert!(disk.states() < 200, "{} records of state", disk.states());
        assert!(!disk.shows(CANARY), "a name or a word on the disk");
        let vault = &running.as_ref().unwrap().vault;
        let readable = disk.not_erased(vault);
        assert_eq!(readable, [], "overwritten and can still be read");
    }
}
