//! What scripts rely on: exit codes, and objects that are the same in every language.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixListener;
use std::thread;

use rustix::process::{Signal, kill_process};

use super::home::Home;

#[test]
fn every_way_to_end_has_its_code() {
    let (anne, zoe) = (Home::new(), Home::new());
    let nowhere = Home::empty();
    for home in [&nowhere, &anne] {
        for verb in [&["status"][..], &["down"], &["send", "zoé", "x"]] {
            expect(home, verb, "", 69);
        }
    }
    expect(&nowhere, &["up"], "", 69);
    expect(&anne, &["up"], "", 0);
    let _zoe = zoe.start();
    zoe.befriend("anne", &anne, "zoé");
    let too_long = "x".repeat(32 * 1024 + 1);
    for (args, input, code) in [
        (&["status"][..], "", 0),
        (&[], "", 0),
        (&["up"], "", 0),
        (&["contact", "list"], "", 0),
        (&["contacts"], "", 0),
        (&["contact", "show", "zoé"], "", 0),
        (&["help"], "", 0),
        (&["help", "exit-codes"], "", 0),
        (&["--version"], "", 0),
        (&["send", "zoé", "x", "--wait=60s"], "", 0),
        (&["inbox"], "", 1),
        (&["inbox", "--json"], "", 1),
        (&["inbox", "--peek"], "", 1),
        (&["frobnicate"], "", 2),
        (&["send"], "", 2),
        (&["send", "zoé", "x", "--passphrase", "x"], "", 2),
        (&["accept", "KITH:ABC"], "", 2),
        (&["inbox", "--max", "0"], "", 2),
        (&["wipe"], "", 2),
        (&["help", "love"], "", 2),
        (&["send", "zoé", ""], "", 65),
        (&["send", "zoé"], &too_long, 65),
        (&["accept", "--as", "lise"], "KITH:NON", 65),
        (&["invite", "--as", "zoé"], "", 65),
        (&["invite", "--as", "moi"], "", 65),
        (&["invite", "--as", "../zoé"], "", 65),
        (
            &["accept", "--as", "lise", "--file", "/does/not/exist"],
            "",
            66,
        ),
        (&["send", "lise", "x"], "", 67),
        (&["send", "zoe", "x"], "", 67),
        (&["contact", "show", "lise"], "", 67),
        (&["inbox", "--from", "lise"], "", 67),
        (&["chat", "lise"], "", 67),
        (&["init", "--no-passphrase"], "", 73),
        (&["wipe", "--all", "--no-input", "-q"], "", 66),
    ] {
        expect(&anne, args, input, code);
    }
    zoe.kith(&["down"]).done();
    expect(&anne, &["send", "zoé", "x"], "", 0);
    expect(&anne, &["send", "zoé", "x", "--wait=1s"], "", 75);
    expect(&anne, &["down"], "", 0);
    std::fs::write(anne.path().join("config.toml"), "[net]\nlisen = 3\n").unwrap();
    expect(&anne, &["up"], "", 78);
    anne.listen_at("127.0.0.1:99999");
    expect(&anne, &["up"], "", 78);
    anne.listen_at("192.0.2.1:4040");
    expect(&anne, &["up"], "", 74);
}

/// One sentence and what to do now, in both languages; else the code alone says nothing to a person.
fn tells(home: &Home, args: &[&str], input: &str, code: i32) {
    let said = ["fr", "en"].map(|lang| {
        let said = home.kith_reading(&[args, &["--lang", lang]].concat(), input);
        let told = said.refused(code).to_owned();
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines.len(), 2, "kith {}: {told}", args.join(" "));
        assert!(lines[0].len() > "kith: ".len() && !lines[1].starts_with("kith"));
        told
    });
    assert_ne!(said[0], said[1]);
}

