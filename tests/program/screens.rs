//! Screens as a person sees them, in both languages, kept as text in `tests/screens`.
//!
//! What changes from run to run stands in braces. `KITH_BLESS=1` rewrites the files: read the
//! difference before committing it.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::home::{Home, Said};

pub(super) const LANGUAGES: [&str; 2] = ["fr", "en"];

#[test]
fn the_help_of_each_verb() {
    let home = Home::empty();
    for lang in LANGUAGES {
        let mut screen = Screen::new(lang);
        screen.run(&home, &["help"], "");
        for verb in [
            "init",
            "up",
            "down",
            "meet",
            "status",
            "invite",
            "accept",
            "contact",
            "contact list",
            "contact show",
            "contact check",
            "contact rename",
            "contact note",
            "contact mute",
            "contact block",
            "contact rm",
            "send",
            "why",
            "inbox",
            "history",
            "edit",
            "mailbox",
            "mailbox ask",
            "token",
            "group",
            "group new",
            "group propose",
            "group answer",
            "group fork",
            "forge",
            "forge transcript",
            "forge edit",
            "forge parse",
            "forge verify",
            "chat",
            "doctor",
            "lock",
            "unlock",
            "passphrase",
            "identity",
            "identity new",
            "wipe",
            "daemon",
            "demo",
            "help",
        ] {
            let args: Vec<&str> = verb.split(' ').chain(["--help"]).collect();
            screen.run(&home, &args, "");
        }
        screen.run(&home, &["help", "exit-codes"], "");
        screen.compare("help");
    }
}

#[test]
fn the_first_hour() {
    for lang in LANGUAGES {
        let (anne, zoe) = (Home::empty(), Home::empty());
        let mut screen = Screen::new(lang);
        screen.run(&anne, &["status"], "");
        screen.run(&anne, &["init", "--no-passphrase"], "");
        screen.run(&anne, &["status"], "");
        screen.run(&anne, &["up"], "");
        screen.run(&anne, &["status"], "");
        screen.run(&anne, &["contact", "list"], "");
        let code = screen.run(&anne, &["invite", "--as", "zoé"], "").out;
        screen.run(&anne, &["contact", "list"], "");
        zoe.kith(&["init", "--no-passphrase"]).done();
        zoe.kith(&["up"]).done();
        screen.run(
            &zoe,
            &["accept", "--as", "anne", "--nick", "Zézette"],
            &code,
        );
        anne.sees(1);
        screen.run(&anne, &["contact", "list"], "");
        screen.run(&anne, &["contact", "show", "zoé"], "");
        screen.run(
            &anne,
            &["send", "zoé", "salut, l'AG est à 18 h", "--wait"],
            "",
        );
        screen.run(
            &zoe,
            &["send", "anne", "-", "--wait"],
            "j'y serai\n14:06 zoé: avec le café\n",
        );
        screen.run(&anne, &["status"], "");
        screen.run(&anne, &["inbox"], "");
        screen.run(&anne, &["inbox"], "");
        zoe.kith(&["down"]).done();
        anne.sees(0);
        screen.run(&anne, &["send", "zoé", "tu dors ?"], "");
        screen.run(&anne, &["status"], "");
        screen.run(&anne, &["down"], "");
        screen.run(&anne, &["wipe", "--all", "--now"], "");
        screen.compare("first-hour");
    }
}

