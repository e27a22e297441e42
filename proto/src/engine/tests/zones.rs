//! What friends call others: shown by choice, one by one, believed for days, and taken back. Bob shows
//! or does not; Anne and Dédé ask him; Zoé is his friend, and Anne's, who calls her Lise.

use super::*;
use crate::friend::{Told, What};
use crate::limits::{
    ZONE_ASKS_PER_MINUTE_MAX, ZONE_HEARD_MAX, ZONE_NOTE_BYTES_MAX, ZONE_NOTES_BYTES_MAX,
    ZONE_RECORDS_MAX, ZONE_SHOWN_MAX,
};
use crate::message::Payload;
use crate::name::Label;
use crate::time::DAY_MINUTES;
use crate::vault::{BackupLock, Cost, open_backup};
use crate::zone::{UNASKED, ZoneAnswer, ZoneAsk, ZoneRecord};

const BOB: usize = 0;
const ANNE: usize = 1;
const DÉDÉ: usize = 2;
const ZOÉ: usize = 3;

impl Net {
    /// All four, each a friend of Bob's.
    fn around_bob() -> Self {
        let mut net = Self::new(4);
        for (at, name) in [(ANNE, "anne"), (DÉDÉ, "dédé"), (ZOÉ, "zoé")] {
            net.befriends((BOB, name), (at, "bob"));
        }
        net.befriends((ANNE, "lise"), (ZOÉ, "anne"));
        net
    }

    /// Each under the name that the other has for them.
    fn befriends(&mut self, (at, name): (usize, &str), (other, of): (usize, &str)) {
        let code = self.invite(at, name);
        self.accept(other, &code, of);
        self.pass(1);
    }

    fn show(&mut self, name: &str, to: &str) {
        assert!(self.publish(name, to, "", 7).is_ok());
    }

    fn publish(&mut self, name: &str, to: &str, note: &str, days: u8) -> Result<Answer, Refusal> {
        let publish = Request::Publish {
            name: name.into(),
            to: to.into(),
            note: note.into(),
            days,
        };
        self.ask(BOB, publish)
    }

    fn hide(&mut self, name: &str, to: Option<&str>) -> Vec<ShownName> {
        let (name, to) = (name.into(), to.map(str::to_owned));
        match self.ask(BOB, Request::Unpublish { name, to }) {
            Ok(Answer::Shown(shown)) => shown,
            _ => panic!("not hidden"),
        }
    }

    /// What is known of a name now, without asking.
    fn known(&mut self, at: usize, name: &str) -> Who {
        let name = name.to_owned();
        match self.ask(at, Request::Who { name, ask: false }) {
            Ok(Answer::Who(who)) => *who,
            _ => panic!("not known"),
        }
    }

    /// The same once the friend was asked, who answers.
    fn who(&mut self, at: usize, name: &str) -> Who {
        let events = self.nodes[at].events.len();
        let question = Request::Who {
            name: name.into(),
            ask: true,
        };
        let Ok(Answer::Who(who)) = self.ask(at, question) else {
            panic!("not asked");
        };
        let Asking::UnderWay(number) = who.asking else {
            panic!("{:?}", who.asking);
        };
        let answered = |event: &Event| matches!(event, Event::Names { ask, .. } if *ask == number);
        assert!(self.nodes[at].events[events..].iter().any(answered));
        self.known(at, name)
    }

    fn labels(&mut self, at: usize, name: &str) -> Vec<String> {
        let who = self.known(at, name);
        who.names.iter().map(|name| called(name).1).collect()
    }

    fn friend(&mut self, at: usize, name: &str) -> &mut Friend {
        let no = self.nodes[at].engine.find(name).unwrap();
        self.nodes[at].engine.friends.get_mut(&no).unwrap()
    }

    fn told(&mut self, at: usize) -> Vec<Told> {
        self.friend(at, "bob")
            .zone
            .heard
            .values()
            .cloned()
            .collect()
    }

    /// All links end; who does not dial stays away.
    fn part_all(&mut self) {
        let ends: Vec<_> = self.ends.keys().copied().collect();
        for (at, conn) in ends {
            self.cut(at, conn);
        }
        self.run();
    }

