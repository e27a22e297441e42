//! Groups on the screen: who is in one and as what, how it decides, what does not fit together. People
//! stand by my names or as the strangers they are; what founders wrote is cleaned like any words.

use kith_node::control::shape::{
    Doubt, Group, GroupCost, GroupPolicy, GroupRow, Named, Preset, Seated, Welcome,
};
use kith_proto::name::Nick;

use super as view;
use crate::when::Clock;
use crate::words::{Msg, Words, msg};

/// Between rows of one thing: only the first begins at the left.
pub(crate) const ROW: &str = "\n      ";

/// `#local`: no name of mine begins so.
pub(crate) fn group(name: &str) -> String {
    format!("#{}", view::name(name))
}

/// What somebody else calls a group, with the marks of what others chose.
pub(crate) fn proposed(words: &Words, name: &str) -> String {
    match Nick::of(name) {
        Some(nick) => nick.to_string(),
        None => words.get("group-nameless"),
    }
}

/// Somebody in a group, in a sentence.
pub(crate) fn named(words: &Words, who: &Named) -> String {
    match who {
        Named::Me => words.get("group-you"),
        Named::Petname(petname) => view::name(petname),
        Named::Stranger(somebody) => somebody.called.0.to_string(),
    }
}

/// Several of them, I first and the others by name.
pub(crate) fn all_named<'a>(words: &Words, who: impl IntoIterator<Item = &'a Named>) -> String {
    let mut who: Vec<_> = who.into_iter().collect();
    who.sort_by_cached_key(|who| place(words, who));
    let names: Vec<_> = who.into_iter().map(|who| named(words, who)).collect();
    names.join(", ")
}

/// Where somebody stands among others: I first, friends by name, then strangers.
pub(super) fn place(words: &Words, who: &Named) -> (u8, String) {
    let rank = match who {
        Named::Me => 0,
        Named::Petname(_) => 1,
        Named::Stranger(_) => 2,
    };
    (rank, named(words, who))
}

/// How many decide and watch, and what waits for me: one line of a list.
pub(crate) fn group_row(words: &Words, row: &GroupRow) -> Vec<String> {
    let mut told = vec![words.say(&msg!("group-members", count = row.members))];
    let counted = [
        (
            row.spectators,
            msg!("group-spectators", count = row.spectators),
        ),
        (row.unread, msg!("waiting-unread", count = row.unread)),
        (
            row.to_answer,
            msg!("group-to-answer", count = row.to_answer),
        ),
        (row.objected, msg!("group-objected", count = row.objected)),
    ];
    let counted = counted.iter().filter(|(count, _)| *count > 0);
    told.extend(counted.map(|(_, said)| words.say(said)));
    if row.spectator {
        told.push(words.get("group-i-watch"));
    }
    if row.split {
        told.push(words.get("group-split"));
    }
    vec![group(&row.name), told.join(", ")]
}

/// By whose yes a group decides.
fn preset(words: &Words, policy: &GroupPolicy) -> String {
    words.say(&match policy.preset {
        Preset::Consent => msg!("policy-consent"),
        Preset::Majority => msg!("policy-majority"),
        Preset::Of(count) => msg!("policy-of", count = u32::from(count)),
    })
}

fn hours(words: &Words, hours: u16) -> String {
    match hours {
        0 => words.get("policy-at-once"),
        hours => words.say(&msg!("span-hours", count = u32::from(hours))),
    }
}

fn days(words: &Words, days: u8) -> String {
    words.say(&msg!("span-days", count = u32::from(days)))
}

/// How a group decides, in rows.
pub(crate) fn decides(words: &Words, policy: &GroupPolicy) -> [String; 3] {
    let rows = [
        msg!("group-card-decides", preset = preset(words, policy)),
        msg!(
            "group-card-hours",
            add = hours(words, policy.add_hours),
            promote = hours(words, policy.promote_hours),
            hours = hours(words, policy.hours)
        ),
        msg!(
            "group-card-days",
            watch = days(words, policy.spectator_days),
            silent = days(words, policy.silent_days)
        ),
    ];
    rows.map(|row| words.say(&row))
}

