//! Two get to know each other through a third: with three consents or not at all, whatever is lost, and
//! whatever the third one says.

mod liars;

use super::net::Net;
use crate::engine::introductions::Introduction;
use crate::engine::*;
use crate::invite::Code;
use crate::limits::{INTRODUCTIONS_PENDING_MAX, INTRODUCTIONS_PER_DAY_MAX};
use crate::message::{IntroAsk, IntroGive};
use crate::time::MINUTE_MS;

const ANNE: usize = 0;
const ZOE: usize = 1;
const BOB: usize = 2;
const MAL: usize = 3;

/// More than go to and fro of an introduction, from the asking to a session of the two.
const MESSAGES: u32 = 64;

/// What Anne says of one to the other.
const SAID: &str = "on milite ensemble";

impl Net {
    /// Anne is a friend of all, and nobody else of anybody.
    fn around_anne(count: usize) -> Self {
        let mut net = Self::new(count);
        for (at, name) in ["anne", "zoé", "bob", "mal"]
            .into_iter()
            .enumerate()
            .take(count)
            .skip(1)
        {
            let code = net.invite(ANNE, name);
            net.accept(at, &code, "anne");
            net.pass(1);
        }
        net.passed = 0;
        net
    }

    fn introduce(&mut self) -> Result<Answer, Refusal> {
        let (name, to, said) = ("zoé".into(), "bob".into(), SAID.into());
        self.ask(ANNE, Request::Introduce { name, to, said })
    }

    fn waiting(&mut self, at: usize) -> Vec<Waiting> {
        match self.ask(at, Request::Waiting) {
            Ok(Answer::Waiting(waiting)) => waiting,
            _ => panic!("nobody can say who waits"),
        }
    }

    /// Says yes to whoever is introduced; each calls the other by their name with a mark of their own.
    fn agree(&mut self, at: usize) -> bool {
        let asked = self.waiting(at).into_iter();
        let mut asked = asked.filter(|it| matches!(it.waits, WaitsAs::Introduced { .. }));
        let Some(Waiting { id, .. }) = asked.next() else {
            return false;
        };
        let name = ["", "bob.z", "zoé.b", ""][at].to_owned();
        let language = Language::French;
        assert!(matches!(
            self.ask(at, Request::Welcome { id, name, language }),
            Ok(Answer::Welcomed)
        ));
        true
    }

    fn agreed() -> Self {
        let mut net = Self::around_anne(4);
        assert!(matches!(net.introduce(), Ok(Answer::Introduced { .. })));
        assert!(net.agree(ZOE) && net.agree(BOB));
        net.pass(3);
        net
    }

    fn card(&mut self, at: usize, name: &str) -> Box<Contact> {
        let name = name.to_owned();
        match self.ask(at, Request::Contact { name }) {
            Ok(Answer::Contact(card)) => card,
            _ => panic!("nobody of this name"),
        }
    }

    /// Days go by in steps of six hours.
    fn pass_days(&mut self, days: u64) {
        for _ in 0..days * 4 {
            self.now.wall_ms += 360 * MINUTE_MS;
            self.now.boot_ms += 360 * MINUTE_MS;
            for at in 0..self.nodes.len() {
                self.queue.push_back((at, Input::Tick));
            }
            self.run();
        }
    }

    /// Whether this one took the other for settled, and whether they know them at all.
    fn stands(&self, at: usize, other: usize) -> (bool, bool) {
        let point = *self.nodes[other].engine.me.point();
        let mut friends = self.nodes[at].engine.friends.values();
        let friend = friends.find(|friend| friend.point == point);
        (friend.is_some_and(|f| f.settled), friend.is_some())
    }

    fn nobody_is_a_friend_alone(&self) {
        for (at, other) in [(ZOE, BOB), (BOB, ZOE)] {
            let (settled, _) = self.stands(at, other);
            assert!(!settled || self.stands(other, at).1, "{at} alone");
        }
    }

    fn nothing_is_left(&self) {
        for (at, node) in self.nodes.iter().enumerate() {
            assert!(node.engine.introductions.is_empty(), "at {at}");
            assert!(!node.disk.keys().any(|name| name.0[0] == b'y'), "at {at}");
        }
    }

    /// The stage at this one, with the code that is not open yet.
    fn code(&self, at: usize) -> String {
        let all = self.nodes[at].engine.introductions.values();
        let answers = all.filter_map(Introduction::answer);
        let answer = answers.into_iter().next().unwrap();
        let code = Code::from_bytes(&answer.invitation).unwrap();
        code.to_text().unwrap().to_string()
    }

    fn asked_id(&self, at: usize) -> [u8; 16] {
        let all = self.nodes[at].engine.introductions.values();
        all.filter_map(Introduction::answer).next().unwrap().id
    }

    /// Anne's program says what she did not.
    fn gives(&mut self, to: usize, give: &IntroGive) {
        let _ = self.nodes[to].engine.they_give(0, give);
        self.queue.push_back((to, Input::Tick));
        self.run();
    }

