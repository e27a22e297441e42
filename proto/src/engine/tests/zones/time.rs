//! What was shown is believed for its time, and forgotten when it is taken back.

use super::*;

pub(super) fn names_go_with_their_time() {
    let mut net = Net::around_bob();
    assert!(net.publish("zoé", "anne", "", 1).is_ok());
    net.show("dédé", "anne");
    net.who(ANNE, "bob/");
    net.restart(ANNE);
    assert_eq!(
        net.labels(ANNE, "bob/"),
        ["dédé", "zoé"],
        "they are on the disk"
    );
    net.days(1);
    assert_eq!(net.labels(ANNE, "bob/"), ["dédé"]);
    net.days(6);
    assert!(net.labels(ANNE, "bob/").is_empty());
    let left = net.nodes[ANNE].disk.keys().any(|name| name.0[0] == b'e');
    assert!(!left, "nothing stays on the disk");
}

#[test]
fn what_a_friend_calls_others_is_believed_for_its_time() {
    names_go_with_their_time();
}

pub(super) fn withdrawn_is_forgotten() {
    let mut net = Net::around_bob();
    net.show("zoé", "anne");
    net.show("dédé", "anne");
    net.who(ANNE, "bob/");
    // Anne is away while Bob decides.
    net.loses = |_, _| true;
    net.part_all();
    assert_eq!(net.hide("zoé", Some("anne")).len(), 1);
    assert_eq!(net.labels(ANNE, "bob/").len(), 2, "she cannot know yet");
    net.restart(BOB);
    net.loses = |_, _| false;
    net.pass(20);
    assert!(net.labels(ANNE, "bob/").is_empty(), "at the next contact");
    net.who(ANNE, "bob/");
    assert_eq!(net.labels(ANNE, "bob/"), ["dédé"]);
}

#[test]
fn what_is_shown_no_more_is_forgotten_at_the_next_contact() {
    withdrawn_is_forgotten();
}

#[test]
fn nobody_is_told_of_what_they_never_heard() {
    let mut net = Net::around_bob();
    net.show("zoé", "anne");
    let gone = |net: &mut Net| {
        let outbox = &net.friend(BOB, "anne").outbox;
        outbox.has(|entry| entry.what == What::ZoneGone)
    };
    net.loses = |_, _| true;
    net.part_all();
    assert_eq!(net.hide("zoé", None).len(), 1);
    assert!(!gone(&mut net), "she never asked");
    assert!(net.hide("zoé", None).is_empty());
    let shown = net.nodes[BOB].disk.keys().any(|name| name.0[0] == b'z');
    assert!(!shown, "nothing stays on the disk");
    net.show("zoé", "anne");
    net.loses = |_, _| false;
    net.pass(20);
    net.who(ANNE, "bob/zoé");
    net.days(8);
    net.loses = |_, _| true;
    net.part_all();
    net.hide("zoé", None);
    assert!(!gone(&mut net), "she has forgotten it by herself");
}

#[test]
fn who_is_called_otherwise_or_removed_is_shown_no_more() {
    for removed in [false, true] {
        let mut net = Net::around_bob();
        net.show("zoé", "anne");
        net.show("zoé", "dédé");
        net.who(ANNE, "bob/zoé");
        let name = "zoé".to_owned();
        let to = "camille".to_owned();
        let decided = match removed {
            true => net.ask(BOB, Request::Remove { name }),
            false => net.ask(BOB, Request::Rename { name, to }),
        };
        assert!(decided.is_ok());
        net.pass(1);
        assert!(net.labels(ANNE, "bob/").is_empty(), "she forgot it");
        assert!(net.who(ANNE, "bob/").names.is_empty());
        let Ok(Answer::Shown(shown)) = net.ask(BOB, Request::Published) else {
            panic!()
        };
        assert!(shown.is_empty());
    }
}

#[test]
fn what_was_shown_to_a_removed_friend_goes_with_them_and_so_does_what_they_said() {
    let mut net = Net::around_bob();
    net.show("zoé", "anne");
    net.who(ANNE, "bob/zoé");
    let stored = |net: &Net, at: usize, letter| {
        let mut names = net.nodes[at].disk.keys();
        names.any(|name: &Name| name.0[0] == letter)
    };
    assert!(stored(&net, BOB, b'z') && stored(&net, ANNE, b'e'));
    let name = "anne".to_owned();
    assert!(net.ask(BOB, Request::Remove { name }).is_ok());
    let name = "bob".to_owned();
    assert!(net.ask(ANNE, Request::Remove { name }).is_ok());
    assert!(!stored(&net, BOB, b'z') && !stored(&net, ANNE, b'e'));
    assert!(net.known(ANNE, "lise").names.is_empty());
}
