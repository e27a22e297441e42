//! A friend keeps parcels in a home that is locked: two who are never there together talk through it, and
//! its disk tells nothing of them.

use std::fs;

use super::home::{Home, PATIENCE, find, until};
use super::running::Node;

const PASSPHRASE: &str = "personne ne la sait ici";
/// Long enough that no random byte says them by chance.
const BOB: &str = "bob-du-squat";
const ZOE: &str = "zoé-du-comité";
const ANNE: &str = "anne-des-quais";
const TEXTS: [&str; 2] = ["rendez-vous au dépôt, à l'aube", "apporte les pinces"];

impl Home {
    /// With its passphrase, or locked without it.
    fn starts(&self, passphrase: Option<&str>) -> Node {
        let line = ["daemon", "--foreground"];
        match passphrase {
            Some(file) => self
                .start_with(&mut self.command(&[&line[..], &["--passphrase-file", file]].concat())),
            None => self.start_with(&mut self.command(&line)),
        }
    }

    fn granted(&self) -> bool {
        let boxes = self.client().mailboxes().unwrap().mailboxes;
        let mut mine = boxes.iter().filter_map(|it| it.mine.as_ref());
        mine.any(|mine| mine.granted_kib.is_some())
    }

    /// Whether a box of a friend's is kept here.
    fn granted_to(&self, name: &str) -> bool {
        let boxes = self.client().mailboxes().unwrap().mailboxes;
        let mut theirs = boxes.iter().filter(|it| it.petname == name);
        theirs.any(|it| {
            it.theirs
                .as_ref()
                .is_some_and(|it| it.granted_kib.is_some())
        })
    }

    fn holds_tokens(&self) -> bool {
        !self.client().tokens().unwrap().held.is_empty()
    }

    /// How much of what was said to a friend is sealed on somebody's disk.
    fn kept(&self, name: &str) -> usize {
        let said = self.kith(&["history", name, "--json"]).json();
        let lines = said["lines"].as_array().unwrap().iter();
        lines.filter(|line| line["kept"].is_object()).count()
    }
}

/// A node that met a box which was not there leaves it alone for a minute or two.
fn soon(what: &str, mut look: impl FnMut() -> bool) {
    assert!(
        until(3 * PATIENCE, || look().then_some(())).is_some(),
        "{what}"
    );
}

/// Bob keeps for Zoé, and Anne, whom he does not know, may leave something with him.
fn around_bob() -> (Home, Home, Home, String) {
    let (bob, zoe, anne) = (Home::sealed(PASSPHRASE), Home::new(), Home::new());
    let file = bob.passphrase(PASSPHRASE);
    let nodes = (bob.starts(Some(&file)), zoe.start(), anne.start());
    bob.befriend(ZOE, &zoe, BOB);
    zoe.befriend(ANNE, &anne, ZOE);
    bob.kith(&["mailbox", "offer", ZOE]).done();
    zoe.kith(&["mailbox", "ask", BOB]).done();
    soon("bob grants it", || zoe.granted());
    soon("anne may use it", || anne.holds_tokens());
    drop(nodes);
    (bob, zoe, anne, file)
}

#[test]
fn a_keeper_that_came_back_locked_carries_words_between_two_who_never_meet() {
    let (bob, zoe, anne, file) = around_bob();
    // The power came back, and nobody is there to type anything.
    let keeper = bob.starts(None);
    assert_eq!(bob.status()["locked"], true);
    let sender = anne.start();
    anne.kith(&["send", ZOE, TEXTS[0]]).done();
    soon("the first is kept", || anne.kept(ZOE) == 1);
    // It goes again as soon as that was said.
    drop(keeper);
    let mut keeper = bob.starts(None);
    anne.kith(&["send", ZOE, TEXTS[1]]).done();
    soon("the second is kept", || anne.kept(ZOE) == 2);
    keeper.strike();
    drop((keeper, sender));
    nothing_shows(&bob, &[&zoe, &anne]);

    let keeper = bob.starts(None);
    let _reader = zoe.start();
    soon("both are there", || zoe.status()["unread"] == TEXTS.len());
    assert_eq!(zoe.read_all(), TEXTS);
    assert_eq!(bob.status()["locked"], true, "all the time");
    bob.kith_alone(&["unlock", "--passphrase-file", &file])
        .done();
    assert!(bob.granted_to(ZOE), "the box is the same");
    drop(keeper);
}

/// Who looks at the keeper's disk, all of it, finds no word, no name and no address of the two.
fn nothing_shows(keeper: &Home, others: &[&Home]) {
    assert!(keeper.data("post/root.slot").exists(), "something is kept");
    for (path, bytes) in keeper.files() {
        // The person's own settings name the person's own address.
        for text in TEXTS.iter().chain(&[ZOE, ANNE, BOB]) {
            assert!(
                find(&bytes, text.as_bytes()).is_none(),
                "{path:?} says {text:?}"
            );
        }
        for other in others {
            assert!(find(&bytes, other.address.as_bytes()).is_none(), "{path:?}");
        }
    }
    let printed = fs::read(keeper.beside("printed")).unwrap();
    for text in TEXTS.iter().chain(&[ZOE, ANNE]) {
        assert!(find(&printed, text.as_bytes()).is_none());
    }
}