#[test]
fn what_is_kept() {
    for lang in LANGUAGES {
        let (anne, zoe) = (Home::new(), Home::new());
        let _up = [anne.start(), zoe.start()];
        anne.befriend("zoé", &zoe, "anne");
        zoe.kith(&["send", "anne", "tu viens à l'été ?", "--wait=60s"])
            .done();
        anne.inbox();
        anne.kith(&["send", "zoé", "oui,\navec le café", "--wait=60s"])
            .done();
        let mut screen = Screen::new(lang);
        screen.run(&anne, &["history", "zoé"], "");
        screen.run(&anne, &["history", "zoé", "--grep", "ETE"], "");
        screen.run(&anne, &["history", "zoé", "--grep", "thé"], "");
        screen.run(&anne, &["history", "zoé", "--keep", "30d"], "");
        screen.run(&anne, &["history", "zoé", "--timer", "1d"], "");
        screen.run(&anne, &["history", "zoé", "--timer", "1w"], "");
        zoe.kith(&["history", "anne", "--timer", "12h"]).done();
        zoe.kith(&["send", "anne", "deux fois", "--ttl", "1h", "--wait=60s"])
            .done();
        screen.run(&anne, &["history", "zoé", "--last", "1"], "");
        screen.run(&anne, &["inbox"], "");
        screen.run(&anne, &["history", "zoé", "--timer", "12h"], "");
        screen.run(&anne, &["contact", "show", "zoé"], "");
        screen.run(&anne, &["history", "zoé", "--erase", "--no-input"], "");
        screen.run(&anne, &["history", "zoé", "--erase", "--yes"], "");
        screen.run(&anne, &["history", "zoé"], "");
        screen.run(&anne, &["history", "zoé", "--keep", "none"], "");
        screen.run(
            &anne,
            &["contact", "note", "zoé", "-"],
            "rencontrée au jardin\na les clés du local\n",
        );
        screen.run(&anne, &["contact", "mute", "zoé"], "");
        screen.run(&anne, &["contact", "show", "zoé"], "");
        screen.run(&anne, &["contact", "mute", "zoé", "--off"], "");
        screen.run(&anne, &["contact", "block", "zoé"], "");
        screen.run(&anne, &["send", "zoé", "tu m'entends ?"], "");
        screen.run(&anne, &["contact", "list"], "");
        screen.run(&anne, &["contact", "block", "zoé", "--off"], "");
        screen.run(&anne, &["contact", "rename", "zoé", "lise"], "");
        screen.run(&anne, &["contact", "rm", "lise", "--yes"], "");
        anne.kith(&["invite", "--as", "bruno"]).done();
        screen.run(&anne, &["contact", "rm", "bruno", "--yes"], "");
        screen.compare("kept");
    }
}

#[test]
fn what_is_locked_and_what_is_wiped() {
    for lang in LANGUAGES {
        let home = Home::sealed("six mots tirés au hasard, dit-on");
        let file = home.passphrase("six mots tirés au hasard, dit-on");
        let mut screen = Screen::new(lang);
        screen.run(&home, &["doctor", "--net", "--time"], "");
        screen.run(&home, &["up", "--no-input"], "");
        screen.run(&home, &["status"], "");
        screen.run(&home, &["inbox"], "");
        screen.run(&home, &["unlock", "--no-input"], "");
        home.kith(&["unlock", "--passphrase-file", &file]).done();
        screen.run(&home, &["unlock"], "");
        screen.run(&home, &["doctor", "--net", "--time"], "");
        screen.run(&home, &["lock"], "");
        home.kith(&["down"]).done();
        fs::rename(home.data("root.slot"), home.beside("stick")).unwrap();
        std::os::unix::fs::symlink(home.beside("away"), home.data("root.slot")).unwrap();
        screen.run(&home, &["wipe", "--all", "--now"], "");
        screen.run(&home, &["up"], "");
        fs::rename(home.beside("stick"), home.beside("away")).unwrap();
        screen.run(&home, &["up"], "");
        let open = Home::new();
        open.kith(&["up"]).done();
        screen.run(&open, &["lock"], "");
        screen.compare("locks");
    }
}

#[test]
fn when_it_does_not_go() {
    for lang in LANGUAGES {
        let home = Home::new();
        let node = home.start();
        let mut screen = Screen::new(lang);
        screen.run(&home, &["init", "--no-passphrase"], "");
        screen.run(&home, &["daemon", "--foreground"], "");
        screen.run(&home, &["send", "zoé", "salut"], "");
        screen.run(&home, &["envoyer", "zoé"], "");
        screen.run(&home, &["inbox", "--folow"], "");
        screen.run(&home, &["accept", "--as", "zoé"], "KITH:NON");
        screen.run(&home, &["invite", "--as", "me"], "");
        screen.run(&home, &["wipe"], "");
        drop(node);
        screen.run(&home, &["inbox"], "");
        fs::write(home.data("root.slot"), "").unwrap();
        screen.run(&home, &["up"], "");
        screen.compare("refusals");
    }
}

/// What was typed and what came, one after the other.
pub(super) struct Screen {
    lang: &'static str,
    text: String,
}

impl Screen {
    pub(super) fn new(lang: &'static str) -> Self {
        let text = String::new();
        Self { lang, text }
    }

    pub(super) fn run(&mut self, home: &Home, args: &[&str], input: &str) -> Said {
        let said = home.kith_reading(&[&["--lang", self.lang], args].concat(), input);
        let place = home.path().display().to_string();
        let steady = |text: &str| steady(&text.replace(&place, "{home}"));
        let quoted = args.iter().map(|arg| match arg.contains(' ') {
            true => format!("\"{arg}\""),
            false => (*arg).to_owned(),
        });
        let typed: Vec<String> = quoted.collect();
        let _ = writeln!(self.text, "$ kith {}", typed.join(" "));
        let _ = write!(self.text, "{}{}", steady(&said.out), steady(&said.err));
        let ended = match said.code {
            0 => String::new(),
            code => format!("[{code}]\n"),
        };
        let _ = writeln!(self.text, "{ended}");
        said
    }

