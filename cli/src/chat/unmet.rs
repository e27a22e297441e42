//! The question before the first line to somebody not met: asked once for each of them, where
//! somebody can answer; said elsewhere.

use super::{Said, Talk};
use crate::exit::Failed;
use crate::unmet::{is_first, is_unmet};
use crate::view;
use crate::when::Clock;
use crate::words::{is_yes, msg};

/// A line that waits for a yes, and whom it is for.
pub(super) struct Unsure {
    pub(super) to: String,
    pub(super) text: String,
    /// For a group's spectators too.
    pub(super) to_all: bool,
}

impl Talk<'_> {
    /// The text, if it may go now; otherwise it waits for what is typed next.
    pub(super) fn sure(&mut self, to: &str, text: String) -> Option<String> {
        if self.is_group(to) {
            return self.sure_of_group(to, text, false);
        }
        // Whoever cannot be looked up is refused when they are written to.
        let Ok(contact) = self.node.contact(to) else {
            return Some(text);
        };
        if contact.reported {
            self.unsure_of_machines(view::name(to), to, text, false);
            return None;
        }
        if self.spoken_to.contains(to) {
            return Some(text);
        }
        let first = is_first(&mut self.node, &contact);
        self.spoken_to.insert(to.to_owned());
        if !first {
            return Some(text);
        }
        let how = view::how(&self.context.words, &Clock::now(), &contact);
        self.say(&msg!("unmet-first", name = view::name(to), how = how));
        if !self.asks {
            return Some(text);
        }
        self.ask(to, text, false);
        None
    }

    /// A line waits for a yes.
    pub(super) fn ask(&mut self, to: &str, text: String, to_all: bool) {
        let to = to.to_owned();
        self.said.push(Said::Asked);
        self.unsure = Some(Unsure { to, text, to_all });
    }

    /// What waits for a yes never gets one.
    pub(crate) fn doubt_no_more(&mut self) {
        if let Some(unsure) = self.unsure.take() {
            self.forget(unsure);
        }
    }

    /// The node is locked: no line waits for a yes, and before the next one everything is asked again.
    pub(crate) fn forget_doubts(&mut self) {
        self.doubt_no_more();
        self.spoken_to.clear();
    }

    /// What was typed after the question; the line goes, or is forgotten. Whether it is only that: a
    /// command is obeyed besides.
    pub(super) fn decide(&mut self, unsure: Unsure, answer: &str) -> Result<bool, Failed> {
        if is_yes(answer) {
            self.send(&unsure.to, unsure.text, unsure.to_all)?;
            return Ok(true);
        }
        self.forget(unsure);
        Ok(!answer.starts_with('/'))
    }

    /// What was not agreed to is asked about again.
    fn forget(&mut self, unsure: Unsure) {
        self.spoken_to.remove(&unsure.to);
        self.say(&msg!("unmet-not-sent"));
    }

    /// What stands before the line that is typed next.
    pub(crate) fn prompt(&mut self) -> String {
        let said = match (self.unsure.is_some(), self.to.clone()) {
            (true, _) => msg!("unmet-ask"),
            (false, None) => msg!("prompt-nobody"),
            (false, Some(to)) if self.is_group(&to) => self.group_prompt(&to),
            (false, Some(to)) => {
                let name = view::name(&to);
                match self.node.contact(&to) {
                    Ok(contact) if contact.silent => msg!("prompt-to-silent", name = name),
                    Ok(contact) if is_unmet(&contact) => msg!("prompt-to-unmet", name = name),
                    _ => msg!("prompt-to", name = name),
                }
            }
        };
        self.context.words.say(&said)
    }
}
