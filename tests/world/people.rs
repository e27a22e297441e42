//! The people at the nodes: what they said, what they were told, what they read; and whether all of
//! it is as it was promised.

use std::collections::{BTreeMap, BTreeSet};

use kith_proto::engine::{
    Answer, AskId, Body, Contact, Delivery, Event as Shown, Input, Language, Message, Refusal,
    Request, Status,
};
use kith_proto::secret::Said;

use super::{Node, World};

/// How everybody calls the person at node 0, 1, ... Each begins with [`CANARY`].
pub(crate) const NAMES: [&str; 6] = [
    "Zkanari Anne",
    "Zkanari Brune",
    "Zkanari Cleo",
    "Zkanari Dora",
    "Zkanari Elie",
    "Zkanari Fanny",
];

/// Stands in every name and every text, and nowhere else.
pub(crate) const CANARY: &[u8] = b"Zkanari";

/// What somebody said to somebody.
struct Line {
    from: usize,
    to: usize,
    text: String,
    /// Its number in the author's outbox, once they were told that it is safe.
    acknowledged: Option<u64>,
}

/// What an answer will be about.
enum Asked {
    Say(usize),
    Read,
    Forget(u64),
    Other,
}

#[derive(Default)]
struct Reader {
    /// Which line stands under which number.
    seen: BTreeMap<u64, usize>,
    lines: BTreeSet<usize>,
    /// The last number that was taken from the node.
    taken: u64,
    /// The last line read of each author.
    last: BTreeMap<usize, usize>,
}

pub(crate) struct People {
    lines: Vec<Line>,
    readers: Vec<Reader>,
    asked: BTreeMap<AskId, (usize, Asked)>,
    answers: BTreeMap<AskId, Result<Answer, Refusal>>,
    next_ask: u64,
    /// Whether lines may come in another order than they were written: late post.
    pub(crate) any_order: bool,
    /// Whether people only look, and never take what they read.
    pub(crate) only_look: bool,
}

impl People {
    pub(super) fn new(count: usize) -> Self {
        Self {
            lines: Vec::new(),
            readers: (0..count).map(|_| Reader::default()).collect(),
            asked: BTreeMap::new(),
            answers: BTreeMap::new(),
            next_ask: 0,
            any_order: false,
            only_look: false,
        }
    }

    /// A crashed node answers nobody.
    pub(super) fn crashed(&mut self, node: usize) {
        self.asked.retain(|_, (at, _)| *at != node);
    }

    /// How many lines were acknowledged and not read yet.
    pub(crate) fn waiting(&self) -> usize {
        let lost = |(number, line): &(usize, &Line)| {
            line.acknowledged.is_some() && !self.readers[line.to].lines.contains(number)
        };
        self.lines.iter().enumerate().filter(lost).count()
    }

    /// How many were read and not taken.
    pub(crate) fn unread(&self) -> usize {
        let left = |reader: &Reader| reader.seen.range(reader.taken + 1..).count();
        if self.only_look {
            0
        } else {
            self.readers.iter().map(left).sum()
        }
    }

    /// How many lines one person read.
    pub(crate) fn lines_read(&self, node: usize) -> usize {
        self.readers[node].lines.len()
    }

    /// How many lines were acknowledged to their authors.
    pub(crate) fn lines_acknowledged(&self) -> usize {
        self.lines
            .iter()
            .filter(|line| line.acknowledged.is_some())
            .count()
    }

    fn heard(&mut self, node: usize, message: &Message, text: &[u8]) {
        let line = self
            .lines
            .iter()
            .position(|line| line.text.as_bytes() == text);
        let number = line.expect("a text that nobody said");
        let line = &self.lines[number];
        assert_eq!(line.to, node, "it was for somebody else");
        assert_eq!(message.from, NAMES[line.from], "somebody else is named");
        let reader = &mut self.readers[node];
        assert!(message.seq > reader.taken, "shown again after it was taken");
        if let Some(before) = reader.seen.insert(message.seq, number) {
            return assert_eq!(before, number, "another text under the same number");
        }
        assert!(reader.lines.insert(number), "shown twice");
        let last = reader.last.insert(line.from, number);
        assert!(
            self.any_order || last.is_none_or(|last| last < number),
            "out of order"
        );
    }
}

impl World {
    fn ask(&mut self, node: usize, request: Request, asked: Asked) -> AskId {
        self.people.next_ask += 1;
        let asker = AskId(self.people.next_ask);
        self.people.asked.insert(asker, (node, asked));
        self.give(node, Input::Ask { asker, request });
        asker
    }

    /// Asks, and waits for the answer.
    pub(crate) fn request(&mut self, node: usize, request: Request) -> Result<Answer, Refusal> {
        let asker = self.ask(node, request, Asked::Other);
        let came = |world: &Self| world.people.answers.contains_key(&asker);
        assert!(self.run_until(10 * super::SECOND, came), "no answer");
        self.people.answers.remove(&asker).unwrap()
    }

    /// Somebody writes a line. Most are short; some need the larger parcels.
    pub(crate) fn say(&mut self, from: usize, to: usize) {
        if self.nodes[from].running.is_none() {
            return;
        }
        let number = self.people.lines.len();
        let longer = match self.chance.below(40) {
            0 => self.chance.below(30_000),
            1..5 => self.chance.below(3_000),
            _ => self.chance.below(200),
        };
        let text = format!(
            "Zkanari {number} {}",
            "Zkanari ".repeat(longer as usize / 8)
        );
        self.people.lines.push(Line {
            from,
            to,
            text: text.clone(),
            acknowledged: None,
        });
        let request = Request::Send {
            to: NAMES[to].to_owned(),
            text: Said::new(text.into_bytes()),
        };
        self.ask(from, request, Asked::Say(number));
    }