    fn misused(&self, at: usize) -> usize {
        let misused = Event::IntroductionMisused { by: "anne".into() };
        self.nodes[at]
            .events
            .iter()
            .filter(|it| **it == misused)
            .count()
    }
}

fn point(net: &Net, at: usize) -> [u8; 32] {
    *net.nodes[at].engine.me.point().as_bytes()
}

#[test]
fn two_become_friends_after_three_yeses_and_the_path_is_kept() {
    let mut net = Net::agreed();
    for (at, name) in [(ZOE, "bob.z"), (BOB, "zoé.b")] {
        let card = net.card(at, name);
        assert_eq!(card.how, How::Introduced);
        let [by] = &card.introduced_by[..] else {
            panic!("one introducer");
        };
        assert_eq!(
            (by.petname.as_deref(), by.said.as_str()),
            (Some("anne"), SAID)
        );
    }
    let words = net.card(ZOE, "bob.z").safety_words;
    assert_eq!(words, net.card(BOB, "zoé.b").safety_words);
    net.say(ZOE, "bob.z", "salut");
    net.pass(1);
    assert_eq!((net.unread(BOB), net.unread(ANNE)), (1, 0));
    let both =
        |event: &Event| matches!(event, Event::BothAgreed { a, b } if a == "zoé" && b == "bob");
    assert!(net.nodes[ANNE].events.iter().any(both));
    for at in [ZOE, BOB] {
        net.starts_again(at);
        assert!(net.waiting(at).is_empty());
    }
    let name = "anne".to_owned();
    assert!(net.ask(ZOE, Request::Remove { name }).is_ok());
    assert_eq!(net.card(ZOE, "bob.z").introduced_by[0].petname, None);
    net.pass_days(40);
    net.nothing_is_left();
}

#[test]
fn nobody_learns_who_the_other_is_before_both_have_said_yes_and_a_no_is_silence() {
    let mut net = Net::around_anne(3);
    assert!(net.introduce().is_ok());
    let waits = net.waiting(BOB);
    let WaitsAs::Introduced { by, somebody, said } = &waits[0].waits else {
        panic!("nobody waits");
    };
    assert_eq!((by.as_str(), said.as_str()), ("anne", SAID));
    assert_eq!(somebody.called.to_string(), "anne/zoé");
    assert!(net.agree(ZOE));
    net.pass(5);
    let knows = |net: &Net, at: usize| {
        let engine = &net.nodes[at].engine;
        engine.friends.len() + engine.invites.len() + engine.joins.len() - 1
    };
    // Of what Anne invited with, one is left until it ends.
    assert_eq!([ZOE, BOB].map(|at| knows(&net, at)), [0, 0]);
    let before = net.passed;
    assert!(net.ask(BOB, Request::Decline { id: waits[0].id }).is_ok());
    assert_eq!(net.passed, before, "not a byte");
    assert_eq!(
        net.ask(BOB, Request::Decline { id: waits[0].id }).err(),
        Some(Refusal::NobodyWaits)
    );
    let [WaitsAs::Introducing(ends)] = &net
        .waiting(ANNE)
        .into_iter()
        .map(|it| it.waits)
        .collect::<Vec<_>>()[..]
    else {
        panic!("Anne waits for nobody");
    };
    assert_eq!(ends.each_ref().map(|end| end.agreed), [true, false]);
    net.pass_days(31);
    assert_eq!([ZOE, BOB].map(|at| knows(&net, at)), [0, 0]);
    net.nothing_is_left();
}

#[test]
fn whatever_is_lost_once_and_whoever_restarts_both_are_friends_in_the_end() {
    // Each message of the whole way, one after the other: parcels, flights, claims, verdicts.
    static LOST: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let mut all = 0;
    for lost in 0..MESSAGES {
        LOST.store(lost, std::sync::atomic::Ordering::Relaxed);
        let mut net = Net::around_anne(3);
        net.lost = |number| number == LOST.load(std::sync::atomic::Ordering::Relaxed);
        assert!(net.introduce().is_ok());
        net.starts_again(lost as usize % 3);
        for _ in 0..3 {
            net.pass_days(1);
            let _ = net.agree(ZOE) | net.agree(BOB);
        }
        all = all.max(net.passed);
        let stands = [net.stands(ZOE, BOB), net.stands(BOB, ZOE)];
        assert_eq!(stands, [(true, true); 2], "message {lost}");
    }
    assert!(all <= MESSAGES, "{all} messages in all: each was lost once");
}

#[test]
fn when_all_is_lost_from_some_message_on_nobody_is_a_friend_alone_in_sixty_days() {
    static FROM: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    for from in 0..40 {
        FROM.store(from, std::sync::atomic::Ordering::Relaxed);
        let mut net = Net::around_anne(3);
        net.lost = |number| number >= FROM.load(std::sync::atomic::Ordering::Relaxed);
        assert!(net.introduce().is_ok());
        let _ = net.agree(ZOE) | net.agree(BOB);
        net.pass(3);
        net.nobody_is_a_friend_alone();
        net.pass_days(60);
        net.nobody_is_a_friend_alone();
        net.nothing_is_left();
    }
}

