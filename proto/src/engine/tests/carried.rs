//! Parcels that go by a keeper, from one who is away when the other is there and the other way round:
//! everything arrives, once, whatever the keeper does with it.

use super::net::Net;
use crate::engine::*;
use crate::limits::{LEAVE_AGAIN_MINUTES, TOKENS_RESERVED};
use crate::time::HOUR_MS;

pub(super) const BOB: usize = 0;
pub(super) const ZOE: usize = 1;
pub(super) const ANNE: usize = 2;

impl Net {
    /// All three are friends, and Bob keeps for both others; tokens are with whom they are for.
    pub(super) fn with_a_keeper() -> Self {
        Self::with_keepers(3)
    }

    /// The same among so many nodes.
    pub(super) fn with_keepers(nodes: usize) -> Self {
        let mut net = Self::new(nodes);
        let pairs = [(BOB, ZOE), (BOB, ANNE), (ZOE, ANNE)];
        let names = ["bob", "zoé", "anne"];
        for (one, other) in pairs {
            let code = net.invite(one, names[other]);
            net.accept(other, &code, names[one]);
            net.pass(1);
        }
        for at in [ZOE, ANNE] {
            let name = names[at].to_owned();
            let kib = 8192;
            let offer = AskMailbox::Offer { name, kib };
            assert!(net.ask(BOB, Request::Mailbox(offer)).is_ok());
            let name = "bob".to_owned();
            let ask = AskMailbox::Ask { name, kib };
            assert!(net.ask(at, Request::Mailbox(ask)).is_ok());
        }
        net.pass(2);
        assert_eq!(net.tokens(ANNE) + net.tokens(ZOE), 32);
        net.passed = 0;
        net
    }

    pub(super) fn tokens(&self, at: usize) -> usize {
        let friends = self.nodes[at].engine.friends.values();
        let held = friends.flat_map(|friend| friend.post.held.values());
        held.map(|held| held.len()).sum()
    }

    pub(super) fn pass_ms(&mut self, ms: u64) {
        self.now.wall_ms += ms;
        self.now.boot_ms += ms;
        for at in 0..self.nodes.len() {
            self.queue.push_back((at, Input::Tick));
        }
        self.run();
    }

    pub(super) fn in_boxes(&self) -> usize {
        self.nodes[BOB].parcels.len()
    }

    pub(super) fn states(&mut self, at: usize, name: &str) -> Vec<Delivery> {
        let name = name.to_owned();
        let (before, max) = (u64::MAX, 200);
        match self.ask(at, Request::History { name, before, max }) {
            Ok(Answer::History(lines)) => lines.into_iter().filter_map(|it| it.mine).collect(),
            _ => panic!("no history"),
        }
    }

    /// The two are never there together: each has its hours.
    pub(super) fn by_turns(&mut self, turns: usize) {
        for turn in 0..turns {
            let (here, gone) = [(ANNE, ZOE), (ZOE, ANNE)][turn % 2];
            self.goes(gone);
            self.comes(here);
            self.pass(40);
        }
    }

    /// What Zoé reads, in its order.
    pub(super) fn reads(&mut self, at: usize) -> Vec<String> {
        let (after, max) = (0, 50);
        let Ok(Answer::Inbox(messages)) = self.ask(at, Request::Inbox { after, max }) else {
            panic!("no inbox");
        };
        let last = messages.last().map_or(0, |message| message.seq);
        let texts = messages.into_iter().map(|message| {
            let text = self.body(at, message.text);
            String::from_utf8(text).unwrap()
        });
        let texts = texts.collect();
        let (after, up_to, from) = (0, last, None);
        let read = Request::Acknowledge { after, up_to, from };
        assert!(self.ask(at, read).is_ok());
        texts
    }
}

