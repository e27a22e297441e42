//! Boxes in which friends keep parcels for each other, as far as two humans and their nodes agree on
//! them; and the tokens that everybody else gets.

use super::net::Net;
use crate::engine::people::NewFriend;
use crate::engine::*;
use crate::friend::What;
use crate::limits::{
    MAILBOX_KIB_MAX, MAILBOXES_MAX, POST_MINUTES, TOKEN_BATCHES_PER_DAY_MAX, TOKENS_PER_BATCH_MAX,
};
use crate::message::{BoxSays, BoxWord, Tokens};
use crate::petname::Petname;

/// Keeps.
const BOB: usize = 0;
/// Is kept for.
const ZOE: usize = 1;
/// Writes to Zoé.
const ANNE: usize = 2;

const KIB: u32 = 8192;

impl Net {
    /// Zoé is a friend of both others, who do not know each other.
    fn around_zoe() -> Self {
        let mut net = Self::new(3);
        for (at, name) in [(BOB, "bob"), (ANNE, "anne")] {
            let code = net.invite(ZOE, name);
            net.accept(at, &code, "zoé");
            net.pass(1);
        }
        net.passed = 0;
        net
    }

    fn mailbox(&mut self, at: usize, ask: AskMailbox) -> Vec<Mailbox> {
        match self.ask(at, Request::Mailbox(ask)) {
            Ok(Answer::Mailboxes(all)) => all,
            Err(refusal) => panic!("{refusal:?}"),
            _ => panic!("another answer"),
        }
    }

    fn zoe_asks_bob(&mut self) -> Vec<Mailbox> {
        let (name, kib) = ("bob".into(), KIB);
        self.mailbox(ZOE, AskMailbox::Ask { name, kib })
    }

    fn boxes(&mut self, at: usize) -> Vec<Mailbox> {
        self.mailbox(at, AskMailbox::List)
    }

    /// Who waits for a yes or a no about a box.
    fn asked_for_box(&mut self, at: usize) -> Option<u32> {
        let Ok(Answer::Waiting(all)) = self.ask(at, Request::Waiting) else {
            panic!("nobody can say who waits");
        };
        let mut ids = all.iter().filter_map(|waiting| match &waiting.waits {
            WaitsAs::Mailbox { by, kib } => {
                assert_eq!((by.as_str(), *kib), ("zoé", KIB));
                Some(waiting.id)
            }
            _ => None,
        });
        ids.next()
    }

    fn bob_says_yes(&mut self) {
        let id = self.asked_for_box(BOB).expect("bob is asked");
        let (name, language) = (String::new(), Language::French);
        let answer = self.ask(BOB, Request::Welcome { id, name, language });
        assert!(matches!(answer, Ok(Answer::Welcomed)));
    }

    /// Of whose boxes somebody has tokens, and how many of each.
    fn held(&mut self, at: usize) -> Vec<(String, u32)> {
        match self.ask(at, Request::Tokens(AskTokens::List)) {
            Ok(Answer::Tokens { held, .. }) => {
                let held = held.into_iter();
                held.map(|it| (it.petname, it.tokens)).collect()
            }
            _ => panic!("nobody can say"),
        }
    }

    fn kept(&mut self, at: usize) -> Option<(u32, Option<u32>)> {
        let all = self.boxes(at).into_iter();
        let mut theirs = all.filter_map(|it| it.theirs);
        theirs.next().map(|it| (it.asked_kib, it.granted_kib))
    }

    fn granted(&mut self) -> Option<u32> {
        let all = self.boxes(ZOE).into_iter();
        let mut mine = all.filter_map(|it| it.mine);
        mine.next().and_then(|mine| mine.granted_kib)
    }
}

fn one_batch() -> Vec<(String, u32)> {
    vec![("zoé".into(), TOKENS_PER_BATCH_MAX as u32)]
}