    fn restart(&mut self, at: usize) {
        self.part_all();
        let disk = self.nodes[at].disk.iter();
        // Pieces of texts and parcels are no state.
        let disk = disk.filter(|(name, _)| saved::Saved::of(name).is_some());
        let disk: Vec<_> = disk
            .map(|(name, body)| (name.clone(), body.clone()))
            .collect();
        let engine = Engine::open(self.now, [200; 32], disk);
        self.nodes[at].engine = engine.unwrap_or_else(|_| panic!());
        let listening = vec![Addr::V4([0; 4], at as u16 + 1)];
        self.queue.push_back((at, Input::Listening(listening)));
        self.run();
        self.pass(1);
    }

    /// What a friend's changed program says on its link.
    fn says(&mut self, at: usize, to: &str, payload: &Payload) {
        let no = self.nodes[at].engine.find(to).unwrap();
        let engine = &mut self.nodes[at].engine;
        let conn = engine.carrier(no).unwrap();
        assert!(engine.say_now(no, conn, payload).is_some());
        self.queue.push_back((at, Input::Tick));
        self.run();
    }

    fn days(&mut self, days: u64) {
        self.now.wall_ms += days * 24 * 60 * MINUTE_MS;
        self.now.boot_ms += days * 24 * 60 * MINUTE_MS;
        self.pass(2);
    }
}

/// My name for the friend, and theirs for the person.
fn called(name: &EdgeName) -> (String, String) {
    let shown = name.who.called.to_string();
    let (by, label) = shown.split_once('/').unwrap();
    (by.to_owned(), label.to_owned())
}

fn nothing_is_shown_by_default() {
    let mut net = Net::around_bob();
    assert!(net.who(ANNE, "bob/").names.is_empty());
    assert!(net.who(ANNE, "bob/zoé").names.is_empty());
    net.show("zoé", "anne");
    assert!(
        net.who(DÉDÉ, "bob/").names.is_empty(),
        "shown to Anne alone"
    );
    assert_eq!(net.who(ANNE, "bob/").names.len(), 1);
}

#[test]
fn nobody_hears_of_anybody_by_default() {
    nothing_is_shown_by_default();
}

#[test]
fn whom_i_know_already_is_recognised_and_my_own_name_for_them_shown() {
    let mut net = Net::around_bob();
    assert!(net.publish("zoé", "anne", "on milite ensemble", 2).is_ok());
    net.show("dédé", "anne");
    let who = net.who(ANNE, "bob/zoé");
    let [name] = &who.names[..] else { panic!() };
    assert_eq!(called(name), ("bob".into(), "zoé".into()));
    assert!(name.who.looks_like.is_none());
    assert_eq!(name.known.as_deref(), Some("lise"));
    assert_eq!(name.note, "on milite ensemble");
    assert_eq!(name.until_min - name.told_min, 2 * DAY_MINUTES);
    assert!(who.person.is_some_and(|person| person.petname == "lise"));
    // Whom Anne does not know she is not told more of than the name.
    let stranger = net.who(ANNE, "bob/dédé");
    assert!(stranger.person.is_none() && stranger.names[0].known.is_none());
    // And what friends call somebody stands beside my name.
    let lise = net.known(ANNE, "lise");
    assert_eq!(lise.names.len(), 1);
    assert!(net.known(ANNE, "bob").names.is_empty());
}

#[test]
fn what_two_friends_call_one_person_is_shown_together() {
    let mut net = Net::around_bob();
    net.befriends((ANNE, "dédé"), (DÉDÉ, "anne"));
    net.befriends((DÉDÉ, "caro"), (ZOÉ, "dédé"));
    net.show("zoé", "anne");
    let (name, to, note) = ("caro".into(), "anne".into(), String::new());
    let days = 7;
    let publish = Request::Publish {
        name,
        to,
        note,
        days,
    };
    assert!(net.ask(DÉDÉ, publish).is_ok());
    net.who(ANNE, "dédé/");
    let who = net.who(ANNE, "bob/zoé");
    let names = who.names.iter().map(|it| it.who.called.to_string());
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["bob/zoé", "dédé/caro"],
        "who was asked first"
    );
    assert_eq!(net.labels(ANNE, "lise"), ["zoé", "caro"]);
    assert_eq!(net.labels(ANNE, "dédé/caro"), ["caro", "zoé"]);
}

