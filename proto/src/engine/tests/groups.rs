//! Groups among engines: what is said there reaches everybody who is to have it, in order, and nobody
//! else; who was asked and said nothing sees nothing; and nobody is needed for it to go on.

mod bounds;
#[cfg(feature = "testing")]
mod cost;
mod decided;
mod founder;
mod homes;
mod identities;
mod left;
mod newcomers;
#[cfg(feature = "planted")]
mod planted;
mod storm;

use super::net::Net;
use crate::engine::*;

/// Names of whom the tests are about; each calls each other the same.
const NAMES: [&str; 31] = [
    "ada", "bob", "cle", "dan", "eva", "fay", "gus", "hugo", "ines", "jon", "kim", "leo", "mia",
    "ned", "oda", "pam", "quy", "ron", "sue", "tom", "uma", "val", "wim", "xan", "yan", "zoe",
    "abi", "bea", "cyd", "dov", "kay",
];

/// So many nodes, each of the first `friends` a friend of all others among them.
fn all_friends(count: usize, friends: usize) -> Net {
    let mut net = Net::new(count);
    for a in 0..friends {
        for b in a + 1..friends {
            let (a, b) = if (a + b) % 2 == 0 { (a, b) } else { (b, a) };
            net.befriend(a, b);
        }
    }
    net.pass(5);
    net
}

fn policy() -> GroupPolicy {
    GroupPolicy {
        preset: Preset::Consent,
        add_hours: 24,
        promote_hours: 72,
        hours: 72,
        spectator_days: 7,
        silent_days: 7,
    }
}

impl Net {
    fn befriend(&mut self, a: usize, b: usize) {
        let code = self.invite(a, NAMES[b]);
        self.accept(b, &code, NAMES[a]);
    }

    fn group(&mut self, at: usize, ask: AskGroup) -> Result<GroupAnswer, Refusal> {
        match self.ask(at, Request::Group(ask)) {
            Ok(Answer::Group(answer)) => Ok(answer),
            Ok(_) => panic!("another answer"),
            Err(refusal) => Err(refusal),
        }
    }

    /// One founds a group with these, and all of them say yes.
    fn found(&mut self, at: usize, with: &[usize]) {
        self.found_as(at, with, policy());
        with.iter().for_each(|other| self.join(*other));
    }

    fn found_as(&mut self, at: usize, with: &[usize], policy: GroupPolicy) {
        let new = NewGroup {
            name: "cantine".into(),
            with: with.iter().map(|n| NAMES[*n].to_owned()).collect(),
            charter: "On mange ensemble.".into(),
            policy,
        };
        let made = self.group(at, AskGroup::New(Box::new(new)));
        assert!(made.is_ok(), "{:?}", made.err());
    }

    fn asked(&mut self, at: usize) -> Option<(u32, Welcome)> {
        let Ok(Answer::Waiting(waiting)) = self.ask(at, Request::Waiting) else {
            panic!("no list")
        };
        waiting.into_iter().find_map(|it| match it.waits {
            WaitsAs::Group(welcome) => Some((it.id, *welcome)),
            _ => None,
        })
    }

    fn join(&mut self, at: usize) {
        let (id, _) = self.asked(at).expect("asked");
        let name = "cantine".into();
        let joined = self.group(at, AskGroup::Join { id, name });
        assert!(joined.is_ok(), "{:?}", joined.err());
    }

    fn whole(&mut self, at: usize) -> GroupCard {
        let name = "cantine".into();
        match self.group(at, AskGroup::Show { name }) {
            Ok(GroupAnswer::Group(card)) => *card,
            _ => panic!("no card"),
        }
    }

    fn tell(&mut self, at: usize, text: &str) -> u64 {
        let request = Request::Send {
            to: "cantine".into(),
            text: Said::new(text.as_bytes().to_vec()),
            limit_min: 0,
        };
        match self.ask(at, request) {
            Ok(Answer::Sent { id, .. }) => id,
            Ok(_) => panic!("another answer"),
            Err(refusal) => panic!("{refusal:?}"),
        }
    }

    fn tell_all(&mut self, at: usize, text: &str) {
        let ask = AskGroup::SendAll {
            name: "cantine".into(),
            text: Said::new(text.as_bytes().to_vec()),
            limit_min: 0,
        };
        assert!(self.ask(at, Request::Group(ask)).is_ok());
    }

    fn state(&mut self, at: usize, id: u64) -> Delivery {
        match self.ask(at, Request::Sent { id }) {
            Ok(Answer::Sent { state, .. }) => state,
            _ => panic!("no state"),
        }
    }

