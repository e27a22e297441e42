//! A node that the system runs: what it tells systemd, where its passphrase comes from, who may talk to
//! it, and the units themselves.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::Command;

use kith_proto::limits::HOOK_EVERY_SECONDS;

use super::home::{Home, PATIENCE, to_the_end, until};

const PASSPHRASE: &str = "six mots tirés au hasard, dit-on";

/// What systemd's end of its socket hears.
fn supervisor(home: &Home) -> (UnixDatagram, String) {
    let place = home.beside("notify");
    let socket = UnixDatagram::bind(&place).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    (socket, place.to_str().unwrap().to_owned())
}

fn hear(socket: &UnixDatagram) -> String {
    let mut heard = [0; 512];
    let length = socket.recv(&mut heard).expect("it says nothing");
    String::from_utf8(heard[..length].to_vec()).unwrap()
}

/// The next that is not a sign of life.
fn hear_news(socket: &UnixDatagram) -> String {
    loop {
        let heard = hear(socket);
        if heard != "WATCHDOG=1" {
            return heard;
        }
    }
}

#[test]
fn systemd_hears_that_the_node_answers_is_locked_or_open_and_ends() {
    let home = Home::sealed(PASSPHRASE);
    let file = home.passphrase(PASSPHRASE);
    let (socket, place) = supervisor(&home);
    let mut command = home.command(&["daemon", "--foreground", "--no-input", "--lang", "en"]);
    let command = command.env("NOTIFY_SOCKET", place);
    let mut child = command.spawn().unwrap();
    let ready = hear(&socket);
    // At the very moment at which it is said.
    assert_eq!(home.client().hello().unwrap().pid, child.id());
    assert_eq!(ready, "READY=1\nSTATUS=Locked, waits for kith unlock");
    home.kith(&["unlock", "--passphrase-file", &file]).done();
    assert_eq!(hear(&socket), "STATUS=Running");
    home.kith(&["lock"]).done();
    assert_eq!(hear(&socket), "STATUS=Locked, waits for kith unlock");
    home.kith(&["down"]).done();
    assert_eq!(hear(&socket), "STOPPING=1");
    assert_eq!(super::home::ended(&mut child, PATIENCE), 0);
}

#[test]
fn a_watchdog_hears_signs_of_life_locked_or_open() {
    let home = Home::sealed(PASSPHRASE);
    let file = home.passphrase(PASSPHRASE);
    let (socket, place) = supervisor(&home);
    let mut command = home.command(&["daemon", "--foreground", "--no-input", "--lang", "en"]);
    command
        .env("NOTIFY_SOCKET", place)
        .env("WATCHDOG_USEC", "400000");
    let _node = home.start_with(&mut command);
    assert!(hear(&socket).starts_with("READY=1\n"));
    assert_eq!(hear(&socket), "WATCHDOG=1");
    home.kith(&["unlock", "--passphrase-file", &file]).done();
    assert_eq!(hear_news(&socket), "STATUS=Running");
    assert_eq!(hear(&socket), "WATCHDOG=1");
    assert_eq!(hear(&socket), "WATCHDOG=1");
}

/// The directory in which systemd hands over credentials.
fn credentials(home: &Home, passphrase: &str) -> PathBuf {
    let dir = home.beside("credentials");
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join("kith.passphrase"), passphrase).unwrap();
    dir
}

#[test]
fn a_passphrase_comes_from_systemd_where_no_file_was_named_and_never_from_the_environment() {
    let home = Home::sealed(PASSPHRASE);
    let dir = credentials(&home, PASSPHRASE);
    let alone = |args: &[&str]| {
        let mut command = home.command(&[args, &["--no-input"]].concat());
        command.env("CREDENTIALS_DIRECTORY", &dir);
        command
    };
    let node = home.start_with(&mut alone(&["daemon", "--foreground"]));
    assert_eq!(home.status()["locked"], false);
    drop(node);
    // A file that was named comes first, even a wrong one.
    let wrong = home.passphrase("une autre phrase, à côté");
    let file = ["daemon", "--foreground", "--passphrase-file", &wrong];
    to_the_end(&mut alone(&file), Vec::new()).refused(77);
    let mut variable = alone(&["daemon", "--foreground"]);
    variable.env("KITH_PASSPHRASE_FILE", &wrong);
    to_the_end(&mut variable, Vec::new()).refused(77);
    // Another credential is none of ours, and no value of the environment is read.
    fs::rename(dir.join("kith.passphrase"), dir.join("other")).unwrap();
    let mut value = alone(&["daemon", "--foreground", "--lang", "en"]);
    let _node = home.start_with(value.env("KITH_PASSPHRASE", PASSPHRASE));
    assert_eq!(home.status()["locked"], true);
    let printed = fs::read_to_string(home.beside("printed")).unwrap();
    assert!(printed.contains("KITH_PASSPHRASE is ignored"), "{printed}");
    assert!(!printed.contains(PASSPHRASE));
}

