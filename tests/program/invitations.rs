//! An invitation makes one friend, and whoever copied it makes noise.

use std::fs;
use std::path::Path;
use std::time::Duration;

use kith_node::control::shape::{Event, How};
use kith_proto::invite::Code;

use super::home::{Home, PATIENCE, until};

#[test]
fn a_second_person_who_uses_an_invitation_raises_the_alarm_and_gets_nothing() {
    let (anne, zoe, thief) = (Home::new(), Home::new(), Home::new());
    let node = anne.start();
    let _up = [zoe.start(), thief.start()];
    let code = anne.kith(&["invite", "--as", "zoé"]).done();
    let joined = zoe.kith_reading(&["accept", "--as", "anne", "--lang", "en"], code.clone());
    assert!(joined.done().contains("linked by code"));
    anne.kith(&["send", "zoé", "avant", "--wait=60s"]).done();

    let mut events = anne.client().subscribe().unwrap();
    let mut screen = anne.talk(&["chat", "zoé", "--plain", "--lang", "en"]);
    screen.hears("zoé");
    let stolen = thief.kith_reading(&["accept", "--as", "anne", "--lang", "en"], code);
    assert!(stolen.done().contains("not answering"));
    let alarm = std::iter::from_fn(|| events.next(Some(PATIENCE)).unwrap())
        .find(|event| matches!(event, Event::Copied { .. }));
    let petname = "zoé".to_owned();
    assert_eq!(alarm, Some(Event::Copied { petname }));
    screen.hears("WARNING: a second person used the invitation for zoé");

    let friends = anne.client().contacts().unwrap().contacts;
    assert_eq!(friends.len(), 1, "{friends:?}");
    assert_eq!(anne.client().contact("zoé").unwrap().safety_words.len(), 12);
    assert_eq!(
        anne.client().contact("zoé").unwrap().safety_words,
        zoe.client().contact("anne").unwrap().safety_words,
        "the friend is still the first one"
    );
    let stolen = thief.kith(&["send", "anne", "c'est zoé", "--wait=2s"]);
    assert_ne!(stolen.code, 0, "{stolen:?}");
    anne.kith(&["send", "zoé", "après", "--wait=60s"]).done();
    assert_eq!(zoe.inbox().len(), 2);
    assert_eq!(anne.inbox().len(), 0);

    drop(node);
    let _again = anne.start();
    let state = anne.client().contact("zoé").unwrap().state;
    assert_eq!(state, How::Copied, "the alarm outlives whoever heard it");
    let list = anne.kith(&["contact", "list", "--lang", "en"]).done();
    assert!(list.contains("a second person used it"), "{list}");
}

#[test]
fn a_joiner_finds_an_inviter_who_comes_later() {
    let (anne, zoe) = (Home::new(), Home::new());
    let node = anne.start();
    let code = anne.kith(&["invite", "--as", "zoé"]).done();
    drop(node);
    let _zoe = zoe.start();
    let waiting = zoe.kith_reading(&["accept", "--as", "anne", "--lang", "en"], code);
    assert!(waiting.done().contains("not answering yet"));
    let _anne = anne.start();
    zoe.sees(1);
    zoe.kith(&["send", "anne", "enfin", "--wait=60s"]).done();
    assert_eq!(anne.inbox().len(), 1);
}