#[test]
fn two_humans_agree_on_a_box_and_the_others_get_tokens() {
    let mut net = Net::around_zoe();
    net.zoe_asks_bob();
    assert_eq!(net.granted(), None, "bob's human is asked first");
    assert!(net.held(ANNE).is_empty());
    net.bob_says_yes();
    assert_eq!(net.asked_for_box(BOB), None);
    assert_eq!(net.granted(), Some(KIB));
    assert_eq!(net.kept(BOB), Some((KIB, Some(KIB))));
    assert_eq!(net.held(ANNE), one_batch());
    assert!(net.held(BOB).is_empty(), "to bob she comes anyway");
    for at in [BOB, ZOE, ANNE] {
        net.starts_again(at);
    }
    assert_eq!(net.granted(), Some(KIB));
    assert_eq!(net.kept(BOB), Some((KIB, Some(KIB))));
    assert_eq!(net.held(ANNE), one_batch());
}

#[test]
fn who_offered_is_not_asked_and_grants_no_more_than_was_offered() {
    let mut net = Net::around_zoe();
    let (name, kib) = ("zoé".to_owned(), KIB / 2);
    net.mailbox(BOB, AskMailbox::Offer { name, kib });
    let petname = "bob".to_owned();
    let offered = Event::MailboxOffered { petname, kib };
    assert!(net.nodes[ZOE].events.contains(&offered));
    net.zoe_asks_bob();
    assert_eq!(net.asked_for_box(BOB), None);
    assert_eq!(net.granted(), Some(KIB / 2));
    let (name, kib) = ("zoé".to_owned(), 2 * KIB);
    net.mailbox(BOB, AskMailbox::Quota { name, kib });
    assert_eq!(net.granted(), Some(2 * KIB), "told of another quota");
}

#[test]
fn a_no_ends_it_on_both_sides() {
    let mut net = Net::around_zoe();
    net.zoe_asks_bob();
    let id = net.asked_for_box(BOB).unwrap();
    assert!(net.ask(BOB, Request::Decline { id }).is_ok());
    assert!(net.boxes(BOB).is_empty() && net.boxes(ZOE).is_empty());
    let petname = "bob".to_owned();
    let ended = Event::MailboxEnded { petname };
    assert!(net.nodes[ZOE].events.contains(&ended));
    assert!(net.held(ANNE).is_empty());
}

#[test]
fn a_box_that_ends_takes_its_tokens_with_it() {
    for who in [BOB, ZOE] {
        let mut net = Net::around_zoe();
        net.zoe_asks_bob();
        net.bob_says_yes();
        let name = ["zoé", "bob"][who].to_owned();
        net.mailbox(who, AskMailbox::End { name });
        assert!(net.boxes(BOB).is_empty() && net.boxes(ZOE).is_empty());
        assert!(net.held(ANNE).is_empty());
        for at in [BOB, ZOE, ANNE] {
            let disk = net.nodes[at].disk.keys();
            let left = disk.filter(|name| matches!(name.0[0], b'b' | b'u'));
            assert_eq!(left.count(), 0, "at {at}");
        }
    }
}

#[test]
fn a_box_that_its_keeper_lost_ends_and_never_comes_back_with_its_tokens_unspent() {
    let mut net = Net::around_zoe();
    net.zoe_asks_bob();
    net.bob_says_yes();
    net.nodes[BOB].shelf.retain(|name, _| name.0[0] == b'n');
    net.starts_again(BOB);
    net.pass(2);
    assert!(net.boxes(BOB).is_empty() && net.boxes(ZOE).is_empty());
    assert!(net.held(ANNE).is_empty());
    let petname = "bob".to_owned();
    let ended = Event::MailboxEnded { petname };
    assert!(net.nodes[ZOE].events.contains(&ended));
}

#[test]
fn a_new_box_makes_all_tokens_worthless_and_brings_new_ones() {
    let mut net = Net::around_zoe();
    net.zoe_asks_bob();
    net.bob_says_yes();
    let before = net.only_box();
    let name = "bob".to_owned();
    let answer = net.ask(ZOE, Request::Tokens(AskTokens::Revoke { name }));
    assert!(matches!(answer, Ok(Answer::Tokens { .. })));
    net.run();
    assert_ne!(net.only_box(), before);
    assert_eq!(net.asked_for_box(BOB), None, "bob's human has said yes");
    assert_eq!(net.granted(), Some(KIB));
    assert_eq!(net.held(ANNE), one_batch(), "of the new box alone");
}

