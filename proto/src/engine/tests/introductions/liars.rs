//! Introducers and introduced who lie, repeat themselves or ask too much.

use super::*;

#[test]
fn an_introducer_who_gives_another_key_is_seen_in_the_words_and_makes_nobody_met() {
    let mut net = Net::around_anne(4);
    assert!(net.introduce().is_ok());
    assert!(net.agree(ZOE));
    let code = Code::parse(&net.invite(MAL, "zoé")).unwrap();
    let give = IntroGive {
        id: net.asked_id(ZOE),
        join: true,
        point: point(&net, MAL),
        invitation: code.to_bytes().unwrap(),
    };
    net.gives(ZOE, &give);
    net.pass(3);
    // Zoé takes Mallory for Bob, on Anne's word; and Bob somebody else for Zoé.
    let zoe = net.card(ZOE, "bob.z");
    assert_eq!(zoe.how, How::Introduced);
    assert!(!zoe.how.is_first_hand() && net.stands(ZOE, MAL).0);
    let code = net.invite(BOB, "zoé.b");
    net.accept(MAL, &code, "bob");
    net.pass(3);
    assert_ne!(zoe.safety_words, net.card(BOB, "zoé.b").safety_words);
    let heard = net.card(BOB, "zoé.b").safety_words.join(" ");
    let name = "bob.z".to_owned();
    assert_eq!(
        net.ask(ZOE, Request::Compare { name, heard }).err(),
        Some(Refusal::OtherWords)
    );
}

#[test]
pub(super) fn what_i_gave_for_one_is_open_to_that_one_alone_and_others_are_an_alarm() {
    let mut net = Net::around_anne(4);
    assert!(net.introduce().is_ok());
    assert!(net.agree(ZOE));
    let code = net.code(ZOE);
    // Before it is open it is nothing.
    net.accept(MAL, &code, "zoé");
    net.pass(3);
    assert_eq!(
        (net.stands(ZOE, MAL), net.misused(ZOE)),
        ((false, false), 0)
    );
    let give = IntroGive {
        id: net.asked_id(ZOE),
        join: false,
        point: point(&net, BOB),
        invitation: Vec::new().into(),
    };
    net.gives(ZOE, &give);
    net.pass(10);
    assert_eq!(net.stands(ZOE, MAL), (false, false));
    assert!(net.misused(ZOE) > 0, "Zoé is told by whom it came");
    net.starts_again(ZOE);
    net.accept(BOB, &code, "zoé.b");
    net.pass(10);
    assert_eq!(
        [net.stands(ZOE, BOB), net.stands(BOB, ZOE)],
        [(true, true); 2]
    );
    assert_eq!(net.stands(ZOE, MAL), (false, false));
}

#[test]
fn who_is_told_to_join_twice_or_not_at_all_meets_nobody() {
    for join in [false, true] {
        let mut net = Net::around_anne(3);
        assert!(net.introduce().is_ok());
        assert!(net.agree(ZOE));
        // Anne's program never hears Bob's yes: what follows is said by hand.
        net.lost = |_| true;
        assert!(net.agree(BOB));
        let codes = [ZOE, BOB].map(|at| Code::parse(&net.code(at)).unwrap());
        let codes = codes.map(|code| code.to_bytes().unwrap());
        let id = net.asked_id(ZOE);
        for (at, other, invitation) in [(ZOE, BOB, &codes[1]), (BOB, ZOE, &codes[0])] {
            let mut give = IntroGive {
                id,
                join,
                point: point(&net, other),
                invitation: invitation.clone(),
            };
            net.gives(at, &give);
            // A second word changes nothing.
            give.join = !join;
            net.gives(at, &give);
        }
        net.lost = |_| false;
        net.pass_days(10);
        assert_eq!(
            [net.stands(ZOE, BOB), net.stands(BOB, ZOE)],
            [(false, false); 2]
        );
        net.pass_days(60);
        net.nothing_is_left();
        let idle = |at: usize| {
            let engine = &net.nodes[at].engine;
            engine.invites.is_empty() && engine.joins.is_empty()
        };
        assert!(idle(ZOE) && idle(BOB));
    }
}

#[test]
fn a_word_about_nobody_myself_or_the_introducer_makes_no_friend() {
    for whom in [ZOE, ANNE] {
        let mut net = Net::around_anne(3);
        assert!(net.introduce().is_ok());
        assert!(net.agree(ZOE));
        let give = |id, point| IntroGive {
            id,
            join: false,
            point,
            invitation: Vec::new().into(),
        };
        let id = net.asked_id(ZOE);
        let bob = point(&net, BOB);
        net.gives(ZOE, &give([9; 16], bob));
        net.gives(ZOE, &give(id, [0; 32]));
        assert!(net.nodes[ZOE].engine.invites.is_empty());
        let whom = point(&net, whom);
        net.gives(ZOE, &give(id, whom));
        assert!(net.nodes[ZOE].engine.invites.is_empty() && net.waiting(ZOE).is_empty());
        assert!(net.card(ZOE, "anne").introduced_by.is_empty());
    }
}

