//! What runs in a locked home: the keeper and the network, and nothing that knows a friend. It dials
//! nobody and answers no door but those of boxes. PROTOCOL §8 "The locked node".

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use kith_proto::limits::{INPUTS_PER_TURN_MAX, SLEEP_MS_MAX};

use super::post::Post;
use super::{Ended, Happened, scrub_stack};
use crate::clock;
use crate::committer::Report;
use crate::net::{Net, News, Order};

/// The keeper with the network around it.
pub(crate) struct Porter {
    pub post: Post,
    pub net: Net,
}

impl Porter {
    /// Runs until it is stopped or the disk fails.
    pub(crate) fn run(mut self, inbox: &Receiver<Happened>) -> Ended {
        // Where Tor is not used, nobody takes it.
        if let Some(service) = self.post.service() {
            self.net.order(Order::Publish(service));
        }
        let mut stopping = false;
        loop {
            if let Err(ended) = self.post.turn(&self.net) {
                return ended;
            }
            if stopping && !self.post.is_committing() {
                return Ended::Stopped;
            }
            let left = self.post.wake_at().saturating_sub(clock::now().boot_ms);
            let sleep = Duration::from_millis(left.clamp(1, SLEEP_MS_MAX));
            let first = match inbox.recv_timeout(sleep) {
                Err(RecvTimeoutError::Disconnected) => Some(Happened::Stop),
                first => first.ok(),
            };
            let slept = first.is_none().then_some(Happened::Slept);
            let more = inbox.try_iter().take(INPUTS_PER_TURN_MAX);
            for happened in slept.into_iter().chain(first).chain(more) {
                let committed = matches!(happened, Happened::Post(Report::Committed(..)));
                if stopping && !committed {
                    continue;
                }
                stopping |= matches!(happened, Happened::Stop);
                if let Err(ended) = self.take(happened) {
                    return ended;
                }
            }
            scrub_stack();
        }
    }

    fn take(&mut self, happened: Happened) -> Result<(), Ended> {
        match happened {
            Happened::News(News::Knock {
                bytes,
                reply,
                credit,
                ..
            }) => {
                // Whoever knocked may be gone by now.
                let _ = reply.send(self.post.knock(&bytes));
                drop(credit);
                Ok(())
            }
            // What else there is concerns an engine.
            Happened::News(news) => self.post.news(news).map(drop),
            Happened::Post(report) => self.post.reported(report, &self.net),
            Happened::Slept | Happened::Stop => self.post.tick(),
            Happened::Asked(_)
            | Happened::Store(_)
            | Happened::Relock(_)
            | Happened::FindMeetings(_) => Ok(()),
        }
    }
}
