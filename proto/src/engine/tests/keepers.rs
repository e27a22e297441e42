//! Boxes on their bad days: full, silent, forgetful, gone; and friends who fill what others need.

use super::net::Net;
use crate::engine::doors::Whom;
use crate::engine::*;
use crate::friend::Friend;
use crate::inbox::Arrival;
use crate::keeper;
use crate::limits::{
    BOX_DIALS_MAX, LEAVE_AGAIN_MINUTES, RESEAL_CHAINS, TOKENS_RESERVED, TOKENS_UNASKED_DAYS,
};
use crate::message::Tokens;
use crate::profile::{Profile, Ways};
use crate::time::{DAY_MINUTES, MINUTE_MS};

const BOB: usize = 0;
const ZOE: usize = 1;
const ANNE: usize = 2;
/// Keeps for Zoé too, in some tests.
const EVE: usize = 3;

impl Net {
    /// A friend, as somebody calls them.
    fn called(&mut self, at: usize, name: &str) -> (u32, &mut Friend) {
        let friends = self.nodes[at].engine.friends.iter_mut();
        let mut named = friends.filter(|(_, friend)| friend.petname.as_str() == name);
        let (no, friend) = named.next().unwrap();
        (*no, friend)
    }

    /// One message of this friend takes so many bytes of what somebody has room for.
    fn fills(&mut self, at: usize, friend: u32, length: u64) {
        let arrival = Arrival {
            friend,
            incarnation: 1,
            number: 99,
            received_min: self.now.minutes(),
            claimed_min: 1,
            length: length as u32,
            limit: 0,
            seq: None,
            group: None,
        };
        self.nodes[at].engine.inbox.insert(99, arrival);
    }
}

#[test]
fn who_left_no_room_for_their_own_texts_holds_up_nobody_elses() {
    let mut net = Net::with_a_keeper();
    net.goes(ZOE);
    net.say(ANNE, "zoé", "de trop");
    net.pass(2);
    net.say(ANNE, "zoé", "encore");
    net.pass(2);
    let (anne, _) = net.called(ZOE, "anne");
    let most = net.nodes[ZOE].engine.settings.bodies_bytes / 8;
    net.fills(ZOE, anne, most);
    net.goes(ANNE);
    net.comes(ZOE);
    net.pass(2);
    assert_eq!(net.in_boxes(), 0, "what is behind it is looked at");
    // Anne has them still, and leaves them again.
    net.nodes[ZOE].engine.inbox.forget(99);
    net.nodes[ZOE].engine.make_room();
    net.goes(ZOE);
    net.comes(ANNE);
    net.pass_hours(74);
    net.goes(ANNE);
    net.comes(ZOE);
    net.pass(40);
    assert_eq!(net.reads(ZOE), ["de trop", "encore"]);
}

#[test]
fn what_a_full_node_cannot_take_stays_with_the_keeper_and_was_no_look_into_the_box() {
    let mut net = Net::with_a_keeper();
    net.goes(ZOE);
    net.say(ANNE, "zoé", "plus tard");
    net.pass(2);
    let looked = net.called(ZOE, "bob").1.post.boxes.mine.as_ref();
    let looked = looked.unwrap().fetched_min;
    net.nodes[ZOE].engine.full = true;
    net.goes(ANNE);
    net.comes(ZOE);
    net.pass(40);
    assert_eq!(net.in_boxes(), 1);
    let mine = net.called(ZOE, "bob").1.post.boxes.mine.as_ref();
    assert_eq!(mine.unwrap().fetched_min, looked);
    net.queue.push_back((ZOE, Input::Room { full: false }));
    net.pass(40);
    assert_eq!(net.reads(ZOE), ["plus tard"]);
}

impl Net {
    /// Bob's keeper holds so many bytes for Zoé and no more.
    fn bob_keeps_for_zoe(&mut self, quota_bytes: u64) {
        let theirs = self.called(BOB, "zoé").1.post.boxes.theirs.as_ref();
        let (id, key) = theirs.map(|it| (it.id, it.key.key())).unwrap();
        let grant = keeper::BoxGrant {
            id,
            key,
            quota_bytes,
        };
        self.posts.push_back((BOB, keeper::Input::Keep(grant)));
        self.run();
    }
}

