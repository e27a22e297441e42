//! What became of messages that were sent from here: it is said once, and only where it is not there
//! at once.

use std::time::Duration;

use kith_node::control::shape::Delivery;

use super::{Chat, SOON};
use crate::view;
use crate::words::msg;

impl Chat<'_> {
    /// Whether a message of mine to a group is everywhere by now; said if it is.
    pub(super) fn is_everywhere(&mut self, id: u64, to: &str) {
        let state = self.talk.node.send_state(id).map(|sent| sent.state);
        if state == Ok(Delivery::Delivered) {
            self.waiting.remove(&id);
            self.state(&msg!("state-group-delivered", group = view::group(to)));
        }
    }

    /// To how many it came meanwhile.
    fn say_seen(&mut self, id: u64, to: &str) {
        let group = view::group(to);
        let sent = self.talk.node.send_state(id).ok();
        let seen = sent.and_then(|sent| sent.seen).filter(|by| by.seen > 0);
        self.state(&match seen {
            Some(by) => msg!(
                "state-group-seen",
                group = group,
                seen = by.seen,
                of = by.of
            ),
            None => msg!("state-group-saved", group = group),
        });
    }

    /// Whether a message may still arrive soon, and nothing was said of it.
    pub(super) fn is_expecting(&self) -> bool {
        self.waiting.values().any(|(_, since)| since.is_some())
    }

    /// How long nothing needs to be said.
    pub(super) fn patience(&self) -> Duration {
        let first = self.waiting.values().filter_map(|(_, since)| *since).min();
        first.map_or(Duration::MAX, |since| SOON.saturating_sub(since.elapsed()))
    }

    /// Says which messages did not arrive at once; each a single time.
    pub(super) fn say_what_waits(&mut self) {
        let mut late = Vec::new();
        for (id, (to, since)) in &mut self.waiting {
            if since.is_some_and(|since| since.elapsed() >= SOON) {
                *since = None;
                late.push((*id, to.clone()));
            }
        }
        for (id, to) in late {
            match self.talk.is_group(&to) {
                true => self.say_seen(id, &to),
                false => self.state(&msg!("state-saved", name = view::name(&to))),
            }
        }
    }
}
