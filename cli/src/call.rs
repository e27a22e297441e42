//! One call of the program: its settings and its language, then the verb, then how it ended.

use std::cell::OnceCell;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::ArgMatches;
use clap::error::ErrorKind;
use kith_node::config::{Config, ConfigError};
use kith_node::control::client::{CallError, Client};
use kith_node::control::shape::Language;
use kith_node::home::Home;
use serde::Serialize;

use crate::ask::Sources;
use crate::exit::{Exit, Failed, Outcome, usual_hint};
use crate::words::{Msg, Words, language, language_of, msg};
use crate::{args, out, verbs};

/// What every verb can lean on.
pub(crate) struct Context {
    /// The home of the node in question.
    pub(crate) home: Home,
    /// Its directory, absolute, if one was named.
    pub(crate) home_named: Option<PathBuf>,
    /// What to say.
    pub(crate) words: Words,
    /// Answers are for a program.
    pub(crate) json: bool,
    /// Lines only: no cursor movement.
    pub(crate) plain: bool,
    /// Questions may be asked.
    pub(crate) may_ask: bool,
    /// Where a passphrase can come from.
    pub(crate) sources: Sources,
    quiet: bool,
    /// Where the node was found: from then on it is nobody else's, even if this home goes.
    found: OnceCell<PathBuf>,
    config: Result<Config, ConfigError>,
}

impl Context {
    /// The same where nobody is asked anything: a verb inside a conversation.
    pub(crate) fn unasked(&self) -> Self {
        Self {
            home: self.home.clone(),
            home_named: self.home_named.clone(),
            words: Words::new(self.words.language),
            json: false,
            plain: true,
            may_ask: false,
            sources: Sources::none(),
            quiet: false,
            found: self.found.clone(),
            config: Ok(self.config().cloned().unwrap_or_default()),
        }
    }

    /// Prints a sentence that was asked for.
    pub(crate) fn say(&self, msg: &Msg) -> Result<(), Failed> {
        out::line(&self.words.say(msg))
    }

    /// Prints an object that was asked for.
    pub(crate) fn json(&self, object: impl Serialize) -> Result<(), Failed> {
        out::json(&kith_node::control::shape::Versioned::new(object))
    }

    /// Advice beside the answer; `--quiet` leaves it out.
    pub(crate) fn note(&self, msg: &Msg) {
        if !self.quiet {
            out::aside(&self.words.say(msg));
        }
    }

    /// Says why something was not done that can be tried otherwise, and how.
    pub(crate) fn explain(&self, failed: &Failed) {
        explain(&self.words, failed);
    }

    /// Whether what moves may be drawn for a person.
    pub(crate) fn draws(&self) -> bool {
        !(self.quiet || self.plain || self.json)
    }

    /// The running node: always the one that was found first.
    pub(crate) fn node(&self) -> Result<Client, Failed> {
        if let Some(socket) = self.found.get() {
            return Ok(Client::connect(socket)?);
        }
        let mut socket = self.home.socket();
        let node = match Client::connect(&socket) {
            // That of the whole machine, for whoever has none and is in its group.
            Err(CallError::Down) if !self.home.exists() && self.home_named.is_none() => {
                socket = Home::of_the_system().socket();
                Client::connect(&socket).map_err(|_| no_home())?
            }
            Err(CallError::Down) if !self.home.exists() => return Err(no_home()),
            other => other?,
        };
        let _ = self.found.set(socket);
        Ok(node)
    }

    /// There is no home of the person's own, and this needs one.
    pub(crate) fn no_home(&self) -> Failed {
        let system = self.home_named.is_none().then(Home::of_the_system);
        match system.and_then(|home| Client::connect(&home.socket()).ok()) {
            Some(_) => Failed::new(Exit::UNAVAILABLE, msg!("no-home-but-the-system"))
                .hint(msg!("no-home-but-the-system-hint")),
            None => no_home(),
        }
    }

    /// Where the home's data are, for the person's own screen.
    pub(crate) fn place(&self) -> String {
        crate::view::name(&self.home.data().display().to_string())
    }

    /// The settings, if they can be read.
    pub(crate) fn config(&self) -> Result<&Config, Failed> {
        self.config.as_ref().map_err(wrong_config)
    }
}

/// The settings cannot be used as they are.
pub(crate) fn wrong_config(wrong: &ConfigError) -> Failed {
    match wrong {
        ConfigError::Unreadable(_) => Failed::new(Exit::CONFIG, msg!("config-unreadable")),
        ConfigError::Wrong { line, text } => Failed::new(
            Exit::CONFIG,
            msg!("config-wrong", line = *line, text = crate::view::name(text)),
        ),
    }
}

/// There is no node here yet.
pub(crate) fn no_home() -> Failed {
    Failed::new(Exit::UNAVAILABLE, msg!("no-home")).hint(msg!("no-home-hint"))
}