impl Net {
    /// The one box of Zoé's that Anne has tokens of.
    fn only_box(&self) -> [u8; 16] {
        let friends = self.nodes[ANNE].engine.friends.values();
        let held: Vec<_> = friends.flat_map(|f| f.post.held.values()).collect();
        let [held] = held[..] else {
            panic!("{} boxes", held.len());
        };
        held.id
    }

    /// Anne's friend.
    fn zoe_of_anne(&self) -> u32 {
        *self.nodes[ANNE].engine.friends.keys().next().unwrap()
    }
}

#[test]
fn who_runs_short_gets_more_and_who_asks_all_day_does_not() {
    let mut net = Net::around_zoe();
    net.zoe_asks_bob();
    net.bob_says_yes();
    let (no, id) = (net.zoe_of_anne(), net.only_box());
    for _ in 0..100 {
        let engine = &mut net.nodes[ANNE].engine;
        engine.say(no, What::MoreTokens(id), true);
        net.queue.push_back((ANNE, Input::Tick));
        net.run();
    }
    let engine = &net.nodes[ZOE].engine;
    let given: u32 = engine
        .friends
        .values()
        .flat_map(|f| f.post.boxes.given.iter().map(|it| it.tokens))
        .sum();
    let most = TOKEN_BATCHES_PER_DAY_MAX * TOKENS_PER_BATCH_MAX as u32;
    assert_eq!(given, most);
}

#[test]
fn a_friend_is_told_where_the_keeper_went() {
    let mut net = Net::around_zoe();
    net.zoe_asks_bob();
    net.bob_says_yes();
    let there = |net: &Net| {
        let friends = net.nodes[ANNE].engine.friends.values();
        let mut held = friends.flat_map(|f| f.post.held.values());
        held.next().unwrap().addrs.clone()
    };
    let before = there(&net);
    let moved = Addr::V4([10, 0, 0, 1], 7);
    let engine = &mut net.nodes[ZOE].engine;
    for friend in engine.friends.values_mut() {
        if friend.petname.as_str() == "bob" {
            friend.addrs = vec![moved];
        }
    }
    net.now.boot_ms += 2 * crate::time::HOUR_MS;
    net.now.wall_ms += 2 * crate::time::HOUR_MS;
    net.queue.push_back((ZOE, Input::Tick));
    net.run();
    assert_ne!(before, [moved]);
    assert_eq!(there(&net), [moved]);
}

#[test]
fn friends_learn_nothing_of_a_keepers_own_network_and_nothing_twice() {
    let mut net = Net::around_zoe();
    net.zoe_asks_bob();
    net.bob_says_yes();
    let [inside, outside, other] = [
        Addr::V4([192, 168, 1, 7], 7),
        Addr::V4([198, 51, 100, 7], 7),
        Addr::V4([203, 0, 113, 7], 7),
    ];
    let told = |net: &mut Net, known: &[Addr]| {
        let zoe = net.nodes[ZOE].engine.friends.values_mut();
        for bob in zoe.filter(|friend| friend.petname.as_str() == "bob") {
            bob.addrs = known.to_vec();
        }
        net.pass_hours(2);
        let anne = net.nodes[ANNE].engine.friends.values();
        let mut held = anne.flat_map(|f| f.post.held.values());
        held.next().unwrap().addrs.clone()
    };
    assert_eq!(told(&mut net, &[inside, outside, other]), [outside, other]);
    let sent = net.sent.len();
    assert_eq!(told(&mut net, &[other, inside, outside]), [outside, other]);
    assert_eq!(net.sent.len(), sent, "in another order it is no news");
    assert_eq!(told(&mut net, &[inside]), [inside], "who is nowhere else");
}