/// A group of this machine, by name and number.
fn a_group() -> Option<(String, String)> {
    let text = fs::read_to_string("/etc/group").ok()?;
    let mut groups = text.lines().map(|line| line.split(':'));
    groups.find_map(|mut fields| {
        let (name, number) = (fields.next()?, fields.nth(1)?);
        (number != "0").then(|| (name.to_owned(), number.to_owned()))
    })
}

#[test]
fn only_a_service_answers_its_group_and_only_its_group() {
    let root = rustix::process::geteuid().is_root();
    let Some((group, number)) = a_group().filter(|_| root) else {
        eprintln!("skipped: only root can be several people");
        return;
    };
    let home = Home::new();
    for dir in [home.beside("."), home.path()] {
        fs::set_permissions(dir, PermissionsExt::from_mode(0o755)).unwrap();
    }
    let asks = |groups: &[&str]| {
        let kith = home.command(&["status", "--json"]);
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid", "54321", "--regid", "54321"])
            .args(groups);
        command
            .arg(kith.get_program())
            .args(kith.get_args())
            .current_dir("/");
        to_the_end(&mut command, Vec::new()).code
    };
    let (in_it, not_in_it) = (["--groups", &number], ["--clear-groups", "--"]);
    let node = home.start_with(&mut home.command(&["daemon", "--foreground", "--group", &group]));
    assert_eq!(asks(&in_it), 0);
    assert_eq!(asks(&not_in_it), 69);
    let health = home.kith(&["doctor", "--json"]).json();
    assert_eq!(health["home"]["socket_group"], group);
    let open = health["home"]["not_private"].to_string();
    assert!(!open.contains("/run"), "{open}");
    let told = home.kith(&["doctor", "--net", "--lang", "en"]).out;
    let line = format!("ok    You and whoever is in the group {group} can talk");
    assert!(told.contains(&line), "{told}");
    drop(node);
    // Without a word of the group, modes that somebody loosened let nobody in.
    let _node = home.start();
    let loose = [(home.path().join("run"), 0o755), (home.socket(), 0o666)];
    for (path, mode) in loose {
        fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    }
    assert_eq!(asks(&in_it), 69);
    let told = home.kith(&["doctor", "--net", "--lang", "en"]).out;
    assert!(told.contains("FAIL  Others can open"), "{told}");
    let unknown = ["daemon", "--foreground", "--group", "surely-none"];
    Home::new().kith(&unknown).refused(78);
}

const UNITS: [&str; 2] = ["kith.service", "user/kith.service"];

fn unit(name: &str) -> PathBuf {
    let units = concat!(env!("CARGO_MANIFEST_DIR"), "/../node/systemd");
    PathBuf::from(units).join(name)
}

#[test]
fn the_units_start_the_program_as_it_is() {
    for name in UNITS {
        let text = fs::read_to_string(unit(name)).unwrap();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("ExecStart="));
        let (program, args) = line.unwrap().split_once(' ').unwrap();
        assert_eq!(program, "/usr/bin/kith");
        let home = Home::empty();
        // What stands before counts: the help of a line that is not understood is not shown.
        let args = args.split(' ').filter(|word| !word.starts_with("/var"));
        let args: Vec<_> = args
            .filter(|word| *word != "--home")
            .chain(["--help"])
            .collect();
        home.kith(&args).done();
        assert!(text.contains("Type=notify\n"), "{name}");
    }
}

