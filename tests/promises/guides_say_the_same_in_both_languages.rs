//! Whoever changes a page in one language looks at the other: the same pages, the same parts, the same
//! commands, and the English says of which French text it is the translation. No page leads nowhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The pages of a language, by name.
fn pages(language: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(root().join("docs").join(language)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".md")).collect()
}

fn page(language: &str, name: &str) -> String {
    fs::read_to_string(root().join("docs").join(language).join(name)).unwrap()
}

/// The lines of a page, each with whether it stands on a screen.
fn lines(page: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut on_screen = false;
    page.lines().map(move |line| {
        let is_border = line.starts_with("```");
        on_screen ^= is_border;
        (on_screen || is_border, line)
    })
}

/// The depth of each heading.
fn headings(page: &str) -> Vec<usize> {
    let text = lines(page).filter(|(on_screen, _)| !on_screen);
    let depths = text.map(|(_, line)| line.chars().take_while(|c| *c == '#').count());
    depths.filter(|depth| *depth > 0).collect()
}

/// What is to be typed, up to the first words of a person.
fn commands(page: &str) -> Vec<String> {
    let typed = page.lines().filter_map(|line| line.strip_prefix("$ "));
    let typed = typed.map(|line| {
        let words = line.split('"').next().unwrap().split(' ');
        let words = words.filter(|word| !word.contains("bruno"));
        words.collect::<Vec<_>>().join(" ")
    });
    typed.collect()
}

#[test]
fn each_page_has_a_twin_with_the_same_parts_and_the_same_commands() {
    assert_eq!(pages("fr"), pages("en"));
    assert!(pages("fr").len() > 5);
    for name in pages("fr") {
        let (french, english) = (page("fr", &name), page("en", &name));
        assert_eq!(headings(&french), headings(&english), "{name}");
        assert!(headings(&french).len() > 5, "{name}");
        assert_eq!(commands(&french), commands(&english), "{name}");
    }
}

#[test]
fn each_english_page_says_of_which_french_one_it_is_the_translation() {
    for name in pages("fr") {
        let hash = blake3::hash(page("fr", &name).as_bytes()).to_hex();
        let exact = format!("<!-- of: ../fr/{name} blake3:{hash} -->");
        assert_eq!(
            page("en", &name).lines().next(),
            Some(exact.as_str()),
            "the French changed: see whether the English still says the same, then write this line"
        );
    }
}

/// Of a page: where its links to other files lead.
fn links(page: &str) -> Vec<String> {
    let links = page
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let files = links.filter(|link| !link.contains("://"));
    files
        .map(|link| link.split('#').next().unwrap().to_owned())
        .collect()
}

#[test]
fn no_page_leads_nowhere() {
    let docs = root().join("docs");
    let guides = ["fr", "en"].into_iter().flat_map(|language| {
        let folder = docs.join(language);
        pages(language)
            .into_iter()
            .map(move |name| folder.join(name))
    });
    let mut followed = 0;
    for from in guides.chain([root().join("README.md")]) {
        for link in links(&fs::read_to_string(&from).unwrap()) {
            let to = from.parent().unwrap().join(&link);
            assert!(to.exists(), "{}: {link}", from.display());
            followed += 1;
        }
    }
    assert!(followed > 20, "{followed}");
}

#[test]
fn french_signs_stand_off_by_a_space_that_does_not_break() {
    for name in pages("fr") {
        let page = page("fr", &name);
        for (_, line) in lines(&page).filter(|(on_screen, _)| !on_screen) {
            let said: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
            for broken in [" :", " ;", " ?", " !", " »", "« "] {
                assert!(!said.contains(broken), "{name}: {line}");
            }
        }
    }
}
