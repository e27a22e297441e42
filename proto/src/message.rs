//! What can be said: the payload inside a parcel, `kind u8 | mid 16 | ...`. PROTOCOL §4.5.
//!
//! Fixed layouts, no optional fields, every count checked before anything is made of it. Below the
//! engine, above [`wire`](crate::wire); knows nothing of keys.

mod addresses;
mod file;
mod introduction;
mod mailbox;

use crate::edge::{Answer, Ask, Share};
use crate::limits::{ACK_IDS_MAX, GROUP_PAYLOAD_BYTES_MAX, TEXT_BYTES_MAX};
use crate::secret::Said;
use crate::wire::{Malformed, Reader, Writer};
use crate::zone::{ZoneAnswer, ZoneAsk};

pub(crate) use addresses::Addresses;
pub(crate) use file::{CHUNK_HEAD_BYTES, FileChunk, FileHead, FileId, FileWord};
pub(crate) use introduction::{IntroAnswer, IntroAsk, IntroGive, IntroductionId};
pub(crate) use mailbox::{BoxSays, BoxWord, Secret, Tokens};

/// Names a message end to end: 16 random bytes, drawn by its author.
pub(crate) type MessageId = [u8; 16];

/// What stands before the words of a text, in bytes.
pub(crate) const TEXT_HEAD_BYTES: usize = 31;

/// One payload.
pub(crate) enum Payload {
    /// Nothing at all: never acknowledged, shown to nobody.
    Dummy,
    /// Nothing to say: ends a handshake.
    Confirm,
    /// These messages are on my disk.
    Ack(Vec<MessageId>),
    /// A text.
    Text(Text),
    /// Where its author can be reached.
    Addresses(Addresses),
    /// How long its author would like both of us to keep what we say.
    Timer(Timer),
    /// Let us have new secrets.
    EdgeRekey(Ask),
    /// I have them.
    EdgeRekeyAck(Answer),
    /// I am about to be another.
    NextIdentity(NextIdentity),
    /// Of a box in which parcels are kept.
    Box(BoxWord),
    /// How to put parcels there.
    Tokens(Tokens),
    /// What do you call others?
    ZoneAsk(ZoneAsk),
    /// So.
    ZoneAnswer(ZoneAnswer),
    /// Would you like to know somebody?
    IntroAsk(IntroAsk),
    /// I would.
    IntroAnswer(IntroAnswer),
    /// Both would: this is who the other is.
    IntroGive(IntroGive),
    /// Would you like to have a file?
    FileHead(FileHead),
    /// A piece of it.
    FileChunk(FileChunk),
    /// What becomes of it.
    FileWord(FileId, FileWord),
    /// Something said in a group: the whole payload, from its kind on. What it is, the group knows.
    Group(Said),
    /// A kind of a later version: acknowledged, not understood.
    Unknown,
}

/// A text and where it stands in its author's order.
#[derive(Clone)]
pub(crate) struct Text {
    /// The author's incarnation: raised at each restore, so that no number is used twice.
    pub incarnation: u16,
    /// Counts the author's messages to this friend, from 1.
    pub number: u32,
    /// When the author says it was written, minutes since 1970.
    pub minute: u32,
    /// Minutes to keep it; 0 for no limit of its own.
    pub keep: u32,
    /// UTF-8, 1 to 32768 bytes.
    pub text: Said,
}

/// Who its author wants to be from now on.
#[derive(Clone)]
pub(crate) struct NextIdentity {
    /// IK, not checked.
    pub point: [u8; 32],
    /// What the next edge comes from, with the one that stands.
    pub share: Share,
}

/// A wish about how long to keep what is said.
#[derive(Clone, Copy)]
pub(crate) struct Timer {
    /// Counts the author's wishes to this friend, from 1: the highest holds.
    pub number: u32,
    /// In minutes; 0 for no limit.
    pub limit: u32,
}

const DUMMY: u8 = 0;
const CONFIRM: u8 = 1;
const ACK: u8 = 2;
const TEXT: u8 = 3;
const ADDRESSES: u8 = 6;
const FILE_HEAD: u8 = 4;
const FILE_CHUNK: u8 = 5;
const TIMER: u8 = 7;
const EDGE_REKEY: u8 = 9;
const EDGE_REKEY_ACK: u8 = 10;
const FILE_WORD: u8 = 11;
const NEXT_IDENTITY: u8 = 13;
const BOX: u8 = 15;
const TOKENS: u8 = 16;
const ZONE_ASK: u8 = 20;
const ZONE_ANSWER: u8 = 21;
const INTRO_ASK: u8 = 17;
const INTRO_ANSWER: u8 = 18;
const INTRO_GIVE: u8 = 19;
/// Kinds of what is said in a group.
const GROUP: core::ops::RangeInclusive<u8> = 32..=41;

