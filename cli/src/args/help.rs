//! Help, drawn from the tree alone, so that every word of it comes from the word files.

use std::io::stdout;

use clap::{Arg, ArgAction, Command};

use crate::verbs::GROUPS;
use crate::view;
use crate::words::{Words, msg};

/// Lines are broken before this column, and before the terminal's last.
const WIDTH: usize = 80;
/// The widest left column; a longer entry has its help below.
const LEFT_MAX: usize = 26;

/// The same tree; each of its commands has its help written out. `path` is what is typed before.
pub(super) fn with_help(words: &Words, command: Command, path: &str) -> Command {
    let path = format!("{path} {}", command.get_name());
    let path = path.trim().to_owned();
    let verbs: Vec<String> = command
        .get_subcommands()
        .map(|verb| verb.get_name().to_owned())
        .collect();
    let text = text(words, &command, &path);
    verbs
        .into_iter()
        .fold(command, |command, verb| {
            command.mut_subcommand(verb, |verb| with_help(words, verb, &path))
        })
        .override_help(text)
}

fn text(words: &Words, command: &Command, path: &str) -> String {
    let mut text = about(command);
    text.push('\n');
    let line = usage(words, command, path);
    text.push_str(&words.say(&msg!("help-usage", line = line)));
    text.push('\n');
    if path == command.get_name() {
        text.push_str(&all_in_short(words));
        return text;
    }
    section(&mut text, &words.get("help-verbs"), verbs_of(command));
    let values = shown(command).filter(|arg| arg.is_positional()).map(entry);
    section(&mut text, &words.get("help-values"), values.collect());
    let options = own_options(command).map(entry).collect();
    section(&mut text, &words.get("help-flags"), options);
    if let Some(example) = command.get_after_help() {
        text.push('\n');
        text.push_str(&words.get("help-example"));
        text.push_str(&format!("\n  {example}\n"));
    }
    text.push('\n');
    text.push_str(&words.get("help-more"));
    text.push('\n');
    text
}

/// What the command does, broken into lines.
fn about(command: &Command) -> String {
    let about = command.get_about().map(ToString::to_string);
    wrap(&about.unwrap_or_default(), 0) + "\n"
}

/// The names of all verbs, under their headings: they fit a screen, their sentences would not.
fn all_in_short(words: &Words) -> String {
    let groups = GROUPS.iter().map(|group| {
        let names: Vec<&str> = group.verbs.iter().map(|verb| verb.name).collect();
        (words.get(group.heading), names.join(" "))
    });
    let mut text = String::from("\n");
    entries(&mut text, groups.collect());
    text.push('\n');
    text.push_str(&words.get("help-root-more"));
    text
}

/// Every verb with its sentence.
pub(crate) fn every_verb(words: &Words, root: &Command) -> String {
    let mut text = String::new();
    section(&mut text, &words.get("help-verbs"), verbs_of(root));
    text
}

/// Every option that goes with everything.
pub(crate) fn every_option(words: &Words, root: &Command) -> String {
    let mut text = String::new();
    let options = shown(root).filter(|arg| !arg.is_positional());
    section(
        &mut text,
        &words.get("help-flags"),
        options.map(entry).collect(),
    );
    text
}

/// The verbs below a command, each with its sentence.
pub(super) fn verbs_of(command: &Command) -> Vec<(String, String)> {
    let verbs = command.get_subcommands().filter(|verb| !verb.is_hide_set());
    let verbs = verbs.map(|verb| {
        let about = verb.get_about().map(ToString::to_string);
        (verb.get_name().to_owned(), about.unwrap_or_default())
    });
    verbs.collect()
}

/// The arguments that people are told of.
pub(super) fn shown(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|arg| !arg.is_hide_set())
}

/// The options that not every verb takes.
pub(super) fn own_options(command: &Command) -> impl Iterator<Item = &Arg> {
    shown(command).filter(|arg| !arg.is_positional() && !arg.is_global_set())
}

/// `kith send TO [TEXT] [flags]`
pub(super) fn usage(words: &Words, command: &Command, path: &str) -> String {
    let mut line = path.to_owned();
    if command.has_subcommands() {
        let verb = words.get("value-verb");
        line.push_str(&match command.is_subcommand_required_set() {
            true => format!(" {verb}"),
            false => format!(" [{verb}]"),
        });
    }
    let options = command.get_arguments().filter(|arg| !arg.is_positional());
    for arg in options.filter(|arg| arg.is_required_set()) {
        line.push_str(&format!(" {}", entry(arg).0));
    }
    for arg in command.get_positionals().filter(|arg| !arg.is_hide_set()) {
        let name = value_name(arg);
        line.push_str(&match arg.is_required_set() {
            true => format!(" {name}"),
            false => format!(" [{name}]"),
        });
    }
    line.push(' ');
    line.push_str(&words.get("help-usage-flags"));
    line
}