#[test]
fn a_person_with_several_computers_is_one_name_and_known_by_any_of_them() {
    let mut net = Net::around_bob();
    let (name, to) = ("dédé".into(), "zoé".into());
    assert!(net.ask(BOB, Request::JoinComputers { name, to }).is_ok());
    net.show("zoé", "anne");
    let who = net.who(ANNE, "bob/");
    assert_eq!(who.names.len(), 1);
    assert_eq!(who.names[0].known.as_deref(), Some("lise"), "by the second");
    assert_eq!(net.told(ANNE)[0].tags.len(), 2);
    let Ok(Answer::Shown(shown)) = net.ask(BOB, Request::Published) else {
        panic!()
    };
    assert_eq!(shown.len(), 1);
    // One of them is gone: the person stays shown, under what is left.
    let (name, place) = ("zoé".into(), 1);
    assert!(net.ask(BOB, Request::DropComputer { name, place }).is_ok());
    net.pass(1);
    assert!(net.told(ANNE).is_empty(), "what was told is told anew");
    assert_eq!(net.who(ANNE, "bob/").names.len(), 1);
    assert_eq!(net.told(ANNE)[0].tags.len(), 1);
    net.hide("zoé", None);
    assert!(net.who(ANNE, "bob/").names.is_empty());
}

#[test]
fn who_has_several_computers_sees_the_same_with_each() {
    let mut net = Net::around_bob();
    net.show("zoé", "dédé");
    net.who(DÉDÉ, "bob/");
    let (name, to) = ("dédé".into(), "anne".into());
    assert!(net.ask(BOB, Request::JoinComputers { name, to }).is_ok());
    net.pass(1);
    assert!(net.told(DÉDÉ).is_empty(), "what Anne is not shown");
    net.show("zoé", "anne");
    for at in [ANNE, DÉDÉ] {
        assert_eq!(net.who(at, "bob/zoé").names.len(), 1);
    }
    assert_eq!(net.hide("zoé", Some("anne")).len(), 1, "one person");
    for at in [ANNE, DÉDÉ] {
        assert!(net.who(at, "bob/zoé").names.is_empty());
    }
}

fn no_tag_in_common() {
    let mut net = Net::around_bob();
    net.show("zoé", "anne");
    net.show("zoé", "dédé");
    net.who(ANNE, "bob/zoé");
    net.who(DÉDÉ, "bob/");
    let [anne, dédé] = [ANNE, DÉDÉ].map(|at| net.told(at).remove(0).tags[0]);
    assert_ne!(anne, dédé);
    let key = *net.friend(BOB, "zoé").point.as_bytes();
    assert!(
        [anne, dédé]
            .iter()
            .all(|tag| !key.windows(16).any(|part| part == tag))
    );
}

/// Attack 89: what each got cannot be laid side by side.
#[test]
fn two_who_ask_have_no_tag_in_common_and_no_key() {
    no_tag_in_common();
}

/// Attack 89: what a friend's friend calls somebody is not asked.
#[test]
fn three_labels_are_refused() {
    let mut net = Net::around_bob();
    let deep = Request::Who {
        name: "bob/zoé/anne".into(),
        ask: true,
    };
    assert_eq!(net.ask(ANNE, deep).err(), Some(Refusal::TooManyLabels));
    for (name, refused) in [
        ("bob/?lune", Refusal::BadName),
        ("bob/me", Refusal::BadName),
        ("zoé/bob", Refusal::NoSuchFriend { near: vec![] }),
    ] {
        let name = name.into();
        let asked = net.ask(ANNE, Request::Who { name, ask: true });
        assert_eq!(asked.err(), Some(refused));
    }
}

#[test]
fn one_who_is_not_shown_and_one_who_is_not_there_are_answered_alike() {
    let mut net = Net::around_bob();
    net.show("zoé", "dédé");
    let answer = |net: &mut Net, name: &str| {
        let frames = net.sent.len();
        assert!(net.who(ANNE, name).names.is_empty());
        // Lengths of what Bob says meanwhile, whatever it is.
        let of_bob = net.sent[frames..].iter().filter(|(at, _)| *at == BOB);
        of_bob.map(|(_, length)| *length).collect::<Vec<_>>()
    };
    let hidden = answer(&mut net, "bob/zoé");
    assert!(!hidden.is_empty());
    assert_eq!(hidden, answer(&mut net, "bob/personnage"));
    // One that is shown is no longer than these.
    net.show("zoé", "anne");
    let frames = net.sent.len();
    net.who(ANNE, "bob/zoé");
    let of_bob = net.sent[frames..].iter().filter(|(at, _)| *at == BOB);
    assert_eq!(
        hidden,
        of_bob.map(|(_, length)| *length).collect::<Vec<_>>()
    );
}

