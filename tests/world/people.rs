//! The people at the nodes: what they said, what they were told, what they read; and whether all of
//! it is as it was promised.

use std::collections::{BTreeMap, BTreeSet};

use kith_proto::engine::{
    Answer, AskId, Body, Contact, Event as Shown, How, Input, Language, Message, Refusal, Request,
    Status,
};
use kith_proto::secret::Said;
use kith_proto::vault::BackupLock;

use super::{MINUTE, World};

/// How everybody calls the person at node 0, 1, ... Each begins with [`CANARY`].
pub(crate) const NAMES: [&str; 6] = [
    "Zkanari Anne",
    "Zkanari Brune",
    "Zkanari Cleo",
    "Zkanari Dora",
    "Zkanari Elie",
    "Zkanari Fanny",
];

/// The same of as many nodes as a world may have: each with another name, none like another.
pub(crate) fn name_of(node: usize) -> String {
    let syllable = |n: usize| {
        let (first, then) = (b"bdfgkptvz"[n % 9], b"aeiou"[n / 9 % 5]);
        [first, then].map(char::from)
    };
    let made = || {
        let syllables = [syllable(node), syllable(node / 45), ['x', 'a']].concat();
        format!("Zkanari {}", String::from_iter(syllables))
    };
    NAMES.get(node).map_or_else(made, ToString::to_string)
}

/// Which line a text is, or begins.
pub(super) fn number_of(text: &[u8]) -> usize {
    let word = text.split(|byte| *byte == b' ').nth(1);
    let number = word.and_then(|word| core::str::from_utf8(word).ok()?.parse().ok());
    number.expect("a text that nobody said")
}

/// Stands in every name and every text, and nowhere else.
pub(crate) const CANARY: &[u8] = b"Zkanari";

/// What somebody said to somebody.
pub(super) struct Line {
    pub(super) from: usize,
    pub(super) to: usize,
    text: String,
    /// Its number in the author's outbox, once they were told that it is safe.
    pub(super) acknowledged: Option<u64>,
    /// When it was said, in microseconds since the world began.
    said: u64,
}

/// What an answer will be about.
enum Asked {
    Say(usize),
    Read,
    Forget(u64),
    Backup,
    People,
    Words,
    Other,
}

#[derive(Clone, Default)]
pub(crate) struct Reader {
    /// Which line stands under which number.
    seen: BTreeMap<u64, usize>,
    pub(super) lines: BTreeSet<usize>,
    /// The last number that was taken from the node.
    taken: u64,
    /// The last number that the node was asked to forget: it may be gone before it says so.
    given_up: u64,
    /// The last line read of each author.
    last: BTreeMap<usize, usize>,
}

pub(crate) struct People {
    pub(super) lines: Vec<Line>,
    pub(super) readers: Vec<Reader>,
    asked: BTreeMap<AskId, (usize, Asked)>,
    answers: BTreeMap<AskId, Result<Answer, Refusal>>,
    next_ask: u64,
    /// Whether lines may come in another order than they were written: late post.
    pub(crate) any_order: bool,
    /// Whether people only look, and never take what they read.
    pub(crate) only_look: bool,
    /// Whether they write only short lines.
    pub(crate) short: bool,
    /// Whether a disk may have gone back in time.
    pub(crate) may_roll_back: bool,
    /// Whether they compare words when they are told to, and not at once.
    pub(crate) slow: bool,
    /// Whether they may be told that nobody reads.
    pub(crate) may_be_full: bool,
    /// Who lost their home, and whom that has to be asked whether it is they: each of their friends whose
    /// own disk knows of a session with them.
    /// Who lost their home.
    pub(super) restored: BTreeSet<usize>,
    /// Who began a new identity, and who compared the words of which friend's.
    pub(super) renewed: BTreeSet<usize>,
    confirmed: BTreeSet<(usize, String)>,
    /// Who has to be asked whether it is this friend, who lost theirs.
    pub(super) must_ask: BTreeSet<(usize, String)>,
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
            short: false,
            may_roll_back: false,
            slow: false,
            may_be_full: false,
            restored: BTreeSet::new(),
            renewed: BTreeSet::new(),
            confirmed: BTreeSet::new(),
            must_ask: BTreeSet::new(),
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
        let words = core::str::from_utf8(text).unwrap();
        let number = number_of(text);
        let line = &self.lines[number];
        assert_eq!(line.text, words, "not what was said");
        assert_eq!(line.to, node, "it was for somebody else");
        assert_eq!(message.from, name_of(line.from), "somebody else is named");
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
    pub(super) fn ask_for_backup(&mut self, node: usize, lock: BackupLock) {
        self.ask(node, Request::Backup(Box::new(lock)), Asked::Backup);
    }

