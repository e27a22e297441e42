//! Blocked, unasked, too much, too often: what is not taken, shown or answered.

use super::*;

#[test]
fn whom_i_blocked_gets_nothing_and_is_shown_nobody_new() {
    let mut net = Net::around_bob();
    net.show("zoé", "anne");
    let block = |blocked| Request::Block {
        name: "anne".into(),
        blocked,
    };
    assert!(net.ask(BOB, block(true)).is_ok());
    let asked = net.ask(
        ANNE,
        Request::Who {
            name: "bob/zoé".into(),
            ask: true,
        },
    );
    assert!(matches!(asked, Ok(Answer::Who(who)) if who.asking == Asking::Away));
    let refused = net.publish("dédé", "anne", "", 7);
    assert!(matches!(refused, Err(Refusal::Blocked { .. })));
    assert!(net.ask(BOB, block(false)).is_ok());
    net.pass(20);
    assert_eq!(net.who(ANNE, "bob/").names.len(), 1);
}

#[test]
fn an_answer_that_nobody_asked_for_is_not_taken() {
    let mut net = Net::around_bob();
    let record = |label: &str, days| ZoneRecord {
        label: Label::parse(label).unwrap(),
        tag: [1; 16],
        note: String::new(),
        days,
    };
    let answer = |of, records| Payload::ZoneAnswer(ZoneAnswer { of, records });
    net.says(BOB, "anne", &answer([7; 16], vec![record("zoé", 7)]));
    net.says(BOB, "anne", &answer(UNASKED, vec![record("zoé", 7)]));
    assert!(net.told(ANNE).is_empty());
    // But it may let one be forgotten, and leave the other.
    net.show("zoé", "anne");
    net.show("dédé", "anne");
    net.who(ANNE, "bob/");
    net.says(BOB, "anne", &answer(UNASKED, vec![record("zoé", 0)]));
    assert_eq!(net.labels(ANNE, "bob/"), ["dédé"]);
    // One who was asked for another name says nothing of this one.
    let nobody = net.nodes[BOB].engine.friends.len();
    assert_eq!(nobody, 3);
    assert!(net.who(ANNE, "bob/anne").names.is_empty());
    assert_eq!(net.labels(ANNE, "bob/"), ["dédé"]);
}

#[test]
fn what_a_friend_says_beside_a_name_is_cleaned_and_one_line() {
    let mut net = Net::around_bob();
    net.show("zoé", "anne");
    let no = net.nodes[BOB].engine.find("zoé").unwrap();
    let names = &mut net.friend(BOB, "anne").zone.shown.names;
    names.get_mut(&no).unwrap().note = "vraie\n14:06 anne: \u{1b}[2Jnon\u{202E}".into();
    let who = net.who(ANNE, "bob/zoé");
    let note = &who.names[0].note;
    assert!(note.starts_with("vraie 14:06 anne: "), "{note:?}");
    assert!(!note.contains(['\n', '\u{1b}', '\u{202E}']), "{note:?}");
}

#[test]
fn who_asks_too_often_is_not_answered_and_does_not_ask() {
    let mut net = Net::around_bob();
    net.show("zoé", "anne");
    let question = || Request::Who {
        name: "bob/zoé".into(),
        ask: true,
    };
    let mut asking = || match net.ask(ANNE, question()) {
        Ok(Answer::Who(who)) => who.asking,
        _ => panic!("refused"),
    };
    for _ in 0..ZONE_ASKS_PER_MINUTE_MAX {
        assert!(matches!(asking(), Asking::UnderWay(_)));
    }
    assert_eq!(asking(), Asking::TooOften);
    // A changed program asks on.
    let label = Label::parse("zoé").ok();
    let ask = Payload::ZoneAsk(ZoneAsk { label });
    let said = |net: &Net| net.sent.iter().filter(|(at, _)| *at == BOB).count();
    let mut answered = 0;
    for _ in 0..3 * ZONE_ASKS_PER_MINUTE_MAX {
        let before = said(&net);
        net.says(ANNE, "bob", &ask);
        // An acknowledgement, and an answer.
        answered += said(&net) - before - 1;
    }
    assert_eq!(answered, ZONE_ASKS_PER_MINUTE_MAX as usize);
    net.pass(2);
    assert_eq!(net.who(ANNE, "bob/zoé").names.len(), 1);
}

#[test]
fn what_is_shown_has_bounds_that_are_said() {
    let mut net = Net::around_bob();
    let long = "n".repeat(ZONE_NOTE_BYTES_MAX + 1);
    let refused = |net: &mut Net, name: &str, to: &str, note: &str, days| {
        net.publish(name, to, note, days).err().unwrap()
    };
    assert_eq!(
        refused(&mut net, "zoé", "zoé", "", 7),
        Refusal::ShownToThemselves
    );
    assert_eq!(
        refused(&mut net, "zoé", "anne", &long, 7),
        Refusal::BadSaying
    );
    assert_eq!(
        refused(&mut net, "zoé", "anne", "a\nb", 7),
        Refusal::BadSaying
    );
    assert_eq!(refused(&mut net, "zoé", "anne", "", 0), Refusal::BadDays);
    assert_eq!(refused(&mut net, "zoé", "anne", "", 8), Refusal::BadDays);
    let saying = |note: usize| crate::friend::Saying {
        note: "n".repeat(note),
        days: 7,
    };
    let full = ZONE_NOTES_BYTES_MAX / ZONE_NOTE_BYTES_MAX;
    let notes = (0..full as u32).map(|n| (1000 + n, saying(ZONE_NOTE_BYTES_MAX)));
    net.friend(BOB, "anne").zone.shown.names = notes.collect();
    assert_eq!(
        refused(&mut net, "zoé", "anne", "n", 7),
        Refusal::TooMuchShown
    );
    net.show("zoé", "anne");
    let many = (0..ZONE_SHOWN_MAX as u32).map(|n| (1000 + n, saying(0)));
    net.friend(BOB, "anne").zone.shown.names = many.collect();
    assert_eq!(
        refused(&mut net, "zoé", "anne", "", 7),
        Refusal::TooMuchShown
    );
    assert_eq!(
        refused(&mut net, "zoé", "dédé", "", 7),
        Refusal::TooMuchShown
    );
}

#[test]
fn names_that_friends_told_are_bounded_and_the_first_to_end_go_first() {
    let mut net = Net::around_bob();
    net.show("zoé", "anne");
    let told = |n: usize| Told {
        label: format!("ami.{n:04}"),
        tags: vec![[9; 16]],
        note: String::new(),
        minute: 0,
        until: 10_000 + n as u32,
    };
    let places = || 0..ZONE_RECORDS_MAX as u32;
    let full = |of: usize| places().map(move |n| (n, told(of + n as usize)));
    net.friend(ANNE, "bob").zone.heard = full(0).collect();
    net.who(ANNE, "bob/zoé");
    let heard = &net.friend(ANNE, "bob").zone.heard;
    assert_eq!(heard.len(), ZONE_RECORDS_MAX);
    assert!(heard.values().all(|told| told.label != "ami.0000"));
    // As many of another friend as a node keeps: theirs goes that ends first.
    net.friend(ANNE, "bob").zone.heard.clear();
    let all = 0..ZONE_HEARD_MAX as u32;
    net.friend(ANNE, "lise").zone.heard = all.map(|n| (n, told(n as usize))).collect();
    net.who(ANNE, "bob/zoé");
    let heard = &net.friend(ANNE, "lise").zone.heard;
    assert_eq!(heard.len(), ZONE_HEARD_MAX - 1);
    assert!(heard.values().all(|told| told.label != "ami.0000"));
}
