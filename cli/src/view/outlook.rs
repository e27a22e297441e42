//! How things are with a friend's computer, in one sentence: what stands in the way, and what is tried.

use kith_node::control::shape::{Outlook, Waits};

use super::{name, span};
use crate::when::Clock;
use crate::words::{Msg, Words, msg};

/// The sentence; of a message that is under way if there is one.
pub(crate) fn outlook(
    words: &Words,
    clock: &Clock,
    petname: &str,
    outlook: &Outlook,
    waits: bool,
) -> Msg {
    let name = name(petname);
    let tried = words.say(&tried(words, outlook));
    let last = outlook.last_seen.as_deref();
    match outlook.waits {
        Waits::Nothing if waits => msg!("why-sent", name = name),
        Waits::Nothing => msg!("why-nothing", name = name),
        Waits::Blocked => msg!("why-blocked", name = name),
        Waits::Unpaired => msg!("why-unpaired", name = name, tried = tried),
        Waits::Check => msg!("why-check", name = name),
        Waits::Stopped => msg!("why-stopped", name = name),
        Waits::Starting => msg!("why-starting", name = name),
        Waits::Full => msg!("why-full", name = name),
        Waits::Silent => msg!("why-silent", name = name, tried = tried),
        Waits::NoAddress => msg!("why-no-address", name = name),
        Waits::Shut => msg!("why-shut", name = name),
        Waits::Never | Waits::Away => match last {
            Some(last) => {
                let time = clock.stamp(last);
                msg!("why-away", name = name, time = time, tried = tried)
            }
            None => {
                let day = clock.day(&outlook.since);
                msg!("why-never", name = name, day = day, tried = tried)
            }
        },
    }
}

/// What is tried, and when next.
fn tried(words: &Words, outlook: &Outlook) -> Msg {
    let (addresses, near) = (outlook.addresses, outlook.near);
    match outlook.next_min {
        _ if addresses == 0 && outlook.through > 0 => {
            msg!("tried-through", count = outlook.through)
        }
        _ if addresses == 0 && near => msg!("tried-near"),
        _ if addresses == 0 => msg!("tried-nothing"),
        _ if outlook.trying => msg!("tried-now", count = addresses),
        Some(minutes) if minutes > 1 => {
            let time = span(words, minutes);
            msg!("tried-next", count = addresses, time = time)
        }
        _ => msg!("tried-soon", count = addresses),
    }
}
