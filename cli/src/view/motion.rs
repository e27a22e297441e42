//! Motions on the screen: what is proposed, how it stands and why, and what each said.

use kith_node::control::shape::{Motion, Outcome, Position, Proposed, Say};

use super as view;
use super::group::{decides, named, place};
use crate::when::Clock;
use crate::words::{Msg, Words, msg};

/// Before what belongs to a motion.
const INDENT: &str = "      ";

/// A motion of a group, in lines, and how I can answer it.
pub(crate) fn motion(words: &Words, group: &str, motion: &Motion) -> Vec<String> {
    let mut lines = decision(words, motion);
    let answer = to_answer(words, &Clock::now(), group, motion);
    let answer = answer.into_iter().flatten();
    lines.extend(answer.map(|row| format!("{INDENT}{}", words.say(&row))));
    lines
}

/// The same for who reads what was decided.
pub(crate) fn decision(words: &Words, motion: &Motion) -> Vec<String> {
    let mut lines = vec![words.say(&msg!(
        "motion-line",
        id = motion.id.to_string(),
        words = called(motion),
        what = what(words, motion),
        by = named(words, &motion.by)
    ))];
    let mut more = Vec::new();
    if !motion.text.is_empty() {
        let text = view::indented(&motion.text);
        more.push(words.say(&msg!("motion-text", text = text)));
    }
    if let Proposed::Policy { policy } = &motion.what {
        more.extend(decides(words, policy));
    }
    more.extend(choices(words, motion));
    more.push(words.say(&stands(motion)));
    more.extend(hangs_on(words, motion));
    let mut says: Vec<_> = motion.says.iter().collect();
    says.sort_by_cached_key(|say| place(words, &say.who));
    more.extend(says.into_iter().map(|say| said(words, motion, say)));
    if let (true, Some(mine)) = (motion.says.is_empty(), mine(motion)) {
        let said = position(words, mine);
        more.push(words.say(&msg!("motion-mine", said = said)));
    }
    lines.extend(more.into_iter().map(|line| format!("{INDENT}{line}")));
    lines
}

/// What I said of it; who proposes a choice chose nothing by that.
fn mine(motion: &Motion) -> Option<Position> {
    let poll = matches!(motion.what, Proposed::Poll { .. });
    motion
        .mine
        .filter(|mine| !(poll && *mine == Position::Agree))
}

/// `lune-tigre`
fn called(motion: &Motion) -> String {
    by_words(&motion.words)
}

/// The same, of one that is only named.
pub(crate) fn by_words(two: &[String]) -> String {
    view::name(&two.join("-"))
}

/// What is proposed, without a verb: who proposes it stands beside it.
fn what(words: &Words, motion: &Motion) -> String {
    let name = |who| named(words, who);
    words.say(&match &motion.what {
        Proposed::Add { who } => msg!("what-add", name = name(who)),
        Proposed::Promote { who } => msg!("what-promote", name = name(who)),
        Proposed::Remove { who } => msg!("what-remove", name = name(who)),
        Proposed::Suspend { who } => msg!("what-suspend", name = name(who)),
        Proposed::Lift { who } => msg!("what-lift", name = name(who)),
        Proposed::Return { who } => msg!("what-return", name = name(who)),
        Proposed::Text { file: None } => msg!("what-text"),
        Proposed::Text { file: Some(hash) } => msg!("what-text-file", hash = view::name(hash)),
        Proposed::Poll { .. } => msg!("what-poll"),
        Proposed::Policy { .. } => msg!("what-policy"),
    })
}

/// The choices of a poll, with how many chose each.
fn choices(words: &Words, motion: &Motion) -> Vec<String> {
    let Proposed::Poll { choices } = &motion.what else {
        return Vec::new();
    };
    let counts = motion.counts.iter().copied().chain(std::iter::repeat(0));
    let numbered = choices.iter().zip(counts).enumerate();
    let numbered = numbered.map(|(at, (choice, count))| {
        words.say(&msg!(
            "motion-choice",
            number = (at + 1).to_string(),
            choice = view::name(choice),
            count = count
        ))
    });
    numbered.collect()
}