#[test]
fn two_who_are_never_there_together_write_to_each_other() {
    let mut net = Net::with_a_keeper();
    net.goes(ZOE);
    net.say(ANNE, "zoé", "salut");
    assert_eq!(net.states(ANNE, "zoé"), [Delivery::Saved]);
    net.pass(2);
    let [Delivery::Kept { by, until_min }] = &net.states(ANNE, "zoé")[..] else {
        panic!("nobody keeps it");
    };
    assert_eq!(by.as_deref(), Some("bob"), "at whose address the box is");
    assert_eq!(until_min - net.now.minutes(), 30 * 24 * 60 - 1);
    let kept = |event: &Event| matches!(event, Event::Kept { to, .. } if to == "zoé");
    assert_eq!(
        net.nodes[ANNE].events.iter().filter(|it| kept(it)).count(),
        1
    );
    assert_eq!(net.in_boxes(), 1);
    let Ok(Answer::Why(why)) = net.ask(
        ANNE,
        Request::Why {
            of: Of::Friend("zoé".into()),
        },
    ) else {
        panic!("nobody can say why");
    };
    assert!(matches!(why.state, Delivery::Kept { .. }) && why.outlook.is_some());
    net.goes(ANNE);
    net.comes(ZOE);
    net.pass(2);
    assert_eq!(net.reads(ZOE), ["salut"]);
    assert_eq!(
        net.in_boxes(),
        1,
        "the acknowledgement, which goes by Bob too"
    );
    net.goes(ZOE);
    net.comes(ANNE);
    net.pass(40);
    assert_eq!(net.states(ANNE, "zoé"), [Delivery::Delivered]);
    assert_eq!(net.in_boxes(), 0);
}

#[test]
fn nothing_is_left_with_a_keeper_for_a_friend_who_is_there() {
    let mut net = Net::with_a_keeper();
    net.say(ANNE, "zoé", "salut");
    net.pass(5);
    assert_eq!(net.states(ANNE, "zoé"), [Delivery::Delivered]);
    assert_eq!((net.tokens(ANNE), net.in_boxes()), (16, 0));
}

#[test]
fn what_somebody_keeps_still_goes_by_a_link_and_is_shown_once() {
    let mut net = Net::with_a_keeper();
    net.goes(ZOE);
    net.say(ANNE, "zoé", "salut");
    net.pass(2);
    net.goes(BOB);
    net.comes(ZOE);
    net.pass(30);
    assert_eq!(net.states(ANNE, "zoé"), [Delivery::Delivered]);
    assert_eq!(net.reads(ZOE), ["salut"]);
    net.comes(BOB);
    net.pass(60);
    assert_eq!(net.reads(ZOE), [""; 0], "the same parcel again");
    assert_eq!(net.in_boxes(), 0, "and nobody keeps it any more");
}

#[test]
pub(super) fn where_it_is_kept_survives_a_restart_on_all_three_sides() {
    let mut net = Net::with_a_keeper();
    net.goes(ZOE);
    net.say(ANNE, "zoé", "avant");
    net.pass(2);
    for at in [BOB, ZOE, ANNE] {
        net.starts_again(at);
    }
    assert!(matches!(
        net.states(ANNE, "zoé")[..],
        [Delivery::Kept { .. }]
    ));
    // Nobody has greeted Anne since: what she says is sealed all the same, to go by Bob.
    net.say(ANNE, "zoé", "après");
    net.pass(2);
    assert_eq!(net.in_boxes(), 2);
    net.goes(ANNE);
    net.comes(ZOE);
    net.pass(2);
    assert_eq!(net.reads(ZOE), ["avant", "après"]);
}

#[test]
fn tokens_and_texts_keep_flowing_between_two_who_are_never_there_together() {
    let mut net = Net::with_a_keeper();
    // 96: all but the last are spent on both sides.
    for at in [ANNE, ZOE] {
        for friend in net.nodes[at].engine.friends.values_mut() {
            for held in friend.post.held.values_mut() {
                while held.take(false).is_some() {}
                assert_eq!(held.len(), TOKENS_RESERVED);
            }
        }
    }
    net.goes(ZOE);
    net.goes(ANNE);
    let mut read = (0, 0);
    for round in 0..12 {
        net.say(ANNE, "zoé", &format!("a{round}"));
        net.say(ZOE, "anne", &format!("z{round}"));
        net.by_turns(2);
        read.0 += net.reads(ZOE).len();
        read.1 += net.reads(ANNE).len();
    }
    net.by_turns(8);
    read.0 += net.reads(ZOE).len();
    read.1 += net.reads(ANNE).len();
    assert_eq!(
        read,
        (12, 12),
        "tokens {} {}",
        net.tokens(ANNE),
        net.tokens(ZOE)
    );
    assert!(net.tokens(ANNE) > TOKENS_RESERVED && net.tokens(ZOE) > TOKENS_RESERVED);
    net.by_turns(6);
    let arrived = |states: Vec<Delivery>| states.iter().all(|it| *it == Delivery::Delivered);
    let states = net.states(ANNE, "zoé");
    assert!(arrived(states));
}