/// Attack 55, by what a friend calls others.
#[test]
fn what_a_friend_calls_somebody_never_moves_a_name_of_mine() {
    let mut net = Net::around_bob();
    let mine = net.friend(ANNE, "lise").point;
    let (name, to) = ("dédé".into(), "lise".into());
    assert!(net.ask(BOB, Request::Rename { name, to }).is_ok());
    net.show("lise", "anne");
    let who = net.who(ANNE, "bob/lise");
    assert!(who.person.is_none() && who.names[0].known.is_none());
    assert_eq!(who.names[0].who.looks_like.as_deref(), Some("lise"));
    assert!(net.friend(ANNE, "lise").point == mine);
    assert!(net.known(ANNE, "lise").names.is_empty());
}

fn names_go_with_their_time() {
    let mut net = Net::around_bob();
    assert!(net.publish("zoé", "anne", "", 1).is_ok());
    net.show("dédé", "anne");
    net.who(ANNE, "bob/");
    net.restart(ANNE);
    assert_eq!(
        net.labels(ANNE, "bob/"),
        ["dédé", "zoé"],
        "they are on the disk"
    );
    net.days(1);
    assert_eq!(net.labels(ANNE, "bob/"), ["dédé"]);
    net.days(6);
    assert!(net.labels(ANNE, "bob/").is_empty());
    let left = net.nodes[ANNE].disk.keys().any(|name| name.0[0] == b'e');
    assert!(!left, "nothing stays on the disk");
}

#[test]
fn what_a_friend_calls_others_is_believed_for_its_time() {
    names_go_with_their_time();
}

fn withdrawn_is_forgotten() {
    let mut net = Net::around_bob();
    net.show("zoé", "anne");
    net.show("dédé", "anne");
    net.who(ANNE, "bob/");
    // Anne is away while Bob decides.
    net.loses = |_, _| true;
    net.part_all();
    assert_eq!(net.hide("zoé", Some("anne")).len(), 1);
    assert_eq!(net.labels(ANNE, "bob/").len(), 2, "she cannot know yet");
    net.restart(BOB);
    net.loses = |_, _| false;
    net.pass(20);
    assert!(net.labels(ANNE, "bob/").is_empty(), "at the next contact");
    net.who(ANNE, "bob/");
    assert_eq!(net.labels(ANNE, "bob/"), ["dédé"]);
}

#[test]
fn what_is_shown_no_more_is_forgotten_at_the_next_contact() {
    withdrawn_is_forgotten();
}

#[test]
fn nobody_is_told_of_what_they_never_heard() {
    let mut net = Net::around_bob();
    net.show("zoé", "anne");
    let gone = |net: &mut Net| {
        let outbox = &net.friend(BOB, "anne").outbox;
        outbox.has(|entry| entry.what == What::ZoneGone)
    };
    net.loses = |_, _| true;
    net.part_all();
    assert_eq!(net.hide("zoé", None).len(), 1);
    assert!(!gone(&mut net), "she never asked");
    assert!(net.hide("zoé", None).is_empty());
    let shown = net.nodes[BOB].disk.keys().any(|name| name.0[0] == b'z');
    assert!(!shown, "nothing stays on the disk");
    net.show("zoé", "anne");
    net.loses = |_, _| false;
    net.pass(20);
    net.who(ANNE, "bob/zoé");
    net.days(8);
    net.loses = |_, _| true;
    net.part_all();
    net.hide("zoé", None);
    assert!(!gone(&mut net), "she has forgotten it by herself");
}

#[test]
fn who_is_called_otherwise_or_removed_is_shown_no_more() {
    for removed in [false, true] {
        let mut net = Net::around_bob();
        net.show("zoé", "anne");
        net.show("zoé", "dédé");
        net.who(ANNE, "bob/zoé");
        let name = "zoé".to_owned();
        let to = "camille".to_owned();
        let decided = match removed {
            true => net.ask(BOB, Request::Remove { name }),
            false => net.ask(BOB, Request::Rename { name, to }),
        };
        assert!(decided.is_ok());
        net.pass(1);
        assert!(net.labels(ANNE, "bob/").is_empty(), "she forgot it");
        assert!(net.who(ANNE, "bob/").names.is_empty());
        let Ok(Answer::Shown(shown)) = net.ask(BOB, Request::Published) else {
            panic!()
        };
        assert!(shown.is_empty());
    }
}

