//! Both word files say the same things, in good manners, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression};
use fluent_syntax::ast::{Pattern, PatternElement};

use super::*;

/// The words of both languages, French first.
pub(crate) fn every_language() -> [Words; 2] {
    [Language::French, Language::English].map(Words::new)
}

/// All keys.
pub(crate) fn keys() -> BTreeSet<String> {
    variables(ENGLISH).into_keys().collect()
}

/// The variables of each key.
fn variables(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let resource = fluent_syntax::parser::parse(source).unwrap();
    let mut found = BTreeMap::new();
    for entry in resource.body {
        let Entry::Message(message) = entry else {
            assert!(
                !matches!(entry, Entry::Term(_) | Entry::Junk { .. }),
                "{entry:?}"
            );
            continue;
        };
        let mut variables = BTreeSet::new();
        in_pattern(&message.value.unwrap(), &mut variables);
        let before = found.insert(message.id.name.to_owned(), variables);
        assert_eq!(before, None, "{} is there twice", message.id.name);
    }
    found
}

fn in_pattern(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else {
            continue;
        };
        match expression {
            Expression::Inline(inline) => in_inline(inline, variables),
            Expression::Select { selector, variants } => {
                in_inline(selector, variables);
                for variant in variants {
                    in_pattern(&variant.value, variables);
                }
            }
        }
    }
}

fn in_inline(inline: &InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => drop(variables.insert(id.name.to_owned())),
        InlineExpression::FunctionReference {
            arguments: CallArguments { positional, .. },
            ..
        } => positional.iter().for_each(|one| in_inline(one, variables)),
        InlineExpression::Placeable { expression } => {
            if let Expression::Inline(inline) = &**expression {
                in_inline(inline, variables);
            }
        }
        _ => {}
    }
}

/// The source of this crate without its tests.
fn source() -> String {
    fn read(dir: &Path, all: &mut String) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, all);
            } else if !path.ends_with("words/tests.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let program = text.split("#[cfg(test)]").next().unwrap();
                let lines = program.lines();
                let code = lines.filter(|line| !line.trim_start().starts_with("//"));
                all.extend(code.flat_map(|line| [line, "\n"]));
            }
        }
    }
    let mut all = String::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    all
}

/// Each `msg!("key", name = ...)` of the source: its key, and the names given to it.
fn messages(source: &str) -> Vec<(String, BTreeSet<String>)> {
    let calls = source.split("msg!(").skip(1);
    let calls = calls.filter(|call| call.trim_start().starts_with('"'));
    calls
        .map(|call| {
            let mut depth = 1;
            let end = call.find(|c| {
                depth += match c {
                    '(' => 1,
                    ')' => -1,
                    _ => 0,
                };
                depth == 0
            });
            let call = call[..end.unwrap()].trim_start();
            let key = call.split('"').nth(1).unwrap().to_owned();
            let names = call.match_indices(" = ").map(|(at, _)| {
                let before = call[..at].rsplit([',', ' ', '\n']).next().unwrap();
                before.to_owned()
            });
            (key, names.collect())
        })
        .collect()
}

/// What a variable may hold: counts from each plural class, words for the rest.
fn samples(name: &str) -> Vec<FluentValue<'static>> {
    match name {
        "count" | "online" | "offline" | "pid" | "line" | "percent" => {
            vec![0.into(), 1.into(), 2.into()]
        }
        _ => vec!["zoé".into()],
    }
}