#[test]
fn a_second_introducer_stands_beside_the_first_and_raises_nothing() {
    let mut net = Net::agreed();
    for (at, name) in [(ZOE, "zoé"), (BOB, "bob")] {
        let code = net.invite(MAL, name);
        net.accept(at, &code, "mal");
        net.pass(2);
    }
    let (name, to, said) = ("bob".into(), "zoé".into(), String::new());
    assert!(net.ask(MAL, Request::Introduce { name, to, said }).is_ok());
    for at in [ZOE, BOB] {
        let id = net.waiting(at)[0].id;
        let (name, language) = ("autre".to_owned(), Language::French);
        assert!(net.ask(at, Request::Welcome { id, name, language }).is_ok());
    }
    net.pass(3);
    let card = net.card(ZOE, "bob.z");
    let names = card.introduced_by.iter().map(|it| it.petname.as_deref());
    assert_eq!(names.collect::<Vec<_>>(), [Some("anne"), Some("mal")]);
    assert_eq!(card.how, How::Introduced);
    // The name that was promised is free again.
    let name = "autre".to_owned();
    assert!(matches!(
        net.ask(ZOE, Request::Contact { name }),
        Err(Refusal::NoSuchFriend { .. })
    ));
}

#[test]
fn two_computers_of_one_friend_are_one_voice() {
    let mut net = Net::agreed();
    for (at, name) in [(ZOE, "zoé"), (BOB, "bob")] {
        let code = net.invite(MAL, name);
        net.accept(at, &code, "mal");
        net.pass(2);
        let (name, to) = ("mal".into(), "anne".into());
        assert!(net.ask(at, Request::JoinComputers { name, to }).is_ok());
    }
    let (name, to, said) = ("bob".into(), "zoé".into(), String::new());
    assert!(net.ask(MAL, Request::Introduce { name, to, said }).is_ok());
    for at in [ZOE, BOB] {
        let id = net.waiting(at)[0].id;
        let (name, language) = ("autre".to_owned(), Language::French);
        assert!(net.ask(at, Request::Welcome { id, name, language }).is_ok());
    }
    net.pass(3);
    let introduced_by = net.card(ZOE, "bob.z").introduced_by;
    assert_eq!(introduced_by.len(), 1, "once, however many machines say so");
}

#[test]
fn no_introducer_takes_the_place_of_an_invitation_that_i_am_using() {
    let mut net = Net::around_anne(3);
    let code = net.invite(BOB, "zoé");
    net.lost = |_| true;
    net.accept(ZOE, &code, "bob.z");
    let using = |net: &Net| {
        let mut joins = net.nodes[ZOE].engine.joins.values();
        joins.next().unwrap().code.to_bytes().unwrap()
    };
    let before = using(&net);
    net.lost = |_| false;
    let ask = IntroAsk {
        id: [7; 16],
        label: "bob".into(),
        said: String::new(),
    };
    let by = *net.nodes[ZOE].engine.friends.keys().next().unwrap();
    assert!(net.nodes[ZOE].engine.they_introduce(by, ask).is_some());
    let id = net.waiting(ZOE)[0].id;
    let (name, language) = ("autre".to_owned(), Language::French);
    assert!(
        net.ask(ZOE, Request::Welcome { id, name, language })
            .is_ok()
    );
    let mut made_up = Code::parse(&code).unwrap();
    made_up.secret = Code::secret(|bytes| bytes.fill(9));
    let give = IntroGive {
        id: [7; 16],
        join: true,
        point: point(&net, BOB),
        invitation: made_up.to_bytes().unwrap(),
    };
    net.gives(ZOE, &give);
    assert!(using(&net) == before, "the one that I was given stands");
}

#[test]
fn no_more_introductions_are_heard_than_a_person_can_answer() {
    let mut net = Net::around_anne(2);
    let asks = |net: &mut Net, n: u8| {
        let (label, said) = (format!("ami.{n}"), String::new());
        let ask = IntroAsk {
            id: [n; 16],
            label,
            said,
        };
        let heard = net.nodes[ZOE].engine.they_introduce(0, ask.clone());
        let again = net.nodes[ZOE].engine.they_introduce(0, ask);
        assert_eq!(again, None, "twice");
        heard.is_some()
    };
    let heard = (0..10).filter(|n| asks(&mut net, *n)).count();
    assert_eq!(heard, INTRODUCTIONS_PENDING_MAX);
    for n in 10..100 {
        for Waiting { id, .. } in net.waiting(ZOE) {
            assert!(net.ask(ZOE, Request::Decline { id }).is_ok());
        }
        asks(&mut net, n);
    }
    net.starts_again(ZOE);
    assert_eq!(
        net.nodes[ZOE].engine.introducing.next,
        INTRODUCTIONS_PER_DAY_MAX
    );
    net.pass_days(1);
    assert!(asks(&mut net, 200), "tomorrow again");
    let hostile = ["", "bob/zoé", "l\u{202e}", "Zoe\u{301}", " "];
    for label in hostile.map(str::to_owned) {
        let ask = IntroAsk {
            id: [201; 16],
            label,
            said: String::new(),
        };
        assert_eq!(net.nodes[ZOE].engine.they_introduce(0, ask), None);
    }
}
