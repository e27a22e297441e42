//! A friend whose program is another: real frames, real seals, and whatever it likes inside, with
//! crashes, cuts and clocks in between. Ada's node is looked at; Bob's keys are the fuzzer's.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use kith_proto::engine::testing::{Odd, answer, offer, seal};
use kith_proto::engine::{Answer, Event, Input, Kept, Request, Settings};
use kith_proto::limits::{
    BODIES_BYTES, BUCKETS, KEEP_MINUTES, OUTBOX_PER_FRIEND_MAX, POST_MINUTES, SKIPPED_PER_NODE_MAX,
    TEXT_BYTES_MAX, UNREAD_PER_FRIEND_MAX,
};
use kith_proto::secret::Said;

use super::pair::{Disk, PARCEL, Pair, ROOM, Snapshot};
use super::script::Script;

const ADA: usize = 0;
const BOB: usize = 1;
/// The payload's kind of a text, of a wish about time, and of one for new secrets.
const TEXT: u8 = 3;
const TIMER: u8 = 7;
const REKEY: u8 = 9;
const DAY_MS: u64 = 24 * 3600 * 1000;
const ORDERS_MAX: usize = 96;

/// Runs the script.
pub fn friend(data: &[u8]) {
    static BASE: OnceLock<Snapshot> = OnceLock::new();
    let base = BASE.get_or_init(|| Pair::friends().snapshot());
    let mut pair = Pair::from(base);
    pair.run_for(2);
    let mut play = Play {
        pair,
        script: Script(data),
        bag: Vec::new(),
        settings: Settings {
            post_min: POST_MINUTES,
            keep_min: KEEP_MINUTES,
            bodies_bytes: BODIES_BYTES,
            ways: kith_proto::profile::Ways::default(),
            hurries: false,
        },
        friendship: 0,
        texts: BTreeSet::new(),
        written: 0,
        copies: [None, None],
    };
    for _ in 0..ORDERS_MAX {
        if play.script.is_over() {
            break;
        }
        play.order();
        play.check_bounds();
    }
    play.crash();
    play.check_words();
}

/// A parcel that was sealed and may be handed in.
struct Sealed {
    parcel: Vec<u8>,
    /// Whether Ada may know it.
    given: bool,
}

struct Play<'a> {
    pair: Pair,
    script: Script<'a>,
    bag: Vec<Sealed>,
    settings: Settings,
    /// Counts the times they became friends.
    friendship: u32,
    /// The ids of all texts that the fuzzer sealed.
    texts: BTreeSet<(u32, [u8; 16])>,
    /// How many Bob's own program wrote.
    written: usize,
    /// Disks as they once were.
    copies: [Option<Disk>; 2],
}

