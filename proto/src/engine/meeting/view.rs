//! How a meeting stands, for whoever shows it to its people.

use super::{Held, Table};
use crate::engine::{End, Engine, Meeting, Person, Stage};

impl Engine {
    pub(super) fn meeting_view(&self) -> Option<Meeting> {
        match self.meetings.now.as_ref()? {
            Held::Over(view) => Some((**view).clone()),
            Held::Live(table) => Some(self.view_of(table, stage(table))),
        }
    }

    /// The same at its end.
    pub(super) fn view_of_end(&self, end: End) -> Option<Meeting> {
        match self.meetings.now.as_ref()? {
            Held::Over(_) => None,
            Held::Live(table) => Some(self.view_of(table, Stage::Over(end))),
        }
    }

    fn view_of(&self, table: &Table, stage: Stage) -> Meeting {
        let others = table.guest.others().into_iter();
        let people = others.map(|(who, nick, point)| Person {
            who,
            nick,
            petname: self.called(who, &point),
            standing: self.standing(who),
        });
        let people = people.collect();
        let opened = table.opened.as_ref();
        let board = opened.filter(|_| table.secret.is_some());
        Meeting {
            mine: opened.is_some(),
            addrs: opened.map_or_else(Vec::new, |opened| opened.addrs.clone()),
            secret: board.map_or_else(Vec::new, |_| table.secret.words()),
            nick: table.nick.clone(),
            people,
            again: table.guest.broken_off(),
            stage,
        }
    }
}

/// What it waits for.
fn stage(table: &Table) -> Stage {
    if let Some(end) = &table.done {
        return Stage::Over(end.clone());
    }
    match table.guest.gathers() {
        Some((counted, false)) => return Stage::Gathering { counted },
        Some((_, true)) => return Stage::Agreeing,
        None => {}
    }
    let Some(agreed) = table.guest.agreed() else {
        return Stage::Opening;
    };
    match &table.lines {
        _ if agreed.was_heard() => Stage::Naming,
        None => Stage::Ticking {
            words: agreed.words(),
        },
        Some(lines) if lines.picked => Stage::Ticking { words: Vec::new() },
        Some(lines) => Stage::Listening {
            lines: lines.lines.clone(),
        },
    }
}