#[test]
fn a_word_about_a_box_that_is_not_there_changes_nothing() {
    let mut net = Net::around_zoe();
    net.zoe_asks_bob();
    let no = net.zoe_of_anne();
    let engine = &mut net.nodes[ANNE].engine;
    let gone = Tokens::bare([9; 16], Vec::new());
    let moved = Tokens::bare([9; 16], vec![Addr::V4([1; 4], 1)]);
    for word in [gone, moved] {
        assert!(engine.they_say_of_tokens(no, &word).is_none());
    }
    assert!(engine.friends[&no].post.held.is_empty());
    let engine = &mut net.nodes[ZOE].engine;
    let anne = engine.friends.iter();
    let mut anne = anne.filter(|(_, f)| f.petname.as_str() == "anne");
    let anne = *anne.next().unwrap().0;
    let id = engine
        .friends
        .values()
        .find_map(|f| f.post.boxes.mine.as_ref());
    let id = id.unwrap().id;
    assert!(
        engine.they_say_of_box(anne, grant(id)).is_none(),
        "bob's alone"
    );
    assert_eq!(net.granted(), None);
}

impl Net {
    /// Bob keeps for as many others as he can.
    fn bob_has_no_place(&mut self) {
        for n in 0..MAILBOXES_MAX as u8 {
            let bob = &mut self.nodes[BOB].engine;
            let mut entropy = Entropy::new([n; 32]);
            let other = bob.befriend(NewFriend {
                petname: Petname::parse(&format!("autre{n}")).unwrap(),
                nick: String::new(),
                point: *Identity::from_seed(entropy.key()).point(),
                joined: false,
                addrs: Vec::new(),
                language: Language::French,
                root: entropy.key(),
            });
            let word = BoxWord {
                id: [n; 16],
                says: BoxSays::Ask([n; 32].into()),
                quota_kib: KIB,
            };
            bob.they_say_of_box(other, word).unwrap();
            bob.grant(other, KIB);
        }
    }
}

#[test]
fn a_yes_for_which_there_is_no_place_is_refused_and_the_question_stays() {
    let mut net = Net::around_zoe();
    net.bob_has_no_place();
    let (name, kib) = ("zoé".to_owned(), KIB);
    net.mailbox(BOB, AskMailbox::Offer { name, kib });
    net.zoe_asks_bob();
    let id = net.asked_for_box(BOB).expect("asked though bob offered");
    let (name, language) = (String::new(), Language::French);
    let answer = net.ask(BOB, Request::Welcome { id, name, language });
    assert!(matches!(answer, Err(Refusal::TooManyMailboxes)));
    assert_eq!((net.asked_for_box(BOB), net.granted()), (Some(id), None));
    let name = "autre0".to_owned();
    net.mailbox(BOB, AskMailbox::End { name });
    net.bob_says_yes();
    assert_eq!(net.granted(), Some(KIB));
}

#[test]
fn a_question_that_nobody_answers_ends_with_the_post_time() {
    let mut net = Net::around_zoe();
    net.zoe_asks_bob();
    assert!(net.asked_for_box(BOB).is_some());
    net.pass_hours(u64::from(POST_MINUTES) / 60 + 1);
    assert_eq!(net.asked_for_box(BOB), None);
    assert!(net.boxes(ZOE).is_empty(), "and she is told");
}

#[test]
fn no_box_is_larger_than_one_can_be() {
    let mut net = Net::around_zoe();
    for kib in [0, MAILBOX_KIB_MAX + 1] {
        let name = "bob".to_owned();
        let answer = net.ask(ZOE, Request::Mailbox(AskMailbox::Ask { name, kib }));
        assert!(matches!(answer, Err(Refusal::BadQuota)));
    }
    let name = "bob".to_owned();
    let answer = net.ask(ZOE, Request::Mailbox(AskMailbox::End { name }));
    assert!(matches!(answer, Err(Refusal::NoMailbox)));
}

fn grant(id: [u8; 16]) -> BoxWord {
    BoxWord {
        id,
        says: BoxSays::Grant,
        quota_kib: KIB,
    }
}