    /// Somebody reads what came.
    pub(crate) fn read(&mut self, node: usize) {
        if self.nodes[node].running.is_some() {
            let after = self.people.readers[node].taken;
            let only_look = self.people.only_look;
            let after = if only_look {
                self.last_seen(node)
            } else {
                after
            };
            self.ask(node, Request::Inbox { after, max: 256 }, Asked::Read);
        }
    }

    fn last_seen(&self, node: usize) -> u64 {
        let seen = &self.people.readers[node].seen;
        seen.last_key_value().map_or(0, |(seq, _)| *seq)
    }

    pub(super) fn answered(&mut self, node: usize, asker: AskId, answer: Result<Answer, Refusal>) {
        let Some((at, asked)) = self.people.asked.remove(&asker) else {
            return;
        };
        assert_eq!(at, node);
        match (asked, answer) {
            (Asked::Say(line), Ok(Answer::Sent { id, .. })) => {
                self.people.lines[line].acknowledged = Some(id);
            }
            (Asked::Say(_), Err(refusal)) => {
                let full = matches!(refusal, Refusal::OutboxFull | Refusal::NoSuchFriend { .. });
                assert!(full, "{refusal:?}");
            }
            (Asked::Read, Ok(Answer::Inbox(messages))) => self.was_read(node, &messages),
            (Asked::Forget(up_to), Ok(Answer::Acknowledged { .. })) => {
                let reader = &mut self.people.readers[node];
                reader.taken = reader.taken.max(up_to);
            }
            (_, answer) => drop(self.people.answers.insert(asker, answer)),
        }
    }

    fn was_read(&mut self, node: usize, messages: &[Message]) {
        for message in messages {
            let Body::Stored(names) = &message.text else {
                panic!("a text of the inbox is on the disk");
            };
            // An answer that waited while the person took these already.
            if message.seq > self.people.readers[node].taken {
                let text = self.stored(node, names).expect("a text that can be read");
                self.people.heard(node, message, &text);
            }
        }
        // The node stopped before it could say that it forgot them.
        if messages.is_empty() && !self.people.only_look {
            self.people.readers[node].taken = self.last_seen(node);
        }
        let last = messages.last().map(|message| message.seq);
        if let Some(up_to) = last.filter(|_| !self.people.only_look) {
            let request = Request::Acknowledge { up_to, from: None };
            self.ask(node, request, Asked::Forget(up_to));
        }
    }

    pub(super) fn show(&mut self, node: usize, event: Shown) {
        assert!(
            !matches!(event, Shown::RolledBack { .. } | Shown::InboxFull { .. }),
            "a false alarm: {event:?}"
        );
        self.nodes[node].shown.push(event);
    }

    pub(crate) fn status(&mut self, node: usize) -> Status {
        match self.request(node, Request::Status) {
            Ok(Answer::Status(status)) => status,
            _ => panic!("no status"),
        }
    }

    pub(crate) fn contacts(&mut self, node: usize) -> Vec<Contact> {
        match self.request(node, Request::Contacts) {
            Ok(Answer::Contacts(contacts)) => contacts,
            _ => panic!("no contacts"),
        }
    }

    /// An invitation by `node` for the person at node `whom`.
    pub(crate) fn invite(&mut self, node: usize, whom: usize, lifetime_s: u64) -> String {
        let request = Request::Invite {
            name: NAMES[whom].to_owned(),
            lifetime_s,
            addrs: Vec::new(),
            language: Language::French,
        };
        match self.request(node, request) {
            Ok(Answer::Invitation { code, .. }) => code,
            Ok(_) => panic!("not an invitation"),
            Err(refusal) => panic!("{refusal:?}"),
        }
    }

    /// The person at `node` uses an invitation by the one at node `whom`.
    pub(crate) fn accept_code(&mut self, node: usize, whom: usize, code: &str) {
        let request = Request::Accept {
            code: code.to_owned(),
            name: NAMES[whom].to_owned(),
            nick: String::new(),
        };
        let answer = self.request(node, request);
        assert!(
            matches!(answer, Ok(Answer::Accepted { .. })),
            "{:?}",
            answer.err()
        );
    }

    /// Two become friends in good weather, and their session begins.
    pub(crate) fn befriend(&mut self, inviter: usize, joiner: usize) {
        let code = self.invite(inviter, joiner, 24 * 3600);
        self.accept_code(joiner, inviter, &code);
        let linked = |world: &Self| world.links(inviter, joiner) == 1;
        assert!(self.run_until(super::MINUTE, linked), "no link");
        self.run(5 * super::SECOND);
    }

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
                (status.outbox, status.unread),
                (0, 0),
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
        for name in disk.not_erased(vault) {
            // Of what was overwritten, only what holds no key and no word may still be readable.
            let harmless = matches!(name.0[0], b'n' | b't' | b'v' | b'j') && name.0.len() == 21;
            assert!(harmless, "{:?} can still be read", char::from(name.0[0]));
        }
    }
}