/// Does what the command line says.
pub(crate) fn run(typed: Vec<OsString>) -> Exit {
    let early = Early::read(&typed);
    let words = Words::new(early.language());
    let outcome = match args::command(&words).try_get_matches_from(&typed) {
        Ok(matches) => obey(early, &words, &matches),
        Err(error) => misread(&words, &typed, &error),
    };
    outcome.unwrap_or_else(|mut failed| {
        let usual = || usual_hint(failed.exit, args::verb_of(&typed));
        if failed.hint.is_none() && failed.why.is_some() {
            failed.hint = usual();
        }
        explain(&words, &failed);
        failed.exit
    })
}

/// Why, and what to do now.
fn explain(words: &Words, failed: &Failed) {
    if let Some(why) = &failed.why {
        let why = words.say(why);
        out::aside(&words.say(&msg!("error", why = why)));
    }
    if let Some(hint) = &failed.hint {
        out::aside(&words.say(hint));
    }
}

fn obey(early: Early, words: &Words, matches: &ArgMatches) -> Outcome {
    if std::env::var_os("KITH_PASSPHRASE").is_some() {
        out::aside(&words.get("passphrase-variable-ignored"));
    }
    let leaf = args::leaf(matches);
    let _ = early.config();
    let home = early.home.ok_or_else(no_place)?;
    let config = early.config.into_inner().unwrap_or(Ok(Config::default()));
    let plain_config = config.as_ref().is_ok_and(|config| config.ui.plain);
    let variable = |name: &str, value: &str| std::env::var_os(name).is_some_and(|v| v == value);
    let context = Context {
        home,
        home_named: early.named,
        words: Words::new(words.language),
        json: leaf.get_flag("json"),
        plain: leaf.get_flag("plain")
            || variable("KITH_PLAIN", "1")
            || variable("TERM", "dumb")
            || plain_config,
        may_ask: !leaf.get_flag("no-input"),
        sources: Sources::of(leaf),
        quiet: leaf.get_flag("quiet"),
        found: OnceCell::new(),
        config,
    };
    verbs::run(&context, matches)
}

fn no_place() -> Failed {
    Failed::new(Exit::CONFIG, msg!("no-place")).hint(msg!("no-place-hint"))
}

/// Help that was asked for goes to standard output; a mistake is explained on standard error.
fn misread(words: &Words, typed: &[OsString], error: &clap::Error) -> Outcome {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            out::line(error.render().to_string().trim_end())?;
            Ok(Exit::OK)
        }
        _ => Err(args::explain(words, typed, error)),
    }
}

/// What must be known before the command line can be read in the right language.
struct Early {
    home: Option<Home>,
    named: Option<PathBuf>,
    lang: Option<Language>,
    config: OnceCell<Result<Config, ConfigError>>,
}

impl Early {
    fn read(typed: &[OsString]) -> Self {
        let named = early_value(typed, "--home")
            .or_else(|| std::env::var_os("KITH_HOME").filter(|value| !value.is_empty()))
            .and_then(|path| std::path::absolute(path).ok());
        Self {
            home: match &named {
                Some(path) => Some(Home::at(path)),
                None => Home::default_path(),
            },
            named,
            lang: early_value(typed, "--lang").and_then(|lang| language(lang.to_str()?)),
            config: OnceCell::new(),
        }
    }

    /// What was asked for, then what the environment says, then the settings, then English.
    fn language(&self) -> Language {
        let environment = || language_of(|name| std::env::var(name).ok());
        let config = || self.config().and_then(|config| config.ui.lang);
        let named = self.lang.or_else(environment).or_else(config);
        named.unwrap_or(Language::English)
    }

    fn config(&self) -> Option<&Config> {
        let home = self.home.as_ref()?;
        let config = self
            .config
            .get_or_init(|| Config::load(&home.config_file()));
        config.as_ref().ok()
    }
}

/// The value of a global flag, by a look at the raw command line: `--flag value` or `--flag=value`.
fn early_value(typed: &[OsString], flag: &str) -> Option<OsString> {
    let mut typed = typed.iter().take_while(|word| *word != "--");
    while let Some(word) = typed.next() {
        if word == flag {
            return typed.next().cloned();
        }
        let value = word.to_str().and_then(|word| word.strip_prefix(flag));
        if let Some(value) = value.and_then(|value| value.strip_prefix('=')) {
            return Some(value.into());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn where_a_node_was_found_no_other_is_taken_for_it() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::at(dir.path());
        let context = Context {
            home_named: None,
            words: Words::new(Language::English),
            json: false,
            plain: true,
            may_ask: false,
            sources: Sources::none(),
            quiet: true,
            found: OnceCell::new(),
            config: Ok(Config::default()),
            home,
        };
        let why = |context: &Context| context.node().err().and_then(|failed| failed.why);
        context.found.set(dir.path().join("socket")).unwrap();
        for context in [&context, &context.unasked()] {
            assert_eq!(why(context).map(|why| why.key), Some("node-down"));
        }
    }

    #[test]
    fn a_global_flag_is_found_wherever_it_stands() {
        let value = |line| early_value(&typed(line), "--lang");
        assert_eq!(value("kith --lang fr send zoé"), Some("fr".into()));
        assert_eq!(value("kith send zoé --lang=en"), Some("en".into()));
        assert_eq!(value("kith send zoé -- --lang=en"), None);
        assert_eq!(value("kith send --language en"), None);
    }
}
