//! A home that is lost, and begins again from a backup: real files, real daemons.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::home::{Home, PATIENCE, until};

const SECRET: &str = "six mots tirés pour la sauvegarde";

/// A file that holds the passphrase of a backup, beside the home.
fn secret(home: &Home, text: &str) -> String {
    let path = home.beside("backup-passphrase");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The file of a backup of this node.
fn back_up(home: &Home, name: &str) -> String {
    let file = home.beside(name).to_str().unwrap().to_owned();
    let secret = secret(home, SECRET);
    let args = [
        "backup",
        &file,
        "--cheap",
        "--backup-passphrase-file",
        &secret,
    ];
    let said = home.kith(&[&args[..], &["--lang", "en"]].concat()).done();
    assert!(said.contains("with 1 friend"), "{said}");
    file
}

fn restore(home: &Home, file: &str) -> super::home::Said {
    let secret = secret(home, SECRET);
    home.kith(&[
        "restore",
        file,
        "--no-passphrase",
        "--backup-passphrase-file",
        &secret,
        "--lang",
        "en",
    ])
}

/// Nothing is left of a home but where its node listened.
fn lose(home: &Home) {
    fs::remove_dir_all(home.path()).unwrap();
    fs::create_dir(home.path()).unwrap();
    home.listen_at(&home.address);
}

#[test]
fn who_lost_everything_talks_again_after_a_comparison_and_loses_nothing_that_was_on_its_way() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _anne = anne.start();
    let node = zoe.start();
    anne.befriend("zoé", &zoe, "anne");
    let file = back_up(&zoe, "zoe.kith");
    for n in 0..6 {
        anne.kith(&["send", "zoé", &n.to_string(), "--wait=60s"])
            .done();
        zoe.kith(&["send", "anne", &n.to_string(), "--wait=60s"])
            .done();
    }
    drop(node);
    lose(&zoe);
    anne.kith(&["send", "zoé", "pendant la perte"]);
    let said = restore(&zoe, &file).done();
    assert!(said.contains("Your node is back"), "{said}");
    restore(&zoe, &file).refused(73);
    let _again = zoe.start();
    assert!(zoe.inbox().is_empty(), "no word was in it");
    let words = [(&zoe, "anne"), (&anne, "zoé")].map(|(home, friend)| {
        let words = || Some(home.client().contact(friend).unwrap().session_words);
        let words = until(PATIENCE, || words().filter(|words| !words.is_empty()));
        let shown = || [(&zoe, "anne"), (&anne, "zoé")].map(|(h, f)| h.client().contact(f));
        words
            .unwrap_or_else(|| panic!("both can say them: {:#?}", shown()))
            .join(" ")
    });
    assert_eq!(words[0], words[1], "the same on both screens");
    let said = zoe.kith(&["contact", "check", "anne", "--lang", "en"]);
    assert!(said.out.contains("came back from a backup"), "{said:?}");
    let sent = zoe.kith(&["send", "anne", "me revoilà", "--wait=2s"]);
    assert_eq!(sent.code, 75, "not before anne says yes: {sent:?}");
    assert_eq!(anne.client().inbox(0, 50).unwrap().messages.len(), 6);
    for (lang, said) in [
        ("fr", "quelqu'un d'autre parle à sa place"),
        ("en", "somebody else speaks in their place"),
    ] {
        let asked = anne.kith(&["contact", "check", "zoé", "--lang", lang]);
        assert!(asked.code == 1 && asked.out.contains(said), "{asked:?}");
    }
    let yes = ["contact", "check", "zoé", "--yes", &words[0]];
    anne.kith(&yes).done();
    anne.kith(&["send", "zoé", "et moi", "--wait=60s"]).done();
    let heard = until(PATIENCE, || {
        Some(zoe.inbox()).filter(|inbox| inbox.len() == 2)
    });
    let heard = heard.expect("what was on its way, and what came after");
    assert_eq!(heard[0]["text"], "pendant la perte");
    let heard = until(PATIENCE, || {
        Some(anne.inbox()).filter(|inbox| inbox.len() == 7)
    });
    assert!(heard.is_some(), "and what waited here");
}

#[test]
fn a_backup_is_private_replaces_nothing_and_opens_with_its_passphrase_alone() {
    let (anne, zoe) = (Home::new(), Home::new());
    let _anne = anne.start();
    let node = zoe.start();
    anne.befriend("zoé", &zoe, "anne");
    let file = back_up(&zoe, "zoe.kith");
    let about = fs::metadata(&file).unwrap();
    assert_eq!(about.permissions().mode() & 0o777, 0o600);
    assert_eq!(about.len(), 16 << 10);
    let whole = fs::read(&file).unwrap();
    let names = ["anne".as_bytes(), "zoé".as_bytes()];
    assert!(
        !names
            .iter()
            .any(|name| whole.windows(name.len()).any(|w| w == *name))
    );
    let passphrase = secret(&zoe, SECRET);
    let again = ["backup", &file, "--backup-passphrase-file", &passphrase];
    zoe.kith(&again).refused(73);
    assert_eq!(fs::read(&file).unwrap(), whole);
    drop(node);
    restore(&zoe, &file).refused(73);
    lose(&zoe);
    let wrong = secret(&zoe, "six mots tirés pour la sauvegardé");
    let args = [
        "restore",
        &file,
        "--no-passphrase",
        "--backup-passphrase-file",
        &wrong,
    ];
    let refused = zoe.kith(&[&args[..], &["--lang", "en"]].concat());
    let refused = refused.refused(77);
    assert!(
        refused.contains("not the passphrase of this backup"),
        "{refused}"
    );
    let mut flipped = whole.clone();
    flipped[9000] ^= 1;
    let cut = whole[..whole.len() - 1].to_vec();
    for bad in [flipped, cut, Vec::new(), b"bonjour".to_vec()] {
        fs::write(&file, bad).unwrap();
        let refused = restore(&zoe, &file);
        let refused = refused.refused(65);
        assert!(refused.contains("no backup, or it is damaged"), "{refused}");
    }
    restore(&zoe, "/nowhere/at/all").refused(66);
    assert!(!zoe.data("root.slot").exists(), "nothing was made");
    fs::write(&file, whole).unwrap();
    restore(&zoe, &file).done();
}
