//! What a meeting says on the screen: what is new of how it stands, and one sentence for each way it
//! can end, with what to do then.

use kith_node::control::shape::{End, Meeting, Person, Stage, Standing};

use crate::exit::{Exit, Failed, Outcome};
use crate::view;
use crate::when::Clock;
use crate::words::{Words, msg};

/// What was shown already.
#[derive(Default)]
pub(super) struct Screen {
    last: Option<Meeting>,
    invited: bool,
    waits: bool,
}

impl Screen {
    /// Whether it stands otherwise than when this was asked last.
    pub(super) fn is_news(&mut self, meeting: &Meeting) -> bool {
        let news = self.last.as_ref() != Some(meeting);
        self.last = Some(meeting.clone());
        news
    }

    /// What is new, in lines.
    pub(super) fn lines(&mut self, words: &Words, meeting: &Meeting) -> Vec<String> {
        let before = self.last.clone();
        if !self.is_news(meeting) {
            return Vec::new();
        }
        let mut lines = Vec::new();
        let was = before.as_ref().map_or(0, |before| before.again);
        if meeting.again > was {
            lines.push(words.get("meet-again"));
        }
        if !self.invited && meeting.mine && !meeting.addrs.is_empty() {
            self.invited = true;
            lines.extend(invitation(words, meeting));
        }
        if let Stage::Gathering { .. } = meeting.stage {
            let changed = before.as_ref().is_none_or(|it| it.people != meeting.people);
            if changed && !meeting.people.is_empty() {
                lines.push(here(words, meeting));
            }
        }
        let moved = before.is_none_or(|before| before.stage != meeting.stage);
        if moved {
            lines.extend(stage(words, meeting));
        }
        let named = all_named(meeting);
        if named && !self.waits {
            lines.push(words.get("meet-named"));
        }
        self.waits = named;
        lines
    }
}

/// Whether I have named everybody, and others have not.
fn all_named(meeting: &Meeting) -> bool {
    let mut people = meeting.people.iter();
    meeting.stage == Stage::Naming && people.all(|person| person.standing != Standing::Same)
}

/// How the others find it: one address, for the eye and for copying.
fn invitation(words: &Words, meeting: &Meeting) -> Vec<String> {
    let mut addrs = meeting.addrs.iter();
    let near = addrs.find(|addr| !addr.ip().is_loopback());
    let address = near.or(meeting.addrs.first()).map(ToString::to_string);
    let address = address.unwrap_or_default();
    let waits = match meeting.secret.is_empty() {
        true => msg!("meet-waits", address = address),
        false => msg!("meet-waits-secret", address = address),
    };
    let mut lines = vec![words.say(&waits)];
    if !meeting.secret.is_empty() {
        lines.push(words.get("meet-secret-board"));
        lines.push(format!("    {}", meeting.secret.join("   ")));
    }
    lines
}

fn here(words: &Words, meeting: &Meeting) -> String {
    let people = meeting.people.iter();
    let people: Vec<_> = people
        .map(|person| view::nick(words, &person.nick, None))
        .collect();
    let count = i64::try_from(people.len() + 1).unwrap_or(i64::MAX);
    words.say(&msg!("meet-here", count = count, nicks = people.join(", ")))
}

fn stage(words: &Words, meeting: &Meeting) -> Vec<String> {
    match &meeting.stage {
        Stage::Opening | Stage::Gathering { counted: None } => Vec::new(),
        Stage::Gathering { counted: Some(_) } => vec![words.get("meet-counted")],
        Stage::Agreeing => vec![words.get("meet-agreeing")],
        Stage::Listening { .. } => vec![words.get("meet-listen")],
        Stage::Ticking { words: read } if read.is_empty() => vec![words.get("meet-say-same")],
        Stage::Ticking { words: read } => vec![
            words.get("meet-read"),
            format!("    {}", read.join("   ")),
            words.get("meet-read-same"),
        ],
        Stage::Naming => vec![words.get("meet-all-same")],
        Stage::Over {
            end: End::Done | End::Left,
        } => results(words, meeting),
        Stage::Over { .. } => Vec::new(),
    }
}

/// What came of it, a line for each.
fn results(words: &Words, meeting: &Meeting) -> Vec<String> {
    let people = meeting.people.iter();
    let mut lines: Vec<_> = people.filter_map(|person| result(words, person)).collect();
    if !lines.is_empty() {
        lines.push(words.get("meet-nobody-else"));
    }
    lines
}

