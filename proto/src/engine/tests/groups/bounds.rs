//! What a group takes, and where it ends: one step for all, one copy on the disk, parcels that are all
//! as long; refused when there is no room, and bounded whoever sends.

use super::*;
use crate::friend::What;
use crate::group;
use crate::limits::{
    BODIES_BYTES_MIN, GROUPS_ASKED_PER_FRIEND_MAX, GROUPS_MAX, STRAYS_PER_FRIEND_MAX,
};
use crate::vault::Place;

/// Ada knows 29 others, who need not know each other here.
pub(super) fn thirty() -> Net {
    let mut net = Net::new(30);
    for other in 1..30 {
        if other == 15 {
            net.pass(24 * 60);
        }
        net.befriend(0, other);
    }
    net.pass(5);
    net
}

#[test]
fn a_text_to_twenty_nine_is_one_step_and_one_copy() {
    let mut net = thirty();
    let all: Vec<_> = (1..30).collect();
    net.found_as(0, &all, policy());
    net.pass(5);
    let request = Request::Send {
        to: "cantine".into(),
        text: Said::new("une seule fois".as_bytes().to_vec()),
        limit_min: 0,
    };
    let input = Input::Ask {
        asker: AskId(0),
        request,
    };
    let (now, engine) = (net.now, &mut net.nodes[0].engine);
    engine.handle(now, [77; 32], input);
    let step = engine.poll().expect("a step");
    assert!(engine.poll().is_none(), "one step for all");
    let parcels = step.then.iter().filter_map(|effect| match effect {
        Effect::Frame {
            body: Body::Here(parcel),
            ..
        } => Some(parcel.len()),
        _ => None,
    });
    let parcels: Vec<_> = parcels.collect();
    assert_eq!(parcels.len(), 29);
    assert!(parcels.iter().all(|length| *length == parcels[0]));
    let words = b"une seule fois";
    let bodies = step.puts.iter().filter(|put| put.place == Place::Body);
    let copies = bodies.filter(|put| put.body.windows(words.len()).any(|it| it == words));
    assert_eq!(copies.count(), 1);
}

#[test]
fn without_room_a_text_is_refused_whole() {
    let mut net = all_friends(3, 3);
    net.found(0, &[1, 2]);
    net.goes(1);
    net.goes(2);
    let settings = Settings {
        bodies_bytes: BODIES_BYTES_MIN,
        ..net.nodes[0].engine.settings
    };
    net.queue.push_back((0, Input::Settings(settings)));
    net.run();
    let request = || Request::Send {
        to: "cantine".into(),
        text: Said::new(vec![b'a'; 30_000]),
        limit_min: 0,
    };
    let refused = (0..40).find_map(|_| net.ask(0, request()).err());
    assert_eq!(refused, Some(Refusal::OutboxFull));
    let waits = |whose: &str| {
        let friends = net.nodes[0].engine.friends.values();
        let friend = friends.filter(|friend| friend.petname.is(whose));
        let entries = friend.flat_map(|friend| friend.outbox.entries());
        entries
            .filter(|(_, it)| matches!(it.what, What::Group(..)))
            .count()
    };
    assert_eq!(waits("bob"), waits("cle"));
}

#[test]
pub(super) fn groups_and_asks_into_them_are_bounded() {
    let mut net = all_friends(2, 2);
    let new = |n: usize| {
        let name = format!("groupe {}", (b'a' + (n / 26) as u8) as char);
        NewGroup {
            name: format!("{name}{}", (b'a' + (n % 26) as u8) as char),
            with: vec!["bob".into()],
            charter: String::new(),
            policy: policy(),
        }
    };
    let mut made = 0;
    let refused = (0..GROUPS_MAX + 1).find_map(|n| {
        let answer = net.group(0, AskGroup::New(Box::new(new(n)))).err();
        made += usize::from(answer.is_none());
        answer
    });
    assert_eq!((refused, made), (Some(Refusal::TooManyGroups), GROUPS_MAX));
    let Ok(Answer::Waiting(waiting)) = net.ask(1, Request::Waiting) else {
        panic!("no list")
    };
    assert_eq!(waiting.len(), GROUPS_ASKED_PER_FRIEND_MAX);
}

