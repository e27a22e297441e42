//! Groups left, forked, or gone on with without whoever founded them.

use super::*;

impl Net {
    fn leave(&mut self, at: usize) -> u32 {
        let name = "cantine".into();
        match self.group(at, AskGroup::Leave { name }) {
            Ok(GroupAnswer::Left { told }) => told,
            _ => panic!("not left"),
        }
    }

    /// Words of a test on a node's disk: in records, which are not sealed here, and in pieces.
    fn finds(&self, at: usize, words: &str) -> usize {
        let has = |body: &Said| {
            let mut windows = body.windows(words.len());
            windows.any(|window| window == words.as_bytes())
        };
        self.nodes[at]
            .disk
            .values()
            .filter(|body| has(body))
            .count()
    }
}

#[test]
pub(super) fn leaving_erases_every_record_and_piece() {
    let mut net = all_friends(3, 3);
    net.found(0, &[1, 2]);
    net.tell(0, "mot lu");
    net.tell(1, "mot pas lu");
    net.pass(2);
    net.read_all(1);
    net.tell(2, "autre mot");
    let ask = AskGroup::Mute {
        name: "cantine".into(),
        who: "ada".into(),
        muted: true,
        reason: "trop long".into(),
    };
    assert!(net.group(1, ask).is_ok());
    net.pass(2);
    for words in [
        "mot lu",
        "mot pas lu",
        "autre mot",
        "cantine",
        "trop long",
        "mange",
    ] {
        assert!(net.finds(1, words) > 0, "{words}");
    }
    net.goes(1);
    net.tell(1, "pas encore parti");
    assert_eq!(net.leave(1), 2);
    assert_eq!(net.nodes[1].of_groups(), 0);
    let all = ["mot", "cantine", "trop long", "mange", "parti"];
    assert!(all.iter().all(|words| net.finds(1, words) == 0));
    net.comes(1);
    net.pass(90);
    for at in [0, 2] {
        let people = net.whole(at).people;
        assert_eq!(people.len(), 2, "node {at}");
    }
    assert!(net.nodes[1].engine.groups.spoken.is_empty());
    assert_eq!(net.finds(1, "parti"), 0);
}

#[test]
fn without_its_founder_all_goes_on() {
    let mut net = all_friends(5, 5);
    net.found(0, &[1, 2, 3]);
    net.tell(0, "adieu");
    net.pass(2);
    net.goes(0);
    net.tell(1, "sans elle");
    net.pass(5);
    assert_eq!(net.words(2), ["adieu", "sans elle"]);
    assert!(net.propose(1, Proposal::Add("eva".into())).is_ok());
    net.pass(2);
    assert!(net.answer(2, Position::Agree).is_ok());
    for _ in 0..50 {
        net.now.wall_ms += 3_600_000;
        net.now.boot_ms += 3_600_000;
        net.tick();
    }
    net.join(4);
    net.pass(5);
    net.tell_all(3, "bonjour eva");
    net.pass(5);
    assert_eq!(net.words(4), ["bonjour eva"]);
}

#[test]
fn a_fork_asks_whom_it_names_and_leaves_the_old_one_as_it_is() {
    let mut net = all_friends(4, 4);
    net.found(0, &[1, 2, 3]);
    net.tell(1, "avant");
    net.pass(2);
    net.read_all(0);
    let ask = AskGroup::Fork {
        name: "cantine".into(),
        to: "soupe".into(),
        with: vec!["bob".into(), "dan".into()],
        since_min: Some(0),
    };
    let Ok(GroupAnswer::Group(card)) = net.group(0, ask) else {
        panic!("no group")
    };
    assert_eq!(
        (card.people.len(), card.parent.as_deref()),
        (3, Some("cantine"))
    );
    assert!(net.asked(2).is_none() && net.asked(3).is_some());
    assert_eq!(net.whole(0).people.len(), 4);
    let request = Request::History {
        name: "soupe".into(),
        before: u64::MAX,
        max: 9,
    };
    assert!(matches!(net.ask(0, request), Ok(Answer::History(lines)) if lines.len() == 1));
}

#[test]
fn who_is_no_friend_any_more_keeps_the_seat_and_is_not_reached() {
    let mut net = all_friends(3, 3);
    net.found(0, &[1, 2]);
    net.tell(2, "bientôt étranger");
    net.pass(2);
    net.read_all(0);
    assert!(net.ask(0, Request::Remove { name: "cle".into() }).is_ok());
    let card = net.whole(0);
    assert_eq!(card.people.len(), 3);
    let strangers = card
        .people
        .iter()
        .filter(|it| matches!(it.who, Named::Stranger(_)));
    let strangers: Vec<_> = strangers.collect();
    assert_eq!((strangers.len(), strangers[0].unreached), (1, 1));
    let id = net.tell(0, "pour qui reste");
    net.pass(2);
    assert_eq!(net.state(0, id), Delivery::Delivered);
    let lines = net.lines(0);
    let from = lines[0].0.clone().expect("somebody");
    assert!(from.starts_with('?'), "{from}");
    net.starts_again(0);
    assert_eq!(net.lines(0), lines);
}
