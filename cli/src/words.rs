//! Everything a person reads comes from `words/fr.ftl` or `words/en.ftl`, through here.
//!
//! A [`Msg`] is a sentence not yet said: its key and what goes into it. The files can be translated
//! by people who do not compile; the tests below hold both to the same keys and to their manners.

use std::borrow::Cow;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use kith_node::control::shape::Language;
use unic_langid::LanguageIdentifier;

use crate::view::{in_command, sized};

const FRENCH: &str = include_str!("../words/fr.ftl");
const ENGLISH: &str = include_str!("../words/en.ftl");

/// A sentence not yet said.
#[derive(Debug)]
pub(crate) struct Msg {
    /// Its key in the word files.
    pub(crate) key: &'static str,
    /// What goes into it.
    pub(crate) args: Vec<(&'static str, Value)>,
}

/// What goes into a sentence.
#[derive(Debug)]
pub(crate) enum Value {
    /// As it is, in any language.
    Plain(FluentValue<'static>),
    /// So many bytes.
    Bytes(u64),
}

impl<T: Into<FluentValue<'static>>> From<T> for Value {
    fn from(value: T) -> Self {
        Self::Plain(value.into())
    }
}

/// `msg!("key", name = value, ...)`
macro_rules! msg {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::words::Msg {
            key: $key,
            args: vec![$((stringify!($name), $crate::words::Value::from($value))),*],
        }
    };
}
pub(crate) use msg;

/// The words of one language.
pub(crate) struct Words {
    /// Which.
    pub(crate) language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// Reads the words that are built into the program.
    pub(crate) fn new(language: Language) -> Self {
        let (source, locale) = match language {
            Language::French => (FRENCH, "fr"),
            Language::English => (ENGLISH, "en"),
        };
        // A test holds that there are no errors; what was understood is better than nothing.
        let resource =
            FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
        // The locale chooses the plural forms.
        let locale: LanguageIdentifier = locale.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // Invisible isolates around values would be copied along with codes and names.
        bundle.set_use_isolating(false);
        // `{ TYPED($name) }`: a name inside a command. An identifier is refused only if it is there twice.
        let _ = bundle.add_function("TYPED", |given, _| typed(given.first()));
        let _ = bundle.add_resource(resource);
        Self { language, bundle }
    }

    /// The sentence, in this language.
    pub(crate) fn say(&self, msg: &Msg) -> String {
        let args: FluentArgs = msg
            .args
            .iter()
            .map(|(name, value)| (Cow::Borrowed(*name), self.told(value)))
            .collect();
        self.render(msg.key, Some(&args))
    }

    /// A value as this language writes it.
    fn told(&self, value: &Value) -> FluentValue<'static> {
        match value {
            Value::Plain(value) => value.clone(),
            Value::Bytes(bytes) => self.say(&sized(*bytes)).into(),
        }
    }

    /// A sentence into which nothing goes.
    pub(crate) fn get(&self, key: &'static str) -> String {
        self.render(key, None)
    }

    fn render(&self, key: &str, args: Option<&FluentArgs>) -> String {
        let pattern = self.bundle.get_message(key).and_then(|found| found.value());
        match pattern {
            Some(pattern) => self
                .bundle
                .format_pattern(pattern, args, &mut Vec::new())
                .into_owned(),
            None => key.to_owned(),
        }
    }
}

/// A name as a command is given it.
fn typed(given: Option<&FluentValue>) -> FluentValue<'static> {
    match given {
        Some(FluentValue::String(name)) => in_command(name).into(),
        _ => FluentValue::Error,
    }
}

/// Whether this answer is a yes, in either language: nobody should have to know which one asked.
pub(crate) fn is_yes(answer: &str) -> bool {
    let answer = answer.trim().to_lowercase();
    ["y", "yes", "o", "oui"].contains(&answer.as_str())
}

/// The language that `value` names, as in `fr`, `fr_CH.UTF-8` or `en`; none for `C` and others.
pub(crate) fn language(value: &str) -> Option<Language> {
    let code = value.split(['_', '.', '@', '-']).next()?;
    match code.to_ascii_lowercase().as_str() {
        "fr" => Some(Language::French),
        "en" => Some(Language::English),
        _ => None,
    }
}

/// The first language that the environment names. `LANGUAGE` is a list.
pub(crate) fn language_of(environment: impl Fn(&str) -> Option<String>) -> Option<Language> {
    ["LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"]
        .into_iter()
        .filter_map(environment)
        .find_map(|value| value.split(':').find_map(language))
}

#[cfg(test)]
pub(crate) use tests::{every_language, keys};

#[cfg(test)]
mod tests;