#[test]
fn who_are_friends_already_see_that_somebody_says_so_and_nothing_else_changes() {
    let mut net = Net::around_anne(3);
    let code = net.invite(ZOE, "bob");
    net.accept(BOB, &code, "zoé");
    net.pass(3);
    let before = net.card(ZOE, "bob");
    assert!(net.introduce().is_ok());
    assert!(net.agree(ZOE) && net.agree(BOB));
    net.pass(3);
    let after = net.card(ZOE, "bob");
    assert_eq!((before.how, after.how), (How::Code, How::Code));
    assert_eq!(after.introduced_by[0].petname.as_deref(), Some("anne"));
    assert!(before.introduced_by.is_empty() && net.waiting(ZOE).is_empty());
    assert_eq!(net.nodes[ZOE].engine.friends.len(), 2);
}

#[test]
fn of_two_whom_nobody_can_reach_the_introducer_is_told() {
    let mut net = Net::around_anne(3);
    for at in [ZOE, BOB] {
        net.queue.push_back((at, Input::Listening(Vec::new())));
    }
    net.run();
    assert!(net.introduce().is_ok());
    assert!(net.agree(ZOE) && net.agree(BOB));
    net.pass(3);
    let told =
        |event: &Event| matches!(event, Event::NoWayBetween { a, b } if a == "zoé" && b == "bob");
    assert_eq!(
        net.nodes[ANNE].events.iter().filter(|it| told(it)).count(),
        1
    );
    assert!(net.waiting(ANNE).is_empty());
    net.pass_days(31);
    net.nothing_is_left();
}

#[test]
fn who_is_reached_joins_and_who_is_not_is_joined() {
    for silent in [ZOE, BOB] {
        let mut net = Net::around_anne(3);
        net.queue.push_back((silent, Input::Listening(Vec::new())));
        assert!(net.introduce().is_ok());
        assert!(net.agree(ZOE) && net.agree(BOB));
        net.pass(3);
        assert_eq!(
            [net.stands(ZOE, BOB), net.stands(BOB, ZOE)],
            [(true, true); 2]
        );
    }
}

#[test]
fn an_introduction_asks_two_different_friends_and_the_same_two_once() {
    let mut net = Net::around_anne(3);
    let introduce = |net: &mut Net, name: &str, to: &str, said: &str| {
        let (name, to, said) = (name.to_owned(), to.to_owned(), said.to_owned());
        net.ask(ANNE, Request::Introduce { name, to, said }).err()
    };
    assert_eq!(
        introduce(&mut net, "zoé", "zoé", ""),
        Some(Refusal::OneAndTheSame)
    );
    assert!(matches!(
        introduce(&mut net, "zoé", "bop", ""),
        Some(Refusal::NoSuchFriend { .. })
    ));
    let long = "s".repeat(crate::limits::INTRODUCTION_NOTE_BYTES_MAX + 1);
    assert_eq!(
        introduce(&mut net, "zoé", "bob", &long),
        Some(Refusal::IntroductionTooLong)
    );
    assert_eq!(introduce(&mut net, "zoé", "bob", ""), None);
    assert_eq!(
        introduce(&mut net, "bob", "zoé", ""),
        Some(Refusal::TooManyIntroductions)
    );
    let id = net.waiting(ANNE)[0].id;
    assert!(net.ask(ANNE, Request::Decline { id }).is_ok());
    assert_eq!(introduce(&mut net, "bob", "zoé", ""), None);
}

#[test]
fn a_new_identity_of_one_of_the_two_ends_what_they_agreed_to() {
    let mut net = Net::around_anne(3);
    assert!(net.introduce().is_ok());
    assert!(net.agree(ZOE));
    assert!(net.ask(ZOE, Request::Renew).is_ok());
    assert!(net.agree(BOB));
    net.pass_days(2);
    assert!(net.waiting(ZOE).is_empty());
    assert_eq!(
        [net.stands(ZOE, BOB), net.stands(BOB, ZOE)],
        [(false, false); 2]
    );
    // As long as Anne has not confirmed it she cannot say who Zoé is.
    let id = net.waiting(ANNE).into_iter().next().map(|it| it.id);
    id.into_iter()
        .for_each(|id| drop(net.ask(ANNE, Request::Decline { id })));
    assert!(net.introduce().is_ok());
    let id = net.waiting(ZOE)[0].id;
    let (name, language) = ("bob.z".to_owned(), Language::French);
    let petname = "anne".to_owned();
    assert_eq!(
        net.ask(ZOE, Request::Welcome { id, name, language }).err(),
        Some(Refusal::NotConfirmed { petname })
    );
}

#[cfg(feature = "planted")]
#[test]
fn a_bug_planted_in_introductions_is_found() {
    use crate::planted::{Bug, plant};
    let promise = liars::what_i_gave_for_one_is_open_to_that_one_alone_and_others_are_an_alarm;
    promise();
    plant(Some(Bug::IntroductionOpenToAll));
    let kept = std::panic::catch_unwind(promise).is_ok();
    plant(None);
    assert!(!kept);
}