    /// What can be read there, with who said it.
    fn heard(&mut self, at: usize) -> Vec<(String, String)> {
        let request = Request::Inbox { after: 0, max: 50 };
        let Ok(Answer::Inbox(messages)) = self.ask(at, request) else {
            panic!("no inbox")
        };
        let words = |it: Message| (it.from, String::from_utf8(self.body(at, it.text)).unwrap());
        messages.into_iter().map(words).collect()
    }

    fn words(&mut self, at: usize) -> Vec<String> {
        self.heard(at).into_iter().map(|(_, words)| words).collect()
    }

    fn lines(&mut self, at: usize) -> Vec<(Option<String>, Option<Delivery>, String)> {
        let request = Request::History {
            name: "cantine".into(),
            before: u64::MAX,
            max: 100,
        };
        let Ok(Answer::History(lines)) = self.ask(at, request) else {
            panic!("no history")
        };
        let words = |text| String::from_utf8(self.body(at, text)).unwrap();
        let line = |it: Line| (it.from, it.mine, words(it.text));
        lines.into_iter().map(line).collect()
    }

    fn read_all(&mut self, at: usize) {
        let request = Request::Acknowledge {
            after: 0,
            up_to: u64::MAX,
            from: None,
        };
        assert!(self.ask(at, request).is_ok());
    }

    fn news(&self, at: usize) -> Vec<&GroupNews> {
        let news = self.nodes[at].events.iter();
        news.filter_map(|event| match event {
            Event::Group { news, .. } => Some(news),
            _ => None,
        })
        .collect()
    }
}

#[test]
fn three_found_a_group_and_each_hears_all_others() {
    let mut net = all_friends(3, 3);
    net.found(0, &[1, 2]);
    for (at, name) in NAMES.iter().enumerate().take(3) {
        let id = net.tell(at, &format!("de {name}"));
        net.pass(2);
        assert_eq!(net.state(at, id), Delivery::Delivered);
    }
    for at in 0..3 {
        let others: Vec<_> = (0..3).filter(|other| *other != at).collect();
        let heard = others
            .iter()
            .map(|n| (NAMES[*n].into(), format!("de {}", NAMES[*n])));
        assert_eq!(net.heard(at), heard.collect::<Vec<_>>());
        let card = net.whole(at);
        assert_eq!((card.row.members, card.people.len()), (3, 3));
        assert!(card.people.iter().all(|it| it.here && it.unreached == 0));
        assert!(card.doubts.is_empty());
    }
}

#[test]
fn what_is_asked_is_shown_before_a_yes() {
    let mut net = all_friends(3, 3);
    net.found_as(0, &[1, 2], policy());
    let (_, welcome) = net.asked(1).unwrap();
    assert_eq!((welcome.by.as_str(), welcome.spectator), ("ada", false));
    assert_eq!(welcome.charter, "On mange ensemble.");
    assert_eq!(
        (welcome.people.len(), welcome.proposed.as_str()),
        (3, "cantine")
    );
    assert!(matches!(net.news(1)[..], [GroupNews::Asked { .. }]));
}

#[test]
fn a_text_before_the_yes_is_shown_after_it() {
    let mut net = all_friends(3, 3);
    net.found_as(0, &[1, 2], policy());
    net.tell(0, "avant");
    net.tell(0, "encore avant");
    net.pass(2);
    assert!(net.words(1).is_empty());
    net.starts_again(1);
    net.join(1);
    assert_eq!(net.words(1), ["avant", "encore avant"]);
    assert!(net.words(2).is_empty());
}

#[test]
fn a_no_erases_what_came() {
    let mut net = all_friends(3, 3);
    let before = net.nodes[1].disk.len();
    net.found_as(0, &[1, 2], policy());
    net.tell(0, "avant");
    net.pass(2);
    let (id, _) = net.asked(1).unwrap();
    assert!(net.nodes[1].of_groups() > 0);
    assert!(matches!(
        net.ask(1, Request::Decline { id }),
        Ok(Answer::Declined)
    ));
    assert_eq!(net.nodes[1].of_groups(), 0);
    // What remains more than before is what the sessions saw.
    let after = net.nodes[1].disk.keys().filter(|name| name.0[0] == b'a');
    assert_eq!((after.count(), before > 0), (0, true));
}

