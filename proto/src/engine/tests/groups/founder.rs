//! Who founded a group is nobody in it: their computer is destroyed on the second day, and everything
//! that a group can do it does.

use super::decided::days;
use super::*;

/// Ada, Bob, Clé, Dan and Eva; Fay is a friend of theirs. Ada founds it, and is gone for good.
fn without_ada() -> Net {
    let mut net = all_friends(6, 6);
    net.found(0, &[1, 2, 3, 4]);
    net.tell(0, "bienvenue");
    net.pass(5);
    days(&mut net, 1);
    net.goes(0);
    net.nodes[0].disk.clear();
    net
}

impl Net {
    /// One proposes it, these agree, and so many days pass.
    pub(super) fn decide(
        &mut self,
        by: usize,
        what: Proposal,
        agree: &[usize],
        over: u64,
    ) -> Outcome {
        let card = self.propose(by, what);
        assert!(card.is_ok(), "{:?}", card.err());
        self.pass(5);
        for at in agree {
            let said = self.answer(*at, Position::Agree);
            assert!(said.is_ok(), "{at}: {:?}", said.err());
        }
        self.pass(5);
        days(self, over);
        let mut outcome = |at| self.whole(at).motions.last().expect("a motion").outcome;
        let first = outcome(by);
        for at in agree {
            assert_eq!(outcome(*at), first, "{at}");
        }
        first
    }

    fn seat(&mut self, at: usize, of: usize) -> Option<Seated> {
        let people = self.whole(at).people.into_iter();
        let mut people = people.filter(|it| it.who == Named::Friend(NAMES[of].into()));
        people.next()
    }
}

#[test]
fn a_founder_whose_computer_is_destroyed_on_the_second_day_is_missed_by_nobody() {
    let mut net = without_ada();
    net.tell(1, "on continue");
    net.pass(5);
    assert_eq!(net.words(4), ["bienvenue", "on continue"]);

    let added = net.decide(1, Proposal::Add("fay".into()), &[2, 3], 2);
    assert_eq!(added, Outcome::Passed);
    net.join(5);
    net.pass(5);
    net.tell_all(2, "bonjour fay");
    net.pass(5);
    assert_eq!(net.words(5), ["bonjour fay"]);

    days(&mut net, 7);
    let promoted = net.decide(2, Proposal::Promote("fay".into()), &[1, 3], 4);
    assert_eq!(promoted, Outcome::Passed);
    net.tell(5, "je décide aussi");
    net.pass(5);
    assert!(net.words(1).contains(&"je décide aussi".into()));

    let choices = vec!["lundi".into(), "mardi".into()];
    assert!(net.propose(5, Proposal::Poll { choices }).is_ok());
    net.pass(5);
    for (at, choice) in [(1, 2), (2, 2), (3, 1), (5, 2)] {
        let said = net.answer(at, Position::Choice(choice));
        assert!(said.is_ok(), "{at}: {:?}", said.err());
    }
    net.pass(5);
    assert_eq!(net.whole(3).motions.last().expect("a poll").counts, [1, 3]);

    let text = net.decide(3, Proposal::Text { file: None }, &[1, 2], 4);
    assert_eq!(text, Outcome::Passed);
}

#[test]
fn the_others_suspend_lift_and_remove_without_the_founder() {
    let mut net = without_ada();
    for at in 1..5 {
        net.tell(at, "présent");
    }
    net.pass(5);
    net.goes(4);
    days(&mut net, 8);
    let suspended = net.decide(1, Proposal::Suspend("eva".into()), &[2, 3], 0);
    assert_eq!(suspended, Outcome::Passed);
    assert!((1..4).all(|at| net.seat(at, 4).is_some_and(|it| it.suspended)));
    net.comes(4);
    net.pass(60);
    net.tell(4, "me revoilà");
    net.pass(5);
    let lifted = net.decide(2, Proposal::Lift("eva".into()), &[], 0);
    assert_eq!(lifted, Outcome::Passed);
    assert!((1..4).all(|at| net.seat(at, 4).is_some_and(|it| !it.suspended)));
    // She asks for what was decided meanwhile.
    net.tell(3, "bienvenue");
    days(&mut net, 2);

    let removed = net.decide(1, Proposal::Remove("ada".into()), &[2, 3, 4], 4);
    assert_eq!(removed, Outcome::Passed);
    for at in 1..5 {
        assert!(net.seat(at, 0).is_none(), "{at}");
    }
    // Who all must agree on can be changed again, once nobody is waited for in vain.
    let policy = GroupPolicy {
        hours: 24,
        ..policy()
    };
    let changed = net.decide(1, Proposal::Policy(policy), &[2, 3, 4], 4);
    assert_eq!(changed, Outcome::Passed);
    assert!((1..5).all(|at| net.whole(at).policy == policy));
}

#[test]
fn the_others_fork_without_the_founder() {
    let mut net = without_ada();
    let ask = AskGroup::Fork {
        name: "cantine".into(),
        to: "soupe".into(),
        with: vec!["cle".into(), "dan".into()],
        since_min: None,
    };
    assert!(net.group(1, ask).is_ok());
    net.pass(5);
    for at in [2, 3] {
        let (id, _) = net.asked(at).expect("asked");
        let name = "soupe".into();
        assert!(net.group(at, AskGroup::Join { id, name }).is_ok());
    }
    let request = Request::Send {
        to: "soupe".into(),
        text: Said::new("entre nous trois".as_bytes().to_vec()),
        limit_min: 0,
    };
    assert!(net.ask(2, request).is_ok());
    net.pass(5);
    assert!(net.words(3).contains(&"entre nous trois".into()));
    assert!(!net.words(4).contains(&"entre nous trois".into()));
}
