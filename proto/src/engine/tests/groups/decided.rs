//! Who is let in, and who is out: what a person proposes and answers, and whom it reaches then.

use super::*;
use crate::friend::What;

impl Net {
    pub(super) fn propose(&mut self, at: usize, what: Proposal) -> Result<MotionCard, Refusal> {
        let ask = AskGroup::Propose {
            name: "cantine".into(),
            what,
            text: "parce que".into(),
            hours: 0,
        };
        self.group(at, ask).map(motion)
    }

    pub(super) fn answer(&mut self, at: usize, position: Position) -> Result<MotionCard, Refusal> {
        let last = self.whole(at).motions.last().map(|it| it.id);
        let ask = AskGroup::Answer {
            name: "cantine".into(),
            motion: last.expect("a motion"),
            position,
            reason: "voilà".into(),
        };
        self.group(at, ask).map(motion)
    }

    fn outcome(&mut self, at: usize) -> Outcome {
        self.whole(at).motions.last().expect("a motion").outcome
    }

    /// Messages of groups that wait for a friend at a node, and their sealed parcels.
    fn waiting_for(&self, at: usize, whose: &str) -> usize {
        let friends = self.nodes[at].engine.friends.values();
        let friend = friends.filter(|friend| friend.petname.is(whose));
        let entries = friend.flat_map(|friend| friend.outbox.entries());
        entries
            .filter(|(_, it)| matches!(it.what, What::Group(..)))
            .count()
    }
}

fn motion(answer: GroupAnswer) -> MotionCard {
    match answer {
        GroupAnswer::Motion(card) => *card,
        _ => panic!("no motion"),
    }
}

/// A day and more, by hours: windows end.
pub(super) fn days(net: &mut Net, days: u64) {
    for _ in 0..days * 24 {
        net.now.wall_ms += 3_600_000;
        net.now.boot_ms += 3_600_000;
        net.tick();
    }
}

impl Net {
    pub(super) fn tick(&mut self) {
        for at in 0..self.nodes.len() {
            self.queue.push_back((at, Input::Tick));
        }
        self.run();
    }
}

/// Ada, Bob and Clé decide; Dan watches.
fn with_a_spectator() -> Net {
    let mut net = all_friends(4, 4);
    net.found(0, &[1, 2]);
    let card = net.propose(0, Proposal::Add("dan".into()));
    assert!(card.is_ok(), "{:?}", card.err());
    net.pass(2);
    for at in [1, 2] {
        let said = net.answer(at, Position::Agree);
        assert!(said.is_ok(), "{:?}", said.err());
    }
    days(&mut net, 2);
    net.pass(5);
    net
}

#[test]
fn who_was_added_is_asked_and_watches() {
    let mut net = with_a_spectator();
    assert_eq!(net.outcome(0), Outcome::Passed);
    let (_, welcome) = net.asked(3).expect("asked");
    assert!(welcome.spectator);
    net.join(3);
    net.pass(5);
    for at in 0..4 {
        let card = net.whole(at);
        assert_eq!((card.row.members, card.row.spectators), (3, 1), "node {at}");
    }
    assert!(net.whole(3).row.spectator);
    assert!(
        net.news(1)
            .iter()
            .any(|it| matches!(it, GroupNews::In(Named::Friend(name)) if name == "dan"))
    );
}

#[test]
fn spectators_get_only_what_is_addressed_to_all() {
    let mut net = with_a_spectator();
    net.join(3);
    net.pass(5);
    net.tell(0, "entre nous");
    net.tell_all(0, "à tout le monde");
    net.pass(5);
    assert_eq!(net.words(3), ["à tout le monde"]);
    assert_eq!(net.words(1), ["entre nous", "à tout le monde"]);
    let request = Request::Send {
        to: "cantine".into(),
        text: Said::new(b"et moi".to_vec()),
        limit_min: 0,
    };
    assert_eq!(net.ask(3, request).err(), Some(Refusal::OnlySpectator));
    assert!(net.propose(3, Proposal::Remove("ada".into())).is_err());
}

#[test]
pub(super) fn nothing_reaches_who_was_removed() {
    let mut net = all_friends(4, 4);
    net.found(0, &[1, 2, 3]);
    net.goes(3);
    net.tell(0, "encore pour lui");
    net.pass(2);
    assert!(net.waiting_for(0, "dan") > 0);
    assert!(net.propose(1, Proposal::Remove("dan".into())).is_ok());
    net.pass(2);
    assert!(net.answer(0, Position::Agree).is_ok());
    assert!(net.answer(2, Position::Agree).is_ok());
    days(&mut net, 4);
    for at in 0..3 {
        assert_eq!(net.outcome(at), Outcome::Passed, "node {at}");
        assert_eq!(net.whole(at).people.len(), 3);
        net.tell(at, "sans lui");
        assert_eq!(net.waiting_for(at, "dan"), 0, "node {at}");
    }
    net.pass(5);
    net.comes(3);
    days(&mut net, 1);
    assert!(net.words(3).iter().all(|text| text != "sans lui"));
}

