//! What people and the network do, drawn by chance.

use super::*;
use crate::keeper;

impl Storm {
    pub(super) fn something_happens(&mut self) {
        let at = self.draw(self.count() as u64) as usize;
        match self.draw(32) {
            0..=7 => self.tells(at, false),
            8..=10 => self.tells(at, true),
            11..=13 => self.proposes(at),
            14..=18 => self.answers(at),
            19 => self.withdraws(at),
            20 => self.network_splits(),
            21 => self.net.splits(BTreeMap::new()),
            22 => self.goes_or_comes(at),
            23 => self.net.starts_again(at),
            24 => self.stops_soon(at),
            25 => self.joins(at),
            26 => self.loses_or_not(),
            27 if self.draw(6) == 0 => self.leaves(at),
            27 | 28 => self.lies(),
            _ => {
                let hours = 1 + self.draw(10);
                self.hours_pass(hours);
            }
        }
        // What was said passes, or does not any more.
        if self.draw(3) == 0 {
            self.minutes_pass(2);
        }
        self.reads(at);
    }

    /// Within the next hours, in the middle of whatever it does then.
    fn stops_soon(&mut self, at: usize) {
        let written = self.draw(2) == 0;
        self.trace.push(format!("{at} stops, written: {written}"));
        self.stops = Some((at, written));
        let hours = 1 + self.draw(6);
        self.hours_pass(hours);
        self.stops = None;
    }

    fn loses_or_not(&mut self) {
        self.net.lost = match self.draw(3) {
            0 => |number| number % 11 == 4,
            1 => |number| number % 37 == 5,
            _ => |_| false,
        };
    }

    fn minutes_pass(&mut self, minutes: u64) {
        for _ in 0..minutes {
            self.ms_pass(HOUR_MS / 60);
        }
    }

    pub(super) fn hours_pass(&mut self, hours: u64) {
        self.trace.push(format!("{hours} h"));
        self.hours += hours;
        for _ in 0..hours {
            self.ms_pass(HOUR_MS);
        }
        // Links are there again, and what waited goes.
        self.minutes_pass(1);
    }

    fn ms_pass(&mut self, ms: u64) {
        self.net.now.wall_ms += ms;
        self.net.now.boot_ms += ms;
        for at in 0..self.count() {
            self.net.posts.push_back((at, keeper::Input::Tick));
            self.net.queue.push_back((at, Input::Tick));
        }
        // Never while a person asks: who is not answered does not know what became of it.
        self.net.dies = self.stops.take();
        self.net.run();
        self.stops = self.net.dies.take();
        (self.net.flights, self.net.sent) = (Vec::new(), Vec::new());
        self.net.ends.retain(|_, end| end.other.is_some());
    }

    /// Everybody on the list that somebody is shown, to whom what they say goes.
    fn listeners(card: &GroupCard, to_all: bool) -> BTreeSet<usize> {
        let reads = |it: &&Seated| !it.suspended && it.unreached == 0 && (to_all || !it.spectator);
        let people = card.people.iter().filter(reads);
        people.filter_map(|it| index(&it.who)).collect()
    }

    pub(super) fn tells(&mut self, at: usize, to_all: bool) {
        let Some(card) = self.card(at) else {
            return;
        };
        let to = Self::listeners(&card, to_all);
        let text = format!("parole {} de {}", self.told.len(), NAMES[at]);
        let (name, said) = (NAME.to_owned(), Said::new(text.as_bytes().to_vec()));
        let request = match to_all {
            true => Request::Group(AskGroup::SendAll {
                name,
                text: said,
                limit_min: 0,
            }),
            false => Request::Send {
                to: name,
                text: said,
                limit_min: 0,
            },
        };
        if self.net.ask(at, request).is_ok() {
            self.trace.push(format!("{at} says {text} to {to:?}"));
            self.told.push(Told {
                by: at,
                text,
                to_all,
                to,
            });
        }
    }

    fn somebody(&mut self, card: &GroupCard, which: impl Fn(&Seated) -> bool) -> Option<String> {
        let people = card.people.iter().filter(|it| which(it));
        let names: Vec<_> = people.filter_map(|it| index(&it.who)).collect();
        let drawn = self.draw(names.len() as u64) as usize;
        names.get(drawn).map(|at| NAMES[*at].to_owned())
    }

