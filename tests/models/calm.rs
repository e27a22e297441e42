//! What people see and what disks hold; and what comes of a scene in which nothing goes wrong any more.

use kith_proto::engine::{Answer, Contact, Event, Input, Request, Status};
use kith_proto::secret::Said;

use super::scene::{Item, NAMES, Scene};

const SECOND: u64 = 1_000;
const HOUR: u64 = 3_600 * SECOND;

impl Scene {
    /// A person writes to a friend; a text that was not refused is on the disk.
    pub(crate) fn say(&mut self, n: usize, to: &str) {
        let node = &self.nodes[n];
        // Rises, also from one scene to the next.
        let number = node.now_ms / (60 * SECOND) * 100 + node.said.len() as u64;
        let text = format!("{} {number:06}", NAMES[n]);
        let request = Request::Send {
            to: to.to_owned(),
            text: Said::new(text.clone().into_bytes()),
            limit_min: 0,
        };
        if let Ok(Answer::Sent { id, .. }) = self.ask(n, request) {
            self.nodes[n].said.push((id, text));
        }
    }

    /// What this person can read now.
    pub(crate) fn texts(&mut self, n: usize) -> Vec<String> {
        let answer = self.ask(n, INBOX);
        self.nodes[n].disk.texts(answer)
    }

    /// What they could read if the node stopped now and started again.
    pub(crate) fn texts_saved(&self, n: usize) -> Vec<String> {
        let node = &self.nodes[n];
        let mut alone = self.alone(n);
        let answer = alone.ask(0, INBOX);
        node.disk.texts(answer)
    }

    /// The same node on the same disk, as it would start now, and nobody else.
    pub(crate) fn alone(&self, n: usize) -> Self {
        Self::new(&[self.nodes[n].start()])
    }

    /// Of what it said, what it was told to have arrived.
    pub(crate) fn delivered(&self, n: usize) -> Vec<&str> {
        let node = &self.nodes[n];
        let told = |id: u64| {
            let mut shown = node.shown.iter();
            shown.any(|event| matches!(event, Event::Delivered { id: told, .. } if *told == id))
        };
        let said = node.said.iter().filter(|(id, _)| told(*id));
        said.map(|(_, text)| text.as_str()).collect()
    }

    pub(crate) fn status(&mut self, n: usize) -> Status {
        match self.ask(n, Request::Status) {
            Ok(Answer::Status(status)) => status,
            _ => panic!("no status"),
        }
    }

    pub(crate) fn contacts(&mut self, n: usize) -> Vec<Contact> {
        match self.ask(n, Request::Contacts) {
            Ok(Answer::Contacts(contacts)) => contacts,
            _ => panic!("no contacts"),
        }
    }

    /// A person who is asked compares the words with their friend's, and they are the same.
    fn compare(&mut self, n: usize) {
        for contact in self.contacts(n) {
            if !contact.session_words.is_empty() {
                let (name, words) = (contact.petname, contact.session_words.join(" "));
                let same = Some(words);
                let _ = self.ask(n, Request::Check { name, same });
            }
        }
    }

    /// The handshakes that are under way go on as far as they come.
    pub(crate) fn shake(&mut self) {
        self.deliver(|item| !matches!(item, Item::Frame(..)));
    }

    /// Connections that are over are known to be.
    pub(crate) fn part(&mut self) {
        self.deliver(|item| matches!(item, Item::Over));
    }

    /// All that is under way comes in, and what comes of it.
    pub(crate) fn deliver(&mut self, what: fn(&Item) -> bool) {
        for rounds in 0.. {
            assert!(rounds < 5_000, "they never come to rest");
            let ends = self.nodes.iter().enumerate();
            let mut ends = ends.flat_map(|(n, node)| node.ends.iter().map(move |end| (n, end)));
            let next = ends.find(|(_, (_, end))| end.coming.front().is_some_and(what));
            let Some((n, conn)) = next.map(|(n, (conn, _))| (n, *conn)) else {
                return;
            };
            self.comes(n, conn);
        }
    }

    /// Time passes and nothing goes wrong, until everybody has heard everything, or for so many hours.
    pub(crate) fn calm(&mut self, hours: u64) {
        let mut left = hours * HOUR;
        self.deliver(|_| true);
        // What is lost on a connection that stands is not missed before it ends.
        if core::mem::take(&mut self.lost) {
            self.cut_all();
        }
        loop {
            self.deliver(|_| true);
            if (0..self.nodes.len()).all(|n| self.is_quiet(n)) {
                return;
            }
            let wakes = self.nodes.iter();
            let wakes = wakes.map(|it| it.engine.wake_at().saturating_sub(it.now().boot_ms));
            let step = wakes.min().unwrap_or(HOUR).clamp(SECOND / 5, HOUR);
            let Some(rest) = left.checked_sub(step) else {
                return;
            };
            left = rest;
            for n in 0..self.nodes.len() {
                self.nodes[n].now_ms += step;
                let node = &self.nodes[n];
                if node.engine.wake_at() <= node.now().boot_ms {
                    self.tell(n, Input::Tick);
                }
                self.compare(n);
            }
        }
    }

    fn is_quiet(&mut self, n: usize) -> bool {
        let status = self.status(n);
        status.outbox == 0 && status.offline == 0 && status.to_check == 0 && status.pending == 0
    }

    /// Two, each with what it calls the other, say one more thing each, and it arrives.
    pub(crate) fn talk(&mut self, ends: [(usize, &str); 2]) -> bool {
        let [(a, _), (b, _)] = ends;
        let mut both = ends.into_iter().zip([b, a]);
        both.all(|((from, name), to)| {
            self.say(from, name);
            self.calm(1);
            let last = self.nodes[from].said.last();
            let last = last.map(|(_, text)| text.clone()).unwrap_or_default();
            self.delivered(from).contains(&last.as_str()) && self.texts(to).contains(&last)
        })
    }

    /// Whether this node shows something of this kind.
    pub(crate) fn shows(&self, n: usize, what: fn(&Event) -> bool) -> bool {
        self.nodes[n].shown.iter().any(what)
    }

    /// Whether this person was told of a new session.
    pub(crate) fn renewed(&self, n: usize) -> bool {
        self.shows(n, |event| matches!(event, Event::Renewed { .. }))
    }

    /// Whether all that one said is the last that the other reads, in order, and both know.
    pub(crate) fn all_arrived(&mut self, from: usize, to: usize) -> bool {
        let said = self.nodes[from].said.iter();
        let said: Vec<_> = said.map(|(_, text)| text.clone()).collect();
        let texts = self.texts(to);
        texts.ends_with(&said) && self.delivered(from).len() == said.len()
    }

    pub(crate) fn cut_all(&mut self) {
        while let Some(conn) = self.nodes[0].ends.keys().next().copied() {
            self.cut(0, conn);
        }
    }

    /// Whether what a node was told to have arrived is on the other's disk.
    pub(crate) fn is_kept(&self, from: usize, to: usize) -> bool {
        let saved = self.texts_saved(to);
        let mut arrived = self.delivered(from).into_iter();
        arrived.all(|text| saved.iter().any(|saved| saved == text))
    }
}

const INBOX: Request = Request::Inbox {
    after: 0,
    max: u32::MAX,
};

/// Whether a list has nothing twice.
pub(crate) fn each_once(texts: &[String]) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    texts.iter().all(|text| seen.insert(text))
}
