//! Attack 59: transcripts of real engines that talked over a network with time, and transcripts that
//! one of the two made up. What can be counted in them does not tell them apart; a planted tell does.

mod features;
mod guess;

use std::collections::BTreeMap;

use super::world::World;
use crate::engine::links::PARCEL;
use crate::engine::*;
use crate::forge::{self, End, Laid, Pace, Script, Side, Words};
use crate::parcel::{self, Parcel};
use features::features;
use guess::held_out_accuracy;

/// Transcripts of each kind. Chance alone moves the share by a percent (one deviation), and so do
/// changes of what is drawn when.
const EACH: u64 = 2_000;
/// How long a node's disk, and the way between two, take.
const PACE: Pace = Pace {
    disk_ms: (1, 15),
    way_ms: (5, 40),
};

/// One parcel as the reader's node saw it, laid open with what that node held.
#[derive(Clone)]
pub(super) struct Seen {
    pub(super) at_ms: u64,
    pub(super) mine: bool,
    pub(super) parcel: Vec<u8>,
    pub(super) laid: Laid,
}

/// Draws of a test, from its seed: neither an engine's nor the forger's.
struct Dice(Entropy);

impl Dice {
    fn new(what: u8, seed: u64) -> Self {
        let mut bytes = [what; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Self(Entropy::new(bytes))
    }

    fn between(&mut self, (least, most): (u64, u64)) -> u64 {
        least + u64::from_le_bytes(self.0.bytes()) % (most - least + 1)
    }
}

/// What two people will say, and when: pauses, authors, lengths.
struct Talk {
    /// Between the pairing and now, in milliseconds.
    age_ms: u64,
    said: Vec<(u64, bool, usize)>,
}

impl Talk {
    fn draw(dice: &mut Dice) -> Self {
        let texts = dice.between((1, 4));
        let said = (0..texts).map(|_| {
            let pause = dice.between((3_000, 60_000));
            let length = dice.between((1, 900));
            (pause, dice.between((0, 1)) == 0, length as usize)
        });
        let said = said.collect();
        Self {
            age_ms: dice.between((0, 86_400_000)),
            said,
        }
    }
}

/// Two engines, and a network between them on which everything takes its time.
struct Slow {
    world: World,
    dice: Dice,
    /// By arrival.
    coming: BTreeMap<(u64, u64), (usize, Input)>,
    count: u64,
    arrived: [u64; 2],
    reader: usize,
    seen: Vec<Seen>,
}

impl Slow {
    /// What the engines let go leaves after their disks, and arrives in order.
    fn gather(&mut self) {
        while let Some((to, input)) = self.world.queue.pop_front() {
            let left = self.world.now.wall_ms + self.dice.between(PACE.disk_ms);
            let arrives = (left + self.dice.between(PACE.way_ms)).max(self.arrived[to]);
            self.arrived[to] = arrives;
            if let Some(bytes) = parcel_of(&input) {
                let mine = to != self.reader;
                let at_ms = if mine { left } else { arrives };
                let laid = forge::parse(bytes, None, None).unwrap();
                let parcel = bytes.to_vec();
                self.seen.push(Seen {
                    at_ms,
                    mine,
                    parcel,
                    laid,
                });
            }
            self.count += 1;
            self.coming.insert((arrives, self.count), (to, input));
        }
    }

    fn pass(&mut self, ms: u64) {
        self.world.now.wall_ms += ms;
        self.world.now.boot_ms += ms;
    }

