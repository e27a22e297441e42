//! `kith help`: all that can be typed, one verb, or a topic.

use clap::{ArgMatches, Command};
use kith_proto::petname::RESERVED;

use crate::args::positional;
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::{Words, msg};
use crate::{args, out, view};

/// What can be explained besides verbs.
struct Topic {
    /// What it is called, in English, in French, and in French without accents: all are understood in
    /// both languages, as answers are.
    names: &'static [&'static str],
    explain: fn(&Words) -> String,
}

const TOPICS: &[Topic] = &[
    Topic {
        names: &["verbs", "verbes"],
        explain: |words| args::every_verb(words, &tree(words)),
    },
    Topic {
        names: &["options"],
        explain: |words| args::every_option(words, &tree(words)),
    },
    Topic {
        names: &["names", "noms"],
        explain: names,
    },
    Topic {
        names: &["accessibility", "accessibilité", "accessibilite"],
        explain: |words| words.get("help-accessibility"),
    },
    Topic {
        names: &["environment", "environnement"],
        explain: |words| words.get("help-environment"),
    },
    Topic {
        names: &["exit-codes", "codes"],
        explain: |words| words.get("help-exit-codes"),
    },
    Topic {
        names: &["formats"],
        explain: |words| words.get("help-formats"),
    },
    Topic {
        names: &["seizure", "saisie"],
        explain: |words| words.get("help-seizure"),
    },
];

/// Where names stand below what is said of them.
const NAMES_COLUMN: usize = 2;

pub(super) fn command(words: &Words, command: Command) -> Command {
    let topic = positional(words, "topic", "value-topic", "help-topic");
    command
        .about(words.get("help-about"))
        .arg(topic.num_args(0..))
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let path = matches.get_many::<String>("topic").unwrap_or_default();
    let path: Vec<&str> = path.map(String::as_str).collect();
    let text = explained(&context.words, &path).ok_or_else(|| unknown(&path))?;
    out::line(text.trim())?;
    Ok(Exit::OK)
}

/// What there is to say of a topic, or of the verb at this path; the whole tree's help for none.
fn explained(words: &Words, path: &[&str]) -> Option<String> {
    if let [name] = path {
        let topic = TOPICS.iter().find(|topic| topic.names.contains(name));
        if let Some(topic) = topic {
            return Some((topic.explain)(words));
        }
    }
    let mut tree = tree(words);
    let mut verb = Some(&mut tree);
    for name in path {
        verb = verb.and_then(|verb| verb.find_subcommand_mut(name));
    }
    Some(verb?.render_long_help().to_string())
}

/// All verbs. One that was never built does not know the options that go with everything.
fn tree(words: &Words) -> Command {
    let mut tree = args::command(words);
    tree.build();
    tree
}

/// With the names that nobody can be given.
fn names(words: &Words) -> String {
    let reserved = args::wrap(&RESERVED.join(", "), NAMES_COLUMN);
    words.say(&msg!("help-names", reserved = reserved))
}

fn unknown(path: &[&str]) -> Failed {
    let topic = view::name(&path.join(" "));
    Failed::new(Exit::USAGE, msg!("help-unknown-topic", topic = topic))
        .hint(msg!("help-unknown-topic-hint"))
}

#[cfg(test)]
mod tests {
    use kith_node::control::shape::Language;

    use super::*;
    use crate::verbs;
    use crate::words::every_language;

    /// Rows of the smallest terminal that people still use.
    const ROWS: usize = 24;

    #[test]
    fn everything_that_can_be_typed_and_every_topic_is_explained_alone() {
        for words in every_language() {
            for verb in verbs::all() {
                assert!(explained(&words, &[verb.name]).is_some(), "{}", verb.name);
            }
            for topic in TOPICS.iter().flat_map(|topic| topic.names) {
                assert!(explained(&words, &[topic]).is_some(), "{topic}");
            }
            assert!(explained(&words, &["group", "new"]).is_some());
            assert_eq!(explained(&words, &["love"]), None);
            assert_eq!(explained(&words, &["names", "names"]), None);
        }
    }

    #[test]
    fn what_a_newcomer_asks_for_fits_a_screen() {
        for words in every_language() {
            let topics = TOPICS.iter().map(|topic| vec![topic.names[0]]);
            // Two lists of everything.
            let topics = topics.filter(|path| !["verbs", "options"].contains(&path[0]));
            let verbs = verbs::all().map(|verb| vec![verb.name]);
            for path in topics.chain(verbs).chain([vec![]]) {
                let text = explained(&words, &path).unwrap();
                let rows = text.trim().lines().count();
                let wide = text.lines().find(|line| line.chars().count() > 80);
                assert!(rows < ROWS, "{path:?} has {rows} rows");
                assert_eq!(wide, None, "{path:?}");
            }
        }
    }

    #[test]
    fn the_names_that_nobody_can_be_given_are_those_that_are_refused() {
        for words in every_language() {
            let said = explained(&words, &["names"]).unwrap();
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(said.contains(&RESERVED.join(", ")), "{said}");
        }
    }

    #[test]
    fn the_first_help_names_every_verb_and_every_topic() {
        for words in every_language() {
            let first = explained(&words, &[]).unwrap();
            let said: Vec<&str> = first.split([' ', ',', '\n']).collect();
            for name in verbs::all().map(|verb| verb.name) {
                assert!(said.contains(&name), "{name}\n{first}");
            }
            for Topic { names, .. } in TOPICS {
                let here = match words.language {
                    Language::French => names.get(1).unwrap_or(&names[0]),
                    Language::English => &names[0],
                };
                assert!(said.contains(here), "{here}\n{first}");
            }
        }
    }
}