#[test]
fn an_invitation_that_cannot_be_used_is_refused_in_a_sentence() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    let code = anne.kith(&["invite", "--as", "zoé"]).done();
    let code = code.trim();
    let accept = |home: &Home, code: &str| {
        let said = home.kith_reading(&["accept", "--as", "anne", "--lang", "en"], code);
        said.refused(65).to_owned()
    };
    // One letter for another, anywhere: the check sums see it.
    for at in [5, 40, code.len() - 1] {
        let other = if code.as_bytes()[at] == b'7' {
            "8"
        } else {
            "7"
        };
        let mistyped = format!("{}{other}{}", &code[..at], &code[at + 1..]);
        assert!(accept(&zoe, &mistyped).contains("typing error"));
    }
    for wrong in ["", "bonjour", &code[..60], "KITH:", "\u{0}\u{1b}[2J"] {
        assert!(accept(&zoe, wrong).contains("not an invitation"));
    }
    assert!(accept(&anne, code).contains("one of yours"));

    let mut past = Code::parse(code).ok().unwrap();
    past.expiry_min = 29_000_000;
    assert!(accept(&zoe, &past.to_text().unwrap()).contains("has ended"));
    for lifetime in ["5m", "60d"] {
        let said = anne.kith(&["invite", "--as", "lise", "--expires", lifetime]);
        said.refused(65);
    }
    assert!(zoe.client().contacts().unwrap().contacts.is_empty());

    // Lower case, blanks and hyphens are how people write.
    let spaced: String = code.to_lowercase().replace(':', ": - ");
    let joined = zoe.kith_reading(&["accept", "--as", "anne"], spaced);
    joined.done();
    zoe.sees(1);
    assert!(accept(&zoe, code).contains("your friend already"));
}

#[test]
fn no_code_and_no_passphrase_stands_where_other_programs_can_read_it() {
    const PASSPHRASE: &str = "orage tambour lanterne citron";
    let (anne, zoe) = (Home::sealed(PASSPHRASE), Home::new());
    let file = anne.passphrase(PASSPHRASE);
    anne.kith(&["up", "--passphrase-file", &file]).done();
    let node = zoe.start();
    let code = anne.kith(&["invite", "--as", "zoé"]).done();
    anne.kith(&["down"]).done();
    // It waits some seconds for an answer that does not come.
    let mut accept = zoe.talk(&["accept", "--as", "anne", "--lang", "en"]);
    accept.say(code.trim());
    accept.hush();
    let seen = until(Duration::from_secs(20), || {
        let found = zoe.client().contacts().ok()?;
        (found.contacts.len() + zoe.client().status().ok()?.open?.pending as usize > 0)
            .then_some(())
    });
    seen.expect("the code was not taken");
    anne.kith(&["up", "--passphrase-file", &file]).done();
    let kith: Vec<_> = processes(env!("CARGO_BIN_EXE_kith")).collect();
    assert!(kith.len() >= 3, "two nodes and a command");
    for secret in [code.trim(), &code.trim()["KITH:".len()..], PASSPHRASE] {
        for told in &kith {
            assert!(!told.contains(secret), "it can be read: {told}");
        }
    }
    drop(node);
}

/// Command lines and environments of all processes that run this program.
fn processes(program: &str) -> impl Iterator<Item = String> {
    let all = fs::read_dir("/proc").unwrap().flatten();
    all.filter_map(move |process| {
        let read = |file: &str| fs::read(Path::new(&process.path()).join(file));
        let line = String::from_utf8_lossy(&read("cmdline").ok()?).into_owned();
        // Whoever may not read the environment is told nothing by it.
        let environ = read("environ").unwrap_or_default();
        let ours = line.starts_with(program);
        ours.then(|| line + &String::from_utf8_lossy(&environ))
    })
}

/// A picture of a code, as a screen shows it: so many pixels for each module.
pub(super) fn picture(code: &str) -> Vec<u8> {
    let qr = fast_qr::QRBuilder::new(code).ecl(fast_qr::ECL::L).build();
    let qr = qr.unwrap();
    let (margin, by) = (4, 5);
    let side = (qr.size + 2 * margin) * by;
    let inside = |at: usize| (at / by).checked_sub(margin).filter(|at| *at < qr.size);
    let shade = |at: usize| match (inside(at % side), inside(at / side)) {
        (Some(x), Some(y)) if qr[y][x].value() => 0,
        _ => 255,
    };
    let grey: Vec<u8> = (0..side * side).map(shade).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side as u32, side as u32);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&grey).unwrap();
    drop(writer);
    bytes
}