/// Why it passed, failed or waits.
fn stands(motion: &Motion) -> Msg {
    if matches!(motion.what, Proposed::Poll { .. }) {
        return poll_stands(motion.outcome);
    }
    let (agree, of, needed) = (motion.agree, motion.of, motion.needed);
    match motion.outcome {
        Outcome::Open { needs: 0 } => {
            msg!("outcome-windows", agree = agree, of = of, needed = needed)
        }
        Outcome::Open { needs } => msg!(
            "outcome-open",
            count = u32::from(needs),
            agree = agree,
            of = of,
            needed = needed
        ),
        Outcome::Passed => msg!("outcome-passed", agree = agree, of = of, needed = needed),
        Outcome::Undone => msg!("outcome-undone"),
        Outcome::Blocked => msg!("outcome-blocked", agree = agree, of = of),
        Outcome::Failed => msg!("outcome-failed", agree = agree, of = of, needed = needed),
        Outcome::Withdrawn => msg!("outcome-withdrawn"),
        Outcome::Unfounded => msg!("outcome-unfounded"),
    }
}

/// Whose words it hangs on, of those who decide no more.
fn hangs_on(words: &Words, motion: &Motion) -> Option<String> {
    let names = motion.hangs_on.iter().map(|who| named(words, who));
    let names: Vec<String> = names.collect();
    let hangs = !names.is_empty();
    hangs.then(|| words.say(&msg!("motion-hangs", who = names.join(", "))))
}

fn poll_stands(outcome: Outcome) -> Msg {
    match outcome {
        Outcome::Open { .. } => msg!("poll-open"),
        Outcome::Passed => msg!("poll-over"),
        Outcome::Failed | Outcome::Blocked => msg!("poll-failed"),
        Outcome::Undone => msg!("outcome-undone"),
        Outcome::Withdrawn => msg!("outcome-withdrawn"),
        Outcome::Unfounded => msg!("outcome-unfounded"),
    }
}

/// The same in a word or two, for what is told in passing.
pub(crate) fn outcome(words: &Words, outcome: Outcome) -> String {
    words.get(match outcome {
        Outcome::Open { .. } => "moved-open",
        Outcome::Passed => "moved-passed",
        Outcome::Undone => "moved-undone",
        Outcome::Blocked => "moved-blocked",
        Outcome::Failed => "moved-failed",
        Outcome::Withdrawn => "moved-withdrawn",
        Outcome::Unfounded => "moved-unfounded",
    })
}

fn position(words: &Words, position: Position) -> String {
    words.say(&match position {
        Position::Agree => msg!("position-agree"),
        Position::Object => msg!("position-object"),
        Position::Ask => msg!("position-ask"),
        Position::Abstain => msg!("position-abstain"),
        Position::Choice(number) => msg!("position-choice", number = number.to_string()),
    })
}

/// `zoé: objection “too soon” (can still change)`
fn said(words: &Words, motion: &Motion, say: &Say) -> String {
    let (name, said) = (named(words, &say.who), position(words, say.position));
    let line = words.say(&match say.reason.is_empty() {
        true => msg!("say-line", name = name, said = said),
        false => {
            let reason = view::indented(&say.reason);
            msg!("say-why", name = name, said = said, reason = reason)
        }
    });
    let over = matches!(
        motion.outcome,
        Outcome::Withdrawn | Outcome::Failed | Outcome::Unfounded
    );
    match say.last || over {
        true => line,
        false => format!("{line} ({})", words.get("say-not-last")),
    }
}

/// How and until when I can answer.
fn to_answer(words: &Words, clock: &Clock, group: &str, motion: &Motion) -> Option<[Msg; 2]> {
    let is_open = matches!(motion.outcome, Outcome::Open { .. } | Outcome::Blocked);
    if !motion.open_to_me || !is_open {
        return None;
    }
    let until = clock.until(words, &motion.until);
    let until = match mine(motion) {
        None => msg!("motion-until", until = until),
        Some(_) => msg!("motion-until-otherwise", until = until),
    };
    let (name, id) = (view::name(group), motion.id.to_string());
    let how = match motion.what {
        Proposed::Poll { .. } => msg!("motion-choose", name = name, id = id),
        _ => msg!("motion-answer", name = name, id = id),
    };
    Some([until, how])
}

