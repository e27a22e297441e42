//! What somebody finds who takes this disk now, and whether there is room.

use kith_node::control::shape::Kept;
use kith_node::health::OpensWith;

use super::{Check, Facts, Verdict};
use crate::view;
use crate::words::{Msg, Value, Words, msg};

/// Below so many free bytes a disk is nearly full: the store copies itself to give back its waste.
const FREE_BYTES_GOOD: u64 = 64 << 20;

fn check(name: &'static str, verdict: Verdict, says: Msg) -> Check {
    Check::new("disk", name, verdict, says)
}

pub(super) fn checks(words: &Words, facts: &Facts) -> Vec<Check> {
    let mut checks = Vec::new();
    if facts.home.wipe_unfinished {
        let says = msg!("doctor-wipe-unfinished");
        checks.push(check("wipe", Verdict::Fail, says).command("kith wipe --all"));
    }
    checks.push(opens(facts));
    match facts.kept() {
        Some(kept) => checks.extend(found(words, kept)),
        None => checks.push(check("kept", Verdict::Ok, msg!("doctor-kept-unknown"))),
    }
    checks.push(room(facts));
    checks.extend(files(facts));
    checks
}

fn opens(facts: &Facts) -> Check {
    let (verdict, says) = match (facts.home.opens_with, facts.kept()) {
        (Some(OpensWith::Passphrase), Some(_)) => (Verdict::Ok, msg!("doctor-opens-now")),
        (Some(OpensWith::Passphrase), _) => (Verdict::Ok, msg!("doctor-opens-passphrase")),
        (Some(OpensWith::DeviceKey), _) => {
            let says = msg!("doctor-opens-alone");
            return check("opens", Verdict::Warn, says).command("kith passphrase");
        }
        (None, _) => (Verdict::Fail, msg!("run-slot-damaged")),
    };
    check("opens", verdict, says)
}

fn found(words: &Words, kept: &Kept) -> Vec<Check> {
    let messages = [kept.unread, kept.history, kept.outbox];
    let says = match messages.iter().all(|count| *count == 0) {
        true => msg!("doctor-kept-nothing", friends = kept.friends),
        false => msg!(
            "doctor-kept",
            friends = kept.friends,
            unread = kept.unread,
            history = kept.history,
            outbox = kept.outbox,
            age = view::span(words, kept.oldest_min)
        ),
    };
    let stays = match kept.keep_min {
        0 => msg!("doctor-keeps-nothing"),
        keep => msg!("doctor-keeps", time = view::span(words, keep)),
    };
    let mut checks = vec![check("kept", Verdict::Ok, says)];
    if kept.files > 0 {
        let here = view::size(kept.files_bytes);
        let says = msg!("doctor-files", files = kept.files, size = here);
        checks.push(check("files", Verdict::Ok, says));
    }
    checks.push(check("keep", Verdict::Ok, stays));
    if kept.kept_longer > 0 {
        let says = msg!("doctor-kept-longer", count = kept.kept_longer);
        checks.push(check("kept_longer", Verdict::Warn, says));
    }
    if kept.late_keys > 0 {
        let time = view::span(words, kept.post_min);
        let says = msg!("doctor-late", count = kept.late_keys, time = time);
        checks.push(check("late", Verdict::Ok, says));
    }
    checks
}

fn room(facts: &Facts) -> Check {
    let (used, max) = (facts.home.used, facts.config.disk.max.0);
    let free = facts.home.free.unwrap_or(u64::MAX);
    let says = |free: Value| {
        let (used, max) = (view::size(used), view::size(max));
        msg!("doctor-room", used = used, max = max, free = free)
    };
    let free_told = facts.home.free.map_or_else(|| "?".into(), view::size);
    if facts.kept().is_some_and(|kept| kept.full) {
        return check("room", Verdict::Fail, msg!("doctor-full"));
    }
    let is_tight = free < FREE_BYTES_GOOD || used / 4 > max / 5;
    let verdict = if is_tight { Verdict::Warn } else { Verdict::Ok };
    check("room", verdict, says(free_told))
}

fn files(facts: &Facts) -> Vec<Check> {
    let home = &facts.home;
    let mut checks = Vec::new();
    if home.slot_elsewhere {
        checks.push(check("stick", Verdict::Ok, msg!("doctor-stick")));
    }
    let kind = view::name(&home.slot_on.kind);
    checks.push(match home.slot_on.copies_on_write {
        true => check(
            "file_system",
            Verdict::Warn,
            msg!("doctor-copies", kind = kind),
        ),
        false => check(
            "file_system",
            Verdict::Ok,
            msg!("doctor-overwrites", kind = kind),
        ),
    });
    checks.push(private(&home.not_private));
    checks
}

/// The settings hold no secret: of them it is worth a word, no more.
fn private(open: &[String]) -> Check {
    let is_settings = |path: &String| path.ends_with("config.toml");
    let worst = open.iter().find(|path| !is_settings(path));
    let Some(path) = worst.or(open.first()) else {
        return check("private", Verdict::Ok, msg!("doctor-private"));
    };
    let verdict = match is_settings(path) {
        true => Verdict::Warn,
        false => Verdict::Fail,
    };
    let says = msg!("doctor-not-private", path = view::name(path));
    check("private", verdict, says).command(format!("chmod go-rwx {path}"))
}
