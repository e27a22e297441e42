//! Tokens: which friends may put parcels into my boxes, and into whose I may. They are given inside the
//! session, some at once, more when few are left; who has none asks. PROTOCOL §5.

use crate::engine::people::count;
use crate::engine::saved::Saved;
use crate::engine::{Addr, Answer, AskTokens, Engine, Refusal, TokenCount};
use crate::friend::{Friend, What, is_public};
use crate::invite::Code;
use crate::limits::{TOKENS_LOW, TOKENS_PER_BATCH_MAX, TOKENS_UNASKED_DAYS};
use crate::mailbox::BoxId;
use crate::message::{Secret, Tokens};
use crate::secret::Key;
use crate::time::DAY_MINUTES;
use crate::token::Token;

impl Engine {
    /// A person asks something about tokens.
    pub(in crate::engine) fn tokens(&mut self, ask: AskTokens) -> Result<Answer, Refusal> {
        match ask {
            AskTokens::List => {}
            AskTokens::Grant { name } => self.grant_tokens(&name)?,
            AskTokens::Revoke { name } => {
                let no = self.keeper_called(&name)?;
                self.room_in_outbox(no)?;
                let kib = self.mine(no).map(|mine| mine.asked_kib);
                self.renew_box(no, kib.ok_or(Refusal::NoMailbox)?);
            }
        }
        Ok(Answer::Tokens {
            given: self.tokens_given(),
            held: self.tokens_held(),
        })
    }

    fn grant_tokens(&mut self, name: &str) -> Result<(), Refusal> {
        let to = self.computers_of(name)?;
        let keepers: Vec<_> = self.keepers().collect();
        if keepers.iter().all(|keeper| to.contains(keeper)) {
            return Err(Refusal::NoMailbox);
        }
        for no in to {
            self.not_blocked(no)?;
            self.room_in_outbox(no)?;
            keepers.iter().for_each(|keeper| {
                self.give_batch(no, *keeper);
            });
        }
        Ok(())
    }

    /// Friends who keep a box of mine.
    pub(in crate::engine) fn keepers(&self) -> impl Iterator<Item = u32> {
        let friends = self.friends.iter();
        let mine = |no: u32| self.mine(no).is_some_and(|it| it.granted_kib.is_some());
        friends.filter_map(move |(no, _)| mine(*no).then_some(*no))
    }

    fn tokens_given(&self) -> Vec<TokenCount> {
        let mut all = Vec::new();
        for (no, friend) in &self.friends {
            for given in &friend.post.boxes.given {
                let of = |keeper: &u32| self.mine(*keeper).is_some_and(|it| it.id == given.id);
                let keeper = self.friends.keys().find(|keeper| of(keeper));
                all.extend(keeper.map(|keeper| TokenCount {
                    petname: self.petname(*no),
                    keeper: Some(self.petname(*keeper)),
                    tokens: given.tokens,
                }));
            }
        }
        all.sort_by(|a, b| (&a.keeper, &a.petname).cmp(&(&b.keeper, &b.petname)));
        all
    }

    fn tokens_held(&self) -> Vec<TokenCount> {
        let friends = self.friends.values();
        let mut all: Vec<_> = friends
            .flat_map(|friend| {
                let boxes = friend.post.held.values();
                boxes.map(|held| TokenCount {
                    petname: friend.petname.as_str().to_owned(),
                    keeper: None,
                    tokens: count(held.len()),
                })
            })
            .collect();
        all.sort_by(|a, b| a.petname.cmp(&b.petname));
        all
    }

    /// Who has no tokens of this box yet gets some.
    pub(super) fn give_to_all(&mut self, keeper: u32) {
        let friends: Vec<_> = self.friends.keys().copied().collect();
        for no in friends {
            self.give_first(no, keeper);
        }
    }

    /// A friend who came, or came back, gets tokens of each box of which they have none, or have got none
    /// for days.
    pub(in crate::engine) fn give_missing(&mut self, no: u32) {
        let keepers: Vec<_> = self.keepers().collect();
        for keeper in keepers {
            self.give_first(no, keeper);
            if self.got_none_lately(no, keeper) {
                self.give_batch(no, keeper);
            }
        }
    }

    /// Whether this friend has tokens of the box that another one keeps, but none that are new or on
    /// their way.
    fn got_none_lately(&self, no: u32, keeper: u32) -> bool {
        let today = self.now.minutes() / DAY_MINUTES;
        let (Some(mine), Some(friend)) = (self.mine(keeper), self.friends.get(&no)) else {
            return false;
        };
        let boxes = &friend.post.boxes;
        boxes.got_none_for(&mine.id, TOKENS_UNASKED_DAYS, today)
            && !friend.outbox.has(|it| it.what == What::Tokens(keeper))
    }