/// All that is known of a group but its motions.
pub(crate) fn group_card(words: &Words, card: &Group) -> Vec<String> {
    let clock = Clock::now();
    let mut lines = vec![group_row(words, &card.row).join("  ")];
    if card.proposed != card.row.name {
        let name = proposed(words, &card.proposed);
        lines.push(words.say(&msg!("group-card-proposed", name = name)));
    }
    lines.extend(decides(words, &card.policy));
    let mut say = |msg: Msg| lines.push(words.say(&msg));
    let day = clock.long_day(words, &card.since);
    say(msg!("group-card-since", day = day));
    if let Some(parent) = &card.parent {
        say(msg!("group-card-parent", group = group(parent)));
    }
    if !card.charter.is_empty() {
        say(msg!(
            "group-card-charter",
            text = view::indented(&card.charter)
        ));
    }
    lines.push(words.get("group-card-people"));
    let mut people: Vec<_> = card.people.iter().collect();
    people.sort_by_cached_key(|one| (one.spectator, place(words, &one.who)));
    let people = people.into_iter().map(|one| seated(words, &clock, one));
    let people: Vec<_> = people.collect();
    lines.extend(view::table(&people).lines().map(|line| format!("  {line}")));
    lines.extend(
        card.doubts
            .iter()
            .map(|one| words.say(&doubt(words, &clock, one))),
    );
    lines.extend(sides(words, card));
    lines
}

/// Name, role, when they were heard, and what is to be known of them.
fn seated(words: &Words, clock: &Clock, one: &Seated) -> Vec<String> {
    let who = match &one.who {
        Named::Stranger(somebody) => view::somebody(words, somebody),
        other => named(words, other),
    };
    let role = match one.spectator {
        true => words.get("role-spectator"),
        false => words.get("role-member"),
    };
    let heard = match &one.heard {
        _ if one.who == Named::Me => String::new(),
        Some(heard) => words.say(&msg!("seat-heard", time = clock.stamp(heard))),
        None if one.here => String::new(),
        None => words.get("seat-not-here"),
    };
    vec![who, role, heard, seat_marks(words, one).join(", ")]
}

fn seat_marks(words: &Words, one: &Seated) -> Vec<String> {
    let mut marks = Vec::new();
    if one.computers > 1 {
        marks.push(words.say(&msg!("seat-computers", count = one.computers)));
    }
    if one.unreached > 0 && one.unreached >= one.computers {
        marks.push(words.get("seat-unreached"));
    } else if one.unreached > 0 {
        marks.push(words.say(&msg!("seat-partly-unreached", count = one.unreached)));
    }
    let flags = [
        (one.suspended, "seat-suspended"),
        (one.reported, "seat-reported"),
    ];
    let flags = flags.iter().filter(|(is_so, _)| *is_so);
    marks.extend(flags.map(|(_, key)| words.get(key)));
    if let Some(why) = &one.muted {
        marks.push(words.get("mark-muted"));
        marks.extend((!why.is_empty()).then(|| view::name(why)));
    }
    marks
}

/// What does not fit together, and that nobody can know from here who is right.
fn doubt(words: &Words, clock: &Clock, doubt: &Doubt) -> Msg {
    match doubt {
        Doubt::Disagreement {
            author,
            teller,
            number,
        } => msg!(
            "doubt-disagreement",
            author = named(words, author),
            teller = named(words, teller),
            number = number.to_string()
        ),
        Doubt::Gap { author, count } => {
            msg!("doubt-gap", author = named(words, author), count = *count)
        }
        Doubt::OtherSet { who, since } => msg!(
            "doubt-other-set",
            name = named(words, who),
            time = clock.stamp(since)
        ),
        Doubt::OtherResult {
            who,
            motion,
            outcome,
            since,
        } => msg!(
            "doubt-other-result",
            name = named(words, who),
            motion = view::motion::by_words(motion),
            outcome = view::motion::outcome(words, *outcome),
            time = clock.stamp(since)
        ),
    }
}

/// Where the group has come apart: who is on each side, and what can be done.
fn sides(words: &Words, card: &Group) -> Vec<String> {
    let numbered = card.sides.iter().enumerate();
    let mut lines: Vec<_> = numbered
        .map(|(at, side)| {
            let (number, names) = ((at + 1).to_string(), all_named(words, side));
            words.say(&match at {
                0 => msg!("side-mine", number = number, names = names),
                _ => msg!("side-other", number = number, names = names),
            })
        })
        .collect();
    if !lines.is_empty() {
        lines.insert(0, words.get("split-said"));
        let name = view::name(&card.row.name);
        lines.push(words.say(&msg!("split-advice", name = name)));
    }
    lines
}

/// What a message to a group costs.
pub(crate) fn cost(words: &Words, cost: &GroupCost) -> String {
    words.say(&msg!(
        "group-cost",
        count = cost.parcels,
        size = view::size(cost.bytes.into()),
        all = cost.parcels_all,
        more = view::size(cost.bytes_all.into())
    ))
}

