//! While a passphrase is typed the terminal shows nothing of it: whoever ends us in the middle finds a
//! terminal that shows again what is typed.

use std::fs::File;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::thread;

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use crate::exit::Exit;

/// The terminal and how it was, as long as it shows nothing.
static BEFORE: Mutex<Option<(File, Termios)>> = Mutex::new(None);

/// Whether somebody else ends us in order when we are told to.
static LEFT_TO_ANOTHER: AtomicBool = AtomicBool::new(false);

/// What is typed is hidden, as long as this lives.
pub(super) struct Hidden;

impl Hidden {
    pub(super) fn begin() -> Self {
        static WATCHED: Once = Once::new();
        WATCHED.call_once(watch);
        let terminal = File::open("/dev/tty").ok();
        keep(terminal.and_then(|terminal| {
            let modes = tcgetattr(&terminal).ok()?;
            Some((terminal, modes))
        }));
        Self
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        keep(None);
    }
}

/// From now on somebody else hears of it when we are told to end.
pub(crate) fn leave_to_another() {
    LEFT_TO_ANOTHER.store(true, Ordering::Release);
}

fn keep(before: Option<(File, Termios)>) {
    *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = before;
}

/// Without means for it a signal ends us as ever.
fn watch() {
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGHUP]) else {
        return;
    };
    thread::spawn(move || {
        for signal in signals.forever() {
            let before = BEFORE.lock();
            let before = before.unwrap_or_else(PoisonError::into_inner).take();
            if let Some((terminal, modes)) = before {
                let _ = tcsetattr(terminal, OptionalActions::Now, &modes);
                std::process::exit(Exit::by(signal).0.into());
            }
            if signal == SIGHUP || !LEFT_TO_ANOTHER.load(Ordering::Acquire) {
                let _ = emulate_default_handler(signal);
            }
        }
    });
}
