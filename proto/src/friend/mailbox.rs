//! Boxes in which friends keep parcels for each other: what one friend keeps of mine, what I keep of
//! theirs, and the tokens with which I reach them where others keep theirs. State only. PROTOCOL §5.

use std::collections::BTreeMap;

use bincode::{Decode, Encode};

use crate::kdf::Entropy;
use crate::limits::{
    BOXES_OF_MINE_MAX, TOKEN_BATCHES_PER_DAY_MAX, TOKENS_HELD_MAX, TOKENS_PER_BATCH_MAX,
    TOKENS_PER_GENERATION, TOKENS_RESERVED,
};
use crate::mailbox::{BoxId, BoxKeys, Door, Drawn};
use crate::message::Tokens;
use crate::secret::{self, Kept, Key, Mailbox};
use crate::time::DAY_MINUTES;
use crate::token::{Caveats, Serial, Token};
use crate::wire::Addr;

/// All that passes between one friend and me by keepers.
#[derive(Default)]
pub(crate) struct Post {
    pub boxes: Boxes,
    /// Boxes of this friend's that others keep, by their places on the disk.
    pub held: BTreeMap<u32, Held>,
}

/// What is agreed with this friend, as it is stored.
#[derive(Default, Encode, Decode)]
pub(crate) struct Boxes {
    /// What I would keep for them without being asked again, in KiB; 0 for nothing.
    pub offer_kib: u32,
    /// What they said they would keep for me.
    pub offered_kib: u32,
    pub theirs: Option<Theirs>,
    pub mine: Option<Mine>,
    /// Which boxes of mine they have tokens of.
    pub given: Vec<Given>,
}

/// A box of theirs that I keep, or am to keep.
#[derive(Encode, Decode)]
pub(crate) struct Theirs {
    pub id: BoxId,
    pub key: Kept<Mailbox>,
    pub asked_kib: u32,
    /// What I granted; if nothing, my human is asked.
    pub granted_kib: Option<u32>,
    /// What they were told of that, once it was on the keeper's disk.
    pub told_kib: Option<u32>,
    /// By what a person names the question, and when it came, minutes since 1970.
    pub asks: (u32, u32),
}

/// A box of mine that they keep.
#[derive(Encode, Decode)]
pub(crate) struct Mine {
    pub id: BoxId,
    pub key: Kept<Mailbox>,
    pub asked_kib: u32,
    /// What they granted, once they did.
    pub granted_kib: Option<u32>,
    /// Which tokens of it were given.
    given: Drawn,
    /// Where others were told that its keeper is.
    pub told: Vec<Addr>,
    /// The last stamp at its door.
    pub stamp: u64,
    /// When it was last looked into, minutes since 1970.
    pub fetched_min: u32,
}

/// Tokens of one box of mine that a friend has got.
#[derive(Clone, Encode, Decode)]
pub(crate) struct Given {
    pub id: BoxId,
    /// How many, in all.
    pub tokens: u32,
    /// The last day on which they got any, since 1970, and how many times on that day.
    day: (u32, u32),
}

/// A box of a friend's at somebody's, and the tokens I have of it.
#[derive(Encode, Decode)]
pub(crate) struct Held {
    pub id: BoxId,
    door: Kept<secret::Door>,
    pub addrs: Vec<Addr>,
    tokens: Vec<HeldToken>,
    /// When I last asked for more, in minutes of the node's age.
    pub asked: Option<u32>,
}

/// The right to one visit.
#[derive(Encode, Decode)]
struct HeldToken {
    serial: Serial,
    token: Kept<secret::Token>,
}

impl Boxes {
    /// Whether there is anything to remember.
    pub(crate) fn is_empty(&self) -> bool {
        let Self {
            offer_kib,
            offered_kib,
            theirs,
            mine,
            given,
        } = self;
        let offers = (*offer_kib, *offered_kib) != (0, 0);
        !offers && theirs.is_none() && mine.is_none() && given.is_empty()
    }

    /// Whether they have tokens of this box of mine.
    pub(crate) fn has_of(&self, id: &BoxId) -> bool {
        self.given.iter().any(|given| given.id == *id)
    }

