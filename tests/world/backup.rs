//! A backup is made, and later the home is gone: the node begins again from it, on a new disk.

use std::collections::BTreeSet;

use kith_proto::engine::Engine;
use kith_proto::vault::{BackupLock, Cost, open_backup};

use super::disk::contains;
use super::ledger::changes_of;
use super::people::{CANARY, name_of, number_of};
use super::{Disk, Node, World};

const PASSPHRASE: &[u8] = b"un deux trois";

impl World {
    /// A person asks for a backup.
    pub(super) fn back_up(&mut self, node: usize) {
        if self.nodes[node].running.is_some() {
            let entropy = self.nodes[node].chance.at(self.now).entropy();
            let lock = BackupLock::new(PASSPHRASE, Cost::FLOOR, entropy).unwrap();
            self.ask_for_backup(node, lock);
        }
    }

    /// The backup is here; it holds no name that can be read.
    pub(super) fn backed_up(&mut self, node: usize, file: Vec<u8>) {
        assert!(!contains(&file, CANARY), "a name in a backup");
        self.nodes[node].backup = Some(file).filter(|file| !file.is_empty());
    }

    /// The home is gone. If there is a backup, it is all that the new one knows.
    pub(super) fn restore(&mut self, node: usize) {
        let Some(file) = self.nodes[node].backup.clone() else {
            return;
        };
        self.crash(node, None);
        let came = self.lines_on(node);
        let it = &mut self.nodes[node];
        let (now, chance) = (Node::clock(self.now, it.clock_ms), &mut it.chance);
        let backup = open_backup(&file, PASSPHRASE).unwrap();
        let (mut engine, _) = Engine::restore(now, chance.entropy(), &backup).unwrap();
        let (mut disk, mut vault) = Disk::new(chance);
        let first = engine.poll().map(|step| (step.puts, step.erases)).unwrap();
        let changes = changes_of(&first.0, &first.1);
        disk.apply(&vault.plan([first], chance.entropy()).unwrap(), changes);
        (it.disk, it.copy) = (disk, None);
        it.opened.clear();
        self.forget_flights(node);
        self.forget_all(node, &came);
        self.must_be_asked_about(node);
    }

    /// The lines that had come to a node which is down.
    fn lines_on(&mut self, node: usize) -> BTreeSet<usize> {
        let it = &mut self.nodes[node];
        let (vault, _) = it.disk.unlock(&mut it.chance);
        let texts = it.disk.texts_that_came(&vault);
        texts.iter().map(|text| number_of(text)).collect()
    }

    /// Friends of who lost their home will have to compare words; they themselves need not be asked about
    /// anybody.
    fn must_be_asked_about(&mut self, node: usize) {
        let people = &mut self.people;
        people.restored.insert(node);
        people.must_ask.retain(|(asked, _)| *asked != node);
        let friends = (0..self.nodes.len()).filter(|other| other.abs_diff(node) == 1);
        let asked = friends.filter(|friend| !people.restored.contains(friend));
        people
            .must_ask
            .extend(asked.map(|friend| (friend, name_of(node))));
    }
}