#[test]
fn a_long_parcel_that_finds_no_room_keeps_no_short_one_outside_and_costs_one_token_an_hour() {
    let mut net = Net::with_a_keeper();
    net.bob_keeps_for_zoe(3 * 2048);
    net.goes(ZOE);
    net.say(ANNE, "zoé", &"long ".repeat(1000));
    net.say(ANNE, "zoé", "court");
    let before = net.tokens(ANNE);
    net.pass(50);
    assert_eq!(net.in_boxes(), 1, "the short one");
    let spent = before - net.tokens(ANNE);
    assert_eq!(spent, 1, "the box rests an hour, not a minute");
    net.bob_keeps_for_zoe(1 << 20);
    net.pass(70);
    assert!(net.in_boxes() > 1, "the long one, in its pieces");
}

#[test]
fn a_box_that_answers_nobody_takes_a_batch_of_tokens_in_days_not_in_hours() {
    let mut net = Net::with_a_keeper();
    net.goes(ZOE);
    // Somebody else is at Bob's address.
    let theirs = net.called(BOB, "zoé").1.post.boxes.theirs.as_ref();
    let id = theirs.unwrap().id;
    net.posts.push_back((BOB, keeper::Input::Unkeep(id)));
    net.say(ANNE, "zoé", "salut");
    net.pass_hours(48);
    assert!(net.tokens(ANNE) >= 2, "{} left", net.tokens(ANNE));
}

#[test]
fn who_comes_back_after_a_generation_of_tokens_gets_new_ones() {
    let mut net = Net::with_a_keeper();
    net.goes(ANNE);
    net.pass_hours(24 * u64::from(TOKENS_UNASKED_DAYS) + 2);
    net.comes(ANNE);
    net.pass(40);
    let have = net.tokens(ANNE);
    assert!(have > 16, "beside the first batch");
    net.goes(ANNE);
    net.comes(ANNE);
    net.pass(40);
    assert!(net.tokens(ANNE) <= have, "and not each time");
}

#[test]
fn who_has_used_up_all_tokens_in_silence_gets_some_unasked() {
    let mut net = Net::with_a_keeper();
    net.goes(ANNE);
    for held in net.called(ANNE, "zoé").1.post.held.values_mut() {
        while held.take(true).is_some() {}
    }
    assert_eq!(net.tokens(ANNE), 0);
    net.pass_hours(24 * u64::from(TOKENS_UNASKED_DAYS) + 2);
    // The two are never there together.
    net.goes(ZOE);
    net.comes(ANNE);
    net.pass(40);
    assert!(net.tokens(ANNE) > TOKENS_RESERVED);
    net.say(ANNE, "zoé", "enfin");
    net.by_turns(4);
    assert_eq!(net.reads(ZOE), ["enfin"]);
}

impl Net {
    /// Bob's keeper loses what is in its boxes, and says nothing.
    fn bob_drops_all(&mut self) {
        let node = &mut self.nodes[BOB];
        node.parcels.clear();
        node.shelf.retain(|name, _| name.0[0] != b'p');
        self.starts_again(BOB);
    }
}

#[test]
fn what_a_keeper_lost_is_sealed_anew_between_two_who_are_never_there_together() {
    let mut net = Net::with_a_keeper();
    net.goes(ZOE);
    net.goes(ANNE);
    for at in [ZOE, ANNE] {
        net.starts_again(at);
    }
    net.comes(ANNE);
    net.say(ANNE, "zoé", "perdu");
    net.pass(2);
    let lost = net.called(ANNE, "zoé").1.outbox.entries().next_back();
    let (entry, sealed) = lost.map(|(id, it)| (id, it.sealed)).unwrap();
    net.bob_drops_all();
    for n in 0..RESEAL_CHAINS + 4 {
        net.say(ANNE, "zoé", &format!("{n}"));
        net.say(ZOE, "anne", &format!("{n}"));
        net.by_turns(2);
    }
    let anew = net.called(ANNE, "zoé").1.outbox.get(entry);
    assert!(anew.is_none_or(|it| it.sealed != sealed));
    net.by_turns(2);
    assert!(net.reads(ZOE).contains(&"perdu".to_owned()));
}