    /// Whether they may get another batch on this day.
    pub(crate) fn may_get(&self, id: &BoxId, today: u32) -> bool {
        let given = self.given.iter().find(|given| given.id == *id);
        given.is_none_or(|it| it.day.0 != today || it.day.1 < TOKEN_BATCHES_PER_DAY_MAX)
    }

    /// Whether they have tokens of this box, the last for so many days.
    pub(crate) fn got_none_for(&self, id: &BoxId, days: u32, today: u32) -> bool {
        let given = self.given.iter().find(|given| given.id == *id);
        given.is_some_and(|it| today.saturating_sub(it.day.0) >= days)
    }

    /// They get a batch.
    pub(crate) fn got(&mut self, id: BoxId, tokens: u32, minute: u32) {
        let today = minute / DAY_MINUTES;
        let before = self.given.iter().find(|given| given.id == id);
        let (all, day) = before.map_or((0, (today, 0)), |given| (given.tokens, given.day));
        let times = if day.0 == today { day.1 } else { 0 };
        self.given.retain(|given| given.id != id);
        self.given.push(Given {
            id,
            tokens: all.saturating_add(tokens),
            day: (today, times.saturating_add(1)),
        });
        // What is older belongs to boxes that are no more.
        let surplus = self.given.len().saturating_sub(2 * BOXES_OF_MINE_MAX);
        self.given.drain(..surplus);
    }

    /// A box of mine is no more. Says whether they had tokens of it.
    pub(crate) fn forget(&mut self, id: &BoxId) -> bool {
        let before = self.given.len();
        self.given.retain(|given| given.id != *id);
        before != self.given.len()
    }
}

impl Mine {
    /// A new box, of which its keeper knows nothing yet.
    pub(crate) fn draw(asked_kib: u32, entropy: &mut Entropy) -> Self {
        Self {
            id: entropy.bytes(),
            key: entropy.key::<Mailbox>().keep(),
            asked_kib,
            granted_kib: None,
            given: Drawn::default(),
            told: Vec::new(),
            stamp: 0,
            fetched_min: 0,
        }
    }

    /// Whether this is what [`Mine::draw`] made and nothing else.
    pub(crate) fn is_sound(&self) -> bool {
        self.given.is_whole()
    }

    /// Its keys.
    pub(crate) fn keys(&self) -> BoxKeys {
        BoxKeys::new(self.id, self.key.key())
    }

    /// Tokens that nobody has, all of one generation.
    pub(crate) fn draw_tokens(&mut self, entropy: &mut Entropy) -> Vec<Token> {
        let keys = self.keys();
        let mut serials = Vec::<Serial>::with_capacity(TOKENS_PER_BATCH_MAX);
        while serials.len() < TOKENS_PER_BATCH_MAX {
            match (self.given.draw(entropy), serials.first()) {
                (Some(new), Some(first)) if new.generation != first.generation => break,
                (Some(new), _) => serials.push(new),
                (None, _) => break,
            }
        }
        serials
            .into_iter()
            .map(|serial| keys.token(serial))
            .collect()
    }
}

impl Held {
    /// How many visits are left.
    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Takes a token out, if this visit may have one: the last ones are kept for visits that begin
    /// with a word about tokens.
    pub(crate) fn take(&mut self, about_tokens: bool) -> Option<Token> {
        if !self.may_visit(about_tokens) {
            return None;
        }
        // The oldest first: generations end.
        let HeldToken { serial, token } = self.tokens.remove(0);
        Some(Token::given(serial, Caveats::default(), token.key()))
    }

    /// The door at which they are used.
    pub(crate) fn door(&self) -> Door {
        Door::new(self.id, self.door.key())
    }

    /// Whether [`Held::take`] would.
    pub(crate) fn may_visit(&self, about_tokens: bool) -> bool {
        let reserved = if about_tokens { 0 } else { TOKENS_RESERVED };
        self.tokens.len() > reserved
    }

    fn add(&mut self, tokens: &Tokens) {
        for (number, token) in &tokens.tokens {
            let serial = Serial {
                generation: tokens.generation,
                number: *number,
            };
            let known = |it: &HeldToken| it.serial == serial;
            if *number < TOKENS_PER_GENERATION && !self.tokens.iter().any(known) {
                let token = Key::fill(|bytes| bytes.copy_from_slice(&**token));
                let token = Key::<secret::Token>::keep(&token);
                self.tokens.push(HeldToken { serial, token });
            }
        }
        let surplus = self.tokens.len().saturating_sub(TOKENS_HELD_MAX);
        self.tokens.drain(..surplus);
    }
}