#[test]
fn a_visit_that_is_cut_loses_nothing_and_shows_nothing_twice() {
    for lost in 0..24 {
        let mut net = Net::with_a_keeper();
        net.goes(ZOE);
        for n in 0..3 {
            net.say(ANNE, "zoé", &format!("{n}"));
        }
        net.passed = 0;
        // One message on a mute connection is lost, and the connection with it.
        net.lost = [
            |n| n == 0,
            |n| n == 1,
            |n| n == 2,
            |n| n == 3,
            |n| n == 4,
            |n| n == 5,
            |n| n == 6,
            |n| n == 7,
            |n| n == 8,
            |n| n == 9,
            |n| n == 10,
            |n| n == 11,
            |n| n == 12,
            |n| n == 13,
            |n| n == 14,
            |n| n == 15,
            |n| n == 16,
            |n| n == 17,
            |n| n == 18,
            |n| n == 19,
            |n| n == 20,
            |n| n == 21,
            |n| n == 22,
            |n| n == 23,
        ][lost];
        net.pass(6);
        net.goes(ANNE);
        net.comes(ZOE);
        net.pass(45);
        assert_eq!(net.reads(ZOE), ["0", "1", "2"], "message {lost} was lost");
        net.by_turns(4);
        let states = net.states(ANNE, "zoé");
        assert_eq!(
            states,
            [
                Delivery::Delivered,
                Delivery::Delivered,
                Delivery::Delivered
            ]
        );
    }
}

#[test]
fn a_keeper_that_lost_what_it_kept_gets_it_again() {
    let mut net = Net::with_a_keeper();
    net.goes(ZOE);
    net.say(ANNE, "zoé", "salut");
    net.pass(2);
    let shelf = net.nodes[BOB].shelf.clone();
    net.nodes[BOB].parcels.clear();
    net.nodes[BOB].shelf = shelf
        .into_iter()
        .filter(|(name, _)| name.0[0] != b'p')
        .collect();
    net.pass_hours(u64::from(LEAVE_AGAIN_MINUTES) / 60 + 2);
    net.goes(ANNE);
    net.comes(ZOE);
    net.pass(40);
    assert_eq!(net.reads(ZOE), ["salut"]);
}

impl Net {
    pub(super) fn pass_hours(&mut self, hours: u64) {
        for _ in 0..hours {
            self.now.wall_ms += HOUR_MS;
            self.now.boot_ms += HOUR_MS;
            for at in 0..self.nodes.len() {
                self.posts.push_back((at, crate::keeper::Input::Tick));
                self.queue.push_back((at, Input::Tick));
            }
            self.run();
        }
    }
}

#[test]
fn a_keeper_that_mixes_doubles_or_holds_back_puts_no_word_into_a_wrong_mouth() {
    let mut net = Net::with_a_keeper();
    net.goes(ZOE);
    for n in 0..4 {
        net.say(ANNE, "zoé", &format!("{n}"));
    }
    net.pass(2);
    // What somebody left for Anne is handed to Zoé, and the other way round.
    net.goes(ANNE);
    net.comes(ZOE);
    net.say(ZOE, "anne", "à toi");
    net.goes(BOB);
    net.pass(1);
    let parcels = |net: &Net| -> Vec<_> {
        let parcels = net.nodes[BOB].parcels.values();
        parcels.map(|it| it.to_vec()).collect()
    };
    let for_zoe = parcels(&net);
    assert_eq!(for_zoe.len(), 4);
    for (to, at) in [(ANNE, 0), (ZOE, 3), (ZOE, 3), (ANNE, 3), (ZOE, 1), (ZOE, 0)] {
        net.queue
            .push_back((to, Input::Parcel(for_zoe[at].clone())));
        let mut changed = for_zoe[at].clone();
        changed[200] ^= 1;
        net.queue.push_back((to, Input::Parcel(changed)));
    }
    net.run();
    assert_eq!(net.reads(ANNE), [""; 0]);
    assert_eq!(
        net.reads(ZOE),
        ["0", "1"],
        "what is held back holds up the rest"
    );
    net.queue
        .push_back((ZOE, Input::Parcel(for_zoe[2].clone())));
    net.run();
    assert_eq!(net.reads(ZOE), ["2", "3"]);
    net.comes(BOB);
    net.by_turns(6);
    assert_eq!(net.reads(ZOE), [""; 0]);
    assert_eq!(net.reads(ANNE), ["à toi"]);
}

