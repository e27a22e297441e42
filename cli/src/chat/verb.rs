//! Verbs of the command line, typed in a conversation behind a slash: the same parser, the same
//! sentences, caught instead of printed.

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::{Said, Talk};
use crate::exit::Failed;
use crate::words::msg;
use crate::{args, out, verbs};

/// Those that neither stay, nor ask, nor need the terminal for themselves.
pub(crate) const HERE: &[&str] = &[
    "contact",
    "introduce",
    "waiting",
    "name",
    "why",
    "edit",
    "mailbox",
    "token",
    "group",
    "history",
    "status",
    "doctor",
    "lock",
];

/// Options that wait for somebody else: meanwhile nothing could be read or typed.
const WAITS: &[&str] = &["wait", "wait-online"];

impl Talk<'_> {
    /// Does what these words say; what would be printed is a page.
    pub(super) fn verb(&mut self, typed: Vec<String>) -> Result<(), Failed> {
        let Some(typed) = self.whole(typed) else {
            return Ok(());
        };
        let words = &self.context.words;
        let read = args::command(words).try_get_matches_from(
            ["kith", "--no-input"]
                .into_iter()
                .chain(typed.iter().map(String::as_str)),
        );
        if let Some(option) = read.as_ref().ok().and_then(waits) {
            self.say(&msg!("chat-waits", option = format!("--{option}")));
            return Ok(());
        }
        let (done, shown) = match read {
            Ok(matches) => out::caught(|| verbs::run(&self.context.unasked(), &matches)),
            Err(help) if help.kind() == clap::error::ErrorKind::DisplayHelp => {
                (Ok(crate::exit::Exit::OK), help.render().to_string())
            }
            Err(wrong) => {
                let typed: Vec<_> = typed.iter().map(Into::into).collect();
                (Err(args::explain(words, &typed, &wrong)), String::new())
            }
        };
        let shown = shown.trim_end();
        match shown.lines().count() {
            0 => {}
            1 => self.said.push(Said::Line(shown.to_owned())),
            _ => self.said.push(Said::Page(shown.to_owned())),
        }
        if let Err(failed) = done {
            self.tell_failed(&failed);
        }
        Ok(())
    }

    /// The words of a command line: short forms mean whom bare lines go to.
    fn whole(&mut self, mut typed: Vec<String>) -> Option<Vec<String>> {
        // Standard input belongs to who types.
        typed.retain(|word| word != "-");
        let to = self.to.clone();
        match (typed.first().map(String::as_str), typed.len(), to) {
            (Some("timer"), 2, Some(to)) if !self.is_group(&to) => {
                let limit = typed.pop().unwrap_or_default();
                Some(
                    ["history", &to, "--timer", &limit]
                        .map(str::to_owned)
                        .into(),
                )
            }
            (Some("timer"), ..) => {
                self.say(&msg!("chat-timer"));
                None
            }
            (Some("group"), 1, Some(to)) if self.is_group(&to) => {
                Some(["group", "show", &to].map(str::to_owned).into())
            }
            _ => Some(typed),
        }
    }
}

/// The option by which it would wait, if it has one.
fn waits(matches: &ArgMatches) -> Option<&'static str> {
    let leaf = args::leaf(matches);
    let is_there = |option: &&&str| {
        let given = leaf.try_contains_id(option).is_ok_and(|given| given);
        given && leaf.value_source(option) == Some(ValueSource::CommandLine)
    };
    WAITS.iter().find(is_there).copied()
}