impl Post {
    /// The box with this name, where others keep it, and its place.
    pub(crate) fn place_of(&self, id: &BoxId) -> Option<u32> {
        let held = self.held.iter().find(|(_, held)| held.id == *id);
        held.map(|(place, _)| *place)
    }

    /// The friend gave tokens of a box of theirs. Says its place, and that of one that made room.
    pub(crate) fn take(&mut self, tokens: &Tokens) -> (u32, Option<u32>) {
        let known = self.place_of(&tokens.id);
        let free = || (0..).find(|place| !self.held.contains_key(place));
        let place = known.or_else(free).unwrap_or_default();
        let full = known.is_none() && self.held.len() >= BOXES_OF_MINE_MAX;
        let gone = full.then(|| self.least()).flatten();
        if let Some(gone) = gone {
            self.held.remove(&gone);
        }
        let place = gone.unwrap_or(place);
        let held = self.held.entry(place).or_insert_with(|| Held {
            id: tokens.id,
            door: Key::<secret::Door>::fill(|bytes| bytes.copy_from_slice(&*tokens.door)).keep(),
            addrs: Vec::new(),
            tokens: Vec::new(),
            asked: None,
        });
        held.addrs.clone_from(&tokens.addrs);
        held.asked = None;
        held.add(tokens);
        (place, gone)
    }

    /// The box with the fewest tokens.
    fn least(&self) -> Option<u32> {
        let least = self.held.iter().min_by_key(|(_, held)| held.len());
        least.map(|(place, _)| *place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(id: u8, serials: core::ops::Range<u16>) -> Tokens {
        Tokens {
            tokens: serials.map(|n| (n, [n as u8; 32].into())).collect(),
            ..Tokens::bare([id; 16], Vec::new())
        }
    }

    #[test]
    fn the_last_four_are_kept_for_words_about_tokens() {
        let mut post = Post::default();
        let (place, _) = post.take(&tokens(1, 0..16));
        let held = post.held.get_mut(&place).unwrap();
        let spent = core::iter::from_fn(|| held.take(false)).count();
        assert_eq!(spent, TOKENS_PER_BATCH_MAX - TOKENS_RESERVED);
        assert!(!held.may_visit(false) && held.may_visit(true));
        let spent = core::iter::from_fn(|| held.take(true)).count();
        assert_eq!(spent, TOKENS_RESERVED);
    }

    #[test]
    fn a_token_that_came_twice_is_one() {
        let mut post = Post::default();
        post.take(&tokens(1, 0..16));
        let (place, _) = post.take(&tokens(1, 8..24));
        assert_eq!(post.held[&place].len(), 24);
        for n in 1..8 {
            post.take(&tokens(1, 16 * n..16 * n + 16));
        }
        assert_eq!(post.held[&place].len(), TOKENS_HELD_MAX, "bounded");
    }

    #[test]
    fn a_friend_has_so_many_boxes_and_no_more() {
        let mut post = Post::default();
        for id in 0..BOXES_OF_MINE_MAX as u8 {
            assert_eq!(post.take(&tokens(id, 0..16)), (id.into(), None));
        }
        post.held.get_mut(&2).unwrap().take(false);
        assert_eq!(post.take(&tokens(9, 0..16)), (2, Some(2)), "the poorest");
        assert_eq!(post.held.len(), BOXES_OF_MINE_MAX);
    }

    #[test]
    fn a_friend_gets_so_many_batches_a_day() {
        let mut boxes = Boxes::default();
        for _ in 0..TOKEN_BATCHES_PER_DAY_MAX {
            assert!(boxes.may_get(&[1; 16], 0));
            boxes.got([1; 16], 16, DAY_MINUTES - 1);
        }
        assert!(!boxes.may_get(&[1; 16], 0) && boxes.may_get(&[1; 16], 1));
        assert!(boxes.may_get(&[2; 16], 0), "of another box");
        assert!(boxes.forget(&[1; 16]) && boxes.is_empty());
    }
}