fn result(words: &Words, person: &Person) -> Option<String> {
    let nick = view::nick(words, &person.nick, None);
    let name = person.petname.as_deref().map(view::name);
    let name = name.unwrap_or_else(|| nick.clone());
    Some(words.say(&match person.standing {
        Standing::Met => {
            let day = Clock::now().today(words);
            msg!("meet-met", name = name, day = day)
        }
        Standing::Waiting | Standing::Chosen => msg!("meet-waiting", name = name),
        Standing::Declined => msg!("meet-declined", nick = nick),
        Standing::NotKept => msg!("meet-not-kept", nick = nick),
        Standing::OneSided => msg!("meet-one-sided", name = name),
        Standing::Gone => msg!("meet-gone", nick = nick),
        Standing::There | Standing::Same => return None,
    }))
}

/// How the command ends: one sentence where it did not go well, and what to do.
pub(super) fn ended(end: &End) -> Outcome {
    let (exit, why, hint) = match end {
        End::Done => return Ok(Exit::OK),
        End::Left => (Exit::NO, msg!("meet-left"), None),
        End::NoAnswer => (
            Exit::TRY_LATER,
            msg!("meet-no-answer"),
            Some(msg!("meet-no-answer-hint")),
        ),
        End::NotOpened => (
            Exit::TRY_LATER,
            msg!("meet-not-opened"),
            Some(msg!("meet-not-opened-hint")),
        ),
        End::NickTaken => (
            Exit::DATA,
            msg!("meet-nick-taken"),
            Some(msg!("meet-nick-taken-hint")),
        ),
        End::Full => (Exit::TRY_LATER, msg!("meet-full"), None),
        End::Begun => (
            Exit::TRY_LATER,
            msg!("meet-begun"),
            Some(msg!("meet-again-hint")),
        ),
        End::HostGone => (
            Exit::TRY_LATER,
            msg!("meet-host-gone"),
            Some(msg!("meet-again-hint")),
        ),
        End::CountDiffers { counted, there } => (
            Exit::PROTOCOL,
            msg!(
                "meet-count-differs",
                counted = i64::from(*counted),
                there = i64::from(*there)
            ),
            Some(msg!("meet-count-differs-hint")),
        ),
        End::Alike { nick } => (
            Exit::DATA,
            msg!("meet-alike", nick = nick.0.to_string()),
            Some(msg!("meet-nick-taken-hint")),
        ),
        End::Broken => (
            Exit::PROTOCOL,
            msg!("meet-broken"),
            Some(msg!("meet-again-hint")),
        ),
        End::NotSame => (
            Exit::PROTOCOL,
            msg!("meet-not-same"),
            Some(msg!("meet-not-same-hint")),
        ),
        End::ChangePlace => (
            Exit::PROTOCOL,
            msg!("meet-change-place"),
            Some(msg!("meet-change-place-hint")),
        ),
        End::Late => (
            Exit::TRY_LATER,
            msg!("meet-late"),
            Some(msg!("meet-again-hint")),
        ),
    };
    let failed = Failed::new(exit, why);
    Err(match hint {
        Some(hint) => failed.hint(hint),
        None => failed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::every_language;

    #[test]
    fn one_address_is_told_and_it_can_be_copied_and_joined_to() {
        for (addrs, secret, line) in [
            (
                &["127.0.0.1:1", "192.0.2.2:1"][..],
                "",
                "--join 192.0.2.2:1 ",
            ),
            (&["127.0.0.1:1"], "", "--join 127.0.0.1:1 "),
            (
                &["127.0.0.1:1", "192.0.2.2:1"],
                "moulin",
                "--join 192.0.2.2:1 --secret ",
            ),
        ] {
            let meeting = serde_json::json!({
                "mine": true, "addrs": addrs, "secret": [secret], "nick": "Anne", "again": 0,
                "people": [], "stage": "opening",
            });
            let mut meeting: Meeting = serde_json::from_value(meeting).unwrap();
            meeting.secret.retain(|word| !word.is_empty());
            for words in every_language() {
                let told = &invitation(&words, &meeting)[0];
                assert!(told.contains(line), "{told}");
                assert_eq!(told.matches(":1 ").count(), 1, "{told}");
            }
        }
    }
}
