//! Names and commands, completed as far as they are certain.

use super::super::keys::KEYS;
use super::State;
use crate::chat::HERE;

impl State {
    /// Completes a name or a command, as far as it is certain; says which there are.
    pub(super) fn complete(&mut self) {
        let typed = self.input.before();
        let Some((sign, begun)) = typed.char_indices().next().map(|(_, sign)| {
            let rest = typed.get(sign.len_utf8()..).unwrap_or("");
            (sign, rest.to_owned())
        }) else {
            return;
        };
        let known: Vec<String> = match sign {
            '@' | '#' => self.rooms.iter().map(|room| room.name.clone()).collect(),
            '/' => match begun.strip_prefix("who ") {
                Some(_) => self
                    .rooms
                    .iter()
                    .map(|room| format!("who {}", room.name))
                    .collect(),
                None => commands(),
            },
            _ => return,
        };
        let fits: Vec<_> = known
            .iter()
            .filter(|name| name.starts_with(&begun))
            .collect();
        let Some(more) = common(&fits).and_then(|all| all.get(begun.len()..).map(str::to_owned))
        else {
            return;
        };
        self.input.insert(&more);
        match fits.len() {
            1 => {
                self.input.insert(" ");
            }
            _ if more.is_empty() => {
                let names = fits.iter().map(|name| name.as_str()).collect::<Vec<_>>();
                self.say(names.join("  "));
            }
            _ => {}
        }
    }
}

/// All that can stand behind a slash.
fn commands() -> Vec<String> {
    let own = KEYS.iter().filter_map(|key| key.command?.strip_prefix('/'));
    let mut all: Vec<_> = own.chain(HERE.iter().copied()).map(str::to_owned).collect();
    all.push("all".to_owned());
    all.sort();
    all.dedup();
    all
}

/// What all of them begin with.
fn common(names: &[&String]) -> Option<String> {
    let (first, rest) = names.split_first()?;
    let mut common = (*first).clone();
    for name in rest {
        while !name.starts_with(&common) {
            common.pop();
        }
    }
    Some(common)
}