/// Every message in every plural form, with its key.
fn rendered(language: Language) -> Vec<(String, String)> {
    let source = match language {
        Language::French => FRENCH,
        Language::English => ENGLISH,
    };
    let words = Words::new(language);
    let mut all = Vec::new();
    for (key, names) in variables(source) {
        for round in 0..3 {
            let args: FluentArgs = names
                .iter()
                .map(|name| {
                    let samples = samples(name);
                    let value = samples[round % samples.len()].clone();
                    (Cow::Owned(name.clone()), value)
                })
                .collect();
            let pattern = words.bundle.get_message(&key).unwrap().value().unwrap();
            let mut errors = Vec::new();
            let text = words
                .bundle
                .format_pattern(pattern, Some(&args), &mut errors);
            assert_eq!(errors, [], "{key}");
            all.push((key.clone(), text.into_owned()));
        }
    }
    all
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_variables() {
    assert_eq!(variables(FRENCH), variables(ENGLISH));
}

#[test]
fn no_message_is_unused_and_none_is_missing() {
    let source = source();
    let known = variables(ENGLISH);
    for key in known.keys() {
        assert!(source.contains(&format!("\"{key}\"")), "{key} is unused");
    }
    let messages = messages(&source);
    assert!(messages.len() > 100, "the search finds them");
    for (key, names) in messages {
        assert_eq!(known.get(&key), Some(&names), "{key}");
    }
    for get in source.split(".get(\"").skip(1) {
        let key = get.split('"').next().unwrap();
        assert_eq!(known.get(key), Some(&BTreeSet::new()), "{key}");
    }
}

#[test]
fn every_message_can_be_said() {
    for language in [Language::French, Language::English] {
        for (key, text) in rendered(language) {
            assert!(!text.trim().is_empty(), "{key}");
            assert!(!text.starts_with('='), "{key}: {text}");
            assert!(!text.contains(['{', '}', '$', '\u{2068}']), "{key}: {text}");
        }
    }
}

#[test]
fn plurals_follow_the_language() {
    let say = |language, count: u32| Words::new(language).say(&msg!("up-friends", count = count));
    assert_eq!(say(Language::French, 0), "0 ami·e");
    assert_eq!(say(Language::French, 2), "2 ami·es");
    assert_eq!(say(Language::English, 0), "0 friends");
    assert_eq!(say(Language::English, 1), "1 friend");
}

#[test]
fn a_name_in_a_command_is_told_as_a_shell_takes_it() {
    for words in every_language() {
        let said = words.say(&msg!("waiting-check", name = "jean paul"));
        assert!(said.contains("kith contact check \"jean paul\""), "{said}");
    }
    for source in [FRENCH, ENGLISH] {
        for after in source.split("kith ").skip(1) {
            let verb = |c: char| c.is_ascii_lowercase() || " -".contains(c);
            let given = after.trim_start_matches(verb);
            let bare = ["{ $name", "{ $group"];
            let is_bare = bare.iter().any(|name| given.starts_with(name));
            assert!(!is_bare, "{}", after.lines().next().unwrap_or_default());
        }
    }
}

#[test]
fn french_has_its_spaces() {
    for (key, text) in rendered(Language::French) {
        // The prefix of an invitation is no sentence.
        let text = text.replace("KITH:", "KITH");
        let letters: Vec<char> = text.chars().collect();
        for window in letters.windows(3) {
            let &[before, mark, after] = window else {
                continue;
            };
            let bound = |c| matches!(c, '\u{a0}' | '\u{202f}');
            match mark {
                ':' | ';' | '!' | '?' if after.is_whitespace() => {
                    assert!(bound(before), "{key}: {text}");
                }
                '«' => assert!(bound(after), "{key}: {text}"),
                '»' => assert!(bound(before), "{key}: {text}"),
                _ => {}
            }
        }
        let last = letters.len().saturating_sub(2);
        if let [before, ':' | ';' | '!' | '?'] = letters[last..] {
            assert!(matches!(before, '\u{a0}' | '\u{202f}'), "{key}: {text}");
        }
        assert!(!text.contains(['“', '”']), "{key}: {text}");
    }
}

#[test]
fn no_jargon_and_no_glyphs() {
    let jargon = [
        "key",
        "keys",
        "sign",
        "signs",
        "signed",
        "signature",
        "fingerprint",
        "fingerprints",
        "trust",
        "trusted",
        "verified",
        "clé",
        "clés",
        "clef",
        "clefs",
        "signer",
        "signé",
        "empreinte",
        "empreintes",
        "confiance",
        "vérifié",
    ];
    for language in [Language::French, Language::English] {
        for (key, text) in rendered(language) {
            // Who asks how it is made is told with the words for it.
            if key == "help-formats" {
                continue;
            }
            // A file that a sentence names is called what it is called.
            let lower = text.to_lowercase().replace("device.key", "");
            for word in lower.split(|c: char| !c.is_alphanumeric()) {
                assert!(!jargon.contains(&word), "{key}: {text}");
            }
            let plain = |c: char| {
                c.is_alphanumeric()
                    || c.is_ascii_punctuation()
                    || c.is_whitespace()
                    || "·«»“”’".contains(c)
            };
            assert!(text.chars().all(plain), "{key}: {text}");
        }
    }
}

#[test]
fn the_environment_names_the_language() {
    let of = |pairs: &[(&str, &str)]| {
        language_of(|name| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    };
    assert_eq!(of(&[("LANG", "fr_CH.UTF-8")]), Some(Language::French));
    assert_eq!(of(&[("LANG", "en")]), Some(Language::English));
    let both = [("LC_ALL", "fr"), ("LANG", "en_US.UTF-8")];
    assert_eq!(of(&both), Some(Language::French));
    assert_eq!(
        of(&[("LANG", "C.UTF-8"), ("LANGUAGE", "de:fr")]),
        Some(Language::French)
    );
    assert_eq!(of(&[("LANG", "C")]), None);
    assert_eq!(of(&[("LANG", "frr")]), None);
}