/// A payload with its message id, as bytes to seal.
pub(crate) fn encode(id: &MessageId, payload: &Payload) -> Said {
    let mut to = match payload {
        // It was made whole, with its id.
        Payload::Group(said) => return said.clone(),
        Payload::Text(text) => Writer::with_room(TEXT_HEAD_BYTES + text.text.len()),
        Payload::FileChunk(chunk) => Writer::with_room(CHUNK_HEAD_BYTES + chunk.bytes.len()),
        _ => Writer::new(),
    };
    match payload {
        Payload::Dummy => {
            to.u8(DUMMY);
            to.bytes(id);
        }
        Payload::Confirm | Payload::Unknown => {
            to.u8(CONFIRM);
            to.bytes(id);
        }
        Payload::Ack(ids) => {
            to.u8(ACK);
            to.bytes(id);
            let ids = &ids[..ids.len().min(ACK_IDS_MAX)];
            to.u8(ids.len() as u8);
            ids.iter().for_each(|id| to.bytes(id));
        }
        Payload::Text(text) => {
            to.u8(TEXT);
            to.bytes(id);
            to.u16(text.incarnation);
            to.u32(text.number);
            to.u32(text.minute);
            to.u32(text.keep);
            to.bytes(&text.text);
        }
        Payload::Addresses(addresses) => {
            to.u8(ADDRESSES);
            to.bytes(id);
            addresses.encode(&mut to);
        }
        Payload::Timer(timer) => {
            to.u8(TIMER);
            to.bytes(id);
            to.u32(timer.number);
            to.u32(timer.limit);
        }
        Payload::EdgeRekey(ask) => {
            to.u8(EDGE_REKEY);
            to.bytes(id);
            to.u32(ask.epoch);
            to.bytes(&*ask.share);
        }
        Payload::EdgeRekeyAck(answer) => {
            to.u8(EDGE_REKEY_ACK);
            to.bytes(id);
            to.u32(answer.epoch);
            to.bytes(&*answer.share);
            to.bytes(&answer.tag);
        }
        Payload::NextIdentity(next) => {
            to.u8(NEXT_IDENTITY);
            to.bytes(id);
            to.bytes(&next.point);
            to.bytes(&*next.share);
        }
        Payload::Box(word) => {
            to.u8(BOX);
            to.bytes(id);
            word.encode(&mut to);
        }
        Payload::Tokens(tokens) => {
            to.u8(TOKENS);
            to.bytes(id);
            tokens.encode(&mut to);
        }
        Payload::ZoneAsk(ask) => {
            to.u8(ZONE_ASK);
            to.bytes(id);
            ask.encode(&mut to);
        }
        Payload::ZoneAnswer(answer) => {
            to.u8(ZONE_ANSWER);
            to.bytes(id);
            answer.encode(&mut to);
        }
        Payload::IntroAsk(ask) => {
            to.u8(INTRO_ASK);
            to.bytes(id);
            ask.encode(&mut to);
        }
        Payload::IntroAnswer(answer) => {
            to.u8(INTRO_ANSWER);
            to.bytes(id);
            answer.encode(&mut to);
        }
        Payload::IntroGive(give) => {
            to.u8(INTRO_GIVE);
            to.bytes(id);
            give.encode(&mut to);
        }
        Payload::FileHead(head) => {
            to.u8(FILE_HEAD);
            to.bytes(id);
            head.encode(&mut to);
        }
        Payload::FileChunk(chunk) => {
            to.u8(FILE_CHUNK);
            to.bytes(id);
            chunk.encode(&mut to);
        }
        Payload::FileWord(file, word) => {
            to.u8(FILE_WORD);
            to.bytes(id);
            word.encode(file, &mut to);
        }
        Payload::Group(_) => {}
    }
    Said::new(to.into_vec())
}

