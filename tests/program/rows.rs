//! What is read at a terminal: rows that it has room for, and no word of them cut; a pipe gets each line
//! whole.

use std::io::{Read, Write};

use unicode_width::UnicodeWidthStr;

use super::home::{Home, PATIENCE, ended};
use super::screens::LANGUAGES;

/// So wide that nothing goes on in a second row.
const WIDE: u16 = 500;

/// All that is written to a terminal so wide, where a question is answered with nothing.
fn written(home: &Home, columns: u16, args: &[&str]) -> String {
    let (mut child, mut end) = home.at_a_terminal((24, columns), args);
    let (mut all, mut bytes) = (Vec::new(), [0; 4096]);
    while let Ok(length @ 1..) = end.read(&mut bytes) {
        all.extend_from_slice(&bytes[..length]);
        if all.ends_with(b": ") {
            end.write_all(b"\r").unwrap();
        }
    }
    ended(&mut child, PATIENCE);
    String::from_utf8(all).unwrap().replace('\r', "")
}

/// The words of a text, without numbers: those may have changed meanwhile.
fn words(text: &str) -> Vec<&str> {
    let words = text.split([' ', '\n']).filter(|word| !word.is_empty());
    words
        .filter(|word| !word.contains(|c: char| c.is_ascii_digit()))
        .collect()
}

/// Two friends, one of whom has a group, and reads the twelve words to the other.
fn friends() -> (Home, &'static str, Home, [super::running::Node; 2]) {
    let (anne, zoe) = (Home::new(), Home::new());
    let up = [anne.start(), zoe.start()];
    anne.befriend("zoé", &zoe, "anne");
    let reads = anne.client().contact("zoé").unwrap().reads;
    let (one, name, other) = match reads {
        true => (anne, "zoé", zoe),
        false => (zoe, "anne", anne),
    };
    let new = ["group", "new", "local", "--with", name];
    one.kith(&new).done();
    let text = "on prend le local de la rue des Lilas, et on en change les serrures avant mardi";
    one.kith(&["group", "propose", "local", "text", text])
        .done();
    (one, name, other, up)
}

#[test]
fn no_word_is_cut_at_the_edge_of_a_terminal() {
    let (one, name, _other, _up) = friends();
    let asked: &[&[&str]] = &[
        &["status"],
        &["config"],
        &["doctor"],
        &["contact", "list"],
        &["contact", "show", name],
        &["group", "show", "local"],
        &["group", "propose", "local", "add", "nobody"],
        &["verify", name],
        &["help", "group"],
        &["help", "seizure"],
        &["send"],
    ];
    for lang in LANGUAGES {
        for args in asked {
            let args = [args, &["--lang", lang][..]].concat();
            let whole = written(&one, WIDE, &args);
            for columns in [60, 80] {
                let rows = written(&one, columns, &args);
                let wide = rows.lines().find(|row| row.width() > columns.into());
                assert_eq!(wide, None, "{args:?}\n{rows}");
                assert_eq!(words(&rows), words(&whole), "{args:?}\n{rows}");
            }
        }
    }
}

#[test]
fn a_pipe_gets_each_line_whole() {
    let (one, name, _other, _up) = friends();
    for args in [
        &["status"][..],
        &["config"],
        &["verify", name, "--no-input"],
    ] {
        let args = [args, &["--lang", "fr"]].concat();
        let (piped, whole) = (one.kith(&args).out, written(&one, WIDE, &args));
        assert_eq!(piped.lines().count(), whole.trim_end().lines().count());
        assert_eq!(words(&piped), words(&whole));
        assert!(piped.lines().any(|line| line.width() > 60), "{piped}");
    }
}

#[test]
fn a_table_goes_on_below_its_last_column() {
    let (one, _name, _other, _up) = friends();
    let rows = written(&one, 60, &["doctor", "--lang", "fr"]);
    let column = rows.find("  ").unwrap() + 2;
    let column = rows[column..].find(|c| c != ' ').unwrap() + column;
    let column = rows[..column].width();
    let more = rows.lines().filter(|row| row.starts_with(' '));
    let more: Vec<_> = more.collect();
    assert!(!more.is_empty(), "{rows}");
    for row in more {
        assert_eq!(row.len() - row.trim_start().len(), column, "{rows}");
    }
}