#[cfg(test)]
mod tests {
    use kith_node::control::shape::Language;
    use serde_json::{Value, json};

    use super::*;

    fn told(language: Language, change: &Value) -> Vec<String> {
        let mut json = json!({
            "id": 3, "words": ["lune", "tigre"], "by": { "petname": "bob" }, "text": "",
            "what": { "type": "add", "who": { "petname": "karim" } },
            "since": "2026-11-21T13:03:00Z", "until": "2026-11-21T14:03:00Z",
            "outcome": "passed", "agree": 2, "needed": 2, "of": 8, "mine": null,
            "open_to_me": false, "counts": [],
        });
        let fields = change.as_object().unwrap().clone();
        json.as_object_mut().unwrap().extend(fields);
        let card = serde_json::from_value(json).unwrap();
        motion(&Words::new(language), "local", &card)
    }

    fn stands(change: &Value) -> String {
        told(Language::English, change)
            .swap_remove(1)
            .trim()
            .to_owned()
    }

    #[test]
    fn a_motion_says_what_it_is_and_why_it_passed() {
        assert_eq!(
            told(Language::French, &json!({})),
            [
                "3  lune-tigre  que karim vienne regarder\u{a0}; de\u{a0}: bob",
                "      adoptée\u{a0}: 2 oui sur 8, il en fallait 2",
            ]
        );
    }

    #[test]
    fn each_way_to_stand_has_its_sentence() {
        for (change, said) in [
            (
                json!({"outcome": "open", "needs": 1, "agree": 1}),
                "waits for 1 more yes (1 of 8, it takes 2)",
            ),
            (
                json!({"outcome": "open", "needs": 0}),
                "waits for everybody's time to end: 2 yes of 8, it takes 2",
            ),
            (
                json!({"outcome": "blocked"}),
                "blocked by an objection: 2 yes of 8",
            ),
            (
                json!({"outcome": "failed", "agree": 0}),
                "not adopted: 0 yes of 8, it took 2",
            ),
            (
                json!({"outcome": "unfounded"}),
                "without effect: what it rests on does not hold here",
            ),
        ] {
            assert_eq!(stands(&change), said);
        }
    }

    #[test]
    fn what_each_said_stands_below_with_their_reason() {
        let says = json!({"outcome": "blocked", "says": [
            { "who": { "petname": "zoé" }, "position": "object", "reason": "trop tôt", "last": true },
            { "who": "me", "position": "agree", "reason": "", "last": false },
        ]});
        let lines = told(Language::English, &says);
        assert_eq!(
            lines[2..],
            [
                "      you: agrees (can still change)",
                "      zoé: objects “trop tôt”"
            ]
        );
    }

    #[test]
    fn a_result_that_hangs_on_who_decides_no_more_says_so() {
        let gone = json!({"hangs_on": [{ "petname": "zoé" }, { "petname": "ali" }]});
        let lines = told(Language::French, &gone);
        assert_eq!(
            lines[2],
            "      tient aux paroles de zoé, ali, qui ne décident plus ici\u{a0}: d'autres peuvent compter autrement"
        );
    }

    #[test]
    fn who_can_still_answer_is_told_how() {
        let open = json!({"outcome": "open", "needs": 1, "open_to_me": true});
        let lines = told(Language::English, &open);
        assert!(
            lines[3].ends_with("kith group answer local 3 agree|object|ask|abstain"),
            "{lines:?}"
        );
        let poll = json!({
            "outcome": "open", "needs": 1, "open_to_me": true, "counts": [2, 0],
            "what": { "type": "poll", "choices": ["mardi", "samedi"] },
        });
        let lines = told(Language::English, &poll);
        assert_eq!(lines[1..3], ["      1  mardi: 2", "      2  samedi: 0"]);
        assert!(
            lines[5].ends_with("kith group answer local 3 NUMBER"),
            "{lines:?}"
        );
        let over = json!({"outcome": "passed", "open_to_me": true});
        assert_eq!(told(Language::English, &over).len(), 2, "it is decided");
    }
}
