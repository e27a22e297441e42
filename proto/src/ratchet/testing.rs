//! What a session holds, laid bare for tests that look where it must not be; in no program.

use super::Session;
use super::chain::MessageChain;
use super::step::Step;

/// Message keys that a chain makes next: more than any test uses up.
const AHEAD: usize = 8;

impl Session {
    /// Every secret of the session, and the message keys that come next, each with what it is.
    pub(crate) fn secrets(&self) -> Vec<(&'static str, [u8; 32])> {
        let mut secrets = vec![
            ("root key", *self.root.expose()),
            ("ratchet scalar", *self.mine.expose()),
            ("next header key", *self.next_send_header.expose()),
            ("next header key", *self.next_receive_header.expose()),
        ];
        if let Some(sending) = &self.sending {
            secrets.push(("header key", *sending.header.expose()));
            secrets.extend(of_chain(&sending.chain));
        }
        if let Some(receiving) = &self.receiving {
            secrets.push(("header key", *receiving.header.expose()));
            secrets.extend(of_chain(&receiving.chain));
        }
        if let Step::Offered(offer) = &self.steps.step {
            secrets.push(("KEM seed", *offer.seed().expose()));
        }
        let old = self.old.iter();
        secrets.extend(old.map(|old| ("header key", *old.header.expose())));
        // A scalar that was never drawn is no secret.
        secrets.retain(|(_, bytes)| *bytes != [0; 32]);
        secrets
    }
}

#[cfg(test)]
impl Session {
    /// What the parcels of the chain that it sends on bear.
    pub(crate) fn step_taken(&self) -> &'static str {
        match self.steps.step {
            Step::Offered(_) => "offer",
            Step::Answered(_) => "answer",
            Step::Closed | Step::Asked(_) => "none",
        }
    }
}

fn of_chain(chain: &MessageChain) -> Vec<(&'static str, [u8; 32])> {
    let mut chain = chain.copy();
    let mut secrets = Vec::new();
    for _ in 0..AHEAD {
        secrets.push(("chain key", *chain.key().expose()));
        let message = chain.advance();
        secrets.extend(message.ok().map(|key| ("message key", *key.expose())));
    }
    secrets
}