/// Reads what a friend sealed. Friends are not trusted with layouts either.
pub(crate) fn decode(bytes: &[u8]) -> Result<(MessageId, Payload), Malformed> {
    let mut from = Reader::new(bytes);
    let kind = from.u8()?;
    let id = from.array()?;
    let payload = match kind {
        DUMMY => Payload::Dummy,
        CONFIRM => Payload::Confirm,
        ACK => {
            let count = usize::from(from.u8()?);
            if count > ACK_IDS_MAX {
                return Err(Malformed);
            }
            Payload::Ack((0..count).map(|_| from.array()).collect::<Result<_, _>>()?)
        }
        TEXT => Payload::Text(decode_text(&mut from)?),
        ADDRESSES => Payload::Addresses(Addresses::decode(&mut from)?),
        TIMER => Payload::Timer(Timer {
            number: from.u32()?,
            limit: from.u32()?,
        }),
        EDGE_REKEY => Payload::EdgeRekey(Ask {
            epoch: from.u32()?,
            share: Share::new(from.array()?),
        }),
        EDGE_REKEY_ACK => Payload::EdgeRekeyAck(Answer {
            epoch: from.u32()?,
            share: Share::new(from.array()?),
            tag: from.array()?,
        }),
        NEXT_IDENTITY => Payload::NextIdentity(NextIdentity {
            point: from.array()?,
            share: Share::new(from.array()?),
        }),
        BOX => Payload::Box(BoxWord::decode(&mut from)?),
        TOKENS => Payload::Tokens(Tokens::decode(&mut from)?),
        ZONE_ASK => Payload::ZoneAsk(ZoneAsk::decode(&mut from)?),
        ZONE_ANSWER => Payload::ZoneAnswer(ZoneAnswer::decode(&mut from)?),
        INTRO_ASK => Payload::IntroAsk(IntroAsk::decode(&mut from)?),
        INTRO_ANSWER => Payload::IntroAnswer(IntroAnswer::decode(&mut from)?),
        INTRO_GIVE => Payload::IntroGive(IntroGive::decode(&mut from)?),
        FILE_HEAD => Payload::FileHead(FileHead::decode(&mut from)?),
        FILE_CHUNK => Payload::FileChunk(FileChunk::decode(&mut from)?),
        FILE_WORD => {
            let (file, word) = FileWord::decode(&mut from)?;
            Payload::FileWord(file, word)
        }
        kind if GROUP.contains(&kind) && bytes.len() <= GROUP_PAYLOAD_BYTES_MAX => {
            return Ok((id, Payload::Group(Said::new(bytes.to_vec()))));
        }
        kind if GROUP.contains(&kind) => return Err(Malformed),
        _ => return Ok((id, Payload::Unknown)),
    };
    from.finish()?;
    Ok((id, payload))
}

fn decode_text(from: &mut Reader<'_>) -> Result<Text, Malformed> {
    let (incarnation, number) = (from.u16()?, from.u32()?);
    let (minute, keep) = (from.u32()?, from.u32()?);
    let text = from.rest();
    if text.is_empty() || text.len() > TEXT_BYTES_MAX || core::str::from_utf8(text).is_err() {
        return Err(Malformed);
    }
    Ok(Text {
        incarnation,
        number,
        minute,
        keep,
        text: Said::new(text.to_vec()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(length: usize) -> Payload {
        Payload::Text(Text {
            incarnation: 1,
            number: 2,
            minute: 3,
            keep: 4,
            text: Said::new(vec![b'a'; length]),
        })
    }

    #[test]
    fn a_short_text_fits_the_smallest_bucket_and_one_byte_more_does_not() {
        assert_eq!(encode(&[0; 16], &text(693)).len(), 724);
        assert_eq!(724 - 693, TEXT_HEAD_BYTES);
        assert_eq!(
            crate::parcel::bucket_for(encode(&[0; 16], &text(693)).len()),
            Some(2048)
        );
        assert_eq!(
            crate::parcel::bucket_for(encode(&[0; 16], &text(694)).len()),
            Some(8192)
        );
        assert!(crate::parcel::bucket_for(encode(&[0; 16], &text(TEXT_BYTES_MAX)).len()).is_some());
        assert_eq!(
            crate::parcel::bucket_for(
                encode(&[0; 16], &Payload::Ack(vec![[1; 16]; ACK_IDS_MAX])).len()
            ),
            Some(2048)
        );
    }

    #[test]
    fn an_oversize_empty_or_broken_text_is_malformed() {
        for length in [0, TEXT_BYTES_MAX + 1] {
            assert!(
                decode(&encode(&[0; 16], &text(length))).is_err(),
                "{length} bytes"
            );
        }
        assert!(decode(&encode(&[0; 16], &text(TEXT_BYTES_MAX))).is_ok());
        let mut broken = encode(&[0; 16], &text(3)).to_vec();
        *broken.last_mut().unwrap() = 0xFF;
        assert!(decode(&broken).is_err(), "not UTF-8");
    }

    #[test]
    fn acknowledgements_are_counted_before_they_are_read() {
        let mut bomb = encode(&[0; 16], &Payload::Ack(vec![[1; 16]])).to_vec();
        bomb[17] = 255;
        assert!(decode(&bomb).is_err());
        bomb[17] = 0;
        assert!(decode(&bomb).is_err(), "trailing bytes");
    }

    #[test]
    fn an_unknown_kind_keeps_its_id_so_that_it_can_be_acknowledged() {
        let (id, payload) =
            decode(&[&[200u8][..], &[7; 16], b"of a later version"].concat()).unwrap();
        assert_eq!(id, [7; 16]);
        assert!(matches!(payload, Payload::Unknown));
        assert!(decode(&[200]).is_err(), "but not without an id");
    }
}
