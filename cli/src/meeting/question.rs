//! What a meeting asks of its person, one question after the other, and what an answer means. An answer
//! that could be an accident means nothing, or "not yet": a single No ends it for everybody.

use std::collections::BTreeSet;

use kith_node::control::shape::{Meeting, Person, Stage, Standing};
use kith_proto::limits::{MEETING_LINES, MEETING_PEOPLE_MAX, MEETING_PEOPLE_MIN};

use crate::view;
use crate::words::{Words, msg};

/// A question.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// How many computers take part?
    Count,
    /// Which of these lines was read?
    Line(Vec<Vec<String>>),
    /// Did they say "same"?
    Heard(Person),
    /// What will I call them?
    Keep(Person),
}

/// What an answer means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// So many computers.
    Count(u8),
    /// This line, from 0, or none.
    Picked(Option<u8>),
    /// They said "same", or certainly did not.
    Heard { who: u8, same: bool },
    /// Ask of others first.
    NotYet(u8),
    /// This name, or none.
    Keep { who: u8, petname: Option<String> },
    /// I go.
    Leave,
    /// Nothing.
    Nothing,
}

/// What is to be asked now. Of whom "not yet" was said is asked again after all others.
pub(super) fn of(meeting: &Meeting, put_off: &mut BTreeSet<u8>) -> Option<Question> {
    match &meeting.stage {
        Stage::Gathering { counted: None } if !meeting.people.is_empty() => Some(Question::Count),
        Stage::Listening { lines } => Some(Question::Line(lines.clone())),
        Stage::Ticking { .. } => {
            let silent = || with(meeting, Standing::There);
            if silent().all(|person| put_off.contains(&person.who)) {
                put_off.clear();
            }
            let next = silent().find(|person| !put_off.contains(&person.who));
            next.cloned().map(Question::Heard)
        }
        Stage::Naming => with(meeting, Standing::Same)
            .next()
            .cloned()
            .map(Question::Keep),
        _ => None,
    }
}

/// Somebody to be kept who has a name already.
pub(super) fn known(meeting: &Meeting) -> Option<(u8, String)> {
    if meeting.stage != Stage::Naming {
        return None;
    }
    with(meeting, Standing::Same).find_map(|person| Some((person.who, person.petname.clone()?)))
}

fn with(meeting: &Meeting, standing: Standing) -> impl Iterator<Item = &Person> {
    let people = meeting.people.iter();
    people.filter(move |person| person.standing == standing)
}

/// What this line answers.
pub(super) fn meant(asked: Option<&Question>, line: &str) -> Meant {
    if line == "/quit" {
        return Meant::Leave;
    }
    match asked {
        Some(Question::Count) => match line.parse() {
            Ok(count)
                if (MEETING_PEOPLE_MIN..=MEETING_PEOPLE_MAX).contains(&usize::from(count)) =>
            {
                Meant::Count(count)
            }
            _ => Meant::Nothing,
        },
        Some(Question::Line(lines)) => match line.parse::<u8>() {
            Ok(0) => Meant::Picked(None),
            Ok(number) if usize::from(number) <= lines.len().min(MEETING_LINES) => {
                Meant::Picked(Some(number - 1))
            }
            _ => Meant::Nothing,
        },
        Some(Question::Heard(person)) => match line.to_lowercase().as_str() {
            "o" | "oui" | "y" | "yes" => Meant::Heard {
                who: person.who,
                same: true,
            },
            "n" | "non" | "no" => Meant::Heard {
                who: person.who,
                same: false,
            },
            _ => Meant::NotYet(person.who),
        },
        Some(Question::Keep(person)) => Meant::Keep {
            who: person.who,
            petname: (!line.is_empty()).then(|| line.to_owned()),
        },
        None => Meant::Nothing,
    }
}