#[test]
fn nothing_is_sent_to_who_is_suspended_until_that_is_lifted() {
    let mut net = all_friends(4, 4);
    net.found(0, &[1, 2, 3]);
    net.tell(3, "à bientôt");
    net.pass(2);
    net.goes(3);
    days(&mut net, 8);
    assert!(net.propose(0, Proposal::Suspend("dan".into())).is_ok());
    net.pass(2);
    for at in [1, 2] {
        let said = net.answer(at, Position::Agree);
        assert!(said.is_ok(), "{:?}", said.err());
    }
    net.pass(5);
    let dan = |card: GroupCard| {
        let found = card
            .people
            .into_iter()
            .find(|it| it.who == Named::Friend("dan".into()));
        found.expect("dan").suspended
    };
    assert!(dan(net.whole(0)) && dan(net.whole(1)) && dan(net.whole(2)));
    net.tell(0, "sans lui");
    assert_eq!(net.waiting_for(0, "dan"), 0);
    net.comes(3);
    net.pass(60);
    net.tell(3, "me revoilà");
    net.pass(5);
    assert!(net.propose(0, Proposal::Lift("dan".into())).is_ok());
    net.pass(5);
    assert!(!dan(net.whole(1)));
    net.tell(1, "bienvenue");
    // It names what was said meanwhile, for which it waits a day in vain.
    days(&mut net, 2);
    let words = net.words(3);
    assert!(words.contains(&"bienvenue".into()) && !words.contains(&"sans lui".into()));
}

#[test]
fn a_motion_says_how_it_stands_and_why() {
    let mut net = all_friends(3, 3);
    net.found(0, &[1, 2]);
    let mine = net.propose(0, Proposal::Text { file: None }).unwrap();
    assert_eq!((mine.id, mine.of, mine.mine), (1, 3, Some(Position::Agree)));
    net.pass(2);
    assert!(net.news(1).contains(&&GroupNews::Proposed { motion: 1 }));
    assert_eq!(net.whole(1).row.to_answer, 1);
    let object = AskGroup::Answer {
        name: "cantine".into(),
        motion: 1,
        position: Position::Object,
        reason: String::new(),
    };
    assert_eq!(net.group(1, object).err(), Some(Refusal::ReasonMissing));
    let said = net.answer(1, Position::Object).unwrap();
    assert_eq!(said.outcome, Outcome::Blocked);
    net.pass(2);
    let card = net.whole(2).motions.pop().unwrap();
    assert_eq!((card.outcome, card.words.len()), (Outcome::Blocked, 2));
    let held_up = |net: &mut Net| [0, 1, 2].map(|at| net.whole(at).row.objected);
    assert_eq!(
        held_up(&mut net),
        [1, 0, 0],
        "it is told to who proposed it"
    );
    let bobs = card
        .says
        .iter()
        .find(|it| it.who == Named::Friend("bob".into()));
    let bobs = bobs.expect("bob's word");
    assert_eq!(
        (bobs.position, bobs.reason.as_str()),
        (Position::Object, "voilà")
    );
    net.starts_again(2);
    assert!(net.whole(2).motions.pop() == Some(card));
    let withdraw = || AskGroup::Withdraw {
        name: "cantine".into(),
        motion: 1,
    };
    assert_eq!(net.group(1, withdraw()).err(), Some(Refusal::OthersMotion));
    assert!(net.group(0, withdraw()).is_ok());
    net.pass(2);
    assert_eq!(net.outcome(2), Outcome::Withdrawn);
    assert_eq!(held_up(&mut net), [0; 3]);
}

#[test]
fn what_came_before_somebody_knew_that_they_are_a_member_is_shown_to_them() {
    let mut net = all_friends(4, 4);
    let quick = GroupPolicy {
        add_hours: 12,
        promote_hours: 24,
        spectator_days: 0,
        ..policy()
    };
    net.found_as(0, &[1, 2], quick);
    [1, 2].into_iter().for_each(|at| net.join(at));
    assert!(net.propose(0, Proposal::Add("dan".into())).is_ok());
    assert!(net.answer(1, Position::Agree).is_ok());
    days(&mut net, 2);
    net.join(3);
    days(&mut net, 1);
    net.goes(3);
    assert!(net.propose(0, Proposal::Promote("dan".into())).is_ok());
    assert!(net.answer(1, Position::Agree).is_ok());
    days(&mut net, 2);
    let said = "bienvenue".to_owned();
    net.tell(0, &said);
    [1, 2].into_iter().for_each(|at| net.goes(at));
    net.comes(3);
    days(&mut net, 1);
    assert!(!net.words(3).contains(&said), "one alone told them of it");
    [1, 2].into_iter().for_each(|at| net.comes(at));
    days(&mut net, 3);
    assert!(net.words(3).contains(&said));
}