#[test]
fn every_refusal_is_one_sentence_with_what_to_do_now_in_both_languages() {
    const PASSPHRASE: &str = "orage tambour lanterne citron";
    let (anne, bob, zoe) = (Home::new(), Home::new(), Home::new());
    let locked = Home::sealed(PASSPHRASE);
    let (nowhere, strange) = (Home::empty(), Home::empty());
    let _up = [anne.start(), bob.start(), zoe.start(), locked.start()];
    zoe.befriend("anne", &anne, "zoé");
    zoe.befriend("bob", &bob, "zoé");
    zoe.kith(&["contact", "block", "anne"]).done();
    let another = anne.passphrase("une autre phrase de passe");
    // What answers at this socket is no node.
    let socket = strange.socket();
    fs::create_dir_all(socket.parent().unwrap()).unwrap();
    let listener = UnixListener::bind(&socket).unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut asked = String::new();
            let _ = BufReader::new(&stream).read_line(&mut asked);
            let _ = (&stream).write_all(b"bonjour\n");
        }
    });
    let too_long = "x".repeat(32 * 1024 + 1);
    let file = nowhere.beside("there");
    fs::write(&file, "").unwrap();
    let file = file.to_str().unwrap();
    for (home, args, input, code) in [
        (&anne, &["frobnicate"][..], "", 2),
        (&anne, &["send"], "", 2),
        (&anne, &["send", "zoé", ""], "", 65),
        (&anne, &["send", "zoé"], &too_long, 65),
        (&anne, &["accept", "--as", "lise"], "KITH:NON", 65),
        (&anne, &["invite", "--as", "moi"], "", 65),
        (
            &anne,
            &["accept", "--as", "lise", "--file", "/none"],
            "",
            66,
        ),
        (&anne, &["wipe", "--all", "--no-input", "-q"], "", 66),
        (&anne, &["send", "lise", "x"], "", 67),
        (&anne, &["group", "show", "nulle-part"], "", 67),
        (&anne, &["invite", "--revoke", "zoé"], "", 67),
        (&nowhere, &["status"], "", 69),
        (&nowhere, &["up"], "", 69),
        (&strange, &["status"], "", 70),
        (&anne, &["init", "--no-passphrase"], "", 73),
        (&anne, &["invite", "--as", "lise", "--file", file], "", 73),
        (&zoe, &["verify", "bob", "--different"], "", 76),
        (&zoe, &["send", "anne", "x"], "", 77),
        (&locked, &["contact", "list"], "", 77),
        (&locked, &["unlock", "--passphrase-file", &another], "", 77),
    ] {
        tells(home, args, input, code);
    }
    for (settings, code) in [
        ("[net]\nlisen = 3\n", 78),
        ("[net]\nlisten = [\"192.0.2.1:4040\"]\n", 74),
    ] {
        let home = Home::new();
        fs::write(home.path().join("config.toml"), settings).unwrap();
        tells(&home, &["up"], "", code);
    }
    // Twenty invitations a day: the next one tomorrow.
    for count in 0..20 {
        let name = format!("ami{count}");
        if anne.kith(&["invite", "--as", &name]).code != 0 {
            break;
        }
    }
    tells(&anne, &["invite", "--as", "encore"], "", 75);
}

#[test]
fn whoever_is_ended_ends_with_the_code_that_the_help_names() {
    let home = Home::new();
    let _up = home.start();
    for (args, room) in [(&["chat"][..], (24, 80)), (&["chat"], (12, 80))] {
        for (signal, code) in [(Signal::HUP, 129), (Signal::INT, 130), (Signal::TERM, 143)] {
            let mut chat = home.terminal(room, &[args, &["--lang", "en"]].concat());
            chat.shows("to nobody >");
            kill_process(chat.foreground(), signal).unwrap();
            assert_eq!(chat.ends(), code, "{room:?}");
        }
    }
    let help = home.kith(&["help", "exit-codes"]).done();
    let listed: Vec<i32> = help
        .lines()
        .filter_map(|line| line.split(' ').next()?.parse().ok())
        .collect();
    let all = [
        0, 1, 2, 65, 66, 67, 69, 70, 73, 74, 75, 76, 77, 78, 129, 130, 143,
    ];
    assert_eq!(listed, all);
}

fn expect(home: &Home, args: &[&str], input: &str, code: i32) {
    let said = home.kith_reading(args, input);
    assert_eq!(said.code, code, "kith {}: {said:?}", args.join(" "));
    match code {
        // A negative answer and a mistake in the line have their own forms.
        0 | 1 => {}
        2 => assert!(said.err.contains("kith"), "{said:?}"),
        75 => assert!(said.out.lines().count() == 1, "{said:?}"),
        _ => drop(said.refused(code)),
    }
}

