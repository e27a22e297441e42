//! What the first page of the documents says one can do, done.

use std::time::{Duration, Instant};

use super::home::{Home, PATIENCE, until};

#[test]
fn a_newcomer_makes_a_friend_and_both_talk() {
    let (anne, zoe) = (Home::empty(), Home::empty());
    for home in [&anne, &zoe] {
        let ready = home.kith(&["init", "--no-passphrase", "--lang", "fr"]);
        assert!(ready.out.contains("prêt"), "{ready:?}");
        let up = home.kith(&["up", "--lang", "fr"]);
        assert!(up.out.contains("pid"), "{up:?}");
    }
    let code = anne.kith(&["invite", "--as", "zoé"]).done();
    assert!(code.starts_with("KITH:"));
    let friends = zoe.kith_reading(&["accept", "--as", "anne", "--lang", "fr"], code);
    assert!(friends.out.contains("anne"), "{friends:?}");

    let sent = anne.kith(&["send", "zoé", "Ça va ? À 18 h, où l'on sait…", "--wait=60s"]);
    sent.done();
    let read = zoe.kith(&["inbox"]).done();
    assert!(
        read.ends_with("anne: Ça va ? À 18 h, où l'on sait…\n"),
        "{read}"
    );
    zoe.kith(&["send", "anne", "j'y serai", "--wait=60s"])
        .done();
    assert!(anne.kith(&["inbox"]).done().contains("zoé: j'y serai"));
    assert_eq!(anne.kith(&["inbox"]).code, 1, "what was read is forgotten");

    for home in [&anne, &zoe] {
        home.kith(&["down"]).done();
        assert_eq!(home.kith(&["status"]).code, 69);
    }
}

/// Somebody who has the program, and what they typed so far.
struct Newcomer {
    home: Home,
    typed: usize,
}

impl Newcomer {
    fn new() -> Self {
        let home = Home::empty();
        Self { home, typed: 0 }
    }

    /// Types a command, and what it asks for; it goes well.
    fn types(&mut self, args: &[&str], asked: &str) -> String {
        self.typed += 1;
        let args: Vec<&str> = args.iter().copied().chain(["--lang", "fr"]).collect();
        self.home.kith_reading(&args, asked).done()
    }
}

#[test]
fn five_commands_each_take_two_newcomers_from_the_program_to_talking_in_three_minutes() {
    let began = Instant::now();
    let (mut anne, mut bruno) = (Newcomer::new(), Newcomer::new());
    for one in [&mut anne, &mut bruno] {
        one.types(&["init", "--no-passphrase"], "");
        one.types(&["up"], "");
    }
    let code = anne.types(&["invite", "--as", "bruno"], "");
    bruno.types(&["accept", "--as", "anne"], &code);
    anne.types(&["send", "bruno", "tu me lis ?", "--wait=60s"], "");
    assert!(bruno.types(&["inbox"], "").contains("tu me lis ?"));
    bruno.types(&["send", "anne", "je te lis", "--wait=60s"], "");
    assert!(anne.types(&["inbox"], "").contains("je te lis"));
    assert!(anne.typed <= 5 && bruno.typed <= 5);
    assert!(began.elapsed() < Duration::from_secs(180));
}

#[test]
fn a_text_of_32_kib_arrives_whole_and_a_longer_one_is_refused() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    let most = "l'été, né d'un « oui » ".repeat(2000);
    let most = most[..most.floor_char_boundary(32 * 1024)].to_owned();
    let most = most.clone() + &"x".repeat(32 * 1024 - most.len());
    assert_eq!(most.len(), 32 * 1024);
    anne.kith_reading(&["send", "zoé", "-", "--wait=60s"], most.clone())
        .done();
    anne.kith_reading(&["send", "zoé", "--wait=60s"], "par un tube\n")
        .done();
    let texts = zoe.inbox();
    assert_eq!(texts[0]["text"], *most);
    assert_eq!(texts[1]["text"], "par un tube");
    let more = anne.kith_reading(&["send", "zoé"], most + "x");
    more.refused(65);
    assert_eq!(zoe.kith(&["inbox"]).code, 1);
}

#[test]
fn a_follower_and_a_chat_see_lines_as_they_come() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    let mut follow = zoe.talk(&["inbox", "--follow", "--json"]);
    anne.kith(&["send", "zoé", "un"]).done();
    assert!(follow.hears("\"un\"").contains("\"type\":\"message\""));
    anne.kith(&["send", "zoé", "deux"]).done();
    follow.hears("\"deux\"");
    drop(follow);

    let mut here = anne.talk(&["chat", "zoé", "--plain"]);
    let mut there = zoe.talk(&["chat", "anne", "--plain"]);
    // Each greets when it listens.
    here.hears("zoé");
    there.hears("anne");
    here.say("tu viens ?");
    assert!(there.hears("tu viens ?").ends_with("anne: tu viens ?"));
    there.say("oui, à 18 h");
    assert!(here.hears("18 h").ends_with("zoé: oui, à 18 h"));
    assert_eq!(here.leaves(), 0);
    there.say("/quit");
    assert_eq!(there.leaves(), 0);
    assert_eq!(zoe.kith(&["inbox"]).code, 1, "what was drawn is forgotten");
}

#[test]
fn a_message_to_a_computer_that_is_off_is_saved_and_then_arrives_once() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _anne = anne.start();
    let node = zoe.start();
    anne.befriend("zoé", &zoe, "anne");
    zoe.kith(&["down"]).done();
    assert_eq!(node.ends(), 0);
    let sent = anne
        .kith(&["send", "zoé", "pour plus tard", "--json"])
        .json();
    assert_eq!(sent["state"], "saved");
    let late = anne.kith(&["send", "zoé", "encore", "--wait=1s", "--json"]);
    assert_eq!(late.code, 75, "{late:?}");
    assert_eq!(anne.status()["outbox"], 2);

    let _zoe = zoe.start();
    let id = sent["id"].as_u64().unwrap();
    let state = || format!("{:?}", anne.client().send_state(id).unwrap().state);
    until(PATIENCE, || (state() == "Delivered").then_some(())).expect("it never arrives");
    zoe.kith(&["send", "anne", "reçu", "--wait=60s"]).done();
    until(PATIENCE, || (anne.status()["outbox"] == 0).then_some(())).expect("one stays behind");
    let texts: Vec<_> = zoe.inbox().iter().map(|m| m["text"].clone()).collect();
    assert_eq!(texts, ["pour plus tard", "encore"]);
}