    fn give_first(&mut self, no: u32, keeper: u32) {
        let (Some(mine), Some(friend)) = (self.mine(keeper), self.friends.get(&no)) else {
            return;
        };
        if !friend.post.boxes.has_of(&mine.id) {
            self.give_batch(no, keeper);
        }
    }

    /// Who has not been there for days gets tokens by post if they have got none for as long.
    pub(in crate::engine) fn give_unasked(&mut self) {
        let since = self.now.minutes();
        let since = since.saturating_sub(TOKENS_UNASKED_DAYS * DAY_MINUTES);
        let gone = self.friends.iter().filter(|(_, friend)| {
            friend.live.link.is_none() && friend.traffic.last_seen_min <= since
        });
        let gone: Vec<_> = gone.map(|(no, _)| *no).collect();
        for keeper in self.keepers().collect::<Vec<_>>() {
            for no in &gone {
                if self.got_none_lately(*no, keeper) {
                    self.give_batch(*no, keeper);
                }
            }
        }
    }

    /// A friend gets tokens of the box that another one keeps. Not of one that they keep themselves:
    /// I go there anyway.
    fn give_batch(&mut self, no: u32, keeper: u32) -> Option<()> {
        let id = self.mine(keeper)?.id;
        let minute = self.now.minutes();
        let friend = self.friends.get_mut(&no)?;
        let apt = friend.settled && !friend.private.blocked && no != keeper;
        let boxes = &mut friend.post.boxes;
        if !apt || !boxes.may_get(&id, minute / DAY_MINUTES) {
            return None;
        }
        if friend
            .outbox
            .has(|it| it.waits() && it.what == What::Tokens(keeper))
        {
            return None;
        }
        boxes.got(id, TOKENS_PER_BATCH_MAX as u32, minute);
        self.mark(Saved::Boxes(no));
        self.say(no, What::Tokens(keeper), true);
        Some(())
    }

    /// A box of mine is no more: whoever has tokens of it is told.
    pub(super) fn box_is_gone(&mut self, id: BoxId) {
        let friends = self.friends.iter_mut();
        let told = friends.filter_map(|(no, friend)| {
            let had = friend.post.boxes.forget(&id);
            had.then_some(*no)
        });
        for no in told.collect::<Vec<_>>() {
            self.mark(Saved::Boxes(no));
            self.say(no, What::NoBox(id), true);
        }
    }

    /// Who keeps a box of mine may be elsewhere by now: whoever has tokens of it is told.
    pub(in crate::engine) fn follow_keepers(&mut self) {
        let keepers: Vec<_> = self.keepers().collect();
        for keeper in keepers {
            let Some(friend) = self.friends.get_mut(&keeper) else {
                continue;
            };
            let addrs = told_of(friend);
            let Some(mine) = friend.post.boxes.mine.as_mut() else {
                continue;
            };
            // Which of them answered last changes from day to day, and is no news.
            let same = mine.told.len() == addrs.len();
            let same = same && addrs.iter().all(|addr| mine.told.contains(addr));
            if addrs.is_empty() || same {
                continue;
            }
            let first = mine.told.is_empty();
            mine.told = addrs;
            let id = mine.id;
            self.mark(Saved::Boxes(keeper));
            let have = self.friends.iter();
            let have = have.filter(|(_, friend)| !first && friend.post.boxes.has_of(&id));
            for no in have.map(|(no, _)| *no).collect::<Vec<_>>() {
                self.say(no, What::Moved(keeper), true);
            }
        }
    }

    /// What is said about tokens. Serials are drawn here, so each is in one parcel.
    pub(super) fn token_words(&mut self, no: u32, what: What) -> Option<Tokens> {
        match what {
            What::Tokens(keeper) => {
                let friend = self.friends.get_mut(&keeper)?;
                let addrs = told_of(friend);
                let mine = friend.post.boxes.mine.as_mut()?;
                let tokens = mine.draw_tokens(&mut self.entropy);
                let generation = tokens.first()?.serial().generation;
                let token = |token: &Token| (token.serial().number, secret(token.key()));
                let tokens = tokens.iter().map(token).collect();
                let keys = mine.keys();
                self.mark(Saved::Boxes(keeper));
                Some(Tokens {
                    id: *keys.id(),
                    generation,
                    door: secret(keys.door().secret()),
                    addrs,
                    tokens,
                })
            }
            What::Moved(keeper) => {
                let mine = self.mine(keeper)?;
                Some(Tokens::bare(mine.id, mine.told.clone()))
            }
            What::MoreTokens(id) => {
                let post = &self.friends.get(&no)?.post;
                post.place_of(&id).map(|_| Tokens::bare(id, Vec::new()))
            }
            What::NoBox(id) => Some(Tokens::bare(id, Vec::new())),
            _ => None,
        }
    }