    fn run(&mut self) {
        self.gather();
        while let Some(((at_ms, _), (to, input))) = self.coming.pop_first() {
            self.pass(at_ms.saturating_sub(self.world.now.wall_ms));
            if let Some(bytes) = parcel_of(&input) {
                // Whoever is about to read it lays it open.
                let laid = lay(&self.world.nodes[to].engine, bytes);
                let seen = self.seen.iter_mut().rev().find(|seen| seen.parcel == bytes);
                seen.unwrap().laid = laid;
            }
            self.world.tell(to, input);
            self.gather();
        }
    }
}

fn parcel_of(input: &Input) -> Option<&[u8]> {
    match input {
        Input::Frame { kind, body, .. } if *kind == PARCEL => Some(body),
        _ => None,
    }
}

/// A parcel, opened on paper with what its receiver holds now.
fn lay(engine: &Engine, bytes: &[u8]) -> Laid {
    let friend = engine.friends.values().next().unwrap();
    let parcel = Parcel::parse(bytes).unwrap();
    let mut roots = friend.edges.all().map(|keys| &keys.from.ake_header);
    if let Some(header) = roots.find(|header| parcel.fits(header)) {
        let key = parcel::ake_key(header, parcel.nonce());
        return forge::parse(bytes, None, Some((&key, &[0; 32]))).unwrap();
    }
    let pending = friend.sessions.pending.iter().map(|p| &p.session);
    let mut sessions = friend.sessions.active.iter().chain(pending);
    let opened = sessions.find_map(|session| {
        let (header, key) = session.keys_of(&parcel).ok()?;
        forge::parse(bytes, Some(&header), Some((&key, session.id())))
    });
    opened.expect("a node reads what its friend sends")
}

/// What two real nodes said to each other, as one of them saw it; and what that one would have made
/// up at the same time, of another talk.
fn both(seed: u64) -> [Vec<Seen>; 2] {
    let reader = usize::from(seed.is_multiple_of(3));
    let mut world = World::new();
    world.draws = (seed + 1) << 32;
    let mut slow = Slow {
        world,
        dice: Dice::new(1, seed),
        coming: BTreeMap::new(),
        count: 0,
        arrived: [0; 2],
        reader,
        seen: Vec::new(),
    };
    let [talk, other] = [2, 3].map(|what| Talk::draw(&mut Dice::new(what, seed)));
    slow.pass(talk.age_ms);
    let code = slow.world.invite(0, "bob");
    slow.world.accept(1, &code, "ada");
    slow.run();
    let began = |world: &mut World| {
        let begun = |f: &Friend| f.sessions.active.is_some() && f.outbox.len() == 0;
        (0..2).all(|n| world.nodes[n].engine.friends.values().any(begun))
    };
    while !began(&mut slow.world) {
        slow.pass(500);
        (0..2).for_each(|n| slow.world.tell(n, Input::Tick));
        slow.run();
    }
    for (pause, mine, length) in talk.said {
        slow.pass(pause);
        let by = if mine { reader } else { 1 - reader };
        let text = "m".repeat(length);
        slow.world.send(by, ["bob", "ada"][by], &text).unwrap();
        slow.run();
    }
    let made = made_up(&slow.world.nodes[reader].engine, &other, seed);
    [slow.seen, made]
}

fn made_up(engine: &Engine, talk: &Talk, seed: u64) -> Vec<Seen> {
    let friend = engine.friends.values().next().unwrap();
    let side = Side {
        me: engine.me.newest(),
        friend: &friend.point,
        keys: friend.root_to_dial().unwrap(),
    };
    let mine = if friend.joined {
        End::Initiator
    } else {
        End::Responder
    };
    let began_ms = 1_800_000_000_000 + talk.age_ms;
    let mut at_ms = began_ms;
    let words = talk.said.iter().map(|(pause, by_me, length)| {
        at_ms += pause;
        Words {
            from: if *by_me { mine } else { mine.other() },
            at_ms,
            text: Said::new(vec![b'm'; *length]),
        }
    });
    let script = Script {
        began_ms,
        pace: PACE,
        lines: words.collect(),
    };
    let entropy = Dice::new(4, seed).0;
    let made = forge::forge(side, mine, &script, entropy).ok().unwrap();
    assert!(forge::read_with(side, &made).is_ok());
    let session = made.session;
    let seen = made.lines.into_iter().map(|line| {
        let session = if line.header.is_some() {
            session
        } else {
            [0; 32]
        };
        let body = Some((&line.key, &session));
        let laid = forge::parse(&line.parcel, line.header.as_ref(), body).unwrap();
        Seen {
            at_ms: line.at_ms,
            mine: line.from == mine,
            parcel: line.parcel,
            laid,
        }
    });
    seen.collect()
}

/// Real ones and forged ones, by turns.
fn corpora(count: u64) -> Vec<[Vec<Seen>; 2]> {
    (0..count).map(both).collect()
}

fn accuracy(corpora: &[[Vec<Seen>; 2]]) -> f64 {
    let all = corpora
        .iter()
        .flat_map(|[real, forged]| [(features(real), false), (features(forged), true)]);
    held_out_accuracy(all.collect())
}

/// A sign that a forger leaves in each parcel.
type Tell = fn(&mut Seen);

/// Each is something that a careless forger could get wrong.
const TELLS: [(&str, Tell); 5] = [
    ("a nonce that begins with an even byte", |seen| {
        seen.parcel[0] &= 0xFE;
        seen.laid.nonce[0] &= 0xFE;
    }),
    ("times rounded to ten milliseconds", |seen| {
        seen.at_ms -= seen.at_ms % 10;
    }),
    ("a message id that begins with a zero bit", |seen| {
        if let Some(said) = seen
            .laid
            .payload
            .as_mut()
            .filter(|_| seen.laid.fields.is_some())
        {
            said[1] &= 0x7F;
        }
    }),
    ("an answer that takes three times as long", |seen| {
        if seen.laid.fields.is_none() && !seen.mine {
            seen.at_ms += 90;
        }
    }),
    ("a ratchet key of a smaller kind", |seen| {
        if let Some(fields) = &mut seen.laid.fields {
            fields.dh[31] &= 0x3F;
        }
    }),
];

#[test]
fn nothing_that_can_be_counted_tells_a_forged_transcript_from_a_real_one() {
    let mut corpora = corpora(EACH);
    let shown = accuracy(&corpora);
    assert!(
        (0.47..=0.53).contains(&shown),
        "{shown}: something tells them apart"
    );
    // The same judge, when there is something to see.
    corpora.truncate(500);
    for (what, tell) in TELLS {
        let told = corpora.iter().map(|[real, forged]| {
            let mut forged = forged.clone();
            forged.iter_mut().for_each(tell);
            [real.clone(), forged]
        });
        let told: Vec<_> = told.collect();
        let shown = accuracy(&told);
        assert!(shown > 0.9, "{what} goes unseen: {shown}");
    }
}
