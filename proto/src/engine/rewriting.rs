//! What a person may do with what they hold, so that what they hold proves nothing: change a line of
//! the history, and make a session that never was. Neither leaves a mark. PROTOCOL §4.4, §8.

use super::people::count;
use super::saved::{Piece, Saved, pieces};
use super::{Answer, Body, Engine, Refusal, Spoken};
use crate::edge::{Edge, EdgeKeys};
use crate::forge::{self, BadFile, End, Pace, Script, Side, Transcript, Unmade, Words};
use crate::history::Owner;
use crate::kdf::Entropy;
use crate::limits::TEXT_BYTES_MAX;
use crate::secret::Said;
use crate::time::MINUTE_MS;

/// How long a person may take to answer, in milliseconds.
const ANSWERS_AFTER_MS: (u64, u64) = (4_000, 95_000);

impl Engine {
    /// Lets a line have said something else. Its record and its pieces are written as if it always
    /// had, under a key of their own that is as new as any; what stood there opens no more.
    pub(super) fn edit(&mut self, name: &str, seq: u64, text: &Said) -> Result<Answer, Refusal> {
        let no = self.find(name)?;
        if text.is_empty() || core::str::from_utf8(text).is_err() {
            return Err(Refusal::EmptyText);
        }
        if text.len() > TEXT_BYTES_MAX {
            return Err(Refusal::TextTooLong);
        }
        if self
            .friends
            .get(&no)
            .is_some_and(|friend| friend.waits(seq))
        {
            return Err(Refusal::LineWaits);
        }
        let owner = self.history.at(no, seq).ok_or(Refusal::NoSuchLine)?;
        let before = self.history.get(owner).map_or(0, |line| line.length);
        if self.full && text.len() > before as usize {
            return Err(Refusal::DiskFull);
        }
        self.rewrite(owner, text);
        Ok(Answer::Edited)
    }

    fn rewrite(&mut self, owner: Owner, text: &Said) {
        let Some(mut line) = self.history.take(owner) else {
            return;
        };
        let saved = match owner {
            Owner::Arrival(id) => Saved::Arrival(id),
            Owner::Entry(id) => Saved::Entry(id),
        };
        let left = pieces(saved, Piece::Text, text.len()).len();
        let mut surplus = pieces(saved, Piece::Text, line.length as usize);
        surplus.drain(..left.min(surplus.len()));
        self.put_pieces_anew(saved, text, surplus);
        line.length = count(text.len());
        self.keep_line(owner, line);
    }

    /// A session that never was, as this node could have recorded it: the one with which the
    /// friendship began, so that its first parcel is older than any that the friend still takes. Once
    /// the secrets it began under are erased, others are made up for it: nobody holds what would tell.
    pub(super) fn forge(&mut self, name: &str, spoken: Vec<Spoken>) -> Result<Answer, Refusal> {
        let no = self.find(name)?;
        let mut entropy = Entropy::new(self.entropy.bytes());
        let friend = self.friends.get(&no);
        let none = || Refusal::NoSuchFriend { near: Vec::new() };
        let friend = friend.ok_or_else(none)?;
        let edge = friend.edges.iter().last().ok_or_else(none)?;
        let [me, them] = edge.ends();
        let invented = EdgeKeys::first(entropy.key(), me, them);
        let side = Side {
            me: self.me.of(me),
            friend: them,
            keys: first_keys(edge).unwrap_or(&invented),
        };
        let mine = if friend.joined {
            End::Initiator
        } else {
            End::Responder
        };
        let since_ms = u64::from(friend.since_min) * MINUTE_MS;
        let began_ms = since_ms.saturating_sub(between(&mut entropy, (1, MINUTE_MS)));
        let times = times(began_ms, self.now.wall_ms, spoken.len(), &mut entropy);
        let words = spoken.into_iter().zip(times).map(|(said, at_ms)| Words {
            from: if said.mine { mine } else { mine.other() },
            at_ms,
            text: said.text,
        });
        let script = Script {
            began_ms,
            pace: Pace::default(),
            lines: words.collect(),
        };
        let made = forge::forge(side, mine, &script, entropy);
        let transcript = made.map_err(|unmade| match unmade {
            Unmade::BadText => Refusal::EmptyText,
            Unmade::TooLong => Refusal::ScriptTooLong,
            Unmade::Strangers => none(),
        })?;
        Ok(Answer::Transcript(Body::Here(transcript.to_file())))
    }

    /// Whether this node would have taken a transcript for what a friend and it said.
    pub(super) fn verify(&self, name: &str, file: &Said) -> Result<Answer, Refusal> {
        let no = self.find(name)?;
        let read = Transcript::from_file(file);
        let transcript = read.map_err(|BadFile { .. }| Refusal::NoTranscript)?;
        let friend = self.friends.get(&no);
        let edges = friend.into_iter().flat_map(|friend| friend.edges.doors());
        let read = edges.map(|edge| {
            let [me, friend] = edge.ends();
            let me = self.me.of(me);
            match first_keys(edge) {
                Some(keys) => forge::read_with(Side { me, friend, keys }, &transcript),
                // What the handshake could be tried with is erased.
                None => forge::verify(&transcript),
            }
        });
        let mut refused = Some(0);
        for read in read {
            match read {
                Ok(_) => refused = None,
                Err(at) => refused = refused.map(|line: u32| line.max(count(at.line))),
            }
        }
        Ok(Answer::Verified { refused })
    }
}

/// The keys under which the first session of an edge began, until a rotation erases them.
fn first_keys(edge: &Edge) -> Option<&EdgeKeys> {
    edge.keys().find(|keys| keys.epoch == 0)
}

/// When each of so many texts is to have been written: the last one a moment ago.
fn times(began_ms: u64, now_ms: u64, texts: usize, entropy: &mut Entropy) -> Vec<u64> {
    // In a young friendship they answered each other faster.
    let most = now_ms.saturating_sub(began_ms) / (texts as u64 + 2);
    let mut at_ms = now_ms;
    let mut times: Vec<u64> = (0..texts)
        .map(|_| {
            let pause = between(entropy, ANSWERS_AFTER_MS).min(most);
            at_ms = at_ms.saturating_sub(pause);
            at_ms
        })
        .collect();
    times.reverse();
    times
}

fn between(entropy: &mut Entropy, (least, most): (u64, u64)) -> u64 {
    least + u64::from_le_bytes(entropy.bytes()) % (most - least)
}