impl Question {
    /// Lines to be read first, and the question itself. `alike` is a name of mine for somebody else.
    pub(super) fn said(&self, words: &Words, alike: Option<&str>) -> (Vec<String>, String) {
        match self {
            Self::Count => (Vec::new(), words.get("meet-ask-count")),
            Self::Line(lines) => {
                let numbered = lines.iter().enumerate();
                let numbered = numbered
                    .map(|(at, line)| format!("    {}   {}", at + 1, line.join("   ")))
                    .collect();
                (numbered, words.get("meet-ask-line"))
            }
            Self::Heard(person) => {
                let nick = view::nick(words, &person.nick, None);
                (Vec::new(), words.say(&msg!("meet-ask-heard", nick = nick)))
            }
            Self::Keep(person) => {
                let nick = view::nick(words, &person.nick, None);
                let warning = alike.map(|_| view::nick(words, &person.nick, alike));
                let ask = words.say(&msg!("meet-ask-name", nick = nick));
                (warning.into_iter().collect(), ask)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(who: u8, standing: &str, petname: Option<&str>) -> serde_json::Value {
        serde_json::json!({"who": who, "nick": "Zoé", "petname": petname, "standing": standing})
    }

    fn meeting(stage: &str, people: &[serde_json::Value]) -> Meeting {
        let mut meeting = serde_json::json!({
            "mine": true, "addrs": [], "secret": [], "nick": "Anne", "again": 0, "people": people,
        });
        let stage: serde_json::Value = serde_json::from_str(stage).unwrap();
        let fields = stage.as_object().unwrap().clone();
        meeting.as_object_mut().unwrap().extend(fields);
        serde_json::from_value(meeting).unwrap()
    }

    const TICKING: &str = r#"{"stage": "ticking", "words": []}"#;
    const NAMING: &str = r#"{"stage": "naming"}"#;

    fn asked_of(question: Option<Question>) -> u8 {
        match question {
            Some(Question::Heard(person) | Question::Keep(person)) => person.who,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn whoever_was_not_heard_yet_is_asked_about_after_the_others() {
        let meeting = meeting(
            TICKING,
            &[
                person(1, "there", None),
                person(2, "same", None),
                person(3, "there", None),
            ],
        );
        let mut put_off = BTreeSet::new();
        assert_eq!(asked_of(of(&meeting, &mut put_off)), 1);
        put_off.insert(1);
        assert_eq!(asked_of(of(&meeting, &mut put_off)), 3);
        put_off.insert(3);
        assert_eq!(asked_of(of(&meeting, &mut put_off)), 1, "and again");
    }

    #[test]
    fn only_a_clear_no_is_a_no() {
        let meeting = meeting(TICKING, &[person(1, "there", None)]);
        let question = of(&meeting, &mut BTreeSet::new());
        let meant = |line| meant(question.as_ref(), line);
        for line in ["", "k", "no!", "oui ?", "0"] {
            assert_eq!(meant(line), Meant::NotYet(1), "{line:?}");
        }
        for (line, same) in [
            ("o", true),
            ("OUI", true),
            ("y", true),
            ("n", false),
            ("Non", false),
        ] {
            assert_eq!(meant(line), Meant::Heard { who: 1, same }, "{line:?}");
        }
        assert_eq!(meant("/quit"), Meant::Leave);
    }

    #[test]
    fn what_is_no_number_in_bounds_is_asked_again() {
        for line in ["", "1", "65", "-3", "trois", "300"] {
            assert_eq!(
                meant(Some(&Question::Count), line),
                Meant::Nothing,
                "{line:?}"
            );
        }
        assert_eq!(meant(Some(&Question::Count), "64"), Meant::Count(64));
        let lines = Question::Line(vec![vec!["a".into()]; 4]);
        assert_eq!(meant(Some(&lines), "5"), Meant::Nothing);
        assert_eq!(
            meant(Some(&lines), ""),
            Meant::Nothing,
            "an Enter is no answer"
        );
        assert_eq!(meant(Some(&lines), "0"), Meant::Picked(None));
        assert_eq!(meant(Some(&lines), "4"), Meant::Picked(Some(3)));
        assert_eq!(meant(None, "o"), Meant::Nothing);
    }

    #[test]
    fn who_has_a_name_keeps_it_unasked_and_an_empty_name_is_nobody_kept() {
        let both = meeting(
            NAMING,
            &[person(1, "same", None), person(2, "same", Some("zoé"))],
        );
        assert_eq!(known(&both), Some((2, "zoé".into())));
        let one = meeting(
            NAMING,
            &[person(1, "same", None), person(2, "chosen", Some("zoé"))],
        );
        assert_eq!(known(&one), None);
        let question = of(&one, &mut BTreeSet::new());
        let petname = None;
        assert_eq!(
            meant(question.as_ref(), ""),
            Meant::Keep { who: 1, petname }
        );
    }
}
