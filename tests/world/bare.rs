//! A node without disk and network: for tests that hand single bytes in and look at what comes out.

use kith_proto::engine::{AskId, ConnId, Effect, Engine, Input, Request};
use kith_proto::vault::{Erase, Name, Put};

use super::{Chance, Node};

pub(crate) struct Bare {
    pub(crate) engine: Engine,
    /// Milliseconds since the world began, and how far the wall clock is off.
    pub(crate) now_ms: u64,
    pub(crate) clock_ms: i64,
    chance: Chance,
}

/// What one input led to.
#[derive(Default)]
pub(crate) struct Led {
    pub(crate) puts: Vec<Put>,
    pub(crate) erases: Vec<Erase>,
    pub(crate) then: Vec<Effect>,
}

impl Led {
    /// Whether the input changed nothing that anybody could ever notice.
    pub(crate) fn to_nothing(&self) -> bool {
        self.puts.is_empty() && self.erases.is_empty() && self.then.is_empty()
    }

    /// Which records it writes and destroys.
    pub(crate) fn names(&self) -> (Vec<Name>, usize, usize) {
        let names = self.puts.iter().map(|put| put.name.clone());
        (names.collect(), self.erases.len(), self.then.len())
    }

    /// The bytes written on mute connections.
    pub(crate) fn written(&self) -> Vec<(ConnId, Vec<u8>)> {
        let write = |effect: &Effect| match effect {
            Effect::Write { conn, bytes } => Some((*conn, bytes.clone())),
            _ => None,
        };
        self.then.iter().filter_map(write).collect()
    }

    /// The connections it dials.
    pub(crate) fn dialled(&self) -> Vec<ConnId> {
        let dial = |effect: &Effect| match effect {
            Effect::Dial { conn, .. } => Some(*conn),
            _ => None,
        };
        self.then.iter().filter_map(dial).collect()
    }
}

impl Bare {
    pub(crate) fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed, "bare");
        let engine = Engine::create(Node::clock(0, 0), chance.entropy());
        Self::with(engine, chance)
    }

    pub(crate) fn with(engine: Engine, chance: Chance) -> Self {
        Self {
            engine,
            now_ms: 0,
            clock_ms: 0,
            chance,
        }
    }

    /// Hands something in.
    pub(crate) fn tell(&mut self, input: Input) -> Led {
        let now = Node::clock(self.now_ms * super::MS, self.clock_ms);
        self.engine.handle(now, self.chance.entropy(), input);
        let mut led = Led::default();
        while let Some(step) = self.engine.poll() {
            led.puts.extend(step.puts);
            led.erases.extend(step.erases);
            led.then.extend(step.then);
        }
        led
    }
}

/// Somebody who has the text of an invitation and makes first messages with it, each anew and each
/// under another identity.
pub(crate) struct Copier {
    code: String,
    made: u64,
}

impl Copier {
    pub(crate) fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            made: 0,
        }
    }

    /// 1536 bytes.
    pub(crate) fn first_message(&mut self) -> Vec<u8> {
        self.made += 1;
        let mut copier = Bare::new(self.made);
        let request = Request::Accept {
            code: self.code.clone(),
            name: "Victime".to_owned(),
            nick: String::new(),
        };
        let asker = AskId(1);
        let conn = copier.tell(Input::Ask { asker, request }).dialled()[0];
        let mut written = copier.tell(Input::Connected(conn)).written();
        written.swap_remove(0).1
    }
}
