//! Two ends in conversation, by hand: who says what, what arrives, and which steps each end saw.

use super::*;
use crate::limits::KEM_STEP_MESSAGES;

const NAMES: [&str; 2] = ["A", "B"];

/// Two ends, and what they saw of their steps.
pub(super) struct Talk {
    pub ends: [Session; 2],
    pub entropy: Entropy,
    pub minute: u32,
    /// Chains that each end began with an answer, and answers that it opened.
    pub answered: [usize; 2],
    pub finished: [usize; 2],
}

impl Talk {
    pub(super) fn new() -> Self {
        let (a, b, entropy) = sessions();
        Self {
            ends: [a, b],
            entropy,
            minute: 0,
            answered: [0; 2],
            finished: [0; 2],
        }
    }

    pub(super) fn say(&mut self, by: usize, text: &str) -> Option<Vec<u8>> {
        let end = &mut self.ends[by];
        let begins = end.sending.is_none();
        let sealed = end
            .seal(text.as_bytes(), self.minute, &mut self.entropy)
            .ok()?;
        let answers = matches!(end.steps.step, Step::Answered(_));
        self.answered[by] += usize::from(begins && answers);
        Some(sealed.bytes)
    }

    pub(super) fn hear(&mut self, by: usize, bytes: &[u8]) -> Result<Vec<u8>, OpenError> {
        let end = &mut self.ends[by];
        let waits = matches!(end.steps.step, Step::Offered(_));
        let before = state(end);
        let opened = end.open(&Parcel::parse(bytes).unwrap());
        assert_eq!(state(end), before, "opening is on paper");
        let opened = opened?;
        end.advance(opened.advance, self.minute);
        let finished = waits && !matches!(end.steps.step, Step::Offered(_));
        self.finished[by] += usize::from(finished);
        Ok(opened.payload.to_vec())
    }

    /// One says something, and the other hears it.
    pub(super) fn pass(&mut self, by: usize) {
        let bytes = self.say(by, NAMES[by]).unwrap();
        assert_eq!(self.hear(1 - by, &bytes).unwrap(), NAMES[by].as_bytes());
    }

    /// One each way, so often.
    pub(super) fn exchange(&mut self, times: u32) {
        for _ in 0..times {
            self.pass(0);
            self.pass(1);
        }
    }

    /// Up to a moment at which A's next chain offers a key.
    pub(super) fn due() -> Self {
        let mut talk = Self::new();
        talk.exchange(KEM_STEP_MESSAGES / 2);
        talk
    }

    pub(super) fn restart(&mut self, by: usize) {
        self.ends[by] = restored(&self.ends[by]);
    }
}

/// What the parcels of the chain bear on which this one sends.
pub(super) fn bears(session: &Session) -> usize {
    session.steps.field().len()
}