/// What stands before something that nobody's program said like this.
fn head(
    gid: group::Hash,
    number: u32,
    prev: group::Hash,
    parents: Vec<group::Hash>,
) -> group::Head {
    group::Head {
        incarnation: 1,
        number,
        minute: 0,
        keep: 0,
        gid,
        view: gid,
        circle: group::Circle::Members,
        prev,
        parents,
        salt: [0; 16],
        digests: Vec::new(),
    }
}

#[test]
fn of_all_that_is_doubtful_at_once_a_person_is_told_once() {
    let mut net = all_friends(3, 3);
    net.found(0, &[1, 2]);
    net.pass(5);
    let me = *net.nodes[1].engine.me.point().as_bytes();
    let (no, held) = net.nodes[1].engine.held_group("cantine").unwrap();
    let (gid, to) = (held.gid(), held.readers(group::Circle::Members));
    let view = held.tally().view;
    let mut prev = group::first_head(&gid, &me, 1, group::Circle::Members);
    for n in 1..=20 {
        let head = group::Head {
            view,
            ..head(gid, n.into(), prev, vec![[n; 16]])
        };
        let said = group::Message::Chained(Box::new(head), group::Body::Text("après quoi ?"));
        let payload = said.encode(&[n; 16]);
        prev = group::next_head(&prev, &group::name_of(&me, &payload));
        net.nodes[1].engine.slip_into_group(no, &to, &payload);
    }
    net.pass(5);
    let doubts = |net: &Net| {
        let news = net.news(0).into_iter();
        news.filter(|it| matches!(it, GroupNews::Doubt)).count()
    };
    assert_eq!((doubts(&net), net.words(0).len()), (0, 0));
    for _ in 0..25 {
        net.now.wall_ms += 3_600_000;
        net.now.boot_ms += 3_600_000;
        net.tick();
    }
    assert_eq!((doubts(&net), net.words(0).len()), (1, 20));
}

#[test]
pub(super) fn strays_are_bounded_and_erased_in_time() {
    let mut net = all_friends(2, 2);
    let friend = *net.nodes[0].engine.friends.keys().next().unwrap();
    for n in 0..STRAYS_PER_FRIEND_MAX as u8 + 9 {
        let head = head([n; 16], 1, [0; 16], Vec::new());
        let said = group::Message::Chained(Box::new(head), group::Body::Text("perdu"));
        let payload = said.encode(&[n; 16]);
        let _ = net.nodes[0].engine.they_say_in_group(friend, &payload);
    }
    net.tick();
    assert_eq!(
        net.nodes[0].engine.groups.strays_of(friend).0,
        STRAYS_PER_FRIEND_MAX
    );
    assert_eq!(net.nodes[0].of_groups(), 2 * STRAYS_PER_FRIEND_MAX);
    net.starts_again(0);
    assert_eq!(
        net.nodes[0].engine.groups.strays_of(friend).0,
        STRAYS_PER_FRIEND_MAX
    );
    for _ in 0..32 {
        net.now.wall_ms += 24 * 3_600_000;
        net.now.boot_ms += 24 * 3_600_000;
        net.tick();
    }
    assert_eq!(net.nodes[0].of_groups(), 0);
}

#[test]
fn an_ask_that_is_not_answered_ends_by_itself() {
    let mut net = all_friends(3, 3);
    net.found_as(0, &[1, 2], policy());
    net.tell(0, "quelqu'un ?");
    net.pass(2);
    assert!(net.asked(1).is_some() && net.nodes[1].of_groups() > 0);
    for _ in 0..31 {
        net.now.wall_ms += 24 * 3_600_000;
        net.now.boot_ms += 24 * 3_600_000;
        net.tick();
    }
    assert!(net.asked(1).is_none());
    assert_eq!(net.nodes[1].of_groups(), 0);
}