fn value_name(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    names.first().map(ToString::to_string).unwrap_or_default()
}

/// What stands left, and its help.
pub(super) fn entry(arg: &Arg) -> (String, String) {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let Some(long) = arg.get_long() else {
        return (value_name(arg), help);
    };
    let mut left = match arg.get_short() {
        Some(short) => format!("-{short}, --{long}"),
        None => format!("--{long}"),
    };
    if matches!(arg.get_action(), ArgAction::Set | ArgAction::Append) {
        let value = value_name(arg);
        left.push_str(&match arg.is_require_equals_set() {
            true => format!("[={value}]"),
            false => format!(" {value}"),
        });
    }
    (left, help)
}

fn section(text: &mut String, heading: &str, all: Vec<(String, String)>) {
    if all.is_empty() {
        return;
    }
    text.push_str(&format!("\n{heading}\n"));
    entries(text, all);
}

/// In two columns.
fn entries(text: &mut String, all: Vec<(String, String)>) {
    let widths = all.iter().map(|(left, _)| left.chars().count());
    let left_width = widths.filter(|width| *width <= LEFT_MAX).max().unwrap_or(0);
    for (left, help) in all {
        let column = left_width + 4;
        let help = wrap(&help, column);
        let line = if left.chars().count() > left_width {
            format!("  {left}\n{:column$}{help}", "")
        } else {
            format!("  {left:<left_width$}  {help}")
        };
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

/// Breaks at spaces; lines after the first begin at `column`. A non-breaking space does not break.
pub(crate) fn wrap(text: &str, column: usize) -> String {
    let mut wrapped = String::new();
    let width = view::columns(&stdout()).map_or(WIDTH, |columns| columns.min(WIDTH));
    let mut at = column;
    for word in text.split([' ', '\n']).filter(|word| !word.is_empty()) {
        let wide = word.chars().count();
        if at > column && at + 1 + wide > width {
            wrapped.push('\n');
            wrapped.push_str(&" ".repeat(column));
            at = column;
        } else if at > column {
            wrapped.push(' ');
            at += 1;
        }
        wrapped.push_str(word);
        at += wide;
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::every_language;
    use kith_node::control::shape::Language;

    /// The help of every command, with its path.
    fn all(words: &Words) -> Vec<(String, String)> {
        fn below(command: &mut Command, path: &str, all: &mut Vec<(String, String)>) {
            let path = format!("{path} {}", command.get_name());
            all.push((path.clone(), command.render_long_help().to_string()));
            for verb in command.get_subcommands_mut() {
                below(verb, &path, all);
            }
        }
        let mut found = Vec::new();
        below(&mut super::super::command(words), "", &mut found);
        found
    }

    #[test]
    fn every_command_has_help_that_fits_the_screen() {
        for words in every_language() {
            for (path, help) in all(&words) {
                let wide = help.lines().find(|line| line.chars().count() > WIDTH);
                assert_eq!(wide, None, "{path}");
                assert!(
                    help.lines().next().is_some_and(|about| !about.is_empty()),
                    "{path}"
                );
            }
        }
    }

    #[test]
    fn no_key_is_left_unresolved() {
        let keys = crate::words::keys();
        for words in every_language() {
            for (path, help) in all(&words) {
                for word in help.split(|c: char| c.is_whitespace() || "[],.".contains(c)) {
                    assert!(!keys.contains(word), "{path}: {word}");
                }
            }
        }
    }

    #[test]
    fn french_help_holds_no_english_sentence() {
        let english = [
            " the ",
            " of ",
            " and ",
            " to ",
            " is ",
            " with ",
            " for ",
            "Usage:",
            "Options:",
            "Commands:",
            "Arguments:",
            "possible values",
            "default:",
            "[OPTIONS]",
            "Print ",
        ];
        for (path, help) in all(&Words::new(Language::French)) {
            let found = english.iter().find(|word| help.contains(*word));
            assert_eq!(found, None, "{path}\n{help}");
        }
    }

    #[test]
    fn every_option_and_verb_explains_itself() {
        fn check(command: &Command, path: &str) {
            for arg in command.get_arguments() {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(!help.is_empty(), "{path} {}", arg.get_id());
            }
            for verb in command.get_subcommands() {
                assert!(verb.get_about().is_some(), "{path} {}", verb.get_name());
                check(verb, verb.get_name());
            }
        }
        for words in every_language() {
            check(&super::super::command(&words), "kith");
        }
    }
}