    fn proposes(&mut self, at: usize) {
        let Some(card) = self.card(at) else {
            return;
        };
        let inside: BTreeSet<_> = card.people.iter().filter_map(|it| index(&it.who)).collect();
        let outside = (0..self.count()).find(|it| *it != at && !inside.contains(it));
        let what = match self.draw(9) {
            0 | 1 => outside.map(|it| Proposal::Add(NAMES[it].into())),
            2 | 3 => self
                .somebody(&card, |it| it.spectator)
                .map(Proposal::Promote),
            4 => self.somebody(&card, |_| true).map(Proposal::Remove),
            5 => self.somebody(&card, |_| true).map(Proposal::Suspend),
            6 => self.somebody(&card, |it| it.suspended).map(Proposal::Lift),
            7 => Some(Proposal::Text { file: None }),
            _ => Some(Proposal::Poll {
                choices: vec!["riz".into(), "pâtes".into()],
            }),
        };
        let Some(what) = what else {
            return;
        };
        if let Ok(card) = self.net.propose(at, what) {
            self.trace
                .push(format!("{at} proposes {}", card.words.join(" ")));
            self.note(at, &card);
        }
    }

    fn note(&mut self, at: usize, card: &MotionCard) {
        let said = self.said.entry((at, card.words.clone())).or_default();
        said.extend(card.mine);
    }

    fn answers(&mut self, at: usize) {
        let Some(card) = self.card(at) else {
            return;
        };
        let open = card.motions.iter().filter(|it| it.open_to_me);
        let open: Vec<_> = open.collect();
        let drawn = self.draw(open.len() as u64) as usize;
        let Some(motion) = open.get(drawn) else {
            return;
        };
        let poll = matches!(motion.what, ProposalCard::Poll(_));
        let position = match self.draw(12) {
            one if poll => Position::Choice(1 + one as u8 % 2),
            0 => Position::Object,
            1 => Position::Ask,
            2 => Position::Abstain,
            _ => Position::Agree,
        };
        let ask = AskGroup::Answer {
            name: NAME.into(),
            motion: motion.id,
            position,
            reason: "voilà".into(),
        };
        if let Ok(GroupAnswer::Motion(card)) = self.net.group(at, ask) {
            self.trace.push(format!(
                "{at} says {position:?} of {}",
                card.words.join(" ")
            ));
            self.note(at, &card);
        }
    }

    fn withdraws(&mut self, at: usize) {
        let Some(card) = self.card(at) else {
            return;
        };
        let mine = card.motions.iter().filter(|it| it.by == Named::Me);
        let Some(motion) = mine.map(|it| it.id).max() else {
            return;
        };
        let name = NAME.into();
        let _ = self.net.group(at, AskGroup::Withdraw { name, motion });
    }

    /// In two, for as long as nobody mends it: at most two weeks, for then the storm is over.
    fn network_splits(&mut self) {
        let sides = (0..self.count()).map(|at| (at, self.draw(2) as u8));
        let sides: BTreeMap<_, _> = sides.collect();
        self.trace.push(format!("split {sides:?}"));
        self.net.splits(sides);
    }

    fn goes_or_comes(&mut self, at: usize) {
        self.trace.push(format!("{at} goes or comes"));
        match self.net.away.contains(&at) {
            true => self.net.comes(at),
            false => self.net.goes(at),
        }
    }

    pub(super) fn joins(&mut self, at: usize) {
        if self.gone.contains(&at) || self.card(at).is_some() {
            return;
        }
        if let Some((id, _)) = self.net.asked(at) {
            let name = NAME.into();
            let joined = self.net.group(at, AskGroup::Join { id, name });
            self.trace.push(format!("{at} joins: {}", joined.is_ok()));
        }
    }

    fn leaves(&mut self, at: usize) {
        self.reads(at);
        let name = NAME.into();
        if self.net.group(at, AskGroup::Leave { name }).is_ok() {
            self.trace.push(format!("{at} leaves"));
            self.gone.insert(at);
        }
    }

    /// Reads all there is to read.
    pub(super) fn reads(&mut self, at: usize) {
        loop {
            let heard = self.net.heard(at);
            if heard.is_empty() {
                return;
            }
            self.shown[at].extend(heard);
            self.net.reads(at);
        }
    }
}

/// Which node somebody is.
pub(super) fn index(who: &Named) -> Option<usize> {
    let Named::Friend(name) = who else {
        return None;
    };
    NAMES.iter().position(|it| it == name)
}