#[test]
fn objects_are_the_same_in_every_language() {
    let (anne, zoe) = (Home::new(), Home::new());
    let nowhere = Home::empty();
    let _up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    anne.kith(&["send", "zoé", "déjà ?\u{1b}[2J\u{202e}", "--wait=60s"])
        .done();
    zoe.sees(1);
    anne.sees(1);
    for (home, args) in [
        (&nowhere, &["status"][..]),
        (&anne, &["status"]),
        (&anne, &["contact", "list"]),
        (&zoe, &["contact", "show", "anne"]),
        (&zoe, &["inbox", "--peek"]),
        (&anne, &["contact", "show", "personne"]),
    ] {
        let said = ["fr", "en"].map(|lang| {
            let said = home.kith(&[args, &["--json", "--lang", lang]].concat());
            (said.code, said.out)
        });
        assert_eq!(said[0], said[1], "{args:?}");
    }
    let read = zoe.kith(&["inbox", "--peek", "--json"]);
    assert!(!read.out.contains(['\u{1b}', '\u{202e}']), "it can draw");
    assert_eq!(
        read.json()["messages"][0]["text"],
        "déjà ?\u{1b}[2J\u{202e}"
    );
    let shown = zoe.kith(&["inbox", "--peek"]).done();
    assert!(!shown.contains(['\u{1b}', '\u{202e}']), "it can draw");
}

#[test]
fn the_language_follows_the_environment_and_then_the_settings() {
    let home = Home::new();
    let about = |variables: &[(&str, &str)]| {
        let mut command = home.command(&["help"]);
        command.envs(variables.iter().copied());
        super::home::to_the_end(&mut command, Vec::new()).done()
    };
    let french = about(&[("LANG", "fr_FR.UTF-8")]);
    let english = about(&[("LANG", "C.UTF-8")]);
    assert_ne!(french, english);
    assert_eq!(about(&[]), english);
    assert_eq!(about(&[("LC_ALL", "fr_BE"), ("LANG", "en_GB")]), french);
    let settings = home.path().join("config.toml");
    std::fs::write(settings, "[ui]\nlang = \"fr\"\n").unwrap();
    assert_eq!(about(&[]), french);
}

#[test]
fn many_clients_at_once_are_all_answered() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    std::thread::scope(|scope| {
        for client in 0..8 {
            let anne = &anne;
            scope.spawn(move || {
                for number in 0..5 {
                    let text = format!("{client}.{number}");
                    anne.kith(&["send", "zoé", &text]).done();
                    assert_eq!(anne.status()["state"], "up");
                }
            });
        }
    });
    anne.kith(&["send", "zoé", "fin", "--wait=60s"]).done();
    let read = zoe.inbox();
    assert_eq!(read.len(), 41);
    for client in 0..8 {
        let mine = read.iter().map(|message| message["text"].as_str().unwrap());
        let mine: Vec<_> = mine
            .filter(|t| t.starts_with(&format!("{client}.")))
            .collect();
        assert!(
            mine.is_sorted(),
            "each client's own order is kept: {mine:?}"
        );
    }
}

#[test]
fn what_a_program_took_elsewhere_counts_as_read_up_to_its_number_and_no_further() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    for text in ["un", "deux", "trois"] {
        anne.kith(&["send", "zoé", text, "--wait=60s"]).done();
    }
    let peeked = zoe.kith(&["inbox", "--peek", "--json"]).json();
    let second = peeked["messages"][1]["seq"].to_string();
    let ack =
        |more: &[&str]| zoe.kith(&[&["inbox", "--ack", &second, "--lang", "en"], more].concat());
    ack(&["--from", "personne"]).refused(67);
    assert_eq!(ack(&[]).done().trim(), "2 messages count as read.");
    assert_eq!(ack(&[]).code, 1);
    ack(&["--peek"]).refused(2);
    let left = zoe.inbox();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["text"], "trois");
}
