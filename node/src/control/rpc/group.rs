//! Groups: what each method asks for, and how what the engine says fits in a line.

use kith_proto::engine::{self as core, AskGroup, GroupAnswer};
use kith_proto::limits::{CONTROL_LINE_BYTES_MAX, INBOX_ENVELOPE_BYTES};
use serde_json::Value;

use super::method::read;
use super::result::{fitting, length};
use super::{Fault, reply};
use crate::control::{params, shape};

/// What a method of groups asks for.
pub(super) fn asked(method: &str, params: Value) -> Result<AskGroup, Fault> {
    Ok(match method {
        "group.list" => read(params).map(|params::Nothing {}| AskGroup::List)?,
        "group.new" => AskGroup::New(Box::new(new(read(params)?))),
        "group.show" => {
            let params::OfGroup { name } = read(params)?;
            AskGroup::Show { name }
        }
        "group.join" => {
            let params::JoinGroup { id, name } = read(params)?;
            AskGroup::Join { id, name }
        }
        "group.send" => send(read(params)?),
        "group.leave" => {
            let params::OfGroup { name } = read(params)?;
            AskGroup::Leave { name }
        }
        "group.fork" => {
            let params::ForkGroup {
                name,
                to,
                with,
                since_min,
            } = read(params)?;
            AskGroup::Fork {
                name,
                to,
                with,
                since_min,
            }
        }
        "group.follow" => {
            let params::Follow { name, side } = read(params)?;
            AskGroup::Follow { name, side }
        }
        "group.mute" => mute(read(params)?),
        "group.voice" => {
            let params::HandVoice { name, computer } = read(params)?;
            AskGroup::Voice { name, computer }
        }
        "group.report" => {
            let params::Report { name, who, text } = read(params)?;
            AskGroup::Report { name, who, text }
        }
        _ => motion(method, params)?,
    })
}

/// What is decided together.
fn motion(method: &str, params: Value) -> Result<AskGroup, Fault> {
    Ok(match method {
        "group.propose" => propose(read(params)?)?,
        "group.answer" => {
            let params::AnswerMotion {
                name,
                motion,
                position,
                reason,
            } = read(params)?;
            let position = position.into();
            AskGroup::Answer {
                name,
                motion,
                position,
                reason,
            }
        }
        "group.withdraw" => {
            let params::OfMotion { name, motion } = read(params)?;
            AskGroup::Withdraw { name, motion }
        }
        "group.motion" => {
            let params::OfMotion { name, motion } = read(params)?;
            AskGroup::Motion { name, motion }
        }
        "group.amend" => {
            let params::Amend {
                name,
                motion,
                text,
                hours,
            } = read(params)?;
            AskGroup::Amend {
                name,
                motion,
                text,
                hours,
            }
        }
        _ => return Err(Fault::NoSuchMethod),
    })
}

fn new(params: params::NewGroup) -> core::NewGroup {
    core::NewGroup {
        name: params.name,
        with: params.with,
        charter: params.charter,
        policy: params.policy.into(),
    }
}

fn send(params: params::Send) -> AskGroup {
    AskGroup::SendAll {
        name: params.to,
        text: params.text.into_bytes().into(),
        limit_min: params.limit_min,
    }
}

fn mute(params: params::MuteMember) -> AskGroup {
    AskGroup::Mute {
        name: params.name,
        who: params.who,
        muted: params.muted,
        reason: params.reason,
    }
}

fn propose(params: params::Propose) -> Result<AskGroup, Fault> {
    let what = params.what.read();
    let what = what.ok_or_else(|| Fault::BadParams("file: not 32 bytes of hex".into()))?;
    Ok(AskGroup::Propose {
        name: params.name,
        what,
        text: params.text,
        hours: params.hours,
    })
}

/// What the engine says of groups, as a line.
pub(super) fn answer(id: &Value, answer: GroupAnswer) -> Result<String, Fault> {
    match answer {
        GroupAnswer::List(rows) => {
            let groups = rows.into_iter().map(Into::into).collect();
            reply(id, shape::Groups { groups })
        }
        GroupAnswer::Group(card) => reply(id, group(*card)?),
        GroupAnswer::Motion(card) => reply(id, shape::Motion::from(*card)),
        GroupAnswer::Left { told } => reply(id, shape::LeftGroup { told }),
    }
}