#[test]
fn an_invitation_is_taken_from_a_picture_or_a_text_and_from_nothing_else() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    let scan = |name: &str, bytes: &[u8]| {
        let path = zoe.path().join(name);
        fs::write(&path, bytes).unwrap();
        let path = path.to_str().unwrap().to_owned();
        zoe.kith(&["accept", "--as", "anne", "--scan", &path, "--lang", "en"])
    };
    let half = &picture("KITH:X")[..200];
    for bytes in [
        half,
        &picture("HTTPS://EXAMPLE.ORG"),
        b"\xff\xd8\xff\xe0 JFIF",
    ] {
        let said = scan("nothing", bytes);
        said.refused(65);
        assert!(said.err.contains("No invitation can be read"), "{said:?}");
    }
    // Here is no terminal: the code comes as text, and why is said beside it.
    let said = anne.kith(&["invite", "--as", "zoé", "--qr", "--lang", "en"]);
    assert!(said.err.contains("Here is the same as text"), "{said:?}");
    let code = said.done();
    assert!(code.starts_with("KITH:") && code.lines().count() == 1);
    let taken = scan("picture.png", &picture(code.trim()));
    assert!(taken.done().contains("linked by code"));
    let code = anne.kith(&["invite", "--as", "bob"]).done();
    let said = scan("text", code.as_bytes());
    assert!(said.err.contains("friend already"), "{said:?}");
}

#[test]
fn open_invitations_are_listed_and_taken_back_until_somebody_uses_them() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    let list = |more: &[&str]| {
        let typed = [&["invite", "--list"], more].concat();
        anne.kith(&typed)
    };
    assert!(list(&["--lang", "en"]).done().contains("No invitation"));
    let made = ["invite", "--as", "zoé", "--expires", "1h"];
    let code = anne.kith(&made).done();
    anne.kith(&["invite", "--as", "bob"]).done();
    let listed = list(&["--lang", "en"]).done();
    let rows: Vec<&str> = listed.lines().collect();
    assert_eq!(rows.len(), 2, "{listed}");
    assert!(rows[0].starts_with("bob  until 20") && rows[1].starts_with("zoé  until t"));
    let json = list(&["--json"]).json();
    assert_eq!(json["contacts"][1]["petname"], "zoé");
    let ends = |at: usize| json["contacts"][at]["expires"].as_str().map(str::to_owned);
    assert!(ends(0) > ends(1) && ends(1).is_some(), "{json}");

    let revoke = |name: &str| anne.kith(&["invite", "--revoke", name, "--lang", "en"]);
    assert!(revoke("zoé").done().contains("taken back"));
    assert!(revoke("zoé").refused(67).contains("is called so"));
    let late = zoe.kith_reading(&["accept", "--as", "anne", "--lang", "en"], code);
    assert!(late.done().contains("not answering"));

    // Whoever has used theirs is a friend, and stays one.
    anne.befriend("lise", &zoe, "autre");
    assert!(revoke("lise").refused(67).contains("it was used"));
    assert!(anne.client().contact("lise").is_ok());
    assert!(list(&["--lang", "fr"]).done().starts_with("bob  fin"));
}

#[test]
fn an_invitation_on_paper_can_be_typed_and_names_nobody() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    let print = ["invite", "--as", "zoé", "--print", "--lang", "fr"];
    let sheet = anne.kith(&print).done();
    assert!(sheet.contains("kith accept") && !sheet.contains("zoé"));
    let code = sheet.lines().skip_while(|row| *row != "KITH:");
    let code: Vec<&str> = code.take_while(|row| !row.is_empty()).collect();
    let typed = code.join(" ").to_lowercase();
    let taken = zoe.kith_reading(&["accept", "--as", "anne", "--lang", "en"], typed);
    assert!(taken.done().contains("linked by code"));
    for typed in [
        &["invite", "--as", "bob", "--print", "--qr"][..],
        &["invite", "--list", "--as", "bob"],
        &["invite", "--revoke", "bob", "--list"],
        &["invite"],
    ] {
        anne.kith(typed).refused(2);
    }
}