#[test]
fn they_talk_in_order_through_cuts_and_restarts() {
    let mut net = all_friends(3, 3);
    net.found(0, &[1, 2]);
    let mut said = Vec::new();
    for turn in 0..6 {
        let at = turn % 3;
        let text = format!("parole {turn}");
        match turn {
            1 => net.goes(2),
            2 => net.comes(2),
            3 => net.goes(1),
            4 => net.comes(1),
            _ => {}
        }
        // Who comes back hears what was said before they go on.
        net.pass(30);
        net.tell(at, &text);
        said.push((at, text));
        net.starts_again((turn + 1) % 3);
        net.pass(10);
    }
    net.pass(60);
    for at in 0..3 {
        let others = said.iter().filter(|(who, _)| *who != at);
        let others: Vec<_> = others.map(|(_, text)| text.clone()).collect();
        assert_eq!(net.words(at), others, "node {at}");
    }
}

#[test]
fn lines_of_a_group_stand_under_its_name_with_who_said_them() {
    let mut net = all_friends(3, 3);
    net.found(0, &[1, 2]);
    net.tell(0, "une");
    net.pass(2);
    net.tell(1, "deux");
    net.pass(2);
    net.read_all(0);
    let lines = net.lines(0);
    assert_eq!(
        lines,
        [
            (None, Some(Delivery::Delivered), "une".into()),
            (Some("bob".into()), None, "deux".into())
        ]
    );
    net.starts_again(0);
    assert_eq!(net.lines(0), lines);
    let name = Some("cantine".into());
    assert!(matches!(
        net.ask(0, Request::EraseHistory { name }),
        Ok(Answer::Erased { count: 2 })
    ));
    assert!(net.lines(0).is_empty());
}

#[test]
fn a_start_finds_every_record_of_a_group_as_it_was() {
    let mut net = all_friends(4, 4);
    net.found(0, &[1, 2, 3]);
    assert!(net.propose(1, Proposal::Text { file: None }).is_ok());
    net.pass(2);
    for at in [0, 2] {
        assert!(net.answer(at, Position::Object).is_ok());
        net.tell(at, "texte");
        net.tell_all(at, "à tous");
        net.pass(2);
    }
    net.goes(3);
    net.tell(0, "qui attend");
    let before = net.whole(0);
    net.starts_again(0);
    assert!(net.whole(0) == before);
    let node = &net.nodes[0];
    let mut found = 0;
    for (name, body) in &node.disk {
        if let Some(saved::Saved::Group(no, part, index)) = saved::Saved::of(name) {
            let again = node.engine.groups.record(no, (part, index));
            assert!(again.as_ref() == Some(body), "{part} {index}");
            found += 1;
        }
    }
    assert!(found > 10, "{found}");
}

#[test]
fn a_text_is_seen_by_those_who_are_there() {
    let mut net = all_friends(3, 3);
    net.found(0, &[1, 2]);
    net.goes(2);
    let id = net.tell(0, "qui est là ?");
    net.pass(2);
    let one = Delivery::Seen(SeenBy { seen: 1, of: 2 });
    assert_eq!(net.state(0, id), one);
    assert_eq!(net.lines(0)[0].1, Some(one.clone()));
    net.starts_again(0);
    assert_eq!(net.state(0, id), one);
    net.comes(2);
    net.pass(60);
    assert_eq!(net.state(0, id), Delivery::Delivered);
    assert_eq!(net.words(2), ["qui est là ?"]);
}

#[test]
fn a_name_is_a_persons_or_a_groups() {
    let mut net = all_friends(3, 3);
    net.found(0, &[1, 2]);
    let name = || "cantine".to_owned();
    let only = Refusal::OnlyAGroup { name: name() };
    assert_eq!(
        net.ask(0, Request::Contact { name: name() }).err(),
        Some(only.clone())
    );
    assert_eq!(
        net.ask(0, Request::Remove { name: name() }).err(),
        Some(only)
    );
    let petname = "bob".to_owned();
    let bob = AskGroup::Show { name: "bob".into() };
    assert_eq!(
        net.group(0, bob).err(),
        Some(Refusal::NotAGroup { petname })
    );
    let to = "cantine".to_owned();
    let rename = net.ask(
        0,
        Request::Rename {
            name: "bob".into(),
            to,
        },
    );
    assert!(matches!(rename.err(), Some(Refusal::NameTaken { .. })));
    let to = "soupe".to_owned();
    assert!(net.ask(0, Request::Rename { name: name(), to }).is_ok());
    assert!(
        net.group(
            0,
            AskGroup::Show {
                name: "soupe".into()
            }
        )
        .is_ok()
    );
}

impl super::net::Node {
    /// Records and pieces of groups.
    fn of_groups(&self) -> usize {
        let of = |name: &&Name| matches!(name.0[0], b'G' | b'S');
        self.disk.keys().filter(of).count()
    }
}