    /// A friend gave tokens, asks for some, or says what became of a box of theirs.
    pub(in crate::engine) fn they_say_of_tokens(&mut self, no: u32, tokens: &Tokens) -> Option<()> {
        let of_mine = |keeper: &u32| self.mine(*keeper).is_some_and(|it| it.id == tokens.id);
        let mut keepers = self.friends.keys();
        if let Some(keeper) = keepers.find(|keeper| of_mine(keeper)).copied() {
            return tokens
                .tokens
                .is_empty()
                .then(|| self.give_batch(no, keeper))?;
        }
        let Friend { post, live, .. } = self.friends.get_mut(&no)?;
        // What is new, or elsewhere, inherits no rest.
        let before = post.place_of(&tokens.id);
        let before = before.and_then(|place| post.held.get(&place));
        let same = before.is_some_and(|held| held.addrs == tokens.addrs);
        if !tokens.tokens.is_empty() {
            let (place, gone) = post.take(tokens);
            if !same {
                live.visits.begins_anew(place);
            }
            self.mark(Saved::Held(no, place));
            self.dirty.extend(gone.map(|gone| Saved::Held(no, gone)));
            return Some(());
        }
        let place = post.place_of(&tokens.id)?;
        match tokens.addrs.is_empty() {
            true => {
                post.held.remove(&place);
                self.box_left_behind(no, &tokens.id);
            }
            false => {
                let held = post.held.get_mut(&place)?;
                held.addrs.clone_from(&tokens.addrs);
                if !same {
                    live.visits.begins_anew(place);
                }
            }
        }
        self.mark(Saved::Held(no, place));
        Some(())
    }

    /// A box of a friend's is no more: what I left there goes again.
    fn box_left_behind(&mut self, no: u32, id: &BoxId) {
        let friend = self.friends.get_mut(&no);
        let again = friend.map(|friend| friend.outbox.box_is_gone(id));
        for entry in again.into_iter().flatten() {
            self.mark(Saved::Left(entry));
        }
        self.post_soon(no);
    }

    /// Asks for more tokens of each of a friend's boxes of which few are left.
    pub(super) fn ask_for_tokens(&mut self, no: u32) {
        let friend = self.friends.get(&no);
        let places = friend.map(|friend| friend.post.held.keys().copied().collect());
        let places: Vec<_> = places.unwrap_or_default();
        places.into_iter().for_each(|place| self.top_up(no, place));
    }

    /// Asks for more tokens of a friend's box once few are left, once a day.
    pub(in crate::engine) fn top_up(&mut self, no: u32, place: u32) {
        let age = self.age.minutes();
        let friend = self.friends.get_mut(&no);
        let held = friend.and_then(|friend| friend.post.held.get_mut(&place));
        let Some(held) = held.filter(|held| held.len() < TOKENS_LOW) else {
            return;
        };
        let asked = held.asked.map(|asked| age.saturating_sub(asked));
        if asked.is_some_and(|since| since < DAY_MINUTES) {
            return;
        }
        held.asked = Some(age);
        let id = held.id;
        self.mark(Saved::Held(no, place));
        self.say(no, What::MoreTokens(id), true);
    }
}

/// Where my friends are told that this one is, who keeps a box of mine: as they say it themselves, if they
/// do; nothing of the inside of their network, unless they are nowhere else.
fn told_of(keeper: &Friend) -> Vec<Addr> {
    let said = keeper.roads.theirs();
    let known = if said.is_empty() { &keeper.addrs } else { said };
    let public = known.iter().copied().filter(is_public);
    let public: Vec<_> = public.collect();
    Code::fitting(if public.is_empty() { known } else { &public })
}

/// Copied where it stays, and nowhere on the way.
pub(super) fn secret<P>(key: &Key<P>) -> Secret {
    let mut secret = Secret::default();
    secret.copy_from_slice(key.expose());
    secret
}