#[test]
fn what_was_shown_to_a_removed_friend_goes_with_them_and_so_does_what_they_said() {
    let mut net = Net::around_bob();
    net.show("zoé", "anne");
    net.who(ANNE, "bob/zoé");
    let stored = |net: &Net, at: usize, letter| {
        let mut names = net.nodes[at].disk.keys();
        names.any(|name: &Name| name.0[0] == letter)
    };
    assert!(stored(&net, BOB, b'z') && stored(&net, ANNE, b'e'));
    let name = "anne".to_owned();
    assert!(net.ask(BOB, Request::Remove { name }).is_ok());
    let name = "bob".to_owned();
    assert!(net.ask(ANNE, Request::Remove { name }).is_ok());
    assert!(!stored(&net, BOB, b'z') && !stored(&net, ANNE, b'e'));
    assert!(net.known(ANNE, "lise").names.is_empty());
}

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

#[test]
fn whom_i_show_is_in_a_backup_and_what_i_was_told_is_not() {
    let mut net = Net::around_bob();
    net.show("zoé", "anne");
    net.who(ANNE, "bob/");
    let back_up = |net: &mut Net, at: usize| {
        let lock = BackupLock::new(b"x", Cost::FLOOR, [9; 32]).unwrap();
        let Ok(Answer::Backup { file, .. }) = net.ask(at, Request::Backup(Box::new(lock))) else {
            panic!("no backup")
        };
        let backup = open_backup(&file, b"x").unwrap();
        let restored = Engine::restore(net.now, [7; 32], &backup);
        restored.unwrap_or_else(|_| panic!()).0
    };
    let bob = back_up(&mut net, BOB);
    let zoé = net.nodes[BOB].engine.find("zoé").unwrap();
    let anne = &bob.friends[&bob.find("anne").unwrap()].zone.shown;
    assert!(anne.names.contains_key(&zoé));
    assert!(anne.held_until > 6 * DAY_MINUTES, "she can be told");
    let anne = back_up(&mut net, ANNE);
    assert!(anne.friends.values().all(|f| f.zone.heard.is_empty()));
}

#[test]
fn a_friend_who_is_not_there_is_not_asked_and_what_they_said_stays_until_its_time() {
    let mut net = Net::around_bob();
    net.show("zoé", "anne");
    net.who(ANNE, "bob/zoé");
    net.loses = |_, _| true;
    net.part_all();
    let question = Request::Who {
        name: "bob/zoé".into(),
        ask: true,
    };
    let Ok(Answer::Who(who)) = net.ask(ANNE, question) else {
        panic!()
    };
    assert_eq!((who.asking, who.names.len()), (Asking::Away, 1));
}

#[test]
fn what_was_told_under_a_former_identity_is_not_believed_under_the_new_one() {
    let mut net = Net::around_bob();
    net.show("zoé", "anne");
    net.who(ANNE, "bob/zoé");
    assert!(net.ask(BOB, Request::Renew).is_ok());
    net.pass(1);
    let name = "bob".to_owned();
    let Ok(Answer::Contact(card)) = net.ask(ANNE, Request::Contact { name: name.clone() }) else {
        panic!()
    };
    let same = Some(card.session_words.join(" "));
    assert!(net.ask(ANNE, Request::Check { name, same }).is_ok());
    net.pass(3);
    assert!(net.labels(ANNE, "bob/").is_empty());
    let who = net.who(ANNE, "bob/zoé");
    assert_eq!(who.names[0].known.as_deref(), Some("lise"));
}

#[cfg(feature = "planted")]
#[test]
fn bugs_planted_in_names_are_found() {
    use crate::planted::{Bug, plant};
    let promises: [(_, fn()); 4] = [
        (Bug::UnshownAnswered, nothing_is_shown_by_default),
        (Bug::OneTagForAll, no_tag_in_common),
        (Bug::NamesStay, names_go_with_their_time),
        (Bug::WithdrawnUntold, withdrawn_is_forgotten),
    ];
    for (bug, promise) in promises {
        plant(Some(bug));
        let kept = std::panic::catch_unwind(promise).is_ok();
        plant(None);
        assert!(!kept, "{bug:?}");
    }
}
