//! Whoever is not who they were: of a new identity, or back from a backup. In a group the first stay who
//! they were; the others come in again, when those who are there want it.

use super::decided::days;
use super::*;
use crate::engine::renewal::identity_words;
use crate::vault::{BackupLock, Cost, open_backup};

const LOCK: &[u8] = b"x";

impl Net {
    fn friend_called(&mut self, at: usize, whom: usize) -> &mut Friend {
        let mut friends = self.nodes[at].engine.friends.values_mut();
        let found = friends.find(|friend| friend.petname.is(NAMES[whom]));
        found.expect("a friend")
    }

    fn check(&mut self, at: usize, whom: usize, words: Vec<&'static str>) {
        let (name, same) = (NAMES[whom].to_owned(), Some(words.join(" ")));
        let checked = self.ask(at, Request::Check { name, same });
        assert!(checked.is_ok(), "{words:?}: {:?}", checked.err());
        self.pass(2);
    }

    /// A new identity, which all friends of theirs believe after they compared words.
    fn renew(&mut self, at: usize, friends: &[usize]) {
        let count = friends.len() as u32;
        let renewed = self.ask(at, Request::Renew);
        assert!(matches!(renewed, Ok(Answer::Renewed { friends }) if friends == count));
        self.pass(2);
        for other in friends {
            let friend = self.friend_called(*other, at);
            // What both shells would find out, and take half a second for.
            friend.renewal.theirs.as_mut().expect("told").safety = Some([7; 32]);
            let words = identity_words(friend);
            self.check(*other, at, words);
        }
    }

    /// A home is gone; its person has a backup, and each friend compares words with them.
    fn comes_back(&mut self, at: usize, file: &[u8], friends: &[usize]) {
        self.stops(at);
        let backup = open_backup(file, LOCK).expect("a backup");
        let restored = Engine::restore(self.now, [77; 32], &backup);
        self.nodes[at].engine = restored.unwrap_or_else(|_| panic!("bad records")).0;
        self.nodes[at].disk.clear();
        let addr = Addr::V4([0; 4], at as u16 + 1);
        self.queue.push_back((at, Input::Listening(vec![addr])));
        self.pass(20);
        for other in friends {
            let words = crate::engine::sessions::session_words(self.friend_called(*other, at));
            self.check(*other, at, words);
        }
        self.pass(20);
    }

    fn backup(&mut self, at: usize) -> Vec<u8> {
        let lock = BackupLock::new(LOCK, Cost::FLOOR, [9; 32]).expect("a lock");
        match self.ask(at, Request::Backup(Box::new(lock))) {
            Ok(Answer::Backup { file, .. }) => file,
            _ => panic!("no backup"),
        }
    }

    /// Each says something, and all others hear it from whom they know by that name.
    fn all_talk(&mut self, people: &[usize]) {
        for at in people {
            self.read_all(*at);
        }
        for at in people {
            self.tell(*at, &format!("de {}", NAMES[*at]));
            self.pass(5);
        }
        for at in people {
            let others = people.iter().filter(|other| *other != at);
            let heard = others.map(|n| (NAMES[*n].into(), format!("de {}", NAMES[*n])));
            let heard = heard.collect::<Vec<_>>();
            assert_eq!(self.heard(*at), heard, "{}", NAMES[*at]);
        }
    }

    fn in_it(&mut self, at: usize) -> usize {
        let card = self.whole(at);
        assert!(card.doubts.is_empty());
        card.people.len()
    }
}

#[test]
fn who_has_a_new_identity_stays_who_they_were_in_a_group() {
    let mut net = all_friends(3, 3);
    net.found(0, &[1, 2]);
    net.all_talk(&[0, 1, 2]);
    let before = net.friend_called(0, 1).point;
    net.renew(1, &[0, 2]);
    assert!(net.friend_called(0, 1).point != before);
    net.all_talk(&[0, 1, 2]);
    // Another of them too, and then the same once more.
    net.renew(2, &[0, 1]);
    net.renew(1, &[0, 2]);
    for at in 0..3 {
        net.starts_again(at);
    }
    net.pass(5);
    net.all_talk(&[0, 1, 2]);
    let text = Proposal::Text { file: None };
    assert_eq!(net.decide(1, text, &[0, 2], 4), Outcome::Passed);
    for at in 0..3 {
        assert_eq!(net.in_it(at), 3);
        let card = net.whole(at);
        assert_eq!(card.motions[0].outcome, Outcome::Passed);
        assert_eq!(card.motions[0].agree, 3);
    }
}

#[test]
fn who_comes_back_from_a_backup_is_in_the_group_again_once_the_others_decided_it() {
    let mut net = all_friends(4, 4);
    net.found(0, &[1, 2, 3]);
    net.all_talk(&[0, 1, 2, 3]);
    let file = net.backup(1);
    net.comes_back(1, &file, &[0, 2, 3]);
    let list = net.group(1, AskGroup::List);
    assert!(matches!(list, Ok(GroupAnswer::List(rows)) if rows.is_empty()));
    net.tell(0, "pendant son absence");
    let out = net.decide(0, Proposal::Remove("bob".into()), &[2, 3], 4);
    assert_eq!(out, Outcome::Passed);
    assert!([0, 2, 3].into_iter().all(|at| net.in_it(at) == 3));
    let back = net.decide(0, Proposal::Add("bob".into()), &[2, 3], 2);
    assert_eq!(back, Outcome::Passed);
    net.join(1);
    days(&mut net, 7);
    let promoted = net.decide(2, Proposal::Promote("bob".into()), &[0, 3], 4);
    assert_eq!(promoted, Outcome::Passed);
    net.all_talk(&[0, 1, 2, 3]);
    assert!((0..4).all(|at| net.in_it(at) == 4));
    let text = Proposal::Text { file: None };
    assert_eq!(net.decide(1, text, &[0, 2, 3], 4), Outcome::Passed);
}