#[test]
fn the_unit_of_the_system_is_hardly_exposed() {
    let mut command = Command::new("systemd-analyze");
    command.args(["security", "--offline=yes", "--threshold=20", "--no-pager"]);
    let Ok(judged) = command.arg(unit("kith.service")).output() else {
        eprintln!("skipped: systemd-analyze is not installed");
        return;
    };
    let said = String::from_utf8_lossy(&judged.stdout);
    assert!(judged.status.success(), "more than 2.0: {said}");
}

/// What the person's own program heard, one run after the other.
struct Run {
    given: String,
    count: u32,
    environment: Vec<String>,
    second: u64,
}

/// All runs that have ended.
fn runs(heard: &Path) -> Vec<Run> {
    let text = fs::read_to_string(heard).unwrap_or_default();
    let whole = text.rsplit_once("end\n").map_or("", |(whole, _)| whole);
    let runs = whole.split("end\n").filter(|run| !run.is_empty());
    let runs = runs.map(|run| {
        let mut lines: Vec<_> = run.lines().map(str::to_owned).collect();
        let second = lines.pop().unwrap().parse().unwrap();
        let given = lines.remove(0);
        let count = lines.remove(0).parse().unwrap();
        Run {
            given,
            count,
            environment: lines,
            second,
        }
    });
    runs.collect()
}

/// Names a script for when something comes; it is given two words.
fn runs_at_messages(home: &Home, text: &str) {
    let script = home.beside("hook");
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, PermissionsExt::from_mode(0o700)).unwrap();
    let script = script.display();
    home.set(&format!(
        "[hooks]\non_message = [\"{script}\", \"a\", \"b c\"]\n"
    ));
}

#[test]
fn a_program_of_ones_own_that_does_not_end_ends_with_the_node() {
    let (anne, zoe) = (Home::new(), Home::new());
    let heard = zoe.beside("heard");
    let text = format!(
        "#!/bin/sh\necho began >> {0}\n/bin/sleep 20\necho late >> {0}\n",
        heard.display()
    );
    runs_at_messages(&zoe, &text);
    let (_anne, node) = (anne.start(), zoe.start());
    zoe.befriend("anne", &anne, "zoé");
    anne.kith(&["send", "zoé", "Salut", "--wait=60s"]).done();
    let began = until(PATIENCE, || heard.exists().then_some(()));
    began.expect("nobody runs it");
    zoe.kith(&["down"]).done();
    assert_eq!(node.ends(), 0);
    assert_eq!(fs::read_to_string(&heard).unwrap(), "began\n");
}

#[test]
fn a_program_of_ones_own_hears_how_many_came_and_nothing_else() {
    let (anne, zoe) = (Home::new(), Home::new());
    let heard = zoe.beside("heard");
    let text = format!(
        "#!/bin/sh\n{{ echo \"given $# $*\"; cat; /usr/bin/env; /bin/date +%s; echo end; }} >> {}\n",
        heard.display()
    );
    runs_at_messages(&zoe, &text);
    let _up = [anne.start(), zoe.start()];
    zoe.befriend("anne", &anne, "zoé");
    zoe.kith(&["contact", "mute", "anne"]).done();
    anne.kith(&["send", "zoé", "tout bas", "--wait=60s"]).done();
    zoe.read_all();
    zoe.kith(&["contact", "mute", "anne", "--off"]).done();
    anne.kith(&["send", "zoé", "Salut", "--wait=60s"]).done();
    let ran = |count: u32| {
        let all = until(PATIENCE, || {
            let runs = runs(&heard);
            (runs.iter().map(|run| run.count).sum::<u32>() >= count).then_some(runs)
        });
        all.expect("nobody runs it")
    };
    assert_eq!(ran(1).len(), 1);
    for text in ["un", "deux", "trois"] {
        anne.kith(&["send", "zoé", text, "--wait=60s"]).done();
    }
    let all = ran(4);
    assert_eq!(all.iter().map(|run| run.count).sum::<u32>(), 4);
    assert_eq!(all[0].count, 1, "who is muted does not count");
    for run in &all {
        assert_eq!(run.given, "given 2 a b c");
        // What a shell sets by itself is all there is.
        let own = ["PWD=", "OLDPWD=", "SHLVL=", "_="];
        for line in &run.environment {
            assert!(own.iter().any(|name| line.starts_with(name)), "{line}");
        }
    }
    for two in all.windows(2) {
        assert!(
            two[1].second - two[0].second >= HOOK_EVERY_SECONDS - 1,
            "not for each"
        );
    }
}