    /// Puts `name` in braces where `text` stands.
    pub(super) fn hide(&mut self, text: &str, name: &str) {
        self.text = self.text.replace(text, &format!("{{{name}}}"));
    }

    pub(super) fn compare(&self, name: &str) {
        let screens = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/screens");
        let path = screens.join(self.lang).join(format!("{name}.txt"));
        if std::env::var_os("KITH_BLESS").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            return fs::write(path, &self.text).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        let lines = kept.lines().zip(self.text.lines());
        let first = lines.enumerate().find(|(_, (kept, now))| kept != now);
        if let Some((at, (kept, now))) = first {
            panic!("{}, line {}:\n- {kept}\n+ {now}", path.display(), at + 1);
        }
        assert_eq!(kept, self.text, "{}: one is longer", path.display());
    }
}

/// The text with what changes from run to run in braces.
fn steady(text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(steady_line).collect();
    // The twelve words stand alone, four in a line, two spaces between them.
    for line in &mut lines {
        if line.starts_with("    ") && line.trim().split("  ").count() == 4 {
            *line = "    {word}  {word}  {word}  {word}".to_owned();
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn steady_line(line: &str) -> String {
    if line.starts_with("KITH:") {
        return "KITH:{code}".to_owned();
    }
    let words = line.split(' ').map(|word| {
        let bare = word.trim_end_matches([',', '.', ')', ':', '\u{a0}']);
        let end = &word[bare.len()..];
        let shape: String = bare
            .chars()
            .map(|c| if c.is_ascii_digit() { '0' } else { c })
            .collect();
        match shape.as_str() {
            "00:00" => format!("{{time}}{end}"),
            "0000-00-00" => format!("{{date}}{end}"),
            _ => word.to_owned(),
        }
    });
    let line = words.collect::<Vec<_>>().join(" ");
    let line = numbered(&long_day(&line), "pid ", "{pid}");
    match line.strip_prefix("disk ").or(line.strip_prefix("disque ")) {
        Some(rest) => line.replace(rest.trim_start(), "{size}"),
        None => line,
    }
}

/// Puts `{day}` in place of a day that can be read aloud: `22 novembre 2026`.
fn long_day(line: &str) -> String {
    const MONTHS: &str = "janvier février mars avril mai juin juillet août septembre octobre novembre \
        décembre January February March April May June July August September October November \
        December";
    let mut months = MONTHS.split_whitespace().map(|month| format!("{month} 20"));
    let Some((at, month)) = months.find_map(|month| Some((line.find(&month)?, month))) else {
        return line.to_owned();
    };
    let (before, after) = line.split_at(at);
    let before = before.trim_end();
    let before = before.strip_suffix("er").unwrap_or(before);
    let before = before.trim_end_matches(|c: char| c.is_ascii_digit());
    format!("{before}{{day}}{}", &after[month.len() + 2..])
}

/// Puts `name` in place of the number that follows `before`.
fn numbered(line: &str, before: &str, name: &str) -> String {
    let Some((head, tail)) = line.split_once(before) else {
        return line.to_owned();
    };
    let rest = tail.trim_start_matches(|c: char| c.is_ascii_digit());
    match rest.len() < tail.len() {
        true => format!("{head}{before}{name}{rest}"),
        false => line.to_owned(),
    }
}

#[test]
fn only_what_changes_is_put_in_braces() {
    for (line, kept) in [
        ("14:03 zoé: à 18 h", "{time} zoé: à 18 h"),
        (
            "good until 2026-11-29 at 00:08.",
            "good until {date} at {time}.",
        ),
        (
            "up: node running (pid 31913), listening",
            "up: node running (pid {pid}), listening",
        ),
        ("disk       548 KiB", "disk       {size}"),
        ("KITH:042MH", "KITH:{code}"),
        (
            "rencontré·e le 1er\u{a0}mai 2027, oui",
            "rencontré·e le {day}, oui",
        ),
        ("met on 22 May 2027.", "met on {day}."),
        (
            "    sad  monster  concert  good",
            "    {word}  {word}  {word}  {word}",
        ),
    ] {
        assert_eq!(steady(line), format!("{kept}\n"));
    }
}