/// What is to be known of a group before I say yes to it, in rows of which only the first begins at
/// the left.
pub(crate) fn welcome(words: &Words, welcome: &Welcome) -> String {
    let mut rows = vec![words.say(&msg!(
        "welcome-line",
        by = view::name(&welcome.by),
        group = proposed(words, &welcome.proposed)
    ))];
    let names = all_named(words, &welcome.people);
    rows.push(words.say(&msg!("welcome-with", names = names)));
    rows.push(words.get(match welcome.spectator {
        true => "welcome-spectator",
        false => "welcome-member",
    }));
    rows.extend(decides(words, &welcome.policy));
    rows.push(match welcome.charter.is_empty() {
        true => words.get("welcome-no-charter"),
        false => {
            let text = view::indented(&welcome.charter);
            words.say(&msg!("group-card-charter", text = text))
        }
    });
    rows.join(ROW)
}

#[cfg(test)]
mod tests {
    use kith_node::control::shape::Language;
    use serde_json::{Value, json};

    use super::*;

    fn seat(who: Value, change: Value) -> Value {
        let mut seat = json!({
            "who": who, "spectator": false, "suspended": false, "reported": false, "muted": null,
            "computers": 1, "unreached": 0, "heard": null, "here": true,
        });
        let fields = change.as_object().unwrap().clone();
        seat.as_object_mut().unwrap().extend(fields);
        seat
    }

    fn card(sides: Value, doubts: Value) -> Group {
        let stranger = json!({"stranger": {"unknown": "lune-tigre"}});
        let group = json!({
            "name": "local", "spectator": false, "members": 3, "spectators": 1, "unread": 0,
            "to_answer": 1, "objected": 0, "split": true, "proposed": "Le Local", "charter": "Pas de chef.\nJamais.",
            "policy": GroupPolicy::default(), "since": "2026-11-21T13:03:00Z", "parent": null,
            "people": [
                seat(json!("me"), json!({})),
                seat(json!({"petname": "zoé"}), json!({"computers": 2, "reported": true})),
                seat(stranger, json!({"unreached": 1, "here": false})),
                seat(json!({"petname": "karim"}), json!({"spectator": true, "muted": "trop"})),
            ],
            "motions": [], "doubts": doubts, "sides": sides,
            "cost": {"parcels": 3, "bytes": 6144, "parcels_all": 4, "bytes_all": 8192},
        });
        serde_json::from_value(group).unwrap()
    }

    #[test]
    fn a_group_shows_who_is_in_it_and_as_what() {
        let words = Words::new(Language::English);
        let shown = group_card(&words, &card(json!([]), json!([]))).join("\n");
        for part in [
            "#local  3 members, 1 watching, 1 motion waits for your answer, come apart",
            "called     ~\"Le Local\" by its founder",
            "decides    by consent (enough agree, nobody objects) to answer 24 h",
            "since 21 November 2026 for you",
            "Charter: “Pas de chef.\n      Jamais.”",
            "  you          member\n",
            "  zoé          member                2 computers, machine in other hands, somebody says",
            "  ?lune-tigre  member   not here yet  no link with you: nothing of yours arrives there",
            "  karim        watches                muted, trop",
        ] {
            let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
            let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(shown.contains(&part), "{part}\n{shown}");
        }
        assert!(!shown.contains("Le Local\n"), "never bare");
    }

    #[test]
    fn both_sides_of_a_split_are_shown_and_nobody_is_blamed() {
        let sides = json!([["me", {"petname": "zoé"}], [{"petname": "karim"}]]);
        let doubts = json!([{
            "type": "disagreement", "author": {"petname": "zoé"}, "teller": {"petname": "karim"},
            "number": 7,
        }]);
        for (language, parts) in [
            (
                Language::French,
                [
                    "Côté 1, le tien\u{a0}: toi, zoé",
                    "Côté 2\u{a0}: karim",
                    "personne ne peut le savoir",
                ],
            ),
            (
                Language::English,
                [
                    "Side 1, yours: you, zoé",
                    "Side 2: karim",
                    "Nobody can know from here",
                ],
            ),
        ] {
            let words = Words::new(language);
            let shown = group_card(&words, &card(sides.clone(), doubts.clone())).join("\n");
            for part in parts {
                assert!(shown.contains(part), "{part}\n{shown}");
            }
        }
    }
    #[test]
    fn who_counts_a_motion_otherwise_is_named_with_what_it_is_for_them() {
        let doubts = json!([{
            "type": "other_result", "who": {"petname": "karim"}, "motion": ["lune", "tigre"],
            "outcome": "open", "needs": 1, "since": "2026-11-21T10:00:00Z",
        }]);
        for (language, part) in [
            (
                Language::French,
                "lune-tigre n'est pas au même point chez karim que chez toi",
            ),
            (
                Language::English,
                "lune-tigre does not stand for karim as it does for you",
            ),
        ] {
            let shown = group_card(&Words::new(language), &card(json!([]), doubts.clone()));
            let shown = shown.join("\n");
            assert!(shown.contains(part), "{part}\n{shown}");
        }
    }
}
