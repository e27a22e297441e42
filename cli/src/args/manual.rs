//! Manual pages, drawn from the same tree and the same words as the help: one for the program, one for
//! each verb with what stands below it. No date is in them, so that two builds give the same bytes.

use clap::{Arg, Command};
use roff::{Inline, Roff, bold, italic, roman};

use super::help;
use crate::words::Words;

/// One page of section 1.
pub(crate) struct Page {
    /// `kith`, or `kith-send`.
    pub(crate) name: String,
    /// As `man` reads it.
    pub(crate) text: String,
}

/// All pages, the program's own first.
pub(crate) fn pages(words: &Words) -> Vec<Page> {
    let mut tree = super::command(words);
    tree.build();
    let verbs = tree.get_subcommands().map(|verb| of_verb(words, verb));
    std::iter::once(of_program(words, &tree))
        .chain(verbs)
        .collect()
}

fn of_program(words: &Words, tree: &Command) -> Page {
    let mut page = begun(words, "kith", tree);
    synopsis(words, &mut page, &[("kith".to_owned(), tree)]);
    heading(&mut page, words.get("man-verbs"));
    for (verb, about) in help::verbs_of(tree) {
        tagged(&mut page, &format!("kith-{verb}(1)"), &about);
    }
    let options = help::shown(tree).filter(|arg| !arg.is_positional());
    listed(words, &mut page, "man-options", options.collect());
    verbatim(
        &mut page,
        words.get("man-environment"),
        words.get("help-environment"),
    );
    verbatim(
        &mut page,
        words.get("man-exit-codes"),
        words.get("help-exit-codes"),
    );
    ended("kith", page)
}

fn of_verb(words: &Words, verb: &Command) -> Page {
    let name = format!("kith-{}", verb.get_name());
    let path = format!("kith {}", verb.get_name());
    let mut page = begun(words, &name, verb);
    synopsis(words, &mut page, &leaves(verb, path.clone()));
    explained(words, &mut page, verb);
    for (path, below) in leaves(verb, path.clone()) {
        if path == format!("kith {}", verb.get_name()) {
            continue;
        }
        page.control("SH", [path.to_uppercase().as_str()]);
        if let Some(about) = below.get_about() {
            page.text([roman(about.to_string())]);
        }
        explained(words, &mut page, below);
    }
    heading(&mut page, words.get("man-see"));
    page.text([bold("kith"), roman("(1)")]);
    ended(&name, page)
}

/// What can be typed from here on: the command itself, or what stands below it.
fn leaves(command: &Command, path: String) -> Vec<(String, &Command)> {
    if !command.has_subcommands() {
        return vec![(path, command)];
    }
    let below = command.get_subcommands();
    below
        .flat_map(|verb| leaves(verb, format!("{path} {}", verb.get_name())))
        .collect()
}

fn begun(words: &Words, name: &str, command: &Command) -> Roff {
    let mut page = Roff::new();
    let version = concat!("kith ", env!("CARGO_PKG_VERSION"));
    page.control(
        "TH",
        [name.to_uppercase().as_str(), "1", "", version, "Kith"],
    );
    heading(&mut page, words.get("man-name"));
    let about = command.get_about().map(ToString::to_string);
    page.text([roman(format!("{name} - {}", about.unwrap_or_default()))]);
    page
}

fn ended(name: &str, page: Roff) -> Page {
    Page {
        name: name.to_owned(),
        text: page.render(),
    }
}

fn heading(page: &mut Roff, words: String) {
    page.control("SH", [words.as_str()]);
}

fn synopsis(words: &Words, page: &mut Roff, leaves: &[(String, &Command)]) {
    heading(page, words.get("man-synopsis"));
    for (path, command) in leaves {
        page.text([bold(help::usage(words, command, path))]);
        page.control("br", []);
    }
}

/// What goes into a command, and an example of it.
fn explained(words: &Words, page: &mut Roff, command: &Command) {
    let values = help::shown(command).filter(|arg| arg.is_positional());
    listed(words, page, "man-values", values.collect());
    let options = help::own_options(command);
    listed(words, page, "man-options", options.collect());
    if let Some(example) = command.get_after_help() {
        verbatim(page, words.get("man-example"), example.to_string());
    }
}

fn listed(words: &Words, page: &mut Roff, key: &'static str, args: Vec<&Arg>) {
    if args.is_empty() {
        return;
    }
    page.control("SS", [words.get(key).as_str()]);
    for (left, told) in args.into_iter().map(help::entry) {
        tagged(page, &left, &told);
    }
}

fn tagged(page: &mut Roff, tag: &str, told: &str) {
    page.control("TP", []);
    page.text([italic(tag)]);
    page.text([roman(told)]);
}

/// Lines as they are.
fn verbatim(page: &mut Roff, title: String, text: String) {
    page.control("SS", [title.as_str()]);
    page.control("nf", []);
    for line in text.lines() {
        page.text([Inline::Roman(line.to_owned())]);
    }
    page.control("fi", []);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verbs;
    use crate::words::every_language;

    #[test]
    fn there_is_a_page_for_the_program_and_for_each_verb() {
        for words in every_language() {
            let names: Vec<String> = pages(&words).into_iter().map(|page| page.name).collect();
            let verbs = verbs::all().map(|verb| format!("kith-{}", verb.name));
            let all: Vec<String> = std::iter::once("kith".to_owned()).chain(verbs).collect();
            assert_eq!(names, all);
        }
    }

    #[test]
    fn nothing_that_a_sentence_says_is_taken_for_an_instruction() {
        let known = ["SH", "SS", "TH", "TP", "br", "nf", "fi", "ie", "el", "ds"];
        for words in every_language() {
            for page in pages(&words) {
                for line in page.text.lines() {
                    if let Some(control) = line.strip_prefix(['.', '\'']) {
                        let name = control.split([' ', '\\']).next().unwrap();
                        assert!(known.contains(&name), "{}: {line}", page.name);
                    }
                }
            }
        }
    }

    #[test]
    fn a_page_tells_every_option_of_its_verb() {
        for words in every_language() {
            let pages = pages(&words);
            let send = pages.iter().find(|page| page.name == "kith-send").unwrap();
            for option in ["wait", "ttl", "file", "spectators"] {
                assert!(send.text.contains(&format!("\\-\\-{option}")), "{option}");
            }
            let group = pages.iter().find(|page| page.name == "kith-group").unwrap();
            assert!(group.text.contains("kith group propose"));
        }
    }
}
