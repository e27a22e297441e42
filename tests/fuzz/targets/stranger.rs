//! Somebody who is no friend: any bytes at the door, what was heard on the wire sent again or changed,
//! and an invitation's text in the wrong hands. Ada's node is looked at.

use std::sync::OnceLock;

use kith_proto::engine::{ConnId, Engine, Input, Knock};
use kith_proto::limits::{BUCKETS, FLIGHT_BYTES, INVITE_FLIGHT_BYTES, KNOCK_BYTES};
use kith_proto::time::Now;

use super::pair::{Disk, PARCEL, Pair};
use super::script::Script;

const ADA: usize = 0;
const ORDERS_MAX: usize = 96;

/// Ada, who has a friend and an open invitation, and what was on the wire so far.
struct Base {
    disk: Disk,
    now: Now,
    code: String,
    /// First flights to her node that were good once.
    flights: Vec<Vec<u8>>,
}

fn base() -> Base {
    let mut pair = Pair::friends();
    let mut flights = Vec::new();
    for _ in 0..3 {
        pair.cut();
        for _ in 0..2000 {
            if let Some((ADA, Input::Flight { bytes, .. })) = pair.queue.front() {
                flights.push(bytes.clone());
            }
            if !pair.deliver_one() {
                pair.pass(250);
            }
            if pair.link(ADA).is_some() && pair.queue.is_empty() {
                break;
            }
        }
    }
    let code = pair.invite(ADA, "cleo").expect("an invitation");
    let snapshot = pair.snapshot();
    let [disk, _] = snapshot.disks;
    Base {
        disk,
        now: snapshot.now,
        code,
        flights,
    }
}

/// Runs the script.
pub fn stranger(data: &[u8]) {
    static BASE: OnceLock<Base> = OnceLock::new();
    let base = BASE.get_or_init(base);
    let engine = Engine::open(base.now, [3; 32], base.disk.state.clone());
    let Ok(engine) = engine else {
        panic!("a node does not start from what it wrote");
    };
    let pair = Pair::beside_a_newcomer(engine, base.disk.clone(), base.now, 77);
    let mut play = Play {
        pair,
        script: Script(data),
        base,
        heard: base.flights.clone(),
        next: 1_000_000_000,
    };
    for _ in 0..ORDERS_MAX {
        if play.script.is_over() {
            break;
        }
        play.order();
        let status = play.pair.status(ADA);
        assert!(
            status.online + status.offline <= 2,
            "a stranger became a friend"
        );
        assert_eq!(status.unread, 1, "a stranger was read");
    }
    play.pair.crash(ADA);
}

struct Play<'a> {
    pair: Pair,
    script: Script<'a>,
    base: &'a Base,
    /// Flights that were good once.
    heard: Vec<Vec<u8>>,
    /// The number of the next connection that nobody ends.
    next: u64,
}