impl Play<'_> {
    fn order(&mut self) {
        match self.script.u8() % 32 {
            0 => self.any_frame(),
            1 => self.junk(),
            2 => {
                let payload = self.script.long().to_vec();
                self.say(&payload);
            }
            3 => self.say_text(),
            4 => self.say_timer(),
            5 => self.give_kept(),
            6 => self.offer_session(),
            7 => {
                for _ in 0..=self.script.u8() {
                    self.pair.deliver_one();
                }
            }
            8 => drop(self.pair.queue.pop_front()),
            9 => self.damage_next(),
            10 => self
                .pair
                .queue
                .rotate_left(usize::from(self.pair.queue.len() > 1)),
            11 => self.write(ADA),
            12 => self.write(BOB),
            13 => self.read(),
            14 => self.ada_asks(),
            15 => self.crash(),
            16 => self.pair.crash(BOB),
            17 => self.pair.cut(),
            18 => {
                let seconds = self.script.u16();
                self.pair.pass(u64::from(seconds) * 1_000);
            }
            19 => self.leap(),
            20 => self.room_word(),
            21 => {
                let full = self.script.u8() & 1 == 1;
                self.pair.tell(ADA, Input::Room { full });
            }
            22 => self.set(),
            23 => self.probe_fails(),
            24 => self.begin_again(),
            25 => {
                let n = usize::from(self.script.u8() & 1);
                self.copies[n] = Some(self.pair.nodes[n].disk.clone());
            }
            26 => self.go_back(),
            28 => self.rotate(),
            29 => self.say_rekey(),
            30 => self.say_rekeyed(),
            31 => {
                let days = self.script.u8() % 64;
                self.pair.pass(u64::from(days) * DAY_MS);
            }
            _ => {
                let seconds = self.script.u8() % 8;
                self.pair.run_for(seconds.into());
            }
        }
    }

    fn any_frame(&mut self) {
        let (kind, body) = (self.script.u8(), self.script.long().to_vec());
        if let Some(conn) = self.pair.link(ADA) {
            self.pair.tell(ADA, Input::Frame { conn, kind, body });
        }
    }

    /// Bytes that no key ever sealed: nothing may come of them.
    fn junk(&mut self) {
        let bucket = BUCKETS[self.script.index(BUCKETS.len()).unwrap_or(0)];
        let mut body = self.script.long().to_vec();
        body.resize(bucket, 0);
        self.refused(body);
    }

    /// A parcel of which nothing may come, by its link or by another road.
    fn refused(&mut self, body: Vec<u8>) {
        let by_link = self.script.u8() & 1 == 0;
        // What was due anyhow is done before.
        self.pair.tell(ADA, Input::Tick);
        let online = self.pair.status(ADA).online == 1;
        let input = match self.pair.link(ADA) {
            Some(conn) if by_link && online => Input::Frame {
                conn,
                kind: PARCEL,
                body,
            },
            _ => Input::Parcel(body),
        };
        let led = self.pair.tell(ADA, input);
        assert_eq!((led.writes, led.sends), (0, 0), "something comes of junk");
    }

    /// Seals what Bob's program would never say, and hands it in or keeps it.
    fn say(&mut self, payload: &[u8]) {
        let how = self.script.u8();
        let field = [self.script.u8(); 1184];
        let ext: Option<&[u8]> = match how >> 3 & 3 {
            0 => None,
            1 => Some(&[]),
            2 => Some(&field[..1088]),
            _ => Some(&field),
        };
        let odd = Odd {
            turn: how & 1 == 1,
            pn: (how & 2 == 2).then(|| self.script.u16().into()),
            ext,
            payload,
        };
        let entropy = self.pair.entropy(BOB);
        let Some(parcel) = seal(&mut self.pair.nodes[BOB].engine, &odd, entropy) else {
            return;
        };
        // His disk holds it before it leaves, as any program's does.
        self.pair.tell(BOB, Input::Tick);
        if let Some((&TEXT, rest)) = payload.split_first() {
            let id = rest.first_chunk().copied();
            self.texts.extend(id.map(|id| (self.friendship, id)));
        }
        self.keep_or_give(parcel, how & 4 == 4);
    }

    fn keep_or_give(&mut self, parcel: Vec<u8>, keep: bool) {
        if !keep {
            self.give(parcel.clone(), true);
        }
        if self.bag.len() < 32 {
            let given = !keep;
            self.bag.push(Sealed { parcel, given });
        }
    }

    fn give(&mut self, body: Vec<u8>, by_link: bool) {
        let input = match self.pair.link(ADA) {
            Some(conn) if by_link => Input::Frame {
                conn,
                kind: PARCEL,
                body,
            },
            _ => Input::Parcel(body),
        };
        self.pair.tell(ADA, input);
    }

    fn say_text(&mut self) {
        let mut payload = vec![TEXT];
        payload.extend([self.script.u8(); 16]);
        payload.extend(self.script.array::<2>());
        payload.extend(self.script.array::<4>());
        payload.extend(self.script.array::<4>());
        payload.extend(self.script.array::<4>());
        let (times, words) = (self.script.u16(), self.script.short());
        for _ in 0..=usize::from(times).min(TEXT_BYTES_MAX / words.len().max(1)) {
            payload.extend(words);
        }
        self.say(&payload);
    }

    fn say_timer(&mut self) {
        let mut payload = vec![TIMER];
        payload.extend([self.script.u8(); 16]);
        payload.extend(self.script.array::<8>());
        self.say(&payload);
    }

    /// From now on their edge gets new secrets after so few links.
    fn rotate(&mut self) {
        self.pair.rotate_links = u32::from(self.script.u8() % 4) + 1;
        self.crash();
        self.pair.crash(BOB);
    }

    /// An epoch like theirs, or any.
    fn epoch(&mut self) -> u32 {
        let near = self.script.u8();
        match near & 0xF0 {
            0xF0 => self.script.u32(),
            _ => (near & 0xF).into(),
        }
    }

    fn say_rekey(&mut self) {
        let mut payload = vec![REKEY];
        payload.extend([self.script.u8(); 16]);
        payload.extend(self.epoch().to_le_bytes());
        payload.extend([self.script.u8(); 32]);
        self.say(&payload);
    }

    /// The answer to what Ada asked, with any epoch and share.
    fn say_rekeyed(&mut self) {
        let (epoch, share) = (self.epoch(), [self.script.u8(); 32]);
        let answer = answer(&self.pair.nodes[ADA].engine, epoch, share);
        if let Some(mut payload) = answer {
            if self.script.u8() & 1 == 1 {
                self.script.damage(&mut payload);
            }
            self.say(&payload);
        }
    }

    /// A parcel that was kept, once more or damaged.
    fn give_kept(&mut self) {
        let Some(at) = self.script.index(self.bag.len()) else {
            return;
        };
        let how = self.script.u8();
        let kept = &mut self.bag[at];
        let mut body = kept.parcel.clone();
        if how & 1 == 1 {
            self.script.damage(&mut body);
            if body != kept.parcel && !kept.given {
                return self.refused(body);
            }
        }
        self.bag[at].given = true;
        self.give(body, how & 2 == 0);
    }

    fn offer_session(&mut self) {
        let (how, stamp) = (self.script.u8(), self.script.u64());
        let mut bytes = vec![1, 1];
        bytes.extend_from_slice(self.script.long());
        // As long as an honest one: another length is refused at once.
        bytes.resize(2 + 1184 + 64, self.script.u8());
        let entropy = self.pair.entropy(BOB);
        let parcel = offer(&self.pair.nodes[BOB].engine, stamp, &bytes, entropy);
        if let Some(parcel) = parcel {
            self.keep_or_give(parcel, how & 1 == 1);
        }
    }

    /// Changes what is next on its way, whatever it is.
    fn damage_next(&mut self) {
        if let Some((_, input)) = self.pair.queue.front_mut() {
            match input {
                Input::Frame { body, .. } => self.script.damage(body),
                Input::Flight { bytes, .. } | Input::Bytes { bytes, .. } => {
                    self.script.damage(bytes);
                }
                _ => {}
            }
        }
    }

    fn write(&mut self, n: usize) {
        let length = usize::from(self.script.u16()) % (TEXT_BYTES_MAX + 2);
        let to = ["bob", "ada"][n];
        self.pair.send(n, to, &"é".repeat(length / 2));
        self.written += usize::from(n == BOB);
    }

    fn read(&mut self) {
        let up_to = self.script.u64();
        let from = (self.script.u8() & 1 == 1).then(|| "bob".to_owned());
        let _ = self.pair.ask(
            ADA,
            Request::Acknowledge {
                after: 0,
                up_to,
                from,
            },
        );
    }

    fn ada_asks(&mut self) {
        let name = "bob".to_owned();
        let request = match self.script.u8() % 10 {
            0 => Request::History {
                name,
                before: self.script.u64(),
                max: self.script.u32(),
            },
            1 => Request::EraseHistory { name: Some(name) },
            2 => Request::Keep {
                name,
                keep_min: (self.script.u8() & 1 == 1).then(|| self.script.u32()),
            },
            3 => Request::Timer {
                name,
                limit_min: self.script.u32(),
            },
            4 => Request::Edit {
                name,
                seq: self.script.u16().into(),
                text: Said::new(self.script.short().to_vec()),
            },
            5 => Request::Sent {
                id: self.script.u64(),
            },
            6 => Request::Contacts,
            8 => {
                let same = match self.pair.ask(ADA, Request::Contacts) {
                    Ok(Answer::Contacts(all)) if self.script.u8() & 1 == 1 => {
                        all.first().map(|contact| contact.session_words.join(" "))
                    }
                    _ => None,
                };
                Request::Check { name, same }
            }
            7 => Request::Inbox {
                after: self.script.u64(),
                max: self.script.u32(),
            },
            _ => Request::Verify {
                name,
                file: Said::new(self.script.long().to_vec()),
            },
        };
        let _ = self.pair.ask(ADA, request);
    }

    /// Ada's node stops and starts: what was on its disk is what it knows.
    fn crash(&mut self) {
        self.pair.tell(ADA, Input::Tick);
        let before = self.kept();
        self.pair.crash(ADA);
        self.pair.tell(ADA, Input::Settings(self.settings));
        let after = self.kept();
        assert_eq!(before.friends, after.friends);
        assert_eq!(before.unread, after.unread, "what was not read");
        // What was delivered may have to be asked again.
        assert!(after.outbox >= before.outbox || after.outbox + after.history >= before.outbox);
    }

    fn leap(&mut self) {
        let minutes = self.script.u32() as i32;
        let wall_ms = self.pair.now.wall_ms;
        self.pair.now.wall_ms = wall_ms.saturating_add_signed(i64::from(minutes) * 60_000);
        self.pair.tell(ADA, Input::Tick);
    }

    fn room_word(&mut self) {
        let body = vec![self.script.u8() % 3];
        if let Some(conn) = self.pair.link(ADA) {
            let kind = ROOM;
            self.pair.tell(ADA, Input::Frame { conn, kind, body });
        }
    }

    fn set(&mut self) {
        self.settings = Settings {
            post_min: self.script.u16().into(),
            keep_min: self.script.u16().into(),
            bodies_bytes: self.script.u16().into(),
            ways: kith_proto::profile::Ways::default(),
            hurries: false,
        };
        self.pair.tell(ADA, Input::Settings(self.settings));
    }

    fn probe_fails(&mut self) {
        if let Some(conn) = self.pair.link(ADA) {
            let alive = false;
            self.pair.tell(ADA, Input::Probed { conn, alive });
        }
    }

    /// A node starts from an older copy of its disk.
    fn go_back(&mut self) {
        let n = usize::from(self.script.u8() & 1);
        let Some(copy) = self.copies[n].clone() else {
            return;
        };
        self.pair.nodes[n].disk = copy;
        self.pair.crash(n);
        if n == ADA {
            // What she forgot she is shown again, once.
            self.pair.nodes[ADA].events.clear();
            self.pair.tell(ADA, Input::Settings(self.settings));
        }
    }

    /// They end the friendship on one side or both, and begin another.
    fn begin_again(&mut self) {
        let how = self.script.u8();
        for (n, name) in [(ADA, "bob"), (BOB, "ada")] {
            if how >> n & 1 == 1 {
                let name = name.to_owned();
                let _ = self.pair.ask(n, Request::Remove { name });
            }
        }
        self.friendship += 1;
        let (giver, taker) = if how & 4 == 4 { (BOB, ADA) } else { (ADA, BOB) };
        let names = ["bob", "ada"];
        if let Some(code) = self.pair.invite(giver, names[giver]) {
            self.pair.accept(taker, &code, names[taker]);
        }
    }

    fn check_bounds(&mut self) {
        let status = self.pair.status(ADA);
        assert!(status.unread as usize <= UNREAD_PER_FRIEND_MAX * 2);
        assert!(status.outbox as usize <= OUTBOX_PER_FRIEND_MAX * 2);
        let messages = |event: &&Event| matches!(event, Event::Message { .. });
        let shown = self.pair.nodes[ADA].events.iter().filter(messages).count();
        assert!(
            shown <= self.texts.len() + self.written,
            "a text is shown twice"
        );
        assert!(self.kept().late_keys as usize <= SKIPPED_PER_NODE_MAX);
    }

    fn kept(&mut self) -> Kept {
        match self.pair.ask(ADA, Request::Kept) {
            Ok(Answer::Kept(kept)) => kept,
            _ => panic!("nothing is said of what is kept"),
        }
    }

    /// What can be read is whole, and of a length and kind that can be shown.
    fn check_words(&mut self) {
        let (after, max) = (0, u32::MAX);
        let Ok(Answer::Inbox(messages)) = self.pair.ask(ADA, Request::Inbox { after, max }) else {
            panic!("no inbox");
        };
        for message in messages {
            let text = self.pair.nodes[ADA].disk.body(&message.text);
            let text = text.expect("its words are on the disk");
            assert!((1..=TEXT_BYTES_MAX).contains(&text.len()));
            assert!(std::str::from_utf8(&text).is_ok());
        }
    }
}
