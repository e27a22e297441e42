//! What is there for shells, for manuals and for programs that listen.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::Value;

use super::home::{Home, PATIENCE, until};

#[test]
fn a_shell_finishes_what_was_half_typed() {
    let home = Home::empty();
    let script = home.beside("kith.bash");
    fs::write(&script, home.kith(&["completions", "bash"]).done()).unwrap();
    let completed = |typed: &str| -> BTreeSet<String> {
        let ask = format!(
            ". {}; COMP_WORDS=({typed}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _kith kith \"${{COMP_WORDS[-1]}}\" \"${{COMP_WORDS[-2]}}\"; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            script.display()
        );
        let said = Command::new("bash").args(["-c", &ask]).output().unwrap();
        assert!(said.status.success(), "{said:?}");
        let said = String::from_utf8(said.stdout).unwrap();
        said.lines().map(str::to_owned).collect()
    };
    assert_eq!(completed("kith sen"), BTreeSet::from(["send".to_owned()]));
    assert!(completed("kith group pro").contains("propose"));
    assert!(completed("kith send zoé --t").contains("--ttl"));
    for shell in ["zsh", "fish"] {
        let script = home.kith(&["completions", shell]).done();
        assert!(script.contains("veille"), "{shell}");
    }
    home.kith(&["completions", "cmd"]).refused(2);
}

#[test]
fn the_manual_is_there_for_everybody_and_in_both_languages() {
    let home = Home::empty();
    let dir = home.beside("manual");
    let path = dir.to_str().unwrap();
    home.kith(&["man", "--out", path]).done();
    // A second time over it: a package is built more than once.
    home.kith(&["man", "--out", path]).done();
    let [english, french] = ["man1", "fr/man1"].map(|folder| {
        let pages = fs::read_dir(dir.join(folder)).unwrap();
        let pages = pages.map(|page| {
            let page = page.unwrap();
            let mode = page.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o644, "{page:?}");
            page.file_name().into_string().unwrap()
        });
        pages.collect::<BTreeSet<_>>()
    });
    assert_eq!(english, french);
    assert!(english.contains("kith-send.1"), "{english:?}");
    let page = |folder: &str| fs::read_to_string(dir.join(folder).join("kith-send.1")).unwrap();
    assert!(page("fr/man1").contains("Combien de temps"));
    assert!(page("man1").contains("How long"));
    let shown = home.kith(&["man", "send", "--lang", "fr"]).done();
    assert_eq!(shown.trim_end(), page("fr/man1").trim_end());
    home.kith(&["man", "love"]).refused(2);
}

#[test]
fn events_tell_that_something_came_and_not_what_was_said() {
    let (anne, zoe) = (Home::new(), Home::new());
    let (_anne, node) = (anne.start(), zoe.start());
    anne.befriend("zoé", &zoe, "anne");
    let mut events = zoe.talk(&["events"]);
    let has_heard = AtomicBool::new(false);
    let heard = thread::scope(|scope| {
        // Nobody can see from outside when the listener is there.
        scope.spawn(|| {
            while !has_heard.load(Ordering::Relaxed) {
                anne.kith(&["send", "zoé", "rendez-vous"]).done();
            }
        });
        let heard = events.hears("message");
        has_heard.store(true, Ordering::Relaxed);
        heard
    });
    let event: Value = serde_json::from_str(&heard).unwrap();
    assert_eq!(
        (&event["v"], &event["type"]),
        (&1.into(), &"message".into())
    );
    assert_eq!(event["from"], "anne");
    assert!(!heard.contains("rendez-vous"));
    drop(node);
    assert_eq!(events.leaves(), 69);
}

#[test]
fn whoever_waits_for_friends_is_told_when_one_is_there() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _anne = anne.start();
    let waited = anne.kith(&["status", "--wait-online", "1s"]);
    waited.refused(75);
    let zoe_up = zoe.start();
    anne.befriend("zoé", &zoe, "anne");
    anne.kith(&["status", "--wait-online", "60s"]).done();
    assert!(
        anne.kith(&["contact", "list", "--online"])
            .done()
            .contains("zoé")
    );
    drop(zoe_up);
    let gone = until(PATIENCE, || {
        let online = anne.kith(&["contact", "list", "--online", "--json"]).json();
        online["contacts"]
            .as_array()
            .unwrap()
            .is_empty()
            .then_some(())
    });
    gone.unwrap();
    let all = anne.kith(&["contact", "list", "--json"]).json();
    assert_eq!(all["contacts"].as_array().unwrap().len(), 1);
}

#[test]
fn what_was_said_with_everybody_goes_at_once_and_nobody_else() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    anne.kith(&["send", "zoé", "mardi", "--wait=60s"]).done();
    assert!(anne.kith(&["history", "zoé"]).done().contains("mardi"));
    anne.kith(&["wipe", "--history", "--no-input", "-q"])
        .refused(66);
    anne.kith(&["wipe", "--history", "--all"]).refused(2);
    anne.kith(&["wipe", "--history", "--now"]).done();
    assert_eq!(anne.kith(&["history", "zoé"]).code, 1);
    anne.kith(&["contact", "show", "zoé"]).done();
}