#[test]
fn what_one_keeper_drops_goes_to_another_the_next_time() {
    let mut net = Net::with_two_keepers();
    net.goes(ZOE);
    net.say(ANNE, "zoé", "salut");
    net.pass(2);
    let (first, second) = match net.in_boxes() {
        0 => (EVE, BOB),
        _ => (BOB, EVE),
    };
    let kept = |net: &Net, at: usize| net.nodes[at].parcels.len();
    assert_eq!((kept(&net, first), kept(&net, second)), (1, 0));
    // The first says that it has everything, and has nothing; the other could not be reached once.
    net.nodes[first].parcels.clear();
    let (_, zoe) = net.called(ANNE, "zoé");
    let boxes = zoe.post.held.iter();
    let boxes: Vec<_> = boxes.map(|(place, held)| (*place, held.id)).collect();
    let left = zoe
        .outbox
        .entries()
        .find_map(|(id, _)| zoe.outbox.left_at(id));
    let left = left.unwrap().id;
    for (place, id) in boxes {
        if id != left {
            zoe.live.visits.failed(place, 0, 1);
        }
    }
    net.pass_hours(u64::from(LEAVE_AGAIN_MINUTES) / 60 + 2);
    assert_eq!((kept(&net, first), kept(&net, second)), (0, 1));
}

impl Net {
    /// As with one, but that Eve keeps for Zoé too.
    fn with_two_keepers() -> Self {
        let mut net = Self::with_keepers(4);
        let code = net.invite(EVE, "zoé");
        net.accept(ZOE, &code, "eve");
        net.pass(1);
        let (name, kib) = ("zoé".to_owned(), 8192);
        let offer = AskMailbox::Offer { name, kib };
        assert!(net.ask(EVE, Request::Mailbox(offer)).is_ok());
        let name = "eve".to_owned();
        let ask = AskMailbox::Ask { name, kib };
        assert!(net.ask(ZOE, Request::Mailbox(ask)).is_ok());
        net.pass(2);
        assert_eq!(net.tokens(ANNE), 32);
        net
    }
}

#[test]
fn a_box_that_is_new_or_elsewhere_inherits_no_rest() {
    let mut net = Net::with_a_keeper();
    let now_ms = net.now.boot_ms;
    let (no, zoe) = net.called(ANNE, "zoé");
    let rests = |friend: &Friend| friend.live.visits.rests_until(0, now_ms).is_some();
    let id = zoe.post.held[&0].id;
    let new = Tokens {
        tokens: vec![(0, [1; 32].into())],
        ..Tokens::bare([9; 16], Vec::new())
    };
    let moved = Tokens::bare(id, vec![Addr::V4([198, 51, 100, 7], 9)]);
    let same = Tokens::bare(id, moved.addrs.clone());
    for (word, clears) in [(&moved, true), (&same, false)] {
        let (_, zoe) = net.called(ANNE, "zoé");
        zoe.live.visits.full(0, now_ms);
        net.nodes[ANNE].engine.they_say_of_tokens(no, word);
        assert_eq!(rests(net.called(ANNE, "zoé").1), !clears);
    }
    let (_, zoe) = net.called(ANNE, "zoé");
    zoe.post.held.clear();
    net.nodes[ANNE].engine.they_say_of_tokens(no, &new);
    assert!(!rests(net.called(ANNE, "zoé").1), "in the place of another");
}

#[test]
fn what_a_keeper_stores_tells_the_day_of_a_visit_and_not_the_minute() {
    let mut net = Net::with_a_keeper();
    let stamp = |net: &mut Net| {
        let mine = net.called(ZOE, "bob").1.post.boxes.mine.as_ref();
        mine.unwrap().stamp
    };
    let day_ms = u64::from(DAY_MINUTES) * MINUTE_MS;
    let mut before = stamp(&mut net);
    for _ in 0..3 {
        net.pass_hours(24);
        let now = stamp(&mut net);
        let begun = net.now.wall_ms / day_ms * day_ms;
        assert!(now >= begun && now - begun < 200, "a count since midnight");
        assert!(now > before);
        before = now;
    }
}

