//! How far something has come, while it lasts: a bar on the terminal of a person, lines for a program,
//! nothing for a file or a screen reader.

use std::io::{IsTerminal, stderr};

use serde::Serialize;

use crate::call::Context;
use crate::exit::Failed;
use crate::words::msg;
use crate::{out, view};

/// Cells of a bar.
const CELLS: u64 = 20;
/// Goes to the line's beginning and clears it.
const CLEAR: &str = "\r\u{1b}[K";

/// One thing that takes its time. The bar goes when it is dropped.
pub(crate) struct Progress<'a> {
    context: &'a Context,
    id: u32,
    label: String,
    /// Whether there is a person who sees it move.
    bar: bool,
    /// What was shown last.
    last: Option<u64>,
}

/// The same for a program.
#[derive(Serialize)]
struct Step {
    r#type: &'static str,
    id: u32,
    done: u64,
    bytes: u64,
}

impl<'a> Progress<'a> {
    /// Of the file `id`, shown behind `label`.
    pub(crate) fn new(context: &'a Context, id: u32, label: String) -> Self {
        Self {
            context,
            id,
            label,
            bar: context.draws() && stderr().is_terminal(),
            last: None,
        }
    }

    /// So much of it is done.
    pub(crate) fn at(&mut self, done: u64, bytes: u64) -> Result<(), Failed> {
        let percent = done.saturating_mul(100) / bytes.max(1);
        if self.last.replace(percent) == Some(percent) {
            return Ok(());
        }
        if self.context.json {
            return self.context.json(Step {
                r#type: "progress",
                id: self.id,
                done,
                bytes,
            });
        }
        if self.bar {
            let bar = drawn(percent);
            let sizes = msg!(
                "progress-sizes",
                done = view::size(done),
                all = view::size(bytes)
            );
            let sizes = self.context.words.say(&sizes);
            out::over(&format!("{CLEAR}{} {bar} {percent} %  {sizes}", self.label))?;
        }
        Ok(())
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if self.bar && self.last.is_some() {
            let _ = out::over(CLEAR);
        }
    }
}

/// `[########............]`
fn drawn(percent: u64) -> String {
    let full = (percent.min(100) * CELLS / 100) as usize;
    let rest = CELLS as usize - full;
    format!("[{}{}]", "#".repeat(full), ".".repeat(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_empty_at_first_full_at_last_and_never_wider() {
        assert_eq!(drawn(0), format!("[{}]", ".".repeat(20)));
        assert_eq!(drawn(50), format!("[{}{}]", "#".repeat(10), ".".repeat(10)));
        assert_eq!(drawn(99), format!("[{}.]", "#".repeat(19)));
        assert_eq!(drawn(100), drawn(1000));
    }
}
