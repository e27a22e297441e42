//! One invitation, one edge: whatever is lost, doubled or crossed.

use super::net::Net;
use crate::engine::*;
use crate::limits::{CLAIM_BYTES, INVITE_TAGS_MAX};
use crate::time::MINUTE_MS;

/// They are one pair with one root, and each can reach the other.
fn assert_friends(net: &mut Net) {
    for at in 0..2 {
        let engine = &net.nodes[at].engine;
        assert!(engine.joins.is_empty(), "node {at} still waits");
        assert_eq!(engine.friends.len(), 1, "node {at}");
        let friend = engine.friends.values().next().unwrap();
        assert!(friend.linked && friend.settled && friend.edges.one().is_some());
    }
    let root = |at: usize| {
        let friend = net.nodes[at].engine.friends.values().next().unwrap();
        &friend.edges.one().unwrap().dialled().root
    };
    assert!(root(0).same(root(1)));
    net.say(0, "bob", "salut");
    net.say(1, "alice", "salut");
    net.pass(1);
    assert_eq!((net.unread(0), net.unread(1)), (1, 1));
}

#[test]
fn an_invitation_makes_friends_who_talk() {
    let mut net = Net::new(2);
    let code = net.invite(0, "bob");
    net.accept(1, &code, "alice");
    net.pass(1);
    assert_friends(&mut net);
}

#[test]
fn a_link_that_comes_before_the_verdict_ends_the_joining() {
    let mut net = Net::new(2);
    // Verdicts and flights of the inviter are lost; its invitation is claimed all the same.
    net.loses = |at, bytes| at == 0 && bytes.len() == CLAIM_BYTES;
    let code = net.invite(0, "bob");
    net.accept(1, &code, "alice");
    assert!(!net.nodes[1].engine.friends.values().any(|f| f.settled));
    // The inviter dials its new friend within the hour; no retry gets through.
    net.loses = |at, bytes| at == 1 && bytes.len() > CLAIM_BYTES;
    net.pass(61);
    let paired = |event: &&Event| matches!(event, Event::Paired { .. });
    assert_eq!(net.nodes[1].events.iter().filter(paired).count(), 1);
    net.loses = |_, _| false;
    net.pass(60);
    assert_friends(&mut net);
}

#[test]
fn two_who_take_each_others_invitation_keep_one_edge() {
    // Verdicts lost at first, and each order of joining: whatever comes first, one edge is left.
    for (first, lossy) in [(0, false), (1, false), (0, true), (1, true)] {
        let mut net = Net::new(2);
        let codes = [net.invite(1, "alice"), net.invite(0, "bob")];
        // Nobody hears anybody until both have taken the other's.
        net.loses = |_, _| true;
        for at in [first, 1 - first] {
            net.accept(at, &codes[at], ["robert", "alix"][at]);
        }
        if lossy {
            net.loses = |_, bytes| bytes.len() == CLAIM_BYTES;
            net.pass(30);
        }
        net.loses = |_, _| false;
        net.pass(60);
        for at in 0..2 {
            let engine = &net.nodes[at].engine;
            assert_eq!(engine.friends.len(), 1, "first {first}, lossy {lossy}");
            assert!(engine.joins.is_empty());
            let friend = engine.friends.values().next().unwrap();
            assert!(friend.linked && friend.sessions.active.is_some());
        }
    }
}

#[test]
fn a_first_message_that_was_answered_is_never_answered_again() {
    let mut net = Net::new(2);
    net.loses = |at, bytes| at == 0 && bytes.len() == CLAIM_BYTES;
    let code = net.invite(0, "bob");
    net.accept(1, &code, "alice");
    let first = net.flights[0].clone();
    let tag = crate::link::flight::find_of(&first).unwrap();
    // Many retries later: no tag of theirs may have pushed out the first one.
    for day in 0..28 {
        net.now.wall_ms += 24 * 60 * MINUTE_MS;
        net.queue.push_back((1, Input::Tick));
        net.now.boot_ms += 24 * 60 * MINUTE_MS;
        for n in 0..8u8 {
            let invite = net.nodes[0].engine.invites.values_mut().next().unwrap();
            if invite.asked.len() < INVITE_TAGS_MAX {
                invite
                    .asked
                    .insert([[255, 255, day, n]; 4].concat().try_into().unwrap());
            }
        }
        let (conn, bytes) = (ConnId(1 << 40), first.clone());
        net.queue.push_back((
            0,
            Input::Flight {
                conn,
                bytes,
                through: false,
            },
        ));
        net.run();
        let engine = &net.nodes[0].engine;
        let invite = engine.invites.values().next().unwrap();
        assert!(!engine.conns.contains_key(&conn), "day {day}");
        assert!(invite.asked.contains(&tag) && invite.asked.len() <= INVITE_TAGS_MAX);
    }
}

/// Attack 1, in an invitation: its identity is a point like any other.
#[test]
fn an_invitation_of_a_low_order_identity_is_refused() {
    let now = Now {
        wall_ms: 1_795_000_000_000,
        boot_ms: 1_000,
    };
    let code = crate::invite::Code {
        expiry_min: now.minutes() + 100,
        ik: [0; 32],
        secret: crate::invite::Code::secret(|secret| secret.fill(1)),
        addrs: vec![Addr::V4([127, 0, 0, 1], 4040)],
        language: Language::French,
    };
    let request = Request::Accept {
        code: code.to_text().unwrap().to_string(),
        name: "zoé".into(),
        nick: String::new(),
    };
    let mut engine = Engine::create(now, [1; 32]);
    let asker = AskId(1);
    engine.handle(now, [2; 32], Input::Ask { asker, request });
    let effects = engine.poll().unwrap().then;
    let refused = |effect: &Effect| {
        matches!(
            effect,
            Effect::Answer {
                answer: Err(Refusal::BadCode),
                ..
            }
        )
    };
    assert!(effects.iter().any(refused));
}