impl Play<'_> {
    fn order(&mut self) {
        self.listen_in();
        match self.script.u8() % 14 {
            0 => {
                let mut bytes = self.script.long().to_vec();
                let length = [KNOCK_BYTES, FLIGHT_BYTES, INVITE_FLIGHT_BYTES, bytes.len()];
                bytes.resize(length[self.script.index(4).unwrap_or(0)], 0);
                self.knock(bytes);
            }
            1 => {
                if let Some(at) = self.script.index(self.heard.len()) {
                    let mut bytes = self.heard[at].clone();
                    self.script.damage(&mut bytes);
                    self.knock(bytes);
                }
            }
            2 => self.replay(),
            3 => {
                let (conn, bytes) = (self.conn(), self.script.long().to_vec());
                self.pair.tell(ADA, Input::Bytes { conn, bytes });
            }
            4 => {
                for _ in 0..=self.script.u8() % 16 {
                    self.listen_in();
                    self.pair.deliver_one();
                }
            }
            5 => drop(self.pair.queue.pop_front()),
            6 => self.damage_next(),
            7 => self
                .pair
                .queue
                .rotate_left(usize::from(self.pair.queue.len() > 1)),
            8 => self.pair.crash(ADA),
            9 => self.pair.crash(1),
            10 => {
                let seconds = self.script.u16();
                self.pair.pass(u64::from(seconds) * 100);
            }
            11 => self.somebody_else(),
            12 => self.parcel(),
            _ => self.join(),
        }
    }

    /// What is on its way to Ada's door can be sent again later.
    fn listen_in(&mut self) {
        if let Some((ADA, Input::Flight { bytes, .. })) = self.pair.queue.front()
            && self.heard.len() < 16
            && !self.heard.contains(bytes)
        {
            self.heard.push(bytes.clone());
        }
    }

    fn conn(&mut self) -> ConnId {
        match self.script.u8() {
            0 => self.pair.link(ADA).unwrap_or(ConnId(1)),
            1 => ConnId(self.next),
            n => ConnId(n.into()),
        }
    }

    /// First bytes that nobody made for this door: nothing may come of them, whatever the shell does.
    fn knock(&mut self, bytes: Vec<u8>) {
        if self.heard.contains(&bytes) {
            return;
        }
        self.pair.tell(ADA, Input::Tick);
        let knock = self.pair.nodes[ADA].engine.knock(&bytes);
        match knock {
            Knock::Known => panic!("a stranger is known"),
            // Its head was on the wire before.
            Knock::More(length) => {
                assert_eq!(bytes.len(), KNOCK_BYTES);
                assert!([FLIGHT_BYTES, INVITE_FLIGHT_BYTES].contains(&length));
                let same = |flight: &Vec<u8>| flight.starts_with(&bytes);
                assert!(self.heard.iter().any(same), "a stranger finds a door");
            }
            Knock::Stranger => {}
        }
        self.next += 2;
        let conn = ConnId(self.next);
        let led = self.pair.tell(
            ADA,
            Input::Flight {
                conn,
                bytes,
                through: false,
            },
        );
        assert_eq!(led.writes, 0, "a stranger makes the disk work");
        assert!(led.sends <= 1, "more than a close");
    }

    fn replay(&mut self) {
        if let Some(at) = self.script.index(self.heard.len()) {
            self.next += 2;
            let (conn, bytes) = (ConnId(self.next), self.heard[at].clone());
            self.pair.give(
                ADA,
                Input::Flight {
                    conn,
                    bytes,
                    through: false,
                },
            );
            // Whoever replays has no key for what follows.
            let bytes = self.script.long().to_vec();
            self.pair.tell(ADA, Input::Bytes { conn, bytes });
        }
    }

    fn damage_next(&mut self) {
        if let Some((_, Input::Flight { bytes, .. } | Input::Bytes { bytes, .. })) =
            self.pair.queue.front_mut()
        {
            self.script.damage(bytes);
        }
    }

    /// Bytes that no key ever sealed: nothing may come of them.
    fn parcel(&mut self) {
        let bucket = BUCKETS[self.script.index(BUCKETS.len()).unwrap_or(0)];
        let mut bytes = self.script.long().to_vec();
        bytes.resize(bucket, 0);
        self.pair.tell(ADA, Input::Tick);
        let input = match self.script.u8() & 1 {
            0 => Input::Parcel(bytes),
            _ => Input::Frame {
                conn: ConnId(self.next),
                kind: PARCEL,
                body: bytes,
            },
        };
        let led = self.pair.tell(ADA, input);
        assert_eq!((led.writes, led.sends), (0, 0), "something comes of junk");
    }

    /// The other one takes Ada's invitation.
    fn join(&mut self) {
        let code = self.base.code.clone();
        self.pair.accept(1, &code, "ada");
        let seconds = self.script.u8() % 4;
        self.pair.run_for(seconds.into());
    }

    fn somebody_else(&mut self) {
        let seed = 80 + self.script.u8() % 8;
        self.pair.replace_second(seed);
    }
}
