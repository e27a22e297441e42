//! Decoders that nobody outside calls, for tests that hand them any bytes; in no program. Each gives
//! what it read as it would be written: a decoder takes one spelling of everything.

use crate::invite::exchange::Introduction;
use crate::link::hello;
use crate::mailbox;
use crate::meeting::Frame;
use crate::message::{self, Payload};
use crate::parcel::Core;
use crate::secret::Key;
use crate::time::{Age, Now};
use crate::token::{Caveats, Serial};
use crate::wire::{Reader, Writer};

/// The body of a Hello.
pub fn hello(bytes: &[u8]) -> Option<Vec<u8>> {
    hello::decode(bytes).ok().map(|read| hello::encode(&read))
}

/// What a parcel says; its kind's layout, or nothing but an id if a later version made it.
pub fn payload(bytes: &[u8]) -> Option<Vec<u8>> {
    let (id, payload) = message::decode(bytes).ok()?;
    Some(match payload {
        Payload::Unknown => bytes.to_vec(),
        payload => message::encode(&id, &payload).to_vec(),
    })
}

/// What one side of an invitation says about itself.
pub fn introduction(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut from = Reader::new(bytes);
    let read = Introduction::decode(&mut from).ok()?;
    let mut to = Writer::new();
    read.encode(&mut to);
    to.bytes(from.rest());
    Some(to.into_vec())
}

/// What is said over a meeting's star.
pub fn meeting_frame(bytes: &[u8]) -> Option<Vec<u8>> {
    Frame::decode(bytes).ok().map(|read| read.encode())
}

/// What is said at a mailbox: the frames that are whole, and what is left of the bytes behind them.
pub fn mailbox_frames(bytes: &[u8]) -> Option<Vec<u8>> {
    mailbox::frames_again(bytes)
}

/// A token as a flight shows it, made anew by who holds the key of its box.
pub fn token_shown(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut from = Reader::new(bytes);
    let serial = Serial::decode(&mut from).ok()?;
    let caveats = Caveats::decode(&mut from).ok()?;
    from.finish().ok()?;
    let keys = mailbox::BoxKeys::new([7; 16], Key::fill(|b| b.fill(7)));
    let token = keys.token(serial).with(&caveats);
    Some(token.map_or_else(Vec::new, |token| token.shown().to_vec()))
}

/// The core of a header, in a parcel of this length.
pub fn core(bytes: &[u8], bucket: usize) -> Option<Vec<u8>> {
    Core::decode(bytes, bucket).map(|read| read.encode(bucket).to_vec())
}

/// A node's age in minutes after all these moments, with a stop after each whose first bit is set.
pub fn age(moments: impl IntoIterator<Item = (Now, bool)>) -> u32 {
    let mut moments = moments.into_iter();
    let Some((first, _)) = moments.next() else {
        return 0;
    };
    let mut age = Age::new(first);
    for (now, stops) in moments {
        let before = age.minutes();
        age.look(now);
        if stops {
            age = Age::restore(age.record(now), now);
        }
        assert!(age.minutes() >= before, "an age goes back");
    }
    age.minutes()
}
