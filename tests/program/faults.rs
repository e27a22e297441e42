//! The machine fails us: one sentence, and once it is over nothing is missing.
//!
//! Some of it needs root, or a program that is not everywhere; each test says so if it skips.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::home::{Home, PATIENCE, to_the_end, until};
use super::running::Node;

/// What is said when a node ended before it could answer: it may have saved the text, or not.
const NODE_LOST: [&str; 2] = ["The node stopped answering", "Le nœud ne répond plus"];

/// A small disk of its own, mounted while this lives.
struct Disk(PathBuf);

impl Disk {
    /// `None`, and a sentence, if we may not mount.
    fn at(path: &Path, bytes: &str) -> Option<Self> {
        fs::create_dir_all(path).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={bytes}"), "none"])
            .arg(path)
            .stderr(Stdio::null())
            .status();
        let disk = mounted.is_ok_and(|status| status.success());
        if !disk {
            eprintln!("skipped: only root can mount a disk");
        }
        disk.then(|| Self(path.to_owned()))
    }

    fn remount(&self, how: &str) -> bool {
        let option = format!("remount,{how}");
        let mut mount = Command::new("mount");
        mount.args(["-o", &option]).arg(&self.0);
        mount.status().unwrap().success()
    }

    fn fill(&self) -> PathBuf {
        let filler = self.0.join("filler");
        let mut file = fs::File::create(&filler).unwrap();
        for length in [1 << 16, 1 << 12] {
            while std::io::Write::write_all(&mut file, &vec![7; length]).is_ok() {}
        }
        filler
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Two friends, the first with a data directory on a disk of its own.
struct Pair {
    anne: Home,
    zoe: Home,
    disk: Disk,
    nodes: [Option<Node>; 2],
}

impl Pair {
    fn new(bytes: &str) -> Option<Self> {
        let (anne, zoe) = (Home::empty(), Home::new());
        let disk = Disk::at(&anne.data(""), bytes)?;
        anne.kith(&["init", "--no-passphrase"]).done();
        let nodes = [Some(anne.start()), Some(zoe.start())];
        anne.befriend("zoé", &zoe, "anne");
        anne.sees(1);
        Some(Self {
            anne,
            zoe,
            disk,
            nodes,
        })
    }

    /// Both hear everything that the other's node took, once each and in order. What was typed while
    /// a node ended, which said that nobody knows, may be among it once or not at all.
    fn all_arrives(&self, to_zoe: &[String], to_anne: &[String], unknown: &[String]) {
        for (home, what) in [(&self.zoe, to_zoe), (&self.anne, to_anne)] {
            let (mut heard, mut perhaps) = (Vec::new(), Vec::new());
            let all = until(PATIENCE, || {
                let (unsure, sure): (Vec<_>, Vec<_>) =
                    (home.read_all().into_iter()).partition(|text| unknown.contains(text));
                heard.extend(sure);
                perhaps.extend(unsure);
                (heard.len() >= what.len()).then_some(())
            });
            assert!(all.is_some(), "{} of {} came", heard.len(), what.len());
            assert_eq!(heard, what);
            perhaps.sort();
            assert!(
                perhaps.windows(2).all(|two| two[0] != two[1]),
                "twice: {perhaps:?}"
            );
        }
    }
}

#[test]
fn a_full_disk_refuses_in_a_sentence_and_loses_nothing() {
    let Some(mut pair) = Pair::new("96m") else {
        return;
    };
    let (mut to_zoe, mut to_anne) = (Vec::new(), Vec::new());
    pair.anne.say("zoé", "avant").unwrap();
    to_zoe.push("avant".to_owned());
    let filler = pair.disk.fill();

    let text = |who: &str, number: usize| format!("{who} {number} {}", "mot ".repeat(1000));
    let (mut refused, mut unknown) = (Vec::new(), Vec::new());
    for number in 0..200 {
        to_anne.push(text("Zoé", number));
        pair.zoe.say("anne", &to_anne[number]).unwrap();
        let text = text("Anne", number);
        let said = pair.anne.kith_reading(&["send", "zoé"], text.clone());
        match said.code {
            0 => to_zoe.push(text),
            _ => {
                let lost = NODE_LOST.iter().any(|words| said.err.contains(words));
                unknown.extend(lost.then_some(text));
                refused.push(said);
            }
        }
        if pair.nodes[0].as_mut().unwrap().ended().is_some() || refused.len() > 3 {
            break;
        }
    }
    assert!(!refused.is_empty(), "a full disk took everything");
    for said in &refused {
        assert!([69, 74, 75].contains(&said.code), "{said:?}");
        assert!((1..=2).contains(&said.err.lines().count()), "{said:?}");
    }
    let ended = pair.nodes[0].as_mut().unwrap().ended();
    if ended.is_some() {
        let printed = fs::read_to_string(pair.anne.beside("printed")).unwrap();
        assert!(
            printed.contains("disk is full") || printed.contains("disque est plein"),
            "{printed}"
        );
        // Nor does it start, or it does and refuses.
        let up = pair.anne.kith_alone(&["up"]);
        assert!([0, 74].contains(&up.code), "{up:?}");
        pair.anne.kith(&["down"]);
    }
    eprintln!("the node ended: {ended:?}; refused: {}", refused[0].err);

    fs::remove_file(filler).unwrap();
    if ended.is_some() {
        pair.nodes[0] = Some(pair.anne.start());
    }
    let last = "après".to_owned();
    until(PATIENCE, || pair.anne.say("zoé", &last).ok()).expect("still full");
    to_zoe.push(last.clone());
    pair.zoe.say("anne", &last).unwrap();
    to_anne.push(last);
    pair.all_arrives(&to_zoe, &to_anne, &unknown);
}

#[test]
fn a_disk_that_can_only_be_read_is_said_and_loses_nothing() {
    let Some(mut pair) = Pair::new("96m") else {
        return;
    };
    pair.zoe.say("anne", "avant").unwrap();
    let unread = || pair.anne.client().status().unwrap().open.unwrap().unread;
    until(PATIENCE, || (unread() == 1).then_some(())).unwrap();
    pair.nodes[0] = None;
    assert!(pair.disk.remount("ro"));
    let up = pair.anne.kith_alone(&["up"]);
    let said = up.refused(74);
    assert!(said.contains("read"), "{said}");
    assert!(pair.disk.remount("rw"));
    pair.nodes[0] = Some(pair.anne.start());
    pair.anne.say("zoé", "après").unwrap();
    pair.zoe.say("anne", "après").unwrap();
    pair.all_arrives(&["après".into()], &["avant".into(), "après".into()], &[]);
}

#[test]
fn without_descriptors_a_node_says_so_or_waits_and_does_not_spin() {
    let (anne, zoe) = (Home::new(), Home::new());
    if Command::new("prlimit").arg("--version").output().is_err() {
        eprintln!("skipped: there is no prlimit here");
        return;
    }
    let start = anne.command(&["daemon", "--foreground"]);
    for few in [5, 11, 17, 30] {
        let mut starved = Command::new("prlimit");
        starved
            .arg(format!("--nofile={few}"))
            .arg(start.get_program());
        starved.args(start.get_args()).env_clear();
        starved.envs(start.get_envs().filter_map(|(k, v)| Some((k, v?))));
        let said = to_the_end(&mut starved, Vec::new());
        assert!(said.refused(74).contains("files"), "{few}: {said:?}");
    }

    let up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    anne.sees(1);
    let mut window = anne.client();
    let limit = |soft: &str| {
        let mut prlimit = Command::new("prlimit");
        prlimit.args([
            "--pid",
            &up[0].pid().to_string(),
            &format!("--nofile={soft}:"),
        ]);
        assert!(prlimit.status().unwrap().success());
    };
    let open = fs::read_dir(format!("/proc/{}/fd", up[0].pid())).unwrap();
    limit(&open.count().to_string());
    // Nobody gets in: neither at the socket nor at the door.
    let knocks: Vec<_> = (0..8)
        .filter_map(|_| std::net::TcpStream::connect(&anne.address).ok())
        .collect();
    let before = ticks(&up[0]);
    std::thread::sleep(Duration::from_secs(3));
    let spent = ticks(&up[0]) - before;
    assert!(spent < 100, "{spent} ticks in three seconds: it spins");
    // Who is in goes on.
    zoe.say("anne", "sans rien").unwrap();
    let here = until(PATIENCE, || window.inbox(0, 5).unwrap().messages.pop());
    assert_eq!(here.unwrap().text, "sans rien");
    drop(knocks);
    limit("1024");
    anne.kith(&["send", "zoé", "à nouveau", "--wait=60s"])
        .done();
    assert_eq!(zoe.read_all(), ["à nouveau"]);
    assert_eq!(anne.read_all(), ["sans rien"]);
}

/// What a process used of the processor, in ticks of 10 ms.
fn ticks(node: &Node) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", node.pid())).unwrap();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

/// Lies about the wall clock, as the file `clock` says, and about no other.
const FAKETIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

#[test]
fn a_clock_a_month_ahead_or_in_1970_loses_nothing() {
    if !Path::new(FAKETIME).exists() {
        eprintln!("skipped: libfaketime is not installed (apt install faketime)");
        return;
    }
    let (anne, zoe) = (Home::new(), Home::new());
    let clock = anne.beside("clock");
    let set = |to: &str| fs::write(&clock, to).unwrap();
    let start = || {
        let mut command = anne.command(&["daemon", "--foreground"]);
        command
            .env("LD_PRELOAD", FAKETIME)
            .env("FAKETIME_TIMESTAMP_FILE", &clock)
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        anne.start_with(&mut command)
    };
    set("+0d");
    let mut node = start();
    let _zoe = zoe.start();
    anne.befriend("zoé", &zoe, "anne");
    anne.sees(1);
    let mut unread = Vec::new();
    let mut exchange = |when: &str| {
        zoe.say("anne", when).unwrap();
        unread.push(when.to_owned());
        anne.kith(&["send", "zoé", when, "--wait=60s"]).done();
        assert_eq!(zoe.read_all(), [when]);
    };
    exchange("aujourd'hui");
    // Before and after a restart, each time.
    for (to, when) in [
        ("+30d", "dans un mois"),
        ("-20000d", "en 1971"),
        ("+0d", "à l'heure"),
    ] {
        set(to);
        exchange(when);
        drop(node);
        node = start();
        anne.sees(1);
        exchange(&format!("{when}, encore"));
        let claimed = anne.client().inbox(0, 50).unwrap().messages;
        let received = &claimed.last().unwrap().received;
        let year = if to.starts_with('-') { "197" } else { "20" };
        assert!(
            received.starts_with(year),
            "the clock was not set: {received}"
        );
    }
    let all = until(PATIENCE, || {
        let messages = anne.client().inbox(0, 50).unwrap().messages;
        (messages.len() == unread.len()).then_some(())
    });
    all.expect("a message is missing");
    assert_eq!(anne.read_all(), unread);
    drop(node);
}