/// A group with its newest motions, as many as fit beside the rest, without what each said of them.
fn group(mut card: core::GroupCard) -> Result<shape::Group, Fault> {
    let motions = std::mem::take(&mut card.motions);
    let mut group = shape::Group::from(card);
    let room = CONTROL_LINE_BYTES_MAX - INBOX_ENVELOPE_BYTES;
    let room = room.saturating_sub(length(&group));
    let newest = motions.into_iter().rev().map(|mut motion| {
        motion.says.clear();
        Ok(shape::Motion::from(motion))
    });
    group.motions = fitting(room, newest)?;
    group.motions.reverse();
    Ok(group)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn motion(id: u32, text: String) -> core::MotionCard {
        core::MotionCard {
            id,
            words: vec!["lune", "tigre"],
            by: core::Named::Friend("bob".into()),
            what: core::ProposalCard::Add(core::Named::Friend("karim".into())),
            text,
            since_min: 27_000_000,
            until_min: 27_000_060,
            outcome: core::Outcome::Open { needs: 1 },
            agree: 1,
            needed: 2,
            of: 8,
            mine: None,
            open_to_me: true,
            counts: Vec::new(),
            says: vec![core::SayCard {
                who: core::Named::Me,
                position: core::Position::Object,
                reason: "trop tôt".into(),
                last: false,
            }],
            hangs_on: Vec::new(),
        }
    }

    fn card(motions: Vec<core::MotionCard>) -> core::GroupCard {
        core::GroupCard {
            row: core::GroupRow {
                name: "local".into(),
                spectator: false,
                members: 8,
                spectators: 0,
                unread: 0,
                to_answer: 1,
                objected: 0,
                split: false,
            },
            proposed: "local".into(),
            charter: String::new(),
            policy: core::GroupPolicy::default(),
            since_min: 27_000_000,
            parent: None,
            people: Vec::new(),
            motions,
            doubts: Vec::new(),
            sides: Vec::new(),
            cost: core::GroupCost {
                parcels: 7,
                bytes: 14_336,
                parcels_all: 7,
                bytes_all: 14_336,
            },
        }
    }

    fn told(said: GroupAnswer) -> Value {
        let line = answer(&json!(1), said).unwrap();
        assert!(line.len() <= CONTROL_LINE_BYTES_MAX);
        serde_json::from_str(&line).unwrap()
    }

    #[test]
    fn a_group_fits_in_a_line_with_its_newest_motions_whatever_was_proposed() {
        let long = |id| {
            motion(
                id,
                "\u{1}".repeat(kith_proto::limits::MOTION_TEXT_BYTES_MAX),
            )
        };
        let card = card((1..=64).map(long).collect());
        let group = told(GroupAnswer::Group(Box::new(card)));
        let motions = group["result"]["motions"].as_array().unwrap();
        let ids: Vec<_> = motions
            .iter()
            .map(|one| one["id"].as_u64().unwrap())
            .collect();
        assert!((10..64).contains(&ids.len()), "{ids:?}");
        assert_eq!(*ids.last().unwrap(), 64);
        assert!(ids.is_sorted());
    }

    #[test]
    fn a_motion_says_how_it_stands_and_who_said_what() {
        let whole = told(GroupAnswer::Motion(Box::new(motion(3, "parce que".into()))));
        let whole = &whole["result"];
        assert_eq!(whole["outcome"], "open");
        assert_eq!(whole["needs"], 1);
        assert_eq!(
            whole["what"],
            json!({"type": "add", "who": {"petname": "karim"}})
        );
        assert_eq!(whole["says"][0]["position"], "object");
        assert_eq!(whole["says"][0]["who"], "me");
        let read: shape::Motion = serde_json::from_value(whole.clone()).unwrap();
        assert_eq!(read.outcome, shape::Outcome::Open { needs: 1 });
        let group = told(GroupAnswer::Group(Box::new(card(vec![motion(
            3,
            String::new(),
        )]))));
        assert_eq!(group["result"]["name"], "local");
        let read: shape::Group = serde_json::from_value(group["result"].clone()).unwrap();
        assert_eq!(read.motions[0].says, []);
        assert_eq!(read.policy, shape::GroupPolicy::default());
    }

    #[test]
    fn what_is_proposed_is_read_whole_or_not_at_all() {
        let propose = |what: Value| {
            let asked = asked("group.propose", json!({"name": "local", "what": what}));
            asked.map(|asked| match asked {
                AskGroup::Propose { what, hours: 0, .. } => what,
                _ => panic!("it is no proposal"),
            })
        };
        let hash = "ab".repeat(32);
        let text = propose(json!({"type": "text", "file": hash}));
        assert!(
            matches!(text, Ok(core::Proposal::Text { file: Some(hash) }) if hash == [0xAB; 32])
        );
        let policy = json!({
            "preset": {"of": 5}, "add_hours": 1, "promote_hours": 2, "hours": 3,
            "spectator_days": 4, "silent_days": 7,
        });
        let policy = propose(json!({"type": "policy", "policy": policy}));
        let Ok(core::Proposal::Policy(policy)) = policy else {
            panic!("it is no policy");
        };
        assert_eq!(
            (policy.preset, policy.silent_days),
            (core::Preset::Of(5), 7)
        );
        for wrong in [
            json!({"type": "text", "file": "ab"}),
            json!({"type": "text", "file": "zz".repeat(32)}),
            json!({"type": "add"}),
            json!({"type": "add", "who": "zoé", "now": true}),
            json!({"type": "depose", "who": "zoé"}),
        ] {
            assert!(matches!(propose(wrong), Err(Fault::BadParams(_))));
        }
    }

    #[test]
    fn an_event_of_a_group_is_read_as_it_was_written() {
        let (motion, outcome) = (3, core::Outcome::Open { needs: 2 });
        for news in [
            core::GroupNews::Moved { motion, outcome },
            core::GroupNews::In(core::Named::Friend("zoé".into())),
            core::GroupNews::Out(core::Named::Me),
            core::GroupNews::Ended,
        ] {
            let name = "local".to_owned();
            let event = shape::Event::from(core::Event::Group { name, news });
            let written = serde_json::to_string(&event).unwrap();
            assert!(written.starts_with(r#"{"type":"group","name":"local","news":""#));
            assert_eq!(
                serde_json::from_str::<shape::Event>(&written).unwrap(),
                event
            );
        }
    }
}