    fn ask(&mut self, node: usize, request: Request, asked: Asked) -> AskId {
        self.people.next_ask += 1;
        let asker = AskId(self.people.next_ask);
        self.people.asked.insert(asker, (node, asked));
        if matches!(request, Request::Rename { .. }) {
            self.named.a_human_renames();
        }
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
            _ if self.people.short => 0,
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
            said: self.now,
        });
        let request = Request::Send {
            to: name_of(to),
            text: Said::new(text.into_bytes()),
            limit_min: 0,
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
                let full = matches!(
                    refusal,
                    Refusal::OutboxFull | Refusal::DiskFull | Refusal::NoSuchFriend { .. }
                );
                assert!(full, "{refusal:?}");
            }
            (Asked::Read, Ok(Answer::Inbox(messages))) => self.was_read(node, &messages),
            (Asked::Backup, Ok(Answer::Backup { file, .. })) => self.backed_up(node, file),
            (Asked::People, Ok(Answer::Contacts(contacts))) => {
                let asked = contacts.into_iter().filter(|it| it.how == How::NewIdentity);
                for name in asked.map(|it| it.petname).collect::<Vec<_>>() {
                    self.ask(node, Request::Contact { name }, Asked::Words);
                }
            }
            (Asked::Words, Ok(Answer::Contact(contact))) => self.compare_identity(node, *contact),
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
                match self.stored(node, names) {
                    Some(text) => self.people.heard(node, message, &text),
                    None => assert!(
                        message.seq <= self.people.readers[node].given_up,
                        "a text that can be read"
                    ),
                }
            }
        }
        // The node stopped before it could say that it forgot them.
        if messages.is_empty() && !self.people.only_look {
            self.people.readers[node].taken = self.last_seen(node);
        }
        let last = messages.last().map(|message| message.seq);
        if let Some(up_to) = last.filter(|_| !self.people.only_look) {
            let reader = &mut self.people.readers[node];
            reader.given_up = reader.given_up.max(up_to);
            let request = Request::Acknowledge {
                after: 0,
                up_to,
                from: None,
            };
            self.ask(node, request, Asked::Forget(up_to));
        }
    }

    pub(super) fn show(&mut self, node: usize, event: Shown) {
        let alarm = match &event {
            Shown::RolledBack { .. }
            | Shown::ToCheck { .. }
            | Shown::Forked { .. }
            | Shown::FormerKnock { .. } => !self.people.may_roll_back,
            Shown::Identity {
                petname,
                mine: false,
            } => !self.people.confirmed.contains(&(node, petname.clone())),
            Shown::InboxFull { .. } => !self.people.may_be_full,
            _ => false,
        };
        assert!(!alarm, "a false alarm: {event:?}");
        if let Shown::NotArrived { id, .. } = &event {
            self.given_up(node, *id);
        }
        if let (Shown::ToCheck { petname, words }, false) = (&event, self.people.slow) {
            self.compare(node, petname.clone(), words);
        }
        self.nodes[node].shown.push(event);
    }

    /// Two people compare the words of a session, and those of the one are the other's.
    fn compare(&mut self, node: usize, name: String, words: &[&'static str]) {
        self.people.must_ask.remove(&(node, name.clone()));
        let same = Some(words.join(" "));
        self.ask(node, Request::Check { name, same }, Asked::Other);
    }

    /// The same of what nobody has answered because the node stopped meanwhile.
    pub(crate) fn compare_all(&mut self, node: usize) {
        for contact in self.contacts(node) {
            let identity = matches!(contact.how, How::NewIdentity | How::Announced);
            if !identity && !contact.session_words.is_empty() {
                self.compare(node, contact.petname, &contact.session_words);
            }
        }
    }

    /// Somebody begins a new identity.
    pub(super) fn renew(&mut self, node: usize) {
        if self.nodes[node].running.is_some() {
            self.people.renewed.insert(node);
            self.ask(node, Request::Renew, Asked::Other);
        }
    }

    /// Somebody looks whether a friend says that they have a new identity, and compares its words.
    pub(super) fn confirm_all(&mut self, node: usize) {
        if self.nodes[node].running.is_some() && !self.people.renewed.is_empty() {
            self.ask(node, Request::Contacts, Asked::People);
        }
    }

    fn compare_identity(&mut self, node: usize, contact: Contact) {
        if contact.how == How::NewIdentity {
            let (name, words) = (contact.petname, contact.session_words.join(" "));
            self.people.confirmed.insert((node, name.clone()));
            let same = Some(words);
            self.ask(node, Request::Check { name, same }, Asked::Other);
        }
    }

    /// Whether a new identity waits: to be told, or for a human's answer.
    pub(super) fn is_anybody_asked(&mut self) -> bool {
        let asked = |it: &Contact| matches!(it.how, How::NewIdentity | How::Announced);
        !self.people.renewed.is_empty()
            && (0..self.nodes.len()).any(|node| self.contacts(node).iter().any(asked))
    }

    /// What somebody has read by now, and which lines are known to be saved: a disk that is copied
    /// while a line is on its way there may lack it.
    pub(crate) fn remember(&self, node: usize) -> (Reader, BTreeSet<usize>) {
        let lines = self.people.lines.iter().enumerate();
        let saved = lines.filter(|(_, line)| line.acknowledged.is_some());
        let saved = saved.map(|(number, _)| number).collect();
        (self.people.readers[node].clone(), saved)
    }

    /// Their disk went back to that moment: of what was said since nobody knows on it, and what of
    /// that had not been read is gone.
    pub(crate) fn forget_since(&mut self, node: usize, (reader, saved): (Reader, BTreeSet<usize>)) {
        self.people.may_roll_back = true;
        for (number, line) in self.people.lines.iter_mut().enumerate() {
            let said = line.from == node && !saved.contains(&number);
            let heard = line.to == node && !reader.lines.contains(&number);
            if said || heard {
                line.acknowledged = None;
            }
        }
        self.people.readers[node] = reader;
    }

    /// Their home is gone, with all that they had read or written and with these lines that had come
    /// to it: who wrote them may know that they arrived.
    pub(super) fn forget_all(&mut self, node: usize, came: &BTreeSet<usize>) {
        self.people.may_roll_back = true;
        for (number, line) in self.people.lines.iter_mut().enumerate() {
            let known = came.contains(&number) || self.people.readers[node].lines.contains(&number);
            if line.from == node || line.to == node && known {
                line.acknowledged = None;
            }
        }
        self.people.readers[node] = Reader::default();
    }

    /// A line may be given up after the post time, or by a node whose clock was set right before it
    /// stopped; its author knows, and nobody waits for it any more.
    fn given_up(&mut self, node: usize, id: u64) {
        let it = &self.nodes[node];
        let post = u64::from(it.settings.post_min) * MINUTE;
        let mut lines = self.people.lines.iter_mut();
        if let Some(line) = lines.find(|line| line.from == node && line.acknowledged == Some(id)) {
            let late = self.now - line.said >= post;
            assert!(late || it.clock_was_set, "given up too soon");
            line.acknowledged = None;
        }
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
            name: name_of(whom),
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
            name: name_of(whom),
            // Nobody here calls themselves as they are called.
            nick: name_of(node + 1),
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
}
