//! Draws lines while somebody types, one after the other, on a thread of its own: the line editor
//! takes them only when it is ready, and the loop must not wait for it.

use std::io::stdout;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use super::lines::{Mailbox, News};
use crate::{out, view};

/// At the end, what is still to be drawn gets so long.
const DRAWN_WITHIN: Duration = Duration::from_secs(1);

/// Where lines go that are drawn above what is typed, whole and in order.
pub(super) struct Loudspeaker {
    lines: Sender<Line>,
    done: Receiver<()>,
}

struct Line {
    text: String,
    /// The message it shows.
    seq: Option<u64>,
}

impl Loudspeaker {
    /// Draws with `draw`, which says whether anybody can still read; tells `news` what was drawn.
    pub(super) fn new(
        news: &Mailbox,
        mut draw: impl FnMut(String) -> bool + Send + 'static,
    ) -> Self {
        let (lines, given): (_, Receiver<Line>) = channel();
        let (finish, done) = channel();
        let news = news.clone();
        thread::spawn(move || {
            for line in given {
                let told = match (draw(line.text), line.seq) {
                    (true, Some(seq)) => news.send(News::Drawn(seq)),
                    (true, None) => Ok(()),
                    (false, _) => news.send(News::Deaf),
                };
                if told.is_err() {
                    return;
                }
            }
            let _ = finish.send(());
        });
        Self { lines, done }
    }

    /// To standard output, when there is no editor.
    pub(super) fn plain(news: &Mailbox) -> Self {
        Self::new(news, |text| out::exact(&text).is_ok())
    }

    /// Draws a line, or several.
    pub(super) fn line(&self, text: String) {
        let text = out::fitted(&stdout(), &text);
        let _ = self.lines.send(Line { text, seq: None });
    }

    /// Draws a message; [`News::Drawn`] follows.
    pub(super) fn message(&self, text: String, seq: u64) {
        let (text, seq) = (view::fitted(&text), Some(seq));
        let _ = self.lines.send(Line { text, seq });
    }

    /// Draws what is left.
    pub(super) fn close(self) {
        let Self { lines, done } = self;
        drop(lines);
        let _ = done.recv_timeout(DRAWN_WITHIN);
    }
}