#[test]
fn no_word_of_a_friend_makes_this_node_call_where_it_has_no_business() {
    let mut net = Net::with_a_keeper();
    net.goes(ZOE);
    let engine = &mut net.nodes[ANNE].engine;
    engine.listening = vec![Addr::V4([192, 168, 1, 7], 9)];
    let (_, zoe) = net.called(ANNE, "zoé");
    for held in zoe.post.held.values_mut() {
        held.addrs = vec![Addr::V4([127, 0, 0, 1], 1), Addr::V4([10, 0, 0, 1], 1)];
    }
    let before = net.tokens(ANNE);
    net.say(ANNE, "zoé", "salut");
    net.pass(120);
    assert_eq!((net.tokens(ANNE), net.in_boxes()), (before, 0));
}

#[test]
fn a_box_is_called_where_it_answered_last_and_by_ways_that_are_open() {
    let net = Net::with_a_keeper();
    let mut engine = Engine::create(net.now, [9; 32]);
    engine.settings.ways = Ways::new(Profile::Normal, true);
    let [near, far] = [Addr::V4([198, 51, 100, 7], 9), Addr::Onion([7; 32], 9)];
    let addrs = [near, far];
    assert_eq!(engine.callable(&addrs, None), [near, far]);
    assert_eq!(engine.callable(&addrs, Some(far)), [far, near]);
    engine.settings.ways = Ways::new(Profile::TorOnly, true);
    assert_eq!(engine.callable(&addrs, Some(near)), [far]);
}

#[test]
fn boxes_leave_room_among_the_dials_for_friends() {
    let mut net = Net::with_a_keeper();
    let engine = &mut net.nodes[ANNE].engine;
    let dials = (0..100).take_while(|n| {
        let may = engine.may_dial_a_box();
        let addr = Addr::V4([198, 51, 100, 7], 9);
        may.then(|| engine.dial(Whom::Box(*n, 0), Handle([1; 32]), addr));
        may
    });
    assert_eq!(dials.count(), BOX_DIALS_MAX);
}

#[test]
fn a_parcel_that_is_not_whole_on_the_disk_holds_up_no_other() {
    let mut net = Net::with_a_keeper();
    net.goes(ZOE);
    net.say(ANNE, "zoé", "abîmé");
    net.goes(BOB);
    net.pass(3);
    net.say(ANNE, "zoé", "entier");
    net.starts_again(ANNE);
    let (_, zoe) = net.called(ANNE, "zoé");
    let (first, _) = zoe.outbox.entries().next().unwrap();
    net.nodes[ANNE].torn = Some(first);
    net.comes(BOB);
    net.pass(80);
    assert_eq!(net.in_boxes(), 1);
    net.goes(ANNE);
    net.comes(ZOE);
    net.pass_hours(26);
    assert!(net.reads(ZOE).contains(&"entier".to_owned()));
}

#[test]
fn who_hands_an_old_parcel_in_sees_no_answer_for_a_quarter_of_an_hour_and_texts_wait_for_none() {
    let mut net = Net::with_a_keeper();
    net.goes(ZOE);
    net.say(ANNE, "zoé", "salut");
    net.pass(2);
    let parcel = net.nodes[BOB].parcels.values().next().unwrap().to_vec();
    net.goes(ANNE);
    net.comes(ZOE);
    net.pass(3);
    let before = net.tokens(ZOE);
    net.queue.push_back((ZOE, Input::Parcel(parcel)));
    net.pass(14);
    assert_eq!(net.tokens(ZOE), before);
    net.say(ZOE, "anne", "à propos");
    net.pass(2);
    assert_eq!(net.tokens(ZOE), before - 1, "the text does not wait");
    net.pass(120);
    assert!(net.tokens(ZOE) >= before - 2, "and the answer came once");
}
