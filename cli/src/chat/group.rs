//! Groups in a conversation: who is there and who watches, and a question before what would reach a
//! machine in other hands.

use kith_node::control::params::Send;
use kith_node::control::shape::{GroupNews, Sent};

use super::Talk;
use crate::exit::Failed;
use crate::group;
use crate::view;
use crate::words::{Msg, Words, msg};

impl Talk<'_> {
    /// Whether this name is a group's.
    pub(crate) fn is_group(&mut self, name: &str) -> bool {
        group::of_name(&mut self.node, name).is_ok_and(|found| found.is_some())
    }

    /// Whom bare lines go to now, and who reads along.
    pub(super) fn introduce_group(&mut self, name: &str) -> Result<(), Failed> {
        let card = self.node.group(name)?;
        let row = view::group_row(&self.context.words, &card.row);
        let (group, about) = (
            view::group(name),
            row.into_iter().skip(1).collect::<String>(),
        );
        self.say(&msg!("chat-to-group", group = group, about = about));
        Ok(())
    }

    /// What stands before a line to a group: who watches is named each time.
    pub(super) fn group_prompt(&mut self, name: &str) -> Msg {
        let group = view::group(name);
        let card = self.node.group(name);
        let names = card.map(|card| group::names(&self.context.words, &group::watchers(&card)));
        match names {
            Ok(names) if !names.is_empty() => {
                msg!("prompt-to-watched", group = group, names = names)
            }
            _ => msg!("prompt-to-group", group = group),
        }
    }

    /// The text, if it reaches no machine that is said to be in other hands; otherwise it waits for a
    /// yes, each time, or does not go where nobody can say one.
    pub(super) fn sure_of_group(&mut self, to: &str, text: String, to_all: bool) -> Option<String> {
        let card = self.node.group(to).ok();
        let words = &self.context.words;
        let reported = card.as_ref().map(|card| group::reported(card, to_all));
        let names = match reported {
            Some(who) if !who.is_empty() => group::names(words, &who),
            _ => return Some(text),
        };
        self.unsure_of_machines(names, to, text, to_all);
        None
    }

    /// Machines that it would reach are said to be in other hands: it waits for a yes, or goes nowhere
    /// where nobody can give one.
    pub(super) fn unsure_of_machines(&mut self, names: String, to: &str, text: String, all: bool) {
        self.say(&msg!("reported-first", names = names));
        match self.asks {
            true => self.ask(to, text, all),
            false => self.say(&msg!("unmet-not-sent")),
        }
    }

    /// Sends to a group's spectators too.
    pub(super) fn say_all(&mut self, text: String) -> Result<(), Failed> {
        match self.to.clone() {
            Some(to) if self.is_group(&to) => match self.sure_of_group(&to, text, true) {
                Some(text) => self.send(&to, text, true),
                None => Ok(()),
            },
            _ => {
                self.say(&msg!("chat-to-no-group"));
                Ok(())
            }
        }
    }

    /// Sends as this line is for members alone, or for spectators too.
    pub(super) fn post(&mut self, send: &Send, to_all: bool) -> Result<Option<Sent>, Failed> {
        self.answer(|node| match to_all {
            true => node.group_send(send),
            false => node.send(send),
        })
    }
}

/// What happened in a group, in one sentence.
pub(super) fn news(words: &Words, name: &str, news: &GroupNews) -> Msg {
    let group = view::group(name);
    let named = |who| view::named(words, who);
    match news {
        GroupNews::Asked { by, .. } => msg!(
            "state-group-asked",
            group = view::proposed(words, name),
            name = view::name(by)
        ),
        GroupNews::Here { who } => msg!("state-group-here", group = group, name = named(who)),
        GroupNews::Proposed { motion } => {
            msg!(
                "state-group-proposed",
                group = group,
                id = motion.to_string(),
                name = view::name(name)
            )
        }
        GroupNews::Moved { motion, outcome } => msg!(
            "state-group-moved",
            group = group,
            id = motion.to_string(),
            outcome = view::outcome(words, *outcome)
        ),
        GroupNews::In { who } => msg!("state-group-in", group = group, name = named(who)),
        GroupNews::Out { who } => msg!("state-group-out", group = group, name = named(who)),
        GroupNews::Ended => msg!("state-group-ended", group = group),
        GroupNews::Suspended { who } => {
            msg!("state-group-suspended", group = group, name = named(who))
        }
        GroupNews::Lifted { who } => msg!("state-group-lifted", group = group, name = named(who)),
        GroupNews::Reported { who, by } => msg!(
            "state-group-reported",
            group = group,
            name = named(who),
            by = view::name(by)
        ),
        GroupNews::Doubt => msg!("state-group-doubt", group = group, name = view::name(name)),
        GroupNews::Split => msg!("state-group-split", group = group, name = view::name(name)),
    }
}
