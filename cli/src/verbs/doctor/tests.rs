use kith_node::control::shape::{Doctor, Kept, TorState};
use kith_node::health::{FileSystem, OpensWith, ProcessHealth, Swap};

use super::*;
use crate::words::every_language;

/// A sound home, its node open.
fn sound() -> Facts {
    let file_system = FileSystem {
        kind: "ext4".into(),
        copies_on_write: false,
    };
    let home = HomeHealth {
        opens_with: Some(OpensWith::Passphrase),
        slot_elsewhere: false,
        not_private: Vec::new(),
        socket_private: Some(true),
        socket_group: None,
        used: 1 << 20,
        free: Some(1 << 40),
        data_on: file_system.clone(),
        slot_on: file_system,
        wipe_unfinished: false,
    };
    let machine = MachineHealth {
        swap: Swap::Nowhere,
    };
    let kept = Kept {
        friends: 2,
        unread: 1,
        history: 2,
        outbox: 3,
        files: 0,
        files_bytes: 0,
        oldest_min: 90,
        keep_min: 7 * 24 * 60,
        kept_longer: 0,
        late_keys: 0,
        post_min: 30 * 24 * 60,
        leap_min: 0,
        full: false,
    };
    let doctor = Doctor {
        locked: false,
        uptime_s: 60,
        addresses: Some(1),
        process: ProcessHealth {
            pid: 7,
            core_dumps: false,
            debuggable: false,
            memory_locked: false,
            memory_lock_limit: None,
            unit: false,
        },
        home: home.clone(),
        machine: machine.clone(),
        kept: Some(kept),
        tor: TorState::Off,
    };
    Facts {
        home,
        machine,
        config: Config::default(),
        node: Some(doctor),
        socks_answers: false,
        now: "2026-11-21T13:30:00Z".parse().unwrap(),
    }
}

/// The checks that are not fine, by name.
fn complaints(facts: &Facts) -> Vec<(&'static str, Verdict)> {
    let words = Words::new(kith_node::control::shape::Language::English);
    let checks = AREAS.iter().flat_map(|(_, area)| area(&words, facts));
    let bad = checks.filter(|check| check.verdict != Verdict::Ok);
    bad.map(|check| (check.name, check.verdict)).collect()
}

/// One thing wrong with a home.
type Harm = fn(&mut Facts);

fn doctor(facts: &mut Facts) -> &mut Doctor {
    facts.node.as_mut().unwrap()
}

fn kept(facts: &mut Facts) -> &mut Kept {
    doctor(facts).kept.as_mut().unwrap()
}

#[test]
fn a_sound_home_has_no_complaint() {
    assert_eq!(complaints(&sound()), []);
}

#[test]
fn each_harm_is_named_and_nothing_else() {
    let harms: [(&str, Verdict, Harm); 17] = [
        ("wipe", Verdict::Fail, |f| f.home.wipe_unfinished = true),
        ("opens", Verdict::Fail, |f| f.home.opens_with = None),
        ("opens", Verdict::Warn, |f| {
            f.home.opens_with = Some(OpensWith::DeviceKey);
        }),
        ("kept_longer", Verdict::Warn, |f| kept(f).kept_longer = 1),
        ("room", Verdict::Fail, |f| kept(f).full = true),
        ("room", Verdict::Warn, |f| f.home.free = Some(1 << 20)),
        ("room", Verdict::Warn, |f| f.home.used = 500 << 20),
        ("file_system", Verdict::Warn, |f| {
            f.home.slot_on.copies_on_write = true;
        }),
        ("private", Verdict::Fail, |f| {
            f.home.not_private.push("/home/anne/x".into());
        }),
        ("private", Verdict::Warn, |f| {
            f.home.not_private.push("/home/anne/config.toml".into());
        }),
        ("socket", Verdict::Fail, |f| {
            f.home.socket_private = Some(false);
        }),
        ("listening", Verdict::Fail, |f| {
            doctor(f).addresses = Some(0);
        }),
        ("listening", Verdict::Warn, |f| {
            f.config.net.listen = vec!["127.0.0.1:20555".parse().unwrap()];
        }),
        ("clock", Verdict::Fail, |f| f.now = Timestamp::UNIX_EPOCH),
        ("leap", Verdict::Warn, |f| kept(f).leap_min = -43_200),
        ("dumps", Verdict::Fail, |f| {
            doctor(f).process.debuggable = true;
        }),
        ("swap", Verdict::Warn, |f| f.machine.swap = Swap::Disk),
    ];
    for (name, verdict, harm) in harms {
        let mut facts = sound();
        harm(&mut facts);
        assert_eq!(complaints(&facts), [(name, verdict)]);
    }
}

#[test]
fn one_address_beside_that_of_the_machine_itself_lets_friends_in() {
    let mut facts = sound();
    let both = ["127.0.0.1:20555", "192.0.2.7:20555"];
    facts.config.net.listen = both.map(|place| place.parse().unwrap()).into();
    // The node tells of itself only if there is nothing else.
    doctor(&mut facts).addresses = Some(1);
    assert_eq!(complaints(&facts), []);
}

#[test]
fn files_are_among_what_would_be_found() {
    let words = Words::new(kith_node::control::shape::Language::English);
    let mut facts = sound();
    let told = |facts: &Facts| {
        let checks = AREAS.iter().flat_map(|(_, area)| area(&words, facts));
        let files: Vec<_> = checks.filter(|check| check.name == "files").collect();
        files
            .iter()
            .map(|check| row(&words, check).join(" "))
            .collect::<String>()
    };
    assert_eq!(told(&facts), "");
    (kept(&mut facts).files, kept(&mut facts).files_bytes) = (3, 5_000_000);
    let told = told(&facts);
    assert!(
        told.contains("files 3") && told.contains("4.7\u{a0}MiB"),
        "{told}"
    );
}

#[test]
fn a_node_that_is_down_or_locked_is_a_warning_and_no_failure() {
    let mut facts = sound();
    let node = doctor(&mut facts);
    (node.locked, node.kept, node.addresses) = (true, None, None);
    assert_eq!(complaints(&facts), [("node", Verdict::Warn)]);
    facts.node = None;
    assert_eq!(complaints(&facts), [("node", Verdict::Warn)]);
}

#[test]
fn every_line_is_one_line_in_both_languages() {
    for words in every_language() {
        for check in AREAS.iter().flat_map(|(_, area)| area(&words, &sound())) {
            let told = row(&words, &check).join(" ");
            assert!(!told.contains('\n'), "{told}");
        }
    }
}
