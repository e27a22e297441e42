//! What friends call others: shown by choice, one by one, believed for days, and taken back. Bob shows
//! or does not; Anne and Dédé ask him; Zoé is his friend, and Anne's, who calls her Lise.

mod bounds;
mod time;

use super::*;
use crate::friend::{Told, What};
use crate::limits::{
    ZONE_ASKS_PER_MINUTE_MAX, ZONE_HEARD_MAX, ZONE_NOTE_BYTES_MAX, ZONE_NOTES_BYTES_MAX,
    ZONE_RECORDS_MAX, ZONE_SHOWN_MAX,
};
use crate::message::Payload;
use crate::name::Label;
use crate::time::{DAY_MINUTES, MINUTE_MS};
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
    use super::zones::time::{names_go_with_their_time, withdrawn_is_forgotten};
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