#[test]
fn a_keeper_that_replays_all_day_gets_one_acknowledgement_and_one_token_an_hour() {
    let mut net = Net::with_a_keeper();
    net.goes(ZOE);
    net.say(ANNE, "zoé", "salut");
    net.pass(2);
    let parcel = net.nodes[BOB].parcels.values().next().unwrap().to_vec();
    net.goes(ANNE);
    net.comes(ZOE);
    net.pass(3);
    let (before, sessions) = (net.tokens(ZOE), net.in_boxes());
    assert_eq!((before, sessions), (15, 1));
    for _ in 0..180 {
        for _ in 0..17 {
            net.queue.push_back((ZOE, Input::Parcel(parcel.clone())));
        }
        net.pass(1);
    }
    let spent = before - net.tokens(ZOE);
    assert!((1..=3).contains(&spent), "{spent} visits in three hours");
    assert_eq!(net.in_boxes(), 1 + spent, "one parcel each");
    let anne = net.nodes[ZOE].engine.friends.values();
    let anne = anne.filter(|friend| friend.petname.as_str() == "anne");
    for friend in anne {
        let sessions = &friend.sessions;
        assert!(sessions.offer.is_none() && sessions.pending.is_none() && !sessions.wanted);
    }
    net.goes(ZOE);
    net.comes(ANNE);
    net.pass(40);
    assert_eq!(net.states(ANNE, "zoé"), [Delivery::Delivered]);
}

#[test]
fn what_a_keeper_has_on_its_disk_names_nobody() {
    let mut net = Net::with_a_keeper();
    net.goes(ZOE);
    net.say(ANNE, "zoé", "le rendez-vous est à dix-huit heures");
    net.pass(2);
    let node = &net.nodes[BOB];
    let points: Vec<_> = [ZOE, ANNE]
        .iter()
        .map(|at| net.nodes[*at].engine.me.point().as_bytes().to_vec())
        .collect();
    let words = ["zoé", "anne", "rendez-vous", "dix-huit"];
    let mut secret: Vec<_> = words.iter().map(|word| word.as_bytes().to_vec()).collect();
    secret.extend(points);
    for (name, body) in node.shelf.iter().chain(&node.parcels) {
        for one in &secret {
            let holds = |bytes: &[u8]| bytes.windows(one.len()).any(|it| it == &one[..]);
            assert!(!holds(body) && !holds(&name.0));
        }
    }
}

#[test]
fn a_session_that_has_to_begin_anew_begins_by_a_keeper() {
    let mut net = Net::with_a_keeper();
    net.goes(ZOE);
    let zoe = net.nodes[ANNE].engine.friends.values_mut();
    for friend in zoe.filter(|friend| friend.petname.as_str() == "zoé") {
        friend.sessions.wanted = true;
    }
    net.by_turns(3);
    let renewed = |event: &Event| matches!(event, Event::Renewed { .. });
    assert!(net.nodes[ANNE].events.iter().any(renewed));
    net.say(ANNE, "zoé", "dans la nouvelle");
    net.by_turns(4);
    assert!(net.nodes[ZOE].events.iter().any(renewed));
    assert_eq!(net.reads(ZOE), ["dans la nouvelle"]);
    net.say(ZOE, "anne", "bien reçu");
    net.by_turns(4);
    assert_eq!(net.reads(ANNE), ["bien reçu"]);
}
